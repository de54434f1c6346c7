/* Lines: who is connected, since when, and whose clock is wrong. */
#include "estate/estate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "estate/estate_internal.h"
#include "registry/registry_line.h"

#define LINES_PER_TICK 2000

static const struct error_info error_rows[] = { ESTATE_ERRORS(ERROR_INFO_ROW) };

static const char *const sync_states[ESTATE_SYNC_STATE_COUNT] = {
    [ESTATE_SYNC_NONE] = "",           [ESTATE_SYNC_QUEUED] = "queued",     [ESTATE_SYNC_READING] = "reading",
    [ESTATE_SYNC_WRITING] = "writing", [ESTATE_SYNC_CHECKING] = "checking", [ESTATE_SYNC_AGREED] = "agreed",
    [ESTATE_SYNC_DIFFERS] = "differs", [ESTATE_SYNC_FAILED] = "failed",
};

const struct error_info *estate_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

const char *estate_sync_state_name(int state)
{
    return state > 0 && state < ESTATE_SYNC_STATE_COUNT ? sync_states[state] : "";
}

int estate_sync_state_of_name(const char *name)
{
    for (int state = 1; state < ESTATE_SYNC_STATE_COUNT; state++)
        if (name && strcmp(sync_states[state], name) == 0)
            return state;
    return ESTATE_SYNC_NONE;
}

static struct estate_line *line_at(const struct estate_room *room, uint32_t line_id)
{
    uint64_t place = 0;
    return map_get(&room->by_line, line_id, &place) ? dense_array_at(&room->lines, (uint32_t)place) : NULL;
}

const struct estate_line *estate_line_find(const struct estate_room *room, uint32_t line_id)
{
    return line_at(room, line_id);
}

bool estate_connected(const struct estate_room *room, uint32_t line_id)
{
    const struct estate_line *line = line_at(room, line_id);
    return line && line->connected;
}

static void line_forget(void *context, uint64_t line_id)
{
    struct estate_room *room = context;
    map_remove(&room->by_line, line_id);
    room->line_count--;
}

/* The line's record, made when new and remembered by the undo. */
static int line_touch(struct estate_room *room, uint32_t line_id, struct estate_line **out)
{
    struct estate_line *line = line_at(room, line_id);
    if (line) {
        *out = line;
        return undo_save(room->undo, line, sizeof *line) == 0 ? 0 : ESTATE_ERR_FULL;
    }
    line = dense_array_reserve(&room->lines, room->line_count);
    if (!line || map_put(&room->by_line, line_id, room->line_count) < 0)
        return ESTATE_ERR_MEMORY;
    if (undo_call(room->undo, line_forget, room, line_id) != 0) {
        map_remove(&room->by_line, line_id);
        return ESTATE_ERR_FULL;
    }
    room->line_count++;
    *line = (struct estate_line){ .device_id = line_id };
    *out = line;
    return 0;
}

static int line_load(void *visitor, const struct estate_line *row)
{
    struct estate_line *line = NULL;
    int error = line_touch(visitor, row->device_id, &line);
    if (error != 0)
        return error;
    *line = *row;
    line->connected = 0;
    if (row->connected)
        line->since_s = row->last_contact_s;
    return 0;
}

int estate_open(const struct estate_config *config, struct estate_room **out)
{
    struct estate_room *room = calloc(1, sizeof *room);
    uint32_t limit = config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    if (!room)
        return ESTATE_ERR_MEMORY;
    room->store = *config->store;
    room->registry = config->registry;
    room->listener = config->listener;
    room->condition = config->condition;
    room->synced = config->synced;
    room->by_line = map_make(limit, config->seed);
    int error = dense_array_open(&room->lines, sizeof(struct estate_line), limit + 1);
    error = error != 0 ? ESTATE_ERR_MEMORY : room->store.lines_walk(room->store.context, line_load, room);
    if (error != 0) {
        estate_close(room);
        return error;
    }
    room->undo = config->undo;
    *out = room;
    return 0;
}

void estate_close(struct estate_room *room)
{
    if (!room)
        return;
    map_release(&room->by_line);
    dense_array_close(&room->lines);
    free(room);
}

int estate_condition_tell(struct estate_room *room, uint32_t line_id, enum estate_condition condition, bool present,
                          const char *detail, int64_t now_s)
{
    int answer = room->condition ? room->condition(room->listener, line_id, condition, present, detail, now_s) : 0;
    return answer < 0 ? answer : 0;
}

/* The line's own clock, when the message states it. */
static const struct uplink_item *clock_find(const struct uplink *uplink, uint32_t line_id)
{
    if (uplink->kind == UPLINK_ARCHIVE || uplink->device_id != line_id || uplink->measurement_point != 0)
        return NULL;
    for (uint16_t i = 0; i < uplink->item_count && i < UPLINK_ITEM_LIMIT; i++)
        if (uplink->items[i].quantity == QUANTITY_DEVICE_TIME)
            return &uplink->items[i];
    return NULL;
}

static int clock_observe(struct estate_room *room, struct estate_line *line, const struct uplink *uplink, int64_t now_s)
{
    const struct uplink_item *clock = clock_find(uplink, line->device_id);
    char detail[32];
    if (!clock)
        return 0;
    int64_t error_s = clock->value - (uplink->received_s != 0 ? uplink->received_s : now_s);
    if (error_s > INT32_MAX || error_s < INT32_MIN)
        error_s = error_s > 0 ? INT32_MAX : INT32_MIN;
    line->clock_error_s = (int32_t)error_s;
    line->clock_known = 1;
    line->clock_at_s = now_s;
    snprintf(detail, sizeof detail, "%d s", (int)error_s);
    bool wrong = error_s > ESTATE_CLOCK_BOUND_S || error_s < -ESTATE_CLOCK_BOUND_S;
    return estate_condition_tell(room, line->device_id, ESTATE_CLOCK, wrong, detail, now_s);
}

static void connection_observe(struct estate_line *line, const struct uplink *uplink, int64_t now_s)
{
    bool was_connected = line->connected;
    if (uplink->kind != UPLINK_PRESENCE || uplink->presence == UPLINK_PRESENCE_REPLACED)
        return;
    line->connected = uplink->presence == UPLINK_PRESENCE_LOGIN || uplink->presence == UPLINK_PRESENCE_CONTACT;
    line->login_count += uplink->presence == UPLINK_PRESENCE_LOGIN;
    if (line->connected != was_connected)
        line->since_s = now_s;
}

/* What somebody who looks at the stored row would miss. */
static bool news_worth_a_write(const struct estate_line *before, const struct estate_line *after)
{
    return before->connected != after->connected || before->login_count != after->login_count ||
           before->clock_known != after->clock_known || abs(before->clock_error_s - after->clock_error_s) > 5 ||
           after->last_contact_s - before->last_contact_s >= ESTATE_CONTACT_STEP_S ||
           after->last_data_s - before->last_data_s >= ESTATE_CONTACT_STEP_S;
}

int estate_line_observe(struct estate_room *room, uint32_t line_id, const struct uplink *uplink, int64_t now_s)
{
    struct estate_line *line = NULL;
    int error = line_touch(room, line_id, &line);
    if (error != 0)
        return error;
    struct estate_line before = *line;
    bool gone = uplink->kind == UPLINK_PRESENCE && uplink->presence != UPLINK_PRESENCE_CONTACT &&
                uplink->presence != UPLINK_PRESENCE_LOGIN;
    bool has_data = (uplink->kind == UPLINK_REPORT || uplink->kind == UPLINK_ANSWER) && uplink->item_count > 0;
    connection_observe(line, uplink, now_s);
    int answer = clock_observe(room, line, uplink, now_s);
    if (answer < 0)
        return answer;
    struct estate_line now = *line;
    if (!gone && (uplink->kind == UPLINK_PRESENCE || uplink->item_count > 0))
        now.last_contact_s = now_s;
    if (has_data)
        now.last_data_s = now_s;
    bool connects = now.connected && !before.connected;
    if (connects)
        answer = estate_condition_tell(room, line_id, ESTATE_OFFLINE, false, "", now_s);
    if (answer < 0 || !news_worth_a_write(&before, &now))
        return answer < 0 ? answer : connects;
    *line = now;
    answer = room->store.line_write(room->store.context, line);
    return answer < 0 ? answer : connects;
}

static bool is_offline(const struct estate_room *room, uint32_t line_id, int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, line_id);
    const struct estate_line *line = line_at(room, line_id);
    if (!device || device->removed || (line && line->connected))
        return false;
    int64_t since_s = line && line->since_s > device->installed_s ? line->since_s : device->installed_s;
    if (since_s < room->started_s)
        since_s = room->started_s;
    return now_s - since_s > ESTATE_OFFLINE_S;
}

static int offline_tick(struct estate_room *room, int64_t now_s)
{
    for (int i = 0; i < LINES_PER_TICK; i++) {
        uint32_t line_id = registry_line_next(room->registry, &room->line_position);
        if (line_id == 0) {
            room->line_position = 0;
            return 0;
        }
        int answer = is_offline(room, line_id, now_s)
                         ? estate_condition_tell(room, line_id, ESTATE_OFFLINE, true, "", now_s)
                         : 0;
        if (answer < 0)
            return answer;
    }
    return 0;
}

int estate_tick(struct estate_room *room, int64_t now_s)
{
    int answer = 0;
    if (room->started_s == 0) {
        room->started_s = now_s;
        answer = room->store.lines_disconnect(room->store.context);
    }
    if (answer >= 0)
        answer = offline_tick(room, now_s);
    if (answer >= 0)
        answer = estate_sync_tick(room, now_s);
    return answer < 0 ? answer : 0;
}
