/* A device model as data: which codec, which registers, which commands, which limits (型号档案).
 *
 * Plain structs without pointers, bounded, so that every room and every process may hold a copy. `src/registry` reads
 * them from YAML; `src/dialog` speaks with devices by them. Numbers of quantities and units are those of
 * codec/item/item_quantity.h, checked by the loader; base knows only that they are numbers. docs/profiles.md describes
 * the file. */
#ifndef BASE_DEVICE_PROFILE_H
#define BASE_DEVICE_PROFILE_H

#include <stdint.h>

#define DEVICE_PROFILE_NAME_LIMIT 64      /* of a profile, with its zero; as in the archive */
#define DEVICE_PROFILE_TEXT_LIMIT 128     /* of words for people, UTF-8 with its zero */
#define DEVICE_PROFILE_NOTE_LIMIT 512     /* of a remark, UTF-8 with its zero */
#define DEVICE_PROFILE_POINT_NAME_LIMIT 48
#define DEVICE_PROFILE_POINT_LIMIT 96
#define DEVICE_PROFILE_COMMAND_LIMIT 24
#define DEVICE_PROFILE_ADDRESS_DIGITS 16

/* What the meter measures; decides which of our quantities a volume or an energy is. */
enum device_kind {
    DEVICE_KIND_NONE = 0,
    DEVICE_KIND_COLD_WATER,
    DEVICE_KIND_HOT_WATER,
    DEVICE_KIND_ELECTRICITY,
    DEVICE_KIND_GAS,
    DEVICE_KIND_HEAT,
    DEVICE_KIND_COUNT
};

/* How often the platform asks for a point by itself. */
enum device_point_group {
    DEVICE_GROUP_ON_DEMAND = 0,
    DEVICE_GROUP_QUARTER_HOURLY,
    DEVICE_GROUP_HOURLY,
    DEVICE_GROUP_DAILY,
    DEVICE_GROUP_MONTHLY,
    DEVICE_GROUP_COUNT
};

/* Whether the register counts what flows through the meter or what flows through the transformers before it. */
enum device_transformer {
    DEVICE_TRANSFORMER_NONE = 0,   /* connected directly */
    DEVICE_TRANSFORMER_SECONDARY,  /* shows secondary values: multiply by the CT and PT ratio of the meter's archive */
    DEVICE_TRANSFORMER_PRIMARY     /* multiplies by itself: use as it is */
};

/* Order of the two bytes of a CJ/T 188 data identifier on the wire. */
enum device_identifier_order { DEVICE_IDENTIFIER_HIGH_FIRST = 0, DEVICE_IDENTIFIER_LOW_FIRST };

/* What a model of CJ/T 188 does differently. */
enum device_layout_bit {
    DEVICE_LAYOUT_UNIT_FIRST = 1,     /* heat: the unit byte stands before each value */
    DEVICE_LAYOUT_SHORT_READING = 2,  /* 901F is answered with a value and the status only */
    DEVICE_LAYOUT_COOLING_FIRST = 4   /* heat and cold: the first energy is the cooling energy */
};

/* Where the status bytes of CJ/T 188 say valve and battery. */
enum device_status_map {
    DEVICE_STATUS_STANDARD = 0,  /* valve ST1 bits 1-0, battery ST1 bit 2 */
    DEVICE_STATUS_MIRRORED,      /* valve ST1 bits 7-6, battery ST1 bit 5 */
    DEVICE_STATUS_HEAT,          /* battery ST1 bit 2, no valve */
    DEVICE_STATUS_HEAT_FAULTS    /* the same, faults in ST2 */
};

/* What can be asked of a device. */
enum device_command_code {
    DEVICE_COMMAND_NONE = 0,
    DEVICE_COMMAND_READ,                 /* parameters: the point, or everything */
    DEVICE_COMMAND_READ_NOW,             /* all points that are values of now */
    DEVICE_COMMAND_READ_DAILY_FREEZE,    /* parameter: how many freezes back, 1 the last */
    DEVICE_COMMAND_READ_MONTHLY_FREEZE,  /* parameter: how many settlements back, 1 the last */
    DEVICE_COMMAND_READ_ADDRESS,
    DEVICE_COMMAND_OPEN_VALVE,           /* supply on: open the valve, close the relay 合闸 */
    DEVICE_COMMAND_CLOSE_VALVE,          /* supply off: close the valve, open the relay 拉闸 */
    DEVICE_COMMAND_PERMIT_OPEN,          /* supply may be switched on by the customer's button 合闸允许 */
    DEVICE_COMMAND_SET_CLOCK,
    DEVICE_COMMAND_FREEZE_NOW,           /* latch the present values 瞬时冻结 */
    DEVICE_COMMAND_RECHARGE,             /* purchase number and amount */
    DEVICE_COMMAND_WRITE_ADDRESS,
    DEVICE_COMMAND_KEEP_ON,              /* nothing cuts the supply off 保电 */
    DEVICE_COMMAND_KEEP_ON_CANCEL,
    DEVICE_COMMAND_CLEAR_BALANCE,        /* purchase number; takes back what is left */
    DEVICE_COMMAND_WRITE_STEPS,          /* prices by what was used */
    DEVICE_COMMAND_WRITE_DAY_TABLE,      /* tariffs by the time of day */
    DEVICE_COMMAND_READ_INSTANT_FREEZE,  /* what the last FREEZE_NOW latched */
    DEVICE_COMMAND_READ_CLOCK,
    DEVICE_COMMAND_SET_MODE,             /* post-paid, prepaid or public */
    DEVICE_COMMAND_READ_LOAD_RECORD,     /* what it recorded at regular instants 负荷记录 */
    DEVICE_COMMAND_COUNT
};

/* Of a point beside those of enum uplink_period: latched by FREEZE_NOW, and told as UPLINK_CURRENT of that time. */
#define DEVICE_PERIOD_INSTANT_FREEZE 3
#define DEVICE_PERIOD_LOAD_RECORD 4 /* recorded at a regular instant, which stands beside it; told as UPLINK_CURRENT of that time */

/* Parameters of commands, as bits of a set. */
enum device_parameter_bit {
    DEVICE_PARAMETER_PASSWORD = 1 << 0,     /* digits, as the operator types them */
    DEVICE_PARAMETER_OPERATOR = 1 << 1,     /* digits of the operator's code */
    DEVICE_PARAMETER_VALID_UNTIL = 1 << 2,  /* the meter refuses the command after this time */
    DEVICE_PARAMETER_TIME = 1 << 3,
    DEVICE_PARAMETER_BACK = 1 << 4,         /* 1 the last freeze or settlement, 2 the one before */
    DEVICE_PARAMETER_SERIAL = 1 << 5,       /* purchase number */
    DEVICE_PARAMETER_AMOUNT = 1 << 6,       /* yuan, or the register's unit */
    DEVICE_PARAMETER_ADDRESS = 1 << 7       /* a new address, digits */
};
#define DEVICE_PARAMETER_BIT_COUNT 8

struct device_profile_words {
    char zh[DEVICE_PROFILE_TEXT_LIMIT];
    char en[DEVICE_PROFILE_TEXT_LIMIT];
};

struct device_profile_note {
    char zh[DEVICE_PROFILE_NOTE_LIMIT];
    char en[DEVICE_PROFILE_NOTE_LIMIT];
};

/* One value of the device: where it stands, what it is, how often it is read. */
struct device_point {
    char name[DEVICE_PROFILE_POINT_NAME_LIMIT]; /* "energy_active_import_t1"; unique in the profile */
    struct device_profile_words words;
    uint32_t identifier;      /* the protocol's own (DI, VIF); of a freeze the last one's */
    uint8_t identifier_digits;/* hexadecimal digits written in the profile; 0: none, the answer holds all points */
    uint8_t unit;             /* enum item_unit, as the meter shows it */
    uint16_t quantity;        /* enum item_quantity */
    uint16_t tariff;          /* 0 total */
    uint8_t phase;            /* 0 all or none, 1 to 3, 4 neutral */
    uint8_t period;           /* enum uplink_period, DEVICE_PERIOD_INSTANT_FREEZE, _LOAD_RECORD */
    uint32_t storage;         /* 0 now; n settlements or freezes back, or storage number */
    uint32_t subunit;
    uint8_t function;         /* enum item_function */
    uint8_t group;            /* enum device_point_group */
    uint8_t is_register;      /* the cumulative register the limits speak of */
    uint8_t has_bit;          /* the value is one bit of the identifier's word */
    uint8_t bit;              /* 0 to 63 */
    uint8_t alarm;            /* 1 + enum alarm that a value other than 0 raises; 0: a reading */
};

/* One command the model understands, and how to see that it was done. */
struct device_profile_command {
    struct device_profile_words words;
    uint8_t command;            /* enum device_command_code */
    uint8_t parameters;         /* set of enum device_parameter_bit that must be given */
    uint8_t optional;           /* set of those that may be given */
    uint8_t has_confirmation;   /* confirm_point, confirm_value and confirm_within_s count */
    uint16_t confirm_point;     /* index of the point to read back */
    uint16_t confirm_within_s;
    int64_t confirm_value;      /* in the unit of our quantity */
};

struct device_profile_settings {
    uint8_t preamble;           /* FE bytes before a frame, 0 to 16 */
    uint8_t meter_type;         /* CJ/T 188: T */
    uint8_t identifier_order;   /* CJ/T 188: enum device_identifier_order */
    uint8_t password_level;     /* DL/T 645: PA, 0 to 9 */
    uint8_t connect_code;       /* DL/T 645-2007 1CH: N1 that switches on */
    uint8_t permit_code;        /* N1 that allows the customer to switch on */
    uint8_t disconnect_code;    /* N1 that switches off */
    uint8_t layout;             /* CJ/T 188: set of enum device_layout_bit */
    uint8_t status_map;         /* CJ/T 188: enum device_status_map */
    uint8_t litre_decimals;     /* CJ/T 188: decimals of values in litres, 0 or 2 */
    uint8_t address_function;   /* CJ/T 188: control code that writes the address */
    uint32_t relay_valid_s;     /* a relay command without valid_until holds for so long */
    uint32_t operator_code;     /* DL/T 645: C0 to C3 when none is given */
};

struct device_profile_line {
    uint32_t baud;
    uint8_t parity;             /* 'E', 'N' or 'O' */
    uint8_t stop_bits;
    uint8_t retries;
    uint8_t reserved;
    uint32_t answer_timeout_ms;
    uint32_t byte_timeout_ms;   /* a longer silence ends a frame */
};

/* The meter's cumulative register and what is plausible of it. */
struct device_profile_limits {
    uint8_t integer_digits;     /* 6: the register wraps from 999999 to 0 in the register's unit */
    uint8_t decimals;
    uint8_t unit;               /* enum item_unit of the register and of day_maximum */
    uint8_t reserved;
    int64_t day_maximum;        /* largest plausible step of a day, in units of the last decimal; 0: not stated */
};

/* What a prepaid meter counts down (S1-017). */
enum device_holding { DEVICE_HOLDS_MONEY = 0, DEVICE_HOLDS_UNITS };

struct device_profile_prepayment {
    uint8_t holds;              /* enum device_holding; units are those of the register */
    uint8_t reserved[3];
    int32_t smallest_fen;       /* of money: a purchase is a multiple of it; 0: 0.01 yuan. Units are sold whole */
};

struct device_profile_calendar {
    uint8_t settlement_day;     /* 1 to 28; 0: not stated, an undated settlement value is then refused */
    uint8_t settlement_hour;
    uint8_t reserved[2];
};

struct device_profile {
    char name[DEVICE_PROFILE_NAME_LIMIT];
    struct device_profile_words words;
    struct device_profile_note note;
    char maker[DEVICE_PROFILE_TEXT_LIMIT];
    uint16_t codec;             /* row of the table of codecs that the loader was given */
    uint8_t kind;               /* enum device_kind */
    uint8_t transformer;        /* enum device_transformer */
    struct device_profile_settings settings;
    struct device_profile_line line;
    struct device_profile_limits limits;
    struct device_profile_calendar calendar;
    struct device_profile_prepayment prepayment;
    uint16_t point_count;
    uint16_t command_count;
    struct device_point points[DEVICE_PROFILE_POINT_LIMIT];
    struct device_profile_command commands[DEVICE_PROFILE_COMMAND_LIMIT];
};

/* Which settings and commands a codec knows: sets of these bits and of 1 << enum device_command_code. */
enum device_setting_bit {
    DEVICE_SETTING_PREAMBLE = 1 << 0,
    DEVICE_SETTING_METER_TYPE = 1 << 1,
    DEVICE_SETTING_IDENTIFIER_ORDER = 1 << 2,
    DEVICE_SETTING_PASSWORD_LEVEL = 1 << 3,
    DEVICE_SETTING_RELAY_CODES = 1 << 4,  /* connect_code, permit_code, disconnect_code, relay_valid_s */
    DEVICE_SETTING_OPERATOR = 1 << 5,
    DEVICE_SETTING_LAYOUT = 1 << 6 /* layout, status_map, litre_decimals, address_function */
};

/* What the loader must know of a codec; src/dialog has the table. Static lifetime. */
struct device_codec_info {
    const char *name;           /* "dlt645-2007" */
    const char *english;
    const char *chinese;
    uint32_t settings;          /* set of enum device_setting_bit */
    uint32_t commands;          /* set of 1 << enum device_command_code */
    uint8_t identifier_digits;  /* of each point: 8, 4; 0: points have no identifier, an answer holds them all */
    uint8_t has_line;           /* speaks over a line with a baud rate */
    struct device_profile_settings default_settings;
    struct device_profile_line default_line;
};

#endif
