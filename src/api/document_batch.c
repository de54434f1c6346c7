/* Many documents in one PDF: a settlement's bills, the notices of an area. */
#include "api/document_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/document_port.h"
#include "api/view_json.h"
#include "base/calendar.h"
#include "base/text.h"

#define BATCH_USUAL 50
#define READS_PATIENCE_MS 5000 /* of one document */

/* The objects of one part, and the values of those that are printed. */
struct batch {
    struct document_work *work;
    int64_t limit;
    int64_t listed[DOCUMENT_BATCH_LIMIT];
    int64_t listed_count;
    bool more;
    int64_t objects[DOCUMENT_BATCH_LIMIT];
    int32_t copies[DOCUMENT_BATCH_LIMIT];
    struct document_values values[DOCUMENT_BATCH_LIMIT];
    int32_t count;
};

static int listed_take(void *context, const struct view_row *row)
{
    struct batch *batch = context;

    if (batch->listed_count == batch->limit) {
        batch->more = true;
        return 1;
    }
    return view_json_cursor(row, &batch->listed[batch->listed_count++]) ? 0 : -1;
}

static int list_read(struct batch *batch, enum view list)
{
    struct parameters parameters;

    parameters_fill(&parameters, batch->work->exchange);
    parameters_integer(&parameters, "limit", batch->limit + 1);
    return exchange_read(batch->work->exchange, list, &parameters, listed_take, batch) < 0 ? -1 : 0;
}

/* All values first: what cannot be read is no print, and is not counted as one. */
static int values_read(struct batch *batch, const struct document_source *source)
{
    struct document_work *work = batch->work;
    struct exchange *exchange = work->exchange;

    for (int64_t i = 0; i < batch->listed_count; i++) {
        exchange->object_id = batch->listed[i];
        exchange->deadline_ms = exchange_monotonic_ms() + READS_PATIENCE_MS;
        int result = document_issuer_read(work);
        if (result == 0)
            result = document_fill(work, source);
        if (result < 0)
            return -1;
        if (result == 0) {
            batch->objects[batch->count] = exchange->object_id;
            batch->values[batch->count++] = work->values;
            work->values = document_values_make(work->kind);
        }
        document_values_free(&work->values);
        work->due_fen = 0;
    }
    return 0;
}

static int prints_count(struct batch *batch)
{
    struct document_work *work = batch->work;
    struct core_document_print ask = { .objects = batch->objects, .copies = batch->copies, .count = batch->count };
    struct core_reply reply;

    if (work->exchange->head_only)
        return 0;
    (void)text_copy(span_of_text(document_kind_name(work->kind)), ask.kind, sizeof ask.kind);
    (void)text_copy(span_of_text(work->paper), ask.paper, sizeof ask.paper);
    return exchange_core(work->exchange, CORE_DOCUMENT_PRINT, &ask.head, &reply);
}

static int document_add(struct batch *batch, struct document_pdf *pdf, int32_t index, struct document_problem *problem)
{
    struct document_work *work = batch->work;
    struct document_request request = { &work->template, &work->values, "", "" };

    work->values = batch->values[index];
    document_copy_put(work, batch->copies[index]);
    int result = document_pdf_add(pdf, &request, NULL, problem);
    batch->values[index] = work->values;
    work->values = document_values_make(work->kind);
    return result;
}

static int batch_draw(struct batch *batch, struct document_bytes *bytes)
{
    struct exchange *exchange = batch->work->exchange;
    char made_at[CALENDAR_TIME_TEXT_LIMIT];
    struct document_problem problem;
    int result = 0;

    document_made_at(exchange, made_at, sizeof made_at);
    struct document_pdf *pdf = document_pdf_open(document_kind_name(batch->work->kind), made_at);
    if (pdf == NULL)
        return document_refuse_plain(exchange, DOCUMENT_ERR_MEMORY);
    for (int32_t i = 0; result == 0 && i < batch->count; i++)
        result = document_add(batch, pdf, i, &problem);
    if (result < 0)
        (void)document_pdf_close(pdf, NULL, NULL);
    else
        result = document_pdf_close(pdf, bytes, &problem);
    return result < 0 ? document_refuse(exchange, &problem) : 0;
}

static bool holds_copies(const struct batch *batch)
{
    for (int32_t i = 0; i < batch->count; i++)
        if (batch->copies[i] > 1)
            return true;
    return false;
}

/* Drawn before they are counted: what cannot be drawn is no print. Copies say that they are, and are drawn once more. */
static int batch_print(struct batch *batch)
{
    struct document_bytes bytes;
    char name[96];

    for (int32_t i = 0; i < batch->count; i++)
        batch->copies[i] = 1;
    if (batch_draw(batch, &bytes) != 0)
        return -1;
    int result = prints_count(batch);
    if (result != 0 || holds_copies(batch)) {
        free(bytes.bytes);
        if (result != 0 || batch_draw(batch, &bytes) != 0)
            return -1;
    }
    (void)snprintf(name, sizeof name, "%s-%lld-%lld", document_kind_name(batch->work->kind), (long long)batch->objects[0],
        (long long)batch->objects[batch->count - 1]);
    document_bytes_answer(batch->work->exchange, &bytes, name);
    return 0;
}

static void progress_tell(const struct batch *batch)
{
    struct exchange *exchange = batch->work->exchange;
    char text[24];

    (void)snprintf(text, sizeof text, "%d", (int)batch->count);
    exchange_header_add(exchange, "X-Document-Count", text);
    if (!batch->more)
        return;
    (void)snprintf(text, sizeof text, "%lld", (long long)batch->listed[batch->listed_count - 1]);
    exchange_header_add(exchange, "X-Next-Cursor", text);
}

static int batch_make(struct batch *batch, const struct document_source *source, enum view list)
{
    struct exchange *exchange = batch->work->exchange;

    if (document_issuer_read(batch->work) != 0 || document_paper_choose(batch->work) != 0
        || document_template_read(batch->work) != 0 || list_read(batch, list) != 0 || values_read(batch, source) != 0)
        return -1;
    if (batch->count > 0 && batch_print(batch) != 0)
        return -1;
    if (batch->count == 0)
        exchange->status = 204;
    progress_tell(batch);
    return 0;
}

int document_batch_answer(struct exchange *exchange, const struct document_source *source, enum view list)
{
    struct document_work *work = document_work_open(exchange, source->kind);
    struct batch *batch = work != NULL ? calloc(1, sizeof *batch) : NULL;
    int result = -1;

    if (work == NULL)
        return -1;
    if (batch == NULL) {
        (void)exchange_refuse_api(exchange, API_ERR_MEMORY);
    } else {
        batch->work = work;
        batch->limit = exchange_integer(exchange, "limit", BATCH_USUAL);
        work->batch = true;
        result = batch_make(batch, source, list);
    }
    for (int32_t i = 0; batch != NULL && i < batch->count; i++)
        document_values_free(&batch->values[i]);
    free(batch);
    document_work_close(work);
    return result;
}
