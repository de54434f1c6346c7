#include "notify/outbox.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "notify/notify_error.h"

static void reason_set(struct message *message, const char *reason)
{
    struct span text = span_of_text(reason);

    text.size = text_utf8_cut(text, sizeof message->reason - 1);
    if (text_copy(text, message->reason, sizeof message->reason) < 0)
        message->reason[0] = '\0';
}

int64_t outbox_permitted_s(const struct notify_policy *policy, int64_t at_s)
{
    int32_t minute = calendar_second_of_day(at_s, policy->zone_offset_s) / 60;
    int64_t day = calendar_local_day(at_s, policy->zone_offset_s);

    if (policy->from_min >= policy->to_min || (minute >= policy->from_min && minute < policy->to_min))
        return at_s;
    if (minute >= policy->to_min)
        day++;
    return calendar_midnight(day, policy->zone_offset_s) + (int64_t)policy->from_min * 60;
}

static int message_end(const struct notify_store *store, struct message *message, enum message_state state,
                       const char *reason, int64_t now_s)
{
    message->state = (uint8_t)state;
    reason_set(message, reason);
    return store->message_write(store->context, message, now_s);
}

/* Whether it may leave at all: "" when it may. */
static int obstacle_find(const struct notify_store *store, const struct notify_policy *policy,
                         const struct message *message, int64_t now_s, const char **obstacle)
{
    int64_t midnight_s =
        calendar_midnight(calendar_local_day(now_s, policy->zone_offset_s), policy->zone_offset_s);
    int64_t count = 0;
    int result = store->messages_waiting(store->context, message->tenant_id, &count);

    *obstacle = count >= OUTBOX_WAITING_LIMIT ? "outbox_full" : "";
    if (result < 0 || **obstacle != '\0' || message->priority == MESSAGE_URGENT || policy->daily_limit == 0 ||
        (message->channel != MESSAGE_SMS && message->channel != MESSAGE_WECHAT))
        return result < 0 ? result : 0;
    result = store->messages_to(store->context, message->tenant_id, message->recipient, midnight_s, &count);
    if (count >= policy->daily_limit)
        *obstacle = "daily_limit";
    return result < 0 ? result : 0;
}

int outbox_room(const struct notify_store *store, uint32_t tenant_id)
{
    int64_t count = 0;
    int result = store->messages_waiting(store->context, tenant_id, &count);

    return result < 0 ? result : count < OUTBOX_MANY_LIMIT;
}

int outbox_put(const struct notify_store *store, const struct notify_policy *policy, uint32_t channels, int64_t now_s,
               struct message *message)
{
    const char *obstacle = "";
    int result = 0;

    message->created_s = now_s;
    message->due_s = message->priority == MESSAGE_URGENT ? now_s : outbox_permitted_s(policy, now_s);
    message->expires_s = message->due_s + MESSAGE_LIFE_S;
    message->state = MESSAGE_WAITING;
    if ((channels & MESSAGE_CHANNEL_BIT(message->channel)) == 0)
        message->state = MESSAGE_KEPT;
    else
        result = obstacle_find(store, policy, message, now_s, &obstacle);
    if (*obstacle != '\0') {
        message->state = MESSAGE_DEAD;
        reason_set(message, obstacle);
    }
    return result < 0 ? result : store->message_insert(store->context, message);
}

/* Take one over, unless it must not leave yet or any more. 1 taken; 0; negative. */
static int message_take(const struct notify_store *store, const char *provider, int64_t now_s, struct message *message)
{
    struct notify_policy policy;
    int result = store->policy_read(store->context, message->tenant_id, &policy);
    int64_t permitted_s;

    if (result < 0)
        return result;
    permitted_s = message->priority == MESSAGE_URGENT ? now_s : outbox_permitted_s(&policy, now_s);
    if (message->expires_s <= now_s)
        return message_end(store, message, MESSAGE_DEAD, message->reason[0] != '\0' ? message->reason : "expired", now_s);
    if (message->state == MESSAGE_SENDING && message->attempts >= MESSAGE_ATTEMPT_LIMIT)
        return message_end(store, message, MESSAGE_DEAD, "sender_vanished", now_s);
    if (permitted_s > now_s) {
        message->state = MESSAGE_WAITING;
        message->due_s = permitted_s;
        return store->message_write(store->context, message, now_s);
    }
    message->state = MESSAGE_SENDING;
    message->attempts++;
    message->due_s = now_s + MESSAGE_LEASE_S;
    (void)text_copy(span_of_text(provider), message->provider, sizeof message->provider);
    result = store->message_write(store->context, message, now_s);
    return result < 0 ? result : 1;
}

static int priority_take(const struct notify_store *store, const struct outbox_claim *claim,
                         enum message_priority priority, int64_t now_s, struct message out[], uint32_t *count)
{
    /* Every turn moves one message on, so the bound is one on work, not on what is handed out. */
    for (uint32_t turn = 0; turn < 4 * OUTBOX_CLAIM_LIMIT && *count < claim->limit; turn++) {
        struct message *message = &out[*count];
        int result = store->message_due(store->context, claim->channel, priority, claim->recipient, now_s, message);

        if (result > 0)
            result = message_take(store, claim->provider, now_s, message);
        else
            return result;
        if (result < 0)
            return result;
        if (message->state == MESSAGE_SENDING)
            (*count)++;
    }
    return 0;
}

int outbox_take(const struct notify_store *store, const struct outbox_claim *claim, int64_t now_s, struct message out[],
                uint32_t *count, int64_t *next_s)
{
    int result = claim->fresh ? store->provider_release(store->context, claim->provider, now_s) : 0;

    *count = 0;
    *next_s = 0;
    if (result >= 0)
        result = priority_take(store, claim, MESSAGE_URGENT, now_s, out, count);
    if (result >= 0)
        result = priority_take(store, claim, MESSAGE_ROUTINE, now_s, out, count);
    if (result >= 0)
        result = store->message_next_due(store->context, claim->channel, next_s);
    return result < 0 ? result : 0;
}

static int references_keep(const struct notify_store *store, const char *provider, const struct message_result *result)
{
    int kept = store->message_parts_write(store->context, result->message_id, result->parts,
                                          result->reference_count > 0 ? result->references[0] : "");

    for (uint32_t i = 0; kept >= 0 && i < result->reference_count && i < MESSAGE_PART_LIMIT; i++)
        kept = store->reference_insert(store->context, provider, result->references[i], result->message_id);
    return kept < 0 ? kept : 0;
}

static void message_wait(struct message *message, const struct message_result *result, int64_t now_s)
{
    int64_t wait_s = result->retry_after_s > 0 ? result->retry_after_s : message_backoff_s(message->attempts);

    message->state = MESSAGE_WAITING;
    message->due_s = now_s + wait_s;
    if (result->outcome == MESSAGE_OUT_THROTTLED && message->attempts > 0)
        message->attempts--;
    else if (message->attempts >= MESSAGE_ATTEMPT_LIMIT)
        message->state = MESSAGE_DEAD;
}

static void message_move(struct message *message, const struct message_result *result, int64_t now_s)
{
    switch (result->outcome) {
    case MESSAGE_OUT_SENT:
        message->state = MESSAGE_SENT;
        break;
    case MESSAGE_OUT_DELIVERED:
        message->state = MESSAGE_DELIVERED;
        break;
    case MESSAGE_OUT_UNDELIVERED:
        message->state = MESSAGE_FAILED;
        break;
    case MESSAGE_OUT_RETRY:
    case MESSAGE_OUT_THROTTLED:
        message_wait(message, result, now_s);
        break;
    default:
        message->state = MESSAGE_DEAD;
        break;
    }
}

int outbox_settle(const struct notify_store *store, const char *provider, const struct message_result *result,
                  int64_t now_s)
{
    struct message message;
    int done = store->message_read(store->context, result->message_id, &message);

    if (done <= 0 || message.state != MESSAGE_SENDING || strcmp(message.provider, provider) != 0)
        return done < 0 ? done : 0;
    reason_set(&message, result->reason);
    message.cost_e4 += result->cost_e4;
    message_move(&message, result, now_s);
    done = store->attempt_insert(store->context, &message, result->outcome, now_s);
    if (done >= 0)
        done = store->message_write(store->context, &message, now_s);
    if (done >= 0 && (result->outcome == MESSAGE_OUT_SENT || result->outcome == MESSAGE_OUT_DELIVERED))
        done = references_keep(store, provider, result);
    return done < 0 ? done : 0;
}

int outbox_receive(const struct notify_store *store, const char *provider, const struct message_receipt *receipt,
                   int64_t now_s)
{
    bool delivered = receipt->outcome == MESSAGE_OUT_DELIVERED;
    struct message message;
    int64_t message_id = 0, under_way = 0;
    int done = store->reference_deliver(store->context, provider, receipt->reference, &message_id, &under_way);

    if (done > 0)
        done = store->message_read(store->context, message_id, &message);
    if (done <= 0)
        return done;
    /* Of a long message every part must arrive; the first that does not decides. */
    if (message.state != MESSAGE_SENT || (delivered && under_way > 0))
        return 1;
    reason_set(&message, receipt->reason);
    message.state = delivered ? MESSAGE_DELIVERED : MESSAGE_FAILED;
    done = store->attempt_insert(store->context, &message, receipt->outcome, now_s);
    if (done >= 0)
        done = store->message_write(store->context, &message, now_s);
    return done < 0 ? done : 1;
}

int outbox_resend(const struct notify_store *store, uint32_t tenant_id, int64_t message_id, uint32_t channels,
                  int64_t now_s)
{
    struct message message;
    int found = store->message_read(store->context, message_id, &message);

    if (found < 0)
        return found;
    if (found == 0 || message.tenant_id != tenant_id)
        return NOTIFY_ERR_MESSAGE;
    if (message.state == MESSAGE_WAITING || message.state == MESSAGE_SENDING)
        return NOTIFY_ERR_UNDER_WAY;
    if ((channels & MESSAGE_CHANNEL_BIT(message.channel)) == 0)
        return NOTIFY_ERR_CHANNEL;
    message.state = MESSAGE_WAITING;
    message.attempts = 0;
    message.due_s = now_s;
    message.expires_s = now_s + MESSAGE_LIFE_S;
    message.reason[0] = '\0';
    found = store->message_write(store->context, &message, now_s);
    return found < 0 ? found : 0;
}

int outbox_expire(const struct notify_store *store, int64_t now_s)
{
    struct message message;
    int count = 0;

    while (count < OUTBOX_EXPIRY_LIMIT) {
        int found = store->message_expired(store->context, now_s, &message);

        if (found > 0)
            found = message_end(store, &message, MESSAGE_DEAD, message.reason[0] != '\0' ? message.reason : "expired",
                                now_s);
        else
            return found < 0 ? found : count;
        if (found < 0)
            return found;
        count++;
    }
    return count;
}
