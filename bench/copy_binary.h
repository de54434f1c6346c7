/* PostgreSQL's binary form of COPY, as far as rows of 64-bit numbers need it (its manual, "COPY", File Formats). */
#ifndef BENCH_COPY_BINARY_H
#define BENCH_COPY_BINARY_H

#include <stdint.h>
#include <string.h>

#define COPY_BINARY_HEAD "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0" /* sent with its own 0, which is the 19th byte */
#define COPY_BINARY_END "\377\377"                             /* two bytes */
#define COPY_BINARY_ROW(columns) (2 + (columns) * 12)          /* bytes: the number of columns; each with its size */

/* to       room for COPY_BINARY_ROW bytes in all
 * returns  where the numbers of the row go */
static inline char *copy_binary_row_begin(char *to, char columns)
{
    to[0] = 0;
    to[1] = columns;
    return to + 2;
}

static inline char *copy_binary_number_put(char *to, int64_t value)
{
    static const char size[4] = { 0, 0, 0, 8 };

    memcpy(to, size, sizeof size);
    for (int i = 0; i < 8; i++)
        to[4 + i] = (char)((uint64_t)value >> (56 - 8 * i));
    return to + 12;
}

#endif
