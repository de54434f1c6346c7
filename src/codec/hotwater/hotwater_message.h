/* Messages of campus hot-water meters (校园热水表), our profile HW-1 section 4 to 7: what stands in the payload of a
 * frame, by command. Times are seconds since 1970 UTC, user IDs are 64 bit, card IDs are 8 bytes (length, UID, zeros).
 * Codes hold rows of their set, LAYOUT_UNKNOWN for one that HW-1 does not have. */
#ifndef CODEC_HOTWATER_MESSAGE_H
#define CODEC_HOTWATER_MESSAGE_H

#include "codec/layout/layout.h"

#define HOTWATER_METER_SIZE 6 /* bytes of a meter number: 12 BCD digits */
#define HOTWATER_CARD_SIZE 8
#define HOTWATER_NONCE_SIZE 8
#define HOTWATER_TAG_SIZE 8
#define HOTWATER_GRANT_SIZE 39
#define HOTWATER_CARD_GRANT_SIZE 30
#define HOTWATER_SIGNATURE_SIZE 64 /* SM2 over the grant, r and s */
#define HOTWATER_RECORD_SIZE 48
#define HOTWATER_TAGGED_RECORD_SIZE (HOTWATER_RECORD_SIZE + HOTWATER_TAG_SIZE)
#define HOTWATER_ALARM_RECORD_SIZE 19
#define HOTWATER_BINDING_SIZE 29
#define HOTWATER_NO_TEMPERATURE INT16_MIN

/* Commands as on the wire; an answer has bit 7. */
enum hotwater_command {
    HOTWATER_HELLO = 0x01,
    HOTWATER_OPEN = 0x10,
    HOTWATER_CLOSE = 0x11,
    HOTWATER_PAUSE = 0x12,
    HOTWATER_BIND_CARD = 0x20,
    HOTWATER_UNBIND_CARD = 0x21,
    HOTWATER_READ_RECORDS = 0x30,
    HOTWATER_CONFIRM_RECORDS = 0x31,
    HOTWATER_MANAGEMENT = 0x40,
    HOTWATER_MONITORING = 0x41,
    HOTWATER_SET_PARAMETERS = 0x50,
    HOTWATER_READ_PARAMETERS = 0x51,
    HOTWATER_REPORT = 0x60,
    HOTWATER_INSTANT = 0x61
};
#define HOTWATER_ANSWER 0x80

enum hotwater_result {
    HOTWATER_DONE,
    HOTWATER_BAD_TAG,
    HOTWATER_EXPIRED,
    HOTWATER_WRONG_METER,
    HOTWATER_GRANT_USED,
    HOTWATER_VALVE_BUSY,
    HOTWATER_FAULT,
    HOTWATER_MAGNET,
    HOTWATER_WAITING,
    HOTWATER_CARD_UNKNOWN,
    HOTWATER_CARD_ELSEWHERE,
    HOTWATER_CARD_DISABLED, /* three records of it are not yet uploaded */
    HOTWATER_TABLE_FULL,
    HOTWATER_OVER_LIMIT,
    HOTWATER_NOT_PERMITTED,
    HOTWATER_OUT_OF_RANGE
};

enum hotwater_valve { HOTWATER_VALVE_CLOSED, HOTWATER_VALVE_OPEN, HOTWATER_VALVE_PAUSED, HOTWATER_VALVE_FAULT };

/* Bits of alarm_flags, and rows of the codes of alarm records. */
enum hotwater_alarm {
    HOTWATER_ALARM_VALVE,
    HOTWATER_ALARM_SIGNAL,
    HOTWATER_ALARM_MAGNET,
    HOTWATER_ALARM_HOUSING,
    HOTWATER_ALARM_TEMPERATURE,
    HOTWATER_ALARM_POWER,
    HOTWATER_ALARM_CLOCK
};

/* How a use ended. */
enum hotwater_end {
    HOTWATER_END_APP,
    HOTWATER_END_KEY,
    HOTWATER_END_CARD,
    HOTWATER_END_TIME,
    HOTWATER_END_VOLUME,
    HOTWATER_END_CREDIT,
    HOTWATER_END_NO_FLOW,
    HOTWATER_END_MAGNET,
    HOTWATER_END_FAULT,
    HOTWATER_END_POWER
};

enum hotwater_grant_flag {
    HOTWATER_GRANT_MAY_PAUSE = 1 << 0,
    HOTWATER_GRANT_OFFLINE = 1 << 1,
    HOTWATER_GRANT_MAINTENANCE = 1 << 2
};

enum hotwater_record_flag {
    HOTWATER_RECORD_BY_CARD = 1 << 0,
    HOTWATER_RECORD_OFFLINE = 1 << 1,
    HOTWATER_RECORD_CLOCK_UNCERTAIN = 1 << 2
};

enum hotwater_reason {
    HOTWATER_REASON_RECORD,
    HOTWATER_REASON_ALARM,
    HOTWATER_REASON_PERIODIC,
    HOTWATER_REASON_START,
    HOTWATER_REASON_BINDING
};

enum hotwater_parameter {
    HOTWATER_LONGEST_USE,      /* s */
    HOTWATER_LARGEST_USE,      /* 0.1 L */
    HOTWATER_BANDS,            /* list of struct hotwater_band */
    HOTWATER_NO_FLOW,          /* s */
    HOTWATER_FAULT_WAIT,       /* s */
    HOTWATER_TEMPERATURE_HOLD, /* s */
    HOTWATER_KEY_HOLD,         /* s */
    HOTWATER_PAUSE_LIMIT,      /* s */
    HOTWATER_UNSENT_LIMIT,     /* records of one card */
    HOTWATER_REPORT_PERIOD,    /* s */
    HOTWATER_BLE_WAIT,         /* s */
    HOTWATER_PARAMETER_COUNT
};

/* Permission to open one meter once; whoever holds it proves it with the key made from it. */
struct hotwater_grant {
    uint8_t meter[HOTWATER_METER_SIZE];
    uint64_t user_id;
    uint32_t grant_id;
    uint32_t not_before_s;
    uint32_t not_after_s;
    uint16_t largest_volume; /* 0.1 L */
    uint16_t longest_time_s;
    uint16_t advance;    /* 0.1 L */
    uint32_t credit_fen; /* 0.01 yuan */
    uint16_t rate_id;
    uint8_t flags; /* set of enum hotwater_grant_flag */
};

struct hotwater_card_grant {
    uint8_t meter[HOTWATER_METER_SIZE];
    uint64_t user_id;
    uint8_t card[HOTWATER_CARD_SIZE];
    uint32_t grant_id;
    uint32_t not_after_s;
};

/* One use of water. */
struct hotwater_record {
    uint32_t number;
    uint64_t user_id;
    uint8_t card[HOTWATER_CARD_SIZE];
    uint32_t start_s;
    uint32_t end_s;
    uint16_t duration_s;
    uint32_t volume;     /* 0.01 L */
    uint32_t amount_fen; /* as the meter reckons it */
    int16_t temperature; /* 0.1 °C, the highest after the hold time; HOTWATER_NO_TEMPERATURE */
    uint16_t rate_id;
    uint8_t end_reason; /* enum hotwater_end */
    uint8_t flags;      /* set of enum hotwater_record_flag */
    uint32_t reading;   /* 0.01 L, after the use */
};

struct hotwater_tagged_record {
    struct hotwater_record record;
    uint8_t tag[HOTWATER_TAG_SIZE];
};

struct hotwater_alarm_record {
    uint32_t number;
    uint8_t code; /* enum hotwater_alarm */
    uint32_t start_s;
    uint32_t end_s; /* 0 while it lasts */
    uint16_t count;
    uint32_t reading; /* 0.01 L */
};

struct hotwater_binding {
    uint32_t number;
    uint64_t user_id;
    uint8_t card[HOTWATER_CARD_SIZE];
    uint32_t authorisation_count;
    uint32_t time_s;
    uint8_t action; /* 0 bound, 1 unbound (rows) */
};

struct hotwater_status {
    uint32_t reading; /* 0.01 L */
    uint32_t last_record;
    uint8_t valve;       /* enum hotwater_valve */
    uint8_t alarm_flags; /* bit n for enum hotwater_alarm n */
    uint16_t volume;     /* 0.01 L, of this use */
    uint32_t unsent_records;
    uint32_t authorisation_count;
    uint8_t options;
};

struct hotwater_hello_answer {
    uint8_t nonce[HOTWATER_NONCE_SIZE];
    struct hotwater_status status;
};

struct hotwater_open {
    struct hotwater_grant grant;
    struct span signature; /* empty, or HOTWATER_SIGNATURE_SIZE bytes */
};

struct hotwater_open_answer {
    uint8_t result; /* enum hotwater_result */
    uint32_t grant_id;
    uint16_t advance; /* 0.01 L */
    uint32_t reading; /* 0.01 L */
};

struct hotwater_close_answer {
    uint8_t result;
    struct span records; /* one tagged record; empty when there was no use */
};

struct hotwater_bind_answer {
    uint8_t result;
    uint8_t slot;
};

struct hotwater_record_query {
    uint32_t first;
    uint8_t count;
};

struct hotwater_confirmation {
    uint32_t last_number;
    uint8_t tag[HOTWATER_TAG_SIZE];
};

struct hotwater_management {
    uint8_t meter[HOTWATER_METER_SIZE];
    struct span firmware;
    struct span bindings; /* of HOTWATER_BINDING_SIZE bytes each */
};

struct hotwater_monitoring {
    uint8_t housing_opened;
    uint16_t magnet_count;
    uint16_t alarm_count;
    struct span alarms; /* of HOTWATER_ALARM_RECORD_SIZE bytes each */
};

struct hotwater_parameters {
    struct span items; /* tag, length, value one behind the other */
    struct hotwater_grant grant;
};

struct hotwater_report {
    uint8_t reason; /* enum hotwater_reason: says which records follow */
    struct hotwater_status status;
    struct span records;
};

struct hotwater_instant {
    uint32_t volume;     /* 0.01 L, of this use */
    uint16_t flow;       /* 0.01 L/min */
    int16_t temperature; /* 0.1 °C; HOTWATER_NO_TEMPERATURE */
    uint16_t duration_s;
};

struct hotwater_band {
    int16_t lower_edge; /* 0.1 °C, inclusive */
    uint32_t price;     /* 0.0001 yuan/L */
};

/* One parameter; `number` or, of HOTWATER_BANDS, `bands`. */
struct hotwater_parameter_value {
    uint8_t parameter; /* enum hotwater_parameter */
    uint32_t number;
    struct span bands; /* of 6 bytes each */
};

/* The payload of a frame; which member counts follows from `command`. */
struct hotwater_message {
    uint8_t command; /* as on the wire: enum hotwater_command, with HOTWATER_ANSWER in answers */
    union {
        uint8_t nonce[HOTWATER_NONCE_SIZE]; /* hello */
        struct hotwater_hello_answer hello; /* its answer */
        struct hotwater_open open;
        struct hotwater_open_answer opened;
        uint32_t grant_id; /* close */
        struct hotwater_close_answer closed;
        uint8_t pause_mode;                    /* 0 resume, 1 pause (rows) */
        uint8_t result;                        /* answers to 12, 21, 31, 50 */
        struct hotwater_card_grant card_grant; /* bind */
        struct hotwater_bind_answer bound;
        uint8_t card[HOTWATER_CARD_SIZE]; /* unbind */
        struct hotwater_record_query query;
        struct span records; /* answer to 30: tagged records */
        struct hotwater_confirmation confirmation;
        struct hotwater_management management; /* answer to 40 */
        struct hotwater_monitoring monitoring; /* answer to 41 */
        struct hotwater_parameters parameters; /* set */
        struct span tags;                      /* read parameters */
        struct span items;                     /* its answer */
        struct hotwater_report report;
        struct hotwater_instant instant;
    } as;
};

/* Read a payload in clear.
 * command       as on the wire
 * error_offset  NULL, or where in the payload belief ended, written on failure
 * out           written on success only; spans point into the payload
 * returns       0; CODEC_ERR_UNKNOWN (command), CODEC_ERR_SHORT, CODEC_ERR_FORMAT, CODEC_ERR_TRAILING */
int hotwater_message_decode(uint8_t command, struct span payload, struct hotwater_message *out, size_t *error_offset);

/* Write a payload in clear.
 * out      appended to; on failure it may hold a part, and the caller drops it
 * returns  0; CODEC_ERR_UNKNOWN, CODEC_ERR_RANGE (a value, a digit, a validity that ends before it begins),
 *          CODEC_ERR_FULL */
int hotwater_message_encode(const struct hotwater_message *message, struct writer *out);

/* Records, grants and parameters on their own: write and read exactly one, or the next of a list.
 * encode returns  as hotwater_message_encode
 * next returns    1 and *out; 0 at the end; CODEC_ERR_SHORT, CODEC_ERR_FORMAT */
int hotwater_grant_encode(const struct hotwater_grant *grant, struct writer *out);
int hotwater_card_grant_encode(const struct hotwater_card_grant *grant, struct writer *out);
int hotwater_record_encode(const struct hotwater_record *record, struct writer *out);
int hotwater_tagged_record_encode(const struct hotwater_tagged_record *record, struct writer *out);
int hotwater_alarm_record_encode(const struct hotwater_alarm_record *record, struct writer *out);
int hotwater_binding_encode(const struct hotwater_binding *binding, struct writer *out);
int hotwater_band_encode(const struct hotwater_band *band, struct writer *out);
int hotwater_parameter_encode(const struct hotwater_parameter_value *value, struct writer *out);
int hotwater_tagged_record_next(struct reader *reader, struct hotwater_tagged_record *out);
int hotwater_alarm_record_next(struct reader *reader, struct hotwater_alarm_record *out);
int hotwater_binding_next(struct reader *reader, struct hotwater_binding *out);
int hotwater_band_next(struct reader *reader, struct hotwater_band *out);
int hotwater_parameter_next(struct reader *reader, struct hotwater_parameter_value *out); /* unknown ones passed over */

/* What a meter has when nobody set it: 1200 s, 60.0 L, and so on (section 4); 0 for the bands and the report period,
 * which have no default. */
uint32_t hotwater_parameter_default(enum hotwater_parameter parameter);

/* "open valve"; its answer has bit 7. NULL for an unknown command. */
const struct layout_word *hotwater_command_word(uint8_t command);

/* The payload holds records or bindings: with a session it travels encrypted. */
bool hotwater_command_is_private(uint8_t command);

/* "done", "card disabled (3 unsent records)"; NULL for a result that HW-1 does not have. */
const struct layout_word *hotwater_result_word(uint8_t result);

/* Visit every field of a payload in clear.
 * stopped  offset in the payload, written on failure
 * returns  0; CODEC_ERR_* */
int hotwater_payload_visit(uint8_t command, struct span payload, unsigned depth, const struct layout_visitor *visitor,
                           size_t *stopped);

/* The values of a payload as items.
 * returns  0; CODEC_ERR_FULL; CODEC_ERR_* of damage */
int hotwater_items_decode(uint8_t command, struct span payload, struct item_list *list);

#endif
