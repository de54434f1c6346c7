#include "store/sql/tariff_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "store/statement_table.h"
#include "store/store_error.h"

#define BUCKETS_SIZE 192

enum {
    DRAFT_INSERT, DRAFT_UPDATE, DOCUMENT_WRITE, DRAFT_READ, DOCUMENT_READ, DRAFT_RUNNING, ACCOUNT_PUT, ACCOUNT_REPLACE,
    ACCOUNT_COUNT, VERSION_DELETE, STATEMENT_COUNT
};

#define DRAFT_COLUMNS \
    "SELECT tariff_draft_id, tariff_id, tenant_id, effective_day, changed_by, changed_s, asked_by, asked_s, decided_by," \
    " decided_s, tariff_version_id, run_number, run_from_day, run_to_day, run_next_account_id, run_total, run_done," \
    " run_skipped, run_more, run_less, run_protected_more, run_present_fen, run_draft_fen, run_started_s, run_finished_s," \
    " state, reason, run_state, run_buckets FROM tariff_draft "

#define ACCOUNT_INTO \
    " INTO tariff_draft_account (tariff_draft_id, account_id, run_number, months, usage_value, present_fen, draft_fen," \
    " change_fen, held_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"

static const char *const texts[STATEMENT_COUNT] = {
    [DRAFT_INSERT] = "INSERT INTO tariff_draft (tenant_id, tariff_id, effective_day, changed_by, changed_s, state, document)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [DRAFT_UPDATE] = "UPDATE tariff_draft SET effective_day = ?2, changed_by = ?3, changed_s = ?4, asked_by = ?5, asked_s = ?6,"
        " decided_by = ?7, decided_s = ?8, tariff_version_id = ?9, run_number = ?10, run_from_day = ?11, run_to_day = ?12,"
        " run_next_account_id = ?13, run_total = ?14, run_done = ?15, run_skipped = ?16, run_more = ?17, run_less = ?18,"
        " run_protected_more = ?19, run_present_fen = ?20, run_draft_fen = ?21, run_started_s = ?22, run_finished_s = ?23,"
        " state = ?24, reason = ?25, run_state = ?26, run_buckets = ?27 WHERE tariff_draft_id = ?1",
    [DOCUMENT_WRITE] = "UPDATE tariff_draft SET document = ?2 WHERE tariff_draft_id = ?1",
    [DRAFT_READ] = DRAFT_COLUMNS "WHERE tariff_draft_id = ?1 AND tenant_id = ?2",
    [DOCUMENT_READ] = "SELECT document FROM tariff_draft WHERE tariff_draft_id = ?1",
    [DRAFT_RUNNING] = DRAFT_COLUMNS "WHERE run_state = 'running' ORDER BY tariff_draft_id LIMIT 1",
    [ACCOUNT_PUT] = "INSERT" ACCOUNT_INTO,
    [ACCOUNT_REPLACE] = "INSERT OR REPLACE" ACCOUNT_INTO,
    [ACCOUNT_COUNT] = "SELECT count(*) FROM account WHERE tariff_id = ?1 AND closed_s IS NULL",
    [VERSION_DELETE] = "DELETE FROM tariff_version WHERE tariff_version_id = ?1",
};

struct tariff_sql {
    struct statement_table table;
    struct tariff_draft_store store;
};

static struct statement *take(void *context, size_t index)
{
    struct tariff_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int run(struct statement *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

static int draft_insert(void *context, struct tariff_draft *row, const char *document)
{
    struct tariff_sql *sql = context;
    struct statement *statement = take(context, DRAFT_INSERT);
    const int64_t values[] = { row->tenant_id, row->tariff_id, row->effective_day, row->changed_by, row->changed_s };
    int error;

    statement_bind_integers(statement, values, 5);
    statement_bind_text(statement, 6, tariff_draft_state_name(row->state));
    statement_bind_text(statement, 7, document);
    error = run(statement);
    if (error == 0)
        row->tariff_draft_id = store_last_identifier(sql->table.store);
    return error;
}

static void buckets_write(const struct tariff_dry_run *dry_run, char text[BUCKETS_SIZE])
{
    struct writer out = writer_of_buffer(text, BUCKETS_SIZE);

    for (int index = 0; index < TARIFF_BUCKET_COUNT; index++)
        writer_format(&out, "%s%d", index > 0 ? "," : "", (int)dry_run->buckets[index]);
    (void)writer_terminate(&out);
}

static void buckets_read(const char *text, struct tariff_dry_run *dry_run)
{
    for (int index = 0; index < TARIFF_BUCKET_COUNT && *text != '\0'; index++) {
        char *end;

        dry_run->buckets[index] = (int32_t)strtol(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
    }
}

static int draft_update(void *context, const struct tariff_draft *row)
{
    struct statement *statement = take(context, DRAFT_UPDATE);
    const struct tariff_dry_run *dry_run = &row->run;
    const int64_t values[] = { row->tariff_draft_id, row->effective_day, row->changed_by, row->changed_s, row->asked_by,
                               row->asked_s, row->decided_by, row->decided_s, row->tariff_version_id, dry_run->number,
                               dry_run->from_day, dry_run->to_day, dry_run->next_account_id, dry_run->total,
                               dry_run->done, dry_run->skipped, dry_run->more, dry_run->less, dry_run->protected_more,
                               dry_run->present_fen, dry_run->draft_fen, dry_run->started_s, dry_run->finished_s };
    char buckets[BUCKETS_SIZE];

    buckets_write(dry_run, buckets);
    statement_bind_integers(statement, values, 23);
    statement_bind_text(statement, 24, tariff_draft_state_name(row->state));
    statement_bind_text(statement, 25, row->reason);
    statement_bind_text(statement, 26, tariff_run_state_name(dry_run->state));
    statement_bind_text(statement, 27, buckets);
    return run(statement);
}

static int document_write(void *context, int64_t tariff_draft_id, const char *document)
{
    struct statement *statement = take(context, DOCUMENT_WRITE);

    statement_bind_integer(statement, 1, tariff_draft_id);
    statement_bind_text(statement, 2, document);
    return run(statement);
}

static void run_columns(struct statement *statement, struct tariff_dry_run *out)
{
    char word[BUCKETS_SIZE];

    out->number = statement_int(statement, 11);
    out->from_day = statement_integer(statement, 12);
    out->to_day = statement_integer(statement, 13);
    out->next_account_id = statement_integer(statement, 14);
    out->total = statement_int(statement, 15);
    out->done = statement_int(statement, 16);
    out->skipped = statement_int(statement, 17);
    out->more = statement_int(statement, 18);
    out->less = statement_int(statement, 19);
    out->protected_more = statement_int(statement, 20);
    out->present_fen = statement_integer(statement, 21);
    out->draft_fen = statement_integer(statement, 22);
    out->started_s = statement_integer(statement, 23);
    out->finished_s = statement_integer(statement, 24);
    statement_text(statement, 27, word, sizeof word);
    out->state = (uint8_t)tariff_run_state_of_name(word);
    statement_text(statement, 28, word, sizeof word);
    buckets_read(word, out);
}

static int draft_row(struct statement *statement, struct tariff_draft *out)
{
    char state[16];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->tariff_draft_id = statement_integer(statement, 0);
    out->tariff_id = statement_integer(statement, 1);
    out->tenant_id = (uint32_t)statement_integer(statement, 2);
    out->effective_day = statement_integer(statement, 3);
    out->changed_by = (uint32_t)statement_integer(statement, 4);
    out->changed_s = statement_integer(statement, 5);
    out->asked_by = (uint32_t)statement_integer(statement, 6);
    out->asked_s = statement_integer(statement, 7);
    out->decided_by = (uint32_t)statement_integer(statement, 8);
    out->decided_s = statement_integer(statement, 9);
    out->tariff_version_id = statement_integer(statement, 10);
    run_columns(statement, &out->run);
    statement_text(statement, 25, state, sizeof state);
    out->state = (uint8_t)tariff_draft_state_of_name(state);
    statement_text(statement, 26, out->reason, sizeof out->reason);
    statement_end(statement);
    return 1;
}

static int draft_read(void *context, uint32_t tenant_id, int64_t tariff_draft_id, struct tariff_draft *out)
{
    struct statement *statement = take(context, DRAFT_READ);

    statement_bind_integer(statement, 1, tariff_draft_id);
    statement_bind_integer(statement, 2, tenant_id);
    return draft_row(statement, out);
}

static int document_read(void *context, int64_t tariff_draft_id, char *document, size_t capacity)
{
    struct statement *statement = take(context, DOCUMENT_READ);
    int found;

    statement_bind_integer(statement, 1, tariff_draft_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    statement_text(statement, 0, document, capacity);
    statement_end(statement);
    return 1;
}

static int draft_running(void *context, struct tariff_draft *out)
{
    return draft_row(take(context, DRAFT_RUNNING), out);
}

/* The first run of a draft finds no rows: what may replace others costs more. */
static int account_put(void *context, const struct tariff_draft_account *row)
{
    struct statement *statement = take(context, row->run_number == 1 ? ACCOUNT_PUT : ACCOUNT_REPLACE);
    const int64_t values[] = { row->tariff_draft_id, row->account_id, row->run_number, row->months, row->usage_value,
                               row->present_fen, row->draft_fen, row->draft_fen - row->present_fen, row->held_error };

    statement_bind_integers(statement, values, 9);
    return run(statement);
}

/* The one number of a query by up to two: 1; 0 no row. */
static int number_read(struct statement *statement, const int64_t *values, int count, int64_t *out)
{
    int found;

    statement_bind_integers(statement, values, count);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 1;
}

static int account_count(void *context, int64_t tariff_id, int32_t *count)
{
    int64_t number = 0;
    int found = number_read(take(context, ACCOUNT_COUNT), &tariff_id, 1, &number);

    *count = (int32_t)number;
    return found < 0 ? found : 0;
}

static int version_delete(void *context, int64_t tariff_version_id)
{
    struct statement *statement = take(context, VERSION_DELETE);

    statement_bind_integer(statement, 1, tariff_version_id);
    return run(statement);
}

int tariff_sql_open(struct store *store, struct tariff_sql **out)
{
    struct tariff_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        tariff_sql_close(sql);
        return error;
    }
    sql->store = (struct tariff_draft_store){ sql,        draft_insert, draft_update, document_write,
                                                 draft_read,    document_read, draft_running, account_put,
                                                 account_count, version_delete };
    *out = sql;
    return 0;
}

void tariff_sql_close(struct tariff_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct tariff_draft_store *tariff_sql_store(const struct tariff_sql *sql)
{
    return &sql->store;
}
