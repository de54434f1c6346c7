#include "api/report_export.h"

#include <stdlib.h>
#include <string.h>

#include "api/body_stream.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/sheet_writer.h"
#include "api/view_json.h"
#include "base/text.h"

#define METERS_OF_PAGE 100
#define METER_TIME_MS 20000    /* reading of one page of meters, or of one meter */
#define PARAMETER_TEXT_LIMIT (32u * 1024)
#define OUT_ENOUGH 65536       /* bytes made before the client gets them */

/* Owns copies of everything: the exchange is gone while the client still reads. */
struct report_export {
    struct body_stream stream; /* first: what the server knows of it */
    struct view_store views;
    enum view way;             /* to its meters */
    struct parameters parameters;
    uint8_t texts[PARAMETER_TEXT_LIMIT];
    struct usage_frame frame;
    struct sheet_writer sheet;
    struct json_writer fixed;  /* cells that are the same in every row of a meter */
    struct usage_meter meters[METERS_OF_PAGE];
    size_t meter_count;
    size_t meter_next;
    int64_t cursor;
    int64_t deadline_ms;
    size_t given;              /* bytes of sheet.out that are out */
    bool english;
    bool meters_ended;
    bool ended;
};

static const char *const titles_zh[] = { "表号", "位置", "类型", "开始", "结束", "止码", "用量", "单位", "倍率", "标记" };
static const char *const titles_en[] = { "Meter", "Place", "Kind", "From", "To", "Register", "Usage", "Unit", "Multiplier",
    "Mark" };
#define TITLE_COUNT (sizeof titles_zh / sizeof titles_zh[0])

static const struct kind_words {
    const char *kind;
    const char *zh;
    const char *en;
    const char *unit;
} kind_words[] = {
    { "cold_water", "冷水", "cold water", "m³" }, { "hot_water", "热水", "hot water", "m³" },
    { "electricity", "电", "electricity", "kWh" }, { "gas", "燃气", "gas", "m³" }, { "heat", "热量", "heat", "kWh" },
};

static const char *const mark_zh[USAGE_MARK_COUNT] = { "", "缺数", "估算", "存疑", "倒走", "突变", "进行中" };

static const struct kind_words *words_of(const char *kind)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof kind_words[0]; i++)
        if (strcmp(kind_words[i].kind, kind) == 0)
            return &kind_words[i];
    return &kind_words[0];
}

static bool is_late(void *context)
{
    const struct report_export *export = context;
    return exchange_monotonic_ms() > export->deadline_ms;
}

static struct view_query query_make(struct report_export *export)
{
    export->deadline_ms = exchange_monotonic_ms() + METER_TIME_MS;
    return (struct view_query){ .abandoned = is_late, .abandoned_context = export };
}

static int meter_take(void *context, const struct view_row *row)
{
    struct report_export *export = context;

    if (export->meter_count == METERS_OF_PAGE)
        return -1;
    usage_meter_take(row, &export->meters[export->meter_count++]);
    return 0;
}

static int meters_read(struct report_export *export)
{
    struct view_query query = query_make(export);

    export->meter_count = 0;
    export->meter_next = 0;
    parameters_integer(&export->parameters, "limit", METERS_OF_PAGE);
    parameters_integer(&export->parameters, "from_s", export->frame.from_s);
    parameters_integer(&export->parameters, "to_s", export->frame.to_s);
    if (export->cursor > 0)
        parameters_integer(&export->parameters, "cursor", export->cursor);
    query.view = export->way;
    query.parameters = export->parameters.list;
    query.parameter_count = export->parameters.count;
    if (export->views.read(export->views.context, &query, meter_take, export) != 0)
        return -1;
    if (export->meter_count > 0)
        export->cursor = export->meters[export->meter_count - 1].device_id;
    export->meters_ended = export->meter_count < METERS_OF_PAGE;
    return 0;
}

static void quantity_put(struct sheet_writer *sheet, const struct usage_meter *meter, bool is_known, int64_t value)
{
    int scale;
    int64_t number = view_quantity_number(value, strcmp(meter->kind, "heat") == 0, &scale);

    if (is_known)
        sheet_cell_number(sheet, number, scale);
    else
        sheet_cell_empty(sheet);
}

static int row_take(void *context, const struct usage_meter *meter, const struct usage_row *row)
{
    struct report_export *export = context;
    struct sheet_writer *sheet = &export->sheet;
    const struct kind_words *words = words_of(meter->kind);

    sheet_row_begin(sheet);
    sheet_cells_raw(sheet, json_writer_span(&export->fixed));
    sheet_cell_time(sheet, row->from_s + export->frame.zone_offset_s);
    sheet_cell_time(sheet, row->to_s + export->frame.zone_offset_s);
    quantity_put(sheet, meter, row->register_known, row->register_value);
    quantity_put(sheet, meter, row->usage_known, row->usage_value);
    sheet_cell_text(sheet, span_of_text(words->unit));
    sheet_cell_number(sheet, row->multiplier_e3, 3);
    sheet_cell_text(sheet, span_of_text(export->english ? usage_mark_name(row->mark) : mark_zh[row->mark]));
    sheet_row_end(sheet);
    return sheet_writer_failed(sheet) ? -1 : 0;
}

static int meter_write(struct report_export *export, const struct usage_meter *meter)
{
    struct parameters parameters = export->parameters;
    struct view_query query = query_make(export);
    const struct kind_words *words = words_of(meter->kind);

    json_writer_reset(&export->fixed);
    sheet_text_of(&export->fixed, span_of_text(meter->meter_number));
    sheet_text_of(&export->fixed, span_of_text(meter->place));
    sheet_text_of(&export->fixed, span_of_text(export->english ? words->en : words->zh));
    return usage_rows_give(&export->views, &query, &parameters, &export->frame, meter, row_take, export);
}

/* Make some more bytes: the rows of the next meters, or the end. */
static int more_make(struct report_export *export)
{
    json_writer_reset(&export->sheet.out);
    export->given = 0;
    while (!export->ended && export->sheet.out.size < OUT_ENOUGH) {
        if (export->meter_next < export->meter_count) {
            if (meter_write(export, &export->meters[export->meter_next++]) != 0)
                return -1;
        } else if (!export->meters_ended) {
            if (meters_read(export) != 0)
                return -1;
        } else {
            sheet_writer_end(&export->sheet);
            export->ended = true;
        }
    }
    return sheet_writer_failed(&export->sheet) ? -1 : 0;
}

static long report_read(struct body_stream *stream, char *bytes, size_t capacity)
{
    struct report_export *export = (struct report_export *)stream;

    if (export->given == export->sheet.out.size) {
        if (export->ended)
            return 0;
        if (more_make(export) != 0)
            return -1;
    }
    size_t left = export->sheet.out.size - export->given;
    size_t size = left < capacity ? left : capacity;
    memcpy(bytes, export->sheet.out.bytes + export->given, size);
    export->given += size;
    return (long)size;
}

static void report_end(struct body_stream *stream)
{
    struct report_export *export = (struct report_export *)stream;

    sheet_writer_free(&export->sheet);
    json_writer_free(&export->fixed);
    free(export);
}

/* Who took which report away. */
static int export_note(struct exchange *exchange)
{
    struct core_audit audit = { .action = "report.export", .object_kind = "usage" };
    struct core_reply reply;

    return exchange_core(exchange, CORE_AUDIT_APPEND, &audit.head, &reply);
}

int report_export_begin(struct exchange *exchange, const struct usage_frame *frame)
{
    if (export_note(exchange) != 0)
        return -1;
    struct report_export *export = calloc(1, sizeof *export);
    if (export == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    export->stream = (struct body_stream){ report_read, report_end };
    export->views = exchange->config->views;
    export->way = list_view_choose(exchange, VIEW_REPORT_METERS);
    export->frame = *frame;
    export->english = exchange_is_english(exchange);
    export->fixed = json_writer_make(16384);
    parameters_fill(&export->parameters, exchange);
    if (sheet_writer_begin(&export->sheet, export->english ? "usage" : "用量", export->english ? titles_en : titles_zh,
            TITLE_COUNT) != 0 || parameters_own(&export->parameters, export->texts, sizeof export->texts) != 0) {
        report_end(&export->stream);
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    }
    exchange->stream = &export->stream;
    exchange->content_type_out = SHEET_CONTENT_TYPE;
    exchange_header_add(exchange, "Content-Disposition", "attachment; filename=\"usage.xlsx\"");
    return 0;
}
