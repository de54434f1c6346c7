/* A whole platform and a small town in one thread with one clock: meters, air, gate dialog and core, all from one seed.
 *
 * The program's own rooms run here; only sockets, threads and the world's clock are missing. Misfortune is part of it:
 * datagrams are lost, doubled and overtaken, the server is killed, the disk fills up, meters restart from their flash. */
#ifndef TESTS_SIMULATION_WORLD_H
#define TESTS_SIMULATION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "apps/meterworks/core.h"
#include "apps/meterworks/town_archive.h"
#include "base/random.h"
#include "dialog/device_directory.h"
#include "dialog/lwm2m_server.h"
#include "sim/town.h"

#define WORLD_PENDING_LIMIT 1024 /* uplinks waiting for the core's next transaction */
#define WORLD_PROMISE_LIMIT 65536
#define WORLD_RECORDING_LIMIT 256

/* A midnight that the core acknowledged: from now on it must be found in the store. */
struct world_promise {
    uint32_t device_id;
    int32_t day;
    int64_t register_ml;
};

/* A request that was sent to a meter once, for somebody who replays it. */
struct world_recording {
    uint32_t home;
    uint16_t size;
    uint8_t bytes[TOWN_PACKET_SIZE];
};

struct world_counts {
    uint64_t reports;       /* acknowledged */
    uint64_t crashes;
    uint64_t restarts;      /* of meters */
    uint64_t replays;       /* of old requests to meters */
    uint64_t refused;       /* transactions the full disk refused */
    uint64_t commands;
    uint64_t payments;
    uint64_t repeated_payments;
};

struct world {
    uint64_t seed;
    struct random random;
    int64_t now_ms;
    char path[64];                 /* of the database */
    struct town_plan plan;
    struct town *town;
    struct core *core;
    struct town_archive archive;
    struct lwm2m_server *server;
    struct device_directory *directory;
    struct uplink *pending;
    size_t pending_count;
    struct downlink *downlinks;    /* from the core's last transaction */
    size_t downlink_count;
    struct uplink_acknowledgement *acknowledgements;
    size_t acknowledgement_count;
    struct world_promise *promises;
    size_t promise_count;
    struct world_recording *recordings;
    uint64_t recorded;             /* requests sent so far; the newest WORLD_RECORDING_LIMIT are kept */
    int64_t core_due_ms;
    int64_t trouble_due_ms;        /* the next misfortune */
    int64_t disk_full_until_ms;    /* 0: there is room */
    bool is_calm;                  /* no more misfortunes */
    bool failed;                   /* something could not be set up or went wrong outside the rules */
    struct world_counts counts;
};

/* A town of `meters` with its archive entered, everything at work from `start_s` on.
 * returns  0; -1 with the reason on standard error */
int world_open(struct world *world, uint64_t seed, uint32_t meters, int64_t start_s);

void world_close(struct world *world);

/* Live until the time; misfortunes happen unless is_calm. */
void world_run(struct world *world, int64_t until_ms);

#endif
