/* Closings and moved payments. */
#include "store/sql/case_sql_internal.h"

enum {
    CLOSING_INSERT, CLOSING_UPDATE, CLOSING_READ, CLOSING_FIND_KEY, CLOSING_OF_COMMAND, ACCOUNT_SET, DEVICE_LEFT,
    MOVE_INSERT, MOVE_UPDATE, MOVE_READ, MOVE_FIND_KEY, MOVED_SUM, ORDER_SET, STATEMENT_COUNT
};

#define CLOSING_COLUMNS \
    "SELECT closing_id, tenant_id, account_id, to_day, total_value, read_s, clear_command_id, meter_fen, cleared_s," \
    " coalesce(new_customer_id, 0), coalesce(new_tariff_id, 0), coalesce(new_account_id, 0), coalesce(refund_id, 0)," \
    " asked_s, done_s, coalesce(asked_by, 0), close_valve, move_balance, kind, state, reading, rest, key, payee, bank," \
    " bank_account, reason, meter_units_value, new_mode, new_holds FROM closing "
#define MOVE_COLUMNS \
    "SELECT payment_move_id, tenant_id, coalesce(payment_id, 0), coalesce(payment_order_id, 0), from_account_id," \
    " to_account_id, amount_fen, into_debt, coalesce(hold_id, 0), coalesce(asked_by, 0), asked_s, state, key, reason" \
    " FROM payment_move "

static const char *const texts[STATEMENT_COUNT] = {
    [CLOSING_INSERT] = "INSERT INTO closing (tenant_id, account_id, to_day, total_value, read_s, clear_command_id, meter_fen,"
        " cleared_s, new_customer_id, new_tariff_id, asked_s, asked_by, close_valve, move_balance, kind, state, reading, rest,"
        " key, payee, bank, bank_account, reason, new_mode, new_holds, meter_units_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
        " nullif(?9, 0), nullif(?10, 0), ?11, nullif(?12, 0), ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,"
        " ?26)",
    [CLOSING_UPDATE] = "UPDATE closing SET total_value = ?2, read_s = ?3, clear_command_id = ?4, meter_fen = ?5,"
        " cleared_s = ?6, new_account_id = nullif(?7, 0), refund_id = nullif(?8, 0), done_s = ?9, to_day = ?10, state = ?11"
        " WHERE closing_id = ?1",
    [CLOSING_READ] = CLOSING_COLUMNS "WHERE closing_id = ?1",
    [CLOSING_FIND_KEY] = CLOSING_COLUMNS "WHERE key = ?1",
    [CLOSING_OF_COMMAND] = CLOSING_COLUMNS "WHERE clear_command_id = ?1 AND state = 'clearing'",
    [ACCOUNT_SET] = "UPDATE account SET closing_id = ?2, closed_s = nullif(?3, 0), deposit_id = ?4 WHERE account_id = ?1",
    [DEVICE_LEFT] = "SELECT settled_day, settled_total_value FROM account JOIN account_standing USING (account_id)"
        " WHERE device_id = ?1 AND closed_s IS NOT NULL ORDER BY settled_day DESC, account_id DESC LIMIT 1",
    [MOVE_INSERT] = "INSERT INTO payment_move (tenant_id, payment_id, payment_order_id, from_account_id, to_account_id,"
        " amount_fen, into_debt, asked_by, asked_s, state, key, reason) VALUES (?1, nullif(?2, 0), nullif(?3, 0), ?4, ?5, ?6,"
        " ?7, nullif(?8, 0), ?9, ?10, ?11, ?12)",
    [MOVE_UPDATE] = "UPDATE payment_move SET hold_id = nullif(?2, 0), state = ?3 WHERE payment_move_id = ?1",
    [MOVE_READ] = MOVE_COLUMNS "WHERE payment_move_id = ?1",
    [MOVE_FIND_KEY] = MOVE_COLUMNS "WHERE key = ?1",
    [MOVED_SUM] = "SELECT coalesce(sum(amount_fen), 0) FROM payment_move WHERE state <> 'refused'"
        " AND ((?1 <> 0 AND payment_id = ?1) OR (?1 = 0 AND payment_order_id = ?2))",
    [ORDER_SET] = "UPDATE payment_order SET account_id = ?2, in_suspense = 0 WHERE payment_order_id = ?1",
};

static struct statement *take(void *context, size_t index)
{
    struct case_sql *sql = context;

    return statement_take(&sql->closings, index);
}

static int closing_insert(void *context, struct closing *row)
{
    struct statement *statement = take(context, CLOSING_INSERT);
    const int64_t values[] = { row->tenant_id, row->account_id, row->to_day, row->total_value, row->read_s,
        row->clear_command_id, row->meter_fen, row->cleared_s, row->new_customer_id, row->new_tariff_id, row->asked_s,
        row->asked_by, row->close_valve, row->move_balance };
    uint8_t kind = row->kind == CLOSING_OWNER_CHANGE ? CLOSING_TENANT_CHANGE : row->kind;
    const char *const words[] = { closing_kind_name(kind), closing_state_name(row->state),
        closing_reading_name(row->reading), refund_route_name(row->rest), row->key, row->payee, row->bank, row->bank_account,
        row->reason, row->new_mode, row->new_holds };

    statement_bind_integers(statement, values, 14);
    for (int i = 0; i < 11; i++)
        statement_bind_text(statement, 15 + i, words[i]);
    statement_bind_integer(statement, 26, row->meter_units_value);
    return statement_run_insert(statement, &row->closing_id);
}

static int closing_update(void *context, const struct closing *row)
{
    struct statement *statement = take(context, CLOSING_UPDATE);
    const int64_t values[] = { row->closing_id, row->total_value, row->read_s, row->clear_command_id, row->meter_fen,
        row->cleared_s, row->new_account_id, row->refund_id, row->done_s, row->to_day };

    statement_bind_integers(statement, values, 10);
    statement_bind_text(statement, 11, closing_state_name(row->state));
    return statement_change(statement);
}

static void closing_texts(struct statement *statement, struct closing *out)
{
    char word[32];

    statement_text(statement, 18, word, sizeof word);
    out->kind = (uint8_t)closing_kind_of_name(word);
    statement_text(statement, 19, word, sizeof word);
    out->state = (uint8_t)closing_state_of_name(word);
    statement_text(statement, 20, word, sizeof word);
    out->reading = (uint8_t)closing_reading_of_name(word);
    statement_text(statement, 21, word, sizeof word);
    out->rest = (uint8_t)refund_route_of_name(word);
    statement_text(statement, 22, out->key, sizeof out->key);
    statement_text(statement, 23, out->payee, sizeof out->payee);
    statement_text(statement, 24, out->bank, sizeof out->bank);
    statement_text(statement, 25, out->bank_account, sizeof out->bank_account);
    statement_text(statement, 26, out->reason, sizeof out->reason);
    statement_text(statement, 28, out->new_mode, sizeof out->new_mode);
    statement_text(statement, 29, out->new_holds, sizeof out->new_holds);
    if (out->new_mode[0] != '\0')
        out->kind = CLOSING_OWNER_CHANGE;
}

static int closing_row(struct statement *statement, struct closing *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct closing){
        .closing_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .account_id = statement_integer(statement, 2),
        .to_day = statement_integer(statement, 3),
        .total_value = statement_integer(statement, 4),
        .read_s = statement_integer(statement, 5),
        .clear_command_id = statement_integer(statement, 6),
        .meter_fen = statement_integer(statement, 7),
        .cleared_s = statement_integer(statement, 8),
        .new_customer_id = statement_integer(statement, 9),
        .new_tariff_id = statement_integer(statement, 10),
        .new_account_id = statement_integer(statement, 11),
        .refund_id = statement_integer(statement, 12),
        .asked_s = statement_integer(statement, 13),
        .done_s = statement_integer(statement, 14),
        .asked_by = (uint32_t)statement_integer(statement, 15),
        .close_valve = statement_int(statement, 16) != 0,
        .move_balance = statement_int(statement, 17) != 0,
        .meter_units_value = statement_integer(statement, 27),
    };
    closing_texts(statement, out);
    statement_end(statement);
    return 1;
}

static int closing_read(void *context, int64_t closing_id, struct closing *out)
{
    struct statement *statement = take(context, CLOSING_READ);

    statement_bind_integer(statement, 1, closing_id);
    return closing_row(statement, out);
}

static int closing_find_key(void *context, const char *key, struct closing *out)
{
    struct statement *statement = take(context, CLOSING_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return closing_row(statement, out);
}

static int closing_of_command(void *context, int64_t command_id, struct closing *out)
{
    struct statement *statement = take(context, CLOSING_OF_COMMAND);

    statement_bind_integer(statement, 1, command_id);
    return closing_row(statement, out);
}

static int account_closing_set(void *context, const struct billing_account *row)
{
    struct statement *statement = take(context, ACCOUNT_SET);
    const int64_t values[] = { row->account_id, row->closing_id, row->closed_s, row->deposit_id };

    statement_bind_integers(statement, values, 4);
    return statement_change(statement);
}

static int device_left(void *context, uint32_t device_id, int64_t *day, int64_t *total_value)
{
    struct statement *statement = take(context, DEVICE_LEFT);
    int found;

    statement_bind_integer(statement, 1, device_id);
    found = statement_row(statement);
    if (found == 1) {
        *day = statement_integer(statement, 0);
        *total_value = statement_integer(statement, 1);
        statement_end(statement);
    }
    return found;
}

static int move_insert(void *context, struct payment_move *row)
{
    struct statement *statement = take(context, MOVE_INSERT);
    const int64_t values[] = { row->tenant_id, row->payment_id, row->payment_order_id, row->from_account_id,
        row->to_account_id, row->amount_fen, row->into_debt, row->asked_by, row->asked_s };
    const char *const words[] = { payment_move_state_name(row->state), row->key, row->reason };

    statement_bind_integers(statement, values, 9);
    for (int i = 0; i < 3; i++)
        statement_bind_text(statement, 10 + i, words[i]);
    return statement_run_insert(statement, &row->payment_move_id);
}

static int move_update(void *context, const struct payment_move *row)
{
    struct statement *statement = take(context, MOVE_UPDATE);

    statement_bind_integer(statement, 1, row->payment_move_id);
    statement_bind_integer(statement, 2, row->hold_id);
    statement_bind_text(statement, 3, payment_move_state_name(row->state));
    return statement_change(statement);
}

static int move_row(struct statement *statement, struct payment_move *out)
{
    char word[32];
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct payment_move){
        .payment_move_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .payment_id = statement_integer(statement, 2),
        .payment_order_id = statement_integer(statement, 3),
        .from_account_id = statement_integer(statement, 4),
        .to_account_id = statement_integer(statement, 5),
        .amount_fen = statement_integer(statement, 6),
        .into_debt = statement_int(statement, 7) != 0,
        .hold_id = statement_integer(statement, 8),
        .asked_by = (uint32_t)statement_integer(statement, 9),
        .asked_s = statement_integer(statement, 10),
    };
    statement_text(statement, 11, word, sizeof word);
    out->state = (uint8_t)payment_move_state_of_name(word);
    statement_text(statement, 12, out->key, sizeof out->key);
    statement_text(statement, 13, out->reason, sizeof out->reason);
    statement_end(statement);
    return 1;
}

static int move_read(void *context, int64_t payment_move_id, struct payment_move *out)
{
    struct statement *statement = take(context, MOVE_READ);

    statement_bind_integer(statement, 1, payment_move_id);
    return move_row(statement, out);
}

static int move_find_key(void *context, const char *key, struct payment_move *out)
{
    struct statement *statement = take(context, MOVE_FIND_KEY);

    statement_bind_text(statement, 1, key);
    return move_row(statement, out);
}

static int moved_sum(void *context, int64_t payment_id, int64_t payment_order_id, int64_t *amount_fen)
{
    struct statement *statement = take(context, MOVED_SUM);
    int found;

    statement_bind_integer(statement, 1, payment_id);
    statement_bind_integer(statement, 2, payment_order_id);
    found = statement_row(statement);
    if (found == 1) {
        *amount_fen = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int order_account_set(void *context, int64_t payment_order_id, int64_t account_id)
{
    struct statement *statement = take(context, ORDER_SET);

    statement_bind_integer(statement, 1, payment_order_id);
    statement_bind_integer(statement, 2, account_id);
    return statement_change(statement);
}

int case_sql_closings_open(struct store *store, struct case_sql *sql)
{
    int error = statement_table_prepare(&sql->closings, store, texts, STATEMENT_COUNT);

    sql->store.closing_insert = closing_insert;
    sql->store.closing_update = closing_update;
    sql->store.closing_read = closing_read;
    sql->store.closing_find_key = closing_find_key;
    sql->store.closing_of_command = closing_of_command;
    sql->store.account_closing_set = account_closing_set;
    sql->store.device_left = device_left;
    sql->store.move_insert = move_insert;
    sql->store.move_update = move_update;
    sql->store.move_read = move_read;
    sql->store.move_find_key = move_find_key;
    sql->store.moved_sum = moved_sum;
    sql->store.order_account_set = order_account_set;
    return error;
}
