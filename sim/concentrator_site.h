/* A concentrator with its lines and the meters on them, in virtual time. Many sites in one process; one thread.
 *
 * The site walks from event to event: whoever is due first (the core, a byte on a line) goes first, so that the same
 * calls give the same bytes. Meters are slaves of the lines (sim/line.h) and the caller's. */
#ifndef SIM_CONCENTRATOR_SITE_H
#define SIM_CONCENTRATOR_SITE_H

#include "meter/port/host/host_concentrator.h"
#include "sim/line.h"

#define CONCENTRATOR_SITE_SECTOR_SIZE 4096

struct concentrator_site;

/* The network above: the caller's. All are called from within concentrator_site_* calls. */
struct concentrator_site_uplink {
    void *context;
    /* The core dials; answer with concentrator_site_opened(), at once or later. */
    void (*open)(void *context, struct concentrator_site *site);
    void (*send)(void *context, struct concentrator_site *site, struct span bytes);
    void (*close)(void *context, struct concentrator_site *site);
};

struct concentrator_site_config {
    struct concentrator_config core;
    struct line_config lines[CONCENTRATOR_PORT_LIMIT]; /* of core.ports; seed and baud are filled in */
    struct concentrator_site_uplink uplink;
    uint64_t seed;
    int64_t now_ms; /* ms since 1970 UTC */
};

struct concentrator_site {
    struct host_concentrator host;
    struct concentrator_site_config config;
    struct line lines[CONCENTRATOR_PORT_LIMIT];
    int64_t now_ms;
    int64_t core_due_ms;
};

/* Wire up and power up. The site must stay where it is.
 * returns  as concentrator_open */
int concentrator_site_open(struct concentrator_site *site, const struct concentrator_site_config *config);
void concentrator_site_close(struct concentrator_site *site);

/* A meter on a port.
 * returns  0; -1 no such port */
int concentrator_site_attach(struct concentrator_site *site, uint8_t port, struct line_slave *slave);

/* Everything that happens until now_ms.
 * returns  when something happens next, later than now_ms; INT64_MAX never */
int64_t concentrator_site_step(struct concentrator_site *site, int64_t now_ms);

/* The network's side, at the time of the last step. */
void concentrator_site_opened(struct concentrator_site *site, bool opened);
void concentrator_site_closed(struct concentrator_site *site);
void concentrator_site_receive(struct concentrator_site *site, struct span bytes);

/* Power goes and comes again at once; the connection is lost with it. */
int concentrator_site_restart(struct concentrator_site *site);

#endif
