/* Midnights of a storm of reports, charged behind it in the order of meters: rows of neighbours share a page, which they do not when
 * each transaction charges whoever happened to report. What is owed is a bit a meter, in memory only: the midnight itself is what
 * lasts. After a start the walk finds whoever is behind a midnight that is a row, and the core says which still are in a log. */
#include <stdlib.h>
#include <string.h>

#include "billing/billing_internal.h"

#define WORD_DEVICES 64
#define WORDS_LEAST 64   /* grown by doubling */
#define CALM_S 2         /* so long after the last transaction of a storm everything owed is due */

bool billing_owes(const struct billing *billing, uint32_t device_id)
{
    const struct billing_owed *owed = &billing->owed;
    uint32_t word = device_id / WORD_DEVICES;

    return device_id != 0 && word < owed->word_count && (owed->words[word] >> device_id % WORD_DEVICES & 1) != 0;
}

uint32_t billing_owed_count(const struct billing *billing)
{
    return billing->owed.count;
}

/* returns whether there is a bit for the meter */
static bool words_reserve(struct billing_owed *owed, uint32_t device_id)
{
    uint32_t wanted = owed->word_count > 0 ? owed->word_count : WORDS_LEAST;

    while (wanted <= device_id / WORD_DEVICES)
        wanted *= 2;
    if (wanted == owed->word_count)
        return true;
    uint64_t *words = realloc(owed->words, wanted * sizeof *words);
    if (words == NULL)
        return false;
    memset(words + owed->word_count, 0, (wanted - owed->word_count) * sizeof *words);
    owed->words = words;
    owed->word_count = wanted;
    return true;
}

void billing_owed_add(struct billing *billing, uint32_t device_id)
{
    struct billing_owed *owed = &billing->owed;

    if (!words_reserve(owed, device_id)) {
        billing_walk_again(billing);
        return;
    }
    owed->count += !billing_owes(billing, device_id);
    owed->words[device_id / WORD_DEVICES] |= UINT64_C(1) << device_id % WORD_DEVICES;
    if (device_id / WORD_DEVICES >= owed->words_used)
        owed->words_used = device_id / WORD_DEVICES + 1;
}

void billing_owed_return(struct billing *billing)
{
    for (uint32_t index = 0; index < billing->owed.taken_count; index++)
        billing_owed_add(billing, billing->owed.taken[index]);
    billing->owed.taken_count = 0;
}

void billing_owed_note(struct billing *billing, int64_t now_s)
{
    struct billing_owed *owed = &billing->owed;

    for (uint32_t index = 0; index < billing->news_count; index++)
        billing_owed_add(billing, billing->news[index]);
    owed->storm_s = owed->now_s = now_s;
    billing->news_count = 0;
}

void billing_clock_tell(struct billing *billing, int64_t now_s)
{
    billing->owed.now_s = now_s;
}

/* How far the walk should have come: once around in BILLING_OWED_S; all of it when no storm is on, or the clock was set back. */
static void owed_pace(struct billing_owed *owed, int64_t now_s)
{
    bool storm = now_s >= owed->storm_s && now_s - owed->storm_s < CALM_S;

    if (!storm) {
        owed->words_due = owed->words_used;
    } else if (now_s != owed->paced_s) {
        int64_t seconds = now_s > owed->paced_s && now_s - owed->paced_s < BILLING_OWED_S ? now_s - owed->paced_s : 1;
        uint64_t due = owed->words_due + (uint64_t)seconds * (owed->words_used / BILLING_OWED_S + 1);

        owed->words_due = due < owed->words_used ? (uint32_t)due : owed->words_used;
    }
    owed->paced_s = now_s;
}

/* Take meters off, in their order, to the end of a word.
 * returns  how many stand at the end of `taken`, at most limit + WORD_DEVICES - 1 */
static uint32_t owed_take(struct billing_owed *owed, uint32_t limit)
{
    uint32_t *devices = owed->taken + owed->taken_count;
    uint32_t count = 0;

    while (owed->words_due > 0 && owed->count > 0 && count < limit) {
        uint32_t word = owed->at < owed->words_used ? owed->at : 0;

        for (uint64_t bits = owed->words[word]; bits != 0; bits &= bits - 1)
            devices[count++] = word * WORD_DEVICES + (uint32_t)__builtin_ctzll(bits);
        owed->count -= (uint32_t)__builtin_popcountll(owed->words[word]);
        owed->words[word] = 0;
        owed->at = word + 1;
        owed->words_due--;
    }
    owed->taken_count += count;
    return count;
}

/* returns how many meters were looked after; limit when more are due */
static int owed_work(struct billing *billing, int64_t now_s, int32_t limit)
{
    struct billing_owed *owed = &billing->owed;
    int32_t most = BILLING_OWED_TAKEN_LIMIT - BILLING_DUE_LIMIT;
    int32_t done = 0;

    owed_pace(owed, now_s);
    while (done < limit && done < most && owed->words_due > 0 && owed->count > 0) {
        uint32_t count = owed_take(owed, BILLING_DUE_LIMIT - WORD_DEVICES + 1);
        int result = billing_devices_look(billing, owed->taken + owed->taken_count - count, count, now_s);

        if (result < 0)
            return result;
        done += (int32_t)count;
    }
    return done < limit && done < most ? done : limit;
}

static int owed_batch(struct billing *billing, int64_t now_s, int32_t limit)
{
    billing_batch_begin(billing);
    return billing_batch_end(billing, owed_work(billing, now_s, limit));
}

int billing_owed_charge(struct billing *billing, int64_t now_s, int32_t limit)
{
    int result;

    billing_clock_tell(billing, now_s);
    billing->owed.taken_count = 0;
    if (billing->owed.count == 0)
        return 0;
    billing->policy_tenant_id = 0;
    result = billing_work_do(billing, BILLING_WORK_OWED, now_s, limit, owed_batch);
    billing->policy_tenant_id = 0;
    return result;
}

int billing_owed_settle(struct billing *billing, struct billing_account *account, int64_t now_s)
{
    int result;

    if (!billing_owes(billing, account->device_id) || billing_account_rests(account))
        return 0;
    result = billing_row_look(billing, account, now_s);
    billing->policy_tenant_id = 0;
    if (result >= 0)
        result = billing->store->account_read(billing->store->context, account->account_id, account);
    return result < 0 ? result : 0;
}
