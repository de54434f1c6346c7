/* Tables balance_zone and balance_supply. */
#include "reading/reading_store.h"
#include "registry/registry_store.h"
#include "store/sql/reading_sql_internal.h"

enum {
    ZONE_READ,
    ZONE_INSERT,
    ZONE_UPDATE,
    ZONE_DELETE,
    ZONE_NAME,
    SUPPLY_READ,
    SUPPLY_INSERT,
    SUPPLY_DELETE,
    STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [ZONE_READ] = "SELECT tenant_id, area_id, utility, name, created_s FROM balance_zone WHERE balance_zone_id = ?",
    [ZONE_INSERT] = "INSERT INTO balance_zone (tenant_id, area_id, created_s, utility, name) VALUES (?, ?, ?, ?, ?)",
    [ZONE_UPDATE] = "UPDATE balance_zone SET area_id = ?2, name = ?3 WHERE balance_zone_id = ?1",
    [ZONE_DELETE] = "DELETE FROM balance_zone WHERE balance_zone_id = ?",
    [ZONE_NAME] = "SELECT 1 FROM balance_zone WHERE tenant_id = ?1 AND balance_zone_id <> ?2 AND name = ?3",
    [SUPPLY_READ] = "SELECT device_id, direction FROM balance_supply WHERE balance_zone_id = ? ORDER BY device_id",
    [SUPPLY_INSERT] = "INSERT INTO balance_supply (balance_zone_id, device_id, direction) VALUES (?, ?, ?)",
    [SUPPLY_DELETE] = "DELETE FROM balance_supply WHERE balance_zone_id = ?",
};

static int supply_read(struct reading_sql *sql, struct balance_zone *zone)
{
    struct statement *rows = statement_take(&sql->zones, SUPPLY_READ);
    int found;

    statement_bind_integer(rows, 1, zone->balance_zone_id);
    while ((found = statement_row(rows)) == 1) {
        if (zone->supply_count == BALANCE_SUPPLY_LIMIT)
            continue;
        zone->supply[zone->supply_count++] = (struct balance_supply){
            .device_id = (uint32_t)statement_integer(rows, 0),
            .direction = statement_int(rows, 1),
        };
    }
    return found;
}

static int zone_read(void *context, int64_t balance_zone_id, struct balance_zone *out)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->zones, ZONE_READ);

    statement_bind_integer(query, 1, balance_zone_id);
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct balance_zone){
        .balance_zone_id = balance_zone_id,
        .tenant_id = (uint32_t)statement_integer(query, 0),
        .area_id = (uint32_t)statement_integer(query, 1),
        .kind = registry_kind_of_name(statement_text_at(query, 2)),
        .created_s = statement_integer(query, 4),
    };
    statement_text(query, 3, out->name, sizeof out->name);
    statement_end(query);
    found = supply_read(sql, out);
    return found < 0 ? found : 1;
}

static int supply_write(struct reading_sql *sql, const struct balance_zone *zone)
{
    struct statement *clear = statement_take(&sql->zones, SUPPLY_DELETE);

    statement_bind_integer(clear, 1, zone->balance_zone_id);
    int changed = statement_run(clear);
    for (uint32_t i = 0; changed >= 0 && i < zone->supply_count; i++) {
        struct statement *insert = statement_take(&sql->zones, SUPPLY_INSERT);
        statement_bind_integers(
            insert, (const int64_t[]){ zone->balance_zone_id, zone->supply[i].device_id, zone->supply[i].direction }, 3);
        changed = statement_run(insert);
    }
    return changed < 0 ? changed : 0;
}

static int zone_insert(void *context, struct balance_zone *zone)
{
    struct reading_sql *sql = context;
    struct statement *insert = statement_take(&sql->zones, ZONE_INSERT);

    statement_bind_integers(insert, (const int64_t[]){ zone->tenant_id, zone->area_id, zone->created_s }, 3);
    statement_bind_text(insert, 4, registry_kind_name(zone->kind));
    statement_bind_text(insert, 5, zone->name);
    int changed = statement_run(insert);
    if (changed < 0)
        return changed;
    zone->balance_zone_id = store_last_identifier(sql->zones.store);
    return supply_write(sql, zone);
}

static int zone_update(void *context, const struct balance_zone *zone)
{
    struct reading_sql *sql = context;
    struct statement *update = statement_take(&sql->zones, ZONE_UPDATE);

    statement_bind_integers(update, (const int64_t[]){ zone->balance_zone_id, zone->area_id }, 2);
    statement_bind_text(update, 3, zone->name);
    int changed = statement_run(update);
    return changed < 0 ? changed : supply_write(sql, zone);
}

static int zone_delete(void *context, int64_t balance_zone_id)
{
    struct reading_sql *sql = context;
    struct statement *clear = statement_take(&sql->zones, SUPPLY_DELETE);

    statement_bind_integer(clear, 1, balance_zone_id);
    int changed = statement_run(clear);
    if (changed < 0)
        return changed;
    struct statement *remove = statement_take(&sql->zones, ZONE_DELETE);
    statement_bind_integer(remove, 1, balance_zone_id);
    changed = statement_run(remove);
    return changed < 0 ? changed : 0;
}

static int zone_name_taken(void *context, uint32_t tenant_id, const char *name, int64_t except_zone_id)
{
    struct reading_sql *sql = context;
    struct statement *query = statement_take(&sql->zones, ZONE_NAME);

    statement_bind_integers(query, (const int64_t[]){ tenant_id, except_zone_id }, 2);
    statement_bind_text(query, 3, name);
    int found = statement_row(query);
    if (found == 1)
        statement_end(query);
    return found;
}

int reading_sql_zones_open(struct reading_sql *sql, struct store *store)
{
    int error = statement_table_prepare(&sql->zones, store, texts, STATEMENT_COUNT);

    if (error != 0)
        return error;
    sql->store.zone_read = zone_read;
    sql->store.zone_insert = zone_insert;
    sql->store.zone_update = zone_update;
    sql->store.zone_delete = zone_delete;
    sql->store.zone_name_taken = zone_name_taken;
    return 0;
}
