/* The demonstration: the platform and a simulated town in one process, under one virtual clock. */
#ifndef APPS_METERWORKS_TOWN_DEMO_H
#define APPS_METERWORKS_TOWN_DEMO_H

#include <stdint.h>

#include "sim/town_plan.h"

struct town_demo;

struct town_demo_config {
    struct town_plan_config plan;
    const char *folder;         /* NULL: a temporary one */
    const char *http_address;
    const char *channels_path;  /* NULL: nobody can pay online */
    const char *invoices_path;  /* NULL: invoices wait for somebody who issues them */
    const char *console_folder; /* NULL: the console packed into the program */
    uint16_t http_port;         /* 0: any free one */
    uint32_t speed;
    uint32_t history_days;
    uint32_t households;        /* of the estate behind concentrators; 0: no estate */
};

/* Make the archive and the past, open the sockets, start the clock.
 * returns  0 with *out owned by the caller; -1 with `problem` */
int town_demo_open(const struct town_demo_config *config, struct town_demo **out, char problem[256]);

uint16_t town_demo_http_port(const struct town_demo *demo);
const struct town_plan *town_demo_plan(const struct town_demo *demo);

/* Figures of the run so far as one line of text. */
void town_demo_summary(struct town_demo *demo, char *text, size_t capacity);

/* Stop everything and remove what was temporary. Accepts NULL. */
void town_demo_close(struct town_demo *demo);

#endif
