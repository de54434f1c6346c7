/* Every number of the manhole-cover protocol (DB35/T 1803-2018, 井盖物联网) in one table that is passed in.
 *
 * The standard fixes the shape (packet, data segment, type code, function code, data area, CRC) and the four function
 * codes; its tables 1 to 8 are not public. Our numbers are the profile MHC-1. Whoever gets the real tables writes a
 * second `struct manhole_profile`; nothing else changes. */
#ifndef CODEC_MANHOLE_PROFILE_H
#define CODEC_MANHOLE_PROFILE_H

#include "codec/layout/layout.h"

#define MANHOLE_ID_LIMIT 16 /* bytes of a terminal ID in any profile */

/* Terminals (table 3). */
enum manhole_terminal {
    MANHOLE_TERMINAL_COVER,     /* cover-state monitor, 井盖状态监测终端 */
    MANHOLE_TERMINAL_LEVEL,     /* water level below the cover, 井下水位 */
    MANHOLE_TERMINAL_VELOCITY,  /* flow velocity below the cover, 井下流速 */
    MANHOLE_TERMINAL_ROAD,      /* water on the road, 路面积水 */
    MANHOLE_TERMINAL_TURBIDITY, /* turbidity below the cover, 井下浊度 */
    MANHOLE_TERMINAL_LOCK,      /* intelligent lock, 智能锁 */
    MANHOLE_TERMINAL_TAG,       /* electronic tag, relayed by a handheld reader, 电子标签 */
    MANHOLE_TERMINAL_COMBINED,  /* several in one housing */
    MANHOLE_TERMINAL_ANY,       /* platform to a terminal of unknown type */
    MANHOLE_TERMINAL_COUNT
};

/* Functions (table 4). */
enum manhole_function {
    MANHOLE_UPLOAD,
    MANHOLE_UPLOAD_ANSWER,
    MANHOLE_CONTROL,
    MANHOLE_CONTROL_ANSWER,
    MANHOLE_FUNCTION_COUNT
};

enum manhole_kind {
    MANHOLE_KIND_HEALTH,
    MANHOLE_KIND_MONITORING,
    MANHOLE_KIND_ALARM,
    MANHOLE_KIND_ALARM_LIFTED,
    MANHOLE_KIND_POSITION,
    MANHOLE_KIND_LOCK_EVENT,
    MANHOLE_KIND_TAG_READ,
    MANHOLE_KIND_START,
    MANHOLE_KIND_COUNT
};

/* Bits of manhole_upload.flags, whatever their places on the wire. */
enum manhole_flag {
    MANHOLE_FLAG_BATTERY_LOW = 1 << 0, /* at or below 10 % */
    MANHOLE_FLAG_EXTERNAL_POWER = 1 << 1,
    MANHOLE_FLAG_SENSOR_FAULT = 1 << 2,
    MANHOLE_FLAG_HOUSING_OPENED = 1 << 3,
    MANHOLE_FLAG_CLOCK_NOT_SET = 1 << 4,
    MANHOLE_FLAG_RECORDS_OVERWRITTEN = 1 << 5,
    MANHOLE_FLAG_ALARM_MODE = 1 << 6,
    MANHOLE_FLAG_NO_POSITION = 1 << 7,
    MANHOLE_FLAG_BOLT_NOT_LOCKED = 1 << 8
};

/* Items of an upload; the first six are also the quantities of thresholds and stored series. */
enum manhole_item {
    MANHOLE_ITEM_TILT,
    MANHOLE_ITEM_COVER,
    MANHOLE_ITEM_LEVEL,
    MANHOLE_ITEM_VELOCITY,
    MANHOLE_ITEM_ROAD,
    MANHOLE_ITEM_TURBIDITY,
    MANHOLE_ITEM_TEMPERATURE,
    MANHOLE_ITEM_FULL_SCALE,
    MANHOLE_ITEM_POSITION,
    MANHOLE_ITEM_SERIES,
    MANHOLE_ITEM_ALARM,
    MANHOLE_ITEM_LOCK_EVENT,
    MANHOLE_ITEM_TAG_READ,
    MANHOLE_ITEM_FIRMWARE,
    MANHOLE_ITEM_ICCID,
    MANHOLE_ITEM_CELL,
    MANHOLE_ITEM_CONFIGURATION,
    MANHOLE_ITEM_COUNT
};

enum manhole_cover { MANHOLE_COVER_CLOSED, MANHOLE_COVER_OPEN, MANHOLE_COVER_MOVED, MANHOLE_COVER_UNKNOWN };
enum manhole_datum { MANHOLE_DATUM_WGS84, MANHOLE_DATUM_CGCS2000, MANHOLE_DATUM_GCJ02 };

enum manhole_alarm {
    MANHOLE_ALARM_TILT,
    MANHOLE_ALARM_LEVEL_HIGH,
    MANHOLE_ALARM_LEVEL_LOW,
    MANHOLE_ALARM_VELOCITY_HIGH,
    MANHOLE_ALARM_ROAD_WATER,
    MANHOLE_ALARM_TURBIDITY,
    MANHOLE_ALARM_BATTERY,
    MANHOLE_ALARM_SENSOR_FAULT,
    MANHOLE_ALARM_HOUSING_OPENED,
    MANHOLE_ALARM_FORCED_LOCK,
    MANHOLE_ALARM_OPEN_WHILE_LOCKED,
    MANHOLE_ALARM_MOVED_AWAY,
    MANHOLE_ALARM_COUNT
};

enum manhole_lock_action { MANHOLE_LOCK_OPEN, MANHOLE_LOCK_CLOSE };

enum manhole_lock_event {
    MANHOLE_LOCK_OPENED,
    MANHOLE_LOCK_CLOSED,
    MANHOLE_LOCK_REFUSED,
    MANHOLE_LOCK_FORCED,
    MANHOLE_LOCK_JAMMED,
    MANHOLE_LOCK_COVER_OPEN
};

/* Why a lock refused. */
enum manhole_refusal {
    MANHOLE_REFUSAL_NONE,
    MANHOLE_REFUSAL_WRONG_LOCK,
    MANHOLE_REFUSAL_TOO_EARLY,
    MANHOLE_REFUSAL_TOO_LATE,
    MANHOLE_REFUSAL_OUTSIDE_WINDOW,
    MANHOLE_REFUSAL_USED_UP,
    MANHOLE_REFUSAL_REVOKED,
    MANHOLE_REFUSAL_BAD_ANSWER,
    MANHOLE_REFUSAL_CLOCK_NOT_SET
};

enum manhole_upload_result {
    MANHOLE_UPLOAD_STORED,
    MANHOLE_UPLOAD_TERMINAL_UNKNOWN,
    MANHOLE_UPLOAD_SECURITY_FAILURE,
    MANHOLE_UPLOAD_MALFORMED,
    MANHOLE_UPLOAD_ALREADY_STORED,
    MANHOLE_UPLOAD_BUSY
};

enum manhole_command {
    MANHOLE_COMMAND_SET_REPORTING,
    MANHOLE_COMMAND_SET_THRESHOLDS,
    MANHOLE_COMMAND_ADD_AUTHORISATION,
    MANHOLE_COMMAND_REVOKE_AUTHORISATIONS,
    MANHOLE_COMMAND_LOCK_ACTION,
    MANHOLE_COMMAND_READ_CONFIGURATION,
    MANHOLE_COMMAND_READ_RECORDS,
    MANHOLE_COMMAND_SET_CLOCK,
    MANHOLE_COMMAND_RESTART,
    MANHOLE_COMMAND_CHANGE_KEY,
    MANHOLE_COMMAND_LIFT_ALARM,
    MANHOLE_COMMAND_OFFER_FIRMWARE,
    MANHOLE_COMMAND_SET_SERVER,
    MANHOLE_COMMAND_LOCATE,
    MANHOLE_COMMAND_COUNT
};

enum manhole_control_result {
    MANHOLE_CONTROL_DONE,
    MANHOLE_CONTROL_ACCEPTED, /* the outcome follows as an upload */
    MANHOLE_CONTROL_NOT_SUPPORTED,
    MANHOLE_CONTROL_BAD_PARAMETER,
    MANHOLE_CONTROL_NOT_AUTHORISED,
    MANHOLE_CONTROL_EXPIRED,
    MANHOLE_CONTROL_DEVICE_FAULT,
    MANHOLE_CONTROL_BUSY,
    MANHOLE_CONTROL_UNKNOWN_ID
};

/* How the data area is protected. */
enum manhole_mode {
    MANHOLE_MODE_PLAIN,   /* commissioning and laboratory only */
    MANHOLE_MODE_CBC,     /* SM4-CBC with SM4-CMAC */
    MANHOLE_MODE_COUNTER, /* SM4-CTR with SM4-CMAC */
    MANHOLE_MODE_COUNT
};

/* Sets of codes; a set's row is the enumeration above. */
enum manhole_set {
    MANHOLE_SET_NONE,
    MANHOLE_SET_TERMINAL,
    MANHOLE_SET_FUNCTION,
    MANHOLE_SET_MODE,
    MANHOLE_SET_KIND,
    MANHOLE_SET_FLAG,
    MANHOLE_SET_ITEM,
    MANHOLE_SET_COVER,
    MANHOLE_SET_DATUM,
    MANHOLE_SET_ALARM,
    MANHOLE_SET_LOCK_EVENT,
    MANHOLE_SET_LOCK_ACTION,
    MANHOLE_SET_LOCK_ACTIONS, /* as bits of an authorisation */
    MANHOLE_SET_WEEKDAY,
    MANHOLE_SET_REFUSAL,
    MANHOLE_SET_UPLOAD_RESULT,
    MANHOLE_SET_KEEP,
    MANHOLE_SET_COMMAND,
    MANHOLE_SET_CONTROL_RESULT,
    MANHOLE_SET_EXTERNAL_POWER, /* the battery value that means "none" */
    MANHOLE_SET_COUNT
};

enum manhole_crc { MANHOLE_CRC_IBM3740, MANHOLE_CRC_MODBUS, MANHOLE_CRC_EN13757 };

/* Thresholds of the cover's tilt, 0.1 degree. */
struct manhole_tilt_rule {
    int32_t low; /* least and greatest that a builder accepts */
    int32_t high;
    int32_t usual; /* what is set when nobody says otherwise */
    int32_t hysteresis;
    uint16_t hold_s;
    uint16_t alarm_bound_s; /* from the tilt to the platform: hold time, one sample and the network */
};

struct manhole_profile {
    const char *name; /* "MHC-1" */
    /* Packet (table 1). The length field counts the bytes behind it up to the CRC. */
    uint8_t start[4];
    uint8_t start_size;   /* 1 to 4 */
    uint8_t length_size;  /* 1 to 4 */
    uint8_t version_size; /* 0 or 1 */
    uint8_t version;
    uint8_t id_size;         /* 1 to MANHOLE_ID_LIMIT, BCD */
    bool length_covers_crc;  /* the length counts the CRC too */
    bool length_covers_head; /* the length counts start and length field too */
    uint8_t crc;             /* enum manhole_crc */
    bool crc_is_low_first;
    uint16_t length_low; /* of what the length field counts */
    uint16_t length_high;
    /* Data segment (table 2): type u8, function u8, sequence, security; then the area. */
    uint8_t sequence_size;      /* 0 to 4 */
    bool has_security;          /* else every area is plain */
    uint8_t tag_size;           /* 1 to 16 */
    const char *key_labels[2];  /* for Kenc and Kmac */
    const char *lock_labels[2]; /* for Ktok and the opener's answer */
    /* Data areas (tables 5 to 8). */
    const struct layout *upload;
    const struct layout *upload_answer;
    const struct layout *control;
    const struct layout *control_answer;
    const struct layout *lock_record;
    const struct layout *threshold; /* one of command "set thresholds" */
    /* Items and commands say their layouts as what they are about. A set has every row of its enumeration; what the
     * protocol cannot say has LAYOUT_NO_CODE. */
    struct layout_set sets[MANHOLE_SET_COUNT];
    struct manhole_tilt_rule tilt;
};

/* Our profile MHC-1; static lifetime. */
const struct manhole_profile *manhole_profile_mhc1(void);

/* The code of a set's row on the wire; the row must exist and have one below 256. And the row of a code, LAYOUT_UNKNOWN
 * when it has none. */
uint8_t manhole_code(const struct manhole_profile *profile, enum manhole_set set, unsigned row);
uint8_t manhole_row(const struct manhole_profile *profile, enum manhole_set set, unsigned code);

/* The row exists and can be said in one byte. */
bool manhole_can_say(const struct manhole_profile *profile, enum manhole_set set, unsigned row);

/* The word of a row; NULL for LAYOUT_UNKNOWN. */
const struct layout_word *manhole_word(const struct manhole_profile *profile, enum manhole_set set, unsigned row);

#endif
