/* A line with real meters on it, one master, and a core that writes down what it is told; time runs from event to
 * event. */
#ifndef TESTS_UNIT_DIALOG_LINE_SCENE_H
#define TESTS_UNIT_DIALOG_LINE_SCENE_H

#include "dialog/line_dialog.h"
#include "meter/port/host/host_bus_meter.h"
#include "meter/port/host/host_electricity.h"
#include "registry/profile.h"
#include "sim/line.h"

#define LINE_SCENE_NOW_MS INT64_C(1795219200000) /* 2026-11-21T08:00:00+08:00 */
#define LINE_SCENE_ZONE_S 28800
#define LINE_SCENE_UPLINKS 512
#define LINE_SCENE_METERS 12
#define LINE_SCENE_LINE 900

struct line_scene;

struct line_scene_meter {
    struct line_scene *scene;
    struct line_slave slave;
    struct host_electricity electricity;
    struct host_bus_meter bus;
    bool is_electricity;
};

struct line_scene {
    struct profile_set *profiles;
    struct line line;
    struct line_dialog_house house;
    struct line_record record;
    struct counter values[LINE_DIALOG_COUNTER_COUNT];
    struct counter_table counters;
    void *master;
    int64_t now_ms;
    int64_t heard_ms; /* when the master was given bytes */
    bool core_is_full;
    uint64_t next_order;
    unsigned ended_count;
    size_t uplink_count;
    struct uplink uplinks[LINE_SCENE_UPLINKS];
    size_t meter_count;
    struct line_scene_meter meters[LINE_SCENE_METERS];
};

/* line  of the simulated line: medium, echo, faults; baud and parity are 2400 8E1 */
struct line_scene *line_scene_open(const struct line_config *line);
void line_scene_close(struct line_scene *scene);

/* Meters on the line. address: 12 digits; password of level 2 is 123456 */
struct line_scene_meter *line_scene_electricity(struct line_scene *scene, const char *address);

/* A meter that speaks CJ/T 188 with this address, and M-Bus with its last eight digits as number. */
struct line_scene_meter *line_scene_bus_meter(struct line_scene *scene, enum bus_meter_kind kind, const char *address,
                                              uint8_t primary);

/* An order for device `device_id` at `address`, given to the master. returns its number, 0 when it was not taken */
uint64_t line_scene_order(struct line_scene *scene, const struct line_order *order);
struct line_order line_scene_order_of(enum line_operation operation, const char *profile, const char *address);

/* Let time pass until so many orders have ended in all, or until the time is over. */
void line_scene_run(struct line_scene *scene, unsigned ended_count, int64_t limit_ms);

/* The last message of an order that ended it; the test fails when there is none. */
const struct uplink *line_scene_ended(const struct line_scene *scene, uint64_t order_id);

/* The reading of an order; the test fails when there is none. */
int64_t line_scene_reading(const struct line_scene *scene, uint64_t order_id, uint16_t quantity, uint8_t period);

#endif
