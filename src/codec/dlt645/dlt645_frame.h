/* The frame of DL/T 645-1997 and DL/T 645-2007 (多功能电能表通信协议), which is the same in both.
 *
 *   FE … FE | 68 | A0 A1 A2 A3 A4 A5 | 68 | C | L | DATA … | CS | 16
 *   wake-up   start  address, BCD,    start |   |   L bytes,  |    end
 *   0 or more        lowest pair first      |   |   each      sum of all bytes from the first 68 to the last
 *   bytes                                   |   |   + 33H     data byte as they are sent, modulo 256
 *                                           |   number of data bytes, 0 to 255
 *                                           control code
 *   C   D7      D6         D5            D4 … D0
 *       answer  abnormal   more follows  function
 *
 * Address and data may contain 68H and 16H, so the end is never searched: the length leads to it. A meter sends any
 * number of wake-up bytes, and many line converters echo the request; both are no reason to doubt a frame. */
#ifndef CODEC_DLT645_FRAME_H
#define CODEC_DLT645_FRAME_H

#include "base/writer.h"

#define DLT645_ADDRESS_SIZE 6
#define DLT645_ADDRESS_TEXT_SIZE 13 /* 12 digits and the zero */
#define DLT645_DATA_LIMIT 255       /* what L can say; the standard allows 200 in a read and 50 in a write */
#define DLT645_FRAME_SIZE_MIN 12
#define DLT645_FRAME_SIZE_MAX (DLT645_FRAME_SIZE_MIN + DLT645_DATA_LIMIT) /* without wake-up bytes */
#define DLT645_WAKE_UP 0xfe
#define DLT645_DATA_OFFSET 0x33 /* added to every data byte on the wire */

/* Where the parts of a frame stand, counted from the first 68H. */
enum dlt645_offset {
    DLT645_AT_ADDRESS = 1,
    DLT645_AT_SECOND_START = 7,
    DLT645_AT_CONTROL = 8,
    DLT645_AT_LENGTH = 9,
    DLT645_AT_DATA = 10
};

/* Bits of the control code. */
#define DLT645_CONTROL_ANSWER 0x80u   /* from the meter */
#define DLT645_CONTROL_ABNORMAL 0x40u /* the meter could not do it, the data say why */
#define DLT645_CONTROL_MORE 0x20u     /* more data are there, to be read with "read follow-up data" */
#define DLT645_CONTROL_FUNCTION 0x1fu

enum dlt645_version { DLT645_1997, DLT645_2007 };

/* An address as it stands on the wire, lowest pair of digits first. */
struct dlt645_address {
    uint8_t bytes[DLT645_ADDRESS_SIZE];
};

/* Everything a frame says below the meaning of its data. `data` is the frame's own copy with 33H taken off, so that it
 * does not depend on the buffer; spans that the decoders of this folder hand out point into it. */
struct dlt645_frame {
    struct span wire;     /* from the first 68H to 16H; points into the input */
    size_t wake_up_count; /* FE bytes before it */
    struct dlt645_address address;
    uint8_t control;
    uint8_t version; /* enum dlt645_version, as the control code and the form of the data tell */
    uint8_t data_size;
    uint8_t data[DLT645_DATA_LIMIT];
};

/* Broadcast: nobody answers (time, freeze). Single 1997 meters answer a read there. */
extern const struct dlt645_address dlt645_address_broadcast; /* 999999999999 */
/* Wildcard: the only meter on the line answers. */
extern const struct dlt645_address dlt645_address_any; /* AAAAAAAAAAAA */

/* The address from its digits as printed on the meter, most significant first; fewer than 12 are padded with 0 on the
 * left. "A" is a wildcard digit.
 * returns  0; CODEC_ERR_FORMAT (no digit or A); CODEC_ERR_TOO_LONG; CODEC_ERR_EMPTY */
int dlt645_address_read(struct span digits, struct dlt645_address *out);

/* 12 digits, most significant first; wildcards as "A". */
void dlt645_address_write(const struct dlt645_address *address, char text[DLT645_ADDRESS_TEXT_SIZE]);

/* A frame from `answerer` may be the answer to a request sent to `asked`: the same address, or `asked` leaves it open
 * (wildcard digits, broadcast), or the meter echoes the wildcard as some of 1997 do. */
bool dlt645_address_matches(const struct dlt645_address *asked, const struct dlt645_address *answerer);

/* The first frame of a stream that is right in start bytes, length, end byte and check sum. A complete frame wins over
 * an earlier start that still waits for bytes.
 * skip     bytes before it (before its wake-up bytes) that belong to no frame; when there is none: how many leading
 *          bytes can never begin one, so that a receiver may drop them. Always written
 * returns  its size, wake-up bytes included; 0 when none is complete */
size_t dlt645_frame_find(struct span stream, size_t *skip);

/* Find and decode in one step, checking once: what a receiver of a stream wants.
 * returns  as dlt645_frame_find(); `out` is written when it is not 0 */
size_t dlt645_frame_take(struct span stream, size_t *skip, struct dlt645_frame *out);

/* Take a whole frame apart, wake-up bytes in front allowed.
 * error_offset  where the frame stopped making sense, written on failure; NULL when nobody asks
 * returns       0; CODEC_ERR_SHORT; CODEC_ERR_FORMAT (start or end byte); CODEC_ERR_CHECKSUM (at the check byte);
 *               CODEC_ERR_TRAILING. `out` is written only on success */
int dlt645_frame_decode(struct span bytes, struct dlt645_frame *out, size_t *error_offset);

/* The same with a wrong check sum, second start or end byte let pass where the length fits, for whoever explains a
 * damaged frame. Never act upon what it says.
 * returns  as above without CODEC_ERR_CHECKSUM */
int dlt645_frame_split(struct span bytes, struct dlt645_frame *out, size_t *error_offset);

/* Write a frame without wake-up bytes; they are the sender's business (1 to 4, usually 4).
 * data     plain bytes, at most DLT645_DATA_LIMIT
 * returns  0; CODEC_ERR_TOO_LONG (nothing written); CODEC_ERR_FULL */
int dlt645_frame_encode(const struct dlt645_address *address, uint8_t control, struct span data, struct writer *out);

#endif
