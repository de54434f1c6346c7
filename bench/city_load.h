/* The meters of a city on the air: every one registers, reports its midnights as it would in the field, repeats what is not
 * answered, registers again where it is not known, and remembers what was acknowledged.
 *
 * Closed loop: a fixed number of requests is under way, and a meter that is done makes room for the next. One thread. */
#ifndef BENCH_CITY_LOAD_H
#define BENCH_CITY_LOAD_H

#include "bench/city_plan.h"

/* Bits of what the server acknowledged of a meter. */
#define CITY_TODAY 1u     /* the report of today's midnight */
#define CITY_YESTERDAY 2u /* that of yesterday's, which city_manner says who sends */
#define CITY_ALARMED 4u   /* its alarm in the storm */

struct city_load_figures {
    uint64_t registrations; /* answered */
    uint64_t reports;       /* acknowledged */
    uint64_t alarms;        /* acknowledged */
    uint64_t doubled;       /* datagrams that were sent twice on purpose */
    uint64_t late;          /* of the reports: behind their day, or behind a newer one */
    uint64_t repeated;      /* after 2 s without an answer */
    uint64_t unknown;       /* answered that the meter has to register first */
    uint64_t refused;       /* any other answer */
    double seconds;
    double processor_s;     /* of the generator's own thread */
};

struct city_load;

/* NULL when the system refuses (memory, socket). The plan lives as long. */
struct city_load *city_load_open(const struct city_plan *plan, uint16_t port);

/* Accepts NULL. */
void city_load_close(struct city_load *load);

/* Every meter registers once.
 * returns  false: somebody asked to end */
bool city_load_register(struct city_load *load, struct city_load_figures *out);

/* Go on with the day until so many reports of it were acknowledged in all; what is then under way is left without waiting.
 * reports  0: until every report of the day was
 * returns  false: somebody asked to end */
bool city_load_report(struct city_load *load, uint64_t reports, struct city_load_figures *out);

/* One of a hundred meters (city_alarm_number) raises an alarm within city_storm_ms while the others go on with their day, until the
 * last of these is acknowledged. Once in a load's life.
 * returns  false: somebody asked to end */
bool city_load_storm(struct city_load *load, struct city_load_figures *out);

/* Reports of the whole day. */
uint64_t city_load_day(const struct city_load *load);

/* What was acknowledged of meters 1 to `meters`: bits of CITY_TODAY, CITY_YESTERDAY and CITY_ALARMED; [0] is nobody's. Lives with the load. */
const uint8_t *city_load_acknowledged(const struct city_load *load);

#endif
