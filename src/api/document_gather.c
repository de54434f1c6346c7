#include "api/document_gather.h"

#include <stdio.h>
#include <string.h>

#include "api/view_json.h"
#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"
#include "document/document_amount.h"
#include "document/document_words.h"

#define SECOND_TEXT_SIZE 19 /* "2026-11-21T10:41:07" */
#define DATE_TEXT_SIZE 10

/* Columns that hold codes, the words they stand for, and the value's name. */
static const struct {
    const char *column;
    const char *group;
    const char *name;
} codes[] = {
    { "method", "method", "method" },
    { "transfer", "transfer", "kind" },
    { "bill_state", "bill_state", "state" },
    { "item", "item", "item" },
    { "period", "period", "period" },
    { "kind", "device_kind", "kind" },
    { "closing_kind", "closing_kind", "closing_kind" },
    { "reading_kind", "reading_kind", "reading_kind" },
};

static void put(struct document_gather *gather, const char *name, struct span text)
{
    if (gather->list != NULL)
        document_row_put(gather->values, name, text);
    else
        document_put(gather->values, name, text);
}

void document_gather_time(struct document_gather *gather, const char *name, int64_t time_s, bool day_only)
{
    char text[CALENDAR_TIME_TEXT_LIMIT];

    if (time_s == 0 || calendar_format_time(time_s, gather->exchange->caller.zone_offset_s, text, sizeof text) < 0)
        return;
    text[DATE_TEXT_SIZE] = ' ';
    put(gather, name, span_of_bytes(text, day_only ? DATE_TEXT_SIZE : SECOND_TEXT_SIZE));
}

static void amount_put(struct document_gather *gather, const char *name, int64_t amount_fen)
{
    char text[DOCUMENT_CAPITAL_LIMIT];

    if (document_amount_figures(amount_fen, text, sizeof text) >= 0)
        put(gather, name, span_of_text(text));
    if (strcmp(name, "amount") != 0)
        return;
    gather->last_amount_fen = amount_fen;
    if (gather->list == NULL && document_amount_capital(amount_fen, text, sizeof text) >= 0)
        document_put_text(gather->values, "amount_capital", text);
}

static void quantity_put(struct document_gather *gather, const char *name, int64_t value)
{
    char text[DECIMAL_TEXT_LIMIT];
    int scale;
    int64_t number = view_quantity_number(value, gather->heat, &scale);

    /* Dials show thousandths: more digits than that are never there. */
    if (scale == 6) {
        number /= 1000;
        scale = 3;
    }
    if (decimal_format(number, scale, false, text, sizeof text) > 0)
        put(gather, name, span_of_text(text));
}

static void decimal_put(struct document_gather *gather, const char *name, int64_t value, int scale)
{
    char text[DECIMAL_TEXT_LIMIT];

    if (decimal_format(value, scale, true, text, sizeof text) > 0)
        put(gather, name, span_of_text(text));
}

static bool ends(const char *name, const char *ending, char stem[DOCUMENT_NAME_LIMIT])
{
    size_t size = strlen(name), tail = strlen(ending);

    return size > tail && strcmp(name + size - tail, ending) == 0
        && text_copy(span_of_bytes(name, size - tail), stem, DOCUMENT_NAME_LIMIT) >= 0;
}

static void integer_put(struct document_gather *gather, const struct view_column *column, int64_t value)
{
    char stem[DOCUMENT_NAME_LIMIT];
    char text[DECIMAL_TEXT_LIMIT];

    if (column->kind == VIEW_KIND_DAY) {
        if (value != 0 && calendar_format_date(value, text, sizeof text) > 0)
            put(gather, column->name, span_of_text(text));
    } else if (ends(column->name, "_fen", stem)) {
        amount_put(gather, stem, value);
    } else if (ends(column->name, "_value", stem)) {
        quantity_put(gather, stem, value);
    } else if (ends(column->name, "_e8", stem)) {
        decimal_put(gather, stem, value, 8);
    } else if (ends(column->name, "_e4", stem)) {
        decimal_put(gather, stem, value, 4);
    } else if (ends(column->name, "_s", stem)) {
        document_gather_time(gather, stem, value, ends(column->name, "_on_s", text));
    } else if (decimal_format(value, 0, false, text, sizeof text) > 0) {
        put(gather, column->name, span_of_text(text));
    }
}

static void text_put(struct document_gather *gather, const struct view_row *row, size_t index, struct json_writer *masked)
{
    const char *name = row->columns[index].name;
    struct span text = row->cells[index].text;

    if (!exchange_may(gather->exchange, PERMISSION_PEOPLE_REVEAL))
        text = view_masked_text(masked, row, index);
    if (strcmp(name, "device_kind") == 0)
        gather->heat = span_equal_text(text, "heat");
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(codes[i].column, name) != 0)
            continue;
        const char *word = document_word(codes[i].group, text, gather->language);
        put(gather, codes[i].name, word != NULL ? span_of_text(word) : text);
        return;
    }
    put(gather, name, text);
}

/* The unit of a kind of meter. */
static void unit_put(struct document_gather *gather, struct span device_kind)
{
    bool energy = span_equal_text(device_kind, "electricity") || span_equal_text(device_kind, "heat");

    document_put_text(gather->values, "unit", energy ? "kWh" : "m\xc2\xb3");
}

int document_gather_take(void *context, const struct view_row *row)
{
    struct document_gather *gather = context;
    struct json_writer masked = json_writer_make(4096);

    if (gather->list != NULL)
        document_row_begin(gather->values, gather->list);
    /* From the right, so that the kind of meter, which stands last, is known before its quantities. */
    for (size_t i = row->count; i-- > 0;) {
        const struct view_cell *cell = &row->cells[i];
        if (cell->type == VIEW_INTEGER)
            integer_put(gather, &row->columns[i], cell->integer);
        else if (cell->type == VIEW_TEXT)
            text_put(gather, row, i, &masked);
        if (cell->type == VIEW_TEXT && strcmp(row->columns[i].name, "device_kind") == 0)
            unit_put(gather, cell->text);
    }
    json_writer_free(&masked);
    return gather->values->error != 0 ? -1 : 0;
}

int document_refuse(struct exchange *exchange, const struct document_problem *problem)
{
    struct error_info info = *document_error_info(problem->error);
    char text_en[280], text_zh[280];

    if (problem->line > 0) {
        (void)snprintf(text_en, sizeof text_en, "Line %d of the template: %s", problem->line, problem->text_en);
        (void)snprintf(text_zh, sizeof text_zh, "模板第 %d 行: %s", problem->line, problem->text_zh);
        info.text_en = text_en;
        info.text_zh = text_zh;
    }
    return exchange_refuse(exchange, &info, NULL);
}
