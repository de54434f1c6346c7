/* One uplink through the rooms: believed, watched, compared with commands, charged. */
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/quantity.h"

static const struct uplink_item *item_find(const struct uplink *uplink, enum quantity quantity)
{
    for (uint16_t i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++)
        if (uplink->items[i].quantity == quantity && uplink->items[i].period == UPLINK_CURRENT)
            return &uplink->items[i];
    return NULL;
}

static int commands_observe(struct core *core, const struct uplink *uplink, const struct reading_outcome *outcome)
{
    const struct reading_state *state = reading_state_find(core->reading, uplink->device_id);
    const struct uplink_item *purchases = item_find(uplink, QUANTITY_PURCHASE_COUNT);
    struct command_observation observation = { .device_id = uplink->device_id };
    int result;

    if (state == NULL || outcome->stale)
        return 0;
    observation.recharge_serial = state->recharge_serial;
    observation.clock_error_s = state->clock_error_s;
    observation.valve_state = state->valve_state;
    observation.valve_known =
        item_find(uplink, QUANTITY_VALVE_STATE) != NULL || item_find(uplink, QUANTITY_RELAY_STATE) != NULL;
    observation.recharge_known = item_find(uplink, QUANTITY_RECHARGE_SERIAL) != NULL;
    observation.clock_known = item_find(uplink, QUANTITY_DEVICE_TIME) != NULL;
    observation.series = uplink->kind == UPLINK_SERIES;
    observation.full_report = outcome->full_report || (core_order_is_look(uplink) && uplink->item_count > 0);
    if (purchases != NULL && purchases->value >= 0 && purchases->value <= UINT32_MAX) {
        observation.recharge_known = true;
        observation.recharge_serial = (uint32_t)purchases->value;
    }
    result = command_observe(core->command, &observation, core->now_s);
    return result < 0 ? result : 0;
}

static void reading_publish(struct core *core, const struct registry_device *device,
                            const struct reading_outcome *outcome)
{
    const struct reading_state *state = reading_state_find(core->reading, device->device_id);

    if (state == NULL || outcome->duplicate)
        return;
    core_live_add(core, device->tenant_id, device->area_id, LIVE_READING,
                  "{\"device_id\":%u,\"total_value\":%lld,\"register_value\":%lld,\"at_s\":%lld,\"new_days\":%u}",
                  device->device_id, (long long)state->total_value, (long long)state->register_value,
                  (long long)core->now_s, (unsigned)outcome->day_count);
    if (state->status != outcome->before.status || state->valve_state != outcome->before.valve_state)
        core_live_add(core, device->tenant_id, device->area_id, LIVE_DEVICE,
                      "{\"device_id\":%u,\"status\":%u,\"valve_state\":%u,\"at_s\":%lld}", device->device_id,
                      (unsigned)state->status, (unsigned)state->valve_state, (long long)core->now_s);
}

static bool day_is_new(const struct reading_outcome *outcome, int32_t day)
{
    for (uint8_t i = 0; i < outcome->day_count; i++)
        if (outcome->days[i].day == day)
            return true;
    return false;
}

int core_billing_tell(struct core *core, const struct reading_outcome *outcome)
{
    const struct reading_state *state = reading_state_find(core->reading, outcome->device_id);

    for (uint8_t i = 0; i < outcome->day_count; i++)
        billing_reading_arrived(core->billing, outcome->device_id, outcome->days[i].day);
    if (outcome->changed_from_day == 0 || state == NULL)
        return 0;
    for (int32_t day = outcome->changed_from_day; day <= state->newest_day; day++) {
        int result = 0;
        if (day_is_new(outcome, day) || !reading_day_known(state, day))
            continue;
        result = reading_row_settle(core->reading, outcome->device_id); /* what is corrected is priced by what is stored */
        if (result >= 0)
            result = billing_reading_corrected(core->billing, outcome->device_id, day, core->now_s);
        if (result < 0)
            return result;
    }
    return 0;
}

static void outcome_count(struct core *core, const struct reading_outcome *outcome)
{
    core->tally[CORE_MIDNIGHTS] += outcome->day_count;
    core->tally[CORE_SET_ASIDE] += outcome->set_aside_count;
    core->tally[CORE_DUPLICATES] += outcome->duplicate;
    core->tally[CORE_UNKNOWN_DEVICES] += outcome->unknown_device;
}

int core_meter_take(struct core *core, const struct uplink *uplink)
{
    const struct registry_device *device = registry_device_find(core->registry, uplink->device_id);
    const struct uplink_item *device_time;
    struct reading_outcome outcome;
    int result;

    result = reading_accept(core->reading, uplink, core->now_s, &outcome);
    if (result < 0)
        return result;
    outcome_count(core, &outcome);
    if (device == NULL || outcome.unknown_device || outcome.removed_device)
        return 0;
    /* Of a device behind a line, core_orders.c hears how the order ended. */
    if (uplink->kind == UPLINK_ANSWER && device->line_device_id == 0)
        result = command_answer(core->command, uplink, core->now_s);
    if (result >= 0 && !outcome.duplicate) {
        device_time = item_find(uplink, QUANTITY_DEVICE_TIME);
        result = watch_observe(core->watch, &outcome, device_time != NULL ? device_time->value : 0, core->now_s);
    }
    if (result >= 0)
        result = commands_observe(core, uplink, &outcome);
    if (result >= 0)
        result = core_billing_tell(core, &outcome);
    if (result >= 0 && device->line_device_id != 0)
        result = core_line_judge(core, device, &outcome);
    if (result >= 0)
        result = collect_observe(core->collect, uplink, &outcome, core->now_s);
    if (result < 0)
        return result;
    reading_publish(core, device, &outcome);
    if (uplink->awake)
        core_listen(core, uplink->device_id, true);
    return 0;
}

int core_uplink_take(struct core *core, const struct uplink *uplink)
{
    const struct registry_device *device = registry_device_find(core->registry, uplink->device_id);

    if (device != NULL && device->line_device_id != 0)
        return core_line_take(core, uplink, device);
    return core_meter_take(core, uplink);
}
