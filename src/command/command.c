#include "command/command.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "command/command_internal.h"

static const struct error_info error_rows[] = { COMMAND_ERRORS(ERROR_INFO_ROW) };

const struct error_info *command_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

bool command_is_money(int operation)
{
    return operation == DOWNLINK_RECHARGE || operation == DOWNLINK_CLEAR_BALANCE;
}

bool command_is_valve(int operation)
{
    return operation == DOWNLINK_OPEN_VALVE || operation == DOWNLINK_CLOSE_VALVE;
}

static int summary_load(void *visitor, const struct command_device_summary *row)
{
    struct command_room *room = visitor;
    struct command_device *device = dense_array_reserve(&room->devices, row->device_id);
    if (!device)
        return COMMAND_ERR_MEMORY;
    device->serial = row->serial;
    device->open_count = (uint16_t)row->open_count;
    device->has_lost = row->has_lost;
    return 0;
}

int command_open(const struct command_config *config, struct command_room **out)
{
    struct command_room *room = calloc(1, sizeof *room);
    if (!room)
        return COMMAND_ERR_MEMORY;
    uint32_t limit = config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    room->store = *config->store;
    room->registry = config->registry;
    room->undo = config->undo;
    room->listener = config->listener;
    room->changed = config->changed;
    int error = dense_array_open(&room->devices, sizeof(struct command_device), limit + 1);
    error = error != 0 ? COMMAND_ERR_MEMORY : room->store.summaries_walk(room->store.context, summary_load, room);
    if (error != 0) {
        command_close(room);
        return error;
    }
    *out = room;
    return 0;
}

void command_close(struct command_room *room)
{
    if (room)
        dense_array_close(&room->devices);
    free(room);
}

int command_device_touch(struct command_room *room, uint32_t device_id, struct command_device **out)
{
    struct command_device *device = dense_array_reserve(&room->devices, device_id);
    if (!device)
        return COMMAND_ERR_MEMORY;
    if (undo_save(room->undo, device, sizeof *device) != 0)
        return COMMAND_ERR_FULL;
    *out = device;
    return 0;
}

bool command_waiting(const struct command_room *room, uint32_t device_id)
{
    const struct command_device *device = dense_array_at(&room->devices, device_id);
    return device && device->open_count > 0;
}

bool command_has_listened(const struct command_room *room, uint32_t device_id)
{
    const struct command_device *device = dense_array_at(&room->devices, device_id);
    return device && device->awake_s != 0;
}

int64_t command_window_s(const struct command_room *room, uint32_t device_id, int64_t now_s)
{
    const struct command_device *device = dense_array_at(&room->devices, device_id);
    const struct registry_device *archive = registry_device_find(room->registry, device_id);
    if (device && device->awake_s != 0 && now_s - device->awake_s < COMMAND_WINDOW_S)
        return now_s;
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device_id);
    int64_t today = calendar_local_day(now_s, zone_offset_s);
    int64_t window_s = calendar_midnight(today, zone_offset_s) + (archive ? archive->report_time_s : 0);
    return window_s > now_s ? window_s : window_s + CALENDAR_DAY_S;
}

int command_read(struct command_room *room, uint64_t command_id, struct command_record *out)
{
    return room->store.read(room->store.context, command_id, out);
}

/* Whether the gate may still be busy with it. */
static bool under_way(const struct command_room *room, const struct command_record *command, int64_t now_s)
{
    const struct command_device *device = dense_array_at(&room->devices, command->device_id);
    return device && device->under_way_id == command->command_id &&
           now_s - device->under_way_s < COMMAND_ANSWER_BOUND_S;
}

int command_cancel(struct command_room *room, uint64_t command_id, uint32_t person_id, const char *reason,
                   int64_t now_s)
{
    struct command_record command;
    int found = command_read(room, command_id, &command);
    if (found <= 0)
        return found < 0 ? found : COMMAND_ERR_UNKNOWN;
    if (command.finished_s != 0)
        return COMMAND_ERR_FINISHED;
    if (command.state != COMMAND_QUEUED || under_way(room, &command, now_s))
        return COMMAND_ERR_UNDER_WAY;
    int moved = reason && reason[0] != '\0'
                    ? command_move(room, &command, COMMAND_CANCELLED, now_s, "cancelled_because %s", reason)
                    : command_move(room, &command, COMMAND_CANCELLED, now_s, "cancelled_by %u", (unsigned)person_id);
    return moved < 0 ? moved : 0;
}

int command_device_gone(struct command_room *room, uint32_t device_id, int64_t now_s)
{
    struct command_record command;
    int found = 1;
    while (found == 1) {
        found = room->store.open_next(room->store.context, device_id, 0, 0, &command);
        int moved = found == 1 ? command_move(room, &command, COMMAND_CANCELLED, now_s, "meter_exchanged") : 0;
        if (moved < 0)
            return moved;
    }
    return found;
}

int command_tick(struct command_room *room, int64_t now_s, int limit)
{
    for (int expired = 0; expired < limit; expired++) {
        struct command_record command;
        int found = room->store.expired_next(room->store.context, now_s, &command);
        if (found <= 0)
            return found < 0 ? found : expired;
        bool seen = command.state == COMMAND_DELIVERED || command.state == COMMAND_EXECUTED;
        int moved = command_move(room, &command, COMMAND_EXPIRED, now_s, "%s %u",
                                 seen ? "expired_unverified" : "expired_unanswered", (unsigned)command.tries);
        if (moved < 0)
            return moved;
    }
    return limit;
}
