/* Closing statements, notices to pay, invoices and labels as PDF. */
#include <stdio.h>
#include <string.h>

#include "api/document_work.h"
#include "api/handlers.h"
#include "api/route.h"
#include "base/decimal.h"
#include "base/text.h"
#include "billing/approval.h"
#include "document/document_amount.h"
#include "document/document_words.h"

#define LABELS_LIMIT 1000

/* The cell of a column; NULL when the row has none of that name, or it is null. */
static const struct view_cell *cell_of(const struct view_row *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, name) == 0)
            return row->cells[i].type == VIEW_NULL ? NULL : &row->cells[i];
    return NULL;
}

/* How much is paid out by each way: "Bank transfer ¥37.60". */
static void way_append(struct document_work *work, const char *words, int64_t amount_fen)
{
    struct span before = document_value_get(&work->values, span_of_text("paid_by"));
    char amount[DOCUMENT_FIGURES_LIMIT], text[256];

    if (document_amount_figures(amount_fen, amount, sizeof amount) < 0)
        return;
    (void)snprintf(text, sizeof text, "%.*s%s%s ¥%s", (int)before.size, before.size > 0 ? (const char *)before.bytes : "",
        before.size > 0 ? "; " : "", words, amount);
    document_put_text(&work->values, "paid_by", text);
}

static void left_put(struct document_work *work, int64_t left_fen)
{
    char text[DOCUMENT_CAPITAL_LIMIT];

    if (left_fen <= 0)
        return;
    document_put_amount(&work->values, "left", left_fen);
    if (document_amount_capital(left_fen, text, sizeof text) >= 0)
        document_put_text(&work->values, "left_capital", text);
}

/* Every figure that the approval was about; the reading is no money, and the last line is not a part. */
static void figure_put(struct document_work *work, const struct approval_figure *figure)
{
    const char *words = document_word("closing_part", span_of_text(figure->name), work->language);
    char text[DOCUMENT_FIGURES_LIMIT];

    if (strcmp(figure->name, "left") == 0) {
        left_put(work, figure->value);
    } else if (strcmp(figure->name, "debt") == 0) {
        document_put_amount(&work->values, "debt", -figure->value);
    } else if (strncmp(figure->name, "pay_by_", 7) == 0) {
        way_append(work, words != NULL ? words : figure->name, figure->value);
    } else if (strcmp(figure->name, "reading") != 0 && strcmp(figure->name, "meter_units") != 0 &&
               document_amount_figures(figure->value, text, sizeof text) >= 0) {
        document_row_begin(&work->values, "parts");
        document_row_put(&work->values, "part", span_of_text(words != NULL ? words : figure->name));
        document_row_put(&work->values, "amount", span_of_text(text));
    }
}

static void closing_also(struct document_work *work, const struct view_row *row)
{
    const struct view_cell *figures_cell = cell_of(row, "figures");
    const struct view_cell *state = cell_of(row, "closing_state");
    struct approval_figures figures = { .count = 0 };
    char text[CASE_FIGURES_SIZE];

    if (figures_cell != NULL && text_copy(figures_cell->text, text, sizeof text) >= 0)
        approval_figures_read(text, &figures);
    for (int32_t i = 0; i < figures.count; i++)
        figure_put(work, &figures.rows[i]);
    if (state == NULL || span_equal_text(state->text, "done"))
        return;
    bool refused = span_equal_text(state->text, "refused");
    document_put_text(&work->values, "unfinished", refused
        ? document_work_words(work, "未批准, 作废", "Not approved: void")
        : document_work_words(work, "试算, 未经审批, 未生效", "Not approved yet: nothing has happened"));
}

static int closing_fill(struct document_work *work)
{
    return document_head_read(work, VIEW_DOCUMENT_CLOSING, closing_also);
}

static const struct document_source closings = { DOCUMENT_CLOSING, closing_fill };

int handle_closing_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &closings);
}

/* An open bill of a notice: where it is paid is an address of its own. */
static int notice_bill_take(void *context, const struct view_row *row)
{
    struct document_gather *gather = context;
    struct document_work *work = (struct document_work *)((char *)gather - offsetof(struct document_work, gather));
    const struct view_cell *bill_id = cell_of(row, "bill_id");
    char address[DOCUMENT_ADDRESS_LIMIT + RESIDENT_PAY_PATH_LIMIT];
    char path[RESIDENT_PAY_PATH_LIMIT];
    int result = document_gather_take(gather, row);

    if (result != 0 || bill_id == NULL || work->public_address[0] == '\0'
        || resident_pay_path(work->exchange, bill_id->integer, path) != 0)
        return result;
    (void)snprintf(address, sizeof address, "%s%s", work->public_address, path);
    document_row_put(&work->values, "pay_address", span_of_text(address));
    return 0;
}

static int notice_fill(struct document_work *work)
{
    struct parameters parameters;
    char address[DOCUMENT_ADDRESS_LIMIT + 16];

    work->gather.last_amount_fen = 0;
    if (document_head_read(work, VIEW_DOCUMENT_NOTICE, NULL) != 0)
        return -1;
    if (work->gather.last_amount_fen <= 0)
        return work->batch ? 1 : document_refuse_plain(work->exchange, DOCUMENT_ERR_NOTHING_DUE);
    if (work->public_address[0] != '\0') {
        (void)snprintf(address, sizeof address, "%s/resident", work->public_address);
        document_put_text(&work->values, "home_address", address);
    }
    parameters_fill(&parameters, work->exchange);
    return document_rows_read(work, VIEW_DOCUMENT_NOTICE_BILLS, &parameters, "bills", notice_bill_take);
}

static const struct document_source notices = { DOCUMENT_NOTICE, notice_fill };

int handle_notice_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &notices);
}

int handle_notices_pdf(struct exchange *exchange)
{
    return document_batch_answer(exchange, &notices, VIEW_DOCUMENT_NOTICES);
}

/* "0.03" as "3%", and the name as it was handed to who issues it. */
static int invoice_line_take(void *context, const struct view_row *row)
{
    struct document_gather *gather = context;
    const struct view_cell *rate = cell_of(row, "rate_e8");
    const struct view_cell *category = cell_of(row, "category");
    const struct view_cell *item = cell_of(row, "item");
    char number[DECIMAL_TEXT_LIMIT], text[160];
    int result = document_gather_take(gather, row);

    if (result != 0 || rate == NULL || category == NULL || item == NULL)
        return result;
    if (decimal_format(rate->integer, 6, true, number, sizeof number) > 0) {
        (void)snprintf(text, sizeof text, "%s%%", number);
        document_row_put(gather->values, "rate", span_of_text(text));
    }
    (void)snprintf(text, sizeof text, "*%.*s*%.*s", (int)text_utf8_cut(category->text, 64), (const char *)category->text.bytes,
        (int)text_utf8_cut(item->text, 64), (const char *)item->text.bytes);
    document_row_put(gather->values, "item", span_of_text(text));
    return 0;
}

static void invoice_also(struct document_work *work, const struct view_row *row)
{
    const struct view_cell *test = cell_of(row, "is_test");
    const struct view_cell *red = cell_of(row, "red_number");

    if (test != NULL && test->integer != 0)
        document_put_text(&work->values, "test", document_work_words(work, "测试发票, 不作报销凭证", "Test invoice: not valid"));
    if (red != NULL && red->text.size > 0)
        document_put_text(&work->values, "red", document_work_words(work, "已红冲, 此票作废", "Taken back by a red-letter invoice"));
}

static int invoice_fill_of(struct document_work *work, enum view view)
{
    struct parameters parameters;

    if (document_head_read(work, view, invoice_also) != 0)
        return -1;
    if (work->number[0] == '\0')
        return document_refuse_plain(work->exchange, DOCUMENT_ERR_INVOICE_STATE);
    parameters_fill(&parameters, work->exchange);
    return document_rows_read(work, VIEW_INVOICE_LINES, &parameters, "lines", invoice_line_take);
}

static int invoice_fill(struct document_work *work)
{
    return invoice_fill_of(work, VIEW_DOCUMENT_INVOICE);
}

static int resident_invoice_fill(struct document_work *work)
{
    return invoice_fill_of(work, VIEW_RESIDENT_INVOICE_PAPER);
}

static const struct document_source invoices = { DOCUMENT_INVOICE, invoice_fill };
static const struct document_source resident_invoices = { DOCUMENT_INVOICE, resident_invoice_fill };

int handle_invoice_pdf(struct exchange *exchange)
{
    return document_answer(exchange, &invoices);
}

int handle_resident_invoice_pdf(struct exchange *exchange)
{
    return document_show(exchange, &resident_invoices);
}

/* Labels are of a list of meters, not of one object, and nobody counts them. */
static int labels_read(struct document_work *work)
{
    struct exchange *exchange = work->exchange;
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    parameters_integer(&parameters, "limit", LABELS_LIMIT + 1);
    if (document_rows_read(work, list_view_choose(exchange, VIEW_DEVICES), &parameters, "meters", document_gather_take) != 0)
        return -1;
    if (work->values.row_count == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    if (work->values.row_count > LABELS_LIMIT)
        return document_refuse_plain(exchange, DOCUMENT_ERR_LABELS);
    (void)snprintf(work->number, sizeof work->number, "%u", (unsigned)work->values.row_count);
    return 0;
}

int handle_labels_pdf(struct exchange *exchange)
{
    struct document_work *work = document_work_open(exchange, DOCUMENT_LABEL);
    int result = -1;

    if (work == NULL)
        return -1;
    if (document_issuer_read(work) == 0 && labels_read(work) == 0 && document_paper_choose(work) == 0
        && document_template_read(work) == 0)
        result = document_pdf_answer(work);
    document_work_close(work);
    return result;
}
