#include "store/sqlite/notify_sqlite.h"
#include "store/sqlite/statement_table.h"

#include <stdlib.h>

struct notify_sqlite {
    struct statement_table table;
    struct notify_store store;
};

static const char *const texts[] = {
    "INSERT INTO notice (tenant_id, account_id, created_s, kind, key, channel, recipient, text_zh, text_en)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (key) DO NOTHING",
};

static int notice_insert(void *context, struct notice *notice)
{
    struct notify_sqlite *notify = context;
    sqlite3_stmt *statement = statement_take(&notify->table, 0);
    const int64_t values[] = { notice->tenant_id, notice->account_id, notice->created_s };
    const char *const words[] = { notice_kind_name(notice->kind), notice->key, notice->channel, notice->recipient,
        notice->text_zh, notice->text_en };
    int changed;

    statement_bind_integers(statement, values, 3);
    for (int index = 0; index < 6; index++)
        statement_bind_text(statement, 4 + index, words[index]);
    changed = statement_run(statement);
    if (changed > 0)
        notice->notice_id = sqlite3_last_insert_rowid(notify->table.connection);
    return changed;
}

int notify_sqlite_open(struct sqlite_store *store, struct notify_sqlite **out)
{
    struct notify_sqlite *sqlite = calloc(1, sizeof *sqlite);
    int error;

    if (sqlite == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sqlite->table, store, texts, sizeof texts / sizeof texts[0]);
    if (error < 0) {
        free(sqlite);
        return error;
    }
    sqlite->store = (struct notify_store){
        .context = sqlite,
        .notice_insert = notice_insert,
    };
    *out = sqlite;
    return 0;
}

void notify_sqlite_close(struct notify_sqlite *sqlite)
{
    if (sqlite != NULL)
        statement_table_finalize(&sqlite->table);
    free(sqlite);
}

const struct notify_store *notify_sqlite_store(const struct notify_sqlite *sqlite)
{
    return &sqlite->store;
}
