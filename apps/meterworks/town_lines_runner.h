/* The concentrators of the estate, dialling in to a server over real sockets, in a thread of their own, under a virtual
 * clock that somebody else drives.
 *
 * Most are concentrators for load whose meters show what the plan says; the show flat's is the real device core with
 * real meter cores on simulated lines, so that a relay that is opened is open. */
#ifndef APPS_METERWORKS_TOWN_LINES_RUNNER_H
#define APPS_METERWORKS_TOWN_LINES_RUNNER_H

#include "sim/concentrator_load.h"
#include "sim/estate_plan.h"
#include "sim/virtual_clock.h"

struct town_lines_runner;

struct town_lines_runner_config {
    const struct estate_plan *plan;    /* lives as long as the runner */
    const struct virtual_clock *clock; /* read only */
    uint16_t port;                     /* of the server on this machine */
};

/* returns  0 with *out owned by the caller; -1 with `problem` */
int town_lines_runner_open(const struct town_lines_runner_config *config, struct town_lines_runner **out,
                           char problem[256]);

/* Start the thread. returns 0; -1 */
int town_lines_runner_start(struct town_lines_runner *runner);

/* Stop and join the thread, if it runs, and free everything. Accepts NULL. */
void town_lines_runner_close(struct town_lines_runner *runner);

/* After the thread has stopped. */
struct concentrator_load_counts town_lines_runner_counts(const struct town_lines_runner *runner);

#endif
