#include "store/postgres/postgres_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "store/statement.h"

#define TEXT_LIMIT 300

int postgres_parts_keep(struct store *store, const struct store_parts *parts, int64_t *rest)
{
    char text[TEXT_LIMIT];
    struct statement *keep;
    int dropped = 0;

    if (parts->age_column != NULL)
        snprintf(text, sizeof text, "SELECT dropped, rest_s FROM parts_keep_arrivals('%s', '%s', %" PRId64 ", %" PRId64 ")", parts->table,
                 parts->age_column, parts->width, parts->kept);
    else
        snprintf(text, sizeof text, "SELECT dropped, rest FROM parts_keep('%s', %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ")",
                 parts->table, parts->width, parts->first, parts->last, parts->kept);
    int found = statement_prepare(store, text, &keep);
    if (found < 0)
        return found;
    found = statement_row(keep);
    if (found == 1) {
        dropped = statement_int(keep, 0);
        *rest = statement_integer(keep, 1);
    }
    statement_finalize(keep);
    return found < 0 ? found : dropped;
}
