/* Prepayment in the meter, and who holds the valve closed. */
#include "meter/core/bus_meter/bus_meter_internal.h"
#include "meter/core/meter_credit.h"

#define PRICE_PER_FEN 100 /* 0.0001 yuan in 0.01 yuan */
#define L_PER_M3 1000
#define MONEY_LIMIT_FEN INT64_C(99999999) /* XXXXXX.XX yuan */

/* The price table of A010H as steps. Without prices nothing is charged. */
static struct water_meter_price_steps steps_of(const struct bus_meter_settings *settings)
{
    struct water_meter_price_steps steps = { 0 };
    for (unsigned i = 0; i < 3; i++) {
        bool is_last = i == 2 || settings->price_limit[i] == 0;
        steps.steps[i].price = settings->price_fen[i] * PRICE_PER_FEN;
        steps.steps[i].limit_l = is_last ? WATER_METER_PRICE_STEP_OPEN : settings->price_limit[i] * L_PER_M3;
        steps.count = (uint8_t)(i + 1);
        if (is_last)
            break;
    }
    return steps;
}

void bus_meter_valve_follow(struct bus_meter *meter, bool anew)
{
    meter_valve_ask(&meter->valve, meter->state.closed_by_command || meter->state.closed_by_arrears, anew);
    bus_meter_valve_step(meter);
}

static void arrears_judge(struct bus_meter *meter)
{
    bool is_closed = meter->state.has_purchase && meter->state.balance_fen <= 0;
    if (is_closed == meter->state.closed_by_arrears)
        return;
    meter->state.closed_by_arrears = is_closed;
    meter->is_dirty = true;
    bus_meter_valve_follow(meter, false);
}

void bus_meter_account_charge(struct bus_meter *meter, int64_t volume_ml)
{
    struct bus_meter_state *state = &meter->state;
    struct water_meter_price_steps steps = steps_of(&meter->settings);
    int64_t charge = meter_credit_charge(&steps, state->cycle_ml, volume_ml);
    meter_credit_take(&state->balance_fen, &state->charge_rest, charge);
    state->cycle_ml += volume_ml;
    arrears_judge(meter);
}

/* Numbers are counted modulo 256: the half ahead of the last is new, the half behind it has been. */
static bool number_is_old(const struct bus_meter_state *state, uint8_t number)
{
    return state->has_purchase && (uint8_t)(number - state->purchase_number) >= 128;
}

int bus_meter_account_purchase(struct bus_meter *meter, uint8_t number, uint32_t amount_fen)
{
    struct bus_meter_state before = meter->state;
    struct bus_meter_state *state = &meter->state;
    if (state->has_purchase && state->purchase_number == number)
        return state->purchase_fen == amount_fen ? 0 : BUS_METER_ERR_CONFIG;
    if (number_is_old(state, number) || state->balance_fen + amount_fen > MONEY_LIMIT_FEN)
        return BUS_METER_ERR_CONFIG;
    state->balance_fen += amount_fen;
    state->purchased_fen = (state->purchased_fen + amount_fen) % (MONEY_LIMIT_FEN + 1);
    state->purchase_fen = amount_fen;
    state->purchase_number = number;
    state->has_purchase = true;
    meter->is_dirty = true;
    arrears_judge(meter);
    if (bus_meter_state_store(meter) == 0)
        return 0;
    *state = before;
    bus_meter_valve_follow(meter, false);
    return BUS_METER_ERR_FLASH;
}

int bus_meter_valve_command(struct bus_meter *meter, bool closed)
{
    bool before = meter->state.closed_by_command;
    meter->state.closed_by_command = closed;
    meter->is_dirty = true;
    if (bus_meter_state_store(meter) < 0) {
        meter->state.closed_by_command = before;
        return BUS_METER_ERR_FLASH;
    }
    bus_meter_valve_follow(meter, true);
    return 0;
}
