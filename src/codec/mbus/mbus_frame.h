/* The wired link layer of M-Bus, frame format FT 1.2 (EN 13757-2 clause 5).
 *
 *   acknowledge   | E5 |
 *   short         | 10 | C | A | CS | 16 |
 *   control       | 68 | 03 | 03 | 68 | C | A | CI | CS | 16 |
 *   long          | 68 | L  | L  | 68 | C | A | CI | data, L - 3 bytes | CS | 16 |
 *                                     `--------- L bytes ----------'
 *
 * L   3 to 255
 * CS  sum of the bytes from C to the last of the data, modulo 256 */
#ifndef CODEC_MBUS_FRAME_H
#define CODEC_MBUS_FRAME_H

#include "base/writer.h"

#define MBUS_ACKNOWLEDGE 0xe5
#define MBUS_SHORT_SIZE 5
#define MBUS_LONG_SHELL_SIZE 6 /* bytes of a long frame that L does not count */
#define MBUS_DATA_OFFSET 7     /* of the data in a long frame */
#define MBUS_DATA_LIMIT 252
#define MBUS_FRAME_LIMIT (255 + MBUS_LONG_SHELL_SIZE)

/* Bits of C. */
enum {
    MBUS_CONTROL_FROM_MASTER = 0x40,
    MBUS_CONTROL_FCB = 0x20, /* master: toggles with every new message */
    MBUS_CONTROL_FCV = 0x10, /* master: FCB counts */
    MBUS_CONTROL_ACD = 0x20, /* slave: alarm data wait for REQ_UD1 */
    MBUS_CONTROL_DFC = 0x10  /* slave: send no more data now */
};

/* C with the FCB or ACD and DFC clear. */
enum { MBUS_SND_NKE = 0x40, MBUS_SND_UD = 0x53, MBUS_REQ_UD1 = 0x5a, MBUS_REQ_UD2 = 0x5b, MBUS_RSP_UD = 0x08 };

/* A. */
enum {
    MBUS_ADDRESS_UNCONFIGURED = 0,
    MBUS_ADDRESS_LAST = 250,      /* of a slave */
    MBUS_ADDRESS_SECONDARY = 253, /* the slave that was selected by its number */
    MBUS_ADDRESS_TEST = 254,      /* every slave answers */
    MBUS_ADDRESS_BROADCAST = 255  /* every slave, without an answer */
};

enum mbus_frame_kind { MBUS_FRAME_ACKNOWLEDGE, MBUS_FRAME_SHORT, MBUS_FRAME_CONTROL, MBUS_FRAME_LONG };

/* Spans point into the frame that was decoded. */
struct mbus_frame {
    uint8_t kind;      /* enum mbus_frame_kind */
    uint8_t control;   /* C; 0 of an acknowledge, as the next two */
    uint8_t address;   /* A */
    uint8_t ci;        /* of control and long frames */
    struct span bytes; /* the whole frame */
    struct span data;  /* behind CI; of long frames */
};

/* The first frame with a right check sum in a byte stream; E5 counts as one at the start only.
 * skip     bytes before the frame; when none is complete, the leading bytes that can never begin one. Always written
 * returns  size of the frame; 0 when none is complete */
size_t mbus_frame_find(struct span stream, size_t *skip);

/* Take one whole frame apart.
 * error_offset  written on failure: where the frame stops being right. May be NULL
 * returns       0; CODEC_ERR_EMPTY; CODEC_ERR_SHORT; CODEC_ERR_TRAILING; CODEC_ERR_FORMAT for a start or end byte that
 *               is none, lengths that differ or are below 3; CODEC_ERR_CHECKSUM */
int mbus_frame_decode(struct span frame, struct mbus_frame *out, size_t *error_offset);

/* E5. */
void mbus_acknowledge_encode(struct writer *out);

void mbus_short_encode(uint8_t control, uint8_t address, struct writer *out);

/* A control frame when `data` is empty, else a long one.
 * data     at most MBUS_DATA_LIMIT bytes
 * returns  0; CODEC_ERR_TOO_LONG (nothing written). What does not fit into `out` shows in its overflow */
int mbus_long_encode(uint8_t control, uint8_t address, uint8_t ci, struct span data, struct writer *out);

/* One row of the functions of the C field (EN 13757-2 table 1). */
struct mbus_function {
    uint8_t mask; /* C & mask is `code` */
    uint8_t code;
    const char *name; /* "REQ_UD2" */
    const char *english;
    const char *chinese;
};

/* NULL when the value is in no row. */
const struct mbus_function *mbus_function_find(uint8_t control);

#endif
