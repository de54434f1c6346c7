/* Shared by the files of the reading room's store. */
#ifndef STORE_SQL_READING_SQL_INTERNAL_H
#define STORE_SQL_READING_SQL_INTERNAL_H

#include "store/sql/reading_sql.h"
#include "store/statement_table.h"

struct reading_rows;
struct reading_intervals;
struct reading_standings;
struct reading_log_rows;

#define READING_SQL_GROWING 6 /* tables that lose what is old: reading_sql_retention.c */

struct reading_sql {
    struct reading_store store;
    struct statement_table table;
    struct statement_table registers; /* register_reading, register_conflict */
    struct statement_table retention;
    struct statement_table folds;     /* interval_block */
    struct statement_table midnights; /* midnight_block */
    struct statement_table progress;  /* interval_progress, midnight_progress */
    struct statement_table intervals; /* interval_day */
    struct statement_table standings; /* interval_standing */
    struct statement_table zones;     /* balance_zone, balance_supply */
    struct statement_table states;    /* state_log */
    struct store *parts;              /* where tables may lie in parts */
    int64_t parts_rest[READING_SQL_GROWING]; /* what goes with its part is not removed by rows (store_parts_keep) */
    struct reading_intervals *intervals_kept; /* NULL: none are */
    struct reading_standings *standings_kept; /* the same */
    struct reading_log_rows *log_kept;        /* the same */
    struct reading_rows *rows;        /* kept back: many are written by one statement */
};

/* Prepare the statements of the other registers and put their functions into the store.
 * returns  0; negative of the store */
int reading_sql_registers_open(struct reading_sql *sql, struct store *store);

/* The same for quarter-hours. */
int reading_sql_intervals_open(struct reading_sql *sql, struct store *store);

/* Accepts one that never opened. */
void reading_sql_intervals_close(struct reading_sql *sql);

/* Days of quarter-hours that are kept: write those that are new, before anybody else looks, and keep none; or forget them, when the
 * transaction is rolled back.
 * returns  0; negative of the store: the transaction must be rolled back */
int reading_sql_intervals_settle(struct reading_sql *sql);
void reading_sql_intervals_forget(struct reading_sql *sql);

/* The same for which days of quarter-hours are complete. */
int reading_sql_standings_open(struct reading_sql *sql, struct store *store);
void reading_sql_standings_close(struct reading_sql *sql);
int reading_sql_standings_settle(struct reading_sql *sql);
void reading_sql_standings_forget(struct reading_sql *sql);

/* The same for states, new midnights and frames, which come by the thousand. */
int reading_sql_rows_open(struct reading_sql *sql, struct store *store);

/* Accepts one that never opened. */
void reading_sql_rows_close(struct reading_sql *sql);

/* Midnights kept back are looked up from here on.
 * returns  0; negative of the store */
int reading_sql_days_settle(struct reading_sql *sql);

/* The same for the zones of loss. */
int reading_sql_zones_open(struct reading_sql *sql, struct store *store);

/* The same for dropping what is too old. */
int reading_sql_retention_open(struct reading_sql *sql, struct store *store);

/* The same for folded days of quarter-hours. */
int reading_sql_folds_open(struct reading_sql *sql, struct store *store);

/* The same for states of a storm. */
int reading_sql_states_open(struct reading_sql *sql, struct store *store);
void reading_sql_states_close(struct reading_sql *sql);
int reading_sql_states_settle(struct reading_sql *sql);
void reading_sql_states_forget(struct reading_sql *sql);

/* The same for folded midnights. */
int reading_sql_midnights_open(struct reading_sql *sql, struct store *store);

/* The same for where rounds of folding stand. */
int reading_sql_progress_open(struct reading_sql *sql, struct store *store);

/* The bytes of a column: how many. Longer than `capacity`, which no program of ours writes: 0, which is no block. */
size_t reading_sql_block_take(struct statement *row, int column, uint8_t *bytes, size_t capacity);

#endif
