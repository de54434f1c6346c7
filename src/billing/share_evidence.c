/* What the cost of a public meter is shared by: fixed ratios, or what the meters behind it counted meanwhile (S1-020). */
#include "base/calendar.h"
#include "base/wide.h"
#include "billing/billing_internal.h"

#include <string.h>

#define MIDNIGHTS_BACK 62      /* an older reading says nothing about this use */
#define USE_GRAIN INT64_C(1000) /* of a register: Wh, litres, kJ; what weighs must fit its sums */

static const char *const basis_names[BILLING_SHARE_BASIS_COUNT] = {
    [BILLING_SHARE_BY_RATIO] = "ratio", [BILLING_SHARE_BY_USE] = "use", [BILLING_SHARE_BY_TIME] = "time",
};

const char *billing_share_basis_name(int basis)
{
    return basis >= 0 && basis < BILLING_SHARE_BASIS_COUNT ? basis_names[basis] : "unknown";
}

int billing_share_basis_of_name(const char *name)
{
    for (int basis = 0; basis < BILLING_SHARE_BASIS_COUNT; basis++)
        if (strcmp(basis_names[basis], name) == 0)
            return basis;
    return -1;
}

/* The newest midnight up to `day`: 1 and *value; 0 none. */
static int midnight_before(struct billing *billing, uint32_t device_id, int64_t day, int64_t *value)
{
    const struct billing_store *store = billing->store;
    int found = 0;

    for (int64_t back = 0; found == 0 && back < MIDNIGHTS_BACK; back++)
        found = store->midnight_read(store->context, device_id, day - back, value);
    return found;
}

static int value_at(struct billing_look *look, uint32_t device_id, enum billing_share_basis basis, int64_t day,
                    int64_t *value)
{
    const struct billing_share_store *shares = look->billing->config.shares;

    if (device_id == 0)
        return 0;
    if (basis == BILLING_SHARE_BY_USE)
        return midnight_before(look->billing, device_id, day, value);
    return shares->running_time_read(shares->context, device_id, calendar_midnight(day, look->account->zone_offset_s), value);
}

/* Midnights of the members may come after that of the public meter: as long as they may, they are waited for. */
static int is_waited_for(struct billing_look *look, const struct billing_share *shares, int32_t count, int64_t day)
{
    const struct billing_store *store = look->billing->store;
    int64_t value;

    if (look->settle_day - day >= BILLING_GAP_WAIT_DAYS)
        return 0;
    for (int32_t i = 0; i < count; i++) {
        int found = shares[i].device_id != 0 ? store->midnight_read(store->context, shares[i].device_id, day, &value) : 1;

        if (found != 1)
            return found < 0 ? found : 1;
    }
    return 0;
}

/* Where the meter stood when it shared last, and where it stands now: what came late counts the next time. */
static int part_measure(struct billing_look *look, const struct billing_share *share, const struct billing_share_run *run,
                        enum billing_share_basis basis, struct billing_share_part *part)
{
    const struct billing_share_store *shares = look->billing->config.shares;
    int found = value_at(look, share->device_id, basis, run->to_day, &part->to_value);
    int before;

    if (found <= 0)
        return found;
    before = shares->part_last(shares->context, run->public_account_id, share->account_id, basis, &part->from_value);
    if (before == 0)
        before = value_at(look, share->device_id, basis, run->from_day, &part->from_value);
    if (before == 0 || part->from_value > part->to_value)
        part->from_value = part->to_value;
    return before < 0 ? before : 0;
}

static int part_weigh(enum billing_share_basis basis, struct billing_share_part *part)
{
    int64_t grain = basis == BILLING_SHARE_BY_USE ? USE_GRAIN : 1;

    return wide_multiply_divide_truncate(part->to_value - part->from_value, part->ratio, grain, &part->weight) < 0
               ? RATING_ERR_RANGE : 0;
}

/* By what the meters counted. 1 somebody used something; 0 nobody did */
static int parts_measure(struct billing_look *look, const struct billing_share *shares, int32_t count,
                         struct billing_share_run *run, enum billing_share_basis basis, struct billing_share_part *parts)
{
    int error = 0;

    for (int32_t i = 0; error == 0 && i < count; i++) {
        error = part_measure(look, &shares[i], run, basis, &parts[i]);
        if (error == 0)
            error = part_weigh(basis, &parts[i]);
        if (error == 0 && wide_add(run->weight_total, parts[i].weight, &run->weight_total) < 0)
            error = RATING_ERR_RANGE;
    }
    run->basis = (uint8_t)basis;
    return error < 0 ? error : run->weight_total > 0;
}

int billing_share_weigh(struct billing_look *look, const struct billing_share *shares, int32_t count,
                        struct billing_share_run *run, struct billing_share_part *parts)
{
    const struct billing_share_store *store = look->billing->config.shares;
    int basis = store->basis_read(store->context, run->public_account_id);
    int result = basis < 0 ? basis : 0;

    run->weight_total = 0;
    for (int32_t i = 0; i < count; i++)
        parts[i] = (struct billing_share_part){ .account_id = shares[i].account_id, .ratio = shares[i].weight };
    if (basis == BILLING_SHARE_BY_USE) {
        result = is_waited_for(look, shares, count, run->to_day);
        look->retry = look->retry || result == 1;
        if (result != 0)
            return result < 0 ? result : 0;
    }
    if (basis > BILLING_SHARE_BY_RATIO)
        result = parts_measure(look, shares, count, run, (enum billing_share_basis)basis, parts);
    if (result != 0)
        return result;
    run->basis = BILLING_SHARE_BY_RATIO;
    for (int32_t i = 0; i < count; i++) {
        parts[i].weight = shares[i].weight;
        run->weight_total += shares[i].weight;
    }
    return 1;
}
