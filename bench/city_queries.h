/* What people at the console ask of a city, over HTTP like a browser: how long each question takes. */
#ifndef BENCH_CITY_QUERIES_H
#define BENCH_CITY_QUERIES_H

#include "bench/city_plan.h"
#include "bench/city_server.h"
#include "bench/city_table.h"

/* Sign in and ask each question many times, of meters far apart; a row each. Questions that are refused say so in their row.
 * returns  0; -1 with `problem` ("" when somebody asked to end) */
int city_queries_ask(const struct city_plan *plan, const struct city_server *server, struct city_table *table, char problem[256]);

#endif
