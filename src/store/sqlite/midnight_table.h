/* All midnights of a meter as a table of SQL, wherever they rest: rows of daily_reading, and what midnight_block has of the other
 * days (reading/midnight_fold.h).
 *
 *   SELECT r.day, r.register_value, r.total_value, r.quality, r.received_s, r.multiplier_e3
 *       FROM midnights(device_id, first_day, last_day) r
 *
 * Days come in order, each once; should a day be in both, the row counts. A damaged block ends the statement with
 * STORE_ERR_CORRUPT, and the log says whose it is. A block is unpacked once for all days that are asked for one after the other.
 *
 *   midnight_total(registers, totals, ratios, arrivals, day)
 *
 * is the total of one day of a row of midnight_block; NULL when it has none, and when the block is damaged: for statements over
 * many meters that must not end with one of them.
 *
 *   midnights_known(registers, totals, ratios, arrivals, stretch)
 *
 * is how many days such a row has; NULL when it is damaged. */
#ifndef STORE_SQLITE_MIDNIGHT_TABLE_H
#define STORE_SQLITE_MIDNIGHT_TABLE_H

#include <sqlite3.h>

#include "store/cut_text.h"

/* The total at a midnight, from its row or else from its block; both arguments are SQL. */
#define MIDNIGHT_TOTAL(day_, device_) \
    CUT_OR_WHOLE("midnight_at(" day_ ", " device_ ")", \
    "coalesce((SELECT m.total_value FROM daily_reading m WHERE m.day = " day_ " AND m.device_id = " device_ ")," \
    " (SELECT midnight_total(b.registers, b.totals, b.ratios, b.arrivals, " day_ ") FROM midnight_block b" \
    "  WHERE b.stretch = (" day_ ") / 256 AND b.device_id = " device_ "))")

/* Adds the three to a connection. 0 or STORE_ERR_*. */
int midnight_table_register(sqlite3 *connection);

#endif
