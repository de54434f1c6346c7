/* The whole platform and a town in one thread under a virtual clock: meter cores, air, the LwM2M server, the core over a
 * real database file, customers; and the misfortunes that a seed brings: killed servers, full disks, resets of meters,
 * replayed commands. The same seed gives the same run. */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include "apps/meterworks/core.h"
#include "apps/meterworks/town_archive.h"
#include "apps/meterworks/town_people.h"
#include "dialog/lwm2m_server.h"
#include "sim/town.h"

#define WORLD_UPLINK_LIMIT 1024
#define WORLD_DOWNLINK_LIMIT 1024
#define WORLD_TAPE_LIMIT 4         /* commands to each meter kept for replay */
#define WORLD_QUIET_DAYS 2         /* after the misfortunes, so that what is under way comes to its end */
#define WORLD_PROBLEM_LIMIT 16     /* told in words; all are counted */

struct world_config {
    uint64_t seed;
    uint32_t meters;
    uint32_t days;
    int32_t coverage;              /* enum coverage for all; -1: each home's own */
    uint32_t crash_every_h;        /* the server is killed about so often; 0 never */
    uint32_t disk_full_every_h;    /* the disk is full for some minutes about so often */
    uint32_t reset_every_h;        /* some meter restarts about so often */
    bool replays;                  /* somebody records commands and sends them again whenever a meter wakes */
    uint32_t valve_every_h;        /* an operator closes or opens some valve about so often */
    bool acknowledges_too_early;   /* a broken platform, to prove that the checkers see it */
};

/* A midnight that the platform acknowledged. */
struct world_promise {
    uint32_t device_id;
    int32_t day;
    int64_t register_value;
};

struct world_frame {
    uint16_t size;
    uint8_t bytes[TOWN_PACKET_SIZE];
};

struct world_counts {
    uint64_t reports;              /* acknowledged */
    uint64_t commits;
    uint64_t refused;              /* transactions the store refused */
    uint64_t crashes;
    uint64_t resets;
    uint64_t replays;
    uint64_t payments;
    uint64_t commands;
};

struct world {
    struct world_config config;
    char folder[200];
    char path[256];
    struct town_plan plan;
    struct town *town;
    struct core *core;
    struct lwm2m_server *server;
    struct town_archive archive;
    struct town_people *people;
    struct random random;
    int64_t now_ms;
    int64_t begin_ms;
    int64_t tick_ms;               /* the core looks at due work */
    int64_t server_ms;             /* the dialog wants to be called */
    int64_t people_ms;
    int64_t fault_ms[5];           /* by enum world_fault of world.c */
    bool disk_is_full;
    struct uplink *uplinks;
    size_t uplink_count;
    struct uplink_acknowledgement *acknowledgements;
    size_t acknowledgement_count;
    struct downlink *downlinks;
    size_t downlink_count;
    uint16_t *ports;               /* by home; another one after each sleep */
    struct world_frame *tapes;     /* WORLD_TAPE_LIMIT for each home */
    struct world_promise *promises;
    size_t promise_count;
    size_t promise_capacity;
    struct world_counts counts;
    unsigned problem_count;
    char problems[WORLD_PROBLEM_LIMIT][200];
};

/* Build everything on a fresh database in a temporary folder; ends the program when it cannot. */
void world_open(struct world *world, const struct world_config *config);

/* Removes the folder. */
void world_close(struct world *world);

/* Let the days pass, with misfortunes; then WORLD_QUIET_DAYS without them. */
void world_run(struct world *world);

/* Let hours pass, with misfortunes. */
void world_pass(struct world *world, int64_t hours);

/* Nothing can be written from now on, or again. */
void world_disk_fill(struct world *world, bool is_full);

/* Kill the server: everything that was not committed is gone, and so is what waits in queues. */
void world_crash(struct world *world);

/* Note a broken promise in words. */
void world_complain(struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first column of the first row; 0 without rows; ends the program when the database does not answer. */
int64_t world_number(struct world *world, const char *query);

#endif
