/* One electricity meter on a line whose master is the test, in simulated time. */
#ifndef TESTS_UNIT_METER_ELECTRICITY_WORLD_H
#define TESTS_UNIT_METER_ELECTRICITY_WORLD_H

#include <stdbool.h>

#include "codec/dlt645/dlt645_recharge.h"
#include "codec/dlt645/dlt645_request.h"
#include "meter/port/host/host_electricity.h"

#define WORLD_NOW_MS INT64_C(1795190400000) /* 2026-11-20T16:00:00Z, midnight of Saturday the 21st in China */
#define WORLD_SECOND INT64_C(1000)
#define WORLD_MINUTE INT64_C(60000)
#define WORLD_HOUR INT64_C(3600000)
#define WORLD_DAY INT64_C(86400000)

struct electricity_world {
    struct host_electricity host;
    struct electricity_config config;
    struct dlt645_address address;
    struct dlt645_authority authority;
    int64_t now_ms;
    struct electricity_sample load; /* when the relay is closed */
    uint8_t answer[ELECTRICITY_ANSWER_LIMIT];
    size_t answer_size;
    struct dlt645_frame frame; /* of the answer */
};

/* Empty flash, address 000000004321, password 123456 at levels 2 and 4, a recharge key, the clock right, powered. */
void world_open(struct electricity_world *world);
/* The same without power, for tests that change world->config first; world_start() then. */
void world_prepare(struct electricity_world *world);
void world_start(struct electricity_world *world);
void world_close(struct electricity_world *world);

/* Power off without a warning, and on again now. */
void world_restart(struct electricity_world *world);

/* Load in W and power factor in thousandths, from now on. */
void world_load(struct electricity_world *world, int32_t power_w, int32_t power_factor);

/* Time goes by with a sample each `step_ms`; an open relay carries nothing. */
void world_run(struct electricity_world *world, int64_t duration_ms, int64_t step_ms);

/* Send what was written to `request`.
 * returns  the control code of the answer; 0 silence. Asserts that the answer is a sound frame of this meter */
uint8_t world_send(struct electricity_world *world, const struct writer *request);

/* Read one identifier of 2007.
 * returns  its values, or an empty span: the answer is abnormal or there is none */
struct span world_read(struct electricity_world *world, uint32_t identifier);
/* The same as a number of BCD; -1 when there is none. */
int64_t world_number(struct electricity_world *world, uint32_t identifier);

/* Write values with the authority. Returns the control code. */
uint8_t world_write(struct electricity_world *world, uint32_t identifier, struct span values);
uint8_t world_write_number(struct electricity_world *world, uint32_t identifier, int64_t number, size_t size);

/* 1CH, valid for an hour. Returns the control code. */
uint8_t world_relay(struct electricity_world *world, enum dlt645_relay_command command);

/* 03H. Returns the control code. */
uint8_t world_recharge(struct electricity_world *world, uint32_t identifier, uint32_t count, uint32_t amount);

/* The error word of the last answer, when it was abnormal. */
unsigned world_error(const struct electricity_world *world);

/* Local time now. */
struct item_time world_time(const struct electricity_world *world);

/* Tags for the meter and the master: a plain mixing of bytes in the place of AES-CMAC, which needs a library. */
const struct cipher *world_cipher(void);

#endif
