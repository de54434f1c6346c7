/* What a frame of DL/T 645 asks or answers: its data cut into the parts that the control code promises.
 *
 * One table says for every control code of both versions which parts its data have; it is walked to decode, to explain
 * and to tell answers from requests. Data that fit no shape of their control code become one DLT645_PART_REST: a meter
 * with its own idea of a command is shown, never refused. */
#ifndef CODEC_DLT645_MESSAGE_H
#define CODEC_DLT645_MESSAGE_H

#include "codec/dlt645/dlt645_frame.h"

/* D4 to D0 of the control code, DL/T 645-2007 (section 7 of the standard, 安全认证 of the prepayment extension). */
enum dlt645_2007_function {
    DLT645_SECURITY = 0x03,
    DLT645_TIME = 0x08,
    DLT645_READ = 0x11,
    DLT645_READ_MORE = 0x12,
    DLT645_READ_ADDRESS = 0x13,
    DLT645_WRITE = 0x14,
    DLT645_WRITE_ADDRESS = 0x15,
    DLT645_FREEZE = 0x16,
    DLT645_RATE = 0x17,
    DLT645_PASSWORD = 0x18,
    DLT645_CLEAR_DEMAND = 0x19,
    DLT645_CLEAR_METER = 0x1a,
    DLT645_CLEAR_EVENTS = 0x1b,
    DLT645_RELAY = 0x1c,
    DLT645_OUTPUT = 0x1d
};

/* The same of DL/T 645-1997. */
enum dlt645_1997_function {
    DLT645_1997_READ = 0x01,
    DLT645_1997_READ_MORE = 0x02,
    DLT645_1997_READ_AGAIN = 0x03,
    DLT645_1997_WRITE = 0x04,
    DLT645_1997_TIME = 0x08,
    DLT645_1997_WRITE_ADDRESS = 0x0a,
    DLT645_1997_RATE = 0x0c,
    DLT645_1997_PASSWORD = 0x0f,
    DLT645_1997_CLEAR_DEMAND = 0x10
};

enum dlt645_direction { DLT645_REQUEST, DLT645_ANSWER, DLT645_ABNORMAL, DLT645_DIRECTION_COUNT };

/* Bytes of each in the comment; all multi-byte numbers lowest byte first. */
enum dlt645_part_kind {
    DLT645_PART_END,
    DLT645_PART_IDENTIFIER,      /* 4; DI0 DI1 DI2 DI3 */
    DLT645_PART_IDENTIFIER_1997, /* 2; DI0 DI1 */
    DLT645_PART_VALUES,          /* what is left: the data of the identifier */
    DLT645_PART_SEQUENCE,        /* 1; of a follow-up frame, 1 to 255 */
    DLT645_PART_BLOCK_COUNT,     /* 1; how many blocks of the load record */
    DLT645_PART_BLOCK_TIME,      /* 5; mm hh DD MM YY, from when on */
    DLT645_PART_PASSWORD,        /* 4; level PA and password P0 P1 P2 */
    DLT645_PART_OLD_PASSWORD,    /* 4 */
    DLT645_PART_NEW_PASSWORD,    /* 4 */
    DLT645_PART_OPERATOR,        /* 4; C0 to C3 */
    DLT645_PART_ADDRESS,         /* 6 */
    DLT645_PART_TIME,            /* 6; ss mm hh DD MM YY */
    DLT645_PART_FREEZE_TIME,     /* 4; mm hh DD MM, 99 stands for any */
    DLT645_PART_RATE,            /* 1; rate word */
    DLT645_PART_EVENT_CLASS,     /* 4; FF FF FF FF all events, or FF DI1 DI2 DI3 */
    DLT645_PART_RELAY_COMMAND,   /* 1; N1 */
    DLT645_PART_RELAY_RESERVED,  /* 1; N2 */
    DLT645_PART_VALID_UNTIL,     /* 6; N3 to N8: ss mm hh DD MM YY */
    DLT645_PART_OUTPUT,          /* 1; what the multi-function terminal gives */
    DLT645_PART_ERROR,           /* 1; ERR */
    DLT645_PART_SECURITY_ERROR,  /* 2; SERR */
    DLT645_PART_SHORT_ERROR,     /* 1; SERR of meters that send one byte */
    DLT645_PART_REST,            /* what is left, form not known */
    DLT645_PART_KIND_COUNT
};

#define DLT645_PART_LIMIT 6  /* parts of one message */
#define DLT645_SHAPE_LIMIT 3 /* shapes that the data of one control code can have */

struct dlt645_part {
    uint8_t kind; /* enum dlt645_part_kind */
    struct span bytes;
};

struct dlt645_function_info {
    const char *english; /* "read data" */
    const char *chinese; /* UTF-8 */
    uint8_t shapes[DLT645_DIRECTION_COUNT][DLT645_SHAPE_LIMIT][DLT645_PART_LIMIT];
};

struct dlt645_message {
    const struct dlt645_function_info *function; /* never NULL */
    uint8_t direction;                           /* enum dlt645_direction */
    bool has_identifier;
    bool has_more; /* D5 of an answer: ask for the follow-up data */
    uint8_t part_count;
    uint32_t identifier; /* DI3 DI2 DI1 DI0, or DI1 DI0 of 1997; 0 when there is none */
    struct span values;  /* the data of the identifier; empty when there are none */
    struct dlt645_part parts[DLT645_PART_LIMIT];
};

/* The version that a control code and the plain data belong to. Codes 11H and above are of 2007, the others of 1997,
 * apart from 08H (the same in both: 2007) and 03H (re-read of 1997 when the request has no data or the answer does not
 * start with an identifier 07xxxxxx; else security). Unknown codes count with their neighbours. */
enum dlt645_version dlt645_version_of(uint8_t control, struct span data);

/* The row of a function; a row that says so when the standard has none. Never NULL. */
const struct dlt645_function_info *dlt645_function_info(enum dlt645_version version, uint8_t control);

/* The standard has a function of this control code. */
bool dlt645_function_is_known(enum dlt645_version version, uint8_t control);

enum dlt645_direction dlt645_direction_of(uint8_t control);

/* Bytes of a part; 0 for those that take what the others leave. */
size_t dlt645_part_size(enum dlt645_part_kind kind);

/* Cut the data of a frame into parts; they point into `frame->data`. Cannot fail: data of another form are
 * DLT645_PART_REST. */
void dlt645_message_decode(const struct dlt645_frame *frame, struct dlt645_message *out);

/* The bytes of a part; NULL when the message has none of that kind. */
const struct dlt645_part *dlt645_message_part(const struct dlt645_message *message, enum dlt645_part_kind kind);

#endif
