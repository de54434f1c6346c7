/* A city to be measured: how many meters, what each of their dials shows at which midnight, how their reports come.
 *
 * Meters 1 to `meters` (identifiers of devices) are the city of apps/meterworks/city_archive.h, which has its midnights up to
 * yesterday's. Behind them stand those of the laboratory: installed long ago and without customers, so that measurements with
 * many days leave the city's books alone. */
#ifndef BENCH_CITY_PLAN_H
#define BENCH_CITY_PLAN_H

#include "apps/meterworks/city_archive.h"
#include "base/quantity.h"

#define CITY_METERS_SMALLEST 100
#define CITY_METERS_LARGEST 14000000    /* with the laboratory below what the registry holds */
#define CITY_LABORATORY_LARGEST 1000000
#define CITY_LABORATORY_SMALL 20000     /* of cities below CITY_LABORATORY_LARGEST meters */
#define CITY_LABORATORY_IMEI 350000000000000 /* of its first meter */
#define CITY_LABORATORY_DAYS 1000       /* that its meters are installed: more than all measurements report */
#define CITY_REPORT_FROM_S 43200        /* noon, when the run is: else every meter would be noted as silent, and no longer, report by report */
#define CITY_PAST_DAYS 2                /* midnights of each meter in the archive */
#define CITY_LATE_EVERY 100             /* of so many meters one has not reported yesterday's */
#define CITY_ALARM_EVERY 100            /* of so many meters one alarms in the storm */
#define CITY_ALARM ALARM_OVER_FLOW
#define CITY_STORM_LONGEST_MS 10000     /* a small city's is shorter: one alarm a millisecond at least */
#define CITY_FOLDER_SIZE 512
#define CITY_PASSWORD_SIZE 24

struct city_plan {
    uint32_t meters;
    uint32_t laboratory;
    uint32_t laboratory_after;  /* identifier of the device before its first meter: `meters`, or the last one of a kept city */
    int64_t now_s;
    int32_t zone_offset_s;      /* so that it is noon there: no midnight falls into a run */
    int64_t today;              /* whose midnight is reported */
    struct city_archive_config archive; /* up to yesterday; what the store gives its rows is filled in when it is made */
    char folder[CITY_FOLDER_SIZE];
    char password[CITY_PASSWORD_SIZE]; /* of `admin` */
};

/* Meters of the laboratory that were there before: those of an earlier measurement of a kept city. */
static inline uint32_t city_laboratory_before(const struct city_plan *plan)
{
    return plan->laboratory_after - plan->meters;
}

/* How a meter's reports of the day come. */
enum city_manner {
    CITY_ONCE,        /* today's */
    CITY_LATE,        /* first yesterday's, which never came, then today's */
    CITY_OUT_OF_ORDER /* today's, then yesterday's */
};

static inline enum city_manner city_manner_of(const struct city_plan *plan, uint32_t number)
{
    if (!city_meter_is_late(&plan->archive, number - 1))
        return CITY_ONCE;
    return number / CITY_LATE_EVERY % 2 == 0 ? CITY_LATE : CITY_OUT_OF_ORDER;
}

/* Whether the report of this meter is sent twice at once: two in a hundred. */
static inline bool city_is_repeated(uint32_t number)
{
    return number % 50 == 3;
}

/* Of the storm. */
static inline uint32_t city_alarms(const struct city_plan *plan)
{
    return plan->meters / CITY_ALARM_EVERY;
}

static inline uint32_t city_storm_ms(const struct city_plan *plan)
{
    uint32_t alarms = city_alarms(plan);
    return alarms < CITY_STORM_LONGEST_MS ? alarms : CITY_STORM_LONGEST_MS;
}

/* The meter that raises the storm's alarm number `index`, from 0. */
static inline uint32_t city_alarm_number(uint32_t index)
{
    return index * CITY_ALARM_EVERY + CITY_ALARM_EVERY / 2 + 1;
}

/* What the dial shows at the midnight so many days before today's, whole litres. */
static inline uint32_t city_volume_l(const struct city_plan *plan, uint32_t number, uint32_t days_before)
{
    return (uint32_t)(city_meter_register_ml(&plan->archive, number - 1, (int32_t)(plan->today - days_before)) / 1000);
}

/* Accounts of the city that prepay. */
static inline uint32_t city_prepaid_count(const struct city_plan *plan)
{
    uint32_t rest = plan->meters % 10;
    return plan->meters / 10 * 7 + (rest < 7 ? rest : 7);
}

/* The part of the archive's configuration that follows from the plan. */
static inline void city_plan_archive(struct city_plan *plan)
{
    plan->archive = (struct city_archive_config){
        .meters = plan->meters, .days = CITY_PAST_DAYS, .today = (int32_t)plan->today - 1, .zone_offset_s = plan->zone_offset_s,
        .late_every = CITY_LATE_EVERY, .report_from_s = CITY_REPORT_FROM_S,
    };
}

#endif
