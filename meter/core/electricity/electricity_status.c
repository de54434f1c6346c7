/* Status words 04000501 to 04000507 (DL/T 645-2007 appendix C), and what the display shows. */
#include "meter/core/electricity/electricity_internal.h"

enum status_1 { CLOCK_LOST = 1 << 2, ACTIVE_REVERSE = 1 << 4, REACTIVE_REVERSE = 1 << 5 };
enum status_2 { ACTIVE_REVERSE_A = 1 };
enum status_3 {
    SECOND_PERIODS = 1 << 0,
    PROGRAMMING = 1 << 3,
    RELAY_OPEN = 1 << 4,
    SECOND_ZONES = 1 << 5,
    COMMAND_OPEN = 1 << 6,
    ALARM = 1 << 7,
    ENERGY_PREPAID = 1 << 8,
    MONEY_PREPAID = 2 << 8,
    SECOND_PRICES = 1 << 10,
    SECOND_TIERS = 1 << 11,
    KEEP_ON = 1 << 12
};
enum status_4 { OVERLOAD = 1 << 5, REVERSE_FLOW = 1 << 6 };

static unsigned flag(bool is_set, unsigned bit)
{
    return is_set ? bit : 0;
}

static unsigned status_word_1(const struct electricity_meter *meter)
{
    return flag(meter->local_s == 0, CLOCK_LOST) | flag(meter->sample.power_mw < 0, ACTIVE_REVERSE) |
           flag(meter->sample.reactive_mvar < 0, REACTIVE_REVERSE);
}

static unsigned status_word_3(const struct electricity_meter *meter)
{
    bool is_prepaid = meter->parameters.payment[0] == ELECTRICITY_PREPAID;
    unsigned kind = meter->config.credit == ELECTRICITY_CREDIT_MONEY ? MONEY_PREPAID : ENERGY_PREPAID;
    uint8_t wanted = meter->state.holds & (uint8_t)~ELECTRICITY_HOLD_BUTTON;

    return flag(electricity_set_in_force(meter, ELECTRICITY_SET_ZONES) != 0, SECOND_ZONES) |
           flag(electricity_set_in_force(meter, ELECTRICITY_SET_PERIODS) != 0, SECOND_PERIODS) |
           flag(electricity_set_in_force(meter, ELECTRICITY_SET_PRICES) != 0, SECOND_PRICES) |
           flag(electricity_set_in_force(meter, ELECTRICITY_SET_TIERS) != 0, SECOND_TIERS) |
           flag((meter->inputs & ELECTRICITY_INPUT_PROGRAMMING_KEY) != 0, PROGRAMMING) |
           flag(!meter->relay_closed, RELAY_OPEN) | flag(wanted != 0 && !meter->state.keep_on, COMMAND_OPEN) |
           flag(meter->state.alarm_on || electricity_low_balance(meter) > 0, ALARM) | flag(is_prepaid, kind) |
           flag(meter->state.keep_on, KEEP_ON);
}

static unsigned status_word_4(const struct electricity_meter *meter)
{
    bool is_over = (meter->state.holds & (ELECTRICITY_HOLD_LIMIT | ELECTRICITY_HOLD_LOCK)) != 0 ||
                   meter->watch.since_ms[ELECTRICITY_LIMIT_LOAD] != ELECTRICITY_NEVER;
    return flag(is_over, OVERLOAD) | flag(meter->sample.power_mw < 0, REVERSE_FLOW);
}

uint16_t electricity_status_word(const struct electricity_meter *meter, unsigned number)
{
    switch (number) {
    case 1:
        return (uint16_t)status_word_1(meter);
    case 2:
        return (uint16_t)flag(meter->sample.power_mw < 0, ACTIVE_REVERSE_A);
    case 3:
        return (uint16_t)status_word_3(meter);
    case 4:
        return (uint16_t)status_word_4(meter);
    default:
        return 0;
    }
}

static int64_t tariff_shown(const struct electricity_meter *meter, unsigned tariff)
{
    return electricity_cents_of(electricity_forward_mwh(meter, tariff));
}

/* Screen `number`, from 1 on. */
static struct electricity_shown screen(const struct electricity_meter *meter, unsigned number)
{
    const struct electricity_sample *sample = &meter->sample;
    bool is_money = meter->config.credit == ELECTRICITY_CREDIT_MONEY;
    const struct electricity_shown screens[ELECTRICITY_SCREEN_LIMIT] = {
        { 0x00010000, tariff_shown(meter, 0), 2, "kWh" },
        { 0x00010100, tariff_shown(meter, 1), 2, "kWh" },
        { 0x00010200, tariff_shown(meter, 2), 2, "kWh" },
        { 0x00010300, tariff_shown(meter, 3), 2, "kWh" },
        { 0x00010400, tariff_shown(meter, 4), 2, "kWh" },
        { 0x00020000, electricity_cents_of(electricity_reverse_mwh(meter, 0)), 2, "kWh" },
        { is_money ? 0x00900200 : 0x00900100, electricity_balance_cent(meter), 2, is_money ? "¥" : "kWh" },
        { 0x02010100, sample->voltage_mv / 100, 1, "V" },
        { 0x02020100, sample->current_ma, 3, "A" },
        { 0x02030000, sample->power_mw / 100, 4, "kW" },
        { 0x02060000, sample->power_factor, 3, "" },
        { 0x02800002, sample->frequency_mhz / 10, 2, "Hz" },
    };

    return screens[number - 1];
}

bool electricity_display_item(const struct electricity_meter *meter, size_t index, struct electricity_shown *out)
{
    const uint8_t *chosen = meter->parameters.screens;
    bool shows_all = span_is_filled(span_of_bytes(chosen, ELECTRICITY_SCREEN_LIMIT), 0);
    size_t shown = 0;

    for (unsigned place = 0; place < ELECTRICITY_SCREEN_LIMIT; place++) {
        unsigned number = shows_all ? place + 1 : electricity_number(chosen + place, 1);
        if (number == 0 || shown++ != index)
            continue;
        *out = screen(meter, number);
        return true;
    }
    return false;
}
