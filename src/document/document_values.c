#include "document/document_values.h"

#include <string.h>

#include "base/text.h"
#include "document/document_amount.h"
#include "document/document_error.h"

#define SAMPLE_ROWS 3

struct document_value {
    struct document_value *next;
    const char *name;
    struct span text;
};

struct document_row {
    struct document_row *next;
    struct document_value *first;
    const char *list;
};

struct document_values document_values_make(enum document_kind kind)
{
    return (struct document_values){ .kind = kind, .arena = arena_make(16384, DOCUMENT_VALUES_LIMIT) };
}

void document_values_free(struct document_values *values)
{
    arena_release(&values->arena);
    *values = document_values_make(values->kind);
}

/* A copy that can be printed: bounded, UTF-8, without what would break a line, turn it round or be refused by the PDF. */
static bool text_keep(struct document_values *values, struct span text, struct span *kept)
{
    bool whole = text_utf8_check(text) >= 0;
    struct span taken = { text.bytes, text.size };
    size_t size = 0, hidden;

    if (text.size > DOCUMENT_VALUE_SIZE_LIMIT)
        taken.size = whole ? text_utf8_cut(text, DOCUMENT_VALUE_SIZE_LIMIT) : DOCUMENT_VALUE_SIZE_LIMIT;
    uint8_t *bytes = arena_take(&values->arena, taken.size + 1);
    if (bytes == NULL)
        return false;
    for (size_t i = 0; i < taken.size; i += hidden > 0 ? hidden : 1) {
        uint8_t byte = taken.bytes[i];
        hidden = whole && (byte & 0xC0) != 0x80 ? text_unprintable_at(taken, i) : byte < 0x20;
        if (hidden > 0)
            byte = ' ';
        bytes[size++] = !whole && byte >= 0x7f ? (uint8_t)'?' : byte;
    }
    *kept = (struct span){ bytes, size };
    return true;
}

static void value_put(struct document_values *values, struct document_value **first, const char *list, const char *name,
    struct span text)
{
    const struct document_name *known = document_name_find(values->kind, list, span_of_text(name));
    struct document_value *value = *first;
    struct span kept;

    if (values->error != 0 || known == NULL)
        return;
    while (value != NULL && value->name != known->name)
        value = value->next;
    if (!text_keep(values, text, &kept) || (value == NULL && (value = arena_take(&values->arena, sizeof *value)) == NULL)) {
        values->error = DOCUMENT_ERR_MEMORY;
        return;
    }
    if (value->name == NULL) {
        value->name = known->name;
        value->next = *first;
        *first = value;
    }
    value->text = kept;
}

void document_put(struct document_values *values, const char *name, struct span text)
{
    value_put(values, &values->first, "", name, text);
}

void document_put_text(struct document_values *values, const char *name, const char *text)
{
    document_put(values, name, span_of_text(text));
}

void document_put_amount(struct document_values *values, const char *name, int64_t amount_fen)
{
    char text[DOCUMENT_FIGURES_LIMIT];

    (void)document_amount_figures(amount_fen, text, sizeof text);
    document_put_text(values, name, text);
}

void document_row_begin(struct document_values *values, const char *list)
{
    if (values->error != 0)
        return;
    if (values->row_count == DOCUMENT_ROW_LIMIT) {
        values->error = DOCUMENT_ERR_ROWS;
        return;
    }
    struct document_row *row = arena_take(&values->arena, sizeof *row);
    if (row == NULL) {
        values->error = DOCUMENT_ERR_MEMORY;
        return;
    }
    row->list = list;
    if (values->last != NULL)
        values->last->next = row;
    else
        values->rows = row;
    values->last = row;
    values->row_count++;
}

void document_row_put(struct document_values *values, const char *name, struct span text)
{
    if (values->error == 0 && values->last != NULL)
        value_put(values, &values->last->first, values->last->list, name, text);
}

static bool value_find(const struct document_value *value, struct span name, struct span *text)
{
    while (value != NULL && !span_equal_text(name, value->name))
        value = value->next;
    if (value != NULL)
        *text = value->text;
    return value != NULL;
}

struct span document_value_get(const struct document_values *values, struct span name)
{
    struct span text = { NULL, 0 };

    (void)value_find(values->first, name, &text);
    return text;
}

static const struct document_row *row_of_list(const struct document_row *row, struct span list)
{
    while (row != NULL && !span_equal_text(list, row->list))
        row = row->next;
    return row;
}

const struct document_row *document_row_first(const struct document_values *values, struct span list)
{
    return row_of_list(values->rows, list);
}

const struct document_row *document_row_next(const struct document_row *row)
{
    return row_of_list(row->next, span_of_text(row->list));
}

struct span document_row_get(const struct document_values *values, const struct document_row *row, struct span name)
{
    struct span text = { NULL, 0 };

    if (row == NULL || !value_find(row->first, name, &text))
        (void)value_find(values->first, name, &text);
    return text;
}

/* The part before the first `;` of *rest, which moves behind it; false when nothing is left. */
static bool part_take(struct span *rest, struct span *part)
{
    if (rest->bytes == NULL)
        return false;
    ptrdiff_t end = span_find_byte(*rest, ';');
    *part = (struct span){ rest->bytes, end < 0 ? rest->size : (size_t)end };
    if (end < 0)
        *rest = (struct span){ NULL, 0 };
    else
        *rest = (struct span){ rest->bytes + end + 1, rest->size - (size_t)end - 1 };
    return true;
}

/* The row-th sample of every name of a list; false when none has so many. */
static bool sample_row_put(struct document_values *values, const char *list, bool english, int row)
{
    const struct document_name *name;
    bool begun = false;

    for (size_t i = 0; (name = document_name_at(values->kind, i)) != NULL; i++) {
        struct span rest = span_of_text(english ? name->sample_en : name->sample_zh);
        struct span part = { NULL, 0 };
        bool there = strcmp(name->list, list) == 0;
        for (int k = 0; there && k <= row; k++)
            there = part_take(&rest, &part);
        if (!there)
            continue;
        if (!begun)
            document_row_begin(values, list);
        begun = true;
        document_row_put(values, name->name, part);
    }
    return begun;
}

void document_values_sample(struct document_values *values, enum document_language language)
{
    const struct document_name *name;
    bool english = language == DOCUMENT_ENGLISH;

    for (size_t i = 0; (name = document_name_at(values->kind, i)) != NULL; i++) {
        if (name->list[0] == '\0')
            document_put_text(values, name->name, english ? name->sample_en : name->sample_zh);
        else if (document_row_first(values, span_of_text(name->list)) == NULL)
            for (int row = 0; row < SAMPLE_ROWS && sample_row_put(values, name->list, english, row); row++)
                continue;
    }
}
