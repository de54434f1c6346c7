/* Lines and wired meters as this room remembers them. */
#include "collect/collect_internal.h"
#include "registry/registry_line.h"

int collect_save(struct collect_room *room, void *target, size_t size)
{
    return undo_save(room->undo, target, size) != 0 ? COLLECT_ERR_FULL : 0;
}

struct collect_line *collect_line_find(const struct collect_room *room, uint32_t line_id)
{
    uint64_t place;
    return map_get(&room->line_index, line_id, &place) ? dense_array_at(&room->lines, (uint32_t)place) : NULL;
}

/* Which lines there are follows from the archive: a record made for a transaction that fails does no harm. */
struct collect_line *collect_line_reserve(struct collect_room *room, uint32_t line_id)
{
    struct collect_line *line = collect_line_find(room, line_id);
    if (line)
        return line;
    line = dense_array_reserve(&room->lines, room->line_count + 1);
    if (!line || map_put(&room->line_index, line_id, room->line_count + 1) < 0)
        return NULL;
    room->line_count++;
    line->line_id = line_id;
    return line;
}

int collect_line_ready(struct collect_room *room, struct collect_line *line)
{
    uint64_t place;
    if (line->ready || room->ready_count == COLLECT_READY_LIMIT || !map_get(&room->line_index, line->line_id, &place))
        return 0;
    line->ready = 1;
    room->ready[room->ready_count++] = (uint32_t)place;
    return 0;
}

int collect_line_online(struct collect_room *room, uint32_t line_id, bool online, int64_t now_s)
{
    struct collect_line *line = collect_line_reserve(room, line_id);
    if (!line)
        return COLLECT_ERR_MEMORY;
    int error = collect_save(room, line, sizeof *line);
    if (error != 0)
        return error;
    if (line->online != online) {
        line->changed = 1;
        line->since_s = (uint32_t)now_s;
    }
    line->online = online;
    if (!online)
        return collect_line_ready(room, line);
    line->next_s = 0;
    line->waiting_s = 0;
    return collect_line_ready(room, line);
}

int collect_line_hasten(struct collect_room *room, struct collect_line *line, uint32_t next_s)
{
    if (next_s >= line->next_s)
        return 0;
    int error = collect_save(room, line, sizeof *line);
    if (error == 0)
        line->next_s = next_s;
    return error;
}

int collect_line_waiting(struct collect_room *room, uint32_t line_id, uint8_t priority, int32_t change)
{
    struct collect_line *line = collect_line_reserve(room, line_id);
    if (!line)
        return COLLECT_ERR_MEMORY;
    int error = collect_save(room, line, sizeof *line);
    if (error != 0)
        return error;
    line->waiting[0] += (uint32_t)change;
    line->waiting[priority] += (uint32_t)change;
    if (change <= 0)
        return 0;
    line->waiting_s = 0;
    return collect_line_ready(room, line);
}

int collect_radio_count(struct collect_room *room, int32_t change)
{
    int error = collect_save(room, &room->radio_open, sizeof room->radio_open);
    room->radio_open += error == 0 ? (uint32_t)change : 0;
    return error;
}

static int child_visit(struct collect_room *room, const struct registry_device *child,
                       int (*visit)(void *, const struct registry_device *), void *visitor)
{
    uint32_t below = 0;
    if (registry_is_meter(child))
        return visit(visitor, child);
    while ((below = registry_child_next(room->registry, child->device_id, below)) != 0) {
        const struct registry_device *meter = registry_device_find(room->registry, below);
        int answer = meter && registry_is_meter(meter) ? visit(visitor, meter) : 0;
        if (answer != 0)
            return answer;
    }
    return 0;
}

int collect_line_meters(struct collect_room *room, uint32_t line_id,
                        int (*visit)(void *visitor, const struct registry_device *device), void *visitor)
{
    uint32_t child_id = 0;
    while ((child_id = registry_child_next(room->registry, line_id, child_id)) != 0) {
        const struct registry_device *child = registry_device_find(room->registry, child_id);
        int answer = child ? child_visit(room, child, visit, visitor) : 0;
        if (answer != 0)
            return answer;
    }
    return 0;
}

int collect_device_touch(struct collect_room *room, uint32_t device_id, struct collect_device **out)
{
    struct collect_device *device = dense_array_reserve(&room->devices, device_id);
    if (!device)
        return COLLECT_ERR_MEMORY;
    int error = collect_save(room, device, sizeof *device);
    if (error == 0)
        *out = device;
    return error;
}
