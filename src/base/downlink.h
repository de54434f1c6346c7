/* What we ask of a device, free of its protocol: the message that the core sends to a gate. */
#ifndef BASE_DOWNLINK_H
#define BASE_DOWNLINK_H

#include <stdint.h>

enum downlink_operation {
    DOWNLINK_OPEN_VALVE = 1,
    DOWNLINK_CLOSE_VALVE,
    DOWNLINK_RECHARGE,          /* amount_fen, serial */
    DOWNLINK_WRITE_PARAMETER,   /* parameter, value */
    DOWNLINK_READ_NOW,          /* the whole current state */
    DOWNLINK_SET_CLOCK,         /* value = s since 1970 UTC, filled when it leaves */
    DOWNLINK_OPERATION_COUNT
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
};

#endif
