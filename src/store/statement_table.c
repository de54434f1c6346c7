#include "store/statement_table.h"

#include <assert.h>

int statement_table_prepare(struct statement_table *table, struct store *store, const char *const texts[], size_t count)
{
    assert(count <= STATEMENT_TABLE_LIMIT);
    *table = (struct statement_table){ .store = store };
    for (size_t i = 0; i < count; i++) {
        int error = statement_prepare(store, texts[i], &table->statements[i]);
        if (error != 0) {
            statement_table_finalize(table);
            return error;
        }
        table->count = i + 1;
    }
    return 0;
}

void statement_table_finalize(struct statement_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        statement_finalize(table->statements[i]);
    *table = (struct statement_table){ 0 };
}

struct statement *statement_take(struct statement_table *table, size_t index)
{
    assert(index < table->count);
    struct statement *statement = table->statements[index];
    statement_reset(statement);
    return statement;
}
