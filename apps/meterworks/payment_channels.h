/* The payment channels of an installation, as a file names them: docs/payments.md.
 *
 * Keys are read once, at the start, and stay inside the channels. */
#ifndef APPS_METERWORKS_PAYMENT_CHANNELS_H
#define APPS_METERWORKS_PAYMENT_CHANNELS_H

#include "billing/payment_order_store.h"
#include "payment/payment_channel.h"

#define PAYMENT_CHANNELS_LIMIT 16

struct payment_channel_entry {
    char name[PAYMENT_ORDER_CHANNEL_SIZE];
    struct payment_channel *channel;
};

struct payment_channels {
    size_t count;
    struct payment_channel_entry entries[PAYMENT_CHANNELS_LIMIT];
};

/* path     of the file; other paths in it count from its folder
 * problem  one sentence for the operator, without secrets, when it fails
 * returns  0; -1 with *out empty */
int payment_channels_open(const char *path, struct payment_channels *out, char problem[256]);

/* Accepts an empty one. */
void payment_channels_close(struct payment_channels *channels);

/* NULL when there is none with this name. */
const struct payment_channel *payment_channels_find(const struct payment_channels *channels, const char *name);

#endif
