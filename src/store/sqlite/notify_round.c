#include "store/sqlite/notify_round.h"

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

bool notify_round_count_add(struct notify_round *round, uint32_t tenant_id, uint8_t channel, uint8_t state)
{
    for (uint32_t index = 0; index < round->count_count; index++) {
        struct notify_round_count *count = &round->counts[index];

        if (count->tenant_id == tenant_id && count->channel == channel && count->state == state) {
            count->messages++;
            return true;
        }
    }
    if (round->count_count == NOTIFY_ROUND_COUNT_LIMIT)
        return false;
    round->counts[round->count_count++] = (struct notify_round_count){ tenant_id, channel, state, 1 };
    return true;
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
