/* The one table that a city ends with: what was aimed at, what was reached, and what limits it. */
#ifndef BENCH_CITY_TABLE_H
#define BENCH_CITY_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

#define CITY_TABLE_ROWS 64
#define CITY_TABLE_TEXT 120

struct city_table {
    struct city_row {
        const char *measure;
        const char *aim;   /* "-": none */
        const char *limit; /* "": nothing is known to */
        char reached[CITY_TABLE_TEXT];
    } rows[CITY_TABLE_ROWS];
    size_t count;
};

/* A row; what is behind the table's end is left out. The first three texts are kept by their pointers. */
void city_table_add(struct city_table *table, const char *measure, const char *aim, const char *limit, const char *format,
                    ...) COMPILER_PRINTF(5, 6);

/* To standard output. */
void city_table_print(const struct city_table *table);

#endif
