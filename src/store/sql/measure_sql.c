#include "store/sql/measure_sql.h"

#include <stdlib.h>

#include "base/wide.h"
#include "reading/reading_store.h"
#include "store/statement_table.h"
#include "store/store_error.h"

#define SCALE_ONE 1000

enum { MEASURES_READ, MEASURES_WRITE, MIDNIGHT_READ, FIRST_READ, LAST_READ, LARGEST_READ, DEVICE_BEFORE, STATEMENT_COUNT };

/* Doubted values are not billed. */
#define REGISTER "SELECT value, scale_e3 FROM register_reading WHERE device_id = ?1 AND channel = ?2 AND quality = 0"

static const char *const texts[STATEMENT_COUNT] = {
    [MEASURES_READ] = "SELECT area_e4, capacity_e4, contract_demand_e4 FROM account_measure WHERE account_id = ?1",
    [MEASURES_WRITE] = "INSERT OR REPLACE INTO account_measure (account_id, area_e4, capacity_e4, contract_demand_e4)"
        " VALUES (?1, ?2, ?3, ?4)",
    [MIDNIGHT_READ] = REGISTER " AND period = 1 AND time_s = ?3",
    [FIRST_READ] = REGISTER " AND period = 1 AND time_s >= ?3 AND time_s <= ?4 ORDER BY time_s LIMIT 1",
    [LAST_READ] = REGISTER " AND period = 1 AND time_s >= ?3 AND time_s <= ?4 ORDER BY time_s DESC LIMIT 1",
    [LARGEST_READ] = REGISTER " AND period IN (0, 1, 2) AND time_s > ?3 AND time_s <= ?4"
        " ORDER BY value * scale_e3 DESC LIMIT 1",
    [DEVICE_BEFORE] = "SELECT replaces_device_id FROM device WHERE device_id = ?1 AND replaces_device_id IS NOT NULL",
};

struct measure_sql {
    struct statement_table table;
    struct billing_measure_store store;
};

static struct statement *take(void *context, size_t index)
{
    struct measure_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int measures_read(void *context, int64_t account_id, struct billing_measures *out)
{
    struct statement *statement = take(context, MEASURES_READ);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    if (found < 0)
        return found;
    *out = (struct billing_measures){ 0 };
    if (found == 0)
        return 0;
    *out = (struct billing_measures){ statement_integer(statement, 0), statement_integer(statement, 1),
                                      statement_integer(statement, 2) };
    statement_end(statement);
    return 0;
}

static int measures_write(void *context, int64_t account_id, const struct billing_measures *row)
{
    struct statement *statement = take(context, MEASURES_WRITE);
    int changed;

    statement_bind_integers(
        statement, (const int64_t[]){ account_id, row->area_e4, row->capacity_e4, row->contract_demand_e4 }, 4);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

/* The one row of a query of registers. */
static int register_row(void *context, size_t text, const struct billing_register *from, int64_t from_s, int64_t to_s,
                        int64_t *value)
{
    struct statement *statement = take(context, text);
    uint32_t channel = reading_register_channel((enum quantity)from->quantity, from->number, 0);
    int64_t dial, scale_e3;
    int found;

    statement_bind_integers(statement, (const int64_t[]){ from->device_id, channel, from_s, to_s },
                            text == MIDNIGHT_READ ? 3 : 4);
    found = statement_row(statement);
    if (found != 1)
        return found;
    dial = statement_integer(statement, 0);
    scale_e3 = statement_integer(statement, 1);
    statement_end(statement);
    return wide_multiply_divide_round(dial, scale_e3, SCALE_ONE, value) < 0 ? 0 : 1;
}

static int midnight_read(void *context, const struct billing_register *from, int64_t time_s, int64_t *value)
{
    return register_row(context, MIDNIGHT_READ, from, time_s, 0, value);
}

static int span_read(void *context, const struct billing_register *from, int64_t from_s, int64_t to_s, int64_t *first,
                     int64_t *last)
{
    int found = register_row(context, FIRST_READ, from, from_s, to_s, first);

    return found == 1 ? register_row(context, LAST_READ, from, from_s, to_s, last) : found;
}

static int largest_read(void *context, const struct billing_register *from, int64_t from_s, int64_t to_s,
                        int64_t *value)
{
    return register_row(context, LARGEST_READ, from, from_s, to_s, value);
}

static int device_before(void *context, uint32_t device_id, uint32_t *before)
{
    struct statement *statement = take(context, DEVICE_BEFORE);
    int found;

    statement_bind_integer(statement, 1, device_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *before = (uint32_t)statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

int measure_sql_open(struct store *store, struct measure_sql **out)
{
    struct measure_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        measure_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_measure_store){ sql,    measures_read, measures_write, midnight_read,
                                                    span_read, largest_read,  device_before };
    *out = sql;
    return 0;
}

void measure_sql_close(struct measure_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_measure_store *measure_sql_store(const struct measure_sql *sql)
{
    return &sql->store;
}
