/* The core, 376.1 conversations and simulated concentrators in one process and in virtual time, without sockets: for the
 * simulation of reading a whole estate, and for its benchmark. */
#ifndef TESTS_SIMULATION_COLLECT_WORLD_H
#define TESTS_SIMULATION_COLLECT_WORLD_H

#include "apps/meterworks/core.h"
#include "dialog/line_dialog.h"
#include "sim/concentrator_load.h"

#define COLLECT_WORLD_DAY 20778 /* 2026-11-21, the first midnight that meters owe */
#define COLLECT_WORLD_ZONE_S CONCENTRATOR_LOAD_ZONE_S

struct collect_world_config {
    const char *path;          /* of the database; made anew */
    const char *synchronous;   /* as core_config */
    uint32_t site_count;
    uint32_t meters_each;      /* at most CONCENTRATOR_LOAD_METER_LIMIT, four utilities in turn */
    uint32_t heartbeat_s;
    uint16_t lost_permille;    /* frames, each way */
    uint64_t seed;
    int64_t begin_s;           /* after midnight of COLLECT_WORLD_DAY */
};

struct collect_world_counts {
    uint64_t orders;
    uint64_t messages;
    double core_s;             /* processor time of the core */
};

struct collect_world;

/* Make the archive and the concentrators. Ends the program when it cannot. */
struct collect_world *collect_world_open(const struct collect_world_config *config);
void collect_world_close(struct collect_world *world);

/* Everything that happens until the next event, at most `most_ms` later, and one transaction of the core if it is due. */
void collect_world_step(struct collect_world *world, int64_t most_ms);

int64_t collect_world_now_s(const struct collect_world *world);

/* The program dies and starts again: connections and what was not committed are gone. */
void collect_world_kill(struct collect_world *world);

/* The connection of a site is cut. */
void collect_world_cut(struct collect_world *world, uint32_t site);

uint32_t collect_world_meters(const struct collect_world *world);

/* Midnights of a day that are stored. */
int64_t collect_world_stored(struct collect_world *world, int32_t day);

/* The first column of the first row. */
int64_t collect_world_number(struct collect_world *world, const char *query);

/* A call to the core, as the api makes it. */
int collect_world_call(struct collect_world *world, enum core_operation operation, const void *request,
                       struct core_reply *reply);

const struct collect_world_counts *collect_world_counts(const struct collect_world *world);
const struct concentrator_load_counts *collect_world_load_counts(const struct collect_world *world);

#endif
