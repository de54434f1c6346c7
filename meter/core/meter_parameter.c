#include "meter/core/meter_parameter.h"

#include <stddef.h>

#define PRICE_LARGEST 10000000 /* 1,000 yuan per m3 */

/* A parameter's place in struct meter_parameters, its bounds, and its value from the factory. */
struct parameter_row {
    uint8_t parameter; /* enum device_parameter */
    uint8_t offset;
    int32_t smallest;
    int32_t largest;
    int32_t factory;
};

#define PLACE(member) ((uint8_t)offsetof(struct meter_parameters, member))

static const struct parameter_row rows[] = {
    /* parameter               place                   smallest   largest     factory */
    { PARAMETER_LOW_BALANCE,   PLACE(low_balance_fen), -1000000,  100000000,  1000 },
    { PARAMETER_OVERDRAFT,     PLACE(overdraft_fen),   0,         100000000,  0 },
    { PARAMETER_REPORT_PERIOD, PLACE(report_period_s), 60,        2678400,    86400 },
    { PARAMETER_REPORT_TIME,   PLACE(report_time_s),   0,         86399,      3600 },
    { PARAMETER_STAGGER,       PLACE(stagger_ms),      0,         86400,      3600 },
    { PARAMETER_FLOW_LIMIT,    PLACE(flow_limit_ml_h), 1000,      2000000000, 3125000 },
    { PARAMETER_LEAK_LIMIT,    PLACE(leak_limit_ml_h), 100,       10000000,   3000 },
    { PARAMETER_LEAK_TIME,     PLACE(leak_time_min),   1,         10080,      1440 },
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static int32_t *value_place(struct meter_parameters *parameters, const struct parameter_row *row)
{
    return (int32_t *)(void *)((uint8_t *)parameters + row->offset);
}

static const struct parameter_row *row_find(enum device_parameter parameter)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].parameter == parameter)
            return &rows[i];
    return NULL;
}

struct meter_parameters meter_parameters_default(void)
{
    struct meter_parameters parameters = {
        .price_steps = { .count = 1, .steps = { { .limit_l = WATER_METER_PRICE_STEP_OPEN, .price = 30000 } } }
    };
    for (size_t i = 0; i < ROW_COUNT; i++)
        *value_place(&parameters, &rows[i]) = rows[i].factory;
    return parameters;
}

bool meter_parameter_is_allowed(enum device_parameter parameter, int64_t value)
{
    const struct parameter_row *row = row_find(parameter);
    return row != NULL && value >= row->smallest && value <= row->largest;
}

bool meter_price_steps_are_sound(const struct water_meter_price_steps *steps)
{
    if (steps->count < 1 || steps->count > WATER_METER_PRICE_STEP_LIMIT)
        return false;
    uint32_t limit_l = 0;
    for (unsigned i = 0; i < steps->count; i++) {
        const struct water_meter_price_step *step = &steps->steps[i];
        if (step->limit_l <= limit_l || step->price > PRICE_LARGEST)
            return false;
        limit_l = step->limit_l;
    }
    return limit_l == WATER_METER_PRICE_STEP_OPEN;
}

bool meter_parameter_set(struct meter_parameters *parameters, enum device_parameter parameter, int64_t value)
{
    if (!meter_parameter_is_allowed(parameter, value))
        return false;
    *value_place(parameters, row_find(parameter)) = (int32_t)value;
    return true;
}

bool meter_parameters_are_allowed(const struct meter_parameters *parameters)
{
    struct meter_parameters copy = *parameters;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (!meter_parameter_is_allowed((enum device_parameter)rows[i].parameter, *value_place(&copy, &rows[i])))
            return false;
    return meter_price_steps_are_sound(&parameters->price_steps);
}
