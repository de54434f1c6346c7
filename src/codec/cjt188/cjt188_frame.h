/* CJ/T 188 frames (户用计量仪表数据传输技术条件): found in a stream, taken apart, written.
 *
 *   0   1        2 … 8          9   10   11 … 10+L        11+L  12+L
 *  68H  T   A0 A1 A2 A3 A4 A5 A6  C    L   DI0 DI1 SER …    CS   16H
 *       |   number, BCD, low      |    |   DATA, L bytes     |
 *       |   byte first; A5 A6     |    length of DATA       sum of all bytes from 68H on, modulo 256
 *       |   are the maker's code  control: D7 from the meter, D6 abnormal, D5-D0 function
 *       meter type
 *
 * Any number of FEH wakes the line up before 68H. Bytes are sent as they are: no 33H is added, unlike in DL/T 645. */
#ifndef CODEC_CJT188_FRAME_H
#define CODEC_CJT188_FRAME_H

#include "base/span.h"
#include "base/writer.h"
#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_data.h"

#define CJT188_START 0x68
#define CJT188_END 0x16
#define CJT188_PREAMBLE 0xfe
#define CJT188_ADDRESS_SIZE 7
#define CJT188_HEAD_SIZE 11 /* 68H to L */
#define CJT188_FRAME_MINIMUM 13
#define CJT188_DATA_LIMIT 255
#define CJT188_FRAME_LIMIT (CJT188_FRAME_MINIMUM + CJT188_DATA_LIMIT) /* without wake-up bytes */

/* Where the parts of a frame stand, counted from 68H. */
enum cjt188_offset { CJT188_AT_TYPE = 1, CJT188_AT_ADDRESS = 2, CJT188_AT_CONTROL = 9, CJT188_AT_LENGTH = 10 };

/* In any byte of an address, and as meter type: whoever hears it is meant. */
#define CJT188_WILDCARD 0xaa

/* How DATA is built. */
enum cjt188_form {
    CJT188_FORM_NORMAL,              /* DI0 DI1 SER payload */
    CJT188_FORM_WITHOUT_SERIAL,      /* DI0 DI1: requests that some meters tolerate */
    CJT188_FORM_ABNORMAL,            /* SER ST1 ST2: abnormal answer of the standard */
    CJT188_FORM_ABNORMAL_IDENTIFIED, /* DI0 DI1 SER error: abnormal answer of some makers */
    CJT188_FORM_RAW                  /* too short for a data identifier, or abnormal of another length: payload only */
};

/* One frame, taken apart. Spans point into the input and live as long as it. */
struct cjt188_frame {
    struct span bytes;                    /* from 68H to 16H, without wake-up bytes */
    size_t preamble_size;                 /* FEH before it */
    uint8_t meter_type;                   /* T */
    uint8_t address[CJT188_ADDRESS_SIZE]; /* A0 … A6 as on the wire; bcd_text() prints A6 … A0 */
    uint8_t control;                      /* C */
    uint8_t form;                         /* enum cjt188_form */
    uint8_t serial;                       /* SER; 0 where the form has none */
    bool is_low_first;                    /* DI sent as "1F 90" */
    uint16_t identifier;             /* DI as printed in the standard (901FH), whatever its order on the wire; 0 where
                                             the form has none */
    const struct cjt188_type *type;  /* the row of T; never NULL */
    const struct cjt188_data *known; /* the row of the data identifier; NULL when it is in no table */
    struct span data;                /* DATA */
    struct span payload;             /* DATA behind DI and SER */
};

/* The first complete frame in a stream: start, length, end and check sum are right. A start that fails is given up
 * and the search goes on with the byte behind it.
 * skip     written always: bytes before the frame that belong to none; when there is none, the leading bytes that can
 *          never begin one
 * returns  size of the frame with its wake-up bytes; 0 when none is complete */
size_t cjt188_frame_find(struct span stream, size_t *skip);

/* Find and decode in one step, checking once: what a receiver of a stream wants.
 * returns  as cjt188_frame_find(); `out` is written when it is not 0 */
size_t cjt188_frame_take(struct span stream, size_t *skip, struct cjt188_frame *out);

/* Take one whole frame apart and check it.
 * frame         wake-up bytes may lead, nothing may follow
 * error_offset  written on failure, unless NULL: where the frame stopped being one
 * returns       0; CODEC_ERR_SHORT (fewer bytes than L says), CODEC_ERR_FORMAT (no 68H, no 16H), CODEC_ERR_TRAILING,
 *               CODEC_ERR_CHECKSUM (at the check byte). `out` is written on success only
 * source        CJ/T 188-2004, link layer */
int cjt188_frame_decode(struct span frame, struct cjt188_frame *out, size_t *error_offset);

/* The same without asking for length, end and check sum, to show what is left of a damaged frame: DATA is cut where
 * the bytes end.
 * returns  0; CODEC_ERR_SHORT (not even L is there), CODEC_ERR_FORMAT (no 68H) */
int cjt188_frame_split(struct span frame, struct cjt188_frame *out, size_t *error_offset);

/* Check sum of a frame from 68H to the last data byte. */
uint8_t cjt188_frame_checksum(const struct cjt188_frame *frame);

/* Write a frame.
 * address        7 bytes, A0 first
 * data           DATA, at most CJT188_DATA_LIMIT bytes
 * preamble_size  number of FEH before it
 * returns        0; CODEC_ERR_TOO_LONG (nothing written), CODEC_ERR_FULL */
int cjt188_frame_encode(size_t preamble_size, uint8_t meter_type, const uint8_t *address, uint8_t control,
                        struct span data, struct writer *out) COMPILER_MUST_CHECK;

#endif
