/* Patterns of the packets that a DTU (data transfer unit, 透传终端) sends on its TCP connection besides the bytes of the
 * meters behind it: registration packets (注册包), heartbeats (心跳包), headers before data.
 *
 * A pattern is data, written in one notation for the table of known units and for what an installer sets:
 *
 *     LOGIN:{digits:4-20}{end}        text that stands there, then 4 to 20 digits, then line ends if any
 *     {=7B010016}{digits:11}{any:6}{=7B}
 *
 * | piece | stands for |
 * | --- | --- |
 * | any other text | itself |
 * | {=HEX} | these bytes |
 * | {imei} | 15 digits |
 * | {iccid} | 19 or 20 digits or letters A-F that begin with 89 |
 * | {phone} | 11 to 13 digits that begin with 1 |
 * | {digits:N-M}, {text:N-M}, {hex:N-M} | N to M digits, printable characters, hexadecimal characters |
 * | {bcd:N}, {bytes:N} | N bytes of BCD (high digit first), N bytes of any kind |
 * | {any:N} | N bytes without meaning for us (address, port) |
 * | {end} | CR, LF and zero bytes, as many as come |
 *
 * The pieces from {imei} to {bytes} are the identity of the unit; a pattern has one of them at most. */
#ifndef CODEC_DTU_PATTERN_H
#define CODEC_DTU_PATTERN_H

#include "base/span.h"

#define DTU_PART_LIMIT 8
#define DTU_LITERAL_LIMIT 96  /* bytes of all fixed pieces; units allow 40 to 80 */
#define DTU_IDENTITY_LIMIT 64 /* bytes of an identity on the wire */

enum dtu_kind {
    DTU_REGISTRATION, /* says who is there; first packet of a connection, or before every data packet */
    DTU_HEARTBEAT,    /* sent when nothing else was */
    DTU_DATA,         /* header that says who sends; bytes of the meter follow */
    DTU_LOGOUT,       /* the unit leaves */
    DTU_ANSWER        /* what the unit expects from the server */
};

enum dtu_part_kind {
    DTU_PART_FIXED,
    DTU_PART_ANY,
    DTU_PART_END,
    DTU_PART_IMEI, /* this and the following are identities */
    DTU_PART_ICCID,
    DTU_PART_PHONE,
    DTU_PART_DIGITS,
    DTU_PART_TEXT,
    DTU_PART_HEX,
    DTU_PART_BCD,
    DTU_PART_BYTES
};

struct dtu_part {
    uint8_t kind;    /* enum dtu_part_kind */
    uint8_t minimum; /* bytes */
    uint8_t maximum; /* bytes */
    uint8_t literal; /* offset of a fixed part's bytes */
};

/* Holds its own bytes: may be copied and kept. */
struct dtu_pattern {
    uint8_t kind; /* enum dtu_kind */
    uint8_t count;
    uint8_t literal_size;
    struct dtu_part parts[DTU_PART_LIMIT];
    uint8_t literals[DTU_LITERAL_LIMIT];
};

/* Read the notation above.
 * out       written on success only
 * error_offset  written on failure, unless NULL: where the notation is wrong
 * returns   0; CODEC_ERR_EMPTY (nothing is sure to be sent), CODEC_ERR_FORMAT (a piece that is none), CODEC_ERR_RANGE
 *           (numbers of a piece), CODEC_ERR_DUPLICATE (a second identity), CODEC_ERR_TOO_LONG (parts or fixed bytes) */
int dtu_pattern_parse(struct span notation, enum dtu_kind kind, struct dtu_pattern *out, size_t *error_offset);

/* How much a match says when nobody told that such units are connected. */
enum dtu_certainty {
    DTU_TOLD,   /* nothing: free text, a single byte */
    DTU_LIKELY, /* it may well be one */
    DTU_CERTAIN /* nothing else looks like it */
};

/* A known form. */
struct dtu_form {
    const char *name;  /* "usr_imei" */
    uint8_t kind;      /* enum dtu_kind */
    uint8_t certainty; /* enum dtu_certainty */
    const char *notation;
    const char *english;
    const char *chinese; /* UTF-8 */
    const char *source;  /* whose description or practice it is */
};

/* Row `index` of the table of known forms; NULL behind the last one. */
const struct dtu_form *dtu_form_at(size_t index);

/* NULL when there is none of this name. */
const struct dtu_form *dtu_form_find(struct span name);

/* The pattern of a known form. */
struct dtu_pattern dtu_form_pattern(const struct dtu_form *form);

/* "registration", "heartbeat", "data header", …; never NULL. */
const char *dtu_kind_text(enum dtu_kind kind, bool is_chinese);

#endif
