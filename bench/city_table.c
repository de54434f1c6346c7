#include "bench/city_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void city_table_add(struct city_table *table, const char *measure, const char *aim, const char *limit, const char *format,
                    ...)
{
    va_list arguments;

    if (table->count == CITY_TABLE_ROWS)
        return;
    struct city_row *row = &table->rows[table->count++];
    row->measure = measure;
    row->aim = aim;
    row->limit = limit;
    va_start(arguments, format);
    (void)vsnprintf(row->reached, sizeof row->reached, format, arguments);
    va_end(arguments);
}

static int wider(int width, const char *text)
{
    int size = (int)strlen(text);
    return size > width ? size : width;
}

static void row_print(const int widths[3], const char *measure, const char *aim, const char *reached, const char *limit)
{
    printf("| %-*s | %-*s | %-*s | %s |\n", widths[0], measure, widths[1], aim, widths[2], reached, limit);
}

void city_table_print(const struct city_table *table)
{
    int widths[3] = { 7, 3, 7 };

    for (size_t i = 0; i < table->count; i++) {
        widths[0] = wider(widths[0], table->rows[i].measure);
        widths[1] = wider(widths[1], table->rows[i].aim);
        widths[2] = wider(widths[2], table->rows[i].reached);
    }
    row_print(widths, "measure", "aim", "reached", "what limits it");
    row_print(widths, "---", "---", "---", "---");
    for (size_t i = 0; i < table->count; i++)
        row_print(widths, table->rows[i].measure, table->rows[i].aim, table->rows[i].reached, table->rows[i].limit);
}
