/* Calls about zones whose loss is watched. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/text.h"
#include "reading/balance_zone.h"

/* "[12,-13]": meter 12 lets in, meter 13 lets out. The api has checked that these are integers. */
static int supply_fill(const char *text, struct balance_zone *zone)
{
    while (*text != '\0') {
        char *end;
        long long number = strtoll(text, &end, 10);

        if (end == text) {
            text++;
            continue;
        }
        text = end;
        if (zone->supply_count == BALANCE_SUPPLY_LIMIT || number == 0 || number > UINT32_MAX || number < -(long long)UINT32_MAX)
            return READING_ERR_ZONE_SUPPLY;
        zone->supply[zone->supply_count++] = (struct balance_supply){
            .device_id = (uint32_t)(number < 0 ? -number : number),
            .direction = number < 0 ? -1 : 1,
        };
    }
    return 0;
}

/* What was asked, and how far the asker may see. */
static int zone_fill(struct core *core, const struct core_balance_zone *ask, struct registry_scope *scope,
                     struct balance_zone *zone)
{
    int result = core_scope(core, &ask->head, scope);

    if (result != 0)
        return result;
    zone->balance_zone_id = ask->head.object_id;
    zone->area_id = (uint32_t)ask->area_id;
    zone->kind = registry_kind_of_name(ask->utility);
    if (text_copy(span_of_text(ask->name), zone->name, sizeof zone->name) < 0)
        return READING_ERR_ZONE_NAME;
    return supply_fill(ask->supply, zone);
}

int core_balance_zone_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_balance_zone *ask = request;
    struct balance_zone zone = { .balance_zone_id = 0 };
    struct registry_scope scope;
    int result = zone_fill(core, ask, &scope, &zone);

    if (result == 0)
        result = balance_zone_add(core->reading, &scope, core->now_s, &zone);
    if (result == 0)
        result = core_audit(core, &ask->head, "balance_zone.create", "balance_zone", zone.balance_zone_id, zone.name);
    if (result == 0)
        reply->object_id = zone.balance_zone_id;
    return result;
}

_Static_assert(CORE_BALANCE_HAS_AREA == BALANCE_CHANGE_AREA && CORE_BALANCE_HAS_NAME == BALANCE_CHANGE_NAME &&
                   CORE_BALANCE_HAS_SUPPLY == BALANCE_CHANGE_SUPPLY,
               "field bits of api and reading agree");

int core_balance_zone_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_balance_zone *ask = request;
    struct balance_zone zone = { .balance_zone_id = 0 };
    struct registry_scope scope;
    int result = zone_fill(core, ask, &scope, &zone);

    if (result == 0)
        result = balance_zone_change(core->reading, &scope, (uint32_t)ask->head.present, &zone);
    if (result == 0)
        result = core_audit(core, &ask->head, "balance_zone.change", "balance_zone", zone.balance_zone_id, ask->supply);
    reply->object_id = zone.balance_zone_id;
    return result;
}

int core_balance_zone_delete(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_balance_zone *ask = request;
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result == 0)
        result = balance_zone_remove(core->reading, &scope, ask->head.object_id);
    if (result == 0)
        result = core_audit(core, &ask->head, "balance_zone.delete", "balance_zone", ask->head.object_id, "");
    reply->object_id = ask->head.object_id;
    return result;
}
