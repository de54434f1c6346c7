/* Reading plans: when they are due, and which one a meter follows. */
#include <string.h>

#include "base/span.h"
#include "base/text.h"
#include "collect/collect_internal.h"

#define AREA_CACHE_LIMIT 4000000

struct unit_bound {
    uint32_t every;   /* most */
    int32_t offset_s; /* less than */
};

static const struct unit_bound bounds[COLLECT_UNIT_COUNT] = {
    [COLLECT_MINUTE] = { 59, 60 },     [COLLECT_HOUR] = { 23, 3600 },        [COLLECT_DAY] = { 31, 86400 },
    [COLLECT_WEEK] = { 8, 7 * 86400 }, [COLLECT_MONTH] = { 12, 28 * 86400 },
};

/* 1970-01-05 was a Monday. */
#define FIRST_MONDAY_S (4 * CALENDAR_DAY_S)

static int64_t floor_to(int64_t value, int64_t step)
{
    int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

static int64_t months_since_1970(int64_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return (int64_t)(date.year - 1970) * 12 + date.month - 1;
}

static int64_t month_instant_s(const struct collect_plan *plan, int64_t month, int32_t zone_offset_s)
{
    return calendar_midnight(calendar_month_start_after(0, (int32_t)month), zone_offset_s) + plan->offset_s;
}

/* The instant of the period that holds now_s (`periods` 0) or of a later or earlier one. */
static int64_t instant_s(const struct collect_plan *plan, int64_t now_s, int32_t zone_offset_s, int64_t periods)
{
    static const int64_t lengths_s[COLLECT_UNIT_COUNT] = {
        [COLLECT_MINUTE] = 60,
        [COLLECT_HOUR] = 3600,
        [COLLECT_DAY] = CALENDAR_DAY_S,
        [COLLECT_WEEK] = 7 * CALENDAR_DAY_S,
    };
    if (plan->unit == COLLECT_MONTH) {
        int64_t month = floor_to(months_since_1970(calendar_local_day(now_s, zone_offset_s)), plan->every);
        return month_instant_s(plan, month + periods * plan->every, zone_offset_s);
    }
    int64_t length_s = lengths_s[plan->unit] * plan->every;
    int64_t origin_s = (plan->unit == COLLECT_WEEK ? FIRST_MONDAY_S : 0) - zone_offset_s + plan->offset_s;
    return floor_to(now_s - origin_s, length_s) + origin_s + periods * length_s;
}

int64_t collect_plan_due_s(const struct collect_plan *plan, int64_t now_s, int32_t zone_offset_s)
{
    int64_t due_s = instant_s(plan, now_s, zone_offset_s, 0);
    return due_s <= now_s ? due_s : instant_s(plan, now_s, zone_offset_s, -1);
}

int64_t collect_plan_next_s(const struct collect_plan *plan, int64_t now_s, int32_t zone_offset_s)
{
    int64_t due_s = instant_s(plan, now_s, zone_offset_s, 0);
    return due_s > now_s ? due_s : instant_s(plan, now_s, zone_offset_s, 1);
}

static uint32_t place_of(const struct collect_room *room, int64_t plan_id)
{
    for (uint32_t i = 0; plan_id > 0 && i < room->plan_count; i++)
        if (room->plans[i].plan_id == plan_id)
            return i;
    return COLLECT_PLAN_LIMIT;
}

const struct collect_plan *collect_plan_find(const struct collect_room *room, int64_t plan_id)
{
    uint32_t place = place_of(room, plan_id);
    return place < COLLECT_PLAN_LIMIT ? &room->plans[place] : NULL;
}

/* What plans say is looked up anew, and every line is looked at again. */
static void plans_forget(void *context, uint64_t argument)
{
    struct collect_room *room = context;
    (void)argument;
    room->plans_stale = true;
    map_release(&room->plan_of_area);
    room->plan_of_area = map_make(AREA_CACHE_LIMIT, room->seed);
    for (uint32_t i = 1; i <= room->line_count; i++)
        ((struct collect_line *)dense_array_at(&room->lines, i))->next_s = 0;
}

static int plan_load(void *visitor, const struct collect_plan *row)
{
    struct collect_room *room = visitor;
    if (room->plan_count == COLLECT_PLAN_LIMIT)
        return COLLECT_ERR_STORED;
    room->plans[room->plan_count++] = *row;
    return 0;
}

static int plan_device_load(void *visitor, int64_t plan_id, uint32_t device_id)
{
    struct collect_room *room = visitor;
    uint32_t place = place_of(room, plan_id);
    if (place == COLLECT_PLAN_LIMIT)
        return COLLECT_ERR_STORED;
    if (room->plans[place].enabled == 0)
        return 0;
    uint64_t key = (uint64_t)room->plans[place].what << 32 | device_id;
    return map_put(&room->plan_devices, key, place + 1) < 0 ? COLLECT_ERR_MEMORY : 0;
}

int collect_plans_load(struct collect_room *room)
{
    memset(room->plans, 0, COLLECT_PLAN_LIMIT * sizeof *room->plans);
    memset(room->plan_dirty, 0, sizeof room->plan_dirty);
    room->plan_count = 0;
    map_release(&room->plan_devices);
    room->plan_devices = map_make(2 * COLLECT_PLAN_DEVICES, room->seed);
    int error = room->store.plans_walk(room->store.context, plan_load, room);
    if (error == 0)
        error = room->store.plan_devices_walk(room->store.context, plan_device_load, room);
    if (error == 0)
        room->plans_stale = false;
    return error;
}

/* After a change in the store; a transaction that fails must not keep it either. */
static int plans_renew(struct collect_room *room)
{
    if (undo_call(room->undo, plans_forget, room, 0) != 0)
        return COLLECT_ERR_FULL;
    plans_forget(room, 0);
    return collect_plans_load(room);
}

/* The plan of the nearest area around the meter; of two there, the newer. */
static uint32_t area_look(const struct collect_room *room, uint32_t area_id, uint8_t kind, uint8_t what)
{
    for (uint32_t steps = 0; area_id != 0 && steps < 16; steps++) {
        const struct area_record *area = registry_area_find(room->registry, area_id);
        for (uint32_t i = room->plan_count; i-- > 0;) {
            const struct collect_plan *plan = &room->plans[i];
            if (plan->enabled && plan->what == what && plan->area_id == area_id &&
                (plan->kind == 0 || plan->kind == kind))
                return i + 1;
        }
        area_id = area ? area->parent_area_id : 0;
    }
    return 0;
}

struct collect_plan *collect_plan_of(struct collect_room *room, const struct registry_device *device, uint8_t what)
{
    uint64_t place = 0;
    uint64_t key = (uint64_t)what << 40 | (uint64_t)device->kind << 32 | device->area_id;
    if (room->plan_count == 0)
        return NULL;
    if (map_get(&room->plan_devices, (uint64_t)what << 32 | device->device_id, &place))
        return &room->plans[place - 1];
    if (!map_get(&room->plan_of_area, key, &place)) {
        place = area_look(room, device->area_id, device->kind, what);
        /* Without room in the cache it is only looked up again. */
        (void)map_put(&room->plan_of_area, key, place);
    }
    return place > 0 ? &room->plans[place - 1] : NULL;
}

static int plan_check(struct collect_room *room, const struct collect_plan *plan)
{
    struct registry_scope scope;
    if (plan->name[0] == '\0' || !memchr(plan->name, '\0', sizeof plan->name) ||
        text_utf8_check(span_of_text(plan->name)) < 0)
        return COLLECT_ERR_NAME;
    if (plan->what == 0 || plan->what >= COLLECT_INTERVAL)
        return COLLECT_ERR_WHAT;
    if (plan->unit == 0 || plan->unit >= COLLECT_UNIT_COUNT || plan->every == 0 ||
        plan->every > bounds[plan->unit].every || plan->offset_s < 0 || plan->offset_s >= bounds[plan->unit].offset_s)
        return COLLECT_ERR_PERIOD;
    if (plan->area_id != 0 && registry_scope_make(room->registry, plan->tenant_id, plan->area_id, &scope) != 0)
        return COLLECT_ERR_SCOPE;
    return 0;
}

static int devices_insert(struct collect_room *room, const struct collect_plan *plan, const uint32_t *device_ids,
                          size_t device_count)
{
    for (size_t i = 0; i < device_count; i++) {
        const struct registry_device *device = registry_device_find(room->registry, device_ids[i]);
        if (!device || device->removed || device->tenant_id != plan->tenant_id || !registry_is_meter(device))
            return COLLECT_ERR_DEVICE;
        int error = room->store.plan_device_insert(room->store.context, plan->plan_id, device_ids[i]);
        if (error != 0)
            return error;
    }
    return 0;
}

int collect_plan_create(struct collect_room *room, struct collect_plan *plan, const uint32_t *device_ids,
                        size_t device_count)
{
    int error = plan_check(room, plan);
    if (error == 0 && (plan->area_id != 0) == (device_count > 0))
        error = COLLECT_ERR_SCOPE;
    if (error == 0 && device_count + room->plan_devices.count > COLLECT_PLAN_DEVICES)
        error = COLLECT_ERR_PLANS_FULL;
    if (error == 0 && room->plan_count == COLLECT_PLAN_LIMIT)
        error = COLLECT_ERR_PLANS_FULL;
    if (error == 0)
        error = room->store.plan_insert(room->store.context, plan);
    if (error == 0)
        error = devices_insert(room, plan, device_ids, device_count);
    return error != 0 ? error : plans_renew(room);
}

int collect_plan_change(struct collect_room *room, const struct collect_plan *plan)
{
    uint32_t place = place_of(room, plan->plan_id);
    if (place == COLLECT_PLAN_LIMIT)
        return COLLECT_ERR_PLAN;
    struct collect_plan changed = *plan;
    changed.tenant_id = room->plans[place].tenant_id;
    int error = plan_check(room, &changed);
    if (error == 0 && (changed.area_id != 0) != (room->plans[place].area_id != 0))
        error = COLLECT_ERR_SCOPE;
    if (error == 0)
        error = room->store.plan_update(room->store.context, &changed);
    return error != 0 ? error : plans_renew(room);
}

int collect_plan_delete(struct collect_room *room, int64_t plan_id)
{
    if (place_of(room, plan_id) == COLLECT_PLAN_LIMIT)
        return COLLECT_ERR_PLAN;
    int error = room->store.plan_delete(room->store.context, plan_id);
    return error != 0 ? error : plans_renew(room);
}

/* The figures of a run begin anew with the run. They are for people: a transaction that fails may leave them ahead. */
void collect_plan_count(struct collect_room *room, struct collect_plan *plan, int64_t due_s, uint32_t asked,
                        uint32_t done, uint32_t failed)
{
    if (due_s > plan->last_run_s) {
        plan->last_run_s = due_s;
        plan->asked = plan->done = plan->failed = 0;
    }
    plan->asked += asked;
    plan->done += done;
    plan->failed += failed;
    room->plan_dirty[plan - room->plans] = 1;
}

int collect_plans_flush(struct collect_room *room)
{
    for (uint32_t i = 0; i < room->plan_count; i++) {
        int error = room->plan_dirty[i] ? room->store.plan_update(room->store.context, &room->plans[i]) : 0;
        if (error != 0)
            return error;
        room->plan_dirty[i] = 0;
    }
    return 0;
}
