/* The event log: how often each thing happened, and the last ten times (DL/T 645-2007 table A.4). */
#ifndef METER_CORE_ELECTRICITY_ELECTRICITY_EVENT_H
#define METER_CORE_ELECTRICITY_ELECTRICITY_EVENT_H

#include <stddef.h>
#include <stdint.h>

#define ELECTRICITY_EVENT_LIMIT 10 /* of each kind */
#define ELECTRICITY_EVENT_VALUES 6

/* Times are local seconds since 1970, 0 unknown; energies hundredths of a kWh. The numbers stand in journals: a kind
 * never gets another one. */
enum electricity_event_kind {
    ELECTRICITY_EVENT_POWER_DOWN,     /* 031100: start, end */
    ELECTRICITY_EVENT_PROGRAMMING,    /* 033000: time, operator, identifier */
    ELECTRICITY_EVENT_METER_CLEAR,    /* 033001: time, operator */
    ELECTRICITY_EVENT_DEMAND_CLEAR,   /* 033002: time, operator */
    ELECTRICITY_EVENT_EVENT_CLEAR,    /* 033003: time, operator, identifier */
    ELECTRICITY_EVENT_TIME_CHANGE,    /* 033004: operator, time before, time after */
    ELECTRICITY_EVENT_COVER,          /* 03300D: start, end, forward and reverse before, forward and reverse after */
    ELECTRICITY_EVENT_TERMINAL_COVER, /* 03300E: the same */
    ELECTRICITY_EVENT_OVERLOAD,       /* 030F01: start, end, enum electricity_limit */
    ELECTRICITY_EVENT_PURCHASE,       /* 0332, 0333: time, count, amount, balance before, after, total */
    ELECTRICITY_EVENT_TRIP,           /* 1D00: time, operator, forward, reverse, holds */
    ELECTRICITY_EVENT_CLOSE,          /* 1E00: the same */
    ELECTRICITY_EVENT_KIND_COUNT
};

struct electricity_event {
    uint32_t values[ELECTRICITY_EVENT_VALUES];
};

struct electricity_events {
    uint32_t counts[ELECTRICITY_EVENT_KIND_COUNT];
    struct electricity_event records[ELECTRICITY_EVENT_KIND_COUNT][ELECTRICITY_EVENT_LIMIT]; /* number modulo limit */
};

/* Event number `number` (from 1 on) of its kind. */
void electricity_events_put(struct electricity_events *events, enum electricity_event_kind kind, uint32_t number,
                            const struct electricity_event *event);

/* The last n-th, 1 the newest; NULL when there is none. */
const struct electricity_event *electricity_events_last(const struct electricity_events *events,
                                                        enum electricity_event_kind kind, unsigned n);

#endif
