/* Runs a town against a server over real sockets, in a thread of its own, and drives the virtual clock.
 *
 * Time holds still while a meter waits for an answer, for a bounded while, so that the seconds a protocol grants remain
 * enough however fast the world runs. Nothing moves further than RUNNER_SLICE_MS beyond the oldest open question. */
#ifndef APPS_METERWORKS_TOWN_RUNNER_H
#define APPS_METERWORKS_TOWN_RUNNER_H

#include "apps/meterworks/town_link.h"
#include "sim/town.h"
#include "sim/virtual_clock.h"

#define RUNNER_SLICE_MS 2000         /* below the meters' first wait for an acknowledgement */
#define RUNNER_PATIENCE_US 250000    /* of real time for one answer */
#define RUNNER_BUTTON_LIMIT 64       /* button presses on their way; more are forgotten */

struct town_runner;

struct town_runner_config {
    const struct town_plan *plan;    /* lives as long as the runner */
    struct virtual_clock *clock;     /* driven by the runner's thread from start to stop */
    const char *host;
    uint16_t coap_port;
    uint16_t coaps_port;
    int64_t history_day;
    int64_t power_up_spread_ms;
    void *key_context;
    bool (*key_find)(void *context, uint64_t imei, uint8_t key[TOWN_KEY_SIZE]);
};

struct town_runner_counts {
    struct town_counts town;
    struct town_link_counts link;
    uint64_t holds;                  /* answers waited for */
    uint64_t unanswered;             /* given up after RUNNER_PATIENCE_US */
};

/* returns  0 with *out owned by the caller; -1 with `problem` */
int town_runner_open(const struct town_runner_config *config, struct town_runner **out, char problem[256]);

/* Start the thread. returns 0; -1 */
int town_runner_start(struct town_runner *runner);

/* Stop and join the thread, if it runs, and free everything. Accepts NULL. */
void town_runner_close(struct town_runner *runner);

/* [any thread] Somebody presses a meter's button. */
void town_runner_button(struct town_runner *runner, uint32_t home);

/* [any thread] As of the last 100 ms or so. */
struct town_runner_counts town_runner_counts(struct town_runner *runner);

#endif
