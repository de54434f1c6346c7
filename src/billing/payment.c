#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/cash_shift.h"

#include <stdio.h>
#include <string.h>

#define PAYMENT_KEY_LIMIT 64
#define METHOD_PARTNER "partner" /* taken by another system, in whose clearing account it lies */

const struct billing_method *billing_method_source(const char *name)
{
    static const struct billing_method methods[] = {
        { "cash", LEDGER_CASH, "counter" },
        { "card", LEDGER_CHANNEL, "card terminal" },
    };

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(methods[i].name, name) == 0)
            return &methods[i];
    return NULL;
}

bool billing_key_permitted(const char *key)
{
    static const char *const permitted = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_:";
    size_t size = strlen(key);

    return size > 0 && size <= PAYMENT_KEY_LIMIT && strspn(key, permitted) == size;
}

static int request_check(const struct billing_payment_request *request)
{
    if (!billing_key_permitted(request->key))
        return BILLING_ERR_KEY;
    if (request->amount_fen < 1 || request->amount_fen > BILLING_PAYMENT_MAXIMUM_FEN)
        return BILLING_ERR_AMOUNT;
    if (strcmp(request->method, METHOD_PARTNER) == 0)
        return request->source[0] != '\0' ? 0 : BILLING_ERR_METHOD;
    return billing_method_source(request->method) != NULL ? 0 : BILLING_ERR_METHOD;
}

/* The key came before: the same payment gives its first answer again, another one is refused. 1 repeated; 0 new. */
static int repetition_find(struct billing *billing, const struct billing_payment_request *request, const char *key,
                           struct billing_payment_result *out)
{
    struct billing_payment before;
    int found = billing->store->payment_find_key(billing->store->context, key, &before);

    if (found <= 0)
        return found;
    if (before.account_id != request->account_id || before.amount_fen != request->amount_fen ||
        strcmp(before.method, request->method) != 0)
        return BILLING_ERR_KEY_REUSED;
    *out = (struct billing_payment_result){ .payment = before, .repeated = true };
    return 1;
}

/* Where the money came from. */
struct source {
    enum ledger_account_kind kind;
    const char *name;
};

static int money_book(struct billing *billing, const struct billing_account *account, const struct source *source,
                      struct billing_payment *payment)
{
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .credit_account_id = account->wallet_id,
                                        .amount_fen = payment->amount_fen,
                                        .reference = account->account_id,
                                        .at_s = payment->at_s,
                                        .tenant_id = account->tenant_id,
                                        .kind = LEDGER_PAYMENT };
    int error = ledger_account_open(ledger, account->tenant_id, source->kind, source->name,
                                    &transfer.debit_account_id);

    (void)snprintf(transfer.key, sizeof transfer.key, "pay/%.75s", payment->key);
    if (error == 0)
        error = ledger_post(ledger, &transfer);
    payment->transfer_id = transfer.transfer_id;
    return error < 0 ? error : 0;
}

static void receipt_number(const struct billing_account *account, struct billing_payment *payment)
{
    struct calendar_date date = calendar_date_of_day(calendar_local_day(payment->at_s, account->zone_offset_s));

    (void)snprintf(payment->receipt, sizeof payment->receipt, "R%04d%02d%02d-%06lld", (int)date.year, (int)date.month,
                   (int)date.day_of_month, (long long)payment->payment_id);
}

/* Money first, then what it pays: open bills, the meter, the valve. */
static int money_use(struct billing_look *look, const struct source *source, struct billing_payment *payment)
{
    struct billing_paying paying = { payment->paid_s != 0 ? payment->paid_s : payment->at_s, payment->at_s, 0, 0 };
    int error = billing_balance(look->billing, look->account, &payment->before_fen);

    if (error == 0)
        error = money_book(look->billing, look->account, source, payment);
    if (error == 0)
        error = billing_bills_pay_back(look->billing, look->account, payment->amount_fen, &paying);
    payment->late_fee_fen = paying.late_fee_fen > 0 ? paying.late_fee_fen : 0;
    if (error == 0)
        error = billing_part_try(look, billing_wallet_push);
    if (error == 0)
        error = billing_look_finish(look);
    if (error == 0)
        error = billing_balance(look->billing, look->account, &payment->balance_fen);
    payment->command_id = (int64_t)look->command.command_id;
    payment->will_restore = look->restored;
    return error;
}

/* A meter that holds its money opens its own valve when the top-up lifts it over the restore level. */
static int meter_restores(struct billing_look *look, struct billing_payment *payment)
{
    struct billing_device device;
    int found;

    if (look->account->mode != BILLING_PREPAID_METER)
        return 0;
    found = billing_device_read(look->billing, look->account->device_id, &device);
    if (found == 1 && device.valve_state == 1)
        payment->will_restore = device.balance_fen + payment->amount_fen >= look->account->restore_fen;
    return found < 0 ? found : 0;
}

int billing_payment_book(struct billing *billing, struct billing_account *account, enum ledger_account_kind source_kind,
                         const char *source_name, struct billing_payment *payment, struct billing_payment_result *out)
{
    const struct billing_store *store = billing->store;
    const struct source source = { source_kind, source_name };
    struct billing_look look;
    int error = billing_owed_settle(billing, account, payment->at_s);

    if (error == 0)
        error = billing_look_begin(billing, account, payment->at_s, &look);
    look.paid_fen = payment->amount_fen;
    if (error == 0)
        error = money_use(&look, &source, payment);
    if (error == 0)
        error = meter_restores(&look, payment);
    if (error == 0)
        error = store->payment_insert(store->context, payment);
    receipt_number(account, payment);
    if (error == 0)
        error = store->payment_update(store->context, payment);
    if (error == 0)
        error = billing_money_tell(billing, &(struct billing_money){
            .tenant_id = account->tenant_id, .account_id = account->account_id, .kind = BILLING_MONEY_RECEIVED,
            .subject_id = payment->payment_id, .amount_fen = payment->amount_fen, .method = payment->method,
            .reference = payment->receipt });
    if (error == 0)
        *out = (struct billing_payment_result){ *payment, look.command.window_s, look.command.awake, false };
    return error;
}

/* Money at the counter lies in somebody's drawer. */
static int shift_find(struct billing *billing, const struct billing_scope *scope, struct billing_payment *payment)
{
    struct billing_policy policy;
    int error = cash_shift_of(billing, scope->tenant_id, scope->person_id, &payment->shift_id);

    if (error < 0 || payment->shift_id != 0)
        return error;
    error = billing_policy_read(billing, scope->tenant_id, &policy);
    if (error < 0)
        return error;
    return policy.cash_shift_required != 0 ? CASH_ERR_SHIFT_NEEDED : 0;
}

/* A closed account takes no money, but what it still owes. */
static int closed_check(struct billing *billing, const struct billing_account *account, int64_t amount_fen)
{
    int64_t balance_fen = 0;
    int error = account->closed_s != 0 ? ledger_balance_read(billing->config.ledger, account->wallet_id, &balance_fen) : 0;

    if (error < 0 || account->closed_s == 0)
        return error;
    return balance_fen < 0 && amount_fen <= -balance_fen ? 0 : BILLING_ERR_ACCOUNT_CLOSED;
}

int billing_payment_take(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                         const struct billing_payment_request *request, struct billing_payment_result *out)
{
    const struct billing_method *method = billing_method_source(request->method);
    struct billing_account account;
    struct billing_payment payment = { .account_id = request->account_id, .amount_fen = request->amount_fen,
                                       .at_s = now_s, .tenant_id = scope->tenant_id, .cashier = scope->person_id };
    int error = request_check(request);

    if (error == 0)
        error = billing_account_load(billing, scope, request->account_id, &account);
    if (error < 0)
        return error;
    (void)snprintf(payment.key, sizeof payment.key, "%u/%.64s", (unsigned)scope->tenant_id, request->key);
    (void)text_copy(span_of_text(request->method), payment.method, sizeof payment.method);
    error = repetition_find(billing, request, payment.key, out);
    if (error != 0)
        return error < 0 ? error : 0;
    error = closed_check(billing, &account, request->amount_fen);
    if (error < 0)
        return error;
    if (strcmp(request->method, METHOD_PARTNER) == 0)
        return billing_payment_book(billing, &account, LEDGER_CHANNEL, request->source, &payment, out);
    error = shift_find(billing, scope, &payment);
    return error < 0 ? error : billing_payment_book(billing, &account, method->kind, method->source, &payment, out);
}
