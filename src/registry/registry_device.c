/* Changes of the archive 档案: add, change, remove, exchange. Everything is checked before anything is stored. */
#include <string.h>

#include "base/text.h"
#include "registry/registry_internal.h"

#define IMEI_FIRST INT64_C(10000000000000) /* 15 digits that do not begin with 00 */
#define IMEI_END INT64_C(1000000000000000)
#define SIZE_DN_USUAL_MM 15

static const char profile_usual[] = "nbiot-water-prepaid";

bool imei_check_digit_fits(uint64_t imei)
{
    uint64_t sum = 0;
    bool doubled = false;
    for (uint64_t rest = imei; rest > 0; rest /= 10, doubled = !doubled) {
        uint64_t digit = rest % 10 * (doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

/* A meter with an IMEI has 12 or 14 digits on its dial, one of a bus 6 to 14 (M-Bus: 8); what carries the words of meters
 * is called as people like. */
static bool meter_number_valid(const struct device_record *row)
{
    const char *number = row->meter_number;
    size_t size = strlen(number);
    if (row->kind >= DEVICE_KIND_COUNT)
        return size > 0 && registry_text_valid(number);
    if (strspn(number, "0123456789") != size)
        return false;
    return row->imei != 0 ? size == 12 || size == 14 : size >= 6 && size <= 14;
}

struct size_flow {
    int32_t size_dn_mm;
    int64_t overload_ml_per_h;
};

/* Overload flow Q4 = 1.25 Q3 of the usual permanent flow of each nominal size (GB/T 778.1). */
static const struct size_flow size_flows[] = {
    { 15, INT64_C(3125000) },     { 20, INT64_C(5000000) },     { 25, INT64_C(7875000) },
    { 32, INT64_C(12500000) },    { 40, INT64_C(20000000) },    { 50, INT64_C(50000000) },
    { 65, INT64_C(78750000) },    { 80, INT64_C(125000000) },   { 100, INT64_C(200000000) },
    { 125, INT64_C(312500000) },  { 150, INT64_C(500000000) },  { 200, INT64_C(787500000) },
    { 250, INT64_C(1250000000) }, { 300, INT64_C(2000000000) },
};

int64_t registry_flow_limit_of_size(int32_t size_dn_mm)
{
    for (size_t i = 0; i < sizeof size_flows / sizeof size_flows[0]; i++)
        if (size_dn_mm <= size_flows[i].size_dn_mm)
            return size_flows[i].overload_ml_per_h;
    return REGISTRY_FLOW_LIMIT_LARGEST;
}

static void defaults_fill(struct device_record *row)
{
    if (row->kind == DEVICE_KIND_NONE)
        row->kind = DEVICE_KIND_COLD_WATER;
    registry_place_defaults(row);
    if (row->size_dn_mm == 0)
        row->size_dn_mm = SIZE_DN_USUAL_MM;
    registry_kind_fill(row);
    if (row->security == 0)
        row->security = DEVICE_SECURITY_PSK;
    if (row->profile[0] == '\0' && row->kind < DEVICE_KIND_COUNT)
        memcpy(row->profile, profile_usual, sizeof profile_usual);
}

/* The fields that mean something by themselves. */
static int values_check(const struct device_record *row)
{
    bool has_imei = row->kind < DEVICE_KIND_COUNT && row->parent_device_id == 0;
    int error = registry_kind_check(row);
    if (error != 0)
        return error;
    if ((has_imei || row->imei != 0) && (row->imei < IMEI_FIRST || row->imei >= IMEI_END))
        return REGISTRY_ERR_IMEI;
    if (!meter_number_valid(row))
        return REGISTRY_ERR_METER_NUMBER;
    if (row->start_register_value < REGISTRY_START_UNKNOWN || row->start_register_value >= row->register_modulus_value)
        return REGISTRY_ERR_REGISTER;
    if (row->report_time_s < 0 || row->report_time_s > 86399)
        return REGISTRY_ERR_REPORT_TIME;
    if (row->size_dn_mm < 8 || row->size_dn_mm > 600)
        return REGISTRY_ERR_SIZE;
    if (row->security != DEVICE_SECURITY_PSK && row->security != DEVICE_SECURITY_PLAIN)
        return REGISTRY_ERR_SECURITY;
    if (!registry_text_valid(row->room) || !registry_text_valid(row->maker) || !registry_text_valid(row->profile))
        return REGISTRY_ERR_TEXT;
    return 0;
}

/* What must hold against the rest of the archive. */
static int place_check(struct registry *registry, const struct registry_scope *scope, struct device_record *row,
                       uint32_t except)
{
    struct registry_scope area_scope;
    if (registry_scope_make(registry, scope->tenant_id, row->area_id, &area_scope) != 0 || row->area_id == 0 ||
        strcmp(area_scope.path_from, scope->path_from) < 0 || strcmp(area_scope.path_from, scope->path_to) >= 0)
        return REGISTRY_ERR_AREA;
    const struct registry_device *same = row->imei != 0 ? registry_device_find_imei(registry, row->imei) : NULL;
    if (same && same->device_id != row->device_id)
        return REGISTRY_ERR_IMEI_TAKEN;
    int taken = registry->store.meter_number_taken(registry->store.context, scope->tenant_id, row->meter_number,
                                                   row->device_id);
    if (taken != 0)
        return taken > 0 ? REGISTRY_ERR_METER_NUMBER_TAKEN : taken;
    return registry_place_check(registry, scope, row, except);
}

/* Number and check a new device; `except` as registry_place_check has it. */
static int device_prepare(struct registry *registry, const struct registry_scope *scope, struct device_record *row,
                          uint32_t except)
{
    if (registry->device_count + 1 >= registry->devices.limit)
        return REGISTRY_ERR_FULL;
    row->device_id = registry->device_count + 1;
    row->tenant_id = scope->tenant_id;
    int error = values_check(row);
    return error != 0 ? error : place_check(registry, scope, row, except);
}

static int device_enter(struct registry *registry, const struct device_record *row)
{
    int error = registry->store.device_insert(registry->store.context, row);
    return error != 0 ? error : registry_device_put(registry, row);
}

int registry_device_insert(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                           struct device_record *row)
{
    struct device_record added = *row;
    added.replaces_device_id = 0;
    added.start_total_value = 0;
    added.removed_s = 0;
    if (added.installed_s == 0)
        added.installed_s = now_s;
    int error = registry_transformers_check(&added);
    defaults_fill(&added);
    if (error == 0)
        error = device_prepare(registry, scope, &added, 0);
    if (error == 0)
        error = device_enter(registry, &added);
    if (error == 0)
        *row = added;
    return error;
}

int registry_device_add(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                        struct device_record *row)
{
    struct registry_line_record line = { 0 };
    if (row->kind == REGISTRY_KIND_CONCENTRATOR || row->kind == REGISTRY_KIND_LINE)
        return registry_line_add(registry, scope, now_s, row, &line);
    return registry_device_insert(registry, scope, now_s, row);
}

void registry_devices_gather(struct registry *registry)
{
    registry->store.devices_gather(registry->store.context, true);
}

int registry_devices_write(struct registry *registry)
{
    return registry->store.devices_write(registry->store.context);
}

void registry_devices_end(struct registry *registry)
{
    registry->store.devices_gather(registry->store.context, false);
}

int registry_device_read(struct registry *registry, const struct registry_scope *scope, uint32_t device_id,
                         struct device_record *row)
{
    if (!registry_scope_holds(registry, scope, device_id))
        return REGISTRY_ERR_DEVICE;
    int found = registry->store.device_read(registry->store.context, device_id, row);
    if (found < 0)
        return found;
    return found == 1 ? 0 : REGISTRY_ERR_STORED;
}

/* A device in service, as it is stored. */
static int device_take(struct registry *registry, const struct registry_scope *scope, uint32_t device_id,
                       struct device_record *row)
{
    int error = registry_device_read(registry, scope, device_id, row);
    if (error == 0 && row->removed_s != 0)
        error = REGISTRY_ERR_REMOVED;
    return error;
}

static int device_store(struct registry *registry, const struct device_record *row)
{
    int error = registry->store.device_update(registry->store.context, row);
    return error != 0 ? error : registry_device_put(registry, row);
}

static void fields_take(struct device_record *to, uint32_t fields, const struct device_record *from)
{
    if (fields & REGISTRY_CHANGE_AREA)
        to->area_id = from->area_id;
    if (fields & REGISTRY_CHANGE_ROOM)
        memcpy(to->room, from->room, sizeof to->room);
    if (fields & REGISTRY_CHANGE_MAKER)
        memcpy(to->maker, from->maker, sizeof to->maker);
    if (fields & REGISTRY_CHANGE_SECURITY)
        to->security = from->security;
    if (fields & REGISTRY_CHANGE_FLOW_LIMIT)
        to->flow_limit_value_per_h = from->flow_limit_value_per_h;
    if (fields & REGISTRY_CHANGE_REPORT_TIME)
        to->report_time_s = from->report_time_s;
    if (fields & REGISTRY_CHANGE_METER_NUMBER)
        memcpy(to->meter_number, from->meter_number, sizeof to->meter_number);
    if (fields & REGISTRY_CHANGE_ADDRESS)
        memcpy(to->address, from->address, sizeof to->address);
    if (fields & REGISTRY_CHANGE_PORT)
        to->port = from->port;
    if (fields & REGISTRY_CHANGE_INSTALLED)
        to->installed_s = from->installed_s;
    if (fields & REGISTRY_CHANGE_PROFILE)
        memcpy(to->profile, from->profile, sizeof to->profile);
    if (fields & REGISTRY_CHANGE_PARENT && to->parent_device_id != from->parent_device_id) {
        to->parent_device_id = from->parent_device_id;
        to->measurement_point = from->measurement_point;
    }
}

/* All four numbers at once: the multiplier is their product, or as given when there are none. */
static int transformers_take(struct device_record *to, const struct device_record *from)
{
    to->ct_primary_a = from->ct_primary_a;
    to->ct_secondary_a = from->ct_secondary_a;
    to->pt_primary_v = from->pt_primary_v;
    to->pt_secondary_v = from->pt_secondary_v;
    to->multiplier_e3 = from->multiplier_e3;
    int error = registry_transformers_check(to);
    if (to->multiplier_e3 == 0)
        to->multiplier_e3 = REGISTRY_MULTIPLIER_NONE_E3;
    return error;
}

int registry_device_change(struct registry *registry, const struct registry_scope *scope, uint32_t fields,
                           const struct device_record *row)
{
    struct device_record changed;
    int error = device_take(registry, scope, row->device_id, &changed);
    if (error != 0)
        return error;
    fields_take(&changed, fields, row);
    if (fields & REGISTRY_CHANGE_TRANSFORMERS)
        error = transformers_take(&changed, row);
    if (error == 0)
        error = values_check(&changed);
    if (error == 0)
        error = place_check(registry, scope, &changed, 0);
    return error != 0 ? error : device_store(registry, &changed);
}

int registry_device_remove(struct registry *registry, const struct registry_scope *scope, uint32_t device_id,
                           int64_t now_s)
{
    struct device_record row;
    int error = device_take(registry, scope, device_id, &row);
    if (error != 0)
        return error;
    if (registry_has_children(registry, device_id))
        return REGISTRY_ERR_CHILDREN;
    row.removed_s = now_s;
    return device_store(registry, &row);
}

int registry_device_exchange(struct registry *registry, const struct registry_scope *scope,
                             const struct registry_exchange *exchange, int64_t now_s, uint32_t *new_device_id)
{
    struct device_record old;
    int error = device_take(registry, scope, exchange->old_device_id, &old);
    if (error != 0)
        return error;
    struct device_record added = old;
    added.imei = exchange->new_imei;
    memcpy(added.meter_number, exchange->new_meter_number, sizeof added.meter_number);
    memcpy(added.address, exchange->new_address, sizeof added.address);
    added.start_register_value = exchange->new_start_value;
    added.start_total_value = exchange->end_total_value;
    added.replaces_device_id = old.device_id;
    added.installed_s = now_s;
    error = old.kind < DEVICE_KIND_COUNT ? device_prepare(registry, scope, &added, old.device_id) : REGISTRY_ERR_KIND;
    if (error != 0)
        return error;
    /* First, so that point and address are free for the new one. */
    old.removed_s = now_s;
    error = device_store(registry, &old);
    if (error == 0)
        error = device_enter(registry, &added);
    if (error == 0)
        *new_device_id = added.device_id;
    return error;
}
