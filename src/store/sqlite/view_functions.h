/* What SQL lacks for our views: questions to a completeness map (device_state.complete_days, .on_time_days). */
#ifndef STORE_SQLITE_VIEW_FUNCTIONS_H
#define STORE_SQLITE_VIEW_FUNCTIONS_H

#include <stdint.h>

#include <sqlite3.h>

/* Days of `from` to `to` (both in) whose bit is set; bit k of `map` is the day `newest` - k, 64 days are known.
 * In SQL: days_known(map, newest, from, to). */
int view_days_known(uint64_t map, int64_t newest, int64_t from, int64_t to);

/* Adds to a connection: days_known, problem_name(number of a reason), held_name(number of a billing, rating
 * or ledger reason), line_problem_text(number of enum line_problem,
 * chinese). 0 or STORE_ERR_*. */
int view_functions_register(sqlite3 *connection);

#endif
