#include "ledger/ledger_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SLOT_COUNT (LEDGER_CACHE_LIMIT * 2)
#define NAME_LIMIT 64 /* accounts found by name */
#define SPAN_LIMIT 16
#define WAITING_LIMIT 256 /* transfers written together */

/* What is known of the account of the same number. */
struct mark {
    uint32_t step; /* in which it was changed last */
    bool changed;
};

struct before {
    struct ledger_account account;
    uint32_t number;
    bool changed;
};

struct ledger_cache {
    struct ledger_store store;
    const struct ledger_store *behind;
    uint32_t count, before_count, name_count, span_count;
    uint32_t step; /* 0: none is open; else its number */
    uint32_t step_last;
    uint32_t closed_tenant_id; /* 0: nobody's closing is known */
    int64_t closed_until_s;
    uint32_t names[NAME_LIMIT];  /* account numbers */
    struct ledger_span spans[SPAN_LIMIT];
    int64_t transfer_last;       /* the newest, waiting ones among them; 0: not known */
    uint32_t waiting_count;
    struct ledger_transfer waiting[WAITING_LIMIT];
    uint16_t slots[SLOT_COUNT];  /* account number + 1; 0 empty */
    struct ledger_account accounts[LEDGER_CACHE_LIMIT];
    struct mark marks[LEDGER_CACHE_LIMIT];
    struct before befores[LEDGER_CACHE_LIMIT];
};

_Static_assert(LEDGER_CACHE_LIMIT < UINT16_MAX, "slots hold account numbers");

static uint16_t *slot_find(struct ledger_cache *cache, int64_t ledger_account_id)
{
    uint64_t hash = (uint64_t)ledger_account_id * UINT64_C(0x9e3779b97f4a7c15);

    for (uint64_t index = hash >> 32;; index++) {
        uint16_t *slot = &cache->slots[index % SLOT_COUNT];

        if (*slot == 0 || cache->accounts[*slot - 1].ledger_account_id == ledger_account_id)
            return slot;
    }
}

static struct ledger_account *known_find(struct ledger_cache *cache, int64_t ledger_account_id)
{
    uint16_t slot = *slot_find(cache, ledger_account_id);

    return slot == 0 ? NULL : &cache->accounts[slot - 1];
}

static uint32_t number_of(const struct ledger_cache *cache, const struct ledger_account *known)
{
    return (uint32_t)(known - cache->accounts);
}

/* What comes when the cache is full is not kept. */
static void known_add(void *context, const struct ledger_account *account)
{
    struct ledger_cache *cache = context;
    uint16_t *slot = slot_find(cache, account->ledger_account_id);

    if (*slot != 0 || cache->count == LEDGER_CACHE_LIMIT)
        return;
    cache->accounts[cache->count] = *account;
    cache->marks[cache->count] = (struct mark){ 0 };
    *slot = (uint16_t)++cache->count;
}

static int account_read(void *context, int64_t ledger_account_id, struct ledger_account *out)
{
    struct ledger_cache *cache = context;
    const struct ledger_account *known = known_find(cache, ledger_account_id);
    int found;

    if (known != NULL) {
        *out = *known;
        return 1;
    }
    found = cache->behind->account_read(cache->behind->context, ledger_account_id, out);
    if (found == 1)
        known_add(cache, out);
    return found;
}

static bool name_is(const struct ledger_account *account, uint32_t tenant_id, enum ledger_account_kind kind, const char *name)
{
    return account->tenant_id == tenant_id && account->kind == kind && strcmp(account->name, name) == 0;
}

static int account_find(void *context, uint32_t tenant_id, enum ledger_account_kind kind, const char *name,
                        struct ledger_account *out)
{
    struct ledger_cache *cache = context;
    const struct ledger_account *known;
    int found;

    for (uint32_t index = 0; index < cache->name_count; index++) {
        known = &cache->accounts[cache->names[index]];
        if (name_is(known, tenant_id, kind, name)) {
            *out = *known;
            return 1;
        }
    }
    found = cache->behind->account_find(cache->behind->context, tenant_id, kind, name, out);
    if (found != 1)
        return found;
    found = account_read(cache, out->ledger_account_id, out);
    known = known_find(cache, out->ledger_account_id);
    if (known != NULL && cache->name_count < NAME_LIMIT)
        cache->names[cache->name_count++] = number_of(cache, known);
    return found;
}

static int account_insert(void *context, struct ledger_account *account)
{
    struct ledger_cache *cache = context;
    int error = cache->behind->account_insert(cache->behind->context, account);
    struct ledger_account *known = error < 0 ? NULL : known_find(cache, account->ledger_account_id);

    /* A step that was taken back may have left the number of an account of its own. */
    if (known != NULL) {
        *known = *account;
        cache->marks[number_of(cache, known)] = (struct mark){ 0 };
    }
    return error;
}

static int account_update(void *context, const struct ledger_account *account)
{
    struct ledger_cache *cache = context;
    struct ledger_account *known = known_find(cache, account->ledger_account_id);
    uint32_t number;
    struct mark *mark;

    if (known == NULL)
        return cache->behind->account_update(cache->behind->context, account);
    number = number_of(cache, known);
    mark = &cache->marks[number];
    if (cache->step != 0 && mark->step != cache->step) {
        cache->befores[cache->before_count++] = (struct before){ *known, number, mark->changed };
        mark->step = cache->step;
    }
    *known = *account;
    mark->changed = true;
    return 0;
}

static int waiting_write(struct ledger_cache *cache)
{
    const struct ledger_store *behind = cache->behind;
    int error = 0;

    if (cache->waiting_count > 0)
        error = behind->transfers_append(behind->context, cache->waiting, cache->waiting_count);
    if (error >= 0)
        cache->waiting_count = 0;
    return error;
}

static int transfer_read(void *context, int64_t transfer_id, struct ledger_transfer *out)
{
    struct ledger_cache *cache = context;
    int error = waiting_write(cache);

    return error < 0 ? error : cache->behind->transfer_read(cache->behind->context, transfer_id, out);
}

/* What waits has no key and corrects nothing: it is not what these look for. */
static int transfer_find_key(void *context, const char *key, struct ledger_transfer *out)
{
    struct ledger_cache *cache = context;

    return cache->behind->transfer_find_key(cache->behind->context, key, out);
}

static int transfer_find_reversal(void *context, int64_t reverses, struct ledger_transfer *out)
{
    struct ledger_cache *cache = context;

    return cache->behind->transfer_find_reversal(cache->behind->context, reverses, out);
}

static int transfer_insert_now(struct ledger_cache *cache, struct ledger_transfer *transfer)
{
    int error = waiting_write(cache);

    if (error >= 0)
        error = cache->behind->transfer_insert(cache->behind->context, transfer);
    if (error >= 0)
        cache->transfer_last = transfer->transfer_id;
    return error;
}

static int transfer_insert(void *context, struct ledger_transfer *transfer)
{
    struct ledger_cache *cache = context;
    int error = 0;

    if (transfer->key[0] != '\0' || transfer->reverses != 0)
        return transfer_insert_now(cache, transfer);
    if (cache->transfer_last == 0)
        error = cache->behind->transfer_last(cache->behind->context, &cache->transfer_last);
    if (error >= 0 && cache->waiting_count == WAITING_LIMIT)
        error = waiting_write(cache);
    if (error < 0)
        return error;
    transfer->transfer_id = ++cache->transfer_last;
    cache->waiting[cache->waiting_count++] = *transfer;
    return 0;
}

static int transfers_append(void *context, const struct ledger_transfer *transfers, uint32_t count)
{
    struct ledger_cache *cache = context;
    int error = waiting_write(cache);

    if (error >= 0)
        error = cache->behind->transfers_append(cache->behind->context, transfers, count);
    cache->transfer_last = 0;
    return error;
}

static int transfer_last(void *context, int64_t *transfer_id)
{
    struct ledger_cache *cache = context;
    int error = waiting_write(cache);

    return error < 0 ? error : cache->behind->transfer_last(cache->behind->context, transfer_id);
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A span that is too wide, because a step was taken back, only makes a search look at a block in vain. */
static int span_widen(void *context, const struct ledger_span *span)
{
    struct ledger_cache *cache = context;

    for (uint32_t index = cache->span_count; index-- > 0;) {
        struct ledger_span *known = &cache->spans[index];

        if (known->block != span->block)
            continue;
        known->at_from_s = smaller(known->at_from_s, span->at_from_s);
        known->at_to_s = larger(known->at_to_s, span->at_to_s);
        known->value_from_s = smaller(known->value_from_s, span->value_from_s);
        known->value_to_s = larger(known->value_to_s, span->value_to_s);
        return 0;
    }
    if (cache->span_count == SPAN_LIMIT)
        return cache->behind->span_widen(cache->behind->context, span);
    cache->spans[cache->span_count++] = *span;
    return 0;
}

static int hold_read(void *context, int64_t hold_id, struct ledger_hold *out)
{
    struct ledger_cache *cache = context;

    return cache->behind->hold_read(cache->behind->context, hold_id, out);
}

static int hold_find_key(void *context, const char *key, struct ledger_hold *out)
{
    struct ledger_cache *cache = context;

    return cache->behind->hold_find_key(cache->behind->context, key, out);
}

static int hold_expired(void *context, int64_t now_s, struct ledger_hold *out)
{
    struct ledger_cache *cache = context;

    return cache->behind->hold_expired(cache->behind->context, now_s, out);
}

static int hold_insert(void *context, struct ledger_hold *hold)
{
    struct ledger_cache *cache = context;

    return cache->behind->hold_insert(cache->behind->context, hold);
}

static int hold_update(void *context, const struct ledger_hold *hold)
{
    struct ledger_cache *cache = context;

    return cache->behind->hold_update(cache->behind->context, hold);
}

static int closed_until(void *context, uint32_t tenant_id, int64_t *until_s)
{
    struct ledger_cache *cache = context;
    int error = 0;

    if (cache->closed_tenant_id != tenant_id) {
        error = cache->behind->closed_until(cache->behind->context, tenant_id, &cache->closed_until_s);
        cache->closed_tenant_id = error < 0 ? 0 : tenant_id;
    }
    *until_s = cache->closed_until_s;
    return error;
}

static int period_sums(void *context, struct ledger_closing *closing)
{
    struct ledger_cache *cache = context;
    int error = waiting_write(cache);

    return error < 0 ? error : cache->behind->period_sums(cache->behind->context, closing);
}

static int closing_insert(void *context, const struct ledger_closing *closing)
{
    struct ledger_cache *cache = context;

    cache->closed_tenant_id = 0;
    return cache->behind->closing_insert(cache->behind->context, closing);
}

static int accounts_walk(void *context, uint32_t tenant_id,
                         int (*visit)(void *visitor, const struct ledger_account *account,
                                      const struct ledger_sums *sums),
                         void *visitor)
{
    struct ledger_cache *cache = context;
    int error = waiting_write(cache);

    return error < 0 ? error : cache->behind->accounts_walk(cache->behind->context, tenant_id, visit, visitor);
}

struct ledger_cache *ledger_cache_open(const struct ledger_store *store)
{
    struct ledger_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return NULL;
    cache->behind = store;
    cache->store = (struct ledger_store){
        .context = cache,
        .account_read = account_read,
        .account_find = account_find,
        .account_insert = account_insert,
        .account_update = account_update,
        .transfer_read = transfer_read,
        .transfer_find_key = transfer_find_key,
        .transfer_find_reversal = transfer_find_reversal,
        .transfer_insert = transfer_insert,
        .transfers_append = transfers_append,
        .transfer_last = transfer_last,
        .span_widen = span_widen,
        .hold_read = hold_read,
        .hold_find_key = hold_find_key,
        .hold_expired = hold_expired,
        .hold_insert = hold_insert,
        .hold_update = hold_update,
        .closed_until = closed_until,
        .period_sums = period_sums,
        .closing_insert = closing_insert,
        .accounts_walk = accounts_walk,
    };
    return cache;
}

void ledger_cache_close(struct ledger_cache *cache)
{
    free(cache);
}

const struct ledger_store *ledger_cache_store(const struct ledger_cache *cache)
{
    return &cache->store;
}

int ledger_cache_prime(struct ledger_cache *cache, const int64_t ledger_account_ids[], uint32_t count)
{
    return cache->behind->accounts_read(cache->behind->context, ledger_account_ids, count, known_add, cache);
}

int ledger_cache_step_begin(struct ledger_cache *cache)
{
    int error = waiting_write(cache);

    assert(cache->step == 0);
    if (error < 0)
        return error;
    cache->step = ++cache->step_last;
    cache->before_count = 0;
    return 0;
}

void ledger_cache_step_keep(struct ledger_cache *cache)
{
    cache->step = 0;
}

/* Accounts that came in the step were read, or opened, behind the mark that the store goes back to. */
void ledger_cache_step_revert(struct ledger_cache *cache)
{
    while (cache->before_count > 0) {
        const struct before *before = &cache->befores[--cache->before_count];

        cache->accounts[before->number] = before->account;
        cache->marks[before->number] = (struct mark){ .changed = before->changed };
    }
    cache->name_count = 0;
    cache->waiting_count = 0;
    cache->transfer_last = 0;
    cache->step = 0;
}

/* The changed accounts, moved together: no slot leads to its account any more, which is why all is forgotten then. */
static uint32_t changed_gather(struct ledger_cache *cache)
{
    uint32_t count = 0;

    for (uint32_t index = 0; index < cache->count; index++) {
        if (!cache->marks[index].changed)
            continue;
        if (index != count)
            cache->accounts[count] = cache->accounts[index];
        count++;
    }
    return count;
}

int ledger_cache_flush(struct ledger_cache *cache)
{
    const struct ledger_store *behind = cache->behind;
    int error = waiting_write(cache);

    assert(cache->step == 0);
    if (error >= 0)
        error = behind->accounts_update(behind->context, cache->accounts, changed_gather(cache));
    for (uint32_t index = 0; error >= 0 && index < cache->span_count; index++)
        error = behind->span_widen(behind->context, &cache->spans[index]);
    if (error < 0)
        return error;
    ledger_cache_drop(cache);
    return 0;
}

void ledger_cache_drop(struct ledger_cache *cache)
{
    memset(cache->slots, 0, sizeof cache->slots);
    cache->count = 0;
    cache->name_count = 0;
    cache->span_count = 0;
    cache->waiting_count = 0;
    cache->transfer_last = 0;
    cache->before_count = 0;
    cache->step = 0;
    cache->closed_tenant_id = 0;
}
