#include "meter/core/meter_internal.h"

#include "meter/core/meter_credit.h"

#define BALANCE_LARGEST_FEN INT64_C(1000000000000)

void meter_account_charge(struct meter *meter, int64_t volume_ml)
{
    struct meter_state *state = &meter->state;
    if (!meter->config.prepayment || volume_ml <= 0)
        return;
    int64_t charge = meter_credit_charge(&meter->parameters.price_steps, state->cycle_ml, volume_ml);
    meter_credit_take(&state->balance_fen, &state->charge_rest, charge);
    state->cycle_ml += volume_ml;
    meter_account_judge(meter);
}

static void holds_set(struct meter *meter, uint8_t holds)
{
    if (holds == meter->state.valve_holds)
        return;
    meter->state.valve_holds = holds;
    meter->state_dirty = true;
}

/* Below the alarm value: alarm. Owing more than the overdraft: closed, and only a balance above the alarm value, or a
 * command, opens again (S3-095, S3-097). */
void meter_account_judge(struct meter *meter)
{
    struct meter_state *state = &meter->state;
    bool low = meter->config.prepayment && state->balance_fen < meter->parameters.low_balance_fen;
    bool overdrawn = meter->config.prepayment && state->balance_fen < -(int64_t)meter->parameters.overdraft_fen;
    uint8_t holds = state->valve_holds;
    meter_alarm_set(meter, ALARM_ARREARS, low || overdrawn);
    if (overdrawn) {
        holds = (uint8_t)(holds | METER_HOLD_ARREARS);
    } else if (!low) {
        holds = (uint8_t)(holds & ~METER_HOLD_ARREARS);
        state->arrears_waived = false;
    }
    holds_set(meter, holds);
}

void meter_hold_apply(struct meter *meter, bool anew)
{
    unsigned holds = meter->state.valve_holds;
    if (meter->state.arrears_waived)
        holds &= ~(unsigned)METER_HOLD_ARREARS;
    meter_valve_ask(&meter->valve, holds != 0, anew);
}

/* The serial, the money and the alarm it ends are one record: all of it is kept, or none. */
uint8_t meter_account_recharge(struct meter *meter, uint32_t serial, int64_t amount_fen)
{
    struct meter_state before = meter->state;
    if (!meter->config.prepayment)
        return COAP_CODE_FORBIDDEN;
    if (serial == 0 || amount_fen <= 0 || amount_fen > BALANCE_LARGEST_FEN)
        return COAP_CODE_BAD_REQUEST;
    if (meter_serial_is_used(&before.recharge_serial, serial))
        return COAP_CODE_CHANGED;
    if (before.balance_fen + amount_fen > BALANCE_LARGEST_FEN)
        return COAP_CODE_BAD_REQUEST;
    meter->state.balance_fen += amount_fen;
    meter_serial_use(&meter->state.recharge_serial, serial);
    meter_account_judge(meter);
    meter->state_dirty = true;
    if (meter_store_state(meter) < 0) {
        meter->state = before;
        return COAP_CODE_INTERNAL_ERROR;
    }
    meter_hold_apply(meter, false);
    return COAP_CODE_CHANGED;
}

/* A command to open is the platform's word: it lifts every hold, arrears until the next recharge. */
static void holds_command(struct meter_state *state, bool closed)
{
    if (closed) {
        state->valve_holds = (uint8_t)(state->valve_holds | METER_HOLD_COMMAND);
        state->arrears_waived = false;
    } else {
        state->valve_holds = (uint8_t)(state->valve_holds & METER_HOLD_ARREARS);
        state->arrears_waived = state->valve_holds != 0;
    }
}

uint8_t meter_hold_command(struct meter *meter, uint32_t serial, bool closed)
{
    struct meter_state before = meter->state;
    if (!meter->config.has_valve)
        return COAP_CODE_METHOD_NOT_ALLOWED;
    /* Unlike money, only the newest word about the valve counts: one that was overtaken on its way does nothing. */
    if (serial != 0 && serial <= before.valve_serial)
        return COAP_CODE_CHANGED;
    holds_command(&meter->state, closed);
    if (serial != 0)
        meter->state.valve_serial = serial;
    meter->state_dirty = true;
    if (meter_store_state(meter) < 0) {
        meter->state = before;
        return COAP_CODE_INTERNAL_ERROR;
    }
    meter_hold_apply(meter, true);
    return COAP_CODE_CHANGED;
}
