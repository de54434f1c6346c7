/* Shared by the files of the reading room's store. */
#ifndef STORE_SQLITE_READING_SQLITE_INTERNAL_H
#define STORE_SQLITE_READING_SQLITE_INTERNAL_H

#include "store/sqlite/reading_sqlite.h"
#include "store/statement_table.h"

struct reading_sqlite {
    struct reading_store store;
    struct statement_table table;
    struct statement_table registers; /* register_reading, register_conflict */
    struct statement_table folds;     /* interval_block, interval_progress */
    struct statement_table intervals; /* interval_day */
    struct statement_table zones;     /* balance_zone, balance_supply */
};

/* Prepare the statements of the other registers and put their functions into the store.
 * returns  0; negative of the store */
int reading_sqlite_registers_open(struct reading_sqlite *sqlite, struct store *store);

/* The same for quarter-hours. */
int reading_sqlite_intervals_open(struct reading_sqlite *sqlite, struct store *store);

/* The same for the zones of loss. */
int reading_sqlite_zones_open(struct reading_sqlite *sqlite, struct store *store);

/* The same for folded days of quarter-hours. */
int reading_sqlite_folds_open(struct reading_sqlite *sqlite, struct store *store);

#endif
