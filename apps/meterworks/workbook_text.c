#include "apps/meterworks/workbook_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/workbook_part.h"
#include "base/calendar.h"
#include "base/text.h"
#include "billing/cash_error.h"
#include "store/store_error.h"

#define CELL_LIMIT 2048      /* bytes of a cell, of which the reader of rows takes fewer */
#define STYLE_LIMIT 1024     /* formats of cells, and numbers of formats */
#define EPOCH_DAY 25569      /* 1970-01-01 as Excel counts days */
#define EPOCH_DAY_1904 24107 /* and as it does in workbooks whose days begin with 1904 */
#define LAST_DAY 2958465     /* 9999-12-31 */

/* Bytes that grow up to a limit. */
struct growth {
    char *bytes;
    size_t size, capacity, limit;
};

struct workbook {
    struct workbook_part part;   /* first */
    struct growth strings;       /* one after another, each with its zero */
    size_t *string_at;
    size_t string_count, string_capacity;
    bool format_is_date[STYLE_LIMIT]; /* by number of format */
    bool style_is_date[STYLE_LIMIT];  /* by place in the list of styles */
    size_t style_count;
    bool in_styles;
    int64_t epoch_day;
    bool collecting;
    int skipping;                /* inside a phonetic reading */
    char cell[CELL_LIMIT];
    size_t cell_size;
    char type[12];
    size_t style;
    long row, column;            /* of the sheet, from 1 */
    long column_next;            /* cells of the text's line that are written */
    struct growth text;
};

static void growth_put(struct workbook *book, struct growth *growth, const char *bytes, size_t size)
{
    if (growth->size + size + 1 > growth->capacity) {
        size_t wanted = (growth->size + size + 1) * 2;
        char *more = growth->size + size < growth->limit ? realloc(growth->bytes, wanted) : NULL;

        if (more == NULL) {
            workbook_part_stop(&book->part, growth->size + size < growth->limit ? STORE_ERR_MEMORY : CASH_ERR_STATEMENT_LONG);
            return;
        }
        growth->bytes = more;
        growth->capacity = wanted;
    }
    memcpy(growth->bytes + growth->size, bytes, size);
    growth->size += size;
    growth->bytes[growth->size] = '\0';
}

static void XMLCALL characters_take(void *context, const XML_Char *text, int size)
{
    struct workbook *book = context;

    if (!book->collecting || book->skipping > 0)
        return;
    for (int i = 0; i < size && book->cell_size + 1 < sizeof book->cell; i++)
        book->cell[book->cell_size++] = (uint8_t)text[i] < 0x20 ? ' ' : text[i];
    book->cell[book->cell_size] = '\0';
}

static void cell_clear(struct workbook *book)
{
    book->cell_size = 0;
    book->cell[0] = '\0';
}

static void XMLCALL string_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *book = context;
    const char *local = workbook_name_local(name);

    (void)attributes;
    if (strcmp(local, "si") == 0)
        cell_clear(book);
    book->skipping += strcmp(local, "rPh") == 0;
    book->collecting = strcmp(local, "t") == 0;
}

static void XMLCALL string_end(void *context, const XML_Char *name)
{
    struct workbook *book = context;
    const char *local = workbook_name_local(name);

    book->collecting = false;
    book->skipping -= strcmp(local, "rPh") == 0;
    if (strcmp(local, "si") != 0)
        return;
    if (book->string_count == book->string_capacity) {
        size_t wanted = book->string_capacity * 2 + 256;
        size_t *more = wanted <= WORKBOOK_STRING_LIMIT * 2 ? realloc(book->string_at, wanted * sizeof *more) : NULL;

        if (more == NULL) {
            workbook_part_stop(&book->part, CASH_ERR_STATEMENT_LONG);
            return;
        }
        book->string_at = more;
        book->string_capacity = wanted;
    }
    book->string_at[book->string_count++] = book->strings.size;
    growth_put(book, &book->strings, book->cell, book->cell_size + 1);
}

/* A format of one's own is one of time when it names years, days or hours outside its quotes and brackets. */
static bool format_names_time(const char *code)
{
    char closing = '\0';

    for (; *code != '\0'; code++) {
        if (closing != '\0')
            closing = *code == closing ? '\0' : closing;
        else if (*code == '"')
            closing = '"';
        else if (*code == '[')
            closing = ']';
        else if (strchr("yYdDhH", *code) != NULL)
            return true;
    }
    return false;
}

static void XMLCALL style_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *book = context;
    const char *local = workbook_name_local(name);
    unsigned long format = strtoul(workbook_attribute(attributes, "numFmtId"), NULL, 10);

    if (strcmp(local, "cellXfs") == 0)
        book->in_styles = true;
    else if (strcmp(local, "numFmt") == 0 && format < STYLE_LIMIT)
        book->format_is_date[format] = format_names_time(workbook_attribute(attributes, "formatCode"));
    else if (strcmp(local, "xf") == 0 && book->in_styles && book->style_count < STYLE_LIMIT)
        book->style_is_date[book->style_count++] = format < STYLE_LIMIT && book->format_is_date[format];
}

static void XMLCALL style_end(void *context, const XML_Char *name)
{
    struct workbook *book = context;

    if (strcmp(workbook_name_local(name), "cellXfs") == 0)
        book->in_styles = false;
}

/* "AB12": 28; 0 for what is no place. */
static long column_of(const char *place)
{
    long column = 0;

    for (; *place >= 'A' && *place <= 'Z' && column < 100000; place++)
        column = column * 26 + (*place - 'A' + 1);
    return column;
}

static void XMLCALL sheet_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *book = context;
    const char *local = workbook_name_local(name);

    if (strcmp(local, "row") == 0) {
        long row = strtol(workbook_attribute(attributes, "r"), NULL, 10);

        row = row > 0 ? row : book->row + 1;
        if (row <= book->row || row > WORKBOOK_ROW_LIMIT) {
            workbook_part_stop(&book->part, row <= book->row ? CASH_ERR_STATEMENT_TEXT : CASH_ERR_STATEMENT_LONG);
            return;
        }
        for (; book->row < row - 1; book->row++)
            growth_put(book, &book->text, "\n", 1);
        book->row = row;
        book->column = book->column_next = 0;
    } else if (strcmp(local, "c") == 0) {
        long column = column_of(workbook_attribute(attributes, "r"));

        book->column = column > 0 ? column : book->column + 1;
        book->style = strtoul(workbook_attribute(attributes, "s"), NULL, 10);
        (void)snprintf(book->type, sizeof book->type, "%.11s", workbook_attribute(attributes, "t"));
        cell_clear(book);
    }
    book->skipping += strcmp(local, "rPh") == 0;
    book->collecting = strcmp(local, "v") == 0 || strcmp(local, "t") == 0;
}

static void time_write(double serial, int64_t epoch_day, char *text, size_t capacity)
{
    int64_t day = (int64_t)serial;
    long second = (long)((serial - (double)day) * 86400 + 0.5);
    struct calendar_date date;

    if (second == 86400) {
        day++;
        second = 0;
    }
    date = calendar_date_of_day(day - epoch_day);
    if (second == 0)
        (void)snprintf(text, capacity, "%04d-%02d-%02d", (int)date.year, (int)date.month, (int)date.day_of_month);
    else
        (void)snprintf(text, capacity, "%04d-%02d-%02d %02ld:%02ld:%02ld", (int)date.year, (int)date.month,
                       (int)date.day_of_month, second / 3600, second / 60 % 60, second % 60);
}

/* A number as people read it: what binary fractions add behind the fifteenth digit is not there. */
static void number_write(struct workbook *book)
{
    char *end = NULL;
    double value = strtod(book->cell, &end);
    bool is_time = book->style < book->style_count && book->style_is_date[book->style];

    if (end == book->cell || *end != '\0' || !isfinite(value) || fabs(value) >= 1e18)
        return;
    if (is_time && value >= 1 && value < LAST_DAY + 1)
        time_write(value, book->epoch_day, book->cell, sizeof book->cell);
    else if (strpbrk(book->cell, "eE") != NULL || strlen(book->cell) > 15) {
        (void)snprintf(book->cell, sizeof book->cell, "%.15g", value);
        if (strchr(book->cell, 'e') != NULL)
            (void)snprintf(book->cell, sizeof book->cell, "%.*f", fabs(value) < 1 ? 6 : 0, value);
    }
}

static const char *cell_text(struct workbook *book)
{
    char *end = NULL;
    unsigned long index;

    if (strcmp(book->type, "s") != 0) {
        if (book->type[0] == '\0' || strcmp(book->type, "n") == 0)
            number_write(book);
        return book->cell;
    }
    index = strtoul(book->cell, &end, 10);
    if (end == book->cell || index >= book->string_count) {
        workbook_part_stop(&book->part, CASH_ERR_STATEMENT_TEXT);
        return "";
    }
    return book->strings.bytes + book->string_at[index];
}

static void cell_put(struct workbook *book)
{
    const char *text = cell_text(book);

    if (book->column > WORKBOOK_COLUMN_LIMIT || book->column <= book->column_next)
        return;
    for (; book->column_next < book->column; book->column_next++)
        if (book->column_next > 0)
            growth_put(book, &book->text, ",", 1);
    growth_put(book, &book->text, "\"", 1);
    for (; *text != '\0'; text++)
        growth_put(book, &book->text, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    growth_put(book, &book->text, "\"", 1);
}

static void XMLCALL sheet_end(void *context, const XML_Char *name)
{
    struct workbook *book = context;
    const char *local = workbook_name_local(name);

    book->collecting = false;
    book->skipping -= strcmp(local, "rPh") == 0;
    if (strcmp(local, "c") == 0 && book->cell_size > 0)
        cell_put(book);
    else if (strcmp(local, "row") == 0)
        growth_put(book, &book->text, "\n", 1);
}

/* Built in, without a text of their own: 14 to 22 and 45 to 47 everywhere, 27 to 36 and 50 to 58 in Chinese workbooks
 * (ECMA-376, 18.8.30). */
static void formats_prepare(struct workbook *book)
{
    static const struct {
        size_t first, last;
    } ranges[] = { { 14, 22 }, { 27, 36 }, { 45, 47 }, { 50, 58 } };

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        for (size_t format = ranges[i].first; format <= ranges[i].last; format++)
            book->format_is_date[format] = true;
}

/* Workbooks of old Apple programs count days from 1904 (ECMA-376, 18.17.4.1). */
static void XMLCALL epoch_begin(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct workbook *book = context;
    const char *from_1904 = workbook_attribute(attributes, "date1904");

    if (strcmp(workbook_name_local(name), "workbookPr") == 0 && (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0))
        book->epoch_day = EPOCH_DAY_1904;
}

bool workbook_begins(struct span bytes)
{
    return bytes.size >= 4 && memcmp(bytes.bytes, "PK\3\4", 4) == 0;
}

/* 0, also when a part is missing that need not be there. */
static int parts_read(struct workbook *book, struct span bytes, const char *sheet)
{
    int result = workbook_part_read(&book->part, bytes, "xl/workbook.xml", epoch_begin, NULL, NULL);

    if (result >= 0)
        result = workbook_part_read(&book->part, bytes, "xl/styles.xml", style_begin, style_end, NULL);
    if (result >= 0)
        result = workbook_part_read(&book->part, bytes, "xl/sharedStrings.xml", string_begin, string_end, characters_take);
    if (result >= 0)
        result = workbook_part_read(&book->part, bytes, sheet, sheet_begin, sheet_end, characters_take);
    return result < 0 ? result : result == 0 ? CASH_ERR_STATEMENT_TEXT : 0;
}

int64_t workbook_text(struct span bytes, const char *sheet, size_t text_limit, char **out)
{
    struct workbook *book = calloc(1, sizeof *book);
    int64_t result;

    if (book == NULL)
        return STORE_ERR_MEMORY;
    book->strings.limit = WORKBOOK_PART_LIMIT;
    book->text.limit = text_limit;
    book->epoch_day = EPOCH_DAY;
    formats_prepare(book);
    result = parts_read(book, bytes, sheet);
    if (result == 0 && book->text.bytes == NULL)
        result = CASH_ERR_STATEMENT_EMPTY;
    if (result == 0) {
        *out = book->text.bytes;
        result = (int64_t)book->text.size;
    } else {
        free(book->text.bytes);
    }
    free(book->strings.bytes);
    free(book->string_at);
    free(book);
    return result;
}
