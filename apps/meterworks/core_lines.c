/* What the core and the gate tell each other of lines: which there are, and what came over them. */
#include "apps/meterworks/core_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/cipher.h"
#include "base/log.h"
#include "base/quantity.h"
#include "codec/q376/q376_layout.h"
#include "registry/registry_line.h"
#include "security/key_holder.h"

#define OLD_DATA_S 3600 /* after connecting: who tells old values then has not just missed an hour */
#define TERMINAL_EVENT_KIND "terminal_event"

bool core_line_tell(struct core *core, uint32_t device_id)
{
    const struct core_ports *ports = &core->config.ports;
    uint8_t secret[KEY_HOLDER_SEALED_LIMIT];
    struct line_record record;

    if (ports->line_put == NULL || registry_line_of(core->registry, device_id) != device_id)
        return true;
    if (registry_line_record_fill(core->registry, device_id, &record) < 0) {
        log_write(LOG_STORE, LOG_ERROR, "", "line %u cannot be read and is not served", (unsigned)device_id);
        return true;
    }
    int size = core_secret_take(core, device_id, "line", secret);
    if (size > 0 && size <= LINE_SECRET_LIMIT) {
        memcpy(record.secret, secret, (size_t)size);
        record.secret_size = (uint8_t)size;
    }
    bool taken = ports->line_put(ports->context, &record);
    cipher_wipe(secret, sizeof secret);
    cipher_wipe(&record, sizeof record);
    return taken;
}

void core_lines_tell(struct core *core)
{
    uint32_t position = core->line_position;
    uint32_t line_id;

    while ((line_id = registry_line_next(core->registry, &position)) != 0) {
        if (!core_line_tell(core, line_id))
            return;
        core->line_position = position;
    }
}

int core_estate_condition(void *context, uint32_t line_id, enum estate_condition condition, bool present,
                          const char *detail, int64_t now_s)
{
    static const enum watch_condition conditions[] = {
        [ESTATE_OFFLINE] = WATCH_LINE_OFFLINE,
        [ESTATE_CLOCK] = WATCH_CLOCK_ERROR,
        [ESTATE_ARCHIVE] = WATCH_ARCHIVE_DIFFERS,
    };
    struct core *core = context;

    return watch_condition_set(core->watch, line_id, conditions[condition], present, detail, now_s);
}

int core_estate_synced(void *context, const struct estate_sync *sync)
{
    struct core *core = context;
    const struct registry_device *device = registry_device_find(core->registry, sync->device_id);

    if (device == NULL)
        return 0;
    core_live_add(core, device->tenant_id, device->area_id, LIVE_DEVICE,
                  "{\"device_id\":%u,\"archive\":{\"state\":\"%s\",\"written\":%u,\"denied\":%u,\"differences\":%u}}",
                  sync->device_id, estate_sync_state_name(sync->state), (unsigned)sync->written, (unsigned)sync->denied,
                  (unsigned)sync->differences);
    /* What it reported and we did not know may be known now. */
    if (sync->state != ESTATE_SYNC_AGREED)
        return 0;
    int result = watch_condition_set(core->watch, sync->device_id, WATCH_UNKNOWN_POINT, false, "", core->now_s);
    return result < 0 ? result : 0;
}

/* Everything that waits for the line's devices may leave; those that are on the line itself and behind its collectors. */
static int line_wake(struct core *core, uint32_t parent_id)
{
    int result = 0;

    for (uint32_t child = registry_child_next(core->registry, parent_id, 0); child != 0 && result >= 0;
         child = registry_child_next(core->registry, parent_id, child)) {
        const struct registry_device *device = registry_device_find(core->registry, child);
        if (device != NULL && device->kind == REGISTRY_KIND_COLLECTOR)
            result = line_wake(core, child);
        if (result < 0)
            return result;
        if (!command_waiting(core->command, child))
            continue;
        core_visits_hasten(core, child);
        core_visit_add(core, child, 0, 0, core->now_s);
        result = command_proof_awaited(core->command, child);
        if (result > 0)
            core_visit_add(core, child, LINE_READ_CURRENT, 0, core->now_s + 1);
    }
    return result < 0 ? result : 0;
}

/* What a concentrator reports of itself, or of a meter behind it (376.1 AFN 0E). */
static int terminal_events_note(struct core *core, uint32_t device_id, const struct uplink *uplink)
{
    for (uint16_t i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++) {
        const struct uplink_item *item = &uplink->items[i];
        const struct q376_layout *layout;
        char detail[WATCH_DETAIL_LIMIT];
        if (item->quantity != QUANTITY_TERMINAL_EVENT)
            continue;
        layout = q376_layout_record((uint8_t)item->value);
        (void)snprintf(detail, sizeof detail, "ERC%u %s / %s", (unsigned)(uint8_t)item->value,
                       layout != NULL ? layout->chinese : "", layout != NULL ? layout->english : "");
        int result = watch_note(core->watch, device_id, TERMINAL_EVENT_KIND, 0, detail, item->time_s, core->now_s);
        if (result < 0)
            return result;
    }
    return 0;
}

/* Whether a reading of a point is the forward active total, the only register that a concentrator has for any meter. */
static bool is_main_register(const struct uplink_item *item)
{
    return item->quantity == QUANTITY_ENERGY_ACTIVE_IMPORT && item->register_index == 0 && item->phase == 0;
}

static bool is_kept(const struct uplink_item *item, const struct registry_device *meter)
{
    return item->quantity == (uint16_t)registry_device_quantity(meter) || item->quantity == QUANTITY_DEVICE_TIME ||
           item->quantity == QUANTITY_TERMINAL_EVENT || item->quantity == QUANTITY_ALARM_BITS ||
           item->quantity == QUANTITY_STATUS_BITS;
}

/* A concentrator that reports by itself does not know what its points measure: it says energy of all of them, in kWh
 * where the meter counts m3, which is the same number in mWh and in ml. The unit of a heat meter is known only to
 * orders, which name its model. */
static void point_items_adapt(struct uplink *uplink, const struct registry_device *meter)
{
    uint16_t kept = 0;

    if (uplink->order_id != 0 || meter == NULL || meter->kind == DEVICE_KIND_ELECTRICITY)
        return;
    for (uint16_t i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++) {
        struct uplink_item item = uplink->items[i];
        bool is_register = is_main_register(&item) && meter->kind != DEVICE_KIND_HEAT;
        if (!is_register && !is_kept(&item, meter))
            continue;
        if (is_register)
            item.quantity = (uint16_t)registry_device_quantity(meter);
        uplink->items[kept++] = item;
    }
    uplink->item_count = kept;
}

/* The concentrator speaks of a meter by the number it has there. */
static int point_take(struct core *core, const struct uplink *uplink, uint32_t line_id)
{
    uint32_t meter_id = registry_point_device(core->registry, line_id, uplink->measurement_point);
    const struct reading_outcome nothing = { 0 };
    struct uplink of_meter = *uplink;
    char detail[32];
    int result;

    if (meter_id == 0) {
        (void)snprintf(detail, sizeof detail, "%u", (unsigned)uplink->measurement_point);
        result = watch_condition_set(core->watch, line_id, WATCH_UNKNOWN_POINT, true, detail, core->now_s);
        return result < 0 ? result : collect_observe(core->collect, uplink, &nothing, core->now_s);
    }
    of_meter.device_id = meter_id;
    of_meter.measurement_point = 0;
    if (of_meter.kind == UPLINK_REPORT)
        point_items_adapt(&of_meter, registry_device_find(core->registry, meter_id));
    result = terminal_events_note(core, meter_id, uplink);
    return result < 0 ? result : core_meter_take(core, &of_meter);
}

/* Of a concentrator, collector or line itself: its frames are kept, its events noted, its clock compared. */
static int carrier_take(struct core *core, const struct uplink *uplink, const struct registry_device *device)
{
    const struct estate_line *line = estate_line_find(core->estate, device->device_id);
    struct command_observation observation = { .device_id = device->device_id, .clock_known = 1 };
    struct reading_outcome outcome = { 0 };
    struct uplink bare = *uplink;
    int result = 0;

    if (uplink->kind == UPLINK_ARCHIVE)
        bare.item_count = 0;
    if (bare.frame_size > 0 && bare.kind != UPLINK_PRESENCE)
        result = reading_accept(core->reading, &bare, core->now_s, &outcome);
    if (result >= 0)
        result = terminal_events_note(core, device->device_id, &bare);
    if (result >= 0)
        result = collect_observe(core->collect, uplink, &outcome, core->now_s);
    if (result < 0 || line == NULL || line->clock_at_s != core->now_s)
        return result < 0 ? result : 0;
    observation.clock_error_s = line->clock_error_s;
    result = command_observe(core->command, &observation, core->now_s);
    return result < 0 ? result : 0;
}

int core_line_judge(struct core *core, const struct registry_device *meter, const struct reading_outcome *outcome)
{
    const struct estate_line *line = estate_line_find(core->estate, meter->line_device_id);
    bool is_old = outcome->stale;

    for (uint8_t i = 0; i < outcome->set_aside_count && i < sizeof outcome->reasons; i++)
        is_old |= outcome->reasons[i] == READING_BACKWARD;
    if (!is_old || line == NULL || core->now_s - line->since_s > OLD_DATA_S)
        return 0;
    int result = watch_condition_set(core->watch, line->device_id, WATCH_OLD_DATA, true, "", core->now_s);
    return result < 0 ? result : 0;
}

static bool is_carrier(const struct registry_device *device)
{
    return !registry_is_meter(device);
}

static int content_take(struct core *core, const struct uplink *uplink, const struct registry_device *device)
{
    if (!is_carrier(device))
        return core_meter_take(core, uplink);
    if (uplink->kind == UPLINK_ARCHIVE || uplink->measurement_point == 0)
        return carrier_take(core, uplink, device);
    return point_take(core, uplink, device->line_device_id);
}

static int line_connected(struct core *core, uint32_t line_id)
{
    int result = watch_condition_set(core->watch, line_id, WATCH_OLD_DATA, false, "", core->now_s);

    if (command_waiting(core->command, line_id))
        core_visit_add(core, line_id, 0, 0, core->now_s);
    return result < 0 ? result : line_wake(core, line_id);
}

/* How much an order's end says of who was asked. */
enum heard {
    HEARD_NOTHING, /* nobody was asked */
    HEARD_LINE,    /* the line let a question through */
    HEARD_METER    /* and the meter answered, if only to refuse */
};

static const uint8_t heard_of[LINE_PROBLEM_COUNT] = {
    [LINE_PROBLEM_NONE] = HEARD_METER,     [LINE_PROBLEM_NO_ANSWER] = HEARD_LINE, [LINE_PROBLEM_CHECKSUM] = HEARD_LINE,
    [LINE_PROBLEM_ADDRESS] = HEARD_LINE,   [LINE_PROBLEM_COLLISION] = HEARD_LINE, [LINE_PROBLEM_REFUSED] = HEARD_METER,
    [LINE_PROBLEM_PASSWORD] = HEARD_METER, [LINE_PROBLEM_KEY] = HEARD_LINE,       [LINE_PROBLEM_PARTIAL] = HEARD_METER,
};

static int line_quiet_judge(struct core *core, uint32_t line_id, enum line_problem problem)
{
    if (problem != LINE_PROBLEM_NEVER_QUIET && heard_of[problem] == HEARD_NOTHING)
        return 0;
    return watch_condition_set(core->watch, line_id, WATCH_NEVER_QUIET, problem == LINE_PROBLEM_NEVER_QUIET, "",
                               core->now_s);
}

static int meter_address_judge(struct core *core, uint32_t device_id, enum line_problem problem)
{
    bool is_conflict = problem == LINE_PROBLEM_COLLISION || problem == LINE_PROBLEM_ADDRESS;

    if (!is_conflict && heard_of[problem] != HEARD_METER)
        return 0;
    return watch_condition_set(core->watch, device_id, WATCH_ADDRESS_CONFLICT, is_conflict, line_problem_name(problem),
                               core->now_s);
}

/* What the end of an order says of the line, and of the meter that was asked. */
static int order_end_judge(struct core *core, const struct uplink *uplink, const struct registry_device *device)
{
    int result = 0;

    if (!uplink->order_ended || uplink->problem >= LINE_PROBLEM_COUNT || device->removed)
        return 0;
    if (heard_of[uplink->problem] == HEARD_METER)
        core_visits_hasten(core, device->device_id);
    if (device->line_device_id != 0)
        result = line_quiet_judge(core, device->line_device_id, (enum line_problem)uplink->problem);
    if (result >= 0 && registry_is_meter(device))
        result = meter_address_judge(core, device->device_id, (enum line_problem)uplink->problem);
    return result < 0 ? result : 0;
}

int core_line_take(struct core *core, const struct uplink *uplink, const struct registry_device *device)
{
    uint32_t line_id = device->line_device_id;
    int result = device->removed ? 0 : estate_line_observe(core->estate, line_id, uplink, core->now_s);

    if (result > 0)
        result = line_connected(core, line_id);
    if (result >= 0 && (uplink->order_id & ESTATE_ORDER_SPACE) != 0 && uplink->order_id >> 63 == 0)
        return estate_sync_answer(core->estate, uplink, core->now_s);
    if (result >= 0)
        result = content_take(core, uplink, device);
    if (result >= 0)
        result = order_end_judge(core, uplink, device);
    if (result >= 0)
        result = core_order_answer(core, uplink);
    return result < 0 ? result : 0;
}
