/* The way out for messages: reads the file of providers and runs one sender, a thread, for each.
 *
 * Senders take messages from the core and tell it what became of them through the same calls the api uses; they own
 * sockets and secrets, and never see the database. Without a file there are no senders, and messages are kept. */
#ifndef APPS_METERWORKS_MESSAGE_DESK_H
#define APPS_METERWORKS_MESSAGE_DESK_H

#include "api/webhook_port.h"
#include "notify/provider.h"

struct message_desk;

/* How senders reach the rest of the program. Any thread. */
struct message_desk_ports {
    struct core_port core;
    void *clock_context;
    int64_t (*now_ms)(void *context);  /* the platform's time */
    int64_t (*wall_s)(void *context);  /* the world's: what providers check signatures by */
    uint32_t (*speed)(void *context);
    /* The secret of an endpoint of events; NULL: events are not sent. */
    int (*event_secret)(void *context, int64_t endpoint_id, int64_t generation, char out[API_WEBHOOK_SECRET_SIZE]);
};

/* Read the providers.
 * path     NULL, or a file that nobody but its owner may read
 * fallback used when `path` is NULL and this file is there
 * problem  one sentence for the operator when it fails; no secrets
 * returns  0 with *out owned by the caller; -1 */
int message_desk_open(const char *path, const char *fallback, const struct message_desk_ports *ports,
                      struct message_desk **out, char problem[256]);

/* MESSAGE_CHANNEL_BIT of the channels that have a provider. */
uint32_t message_desk_channels(const struct message_desk *desk);

/* Whether events may go to addresses inside the house's networks. */
bool message_desk_events_inside(const struct message_desk *desk);

/* Let the senders run. returns 0; -1 no thread */
int message_desk_start(struct message_desk *desk);

/* Messages may be due. Any thread, never blocks. Accepts NULL. */
void message_desk_wake(struct message_desk *desk);

/* End the senders: what is under way is given three seconds. The core must still answer. Accepts NULL. */
void message_desk_stop(struct message_desk *desk);

/* After message_desk_stop. Accepts NULL. */
void message_desk_close(struct message_desk *desk);

#endif
