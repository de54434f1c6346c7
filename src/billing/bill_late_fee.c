#include "billing/bill_late_fee.h"

#include "billing/billing_internal.h"

/* The terms that a bill was issued under: those of its price. NULL: it owes none, whenever it is paid.
 * returns  0; negative of rating or store */
static int rule_find(struct billing *billing, const struct billing_bill *bill, const struct late_fee_rule **rule)
{
    const struct tariff *tariff;
    int error;

    *rule = NULL;
    if (billing->config.lates == NULL || bill->tariff_version_id == 0)
        return 0;
    error = billing_tariff_load(billing, bill->tariff_version_id, &tariff);
    if (error == 0 && tariff->late_fee.rate_same_year_e8 > 0)
        *rule = &tariff->late_fee;
    return error;
}

/* Late days of what is unpaid until `day`. */
static struct late_fee_days days_until(const struct late_fee_rule *rule, const struct billing_bill *bill, int64_t day)
{
    return late_fee_days_count(rule, bill->due_day,
                               bill->late_until_day != 0 && day > bill->late_until_day ? bill->late_until_day : day);
}

/* What the parts paid late and the unpaid rest come to. */
static int fee_compute(struct billing *billing, const struct late_fee_rule *rule, const struct billing_bill *bill,
                       int64_t day, int64_t *fee_fen)
{
    const struct billing_late_store *lates = billing->config.lates;
    int64_t rest_fen = bill->amount_fen > bill->paid_fen ? bill->amount_fen - bill->paid_fen : 0;
    struct late_fee_basis basis;
    struct late_fee fee;
    int error = lates->parts_sum(lates->context, bill->bill_id, &basis);

    if (error == 0)
        error = late_fee_basis_add(&basis, rest_fen, days_until(rule, bill, day));
    if (error == 0)
        error = late_fee_compute(rule, &basis, &fee);
    if (error == 0)
        *fee_fen = fee.amount_fen;
    return error;
}

int billing_late_fee_owed(struct billing *billing, const struct billing_bill *bill, int64_t day, int64_t *owed_fen)
{
    const struct late_fee_rule *rule;
    int64_t fee_fen = 0;
    int error = 0;

    *owed_fen = 0;
    if (day <= bill->due_day)
        return 0;
    error = rule_find(billing, bill, &rule);
    if (error == 0 && rule != NULL)
        error = fee_compute(billing, rule, bill, day, &fee_fen);
    if (error == 0 && fee_fen > bill->late_fee_fen + bill->late_waived_fen)
        *owed_fen = fee_fen - bill->late_fee_fen - bill->late_waived_fen;
    return error;
}

int billing_late_fees_owed(struct billing *billing, int64_t account_id, int64_t day, int64_t *owed_fen)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill = { .to_day = INT64_MIN };
    int64_t sum_fen = 0;
    int found = 0;

    while ((found = store->bill_unpaid_next(store->context, account_id, bill.to_day, &bill)) == 1) {
        int64_t fee_fen;
        int error = billing_late_fee_owed(billing, &bill, day, &fee_fen);

        if (error < 0)
            return error;
        sum_fen += fee_fen;
    }
    *owed_fen = sum_fen;
    return found;
}

int billing_late_part_note(struct billing *billing, const struct billing_bill *bill, int64_t paid_day, int64_t amount_fen)
{
    const struct billing_late_store *lates = billing->config.lates;
    struct billing_late_part part = { .bill_id = bill->bill_id, .paid_day = paid_day };
    const struct late_fee_rule *rule;
    int result = paid_day > bill->due_day && amount_fen > 0 ? rule_find(billing, bill, &rule) : 0;

    if (result < 0 || paid_day <= bill->due_day || amount_fen <= 0 || rule == NULL)
        return result;
    part.days = days_until(rule, bill, paid_day);
    if (part.days.same_year == 0 && part.days.later_year == 0)
        return 0;
    result = lates->part_read(lates->context, bill->bill_id, paid_day, &part);
    part.amount_fen += amount_fen;
    return result < 0 ? result : lates->part_write(lates->context, &part);
}

int billing_late_part_forget(struct billing *billing, const struct billing_bill *bill, int64_t day, int64_t amount_fen)
{
    const struct billing_late_store *lates = billing->config.lates;
    struct billing_late_part part;
    int found = lates == NULL ? 0 : lates->part_read(lates->context, bill->bill_id, day, &part);

    if (found == 0 && lates != NULL)
        found = lates->part_newest(lates->context, bill->bill_id, &part);
    while (found == 1 && amount_fen > 0) {
        int64_t less_fen = part.amount_fen < amount_fen ? part.amount_fen : amount_fen;
        int error;

        part.amount_fen -= less_fen;
        amount_fen -= less_fen;
        error = lates->part_write(lates->context, &part);
        if (error < 0)
            return error;
        found = lates->part_newest(lates->context, bill->bill_id, &part);
    }
    return found < 0 ? found : 0;
}

/* amount_fen  above 0 from the wallet to revenue, below 0 back */
static int fee_post(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                    int64_t amount_fen, int64_t now_s)
{
    const struct billing_late_store *lates = billing->config.lates;
    const struct ledger_store *ledger = billing->config.ledger;
    struct ledger_transfer transfer = { .amount_fen = amount_fen > 0 ? amount_fen : -amount_fen, .reference = bill->bill_id,
                                        .at_s = now_s, .tenant_id = account->tenant_id, .kind = LEDGER_LATE_FEE };
    int64_t revenue_id;
    int error = ledger_account_open(ledger, account->tenant_id, LEDGER_REVENUE, CHARGE_LATE_FEE_ITEM, &revenue_id);

    if (error < 0)
        return error;
    transfer.debit_account_id = amount_fen > 0 ? account->wallet_id : revenue_id;
    transfer.credit_account_id = amount_fen > 0 ? revenue_id : account->wallet_id;
    error = ledger_post_named(ledger, &transfer);
    if (error < 0)
        return error;
    bill->late_fee_fen += amount_fen;
    return lates->posting_insert(lates->context, transfer.transfer_id, bill->bill_id, amount_fen);
}

int billing_late_fee_book(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                          int64_t day, int64_t now_s)
{
    int64_t owed_fen;
    int error = billing_late_fee_owed(billing, bill, day, &owed_fen);

    return error < 0 || owed_fen == 0 ? error : fee_post(billing, account, bill, owed_fen, now_s);
}

int billing_late_fee_return(struct billing *billing, const struct billing_account *account, struct billing_bill *bill,
                            int64_t amount_fen, int64_t now_s)
{
    if (amount_fen > bill->late_fee_fen)
        amount_fen = bill->late_fee_fen;
    return amount_fen <= 0 ? 0 : fee_post(billing, account, bill, -amount_fen, now_s);
}

static int fee_end(struct billing *billing, const struct billing_account *account, struct billing_bill *bill, int64_t day,
                   int64_t now_s)
{
    const struct billing_bill before = *bill;
    int error = billing_late_fee_book(billing, account, bill, day, now_s);

    bill->late_until_day = day;
    return error < 0 ? error : billing_bill_update(billing, &before, bill);
}

int billing_late_fees_end(struct billing *billing, const struct billing_account *account, int64_t day, int64_t now_s,
                          int64_t *booked_fen)
{
    const struct billing_store *store = billing->store;
    struct billing_bill bill = { .to_day = INT64_MIN };
    int64_t sum_fen = 0;
    int found;

    while ((found = store->bill_unpaid_next(store->context, account->account_id, bill.to_day, &bill)) == 1) {
        int64_t before_fen = bill.late_fee_fen;
        int error = fee_end(billing, account, &bill, day, now_s);

        if (error < 0)
            return error;
        sum_fen += bill.late_fee_fen - before_fen;
    }
    *booked_fen = sum_fen;
    return found;
}
