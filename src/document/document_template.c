#include "document/document_template.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "document/template_option.h"

/* What follows the colon of an element. */
enum content { CONTENT_NONE, CONTENT_TEXT, CONTENT_CELLS };

/* What stands between the word and the options. */
enum argument { ARGUMENT_NONE, ARGUMENT_VALUE, ARGUMENT_LIST, ARGUMENT_LENGTH, ARGUMENT_SIZE, ARGUMENT_PAGE };

static const struct keyword {
    const char *word;
    enum document_element_kind kind;
    enum argument argument;
    unsigned options;      /* bits of enum template_option */
    enum content content;
} keywords[] = {
    { "text", DOCUMENT_ELEMENT_TEXT, ARGUMENT_NONE, OPTION_ONE_ALIGN | OPTION_BOLD | OPTION_SIZE, CONTENT_TEXT },
    { "row", DOCUMENT_ELEMENT_ROW, ARGUMENT_NONE, OPTION_BOLD | OPTION_SIZE | OPTION_WIDTHS | OPTION_ALIGN, CONTENT_CELLS },
    { "rule", DOCUMENT_ELEMENT_RULE, ARGUMENT_NONE, OPTION_STROKE, CONTENT_NONE },
    { "space", DOCUMENT_ELEMENT_SPACE, ARGUMENT_LENGTH, 0, CONTENT_NONE },
    { "qr", DOCUMENT_ELEMENT_QR, ARGUMENT_NONE, OPTION_ONE_ALIGN | OPTION_SIZE | OPTION_BESIDE, CONTENT_TEXT },
    { "bars", DOCUMENT_ELEMENT_BARS, ARGUMENT_NONE, OPTION_SIZE, CONTENT_TEXT },
    { "if", DOCUMENT_ELEMENT_IF, ARGUMENT_VALUE, 0, CONTENT_NONE },
    { "unless", DOCUMENT_ELEMENT_UNLESS, ARGUMENT_VALUE, 0, CONTENT_NONE },
    { "table", DOCUMENT_ELEMENT_TABLE, ARGUMENT_LIST, OPTION_SIZE | OPTION_WIDTHS | OPTION_ALIGN | OPTION_GRID, CONTENT_NONE },
    { "sheet", DOCUMENT_ELEMENT_SHEET, ARGUMENT_LIST, OPTION_COLUMNS | OPTION_HEIGHT | OPTION_GRID, CONTENT_NONE },
    { "head", DOCUMENT_ELEMENT_HEAD, ARGUMENT_NONE, 0, CONTENT_CELLS },
    { "each", DOCUMENT_ELEMENT_EACH, ARGUMENT_NONE, OPTION_BOLD, CONTENT_CELLS },
    { "end", DOCUMENT_ELEMENT_END, ARGUMENT_NONE, 0, CONTENT_NONE },
    { "foot", DOCUMENT_ELEMENT_FOOT, ARGUMENT_NONE, OPTION_ONE_ALIGN | OPTION_SIZE, CONTENT_TEXT },
    { "page", DOCUMENT_ELEMENT_PAGE, ARGUMENT_PAGE, OPTION_MARGIN, CONTENT_NONE },
    { "font", DOCUMENT_ELEMENT_FONT, ARGUMENT_SIZE, 0, CONTENT_NONE },
};

#define ELEMENT_WORDS "text row rule space qr bars if unless table head each sheet end foot page font"

struct parser {
    struct document_template *template;
    struct document_problem *problem;
    int line;
    int page_line;
    int depth;
    int32_t open[DOCUMENT_NESTING_LIMIT]; /* indices of if, unless, table, sheet without their end yet */
    const struct document_element *table; /* the one that is open; NULL */
    const struct document_element *sheet; /* likewise */
};

static int complain(struct parser *parser, int error, const char *detail)
{
    return document_problem_set(parser->problem, error, parser->line, detail);
}

static int complain_word(struct parser *parser, int error, struct span word)
{
    char detail[48];

    (void)snprintf(detail, sizeof detail, "%.*s", (int)text_utf8_cut(word, sizeof detail - 1), (const char *)word.bytes);
    return complain(parser, error, detail);
}

bool document_piece_next(struct span *rest, struct span *piece, bool *is_name)
{
    size_t size = 0;

    *is_name = false;
    if (rest->size == 0)
        return false;
    if (rest->bytes[0] == '{' && rest->size > 1 && rest->bytes[1] != '{') {
        ptrdiff_t end = span_find_byte(*rest, '}');
        size = end < 0 ? rest->size : (size_t)end + 1;
        *is_name = true;
        *piece = text_trim((struct span){ rest->bytes + 1, size - 2 });
    } else if (rest->bytes[0] == '{') {
        size = rest->size > 1 ? 2 : 1;
        *piece = (struct span){ rest->bytes, 1 };
    } else {
        while (size < rest->size && rest->bytes[size] != '{')
            size++;
        *piece = (struct span){ rest->bytes, size };
    }
    *rest = (struct span){ rest->bytes + size, rest->size - size };
    return true;
}

static bool braces_match(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] != '{')
            continue;
        if (i + 1 < text.size && text.bytes[i + 1] == '{') {
            i++;
            continue;
        }
        while (++i < text.size && text.bytes[i] != '}')
            if (text.bytes[i] == '{')
                return false;
        if (i >= text.size)
            return false;
    }
    return true;
}

/* A name is of the rows where rows are, else of the document. */
static bool name_is_known(const struct parser *parser, struct span name, bool in_each)
{
    const struct document_element *rows = in_each ? parser->table : parser->sheet;
    char list[DOCUMENT_NAME_LIMIT];

    if (document_name_find(parser->template->kind, "", name) != NULL)
        return true;
    return rows != NULL && text_copy(rows->name, list, sizeof list) > 0
        && document_name_find(parser->template->kind, list, name) != NULL;
}

static int placeholders_check(struct parser *parser, struct span text, bool in_each)
{
    struct span piece;
    bool is_name;

    if (!braces_match(text))
        return complain(parser, DOCUMENT_ERR_BRACE, "");
    while (document_piece_next(&text, &piece, &is_name))
        if (is_name && !name_is_known(parser, piece, in_each))
            return complain_word(parser, DOCUMENT_ERR_PLACEHOLDER, piece);
    return 0;
}

/* Cells parted by | ; widths and aligns that the options said stay with their cells. */
static int cells_read(struct parser *parser, struct document_element *element, struct span text, int said)
{
    int count = 0;

    while (count < DOCUMENT_CELL_LIMIT) {
        ptrdiff_t bar = span_find_byte(text, '|');
        struct span cell = { text.bytes, bar < 0 ? text.size : (size_t)bar };
        element->cells[count].text = text_trim(cell);
        int result = placeholders_check(parser, element->cells[count].text, element->kind == DOCUMENT_ELEMENT_EACH);
        if (result < 0)
            return result;
        count++;
        if (bar < 0)
            break;
        text = (struct span){ text.bytes + bar + 1, text.size - (size_t)bar - 1 };
        if (count == DOCUMENT_CELL_LIMIT)
            return complain(parser, DOCUMENT_ERR_CELLS, "");
    }
    if (said != 0 && said != count)
        return complain(parser, DOCUMENT_ERR_CELLS, "");
    element->cell_count = (uint8_t)count;
    return 0;
}

static int content_read(struct parser *parser, struct document_element *element, enum content wanted, bool given,
    struct span text)
{
    if (wanted == CONTENT_NONE)
        return given ? complain(parser, DOCUMENT_ERR_CONTENT, "nothing, no colon (无需内容, 不要冒号)") : 0;
    if (!given)
        return complain(parser, DOCUMENT_ERR_CONTENT, ": ...");
    if (wanted == CONTENT_CELLS)
        return cells_read(parser, element, text, element->cell_count);
    element->cells[0].text = text;
    element->cells[0].align = element->align;
    element->cell_count = 1;
    return placeholders_check(parser, text, false);
}

/* The size of paper: "80 auto", "210 297". */
static int page_read(struct parser *parser, struct template_words *words)
{
    struct document_template *template = parser->template;

    parser->page_line = parser->line;
    if (!template_number_take(words, 2000, 42000, &template->width_e2))
        return complain(parser, DOCUMENT_ERR_NUMBER, "page 20-420 20-420|auto");
    if (template_word_take(words, "auto"))
        template->height_e2 = 0;
    else if (!template_number_take(words, 2000, 42000, &template->height_e2))
        return complain(parser, DOCUMENT_ERR_NUMBER, "page 20-420 20-420|auto");
    return 0;
}

static int name_read(struct parser *parser, struct document_element *element, struct template_words *words, bool list)
{
    element->name = template_word_next(words);
    if (list && !document_list_exists(parser->template->kind, element->name))
        return complain_word(parser, DOCUMENT_ERR_PLACEHOLDER, element->name);
    if (!list && !name_is_known(parser, element->name, false))
        return complain_word(parser, DOCUMENT_ERR_PLACEHOLDER, element->name);
    return 0;
}

static int argument_read(struct parser *parser, struct document_element *element, enum argument argument,
    struct template_words *words)
{
    switch (argument) {
    case ARGUMENT_NONE:
        return 0;
    case ARGUMENT_VALUE:
    case ARGUMENT_LIST:
        return name_read(parser, element, words, argument == ARGUMENT_LIST);
    case ARGUMENT_LENGTH:
        return template_number_take(words, 10, 20000, &element->size_e2)
            ? 0 : complain(parser, DOCUMENT_ERR_NUMBER, "space 0.1-200");
    case ARGUMENT_SIZE:
        return template_number_take(words, 500, 7200, &parser->template->font_e2)
            ? 0 : complain(parser, DOCUMENT_ERR_NUMBER, "font 5-72");
    case ARGUMENT_PAGE:
        return page_read(parser, words);
    }
    return 0;
}

static int block_open(struct parser *parser, const struct document_element *element)
{
    bool table = element->kind == DOCUMENT_ELEMENT_TABLE;
    bool sheet = element->kind == DOCUMENT_ELEMENT_SHEET;

    if (parser->depth == DOCUMENT_NESTING_LIMIT || parser->table != NULL || ((table || sheet) && parser->sheet != NULL))
        return complain(parser, DOCUMENT_ERR_NESTING, "");
    if (sheet && (element->columns == 0 || element->size_e2 == 0))
        return complain(parser, DOCUMENT_ERR_NUMBER, "sheet ... columns 1-10 height 10-400");
    parser->open[parser->depth++] = parser->template->count;
    if (table)
        parser->table = element;
    if (sheet)
        parser->sheet = element;
    return 0;
}

/* A table needs its two lines, and both as many cells as its widths. */
static int block_close(struct parser *parser)
{
    if (parser->depth == 0)
        return complain(parser, DOCUMENT_ERR_PLACE, "end");
    int32_t index = parser->open[--parser->depth];
    struct document_element *begin = &parser->template->elements[index];
    begin->end = parser->template->count;
    if (begin == parser->sheet)
        parser->sheet = NULL;
    if (begin->kind != DOCUMENT_ELEMENT_TABLE)
        return 0;
    parser->table = NULL;
    if (begin->end - index != 3 || begin[1].kind != DOCUMENT_ELEMENT_HEAD || begin[2].kind != DOCUMENT_ELEMENT_EACH)
        return complain(parser, DOCUMENT_ERR_CONTENT, "head : ... / each : ... / end");
    if (begin[1].cell_count != begin[2].cell_count || (begin->cell_count != 0 && begin->cell_count != begin[1].cell_count))
        return complain(parser, DOCUMENT_ERR_CELLS, "");
    return 0;
}

/* Where an element may stand. */
static int place_check(struct parser *parser, const struct keyword *keyword, const struct document_element *element)
{
    struct document_template *template = parser->template;
    bool of_table = element->kind == DOCUMENT_ELEMENT_HEAD || element->kind == DOCUMENT_ELEMENT_EACH;

    if (element->kind == DOCUMENT_ELEMENT_END)
        return block_close(parser);
    if (of_table != (parser->table != NULL))
        return complain(parser, DOCUMENT_ERR_PLACE, keyword->word);
    if (keyword->argument == ARGUMENT_VALUE || keyword->argument == ARGUMENT_LIST)
        return block_open(parser, element);
    if (element->beside && parser->sheet == NULL)
        return complain(parser, DOCUMENT_ERR_OPTION, "beside");
    if (element->kind == DOCUMENT_ELEMENT_FOOT) {
        if (template->foot >= 0 || parser->depth > 0)
            return complain(parser, DOCUMENT_ERR_PLACE, keyword->word);
        template->foot = template->count;
    }
    return 0;
}

static int element_read(struct parser *parser, const struct keyword *keyword, struct span options, bool has_content,
    struct span content)
{
    struct document_template *template = parser->template;
    struct document_element *element = &template->elements[template->count];
    struct template_words words = { .rest = options };
    const char *expected;

    *element = (struct document_element){ .kind = (uint8_t)keyword->kind, .line = parser->line };
    for (int i = 0; i < DOCUMENT_CELL_LIMIT; i++)
        element->cells[i].width = 1;
    if ((keyword->kind == DOCUMENT_ELEMENT_PAGE || keyword->kind == DOCUMENT_ELEMENT_FONT) && template->count > 0)
        return complain(parser, DOCUMENT_ERR_PLACE, keyword->word);
    int result = argument_read(parser, element, keyword->argument, &words);
    if (result == 0)
        result = template_options_read(&words, keyword->options, element, template, &expected);
    else
        return result;
    if (result < 0)
        return result == DOCUMENT_ERR_NUMBER ? complain(parser, result, expected)
            : complain_word(parser, result, words.last);
    result = place_check(parser, keyword, element);
    if (result == 0)
        result = content_read(parser, element, keyword->content, has_content, content);
    if (result == 0 && keyword->kind != DOCUMENT_ELEMENT_PAGE && keyword->kind != DOCUMENT_ELEMENT_FONT)
        template->count++;
    return result;
}

static int line_read(struct parser *parser, struct span line)
{
    line = text_trim(line);
    if (line.size == 0 || line.bytes[0] == '#')
        return 0;
    ptrdiff_t colon = span_find_byte(line, ':');
    struct template_words words = { .rest = { line.bytes, colon < 0 ? line.size : (size_t)colon } };
    struct span content = { NULL, 0 };
    if (colon >= 0)
        content = text_trim((struct span){ line.bytes + colon + 1, line.size - (size_t)colon - 1 });
    struct span word = template_word_next(&words);
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (span_equal_text(word, keywords[i].word))
            return element_read(parser, &keywords[i], words.rest, colon >= 0, content);
    return complain(parser, DOCUMENT_ERR_ELEMENT, ELEMENT_WORDS);
}

static int lines_read(struct parser *parser, struct span text)
{
    while (text.size > 0) {
        ptrdiff_t end = span_find_byte(text, '\n');
        size_t size = end < 0 ? text.size : (size_t)end;
        if (parser->line++ == DOCUMENT_TEMPLATE_LINE_LIMIT)
            return complain(parser, DOCUMENT_ERR_SIZE, "");
        int result = line_read(parser, (struct span){ text.bytes, size });
        if (result < 0)
            return result;
        size += end < 0 ? 0 : 1;
        text = (struct span){ text.bytes + size, text.size - size };
    }
    if (parser->depth == 0)
        return 0;
    parser->line = parser->template->elements[parser->open[parser->depth - 1]].line;
    return complain(parser, DOCUMENT_ERR_NESTING, "");
}

int document_template_parse(struct document_template *template, enum document_kind kind, struct span text,
    struct document_problem *problem)
{
    struct parser parser = { .template = template, .problem = problem };

    template->kind = kind;
    template->width_e2 = 21000;
    template->height_e2 = 29700;
    template->margin_e2 = 1500;
    template->margin_top_e2 = -1;
    template->font_e2 = 1000;
    template->foot = -1;
    template->count = 0;
    if (text.size == 0 || text.size > DOCUMENT_TEMPLATE_SIZE_LIMIT || text_utf8_check(text) < 0)
        return document_problem_set(problem, DOCUMENT_ERR_SIZE, 0, "");
    int result = lines_read(&parser, text);
    if (result == 0 && template->count == 0)
        return document_problem_set(problem, DOCUMENT_ERR_SIZE, 0, "");
    if (result == 0 && template->margin_e2 * 2 + 1000 > template->width_e2)
        return document_problem_set(problem, DOCUMENT_ERR_NUMBER, parser.page_line, "margin");
    return result;
}
