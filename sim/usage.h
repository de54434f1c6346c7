/* How much water a home draws in an hour: a shape of the day for each kind of household, a level for each home, and
 * chance by seed, home, day and hour. Pure and without state: history and the running town agree. */
#ifndef SIM_USAGE_H
#define SIM_USAGE_H

#include <stdint.h>

enum usage_kind {
    USAGE_FAMILY,      /* peaks in the morning and the evening */
    USAGE_NIGHT_SHIFT, /* peaks before and after the night */
    USAGE_EMPTY,       /* nobody lives there; a visit now and then */
    USAGE_DORM,        /* 21:00 to 23:00, quieter at weekends and in holidays */
    USAGE_SHOP,
    USAGE_RESTAURANT,
    USAGE_KIND_COUNT
};

struct usage_home {
    uint64_t seed;        /* of the town */
    uint32_t home;        /* its number */
    uint8_t kind;         /* enum usage_kind */
    int32_t daily_ml;     /* an average day */
    int32_t leak_ml_per_h; /* a leaking toilet: 6,000 */
};

struct usage_shape {
    const char *name;
    uint8_t hours[24];       /* weights */
    uint16_t weekend_permille;
    uint16_t holiday_permille;
};

const struct usage_shape *usage_shape(enum usage_kind kind);

/* Millilitres drawn in hour `hour` (0 to 23) of local day `day` (since 1970). */
int64_t usage_hour_ml(const struct usage_home *home, int64_t day, int hour);

/* Of hours [0, hours) of the day; 24 for the whole. */
int64_t usage_day_ml(const struct usage_home *home, int64_t day, int hours);

#endif
