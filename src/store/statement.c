#include "store/statement.h"

#include <string.h>

#include "base/text.h"
#include "store/store_engine.h"

int statement_prepare(struct store *store, const char *text, struct statement **out)
{
    return store->engine->prepare(store, text, out);
}

void statement_finalize(struct statement *statement)
{
    if (statement != NULL)
        statement->engine->finalize(statement);
}

void statement_bind_text(struct statement *statement, int place, const char *text)
{
    statement->engine->bind_text(statement, place, span_of_bytes(text, text != NULL ? strlen(text) : 0), false);
}

void statement_bind_name(struct statement *statement, int place, const char *text)
{
    statement->engine->bind_text(statement, place, span_of_bytes(text, text != NULL ? strlen(text) : 0), true);
}

void statement_bind_bytes(struct statement *statement, int place, const void *bytes, size_t size)
{
    statement->engine->bind_bytes(statement, place, span_of_bytes(size > 0 ? bytes : "", size));
}

int statement_run_insert(struct statement *statement, int64_t *identifier)
{
    int error = statement_change(statement);

    if (error == 0)
        *identifier = store_last_identifier(statement->store);
    return error;
}

int statement_number(struct statement *statement, int64_t *number)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    int64_t value = statement_integer(statement, 0);
    found = statement_row(statement);
    if (found < 0)
        return found;
    *number = value;
    return 1;
}

void statement_text(struct statement *statement, int column, char *text, size_t capacity)
{
    struct span from = statement_text_span(statement, column);
    size_t size = from.size;

    if (capacity == 0)
        return;
    size = text_utf8_cut(from, capacity - 1 < size ? capacity - 1 : size);
    if (size > 0)
        memcpy(text, from.bytes, size);
    text[size] = '\0';
}
