/* Receipts, bills and statements as PDF: what is stored, in the tenant's template, counted when it is taken away. */
#include <stdio.h>
#include <string.h>

#include "api/document_work.h"
#include "api/handlers.h"
#include "api/route.h"
#include "base/calendar.h"

#define STATEMENT_DAYS_LIMIT 3660

/* due_fen tells whether there is something to pay. */
static void words_put(struct document_work *work, const struct view_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        const char *name = row->columns[i].name;
        const struct view_cell *cell = &row->cells[i];
        if (strcmp(name, "due_fen") == 0)
            work->due_fen = cell->integer;
        if (strcmp(name, "is_estimated") == 0 && cell->integer != 0)
            document_put_text(&work->values, "estimated", document_work_words(work, "含估算用量", "Contains an estimate"));
        if (strcmp(name, "is_undone") == 0 && cell->integer != 0)
            document_put_text(&work->values, "undone",
                document_work_words(work, "已撤销, 此笔无效", "Undone: nothing was paid"));
        if (strcmp(name, "bill_state") == 0 && span_equal_text(cell->text, "reversed"))
            document_put_text(&work->values, "reversed",
                document_work_words(work, "已冲正, 无需缴费", "Taken back: do not pay"));
    }
}

static int receipt_fill(struct document_work *work)
{
    return document_head_read(work, VIEW_DOCUMENT_RECEIPT, words_put);
}

static const struct document_source receipts = { DOCUMENT_RECEIPT, receipt_fill };

int handle_receipt_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &receipts);
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
    if (document_rows_read(work, VIEW_BILL_LINES, &parameters, "lines", bill_line_take) != 0)
        return -1;
    return document_rows_read(work, VIEW_BILL_READINGS, &parameters, "readings", document_gather_take);
}

/* Where anybody pays this bill. */
static void pay_address_put(struct document_work *work)
{
    char address[DOCUMENT_ADDRESS_LIMIT + RESIDENT_PAY_PATH_LIMIT];
    char path[RESIDENT_PAY_PATH_LIMIT];

    if (work->public_address[0] == '\0' || work->due_fen <= 0
        || resident_pay_path(work->exchange, work->exchange->object_id, path) != 0)
        return;
    (void)snprintf(address, sizeof address, "%s%s", work->public_address, path);
    document_put_text(&work->values, "pay_address", address);
}

static int bill_fill(struct document_work *work)
{
    if (document_head_read(work, VIEW_DOCUMENT_BILL, words_put) != 0 || bill_lists_read(work) != 0)
        return -1;
    if (work->batch && document_value_get(&work->values, span_of_text("reversed")).size > 0)
        return 1;
    pay_address_put(work);
    return 0;
}

static const struct document_source bills = { DOCUMENT_BILL, bill_fill };

int handle_bill_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &bills);
}

int handle_bills_pdf(struct exchange *exchange)
{
    return document_batch_answer(exchange, &bills, VIEW_BILLS);
}

static int statement_fill(struct document_work *work)
{
    int64_t from_day = exchange_integer(work->exchange, "from", 0), to_day = exchange_integer(work->exchange, "to", 0);
    struct parameters parameters;
    char from[CALENDAR_DATE_TEXT_LIMIT], to[CALENDAR_DATE_TEXT_LIMIT];

    if (document_head_read(work, VIEW_DOCUMENT_ACCOUNT, NULL) != 0)
        return -1;
    if (from_day > to_day || to_day - from_day > STATEMENT_DAYS_LIMIT
        || calendar_format_date(from_day, from, sizeof from) < 0 || calendar_format_date(to_day, to, sizeof to) < 0)
        return exchange_refuse_api(work->exchange, API_ERR_DAYS);
    document_put_text(&work->values, "from_day", from);
    document_put_text(&work->values, "to_day", to);
    (void)snprintf(work->number, sizeof work->number, "%lld-%s-%s", (long long)work->exchange->object_id, from, to);
    parameters_fill(&parameters, work->exchange);
    if (exchange_read(work->exchange, VIEW_DOCUMENT_STATEMENT, &parameters, document_gather_take, &work->gather) < 0)
        return -1;
    return document_rows_read(work, VIEW_DOCUMENT_STATEMENT_ROWS, &parameters, "rows", document_gather_take);
}

static const struct document_source statements = { DOCUMENT_STATEMENT, statement_fill };

int handle_statement_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &statements);
}
