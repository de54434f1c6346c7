/* Data areas of the manhole-cover protocol (tables 5 to 8) as structures; the tables of the profile say how they stand
 * on the wire. Times are seconds since 1970 UTC. Codes hold rows of their set (manhole_profile.h), LAYOUT_UNKNOWN for
 * a code that the profile does not have. */
#ifndef CODEC_MANHOLE_AREA_H
#define CODEC_MANHOLE_AREA_H

#include "codec/manhole/manhole_profile.h"

#define MANHOLE_ID_SIZE 8 /* bytes of a lock's, opener's, reader's ID: BCD, as a terminal ID */
#define MANHOLE_LOCK_RECORD_SIZE 39
#define MANHOLE_RSRP_UNKNOWN INT16_MIN
#define MANHOLE_SINR_UNKNOWN INT8_MIN
#define MANHOLE_BATTERY_EXTERNAL 255
#define MANHOLE_COVERAGE_UNKNOWN 255

/* Upload, fixed part. */
struct manhole_upload {
    uint8_t kind; /* enum manhole_kind */
    uint32_t time_s;
    uint16_t flags;          /* set of enum manhole_flag */
    uint8_t battery_percent; /* MANHOLE_BATTERY_EXTERNAL */
    int16_t rsrp_dbm;        /* MANHOLE_RSRP_UNKNOWN */
    int8_t sinr_db;          /* MANHOLE_SINR_UNKNOWN */
    uint8_t coverage_level;  /* 0, 1, 2; MANHOLE_COVERAGE_UNKNOWN */
    struct span items;       /* tag, length, value one behind the other */
};

struct manhole_tilt { /* 0.1 degree */
    int16_t x;
    int16_t y;
    uint16_t total;
};

struct manhole_number { /* items of one number, in the unit and scale of the item's row */
    int32_t value;
};

struct manhole_position {
    int32_t latitude; /* 1e-7 degree */
    int32_t longitude;
    uint8_t accuracy_m; /* 255 unknown */
    uint8_t datum;      /* enum manhole_datum */
    uint32_t time_s;
};

struct manhole_series {
    uint32_t first_time_s;
    uint16_t step_s;
    uint8_t item;       /* enum manhole_item */
    struct span values; /* of that item, as on the wire */
};

struct manhole_alarm_item {
    uint8_t code; /* enum manhole_alarm */
    uint8_t severity;
    int32_t threshold; /* in unit and scale of the quantity */
    int32_t value;
    uint32_t start_s;
};

struct manhole_lock_item {
    uint8_t event; /* enum manhole_lock_event */
    uint32_t authorisation_id;
    uint8_t opener_id[MANHOLE_ID_SIZE];
    uint32_t holder_id;
    uint8_t reason; /* enum manhole_refusal */
    uint32_t time_s;
};

struct manhole_tag_item {
    struct span uid; /* 4, 7 or 10 bytes (ISO/IEC 14443 A), 8 (ISO/IEC 15693) */
    uint8_t reader_id[MANHOLE_ID_SIZE];
    uint32_t time_s;
};

struct manhole_cell {
    uint16_t physical_cell;
    uint32_t earfcn;
    uint32_t identity;
};

/* One item; which member counts follows from `item`. */
struct manhole_item_value {
    uint8_t item; /* enum manhole_item */
    union {
        struct manhole_tilt tilt;
        uint8_t cover;                /* enum manhole_cover */
        struct manhole_number number; /* level mm, velocity mm/s, road mm, temperature 0.1 °C, full scale */
        uint32_t unsigned_number;     /* turbidity 0.01 NTU; configuration image */
        struct manhole_position position;
        struct manhole_series series;
        struct manhole_alarm_item alarm;
        struct manhole_lock_item lock;
        struct manhole_tag_item tag;
        struct span text;  /* firmware */
        uint8_t iccid[10]; /* 20 BCD digits */
        struct manhole_cell cell;
    } as;
};

struct manhole_upload_answer {
    uint8_t result; /* enum manhole_upload_result */
    uint8_t keep_connection;
    uint16_t wait_s;
    uint32_t platform_time_s;
    uint8_t requests_pending;
};

struct manhole_reporting { /* seconds */
    uint32_t health_period_s;
    uint32_t sample_period_s;
    uint32_t upload_period_s;
    uint16_t alarm_sample_period_s;
    uint16_t alarm_upload_period_s;
};

struct manhole_threshold {
    uint8_t item; /* enum manhole_item */
    int32_t high; /* in unit and scale of the item */
    int32_t low;
    int32_t hysteresis;
    uint16_t hold_s;
};

/* Authorisation of one opener for one lock, section 6. */
struct manhole_lock_record {
    uint32_t authorisation_id;
    uint8_t lock_id[MANHOLE_ID_SIZE];
    uint8_t opener_id[MANHOLE_ID_SIZE];
    uint32_t holder_id;
    uint32_t not_before_s;
    uint32_t not_after_s;
    uint8_t weekdays;         /* bit 0 Monday */
    uint16_t daily_start_min; /* local time; start > end crosses midnight */
    uint16_t daily_end_min;   /* up to 1440, itself outside */
    uint8_t uses;             /* 0 unlimited */
    uint8_t actions;          /* bit 0 open, bit 1 close */
};

struct manhole_lock_order {
    uint8_t action; /* enum manhole_lock_action */
    uint32_t authorisation_id;
};

struct manhole_record_query {
    uint32_t from_s;
    uint32_t to_s;
    uint8_t item; /* enum manhole_item */
};

struct manhole_key_change {
    uint8_t slot;           /* 0 to 15 */
    uint8_t wrapped[48];    /* IV 16, SM4-CBC of the key 32 */
    uint8_t check_value[4]; /* of the new key */
};

struct manhole_alarm_lift {
    uint8_t code; /* enum manhole_alarm */
    uint16_t mute_s;
};

struct manhole_firmware_offer {
    uint32_t size;
    uint8_t digest[32]; /* SM3 */
    struct span uri;
};

struct manhole_server {
    uint8_t transport;
    uint16_t port;
    struct span host;
};

/* Control request; which member counts follows from `command`. */
struct manhole_control {
    uint8_t command; /* enum manhole_command */
    uint32_t request_id;
    uint32_t expiry_s; /* 0 none */
    union {
        struct manhole_reporting reporting;
        struct span thresholds; /* list of manhole_threshold as on the wire */
        struct manhole_lock_record authorisation;
        struct span authorisation_ids; /* list of u32; one id 0: all */
        struct manhole_lock_order lock;
        struct span tags; /* parameter tags u8; empty: all */
        struct manhole_record_query records;
        uint32_t time_s;
        uint8_t restart_mode;
        struct manhole_key_change key;
        struct manhole_alarm_lift alarm;
        struct manhole_firmware_offer firmware;
        struct manhole_server server;
    } as;
};

struct manhole_control_answer {
    uint8_t command; /* enum manhole_command */
    uint32_t request_id;
    uint8_t result; /* enum manhole_control_result */
    struct span data;
};

/* Read an area (in clear).
 * error_offset  NULL, or where in the area belief ended, written on failure
 * out           written on success only; spans point into the area
 * returns       0; CODEC_ERR_SHORT, CODEC_ERR_FORMAT, CODEC_ERR_TRAILING; CODEC_ERR_UNKNOWN for a command the profile
 *               does not have */
int manhole_upload_decode(const struct manhole_profile *profile, struct span area, struct manhole_upload *out,
                          size_t *error_offset);
int manhole_upload_answer_decode(const struct manhole_profile *profile, struct span area,
                                 struct manhole_upload_answer *out, size_t *error_offset);
int manhole_control_decode(const struct manhole_profile *profile, struct span area, struct manhole_control *out,
                           size_t *error_offset);
int manhole_control_answer_decode(const struct manhole_profile *profile, struct span area,
                                  struct manhole_control_answer *out, size_t *error_offset);
int manhole_lock_record_decode(const struct manhole_profile *profile, struct span record,
                               struct manhole_lock_record *out);

/* Write an area. Bounds of the profile (fact sheet 5.3, 6) are kept.
 * out      appended to; on failure it may hold a part, and the caller drops it
 * returns  0; CODEC_ERR_RANGE; CODEC_ERR_UNKNOWN; CODEC_ERR_FULL */
int manhole_upload_encode(const struct manhole_profile *profile, const struct manhole_upload *upload,
                          struct writer *out);
int manhole_upload_answer_encode(const struct manhole_profile *profile, const struct manhole_upload_answer *answer,
                                 struct writer *out);
int manhole_control_encode(const struct manhole_profile *profile, const struct manhole_control *control,
                           struct writer *out);
int manhole_control_answer_encode(const struct manhole_profile *profile, const struct manhole_control_answer *answer,
                                  struct writer *out);
int manhole_lock_record_encode(const struct manhole_profile *profile, const struct manhole_lock_record *record,
                               struct writer *out);

/* One item of an upload, tag and length in front; and one threshold of a list. */
int manhole_item_encode(const struct manhole_profile *profile, const struct manhole_item_value *item,
                        struct writer *out);
int manhole_threshold_encode(const struct manhole_profile *profile, const struct manhole_threshold *threshold,
                             struct writer *out);

/* The next item of manhole_upload.items; items with unknown tags are passed over.
 * reader   over the items; moves on
 * returns  1 and *out; 0 at the end; CODEC_ERR_SHORT, CODEC_ERR_FORMAT */
int manhole_item_next(const struct manhole_profile *profile, struct reader *reader, struct manhole_item_value *out);

/* The next threshold of manhole_control.as.thresholds.
 * returns  1 and *out; 0 at the end; CODEC_ERR_SHORT */
int manhole_threshold_next(const struct manhole_profile *profile, struct reader *reader, struct manhole_threshold *out);

/* The usual one of the cover's tilt; MHC-1: open at 15.0 degrees, lifted below 12.0, after 2 s (section 5.3). */
struct manhole_threshold manhole_threshold_tilt(const struct manhole_profile *profile);

/* The open alarm must reach the platform within 30 s (DB35/T 1803 7.2.1): hold time, one alarm sample and the network
 * together.
 * returns  0; CODEC_ERR_RANGE */
int manhole_alarm_delay_check(const struct manhole_profile *profile, const struct manhole_threshold *threshold,
                              const struct manhole_reporting *reporting, uint32_t network_s);

/* Visit every field of an area.
 * terminal  enum manhole_terminal, gives unit and scale to a full scale; LAYOUT_UNKNOWN
 * function  enum manhole_function
 * stopped   offset in the area, written on failure
 * returns   0; CODEC_ERR_* */
int manhole_area_visit(const struct manhole_profile *profile, unsigned terminal, unsigned function, struct span area,
                       unsigned depth, const struct layout_visitor *visitor, size_t *stopped);

/* The values of an area as items, with the time of the upload or their own.
 * returns  0; CODEC_ERR_FULL when the list is full; CODEC_ERR_* of damage */
int manhole_items_decode(const struct manhole_profile *profile, unsigned terminal, unsigned function, struct span area,
                         struct item_list *list);

#endif
