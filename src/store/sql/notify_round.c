#include "store/sql/notify_round.h"

#include "store/store_error.h"

void notify_round_clear(struct notify_round *round)
{
    notify_round_tenant(round, 0);
    round->area_id = 0;
    round->count_count = 0;
}

void notify_round_tenant(struct notify_round *round, uint32_t tenant_id)
{
    if (tenant_id != 0 && round->tenant_id == tenant_id)
        return;
    round->tenant_id = tenant_id;
    round->policy_known = round->waiting_known = false;
    for (int kind = 0; kind < NOTICE_KIND_COUNT; kind++)
        round->words[kind][NOTICE_CHINESE].known = round->words[kind][NOTICE_ENGLISH].known = false;
}

static int round_save(struct notify_round *round, void *target, size_t size)
{
    return undo_save(round->undo, target, size) == 0 ? 0 : STORE_ERR_MEMORY;
}

static struct notify_round_count *count_find(struct notify_round *round, uint32_t tenant_id, uint8_t channel, uint8_t state)
{
    for (uint32_t index = 0; index < round->count_count; index++) {
        struct notify_round_count *count = &round->counts[index];

        if (count->tenant_id == tenant_id && count->channel == channel && count->state == state)
            return count;
    }
    return NULL;
}

int notify_round_count_add(struct notify_round *round, uint32_t tenant_id, uint8_t channel, uint8_t state)
{
    struct notify_round_count *count = count_find(round, tenant_id, channel, state);
    bool is_new = count == NULL;

    if (is_new && round->count_count == NOTIFY_ROUND_COUNT_LIMIT)
        return 0;
    if (is_new)
        count = &round->counts[round->count_count];
    if (round_save(round, count, sizeof *count) < 0 || round_save(round, &round->count_count, sizeof round->count_count) < 0)
        return STORE_ERR_MEMORY;
    if (is_new) {
        *count = (struct notify_round_count){ tenant_id, channel, state, 0 };
        round->count_count++;
    }
    count->messages++;
    return 1;
}

int notify_round_counts_forget(struct notify_round *round)
{
    if (round_save(round, &round->count_count, sizeof round->count_count) < 0)
        return STORE_ERR_MEMORY;
    round->count_count = 0;
    round->waiting_known = false;
    return 0;
}

/* Taken back, it is asked again: whether the table still says so is not known then. */
int notify_round_waiting_know(struct notify_round *round, int64_t waiting)
{
    if (!round->waiting_known && round_save(round, &round->waiting_known, sizeof round->waiting_known) < 0)
        return STORE_ERR_MEMORY;
    round->waiting_known = true;
    round->waiting = waiting;
    return 0;
}

int64_t notify_round_waiting(const struct notify_round *round, uint32_t tenant_id)
{
    int64_t messages = 0;

    for (uint32_t index = 0; index < round->count_count; index++) {
        const struct notify_round_count *count = &round->counts[index];

        if (count->tenant_id == tenant_id && (count->state == MESSAGE_WAITING || count->state == MESSAGE_SENDING))
            messages += count->messages;
    }
    return messages;
}
