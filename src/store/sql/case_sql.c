#include "store/sql/case_sql_internal.h"

#include <stdlib.h>

enum {
    APPROVAL_INSERT, APPROVAL_UPDATE, APPROVAL_READ, APPROVAL_OF, APPROVAL_DUE, REFUND_INSERT, REFUND_UPDATE, REFUND_READ,
    REFUND_FIND_KEY, PART_INSERT, PART_UPDATE, PART_READ, ORDER_ASKED, PAYMENT_REFUNDED, PAYMENT_GONE, SOURCE_NEXT, PAYMENT_READ,
    PAYMENT_ORDER, STATEMENT_COUNT
};

#define APPROVAL_COLUMNS \
    "SELECT approval_id, tenant_id, object_id, coalesce(account_id, 0), amount_fen, needs_other, coalesce(asked_by, 0)," \
    " asked_s, expires_s, coalesce(decided_by, 0), decided_s, kind, state, reason, decision, figures," \
    " area_path FROM approval "
#define REFUND_COLUMNS \
    "SELECT refund_id, tenant_id, account_id, coalesce(payment_id, 0), coalesce(payment_order_id, 0)," \
    " coalesce(closing_id, 0), amount_fen, coalesce(hold_id, 0), coalesce(asked_by, 0), asked_s, rest, state, key, payee," \
    " bank, bank_account, reason, red_letter FROM refund "

static const char *const texts[STATEMENT_COUNT] = {
    [APPROVAL_INSERT] = "INSERT INTO approval (tenant_id, object_id, account_id, amount_fen, needs_other, asked_by, asked_s,"
        " expires_s, kind, state, reason, figures, area_path) VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, nullif(?6, 0), ?7, ?8,"
        " ?9, ?10, ?11, ?12, ?13)",
    [APPROVAL_UPDATE] = "UPDATE approval SET decided_by = nullif(?2, 0), decided_s = ?3, state = ?4, decision = ?5"
        " WHERE approval_id = ?1",
    [APPROVAL_READ] = APPROVAL_COLUMNS "WHERE approval_id = ?1",
    [APPROVAL_OF] = APPROVAL_COLUMNS "WHERE object_id = ?1 AND kind = ?2 AND state = 'waiting'",
    [APPROVAL_DUE] = APPROVAL_COLUMNS "WHERE state = 'waiting' AND expires_s <> 0 AND expires_s <= ?1"
        " ORDER BY expires_s LIMIT 1",
    [REFUND_INSERT] = "INSERT INTO refund (tenant_id, account_id, payment_id, payment_order_id, closing_id, amount_fen,"
        " hold_id, asked_by, asked_s, rest, state, key, payee, bank, bank_account, reason, red_letter) VALUES (?1, ?2, nullif(?3, 0),"
        " nullif(?4, 0), nullif(?5, 0), ?6, nullif(?7, 0), nullif(?8, 0), ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
        " ?17)",
    [REFUND_UPDATE] = "UPDATE refund SET hold_id = nullif(?2, 0), state = ?3 WHERE refund_id = ?1",
    [REFUND_READ] = REFUND_COLUMNS "WHERE refund_id = ?1",
    [REFUND_FIND_KEY] = REFUND_COLUMNS "WHERE key = ?1",
    [PART_INSERT] = "INSERT INTO refund_part (refund_id, part, amount_fen, payment_order_id, route, state)"
        " VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6)",
    [PART_UPDATE] = "UPDATE refund_part SET payment_refund_id = nullif(?3, 0), settled_by = nullif(?4, 0), settled_s = ?5,"
        " state = ?6, reference = ?7, shift_id = nullif(?8, 0) WHERE refund_id = ?1 AND part = ?2",
    [PART_READ] = "SELECT x.refund_id, x.part, x.amount_fen, coalesce(x.payment_order_id, 0),"
        " coalesce(x.payment_refund_id, 0), coalesce(x.settled_by, 0), x.settled_s, x.route, x.state, x.reference,"
        " f.refund_number, coalesce(x.shift_id, 0) FROM refund_part x LEFT JOIN payment_refund f ON f.payment_refund_id = x.payment_refund_id"
        " WHERE x.refund_id = ?1 AND x.part = ?2",
    [ORDER_ASKED] = "SELECT (SELECT coalesce(sum(amount_fen), 0) FROM refund_part WHERE payment_order_id = ?1 AND state = 'waiting')"
        " + (SELECT coalesce(sum(x.amount_fen), 0) FROM refund r JOIN refund_part x USING (refund_id)"
        "    WHERE r.payment_order_id = ?1 AND x.route <> 'channel' AND x.state NOT IN ('failed', 'refused'))",
    [PAYMENT_REFUNDED] = "SELECT coalesce(sum(p.amount_fen), 0) FROM refund r JOIN refund_part p USING (refund_id)"
        " WHERE r.payment_id = ?1 AND p.state NOT IN ('failed', 'refused')",
    [PAYMENT_GONE] = "SELECT (SELECT coalesce(sum(x.amount_fen), 0) FROM refund r JOIN refund_part x USING (refund_id)"
        " WHERE r.account_id = p.account_id AND x.state NOT IN ('failed', 'refused') AND (r.payment_id = p.payment_id"
        "  OR (coalesce(r.payment_id, r.payment_order_id) IS NULL AND x.route <> 'channel' AND r.asked_s >= p.at_s)))"
        " + (SELECT coalesce(sum(m.amount_fen), 0) FROM payment_move m WHERE m.payment_id = p.payment_id"
        "    AND m.state <> 'refused') FROM payment p WHERE p.payment_id = ?1",
    [SOURCE_NEXT] = "SELECT payment_order_id, rest FROM (SELECT o.payment_order_id, o.amount_fen"
        " - (SELECT coalesce(sum(r.amount_fen), 0) FROM payment_refund r WHERE r.payment_order_id = o.payment_order_id)"
        " - (SELECT coalesce(sum(p.amount_fen), 0) FROM refund_part p WHERE p.payment_order_id = o.payment_order_id"
        "    AND p.state = 'waiting') AS rest"
        " FROM account k CROSS JOIN payment_order o ON o.account_id = k.account_id WHERE k.wallet_id = ?1"
        " AND o.state = 'paid' AND o.in_suspense = 0 AND o.paid_s >= ?2 AND o.payment_order_id < ?3"
        " AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.payment_order_id = o.payment_order_id"
        "  AND r.state IN ('failed', 'disputed'))) WHERE rest > 0 ORDER BY payment_order_id DESC LIMIT 1",
    [PAYMENT_READ] = "SELECT payment_id, account_id, amount_fen, at_s, tenant_id, method FROM payment"
        " WHERE payment_id = ?1 AND undone_s = 0",
    [PAYMENT_ORDER] = "SELECT payment_order_id FROM payment_order WHERE payment_id = ?1",
};

static struct statement *take(void *context, size_t index)
{
    struct case_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int approval_insert(void *context, struct approval *row)
{
    struct statement *statement = take(context, APPROVAL_INSERT);
    const int64_t values[] = { row->tenant_id, row->object_id, row->account_id, row->amount_fen, row->needs_other,
        row->asked_by, row->asked_s, row->expires_s };
    const char *const words[] = { approval_kind_name(row->kind), approval_state_name(row->state), row->reason, row->figures,
        row->area_path };

    statement_bind_integers(statement, values, 8);
    for (int i = 0; i < 5; i++)
        statement_bind_text(statement, 9 + i, words[i]);
    return statement_run_insert(statement, &row->approval_id);
}

static int approval_update(void *context, const struct approval *row)
{
    struct statement *statement = take(context, APPROVAL_UPDATE);
    const int64_t values[] = { row->approval_id, row->decided_by, row->decided_s };

    statement_bind_integers(statement, values, 3);
    statement_bind_text(statement, 4, approval_state_name(row->state));
    statement_bind_text(statement, 5, row->decision);
    return statement_change(statement);
}

static int approval_row(struct statement *statement, struct approval *out)
{
    char word[32];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct approval){
        .approval_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .object_id = statement_integer(statement, 2),
        .account_id = statement_integer(statement, 3),
        .amount_fen = statement_integer(statement, 4),
        .needs_other = statement_int(statement, 5) != 0,
        .asked_by = (uint32_t)statement_integer(statement, 6),
        .asked_s = statement_integer(statement, 7),
        .expires_s = statement_integer(statement, 8),
        .decided_by = (uint32_t)statement_integer(statement, 9),
        .decided_s = statement_integer(statement, 10),
    };
    statement_text(statement, 11, word, sizeof word);
    out->kind = (uint8_t)approval_kind_of_name(word);
    statement_text(statement, 12, word, sizeof word);
    out->state = (uint8_t)approval_state_of_name(word);
    statement_text(statement, 13, out->reason, sizeof out->reason);
    statement_text(statement, 14, out->decision, sizeof out->decision);
    statement_text(statement, 15, out->figures, sizeof out->figures);
    statement_text(statement, 16, out->area_path, sizeof out->area_path);
    statement_end(statement);
    return 1;
}

static int approval_read(void *context, int64_t approval_id, struct approval *out)
{
    struct statement *statement = take(context, APPROVAL_READ);

    statement_bind_integer(statement, 1, approval_id);
    return approval_row(statement, out);
}

static int approval_of(void *context, int kind, int64_t object_id, struct approval *out)
{
    struct statement *statement = take(context, APPROVAL_OF);

    statement_bind_integer(statement, 1, object_id);
    statement_bind_text(statement, 2, approval_kind_name(kind));
    return approval_row(statement, out);
}

static int approval_lapsed(void *context, int64_t now_s, struct approval *out)
{
    struct statement *statement = take(context, APPROVAL_DUE);

    statement_bind_integer(statement, 1, now_s);
    return approval_row(statement, out);
}

static int refund_insert(void *context, struct refund *row)
{
    struct statement *statement = take(context, REFUND_INSERT);
    const int64_t values[] = { row->tenant_id, row->account_id, row->payment_id, row->payment_order_id, row->closing_id,
        row->amount_fen, row->hold_id, row->asked_by, row->asked_s };
    const char *const words[] = { refund_route_name(row->rest), refund_state_name(row->state), row->key, row->payee,
        row->bank, row->bank_account, row->reason };

    statement_bind_integers(statement, values, 9);
    for (int i = 0; i < 7; i++)
        statement_bind_text(statement, 10 + i, words[i]);
    statement_bind_integer(statement, 17, row->red_letter);
    return statement_run_insert(statement, &row->refund_id);
}

static int refund_update(void *context, const struct refund *row)
{
    struct statement *statement = take(context, REFUND_UPDATE);

    statement_bind_integer(statement, 1, row->refund_id);
    statement_bind_integer(statement, 2, row->hold_id);
    statement_bind_text(statement, 3, refund_state_name(row->state));
    return statement_change(statement);
}

static void refund_texts(struct statement *statement, struct refund *out)
{
    char word[32];

    statement_text(statement, 10, word, sizeof word);
    out->rest = (uint8_t)refund_route_of_name(word);
    statement_text(statement, 11, word, sizeof word);
    out->state = (uint8_t)refund_state_of_name(word);
    statement_text(statement, 12, out->key, sizeof out->key);
    statement_text(statement, 13, out->payee, sizeof out->payee);
    statement_text(statement, 14, out->bank, sizeof out->bank);
    statement_text(statement, 15, out->bank_account, sizeof out->bank_account);
    statement_text(statement, 16, out->reason, sizeof out->reason);
}

static int refund_row(struct statement *statement, struct refund *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct refund){
        .refund_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .account_id = statement_integer(statement, 2),
        .payment_id = statement_integer(statement, 3),
        .payment_order_id = statement_integer(statement, 4),
        .closing_id = statement_integer(statement, 5),
        .amount_fen = statement_integer(statement, 6),
        .hold_id = statement_integer(statement, 7),
        .asked_by = (uint32_t)statement_integer(statement, 8),
        .asked_s = statement_integer(statement, 9),
        .red_letter = statement_int(statement, 17) != 0,
    };
    refund_texts(statement, out);
    statement_end(statement);
    return 1;
}

static int refund_read(void *context, int64_t refund_id, struct refund *out)
{
    struct statement *statement = take(context, REFUND_READ);

    statement_bind_integer(statement, 1, refund_id);
    return refund_row(statement, out);
}

static int refund_find_key(void *context, const char *key, struct refund *out)
{
    struct statement *statement = take(context, REFUND_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return refund_row(statement, out);
}

static int part_insert(void *context, const struct refund_part *row)
{
    struct statement *statement = take(context, PART_INSERT);
    const int64_t values[] = { row->refund_id, row->part, row->amount_fen, row->payment_order_id };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, refund_route_name(row->route));
    statement_bind_text(statement, 6, refund_part_state_name(row->state));
    return statement_change(statement);
}

static int part_update(void *context, const struct refund_part *row)
{
    struct statement *statement = take(context, PART_UPDATE);
    const int64_t values[] = { row->refund_id, row->part, row->payment_refund_id, row->settled_by, row->settled_s };

    statement_bind_integers(statement, values, 5);
    statement_bind_text(statement, 6, refund_part_state_name(row->state));
    statement_bind_text(statement, 7, row->reference);
    statement_bind_integer(statement, 8, row->shift_id);
    return statement_change(statement);
}

static int part_read(void *context, int64_t refund_id, int32_t part, struct refund_part *out)
{
    struct statement *statement = take(context, PART_READ);
    char word[32];
    int found;

    statement_bind_integer(statement, 1, refund_id);
    statement_bind_integer(statement, 2, part);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct refund_part){
        .refund_id = statement_integer(statement, 0),
        .part = statement_int(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .payment_order_id = statement_integer(statement, 3),
        .payment_refund_id = statement_integer(statement, 4),
        .settled_by = (uint32_t)statement_integer(statement, 5),
        .settled_s = statement_integer(statement, 6),
        .shift_id = statement_integer(statement, 11),
    };
    statement_text(statement, 7, word, sizeof word);
    out->route = (uint8_t)refund_route_of_name(word);
    statement_text(statement, 8, word, sizeof word);
    out->state = (uint8_t)refund_part_state_of_name(word);
    statement_text(statement, 9, out->reference, sizeof out->reference);
    statement_text(statement, 10, out->refund_number, sizeof out->refund_number);
    statement_end(statement);
    return 1;
}

/* The one number of a query that always has a row. */
static int sum_read(void *context, size_t index, int64_t number, int64_t *out)
{
    struct statement *statement = take(context, index);
    int found;

    statement_bind_integer(statement, 1, number);
    found = statement_row(statement);
    if (found == 1) {
        *out = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found;
}

static int order_asked_sum(void *context, int64_t payment_order_id, int64_t *amount_fen)
{
    int found = sum_read(context, ORDER_ASKED, payment_order_id, amount_fen);

    return found < 0 ? found : 0;
}

static int payment_refunded_sum(void *context, int64_t payment_id, int64_t *amount_fen)
{
    int found = sum_read(context, PAYMENT_REFUNDED, payment_id, amount_fen);

    return found < 0 ? found : 0;
}

static int payment_gone_sum(void *context, int64_t payment_id, int64_t *amount_fen)
{
    int found = sum_read(context, PAYMENT_GONE, payment_id, amount_fen);

    return found < 0 ? found : 0;
}

static int payment_order_of(void *context, int64_t payment_id, int64_t *payment_order_id)
{
    return sum_read(context, PAYMENT_ORDER, payment_id, payment_order_id);
}

static int source_next(void *context, int64_t wallet_id, int64_t from_s, int64_t before, struct refund_source *out)
{
    struct statement *statement = take(context, SOURCE_NEXT);
    const int64_t values[] = { wallet_id, from_s, before };
    int found;

    statement_bind_integers(statement, values, 3);
    found = statement_row(statement);
    if (found == 1) {
        *out = (struct refund_source){ statement_integer(statement, 0), statement_integer(statement, 1) };
        statement_end(statement);
    }
    return found;
}

static int payment_read(void *context, int64_t payment_id, struct billing_payment *out)
{
    struct statement *statement = take(context, PAYMENT_READ);
    int found;

    statement_bind_integer(statement, 1, payment_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_payment){
        .payment_id = statement_integer(statement, 0),
        .account_id = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .at_s = statement_integer(statement, 3),
        .tenant_id = (uint32_t)statement_integer(statement, 4),
    };
    statement_text(statement, 5, out->method, sizeof out->method);
    statement_end(statement);
    return 1;
}

static void functions_set(struct case_store *store)
{
    store->approval_insert = approval_insert;
    store->approval_update = approval_update;
    store->approval_read = approval_read;
    store->approval_of = approval_of;
    store->approval_lapsed = approval_lapsed;
    store->refund_insert = refund_insert;
    store->refund_update = refund_update;
    store->refund_read = refund_read;
    store->refund_find_key = refund_find_key;
    store->part_insert = part_insert;
    store->part_update = part_update;
    store->part_read = part_read;
    store->order_asked_sum = order_asked_sum;
    store->payment_refunded_sum = payment_refunded_sum;
    store->payment_gone_sum = payment_gone_sum;
    store->source_next = source_next;
    store->payment_read = payment_read;
    store->payment_order_of = payment_order_of;
}

int case_sql_open(struct store *store, struct case_sql **out)
{
    struct case_sql *sql = calloc(1, sizeof *sql);
    int error = sql != NULL ? statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT) : STORE_ERR_MEMORY;

    if (error == 0)
        error = case_sql_closings_open(store, sql);
    if (error < 0) {
        case_sql_close(sql);
        return error;
    }
    sql->store.context = sql;
    functions_set(&sql->store);
    *out = sql;
    return 0;
}

void case_sql_close(struct case_sql *sql)
{
    if (sql != NULL) {
        statement_table_finalize(&sql->closings);
        statement_table_finalize(&sql->table);
    }
    free(sql);
}

const struct case_store *case_sql_store(const struct case_sql *sql)
{
    return &sql->store;
}
