/* Which orders a line gets: what people asked first, then what its meters owe. */
#include <string.h>

#include "collect/collect_internal.h"

#define RESERVED_FOR_ONE 2   /* places that only a task of a single meter may take */
#define URGENT_SET 8         /* a person who chose so few meters waits for them */
#define LOOK_AGAIN_S 5       /* when all that waits has to wait */
#define FREEZE_LIFE_S 60     /* what is latched later is not the same instant */
#define SCAN_AT_LEAST_S 3600 /* a change of the archive is seen by then */

static bool out_is_full(const struct collect_room *room)
{
    return room->out_count >= COLLECT_SEND_LIMIT;
}

/* Items of one task that go into one order. */
struct group {
    struct collect_open_task *task;
    int first;     /* in room->fetched */
    int count;     /* 1: alone */
    bool together; /* through the concentrator's points, all of one kind */
    uint8_t kind;
    uint8_t period_min; /* of COLLECT_INTERVAL, else 0 */
    char profile[LINE_PROFILE_LIMIT]; /* where the kind needs it */
};

/* 0 of what has no period. */
static uint8_t item_period_min(const struct collect_room *room, const struct collect_item *item,
                               const struct collect_open_task *task)
{
    return task->row.what == COLLECT_INTERVAL ? collect_interval_period_min(room, item->device_id) : 0;
}

/* A model that cannot be read keeps the meter out; it is asked alone. */
static bool item_joins(struct collect_room *room, const struct collect_item *item, const struct group *group)
{
    const struct registry_device *device = registry_device_find(room->registry, item->device_id);
    return item->task_id == group->task->row.task_id && item->route == LINE_ROUTE_POINT && device && !device->removed &&
           device->line_device_id == item->line_id && device->measurement_point > 0 && device->kind == group->kind &&
           item_period_min(room, item, group->task) == group->period_min &&
           collect_model_fits(room, device, group->profile) == 1;
}

static bool place_for_priority(const struct collect_line *line, uint8_t priority)
{
    if (priority == COLLECT_HIGH)
        return line->order_count < LINE_ORDER_OPEN_LIMIT;
    return line->scheduled_count < COLLECT_SCHEDULED_LIMIT &&
           line->order_count < LINE_ORDER_OPEN_LIMIT - RESERVED_FOR_ONE;
}

static bool place_for(const struct collect_line *line, const struct group *group)
{
    return place_for_priority(line, group->task->row.priority) &&
           (group->task->row.total == 1 || line->order_count < LINE_ORDER_OPEN_LIMIT - RESERVED_FOR_ONE);
}

static uint8_t priority_at_line(const struct group *group)
{
    if (group->task->row.priority == COLLECT_HIGH && group->count <= URGENT_SET)
        return LINE_PRIORITY_ON_DEMAND;
    return group->task->row.priority == COLLECT_LOW ? LINE_PRIORITY_REPEAT : LINE_PRIORITY_SCHEDULED;
}

/* What must not be asked at all: removed, moved to another line, or known by now.
 * returns  1 it was dealt with, 0 ask; negative */
static int item_sort_out(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                         int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, item->device_id);
    int error = 0;
    if (!device || device->removed) {
        error = collect_item_failed(room, task, item, COLLECT_REASON_REMOVED, now_s);
        return error != 0 ? error : 1;
    }
    if (device->line_device_id != item->line_id) {
        error = collect_line_waiting(room, item->line_id, item->priority, -1);
        item->line_id = device->line_device_id;
        if (error == 0)
            error = collect_line_waiting(room, item->line_id, item->priority, 1);
        if (error == 0)
            error = room->store.item_update(room->store.context, item);
        return error != 0 ? error : 1;
    }
    int known = collect_value_known(room, item->device_id, task->row.what, task->row.day);
    if (known <= 0)
        return known;
    error = collect_item_met(room, task, item, now_s);
    return error != 0 ? error : 1;
}

static void order_take_item(struct collect_order *order, const struct registry_device *device)
{
    uint16_t point = device->measurement_point;
    if (order->set)
        order->points[point / 8] |= (uint8_t)(1u << point % 8);
    else
        order->device_id = device->device_id;
    order->left++;
}

static int group_fill(struct collect_room *room, const struct group *group, struct collect_order *order, int64_t now_s)
{
    int left = group->count;
    for (int i = group->first; left > 0; i++) {
        struct collect_item *item = &room->fetched[i];
        if (group->together && !item_joins(room, item, group))
            continue;
        order_take_item(order, registry_device_find(room->registry, item->device_id));
        int error = collect_item_asked(room, group->task, item, now_s);
        if (error != 0)
            return error;
        left--;
    }
    return 0;
}

/* returns  1 given; 0 the pool of orders is full; negative */
static int group_give(struct collect_room *room, struct collect_line *line, const struct group *group, int64_t now_s)
{
    struct collect_item *item = &room->fetched[group->first];
    const struct collect_task *task = &group->task->row;
    struct collect_order *order = collect_order_take(room, line, task->priority != COLLECT_HIGH, group->count > 1);
    if (!order)
        return 0;
    order->task_id = task->task_id;
    order->what = task->what;
    order->day = task->day;
    order->time_s = task->time_s;
    order->route = item->route;
    if (group->period_min != 0) {
        order->time_s = collect_interval_first_s(task->time_s, group->period_min);
        order->count = (uint16_t)(CALENDAR_DAY_S / 60 / group->period_min);
        order->period_min = group->period_min;
    }
    int error = group_fill(room, group, order, now_s);
    if (error != 0)
        return error;
    error = collect_order_send(room, order, priority_at_line(group), item->device_id, now_s, task->expires_s);
    if (error == 0)
        return 1;
    if (error != REGISTRY_ERR_LINE && error != REGISTRY_ERR_DEVICE)
        return error;
    error = collect_order_free(room, order);
    if (error == 0)
        error = collect_item_failed(room, group->task, item, COLLECT_REASON_UNREACHABLE, now_s);
    return error != 0 ? error : 1;
}

static void group_form(struct collect_room *room, int first, int fetched, bool sets, struct group *group)
{
    const struct collect_item *item = &room->fetched[first];
    const struct registry_device *device = registry_device_find(room->registry, item->device_id);
    group->first = first;
    group->count = 1;
    group->kind = device ? device->kind : 0;
    group->period_min = item_period_min(room, item, group->task);
    group->together =
        sets && device && collect_model_read(room, device, group->profile) == 0 && item_joins(room, item, group);
    for (int i = first + 1; group->together && i < fetched; i++)
        group->count += item_joins(room, &room->fetched[i], group);
}

static bool takes_sets(const struct collect_room *room, const struct collect_line *line)
{
    const struct registry_device *device = registry_device_find(room->registry, line->line_id);
    return device && device->kind == REGISTRY_KIND_CONCENTRATOR;
}

/* What a meter latched only the meter itself tells: the concentrator's data of its point are of another moment. Meters
 * of other kinds cannot latch; theirs are values of now. */
static void latched_route_choose(const struct collect_room *room, const struct collect_line *line,
                                 const struct collect_task *task, struct collect_item *item)
{
    const struct registry_device *device = registry_device_find(room->registry, item->device_id);
    if (task->freeze && device->kind == DEVICE_KIND_ELECTRICITY && takes_sets(room, line))
        item->route = LINE_ROUTE_FORWARD;
}

/* One order of what waits with this priority.
 * returns  1 given or dealt with: look again; 0 nothing that may be asked now; negative */
static int items_give(struct collect_room *room, struct collect_line *line, uint8_t priority, int64_t now_s)
{
    int fetched = room->store.items_waiting(room->store.context, line->line_id, priority, now_s, room->fetched,
                                            COLLECT_FETCH_LIMIT);
    if (fetched < 0)
        return fetched;
    room->looks -= 1 + fetched;
    for (int i = 0; i < fetched; i++) {
        struct group group = { .task = collect_task_find(room, room->fetched[i].task_id) };
        if (!group.task)
            return COLLECT_ERR_STORED;
        int answer = item_sort_out(room, group.task, &room->fetched[i], now_s);
        if (answer != 0)
            return answer;
        latched_route_choose(room, line, &group.task->row, &room->fetched[i]);
        group_form(room, i, fetched, takes_sets(room, line), &group);
        if (place_for(line, &group))
            return group_give(room, line, &group, now_s);
    }
    return 0;
}

static int tasks_give(struct collect_room *room, struct collect_line *line, int64_t now_s)
{
    for (uint8_t priority = COLLECT_HIGH; priority <= COLLECT_LOW; priority++) {
        int answer = 1;
        while (answer == 1 && line->waiting[priority] > 0 && place_for_priority(line, priority) && !out_is_full(room))
            answer = items_give(room, line, priority, now_s);
        if (answer < 0)
            return answer;
    }
    if (line->waiting[0] > 0 && !out_is_full(room)) {
        int error = collect_save(room, line, sizeof *line);
        line->waiting_s = (uint32_t)now_s + LOOK_AGAIN_S;
        return error;
    }
    return 0;
}

static int radio_ask(struct collect_room *room, struct collect_open_task *task, struct collect_item *item,
                     int64_t now_s)
{
    int asked = 0;
    if (task->row.what == COLLECT_INTERVAL && room->radio_intervals)
        asked = room->radio_intervals(room->listener, item->device_id, task->row.requested_by, task->row.time_s);
    else if (task->row.what != COLLECT_INTERVAL && room->radio_read)
        asked = room->radio_read(room->listener, item->device_id, task->row.requested_by);
    if (asked < 0)
        return asked;
    if (asked == 0)
        return collect_item_give_up(room, task, item, LINE_PROBLEM_UNSUPPORTED, now_s);
    item->problem = COLLECT_REASON_ASLEEP;
    return collect_item_asked(room, task, item, now_s);
}

/* Meters with a radio of their own: they are asked one by one, and answer in their own time. */
static int radios_give(struct collect_room *room, struct collect_line *line, int64_t now_s)
{
    int fetched = 0;
    for (uint8_t priority = COLLECT_HIGH; priority <= COLLECT_LOW && fetched == 0; priority++)
        if (line->waiting[priority] > 0)
            fetched =
                room->store.items_waiting(room->store.context, line->line_id, priority, now_s, room->fetched, 256);
    room->looks -= fetched > 0 ? fetched : 1;
    for (int i = 0; i < fetched; i++) {
        struct collect_item *item = &room->fetched[i];
        struct collect_open_task *task = collect_task_find(room, item->task_id);
        int answer = task ? item_sort_out(room, task, item, now_s) : COLLECT_ERR_STORED;
        if (answer == 0) {
            answer = radio_ask(room, task, item, now_s);
        }
        if (answer < 0)
            return answer;
    }
    if (fetched <= 0 && line->waiting[0] > 0)
        line->waiting_s = (uint32_t)now_s + LOOK_AGAIN_S;
    return fetched < 0 ? fetched : 0;
}

/* The most pressing need on a line, and then all meters that share it. */
struct pick {
    struct collect_room *room;
    struct collect_order *order; /* NULL while the need is still looked for */
    int64_t now_s;
    int64_t next_s;
    struct collect_need need;
    int64_t task_id;
    uint32_t device_id;
    uint8_t kind;
    char profile[LINE_PROFILE_LIMIT];
    int error;
};

static int rank_of(const struct collect_need *need, int64_t now_s)
{
    switch (need->what) {
    case COLLECT_DAILY:
        return now_s - need->time_s < CALENDAR_DAY_S ? 0 : 3;
    case COLLECT_CURRENT:
        return 1;
    case COLLECT_CURVE:
        return 2;
    case COLLECT_INTERVAL:
        return 5;
    default:
        return 4;
    }
}

static bool presses_more(const struct collect_need *need, const struct collect_need *best, int64_t now_s)
{
    int difference = best->what == 0 ? -1 : rank_of(need, now_s) - rank_of(best, now_s);
    if (difference != 0)
        return difference < 0;
    return need->day != best->day ? need->day > best->day : need->route < best->route;
}

static int need_look(void *visitor, const struct registry_device *device)
{
    struct pick *pick = visitor;
    struct collect_need need;
    pick->room->looks--;
    pick->error = collect_need_find(pick->room, device, pick->now_s, &need, &pick->next_s);
    if (pick->error != 0)
        return pick->error;
    if (need.what != 0 && presses_more(&need, &pick->need, pick->now_s)) {
        pick->need = need;
        pick->device_id = device->device_id;
        pick->kind = device->kind;
    }
    return 0;
}

static int meter_join(struct pick *pick, const struct registry_device *device)
{
    struct collect_room *room = pick->room;
    struct collect_device *record;
    int error = collect_device_touch(room, device->device_id, &record);
    if (error != 0)
        return error;
    record->next_s = (uint32_t)(pick->now_s + COLLECT_ORDER_LIFE_S + COLLECT_ORDER_LOST_S);
    order_take_item(pick->order, device);
    if (pick->need.plan != 0) {
        struct collect_plan *plan = &room->plans[pick->need.plan - 1];
        int32_t zone_offset_s = registry_zone_offset_s(room->registry, device->device_id);
        collect_plan_count(room, plan, collect_plan_due_s(plan, pick->now_s, zone_offset_s), 1, 0, 0);
    }
    return 0;
}

static int need_share(void *visitor, const struct registry_device *device)
{
    struct pick *pick = visitor;
    struct collect_need need;
    if (device->kind != pick->kind)
        return 0;
    pick->room->looks--;
    pick->error = collect_need_find(pick->room, device, pick->now_s, &need, &pick->next_s);
    if (pick->error != 0)
        return pick->error;
    if (need.what != pick->need.what || need.day != pick->need.day || need.time_s != pick->need.time_s ||
        need.count != pick->need.count || need.period_min != pick->need.period_min || need.plan != pick->need.plan || need.route != LINE_ROUTE_POINT)
        return 0;
    int fits = collect_model_fits(pick->room, device, pick->profile);
    return pick->error = fits == 1 ? meter_join(pick, device) : fits;
}

static int need_give(struct collect_room *room, struct collect_line *line, struct pick *pick)
{
    bool set = pick->need.route == LINE_ROUTE_POINT;
    const struct registry_device *device = registry_device_find(room->registry, pick->device_id);
    int error = collect_model_read(room, device, pick->profile);
    if (error != 0)
        return error;
    pick->order = collect_order_take(room, line, true, set);
    if (!pick->order)
        return 0;
    pick->order->what = pick->need.what;
    pick->order->day = pick->need.day;
    pick->order->time_s = pick->need.time_s;
    pick->order->count = pick->need.count;
    pick->order->period_min = pick->need.period_min;
    pick->order->route = pick->need.route;
    pick->order->plan_id = pick->need.plan != 0 ? room->plans[pick->need.plan - 1].plan_id : 0;
    if (set)
        error = collect_line_meters(room, line->line_id, need_share, pick);
    else
        error = meter_join(pick, device);
    if (error != 0)
        return error;
    uint8_t priority = rank_of(&pick->need, pick->now_s) < 3 ? LINE_PRIORITY_SCHEDULED : LINE_PRIORITY_REPEAT;
    error = collect_order_send(room, pick->order, priority, pick->device_id, pick->now_s,
                               pick->now_s + COLLECT_ORDER_LIFE_S);
    return error != 0 ? error : 1;
}

static int needs_give(struct collect_room *room, struct collect_line *line, int64_t now_s)
{
    int answer = 1;
    /* Meters of a set answer one by one. Their next sets wait for the last one, or they would shrink to single meters. */
    if (line->scheduled_count > 0 && takes_sets(room, line))
        return 0;
    while (answer == 1 && line->scheduled_count < COLLECT_SCHEDULED_LIMIT &&
           line->order_count < LINE_ORDER_OPEN_LIMIT && !out_is_full(room) && room->looks > 0) {
        struct pick pick = { .room = room, .now_s = now_s, .next_s = now_s + SCAN_AT_LEAST_S };
        answer = collect_line_meters(room, line->line_id, need_look, &pick);
        if (answer == 0 && pick.need.what != 0) {
            answer = need_give(room, line, &pick);
            continue;
        }
        if (answer == 0)
            answer = collect_save(room, line, sizeof *line);
        line->next_s = (uint32_t)pick.next_s;
    }
    return answer < 0 ? answer : 0;
}

#define PORT_COUNT 32 /* of a concentrator: 1 to 31; 0 where the line has none */

/* Who latches on a line: a concentrator passes a broadcast on at one port, so each port that has meters gets its own. */
struct broadcast {
    struct collect_room *room;
    const struct collect_line *line;
    uint32_t meters[PORT_COUNT]; /* an electricity meter there; 0 none */
    struct collect_order *order;
    uint8_t port;
    bool is_first;
};

static uint8_t broadcast_port(const struct broadcast *broadcast, const struct registry_device *device)
{
    return takes_sets(broadcast->room, broadcast->line) && device->port < PORT_COUNT ? device->port : 0;
}

static int electricity_note(void *visitor, const struct registry_device *device)
{
    struct broadcast *broadcast = visitor;
    if (device->kind == DEVICE_KIND_ELECTRICITY)
        broadcast->meters[broadcast_port(broadcast, device)] = device->device_id;
    return 0;
}

/* Whom the order latches; with the first one go those who hear nothing at any port. */
static int listener_note(void *visitor, const struct registry_device *device)
{
    struct broadcast *broadcast = visitor;
    uint8_t port = broadcast_port(broadcast, device);
    uint16_t point = device->measurement_point;
    if ((port == broadcast->port || (broadcast->is_first && broadcast->meters[port] == 0)) && point < LINE_POINT_LIMIT)
        broadcast->order->points[point / 8] |= (uint8_t)(1u << point % 8);
    return 0;
}

static int port_freeze(const struct pick *pick, struct broadcast *broadcast, uint32_t device_id)
{
    struct collect_room *room = pick->room;
    struct collect_line *line = collect_line_find(room, broadcast->line->line_id);
    struct collect_order *order = out_is_full(room) || line->order_count == LINE_ORDER_OPEN_LIMIT
                                      ? NULL
                                      : collect_order_take(room, line, false, true);
    if (!order)
        return COLLECT_ERR_FREEZE_LARGE;
    order->task_id = pick->task_id;
    order->time_s = pick->now_s;
    broadcast->order = order;
    int error = collect_line_meters(room, line->line_id, listener_note, broadcast);
    if (error != 0)
        return error;
    broadcast->is_first = false;
    return collect_order_send(room, order, LINE_PRIORITY_ON_DEMAND, device_id, pick->now_s,
                              pick->now_s + FREEZE_LIFE_S);
}

static int line_freeze(void *visitor, uint32_t line_id, uint8_t priority, uint8_t state, uint32_t count)
{
    struct pick *pick = visitor;
    struct broadcast broadcast = { .room = pick->room,
                                   .line = collect_line_find(pick->room, line_id),
                                   .is_first = true };
    int error = collect_line_meters(pick->room, line_id, electricity_note, &broadcast);
    (void)priority;
    (void)state;
    (void)count;
    for (uint8_t port = 0; port < PORT_COUNT && error == 0; port++) {
        broadcast.port = port;
        if (broadcast.meters[port] != 0)
            error = port_freeze(pick, &broadcast, broadcast.meters[port]);
    }
    return error == 0 && broadcast.is_first ? port_freeze(pick, &broadcast, line_id) : error;
}

int collect_task_freeze(struct collect_room *room, struct collect_open_task *task, int64_t now_s)
{
    uint32_t out_count = room->out_count;
    struct pick pick = { .room = room, .now_s = now_s, .task_id = task->row.task_id };
    int error = room->store.items_open_walk(room->store.context, task->row.task_id, line_freeze, &pick);
    if (error != 0)
        room->out_count = out_count;
    return error;
}

/* What the gate has forgotten is asked anew. */
static int orders_lost_end(struct collect_room *room, struct collect_line *line, int64_t now_s)
{
    for (uint8_t i = line->order_count; i-- > 0;) {
        struct collect_order *order = dense_array_at(&room->orders, line->orders[i]);
        int error = order->lost_s <= now_s ? collect_order_end(room, order, LINE_PROBLEM_LOST, now_s) : 0;
        if (error != 0)
            return error;
    }
    return 0;
}

int collect_line_dispatch(struct collect_room *room, struct collect_line *line, int64_t now_s)
{
    int error = 0;
    if (line->line_id == COLLECT_RADIO_LINE)
        return line->waiting[0] > 0 && line->waiting_s <= now_s ? radios_give(room, line, now_s) : 0;
    if (line->order_count > 0)
        error = orders_lost_end(room, line, now_s);
    if (error == 0 && line->online && line->waiting[0] > 0 && line->waiting_s <= now_s)
        error = tasks_give(room, line, now_s);
    if (error == 0 && line->online && line->next_s <= now_s)
        error = needs_give(room, line, now_s);
    return error;
}
