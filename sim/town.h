/* The town alive: the plan's meters as meter cores with water, weather and flaws, over a seeded network.
 *
 * Driven by one thread: town_run lets everything happen that is due; what meters say leaves through the ports; what a
 * server answers comes in through town_receive. Knows no socket and no server. Memory: sizeof(struct host_meter) and
 * two to four flash sectors a meter, about 12 KB. */
#ifndef SIM_TOWN_H
#define SIM_TOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "meter/port/host/host_meter.h"
#include "sim/agenda.h"
#include "sim/town_plan.h"

#define TOWN_PACKET_SIZE 600       /* a CoAP message of a meter, either way */
#define TOWN_PACKETS_DEFAULT 16384 /* in the air at once; more are lost and counted */

struct town_ports {
    void *context;
    /* A datagram of home's meter comes out of the air at the server's side. Bytes live until it returns. */
    void (*send)(void *context, uint32_t home, struct span bytes, int64_t now_ms);
    /* The meter has an address now, or has gone to sleep. May be NULL. */
    void (*awake)(void *context, uint32_t home, bool awake, int64_t now_ms);
};

struct town_config {
    const struct town_plan *plan;  /* lives as long as the town */
    struct town_ports ports;
    int64_t start_ms;              /* since 1970 UTC; meters get their batteries from now on */
    int64_t history_day;           /* local day on which registers began at home.start_register_ml */
    int64_t power_up_spread_ms;    /* all meters have their battery after so long */
    uint32_t packets;              /* 0: TOWN_PACKETS_DEFAULT */
    int32_t coverage;              /* enum coverage for all; -1: each home's own */
    uint32_t interval_every;       /* one meter in so many keeps quarter-hours and reports them once a day; 0: none */
    bool is_flawless;              /* without the flaws of the plan */
};

struct town_counts {
    uint64_t sent;                 /* datagrams of meters, each try */
    uint64_t received;             /* datagrams that reached a meter */
    uint64_t lost;                 /* either way, by weather */
    uint64_t doubled;
    uint64_t overflowed;           /* lost because the air was full */
    uint64_t drawn_ml;
};

struct town;

/* returns  0 with *out owned by the caller; -1 no memory */
int town_open(const struct town_config *config, struct town **out);

/* Accepts NULL. */
void town_close(struct town *town);

/* When something is due next; AGENDA_NEVER when never. */
int64_t town_due_ms(const struct town *town);

/* Let everything happen that is due at or before now_ms, in order. now_ms never goes back. */
void town_run(struct town *town, int64_t now_ms);

/* The server sent a datagram to home's meter: it goes through the air. */
void town_receive(struct town *town, uint32_t home, struct span bytes, int64_t now_ms);

/* Somebody presses the meter's button. */
void town_button(struct town *town, uint32_t home, int64_t now_ms);

/* Supply fails and comes back: the meter starts from its flash. */
void town_restart(struct town *town, uint32_t home, int64_t now_ms);

/* The meter, to look at; NULL outside the plan. */
const struct host_meter *town_meter(const struct town *town, uint32_t home);

struct town_counts town_counts(const struct town *town);

#endif
