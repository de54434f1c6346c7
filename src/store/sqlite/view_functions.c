#include "store/sqlite/view_functions.h"

#include <stddef.h>

#include "collect/collect_store.h"
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

/* "no_answer" for a stored number of enum line_problem or enum collect_reason. */
static void problem_name(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    if (sqlite3_value_type(values[0]) != SQLITE_NULL)
        sqlite3_result_text(context, collect_problem_name(sqlite3_value_int(values[0])), -1, SQLITE_STATIC);
}

int view_functions_register(sqlite3 *connection)
{
    int result = sqlite3_create_function(connection, "days_known", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, days_known,
        NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_create_function(connection, "problem_name", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
            problem_name, NULL, NULL);
    return sqlite_store_error(result);
}
