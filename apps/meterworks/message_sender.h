/* What the senders of one provider share: their thread, their calls to the core, and waiting. Internal to the program. */
#ifndef APPS_METERWORKS_MESSAGE_SENDER_H
#define APPS_METERWORKS_MESSAGE_SENDER_H

#include <pthread.h>
#include <stdatomic.h>

#include "apps/meterworks/message_desk.h"
#include "wire/notifier.h"

#define SENDER_ROUND_LIMIT 16 /* messages a sender has at once */
#define SENDER_STOP_MS 3000   /* for what is under way when the program ends */

struct message_sender {
    const struct provider *provider;
    const struct message_desk_ports *ports;
    struct notifier notifier;      /* messages may be due, or the end */
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    bool woken;                    /* a signal came that no wait has ended by yet */
    bool fresh;                    /* has not asked for messages yet */
    int32_t failures;              /* rounds in a row in which the provider could not be reached */
    int64_t next_s;                /* when messages will be due, platform time; 0: none */
    struct message messages[SENDER_ROUND_LIMIT];
    struct message_result results[SENDER_ROUND_LIMIT];
};

/* The loops; each returns when sender->stopping is set. */
void *message_http_run(void *sender);
void *message_stream_run(void *sender);

/* Take up to `limit` messages into sender->messages.
 * returns  how many; 0 also when the core does not answer */
uint32_t sender_take(struct message_sender *sender, uint32_t limit);

/* Tell the core of `count` results. */
void sender_settle(struct message_sender *sender, uint32_t count);

/* How long to wait until messages may be due or the provider may be tried again, ms of the world. */
int sender_wait_ms(const struct message_sender *sender);

/* Wait so long, or until woken. */
void sender_wait(struct message_sender *sender, int wait_ms);

/* Wait so long, whatever wakes, unless it is the end. */
void sender_pause(struct message_sender *sender, int wait_ms);

/* Milliseconds of a clock that only goes forward. */
int64_t sender_monotonic_ms(void);

/* Tell the core of receipts. */
void sender_receive(struct message_sender *sender, const struct message_receipt receipts[], uint32_t count);

/* A round's news: whether the provider could be reached. Says so in the log when that changes. */
void sender_reached(struct message_sender *sender, bool reached, const char *reason);

#endif
