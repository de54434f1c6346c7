/* The contents of requests and answers as plain values, read from a message and written as a frame by walking the same
 * table of shapes (dlt645_message.h). dlt645_request.h and dlt645_answer.h have a function for each of them. */
#ifndef CODEC_DLT645_CONTENT_H
#define CODEC_DLT645_CONTENT_H

#include "codec/dlt645/dlt645_message.h"
#include "codec/item/item.h"

/* PA P0 P1 P2. */
struct dlt645_password {
    uint8_t level;   /* PA, 00 highest to 09; 98 and 99 with an ESAM. BCD */
    uint32_t digits; /* six digits as they are typed: 0x123456 goes out as 56 34 12 */
};

/* When to freeze; 99 in a member stands for any, so that it happens every month, day or hour. All 99: now. */
struct dlt645_freeze_time {
    uint8_t month;
    uint8_t day;
    uint8_t hour;
    uint8_t minute;
};

/* Only the members that the message's parts name are read or written. */
struct dlt645_content {
    uint32_t identifier;
    struct span values;    /* plain data of the identifier */
    uint8_t sequence;      /* 1 to 255 */
    uint8_t block_count;   /* 1 to 99 */
    struct item_time from; /* load record, to the minute */
    struct dlt645_password password;
    struct dlt645_password old_password;
    struct dlt645_password new_password;
    uint32_t operator_code; /* C3 C2 C1 C0 */
    struct dlt645_address address;
    struct item_time time; /* to the second */
    struct dlt645_freeze_time freeze_time;
    uint8_t rate_word;
    uint32_t event_class;         /* 0xffffffff all, else DI3 DI2 DI1 FF */
    uint8_t relay_command;        /* N1 */
    uint8_t relay_reserved;       /* N2 */
    struct item_time valid_until; /* to the second */
    uint8_t output;               /* BCD or binary as the meter has it */
    uint16_t error;               /* ERR or SERR */
};

/* Take the parts of a message as values; members without a part stay 0.
 * returns  0; CODEC_ERR_RANGE (a time or a freeze time that cannot be); CODEC_ERR_FORMAT (data of no known shape).
 *          Nothing is written then */
int dlt645_content_decode(const struct dlt645_message *message, struct dlt645_content *out);

/* Write a frame.
 * control  with the bits for answer, abnormal and more
 * shape    which of the shapes of that control code, 0 the usual one
 * returns  0; CODEC_ERR_UNSUPPORTED (no such control code or shape); CODEC_ERR_RANGE (a time that cannot be);
 *          CODEC_ERR_TOO_LONG; CODEC_ERR_FULL. Nothing but a full buffer is written on failure */
int dlt645_content_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t control,
                          unsigned shape, const struct dlt645_content *content, struct writer *out);

#endif
