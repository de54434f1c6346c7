/* The table of operations (people's are the api's own table): who executes what, and how its answer or refusal reaches the caller. */
#include <string.h>

#include "api/core_people.h"
#include "api/core_resident.h"
#include "apps/meterworks/house_error.h"
#include "apps/meterworks/core_internal.h"
#include "base/log.h"
#include "base/span.h"
#include "base/text.h"
#include "store/store_error.h"

static core_handler *const handlers[CORE_OPERATION_COUNT] = {
    [CORE_AREA_CREATE]        = core_area_create,
    [CORE_DEVICE_CREATE]      = core_device_create,
    [CORE_DEVICE_CHANGE]      = core_device_change,
    [CORE_DEVICE_EXCHANGE]    = core_device_exchange,
    [CORE_BALANCE_ZONE_CREATE] = core_balance_zone_create,
    [CORE_BALANCE_ZONE_CHANGE] = core_balance_zone_change,
    [CORE_BALANCE_ZONE_DELETE] = core_balance_zone_delete,
    [CORE_DEVICES_IMPORT]     = core_devices_import,
    [CORE_LINE_CREATE]        = core_line_create,
    [CORE_LINE_CHANGE]        = core_line_change,
    [CORE_LINE_CLOCK_SET]     = core_line_clock_set,
    [CORE_LINE_SEARCH]        = core_line_search,
    [CORE_LINE_SEARCH_CANCEL] = core_line_search_cancel,
    [CORE_ARCHIVE_SYNC]       = core_archive_sync,
    [CORE_SET_ASIDE_DECIDE]   = core_set_aside_decide,
    [CORE_COMMAND_REQUEST]    = core_command_ask,
    [CORE_COMMAND_CANCEL]     = core_command_withdraw,
    [CORE_EVENT_ACKNOWLEDGE]  = core_event_acknowledge,
    [CORE_CUSTOMER_CREATE]    = core_customer_create,
    [CORE_CUSTOMER_CHANGE]    = core_customer_change,
    [CORE_ACCOUNT_OPEN]       = core_account_open,
    [CORE_ACCOUNT_CHANGE]     = core_account_change,
    [CORE_TARIFF_CREATE]      = core_tariff_create,
    [CORE_TARIFF_VERSION_ADD] = core_tariff_version_add,
    [CORE_SETTLEMENT_RUN]     = core_settlement_run,
    [CORE_SETTLEMENT_PREVIEW] = core_settlement_preview,
    [CORE_PAYMENT_TAKE]       = core_payment_take,
    [CORE_TARIFF_DRAFT_CREATE] = core_tariff_draft_create,
    [CORE_TARIFF_DRAFT_CHANGE] = core_tariff_draft_change,
    [CORE_TARIFF_DRAFT_TRY]   = core_tariff_draft_try,
    [CORE_TARIFF_DRAFT_TRY_CANCEL] = core_tariff_draft_try_cancel,
    [CORE_TARIFF_DRAFT_ASK]   = core_tariff_draft_ask,
    [CORE_TARIFF_DRAFT_RELEASE] = core_tariff_draft_release,
    [CORE_TARIFF_DRAFT_REFUSE] = core_tariff_draft_refuse,
    [CORE_TARIFF_DRAFT_WITHDRAW] = core_tariff_draft_withdraw,
    [CORE_MEASURES_CHANGE]    = core_measures_change,
    [CORE_RUN_DRAFT]          = core_run_draft,
    [CORE_RUN_APPROVE]        = core_run_approve,
    [CORE_RUN_CANCEL]         = core_run_cancel,
    [CORE_RUN_REVERSE]        = core_run_reverse,
    [CORE_RUN_REVIEW]         = core_run_review,
    [CORE_RUN_SAMPLE]         = core_run_sample,
    [CORE_PAYMENT_ORDER_CREATE] = core_payment_order_create,
    [CORE_PAYMENT_ORDER_CANCEL] = core_payment_order_cancel,
    [CORE_PAYMENT_WORK_TAKE]  = core_payment_work_take,
    [CORE_PAYMENT_OUTCOME_TAKE] = core_payment_outcome_take,
    [CORE_GROUP_JOIN]         = core_group_join,
    [CORE_SHARE_SET]          = core_share_set,
    [CORE_BATCH_ASK]          = core_batch_ask,
    [CORE_BATCH_RELEASE]      = core_batch_release,
    [CORE_BATCH_STOP]         = core_batch_stop,
    [CORE_RECONCILIATION_ASK] = core_reconciliation_ask,
    [CORE_RECONCILIATION_DUE] = core_reconciliation_due,
    [CORE_RECONCILIATION_TAKE] = core_reconciliation_take,
    [CORE_DIFFERENCE_RESOLVE] = core_difference_resolve,
    [CORE_PAYMENT_REFUND_RESOLVE] = core_payment_refund_resolve,
    [CORE_CASH_SHIFT_OPEN]    = core_cash_shift_open,
    [CORE_CASH_SHIFT_COUNT]   = core_cash_shift_count,
    [CORE_CASH_SHIFT_CONFIRM] = core_cash_shift_confirm,
    [CORE_PAYMENT_UNDO_ASK]   = core_payment_undo_ask,
    [CORE_PAYMENT_UNDO_RELEASE] = core_payment_undo_release,
    [CORE_PAYMENT_UNDO_REFUSE] = core_payment_undo_refuse,
    [CORE_CASH_DEPOSIT]       = core_cash_deposit,
    [CORE_REFUND_ASK]         = core_refund_ask,
    [CORE_REFUND_PREVIEW]     = core_refund_preview,
    [CORE_REFUND_SETTLE]      = core_refund_settle,
    [CORE_APPROVAL_READ]      = core_approval_read,
    [CORE_APPROVAL_DECIDE]    = core_approval_decide,
    [CORE_BANK_CHECK]         = core_bank_check,
    [CORE_BANK_BOOK]          = core_bank_book,
    [CORE_BANK_CANCEL]        = core_bank_cancel,
    [CORE_BANK_ASSIGN]        = core_bank_assign,
    [CORE_BANK_RETURN]        = core_bank_return,
    [CORE_BANK_MAPPING_PUT]   = core_bank_mapping_put,
    [CORE_LATE_FEE_WAIVE]     = core_late_fee_waive,
    [CORE_METER_CARRY_ASK]    = core_meter_carry_ask,
    [CORE_CLOSING_ASK]        = core_closing_ask,
    [CORE_SHARE_BASIS_SET]    = core_share_basis_set,
    [CORE_UNIT_QUOTE]         = core_unit_quote,
    [CORE_DEPOSIT_KEEP]       = core_deposit_keep,
    [CORE_PAYMENT_MOVE_ASK]   = core_payment_move_ask,
    [CORE_HOLD_PLACE]         = core_hold_place,
    [CORE_HOLD_SETTLE]        = core_hold_settle,
    [CORE_PERIOD_CLOSE]       = core_period_close,
    [CORE_READING_TASK_CREATE] = core_reading_task_create,
    [CORE_READING_TASK_CANCEL] = core_reading_task_cancel,
    [CORE_DEVICE_READ]        = core_device_read,
    [CORE_REREAD]             = core_reread,
    [CORE_READING_PLAN_CREATE] = core_reading_plan_create,
    [CORE_READING_PLAN_CHANGE] = core_reading_plan_change,
    [CORE_READING_PLAN_DELETE] = core_reading_plan_delete,
    [CORE_MESSAGES_TAKE]      = core_messages_take,
    [CORE_MESSAGES_SETTLE]    = core_messages_settle,
    [CORE_MESSAGES_RECEIVE]   = core_messages_receive,
    [CORE_MESSAGE_RESEND]     = core_message_resend,
    [CORE_MESSAGE_TEST]       = core_message_test,
    [CORE_MESSAGE_TEMPLATE_PUT] = core_message_template_put,
    [CORE_MESSAGE_RECIPIENT_CREATE] = core_message_recipient_create,
    [CORE_MESSAGE_RECIPIENT_DELETE] = core_message_recipient_delete,
    [CORE_PARTNER_CREATE]     = core_partner_create,
    [CORE_PARTNER_CHANGE]     = core_partner_change,
    [CORE_PARTNER_TOKEN_ADD]  = core_partner_token_add,
    [CORE_PARTNER_TOKEN_REVOKE] = core_partner_token_revoke,
    [CORE_PARTNER_USED]       = core_partner_used,
    [CORE_PARTNER_CONTROL]    = core_partner_control,
    [CORE_WEBHOOK_CREATE]     = core_webhook_create,
    [CORE_WEBHOOK_CHANGE]     = core_webhook_change,
    [CORE_WEBHOOK_ROTATE]     = core_webhook_rotate,
    [CORE_WEBHOOK_TEST]       = core_webhook_test,
    [CORE_DOCUMENT_PRINT]     = core_document_print,
    [CORE_DOCUMENT_TEMPLATE_PUT] = core_document_template_put,
    [CORE_INVOICE_ASK]        = core_invoice_ask,
    [CORE_INVOICE_CANCEL]     = core_invoice_cancel,
    [CORE_INVOICE_RED_LETTER] = core_invoice_red_letter,
    [CORE_INVOICE_RETRY]      = core_invoice_retry,
    [CORE_INVOICE_WORK_TAKE]  = core_invoice_work_take,
    [CORE_INVOICE_ANSWER_TAKE] = core_invoice_answer_take,
};

const char *core_error_text(int error)
{
    return house_error_info(error)->text_en;
}

/* A store that fails, fails for everybody in this transaction. */
static bool is_store_error(int error)
{
    return store_error_info(error) != NULL;
}

static int call_refuse(struct core *core, struct core_call *call, int error)
{
    const struct error_info *info = house_error_info(error);
    struct error_info special = *info;

    if (core->problem.code[0] != '\0') {
        special.text_zh = core->problem.text_zh;
        special.text_en = core->problem.text_en;
    }
    counter_increment(&core->counters, CORE_CALLS_REFUSED);
    if (info->error == HOUSE_ERR_INTERNAL)
        log_write(LOG_APPLICATION, LOG_ERROR, "", "operation %d failed with %d", (int)call->operation, error);
    call->result = core_reply_refuse(call->reply, &special);
    if (core->problem.code[0] != '\0')
        text_copy(span_of_text(core->problem.field), call->reply->field, sizeof call->reply->field);
    return 0;
}

static int people_call(struct core *core, struct core_call *call)
{
    const struct core_setting *setting = call->request;
    int result = core_people_execute(&core->people_store, core->now_s, call->operation, call->request, call->reply);

    if (result < 0 || call->operation != CORE_SETTING_PUT || strncmp(setting->key, "cut_", strlen("cut_")) != 0)
        return result;
    return billing_cut_rules_changed(core->billing, setting->head.tenant_id, core->now_s);
}

static int call_hand_on(struct core *core, struct core_call *call)
{
    if (core_people_knows(call->operation))
        return people_call(core, call);
    if (core_resident_knows(call->operation))
        return core_resident_execute(&core->resident_store, core->now_s, call->operation, call->request, call->reply);
    return handlers[call->operation](core, call->request, call->reply);
}

int core_call_execute(struct core *core, struct core_call *call)
{
    size_t mark = undo_mark(core->undo);
    size_t live_count = core->live_count;
    size_t change_count = core->change_count;
    int result;

    counter_increment(&core->counters, CORE_CALLS);
    memset(call->reply, 0, sizeof *call->reply);
    core->problem.code[0] = '\0';
    if ((int)call->operation <= 0 || call->operation >= CORE_OPERATION_COUNT) {
        call->result = core_reply_refuse(call->reply, house_error_info(CORE_ERR_UNSUPPORTED));
        return 0;
    }
    result = store_savepoint(core->store);
    if (result < 0)
        return result;
    result = call_hand_on(core, call);
    if (result >= 0) {
        call->result = 0;
        return store_release(core->store);
    }
    if (is_store_error(result))
        return result;
    undo_revert(core->undo, mark);
    core->live_count = live_count;
    core->change_count = change_count;
    if (store_revert(core->store) < 0)
        return result;
    return call_refuse(core, call, result);
}

int core_scope(struct core *core, const struct core_request *head, struct registry_scope *scope)
{
    const char *slash = head->scope_path + strlen(head->scope_path);
    uint32_t area_id = 0;

    /* '/1/7/23/': the area is the last number. */
    if (slash != head->scope_path)
        slash--;
    while (slash > head->scope_path && slash[-1] != '/')
        slash--;
    for (; *slash >= '0' && *slash <= '9'; slash++)
        area_id = area_id * 10 + (uint32_t)(*slash - '0');
    return registry_scope_make(core->registry, head->tenant_id, area_id, scope);
}

int core_audit(struct core *core, const struct core_request *head, const char *action, const char *object_kind,
               int64_t object_id, const char *detail)
{
    struct people_caller caller = {
        .tenant_id = head->tenant_id,
        .person_id = head->person_id,
        .now_s = core->now_s,
        .wall_s = head->wall_s,
    };
    return audit_append(&core->people_store, &caller, action, object_kind, object_id, detail);
}
