#include "codec/bcd/bcd.h"
#include "meter/core/electricity/electricity_internal.h"

#define FAILURES_ALLOWED 3 /* a day; then nobody is let in until the next */

static bool is_right(const struct electricity_meter *meter, unsigned level, uint32_t digits)
{
    const uint8_t *held = meter->parameters.passwords[level];
    const uint8_t asked[3] = { (uint8_t)digits, (uint8_t)(digits >> 8), (uint8_t)(digits >> 16) };
    return cipher_equal(held, asked, sizeof asked);
}

static void failure_count(struct electricity_meter *meter, uint32_t today)
{
    if (meter->state.failure_day != today)
        meter->state.failures = 0;
    meter->state.failure_day = today;
    meter->state.failures++;
    (void)electricity_store_state(meter);
}

/* The lock is kept in flash: switching the meter off and on buys no further try. */
uint8_t electricity_access_check(struct electricity_meter *meter, const struct dlt645_password *password,
                                 unsigned lowest)
{
    uint32_t today = (uint32_t)(meter->local_s / CALENDAR_DAY_S);
    int level = bcd_byte_read(password->level);

    if (meter->state.failure_day == today && meter->state.failures >= FAILURES_ALLOWED)
        return ELECTRICITY_REFUSE_PASSWORD;
    if (level < 0 || level >= ELECTRICITY_PASSWORD_LEVELS || !is_right(meter, (unsigned)level, password->digits)) {
        failure_count(meter, today);
        return ELECTRICITY_REFUSE_PASSWORD;
    }
    return (unsigned)level <= lowest ? 0 : ELECTRICITY_REFUSE_PASSWORD;
}
