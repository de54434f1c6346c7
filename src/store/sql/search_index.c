#include "store/sql/search_index.h"

#include <stdlib.h>

#include "store/sqlite/search_functions.h"
#include "store/statement_table.h"
#include "store/store_error.h"

/* The parts are those of search_progress, in this order: devices, customers, areas, phones. */
enum {
    DEVICES_BUILD, CUSTOMERS_BUILD, AREAS_BUILD, PHONES_BUILD, DEVICES_CHANGED, CUSTOMERS_CHANGED, AREAS_CHANGED, PHONES_CHANGED,
    CHANGES_THERE, CHANGES_CLEAR, PROGRESS_READ, PROGRESS_MOVE, DEVICES_FORGET, CUSTOMERS_FORGET, AREAS_FORGET, PHONES_FORGET,
    PROGRESS_BEGIN, STATEMENT_COUNT
};
#define PARTS 4

/* In the order of their identifiers: what comes in another order is written piece by piece. */
#define DEVICES_ADD(ids) \
    "INSERT INTO search_device (rowid, tokens) SELECT d.device_id, search_tokens(a.path," \
    " '" SEARCH_NUMBER "', d.meter_number, '" SEARCH_IMEI "', iif(d.imei > 0, substr('000000000000000' || d.imei, -15), '')," \
    " '" SEARCH_PLACE "', coalesce(p.name, '') || a.name || d.room, '" SEARCH_ROOM "', d.room," \
    " '" SEARCH_NAME "', coalesce(c.name, ''), '" SEARCH_INITIALS "', coalesce(c.name_initials, ''))" \
    " FROM " ids " CROSS JOIN area a ON a.area_id = d.area_id" \
    " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    " LEFT JOIN account k ON k.device_id = d.device_id AND k.closed_s IS NULL" \
    " LEFT JOIN customer c ON c.customer_id = k.customer_id"

#define THEIR_ACCOUNTS " FROM account k JOIN area a ON a.area_id = k.area_id "

/* One without an account belongs to the company's own area: the root of its tenant. */
#define CUSTOMERS_ADD(ids) \
    "INSERT INTO search_customer (rowid, tokens) SELECT c.customer_id, search_tokens(" \
    "coalesce((SELECT group_concat(path, ' ') FROM (SELECT DISTINCT a.path AS path " \
    THEIR_ACCOUNTS "WHERE k.customer_id = c.customer_id))," \
    "  (SELECT path FROM area WHERE tenant_id = c.tenant_id AND parent_area_id IS NULL), '')," \
    " '" SEARCH_NUMBER "', c.number, '" SEARCH_NAME "', c.name, '" SEARCH_INITIALS "', c.name_initials," \
    " '" SEARCH_PHONE "', c.phones, '" SEARCH_ADDRESS "', coalesce((SELECT group_concat(coalesce(p.name, '') || a.name ||" \
    "  coalesce(d.room, '')) " THEIR_ACCOUNTS "LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'" \
    "  LEFT JOIN device d ON d.device_id = k.device_id WHERE k.customer_id = c.customer_id), '')," \
    " '" SEARCH_METER "', coalesce((SELECT group_concat(d.meter_number) FROM account k JOIN device d ON d.device_id = k.device_id" \
    "  WHERE k.customer_id = c.customer_id), '')) FROM " ids

/* An area is found by its name with that of the area it lies in before it. */
#define AREAS_ADD(ids) \
    "INSERT INTO search_area (rowid, tokens) SELECT a.area_id, search_tokens(a.path, '" SEARCH_PLACE "', coalesce(p.name, '') || a.name)" \
    " FROM " ids " LEFT JOIN area p ON p.area_id = a.parent_area_id AND p.kind <> 'company'"

/* Each of a list with commas. */
#define PHONES_ADD(ids) \
    "WITH RECURSIVE one(customer_id, phone, rest) AS (SELECT c.customer_id, substr(c.phones, 1, 0)," \
    " replace(replace(c.phones, '-', ''), '+', '') || ',' FROM " ids \
    " UNION ALL SELECT customer_id, substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1) FROM one WHERE rest <> '')" \
    " INSERT INTO customer_phone (phone, customer_id) SELECT phone, customer_id FROM one WHERE phone <> '' ON CONFLICT DO NOTHING"

static const char *const texts[STATEMENT_COUNT] = {
    [CHANGES_THERE] = "SELECT 1 FROM search_change LIMIT 1",
    [DEVICES_CHANGED] = DEVICES_ADD("search_change s CROSS JOIN device d ON d.device_id = s.object_id AND s.part = 1"),
    [CUSTOMERS_CHANGED] = CUSTOMERS_ADD("search_change s CROSS JOIN customer c ON c.customer_id = s.object_id AND s.part = 2"),
    [AREAS_CHANGED] = AREAS_ADD("search_change s CROSS JOIN area a ON a.area_id = s.object_id AND s.part = 3"),
    [PHONES_CHANGED] = PHONES_ADD("search_change s CROSS JOIN customer c ON c.customer_id = s.object_id AND s.part = 2"),
    [CHANGES_CLEAR] = "DELETE FROM search_change",
    [PROGRESS_READ] = "SELECT part, next_id, last_id FROM search_progress WHERE next_id <= last_id ORDER BY part LIMIT 1",
    [DEVICES_BUILD] = DEVICES_ADD("device d") " WHERE d.device_id BETWEEN ?1 AND ?2 ORDER BY d.device_id",
    [CUSTOMERS_BUILD] = CUSTOMERS_ADD("customer c") " WHERE c.customer_id BETWEEN ?1 AND ?2 ORDER BY c.customer_id",
    [AREAS_BUILD] = AREAS_ADD("area a") " WHERE a.area_id BETWEEN ?1 AND ?2 ORDER BY a.area_id",
    [PHONES_BUILD] = PHONES_ADD("customer c WHERE c.customer_id BETWEEN ?1 AND ?2"),
    [PROGRESS_MOVE] = "UPDATE search_progress SET next_id = ?2 WHERE part = ?1",
    [DEVICES_FORGET] = "INSERT INTO search_device (search_device) VALUES ('delete-all')",
    [CUSTOMERS_FORGET] = "INSERT INTO search_customer (search_customer) VALUES ('delete-all')",
    [AREAS_FORGET] = "INSERT INTO search_area (search_area) VALUES ('delete-all')",
    [PHONES_FORGET] = "DELETE FROM customer_phone",
    [PROGRESS_BEGIN] = "UPDATE search_progress SET next_id = 1, last_id = CASE part"
                       " WHEN 1 THEN (SELECT coalesce(max(device_id), 0) FROM device)"
                       " WHEN 3 THEN (SELECT coalesce(max(area_id), 0) FROM area)"
                       " ELSE (SELECT coalesce(max(customer_id), 0) FROM customer) END",
};

struct search_index {
    struct statement_table table;
};

int search_index_open(struct store *store, struct search_index **out)
{
    struct search_index *index = calloc(1, sizeof *index);
    int error;

    if (index == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&index->table, store, texts, STATEMENT_COUNT);
    if (error != 0) {
        free(index);
        return error;
    }
    *out = index;
    return 0;
}

void search_index_close(struct search_index *index)
{
    if (index != NULL)
        statement_table_finalize(&index->table);
    free(index);
}

static int statements_run(struct search_index *index, const int list[], size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++)
        result = statement_change(statement_take(&index->table, (size_t)list[i]));
    return result;
}

int search_index_update(struct search_index *index)
{
    static const int steps[] = { DEVICES_CHANGED, CUSTOMERS_CHANGED, AREAS_CHANGED, PHONES_CHANGED, CHANGES_CLEAR };
    struct statement *query = statement_take(&index->table, CHANGES_THERE);
    int found = statement_row(query);

    if (found <= 0)
        return found;
    statement_end(query);
    return statements_run(index, steps, sizeof steps / sizeof steps[0]);
}

static int part_build(struct search_index *index, int part, int64_t first_id, int64_t last_id)
{
    if (part < 1 || part > PARTS)
        return STORE_ERR_NEWER_SCHEMA;
    struct statement *statement = statement_take(&index->table, (size_t)(DEVICES_BUILD + part - 1));

    statement_bind_integers(statement, (const int64_t[]){ first_id, last_id }, 2);
    int result = statement_change(statement);
    if (result < 0)
        return result;
    statement = statement_take(&index->table, PROGRESS_MOVE);
    statement_bind_integers(statement, (const int64_t[]){ part, last_id + 1 }, 2);
    return statement_change(statement);
}

int search_index_build(struct search_index *index, int rows, bool *remains)
{
    struct statement *query = statement_take(&index->table, PROGRESS_READ);
    int result = statement_row(query);

    if (result != 1)
        return result;
    int part = (int)statement_integer(query, 0);
    int64_t first_id = statement_integer(query, 1);
    int64_t last_id = statement_integer(query, 2);
    statement_end(query);
    *remains = true;
    if (last_id - first_id >= rows)
        last_id = first_id + rows - 1;
    result = part_build(index, part, first_id, last_id);
    return result < 0 ? result : (int)(last_id - first_id + 1);
}

int search_index_forget(struct search_index *index)
{
    static const int steps[] = { DEVICES_FORGET, CUSTOMERS_FORGET, AREAS_FORGET, PHONES_FORGET, PROGRESS_BEGIN };
    return statements_run(index, steps, sizeof steps / sizeof steps[0]);
}
