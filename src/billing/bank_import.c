/* A bank's statement from its check to the last line booked. */
#include "billing/bank_import.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"

static const char *const verdicts[BANK_VERDICT_COUNT] = {
    [BANK_MATCHED] = "matched",     [BANK_AMBIGUOUS] = "ambiguous", [BANK_UNMATCHED] = "unmatched",
    [BANK_DUPLICATE] = "duplicate", [BANK_OUTGOING] = "outgoing",   [BANK_BAD] = "bad",
};
static const char *const line_states[BANK_LINE_STATE_COUNT] = {
    [BANK_LINE_CHECKED] = "checked",   [BANK_LINE_BOOKED] = "booked",   [BANK_LINE_SUSPENSE] = "suspense",
    [BANK_LINE_ASSIGNED] = "assigned", [BANK_LINE_SKIPPED] = "skipped",
    [BANK_LINE_RETURNED] = "returned",
};
static const char *const statement_states[BANK_STATEMENT_STATE_COUNT] = {
    [BANK_STATEMENT_CHECKED] = "checked", [BANK_STATEMENT_BOOKING] = "booking", [BANK_STATEMENT_BOOKED] = "booked",
    [BANK_STATEMENT_CANCELLED] = "cancelled",
};

static const char *name_at(const char *const *names, int count, int index)
{
    return index > 0 && index < count ? names[index] : "unknown";
}

static int index_of(const char *const *names, int count, const char *name)
{
    for (int index = 1; index < count; index++)
        if (strcmp(names[index], name) == 0)
            return index;
    return 0;
}

const char *bank_verdict_name(int verdict)
{
    return name_at(verdicts, BANK_VERDICT_COUNT, verdict);
}

int bank_verdict_of_name(const char *name)
{
    return index_of(verdicts, BANK_VERDICT_COUNT, name);
}

const char *bank_line_state_name(int state)
{
    return name_at(line_states, BANK_LINE_STATE_COUNT, state);
}

int bank_line_state_of_name(const char *name)
{
    return index_of(line_states, BANK_LINE_STATE_COUNT, name);
}

const char *bank_statement_state_name(int state)
{
    return name_at(statement_states, BANK_STATEMENT_STATE_COUNT, state);
}

int bank_statement_state_of_name(const char *name)
{
    return index_of(statement_states, BANK_STATEMENT_STATE_COUNT, name);
}

/* Booked before, by another import? */
static int line_compare(struct billing *billing, struct bank_line *line)
{
    const struct bank_store *bank = billing->config.bank;
    int known = bank->line_known(bank->context, line->tenant_id, line->bank, line->fingerprint);

    if (known == 1)
        line->verdict = BANK_DUPLICATE;
    return known < 0 ? known : 0;
}

static int line_check(struct billing *billing, const struct bank_statement *statement, struct bank_line *line)
{
    const struct bank_store *bank = billing->config.bank;
    int error = 0;

    line->statement_id = statement->statement_id;
    line->tenant_id = statement->tenant_id;
    line->state = BANK_LINE_CHECKED;
    memcpy(line->bank, statement->bank, sizeof line->bank);
    if (line->verdict == 0)
        error = line_compare(billing, line);
    if (error == 0 && line->verdict == 0)
        error = bank_line_match(billing, line);
    return error < 0 ? error : bank->line_insert(bank->context, line);
}

int bank_statement_check(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         struct bank_statement *row, struct bank_line *lines, size_t count)
{
    const struct bank_store *bank = billing->config.bank;
    int error = billing_scope_check_whole(scope);

    if (error < 0)
        return error;
    if (row->bank[0] == '\0')
        return CASH_ERR_BANK;
    if (count == 0)
        return CASH_ERR_STATEMENT_EMPTY;
    row->tenant_id = scope->tenant_id;
    row->created_by = scope->person_id;
    row->created_s = now_s;
    row->lines = (int32_t)count;
    row->state = BANK_STATEMENT_CHECKED;
    error = bank->statement_insert(bank->context, row);
    for (size_t i = 0; error == 0 && i < count; i++)
        error = line_check(billing, row, &lines[i]);
    return error;
}

static int statement_load(struct billing *billing, const struct billing_scope *scope, int64_t statement_id,
                          struct bank_statement *out)
{
    const struct bank_store *bank = billing->config.bank;
    int error = billing_scope_check_whole(scope);
    int found;

    if (error < 0)
        return error;
    found = bank->statement_read(bank->context, statement_id, out);
    if (found < 0)
        return found;
    return found == 1 && out->tenant_id == scope->tenant_id ? 0 : CASH_ERR_STATEMENT;
}

int bank_statement_book(struct billing *billing, const struct billing_scope *scope, int64_t statement_id)
{
    const struct bank_store *bank = billing->config.bank;
    struct bank_statement row;
    int error = statement_load(billing, scope, statement_id, &row);

    if (error < 0)
        return error;
    if (row.state != BANK_STATEMENT_CHECKED)
        return CASH_ERR_STATEMENT_STATE;
    row.state = BANK_STATEMENT_BOOKING;
    row.booked_by = scope->person_id;
    return bank->statement_update(bank->context, &row);
}

int bank_statement_cancel(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t statement_id)
{
    const struct bank_store *bank = billing->config.bank;
    struct bank_statement row;
    int error = statement_load(billing, scope, statement_id, &row);

    if (error < 0)
        return error;
    if (row.state != BANK_STATEMENT_CHECKED && row.state != BANK_STATEMENT_BOOKING)
        return CASH_ERR_STATEMENT_STATE;
    row.state = BANK_STATEMENT_CANCELLED;
    row.finished_s = now_s;
    error = bank->lines_drop(bank->context, statement_id);
    return error < 0 ? error : bank->statement_update(bank->context, &row);
}

/* "channel: bank NAME" or "suspense: bank transfers". */
int billing_bank_account_open(struct billing *billing, const struct bank_line *line, int64_t *ledger_account_id)
{
    char name[LEDGER_NAME_SIZE];

    (void)snprintf(name, sizeof name, "bank %s", line->bank);
    return ledger_account_open(billing->config.ledger, line->tenant_id, LEDGER_CHANNEL, name, ledger_account_id);
}

int billing_bank_suspense_open(struct billing *billing, const struct bank_line *line, int64_t *ledger_account_id)
{
    return ledger_account_open(billing->config.ledger, line->tenant_id, LEDGER_SUSPENSE, "bank transfers",
                               ledger_account_id);
}

static int suspense_book(struct billing *billing, struct bank_line *line, int64_t now_s)
{
    struct ledger_transfer transfer = { .amount_fen = line->amount_fen, .reference = line->line_id, .at_s = now_s,
                                        .tenant_id = line->tenant_id, .kind = LEDGER_PAYMENT };
    int error = billing_bank_account_open(billing, line, &transfer.debit_account_id);

    if (error == 0)
        error = billing_bank_suspense_open(billing, line, &transfer.credit_account_id);
    (void)snprintf(transfer.key, sizeof transfer.key, "bank/%lld", (long long)line->line_id);
    if (error == 0)
        error = ledger_post(billing->config.ledger, &transfer);
    if (error < 0)
        return error;
    line->transfer_id = transfer.transfer_id;
    line->state = BANK_LINE_SUSPENSE;
    return 0;
}

/* The local day of "2026-11-20 10:02:11", "2026/11/20", "20261120 100211": year, month and day of fixed width.
 * 0: it is no such time */
static int64_t happened_day(const char *happened)
{
    char date[11] = "0000-00-00";
    static const int places[] = { 0, 1, 2, 3, 5, 6, 8, 9 };
    size_t digits = 0;
    int64_t day;

    for (; *happened != '\0' && digits < sizeof places / sizeof places[0]; happened++) {
        if (*happened >= '0' && *happened <= '9')
            date[places[digits++]] = *happened;
        else if (digits != 4 && digits != 6)
            return 0;
    }
    return digits == 8 && calendar_parse_date(span_of_text(date), &day) == 0 ? day : 0;
}

/* Noon of the day on which the bank had the money, when that was before today and no more than a year ago; else 0. */
static int64_t paid_time(const struct billing_account *account, const struct bank_line *line, int64_t now_s)
{
    int64_t today = calendar_local_day(now_s, account->zone_offset_s);
    int64_t day = happened_day(line->happened);

    return day < today && day >= today - 366 ? calendar_midnight(day, account->zone_offset_s) + 43200 : 0;
}

/* The money of a line becomes a payment of its account, from the bank or out of suspense. */
static int payment_book(struct billing *billing, struct billing_account *account, struct bank_line *line, int64_t now_s,
                        uint32_t person_id)
{
    struct billing_payment payment = { .account_id = account->account_id, .amount_fen = line->amount_fen, .at_s = now_s,
                                       .paid_s = paid_time(account, line, now_s),
                                       .tenant_id = line->tenant_id, .cashier = person_id, .method = "bank" };
    bool waits = line->state == BANK_LINE_SUSPENSE;
    struct billing_payment_result taken;
    char name[LEDGER_NAME_SIZE];
    int error;

    (void)snprintf(payment.key, sizeof payment.key, "%u/bank/%lld", (unsigned)line->tenant_id, (long long)line->line_id);
    (void)snprintf(name, sizeof name, "bank %s", line->bank);
    error = waits ? billing_payment_book(billing, account, LEDGER_SUSPENSE, "bank transfers", &payment, &taken)
                  : billing_payment_book(billing, account, LEDGER_CHANNEL, name, &payment, &taken);
    if (error < 0)
        return error;
    line->payment_id = taken.payment.payment_id;
    line->account_id = account->account_id;
    line->state = waits ? BANK_LINE_ASSIGNED : BANK_LINE_BOOKED;
    return 0;
}

static int line_money_book(struct billing *billing, struct bank_line *line, int64_t now_s, uint32_t person_id)
{
    struct billing_account account;
    int found = 0;

    if (line->verdict == BANK_MATCHED)
        found = billing->store->account_read(billing->store->context, line->account_id, &account);
    if (found < 0)
        return found;
    if (found == 1 && account.tenant_id == line->tenant_id && account.closed_s == 0)
        return payment_book(billing, &account, line, now_s, person_id);
    return suspense_book(billing, line, now_s);
}

static int line_work(struct billing *billing, struct bank_line *line, int64_t now_s, uint32_t person_id)
{
    const struct bank_store *bank = billing->config.bank;
    bool has_money = line->verdict == BANK_MATCHED || line->verdict == BANK_AMBIGUOUS || line->verdict == BANK_UNMATCHED;
    int error = has_money ? line_compare(billing, line) : 0;

    if (error < 0)
        return error;
    if (has_money && line->verdict != BANK_DUPLICATE)
        error = line_money_book(billing, line, now_s, person_id);
    else
        line->state = BANK_LINE_SKIPPED;
    return error < 0 ? error : bank->line_update(bank->context, line);
}

/* A line that a room refuses is set aside with the reason; the others go on. */
static int line_try(struct billing *billing, struct bank_line *line, int64_t now_s, uint32_t person_id)
{
    const struct billing_store *store = billing->store;
    const struct bank_store *bank = billing->config.bank;
    struct bank_line before = *line;
    size_t mark = undo_mark(billing->config.undo);
    int error = store->step_begin(store->context);

    if (error == 0)
        error = line_work(billing, line, now_s, person_id);
    if (error == 0)
        return store->step_keep(store->context);
    if (billing_error_of_store(error) || store->step_revert(store->context) < 0)
        return error;
    undo_revert(billing->config.undo, mark);
    *line = before;
    line->verdict = BANK_BAD;
    line->state = BANK_LINE_SKIPPED;
    (void)snprintf(line->problem, sizeof line->problem, "refused_%d", -error);
    return bank->line_update(bank->context, line);
}

int bank_import_continue(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct bank_store *bank = billing->config.bank;
    struct bank_statement statement;
    struct bank_line line;
    int32_t done = 0;
    int found = bank != NULL ? bank->statement_booking(bank->context, &statement) : 0;

    if (found <= 0)
        return found;
    for (; done < limit; done++) {
        found = bank->line_checked(bank->context, statement.statement_id, &line);
        if (found == 1)
            found = line_try(billing, &line, now_s, statement.booked_by);
        else if (found == 0)
            break;
        if (found < 0)
            return found;
    }
    if (done == limit)
        return done;
    statement.state = BANK_STATEMENT_BOOKED;
    statement.finished_s = now_s;
    found = bank->statement_update(bank->context, &statement);
    return found < 0 ? found : done;
}

int bank_line_assign(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t line_id,
                     int64_t account_id, struct bank_line *out)
{
    const struct bank_store *bank = billing->config.bank;
    struct billing_account account;
    struct bank_line line;
    int error = billing_scope_check_whole(scope);
    int found;

    if (error < 0)
        return error;
    found = bank->line_read(bank->context, line_id, &line);
    if (found < 0)
        return found;
    if (found == 0 || line.tenant_id != scope->tenant_id)
        return CASH_ERR_LINE;
    if (line.verdict == BANK_DUPLICATE || line.verdict == BANK_OUTGOING || line.verdict == BANK_BAD ||
        (line.state != BANK_LINE_CHECKED && line.state != BANK_LINE_SUSPENSE))
        return CASH_ERR_LINE_STATE;
    error = billing_account_load(billing, scope, account_id, &account);
    if (error == 0 && account.closed_s != 0)
        error = BILLING_ERR_ACCOUNT_CLOSED;
    if (error < 0)
        return error;
    line.account_id = account_id;
    line.verdict = BANK_MATCHED;
    line.assigned_by = scope->person_id;
    line.assigned_s = now_s;
    error = billing_approval_withdraw(billing, now_s, APPROVAL_BANK_RETURN, line_id); /* it has an owner after all */
    if (error == 0 && line.state == BANK_LINE_SUSPENSE)
        error = payment_book(billing, &account, &line, now_s, scope->person_id);
    if (error == 0)
        error = bank->line_update(bank->context, &line);
    if (error == 0)
        *out = line;
    return error;
}

int bank_mapping_put(struct billing *billing, const struct billing_scope *scope, struct bank_mapping *row)
{
    const struct bank_store *bank = billing->config.bank;
    int error = billing_scope_check_whole(scope);

    if (error < 0)
        return error;
    if (row->bank[0] == '\0')
        return CASH_ERR_BANK;
    if (row->amount[0] == '\0' || (row->direction[0] != '\0') != (row->incoming[0] != '\0'))
        return CASH_ERR_MAPPING;
    row->tenant_id = scope->tenant_id;
    return bank->mapping_put(bank->context, row);
}
