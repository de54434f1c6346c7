#include "store/sql/ledger_sql.h"
#include "store/given_rows.h"
#include "store/statement_table.h"

#include <stdlib.h>
#include <string.h>

struct ledger_sql {
    struct statement_table table;
    struct ledger_store store;
};

enum {
    ACCOUNT_READ, ACCOUNT_FIND, ACCOUNT_INSERT, ACCOUNT_UPDATE, ACCOUNTS_READ, ACCOUNTS_UPDATE, TRANSFER_READ,
    TRANSFER_FIND_KEY, TRANSFER_FIND_REVERSAL, TRANSFER_INSERT, TRANSFERS_APPEND, TRANSFER_LAST, SPAN_WIDEN, HOLD_READ,
    HOLD_FIND_KEY, HOLD_EXPIRED, HOLD_INSERT, HOLD_UPDATE, CLOSED_UNTIL,
    PERIOD_SUMS, CLOSING_INSERT, LAST_ACCOUNT, LEGS, ACCOUNTS_WALK, STATEMENT_COUNT
};

#define ACCOUNT_COLUMNS \
    "a.ledger_account_id, a.tenant_id, a.kind, a.name, a.debits_fen, a.credits_fen, a.minimum_fen," \
    " a.held_fen, a.last_transfer_id"
#define TRANSFER_COLUMNS \
    "SELECT transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen, reference, reverses, at_s, kind," \
    " key, value_s, late_s, debit_before, credit_before FROM transfer "
#define HOLD_COLUMNS \
    "SELECT hold_id, tenant_id, debit_account_id, credit_account_id, amount_fen, reference, at_s, expires_s, settled_s," \
    " posted_fen, transfer_id, kind, state, key FROM transfer_hold "

static const char *const texts[STATEMENT_COUNT] = {
    [ACCOUNT_READ] = "SELECT " ACCOUNT_COLUMNS " FROM ledger_account a WHERE ledger_account_id = ?1",
    [ACCOUNT_FIND] = "SELECT " ACCOUNT_COLUMNS " FROM ledger_account a WHERE tenant_id = ?1 AND kind = ?2 AND name = ?3"
        " ORDER BY ledger_account_id LIMIT 1",
    [ACCOUNT_INSERT] = "INSERT INTO ledger_account (tenant_id, kind, name, debits_fen, credits_fen, minimum_fen)"
        " VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ?6 <> 0 THEN CAST(?7 AS INTEGER) END)",
    [ACCOUNT_UPDATE] = "UPDATE ledger_account SET debits_fen = ?2, credits_fen = ?3, held_fen = ?4,"
        " last_transfer_id = ?5 WHERE ledger_account_id = ?1",
    [ACCOUNTS_READ] = "SELECT " ACCOUNT_COLUMNS " FROM given_rows(?1) CROSS JOIN ledger_account a ON ledger_account_id = v0",
    /* Every one of them is there: what is inserted is never a new row, and the row is sought once. */
    [ACCOUNTS_UPDATE] = "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, name, debits_fen, credits_fen,"
        " held_fen, last_transfer_id) SELECT v0, v1, v2, v3, v4, v5, v6, v7 FROM given_rows(?1) WHERE true"
        " ON CONFLICT (ledger_account_id) DO UPDATE SET debits_fen = excluded.debits_fen,"
        " credits_fen = excluded.credits_fen, held_fen = excluded.held_fen, last_transfer_id = excluded.last_transfer_id",
    [TRANSFER_READ] = TRANSFER_COLUMNS "WHERE transfer_id = ?1",
    [TRANSFER_FIND_KEY] = TRANSFER_COLUMNS "WHERE key = ?1",
    [TRANSFER_FIND_REVERSAL] = TRANSFER_COLUMNS "WHERE reverses = ?1",
    [TRANSFER_INSERT] = "INSERT INTO transfer (tenant_id, debit_account_id, credit_account_id, amount_fen, reference,"
        " at_s, value_s, late_s, debit_before, credit_before, kind, reverses, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
        " ?10, ?11, ?12, ?13)",
    [TRANSFERS_APPEND] = "INSERT INTO transfer (transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen,"
        " reference, at_s, value_s, late_s, debit_before, credit_before, kind)"
        " SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11 FROM given_rows(?1)",
    [TRANSFER_LAST] = "SELECT coalesce(max(transfer_id), 0) FROM transfer",
    [SPAN_WIDEN] = "INSERT INTO transfer_block (block, at_from_s, at_to_s, value_from_s, value_to_s) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT DO UPDATE SET at_from_s = min(transfer_block.at_from_s, ?2), at_to_s = max(transfer_block.at_to_s, ?3),"
        " value_from_s = min(transfer_block.value_from_s, ?4),"
        " value_to_s = max(transfer_block.value_to_s, ?5)"
        " WHERE ?2 < transfer_block.at_from_s OR ?3 > transfer_block.at_to_s OR ?4 < transfer_block.value_from_s OR ?5 > transfer_block.value_to_s",
    [HOLD_READ] = HOLD_COLUMNS "WHERE hold_id = ?1",
    [HOLD_FIND_KEY] = HOLD_COLUMNS "WHERE key = ?1",
    [HOLD_EXPIRED] = HOLD_COLUMNS "WHERE state = 'pending' AND expires_s <= ?1 ORDER BY expires_s LIMIT 1",
    [HOLD_INSERT] = "INSERT INTO transfer_hold (tenant_id, debit_account_id, credit_account_id, amount_fen, reference, at_s,"
        " expires_s, kind, key, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [HOLD_UPDATE] = "UPDATE transfer_hold SET settled_s = ?2, posted_fen = ?3, transfer_id = nullif(?4, 0), state = ?5"
        " WHERE hold_id = ?1",
    [CLOSED_UNTIL] = "SELECT until_s FROM ledger_closing WHERE tenant_id = ?1 ORDER BY until_s DESC LIMIT 1",
    [PERIOD_SUMS] = "SELECT count(*), coalesce(sum(amount_fen), 0) FROM transfer_block b CROSS JOIN transfer t"
        " ON t.transfer_id >= b.block * 4096 AND t.transfer_id < b.block * 4096 + 4096"
        " WHERE b.value_to_s >= ?2 AND b.value_from_s < ?3 AND t.tenant_id = ?1 AND t.value_s >= ?2 AND t.value_s < ?3",
    [CLOSING_INSERT] = "INSERT INTO ledger_closing (tenant_id, until_s, from_s, transfers, amount_fen, closed_by, closed_s)"
        " VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7)",
    [LAST_ACCOUNT] = "SELECT max(ledger_account_id) FROM ledger_account",
    [LEGS] = "SELECT transfer_id, debit_account_id, credit_account_id, amount_fen, debit_before, credit_before FROM transfer"
        " WHERE tenant_id = ?1 ORDER BY transfer_id",
    [ACCOUNTS_WALK] = "SELECT " ACCOUNT_COLUMNS ","
        " (SELECT coalesce(sum(amount_fen), 0) FROM transfer_hold WHERE debit_account_id = a.ledger_account_id"
        "  AND state = 'pending')"
        " FROM ledger_account a WHERE tenant_id = ?1 ORDER BY ledger_account_id",
};

static struct statement *take(void *context, size_t index)
{
    struct ledger_sql *ledger = context;

    return statement_take(&ledger->table, index);
}

static int64_t inserted(void *context)
{
    struct ledger_sql *ledger = context;

    return store_last_identifier(ledger->table.store);
}

static void account_columns(struct statement *statement, struct ledger_account *out)
{
    char kind[32];

    memset(out, 0, sizeof *out);
    out->ledger_account_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    statement_text(statement, 2, kind, sizeof kind);
    out->kind = (uint8_t)ledger_account_kind_of_name(kind);
    statement_text(statement, 3, out->name, sizeof out->name);
    out->debits_fen = statement_integer(statement, 4);
    out->credits_fen = statement_integer(statement, 5);
    out->has_minimum = !statement_is_null(statement, 6);
    out->minimum_fen = statement_integer(statement, 6);
    out->held_fen = statement_integer(statement, 7);
    out->last_transfer_id = statement_integer(statement, 8);
}

static int account_row(struct statement *statement, struct ledger_account *out)
{
    int found = statement_row(statement);

    if (found == 1) {
        account_columns(statement, out);
        statement_end(statement);
    }
    return found;
}

static int account_read(void *context, int64_t ledger_account_id, struct ledger_account *out)
{
    struct statement *statement = take(context, ACCOUNT_READ);

    statement_bind_integer(statement, 1, ledger_account_id);
    return account_row(statement, out);
}

static int account_find(void *context, uint32_t tenant_id, enum ledger_account_kind kind, const char *name,
                        struct ledger_account *out)
{
    struct statement *statement = take(context, ACCOUNT_FIND);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_text(statement, 2, ledger_account_kind_name((int)kind));
    statement_bind_text(statement, 3, name);
    return account_row(statement, out);
}

static int account_insert(void *context, struct ledger_account *account)
{
    struct statement *statement = take(context, ACCOUNT_INSERT);
    int changed;

    statement_bind_integer(statement, 1, account->tenant_id);
    statement_bind_text(statement, 2, ledger_account_kind_name(account->kind));
    statement_bind_text(statement, 3, account->name);
    statement_bind_integer(statement, 4, account->debits_fen);
    statement_bind_integer(statement, 5, account->credits_fen);
    statement_bind_integer(statement, 6, account->has_minimum);
    statement_bind_integer(statement, 7, account->minimum_fen);
    changed = statement_run(statement);
    if (changed >= 0)
        account->ledger_account_id = inserted(context);
    return changed < 0 ? changed : 0;
}

static int account_update(void *context, const struct ledger_account *account)
{
    struct statement *statement = take(context, ACCOUNT_UPDATE);
    const int64_t values[] = { account->ledger_account_id, account->debits_fen, account->credits_fen,
        account->held_fen, account->last_transfer_id };
    int changed;

    statement_bind_integers(statement, values, 5);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static const struct given_column account_given[] = {
    { offsetof(struct ledger_account, ledger_account_id), GIVEN_INT64, NULL },
    { offsetof(struct ledger_account, tenant_id), GIVEN_UINT32, NULL },
    { offsetof(struct ledger_account, kind), GIVEN_NAME, ledger_account_kind_name },
    { offsetof(struct ledger_account, name), GIVEN_TEXT, NULL },
    { offsetof(struct ledger_account, debits_fen), GIVEN_INT64, NULL },
    { offsetof(struct ledger_account, credits_fen), GIVEN_INT64, NULL },
    { offsetof(struct ledger_account, held_fen), GIVEN_INT64, NULL },
    { offsetof(struct ledger_account, last_transfer_id), GIVEN_INT64, NULL },
};

static const struct given_column number_given[] = { { 0, GIVEN_INT64, NULL } };

static int accounts_read(void *context, const int64_t ledger_account_ids[], uint32_t count,
                         void (*visit)(void *visitor, const struct ledger_account *account), void *visitor)
{
    const struct given_rows rows = { ledger_account_ids, sizeof *ledger_account_ids, count, number_given, 1 };
    struct statement *statement = take(context, ACCOUNTS_READ);
    struct ledger_account account;
    int found;

    given_rows_bind(statement, 1, &rows);
    while ((found = statement_row(statement)) == 1) {
        account_columns(statement, &account);
        visit(visitor, &account);
    }
    return found;
}

static int accounts_update(void *context, const struct ledger_account accounts[], uint32_t count)
{
    const struct given_rows rows = { accounts, sizeof *accounts, count, account_given,
                                     sizeof account_given / sizeof *account_given };
    struct statement *statement = take(context, ACCOUNTS_UPDATE);

    given_rows_bind(statement, 1, &rows);
    return statement_change(statement);
}

static int transfer_row(struct statement *statement, struct ledger_transfer *out)
{
    int found = statement_row(statement);
    char kind[32];

    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->transfer_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    out->debit_account_id = statement_integer(statement, 2);
    out->credit_account_id = statement_integer(statement, 3);
    out->amount_fen = statement_integer(statement, 4);
    out->reference = statement_integer(statement, 5);
    out->reverses = statement_integer(statement, 6);
    out->at_s = statement_integer(statement, 7);
    statement_text(statement, 8, kind, sizeof kind);
    out->kind = (uint8_t)ledger_transfer_kind_of_name(kind);
    statement_text(statement, 9, out->key, sizeof out->key);
    out->value_s = statement_integer(statement, 10);
    out->late_s = statement_integer(statement, 11);
    out->debit_before = statement_integer(statement, 12);
    out->credit_before = statement_integer(statement, 13);
    statement_end(statement);
    return 1;
}

static int transfer_read(void *context, int64_t transfer_id, struct ledger_transfer *out)
{
    struct statement *statement = take(context, TRANSFER_READ);

    statement_bind_integer(statement, 1, transfer_id);
    return transfer_row(statement, out);
}

static int transfer_find_key(void *context, const char *key, struct ledger_transfer *out)
{
    struct statement *statement = take(context, TRANSFER_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return transfer_row(statement, out);
}

static int transfer_find_reversal(void *context, int64_t reverses, struct ledger_transfer *out)
{
    struct statement *statement = take(context, TRANSFER_FIND_REVERSAL);

    statement_bind_integer(statement, 1, reverses);
    return transfer_row(statement, out);
}

static int transfer_insert(void *context, struct ledger_transfer *transfer)
{
    struct statement *statement = take(context, TRANSFER_INSERT);
    const int64_t values[] = { transfer->tenant_id, transfer->debit_account_id, transfer->credit_account_id,
        transfer->amount_fen, transfer->reference, transfer->at_s, transfer->value_s, transfer->late_s,
        transfer->debit_before, transfer->credit_before };
    int changed;

    statement_bind_integers(statement, values, 10);
    statement_bind_name(statement, 11, ledger_transfer_kind_name(transfer->kind));
    if (transfer->reverses != 0)
        statement_bind_integer(statement, 12, transfer->reverses);
    if (transfer->key[0] != '\0')
        statement_bind_text(statement, 13, transfer->key);
    changed = statement_run(statement);
    if (changed >= 0)
        transfer->transfer_id = inserted(context);
    return changed < 0 ? changed : 0;
}

static const struct given_column transfer_given[] = {
    { offsetof(struct ledger_transfer, transfer_id), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, tenant_id), GIVEN_UINT32, NULL },
    { offsetof(struct ledger_transfer, debit_account_id), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, credit_account_id), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, amount_fen), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, reference), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, at_s), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, value_s), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, late_s), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, debit_before), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, credit_before), GIVEN_INT64, NULL },
    { offsetof(struct ledger_transfer, kind), GIVEN_NAME, ledger_transfer_kind_name },
};

static int transfers_append(void *context, const struct ledger_transfer *transfers, uint32_t count)
{
    const struct given_rows rows = { transfers, sizeof *transfers, count, transfer_given,
                                     sizeof transfer_given / sizeof *transfer_given };
    struct statement *statement = take(context, TRANSFERS_APPEND);

    given_rows_bind(statement, 1, &rows);
    return statement_change(statement);
}

static int transfer_last(void *context, int64_t *transfer_id)
{
    struct statement *statement = take(context, TRANSFER_LAST);
    int found = statement_row(statement);

    if (found == 1) {
        *transfer_id = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int span_widen(void *context, const struct ledger_span *span)
{
    struct statement *statement = take(context, SPAN_WIDEN);
    const int64_t values[] = { span->block, span->at_from_s, span->at_to_s, span->value_from_s, span->value_to_s };
    int changed;

    statement_bind_integers(statement, values, 5);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int hold_row(struct statement *statement, struct ledger_hold *out)
{
    int found = statement_row(statement);
    char name[32];

    if (found != 1)
        return found;
    *out = (struct ledger_hold){
        .hold_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .debit_account_id = statement_integer(statement, 2),
        .credit_account_id = statement_integer(statement, 3),
        .amount_fen = statement_integer(statement, 4),
        .reference = statement_integer(statement, 5),
        .at_s = statement_integer(statement, 6),
        .expires_s = statement_integer(statement, 7),
        .settled_s = statement_integer(statement, 8),
        .posted_fen = statement_integer(statement, 9),
        .transfer_id = statement_integer(statement, 10),
    };
    statement_text(statement, 11, name, sizeof name);
    out->kind = (uint8_t)ledger_transfer_kind_of_name(name);
    statement_text(statement, 12, name, sizeof name);
    out->state = (uint8_t)ledger_hold_state_of_name(name);
    statement_text(statement, 13, out->key, sizeof out->key);
    statement_end(statement);
    return 1;
}

static int hold_read(void *context, int64_t hold_id, struct ledger_hold *out)
{
    struct statement *statement = take(context, HOLD_READ);

    statement_bind_integer(statement, 1, hold_id);
    return hold_row(statement, out);
}

static int hold_find_key(void *context, const char *key, struct ledger_hold *out)
{
    struct statement *statement = take(context, HOLD_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return hold_row(statement, out);
}

static int hold_expired(void *context, int64_t now_s, struct ledger_hold *out)
{
    struct statement *statement = take(context, HOLD_EXPIRED);

    statement_bind_integer(statement, 1, now_s);
    return hold_row(statement, out);
}

static int hold_insert(void *context, struct ledger_hold *hold)
{
    struct statement *statement = take(context, HOLD_INSERT);
    const int64_t values[] = { hold->tenant_id, hold->debit_account_id, hold->credit_account_id, hold->amount_fen,
        hold->reference, hold->at_s, hold->expires_s };
    int changed;

    statement_bind_integers(statement, values, 7);
    statement_bind_text(statement, 8, ledger_transfer_kind_name(hold->kind));
    statement_bind_text(statement, 9, hold->key);
    statement_bind_text(statement, 10, ledger_hold_state_name(hold->state));
    changed = statement_run(statement);
    if (changed >= 0)
        hold->hold_id = inserted(context);
    return changed < 0 ? changed : 0;
}

static int hold_update(void *context, const struct ledger_hold *hold)
{
    struct statement *statement = take(context, HOLD_UPDATE);
    const int64_t values[] = { hold->hold_id, hold->settled_s, hold->posted_fen, hold->transfer_id };
    int changed;

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, ledger_hold_state_name(hold->state));
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static int closed_until(void *context, uint32_t tenant_id, int64_t *until_s)
{
    struct statement *statement = take(context, CLOSED_UNTIL);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    found = statement_row(statement);
    *until_s = 0;
    if (found == 1) {
        *until_s = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int period_sums(void *context, struct ledger_closing *closing)
{
    struct statement *statement = take(context, PERIOD_SUMS);
    const int64_t values[] = { closing->tenant_id, closing->from_s, closing->until_s };
    int found;

    statement_bind_integers(statement, values, 3);
    found = statement_row(statement);
    if (found == 1) {
        closing->transfers = statement_integer(statement, 0);
        closing->amount_fen = statement_integer(statement, 1);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int closing_insert(void *context, const struct ledger_closing *closing)
{
    struct statement *statement = take(context, CLOSING_INSERT);
    const int64_t values[] = { closing->tenant_id, closing->until_s, closing->from_s, closing->transfers,
        closing->amount_fen, closing->closed_by, closing->closed_s };
    int changed;

    statement_bind_integers(statement, values, 7);
    changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

/* What an account's transfers add up to, and the newest of them as long as each names the one before it; else minus the first
 * that does not. */
static void leg_add(struct ledger_sums *sums, int64_t transfer_id, int64_t debit_fen, int64_t credit_fen, int64_t before)
{
    sums->debits_fen += debit_fen;
    sums->credits_fen += credit_fen;
    if (sums->last_transfer_id >= 0)
        sums->last_transfer_id = before == sums->last_transfer_id ? transfer_id : -transfer_id;
}

/* One walk through all transfers in their order. sums: of accounts 0 to last_account_id */
static int legs_sum(void *context, uint32_t tenant_id, int64_t last_account_id, struct ledger_sums *sums)
{
    struct statement *statement = take(context, LEGS);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    while ((found = statement_row(statement)) == 1) {
        int64_t transfer_id = statement_integer(statement, 0), amount_fen = statement_integer(statement, 3);
        int64_t debit_id = statement_integer(statement, 1), credit_id = statement_integer(statement, 2);

        if (debit_id >= 0 && debit_id <= last_account_id)
            leg_add(&sums[debit_id], transfer_id, amount_fen, 0, statement_integer(statement, 4));
        if (credit_id >= 0 && credit_id <= last_account_id)
            leg_add(&sums[credit_id], transfer_id, 0, amount_fen, statement_integer(statement, 5));
    }
    return found;
}

static int accounts_compare(void *context, uint32_t tenant_id, struct ledger_sums *sums,
                            int (*visit)(void *visitor, const struct ledger_account *account,
                                         const struct ledger_sums *sums),
                            void *visitor)
{
    struct statement *statement = take(context, ACCOUNTS_WALK);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    while ((found = statement_row(statement)) == 1) {
        struct ledger_account account;
        int answer;

        account_columns(statement, &account);
        sums[account.ledger_account_id].held_fen = statement_integer(statement, 9);
        answer = visit(visitor, &account, &sums[account.ledger_account_id]);
        if (answer < 0) {
            statement_end(statement);
            return answer;
        }
    }
    return found;
}

static int accounts_walk(void *context, uint32_t tenant_id,
                         int (*visit)(void *visitor, const struct ledger_account *account,
                                      const struct ledger_sums *sums),
                         void *visitor)
{
    struct statement *statement = take(context, LAST_ACCOUNT);
    int64_t last_account_id = 0;
    struct ledger_sums *sums;
    int error = statement_row(statement);

    if (error == 1) {
        last_account_id = statement_integer(statement, 0);
        statement_end(statement);
    }
    sums = calloc((size_t)last_account_id + 1, sizeof *sums);
    if (sums == NULL)
        return STORE_ERR_MEMORY;
    error = error < 0 ? error : legs_sum(context, tenant_id, last_account_id, sums);
    if (error >= 0)
        error = accounts_compare(context, tenant_id, sums, visit, visitor);
    free(sums);
    return error;
}

int ledger_sql_open(struct store *store, struct ledger_sql **out)
{
    struct ledger_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        free(sql);
        return error;
    }
    sql->store = (struct ledger_store){
        .context = sql,
        .account_read = account_read,
        .account_find = account_find,
        .account_insert = account_insert,
        .account_update = account_update,
        .accounts_read = accounts_read,
        .accounts_update = accounts_update,
        .transfer_read = transfer_read,
        .transfer_find_key = transfer_find_key,
        .transfer_find_reversal = transfer_find_reversal,
        .transfer_insert = transfer_insert,
        .transfers_append = transfers_append,
        .transfer_last = transfer_last,
        .span_widen = span_widen,
        .hold_read = hold_read,
        .hold_find_key = hold_find_key,
        .hold_expired = hold_expired,
        .hold_insert = hold_insert,
        .hold_update = hold_update,
        .closed_until = closed_until,
        .period_sums = period_sums,
        .closing_insert = closing_insert,
        .accounts_walk = accounts_walk,
    };
    *out = sql;
    return 0;
}

void ledger_sql_close(struct ledger_sql *sql)
{
    if (sql != NULL)
        statement_table_finalize(&sql->table);
    free(sql);
}

const struct ledger_store *ledger_sql_store(const struct ledger_sql *sql)
{
    return &sql->store;
}
