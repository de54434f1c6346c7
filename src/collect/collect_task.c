/* Tasks of people: who is in them, how far they are, how they end. */
#include <stdlib.h>
#include <string.h>

#include "collect/collect_internal.h"

#define EXPIRY_ONE_S 3600
#define EXPIRY_MANY_S 86400
#define EXPIRY_LEAST_S 60
#define EXPIRY_MOST_S (31 * 86400)
#define FREEZE_SETTLE_S 30 /* from the broadcast to the first question: meters latch at once, collectors pass it on */

struct collect_open_task *collect_task_find(struct collect_room *room, int64_t task_id)
{
    for (uint32_t i = 0; task_id > 0 && i < COLLECT_TASK_LIMIT; i++)
        if (room->tasks[i].row.task_id == task_id)
            return &room->tasks[i];
    return NULL;
}

int collect_task_touch(struct collect_room *room, struct collect_open_task *task)
{
    int error = collect_save(room, task, sizeof *task);
    if (error == 0)
        task->dirty = 1;
    return error;
}

static int task_load(void *visitor, const struct collect_task *row)
{
    struct collect_room *room = visitor;
    if (room->task_count == COLLECT_TASK_LIMIT)
        return COLLECT_ERR_STORED;
    room->tasks[room->task_count++].row = *row;
    return 0;
}

static int waiting_load(void *visitor, uint32_t line_id, uint8_t priority, uint32_t count)
{
    if (priority < COLLECT_HIGH || priority > COLLECT_LOW)
        return COLLECT_ERR_STORED;
    int error = line_id == COLLECT_RADIO_LINE ? collect_radio_count(visitor, (int32_t)count) : 0;
    return error != 0 ? error : collect_line_waiting(visitor, line_id, priority, (int32_t)count);
}

int collect_tasks_load(struct collect_room *room)
{
    int error = room->store.items_asked_reset(room->store.context);
    if (error == 0)
        error = room->store.tasks_walk(room->store.context, task_load, room);
    if (error == 0)
        error = room->store.items_waiting_walk(room->store.context, waiting_load, room);
    return error;
}

/* The meters of a request, one after the other. */
struct selection {
    struct collect_room *room;
    const struct collect_request *request;
    struct registry_scope scope;
    size_t position;
    uint32_t known_area; /* the last area looked at, and what was found */
    bool known_inside;
};

static int selection_begin(struct collect_room *room, const struct collect_request *request, struct selection *out)
{
    *out = (struct selection){ .room = room, .request = request, .scope = request->scope };
    if (request->device_count > 0)
        return request->device_ids == NULL || request->area_id != 0 ? COLLECT_ERR_SCOPE : 0;
    if (request->area_id == 0)
        return 0;
    struct registry_scope inner;
    int error = registry_scope_make(room->registry, request->scope.tenant_id, request->area_id, &inner);
    if (error != 0 || strcmp(inner.path_from, request->scope.path_from) < 0 ||
        strcmp(inner.path_from, request->scope.path_to) >= 0)
        return REGISTRY_ERR_AREA;
    out->scope = inner;
    return 0;
}

/* Meters of one area mostly follow each other: its place in the tree is looked up once. */
static bool area_holds(struct selection *selection, const struct registry_device *device)
{
    if (device->area_id != selection->known_area) {
        selection->known_area = device->area_id;
        selection->known_inside = registry_scope_holds(selection->room->registry, &selection->scope, device->device_id);
    }
    return selection->known_inside && device->tenant_id == selection->scope.tenant_id;
}

/* NULL at the end. A meter that was named and may not be read is an error. */
static const struct registry_device *selection_next(struct selection *selection, int *error)
{
    const struct collect_request *request = selection->request;
    struct collect_room *room = selection->room;
    if (request->device_count > 0) {
        if (selection->position == request->device_count)
            return NULL;
        const struct registry_device *device =
            registry_device_find(room->registry, request->device_ids[selection->position++]);
        if (device && !device->removed && registry_is_meter(device) &&
            registry_scope_holds(room->registry, &selection->scope, device->device_id))
            return device;
        *error = COLLECT_ERR_DEVICE;
        return NULL;
    }
    while (++selection->position <= registry_device_count(room->registry)) {
        const struct registry_device *device = registry_device_find(room->registry, (uint32_t)selection->position);
        if (device && !device->removed && registry_is_meter(device) &&
            (request->kind == 0 || request->kind == device->kind) && area_holds(selection, device))
            return device;
    }
    return NULL;
}

/* Whether the meter does not lack it: it is there, or it is a day of quarter-hours before the meter began to tell them.
 * 1, 0; negative of the store. */
static int is_settled(struct collect_room *room, uint32_t device_id, const struct collect_request *request)
{
    const struct interval_standing *standing = reading_standing_find(room->reading, device_id);
    if (request->what == COLLECT_INTERVAL && (!standing || request->day <= standing->first_day))
        return 1;
    return collect_value_known(room, device_id, request->what, request->day);
}

static bool line_online(const struct collect_room *room, const struct registry_device *device)
{
    const struct collect_line *line = collect_line_find(room, device->line_device_id);
    return line && line->online;
}

static void preview_count(const struct collect_room *room, const struct registry_device *device,
                          struct collect_preview *out)
{
    out->total++;
    if (device->line_device_id != 0)
        *(line_online(room, device) ? &out->now : &out->offline) += 1;
    else
        *(device->imei != 0 ? &out->asleep : &out->unreachable) += 1;
}

static bool day_may_be_asked(uint8_t what, int32_t day, int64_t today)
{
    if (what == COLLECT_CURRENT)
        return day == 0;
    if (what == COLLECT_INTERVAL)
        return day < today && day > today - COLLECT_DAYS;
    if (what == COLLECT_DAILY)
        return day <= today && day > today - COLLECT_DAYS;
    return day == calendar_month_start(day) && day <= today &&
           day >= calendar_month_start_after(today, 1 - COLLECT_MONTHS);
}

static int request_check(const struct collect_room *room, const struct collect_request *request, int64_t now_s)
{
    const struct tenant_record *tenant = registry_tenant_find(room->registry, request->scope.tenant_id);
    if (!tenant)
        return REGISTRY_ERR_TENANT;
    if (request->what == 0 || request->what == COLLECT_CURVE || request->what >= COLLECT_WHAT_COUNT)
        return COLLECT_ERR_WHAT;
    if (request->freeze && request->what != COLLECT_CURRENT)
        return COLLECT_ERR_WHAT;
    if (!day_may_be_asked(request->what, request->day, calendar_local_day(now_s, tenant->zone_offset_s)))
        return COLLECT_ERR_DATE;
    if (request->priority > COLLECT_LOW)
        return COLLECT_ERR_PRIORITY;
    if (request->expires_s != 0 && (request->expires_s < EXPIRY_LEAST_S || request->expires_s > EXPIRY_MOST_S))
        return COLLECT_ERR_EXPIRY;
    return 0;
}

int collect_task_preview(struct collect_room *room, const struct collect_request *request, int64_t now_s,
                         struct collect_preview *out)
{
    struct collect_preview counted = { 0 };
    struct selection selection;
    const struct registry_device *device;
    int error = request_check(room, request, now_s);
    if (error == 0)
        error = selection_begin(room, request, &selection);
    while (error == 0 && (device = selection_next(&selection, &error)) != NULL) {
        int known = request->only_missing ? is_settled(room, device->device_id, request) : 0;
        if (known < 0)
            return known;
        if (!known)
            preview_count(room, device, &counted);
    }
    if (error == 0 && counted.total == 0)
        error = COLLECT_ERR_NOBODY;
    if (error == 0 && counted.total > COLLECT_TASK_DEVICES)
        error = COLLECT_ERR_TASK_LARGE;
    if (error == 0)
        *out = counted;
    return error;
}

static void task_fill(const struct collect_room *room, const struct collect_request *request,
                      const struct collect_preview *preview, int64_t now_s, struct collect_task *task)
{
    const struct tenant_record *tenant = registry_tenant_find(room->registry, request->scope.tenant_id);
    int64_t life_s = preview->total == 1 ? EXPIRY_ONE_S : EXPIRY_MANY_S;
    *task = (struct collect_task){
        .requested_s = now_s,
        .expires_s = now_s + (request->expires_s != 0 ? request->expires_s : life_s),
        .tenant_id = request->scope.tenant_id,
        .area_id = request->area_id != 0 ? request->area_id : request->scope.area_id,
        .requested_by = request->requested_by,
        .day = request->day,
        .total = preview->total,
        .kind = request->kind,
        .what = request->what,
        .priority = request->priority,
        .state = COLLECT_TASK_OPEN,
        .freeze = request->freeze,
    };
    if (task->priority == 0)
        task->priority = preview->total == 1 ? COLLECT_HIGH : COLLECT_NORMAL;
    if (task->day != 0)
        task->time_s = calendar_midnight(task->day, tenant->zone_offset_s);
    else if (task->freeze)
        task->time_s = now_s;
}

/* Why the meter cannot be read by this task at all; 0: it can. */
static uint8_t reason_at_once(const struct collect_room *room, const struct collect_open_task *task,
                              const struct registry_device *device)
{
    if (device->line_device_id == 0 && device->imei == 0)
        return COLLECT_REASON_UNREACHABLE;
    if (!task->row.freeze)
        return 0;
    if (device->line_device_id == 0)
        return LINE_PROBLEM_UNSUPPORTED;
    return line_online(room, device) ? 0 : COLLECT_REASON_LINE_OFFLINE;
}

/* 1 when the row is new, 0 when the meter was named twice. */
static int item_add(struct collect_room *room, struct collect_open_task *task, const struct registry_device *device,
                    const struct collect_request *request, int64_t now_s)
{
    struct collect_item item = {
        .task_id = task->row.task_id,
        .at_s = now_s,
        .next_s = task->row.freeze ? now_s + FREEZE_SETTLE_S : now_s,
        .device_id = device->device_id,
        .line_id = device->line_device_id,
        .priority = task->row.priority,
        .state = COLLECT_ITEM_WAITING,
    };
    int settled = request->only_missing ? is_settled(room, device->device_id, request) : 0;
    if (settled != 0)
        return settled < 0 ? settled : 0;
    int known = collect_value_known(room, device->device_id, task->row.what, task->row.day);
    if (known < 0)
        return known;
    if (known)
        item.state = COLLECT_ITEM_DONE;
    if (!known)
        item.problem = reason_at_once(room, task, device);
    if (item.problem != 0)
        item.state = COLLECT_ITEM_FAILED;
    int added = room->store.item_insert(room->store.context, &item);
    if (added <= 0)
        return added;
    task->row.done += item.state == COLLECT_ITEM_DONE;
    task->row.failed += item.state == COLLECT_ITEM_FAILED;
    int error = item.state == COLLECT_ITEM_WAITING ? collect_line_waiting(room, item.line_id, item.priority, 1) : 0;
    if (error == 0 && item.state == COLLECT_ITEM_WAITING && item.line_id == COLLECT_RADIO_LINE)
        error = collect_radio_count(room, 1);
    return error != 0 ? error : 1;
}

static int items_add(struct collect_room *room, struct collect_open_task *task, const struct collect_request *request,
                     int64_t now_s)
{
    struct selection selection;
    const struct registry_device *device;
    uint32_t count = 0;
    int error = selection_begin(room, request, &selection);
    while (error == 0 && (device = selection_next(&selection, &error)) != NULL) {
        int added = item_add(room, task, device, request, now_s);
        if (added < 0)
            return added;
        count += (uint32_t)added;
    }
    task->row.total = count;
    return error;
}

static struct collect_open_task *place_find(struct collect_room *room)
{
    for (uint32_t i = 0; i < COLLECT_TASK_LIMIT; i++)
        if (room->tasks[i].row.task_id == 0)
            return &room->tasks[i];
    return NULL;
}

int collect_task_create(struct collect_room *room, const struct collect_request *request, int64_t now_s,
                        struct collect_task *out, struct collect_preview *preview)
{
    struct collect_open_task *task = place_find(room);
    struct collect_preview counted;
    int error = collect_task_preview(room, request, now_s, &counted);
    if (error != 0)
        return error;
    if (!task)
        return COLLECT_ERR_TASKS_FULL;
    error = collect_task_touch(room, task);
    if (error != 0)
        return error;
    *task = (struct collect_open_task){ .dirty = 1 };
    task_fill(room, request, &counted, now_s, &task->row);
    error = room->store.task_insert(room->store.context, &task->row);
    if (error == 0)
        error = items_add(room, task, request, now_s);
    if (error == 0)
        error = task->row.freeze ? collect_task_freeze(room, task, now_s) : 0;
    if (error == 0) {
        *out = task->row;
        *preview = counted;
        error = collect_task_settle(room, task, now_s);
    }
    return error;
}

int collect_task_settle(struct collect_room *room, struct collect_open_task *task, int64_t now_s)
{
    struct collect_task *row = &task->row;
    if (row->done + row->failed + row->cancelled < row->total || row->state != COLLECT_TASK_OPEN)
        return 0;
    int error = collect_task_touch(room, task);
    if (error != 0)
        return error;
    row->state = COLLECT_TASK_DONE;
    row->finished_s = now_s;
    return 0;
}

struct ending {
    struct collect_room *room;
    uint32_t count;
};

static int open_items_leave(void *visitor, uint32_t line_id, uint8_t priority, uint8_t state, uint32_t count)
{
    struct ending *ending = visitor;
    int error = 0;
    ending->count += count;
    if (line_id == COLLECT_RADIO_LINE)
        error = collect_radio_count(ending->room, -(int32_t)count);
    if (error == 0 && state == COLLECT_ITEM_WAITING)
        error = collect_line_waiting(ending->room, line_id, priority, -(int32_t)count);
    return error;
}

/* End what is open of a task. */
static int task_end(struct collect_room *room, struct collect_open_task *task, enum collect_item_state state,
                    uint8_t problem, int64_t now_s)
{
    struct ending ending = { .room = room };
    int64_t task_id = task->row.task_id;
    int error = collect_task_touch(room, task);
    if (error == 0)
        error = room->store.items_open_walk(room->store.context, task_id, open_items_leave, &ending);
    if (error == 0)
        error = room->store.items_end(room->store.context, task_id, state, problem, now_s);
    if (error != 0)
        return error;
    *(state == COLLECT_ITEM_CANCELLED ? &task->row.cancelled : &task->row.failed) += ending.count;
    task->row.state = state == COLLECT_ITEM_CANCELLED ? COLLECT_TASK_CANCELLED : COLLECT_TASK_DONE;
    task->row.finished_s = now_s;
    for (uint32_t place = 1; place <= room->pool.high; place++) {
        const struct collect_order *order = dense_array_at(&room->orders, place);
        if (order->order_id != 0 && order->task_id == task_id)
            collect_order_cancel(room, order);
    }
    return 0;
}

int collect_task_cancel(struct collect_room *room, int64_t task_id, int64_t now_s)
{
    struct collect_open_task *task = collect_task_find(room, task_id);
    struct collect_task row;
    if (task && task->row.state == COLLECT_TASK_OPEN)
        return task_end(room, task, COLLECT_ITEM_CANCELLED, 0, now_s);
    int found = room->store.task_read(room->store.context, task_id, &row);
    if (found < 0)
        return found;
    return found == 1 ? COLLECT_ERR_FINISHED : COLLECT_ERR_TASK;
}

int collect_task_read(struct collect_room *room, int64_t task_id, struct collect_task *out)
{
    const struct collect_open_task *task = collect_task_find(room, task_id);
    if (!task)
        return room->store.task_read(room->store.context, task_id, out);
    *out = task->row;
    return 1;
}

int collect_tasks_expire(struct collect_room *room, int64_t now_s)
{
    for (uint32_t i = 0; i < COLLECT_TASK_LIMIT; i++) {
        struct collect_open_task *task = &room->tasks[i];
        if (task->row.task_id == 0 || task->row.state != COLLECT_TASK_OPEN || task->row.expires_s > now_s)
            continue;
        return task_end(room, task, COLLECT_ITEM_FAILED, LINE_PROBLEM_EXPIRED, now_s);
    }
    int trimmed = room->store.task_trim(room->store.context, now_s - COLLECT_TASK_KEEP_S);
    return trimmed < 0 ? trimmed : 0;
}

int collect_tasks_flush(struct collect_room *room, int64_t now_s)
{
    for (uint32_t i = 0; i < COLLECT_TASK_LIMIT; i++) {
        struct collect_open_task *task = &room->tasks[i];
        bool ended = task->row.state != COLLECT_TASK_OPEN;
        if (!task->dirty || (!ended && task->told_s == now_s))
            continue;
        int error = collect_save(room, task, sizeof *task);
        if (error == 0)
            error = room->store.task_update(room->store.context, &task->row);
        if (error != 0)
            return error;
        if (room->progressed)
            room->progressed(room->listener, &task->row);
        task->dirty = 0;
        task->told_s = now_s;
        if (ended)
            *task = (struct collect_open_task){ 0 };
    }
    return 0;
}
