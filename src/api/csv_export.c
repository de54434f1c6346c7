#include "api/csv_export.h"

#include <stdlib.h>
#include <string.h>

#include "api/body_stream.h"
#include "api/route.h"
#include "api/sheet_sums.h"
#include "api/view_json.h"
#include "api/view_sheet.h"
#include "base/text.h"

#define PAGE_ROWS 500
#define PAGE_BYTES_LIMIT (4u * 1024 * 1024)
#define PARAMETER_TEXT_LIMIT 4096
#define PAGE_TIME_MS 5000

/* Owns copies of everything: the exchange is gone while the client still reads. */
struct csv_export {
    struct body_stream stream; /* first: what the server knows of it */
    struct view_store views;
    enum view view;
    struct parameters parameters;
    uint8_t texts[PARAMETER_TEXT_LIMIT];
    struct json_writer page;
    struct sheet_writer sheet;
    struct sheet_sums sums;
    char name[VIEW_NAME_LIMIT];
    size_t given;          /* bytes of the page that are out */
    int64_t rows;
    int64_t page_rows;
    int64_t cursor;
    int64_t deadline_ms;
    int32_t zone_offset_s;
    bool as_sheet;         /* an Excel workbook instead of text */
    bool english;
    bool pages;            /* the view can be continued */
    bool reveal;
    bool ended;
};

static int sheet_line(struct csv_export *export, const struct view_row *row)
{
    const char *titles[SHEET_COLUMN_LIMIT];

    if (export->rows == 0) {
        size_t count = view_sheet_titles(row, export->english, titles);
        if (sheet_writer_begin(&export->sheet, export->name, titles, count) != 0)
            return -1;
        sheet_sums_begin(&export->sums, export->view, row);
    }
    sheet_sums_take(&export->sums, row);
    view_sheet_row(&export->sheet, row, export->reveal, export->zone_offset_s);
    return sheet_writer_failed(&export->sheet) ? -1 : 0;
}

static int line_take(void *context, const struct view_row *row)
{
    struct csv_export *export = context;

    if (export->as_sheet) {
        if (sheet_line(export, row) != 0)
            return -1;
    } else {
        if (export->rows == 0)
            view_csv_header(&export->page, row);
        view_csv_line(&export->page, row, export->reveal, export->zone_offset_s);
    }
    export->pages = view_json_cursor(row, &export->cursor);
    export->rows++;
    export->page_rows++;
    if (export->page.failed)
        return -1;
    return export->rows >= CSV_EXPORT_ROW_LIMIT ? 1 : 0;
}

static bool page_is_late(void *context)
{
    const struct csv_export *export = context;
    return exchange_monotonic_ms() > export->deadline_ms;
}

/* A list that is cut must not be taken for a whole one. */
static void cut_say(struct csv_export *export)
{
    static const char zh[] = "到此为止: 已达导出上限, 其余请缩小范围再导出";
    static const char en[] = "Cut here: the limit of an export is reached; choose less to export the rest";
    const char *text = export->english ? en : zh;

    if (!export->as_sheet) {
        json_append_text(&export->page, text);
        json_append_text(&export->page, "\r\n");
        return;
    }
    sheet_row_begin(&export->sheet);
    sheet_cell_title(&export->sheet, span_of_text(text));
    sheet_row_end(&export->sheet);
}

static bool cut(const struct csv_export *export)
{
    return export->ended && export->rows >= CSV_EXPORT_ROW_LIMIT;
}

/* The packed bytes so far become the page; the last one closes the book. */
static int sheet_page_end(struct csv_export *export)
{
    if (export->rows == 0 && sheet_writer_begin(&export->sheet, export->name, NULL, 0) != 0)
        return -1;
    if (export->ended && export->rows > 0)
        sheet_sums_write(&export->sums, &export->sheet, export->english, cut(export));
    if (export->ended)
        sheet_writer_end(&export->sheet);
    json_append(&export->page, export->sheet.out.bytes, export->sheet.out.size);
    json_writer_reset(&export->sheet.out);
    return sheet_writer_failed(&export->sheet) || export->page.failed ? -1 : 0;
}

static int page_read(struct csv_export *export)
{
    struct view_query query = { .view = export->view, .abandoned = page_is_late, .abandoned_context = export };

    json_writer_reset(&export->page);
    export->given = 0;
    export->page_rows = 0;
    export->deadline_ms = exchange_monotonic_ms() + PAGE_TIME_MS;
    parameters_integer(&export->parameters, "limit", PAGE_ROWS);
    if (export->rows > 0)
        parameters_integer(&export->parameters, "cursor", export->cursor);
    query.parameters = export->parameters.list;
    query.parameter_count = export->parameters.count;
    if (export->views.read(export->views.context, &query, line_take, export) != 0)
        return -1;
    if (export->page_rows < PAGE_ROWS || !export->pages || export->rows >= CSV_EXPORT_ROW_LIMIT)
        export->ended = true;
    if (cut(export))
        cut_say(export);
    if (export->as_sheet)
        return sheet_page_end(export);
    if (export->rows == 0)
        json_append_text(&export->page, "\xef\xbb\xbf");
    return 0;
}

static long export_read(struct body_stream *stream, char *bytes, size_t capacity)
{
    struct csv_export *export = (struct csv_export *)stream;
    size_t left = export->page.size - export->given;

    /* A page of a workbook may all be inside the packer still. */
    while (left == 0) {
        if (export->ended)
            return 0;
        if (page_read(export) != 0)
            return -1;
        left = export->page.size;
    }
    size_t size = left < capacity ? left : capacity;
    memcpy(bytes, export->page.bytes + export->given, size);
    export->given += size;
    return (long)size;
}

static void export_end(struct body_stream *stream)
{
    struct csv_export *export = (struct csv_export *)stream;

    json_writer_free(&export->page);
    sheet_writer_free(&export->sheet);
    free(export);
}

/* Who took which list away. */
static int export_note(struct exchange *exchange, enum view view)
{
    struct core_audit audit = { .action = "list.export" };
    struct core_reply reply;

    (void)text_copy(span_of_text(view_name(view)), audit.object_kind, sizeof audit.object_kind);
    return exchange_core(exchange, CORE_AUDIT_APPEND, &audit.head, &reply);
}

int csv_export_begin(struct exchange *exchange, enum view view)
{
    if (export_note(exchange, view) != 0)
        return -1;
    struct csv_export *export = calloc(1, sizeof *export);
    if (export == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    export->stream = (struct body_stream){ export_read, export_end };
    export->views = exchange->config->views;
    export->view = view;
    export->page = json_writer_make(PAGE_BYTES_LIMIT);
    export->zone_offset_s = exchange->caller.zone_offset_s;
    export->reveal = exchange_may(exchange, PERMISSION_PEOPLE_REVEAL);
    const struct field_value *format = exchange_value(exchange, "format");
    export->as_sheet = format != NULL && span_equal_text(format->text, "xlsx");
    export->english = exchange_is_english(exchange);
    (void)text_copy(span_of_text(view_name(view)), export->name, 21);
    parameters_fill(&export->parameters, exchange);
    if (parameters_own(&export->parameters, export->texts, sizeof export->texts) != 0 || page_read(export) != 0) {
        export_end(&export->stream);
        return exchange_refuse_api(exchange, API_ERR_SLOW);
    }
    exchange->stream = &export->stream;
    exchange->content_type_out = export->as_sheet ? SHEET_CONTENT_TYPE : "text/csv; charset=utf-8";
    exchange_header_add(exchange, "Content-Disposition", export->as_sheet ? "attachment; filename=\"meterworks.xlsx\""
                                                                          : "attachment; filename=\"meterworks.csv\"");
    return 0;
}
