#include "store/sqlite/midnight_walk.h"

#include "store/statement_table.h"

int midnight_walk(struct store *store, int64_t day, midnight_visitor *visit, void *visitor)
{
    static const char *const text =
        "SELECT device_id, register_value FROM daily_reading WHERE day = ?1 ORDER BY device_id";
    struct statement_table table;
    int result = statement_table_prepare(&table, store, &text, 1);
    int visited = 0;

    if (result < 0)
        return result;
    struct statement *statement = statement_take(&table, 0);
    statement_bind_integer(statement, 1, day);
    while (visited == 0 && (result = statement_row(statement)) == 1)
        visited = visit(visitor, (uint32_t)statement_integer(statement, 0), statement_integer(statement, 1));
    statement_table_finalize(&table);
    return result < 0 ? result : visited;
}
