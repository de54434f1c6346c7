/* Real meters for a simulated concentrator: cores of meter/core/electricity and meter/core/bus_meter on its lines, each
 * with a steady load. They live lazily: a meter catches up with the site's time when it is spoken to. */
#ifndef SIM_CONCENTRATOR_METERS_H
#define SIM_CONCENTRATOR_METERS_H

#include "codec/q376/q376_request.h"
#include "meter/port/host/host_bus_meter.h"
#include "meter/port/host/host_electricity.h"
#include "sim/concentrator_site.h"
#include "sim/meter_key.h"

#define CONCENTRATOR_METERS_PORT_ELECTRICITY 2
#define CONCENTRATOR_METERS_PORT_BUS 3

enum concentrator_meter_use {
    CONCENTRATOR_METER_ELECTRICITY,
    CONCENTRATOR_METER_WATER,
    CONCENTRATOR_METER_GAS,
    CONCENTRATOR_METER_HEAT,
    CONCENTRATOR_METER_USE_COUNT
};

struct concentrator_line_meter {
    struct line_slave slave;
    struct concentrator_site *site;
    uint64_t address;
    uint8_t use;    /* enum concentrator_meter_use */
    int64_t now_ms; /* it has caught up until then */
    int32_t pace;   /* W, or litres (heat: Wh) an hour */
    union {
        struct host_electricity electricity;
        struct host_bus_meter bus;
    } host;
};

struct concentrator_meters {
    struct concentrator_line_meter *meters;
    size_t count;
};

/* Make `count` meters and attach them to the site's ports 2 and 3; the site is open and stays where it is.
 * is_four        electricity, water, gas, heat in turn; else electricity
 * first_address  of the first; the others follow
 * key            of the electricity meters; NULL: they refuse money
 * returns        0 with meters to be closed; -1 no memory, or a port is missing */
int concentrator_meters_open(struct concentrator_meters *meters, struct concentrator_site *site, size_t count,
                             bool is_four, uint64_t first_address, const struct meter_key *key, uint64_t seed);

/* Accepts one that never opened but is zero. Not before the site is closed or done with. */
void concentrator_meters_close(struct concentrator_meters *meters);

/* The archive entry of meter `index`: number and point index + 1. */
struct q376_archive_entry concentrator_meters_entry(const struct concentrator_meters *meters, size_t index);

/* Enter all of them into the concentrator's archive, as a technician would.
 * returns  0; negative: the concentrator refused */
int concentrator_meters_enter(const struct concentrator_meters *meters, struct concentrator_site *site);

/* What the meter's main register shows at the site's time: 0.01 kWh, m3 or kWh. */
int64_t concentrator_meters_register(struct concentrator_meters *meters, size_t index);

#endif
