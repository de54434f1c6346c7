#include "registry/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "registry/registry_internal.h"

#define ZONE_OFFSET_CHINA_S 28800

static const struct error_info error_rows[] = { REGISTRY_ERRORS(ERROR_INFO_ROW) };

const struct error_info *registry_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

bool registry_text_valid(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < ' ')
            return false;
    return strlen(text) < REGISTRY_NAME_LIMIT && text_utf8_check(span_of_text(text)) >= 0;
}

bool registry_name_valid(const char *name)
{
    return registry_text_valid(name) && text_trim(span_of_text(name)).size > 0;
}

static uint64_t imei_hash(const struct registry *registry, uint64_t imei)
{
    return hash_siphash(registry->imei_key, span_of_bytes(&imei, sizeof imei));
}

static uint64_t device_imei_hash(const void *context, uint32_t device_id)
{
    const struct registry *registry = context;
    const struct registry_device *device = dense_array_at(&registry->devices, device_id);
    return imei_hash(registry, device->imei);
}

static bool device_imei_equals(const void *context, uint32_t device_id, const void *key)
{
    const struct registry *registry = context;
    const struct registry_device *device = dense_array_at(&registry->devices, device_id);
    const uint64_t *imei = key;
    return device->imei == *imei;
}

static void imei_forget(void *context, uint64_t device_id)
{
    struct registry *registry = context;
    device_index_remove(&registry->by_imei, (uint32_t)device_id);
}

/* Of a device that is new in memory: its IMEI is for life. Taken back before its record is. */
static int imei_enter(struct registry *registry, uint32_t device_id)
{
    if (!device_index_put(&registry->by_imei, device_id))
        return REGISTRY_ERR_MEMORY;
    if (undo_call(registry->undo, imei_forget, registry, device_id) != 0) {
        device_index_remove(&registry->by_imei, device_id);
        return REGISTRY_ERR_FULL;
    }
    return 0;
}

/* A ratio with more than three decimals is cut: it scales what is shown of a current, never what is billed. */
static uint32_t current_ratio_e3(const struct device_record *row)
{
    return row->ct_primary_a > 0 && row->ct_secondary_a > 0
               ? (uint32_t)((int64_t)row->ct_primary_a * REGISTRY_MULTIPLIER_NONE_E3 / row->ct_secondary_a)
               : 0;
}

static struct registry_device device_of_row(const struct device_record *row)
{
    return (struct registry_device){
        .imei = row->imei,
        .register_modulus_value = row->register_modulus_value,
        .start_register_value = row->start_register_value,
        .start_total_value = row->start_total_value,
        .installed_s = row->installed_s,
        .device_id = row->device_id,
        .tenant_id = row->tenant_id,
        .area_id = row->area_id,
        .flow_limit_value_per_h = row->flow_limit_value_per_h,
        .report_time_s = row->report_time_s,
        .security = (uint8_t)row->security,
        .removed = row->removed_s != 0,
        .kind = (uint8_t)row->kind,
        .multiplier_e3 = (uint32_t)row->multiplier_e3,
        .current_ratio_e3 = current_ratio_e3(row),
        .size_dn_mm = (uint16_t)row->size_dn_mm,
        .line_device_id = row->line_device_id,
        .measurement_point = row->measurement_point,
        .port = row->port,
        .exists = 1,
    };
}

int registry_device_put(struct registry *registry, const struct device_record *row)
{
    struct registry_device *device = dense_array_reserve(&registry->devices, row->device_id);
    if (!device)
        return row->device_id < registry->devices.limit ? REGISTRY_ERR_MEMORY : REGISTRY_ERR_FULL;
    int error = registry_line_leave(registry, device);
    if (error != 0)
        return error;
    if (undo_save(registry->undo, device, sizeof *device) != 0 ||
        undo_save(registry->undo, &registry->device_count, sizeof registry->device_count) != 0)
        return REGISTRY_ERR_FULL;
    error = registry_line_enter(registry, row);
    if (error != 0)
        return error;
    bool is_new = !device->exists;
    *device = device_of_row(row);
    if (row->device_id > registry->device_count)
        registry->device_count = row->device_id;
    return is_new && row->imei != 0 ? imei_enter(registry, row->device_id) : 0;
}

int registry_area_put(struct registry *registry, const struct area_record *row)
{
    struct area_record *area = dense_array_reserve(&registry->areas, row->area_id);
    if (!area)
        return row->area_id < registry->areas.limit ? REGISTRY_ERR_MEMORY : REGISTRY_ERR_FULL;
    if (undo_save(registry->undo, area, sizeof *area) != 0 ||
        undo_save(registry->undo, &registry->area_count, sizeof registry->area_count) != 0)
        return REGISTRY_ERR_FULL;
    *area = *row;
    if (row->area_id > registry->area_count)
        registry->area_count = row->area_id;
    return 0;
}

int registry_tenant_put(struct registry *registry, const struct tenant_record *row)
{
    struct tenant_record *tenant = dense_array_reserve(&registry->tenants, row->tenant_id);
    if (!tenant)
        return row->tenant_id < registry->tenants.limit ? REGISTRY_ERR_MEMORY : REGISTRY_ERR_FULL;
    if (undo_save(registry->undo, tenant, sizeof *tenant) != 0 ||
        undo_save(registry->undo, &registry->tenant_count, sizeof registry->tenant_count) != 0)
        return REGISTRY_ERR_FULL;
    *tenant = *row;
    if (row->tenant_id > registry->tenant_count)
        registry->tenant_count = row->tenant_id;
    return 0;
}

static int tenant_load(void *visitor, const struct tenant_record *row)
{
    return registry_tenant_put(visitor, row);
}

static int area_load(void *visitor, const struct area_record *row)
{
    return registry_area_put(visitor, row);
}

static int line_load(void *visitor, const struct registry_line_record *row)
{
    return registry_line_put(visitor, row);
}

static bool row_is_sound(const struct registry *registry, const struct device_record *row)
{
    return (row->imei != 0 || row->line_device_id != 0) && row->flow_limit_value_per_h > 0 &&
           row->register_modulus_value > 0 && row->kind != DEVICE_KIND_NONE && row->multiplier_e3 > 0 &&
           row->multiplier_e3 <= REGISTRY_MULTIPLIER_LARGEST_E3 && registry_area_find(registry, row->area_id) &&
           registry_tenant_find(registry, row->tenant_id);
}

/* Writes nothing but the device's own records: others are loaded at the same time. */
static int device_load(void *visitor, const struct device_record *row)
{
    struct registry *registry = visitor;
    if (!row_is_sound(registry, row))
        return REGISTRY_ERR_STORED;
    struct registry_device *device = dense_array_reserve(&registry->devices, row->device_id);
    if (!device)
        return row->device_id < registry->devices.limit ? REGISTRY_ERR_MEMORY : REGISTRY_ERR_FULL;
    *device = device_of_row(row);
    return row->parent_device_id == 0 || device->removed ? 0
                                                         : registry_line_note(registry, row->device_id, row->parent_device_id);
}

int registry_load_begin(struct registry *registry)
{
    void *context = registry->store.context;
    struct undo *undo = registry->undo;
    registry->undo = NULL; /* nothing of the load can be undone */
    int error = registry->store.tenants_walk(context, tenant_load, registry);
    if (error == 0)
        error = registry->store.areas_walk(context, area_load, registry);
    if (error == 0)
        error = registry->store.lines_walk(context, line_load, registry);
    registry->undo = undo;
    return error;
}

int registry_load_range(struct registry *registry, const struct registry_store *store, uint32_t first, uint32_t last)
{
    return store->devices_walk(store->context, first, last, device_load, registry);
}

/* One piece of the array of devices: its places on lines, its part of the index. */
static int chunk_enter(struct registry *registry, uint32_t first)
{
    uint32_t with_imei[DENSE_ARRAY_CHUNK];
    uint32_t count = 0;
    int error = 0;
    for (uint32_t id = first; error == 0 && id < first + DENSE_ARRAY_CHUNK; id++) {
        const struct registry_device *device = registry_device_find(registry, id);
        if (!device)
            continue;
        registry->device_count = id;
        if (device->imei != 0)
            with_imei[count++] = id;
        error = registry_line_load(registry, device);
    }
    return error == 0 && !device_index_put_all(&registry->by_imei, with_imei, count) ? REGISTRY_ERR_MEMORY : error;
}

int registry_load_end(struct registry *registry)
{
    struct undo *undo = registry->undo;
    int error = 0;
    registry->undo = NULL;
    for (uint32_t first = 0; error == 0 && first < registry->devices.limit; first += DENSE_ARRAY_CHUNK)
        if (dense_array_at(&registry->devices, first) != NULL)
            error = chunk_enter(registry, first);
    registry->undo = undo;
    return error;
}

int registry_make(const struct registry_config *config, struct registry **out)
{
    struct registry *registry = calloc(1, sizeof *registry);
    if (!registry)
        return REGISTRY_ERR_MEMORY;
    uint32_t limit = config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    registry->store = *config->store;
    registry->imei_key = (struct hash_key){ config->seed, ~config->seed };
    registry->by_imei = (struct device_index){ .context = registry, .hash_of = device_imei_hash, .equals = device_imei_equals };
    registry->by_line = map_make(limit, config->seed);
    registry->by_point = map_make(limit, config->seed);
    bool reserved = config->device_count > limit || device_index_reserve(&registry->by_imei, config->device_count);
    int error = reserved ? 0 : REGISTRY_ERR_MEMORY;
    if (error == 0)
        error = dense_array_open(&registry->devices, sizeof(struct registry_device), limit + 1);
    if (error == 0)
        error = dense_array_open(&registry->links, sizeof(struct registry_link), limit + 1);
    if (error == 0)
        error = dense_array_open(&registry->lines, sizeof(struct registry_line), limit + 1);
    if (error == 0)
        error = dense_array_open(&registry->areas, sizeof(struct area_record), REGISTRY_AREA_LIMIT + 1);
    if (error == 0)
        error = dense_array_open(&registry->tenants, sizeof(struct tenant_record), REGISTRY_TENANT_LIMIT + 1);
    if (error != 0) {
        registry_close(registry);
        return REGISTRY_ERR_MEMORY;
    }
    registry->undo = config->undo;
    *out = registry;
    return 0;
}

int registry_load(struct registry *registry)
{
    int error = registry_load_begin(registry);
    if (error == 0)
        error = registry_load_range(registry, &registry->store, 0, UINT32_MAX);
    return error == 0 ? registry_load_end(registry) : error;
}

int registry_open(const struct registry_config *config, struct registry **out)
{
    struct registry *registry;
    int error = registry_make(config, &registry);
    if (error != 0)
        return error;
    error = registry_load(registry);
    if (error != 0) {
        registry_close(registry);
        return error;
    }
    *out = registry;
    return 0;
}

void registry_close(struct registry *registry)
{
    if (!registry)
        return;
    device_index_release(&registry->by_imei);
    map_release(&registry->by_line);
    map_release(&registry->by_point);
    dense_array_close(&registry->links);
    dense_array_close(&registry->lines);
    dense_array_close(&registry->devices);
    dense_array_close(&registry->areas);
    dense_array_close(&registry->tenants);
    free(registry);
}

uint32_t registry_device_count(const struct registry *registry)
{
    return registry->device_count;
}

const struct registry_device *registry_device_find(const struct registry *registry, uint32_t device_id)
{
    const struct registry_device *device = dense_array_at(&registry->devices, device_id);
    return device && device->exists ? device : NULL;
}

const struct registry_device *registry_device_find_imei(const struct registry *registry, uint64_t imei)
{
    uint32_t device_id = device_index_find(&registry->by_imei, imei_hash(registry, imei), &imei);
    return device_id != 0 ? registry_device_find(registry, device_id) : NULL;
}

const struct area_record *registry_area_find(const struct registry *registry, uint32_t area_id)
{
    const struct area_record *area = dense_array_at(&registry->areas, area_id);
    return area && area->area_id != 0 ? area : NULL;
}

const struct tenant_record *registry_tenant_find(const struct registry *registry, uint32_t tenant_id)
{
    const struct tenant_record *tenant = dense_array_at(&registry->tenants, tenant_id);
    return tenant && tenant->tenant_id != 0 ? tenant : NULL;
}

const struct tenant_record *registry_tenant_next(const struct registry *registry, uint32_t *position)
{
    while (*position < registry->tenant_count) {
        const struct tenant_record *tenant = registry_tenant_find(registry, ++*position);
        if (tenant)
            return tenant;
    }
    return NULL;
}

int32_t registry_zone_offset_s(const struct registry *registry, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(registry, device_id);
    const struct tenant_record *tenant = device ? registry_tenant_find(registry, device->tenant_id) : NULL;
    return tenant ? tenant->zone_offset_s : ZONE_OFFSET_CHINA_S;
}
