/* What people do: residents who pay and leave, clerks who refund, move, count and correct, and a second one who decides. A deed
 * that a room refuses is taken back and counted; what was answered must stand. */
#include "tests/unit/unit_test.h"

#include "tests/simulation/year.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "billing/bank_import.h"
#include "billing/cash_shift.h"
#include "billing/closing.h"
#include "billing/payment_move.h"
#include "billing/payment_reconciliation.h"

#define STEPS_A_YEAR (365 * 12)
#define SECOND_PERSON 8

static const struct billing_scope second = { .tenant_id = 1, .person_id = SECOND_PERSON, .path = "/1/" };

static int64_t between(struct year *year, int64_t low, int64_t high)
{
    return random_between(&year->people, low, high);
}

static void key_write(struct year *year, const char *prefix, char key[BILLING_KEY_SIZE])
{
    (void)snprintf(key, BILLING_KEY_SIZE, "%s-%lld", prefix, (long long)++year->serial);
}

/* The first of any open accounts, by chance; 0 none. */
static int64_t account_choose(struct year *year)
{
    return year_account_of(year, (int32_t)between(year, 0, year->config.homes - 1));
}

/* A row that waits for something, by chance; 0 none. What waits depends on how things travelled, so that chance does too. */
static int64_t row_choose(struct year *year, const char *column, const char *from)
{
    int64_t count = year_number(year, "SELECT count(*) FROM %s", from);

    if (count == 0)
        return 0;
    return year_number(year, "SELECT %s FROM %s ORDER BY 1 LIMIT 1 OFFSET %lld", column, from,
                       (long long)random_between(&year->delivery, 0, count - 1));
}

struct paying {
    struct billing_payment_request request;
    struct billing_payment_result result;
};

static int pay_work(struct year *year, void *matter)
{
    struct paying *paying = matter;

    return billing_payment_take(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, &paying->request,
                                &paying->result);
}

/* Those whom it costs more pay too little, and so too late. */
static int64_t amount_choose(struct year *year, int64_t account_id)
{
    bool pays_late = year_number(year, "SELECT count(*) FROM account WHERE account_id = %lld AND tariff_id = %lld",
                                 (long long)account_id, (long long)year->late_tariff_id) != 0;

    return between(year, 500, 15000) / (pays_late ? 8 : 1);
}

static int pay(struct year *year)
{
    int64_t account_id = account_choose(year);
    struct paying paying = { .request = { .account_id = account_id, .amount_fen = amount_choose(year, account_id),
                                          .method = "cash" } };
    struct year_taking *taking = &year->takings[year->taking_count];
    bool by_card = between(year, 0, 3) == 0;
    int64_t times = between(year, 0, 4) == 0 ? 2 : 1;
    int result = 0;

    if (by_card)
        memcpy(paying.request.method, "card", sizeof "card");
    key_write(year, "pay", paying.request.key);
    if (paying.request.account_id == 0 || year->taking_count == YEAR_TAKING_LIMIT)
        return 0;
    for (int64_t i = 0; i < times && result == 0; i++)
        result = year_transact(year, pay_work, &paying, true);
    if (result < 0)
        return result;
    memcpy(taking->key, paying.request.key, sizeof taking->key);
    taking->amount_fen = paying.request.amount_fen;
    year->taking_count++;
    return 1;
}

static int order(struct year *year)
{
    int64_t account_id = account_choose(year);
    int64_t amount_fen = amount_choose(year, account_id);

    if (account_id != 0)
        year_channel_order(year, account_id, amount_fen);
    return account_id != 0;
}

struct refunding {
    struct billing_refund_request request;
    struct billing_refund refund;
};

static int refund_work(struct year *year, void *matter)
{
    struct refunding *refunding = matter;

    return billing_refund_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, &refunding->request,
                              &refunding->refund);
}

static int refund(struct year *year)
{
    static const uint8_t rests[] = { REFUND_BY_NONE, REFUND_BY_CASH, REFUND_BY_BANK };
    struct refunding refunding = { .request = { .amount_fen = between(year, 100, 9000), .wall_s = year->fixture->now_s,
                                                .chance = random_next(&year->people), .rest = rests[between(year, 0, 2)],
                                                .payee = "陈佳怡", .bank_account = "6222", .reason = "多缴" } };
    int64_t whose = between(year, 0, 2);

    key_write(year, "refund", refunding.request.key);
    if (whose == 0)
        refunding.request.account_id = account_choose(year);
    if (whose == 1)
        refunding.request.payment_id = row_choose(year, "payment_id", "payment WHERE method = 'cash'");
    if (whose == 2)
        refunding.request.payment_order_id = row_choose(year, "payment_order_id", "payment_order WHERE state = 'paid'");
    return year_transact(year, refund_work, &refunding, true) < 0 ? -1 : 1;
}

struct settling {
    int64_t id;
    bool yes;
};

static int settle_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;

    return billing_refund_settle(year->fixture->billing, &second, year->fixture->now_s, settling->id, settling->yes, "bank-1");
}

static int refund_settle(struct year *year)
{
    struct settling settling = { row_choose(year, "refund_id", "refund_part WHERE route = 'bank' AND state = 'paying'"),
                                 between(year, 0, 3) != 0 };

    return settling.id == 0 ? 0 : year_transact(year, settle_work, &settling, false) < 0 ? -1 : 1;
}

struct moving {
    struct billing_move_request request;
    struct billing_move move;
};

static int move_work(struct year *year, void *matter)
{
    struct moving *moving = matter;

    return billing_move_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, &moving->request,
                            &moving->move);
}

static int move(struct year *year)
{
    struct moving moving = { .request = { .to_account_id = account_choose(year), .into_debt = between(year, 0, 1) == 0,
                                          .reason = "交错户" } };

    key_write(year, "move", moving.request.key);
    if (between(year, 0, 1) == 0)
        moving.request.payment_id = row_choose(year, "payment_id", "payment");
    else
        moving.request.payment_order_id = row_choose(year, "payment_order_id", "payment_order WHERE in_suspense = 1");
    return year_transact(year, move_work, &moving, true) < 0 ? -1 : 1;
}

struct keeping {
    int64_t account_id, amount_fen, deposit_fen;
    char key[BILLING_KEY_SIZE];
};

static int deposit_work(struct year *year, void *matter)
{
    struct keeping *keeping = matter;

    return billing_deposit_take(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, keeping->account_id,
                                keeping->amount_fen, keeping->key, &keeping->deposit_fen);
}

static int deposit(struct year *year)
{
    struct keeping keeping = { .account_id = account_choose(year), .amount_fen = between(year, 100, 3000) };

    key_write(year, "deposit", keeping.key);
    return year_transact(year, deposit_work, &keeping, true) < 0 ? -1 : 1;
}

struct ending {
    struct billing_closing_request request;
    struct billing_closing closing;
};

static int close_work(struct year *year, void *matter)
{
    struct ending *ending = matter;

    return billing_closing_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, &ending->request,
                               &ending->closing);
}

/* The last reading as the meter stands: between this midnight and the next. */
static int close_contract(struct year *year)
{
    int32_t home = (int32_t)between(year, 0, year->config.homes - 1);
    const int64_t *totals = &year->homes[home].totals[year->day];
    bool to_another = between(year, 0, 1) == 0;
    struct ending ending = { .request = { .account_id = year_account_of(year, home), .wall_s = year->fixture->now_s,
        .total_value = between(year, totals[0], totals[1]), .kind = to_another ? CLOSING_TENANT_CHANGE : CLOSING_MOVE_OUT,
        .reading = CLOSING_READ_TYPED, .rest = (uint8_t)between(year, REFUND_BY_NONE, REFUND_BY_BANK),
        .leave_meter = between(year, 0, 1) == 0, .close_valve = !to_another, .payee = "陈佳怡", .bank_account = "6222",
        .reason = "退租" } };

    key_write(year, "closing", ending.request.key);
    if (to_another)
        ending.request.new_customer_id = row_choose(year, "customer_id", "customer");
    ending.request.move_balance = to_another && between(year, 0, 1) == 0;
    if (ending.request.account_id == 0 || year->homes[home].kind == YEAR_PUBLIC)
        return 0;
    return year_transact(year, close_work, &ending, true) < 0 ? -1 : 1;
}

static int clear_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;

    return billing_clear_ended(year->fixture->billing, settling->id, settling->yes, year->fixture->now_s);
}

static int meter_clear(struct year *year)
{
    struct settling settling = { row_choose(year, "clear_command_id", "closing WHERE state = 'clearing'"), between(year, 0, 3) != 0 };

    return settling.id == 0 ? 0 : year_transact(year, clear_work, &settling, false) < 0 ? -1 : 1;
}

static int move_in(struct year *year)
{
    int32_t home = (int32_t)between(year, 0, year->config.homes - 1);

    return year_account_of(year, home) != 0 ? 0 : year_move_in(year, home) < 0 ? -1 : 1;
}

static int decide_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;
    struct billing_decision decision = { .approval_id = settling->id, .wall_s = year->fixture->now_s,
                                         .chance = (uint64_t)settling->id * 1000003, .approve = settling->yes,
                                         .reason = settling->yes ? "" : "不符", .seen = "" };
    struct billing_approval approval;

    return billing_approval_decide(year->fixture->billing, &second, year->fixture->now_s, &decision, &approval);
}

static int decide(struct year *year)
{
    struct settling settling = { row_choose(year, "approval_id", "approval WHERE state = 'waiting'"), between(year, 0, 4) != 0 };

    return settling.id == 0 ? 0 : year_transact(year, decide_work, &settling, false) < 0 ? -1 : 1;
}

struct holding {
    struct billing_hold_request request;
    struct ledger_hold hold;
};

static int hold_work(struct year *year, void *matter)
{
    struct holding *holding = matter;

    return billing_hold_place(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, &holding->request,
                              &holding->hold);
}

static int hold(struct year *year)
{
    struct holding holding = { .request = { .account_id = account_choose(year), .amount_fen = between(year, 1, 2000),
                                            .duration_s = between(year, 60, 20 * CALENDAR_DAY_S), .item = "hot_water" } };

    key_write(year, "hold", holding.request.key);
    return year_transact(year, hold_work, &holding, true) < 0 ? -1 : 1;
}

static int hold_settle_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;
    int64_t reserved_fen = year_number(year, "SELECT amount_fen FROM transfer_hold WHERE hold_id = %lld", (long long)settling->id);
    struct ledger_hold held;

    return billing_hold_settle(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, settling->id,
                               settling->yes ? reserved_fen / 2 : 0, &held);
}

static int hold_settle(struct year *year)
{
    struct settling settling = { row_choose(year, "hold_id", "transfer_hold WHERE state = 'pending' AND key GLOB '*hold-*'"),
                                 between(year, 0, 4) != 0 };

    return settling.id == 0 ? 0 : year_transact(year, hold_settle_work, &settling, false) < 0 ? -1 : 1;
}

static int shift_open_work(struct year *year, void *matter)
{
    return cash_shift_open(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, 20000, "", matter);
}

static int shift_open(struct year *year)
{
    struct cash_shift shift;

    return year_transact(year, shift_open_work, &shift, false) < 0 ? -1 : 1;
}

struct counting {
    int64_t shift_id, counted_fen;
};

static int shift_count_work(struct year *year, void *matter)
{
    const struct counting *counting = matter;
    struct cash_shift shift;

    return cash_shift_count(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, counting->shift_id,
                            counting->counted_fen, "", "找零", &shift);
}

/* Mostly right, now and then a little or much over or short. */
static int shift_count(struct year *year)
{
    struct counting counting = { .shift_id = row_choose(year, "shift_id", "cash_shift WHERE state <> 'closed'") };
    int64_t off_fen = between(year, 0, 2) == 0 ? between(year, -3000, 3000) : 0;

    if (counting.shift_id == 0)
        return 0;
    counting.counted_fen = 20000 + off_fen +
        year_number(year, "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE method = 'cash' AND undone_s = 0 AND shift_id ="
                          " %lld", (long long)counting.shift_id);
    if (counting.counted_fen < 0)
        counting.counted_fen = 0;
    return year_transact(year, shift_count_work, &counting, false) < 0 ? -1 : 1;
}

static int shift_confirm_work(struct year *year, void *matter)
{
    return cash_shift_confirm(year->fixture->billing, &second, year->fixture->now_s, *(const int64_t *)matter);
}

static int shift_confirm(struct year *year)
{
    int64_t shift_id = row_choose(year, "shift_id", "cash_shift WHERE state = 'counted'");

    return shift_id == 0 ? 0 : year_transact(year, shift_confirm_work, &shift_id, false) < 0 ? -1 : 1;
}

static int undo_work(struct year *year, void *matter)
{
    struct cash_undo row;

    return cash_undo_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, *(const int64_t *)matter,
                         "输错金额", &row);
}

static int undo(struct year *year)
{
    int64_t payment_id = row_choose(year, "payment_id", "payment WHERE undone_s = 0 AND shift_id IN (SELECT shift_id FROM"
                                                        " cash_shift WHERE state = 'open')");

    return payment_id == 0 ? 0 : year_transact(year, undo_work, &payment_id, false) < 0 ? -1 : 1;
}

static int bring_work(struct year *year, void *matter)
{
    return cash_deposit_book(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, matter);
}

static int bring_to_bank(struct year *year)
{
    struct cash_deposit row = { .amount_fen = between(year, 100, 50000), .bank = "工行", .slip = "1" };

    (void)snprintf(row.source, sizeof row.source, "%s", between(year, 0, 1) == 0 ? "safe" : "counter");
    key_write(year, "bring", row.key);
    return year_transact(year, bring_work, &row, true) < 0 ? -1 : 1;
}

#define STATEMENT_LINES 6

struct importing {
    struct bank_statement statement;
    struct bank_line lines[STATEMENT_LINES];
};

static int statement_work(struct year *year, void *matter)
{
    struct importing *importing = matter;
    struct fixture *fixture = year->fixture;
    int error = bank_statement_check(fixture->billing, &fixture->scope, fixture->now_s, &importing->statement,
                                     importing->lines, STATEMENT_LINES);

    return error < 0 ? error : bank_statement_book(fixture->billing, &fixture->scope, importing->statement.statement_id);
}

/* Some lines came in an earlier statement already. */
static int statement(struct year *year)
{
    struct importing importing = { .statement = { .bank = "工行" } };

    for (int32_t i = 0; i < STATEMENT_LINES; i++) {
        struct bank_line *line = &importing.lines[i];
        int64_t serial = between(year, 0, 3) == 0 ? between(year, 1, 1 + year->serial) : ++year->serial;

        *line = (struct bank_line){ .tenant_id = 1, .row = i + 2, .amount_fen = 1000 + serial, .payer = "陈佳怡" };
        if (between(year, 0, 2) != 0)
            (void)snprintf(line->remark, sizeof line->remark, "户号:C%lld;", (long long)between(year, 1, year->config.homes));
        (void)snprintf(line->fingerprint, sizeof line->fingerprint, "line-%lld", (long long)serial);
    }
    return year_transact(year, statement_work, &importing, false) < 0 ? -1 : 1;
}

struct assigning {
    int64_t line_id, account_id;
};

static int assign_work(struct year *year, void *matter)
{
    const struct assigning *assigning = matter;
    struct bank_line line;

    return bank_line_assign(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, assigning->line_id,
                            assigning->account_id, &line);
}

static int assign(struct year *year)
{
    struct assigning assigning = { row_choose(year, "line_id", "bank_line WHERE state = 'suspense'"), account_choose(year) };

    return assigning.line_id == 0 ? 0 : year_transact(year, assign_work, &assigning, false) < 0 ? -1 : 1;
}

static int draft_work(struct year *year, void *matter)
{
    struct billing_run *run = matter;

    return billing_run_draft(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, 0, run, run);
}

static int run_draft(struct year *year)
{
    struct billing_run run = { .to_day = year->begin_day + year->day - between(year, 0, 3), .due_only = between(year, 0, 1) == 0,
                               .estimate = between(year, 0, 1) == 0 ? BILLING_ESTIMATE_HOLD : BILLING_ESTIMATE_USUAL };

    return year_transact(year, draft_work, &run, false) < 0 ? -1 : 1;
}

struct deciding {
    int64_t run_id;
    enum billing_run_decision decision;
};

/* What stands out is accepted before the second person approves. */
static int run_work(struct year *year, void *matter)
{
    const struct deciding *deciding = matter;
    struct billing *billing = year->fixture->billing;
    struct billing_run run;

    for (int exception = BILLING_EXCEPTION_JUMP; deciding->decision == BILLING_RUN_APPROVE && exception <= BILLING_EXCEPTION_ZERO; exception++) {
        int error = billing_run_review(billing, &second, deciding->run_id, 0, (enum billing_exception)exception,
                                       BILLING_REVIEW_ACCEPTED, &run);

        if (error < 0 && error != BILLING_ERR_REVIEW)
            return error;
    }
    return billing_run_decide(billing, &second, year->fixture->now_s, deciding->run_id, deciding->decision, &run);
}

static int run_approve(struct year *year)
{
    struct deciding deciding = { row_choose(year, "run_id", "settlement_run WHERE state = 'ready'"),
                                 between(year, 0, 4) != 0 ? BILLING_RUN_APPROVE : BILLING_RUN_CANCEL };

    return deciding.run_id == 0 ? 0 : year_transact(year, run_work, &deciding, false) < 0 ? -1 : 1;
}

static int run_reverse(struct year *year)
{
    struct deciding deciding = { year_number(year, "SELECT coalesce(max(run_id), 0) FROM settlement_run WHERE state IN ('issued',"
                                                   " 'cancelled')"), BILLING_RUN_REVERSE };

    return deciding.run_id == 0 ? 0 : year_transact(year, run_work, &deciding, false) < 0 ? -1 : 1;
}

static int period_work(struct year *year, void *matter)
{
    return ledger_period_close(ledger_sql_store(year->fixture->ledger_sql), matter);
}

static int period_close(struct year *year)
{
    struct ledger_closing closing = { .tenant_id = 1, .closed_by = 7, .closed_s = year->fixture->now_s,
        .until_s = calendar_midnight(calendar_month_start(year->begin_day + year->day - 5), FIXTURE_ZONE_S) };

    return year_transact(year, period_work, &closing, false) < 0 ? -1 : 1;
}

struct price {
    int64_t tariff_id, day;
    char document[512];
};

static int price_work(struct year *year, void *matter)
{
    const struct price *price = matter;
    int64_t version_id;

    return billing_tariff_version_add(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, price->tariff_id,
                                      price->day, price->document, NULL, &version_id);
}

static int price_change(struct year *year)
{
    int fen = (int)between(year, 200, 500);
    bool costs_late = between(year, 0, 2) == 0;
    struct price price = { .tariff_id = costs_late ? year->late_tariff_id : year->flat_tariff_id, .day = year->begin_day + year->day + between(year, 0, 40) };

    if (!costs_late && between(year, 0, 1) == 0) {
        price.tariff_id = year->steps_tariff_id;
        (void)snprintf(price.document, sizeof price.document,
                       "{\"utility\": \"water\", \"unit\": \"m3\", \"cycle\": \"month\", \"limits\": [%d, 25], \"items\": [{\"name\": \"water\","
                       " \"prices\": [\"%d.%02d\", \"5.55\", \"8.01\"]}, {\"name\": \"sewage\", \"coef\": \"0.9\", \"price\": \"0.95\"}]}",
                       fen / 25, fen / 100, fen % 100);
    } else
        (void)snprintf(price.document, sizeof price.document,
                       "{\"cycle\": \"calendar-year\", \"items\": [{\"name\": \"water\", \"price\": \"%d.%02d\"}]%s}", fen / 100, fen % 100,
                       costs_late ? YEAR_LATE_TERMS : "");
    return year_transact(year, price_work, &price, false) < 0 ? -1 : 1;
}

static int batch_work(struct year *year, void *matter)
{
    return billing_batch_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, matter);
}

static int batch(struct year *year)
{
    struct billing_batch row = { .closings = (int32_t)between(year, 21, 60), .reason = "欠费" };

    return year_transact(year, batch_work, &row, false) < 0 ? -1 : 1;
}

struct grouping {
    int64_t account_id, main_account_id;
};

static int group_work(struct year *year, void *matter)
{
    const struct grouping *grouping = matter;

    return billing_group_join(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, grouping->account_id,
                              grouping->main_account_id);
}

/* A room leaves its group, or finds one. */
static int group_change(struct year *year)
{
    struct grouping grouping = { .account_id = account_choose(year) };

    if (between(year, 0, 1) == 0)
        grouping.main_account_id = account_choose(year);
    return year_transact(year, group_work, &grouping, false) < 0 ? -1 : 1;
}

static int difference_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;

    return payment_difference_resolve(year->fixture->billing, &second, year->fixture->now_s, year->fixture->now_s, settling->id,
                                      settling->yes ? "book" : "accept", "已核对");
}

/* Booked where that is possible; else somebody says why it is right. */
static int difference_resolve(struct year *year)
{
    struct settling settling = { row_choose(year, "payment_difference_id", "payment_difference WHERE resolution = ''"), true };

    if (settling.id == 0)
        return 0;
    if (year_transact(year, difference_work, &settling, false) >= 0)
        return 1;
    settling.yes = false;
    return year_transact(year, difference_work, &settling, false) < 0 ? -1 : 1;
}

static int resolve_work(struct year *year, void *matter)
{
    const struct settling *settling = matter;
    struct payment_refund row;

    return payment_refund_resolve(year->fixture->billing, &second, year->fixture->now_s, settling->id, settling->yes, &row);
}

/* A person asks the channel by telephone. */
static int refund_resolve(struct year *year)
{
    struct settling settling = { .id = row_choose(year, "payment_refund_id", "payment_refund WHERE state = 'disputed'") };
    int said = settling.id == 0 ? -1 : year_channel_refund_said(year, settling.id);

    settling.yes = said == 1;
    return said < 0 ? 0 : year_transact(year, resolve_work, &settling, false) < 0 ? -1 : 1;
}

static int cash_compare_work(struct year *year, void *matter)
{
    struct payment_bill_run run;

    return cash_reconciliation_ask(year->fixture->billing, &year->fixture->scope, year->fixture->now_s, *(const int64_t *)matter,
                                   &run);
}

static int cash_compare(struct year *year)
{
    int64_t day = year->begin_day + year->day - 1;

    return year_transact(year, cash_compare_work, &day, false) < 0 ? -1 : 1;
}

/* The first ones are all that plain people do; the last ones go on until everything is at rest. */
static const struct deed {
    const char *name;
    uint32_t a_year;
    bool is_plain;
    bool is_rest;
    int (*act)(struct year *year);
} deeds[] = {
    { "pay", 700, true, false, pay },
    { "order", 500, true, false, order },
    { "refund", 60, false, false, refund },
    { "refund settled", 120, false, true, refund_settle },
    { "move", 20, false, false, move },
    { "deposit", 20, false, false, deposit },
    { "close", 25, false, false, close_contract },
    { "meter cleared", 200, false, true, meter_clear },
    { "move in", 100, false, false, move_in },
    { "decide", 400, false, true, decide },
    { "hold", 80, false, false, hold },
    { "hold settled", 60, false, true, hold_settle },
    { "shift open", 300, false, false, shift_open },
    { "shift count", 300, false, false, shift_count },
    { "shift confirm", 200, false, true, shift_confirm },
    { "undo", 30, false, false, undo },
    { "bring to bank", 50, false, false, bring_to_bank },
    { "statement", 26, false, false, statement },
    { "assign", 40, false, false, assign },
    { "run", 30, false, false, run_draft },
    { "run approved", 120, false, false, run_approve },
    { "run reversed", 6, false, false, run_reverse },
    { "period closed", 12, false, false, period_close },
    { "price", 6, false, false, price_change },
    { "batch", 12, false, false, batch },
    { "group", 10, false, false, group_change },
    { "difference resolved", 1500, true, true, difference_resolve },
    { "refund resolved", 600, true, true, refund_resolve },
    { "cash compared", 50, false, false, cash_compare },
};

#define DEED_COUNT (sizeof deeds / sizeof deeds[0])

const char *year_deed_name(size_t index)
{
    return index < DEED_COUNT ? deeds[index].name : NULL;
}

void year_people_live(struct year *year, bool is_rest)
{
    for (size_t i = 0; i < DEED_COUNT; i++) {
        if ((year->config.plain && !deeds[i].is_plain) || (is_rest && !deeds[i].is_rest) ||
            !random_chance(&year->people, deeds[i].a_year, STEPS_A_YEAR))
            continue;
        if (deeds[i].act(year) > 0)
            year->counts.deeds[i]++;
    }
}
