#include "store/sql/billing_sql_internal.h"
#include "store/given_rows.h"

#include <string.h>

enum {
    CHARGES_INSERT, CHARGE_UPDATE, CHARGE_READ, BILL_LAST, BILL_INSERT, BILL_UPDATE, DUE_ADD, TOLD_READ, TOLD_WRITE, BILL_NEXT,
    BILL_READ, BILL_UNPAID, BILL_OF_DAY, LINE_READ, PAYMENT_INSERT, PAYMENT_UPDATE, PAYMENT_FIND, PAYMENT_NEWEST, RUN_OPEN, RUN_INSERT,
    BILL_NEWEST, BILL_OF_RUN, RUN_READ, DRAFT_INSERT, DRAFT_READ, RUN_UPDATE, CLOSINGS_READ, CLOSINGS_ADD,
    DRAFT_UPDATE, DRAFTS_ACCEPT, AREA_PATH, CLOSINGS_RELEASED, BATCH_INSERT, BATCH_READ, BATCH_UPDATE, STAGE_LOOK, STATEMENT_COUNT
};

#define CHARGE_COLUMNS \
    "SELECT account_id, day, from_day, from_total_value, to_total_value, cycle_used_value, amount_fen, tariff_version_id," \
    " charged_s, revision, transfer_id, items FROM daily_charge "
#define BILL_COLUMNS \
    "SELECT bill_id, tenant_id, account_id, from_day, to_day, from_total_value, to_total_value, usage_value, amount_fen, paid_fen," \
    " due_day, issued_s, tariff_version_id, cycle_start_day, cycle_used_value, estimated, state, number," \
    " run_id, coalesce(transfer_id, -1), area_id, late_fee_fen, late_waived_fen, late_until_day FROM bill "
#define RUN_COLUMNS \
    "SELECT run_id, tenant_id, to_day, next_account_id, amount_fen, started_s, coalesce(finished_s, 0), draft_fen, decided_s," \
    " total, done, drafts, issued, held, estimated, reversed, coalesce(started_by, 0), coalesce(decided_by, 0), drafted," \
    " state, estimate = 'usual', accounts = 'due', months, exceptions, unreviewed, area_path FROM settlement_run "

static const char *const texts[STATEMENT_COUNT] = {
    [CHARGES_INSERT] = "INSERT INTO daily_charge (day, account_id, from_day, from_total_value, to_total_value, cycle_used_value,"
        " amount_fen, tariff_version_id, charged_s, revision, transfer_id, items)"
        " SELECT v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11 FROM given_rows(?1)",
    [CHARGE_UPDATE] = "UPDATE daily_charge SET from_day = ?3, from_total_value = ?4, to_total_value = ?5, cycle_used_value = ?6,"
        " amount_fen = ?7, tariff_version_id = ?8, charged_s = ?9, revision = ?10, transfer_id = ?11, items = ?12"
        " WHERE account_id = ?1 AND day = ?2",
    [CHARGE_READ] = CHARGE_COLUMNS "WHERE account_id = ?1 AND day = ?2",
    [BILL_LAST] = "SELECT coalesce(max(bill_id), 0) FROM bill",
    [BILL_INSERT] = "INSERT INTO bill (tenant_id, account_id, from_day, to_day, from_total_value, to_total_value, usage_value,"
        " amount_fen, paid_fen, due_day, issued_s, tariff_version_id, cycle_start_day, cycle_used_value, estimated, run_id,"
        " transfer_id, area_id, bill_id, state, number, lines) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
        " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    [BILL_UPDATE] = "UPDATE bill SET paid_fen = ?2, state = ?3, late_fee_fen = ?4, late_waived_fen = ?5, late_until_day = ?6"
        " WHERE bill_id = ?1",
    [DUE_ADD] = "INSERT INTO bill_due (tenant_id, due_day, area_id, bills, open_bills, billed_fen, paid_fen)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant_id, due_day, area_id) DO UPDATE SET bills = bill_due.bills + ?4,"
        " open_bills = bill_due.open_bills + ?5, billed_fen = bill_due.billed_fen + ?6, paid_fen = bill_due.paid_fen + ?7",
    [TOLD_READ] = "SELECT bill_id FROM bill_told",
    [TOLD_WRITE] = "UPDATE bill_told SET bill_id = ?1",
    [BILL_NEXT] = BILL_COLUMNS "WHERE bill_id > ?1 ORDER BY bill_id LIMIT 1",
    [BILL_READ] = BILL_COLUMNS "WHERE bill_id = ?1",
    [BILL_UNPAID] = BILL_COLUMNS "WHERE account_id = ?1 AND to_day > ?2 AND state = 'issued' ORDER BY to_day LIMIT 1",
    [BILL_OF_DAY] = BILL_COLUMNS "WHERE tenant_id = ?1 AND to_day = ?2 AND bill_id > ?3 AND state <> 'reversed'"
        " ORDER BY bill_id LIMIT 1",
    [LINE_READ] = "SELECT line, tier, quantity_e4, coefficient_e8, price_e8, amount_fen, item, period FROM bill_line"
        " WHERE bill_id = ?1 AND line = ?2",
    [PAYMENT_INSERT] = "INSERT INTO payment (tenant_id, account_id, amount_fen, before_fen, balance_fen, at_s,"
        " transfer_id, cashier, will_restore, command_id, key, receipt, method, shift_id, paid_s, late_fee_fen) VALUES (?1, ?2, ?3,"
        " ?4, ?5, ?6, ?7, nullif(?8, 0), ?9, nullif(?10, 0), ?11, ?12, ?13, nullif(?14, 0), ?15, ?16)",
    [PAYMENT_UPDATE] = "UPDATE payment SET receipt = ?2, command_id = nullif(?3, 0) WHERE payment_id = ?1",
    [PAYMENT_FIND] = "SELECT payment_id, tenant_id, account_id, amount_fen, before_fen, balance_fen, at_s, transfer_id,"
        " coalesce(cashier, 0), will_restore, coalesce(command_id, 0), key, receipt, method FROM payment WHERE key = ?1",
    [PAYMENT_NEWEST] = "SELECT amount_fen FROM payment WHERE account_id = ?1 ORDER BY payment_id DESC LIMIT 1",
    [RUN_OPEN] = RUN_COLUMNS "WHERE state IN ('drafting', 'issuing', 'reversing') AND (?1 = 0 OR tenant_id = ?1)"
        " ORDER BY run_id LIMIT 1",
    [RUN_READ] = RUN_COLUMNS "WHERE run_id = ?1",
    [RUN_INSERT] = "INSERT INTO settlement_run (tenant_id, to_day, started_s, started_by, drafted, state, estimate, accounts,"
        " months, area_path, total) VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?7, ?8, ?9, ?6, ?10, (SELECT count(*) FROM account"
        " WHERE tenant_id = ?1 AND closed_s IS NULL AND payment_mode = 'postpaid' AND (?6 = 0 OR settlement_months = ?6)"
        " AND (?11 <> 0 OR area_id IN (SELECT area_id FROM area WHERE tenant_id = ?1 AND substr(path, 1, length(?10)) = ?10))))"
        " RETURNING run_id, total",
    [RUN_UPDATE] = "UPDATE settlement_run SET next_account_id = ?2, amount_fen = ?3, issued = ?4, held = ?5,"
        " finished_s = nullif(?6, 0), draft_fen = ?7, decided_s = ?8, done = ?9, drafts = ?10, estimated = ?11,"
        " reversed = ?12, decided_by = nullif(?13, 0), exceptions = ?14, unreviewed = ?15, state = ?16 WHERE run_id = ?1",
    [BILL_NEWEST] = BILL_COLUMNS "WHERE account_id = ?1 AND state <> 'reversed' ORDER BY to_day DESC LIMIT 1",
    [BILL_OF_RUN] = BILL_COLUMNS "WHERE run_id = ?1 AND run_id <> 0 AND bill_id > ?2 AND state <> 'reversed'"
        " ORDER BY bill_id LIMIT 1",
    [DRAFT_INSERT] = "INSERT INTO settlement_draft (run_id, account_id, to_day, usage_value, amount_fen, estimated, held_error,"
        " usual_value, exception, review) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [DRAFT_UPDATE] = "UPDATE settlement_draft SET held_error = ?3, review = ?4 WHERE run_id = ?1 AND account_id = ?2",
    [DRAFTS_ACCEPT] = "UPDATE settlement_draft SET review = 1 WHERE run_id = ?1 AND exception = ?2 AND review = 0"
        " AND exception <> 0",
    [AREA_PATH] = "SELECT path FROM area WHERE area_id = ?2 AND tenant_id = ?1",
    [DRAFT_READ] = "SELECT to_day, usage_value, amount_fen, estimated, held_error, usual_value, exception, review"
        " FROM settlement_draft WHERE run_id = ?1 AND account_id = ?2",
    [CLOSINGS_READ] = "SELECT closings FROM cut_off_day WHERE tenant_id = ?1 AND day = ?2",
    [CLOSINGS_RELEASED] = "SELECT coalesce(sum(closings), 0) FROM cut_off_batch WHERE tenant_id = ?1 AND day = ?2"
        " AND released_s > 0 AND stopped_s = 0",
    [BATCH_INSERT] = "INSERT INTO cut_off_batch (tenant_id, day, closings, asked_by, asked_s, reason, candidates)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT count(*) FROM account WHERE tenant_id = ?1 AND stage = 'final_notice'"
        " AND stage <> 'good' AND closed_s IS NULL))",
    [BATCH_READ] = "SELECT batch_id, tenant_id, day, closings, asked_by, asked_s, coalesce(released_by, 0), released_s, reason,"
        " coalesce(stopped_by, 0), stopped_s FROM cut_off_batch WHERE batch_id = ?1",
    [BATCH_UPDATE] = "UPDATE cut_off_batch SET released_by = nullif(?2, 0), released_s = ?3, stopped_by = nullif(?4, 0),"
        " stopped_s = ?5 WHERE batch_id = ?1",
    [STAGE_LOOK] = "UPDATE account SET look_s = ?2 WHERE tenant_id = ?1 AND stage = ?3 AND closed_s IS NULL AND look_s > ?2",
    [CLOSINGS_ADD] = "INSERT INTO cut_off_day (tenant_id, day, closings) VALUES (?1, ?2, 1)"
        " ON CONFLICT (tenant_id, day) DO UPDATE SET closings = cut_off_day.closings + 1",
};

static const char *const bill_states[] = {
    [BILLING_BILL_ISSUED] = "issued", [BILLING_BILL_PAID] = "paid", [BILLING_BILL_REVERSED] = "reversed"
};

static struct statement *take(void *context, size_t index)
{
    struct billing_sql *billing = context;

    return statement_take(&billing->money, index);
}

static int64_t inserted(void *context)
{
    struct billing_sql *billing = context;

    return store_last_identifier(billing->money.store);
}

static int run(struct statement *statement)
{
    int changed = statement_run(statement);

    return changed < 0 ? changed : 0;
}

static const struct given_column charge_given[] = {
    { offsetof(struct billing_daily_charge, day), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, account_id), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, from_day), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, from_total_value), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, to_total_value), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, cycle_used_value), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, amount_fen), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, tariff_version_id), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, charged_s), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, revision), GIVEN_INT32, NULL },
    { offsetof(struct billing_daily_charge, transfer_id), GIVEN_INT64, NULL },
    { offsetof(struct billing_daily_charge, items), GIVEN_TEXT, NULL },
};

static int charges_insert(void *context, const struct billing_daily_charge *rows, uint32_t count)
{
    const struct given_rows given = { rows, sizeof *rows, count, charge_given, sizeof charge_given / sizeof *charge_given };
    struct statement *statement = take(context, CHARGES_INSERT);

    given_rows_bind(statement, 1, &given);
    return run(statement);
}

static int charge_insert(void *context, const struct billing_daily_charge *row)
{
    return charges_insert(context, row, 1);
}

static void charge_bind(struct statement *statement, const struct billing_daily_charge *row)
{
    const int64_t values[] = { row->account_id, row->day, row->from_day, row->from_total_value, row->to_total_value,
        row->cycle_used_value, row->amount_fen, row->tariff_version_id, row->charged_s, row->revision,
        row->transfer_id };

    statement_bind_integers(statement, values, 11);
    statement_bind_text(statement, 12, row->items);
}

static int charge_update(void *context, const struct billing_daily_charge *row)
{
    struct statement *statement = take(context, CHARGE_UPDATE);

    charge_bind(statement, row);
    return run(statement);
}

static int charge_row(struct statement *statement, int64_t account_id, int64_t day, struct billing_daily_charge *out)
{
    int found;

    statement_bind_integer(statement, 1, account_id);
    statement_bind_integer(statement, 2, day);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_daily_charge){
        .account_id = statement_integer(statement, 0),
        .day = statement_integer(statement, 1),
        .from_day = statement_integer(statement, 2),
        .from_total_value = statement_integer(statement, 3),
        .to_total_value = statement_integer(statement, 4),
        .cycle_used_value = statement_integer(statement, 5),
        .amount_fen = statement_integer(statement, 6),
        .tariff_version_id = statement_integer(statement, 7),
        .charged_s = statement_integer(statement, 8),
        .revision = statement_int(statement, 9),
        .transfer_id = statement_integer(statement, 10),
    };
    statement_text(statement, 11, out->items, sizeof out->items);
    statement_end(statement);
    return 1;
}

static int charge_read(void *context, int64_t account_id, int64_t day, struct billing_daily_charge *out)
{
    return charge_row(take(context, CHARGE_READ), account_id, day, out);
}

/* The number that a query has found. */
static int number_read(void *context, size_t index, int64_t *out)
{
    struct statement *statement = take(context, index);
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = statement_integer(statement, 0);
    statement_end(statement);
    return 0;
}

static int bill_last(void *context, int64_t *bill_id)
{
    return number_read(context, BILL_LAST, bill_id);
}

static int bill_insert(void *context, const struct billing_bill *row, struct span lines)
{
    struct statement *statement = take(context, BILL_INSERT);
    const int64_t values[] = {
        row->tenant_id, row->account_id, row->from_day, row->to_day, row->from_total_value, row->to_total_value, row->usage_value,
        row->amount_fen, row->paid_fen, row->due_day, row->issued_s, row->tariff_version_id, row->cycle_start_day,
        row->cycle_used_value, row->estimated, row->run_id, row->transfer_id, row->area_id, row->bill_id,
    };

    statement_bind_integers(statement, values, 19);
    statement_bind_name(statement, 20, bill_states[row->state]);
    statement_bind_text(statement, 21, row->number);
    statement_bind_span(statement, 22, lines);
    return run(statement);
}

static int bill_update(void *context, const struct billing_bill *row)
{
    struct statement *statement = take(context, BILL_UPDATE);

    statement_bind_integer(statement, 1, row->bill_id);
    statement_bind_integer(statement, 2, row->paid_fen);
    statement_bind_name(statement, 3, bill_states[row->state]);
    statement_bind_integer(statement, 4, row->late_fee_fen);
    statement_bind_integer(statement, 5, row->late_waived_fen);
    statement_bind_integer(statement, 6, row->late_until_day);
    return run(statement);
}

static int due_add(void *context, const struct billing_due *row)
{
    struct statement *statement = take(context, DUE_ADD);
    const int64_t values[] = { row->tenant_id, row->due_day, row->area_id, row->bills, row->open_bills, row->billed_fen,
        row->paid_fen };

    statement_bind_integers(statement, values, 7);
    return run(statement);
}

static int told_read(void *context, int64_t *bill_id)
{
    return number_read(context, TOLD_READ, bill_id);
}

static int told_write(void *context, int64_t bill_id)
{
    struct statement *statement = take(context, TOLD_WRITE);

    statement_bind_integer(statement, 1, bill_id);
    return run(statement);
}

static void bill_columns(struct statement *statement, struct billing_bill *out)
{
    char state[16];

    memset(out, 0, sizeof *out);
    out->bill_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    out->account_id = statement_integer(statement, 2);
    out->from_day = statement_integer(statement, 3);
    out->to_day = statement_integer(statement, 4);
    out->from_total_value = statement_integer(statement, 5);
    out->to_total_value = statement_integer(statement, 6);
    out->usage_value = statement_integer(statement, 7);
    out->amount_fen = statement_integer(statement, 8);
    out->paid_fen = statement_integer(statement, 9);
    out->due_day = statement_integer(statement, 10);
    out->issued_s = statement_integer(statement, 11);
    out->tariff_version_id = statement_integer(statement, 12);
    out->cycle_start_day = statement_integer(statement, 13);
    out->cycle_used_value = statement_integer(statement, 14);
    out->estimated = statement_int(statement, 15) != 0;
    statement_text(statement, 16, state, sizeof state);
    statement_text(statement, 17, out->number, sizeof out->number);
    out->run_id = statement_integer(statement, 18);
    out->transfer_id = statement_integer(statement, 19);
    out->area_id = statement_integer(statement, 20);
    out->late_fee_fen = statement_integer(statement, 21);
    out->late_waived_fen = statement_integer(statement, 22);
    out->late_until_day = statement_integer(statement, 23);
    for (uint8_t index = BILLING_BILL_ISSUED; index <= BILLING_BILL_REVERSED; index++) {
        if (strcmp(state, bill_states[index]) == 0)
            out->state = index;
    }
}

static int bill_row(struct statement *statement, struct billing_bill *out)
{
    int found = statement_row(statement);

    if (found == 1) {
        bill_columns(statement, out);
        statement_end(statement);
    }
    return found;
}

/* The bill that a query of one or two numbers finds; what it has no place for is left out. */
static int bill_find(void *context, size_t index, int64_t first, int64_t second, struct billing_bill *out)
{
    struct statement *statement = take(context, index);
    const int64_t values[] = { first, second };

    statement_bind_integers(statement, values, statement_places(statement));
    return bill_row(statement, out);
}

static int bill_read(void *context, int64_t bill_id, struct billing_bill *out)
{
    return bill_find(context, BILL_READ, bill_id, 0, out);
}

static int bill_next(void *context, int64_t after, struct billing_bill *out)
{
    return bill_find(context, BILL_NEXT, after, 0, out);
}

static int bill_unpaid_next(void *context, int64_t account_id, int64_t after_day, struct billing_bill *out)
{
    return bill_find(context, BILL_UNPAID, account_id, after_day, out);
}

static int bill_of_day_next(void *context, uint32_t tenant_id, int64_t to_day, int64_t after, struct billing_bill *out)
{
    struct statement *statement = take(context, BILL_OF_DAY);
    const int64_t values[] = { tenant_id, to_day, after };

    statement_bind_integers(statement, values, 3);
    return bill_row(statement, out);
}

static int bill_line_read(void *context, int64_t bill_id, int32_t line, struct billing_bill_line *out)
{
    struct statement *statement = take(context, LINE_READ);
    int found;

    statement_bind_integer(statement, 1, bill_id);
    statement_bind_integer(statement, 2, line);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->line = statement_int(statement, 0);
    out->tier = statement_int(statement, 1);
    out->quantity_e4 = statement_integer(statement, 2);
    out->coefficient_e8 = statement_integer(statement, 3);
    out->price_e8 = statement_integer(statement, 4);
    out->amount_fen = statement_integer(statement, 5);
    statement_text(statement, 6, out->item, sizeof out->item);
    statement_text(statement, 7, out->period, sizeof out->period);
    statement_end(statement);
    return 1;
}

static int payment_insert(void *context, struct billing_payment *row)
{
    struct statement *statement = take(context, PAYMENT_INSERT);
    const int64_t values[] = { row->tenant_id, row->account_id, row->amount_fen, row->before_fen, row->balance_fen,
        row->at_s, row->transfer_id, row->cashier, row->will_restore, row->command_id };
    int error;

    statement_bind_integers(statement, values, 10);
    statement_bind_text(statement, 11, row->key);
    statement_bind_text(statement, 12, row->receipt);
    statement_bind_text(statement, 13, row->method);
    statement_bind_integer(statement, 14, row->shift_id);
    statement_bind_integer(statement, 15, row->paid_s);
    statement_bind_integer(statement, 16, row->late_fee_fen);
    error = run(statement);
    if (error == 0)
        row->payment_id = inserted(context);
    return error;
}

static int payment_update(void *context, const struct billing_payment *row)
{
    struct statement *statement = take(context, PAYMENT_UPDATE);

    statement_bind_integer(statement, 1, row->payment_id);
    statement_bind_text(statement, 2, row->receipt);
    statement_bind_integer(statement, 3, row->command_id);
    return run(statement);
}

static int payment_find_key(void *context, const char *key, struct billing_payment *out)
{
    struct statement *statement = take(context, PAYMENT_FIND);
    int found;

    statement_bind_text(statement, 1, key);
    found = statement_row(statement);
    if (found != 1)
        return found;
    memset(out, 0, sizeof *out);
    out->payment_id = statement_integer(statement, 0);
    out->tenant_id = (uint32_t)statement_integer(statement, 1);
    out->account_id = statement_integer(statement, 2);
    out->amount_fen = statement_integer(statement, 3);
    out->before_fen = statement_integer(statement, 4);
    out->balance_fen = statement_integer(statement, 5);
    out->at_s = statement_integer(statement, 6);
    out->transfer_id = statement_integer(statement, 7);
    out->cashier = (uint32_t)statement_integer(statement, 8);
    out->will_restore = statement_int(statement, 9) != 0;
    out->command_id = statement_integer(statement, 10);
    statement_text(statement, 11, out->key, sizeof out->key);
    statement_text(statement, 12, out->receipt, sizeof out->receipt);
    statement_text(statement, 13, out->method, sizeof out->method);
    statement_end(statement);
    return 1;
}

static int payment_newest(void *context, int64_t account_id, int64_t *amount_fen)
{
    struct statement *statement = take(context, PAYMENT_NEWEST);
    int found;

    statement_bind_integer(statement, 1, account_id);
    found = statement_row(statement);
    *amount_fen = 0;
    if (found == 1) {
        *amount_fen = statement_integer(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int run_row(struct statement *statement, struct billing_run *out)
{
    int found = statement_row(statement);
    char state[16];

    if (found != 1)
        return found;
    *out = (struct billing_run){
        .run_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .to_day = statement_integer(statement, 2),
        .next_account_id = statement_integer(statement, 3),
        .amount_fen = statement_integer(statement, 4),
        .started_s = statement_integer(statement, 5),
        .finished_s = statement_integer(statement, 6),
        .draft_fen = statement_integer(statement, 7),
        .decided_s = statement_integer(statement, 8),
        .total = statement_int(statement, 9),
        .done = statement_int(statement, 10),
        .drafts = statement_int(statement, 11),
        .issued = statement_int(statement, 12),
        .held = statement_int(statement, 13),
        .estimated = statement_int(statement, 14),
        .reversed = statement_int(statement, 15),
        .started_by = (uint32_t)statement_integer(statement, 16),
        .decided_by = (uint32_t)statement_integer(statement, 17),
        .drafted = statement_int(statement, 18) != 0,
        .estimate = (uint8_t)statement_int(statement, 20),
        .due_only = statement_int(statement, 21) != 0,
        .months = statement_int(statement, 22),
        .exceptions = statement_int(statement, 23),
        .unreviewed = statement_int(statement, 24),
    };
    statement_text(statement, 25, out->area_path, sizeof out->area_path);
    statement_text(statement, 19, state, sizeof state);
    out->state = (uint8_t)billing_run_state_of_name(state);
    statement_end(statement);
    return 1;
}

static int run_open(void *context, uint32_t tenant_id, struct billing_run *out)
{
    struct statement *statement = take(context, RUN_OPEN);

    statement_bind_integer(statement, 1, tenant_id);
    return run_row(statement, out);
}

static int run_read(void *context, int64_t run_id, struct billing_run *out)
{
    struct statement *statement = take(context, RUN_READ);

    statement_bind_integer(statement, 1, run_id);
    return run_row(statement, out);
}

/* "/1/" is the tenant itself: no account needs to be asked where it is. */
static bool path_is_root(const char *path)
{
    return path[0] == '\0' || strchr(path + 1, '/') == path + strlen(path) - 1;
}

static int run_insert(void *context, struct billing_run *row)
{
    struct statement *statement = take(context, RUN_INSERT);
    const int64_t values[] = { row->tenant_id, row->to_day, row->started_s, row->started_by, row->drafted, row->months };
    int found;

    statement_bind_integers(statement, values, 6);
    statement_bind_text(statement, 7, billing_run_state_name(row->state));
    statement_bind_text(statement, 8, row->estimate == BILLING_ESTIMATE_USUAL ? "usual" : "hold");
    statement_bind_text(statement, 9, row->due_only ? "due" : "all");
    statement_bind_text(statement, 10, row->area_path);
    statement_bind_integer(statement, 11, path_is_root(row->area_path));
    found = statement_row(statement);
    if (found != 1)
        return found;
    row->run_id = statement_integer(statement, 0);
    row->total = statement_int(statement, 1);
    statement_end(statement);
    return 0;
}

static int run_update(void *context, const struct billing_run *row)
{
    struct statement *statement = take(context, RUN_UPDATE);
    const int64_t values[] = { row->run_id, row->next_account_id, row->amount_fen, row->issued, row->held,
        row->finished_s, row->draft_fen, row->decided_s, row->done, row->drafts, row->estimated, row->reversed,
        row->decided_by, row->exceptions, row->unreviewed };

    statement_bind_integers(statement, values, 15);
    statement_bind_text(statement, 16, billing_run_state_name(row->state));
    return run(statement);
}

static int draft_insert(void *context, const struct billing_draft *row)
{
    struct statement *statement = take(context, DRAFT_INSERT);
    const int64_t values[] = { row->run_id, row->account_id, row->to_day, row->usage_value, row->amount_fen,
        row->estimated, row->held_error, row->usual_value, row->exception, row->review };

    statement_bind_integers(statement, values, 10);
    return run(statement);
}

static int draft_update(void *context, const struct billing_draft *row)
{
    struct statement *statement = take(context, DRAFT_UPDATE);
    const int64_t values[] = { row->run_id, row->account_id, row->held_error, row->review };

    statement_bind_integers(statement, values, 4);
    return run(statement);
}

static int drafts_accept(void *context, int64_t run_id, enum billing_exception exception, int32_t *count)
{
    struct statement *statement = take(context, DRAFTS_ACCEPT);
    int changed;

    statement_bind_integer(statement, 1, run_id);
    statement_bind_integer(statement, 2, exception);
    changed = statement_run(statement);
    if (changed < 0)
        return changed;
    *count = changed;
    return 0;
}

static int area_path_read(void *context, uint32_t tenant_id, int64_t area_id, char path[BILLING_PATH_SIZE])
{
    struct statement *statement = take(context, AREA_PATH);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, area_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    statement_text(statement, 0, path, BILLING_PATH_SIZE);
    statement_end(statement);
    return 1;
}

static int draft_read(void *context, int64_t run_id, int64_t account_id, struct billing_draft *out)
{
    struct statement *statement = take(context, DRAFT_READ);
    int found;

    statement_bind_integer(statement, 1, run_id);
    statement_bind_integer(statement, 2, account_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_draft){
        .run_id = run_id,
        .account_id = account_id,
        .to_day = statement_integer(statement, 0),
        .usage_value = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .estimated = statement_int(statement, 3) != 0,
        .held_error = statement_int(statement, 4),
        .usual_value = statement_integer(statement, 5),
        .exception = (uint8_t)statement_int(statement, 6),
        .review = (uint8_t)statement_int(statement, 7),
    };
    statement_end(statement);
    return 1;
}

static int bill_newest(void *context, int64_t account_id, struct billing_bill *out)
{
    return bill_find(context, BILL_NEWEST, account_id, 0, out);
}

static int bill_of_run_next(void *context, int64_t run_id, int64_t after, struct billing_bill *out)
{
    return bill_find(context, BILL_OF_RUN, run_id, after, out);
}

static int closings_read(void *context, uint32_t tenant_id, int64_t day, int32_t *count)
{
    struct statement *statement = take(context, CLOSINGS_READ);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, day);
    found = statement_row(statement);
    *count = 0;
    if (found == 1) {
        *count = statement_int(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int closings_add(void *context, uint32_t tenant_id, int64_t day)
{
    struct statement *statement = take(context, CLOSINGS_ADD);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, day);
    return run(statement);
}

static int closings_released(void *context, uint32_t tenant_id, int64_t day, int32_t *count)
{
    struct statement *statement = take(context, CLOSINGS_RELEASED);
    int found;

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, day);
    found = statement_row(statement);
    *count = 0;
    if (found == 1) {
        *count = statement_int(statement, 0);
        statement_end(statement);
    }
    return found < 0 ? found : 0;
}

static int batch_insert(void *context, struct billing_batch *row)
{
    struct statement *statement = take(context, BATCH_INSERT);
    const int64_t values[] = { row->tenant_id, row->day, row->closings, row->asked_by, row->asked_s };
    int error;

    statement_bind_integers(statement, values, 5);
    statement_bind_text(statement, 6, row->reason);
    error = run(statement);
    if (error == 0)
        row->batch_id = inserted(context);
    return error;
}

static int batch_read(void *context, int64_t batch_id, struct billing_batch *out)
{
    struct statement *statement = take(context, BATCH_READ);
    int found;

    statement_bind_integer(statement, 1, batch_id);
    found = statement_row(statement);
    if (found != 1)
        return found;
    *out = (struct billing_batch){
        .batch_id = statement_integer(statement, 0),
        .tenant_id = (uint32_t)statement_integer(statement, 1),
        .day = statement_integer(statement, 2),
        .closings = statement_int(statement, 3),
        .asked_by = (uint32_t)statement_integer(statement, 4),
        .asked_s = statement_integer(statement, 5),
        .released_by = (uint32_t)statement_integer(statement, 6),
        .released_s = statement_integer(statement, 7),
    };
    statement_text(statement, 8, out->reason, sizeof out->reason);
    out->stopped_by = (uint32_t)statement_integer(statement, 9);
    out->stopped_s = statement_integer(statement, 10);
    statement_end(statement);
    return 1;
}

static int batch_update(void *context, const struct billing_batch *row)
{
    struct statement *statement = take(context, BATCH_UPDATE);
    const int64_t values[] = { row->batch_id, row->released_by, row->released_s, row->stopped_by, row->stopped_s };

    statement_bind_integers(statement, values, 5);
    return run(statement);
}

static int accounts_stage_look(void *context, uint32_t tenant_id, enum arrears_stage stage, int64_t look_s)
{
    struct statement *statement = take(context, STAGE_LOOK);

    statement_bind_integer(statement, 1, tenant_id);
    statement_bind_integer(statement, 2, look_s);
    statement_bind_text(statement, 3, arrears_stage_name((int)stage));
    return run(statement);
}

int billing_sql_money_open(struct store *store, struct billing_sql *sql)
{
    int error = statement_table_prepare(&sql->money, store, texts, STATEMENT_COUNT);

    if (error < 0)
        return error;
    sql->store.charge_insert = charge_insert;
    sql->store.charges_insert = charges_insert;
    sql->store.charge_update = charge_update;
    sql->store.charge_read = charge_read;
    sql->store.bill_insert = bill_insert;
    sql->store.bill_update = bill_update;
    sql->store.bill_last = bill_last;
    sql->store.due_add = due_add;
    sql->store.told_read = told_read;
    sql->store.told_write = told_write;
    sql->store.bill_next = bill_next;
    sql->store.bill_read = bill_read;
    sql->store.bill_unpaid_next = bill_unpaid_next;
    sql->store.bill_of_day_next = bill_of_day_next;
    sql->store.bill_line_read = bill_line_read;
    sql->store.payment_insert = payment_insert;
    sql->store.payment_update = payment_update;
    sql->store.payment_find_key = payment_find_key;
    sql->store.payment_newest = payment_newest;
    sql->store.bill_newest = bill_newest;
    sql->store.bill_of_run_next = bill_of_run_next;
    sql->store.run_open = run_open;
    sql->store.run_read = run_read;
    sql->store.draft_insert = draft_insert;
    sql->store.draft_read = draft_read;
    sql->store.draft_update = draft_update;
    sql->store.drafts_accept = drafts_accept;
    sql->store.area_path_read = area_path_read;
    sql->store.run_insert = run_insert;
    sql->store.run_update = run_update;
    sql->store.closings_read = closings_read;
    sql->store.closings_add = closings_add;
    sql->store.closings_released = closings_released;
    sql->store.batch_insert = batch_insert;
    sql->store.batch_read = batch_read;
    sql->store.batch_update = batch_update;
    sql->store.accounts_stage_look = accounts_stage_look;
    return 0;
}
