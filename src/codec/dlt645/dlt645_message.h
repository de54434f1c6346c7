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

/* Parts of the data: name, bytes. 0 bytes: what the others leave. Multi-byte numbers have the lowest byte first. */
#define DLT645_PARTS(ROW) \
    ROW(IDENTIFIER, 4)      /* DI0 DI1 DI2 DI3 */ \
    ROW(IDENTIFIER_1997, 2) /* DI0 DI1 */ \
    ROW(VALUES, 0)          /* the data of the identifier */ \
    ROW(SEQUENCE, 1)        /* of a follow-up frame, 1 to 255 */ \
    ROW(BLOCK_COUNT, 1)     /* how many blocks of the load record */ \
    ROW(BLOCK_TIME, 5)      /* mm hh DD MM YY, from when on */ \
    ROW(PASSWORD, 4)        /* level PA and password P0 P1 P2 */ \
    ROW(OLD_PASSWORD, 4) \
    ROW(NEW_PASSWORD, 4) \
    ROW(OPERATOR, 4) /* C0 to C3 */ \
    ROW(ADDRESS, 6) \
    ROW(TIME, 6)           /* ss mm hh DD MM YY */ \
    ROW(FREEZE_TIME, 4)    /* mm hh DD MM, 99 stands for any */ \
    ROW(RATE, 1)           /* rate word */ \
    ROW(EVENT_CLASS, 4)    /* FF FF FF FF all events, or FF DI1 DI2 DI3 */ \
    ROW(RELAY_COMMAND, 1)  /* N1 */ \
    ROW(RELAY_RESERVED, 1) /* N2 */ \
    ROW(VALID_UNTIL, 6)    /* N3 to N8: ss mm hh DD MM YY */ \
    ROW(OUTPUT, 1)         /* what the multi-function terminal gives */ \
    ROW(ERROR, 1)          /* ERR */ \
    ROW(SECURITY_ERROR, 2) /* SERR */ \
    ROW(SHORT_ERROR, 1)    /* SERR of meters that send one byte */ \
    ROW(REST, 0)           /* form not known */

#define DLT645_PART_ENUM(name, size) DLT645_PART_##name,
enum dlt645_part_kind { DLT645_PART_END, DLT645_PARTS(DLT645_PART_ENUM) DLT645_PART_KIND_COUNT };
#undef DLT645_PART_ENUM

#define DLT645_PART_LIMIT 5  /* parts of one message */
#define DLT645_SHAPE_LIMIT 3 /* shapes that the data of one control code can have */

struct dlt645_part {
    uint8_t kind; /* enum dlt645_part_kind */
    struct span bytes;
};

/* Parts one after the other, DLT645_PART_END behind the last. */
struct dlt645_shape {
    uint8_t parts[DLT645_PART_LIMIT];
    uint8_t fixed_size; /* bytes of all parts but an open one */
    bool is_open;       /* one part takes what the others leave */
};

struct dlt645_function_info {
    const char *english; /* "read data" */
    const char *chinese; /* UTF-8 */
    struct dlt645_shape shapes[DLT645_DIRECTION_COUNT][DLT645_SHAPE_LIMIT];
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

/* Which of the three a control code is. */
static inline enum dlt645_direction dlt645_direction_of(uint8_t control)
{
    if ((control & DLT645_CONTROL_ANSWER) == 0)
        return DLT645_REQUEST;
    return (control & DLT645_CONTROL_ABNORMAL) != 0 ? DLT645_ABNORMAL : DLT645_ANSWER;
}

/* Bytes of a part; 0 for those that take what the others leave. */
extern const uint8_t dlt645_part_sizes[DLT645_PART_KIND_COUNT];

/* An answer to "read follow-up data": its values go on where the answer before stopped, so they mean nothing alone; see
 * dlt645_assembly.h. */
bool dlt645_frame_is_continuation(const struct dlt645_frame *frame);

/* The shape that the data of a frame have; NULL when they fit none of their control code's. */
const struct dlt645_shape *dlt645_shape_of(const struct dlt645_frame *frame);

/* Cut the data of a frame into parts; they point into `frame->data`. Cannot fail: data of another form are
 * DLT645_PART_REST. */
void dlt645_message_decode(const struct dlt645_frame *frame, struct dlt645_message *out);

/* The bytes of a part; NULL when the message has none of that kind. */
const struct dlt645_part *dlt645_message_part(const struct dlt645_message *message, enum dlt645_part_kind kind);

#endif
