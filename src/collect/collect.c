#include "collect/collect.h"

#include <stdlib.h>

#include "collect/collect_internal.h"

#define LINE_WRITES_PER_TICK 500

static int trouble_load(void *visitor, const struct collect_trouble *row)
{
    struct collect_room *room = visitor;
    struct collect_device *device = dense_array_reserve(&room->devices, row->device_id);
    if (!device)
        return COLLECT_ERR_MEMORY;
    device->next_s = (uint32_t)row->next_s;
    device->given_up = row->given_up;
    device->given_up_day = (uint16_t)row->given_up_day;
    device->interval_given_up = row->interval_given_up;
    device->interval_given_up_day = (uint16_t)row->interval_given_up_day;
    device->interval_problem = row->interval_problem;
    device->problem = row->problem;
    device->tries = row->tries;
    device->flags = COLLECT_DEVICE_STORED;
    return 0;
}

static int memory_take(struct collect_room *room, uint32_t device_limit)
{
    room->tasks = calloc(COLLECT_TASK_LIMIT, sizeof *room->tasks);
    room->plans = calloc(COLLECT_PLAN_LIMIT, sizeof *room->plans);
    room->out = calloc(COLLECT_SEND_LIMIT, sizeof *room->out);
    room->cancellations = calloc(COLLECT_CANCEL_LIMIT, sizeof *room->cancellations);
    room->fetched = calloc(COLLECT_FETCH_LIMIT, sizeof *room->fetched);
    room->line_index = map_make(COLLECT_LINE_LIMIT, room->seed);
    if (!room->tasks || !room->plans || !room->out || !room->cancellations || !room->fetched ||
        dense_array_open(&room->devices, sizeof(struct collect_device), device_limit + 1) != 0 ||
        dense_array_open(&room->lines, sizeof(struct collect_line), COLLECT_LINE_LIMIT + 1) != 0 ||
        dense_array_open(&room->orders, sizeof(struct collect_order), COLLECT_ORDER_LIMIT + 1) != 0)
        return COLLECT_ERR_MEMORY;
    return collect_line_reserve(room, COLLECT_RADIO_LINE) ? 0 : COLLECT_ERR_MEMORY;
}

/* Lines are known by the meters that hang on them, and by themselves. */
static int lines_discover(struct collect_room *room)
{
    uint32_t count = registry_device_count(room->registry);
    while (room->registry_seen < count) {
        const struct registry_device *device = registry_device_find(room->registry, room->registry_seen + 1);
        if (device && device->line_device_id != 0) {
            struct collect_line *line = collect_line_reserve(room, device->line_device_id);
            if (!line)
                return COLLECT_ERR_MEMORY;
            line->next_s = 0;
        }
        room->registry_seen++;
    }
    return 0;
}

static int room_load(struct collect_room *room)
{
    struct undo *undo = room->undo;
    room->undo = NULL; /* nobody can take back what was there before */
    int error = lines_discover(room);
    if (error == 0)
        error = collect_plans_load(room);
    if (error == 0)
        error = collect_tasks_load(room);
    if (error == 0)
        error = room->store.troubles_walk(room->store.context, trouble_load, room);
    room->undo = undo;
    return error;
}

int collect_open(const struct collect_config *config, struct collect_room **out)
{
    struct collect_room *room = calloc(1, sizeof *room);
    uint32_t limit = config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    if (!room)
        return COLLECT_ERR_MEMORY;
    room->store = *config->store;
    room->registry = config->registry;
    room->reading = config->reading;
    room->undo = config->undo;
    room->seed = config->seed;
    room->listener = config->listener;
    room->progressed = config->progressed;
    room->radio_read = config->radio_read;
    room->radio_intervals = config->radio_intervals;
    int error = memory_take(room, limit);
    if (error == 0)
        error = room_load(room);
    if (error != 0) {
        collect_close(room);
        return error;
    }
    *out = room;
    return 0;
}

void collect_close(struct collect_room *room)
{
    if (!room)
        return;
    dense_array_close(&room->devices);
    dense_array_close(&room->lines);
    dense_array_close(&room->orders);
    map_release(&room->line_index);
    map_release(&room->plan_devices);
    map_release(&room->plan_of_area);
    free(room->tasks);
    free(room->plans);
    free(room->out);
    free(room->cancellations);
    free(room->fetched);
    free(room);
}

/* After a start no line is connected, and nothing is under way. */
static int room_start(struct collect_room *room, int64_t now_s)
{
    int error = collect_save(room, &room->started, sizeof room->started);
    if (error == 0)
        error = room->store.lines_reset(room->store.context, now_s);
    /* Identifiers of orders do not begin with those of the run before. */
    if (room->pool.serial == 0)
        room->pool.serial = (uint32_t)now_s;
    room->started = 1;
    return error;
}

static int line_write(struct collect_room *room, struct collect_line *line)
{
    if (!line->changed || line->line_id == COLLECT_RADIO_LINE || room->line_writes <= 0)
        return 0;
    int error = collect_save(room, line, sizeof *line);
    if (error != 0)
        return error;
    room->line_writes--;
    line->changed = 0;
    return room->store.line_put(room->store.context, line->line_id, line->online, line->since_s, line->order_count);
}

static int line_visit(struct collect_room *room, uint32_t place, int64_t now_s)
{
    struct collect_line *line = dense_array_at(&room->lines, place);
    int error = collect_line_dispatch(room, line, now_s);
    return error != 0 ? error : line_write(room, line);
}

static int ready_visit(struct collect_room *room, int64_t now_s)
{
    int error = 0;
    for (uint32_t i = 0; i < room->ready_count && error == 0; i++)
        error = line_visit(room, room->ready[i], now_s);
    for (uint32_t i = 0; i < room->ready_count; i++)
        ((struct collect_line *)dense_array_at(&room->lines, room->ready[i]))->ready = 0;
    room->ready_count = 0;
    return error;
}

/* All lines in turn, beginning where the last round was cut short: none waits for the ones before it twice. */
static int round_go(struct collect_room *room, int64_t now_s)
{
    if (!room->round_open) {
        room->round_s = now_s;
        room->round_left = room->line_count;
        room->round_open = 1;
    }
    while (room->round_left > 0 && room->looks > 0 && room->out_count < COLLECT_SEND_LIMIT) {
        room->round_position = room->round_position % room->line_count + 1;
        room->round_left--;
        room->looks--;
        int error = line_visit(room, room->round_position, now_s);
        if (error != 0)
            return error;
    }
    room->round_open = room->round_left > 0;
    return room->round_open && room->out_kept == 0;
}

int collect_tick(struct collect_room *room, int64_t now_s, int limit)
{
    bool begins = room->round_s != now_s && !room->round_open;
    int error = 0;
    room->looks = limit;
    room->line_writes = LINE_WRITES_PER_TICK;
    if (!room->started)
        error = room_start(room, now_s);
    if (error == 0 && room->plans_stale)
        error = collect_plans_load(room);
    if (error == 0 && begins)
        error = lines_discover(room);
    if (error == 0 && begins)
        error = collect_tasks_expire(room, now_s);
    if (error == 0)
        error = ready_visit(room, now_s);
    if (error != 0)
        return error;
    return begins || room->round_open ? round_go(room, now_s) : 0;
}

int collect_flush(struct collect_room *room, int64_t now_s)
{
    int error = room->plans_stale ? collect_plans_load(room) : 0;
    if (error == 0 && room->plans_flushed_s != now_s) {
        room->plans_flushed_s = now_s;
        error = collect_plans_flush(room);
    }
    return error != 0 ? error : collect_tasks_flush(room, now_s);
}

void collect_rolled_back(struct collect_room *room)
{
    for (uint32_t i = 0; i < room->ready_count; i++)
        ((struct collect_line *)dense_array_at(&room->lines, room->ready[i]))->ready = 0;
    room->ready_count = 0;
    room->out_count = room->out_kept;
    room->cancellation_count = room->cancellation_kept;
    room->round_open = 0;
    room->round_s = 0;
}

void collect_load_read(const struct collect_room *room, struct collect_load *out)
{
    *out = (struct collect_load){ .orders = room->pool.count };
    for (uint32_t i = 1; i <= room->line_count; i++) {
        const struct collect_line *line = dense_array_at(&room->lines, i);
        out->lines += line->line_id != COLLECT_RADIO_LINE;
        out->lines_online += line->online;
        out->lines_busy += line->order_count > 0;
        out->items_waiting += line->waiting[0];
    }
}
