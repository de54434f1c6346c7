/* The payment channels of an installation at work: a payment_worker for each, and the callbacks' verification for the api.
 * The core never waits for a channel. */
#ifndef APPS_METERWORKS_PAYMENT_DESK_H
#define APPS_METERWORKS_PAYMENT_DESK_H

#include "api/payment_port.h"
#include "apps/meterworks/core_channel.h"
#include "apps/meterworks/payment_channels.h"

struct payment_desk;

struct payment_desk_config {
    const char *path;              /* of the channels' file */
    struct core_channel *channel;  /* to the core; lives longer */
};

/* returns 0 with *out owned by the caller; -1 with one sentence */
int payment_desk_open(const struct payment_desk_config *config, struct payment_desk **out, char problem[256]);

/* Let it work. returns 0; -1 */
int payment_desk_start(struct payment_desk *desk);

/* Ends the threads, giving up the requests under way. The core must still answer: what the channels have said is told.
 * Accepts NULL. */
void payment_desk_stop(struct payment_desk *desk);

/* After payment_desk_stop. Accepts NULL. */
void payment_desk_close(struct payment_desk *desk);

/* Its face to the api. */
struct api_payments payment_desk_port(struct payment_desk *desk);

#endif
