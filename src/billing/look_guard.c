/* What is wrong with one account stops that account only. Nothing is guarded while all is well, because marks to go back to cost
 * time; once a piece of work was refused it goes again with each account's part in a step of its own, and the account that is
 * refused then is held with the reason. */
#include "billing/billing_internal.h"

#define CAREFUL_S 60      /* so long every account's part is a step, after a piece of work was refused */
#define WORK_REST_S 60    /* so long a piece of work rests that is refused even so */

static bool is_guarded(const struct billing_look *look)
{
    const struct billing *billing = look->billing;

    if (billing->step_open)
        return false;
    return !billing->batch_open || billing->careful || look->held_before != 0;
}

int billing_part_try(struct billing_look *look, int (*part)(struct billing_look *look))
{
    struct billing_account account = *look->account;
    struct billing_look before = *look;
    int error, ended;

    if (!is_guarded(look))
        return part(look);
    error = billing_step_begin(look->billing);
    if (error == 0)
        error = part(look);
    if (billing_error_of_store(error))
        return error;
    ended = error < 0 ? billing_step_revert(look->billing) : billing_step_keep(look->billing);
    if (ended < 0 || error >= 0)
        return ended < 0 ? ended : error;
    *look = before;
    *look->account = account;
    look->account->held_error = error;
    look->refused = true;
    return 0;
}

int billing_event_begin(struct billing *billing, bool *stepped)
{
    *stepped = !billing->step_open;
    return *stepped ? billing_step_begin(billing) : 0;
}

int billing_event_end(struct billing *billing, const struct billing_account *before, bool stepped, int error, int64_t now_s)
{
    struct billing_account account = *before;
    int ended;

    if (!stepped || billing_error_of_store(error))
        return error;
    ended = error < 0 ? billing_step_revert(billing) : billing_step_keep(billing);
    if (ended < 0 || error >= 0)
        return ended < 0 ? ended : error;
    account.held_error = error;
    if (account.look_s > now_s + BILLING_HELD_S)
        account.look_s = now_s + BILLING_HELD_S;
    ended = billing_journal(billing, &account, "settlement_held", billing_held_text(error), now_s);
    return ended < 0 ? ended : billing->store->account_update(billing->store->context, &account);
}

/* A clock that was set back prolongs nothing. */
static bool is_within(int64_t now_s, int64_t until_s, int64_t length_s)
{
    return now_s < until_s && until_s - now_s <= length_s;
}

int billing_work_do(struct billing *billing, enum billing_work work, int64_t now_s, int32_t limit,
                    int (*function)(struct billing *billing, int64_t now_s, int32_t limit))
{
    struct billing_work_state *state = &billing->work[work];
    int result;

    if (is_within(now_s, state->rest_until_s, WORK_REST_S))
        return 0;
    billing->careful = is_within(now_s, state->careful_until_s, CAREFUL_S);
    result = function(billing, now_s, limit);
    if (result < 0 && !billing_error_of_store(result)) {
        if (billing->careful)
            *state = (struct billing_work_state){ .rest_until_s = now_s + WORK_REST_S, .refused_by = result };
        else
            *state = (struct billing_work_state){ .careful_until_s = now_s + CAREFUL_S };
    }
    billing->careful = false;
    return result;
}

static const char *const work_names[BILLING_WORK_COUNT] = {
    [BILLING_WORK_NEWS] = "accounts of readings", [BILLING_WORK_OWED] = "accounts of a storm",
    [BILLING_WORK_HOLDS] = "pre-deductions",
    [BILLING_WORK_APPROVALS] = "approvals",       [BILLING_WORK_RUN] = "settlement runs",
    [BILLING_WORK_DRY_RUN] = "dry runs",          [BILLING_WORK_BANK] = "bank statements",
    [BILLING_WORK_ACCOUNTS] = "accounts",
};

const char *billing_work_refused(struct billing *billing, int *error)
{
    for (int work = 0; work < BILLING_WORK_COUNT; work++) {
        struct billing_work_state *state = &billing->work[work];

        if (state->refused_by != 0) {
            *error = state->refused_by;
            state->refused_by = 0;
            return work_names[work];
        }
    }
    return NULL;
}
