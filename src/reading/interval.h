/* A day of a register at quarter-hours (分时数据): believed as a whole, merged when it comes in parts, turned into use.
 *
 * Pure: no store, no clock, no allocation. Slot k of a day is the instant k + 1 quarters after its local midnight: slot 0
 * is 00:15, slot 95 is 24:00, which is the next day's midnight. Values of half hours and hours lie at every second and
 * fourth slot. Nothing is changed to fit: a value that is not believed keeps its place with its reason as state and is
 * left out of every use; what was never reported stays a gap and is estimated for display only.
 *
 * A day is judged again whenever something is known better (a late part, a midnight that came after it), so states are
 * never more than what the values and midnights of now say. */
#ifndef READING_INTERVAL_H
#define READING_INTERVAL_H

#include <stdbool.h>

#include "registry/registry.h"

#define INTERVAL_SLOTS 96
#define INTERVAL_SLOT_S 900
#define INTERVAL_NIGHT_UNKNOWN (-1)

/* Of a value; numbers are stored. */
enum interval_state {
    INTERVAL_GOOD = 0,
    INTERVAL_DOUBTED = 1,  /* by the device itself; believed */
    INTERVAL_CONFLICT = 2, /* another value was reported for this instant and is kept beside it; believed */
    INTERVAL_RANGE = 3,    /* from here on not believed: the dial cannot show it */
    INTERVAL_SPIKE = 4,    /* more than pipe or wire carry in the time between */
    INTERVAL_BACKWARD = 5, /* less than an earlier believed value */
    INTERVAL_MIDNIGHT = 6, /* contradicts the register at the midnight that ends the day */
    INTERVAL_GAP = 255
};

struct interval_day {
    int64_t values[INTERVAL_SLOTS];
    uint8_t states[INTERVAL_SLOTS]; /* enum interval_state */
};

/* What a day's values are compared with. */
struct interval_bounds {
    int64_t modulus_value;
    int64_t slot_limit_value;    /* the most that flows in a quarter of an hour */
    int64_t dial_unit_value;     /* the last place of the usual dial: midnights and instants may differ by it */
    int64_t midnight_values[2];  /* the dial at the beginning and at the end of the day */
    bool midnight_known[2];
};

struct interval_summary {
    uint8_t period_slots; /* 1, 2 or 4: quarters, half hours or hours are what this register reports */
    uint8_t believed;
    uint8_t refused;
    uint8_t missing;      /* of those that its period lets expect in a whole day */
    bool sum_checked;     /* the end of the day could be compared with the midnight register */
    bool sum_differs;
};

enum interval_mark { INTERVAL_MEASURED = 0, INTERVAL_ESTIMATED = 1, INTERVAL_UNKNOWN = 2 };

/* Use in equal periods of a day; only `count` of the entries mean anything. */
struct interval_use {
    uint8_t count;
    int64_t values[INTERVAL_SLOTS]; /* what flowed, the ratio of transformers in it; 0 when unknown */
    uint8_t marks[INTERVAL_SLOTS];  /* enum interval_mark */
};

bool interval_state_believed(uint8_t state);

/* "good", "doubted", "conflict", "range", "spike", "backward", "midnight", "gap"; "gap" for other numbers. */
const char *interval_state_name(uint8_t state);

/* All gaps. */
void interval_day_clear(struct interval_day *day);

/* The bounds of a device's main register, or of another counter of it; no midnight known yet. */
struct interval_bounds interval_bounds_of(const struct registry_device *device);

/* Believe the values of a day or say why not. Rules, in this order: the dial can show it; from the last believed value (or
 * from the midnight before) it grew by no more than flows in that time and one quarter more, over the end of the dial too;
 * the midnight that ends the day stays reachable the same way, and 24:00 itself agrees with it within one unit of the dial.
 * Without a midnight before, the beginning counts that lets most values be believed. */
void interval_day_judge(const struct interval_bounds *bounds, struct interval_day *day,
                        struct interval_summary *summary);

/* Bring new values into a day; judge it afterwards.
 * repeated   how many were there already with the same value
 * displaced  slots where another value stood; the value that is not kept lies in others[slot]. The first value stands,
 *            unless it was not believed. Bit k of displaced[k / 32]
 * returns    how many slots changed */
unsigned interval_day_merge(struct interval_day *day, const struct interval_day *fresh, unsigned *repeated,
                            uint32_t displaced[INTERVAL_SLOTS / 32], int64_t others[INTERVAL_SLOTS]);

/* What flowed in each period of a judged day.
 * slots          1, 2, 4 or 96 of a period
 * multiplier_e3  what flows for one on the dial, thousandths
 * A period whose beginning or end has no believed value, but lies between two that have, is estimated: growth spread
 * evenly over time. Parts always add up. */
void interval_use_make(const struct registry_device *device, const struct interval_bounds *bounds,
                       const struct interval_day *day, unsigned slots, int64_t multiplier_e3, struct interval_use *use);

/* The least that flowed in an hour between 01:00 and 05:00, of measured quarters alone; INTERVAL_NIGHT_UNKNOWN without a
 * whole measured hour. What still flows then is leaks and what never stops (夜间最小流量). */
int64_t interval_night_minimum(const struct interval_use *quarters);

/* Whether something flowed in every measured quarter of a day that lacks at most eight of them. */
bool interval_never_still(const struct interval_use *quarters);

#endif
