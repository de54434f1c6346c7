#include "store/sqlite/view_functions.h"

#include <stddef.h>

#include "store/sqlite/sqlite_store.h"

#define MAP_DAYS 64

int view_days_known(uint64_t map, int64_t newest, int64_t from, int64_t to)
{
    int known = 0;

    for (int64_t k = 0; k < MAP_DAYS; k++) {
        int64_t day = newest - k;
        if (day >= from && day <= to && (map >> k & 1) != 0)
            known++;
    }
    return known;
}

static void days_known(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    sqlite3_result_int(context, view_days_known((uint64_t)sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]),
        sqlite3_value_int64(values[2]), sqlite3_value_int64(values[3])));
}

int view_functions_register(sqlite3 *connection)
{
    return sqlite_store_error(sqlite3_create_function(connection, "days_known", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
        NULL, days_known, NULL, NULL));
}
