/* What lines and meters answered. Nothing of it is trusted further than the reading room believed it. */
#include <string.h>

#include "base/quantity.h"
#include "collect/collect_internal.h"

#define RADIO_ITEMS 64 /* open items of one meter that one report can end */

int collect_value_known(struct collect_room *room, uint32_t device_id, uint8_t what, int32_t day)
{
    const struct reading_state *state = reading_state_find(room->reading, device_id);
    const struct interval_standing *standing = reading_standing_find(room->reading, device_id);
    struct reading_day row;
    if (what == COLLECT_INTERVAL)
        return standing && interval_standing_complete(standing, day);
    if (what != COLLECT_DAILY && what != COLLECT_MONTHLY)
        return 0;
    if (!state || state->newest_day == 0)
        return 0;
    if (state->newest_day - day < READING_MAP_DAYS)
        return reading_day_known(state, day);
    return reading_day_read(room->reading, device_id, day, &row);
}

/* What the dial shows is its main register; power, voltage or one tariff alone do not say it. */
static bool is_dial(const struct registry_device *device, const struct uplink_item *item)
{
    return item->quantity == (uint16_t)registry_device_quantity(device) && item->register_index == 0 &&
           item->phase == 0;
}

/* Whether the uplink carries a value of what the order asked. */
static bool value_carried(const struct registry_device *device, const struct uplink *uplink,
                          const struct collect_order *order)
{
    for (uint16_t i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++) {
        const struct uplink_item *item = &uplink->items[i];
        bool frozen = item->period == UPLINK_DAILY_FREEZE || item->period == UPLINK_MONTHLY_FREEZE;
        if (order->what == COLLECT_CURRENT && item->period == UPLINK_CURRENT && is_dial(device, item))
            return true;
        if (order->what == COLLECT_CURVE && item->time_s >= order->time_s)
            return true;
        if ((order->what == COLLECT_DAILY || order->what == COLLECT_MONTHLY) && frozen)
            return true;
    }
    return false;
}

/* What an answer means for the meter that gave it: 0 nothing yet, 1 met, negative of the store; else a problem. */
#define ANSWER_MET 1
static int answer_judge(struct collect_room *room, const struct registry_device *device, const struct uplink *uplink,
                        const struct reading_outcome *outcome, const struct collect_order *order, uint8_t *problem)
{
    *problem = 0;
    int known = collect_value_known(room, uplink->device_id, order->what, order->day);
    if (known != 0)
        return known;
    if (uplink->problem != LINE_PROBLEM_NONE) {
        *problem = uplink->problem;
        return 0;
    }
    if (!value_carried(device, uplink, order))
        return 0;
    bool frozen = order->what == COLLECT_DAILY || order->what == COLLECT_MONTHLY;
    if (frozen && outcome->before_installation_count > 0)
        *problem = COLLECT_REASON_BEFORE_START;
    else if (frozen || outcome->current_refused != 0)
        *problem = COLLECT_REASON_NOT_BELIEVED;
    return *problem == 0 ? ANSWER_MET : 0;
}

static int item_end(struct collect_room *room, const struct collect_order *order, uint32_t device_id, bool met,
                    uint8_t problem, int64_t now_s)
{
    struct collect_open_task *task = collect_task_find(room, order->task_id);
    struct collect_item item;
    if (!task || task->row.state != COLLECT_TASK_OPEN)
        return 0; /* cancelled or expired meanwhile */
    int found = room->store.item_read(room->store.context, order->task_id, device_id, &item);
    if (found <= 0 || item.state != COLLECT_ITEM_ASKED)
        return found < 0 ? found : 0;
    return met ? collect_item_met(room, task, &item, now_s) : collect_item_failed(room, task, &item, problem, now_s);
}

static void plan_count(struct collect_room *room, const struct collect_order *order, uint32_t device_id, bool met,
                       int64_t now_s)
{
    const struct collect_plan *found = collect_plan_find(room, order->plan_id);
    if (!found)
        return;
    struct collect_plan *plan = &room->plans[found - room->plans];
    int64_t due_s = collect_plan_due_s(plan, now_s, registry_zone_offset_s(room->registry, device_id));
    collect_plan_count(room, plan, due_s, 0, met, !met);
}

/* One meter of an order has answered, or will not. */
static int member_end(struct collect_room *room, struct collect_order *order, const struct registry_device *device,
                      bool met, uint8_t problem, int64_t now_s)
{
    int error = collect_save(room, order, sizeof *order);
    if (error != 0)
        return error;
    collect_order_strike(order, device);
    if (order->task_id != 0)
        error = item_end(room, order, device->device_id, met, problem, now_s);
    else
        plan_count(room, order, device->device_id, met, now_s);
    if (error != 0)
        return error;
    if (met)
        return collect_need_met(room, device->device_id, order, now_s);
    return order->task_id != 0 ? 0 : collect_need_failed(room, device->device_id, order, problem, now_s);
}

/* Ends the members that have not answered. */
struct remainder {
    struct collect_room *room;
    struct collect_order *order;
    int64_t now_s;
    uint8_t problem;
};

static int member_look(void *visitor, const struct registry_device *device)
{
    struct remainder *rest = visitor;
    if (!collect_order_holds(rest->order, device))
        return 0;
    return member_end(rest->room, rest->order, device, false, rest->problem, rest->now_s);
}

/* A meter that was removed or moved while it was asked: nobody on the line holds its place any more. */
static int single_end(struct collect_room *room, struct collect_order *order, uint8_t problem, int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, order->device_id);
    if (device && order->left > 0)
        return member_end(room, order, device, false, problem, now_s);
    return 0;
}

/* What was not latched cannot be read at that instant any more. */
static int freeze_failed(struct collect_room *room, const struct collect_order *order, uint8_t problem, int64_t now_s)
{
    struct collect_open_task *task = collect_task_find(room, order->task_id);
    if (!task || task->row.state != COLLECT_TASK_OPEN)
        return 0;
    int count = room->store.items_waiting(room->store.context, order->line_id, task->row.priority, INT64_MAX,
                                          room->fetched, COLLECT_FETCH_LIMIT);
    for (int i = 0; i < count; i++) {
        const struct registry_device *device = registry_device_find(room->registry, room->fetched[i].device_id);
        bool is_listener = device == NULL || collect_order_holds(order, device);
        int error = room->fetched[i].task_id == order->task_id && is_listener
                        ? collect_item_give_up(room, task, &room->fetched[i], problem, now_s)
                        : 0;
        if (error != 0)
            return error;
    }
    return count < 0 ? count : 0;
}

int collect_order_end(struct collect_room *room, struct collect_order *order, uint8_t problem, int64_t now_s)
{
    struct remainder rest = { room, order, now_s, problem != LINE_PROBLEM_NONE ? problem : LINE_PROBLEM_NO_DATA };
    int error = 0;
    if (order->what == 0 && problem != LINE_PROBLEM_NONE)
        error = freeze_failed(room, order, problem, now_s);
    else if (order->what != 0 && order->device_id != 0)
        error = single_end(room, order, rest.problem, now_s);
    else if (order->left > 0)
        error = collect_line_meters(room, order->line_id, member_look, &rest);
    return error != 0 ? error : collect_order_free(room, order);
}

static int line_note(struct collect_room *room, const struct uplink *uplink, uint32_t line_id, int64_t now_s)
{
    const struct collect_line *line = collect_line_find(room, line_id);
    bool online = line && line->online;
    if (uplink->kind != UPLINK_PRESENCE)
        return uplink->order_ended &&
                       (uplink->problem == LINE_PROBLEM_OFFLINE || uplink->problem == LINE_PROBLEM_LOST) && online
                   ? collect_line_online(room, line_id, false, now_s)
                   : 0;
    switch (uplink->presence) {
    case UPLINK_PRESENCE_LOGIN:
    case UPLINK_PRESENCE_REPLACED:
        return collect_line_online(room, line_id, true, now_s);
    case UPLINK_PRESENCE_LOGOUT:
    case UPLINK_PRESENCE_LOST:
        return collect_line_online(room, line_id, false, now_s);
    default:
        return online ? 0 : collect_line_online(room, line_id, true, now_s);
    }
}

static int order_answer(struct collect_room *room, struct collect_order *order, const struct uplink *uplink,
                        const struct reading_outcome *outcome, const struct registry_device *device, int64_t now_s)
{
    uint8_t problem;
    int error = 0;
    if (registry_is_meter(device) && order->what != 0 && collect_order_holds(order, device)) {
        int answer = answer_judge(room, device, uplink, outcome, order, &problem);
        if (answer < 0)
            return answer;
        if (answer == ANSWER_MET || problem != 0)
            error = member_end(room, order, device, answer == ANSWER_MET, problem, now_s);
    }
    if (error == 0 && uplink->order_ended)
        error = collect_order_end(room, order, uplink->problem, now_s);
    return error;
}

/* A report of a meter with a radio ends what people asked of it. */
static int radio_note(struct collect_room *room, uint32_t device_id, const struct uplink *uplink,
                      const struct reading_outcome *outcome, int64_t now_s)
{
    struct collect_item items[RADIO_ITEMS];
    if (room->radio_open == 0)
        return 0;
    int count = room->store.items_of_device(room->store.context, device_id, items, RADIO_ITEMS);
    for (int i = 0; i < count; i++) {
        struct collect_open_task *task = collect_task_find(room, items[i].task_id);
        if (!task || items[i].line_id != 0)
            continue;
        int known = task->row.what == COLLECT_CURRENT
                        ? outcome->full_report && outcome->current_refused == 0
                        : collect_value_known(room, device_id, task->row.what, task->row.day);
        int error = known > 0 ? collect_item_met(room, task, &items[i], now_s) : known;
        if (known == 0 && task->row.what == COLLECT_INTERVAL && collect_interval_told(room, uplink) == task->row.day)
            error = collect_item_failed(room, task, &items[i], LINE_PROBLEM_NO_DATA, now_s);
        if (error != 0)
            return error;
    }
    return count < 0 ? count : 0;
}

/* What people asked of the device for one kind of command ends with it. */
static int radio_items_fail(struct collect_room *room, uint32_t device_id, bool intervals, uint8_t problem, int64_t now_s)
{
    struct collect_item items[RADIO_ITEMS];
    int count = room->store.items_of_device(room->store.context, device_id, items, RADIO_ITEMS);
    for (int i = 0; i < count; i++) {
        struct collect_open_task *task = collect_task_find(room, items[i].task_id);
        bool is_meant = task && items[i].line_id == 0 && items[i].state == COLLECT_ITEM_ASKED &&
                        (task->row.what == COLLECT_INTERVAL) == intervals;
        int error = is_meant ? collect_item_failed(room, task, &items[i], problem, now_s) : 0;
        if (error != 0)
            return error;
    }
    return count < 0 ? count : 0;
}

int collect_radio_failed(struct collect_room *room, uint32_t device_id, int64_t now_s)
{
    return radio_items_fail(room, device_id, false, LINE_PROBLEM_NO_ANSWER, now_s);
}

int collect_radio_told(struct collect_room *room, uint32_t device_id, uint8_t problem, int64_t now_s)
{
    int error = problem != LINE_PROBLEM_NONE ? radio_items_fail(room, device_id, true, problem, now_s) : 0;
    return error != 0 ? error : collect_interval_radio_ended(room, device_id, problem, now_s);
}

int collect_observe(struct collect_room *room, const struct uplink *uplink, const struct reading_outcome *outcome,
                    int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, uplink->device_id);
    struct collect_order *order = collect_order_find(room, uplink->order_id);
    int error = 0;
    if (!device)
        return 0;
    if (device->line_device_id == 0) {
        error = radio_note(room, device->device_id, uplink, outcome, now_s);
        return error != 0 ? error : collect_interval_radio(room, device, uplink, outcome, now_s);
    }
    if (uplink->kind == UPLINK_PRESENCE || uplink->order_ended)
        error = line_note(room, uplink, device->line_device_id, now_s);
    if (error != 0 || !order || order->line_id != device->line_device_id)
        return error;
    return order_answer(room, order, uplink, outcome, device, now_s);
}
