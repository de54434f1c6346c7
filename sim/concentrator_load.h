/* A concentrator for load: no meter cores, no lines, no flash; a few dozen bytes that log in, beat, and answer AFN 04
 * F10, 0A F10, 0C, 0D, 0E and 10 F1 as if up to 500 meters hung behind it. What a meter shows is a formula of its
 * address and the time, so that whoever reads can be checked without a memory. Twenty thousand fit into one process.
 *
 * Time is given by the caller; one thread. */
#ifndef SIM_CONCENTRATOR_LOAD_H
#define SIM_CONCENTRATOR_LOAD_H

#include "base/random.h"
#include "base/span.h"
#include "codec/q376/q376_frame.h"

#define CONCENTRATOR_LOAD_METER_LIMIT 500
#define CONCENTRATOR_LOAD_FRAME_LIMIT 2048
#define CONCENTRATOR_LOAD_ZONE_S 28800
#define CONCENTRATOR_LOAD_PROTOCOL_BUS 40 /* CJ/T 188 in the archive, as meter/core/concentrator has it */

enum concentrator_load_state {
    CONCENTRATOR_LOAD_CLOSED,
    CONCENTRATOR_LOAD_OPENING,
    CONCENTRATOR_LOAD_LOGIN,
    CONCENTRATOR_LOAD_ONLINE,
    CONCENTRATOR_LOAD_STATE_COUNT
};

struct concentrator_load;

struct concentrator_load_counts {
    uint64_t logins;
    uint64_t heartbeats;
    uint64_t requests;
    uint64_t answers; /* frames */
    uint64_t values;  /* points and functions served */
    uint64_t forwarded;
    uint64_t lost; /* frames, either way */
    uint64_t disconnections;
};

/* What many of them share; lives as long as they. */
struct concentrator_load_config {
    uint8_t region[2]; /* A1 as sent */
    uint8_t protocol;  /* enum q376_protocol */
    uint16_t meters;   /* behind each, in its archive from the beginning: 0 to CONCENTRATOR_LOAD_METER_LIMIT */
    bool is_four;      /* electricity, water, gas, heat in turn; else electricity */
    uint32_t heartbeat_s;
    uint32_t response_s;      /* patience with the head-end */
    uint32_t login_spread_ms; /* the first dial is somewhere in here */
    uint16_t lost_permille;   /* frames that do not arrive, each way */
    uint16_t frame_limit;     /* bytes of one frame up */
    void *context;
    /* What a meter shows at a time in 0.0001 of its unit: its register (tariff 0) or that of a tariff; NULL:
     * concentrator_load_register() in four equal parts. */
    int64_t (*register_read)(void *context, uint64_t address, unsigned tariff, int64_t time_s);
    void (*open)(void *context, struct concentrator_load *load);
    void (*send)(void *context, struct concentrator_load *load, struct span bytes);
    void (*close)(void *context, struct concentrator_load *load);
    struct concentrator_load_counts *counts; /* of all together */
};

struct concentrator_load {
    const struct concentrator_load_config *config;
    uint8_t *archive; /* entries that were written, 27 bytes each, by number; NULL: the one it was made with */
    struct random random;
    int64_t due_ms;
    int64_t heartbeat_ms;
    int64_t now_ms;
    int64_t latched_s;      /* when its meters last heard a broadcast to latch; 0 never */
    int32_t clock_offset_s; /* its clock is ahead of now_ms by this */
    uint16_t terminal;
    uint8_t state; /* enum concentrator_load_state */
    uint8_t sequence;
    uint8_t awaited; /* PSEQ of a frame that waits */
    uint8_t waiting; /* Fn of AFN 02 that waits; 0 none */
    uint8_t sends;
    uint8_t attempt;
};

/* As the field has it: region 4403, 376.1, a heartbeat a minute, frames of 1,024 bytes. Callbacks and counts are the
 * caller's. */
struct concentrator_load_config concentrator_load_config_default(void);

void concentrator_load_open(struct concentrator_load *load, const struct concentrator_load_config *config,
                            uint16_t terminal, uint64_t seed, int64_t now_ms);
void concentrator_load_close(struct concentrator_load *load);

/* Do what is due; now_ms: ms since 1970 UTC.
 * returns  when to call again, later than now_ms */
int64_t concentrator_load_step(struct concentrator_load *load, int64_t now_ms);

void concentrator_load_opened(struct concentrator_load *load, bool opened, int64_t now_ms);
void concentrator_load_closed(struct concentrator_load *load, int64_t now_ms);

/* Bytes of the head-end.
 * returns  bytes that are done with; the caller brings the rest again with what follows */
size_t concentrator_load_receive(struct concentrator_load *load, struct span bytes, int64_t now_ms);

/* Meter number `index` (from 0) of the archive that a terminal is made with: twelve digits. */
uint64_t concentrator_load_meter(uint16_t terminal, unsigned index);

/* What a meter's main register shows at a time: 0.01 kWh, m3 or kWh; never less later, below 100,000,000. */
int64_t concentrator_load_register(uint64_t address, int64_t time_s);

#endif
