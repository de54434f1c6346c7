#include "document/template_option.h"

#include "base/decimal.h"
#include "base/text.h"

#define WIDTH_LIMIT 100
#define COLUMNS_LIMIT 10

struct span template_word_next(struct template_words *words)
{
    struct span rest = words->rest;
    size_t size = 0;

    while (rest.size > 0 && text_blank_is(rest.bytes[0]))
        rest = (struct span){ rest.bytes + 1, rest.size - 1 };
    while (size < rest.size && !text_blank_is(rest.bytes[size]))
        size++;
    words->rest = (struct span){ rest.bytes + size, rest.size - size };
    return (struct span){ rest.bytes, size };
}

bool template_word_take(struct template_words *words, const char *word)
{
    struct template_words ahead = *words;

    if (!span_equal_text(template_word_next(&ahead), word))
        return false;
    words->rest = ahead.rest;
    return true;
}

bool template_number_take(struct template_words *words, int32_t minimum, int32_t maximum, int32_t *value_e2)
{
    struct template_words ahead = *words;
    int64_t value = 0;

    if (decimal_parse(template_word_next(&ahead), 2, &value) < 0 || value < minimum || value > maximum)
        return false;
    *value_e2 = (int32_t)value;
    words->rest = ahead.rest;
    return true;
}

static bool align_take(struct template_words *words, uint8_t *align)
{
    static const char *const names[] = { [DOCUMENT_LEFT] = "left", [DOCUMENT_CENTER] = "center", [DOCUMENT_RIGHT] = "right" };

    for (uint8_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (template_word_take(words, names[i])) {
            *align = i;
            return true;
        }
    return false;
}

static bool widths_take(struct template_words *words, struct document_element *element)
{
    int32_t value_e2;
    int count = 0;

    while (count < DOCUMENT_CELL_LIMIT && template_number_take(words, 100, WIDTH_LIMIT * 100, &value_e2))
        element->cells[count++].width = (uint16_t)(value_e2 / 100);
    return count > 0 && (element->cell_count == 0 || element->cell_count == count)
        && (element->cell_count = (uint8_t)count) != 0;
}

static bool aligns_take(struct template_words *words, struct document_element *element)
{
    int count = 0;

    while (count < DOCUMENT_CELL_LIMIT && align_take(words, &element->cells[count].align))
        count++;
    return count > 0 && (element->cell_count == 0 || element->cell_count == count)
        && (element->cell_count = (uint8_t)count) != 0;
}

/* Of codes millimetres, of words points. */
static const struct size_bounds {
    int32_t minimum_e2;
    int32_t maximum_e2;
    const char *words;
} sizes[] = { { 500, 7200, "size 5-72" }, { 1000, 8000, "size 10-80" }, { 500, 4000, "size 5-40" } };

static const struct size_bounds *size_bounds_of(const struct document_element *element)
{
    return &sizes[element->kind == DOCUMENT_ELEMENT_QR ? 1 : element->kind == DOCUMENT_ELEMENT_BARS ? 2 : 0];
}

static bool columns_take(struct template_words *words, struct document_element *element)
{
    int32_t value_e2;

    if (!template_number_take(words, 100, COLUMNS_LIMIT * 100, &value_e2) || value_e2 % 100 != 0)
        return false;
    element->columns = (uint8_t)(value_e2 / 100);
    return true;
}

/* One of the options with a number behind it; false: none of them. */
static bool number_option_take(struct template_words *words, unsigned permitted, struct document_element *element,
    struct document_template *template, const char **wrong)
{
    const struct size_bounds *size = size_bounds_of(element);

    if ((permitted & OPTION_SIZE) != 0 && template_word_take(words, "size")) {
        if (!template_number_take(words, size->minimum_e2, size->maximum_e2, &element->size_e2))
            *wrong = size->words;
        return true;
    }
    if ((permitted & OPTION_MARGIN) != 0 && template_word_take(words, "margin")) {
        if (!template_number_take(words, 0, 5000, &template->margin_e2))
            *wrong = "margin 0-50";
        (void)template_number_take(words, 0, 5000, &template->margin_top_e2);
        return true;
    }
    if ((permitted & OPTION_COLUMNS) != 0 && template_word_take(words, "columns")) {
        if (!columns_take(words, element))
            *wrong = "columns 1-10";
        return true;
    }
    if ((permitted & OPTION_HEIGHT) != 0 && template_word_take(words, "height")) {
        if (!template_number_take(words, 1000, 40000, &element->size_e2))
            *wrong = "height 10-400";
        return true;
    }
    if ((permitted & OPTION_WIDTHS) != 0 && template_word_take(words, "widths")) {
        if (!widths_take(words, element))
            *wrong = "widths 1-100 ...";
        return true;
    }
    return false;
}

static bool word_option_take(struct template_words *words, unsigned permitted, struct document_element *element)
{
    if ((permitted & OPTION_ONE_ALIGN) != 0 && align_take(words, &element->align))
        return true;
    if ((permitted & OPTION_BOLD) != 0 && template_word_take(words, "bold"))
        return element->bold = true;
    if ((permitted & OPTION_GRID) != 0 && template_word_take(words, "grid"))
        return element->grid = true;
    if ((permitted & OPTION_BESIDE) != 0 && template_word_take(words, "beside"))
        return element->beside = true;
    if ((permitted & OPTION_STROKE) != 0 && template_word_take(words, "thick"))
        return element->thick = true;
    if ((permitted & OPTION_STROKE) != 0 && template_word_take(words, "dashed"))
        return element->dashed = true;
    return false;
}

int template_options_read(struct template_words *words, unsigned permitted, struct document_element *element,
    struct document_template *template, const char **expected)
{
    for (;;) {
        struct template_words ahead = *words;
        words->last = template_word_next(&ahead);
        if (words->last.size == 0)
            return 0;
        *expected = NULL;
        if (word_option_take(words, permitted, element))
            continue;
        if ((permitted & OPTION_ALIGN) != 0 && template_word_take(words, "align")) {
            if (!aligns_take(words, element))
                return DOCUMENT_ERR_OPTION;
        } else if (!number_option_take(words, permitted, element, template, expected)) {
            return DOCUMENT_ERR_OPTION;
        }
        if (*expected != NULL)
            return DOCUMENT_ERR_NUMBER;
    }
}
