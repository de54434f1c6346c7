/* A concentrator with scripted meters on simulated lines, and a head-end that asks what a test wants to know. */
#ifndef TESTS_UNIT_METER_CONCENTRATOR_WORLD_H
#define TESTS_UNIT_METER_CONCENTRATOR_WORLD_H

#include "codec/item/item.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"
#include "sim/concentrator_site.h"

#define CONCENTRATOR_WORLD_NOW_MS INT64_C(1795222800000) /* 2026-11-21T01:00:00Z, 09:00 in China */
#define CONCENTRATOR_WORLD_ZONE_S 28800
#define CONCENTRATOR_WORLD_METERS 500
#define CONCENTRATOR_WORLD_ITEMS 4096
#define CONCENTRATOR_WORLD_ANSWER 65536
#define WORLD_SECOND_MS INT64_C(1000)
#define WORLD_MINUTE_MS INT64_C(60000)
#define WORLD_HOUR_MS INT64_C(3600000)
#define WORLD_DAY_MS INT64_C(86400000)

struct concentrator_world;

/* A meter whose registers are a formula of the time: what was read can be compared with what was true. */
struct scripted_meter {
    struct line_slave slave;
    struct concentrator_world *world;
    uint8_t protocol; /* enum concentrator_protocol */
    uint64_t address;
    uint8_t type;   /* CJ/T 188: T */
    bool has_daily; /* keeps daily freezes */
    bool refuses_blocks;
    bool has_clock_behind; /* by half an hour */
    int64_t frozen_s;      /* of the last freeze command; 0 none */
    int64_t clock_set_s;   /* of the last clock broadcast */
    bool relay_off;
    unsigned asked; /* frames that meant this meter */
};

struct concentrator_world {
    struct concentrator_site site;
    struct concentrator_site_config config;
    struct scripted_meter meters[CONCENTRATOR_WORLD_METERS];
    size_t meter_count;

    bool refuses_connections;
    bool is_silent; /* the head-end answers nothing */
    bool is_connected;
    unsigned opened;
    unsigned logins;
    unsigned heartbeats;
    unsigned logouts;
    unsigned reports; /* of events, by themselves */
    uint8_t sequence;

    /* The answer to the last request: all its frames. */
    uint8_t afn; /* of the first */
    unsigned frames;
    bool is_final;
    bool has_acd;
    int64_t answered_ms;
    size_t size;
    uint8_t units[CONCENTRATOR_WORLD_ANSWER];
    struct item items[CONCENTRATOR_WORLD_ITEMS];
    size_t item_count;
    bool fits;              /* every byte of the answer is known to the codec */
    struct q376_frame last; /* only its fixed parts */
};

/* Prepared, not powered: config may still be changed. */
void concentrator_world_prepare(struct concentrator_world *world);
void concentrator_world_start(struct concentrator_world *world);
/* Both. */
void concentrator_world_open(struct concentrator_world *world);
void concentrator_world_close(struct concentrator_world *world);

/* Put a meter on a port's line (before or after the start). */
struct scripted_meter *concentrator_world_meter(struct concentrator_world *world, uint8_t port, uint8_t protocol,
                                                uint64_t address);

/* Let time pass. */
void concentrator_world_run(struct concentrator_world *world, int64_t span_ms);

/* Ask and wait for the whole answer, at most wait_ms.
 * returns  AFN of the answer; -1 none came */
int concentrator_world_ask(struct concentrator_world *world, uint8_t afn, struct span units, int64_t wait_ms);
/* The same with a finished frame. */
int concentrator_world_send(struct concentrator_world *world, struct span frame, int64_t wait_ms);

/* The answer confirms all (AFN 00 F1); denies all (F2). */
bool concentrator_world_is_confirmed(const struct concentrator_world *world);
bool concentrator_world_is_denied(const struct concentrator_world *world);

/* Write an archive of all meters of the world in order: entry and point i + 1; all of them confirmed. */
void concentrator_world_archive(struct concentrator_world *world);
struct q376_archive_entry concentrator_world_entry(const struct concentrator_world *world, size_t i, uint8_t port);

/* One identifier of AFN 0C. */
int concentrator_world_current(struct concentrator_world *world, unsigned point, unsigned function);
/* F161 of a day; the item of the total, NULL when it is missing. */
const struct item *concentrator_world_day(struct concentrator_world *world, unsigned point, int32_t day);

/* The first item of a quantity of the last answer. */
const struct item *concentrator_world_item(const struct concentrator_world *world, uint16_t quantity, unsigned point,
                                           unsigned tariff);

/* What the meter's forward total shows at a time, in 0.01. */
int64_t scripted_register(const struct scripted_meter *meter, int64_t time_s);
/* Local day of the world's time. */
int32_t concentrator_world_today(const struct concentrator_world *world);
int64_t concentrator_world_midnight(int32_t day);

#endif
