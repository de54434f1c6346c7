#include "store/sqlite/share_sqlite.h"

#include <stdlib.h>

#include "store/sqlite/statement_table.h"
#include "store/store_error.h"

enum { SHARE_WRITE, SHARE_DELETE, PUBLIC_SET, SHARES_READ, SHARES_IN, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [SHARE_WRITE] = "INSERT OR REPLACE INTO account_share (public_account_id, account_id, weight) VALUES (?1, ?2, ?3)",
    [SHARE_DELETE] = "DELETE FROM account_share WHERE public_account_id = ?1 AND account_id = ?2",
    [PUBLIC_SET] = "UPDATE account SET is_public = EXISTS (SELECT 1 FROM account_share WHERE public_account_id = ?1)"
        " WHERE account_id = ?1",
    [SHARES_READ] = "SELECT s.account_id, a.wallet_id, s.weight FROM account_share s"
        " JOIN account a ON a.account_id = s.account_id WHERE s.public_account_id = ?1 AND a.closed_s IS NULL"
        " ORDER BY s.account_id LIMIT ?2",
    [SHARES_IN] = "SELECT 1 FROM account_share WHERE account_id = ?1 LIMIT 1",
};

struct share_sqlite {
    struct statement_table table;
    struct billing_share_store store;
};

static int run(struct share_sqlite *sqlite, size_t index, const int64_t values[], int count)
{
    sqlite3_stmt *statement = statement_take(&sqlite->table, index);
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
    struct share_sqlite *sqlite = context;
    sqlite3_stmt *statement = statement_take(&sqlite->table, SHARES_READ);
    int count = 0;
    int found;

    statement_bind_integers(statement, (const int64_t[]){ public_account_id, capacity }, 2);
    while ((found = statement_row(statement)) == 1 && count < capacity)
        out[count++] = (struct billing_share){ sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                                               sqlite3_column_int64(statement, 2) };
    statement_end(statement);
    return found < 0 ? found : count;
}

static int shares_in(void *context, int64_t account_id)
{
    struct share_sqlite *sqlite = context;
    sqlite3_stmt *statement = statement_take(&sqlite->table, SHARES_IN);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    statement_end(statement);
    return found;
}

int share_sqlite_open(struct sqlite_store *store, struct share_sqlite **out)
{
    struct share_sqlite *sqlite = calloc(1, sizeof *sqlite);
    int error;

    if (sqlite == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sqlite->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        share_sqlite_close(sqlite);
        return error;
    }
    sqlite->store = (struct billing_share_store){ sqlite, share_write, shares_read, shares_in };
    *out = sqlite;
    return 0;
}

void share_sqlite_close(struct share_sqlite *sqlite)
{
    if (sqlite == NULL)
        return;
    statement_table_finalize(&sqlite->table);
    free(sqlite);
}

const struct billing_share_store *share_sqlite_store(const struct share_sqlite *sqlite)
{
    return &sqlite->store;
}
