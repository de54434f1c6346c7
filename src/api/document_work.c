#include "api/document_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/document_port.h"
#include "base/calendar.h"
#include "base/text.h"

int document_refuse_plain(struct exchange *exchange, int error)
{
    return exchange_refuse(exchange, document_error_info(error), NULL);
}

const char *document_work_words(const struct document_work *work, const char *zh, const char *en)
{
    return work->language == DOCUMENT_ENGLISH ? en : zh;
}

void document_made_at(const struct exchange *exchange, char *text, size_t capacity)
{
    text[0] = '\0';
    (void)calendar_format_time(exchange->now_s, exchange->caller.zone_offset_s, text, capacity);
}

/* The first built-in template of the kind in the language names the usual paper. */
static const char *paper_usual(enum document_kind kind)
{
    const struct document_default *usual;

    for (size_t i = 0; (usual = document_default_at(i)) != NULL; i++)
        if (usual->kind == kind)
            return usual->paper;
    return "";
}

struct document_work *document_work_open(struct exchange *exchange, enum document_kind kind)
{
    const struct field_value *language = exchange_value(exchange, "language");
    struct document_work *work = calloc(1, sizeof *work);

    if (work == NULL) {
        (void)exchange_refuse_api(exchange, API_ERR_MEMORY);
        return NULL;
    }
    work->exchange = exchange;
    work->kind = kind;
    work->language = (language != NULL ? span_equal_text(language->text, "en") : exchange_is_english(exchange))
        ? DOCUMENT_ENGLISH : DOCUMENT_CHINESE;
    work->values = document_values_make(kind);
    work->gather = (struct document_gather){ .exchange = exchange, .values = &work->values, .language = work->language };
    return work;
}

void document_work_close(struct document_work *work)
{
    document_values_free(&work->values);
    free(work->text);
    free(work);
}

/* Columns of VIEW_DOCUMENT_ISSUER that are no values: 3 public_address, 4 receipt_paper. */
static int issuer_take(void *context, const struct view_row *row)
{
    struct document_work *work = context;

    if (row->cells[3].type == VIEW_TEXT)
        (void)text_copy(row->cells[3].text, work->public_address, sizeof work->public_address);
    for (size_t size = strlen(work->public_address); size > 0 && work->public_address[size - 1] == '/'; size--)
        work->public_address[size - 1] = '\0';
    if (row->cells[4].type == VIEW_TEXT)
        (void)text_copy(row->cells[4].text, work->receipt_paper, sizeof work->receipt_paper);
    return document_gather_take(&work->gather, row);
}

int document_issuer_read(struct document_work *work)
{
    struct parameters parameters;
    struct exchange *exchange = work->exchange;
    char text[CALENDAR_TIME_TEXT_LIMIT];

    parameters_fill(&parameters, exchange);
    if (exchange_read(exchange, VIEW_DOCUMENT_ISSUER, &parameters, issuer_take, work) < 0)
        return -1;
    if (calendar_format_time(exchange->now_s, exchange->caller.zone_offset_s, text, sizeof text) > 0) {
        text[10] = ' ';
        document_put(&work->values, "printed_at", span_of_bytes(text, 16));
    }
    return 0;
}

/* What was asked, else (of a receipt) the setting, else the usual. */
int document_paper_choose(struct document_work *work)
{
    const struct field_value *asked = exchange_value(work->exchange, "paper");

    if (asked != NULL) {
        if (text_copy(asked->text, work->paper, sizeof work->paper) < 0)
            return document_refuse_plain(work->exchange, DOCUMENT_ERR_KIND);
    } else if (work->kind == DOCUMENT_RECEIPT
        && document_default_find(work->kind, work->receipt_paper, work->language) != NULL) {
        memcpy(work->paper, work->receipt_paper, sizeof work->paper);
    } else {
        (void)text_copy(span_of_text(paper_usual(work->kind)), work->paper, sizeof work->paper);
    }
    if (document_default_find(work->kind, work->paper, work->language) == NULL)
        return document_refuse_plain(work->exchange, DOCUMENT_ERR_KIND);
    return 0;
}

static int template_take(void *context, const struct view_row *row)
{
    struct document_work *work = context;
    struct span text = row->cells[0].text;

    if (text.size == 0)
        return 0;
    work->text = malloc(text.size + 1);
    return work->text == NULL || text_copy(text, work->text, text.size + 1) < 0 ? -1 : 0;
}

int document_template_read(struct document_work *work)
{
    struct exchange *exchange = work->exchange;
    struct parameters parameters;
    struct document_problem problem;
    const char *text;

    parameters_fill(&parameters, exchange);
    parameters_text(&parameters, "kind", span_of_text(document_kind_name(work->kind)));
    parameters_text(&parameters, "paper", span_of_text(work->paper));
    parameters_text(&parameters, "language", span_of_text(document_language_name(work->language)));
    if (exchange_read(exchange, VIEW_DOCUMENT_TEMPLATE, &parameters, template_take, work) < 0)
        return -1;
    text = work->text != NULL ? work->text : document_default_find(work->kind, work->paper, work->language)->text;
    if (document_template_parse(&work->template, work->kind, span_of_text(text), &problem) < 0)
        return document_refuse(exchange, &problem);
    return 0;
}

/* What a row about the object is taken for. */
struct head {
    struct document_work *work;
    void (*also)(struct document_work *work, const struct view_row *row);
};

static int head_take(void *context, const struct view_row *row)
{
    struct head *head = context;
    struct document_work *work = head->work;

    work->found = true;
    if (row->cells[0].type == VIEW_TEXT)
        (void)text_copy(row->cells[0].text, work->number, sizeof work->number);
    if (head->also != NULL)
        head->also(work, row);
    return document_gather_take(&work->gather, row);
}

int document_head_read(struct document_work *work, enum view view,
    void (*also)(struct document_work *work, const struct view_row *row))
{
    struct head head = { work, also };
    struct parameters parameters;

    work->found = false;
    parameters_fill(&parameters, work->exchange);
    if (exchange_read(work->exchange, view, &parameters, head_take, &head) < 0)
        return -1;
    return work->found ? 0 : exchange_refuse_api(work->exchange, API_ERR_NOT_FOUND);
}

int document_rows_read(struct document_work *work, enum view view, const struct parameters *parameters, const char *list,
    int (*take)(void *context, const struct view_row *row))
{
    work->gather.list = list;
    int rows = exchange_read(work->exchange, view, parameters, take, &work->gather);
    work->gather.list = NULL;
    if (work->values.error == DOCUMENT_ERR_ROWS)
        return document_refuse_plain(work->exchange, DOCUMENT_ERR_ROWS);
    return rows < 0 ? -1 : 0;
}

void document_copy_put(struct document_work *work, int32_t copy)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%d", (int)copy);
    document_put_text(&work->values, "copy", text);
    if (copy <= 1)
        return;
    (void)snprintf(text, sizeof text, document_work_words(work, "补打 第 %d 次", "Reprint no. %d"), (int)copy);
    document_put_text(&work->values, "reprint", text);
}

/* Which print this is: counted by the core, except for a HEAD, which takes nothing away and leaves *copy as it is. */
static int print_count(struct document_work *work, int32_t *copy)
{
    int64_t object_id = work->exchange->object_id;
    struct core_document_print ask = { .objects = &object_id, .copies = copy, .count = 1 };
    struct core_reply reply;

    if (work->exchange->head_only)
        return 0;
    (void)text_copy(span_of_text(document_kind_name(work->kind)), ask.kind, sizeof ask.kind);
    (void)text_copy(span_of_text(work->paper), ask.paper, sizeof ask.paper);
    return exchange_core(work->exchange, CORE_DOCUMENT_PRINT, &ask.head, &reply) != 0 ? -1 : 0;
}

void document_bytes_answer(struct exchange *exchange, struct document_bytes *bytes, const char *name)
{
    char disposition[EXCHANGE_HEADER_TEXT_LIMIT];

    json_append(&exchange->out, bytes->bytes, bytes->size);
    free(bytes->bytes);
    (void)snprintf(disposition, sizeof disposition, "inline; filename=\"%s.pdf\"", name);
    exchange_header_add(exchange, "Content-Disposition", disposition);
    exchange->content_type_out = "application/pdf";
}

static int pdf_draw(struct document_work *work, struct document_bytes *bytes)
{
    char made_at[CALENDAR_TIME_TEXT_LIMIT];
    struct document_request request = { &work->template, &work->values, work->number, made_at };
    struct document_problem problem;

    document_made_at(work->exchange, made_at, sizeof made_at);
    return document_pdf_render(&request, bytes, NULL, &problem) < 0 ? document_refuse(work->exchange, &problem) : 0;
}

static int drawn_answer(struct document_work *work, struct document_bytes *bytes)
{
    char name[sizeof work->number + DOCUMENT_NAME_LIMIT];

    (void)snprintf(name, sizeof name, "%s-%s", document_kind_name(work->kind), work->number);
    document_bytes_answer(work->exchange, bytes, name);
    return 0;
}

int document_pdf_answer(struct document_work *work)
{
    struct document_bytes bytes;

    return pdf_draw(work, &bytes) != 0 ? -1 : drawn_answer(work, &bytes);
}

/* Drawn before it is counted: what cannot be drawn is no print. A copy says that it is one, and is drawn once more. */
static int print_answer(struct document_work *work)
{
    struct document_bytes bytes;
    int32_t copy = 1;

    document_copy_put(work, copy);
    if (pdf_draw(work, &bytes) != 0)
        return -1;
    int result = print_count(work, &copy);
    if (result != 0 || copy > 1)
        free(bytes.bytes);
    if (result == 0 && copy > 1) {
        document_copy_put(work, copy);
        result = pdf_draw(work, &bytes);
    }
    return result != 0 ? -1 : drawn_answer(work, &bytes);
}

int document_fill(struct document_work *work, const struct document_source *source)
{
    exchange_moment_begin(work->exchange);
    int result = source->fill(work);
    exchange_moment_end(work->exchange);
    return result;
}

static int document_make(struct exchange *exchange, const struct document_source *source,
    int (*answer)(struct document_work *work))
{
    struct document_work *work = document_work_open(exchange, source->kind);
    int result = -1;

    if (work == NULL)
        return -1;
    if (document_issuer_read(work) == 0 && document_fill(work, source) == 0 && document_paper_choose(work) == 0
        && document_template_read(work) == 0)
        result = answer(work);
    document_work_close(work);
    return result;
}

int document_answer(struct exchange *exchange, const struct document_source *source)
{
    return document_make(exchange, source, print_answer);
}

int document_show(struct exchange *exchange, const struct document_source *source)
{
    return document_make(exchange, source, document_pdf_answer);
}
