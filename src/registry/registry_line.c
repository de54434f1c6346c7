/* Lines in memory: who hangs where, which meter a measurement point is, how many a line has. */
#include "registry/registry_line.h"

#include <string.h>

#include "base/text.h"
#include "registry/registry_internal.h"

#define METER_LIMIT_LARGEST (LINE_POINT_LIMIT - 1)

_Static_assert(REGISTRY_ADDRESS_LIMIT == LINE_ADDRESS_LIMIT && REGISTRY_PROFILE_LIMIT == LINE_PROFILE_LIMIT,
               "texts of the archive fit into orders");

static uint64_t point_key(uint32_t line_id, uint16_t measurement_point)
{
    return (uint64_t)line_id << 16 | measurement_point;
}

struct registry_line *registry_line_find(const struct registry *registry, uint32_t device_id)
{
    uint64_t place = 0;
    return map_get(&registry->by_line, device_id, &place) ? dense_array_at(&registry->lines, (uint32_t)place) : NULL;
}

static struct registry_link *link_at(const struct registry *registry, uint32_t device_id)
{
    return dense_array_at(&registry->links, device_id);
}

/* The link of a device, saved before it changes; NULL: no memory, or no room in the undo. */
static struct registry_link *link_touch(struct registry *registry, uint32_t device_id)
{
    struct registry_link *link = dense_array_reserve(&registry->links, device_id);
    return link && undo_save(registry->undo, link, sizeof *link) == 0 ? link : NULL;
}

uint32_t registry_parent(const struct registry *registry, uint32_t device_id)
{
    const struct registry_link *link = link_at(registry, device_id);
    return link ? link->parent : 0;
}

bool registry_has_children(const struct registry *registry, uint32_t device_id)
{
    const struct registry_link *link = link_at(registry, device_id);
    return link && link->first_child != 0;
}

static int link_cut(struct registry *registry, uint32_t device_id)
{
    struct registry_link *own = link_touch(registry, device_id);
    if (!own)
        return REGISTRY_ERR_FULL;
    struct registry_link *before = link_touch(registry, own->previous != 0 ? own->previous : own->parent);
    struct registry_link *after = own->next != 0 ? link_touch(registry, own->next) : NULL;
    if (!before || (own->next != 0 && !after))
        return REGISTRY_ERR_FULL;
    if (own->previous != 0)
        before->next = own->next;
    else
        before->first_child = own->next;
    if (after)
        after->previous = own->previous;
    own->parent = own->next = own->previous = 0;
    return 0;
}

static int link_tie(struct registry *registry, uint32_t device_id, uint32_t parent_id)
{
    struct registry_link *own = link_touch(registry, device_id);
    struct registry_link *parent = link_touch(registry, parent_id);
    struct registry_link *first = parent && parent->first_child != 0 ? link_touch(registry, parent->first_child) : NULL;
    if (!own || !parent || (parent->first_child != 0 && !first))
        return REGISTRY_ERR_FULL;
    own->parent = parent_id;
    own->next = parent->first_child;
    own->previous = 0;
    if (first)
        first->previous = device_id;
    parent->first_child = device_id;
    return 0;
}

/* Taken back after the device's own record is what it was. */
static void point_restore(void *context, uint64_t device_id)
{
    struct registry *registry = context;
    const struct registry_device *device = dense_array_at(&registry->devices, (uint32_t)device_id);
    if (device)
        (void)map_put(&registry->by_point, point_key(device->line_device_id, device->measurement_point), device_id);
}

static void point_forget(void *context, uint64_t key)
{
    struct registry *registry = context;
    map_remove(&registry->by_point, key);
}

static int count_move(struct registry *registry, uint32_t line_id, int32_t step)
{
    struct registry_line *line = registry_line_find(registry, line_id);
    if (!line)
        return REGISTRY_ERR_STORED;
    if (undo_save(registry->undo, line, sizeof *line) != 0)
        return REGISTRY_ERR_FULL;
    line->meter_count = (uint32_t)((int32_t)line->meter_count + step);
    return 0;
}

int registry_line_leave(struct registry *registry, const struct registry_device *before)
{
    if (!before->exists || before->removed || registry_parent(registry, before->device_id) == 0)
        return 0;
    if (before->measurement_point != 0) {
        if (undo_call(registry->undo, point_restore, registry, before->device_id) != 0)
            return REGISTRY_ERR_FULL;
        map_remove(&registry->by_point, point_key(before->line_device_id, before->measurement_point));
    }
    int error = registry_is_meter(before) ? count_move(registry, before->line_device_id, -1) : 0;
    return error != 0 ? error : link_cut(registry, before->device_id);
}

int registry_line_enter(struct registry *registry, const struct device_record *row)
{
    uint64_t key = point_key(row->line_device_id, row->measurement_point);
    if (row->removed_s != 0 || row->parent_device_id == 0)
        return 0;
    if (row->measurement_point != 0) {
        if (map_put(&registry->by_point, key, row->device_id) < 0)
            return REGISTRY_ERR_MEMORY;
        if (undo_call(registry->undo, point_forget, registry, key) != 0) {
            map_remove(&registry->by_point, key);
            return REGISTRY_ERR_FULL;
        }
    }
    int error = row->kind < DEVICE_KIND_COUNT ? count_move(registry, row->line_device_id, 1) : 0;
    return error != 0 ? error : link_tie(registry, row->device_id, row->parent_device_id);
}

int registry_line_note(struct registry *registry, uint32_t device_id, uint32_t parent_id)
{
    struct registry_link *link = dense_array_reserve(&registry->links, device_id);
    if (!link)
        return REGISTRY_ERR_MEMORY;
    link->parent = parent_id;
    return 0;
}

int registry_line_load(struct registry *registry, const struct registry_device *device)
{
    return registry_line_enter(registry, &(struct device_record){
                                             .device_id = device->device_id,
                                             .parent_device_id = registry_parent(registry, device->device_id),
                                             .line_device_id = device->line_device_id,
                                             .measurement_point = device->measurement_point,
                                             .kind = device->kind,
                                         });
}

static void line_forget(void *context, uint64_t device_id)
{
    struct registry *registry = context;
    map_remove(&registry->by_line, device_id);
    registry->line_count--;
}

int registry_line_put(struct registry *registry, const struct registry_line_record *row)
{
    struct registry_line *line = registry_line_find(registry, row->device_id);
    if (!line) {
        line = dense_array_reserve(&registry->lines, registry->line_count);
        if (!line || map_put(&registry->by_line, row->device_id, registry->line_count) < 0)
            return REGISTRY_ERR_MEMORY;
        if (undo_call(registry->undo, line_forget, registry, row->device_id) != 0) {
            map_remove(&registry->by_line, row->device_id);
            return REGISTRY_ERR_FULL;
        }
        registry->line_count++;
        *line = (struct registry_line){ .device_id = row->device_id };
    } else if (undo_save(registry->undo, line, sizeof *line) != 0) {
        return REGISTRY_ERR_FULL;
    }
    line->meter_limit = row->meter_limit;
    line->kind = row->kind;
    return 0;
}

uint32_t registry_line_of(const struct registry *registry, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(registry, device_id);
    return device ? device->line_device_id : 0;
}

uint32_t registry_line_next(const struct registry *registry, uint32_t *position)
{
    const struct registry_line *line =
        *position < registry->line_count ? dense_array_at(&registry->lines, *position) : NULL;
    if (!line)
        return 0;
    ++*position;
    return line->device_id;
}

uint32_t registry_point_device(const struct registry *registry, uint32_t line_id, uint16_t measurement_point)
{
    uint64_t device_id = 0;
    bool found =
        measurement_point != 0 && map_get(&registry->by_point, point_key(line_id, measurement_point), &device_id);
    return found ? (uint32_t)device_id : 0;
}

uint32_t registry_child_next(const struct registry *registry, uint32_t parent_device_id, uint32_t after_device_id)
{
    const struct registry_link *link = link_at(registry, after_device_id != 0 ? after_device_id : parent_device_id);
    if (!link)
        return 0;
    return after_device_id != 0 ? link->next : link->first_child;
}

void registry_line_figures(const struct registry *registry, uint32_t line_id, struct registry_line_figures *out)
{
    const struct registry_line *line = registry_line_find(registry, line_id);
    *out = line ? (struct registry_line_figures){ line->meter_count, line->meter_limit, (uint8_t)line->kind }
                : (struct registry_line_figures){ 0 };
}

static int settings_check(const struct registry_line_record *line, uint32_t device_kind)
{
    bool concentrator = line->kind == LINE_KIND_CONCENTRATOR;
    if (line->kind == LINE_KIND_NONE || line->kind >= LINE_KIND_COUNT ||
        concentrator != (device_kind == REGISTRY_KIND_CONCENTRATOR))
        return REGISTRY_ERR_LINE_KIND;
    if (line->meter_limit == 0 || line->meter_limit > METER_LIMIT_LARGEST || line->baud > 115200 ||
        line->stop_bits > 2 || (line->baud != 0 && line->baud < 300) || line->heartbeat_s > 86400 ||
        line->gap_ms > 60000 || line->answer_timeout_ms > 600000 || !memchr("ENO", line->parity, 4))
        return REGISTRY_ERR_LINE_SETTING;
    return registry_text_valid(line->heartbeat) ? 0 : REGISTRY_ERR_TEXT;
}

static void settings_default(struct registry_line_record *line)
{
    if (line->meter_limit == 0)
        line->meter_limit = REGISTRY_METER_LIMIT;
    if (line->code_dlt645 == 0)
        line->code_dlt645 = REGISTRY_CODE_DLT645;
    if (line->code_dlt645_1997 == 0)
        line->code_dlt645_1997 = REGISTRY_CODE_DLT645_1997;
    if (line->code_cjt188 == 0)
        line->code_cjt188 = REGISTRY_CODE_CJT188;
}

static int line_store(struct registry *registry, const struct registry_line_record *line)
{
    int error = registry->store.line_write(registry->store.context, line);
    return error != 0 ? error : registry_line_put(registry, line);
}

int registry_line_add(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                      struct device_record *row, struct registry_line_record *line)
{
    struct registry_line_record added = *line;
    if (row->kind != REGISTRY_KIND_CONCENTRATOR && row->kind != REGISTRY_KIND_LINE)
        return REGISTRY_ERR_LINE_KIND;
    if (row->kind == REGISTRY_KIND_CONCENTRATOR && added.kind == LINE_KIND_NONE)
        added.kind = LINE_KIND_CONCENTRATOR;
    settings_default(&added);
    int error = settings_check(&added, row->kind);
    if (error == 0)
        error = registry_device_insert(registry, scope, now_s, row);
    if (error != 0)
        return error;
    added.device_id = row->device_id;
    error = line_store(registry, &added);
    if (error == 0)
        *line = added;
    return error;
}

int registry_line_read(struct registry *registry, uint32_t line_id, struct registry_line_record *out)
{
    int found = registry->store.line_read(registry->store.context, line_id, out);
    if (found < 0)
        return found;
    return found == 1 ? 0 : REGISTRY_ERR_LINE;
}

int registry_line_change(struct registry *registry, const struct registry_scope *scope,
                         const struct registry_line_record *line)
{
    const struct registry_device *device = registry_device_find(registry, line->device_id);
    const struct registry_line *known = registry_line_find(registry, line->device_id);
    if (!device || !known || !registry_scope_holds(registry, scope, line->device_id))
        return REGISTRY_ERR_DEVICE;
    if (device->removed)
        return REGISTRY_ERR_REMOVED;
    if (line->meter_limit < known->meter_count)
        return REGISTRY_ERR_LINE_FULL;
    int error = settings_check(line, device->kind);
    return error != 0 ? error : line_store(registry, line);
}

int registry_line_record_fill(struct registry *registry, uint32_t line_id, struct line_record *out)
{
    const struct registry_device *device = registry_device_find(registry, line_id);
    struct registry_line_record line;
    struct device_record row;
    if (!device)
        return REGISTRY_ERR_DEVICE;
    int error = registry_line_read(registry, line_id, &line);
    int found = error == 0 ? registry->store.device_read(registry->store.context, line_id, &row) : error;
    if (found <= 0)
        return found < 0 ? found : REGISTRY_ERR_STORED;
    *out = (struct line_record){
        .line_id = line_id,
        .kind = line.kind,
        .removed = device->removed,
        .parity = line.parity,
        .stop_bits = line.stop_bits,
        .baud = line.baud,
        .heartbeat_s = line.heartbeat_s,
        .gap_ms = line.gap_ms,
        .answer_timeout_ms = line.answer_timeout_ms,
        .zone_offset_s = registry_zone_offset_s(registry, line_id),
    };
    memcpy(out->address, row.address, sizeof out->address);
    memcpy(out->heartbeat, line.heartbeat, sizeof out->heartbeat);
    return 0;
}

/* The address of the collector that the meter hangs on; "" when it hangs on the line itself. */
static int collector_fill(struct registry *registry, const struct device_record *meter,
                          char collector[LINE_ADDRESS_LIMIT])
{
    struct device_record row;
    collector[0] = '\0';
    if (meter->parent_device_id == meter->line_device_id || meter->parent_device_id == 0)
        return 0;
    int found = registry->store.device_read(registry->store.context, meter->parent_device_id, &row);
    if (found <= 0)
        return found < 0 ? found : REGISTRY_ERR_STORED;
    memcpy(collector, row.address, LINE_ADDRESS_LIMIT);
    return 0;
}

int registry_line_order_fill(struct registry *registry, uint32_t device_id, struct line_order *order)
{
    const struct registry_device *device = registry_device_find(registry, device_id);
    const struct registry_line *line;
    char collector[LINE_ADDRESS_LIMIT];
    struct device_record row;
    if (!device || device->removed)
        return REGISTRY_ERR_DEVICE;
    line = registry_line_find(registry, device->line_device_id);
    if (!line)
        return REGISTRY_ERR_LINE;
    int found = registry->store.device_read(registry->store.context, device_id, &row);
    if (found <= 0)
        return found < 0 ? found : REGISTRY_ERR_STORED;
    int error = collector_fill(registry, &row, collector);
    if (error != 0)
        return error;
    order->line_id = device->line_device_id;
    order->device_id = device_id;
    order->measurement_point = row.measurement_point;
    order->route = line->kind == LINE_KIND_CONCENTRATOR ? LINE_ROUTE_POINT : LINE_ROUTE_DIRECT;
    order->port = row.port;
    order->kind = registry_is_meter(device) ? device->kind : DEVICE_KIND_NONE;
    order->zone_offset_s = registry_zone_offset_s(registry, device_id);
    memcpy(order->address, row.address, sizeof order->address);
    memcpy(order->collector, collector, sizeof order->collector);
    memcpy(order->profile, row.profile, sizeof order->profile);
    (void)text_copy(span_of_text(row.meter_number), order->meter_number, sizeof order->meter_number);
    return 0;
}
