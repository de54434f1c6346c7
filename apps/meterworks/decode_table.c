#include "apps/meterworks/decode_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/codec_error.h"

#define BYTES_SHOWN 8
#define GAP 2 /* columns between two columns */

enum column { COLUMN_OFFSET, COLUMN_BYTES, COLUMN_NAME, COLUMN_VALUE, COLUMN_MEANING, COLUMN_CLAUSE, COLUMN_COUNT };

static const struct {
    const char *english;
    const char *chinese;
    size_t limit; /* a longer text does not widen the column; what is right of it goes on in the next line */
} columns[COLUMN_COUNT] = {
    { "offset", "偏移", 8 },   { "bytes", "字节", 3 * BYTES_SHOWN + 1 },
    { "name", "名称", 44 },    { "value", "值", 32 },
    { "meaning", "含义", 44 }, { "clause", "条款", 0 },
};

struct table {
    struct span frame;
    enum explain_language language;
    char **cells; /* COLUMN_COUNT for each row, each from malloc */
    size_t count;
    size_t capacity;
    size_t widths[COLUMN_COUNT];
    char address[EXPLAIN_TEXT_LIMIT];
    char direction[EXPLAIN_TEXT_LIMIT];
    bool is_full; /* out of memory */
};

/* Code points that take two columns: East Asian wide and full-width forms (Unicode standard annex 11). */
static bool is_wide(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = { { 0x1100, 0x115f },  { 0x2e80, 0x303e }, { 0x3041, 0x33ff }, { 0x3400, 0x4dbf },
                   { 0x4e00, 0x9fff },  { 0xa000, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff },
                   { 0xfe30, 0xfe6f },  { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff },
                   { 0x20000, 0x3fffd } };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static bool is_combining(uint32_t point)
{
    return (point >= 0x300 && point <= 0x36f) || (point >= 0x200b && point <= 0x200f) || point == 0xfeff;
}

/* The code point at `text`, which is valid UTF-8, and how many bytes it has. */
static uint32_t point_at(const uint8_t *text, size_t *size)
{
    static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    *size = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
    uint32_t point = text[0] & masks[*size];
    for (size_t i = 1; i < *size; i++)
        point = point << 6 | (text[i] & 0x3f);
    return point;
}

size_t decode_text_columns(const char *text)
{
    size_t count = 0, size = 0;

    if (text_utf8_check(span_of_text(text)) < 0)
        return strlen(text);
    for (const uint8_t *at = (const uint8_t *)text; *at != 0; at += size) {
        uint32_t point = point_at(at, &size);
        count += is_combining(point) ? 0 : is_wide(point) ? 2 : 1;
    }
    return count;
}

static const char *chosen(enum explain_language language, const char *english, const char *chinese)
{
    return language == EXPLAIN_CHINESE ? chinese : english;
}

/* Room for one more row.
 * returns  its first cell; NULL without memory */
static char **row_add(struct table *table)
{
    if (table->count == table->capacity) {
        size_t capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
        char **cells = realloc(table->cells, capacity * COLUMN_COUNT * sizeof *cells);
        if (cells == NULL)
            return NULL;
        table->cells = cells;
        table->capacity = capacity;
    }
    return &table->cells[COLUMN_COUNT * table->count++];
}

static void cell_fill(struct table *table, char **row, enum column column, const char *text)
{
    size_t width = decode_text_columns(text);

    row[column] = strdup(text);
    table->is_full = table->is_full || row[column] == NULL;
    if (width <= columns[column].limit && width > table->widths[column])
        table->widths[column] = width;
}

static void bytes_fill(struct table *table, char **row, const struct explain_field *field)
{
    char text[4 * BYTES_SHOWN + 8];
    struct writer out = writer_of_buffer(text, sizeof text);

    for (size_t i = 0; i < field->size && i < BYTES_SHOWN; i++)
        writer_format(&out, "%s%02x", i > 0 ? " " : "", table->frame.bytes[field->offset + i]);
    if (field->size > BYTES_SHOWN)
        writer_text(&out, "…");
    cell_fill(table, row, COLUMN_BYTES, writer_terminate(&out));
}

static void name_fill(struct table *table, char **row, const struct explain_field *field)
{
    char text[EXPLAIN_TEXT_LIMIT + 64];
    (void)snprintf(text, sizeof text, "%*s%s", (int)(2 * field->depth), "", field->name);
    cell_fill(table, row, COLUMN_NAME, text);
}

/* The explainers name it in full, or as the standard abbreviates it. */
static bool is_direction(const struct explain_field *field)
{
    struct span key = span_of_text(field->key);
    return text_equal_ignoring_case(key, span_of_text("direction")) ||
           text_equal_ignoring_case(key, span_of_text("dir"));
}

static void field_take(void *context, const struct explain_field *field)
{
    struct table *table = context;
    char **row = row_add(table);
    char offset[24] = "";

    if (row == NULL) {
        table->is_full = true;
        return;
    }
    if (field->size > 0)
        (void)snprintf(offset, sizeof offset, "%6zu", field->offset);
    cell_fill(table, row, COLUMN_OFFSET, offset);
    bytes_fill(table, row, field);
    name_fill(table, row, field);
    cell_fill(table, row, COLUMN_VALUE, field->value);
    cell_fill(table, row, COLUMN_MEANING, field->meaning);
    cell_fill(table, row, COLUMN_CLAUSE, field->clause);
    if (field->is_address)
        (void)text_copy(span_of_text(field->value), table->address, sizeof table->address);
    if (is_direction(field))
        (void)text_copy(span_of_text(field->meaning[0] != '\0' ? field->meaning : field->value), table->direction,
                        sizeof table->direction);
}

/* One row; empty cells take no blanks at the end of the line. */
static void row_print(const struct table *table, char *const *row)
{
    size_t at = 0, begin = 0;

    for (int column = 0; column < COLUMN_COUNT; column++) {
        const char *text = row[column] != NULL ? row[column] : "";
        if (text[0] != '\0') {
            if (at + GAP > begin && begin > 0) {
                putchar('\n');
                at = 0;
            }
            printf("%*s%s", (int)(begin - at), "", text);
            at = begin + decode_text_columns(text);
        }
        begin += table->widths[column] + GAP;
    }
    putchar('\n');
}

static void summary_print(const struct table *table, const struct explain_protocol *protocol, const char *where,
                          int result)
{
    enum explain_language language = table->language;

    if (where[0] != '\0')
        printf("%s: ", where);
    printf("%s", chosen(language, protocol->english, protocol->chinese));
    if (table->direction[0] != '\0')
        printf(", %s", table->direction);
    if (table->address[0] != '\0')
        printf(", %s %s", chosen(language, "address", "地址"), table->address);
    printf(", %zu %s, %s\n", table->frame.size, chosen(language, "bytes", "字节"),
           result < 0 ? chosen(language, "DAMAGED", "已损坏") : chosen(language, "valid", "有效"));
}

static void rows_print(struct table *table)
{
    char *head[COLUMN_COUNT];
    char texts[COLUMN_COUNT][24];

    for (int column = 0; column < COLUMN_COUNT; column++) {
        const char *text = chosen(table->language, columns[column].english, columns[column].chinese);
        size_t width = decode_text_columns(text);
        if (width > table->widths[column])
            table->widths[column] = width;
        (void)snprintf(texts[column], sizeof texts[column], "%s", text);
        head[column] = texts[column];
    }
    row_print(table, head);
    for (size_t i = 0; i < table->count; i++)
        row_print(table, &table->cells[COLUMN_COUNT * i]);
}

static void table_free(struct table *table)
{
    for (size_t i = 0; i < COLUMN_COUNT * table->count; i++)
        free(table->cells[i]);
    free(table->cells);
}

int decode_table_print(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       const struct explain_secret *secret, const char *where)
{
    struct table table = { .frame = frame, .language = language };
    struct explain_sink sink = { language, field_take, NULL, &table, secret };
    size_t error_offset = 0;
    int result = protocol->explain(&sink, frame, &error_offset);

    if (table.is_full) {
        table_free(&table);
        return CODEC_ERR_FULL;
    }
    summary_print(&table, protocol, where, result);
    if (table.count > 0)
        rows_print(&table);
    if (result < 0)
        printf("%s %zu: %s\n", chosen(language, "damaged at offset", "报文损坏，偏移"), error_offset,
               language == EXPLAIN_CHINESE ? codec_error_text_chinese(result) : codec_error_text(result));
    table_free(&table);
    return result;
}
