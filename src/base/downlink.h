/* What we ask of a device, free of its protocol: the message that the core sends to a gate. */
#ifndef BASE_DOWNLINK_H
#define BASE_DOWNLINK_H

#include <stdint.h>

enum downlink_operation {
    DOWNLINK_OPEN_VALVE = 1,
    DOWNLINK_CLOSE_VALVE,
    DOWNLINK_RECHARGE,          /* amount_fen, or value: units of a meter that holds units, mWh or ml; serial */
    DOWNLINK_WRITE_PARAMETER,   /* parameter, value */
    DOWNLINK_READ_NOW,          /* the whole current state */
    DOWNLINK_SET_CLOCK,         /* value = s since 1970 UTC, filled when it leaves */
    DOWNLINK_PERMIT_CLOSE,      /* the customer may switch supply on by the button 合闸允许 */
    DOWNLINK_KEEP_ON,           /* arrears and limits cut nothing off 保电 */
    DOWNLINK_KEEP_ON_CANCEL,
    DOWNLINK_CLEAR_BALANCE,     /* what a prepaid meter still holds is gone (S1-026) */
    DOWNLINK_SET_MODE,          /* value = enum supply_mode (S1-024) */
    DOWNLINK_WRITE_STEPS,       /* table */
    DOWNLINK_WRITE_DAY_TABLE,   /* table */
    DOWNLINK_FREEZE,            /* latch the present values 瞬时冻结 */
    DOWNLINK_TELL_INTERVALS,    /* the quarter-hours of the day that begins at value, s since 1970, once more */
    DOWNLINK_OPERATION_COUNT
};

enum supply_mode { SUPPLY_POSTPAID = 1, SUPPLY_PREPAID, SUPPLY_PUBLIC, SUPPLY_MODE_COUNT };

#define DOWNLINK_TABLE_LIMIT 14 /* rows of a table: DL/T 645-2007 has 14 changes a day and 6 steps at most */

/* A table of prices by step or of tariffs by time of day. */
struct downlink_table {
    uint32_t from[DOWNLINK_TABLE_LIMIT];  /* steps: used above so much, 0.01 kWh or 0.001 m3; day: minute of the day. The
                                           * first is 0, each above the one before */
    uint32_t value[DOWNLINK_TABLE_LIMIT]; /* steps: 1e-4 yuan per kWh or m3; day: tariff 1 to 4 */
    uint8_t count;
    uint8_t number;                       /* which of the meter's tables, from 1 */
    uint8_t reserved[2];
};

enum device_parameter {
    PARAMETER_LOW_BALANCE = 1,  /* fen */
    PARAMETER_OVERDRAFT,        /* fen */
    PARAMETER_REPORT_PERIOD,    /* s */
    PARAMETER_REPORT_TIME,      /* s after local midnight */
    PARAMETER_STAGGER,          /* ms per slot */
    PARAMETER_FLOW_LIMIT,       /* ml/h */
    PARAMETER_LEAK_LIMIT,       /* ml/h */
    PARAMETER_LEAK_TIME,        /* min */
    PARAMETER_PRICE,            /* first and only step, 1e-4 yuan per m3 */
    PARAMETER_COUNT
};

struct downlink {
    uint64_t command_id;
    uint32_t device_id;
    uint32_t serial;            /* the device applies each serial once */
    uint16_t operation;         /* enum downlink_operation */
    uint16_t parameter;         /* enum device_parameter */
    uint32_t timeout_ms;        /* per try, 5,000 to 40,000 */
    int64_t amount_fen;
    int64_t value;
    int64_t expires_s;
    struct downlink_table table; /* of WRITE_STEPS and WRITE_DAY_TABLE */
};

#endif
