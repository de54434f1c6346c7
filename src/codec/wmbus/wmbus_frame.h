/* The wireless M-Bus link layer (EN 13757-4 clause 11).
 *
 *   +---+---+-----+-----+---------+-----+------+----+---------+
 *   | L | C | M lo| M hi| number 4| ver.| type | CI |  data   |   and the check sums of wmbus_block.h in between,
 *   +---+---+-----+-----+---------+-----+------+----+---------+   unless the receiver has removed them
 *             `------------ address -----------'
 */
#ifndef CODEC_WMBUS_FRAME_H
#define CODEC_WMBUS_FRAME_H

#include "codec/wmbus/wmbus_address.h"
#include "codec/wmbus/wmbus_block.h"

#define WMBUS_FRAME_HEAD_SIZE 10 /* L, C and address */

/* One row for each value of the C field that EN 13757-4 knows. */
struct wmbus_control {
    uint8_t code;
    const char *name; /* "SND_NR" */
    const char *english;
    const char *chinese;
};

/* NULL when the value is not in the table. */
const struct wmbus_control *wmbus_control_find(uint8_t code);

/* Row `index`; NULL behind the last one. */
const struct wmbus_control *wmbus_control_at(size_t index);

struct wmbus_frame {
    enum wmbus_format format;
    uint8_t length; /* L as in format A: bytes after it, check sums not counted */
    uint8_t control;
    struct wmbus_address address; /* of the sender, in what a meter sends */
    struct span telegram;         /* L (as in format A) to the end, without check sums */
    struct span data;             /* from the CI field on; empty when the telegram ends with the address */
};

/* Take one whole frame, with or without check sums, apart.
 *
 * Which of the three it is, is not written in it: a size that fits L with the check sums of format A is format A; a
 * size of L + 1 is format B when its check sums (one of the two of a long frame) are right, else a telegram whose check
 * sums the receiver has removed (a damaged format A of just that size is known by its first check sums). So damage in
 * format B with a single check sum is not seen here: it is taken for a stripped telegram with two odd bytes at its end.
 * frame         at most WMBUS_AIR_LIMIT bytes
 * buffer        WMBUS_TELEGRAM_LIMIT bytes; the telegram is copied there and out's spans point into it. May be written
 *               on failure
 * error_offset  never NULL; written on failure: where in `frame` it stops being right
 * returns       0; CODEC_ERR_EMPTY; CODEC_ERR_SHORT; CODEC_ERR_TRAILING; CODEC_ERR_FORMAT: L too small for an address;
 *               CODEC_ERR_CHECKSUM */
int wmbus_frame_decode(struct span frame, uint8_t *buffer, struct wmbus_frame *out, size_t *error_offset);

/* Where byte `offset` of the telegram stands in the frame that was decoded. */
size_t wmbus_frame_offset(const struct wmbus_frame *frame, size_t offset);

/* The first frame with good check sums in a byte stream. Telegrams without check sums are never found: L alone proves
 * nothing, so a stream of them cannot be picked up again after an error; whoever has them must know where each begins.
 * skip     bytes before the frame; when none is complete, the leading bytes that can never begin one. Always written
 * returns  size on air; 0 when none is complete */
size_t wmbus_frame_find(struct span stream, size_t *skip);

/* Write a frame: L, C, address, data and the check sums of the format.
 * data     from the CI field on, at most 246 bytes (242 in format B)
 * returns  0; CODEC_ERR_TOO_LONG (nothing written). What does not fit into `out` shows in its overflow */
int wmbus_frame_encode(enum wmbus_format format, uint8_t control, const struct wmbus_address *address, struct span data,
                       struct writer *out);

#endif
