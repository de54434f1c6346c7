/* Orders that lines have: a pool of places, and the messages that leave after the commit. */
#include <string.h>

#include "collect/collect_internal.h"
#include "registry/registry_line.h"

/* An identifier names its place, so an answer finds it at once; the serial above tells it from earlier ones there. */
#define PLACE_BITS 17
#define PLACE_MASK ((UINT64_C(1) << PLACE_BITS) - 1)
_Static_assert(COLLECT_ORDER_LIMIT <= PLACE_MASK, "places fit into identifiers");

/* Orders of this room; other rooms take other numbers in the highest byte. */
#define ORDER_SPACE (UINT64_C(1) << 56)

static struct collect_order *place_take(struct collect_room *room, uint32_t *place)
{
    *place = room->pool.free != 0 ? room->pool.free : room->pool.high + 1;
    if (*place > COLLECT_ORDER_LIMIT)
        return NULL;
    struct collect_order *order = dense_array_reserve(&room->orders, *place);
    if (!order || collect_save(room, order, sizeof *order) != 0 ||
        collect_save(room, &room->pool, sizeof room->pool) != 0)
        return NULL;
    if (room->pool.free != 0)
        room->pool.free = order->next_free;
    else
        room->pool.high = *place;
    return order;
}

struct collect_order *collect_order_take(struct collect_room *room, struct collect_line *line, bool scheduled, bool set)
{
    uint32_t place;
    if (collect_save(room, line, sizeof *line) != 0)
        return NULL;
    struct collect_order *order = place_take(room, &place);
    if (!order)
        return NULL;
    memset(order, 0, sizeof *order);
    order->order_id = ORDER_SPACE | (uint64_t)++room->pool.serial << PLACE_BITS | place;
    order->line_id = line->line_id;
    order->scheduled = scheduled;
    order->set = set;
    room->pool.count++;
    line->orders[line->order_count++] = place;
    line->scheduled_count = (uint8_t)(line->scheduled_count + scheduled);
    line->changed = 1;
    return order;
}

struct collect_order *collect_order_find(const struct collect_room *room, uint64_t order_id)
{
    uint32_t place = (uint32_t)(order_id & PLACE_MASK);
    struct collect_order *order = place >= 1 && place <= room->pool.high ? dense_array_at(&room->orders, place) : NULL;
    return order && order_id != 0 && order->order_id == order_id ? order : NULL;
}

int collect_order_free(struct collect_room *room, struct collect_order *order)
{
    struct collect_line *line = collect_line_find(room, order->line_id);
    uint32_t place = (uint32_t)(order->order_id & PLACE_MASK);
    int error = collect_save(room, order, sizeof *order);
    if (error == 0)
        error = collect_save(room, &room->pool, sizeof room->pool);
    if (error == 0)
        error = collect_save(room, line, sizeof *line);
    if (error != 0)
        return error;
    for (uint8_t i = 0; i < line->order_count; i++)
        if (line->orders[i] == place)
            line->orders[i] = line->orders[--line->order_count];
    line->scheduled_count = (uint8_t)(line->scheduled_count - order->scheduled);
    line->changed = 1;
    if (order->task_id == 0)
        line->next_s = 0;
    line->waiting_s = 0;
    order->order_id = 0;
    order->next_free = room->pool.free;
    room->pool.free = place;
    room->pool.count--;
    return collect_line_ready(room, line);
}

bool collect_order_holds(const struct collect_order *order, const struct registry_device *device)
{
    uint16_t point = device->measurement_point;
    if (device->line_device_id != order->line_id)
        return false;
    if (order->device_id != 0)
        return order->device_id == device->device_id && order->left > 0;
    return point < LINE_POINT_LIMIT && (order->points[point / 8] & 1u << point % 8) != 0;
}

void collect_order_strike(struct collect_order *order, const struct registry_device *device)
{
    uint16_t point = device->measurement_point;
    if (order->device_id == 0)
        order->points[point / 8] &= (uint8_t) ~(1u << point % 8);
    order->left--;
}

static const uint16_t operations[COLLECT_WHAT_COUNT] = {
    [0] = LINE_FREEZE,
    [COLLECT_CURRENT] = LINE_READ_CURRENT,
    [COLLECT_DAILY] = LINE_READ_DAILY,
    [COLLECT_MONTHLY] = LINE_READ_MONTHLY,
    [COLLECT_CURVE] = LINE_READ_CURVE,
    [COLLECT_INTERVAL] = LINE_READ_CURVE,
};

static void set_fill(const struct collect_order *order, struct line_order *message)
{
    message->device_id = 0;
    message->measurement_point = 0;
    message->address[0] = '\0';
    message->collector[0] = '\0';
    if (message->kind != DEVICE_KIND_HEAT)
        message->profile[0] = '\0';
    if (order->what != 0)
        memcpy(message->body.points, order->points, sizeof order->points);
}

int collect_model_read(struct collect_room *room, const struct registry_device *device,
                       char profile[LINE_PROFILE_LIMIT])
{
    struct line_order order = { 0 };
    int error =
        device->kind == DEVICE_KIND_HEAT ? registry_line_order_fill(room->registry, device->device_id, &order) : 0;
    if (error == 0)
        memcpy(profile, order.profile, LINE_PROFILE_LIMIT);
    return error;
}

int collect_model_fits(struct collect_room *room, const struct registry_device *device, const char *profile)
{
    char model[LINE_PROFILE_LIMIT];
    int error = collect_model_read(room, device, model);
    return error != 0 ? error : strcmp(model, profile) == 0;
}

/* How many freezes ago: 1 is the newest. */
static uint16_t freezes_back(const struct collect_order *order, const struct line_order *message, int64_t now_s)
{
    int64_t today = calendar_local_day(now_s, message->zone_offset_s);
    uint16_t back = 1;
    if (order->what == COLLECT_DAILY)
        return (uint16_t)(today - order->day + 1);
    while (back < COLLECT_MONTHS && calendar_month_start_after(today, 1 - (int32_t)back) > order->day)
        back++;
    return back;
}

int collect_order_send(struct collect_room *room, struct collect_order *order, uint8_t priority, uint32_t any_device_id,
                       int64_t now_s, int64_t expires_s)
{
    struct line_order *message = &room->out[room->out_count];
    memset(message, 0, sizeof *message);
    int error = registry_line_order_fill(room->registry, any_device_id, message);
    if (error != 0)
        return error;
    message->order_id = order->order_id;
    message->line_id = order->line_id;
    message->operation = operations[order->what];
    message->priority = priority;
    message->time_s = order->time_s;
    message->expires_s = expires_s;
    message->count = order->count;
    message->interval_min = order->what == COLLECT_CURVE ? COLLECT_CURVE_MIN : order->period_min;
    if (order->route == LINE_ROUTE_FORWARD && message->route == LINE_ROUTE_POINT)
        message->route = LINE_ROUTE_FORWARD;
    if (order->what == COLLECT_DAILY || order->what == COLLECT_MONTHLY)
        message->back = freezes_back(order, message, now_s);
    if (order->device_id == 0)
        set_fill(order, message);
    order->lost_s = expires_s + COLLECT_ORDER_LOST_S;
    room->out_count++;
    return 0;
}

/* Beyond the bound some orders are read without being wanted, which does no harm. */
void collect_order_cancel(struct collect_room *room, const struct collect_order *order)
{
    if (room->cancellation_count < COLLECT_CANCEL_LIMIT)
        room->cancellations[room->cancellation_count++] =
            (struct collect_cancellation){ order->order_id, order->line_id };
}

void collect_send(struct collect_room *room, void *context, bool (*order)(void *, const struct line_order *),
                  bool (*cancel)(void *, uint32_t, uint64_t))
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < room->out_count; i++)
        if (!order || !order(context, &room->out[i])) {
            if (kept != i)
                room->out[kept] = room->out[i];
            kept++;
        }
    room->out_count = room->out_kept = kept;
    kept = 0;
    for (uint32_t i = 0; i < room->cancellation_count; i++)
        if (!cancel || !cancel(context, room->cancellations[i].line_id, room->cancellations[i].order_id))
            room->cancellations[kept++] = room->cancellations[i];
    room->cancellation_count = room->cancellation_kept = kept;
}
