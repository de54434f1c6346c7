/* Receipts, bills and statements as PDF: what is stored, in the tenant's template, counted when it is taken away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/document_gather.h"
#include "api/document_port.h"
#include "api/handlers.h"
#include "api/route.h"
#include "base/calendar.h"
#include "base/text.h"
#include "document/document_render.h"

#define PUBLIC_ADDRESS_LIMIT 128
#define STATEMENT_DAYS_LIMIT 3660

/* A document on its way from views to paper. */
struct document_work {
    struct exchange *exchange;
    enum document_kind kind;
    enum document_language language;
    char paper[DOCUMENT_NAME_LIMIT];
    char receipt_paper[DOCUMENT_NAME_LIMIT]; /* the setting */
    char public_address[PUBLIC_ADDRESS_LIMIT];
    char number[64];                         /* of the document, for the file's name */
    int64_t due_fen;
    bool found;
    struct document_values values;
    struct document_gather gather;
    char *text;                              /* of the tenant's own template; NULL: the built-in one */
    struct document_template template;
};

static int document_refuse_plain(struct exchange *exchange, int error)
{
    return exchange_refuse(exchange, document_error_info(error), NULL);
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

static struct document_work *work_open(struct exchange *exchange, enum document_kind kind)
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

static void work_close(struct document_work *work)
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
    if (row->cells[4].type == VIEW_TEXT)
        (void)text_copy(row->cells[4].text, work->receipt_paper, sizeof work->receipt_paper);
    return document_gather_take(&work->gather, row);
}

static int issuer_read(struct document_work *work)
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
static int paper_choose(struct document_work *work)
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

static int template_read(struct document_work *work)
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

/* The first column of each document is its number; due_fen tells whether there is something to pay. */
static int head_take(void *context, const struct view_row *row)
{
    struct document_work *work = context;

    work->found = true;
    for (size_t i = 0; i < row->count; i++) {
        if (strcmp(row->columns[i].name, "due_fen") == 0)
            work->due_fen = row->cells[i].integer;
        if (strcmp(row->columns[i].name, "is_estimated") == 0 && row->cells[i].integer != 0)
            document_put_text(&work->values, "estimated",
                work->language == DOCUMENT_ENGLISH ? "Contains an estimate" : "含估算用量");
        if (strcmp(row->columns[i].name, "is_undone") == 0 && row->cells[i].integer != 0)
            document_put_text(&work->values, "undone",
                work->language == DOCUMENT_ENGLISH ? "Undone: nothing was paid" : "已撤销, 此笔无效");
        if (strcmp(row->columns[i].name, "bill_state") == 0 && span_equal_text(row->cells[i].text, "reversed"))
            document_put_text(&work->values, "reversed",
                work->language == DOCUMENT_ENGLISH ? "Taken back: do not pay" : "已冲正, 无需缴费");
    }
    if (row->cells[0].type == VIEW_TEXT)
        (void)text_copy(row->cells[0].text, work->number, sizeof work->number);
    return document_gather_take(&work->gather, row);
}

static int head_read(struct document_work *work, enum view view)
{
    struct parameters parameters;

    parameters_fill(&parameters, work->exchange);
    if (exchange_read(work->exchange, view, &parameters, head_take, work) < 0)
        return -1;
    return work->found ? 0 : exchange_refuse_api(work->exchange, API_ERR_NOT_FOUND);
}

static int rows_read(struct document_work *work, enum view view, const struct parameters *parameters, const char *list,
    int (*take)(void *context, const struct view_row *row))
{
    work->gather.list = list;
    int rows = exchange_read(work->exchange, view, parameters, take, &work->gather);
    work->gather.list = NULL;
    if (work->values.error == DOCUMENT_ERR_ROWS)
        return document_refuse_plain(work->exchange, DOCUMENT_ERR_ROWS);
    return rows < 0 ? -1 : 0;
}

/* Which print this is: counted by the core, except for a HEAD, which takes nothing away. */
static int print_count(struct document_work *work)
{
    struct core_document_print ask = { .head = { .object_id = work->exchange->object_id } };
    struct core_reply reply;
    char text[32];

    if (work->exchange->head_only)
        return 0;
    (void)text_copy(span_of_text(document_kind_name(work->kind)), ask.kind, sizeof ask.kind);
    (void)text_copy(span_of_text(work->paper), ask.paper, sizeof ask.paper);
    if (exchange_core(work->exchange, CORE_DOCUMENT_PRINT, &ask.head, &reply) != 0)
        return -1;
    (void)snprintf(text, sizeof text, "%d", reply.count);
    document_put_text(&work->values, "copy", text);
    if (reply.count > 1) {
        (void)snprintf(text, sizeof text, work->language == DOCUMENT_ENGLISH ? "Reprint no. %d" : "补打 第 %d 次", reply.count);
        document_put_text(&work->values, "reprint", text);
    }
    return 0;
}

static int pdf_answer(struct document_work *work)
{
    struct exchange *exchange = work->exchange;
    char made_at[CALENDAR_TIME_TEXT_LIMIT] = "";
    char disposition[EXCHANGE_HEADER_TEXT_LIMIT];
    struct document_request request = { &work->template, &work->values, work->number, made_at };
    struct document_bytes bytes;
    struct document_problem problem;

    (void)calendar_format_time(exchange->now_s, exchange->caller.zone_offset_s, made_at, sizeof made_at);
    if (document_pdf_render(&request, &bytes, NULL, &problem) < 0)
        return document_refuse(exchange, &problem);
    json_append(&exchange->out, bytes.bytes, bytes.size);
    free(bytes.bytes);
    (void)snprintf(disposition, sizeof disposition, "inline; filename=\"%s-%s.pdf\"", document_kind_name(work->kind),
        work->number);
    exchange_header_add(exchange, "Content-Disposition", disposition);
    exchange->content_type_out = "application/pdf";
    return 0;
}

/* After the values: paper, template, count, ink. */
static int document_finish(struct document_work *work)
{
    if (paper_choose(work) != 0 || template_read(work) != 0 || print_count(work) != 0)
        return -1;
    return pdf_answer(work);
}

int handle_receipt_pdf(struct exchange *exchange)
{
    struct document_work *work = work_open(exchange, DOCUMENT_RECEIPT);
    int result = -1;

    if (work == NULL)
        return -1;
    if (head_read(work, VIEW_DOCUMENT_RECEIPT) == 0 && issuer_read(work) == 0)
        result = document_finish(work);
    work_close(work);
    return result;
}

/* The store keeps an item's amount on its first line; the lines of its other tiers show none. Tier 0 means none. */
static int bill_line_take(void *context, const struct view_row *row)
{
    struct document_gather *gather = context;
    int result = document_gather_take(gather, row);

    for (size_t i = 0; result == 0 && i < row->count; i++) {
        if (strcmp(row->columns[i].name, "tier") == 0 && row->cells[i].integer == 0)
            document_row_put(gather->values, "tier", span_of_text(""));
        if (strcmp(row->columns[i].name, "tier") == 0 && row->cells[i].integer > 1 && gather->last_amount_fen == 0)
            document_row_put(gather->values, "amount", span_of_text(""));
    }
    return result;
}

static int bill_lists_read(struct document_work *work)
{
    struct parameters parameters;

    parameters_fill(&parameters, work->exchange);
    if (rows_read(work, VIEW_BILL_LINES, &parameters, "lines", bill_line_take) != 0)
        return -1;
    return rows_read(work, VIEW_BILL_READINGS, &parameters, "readings", document_gather_take);
}

/* Where anybody pays this bill. */
static void pay_address_put(struct document_work *work)
{
    char address[PUBLIC_ADDRESS_LIMIT + RESIDENT_PAY_PATH_LIMIT];
    char path[RESIDENT_PAY_PATH_LIMIT];
    size_t size = strlen(work->public_address);

    while (size > 0 && work->public_address[size - 1] == '/')
        size--;
    if (size == 0 || work->due_fen <= 0 || resident_pay_path(work->exchange, work->exchange->object_id, path) != 0)
        return;
    (void)snprintf(address, sizeof address, "%.*s%s", (int)size, work->public_address, path);
    document_put_text(&work->values, "pay_address", address);
}

int handle_bill_pdf(struct exchange *exchange)
{
    struct document_work *work = work_open(exchange, DOCUMENT_BILL);
    int result = -1;

    if (work == NULL)
        return -1;
    if (head_read(work, VIEW_DOCUMENT_BILL) == 0 && issuer_read(work) == 0 && bill_lists_read(work) == 0) {
        pay_address_put(work);
        result = document_finish(work);
    }
    work_close(work);
    return result;
}

static int statement_read(struct document_work *work, int64_t from_day, int64_t to_day)
{
    struct parameters parameters;
    char from[CALENDAR_DATE_TEXT_LIMIT], to[CALENDAR_DATE_TEXT_LIMIT];

    if (from_day > to_day || to_day - from_day > STATEMENT_DAYS_LIMIT
        || calendar_format_date(from_day, from, sizeof from) < 0 || calendar_format_date(to_day, to, sizeof to) < 0)
        return exchange_refuse_api(work->exchange, API_ERR_DAYS);
    document_put_text(&work->values, "from_day", from);
    document_put_text(&work->values, "to_day", to);
    (void)snprintf(work->number, sizeof work->number, "%lld-%s-%s", (long long)work->exchange->object_id, from, to);
    parameters_fill(&parameters, work->exchange);
    if (exchange_read(work->exchange, VIEW_DOCUMENT_STATEMENT, &parameters, document_gather_take, &work->gather) < 0)
        return -1;
    return rows_read(work, VIEW_DOCUMENT_STATEMENT_ROWS, &parameters, "rows", document_gather_take);
}

int handle_statement_pdf(struct exchange *exchange)
{
    struct document_work *work = work_open(exchange, DOCUMENT_STATEMENT);
    int result = -1;

    if (work == NULL)
        return -1;
    if (head_read(work, VIEW_DOCUMENT_ACCOUNT) == 0 && issuer_read(work) == 0
        && statement_read(work, exchange_integer(exchange, "from", 0), exchange_integer(exchange, "to", 0)) == 0)
        result = document_finish(work);
    work_close(work);
    return result;
}
