/* Sockets of a town's meters: one UDP socket for each meter that is awake, DTLS 1.2 with pre-shared keys for those that
 * have it. Knows addresses and bytes, no messages. One thread.
 *
 * A plain meter's socket closes when it sleeps, so that it comes back from another port, as behind a mobile network's
 * address translation. A secured meter keeps its socket and its session. */
#ifndef APPS_METERWORKS_TOWN_LINK_H
#define APPS_METERWORKS_TOWN_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define TOWN_KEY_SIZE 16
#define TOWN_SESSION_LIMIT 2000 /* secured meters; about 70 KB each */

struct town_link;

struct town_link_config {
    const char *host;            /* name or address of the server */
    uint16_t coap_port;          /* 0: no plain meters */
    uint16_t coaps_port;         /* 0: no secured meters */
    uint32_t homes;
    void *context;
    /* Bytes for home's meter came in; they live until it returns. */
    void (*received)(void *context, uint32_t home, struct span bytes);
    /* Identity and key of a secured meter: identity is 15 digits with a zero. false: it has none */
    bool (*key_find)(void *context, uint32_t home, char identity[16], uint8_t key[TOWN_KEY_SIZE]);
};

struct town_link_counts {
    uint64_t sent;
    uint64_t received;
    uint64_t unsent;             /* the system refused, or no socket was left */
    uint64_t handshakes;
    uint64_t handshakes_failed;
};

/* returns  0 with *out owned by the caller; -1 with `problem` */
int town_link_open(const struct town_link_config *config, struct town_link **out, char problem[256]);

/* Accepts NULL. */
void town_link_close(struct town_link *link);

/* The meter left or entered sleep. */
void town_link_awake(struct town_link *link, uint32_t home, bool secured, bool awake);

/* One datagram of home's meter; opens what it needs. Losing it is allowed. */
void town_link_send(struct town_link *link, uint32_t home, bool secured, struct span bytes);

/* Take what has come in, waiting at most timeout_ms for the first.
 * returns  datagrams; -1 when the system fails */
int town_link_poll(struct town_link *link, int timeout_ms);

struct town_link_counts town_link_counts(const struct town_link *link);

#endif
