#include "apps/meterworks/csv_row.h"

#include <string.h>

struct csv_text csv_text_of(struct span text)
{
    static const uint8_t mark[] = { 0xEF, 0xBB, 0xBF };

    if (text.size >= sizeof mark && memcmp(text.bytes, mark, sizeof mark) == 0)
        text = span_of_bytes(text.bytes + sizeof mark, text.size - sizeof mark);
    return (struct csv_text){ text, 1 };
}

static int peek(const struct csv_text *text)
{
    return text->rest.size > 0 ? text->rest.bytes[0] : -1;
}

static void step(struct csv_text *text)
{
    if (text->rest.bytes[0] == '\n')
        text->line++;
    text->rest = span_of_bytes(text->rest.bytes + 1, text->rest.size - 1);
}

/* CR LF counts as one end. */
static bool at_row_end(const struct csv_text *text)
{
    int next = peek(text);
    return next < 0 || next == '\n' || (next == '\r' && (text->rest.size == 1 || text->rest.bytes[1] == '\n'));
}

static int byte_put(char cell[CSV_CELL_LIMIT], size_t *size, int byte)
{
    if (byte == 0)
        return CSV_ERR_ZERO;
    if (*size + 1 >= CSV_CELL_LIMIT)
        return CSV_ERR_LONG;
    cell[(*size)++] = (char)byte;
    return 0;
}

/* Behind the opening quote, up to behind the closing one. */
static int quoted_read(struct csv_text *text, char cell[CSV_CELL_LIMIT], size_t *size)
{
    for (;;) {
        int next = peek(text);
        if (next < 0)
            return CSV_ERR_QUOTE;
        step(text);
        if (next == '"' && peek(text) != '"')
            return at_row_end(text) || peek(text) == ',' ? 0 : CSV_ERR_QUOTE;
        if (next == '"')
            step(text);
        int error = byte_put(cell, size, next);
        if (error != 0)
            return error;
    }
}

static int cell_read(struct csv_text *text, char cell[CSV_CELL_LIMIT])
{
    size_t size = 0;
    int error = 0;

    if (peek(text) == '"') {
        step(text);
        error = quoted_read(text, cell, &size);
    }
    while (error == 0 && !at_row_end(text) && peek(text) != ',') {
        error = peek(text) == '"' ? CSV_ERR_QUOTE : byte_put(cell, &size, peek(text));
        step(text);
    }
    cell[size] = '\0';
    return error;
}

static void row_end_pass(struct csv_text *text)
{
    if (peek(text) == '\r')
        step(text);
    if (peek(text) == '\n')
        step(text);
}

int csv_row_next(struct csv_text *text, struct csv_row *row)
{
    while (at_row_end(text) && text->rest.size > 0)
        row_end_pass(text);
    row->count = 0;
    row->line = text->line;
    if (text->rest.size == 0)
        return 0;
    for (;;) {
        if (row->count == CSV_CELL_COUNT)
            return CSV_ERR_CELLS;
        int error = cell_read(text, row->cells[row->count++]);
        if (error != 0)
            return error;
        if (at_row_end(text))
            break;
        step(text); /* the comma */
    }
    row_end_pass(text);
    return 1;
}
