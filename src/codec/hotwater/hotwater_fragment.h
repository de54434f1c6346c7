/* HW-1 frames over Bluetooth LE (section 3): every write or notification carries one fragment.
 *
 *     +-------+------+----------------+-----------------------+
 *     | first | last | running number | piece of the frame    |
 *     | b7    | b6   | b5..b0         | what the link takes-1 |
 *     +-------+------+----------------+-----------------------+
 */
#ifndef CODEC_HOTWATER_FRAGMENT_H
#define CODEC_HOTWATER_FRAGMENT_H

#include "base/writer.h"

#define HOTWATER_REASSEMBLY_LIMIT 1060 /* bytes of a frame */
#define HOTWATER_FRAGMENT_GAP_MS 2000  /* between two fragments of one frame */
#define HOTWATER_ATT_SIZE 20           /* bytes of an ATT value at the smallest MTU, 23 */

/* Cuts one frame. */
struct hotwater_fragmenter {
    struct span rest; /* of the frame; the caller's */
    size_t piece;     /* most bytes of the frame in one fragment */
    uint8_t number;   /* of the next fragment */
    bool is_first;
};

/* att_size  bytes of one write or notification: MTU minus 3
 * returns   0; CODEC_ERR_RANGE for an empty frame, one above HOTWATER_REASSEMBLY_LIMIT, or att_size below 2 */
int hotwater_fragmenter_start(struct hotwater_fragmenter *fragmenter, struct span frame, size_t att_size);

/* Write the next fragment.
 * returns  1; 0 when all are written; CODEC_ERR_FULL, the fragment is then still to come */
int hotwater_fragmenter_next(struct hotwater_fragmenter *fragmenter, struct writer *out);

/* Puts one frame together at a time; all zero to begin with. */
struct hotwater_reassembler {
    uint8_t bytes[HOTWATER_REASSEMBLY_LIMIT];
    size_t size;         /* collected */
    size_t last_size;    /* of the last piece: to know a duplicate */
    int64_t last_ms;     /* when it came */
    uint8_t next_number; /* that is expected */
    bool is_running;     /* a first fragment came, the last did not */
    bool is_done;        /* the last fragment came, nothing since */
};

/* Take one fragment. A first fragment always begins anew; a fragment that repeats the one before it is passed over.
 * now_ms   any clock that does not go back
 * frame    written when the frame is whole; lives until the next call
 * returns  1 frame whole; 0 more is needed (or a duplicate); what was collected is dropped with CODEC_ERR_FORMAT
 *          (no piece in the fragment), CODEC_ERR_ORDER (one was lost, or overtook another, or the first is missing),
 *          CODEC_ERR_SHORT (it came later than HOTWATER_FRAGMENT_GAP_MS), CODEC_ERR_TOO_LONG */
int hotwater_reassembler_take(struct hotwater_reassembler *reassembler, struct span fragment, int64_t now_ms,
                              struct span *frame);

#endif
