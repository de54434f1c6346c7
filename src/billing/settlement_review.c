/* What a person looks at before a settlement is approved: drafts that stand out, and the bill behind each. */
#include "base/wide.h"
#include "billing/billing_internal.h"

#define JUMP_TIMES 3 /* more than so many times the usual use stands out */

int billing_draft_judge(struct billing_look *look, struct billing_draft *draft)
{
    const struct billing_store *store = look->billing->store;
    struct billing_bill bill;
    int found = store->bill_newest(store->context, look->account->account_id, &bill);

    if (found < 0)
        return found;
    if (found == 0 || bill.to_day <= bill.from_day || bill.usage_value < 0 ||
        wide_multiply_divide_round(bill.usage_value, draft->to_day - look->account->settled_day, bill.to_day - bill.from_day,
                                   &draft->usual_value) < 0)
        return 0;
    if (draft->usual_value > 0 && draft->usage_value == 0)
        draft->exception = BILLING_EXCEPTION_ZERO;
    else if (draft->usual_value > 0 && draft->usage_value / JUMP_TIMES > draft->usual_value)
        draft->exception = BILLING_EXCEPTION_JUMP;
    return 0;
}

/* The run's figures with the draft as it was taken out, or with it as it is now put in. */
static void draft_count(struct billing_run *run, const struct billing_draft *draft, int sign)
{
    bool billed = draft->held_error == 0;

    run->drafts += sign * billed;
    run->held += sign * !billed;
    run->draft_fen += billed ? sign * draft->amount_fen : 0;
    run->estimated += sign * (billed && draft->estimated);
    run->unreviewed += sign * (draft->exception != BILLING_EXCEPTION_NONE && draft->review == BILLING_REVIEW_OPEN);
}

static int one_review(struct billing *billing, struct billing_run *run, int64_t account_id, enum billing_review review)
{
    const struct billing_store *store = billing->store;
    struct billing_draft draft;
    int found = store->draft_read(store->context, run->run_id, account_id, &draft);

    if (found < 0)
        return found;
    if (found == 0 || (draft.held_error != 0 && draft.review != BILLING_REVIEW_HELD))
        return BILLING_ERR_REVIEW;
    draft_count(run, &draft, -1);
    draft.review = (uint8_t)review;
    draft.held_error = review == BILLING_REVIEW_HELD ? BILLING_ERR_REVIEW_HELD : 0;
    draft_count(run, &draft, 1);
    return store->draft_update(store->context, &draft);
}

int billing_run_review(struct billing *billing, const struct billing_scope *scope, int64_t run_id, int64_t account_id,
                       enum billing_exception exception, enum billing_review review, struct billing_run *out)
{
    const struct billing_store *store = billing->store;
    struct billing_run run;
    int32_t accepted = 0;
    int error = billing_run_load(billing, scope, run_id, &run);

    if (error < 0)
        return error;
    if (run.state != BILLING_RUN_READY)
        return BILLING_ERR_RUN_STATE;
    if (account_id != 0)
        error = one_review(billing, &run, account_id, review);
    else
        error = review == BILLING_REVIEW_ACCEPTED ? store->drafts_accept(store->context, run_id, exception, &accepted)
                                                  : BILLING_ERR_REVIEW;
    run.unreviewed -= accepted;
    if (error == 0)
        error = store->run_update(store->context, &run);
    if (error == 0)
        *out = run;
    return error;
}

int billing_run_sample(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t run_id,
                       int64_t account_id, struct billing_bill *bill, struct charge *charge)
{
    struct billing_run run;
    struct billing_account account;
    int64_t to_day;
    int error = billing_run_load(billing, scope, run_id, &run);

    if (error == 0)
        error = billing_account_load(billing, scope, account_id, &account);
    if (error < 0)
        return error;
    if (!billing_run_day(&run, &account, &to_day))
        return BILLING_ERR_SETTLED;
    return billing_bill_draft(billing, &account, to_day, now_s, (enum billing_estimate)run.estimate, bill, charge);
}
