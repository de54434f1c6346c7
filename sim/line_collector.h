/* A collector (meter/core/collector) between two simulated lines: slave on the upper one, master of the lower one. */
#ifndef SIM_LINE_COLLECTOR_H
#define SIM_LINE_COLLECTOR_H

#include "meter/core/collector/collector.h"
#include "meter/port/host/host_flash.h"
#include "sim/line.h"

struct line_collector {
    struct collector core;
    struct collector_hal hal;
    struct collector_config config;
    struct meter_hal flash_hal;
    struct host_flash flash;
    struct line *upper;
    struct line *lower;
    struct line_slave slave; /* on the upper line; its delays are those of the last answer */
    int64_t turn_us;         /* from the end of a meter's answer to the beginning of its passing on */
    int64_t now_us;
    size_t answer_size;
    uint8_t answer[LINE_BURST_LIMIT];
};

/* Make one with an empty archive and put it on the upper line. It must stay where it is.
 * address  of the collector, lowest pair of digits first
 * returns  as collector_open */
int line_collector_open(struct line_collector *collector, const struct dlt645_address *address, struct line *upper,
                        struct line *lower, uint64_t seed);

/* Take it off the line and free its flash. */
void line_collector_close(struct line_collector *collector);

/* Reset: it starts from its flash.
 * returns  as collector_open */
int line_collector_restart(struct line_collector *collector);

/* Write a place of the archive (0 to COLLECTOR_METER_LIMIT - 1) as a download would have.
 * returns  as collector_meter_set */
int line_collector_meter_add(struct line_collector *collector, uint8_t place, const struct collector_entry *entry);

/* Let it poll until then, on the lower line's time. */
void line_collector_step(struct line_collector *collector, int64_t now_us);

#endif
