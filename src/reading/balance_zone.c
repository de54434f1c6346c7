#include "reading/balance_zone.h"

#include <string.h>

#include "base/text.h"
#include "reading/reading_internal.h"

/* 1 to BALANCE_NAME_LIMIT - 1 bytes of UTF-8, without spaces around. */
static bool name_valid(const char *name)
{
    struct span text = span_of_text(name);

    return text.size > 0 && text.size < BALANCE_NAME_LIMIT && text_utf8_check(text) > 0 &&
           text_trim(text).size == text.size;
}

static int supply_check(const struct reading_room *room, const struct balance_zone *zone)
{
    if (zone->supply_count == 0 || zone->supply_count > BALANCE_SUPPLY_LIMIT)
        return READING_ERR_ZONE_SUPPLY;
    for (uint32_t i = 0; i < zone->supply_count; i++) {
        const struct balance_supply *supply = &zone->supply[i];
        const struct registry_device *device = registry_device_find(room->registry, supply->device_id);

        if (!device || device->tenant_id != zone->tenant_id || device->kind != zone->kind)
            return READING_ERR_ZONE_SUPPLY;
        for (uint32_t j = 0; j < i; j++)
            if (zone->supply[j].device_id == supply->device_id)
                return READING_ERR_ZONE_SUPPLY;
    }
    return 0;
}

/* Everything that must hold of a zone, before anything is stored. */
static int zone_check(struct reading_room *room, const struct registry_scope *scope, const struct balance_zone *zone)
{
    struct registry_scope area_scope;

    if (zone->area_id == 0 || registry_scope_make(room->registry, scope->tenant_id, zone->area_id, &area_scope) != 0 ||
        strcmp(area_scope.path_from, scope->path_from) < 0 || strcmp(area_scope.path_from, scope->path_to) >= 0)
        return REGISTRY_ERR_AREA;
    if (zone->kind == DEVICE_KIND_NONE || zone->kind >= DEVICE_KIND_COUNT)
        return READING_ERR_ZONE_UTILITY;
    if (!name_valid(zone->name))
        return READING_ERR_ZONE_NAME;
    int taken = room->store.zone_name_taken(room->store.context, zone->tenant_id, zone->name, zone->balance_zone_id);
    if (taken != 0)
        return taken < 0 ? taken : READING_ERR_ZONE_NAME_TAKEN;
    return supply_check(room, zone);
}

int balance_zone_add(struct reading_room *room, const struct registry_scope *scope, int64_t now_s,
                     struct balance_zone *zone)
{
    struct balance_zone added = *zone;

    added.balance_zone_id = 0;
    added.tenant_id = scope->tenant_id;
    added.created_s = now_s;
    int error = zone_check(room, scope, &added);
    if (error == 0)
        error = room->store.zone_insert(room->store.context, &added);
    if (error == 0)
        *zone = added;
    return error;
}

/* The stored zone, if it lies inside the scope. */
static int zone_take(struct reading_room *room, const struct registry_scope *scope, int64_t id, struct balance_zone *out)
{
    int found = room->store.zone_read(room->store.context, id, out);
    if (found < 0)
        return found;
    const struct area_record *area = found == 1 ? registry_area_find(room->registry, out->area_id) : NULL;
    bool inside = area && out->tenant_id == scope->tenant_id && strcmp(area->path, scope->path_from) >= 0 &&
                  strcmp(area->path, scope->path_to) < 0;
    return inside ? 0 : READING_ERR_ZONE;
}

int balance_zone_change(struct reading_room *room, const struct registry_scope *scope, uint32_t fields,
                        const struct balance_zone *zone)
{
    struct balance_zone changed;
    int error = zone_take(room, scope, zone->balance_zone_id, &changed);

    if (error != 0)
        return error;
    if (fields & BALANCE_CHANGE_AREA)
        changed.area_id = zone->area_id;
    if (fields & BALANCE_CHANGE_NAME)
        memcpy(changed.name, zone->name, sizeof changed.name);
    if (fields & BALANCE_CHANGE_SUPPLY) {
        changed.supply_count = zone->supply_count;
        memcpy(changed.supply, zone->supply, sizeof changed.supply);
    }
    error = zone_check(room, scope, &changed);
    return error != 0 ? error : room->store.zone_update(room->store.context, &changed);
}

int balance_zone_remove(struct reading_room *room, const struct registry_scope *scope, int64_t balance_zone_id)
{
    struct balance_zone stored;
    int error = zone_take(room, scope, balance_zone_id, &stored);

    return error != 0 ? error : room->store.zone_delete(room->store.context, balance_zone_id);
}
