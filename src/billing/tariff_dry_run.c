/* What a drafted price would have cost the accounts of its tariff, by the readings of months that are over. */
#include "base/calendar.h"
#include "billing/billing_internal.h"
#include "billing/tariff_draft.h"

#define MONTHS_MAXIMUM 12
#define MIDNIGHT_LIMIT 32 /* of the months of a run and of the year of tiers before them */

/* Fen a month, both ways; a change of nothing has a bucket of its own. */
static const int64_t bucket_limits_fen[TARIFF_BUCKET_COUNT - 1] = { -5001, -2001, -1001, -501, -101, -1,
                                                                   0,     100,   500,   1000, 2000, 5000 };

int64_t tariff_bucket_limit_fen(int32_t index)
{
    return bucket_limits_fen[index];
}

/* A period of an account at one price. */
struct dry_period {
    int64_t from_day, to_day;
    int64_t from_value, to_value;
    int32_t months;
};

/* The midnights of an account that were looked for: the end of a period begins the next, and both prices ask for the same. */
struct dry_meter {
    const struct billing_account *account;
    int32_t count;
    struct {
        int64_t day, total_value;
        int found;
    } midnights[MIDNIGHT_LIMIT];
};

/* The register total at a midnight, of the meter that stood there then: 1; 0 none. */
static int total_find(struct billing *billing, const struct billing_account *account, int64_t day, int64_t *total_value)
{
    const struct billing_store *store = billing->store;
    const struct billing_measure_store *measures = billing->config.measures;
    int found = billing_midnight_read(billing, account, day, total_value);
    uint32_t before;

    if (found != 0 || measures == NULL)
        return found;
    found = measures->device_before(measures->context, account->device_id, &before);
    return found == 1 ? store->midnight_read(store->context, before, day, total_value) : found;
}

static int total_read(struct billing *billing, struct dry_meter *meter, int64_t day, int64_t *total_value)
{
    int64_t value = 0;
    int found;

    for (int32_t index = 0; index < meter->count; index++) {
        if (meter->midnights[index].day == day) {
            *total_value = meter->midnights[index].total_value;
            return meter->midnights[index].found;
        }
    }
    found = total_find(billing, meter->account, day, &value);
    if (found < 0)
        return found;
    if (meter->count < MIDNIGHT_LIMIT) {
        meter->midnights[meter->count].day = day;
        meter->midnights[meter->count].total_value = value;
        meter->midnights[meter->count++].found = found;
    }
    *total_value = value;
    return found;
}

/* What was used in the tier cycle before the period: from the cycle's first midnight, or the first of a month in it. */
static int used_read(struct billing *billing, struct dry_meter *meter, const struct tariff *tariff,
                     const struct dry_period *period, int64_t *used_value)
{
    int64_t day = tariff_cycle_start(tariff, period->to_day - 1);
    int found = 0;

    *used_value = 0;
    while (found == 0 && day < period->from_day) {
        int64_t first_value;

        found = total_read(billing, meter, day, &first_value);
        if (found == 1 && first_value <= period->from_value)
            *used_value = period->from_value - first_value;
        day = calendar_month_start_after(day, 1);
    }
    return found < 0 ? found : 0;
}

/* The period at one tariff, as a bill would charge it. */
static int period_charge(struct billing *billing, struct dry_meter *meter, const struct tariff *tariff,
                         const struct dry_period *period, int64_t *amount_fen)
{
    const struct billing_account *account = meter->account;
    struct charge_usage usage = billing_usage_of(account, tariff, period->to_day - 1);
    struct charge charge;
    int64_t used_value;
    int error = used_read(billing, meter, tariff, period, &used_value);

    if (error < 0)
        return error;
    usage.persons = billing_persons_of(account, period->from_day);
    usage.months = period->months;
    usage.used_e4 = billing_quantity_e4(tariff, used_value);
    usage.quantity_e4 = billing_quantity_e4(tariff, used_value + period->to_value - period->from_value) - usage.used_e4;
    if (tariff->period_count > 0)
        error = billing_periods_read(billing, account, tariff, period->from_day, period->to_day, &usage);
    if (error == 0)
        error = billing_measures_fill(billing, account, tariff, period->from_day, period->to_day,
                                      period->to_value - period->from_value, &usage);
    if (error == 0)
        error = charge_compute(tariff, &usage, &charge);
    if (error == 0)
        *amount_fen = charge.total_fen;
    return error;
}

/* Both prices of one period added to the account's row: 1; 0 a reading is missing; the reason it cannot be charged. */
static int period_add(struct billing *billing, struct dry_meter *meter, const struct tariff *drafted,
                      struct dry_period *period, struct tariff_draft_account *row)
{
    struct billing_tariff_version version;
    const struct tariff *present;
    int64_t present_fen = 0, draft_fen = 0;
    int found = total_read(billing, meter, period->from_day, &period->from_value);
    int error;

    if (found == 1)
        found = total_read(billing, meter, period->to_day, &period->to_value);
    if (found != 1)
        return found;
    if (period->to_value < period->from_value)
        return BILLING_ERR_BACKWARD;
    error = billing_tariff_on(billing, meter->account->tariff_id, period->to_day - 1, &version, &present);
    if (error == 0)
        error = period_charge(billing, meter, present, period, &present_fen);
    if (error == 0)
        error = period_charge(billing, meter, drafted, period, &draft_fen);
    if (error < 0)
        return error;
    row->months += period->months;
    row->usage_value += period->to_value - period->from_value;
    row->present_fen += present_fen;
    row->draft_fen += draft_fen;
    return 1;
}

/* The account's periods within the run, one after the other. returns 0, row->held_error says why nothing was charged */
static int account_charge(struct billing *billing, const struct billing_account *account, const struct tariff *drafted,
                          const struct tariff_dry_run *run, struct tariff_draft_account *row)
{
    struct dry_meter meter = { .account = account, .count = 0 };
    int64_t day = run->from_day;

    while (day < run->to_day) {
        struct dry_period period = { .from_day = day };
        int result;

        while (period.months < account->settlement_months && day < run->to_day) {
            day = calendar_month_start_after(day, 1);
            period.months++;
        }
        period.to_day = day;
        result = period_add(billing, &meter, drafted, &period, row);
        if (billing_error_of_store(result))
            return result;
        if (result < 0 && row->held_error == 0)
            row->held_error = result;
    }
    if (row->months == 0 && row->held_error == 0)
        row->held_error = BILLING_ERR_MIDNIGHT;
    if (row->months > 0)
        row->held_error = 0;
    return 0;
}

static int32_t bucket_of(int64_t change_fen)
{
    int32_t bucket = 0;

    while (bucket < TARIFF_BUCKET_COUNT - 1 && change_fen > bucket_limits_fen[bucket])
        bucket++;
    return bucket;
}

/* Halves away from nothing, so that more and less are treated alike. */
static int64_t change_a_month(const struct tariff_draft_account *row)
{
    int64_t change_fen = row->draft_fen - row->present_fen;
    int64_t half = row->months / 2;

    return (change_fen + (change_fen < 0 ? -half : half)) / row->months;
}

static void row_count(const struct billing_account *account, const struct tariff_draft_account *row, int64_t now_s,
                      struct tariff_dry_run *run)
{
    int64_t change_fen = row->draft_fen - row->present_fen;

    run->done++;
    if (row->months == 0) {
        run->skipped++;
        return;
    }
    run->present_fen += row->present_fen;
    run->draft_fen += row->draft_fen;
    run->more += change_fen > 0;
    run->less += change_fen < 0;
    run->protected_more += change_fen > 0 && account->protected_until_s > now_s;
    run->buckets[bucket_of(change_a_month(row))]++;
}

static int account_try(struct billing *billing, struct tariff_draft *draft, const struct tariff *drafted,
                       const struct billing_account *account, int64_t now_s)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft_account row = { .tariff_draft_id = draft->tariff_draft_id, .account_id = account->account_id,
                                        .run_number = draft->run.number };
    int error = account_charge(billing, account, drafted, &draft->run, &row);

    if (error == 0)
        error = drafts->account_put(drafts->context, &row);
    if (error < 0)
        return error;
    row_count(account, &row, now_s, &draft->run);
    draft->run.next_account_id = row.account_id + 1;
    return 0;
}

/* The accounts of one query. returns how many there were; fewer than `limit`: they were the last */
static int slice_try(struct billing *billing, struct tariff_draft *draft, const struct tariff *drafted, int64_t now_s,
                     int32_t limit)
{
    const struct billing_store *store = billing->store;
    int count = store->accounts_of_tariff(store->context, draft->tariff_id, draft->run.next_account_id, draft->run.to_day,
                                          limit, billing->due);

    for (int index = 0; index < count; index++) {
        int error = account_try(billing, draft, drafted, &billing->due[index], now_s);

        if (error < 0)
            return error;
    }
    return count;
}

/* returns 1 there may be more, and next_account_id says where; 0 it was the last */
static int slices_try(struct billing *billing, struct tariff_draft *draft, const struct tariff *drafted, int64_t now_s,
                      int32_t limit)
{
    int32_t done = 0;

    while (done < limit) {
        int32_t wanted = limit - done < BILLING_DUE_LIMIT ? limit - done : BILLING_DUE_LIMIT;
        int count = slice_try(billing, draft, drafted, now_s, wanted);

        if (count < wanted)
            return count < 0 ? count : 0;
        done += count;
    }
    return 1;
}

int billing_dry_run_continue(struct billing *billing, int64_t now_s, int32_t limit)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft draft;
    struct tariff drafted;
    int found = drafts == NULL ? 0 : drafts->running(drafts->context, &draft);

    if (found == 1)
        found = drafts->document_read(drafts->context, draft.tariff_draft_id, billing->document, sizeof billing->document);
    if (found <= 0)
        return found;
    found = tariff_parse_stored(span_of_text(billing->document), &drafted);
    if (found < 0)
        return found;
    billing_batch_begin(billing);
    found = billing_batch_end(billing, slices_try(billing, &draft, &drafted, now_s, limit));
    if (found < 0)
        return found;
    if (found == 0) {
        draft.run.state = TARIFF_RUN_DONE;
        draft.run.finished_s = now_s;
    }
    found = drafts->update(drafts->context, &draft);
    return found < 0 ? found : 1;
}

int billing_dry_run_start(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                          int64_t tariff_draft_id, int32_t months)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct billing_policy policy;
    struct tariff_draft draft;
    int error = billing_draft_load(billing, scope, tariff_draft_id, &draft);

    if (error == 0 && draft.state != TARIFF_DRAFT_OPEN && draft.state != TARIFF_DRAFT_ASKED)
        error = BILLING_ERR_DRAFT_STATE;
    if (error == 0 && (months < 1 || months > MONTHS_MAXIMUM))
        error = BILLING_ERR_MONTHS;
    if (error == 0)
        error = billing_policy_read(billing, scope->tenant_id, &policy);
    if (error < 0)
        return error;
    draft.run = (struct tariff_dry_run){ .number = draft.run.number + 1, .started_s = now_s, .state = TARIFF_RUN_RUNNING };
    draft.run.to_day = calendar_month_start(calendar_local_day(now_s, policy.arrears.zone_offset_s));
    draft.run.from_day = calendar_month_start_after(draft.run.to_day, -months);
    error = drafts->account_count(drafts->context, draft.tariff_id, &draft.run.total);
    return error < 0 ? error : drafts->update(drafts->context, &draft);
}

int billing_dry_run_cancel(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                           int64_t tariff_draft_id)
{
    const struct tariff_draft_store *drafts = billing->config.drafts;
    struct tariff_draft draft;
    int error = billing_draft_load(billing, scope, tariff_draft_id, &draft);

    if (error < 0)
        return error;
    if (draft.run.state != TARIFF_RUN_RUNNING)
        return BILLING_ERR_DRAFT_STATE;
    draft.run.state = TARIFF_RUN_CANCELLED;
    draft.run.finished_s = now_s;
    return drafts->update(drafts->context, &draft);
}
