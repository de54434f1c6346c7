/* What the api asks of whoever speaks with payment channels. */
#ifndef API_PAYMENT_PORT_H
#define API_PAYMENT_PORT_H

#include "billing/payment_order.h"
#include "payment/payer.h"

#define API_PAYMENT_BODY_LIMIT 65536 /* bytes of a callback */

/* A channel of the configuration. */
struct api_payment_channel {
    char name[PAYMENT_ORDER_CHANNEL_SIZE];
    const char *kind; /* static */
    unsigned scenes;  /* bits 1 << enum payment_scene */
    char payer_page[PAYMENT_PAYER_PAGE_SIZE]; /* payment/payer.h; "": it does not say who pays */
};

/* All NULL when no channels are configured: their routes then find none. Any thread. */
struct api_payments {
    void *context;
    /* The i-th channel: true with *out. */
    bool (*channel)(void *context, size_t index, struct api_payment_channel *out);
    /* A callback, verified. returns 0; PAYMENT_ERR_*, of them _RATE when too many came */
    int (*notice)(void *context, const char *name, const struct payment_message *message, int64_t wall_s,
                  struct payment_outcome *out);
    /* How a callback is answered. */
    const char *(*reply)(void *context, const char *name, bool accepted, const char **content_type);
    /* Who pays, by a code of payer_page: asks the channel and waits a few seconds for it, one at a time.
     * returns  0; PAYMENT_ERR_*, of them _RATE when somebody else is being asked about */
    int (*payer)(void *context, const char *name, struct span code, char payer_id[PAYMENT_PAYER_SIZE]);
    /* Something is to be told to a channel: do not wait for the next look. */
    void (*wake)(void *context);
};

/* What billing is told about it. `step` and `channel` as given; the texts live as long as `outcome`. */
struct payment_order_outcome payment_order_outcome_of(const struct payment_outcome *outcome, enum payment_step step,
                                                      const char *channel);

#endif
