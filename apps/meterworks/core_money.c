/* Calls about customers, accounts, tariffs, settlement and payments. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/house_error.h"
#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "command/command_text.h"

#define LOW_BALANCE_DEFAULT_FEN 2000
#define GRACE_DEFAULT_H 24

/* A storm that was cut off left midnights that the walk over all accounts does not find yet. */
static void midnight_owe(void *billing, uint32_t device_id)
{
    billing_owed_add(billing, device_id);
}

int core_money_open(struct core *core)
{
    struct billing_config config = {
        .store = billing_sql_store(core->billing_sql),
        .ledger = ledger_sql_store(core->ledger_sql),
        .actions = &core->billing_actions,
        .orders = payment_sql_store(core->payment_sql),
        .cash = cash_sql_store(core->cash_sql),
        .drafts = tariff_sql_store(core->tariff_sql),
        .bank = bank_sql_store(core->bank_sql),
        .measures = measure_sql_store(core->measure_sql),
        .shares = share_sql_store(core->share_sql),
        .units = unit_sql_store(core->unit_sql),
        .lates = late_sql_store(core->late_sql),
        .standing = invoice_standing_sql_store(core->invoice_standing_sql),
        .carries = money_carry_sql_store(core->money_carry_sql),
        .cases = case_sql_store(core->case_sql),
        .undo = core->undo,
    };

    core->billing_actions = core_billing_actions(core);
    int result = billing_open(&config, &core->billing);
    if (result == 0)
        reading_waiting_walk(core->reading, midnight_owe, core->billing);
    return result;
}

void core_money_close(struct core *core)
{
    billing_close(core->billing);
}

struct billing_scope core_money_scope(const struct core_request *head)
{
    return (struct billing_scope){ .tenant_id = head->tenant_id, .person_id = head->person_id, .path = head->scope_path };
}

static int customer_fill(const struct core_customer *ask, struct billing_customer *row)
{
    row->customer_id = ask->head.object_id;
    row->protected_until_s = ask->protected_until_s;
    if (text_copy(span_of_text(ask->number), row->number, sizeof row->number) < 0)
        return BILLING_ERR_CUSTOMER_NUMBER;
    if (text_copy(span_of_text(ask->name), row->name, sizeof row->name) < 0)
        return BILLING_ERR_NAME;
    if (text_copy(span_of_text(ask->name_initials), row->name_initials, sizeof row->name_initials) < 0)
        return BILLING_ERR_INITIALS;
    if (text_copy(span_of_text(ask->phones), row->phones, sizeof row->phones) < 0)
        return BILLING_ERR_PHONES;
    if (text_copy(span_of_text(ask->protected_reason), row->protected_reason, sizeof row->protected_reason) < 0)
        return BILLING_ERR_PROTECTION;
    return 0;
}

int core_customer_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_customer *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_customer row = { 0 };
    int result = customer_fill(ask, &row);

    if (result >= 0)
        result = billing_customer_create(core->billing, &scope, core->now_s, &row);
    if (result < 0)
        return result;
    reply->object_id = row.customer_id;
    return core_audit(core, &ask->head, "customer.create", "customer", row.customer_id, row.number);
}

_Static_assert(CORE_CUSTOMER_HAS_NAME == BILLING_CUSTOMER_NAME &&
               CORE_CUSTOMER_HAS_PROTECTED_REASON == BILLING_CUSTOMER_PROTECTED_REASON &&
               CORE_ACCOUNT_HAS_DEVICE == BILLING_ACCOUNT_DEVICE && CORE_ACCOUNT_HAS_GRACE == BILLING_ACCOUNT_GRACE &&
               CORE_ACCOUNT_HAS_FIRST_MONTH == BILLING_ACCOUNT_FIRST_MONTH,
               "field bits of api and billing agree");

int core_customer_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_customer *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_customer row = { 0 };
    int result = customer_fill(ask, &row);

    if (result >= 0)
        result = billing_customer_change(core->billing, &scope, ask->head.present, core->now_s, &row);
    reply->object_id = row.customer_id;
    return result < 0 ? result : core_audit(core, &ask->head, "customer.change", "customer", row.customer_id, "");
}

static int terms_fill(const struct core_account *ask, struct billing_account_terms *terms)
{
    *terms = (struct billing_account_terms){
        .customer_id = ask->customer_id,
        .tariff_id = ask->tariff_id,
        .area_id = ask->area_id,
        .low_balance_fen = ask->low_balance_fen,
        .overdraft_fen = ask->overdraft_fen,
        .restore_fen = ask->restore_fen,
        .device_id = (uint32_t)ask->device_id,
        .persons = ask->persons,
        .persons_from_day = ask->persons_from_day,
        .persons_until_day = ask->persons_until_day,
        .settlement_day = ask->settlement_day,
        .settlement_months = ask->settlement_months,
        .settlement_first_month = ask->settlement_first_month,
        .grace_h = ask->grace_h,
    };
    if (text_copy(span_of_text(ask->meter_holds), terms->meter_holds, sizeof terms->meter_holds) < 0)
        return BILLING_ERR_OWNER;
    return text_copy(span_of_text(ask->payment_mode), terms->payment_mode, sizeof terms->payment_mode) < 0
               ? BILLING_ERR_MODE : 0;
}

/* The defaults of table account, for terms that nobody gave. */
static void terms_complete(uint64_t present, struct billing_account_terms *terms)
{
    if ((present & CORE_ACCOUNT_HAS_LOW_BALANCE) == 0)
        terms->low_balance_fen = LOW_BALANCE_DEFAULT_FEN;
    if ((present & CORE_ACCOUNT_HAS_GRACE) == 0)
        terms->grace_h = GRACE_DEFAULT_H;
}

int core_account_open(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_account *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_account_terms terms;
    int result = terms_fill(ask, &terms);

    terms_complete(ask->head.present, &terms);
    if (result >= 0)
        result = billing_customer_admit(core->billing, &scope, ask->customer_id);
    if (result >= 0)
        result = billing_account_open(core->billing, &scope, core->now_s, &terms, &reply->object_id);
    return result < 0 ? result : core_audit(core, &ask->head, "account.open", "account", reply->object_id, "");
}

int core_account_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_account *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_account_terms terms;
    int result = terms_fill(ask, &terms);

    if (result >= 0)
        result = billing_account_change(core->billing, &scope, ask->head.object_id, ask->head.present, core->now_s,
                                        &terms);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "account.change", "account", reply->object_id, "");
}

static void payment_note(struct core *core, const struct billing_payment_result *result, struct core_reply *reply)
{
    const struct tenant_record *tenant = registry_tenant_find(core->registry, result->payment.tenant_id);
    int32_t zone_offset_s = tenant != NULL ? tenant->zone_offset_s : 0;

    if (result->payment.command_id == 0)
        return;
    command_window_text(result->awake, result->window_s, zone_offset_s, true, reply->note_zh, sizeof reply->note_zh);
    command_window_text(result->awake, result->window_s, zone_offset_s, false, reply->note_en, sizeof reply->note_en);
}

static void payment_publish(struct core *core, const struct core_payment *ask,
                            const struct billing_payment_result *result)
{
    if (result->repeated)
        return;
    core_live_add(core, ask->head.tenant_id, 0, LIVE_PAYMENT,
                  "{\"payment_id\":%lld,\"account_id\":%lld,\"amount_fen\":%lld}",
                  (long long)result->payment.payment_id, (long long)ask->account_id, (long long)ask->amount_fen);
}

int core_payment_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_payment *ask = request;
    struct billing_scope scope = core_money_scope(&ask->head);
    struct billing_payment_request wanted = { .account_id = ask->account_id, .amount_fen = ask->amount_fen };
    struct billing_payment_result taken;
    int result;

    if (text_copy(span_of_text(ask->method), wanted.method, sizeof wanted.method) < 0)
        return BILLING_ERR_METHOD;
    if (text_copy(span_of_text(ask->key), wanted.key, sizeof wanted.key) < 0)
        return BILLING_ERR_KEY;
    if (text_copy(span_of_text(ask->source), wanted.source, sizeof wanted.source) < 0)
        return BILLING_ERR_METHOD;
    result = billing_payment_take(core->billing, &scope, core->now_s, &wanted, &taken);
    if (result < 0)
        return result;
    reply->object_id = taken.payment.payment_id;
    reply->before_fen = taken.payment.before_fen;
    reply->balance_fen = taken.payment.balance_fen;
    reply->amount_fen = taken.payment.amount_fen;
    reply->command_id = taken.payment.command_id;
    reply->will_restore = taken.payment.will_restore;
    reply->repeated = taken.repeated;
    text_copy(span_of_text(taken.payment.receipt), reply->receipt, sizeof reply->receipt);
    payment_note(core, &taken, reply);
    payment_publish(core, ask, &taken);
    return core_audit(core, &ask->head, "payment.take", "payment", reply->object_id, taken.payment.receipt);
}
