/* Quarter-hours of a meter, and the load of an area by quarter-hour: blocks of days through reading/interval.h, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "api/handlers.h"
#include "api/route.h"
#include "api/walk.h"
#include "base/calendar.h"
#include "base/device_profile.h"
#include "base/quantity.h"
#include "base/text.h"
#include "reading/interval_block.h"
#include "reading/reading_store.h"
#include "registry/registry_store.h"

#define DAYS_OF_PAGE 31
#define METERS_OF_PART 2000 /* of a curve: their blocks take some tens of milliseconds */
#define SECONDS_A_MINUTE 60

/* Columns of VIEW_DEVICE_INTERVALS and VIEW_AREA_INTERVALS. */
enum { KIND, MODULUS, FLOW_LIMIT, DAY, RECEIVED, SCALE, BLOCK, BEGIN_VALUE, END_VALUE, MULTIPLIER, BEFORE_BLOCK };

/* One day of one register, judged with what is known now. */
struct day_reading {
    struct registry_device device;
    struct interval_bounds bounds;
    struct interval_day day;
    struct interval_summary summary;
    int64_t multiplier_e3;
    int32_t day_number;
    bool found;
};

struct interval_page {
    struct exchange *exchange;
    struct day_reading reading;
    struct interval_use use;
    int32_t zone_offset_s;
    unsigned slots;          /* of a step: 1, 4 or 96 */
    uint32_t channel;
    int64_t next_day;        /* of a device: where the next page begins; 0 none */
    bool begun;
    int64_t sums[INTERVAL_SLOTS];  /* of an area */
    int64_t counts[INTERVAL_SLOTS][3];
    int64_t meters;
    int64_t reporting;
};

static bool is_known(const struct view_cell *cell)
{
    return cell->type == VIEW_INTEGER;
}

/* False: there is no block, or nothing of this day in it. */
static bool block_read(const struct interval_page *page, const struct view_cell *cell, int32_t day, struct interval_day *out)
{
    return cell->type == VIEW_BLOB && interval_block_day(cell->text, day, page->zone_offset_s, out) > 0;
}

static void midnight_take(struct day_reading *reading, int end, const struct view_cell *cell)
{
    reading->bounds.midnight_known[end] = is_known(cell);
    reading->bounds.midnight_values[end] = is_known(cell) ? cell->integer : 0;
}

/* Without a midnight the day begins where the day before was believed to end. */
static void beginning_find(struct interval_page *page, const struct view_row *row)
{
    struct day_reading *reading = &page->reading;
    struct interval_day before;

    midnight_take(reading, 0, &row->cells[BEGIN_VALUE]);
    if (reading->bounds.midnight_known[0] ||
        !block_read(page, &row->cells[BEFORE_BLOCK], reading->day_number - 1, &before) ||
        !interval_state_believed(before.states[INTERVAL_SLOTS - 1]))
        return;
    reading->bounds.midnight_known[0] = true;
    reading->bounds.midnight_values[0] = before.values[INTERVAL_SLOTS - 1];
}

static void day_read(struct interval_page *page, const struct view_row *row)
{
    struct day_reading *reading = &page->reading;
    const struct view_cell *cells = row->cells;
    char kind[24] = "";

    if (cells[KIND].text.size < sizeof kind)
        memcpy(kind, cells[KIND].text.bytes, cells[KIND].text.size);
    reading->device = (struct registry_device){ .kind = (uint8_t)registry_kind_of_name(kind),
                                                .register_modulus_value = cells[MODULUS].integer,
                                                .flow_limit_value_per_h = cells[FLOW_LIMIT].integer };
    reading->day_number = (int32_t)cells[DAY].integer;
    reading->bounds = interval_bounds_of(&reading->device);
    reading->multiplier_e3 = is_known(&cells[MULTIPLIER]) ? cells[MULTIPLIER].integer : cells[SCALE].integer;
    reading->found = block_read(page, &cells[BLOCK], reading->day_number, &reading->day);
    if (!reading->found)
        return;
    beginning_find(page, row);
    midnight_take(reading, 1, &cells[END_VALUE]);
    interval_day_judge(&reading->bounds, &reading->day, &reading->summary);
}

static const char *mark_name(uint8_t mark)
{
    static const char *const names[] = { "measured", "estimated", "unknown" };
    return names[mark < sizeof names / sizeof names[0] ? mark : INTERVAL_UNKNOWN];
}

static void items_write(struct interval_page *page)
{
    struct json_writer *out = &page->exchange->out;
    const struct day_reading *reading = &page->reading;
    int64_t begin_s = calendar_midnight(reading->day_number, page->zone_offset_s);
    int64_t step_s = (int64_t)page->slots * INTERVAL_SLOT_S;

    interval_use_make(&reading->device, &reading->bounds, &reading->day, page->slots, reading->multiplier_e3, &page->use);
    for (unsigned i = 0; i < page->use.count; i++) {
        unsigned slot = (i + 1) * page->slots - 1;
        json_object_begin(out);
        json_put_key_integer(out, "from_s", begin_s + i * step_s);
        json_put_key_integer(out, "to_s", begin_s + (i + 1) * step_s);
        json_put_key_known(out, "register_value", reading->day.states[slot] != INTERVAL_GAP, reading->day.values[slot]);
        json_put_key_text(out, "quality", interval_state_name(reading->day.states[slot]));
        json_put_key_known(out, "usage_value", page->use.marks[i] != INTERVAL_UNKNOWN, page->use.values[i]);
        json_put_key_text(out, "mark", mark_name(page->use.marks[i]));
        json_object_end(out);
    }
}

static void summary_write(struct interval_page *page)
{
    struct json_writer *out = &page->exchange->out;
    const struct day_reading *reading = &page->reading;
    const struct interval_summary *summary = &reading->summary;
    struct interval_use *use = &page->use;

    json_put_key_integer(out, "period_min", summary->period_slots * INTERVAL_SLOT_S / SECONDS_A_MINUTE);
    json_put_key_integer(out, "expected", INTERVAL_SLOTS / summary->period_slots);
    json_put_key_integer(out, "missing", summary->missing);
    json_put_key_integer(out, "refused", summary->refused);
    json_put_key_text(out, "sum", !summary->sum_checked ? "open" : summary->sum_differs ? "differs" : "agrees");
    interval_use_make(&reading->device, &reading->bounds, &reading->day, INTERVAL_SLOTS, reading->multiplier_e3, use);
    json_put_key_known(out, "usage_value", use->marks[0] != INTERVAL_UNKNOWN, use->values[0]);
    interval_use_make(&reading->device, &reading->bounds, &reading->day, 1, reading->multiplier_e3, use);
    int64_t night = interval_night_minimum(use);
    json_put_key_known(out, "night_minimum_value", night != INTERVAL_NIGHT_UNKNOWN, night);
    json_put_key_boolean(out, "never_still", interval_never_still(use));
}

static void head_write(struct interval_page *page, const struct view_row *row)
{
    struct json_writer *out = &page->exchange->out;
    const struct quantity_info *info = quantity_info((enum quantity)(page->channel >> 16));

    if (page->begun)
        return;
    page->begun = true;
    json_object_begin(out);
    json_put_key(out, "device_kind");
    json_put_text(out, row->cells[KIND].text);
    json_put_key_text(out, "quantity", info->name);
    json_put_key_text(out, "unit", info->unit);
    json_put_key_integer(out, "register_index", page->channel >> 8 & 255);
    json_put_key(out, "items");
    json_array_begin(out);
}

static int device_day_take(void *context, const struct view_row *row)
{
    struct interval_page *page = context;
    struct json_writer *out = &page->exchange->out;
    char day[CALENDAR_DATE_TEXT_LIMIT];

    head_write(page, row);
    day_read(page, row);
    json_object_begin(out);
    if (calendar_format_date(page->reading.day_number, day, sizeof day) > 0)
        json_put_key_text(out, "day", day);
    json_put_key_boolean(out, "known", page->reading.found);
    json_put_key_known(out, "received_s", page->reading.found, row->cells[RECEIVED].integer);
    if (page->reading.found)
        summary_write(page);
    json_put_key(out, "items");
    json_array_begin(out);
    if (page->reading.found)
        items_write(page);
    json_array_end(out);
    json_object_end(out);
    return out->failed ? -1 : 0;
}

/* Steps of which one ends each `slots` quarters. */
static unsigned slots_of(const struct exchange *exchange)
{
    const struct field_value *step = exchange_value(exchange, "granularity");

    if (step != NULL && span_equal_text(step->text, "day"))
        return INTERVAL_SLOTS;
    return step != NULL && span_equal_text(step->text, "hour") ? 4 : 1;
}

static int kind_take(void *context, const struct view_row *row)
{
    struct interval_page *page = context;
    char kind[24] = "";

    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->columns[i].name, "kind") == 0 && row->cells[i].text.size < sizeof kind)
            memcpy(kind, row->cells[i].text.bytes, row->cells[i].text.size);
    page->channel = (uint32_t)registry_kind_quantity(registry_kind_of_name(kind)) << 16;
    return 1;
}

static enum quantity quantity_of(struct span name)
{
    for (int quantity = 1; quantity < QUANTITY_COUNT; quantity++)
        if (span_equal_text(name, quantity_info((enum quantity)quantity)->name))
            return (enum quantity)quantity;
    return QUANTITY_NONE;
}

/* The register that was asked for, or the meter's main one.
 * returns  0; 1 refused; -1 the exchange is over */
static int channel_find(struct interval_page *page, struct parameters *parameters)
{
    struct exchange *exchange = page->exchange;
    const struct field_value *quantity = exchange_value(exchange, "quantity");

    int rows = exchange_read(exchange, VIEW_DEVICE, parameters, kind_take, page);
    if (rows < 0)
        return -1;
    if (rows == 0)
        return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    if (quantity != NULL)
        page->channel = reading_register_channel(quantity_of(quantity->text),
                                                 (uint8_t)exchange_integer(exchange, "register_index", 0), 0);
    return 0;
}

static int device_answer(struct interval_page *page)
{
    struct exchange *exchange = page->exchange;
    struct parameters parameters;
    int64_t to_day = exchange_integer(exchange, "to", exchange_today(exchange) - 1);
    int64_t from_day = exchange_integer(exchange, "cursor", exchange_integer(exchange, "from", to_day));
    int64_t end_day = from_day + DAYS_OF_PAGE - 1 < to_day ? from_day + DAYS_OF_PAGE - 1 : to_day;

    if (from_day < 0 || to_day < from_day || to_day > INT32_MAX / 2)
        return exchange_refuse_api(exchange, API_ERR_REPORT_DAYS);
    parameters_fill(&parameters, exchange);
    int refused = channel_find(page, &parameters);
    if (refused != 0)
        return refused;
    parameters_integer(&parameters, "channel", page->channel);
    parameters_integer(&parameters, "from", from_day);
    parameters_integer(&parameters, "to", end_day);
    int rows = exchange_read(exchange, VIEW_DEVICE_INTERVALS, &parameters, device_day_take, page);
    if (rows <= 0)
        return rows < 0 ? -1 : exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    json_array_end(&exchange->out);
    exchange_put_next(exchange, end_day < to_day, (int64_t)end_day + 1);
    json_object_end(&exchange->out);
    return 0;
}

static int area_day_take(void *context, const struct view_row *row)
{
    struct interval_page *page = context;

    page->meters++;
    day_read(page, row);
    if (!page->reading.found)
        return 0;
    page->reporting++;
    interval_use_make(&page->reading.device, &page->reading.bounds, &page->reading.day, page->slots,
                      page->reading.multiplier_e3, &page->use);
    for (unsigned i = 0; i < page->use.count; i++) {
        page->sums[i] += page->use.values[i];
        page->counts[i][page->use.marks[i]]++;
    }
    return 0;
}

/* Of the main registers of the kind that was asked for. */
static enum quantity main_quantity(const struct exchange *exchange)
{
    const struct field_value *asked = exchange_value(exchange, "kind");
    char kind[24] = "cold_water";

    if (asked != NULL)
        (void)text_copy(asked->text, kind, sizeof kind);
    return (enum quantity)registry_kind_quantity(registry_kind_of_name(kind));
}

/* The object stays open. */
static void load_write(struct interval_page *page, int64_t day)
{
    struct json_writer *out = &page->exchange->out;
    int64_t begin_s = calendar_midnight(day, page->zone_offset_s), step_s = (int64_t)page->slots * INTERVAL_SLOT_S;
    char text[CALENDAR_DATE_TEXT_LIMIT];

    json_object_begin(out);
    if (calendar_format_date(day, text, sizeof text) > 0)
        json_put_key_text(out, "day", text);
    json_put_key_text(out, "unit", quantity_info(main_quantity(page->exchange))->unit);
    json_put_key_integer(out, "meters", page->meters);
    json_put_key_integer(out, "reporting_meters", page->reporting);
    json_put_key(out, "items");
    json_array_begin(out);
    for (unsigned i = 0; i < INTERVAL_SLOTS / page->slots; i++) {
        bool known = page->counts[i][INTERVAL_MEASURED] + page->counts[i][INTERVAL_ESTIMATED] > 0;
        json_object_begin(out);
        json_put_key_integer(out, "from_s", begin_s + i * step_s);
        json_put_key_integer(out, "to_s", begin_s + (i + 1) * step_s);
        json_put_key_known(out, "usage_value", known, page->sums[i]);
        json_put_key_integer(out, "measured_meters", page->counts[i][INTERVAL_MEASURED]);
        json_put_key_integer(out, "estimated_meters", page->counts[i][INTERVAL_ESTIMATED]);
        json_object_end(out);
    }
    json_array_end(out);
}

static int area_answer(struct interval_page *page)
{
    struct exchange *exchange = page->exchange;
    struct walk walk;
    struct parameters parameters;
    int64_t day = exchange_integer(exchange, "day", exchange_today(exchange) - 1);

    parameters_fill(&parameters, exchange);
    if (walk_begin(exchange, &parameters, VIEW_DEVICES_STEP, VIEW_DEVICES_COUNT, METERS_OF_PART, &walk) != 0)
        return -1;
    parameters_integer(&parameters, "day", day);
    if (exchange_read(exchange, VIEW_AREA_INTERVALS, &parameters, area_day_take, page) < 0)
        return -1;
    load_write(page, day);
    walk_write(exchange, &walk);
    json_object_end(&exchange->out);
    return 0;
}

static int page_answer(struct exchange *exchange, int (*answer)(struct interval_page *page))
{
    struct interval_page *page = calloc(1, sizeof *page);

    if (page == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    page->exchange = exchange;
    page->zone_offset_s = exchange->caller.zone_offset_s;
    page->slots = slots_of(exchange);
    int result = answer(page);
    free(page);
    return result;
}

int handle_device_intervals(struct exchange *exchange)
{
    return page_answer(exchange, device_answer);
}

int handle_load_curve(struct exchange *exchange)
{
    return page_answer(exchange, area_answer);
}
