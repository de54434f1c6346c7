#include "store/sql/share_sql.h"

#include <stdlib.h>

#include "base/quantity.h"
#include "reading/reading_store.h"
#include "store/statement_table.h"
#include "store/store_error.h"

enum {
    SHARE_WRITE, SHARE_DELETE, PUBLIC_SET, SHARES_READ, SHARES_IN, BASIS_WRITE, BASIS_READ, RUN_LAST, RUN_INSERT, PART_INSERT,
    PART_LAST, RUNNING_TIME, STATEMENT_COUNT
};

static const char *const texts[STATEMENT_COUNT] = {
    [SHARE_WRITE] = "INSERT OR REPLACE INTO account_share (public_account_id, account_id, weight) VALUES (?1, ?2, ?3)",
    [SHARE_DELETE] = "DELETE FROM account_share WHERE public_account_id = ?1 AND account_id = ?2",
    [PUBLIC_SET] = "UPDATE account SET is_public = iif(EXISTS (SELECT 1 FROM account_share WHERE public_account_id = ?1), 1, 0)"
        " WHERE account_id = ?1",
    [SHARES_READ] = "SELECT s.account_id, a.wallet_id, s.weight, coalesce(a.device_id, 0) FROM account_share s"
        " JOIN account a ON a.account_id = s.account_id WHERE s.public_account_id = ?1 AND a.closed_s IS NULL"
        " ORDER BY s.account_id LIMIT ?2",
    [BASIS_WRITE] = "UPDATE account SET share_basis = ?2 WHERE account_id = ?1",
    [BASIS_READ] = "SELECT share_basis FROM account WHERE account_id = ?1",
    [RUN_LAST] = "SELECT share_run_id, to_day, to_total_value FROM share_run WHERE public_account_id = ?1"
        " ORDER BY share_run_id DESC LIMIT 1",
    [RUN_INSERT] = "INSERT INTO share_run (public_account_id, at_s, from_day, to_day, from_total_value, to_total_value,"
        " amount_fen, weight_total, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [PART_INSERT] = "INSERT INTO share_part (share_run_id, account_id, ratio, from_value, to_value, weight, amount_fen)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PART_LAST] = "SELECT x.to_value FROM share_part x CROSS JOIN share_run r ON r.share_run_id = x.share_run_id"
        " WHERE x.account_id = ?1 AND r.public_account_id = ?2 AND r.basis = ?3 ORDER BY x.share_run_id DESC LIMIT 1",
    [RUNNING_TIME] = "SELECT value FROM register_reading WHERE device_id = ?1 AND channel = ?2 AND period = 0 AND time_s <= ?3"
        " ORDER BY time_s DESC LIMIT 1",
    [SHARES_IN] = "SELECT 1 FROM account_share WHERE account_id = ?1 LIMIT 1",
};

struct share_sql {
    struct statement_table table;
    struct billing_share_store store;
};

static int run(struct share_sql *sql, size_t index, const int64_t values[], int count)
{
    struct statement *statement = statement_take(&sql->table, index);
    int changed;

    statement_bind_integers(statement, values, count);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int share_write(void *context, int64_t public_account_id, int64_t account_id, int64_t weight)
{
    const int64_t values[] = { public_account_id, account_id, weight };
    int error = weight > 0 ? run(context, SHARE_WRITE, values, 3) : run(context, SHARE_DELETE, values, 2);

    return error < 0 ? error : run(context, PUBLIC_SET, values, 1);
}

static int shares_read(void *context, int64_t public_account_id, struct billing_share *out, int32_t capacity)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, SHARES_READ);
    int count = 0;
    int found;

    statement_bind_integers(statement, (const int64_t[]){ public_account_id, capacity }, 2);
    while ((found = statement_row(statement)) == 1 && count < capacity)
        out[count++] = (struct billing_share){ statement_integer(statement, 0), statement_integer(statement, 1),
                                               statement_integer(statement, 2),
                                               (uint32_t)statement_integer(statement, 3) };
    statement_end(statement);
    return found < 0 ? found : count;
}

static int basis_write(void *context, int64_t public_account_id, enum billing_share_basis basis)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, BASIS_WRITE);
    int changed;

    statement_bind_integer(statement, 1, public_account_id);
    statement_bind_text(statement, 2, billing_share_basis_name((int)basis));
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int basis_read(void *context, int64_t public_account_id)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, BASIS_READ);
    char name[16] = "";
    int found, basis;

    statement_bind_integer(statement, 1, public_account_id);
    found = statement_row(statement);
    if (found < 0)
        return found;
    if (found == 1)
        statement_text(statement, 0, name, sizeof name);
    statement_end(statement);
    basis = billing_share_basis_of_name(name);
    return basis < 0 ? BILLING_SHARE_BY_RATIO : basis;
}

static int run_last(void *context, int64_t public_account_id, struct billing_share_run *out)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, RUN_LAST);
    int found;

    statement_bind_integer(statement, 1, public_account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_share_run){ .share_run_id = statement_integer(statement, 0),
                                       .public_account_id = public_account_id,
                                       .to_day = statement_integer(statement, 1),
                                       .to_total_value = statement_integer(statement, 2) };
    statement_end(statement);
    return 1;
}

static int run_insert(void *context, struct billing_share_run *row)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, RUN_INSERT);
    const int64_t values[] = { row->public_account_id, row->at_s, row->from_day, row->to_day, row->from_total_value,
                               row->to_total_value, row->amount_fen, row->weight_total };
    int changed;

    statement_bind_integers(statement, values, 8);
    statement_bind_text(statement, 9, billing_share_basis_name(row->basis));
    changed = statement_run(statement);
    if (changed < 0)
        return changed;
    row->share_run_id = store_last_identifier(sql->table.store);
    return 0;
}

static int part_insert(void *context, int64_t share_run_id, const struct billing_share_part *part)
{
    return run(context, PART_INSERT,
               (const int64_t[]){ share_run_id, part->account_id, part->ratio, part->from_value, part->to_value, part->weight,
                                  part->amount_fen }, 7);
}

/* The one number of a query. */
static int number_row(struct statement *statement, int64_t *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

static int part_last(void *context, int64_t public_account_id, int64_t account_id, enum billing_share_basis basis,
                     int64_t *to_value)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, PART_LAST);

    statement_bind_integers(statement, (const int64_t[]){ account_id, public_account_id }, 2);
    statement_bind_text(statement, 3, billing_share_basis_name((int)basis));
    return number_row(statement, to_value);
}

static int running_time_read(void *context, uint32_t device_id, int64_t before_s, int64_t *value)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, RUNNING_TIME);

    statement_bind_integers(
        statement, (const int64_t[]){ device_id, reading_register_channel(QUANTITY_OPERATING_TIME, 0, 0), before_s }, 3);
    return number_row(statement, value);
}

static int shares_in(void *context, int64_t account_id)
{
    struct share_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, SHARES_IN);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    statement_end(statement);
    return found;
}

int share_sql_open(struct store *store, struct share_sql **out)
{
    struct share_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        share_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_share_store){ sql, share_write, shares_read, basis_write, basis_read, run_last, run_insert,
                                                   part_insert, part_last, running_time_read, shares_in };
    *out = sql;
    return 0;
}

void share_sql_close(struct share_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_share_store *share_sql_store(const struct share_sql *sql)
{
    return &sql->store;
}
