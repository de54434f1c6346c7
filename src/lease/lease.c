#include "lease/lease.h"

#include <string.h>

const char *lease_error_text(int error)
{
#define LEASE_ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        LEASE_ERRORS(LEASE_ERROR_CASE)
    default:
        return "unknown error";
    }
#undef LEASE_ERROR_CASE
}

int lease_begin(struct lease *lease, const struct lease_store *store, uint32_t shard, const char *owner)
{
    size_t size = strlen(owner);

    if (size == 0 || size >= sizeof lease->owner)
        return LEASE_ERR_OWNER;
    *lease = (struct lease){ .store = store, .shard = shard };
    memcpy(lease->owner, owner, size);
    return 0;
}

static bool row_is_same(const struct lease_row *a, const struct lease_row *b)
{
    return a->epoch == b->epoch && a->beat == b->beat && strcmp(a->owner, b->owner) == 0;
}

/* Free, ours from a life before, or quiet for as long as we have watched. */
static bool may_be_taken(const struct lease *lease, int64_t now_ms)
{
    return lease->seen.owner[0] == '\0' || strcmp(lease->seen.owner, lease->owner) == 0 ||
           now_ms - lease->seen_ms >= LEASE_QUIET_MS;
}

int lease_look(struct lease *lease, int64_t now_ms)
{
    const struct lease_store *store = lease->store;
    struct lease_row row = { 0 };
    int result = store->read(store->context, lease->shard, &row);

    if (result < 0)
        return result;
    if (!lease->has_looked || !row_is_same(&row, &lease->seen)) {
        lease->seen = row;
        lease->seen_ms = now_ms;
        lease->has_looked = true;
    }
    if (!may_be_taken(lease, now_ms))
        return 0;
    result = store->take(store->context, lease->shard, &lease->seen, lease->owner);
    if (result == 1)
        lease->epoch = row.epoch + 1;
    return result;
}

int lease_prove(struct lease *lease)
{
    const struct lease_store *store = lease->store;
    int result = lease->epoch == 0 ? 0 : store->beat(store->context, lease->shard, lease->epoch);

    if (result < 0)
        return result;
    if (result == 0)
        lease->epoch = 0;
    return result == 1 ? 0 : LEASE_ERR_LOST;
}

int lease_give_back(struct lease *lease)
{
    const struct lease_store *store = lease->store;
    uint64_t epoch = lease->epoch;

    lease->epoch = 0;
    return epoch == 0 ? 0 : store->give_back(store->context, lease->shard, epoch);
}
