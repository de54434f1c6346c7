/* The reading room's store on SQLite: tables device_state, daily_reading, midnight_block, reading_set_aside, area_day, frame. */
#ifndef STORE_SQL_READING_SQL_H
#define STORE_SQL_READING_SQL_H

#include "reading/reading_store.h"
#include "store/store.h"

/* Values set aside and not decided, per device; more are counted as frames only, so that a broken or hostile device
 * cannot fill the disk. */
#define READING_SET_ASIDE_OPEN_LIMIT 200

struct reading_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int reading_sql_open(struct store *store, struct reading_sql **out);

/* Accepts NULL. Close before the store. */
void reading_sql_close(struct reading_sql *sql);

/* The interface; lives as long as `sql`. */
const struct reading_store *reading_sql_store(const struct reading_sql *sql);

#endif
