/* What must hold at every commit, found out from what the commit added; and the whole proof now and then. */
#include "tests/unit/unit_test.h"

#include "tests/simulation/year.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/verify.h"
#include "store/statement_table.h"

enum check { CHECK_TRANSFERS, CHECK_ACCOUNTS, CHECK_BILLS, CHECK_LOST, CHECK_DUE, CHECK_COUNT };

static const char *const texts[CHECK_COUNT] = {
    [CHECK_TRANSFERS] = "SELECT transfer_id, debit_account_id, credit_account_id, amount_fen, debit_before, credit_before"
                        " FROM transfer WHERE transfer_id > ?1 ORDER BY transfer_id",
    [CHECK_ACCOUNTS] = "SELECT l.ledger_account_id, l.debits_fen, l.credits_fen, l.held_fen, l.last_transfer_id, l.kind, l.name,"
                       " (SELECT coalesce(sum(h.amount_fen), 0) FROM transfer_hold h WHERE h.debit_account_id ="
                       "  l.ledger_account_id AND h.state = 'pending') FROM ledger_account l",
    [CHECK_BILLS] = "SELECT b.bill_id, b.amount_fen = (SELECT coalesce(sum(amount_fen), 0) FROM bill_line i WHERE i.bill_id ="
                    " b.bill_id) FROM bill b WHERE b.bill_id > ?1 ORDER BY b.bill_id",
    [CHECK_DUE] = "SELECT min(s) FROM (SELECT min(next_s) AS s FROM payment_order WHERE step <> 0 UNION ALL SELECT min(next_s)"
                  " FROM payment_refund WHERE step <> 0 UNION ALL SELECT min(next_s) FROM payment_reconciliation WHERE state ="
                  " 'asked')",
    [CHECK_LOST] = "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE key = ?1",
};

void year_checks_open(struct year *year)
{
    year->books.table = calloc(1, sizeof *year->books.table);
    assert_non_null(year->books.table);
    assert_int_equal(statement_table_prepare(year->books.table, year->fixture->store, texts, CHECK_COUNT), 0);
}

void year_checks_close(struct year *year)
{
    statement_table_finalize(year->books.table);
    free(year->books.table);
    year->books.table = NULL;
}

int64_t year_books_channel_due_s(struct year *year)
{
    struct statement *row = statement_take(year->books.table, CHECK_DUE);
    bool is_due = statement_row(row) == 1 && !statement_is_null(row, 0);
    int64_t due_s = is_due ? statement_integer(row, 0) : INT64_MAX;

    statement_end(row);
    return due_s;
}

static struct year_book_row *row_of(struct year *year, int64_t ledger_account_id)
{
    assert_in_range(ledger_account_id, 1, YEAR_LEDGER_LIMIT - 1);
    return &year->books.rows[ledger_account_id];
}

/* One transfer: the next number, more than nothing, and behind the last one of both its accounts. */
static void transfer_take(struct year *year, struct statement *row)
{
    int64_t transfer_id = statement_integer(row, 0);
    int64_t amount_fen = statement_integer(row, 3);
    struct year_book_row *debit = row_of(year, statement_integer(row, 1));
    struct year_book_row *credit = row_of(year, statement_integer(row, 2));

    if (transfer_id != year->books.last_transfer_id + 1 || amount_fen <= 0 || debit == credit ||
        statement_integer(row, 4) != debit->last_transfer_id || statement_integer(row, 5) != credit->last_transfer_id)
        year_complain(year, "posting %lld is not the next of its accounts", (long long)transfer_id);
    debit->debits_fen += amount_fen;
    credit->credits_fen += amount_fen;
    debit->last_transfer_id = credit->last_transfer_id = transfer_id;
    year->books.last_transfer_id = transfer_id;
    year->counts.transfers++;
}

static void transfers_take(struct year *year)
{
    struct statement *rows = statement_take(year->books.table, CHECK_TRANSFERS);

    statement_bind_integer(rows, 1, year->books.last_transfer_id);
    while (statement_row(rows) == 1)
        transfer_take(year, rows);
}

/* What is said of a channel's money is never more than what happened there. */
static bool is_channel_ahead(const struct year *year, const char *kind, const char *name, int64_t paid_fen, int64_t refunded_fen)
{
    bool is_played = strcmp(name, "wechat") == 0 || strcmp(name, "alipay") == 0;

    return strcmp(kind, "channel") == 0 && is_played &&
           (paid_fen > year_channel_paid_fen(year, name) || refunded_fen > year_channel_refunded_fen(year, name));
}

static void account_check(struct year *year, struct statement *row)
{
    int64_t ledger_account_id = statement_integer(row, 0);
    const struct year_book_row *book = row_of(year, ledger_account_id);
    int64_t debits_fen = statement_integer(row, 1), credits_fen = statement_integer(row, 2);
    const char *kind = statement_text_at(row, 5);
    const char *name = statement_text_at(row, 6);

    if (debits_fen != book->debits_fen || credits_fen != book->credits_fen ||
        statement_integer(row, 4) != book->last_transfer_id)
        year_complain(year, "account %lld (%s %s) is not the sum of its postings", (long long)ledger_account_id, kind, name);
    if (statement_integer(row, 3) != statement_integer(row, 7))
        year_complain(year, "account %lld (%s %s) reserves what nobody asked for", (long long)ledger_account_id, kind, name);
    if (strcmp(kind, "clearing") == 0 && debits_fen != credits_fen)
        year_complain(year, "charges stay in clearing %s", name);
    if (is_channel_ahead(year, kind, name, debits_fen, credits_fen))
        year_complain(year, "more is booked of %s than customers paid and got there", name);
}

static void accounts_check(struct year *year)
{
    struct statement *rows = statement_take(year->books.table, CHECK_ACCOUNTS);

    while (statement_row(rows) == 1)
        account_check(year, rows);
}

static void bills_check(struct year *year)
{
    struct statement *rows = statement_take(year->books.table, CHECK_BILLS);

    statement_bind_integer(rows, 1, year->books.last_bill_id);
    while (statement_row(rows) == 1) {
        year->books.last_bill_id = statement_integer(rows, 0);
        if (statement_int(rows, 1) != 1)
            year_complain(year, "bill %lld does not explain its sum", (long long)year->books.last_bill_id);
    }
}

void year_check_commit(struct year *year)
{
    int64_t before = year->books.last_transfer_id;

    transfers_take(year);
    if (year->books.last_transfer_id != before)
        accounts_check(year);
    bills_check(year);
}

/* Each query counts what must not be. */
static const struct { const char *what, *query; } rules[] = {
    { "days charged twice, or water between them to nobody",
      "SELECT count(*) FROM (SELECT from_total_value AS begins, lag(to_total_value) OVER (PARTITION BY account_id ORDER BY day)"
      " AS ended FROM daily_charge) WHERE ended IS NOT NULL AND begins <> ended" },
    { "bills of one account over the same use",
      "SELECT count(*) FROM (SELECT from_total_value AS begins, lag(to_total_value) OVER (PARTITION BY account_id ORDER BY to_day)"
      " AS ended FROM bill WHERE state <> 'reversed') WHERE ended IS NOT NULL AND begins <> ended" },
    { "paid orders without money, or money without a paid order",
      "SELECT (SELECT count(*) FROM payment_order WHERE (state = 'paid') <> (transfer_id IS NOT NULL))"
      " + (SELECT count(*) FROM transfer WHERE key GLOB 'pay/channel/*')"
      " - (SELECT count(*) FROM payment_order WHERE state = 'paid')" },
    { "bills paid with more than they come to", "SELECT count(*) FROM bill WHERE paid_fen > amount_fen + late_fee_fen" },
    { "cash that is in no drawer, safe or bank",
      "SELECT (SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE method = 'cash' AND undone_s = 0)"
      " - (SELECT coalesce(sum(amount_fen), 0) FROM refund_part WHERE route = 'cash' AND state = 'done')"
      " + (SELECT coalesce(sum(difference_fen), 0) FROM cash_shift WHERE state = 'closed')"
      " - (SELECT coalesce(sum(debits_fen - credits_fen), 0) FROM ledger_account WHERE kind = 'cash')"
      " - (SELECT coalesce(sum(amount_fen), 0) FROM cash_deposit)" },
    { "wallets reserved beyond what they hold",
      "SELECT count(*) FROM ledger_account WHERE minimum_fen IS NOT NULL AND credits_fen - debits_fen - held_fen < minimum_fen" },
};

void year_check_whole(struct year *year)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int faults = 0;

    assert_non_null(out);
    assert_int_equal(verify_store(year->fixture->store, out, &faults), 0);
    (void)fclose(out);
    if (faults != 0)
        year_complain(year, "verify: %.200s", strstr(text, "DIFFERENCE") != NULL ? strstr(text, "DIFFERENCE") : text);
    free(text);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        int64_t found = year_number(year, "%s", rules[i].query);

        if (found != 0)
            year_complain(year, "%lld %s", (long long)found, rules[i].what);
    }
}

/* What was answered is there, with its amount; and nothing at the counter that was not. */
static void takings_check(struct year *year)
{
    int64_t taken_fen = 0;

    for (int32_t i = 0; i < year->taking_count; i++) {
        const struct year_taking *taking = &year->takings[i];
        struct statement *row = statement_take(year->books.table, CHECK_LOST);
        char key[BILLING_KEY_SIZE + 16];

        (void)snprintf(key, sizeof key, "1/%s", taking->key);
        statement_bind_text(row, 1, key);
        if (statement_row(row) != 1 || statement_integer(row, 0) != taking->amount_fen)
            year_complain(year, "payment %s of %lld fen was answered and is lost", taking->key, (long long)taking->amount_fen);
        statement_end(row);
        taken_fen += taking->amount_fen;
    }
    if (year_number(year, "SELECT coalesce(sum(amount_fen), 0) FROM payment WHERE method IN ('cash', 'card')") != taken_fen)
        year_complain(year, "the counter has payments that nobody made");
}

/* Every midnight that came is charged, but for the wait for one that never did. */
static void settled_check(struct year *year)
{
    int64_t behind = year_number(year, "SELECT count(*) FROM account JOIN account_standing USING (account_id) WHERE closed_s IS NULL AND payment_mode <> 'postpaid' AND"
                                       " settled_day < %lld", (long long)(year->begin_day + year->config.days + 1));

    if (behind != 0)
        year_complain(year, "%lld prepaid accounts are not settled to the end", (long long)behind);
}

void year_check_end(struct year *year)
{
    takings_check(year);
    settled_check(year);
    year_channel_check(year);
}
