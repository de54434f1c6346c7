/* The walk over all accounts, once after each midnight of a tenant, and after a start or a transaction that was taken back:
 * whoever is behind is looked at. So no account that is well needs a place in the queue of looks. */
#include "base/calendar.h"
#include "billing/billing_internal.h"

#define WALK_STRETCH 8192      /* identifiers read over in one query */
#define WALK_LOOK 16           /* identifiers read over cost as much as a look: 0.3 us each, and pages of the disk that nobody else wants */

void billing_walk_again(struct billing *billing)
{
    billing->walk.under_way = false;
    billing->walk.begin_s = INT64_MIN;
}

static int walk_begin(struct billing *billing)
{
    struct billing_walk *walk = &billing->walk;
    int error = billing->store->account_last(billing->store->context, &walk->last);

    walk->after = 0;
    walk->under_way = error >= 0;
    return error;
}

static int walk_end(struct billing *billing, int64_t now_s)
{
    struct billing_walk *walk = &billing->walk;

    walk->under_way = false;
    return billing->store->settlement_begin_next(billing->store->context, BILLING_SETTLE_SECOND, now_s, &walk->begin_s);
}

/* returns how many accounts were looked at, those read over counted by what they cost */
static int stretch_look(struct billing *billing, int64_t now_s)
{
    const struct billing_store *store = billing->store;
    struct billing_walk *walk = &billing->walk;
    bool is_last = walk->last - walk->after <= WALK_STRETCH;
    struct billing_range range = { .after = walk->after, .until = is_last ? walk->last : walk->after + WALK_STRETCH,
                                   .settle_second = BILLING_SETTLE_SECOND, .limit = BILLING_DUE_LIMIT };
    int count = store->accounts_behind(store->context, &range, now_s, billing->due);
    int error;

    if (count < 0)
        return count;
    walk->after = count == BILLING_DUE_LIMIT ? billing->due[count - 1].account_id : range.until;
    error = billing_rows_look(billing, billing->due, count, now_s);
    return error < 0 ? error : count + (int)((walk->after - range.after) / WALK_LOOK) + 1;
}

int billing_walk_go(struct billing *billing, int64_t now_s, int32_t limit)
{
    struct billing_walk *walk = &billing->walk;
    int32_t done = 0;
    int result = 0;

    if (!walk->under_way && now_s < walk->begin_s && walk->begin_s - now_s <= CALENDAR_DAY_S)
        return 0; /* farther off: the clock was ahead when that was said */
    if (!walk->under_way)
        result = walk_begin(billing);
    while (result >= 0 && done < limit && walk->after < walk->last) {
        result = stretch_look(billing, now_s);
        done += result;
    }
    if (result < 0)
        return result;
    if (walk->after < walk->last)
        return limit;
    result = walk_end(billing, now_s);
    return result < 0 ? result : done < limit ? done : limit;
}
