/* A row of meters on one line, living on their own: water runs, heat and current flow, settlement days pass. For tools
 * and tests that need a line with somebody on it. */
#ifndef SIM_LINE_METERS_H
#define SIM_LINE_METERS_H

#include "meter/port/host/host_bus_meter.h"
#include "meter/port/host/host_electricity.h"
#include "sim/line.h"
#include "sim/meter_key.h"
#include "sim/usage.h"

#define LINE_METERS_LIMIT 250
#define LINE_METERS_EACH_KIND BUS_METER_KIND_COUNT  /* as kind: one of each kind after the other */
#define LINE_METERS_DLT645 4                        /* as protocol: electricity meters instead */
#define LINE_METERS_NUMBER_LIMIT UINT64_C(99999999) /* eight digits */

struct line_meters_config {
    uint8_t protocols;     /* set of enum bus_meter_protocol, or LINE_METERS_DLT645 */
    uint8_t kind;          /* of bus meters: enum bus_meter_kind, or LINE_METERS_EACH_KIND */
    uint16_t count;        /* 1 to LINE_METERS_LIMIT */
    uint64_t first_number; /* address and M-Bus number of the first; each next one has one more */
    uint8_t first_primary; /* M-Bus primary address of the first, the next ones following; 0: all have 0 */
    uint8_t preamble_size; /* FEH before answers in CJ/T 188 */
    bool any_order;        /* identifiers of CJ/T 188 in either order */
    int64_t delay_low_us;  /* until they answer */
    int64_t delay_high_us;
    int32_t zone_offset_s;
    struct meter_key key; /* of electricity meters */
    uint8_t credit;       /* of electricity meters: enum electricity_credit */
    uint64_t seed;
};

struct line_meter {
    struct host_bus_meter host;           /* when it is no electricity meter */
    struct host_electricity *electricity; /* NULL: a bus meter */
    struct line_slave slave;              /* the owner may make it absent, babbling or answer wrongly */
    struct usage_home home;
    int64_t volume_rest; /* ml s below one ml of the hour's flow */
    int64_t energy_rest; /* W s below one Wh */
};

struct line_meters {
    struct line_meters_config config;
    struct line *line;
    struct line_meter *meters; /* config.count of them */
    int64_t now_s;
};

/* Make them, power them up and put them on the line.
 * returns  0; -1 out of memory, or a number or count outside its bounds */
int line_meters_open(struct line_meters *meters, const struct line_meters_config *config, struct line *line,
                     int64_t now_s);

/* Take them off the line and free them. */
void line_meters_close(struct line_meters *meters);

/* Live until then; at least once a minute, once a second while somebody turns valves. */
void line_meters_step(struct line_meters *meters, int64_t now_s);

#endif
