#include "store/sql/payment_sql_internal.h"

#include <stdlib.h>

enum {
    ORDER_INSERT, ORDER_UPDATE, ORDER_READ, ORDER_FIND, ORDER_FIND_KEY, ORDER_FIND_REFERENCE, ORDER_DUE,
    INVITATION_WRITE, REFUND_INSERT, REFUND_UPDATE, REFUND_READ, REFUND_FIND, REFUND_FIND_KEY, REFUND_DUE, REFUND_SUM,
    STATEMENT_COUNT
};

#define ORDER_COLUMNS \
    "SELECT payment_order_id, account_id, amount_fen, created_s, expires_s, next_s, coalesce(paid_s, 0)," \
    " coalesce(payment_id, 0), coalesce(transfer_id, 0), tenant_id, coalesce(created_by, 0), attempts, step, scene," \
    " in_suspense, state, channel, key, trade_number, reference, problem, description, payer_id, client_ip," \
    " coalesce(second_of, 0)" \
    " FROM payment_order "
#define REFUND_COLUMNS \
    "SELECT r.payment_refund_id, r.payment_order_id, r.amount_fen, r.created_s, r.next_s, r.tenant_id," \
    " coalesce(r.created_by, 0), r.attempts, r.step, r.state, r.key, r.refund_number, r.problem, r.reason" \
    " FROM payment_refund r "

static const char *const texts[STATEMENT_COUNT] = {
    [ORDER_INSERT] = "INSERT INTO payment_order (account_id, amount_fen, created_s, expires_s, next_s, tenant_id, created_by,"
        " step, scene, second_of, state, channel, key, trade_number, description, payer_id, client_ip)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), ?8, ?9, nullif(?10, 0), ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    [ORDER_UPDATE] = "UPDATE payment_order SET next_s = ?2, paid_s = nullif(?3, 0), payment_id = nullif(?4, 0),"
        " transfer_id = nullif(?5, 0), attempts = ?6, step = ?7, in_suspense = ?8, state = ?9, reference = ?10,"
        " problem = ?11, expires_s = ?12 WHERE payment_order_id = ?1",
    [ORDER_READ] = ORDER_COLUMNS "WHERE payment_order_id = ?1",
    [ORDER_FIND] = ORDER_COLUMNS "WHERE trade_number = ?2 AND channel = ?1",
    [ORDER_FIND_KEY] = ORDER_COLUMNS "WHERE key = ?1",
    [ORDER_FIND_REFERENCE] = ORDER_COLUMNS "WHERE channel = ?1 AND reference = ?2 AND reference <> ''",
    [ORDER_DUE] = ORDER_COLUMNS "WHERE step <> 0 AND channel = ?1 AND next_s <= ?2 ORDER BY next_s LIMIT 1",
    [INVITATION_WRITE] = "UPDATE payment_order SET invitation_kind = ?2, invitation = ?3 WHERE payment_order_id = ?1",
    [REFUND_INSERT] = "INSERT INTO payment_refund (payment_order_id, amount_fen, created_s, next_s, tenant_id, created_by,"
        " step, state, key, refund_number, reason) VALUES (?1, ?2, ?3, ?4, ?5, nullif(?6, 0), ?7, ?8, ?9, ?10, ?11)",
    [REFUND_UPDATE] = "UPDATE payment_refund SET next_s = ?2, attempts = ?3, step = ?4, state = ?5, problem = ?6"
        " WHERE payment_refund_id = ?1",
    [REFUND_READ] = REFUND_COLUMNS "WHERE r.payment_refund_id = ?1",
    [REFUND_FIND] = REFUND_COLUMNS "JOIN payment_order o ON o.payment_order_id = r.payment_order_id"
        " WHERE r.refund_number = ?2 AND o.channel = ?1",
    [REFUND_FIND_KEY] = REFUND_COLUMNS "WHERE r.key = ?1",
    [REFUND_DUE] = REFUND_COLUMNS "JOIN payment_order o ON o.payment_order_id = r.payment_order_id"
        " WHERE r.step <> 0 AND o.channel = ?1 AND r.next_s <= ?2 ORDER BY r.next_s LIMIT 1",
    [REFUND_SUM] = "SELECT coalesce(sum(amount_fen), 0) FROM payment_refund WHERE payment_order_id = ?1"
        " AND state <> 'failed'",
};

static struct statement *take(void *context, size_t index)
{
    struct payment_sql *sql = context;

    return statement_take(&sql->table, index);
}

static int order_insert(void *context, struct payment_order *row)
{
    struct payment_sql *sql = context;
    struct statement *statement = take(context, ORDER_INSERT);
    const int64_t values[] = { row->account_id, row->amount_fen, row->created_s, row->expires_s, row->next_s,
        row->tenant_id, row->created_by, row->step, row->scene, row->second_of };
    const char *const words[] = { payment_order_state_name(row->state), row->channel, row->key, row->trade_number,
        row->description, row->payer_id, row->client_ip };
    int error;

    statement_bind_integers(statement, values, 10);
    for (int i = 0; i < 7; i++)
        statement_bind_text(statement, 11 + i, words[i]);
    error = statement_change(statement);
    if (error == 0)
        row->payment_order_id = store_last_identifier(sql->table.store);
    return error;
}

static int order_update(void *context, const struct payment_order *row)
{
    struct statement *statement = take(context, ORDER_UPDATE);
    const int64_t values[] = { row->payment_order_id, row->next_s, row->paid_s, row->payment_id, row->transfer_id,
        row->attempts, row->step, row->in_suspense };

    statement_bind_integers(statement, values, 8);
    statement_bind_text(statement, 9, payment_order_state_name(row->state));
    statement_bind_text(statement, 10, row->reference);
    statement_bind_text(statement, 11, row->problem);
    statement_bind_integer(statement, 12, row->expires_s);
    return statement_change(statement);
}

static void order_texts(struct statement *statement, struct payment_order *out)
{
    char state[16];

    statement_text(statement, 15, state, sizeof state);
    out->state = (uint8_t)payment_order_state_of_name(state);
    statement_text(statement, 16, out->channel, sizeof out->channel);
    statement_text(statement, 17, out->key, sizeof out->key);
    statement_text(statement, 18, out->trade_number, sizeof out->trade_number);
    statement_text(statement, 19, out->reference, sizeof out->reference);
    statement_text(statement, 20, out->problem, sizeof out->problem);
    statement_text(statement, 21, out->description, sizeof out->description);
    statement_text(statement, 22, out->payer_id, sizeof out->payer_id);
    statement_text(statement, 23, out->client_ip, sizeof out->client_ip);
}

static int order_row(struct statement *statement, struct payment_order *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct payment_order){
        .payment_order_id = statement_integer(statement, 0),
        .account_id = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .created_s = statement_integer(statement, 3),
        .expires_s = statement_integer(statement, 4),
        .next_s = statement_integer(statement, 5),
        .paid_s = statement_integer(statement, 6),
        .payment_id = statement_integer(statement, 7),
        .transfer_id = statement_integer(statement, 8),
        .tenant_id = (uint32_t)statement_integer(statement, 9),
        .created_by = (uint32_t)statement_integer(statement, 10),
        .attempts = statement_int(statement, 11),
        .step = (uint8_t)statement_int(statement, 12),
        .scene = (uint8_t)statement_int(statement, 13),
        .in_suspense = statement_int(statement, 14) != 0,
        .second_of = statement_integer(statement, 24),
    };
    order_texts(statement, out);
    statement_end(statement);
    return 1;
}

static int order_by_number(void *context, size_t index, int64_t number, struct payment_order *out)
{
    struct statement *statement = take(context, index);

    statement_bind_integer(statement, 1, number);
    return order_row(statement, out);
}

/* second NULL: the statement has one place */
static int order_by_text(void *context, size_t index, const char *first, const char *second, struct payment_order *out)
{
    struct statement *statement = take(context, index);

    statement_bind_text(statement, 1, first);
    if (second != NULL)
        statement_bind_text(statement, 2, second);
    return order_row(statement, out);
}

static int order_read(void *context, int64_t payment_order_id, struct payment_order *out)
{
    return order_by_number(context, ORDER_READ, payment_order_id, out);
}

static int order_due(void *context, const char *channel, int64_t now_s, struct payment_order *out)
{
    struct statement *statement = take(context, ORDER_DUE);

    statement_bind_text(statement, 1, channel);
    statement_bind_integer(statement, 2, now_s);
    return order_row(statement, out);
}

static int order_find(void *context, const char *channel, const char *trade_number, struct payment_order *out)
{
    return order_by_text(context, ORDER_FIND, channel, trade_number, out);
}

static int order_find_key(void *context, const char *key, struct payment_order *out)
{
    return order_by_text(context, ORDER_FIND_KEY, key, NULL, out);
}

static int order_find_reference(void *context, const char *channel, const char *reference, struct payment_order *out)
{
    return order_by_text(context, ORDER_FIND_REFERENCE, channel, reference, out);
}

static int invitation_write(void *context, int64_t payment_order_id, const char *kind, const char *text)
{
    struct statement *statement = take(context, INVITATION_WRITE);

    statement_bind_integer(statement, 1, payment_order_id);
    statement_bind_text(statement, 2, kind);
    statement_bind_text(statement, 3, text);
    return statement_change(statement);
}

static int refund_insert(void *context, struct payment_refund *row)
{
    struct payment_sql *sql = context;
    struct statement *statement = take(context, REFUND_INSERT);
    const int64_t values[] = { row->payment_order_id, row->amount_fen, row->created_s, row->next_s, row->tenant_id,
        row->created_by, row->step };
    const char *const words[] = { payment_refund_row_state_name(row->state), row->key, row->refund_number, row->reason };
    int error;

    statement_bind_integers(statement, values, 7);
    for (int i = 0; i < 4; i++)
        statement_bind_text(statement, 8 + i, words[i]);
    error = statement_change(statement);
    if (error == 0)
        row->payment_refund_id = store_last_identifier(sql->table.store);
    return error;
}

static int refund_update(void *context, const struct payment_refund *row)
{
    struct statement *statement = take(context, REFUND_UPDATE);
    const int64_t values[] = { row->payment_refund_id, row->next_s, row->attempts, row->step };

    statement_bind_integers(statement, values, 4);
    statement_bind_text(statement, 5, payment_refund_row_state_name(row->state));
    statement_bind_text(statement, 6, row->problem);
    return statement_change(statement);
}

static int refund_row(struct statement *statement, struct payment_refund *out)
{
    char state[16];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct payment_refund){
        .payment_refund_id = statement_integer(statement, 0),
        .payment_order_id = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .created_s = statement_integer(statement, 3),
        .next_s = statement_integer(statement, 4),
        .tenant_id = (uint32_t)statement_integer(statement, 5),
        .created_by = (uint32_t)statement_integer(statement, 6),
        .attempts = statement_int(statement, 7),
        .step = (uint8_t)statement_int(statement, 8),
    };
    statement_text(statement, 9, state, sizeof state);
    out->state = (uint8_t)payment_refund_row_state_of_name(state);
    statement_text(statement, 10, out->key, sizeof out->key);
    statement_text(statement, 11, out->refund_number, sizeof out->refund_number);
    statement_text(statement, 12, out->problem, sizeof out->problem);
    statement_text(statement, 13, out->reason, sizeof out->reason);
    statement_end(statement);
    return 1;
}

static int refund_find(void *context, const char *channel, const char *refund_number, struct payment_refund *out)
{
    struct statement *statement = take(context, REFUND_FIND);

    statement_bind_text(statement, 1, channel);
    statement_bind_text(statement, 2, refund_number);
    return refund_row(statement, out);
}

static int refund_find_key(void *context, const char *key, struct payment_refund *out)
{
    struct statement *statement = take(context, REFUND_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return refund_row(statement, out);
}

static int refund_by_number(void *context, size_t index, int64_t number, struct payment_refund *out)
{
    struct statement *statement = take(context, index);

    statement_bind_integer(statement, 1, number);
    return refund_row(statement, out);
}

static int refund_read(void *context, int64_t payment_refund_id, struct payment_refund *out)
{
    return refund_by_number(context, REFUND_READ, payment_refund_id, out);
}

static int refund_due(void *context, const char *channel, int64_t now_s, struct payment_refund *out)
{
    struct statement *statement = take(context, REFUND_DUE);

    statement_bind_text(statement, 1, channel);
    statement_bind_integer(statement, 2, now_s);
    return refund_row(statement, out);
}

static int refund_sum(void *context, int64_t payment_order_id, int64_t *amount_fen)
{
    struct statement *statement = take(context, REFUND_SUM);
    int found;

    statement_bind_integer(statement, 1, payment_order_id);
    found = statement_row(statement);
    if (found == 1) {
        *amount_fen = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

int payment_sql_open(struct store *store, struct payment_sql **out)
{
    struct payment_sql *sql = calloc(1, sizeof *sql);
    int error = sql != NULL ? statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT) : STORE_ERR_MEMORY;

    if (error == 0)
        error = payment_sql_bills_open(store, sql);
    if (error < 0) {
        payment_sql_close(sql);
        return error;
    }
    sql->store.context = sql;
    sql->store.order_insert = order_insert;
    sql->store.order_update = order_update;
    sql->store.order_read = order_read;
    sql->store.order_find = order_find;
    sql->store.order_find_key = order_find_key;
    sql->store.order_find_reference = order_find_reference;
    sql->store.order_due = order_due;
    sql->store.invitation_write = invitation_write;
    sql->store.refund_insert = refund_insert;
    sql->store.refund_update = refund_update;
    sql->store.refund_read = refund_read;
    sql->store.refund_find = refund_find;
    sql->store.refund_find_key = refund_find_key;
    sql->store.refund_due = refund_due;
    sql->store.refund_sum = refund_sum;
    *out = sql;
    return 0;
}

void payment_sql_close(struct payment_sql *sql)
{
    if (sql != NULL) {
        statement_table_finalize(&sql->bills);
        statement_table_finalize(&sql->table);
    }
    free(sql);
}

const struct payment_order_store *payment_sql_store(const struct payment_sql *sql)
{
    return &sql->store;
}
