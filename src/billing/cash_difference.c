/* A drawer whose count differs by more than the tenant's limit: another person decides about it. */
#include "base/text.h"
#include "billing/billing_internal.h"
#include "billing/case_internal.h"
#include "billing/cash_shift.h"

int billing_difference_ask(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           const struct cash_shift *shift)
{
    struct approval approval = { .kind = APPROVAL_CASH_DIFFERENCE, .object_id = shift->shift_id,
                                 .amount_fen = shift->difference_fen, .needs_other = true };

    (void)text_copy(span_of_text(shift->reason), approval.reason, sizeof approval.reason);
    (void)text_copy(span_of_text(shift->cashier_path), approval.area_path, sizeof approval.area_path);
    return billing_approval_ask(billing, scope, now_s, &approval);
}

static int shift_load(struct billing *billing, const struct approval *row, struct cash_shift *shift)
{
    const struct cash_store *cash = billing->config.cash;
    int found = cash->shift_read(cash->context, row->object_id, shift);

    if (found < 0)
        return found;
    return found == 0 || shift->tenant_id != row->tenant_id ? CASH_ERR_SHIFT : 0;
}

int billing_difference_figures(struct billing *billing, const struct approval *row, int64_t now_s,
                               struct approval_figures *out)
{
    struct cash_shift shift;
    int error = shift_load(billing, row, &shift);

    (void)now_s;
    if (error < 0)
        return error;
    approval_figure_add(out, "float", shift.float_fen);
    approval_figure_add(out, "cash_taken", shift.cash_fen);
    approval_figure_add(out, "counted", shift.counted_fen);
    approval_figure_add(out, "difference", shift.difference_fen);
    return shift.state == CASH_SHIFT_COUNTED ? 0 : CASH_ERR_SHIFT_STATE;
}

/* Neither who counted nor whose drawer it is. */
int billing_difference_approve(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                               const struct billing_decision *decision, const struct approval *row)
{
    struct cash_shift shift;
    int error = shift_load(billing, row, &shift);

    (void)decision;
    if (error == 0 && shift.state != CASH_SHIFT_COUNTED)
        error = CASH_ERR_SHIFT_STATE;
    if (error == 0 && (scope->person_id == shift.cashier || scope->person_id == shift.counted_by))
        error = CASH_ERR_SAME_PERSON;
    if (error < 0)
        return error;
    shift.confirmed_by = scope->person_id;
    return billing_shift_close(billing, &shift, now_s);
}
