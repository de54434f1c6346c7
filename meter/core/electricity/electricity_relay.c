#include "meter/core/electricity/electricity_internal.h"

enum credit_limit { LIMIT_ALARM_1, LIMIT_ALARM_2, LIMIT_OVERDRAFT, LIMIT_HOARD, LIMIT_RECONNECT };

#define RESTORED (ELECTRICITY_HOLD_COMMAND | ELECTRICITY_HOLD_LIMIT | ELECTRICITY_HOLD_LOCK | ELECTRICITY_HOLD_BUTTON)

static int64_t limit_grains(const struct electricity_meter *meter, enum credit_limit limit)
{
    return (int64_t)electricity_number(meter->parameters.credit_limits[limit], 4) * ELECTRICITY_GRAINS_PER_CENT;
}

static bool is_prepaid(const struct electricity_meter *meter)
{
    return meter->parameters.payment[0] == ELECTRICITY_PREPAID;
}

static bool wants_closed(const struct electricity_meter *meter)
{
    return meter->state.keep_on || meter->state.holds == 0;
}

static void drive(struct electricity_meter *meter)
{
    meter->relay_closed = wants_closed(meter);
    meter->hal->relay_drive(meter->hal->context, meter->relay_closed);
    if (meter->relay_closed)
        electricity_limit_closed(meter);
}

void electricity_relay_restore(struct electricity_meter *meter)
{
    drive(meter);
}

bool electricity_meter_is_closed(const struct electricity_meter *meter)
{
    return meter->relay_closed;
}

void electricity_relay_apply(struct electricity_meter *meter, uint32_t operator_code)
{
    if (wants_closed(meter) == meter->relay_closed)
        return;
    drive(meter);
    struct electricity_event event = {
        { (uint32_t)meter->local_s, operator_code, electricity_cents_of(electricity_forward_mwh(meter, 0)),
          electricity_cents_of(electricity_reverse_mwh(meter, 0)), meter->state.holds }
    };
    electricity_event_note(meter, meter->relay_closed ? ELECTRICITY_EVENT_CLOSE : ELECTRICITY_EVENT_TRIP, &event);
}

int64_t electricity_balance_cent(const struct electricity_meter *meter)
{
    int64_t grains = meter->state.balance_grains;
    int64_t cent = grains / ELECTRICITY_GRAINS_PER_CENT;
    return grains % ELECTRICITY_GRAINS_PER_CENT < 0 ? cent - 1 : cent;
}

unsigned electricity_low_balance(const struct electricity_meter *meter)
{
    if (!is_prepaid(meter))
        return 0;
    if (meter->state.balance_grains < limit_grains(meter, LIMIT_ALARM_2))
        return 2;
    return meter->state.balance_grains < limit_grains(meter, LIMIT_ALARM_1) ? 1 : 0;
}

/* Used up to the overdraft: open. Back at what permits closing, and no longer used up: closed. */
static uint8_t arrears_judge(const struct electricity_meter *meter)
{
    uint8_t holds = meter->state.holds;
    bool is_used_up = meter->state.balance_grains <= -limit_grains(meter, LIMIT_OVERDRAFT);
    bool may_close = !is_used_up && meter->state.balance_grains >= limit_grains(meter, LIMIT_RECONNECT);

    if (is_prepaid(meter) && is_used_up)
        return holds | ELECTRICITY_HOLD_ARREARS;
    if ((holds & ELECTRICITY_HOLD_ARREARS) == 0 || (is_prepaid(meter) && !may_close))
        return holds;
    holds &= (uint8_t)~ELECTRICITY_HOLD_ARREARS;
    return meter->config.closes_by_button ? holds | ELECTRICITY_HOLD_BUTTON : holds;
}

void electricity_relay_judge(struct electricity_meter *meter)
{
    uint8_t holds = arrears_judge(meter);

    if (holds == meter->state.holds)
        return;
    meter->state.holds = holds;
    (void)electricity_store_state(meter);
    electricity_relay_apply(meter, 0);
}

void electricity_meter_button(struct electricity_meter *meter, int64_t now_ms)
{
    (void)electricity_meter_step(meter, now_ms);
    if ((meter->state.holds & ELECTRICITY_HOLD_BUTTON) == 0)
        return;
    meter->state.holds &= (uint8_t)~ELECTRICITY_HOLD_BUTTON;
    (void)electricity_store_state(meter);
    electricity_relay_apply(meter, 0);
}

static uint8_t trip(struct electricity_meter *meter)
{
    if (meter->state.keep_on)
        return ELECTRICITY_REFUSE_OTHER;
    meter->state.holds &= (uint8_t)~ELECTRICITY_HOLD_BUTTON;
    meter->state.holds |= ELECTRICITY_HOLD_COMMAND;
    return 0;
}

/* Arrears stay: only money lifts them. */
static uint8_t close_now(struct electricity_meter *meter)
{
    meter->state.holds &= (uint8_t)~RESTORED;
    electricity_limit_restore(meter);
    return 0;
}

static uint8_t closing_permit(struct electricity_meter *meter)
{
    bool was_open = !meter->relay_closed;
    (void)close_now(meter);
    if (was_open)
        meter->state.holds |= ELECTRICITY_HOLD_BUTTON;
    return 0;
}

static uint8_t alarm_on(struct electricity_meter *meter)
{
    meter->state.alarm_on = true;
    return 0;
}

static uint8_t alarm_off(struct electricity_meter *meter)
{
    meter->state.alarm_on = false;
    return 0;
}

static uint8_t keep_on(struct electricity_meter *meter)
{
    meter->state.keep_on = true;
    return 0;
}

static uint8_t keep_off(struct electricity_meter *meter)
{
    meter->state.keep_on = false;
    return 0;
}

/* N1 of 1CH */
static const struct {
    uint8_t command;
    uint8_t (*act)(struct electricity_meter *meter); /* changes the state in RAM; ERR */
} commands[] = {
    { 0x1a, trip },      { 0x1b, closing_permit }, { 0x1c, close_now }, { 0x2a, alarm_on },
    { 0x2b, alarm_off }, { 0x3a, keep_on },        { 0x3b, keep_off },
};

static uint8_t command_act(struct electricity_meter *meter, uint8_t command)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].command == command)
            return commands[i].act(meter);
    return ELECTRICITY_REFUSE_OTHER;
}

/* Without a clock nobody can say that a command is not too old. */
static bool is_in_time(const struct electricity_meter *meter, const struct item_time *valid_until)
{
    return meter->local_s != 0 && electricity_clock_of_time(valid_until) >= meter->local_s;
}

uint8_t electricity_relay_command(struct electricity_meter *meter, const struct dlt645_content *content)
{
    struct electricity_state before = meter->state;

    if (!is_in_time(meter, &content->valid_until))
        return ELECTRICITY_REFUSE_OTHER;
    uint8_t refusal = command_act(meter, content->relay_command);
    if (refusal != 0)
        return refusal;
    if (electricity_store_state(meter) < 0) {
        meter->state = before;
        return ELECTRICITY_REFUSE_OTHER;
    }
    electricity_relay_apply(meter, content->operator_code);
    return 0;
}
