/* Tables of prices and of tariffs as text, and what a meter can hold of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "command/command_internal.h"

#define MINUTES_PER_DAY 1440
#define TARIFF_LARGEST 4
#define STEP_LARGEST 7
#define NUMBER_LARGEST 8

void command_table_write(const struct downlink_table *table, char text[COMMAND_TABLE_TEXT_LIMIT])
{
    struct writer writer = writer_of_buffer(text, COMMAND_TABLE_TEXT_LIMIT);

    for (unsigned i = 0; i < table->count && i < DOWNLINK_TABLE_LIMIT; i++) {
        if (i == 0)
            writer_format(&writer, "%u: ", (unsigned)table->number);
        writer_format(&writer, "%s%lu %lu", i == 0 ? "" : ", ", (unsigned long)table->from[i], (unsigned long)table->value[i]);
    }
    (void)writer_terminate(&writer);
}

/* A number up to 32 bits, and how far it went. */
static bool number_read(const char **at, uint32_t *out)
{
    char *end = NULL;
    unsigned long long number = **at >= '0' && **at <= '9' ? strtoull(*at, &end, 10) : UINT64_MAX;

    if (number > UINT32_MAX)
        return false;
    *out = (uint32_t)number;
    *at = end;
    return true;
}

static bool mark_read(const char **at, const char *mark)
{
    size_t size = strlen(mark);

    if (strncmp(*at, mark, size) != 0)
        return false;
    *at += size;
    return true;
}

int command_table_read(const char *text, struct downlink_table *out)
{
    struct downlink_table table = { .count = 0 };
    uint32_t number = 0;

    if (text[0] == '\0') {
        *out = table;
        return 0;
    }
    if (!number_read(&text, &number) || number > UINT8_MAX || !mark_read(&text, ": "))
        return -1;
    table.number = (uint8_t)number;
    do {
        if (table.count == DOWNLINK_TABLE_LIMIT || !number_read(&text, &table.from[table.count]) ||
            !mark_read(&text, " ") || !number_read(&text, &table.value[table.count]))
            return -1;
        table.count++;
    } while (mark_read(&text, ", "));
    if (*text != '\0')
        return -1;
    *out = table;
    return 0;
}

bool command_table_valid(uint16_t operation, const struct downlink_table *table)
{
    bool by_time = operation == DOWNLINK_WRITE_DAY_TABLE;
    unsigned rows = by_time ? DOWNLINK_TABLE_LIMIT : STEP_LARGEST;

    if (table->count == 0 || table->count > rows || table->number == 0 || table->number > NUMBER_LARGEST ||
        table->from[0] != 0)
        return false;
    for (unsigned i = 0; i < table->count; i++) {
        if (i > 0 && table->from[i] <= table->from[i - 1])
            return false;
        if (by_time && (table->from[i] >= MINUTES_PER_DAY || table->value[i] == 0 || table->value[i] > TARIFF_LARGEST))
            return false;
    }
    return true;
}
