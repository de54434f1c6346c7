/* A spreadsheet's text from outside: rows and cells within their bounds, in order, and an end. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/csv_row.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct csv_text text = csv_text_of(span_of_bytes(bytes, size));
    struct csv_row row;
    size_t line = 0;
    int found;

    while ((found = csv_row_next(&text, &row)) == 1) {
        must(row.count >= 1 && row.count <= CSV_CELL_COUNT && row.line > line);
        for (size_t i = 0; i < row.count; i++)
            must(memchr(row.cells[i], 0, CSV_CELL_LIMIT) != NULL);
        line = row.line;
    }
    must(found <= 0 && found >= CSV_ERR_ZERO);
    must(found != 0 || text.rest.size == 0);
    return 0;
}
