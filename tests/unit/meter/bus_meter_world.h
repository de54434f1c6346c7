/* One bus meter on a table, and a master's hand to ask it. */
#ifndef TESTS_UNIT_METER_BUS_METER_WORLD_H
#define TESTS_UNIT_METER_BUS_METER_WORLD_H

#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/mbus/mbus_command.h"
#include "meter/port/host/host_bus_meter.h"

#define BUS_WORLD_NOW_S INT64_C(1795219200) /* 2026-11-21T00:00:00Z, 08:00 in China */
#define BUS_WORLD_DAY_S INT64_C(86400)
#define BUS_WORLD_ITEM_LIMIT 40

struct bus_world {
    struct host_bus_meter host;
    struct bus_meter_config config;
    struct cjt188_link link; /* as the master asks */
    int64_t now_s;
    uint8_t answer[BUS_METER_ANSWER_LIMIT];
    size_t answer_size;
    struct cjt188_frame frame;   /* of the last answer in CJ/T 188 */
    struct mbus_message message; /* of the last one in M-Bus */
    bool more_follow;
    struct item items[BUS_WORLD_ITEM_LIMIT]; /* of the last answer */
    size_t item_count;
};

/* Made with address 00001200345678, M-Bus number 12345678, primary address 5; not yet powered. */
void bus_world_open(struct bus_world *world, enum bus_meter_kind kind);
void bus_world_close(struct bus_world *world);
void bus_world_start(struct bus_world *world);

/* Take the power away and bring it back. */
void bus_world_restart(struct bus_world *world);

/* Let time pass, a step each minute (each second below a minute). */
void bus_world_run(struct bus_world *world, int64_t span_s);

/* Ask with the bytes as they are. returns size of the answer */
size_t bus_world_send(struct bus_world *world, struct span bytes);

/* Ask in CJ/T 188 what is in `request`, check the answer's frame and take its items.
 * returns  C of the answer; 0 silence */
uint8_t bus_world_hear_cjt188(struct bus_world *world, struct span request);

/* Read an identifier. */
uint8_t bus_world_read(struct bus_world *world, uint16_t identifier);

/* The same in M-Bus; returns the size of the answer, items and message are in the world when it is a long frame. */
size_t bus_world_hear_mbus(struct bus_world *world, struct span request);

/* The item of the last answer; the test fails when there is none. */
const struct item *bus_world_item(const struct bus_world *world, uint16_t quantity, uint32_t storage);

#endif
