/* Tenants, the tree of areas, and jurisdiction: an area with all below it is one range of paths. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "registry/registry_internal.h"

#define ZONE_OFFSET_LIMIT_S 50400

/* The tenant's root: its one area without a parent. */
static const struct area_record *root_find(const struct registry *registry, uint32_t tenant_id)
{
    for (uint32_t id = 1; id <= registry->area_count; id++) {
        const struct area_record *area = registry_area_find(registry, id);
        if (area && area->tenant_id == tenant_id && area->parent_area_id == 0)
            return area;
    }
    return NULL;
}

int registry_scope_make(const struct registry *registry, uint32_t tenant_id, uint32_t area_id,
                        struct registry_scope *out)
{
    if (!registry_tenant_find(registry, tenant_id))
        return REGISTRY_ERR_TENANT;
    const struct area_record *area =
        area_id != 0 ? registry_area_find(registry, area_id) : root_find(registry, tenant_id);
    if (!area || area->tenant_id != tenant_id)
        return REGISTRY_ERR_AREA;
    struct registry_scope scope = { .tenant_id = tenant_id, .area_id = area->area_id };
    memcpy(scope.path_from, area->path, sizeof scope.path_from);
    memcpy(scope.path_to, area->path, sizeof scope.path_to);
    /* '0' follows '/': the first path that is not below this area. */
    scope.path_to[strlen(scope.path_to) - 1] = '0';
    *out = scope;
    return 0;
}

static bool scope_holds_area(const struct registry_scope *scope, const struct area_record *area)
{
    return area && area->tenant_id == scope->tenant_id && strcmp(area->path, scope->path_from) >= 0 &&
           strcmp(area->path, scope->path_to) < 0;
}

bool registry_scope_holds(const struct registry *registry, const struct registry_scope *scope, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(registry, device_id);
    return device && scope_holds_area(scope, registry_area_find(registry, device->area_id));
}

static bool sibling_named(const struct registry *registry, uint32_t parent_area_id, const char *name)
{
    for (uint32_t id = 1; id <= registry->area_count; id++) {
        const struct area_record *area = registry_area_find(registry, id);
        if (area && area->parent_area_id == parent_area_id && strcmp(area->name, name) == 0)
            return true;
    }
    return false;
}

static int area_insert(struct registry *registry, struct area_record *row, const char *parent_path)
{
    int size = snprintf(row->path, sizeof row->path, "%s%u/", parent_path, (unsigned)row->area_id);
    if (size < 0 || (size_t)size >= sizeof row->path || row->area_id > REGISTRY_AREA_LIMIT)
        return REGISTRY_ERR_FULL;
    int error = registry->store.area_insert(registry->store.context, row);
    return error != 0 ? error : registry_area_put(registry, row);
}

int registry_area_add(struct registry *registry, const struct registry_scope *scope, struct area_record *row)
{
    const struct area_record *parent = registry_area_find(registry, row->parent_area_id);
    if (!scope_holds_area(scope, parent))
        return REGISTRY_ERR_AREA;
    if (row->kind > AREA_BUILDING || row->kind <= parent->kind)
        return REGISTRY_ERR_AREA_KIND;
    if (!registry_name_valid(row->name))
        return REGISTRY_ERR_NAME;
    if (sibling_named(registry, row->parent_area_id, row->name))
        return REGISTRY_ERR_NAME_TAKEN;
    struct area_record added = *row;
    added.area_id = registry->area_count + 1;
    added.tenant_id = scope->tenant_id;
    int error = area_insert(registry, &added, parent->path);
    if (error == 0)
        *row = added;
    return error;
}

static bool tenant_named(const struct registry *registry, const char *name)
{
    uint32_t position = 0;
    const struct tenant_record *tenant;
    while ((tenant = registry_tenant_next(registry, &position)) != NULL)
        if (strcmp(tenant->name, name) == 0)
            return true;
    return false;
}

int registry_tenant_add(struct registry *registry, const char *name, int32_t zone_offset_s, int64_t now_s,
                        uint32_t *tenant_id, uint32_t *root_area_id)
{
    if (!registry_name_valid(name) || zone_offset_s < -ZONE_OFFSET_LIMIT_S || zone_offset_s > ZONE_OFFSET_LIMIT_S)
        return REGISTRY_ERR_NAME;
    if (tenant_named(registry, name))
        return REGISTRY_ERR_NAME_TAKEN;
    if (registry->tenant_count >= REGISTRY_TENANT_LIMIT)
        return REGISTRY_ERR_FULL;
    struct tenant_record tenant = { .tenant_id = registry->tenant_count + 1,
                                    .zone_offset_s = zone_offset_s,
                                    .created_s = now_s };
    struct area_record root = { .area_id = registry->area_count + 1,
                                .tenant_id = tenant.tenant_id,
                                .kind = AREA_COMPANY };
    text_copy(span_of_text(name), tenant.name, sizeof tenant.name);
    text_copy(span_of_text(name), root.name, sizeof root.name);
    int error = registry->store.tenant_insert(registry->store.context, &tenant);
    if (error == 0)
        error = registry_tenant_put(registry, &tenant);
    if (error == 0)
        error = area_insert(registry, &root, "/");
    if (error != 0)
        return error;
    *tenant_id = tenant.tenant_id;
    *root_area_id = root.area_id;
    return 0;
}
