/* What the platform may set, with bounds (resources 2, 3 and 11 to 17 of object 33424). */
#ifndef METER_CORE_METER_PARAMETER_H
#define METER_CORE_METER_PARAMETER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/downlink.h"
#include "codec/water_meter/water_meter_report.h"

struct meter_parameters {
    int32_t low_balance_fen; /* hint and alarm below (S3-095) */
    int32_t overdraft_fen;   /* the valve closes when more than this is owed; 0 or more */
    int32_t report_period_s;
    int32_t report_time_s;   /* after local midnight */
    int32_t stagger_ms;      /* per slot, 1,000 slots by the last three digits of the meter number */
    int32_t flow_limit_ml_h;
    int32_t leak_limit_ml_h; /* an hour below this is a pause */
    int32_t leak_time_min;
    struct water_meter_price_steps price_steps;
};

/* Reported daily at 01:00 over an hour, 3.125 m3/h for DN15, leak 3 L/h for 24 h, price 3.00 yuan. */
struct meter_parameters meter_parameters_default(void);

/* Inside its bounds? PARAMETER_PRICE is judged by meter_price_steps_are_sound. */
bool meter_parameter_is_allowed(enum device_parameter parameter, int64_t value);

/* 1 to WATER_METER_PRICE_STEP_LIMIT steps, limits ascending, the last one open, no price above 1,000 yuan. */
bool meter_price_steps_are_sound(const struct water_meter_price_steps *steps);

/* Set one but the price.
 * returns  true; false and nothing changed when it is unknown or outside its bounds */
bool meter_parameter_set(struct meter_parameters *parameters, enum device_parameter parameter, int64_t value);

/* All at once, as read from a record or a configuration. */
bool meter_parameters_are_allowed(const struct meter_parameters *parameters);

#endif
