#include "apps/meterworks/message_sender.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "base/span.h"
#include "base/text.h"

#define IDLE_WAIT_MS 10000
#define BUSY_WAIT_MS 50
#define FAILURE_WAIT_FIRST_MS 1000
#define FAILURE_WAIT_LIMIT_MS 60000

uint32_t sender_take(struct message_sender *sender, uint32_t limit)
{
    const struct core_port *core = &sender->ports->core;
    uint32_t count = 0;
    int64_t next_s = 0;
    struct core_messages_take ask = { .channel = sender->provider->kind->channel,
                                      .fresh = sender->fresh,
                                      .limit = limit < SENDER_ROUND_LIMIT ? limit : SENDER_ROUND_LIMIT,
                                      .out = sender->messages,
                                      .count = &count,
                                      .next_s = &next_s };
    struct core_reply reply;

    ask.head.wall_s = sender->ports->wall_s(sender->ports->clock_context);
    (void)text_copy(span_of_text(sender->provider->name), ask.provider, sizeof ask.provider);
    if (ask.channel == MESSAGE_WEBHOOK)
        (void)text_copy(span_of_text(sender->provider->name), ask.recipient, sizeof ask.recipient);
    if (core->call(core->context, CORE_MESSAGES_TAKE, &ask, &reply) < 0) {
        sender->next_s = 0;
        return 0;
    }
    sender->fresh = false;
    sender->next_s = next_s;
    for (uint32_t i = 0; i < count; i++)
        sender->results[i] = (struct message_result){ .message_id = sender->messages[i].message_id };
    return count;
}

void sender_settle(struct message_sender *sender, uint32_t count)
{
    const struct core_port *core = &sender->ports->core;
    struct core_messages_settle ask = { .results = sender->results, .count = count };
    struct core_reply reply;

    (void)text_copy(span_of_text(sender->provider->name), ask.provider, sizeof ask.provider);
    /* A store that refuses leaves them with this sender until their lease ends; then they are handed out again. */
    if (count > 0 && core->call(core->context, CORE_MESSAGES_SETTLE, &ask, &reply) < 0)
        log_write(LOG_NOTIFY, LOG_WARNING, sender->provider->name, "what became of %u messages could not be stored",
                  (unsigned)count);
}

void sender_receive(struct message_sender *sender, const struct message_receipt receipts[], uint32_t count)
{
    const struct core_port *core = &sender->ports->core;
    struct core_messages_receive ask = { .receipts = receipts, .count = count };
    struct core_reply reply;

    (void)text_copy(span_of_text(sender->provider->name), ask.provider, sizeof ask.provider);
    if (count > 0 && core->call(core->context, CORE_MESSAGES_RECEIVE, &ask, &reply) < 0)
        log_write(LOG_NOTIFY, LOG_WARNING, sender->provider->name, "%u receipts could not be stored", (unsigned)count);
}

static int failure_wait_ms(const struct message_sender *sender)
{
    int wait_ms = FAILURE_WAIT_FIRST_MS;

    for (int32_t i = 1; i < sender->failures && wait_ms < FAILURE_WAIT_LIMIT_MS; i++)
        wait_ms *= 2;
    return wait_ms < FAILURE_WAIT_LIMIT_MS ? wait_ms : FAILURE_WAIT_LIMIT_MS;
}

int sender_wait_ms(const struct message_sender *sender)
{
    const struct message_desk_ports *ports = sender->ports;
    int64_t speed = ports->speed(ports->clock_context);
    int64_t wait_ms = IDLE_WAIT_MS;

    if (sender->failures > 0)
        return failure_wait_ms(sender);
    if (sender->next_s > 0 && speed > 0)
        wait_ms = (sender->next_s * 1000 - ports->now_ms(ports->clock_context)) / speed;
    if (wait_ms < BUSY_WAIT_MS)
        return BUSY_WAIT_MS;
    return wait_ms < IDLE_WAIT_MS ? (int)wait_ms : IDLE_WAIT_MS;
}

static void signal_wait(struct message_sender *sender, int wait_ms)
{
    struct pollfd descriptor = { .fd = sender->notifier.descriptor, .events = POLLIN };

    if (!atomic_load(&sender->stopping) && poll(&descriptor, 1, wait_ms) > 0)
        sender->woken = true;
    notifier_drain(&sender->notifier);
}

void sender_wait(struct message_sender *sender, int wait_ms)
{
    if (!sender->woken)
        signal_wait(sender, wait_ms);
    sender->woken = false;
}

void sender_pause(struct message_sender *sender, int wait_ms)
{
    int64_t until_ms = sender_monotonic_ms() + wait_ms;
    int64_t left_ms;

    while (!atomic_load(&sender->stopping) && (left_ms = until_ms - sender_monotonic_ms()) > 0)
        signal_wait(sender, (int)left_ms);
}

int64_t sender_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sender_reached(struct message_sender *sender, bool reached, const char *reason)
{
    if (reached && sender->failures > 0)
        log_write(LOG_NOTIFY, LOG_NOTICE, sender->provider->name, "the provider answers again");
    if (!reached && sender->failures == 0)
        log_write(LOG_NOTIFY, LOG_WARNING, sender->provider->name, "the provider cannot be used: %s", reason);
    sender->failures = reached ? 0 : sender->failures + 1;
}
