#include <stdlib.h>
#include <string.h>

#include "api/csv_export.h"
#include "api/handlers.h"
#include "api/route.h"
#include "api/view_json.h"
#include "api/walk.h"

#define PAGE_DEFAULT 50
#define CLOCK_APART_S 60 /* from here on the worst of millions are noted (table clock_apart) */
#define METERS_COUNTED 20000 /* whose events are counted */
#define COUNT_LIMIT 10001 /* counts are exact up to 10,000 */

struct page {
    struct exchange *exchange;
    int64_t limit;
    int64_t rows;
    int64_t last_cursor;
    bool pages;  /* the view has a cursor */
    bool more;
};

/* One row more than the page is asked for: whether it comes says whether there is a next page. */
static int page_take(void *context, const struct view_row *row)
{
    struct page *page = context;
    int64_t cursor = 0;

    page->pages = view_json_cursor(row, &cursor);
    if (page->pages && page->rows == page->limit) {
        page->more = true;
        return 1;
    }
    page->rows++;
    page->last_cursor = cursor;
    view_json_object(&page->exchange->out, row, exchange_may(page->exchange, PERMISSION_PEOPLE_REVEAL));
    return page->exchange->out.failed ? -1 : 0;
}

/* Lists that have a way of their own for a part of the tenant: in the order of its places; and how such a list is counted. */
static const struct {
    enum view whole, part, found, whole_count, part_count;
} ways[] = {
    { VIEW_DEVICES, VIEW_DEVICES_IN_AREA, VIEW_DEVICES_FOUND, VIEW_NONE, VIEW_NONE },
    { VIEW_CUSTOMERS, VIEW_CUSTOMERS_IN_AREA, VIEW_CUSTOMERS_FOUND, VIEW_CUSTOMERS_COUNT, VIEW_CUSTOMERS_IN_AREA_COUNT },
    { VIEW_ACCOUNTS, VIEW_ACCOUNTS_IN_AREA, VIEW_NONE, VIEW_ACCOUNTS_COUNT, VIEW_ACCOUNTS_IN_AREA_COUNT },
    { VIEW_ARREARS, VIEW_ARREARS_IN_AREA, VIEW_NONE, VIEW_ARREARS_COUNT, VIEW_NONE },
    { VIEW_REPORT_METERS, VIEW_REPORT_METERS_OF_AREA, VIEW_NONE, VIEW_NONE, VIEW_NONE },
    { VIEW_REPORT_CURRENT, VIEW_REPORT_CURRENT_OF_AREA, VIEW_NONE, VIEW_NONE, VIEW_NONE },
    { VIEW_AREAS, VIEW_AREAS, VIEW_AREAS_FOUND, VIEW_NONE, VIEW_NONE },
    { VIEW_ACCOUNTS_OF_MODE, VIEW_ACCOUNTS_OF_MODE, VIEW_NONE, VIEW_ACCOUNTS_OF_MODE_COUNT, VIEW_NONE },
    { VIEW_EVENTS, VIEW_EVENTS, VIEW_NONE, VIEW_EVENTS_COUNT, VIEW_NONE },
    { VIEW_EVENTS_OPEN, VIEW_EVENTS_OPEN, VIEW_NONE, VIEW_EVENTS_OPEN_COUNT, VIEW_NONE },
};

/* What is asked for by a field that names few rows is found from their side; a kind of meter, by the areas that have it, and a way to pay by
 * its index. */
static const struct narrow_way {
    enum view view;
    const char *field;
    enum view narrow;
} narrow_ways[] = {
    { VIEW_ACCOUNTS, "customer_id", VIEW_ACCOUNTS_OF_CUSTOMER }, { VIEW_TOPOLOGY, "parent", VIEW_TOPOLOGY_BELOW },
    { VIEW_AREAS, "parent", VIEW_AREAS_BELOW }, { VIEW_AREAS, "above", VIEW_AREAS_ABOVE },
    { VIEW_REPORT_METERS, "device_ids", VIEW_REPORT_METERS_OF_LIST },
    { VIEW_REPORT_CURRENT, "device_ids", VIEW_REPORT_CURRENT_OF_LIST },
    { VIEW_PAYMENTS, "account_id", VIEW_PAYMENTS_OF_ACCOUNT }, { VIEW_PAYMENTS, "customer_id", VIEW_PAYMENTS_OF_CUSTOMER },
    { VIEW_PAYMENTS, "shift_id", VIEW_PAYMENTS_OF_SHIFT }, { VIEW_PAYMENTS, "day", VIEW_PAYMENTS_OF_DAY },
}, kind_ways[] = {
    { VIEW_DEVICES, "kind", VIEW_DEVICES_IN_AREA }, { VIEW_REPORT_METERS, "kind", VIEW_REPORT_METERS_OF_AREA },
    { VIEW_REPORT_CURRENT, "kind", VIEW_REPORT_CURRENT_OF_AREA },
    { VIEW_ACCOUNTS, "payment_mode", VIEW_ACCOUNTS_OF_MODE },
};

static bool asks_for_rest(const struct exchange *exchange, const char *name, const char *most)
{
    const struct field_value *value = exchange_value(exchange, name);

    return value != NULL && !span_equal_text(value->text, most);
}

static enum view way_find(const struct exchange *exchange, const struct narrow_way *list, size_t count, enum view view)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].view == view && exchange_value(exchange, list[i].field) != NULL)
            return list[i].narrow;
    return VIEW_NONE;
}

/* What is rare in a whole list is found from its own side, also what is not well and what stands. */
static enum view narrow_choose(const struct exchange *exchange, enum view view)
{
    enum view narrow = way_find(exchange, narrow_ways, sizeof narrow_ways / sizeof narrow_ways[0], view);

    if (narrow != VIEW_NONE)
        return narrow;
    if (view == VIEW_EVENTS && exchange_integer(exchange, "open", 0) == 1)
        return VIEW_EVENTS_OPEN;
    if (view == VIEW_CLOCKS && exchange_integer(exchange, "worst", 0) >= CLOCK_APART_S)
        return VIEW_CLOCKS_APART;
    if (view == VIEW_LEDGER_ACCOUNTS && asks_for_rest(exchange, "kind", "wallet"))
        return VIEW_LEDGER_ACCOUNTS_OF_KIND;
    if (!exchange->whole)
        return view;
    if (view == VIEW_ACCOUNTS && asks_for_rest(exchange, "stage", "good"))
        return VIEW_ACCOUNTS_IN_STAGE;
    narrow = way_find(exchange, kind_ways, sizeof kind_ways / sizeof kind_ways[0], view);
    if (narrow != VIEW_NONE)
        return narrow;
    return view == VIEW_DEVICES && asks_for_rest(exchange, "status", "normal") ? VIEW_DEVICES_NOT_WELL : view;
}

enum view list_view_choose(const struct exchange *exchange, enum view view)
{
    const struct field_value *query = exchange_value(exchange, "query");
    bool looks = query != NULL && query->text.size > 0;
    enum view narrow = narrow_choose(exchange, view);

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].whole == view && looks && ways[i].found != VIEW_NONE)
            return ways[i].found;
        if (ways[i].whole == narrow && !exchange->whole)
            return ways[i].part;
    }
    return narrow;
}

static enum view list_view(const struct exchange *exchange)
{
    return list_view_choose(exchange, exchange->route->view);
}

/* A list of meters in service by kind and status is counted already. */
static bool count_kept(const struct exchange *exchange)
{
    enum view view = list_view(exchange);

    return (view == VIEW_DEVICES || view == VIEW_DEVICES_IN_AREA || view == VIEW_DEVICES_NOT_WELL) &&
           exchange_integer(exchange, "removed", 0) == 0;
}

/* That there are none of them is known then, without a look at any. */
static bool nothing_there(struct exchange *exchange, const struct parameters *parameters)
{
    return count_kept(exchange) && exchange_kept_count(exchange, VIEW_DEVICES_COUNT, parameters) == 0;
}

/* What has the rows of a view without what is shown of them, where there is such a view. */
static enum view count_view(enum view view)
{
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].whole == view && ways[i].whole_count != VIEW_NONE)
            return ways[i].whole_count;
        if (ways[i].part == view && ways[i].part_count != VIEW_NONE)
            return ways[i].part_count;
    }
    return view;
}

/* Of events in the whole company the newest come at once; those of a kind, or of a part of it, may be far down. */
static bool asks_for_some_events(const struct exchange *exchange)
{
    return !exchange->whole || exchange_value(exchange, "severity") != NULL || exchange_value(exchange, "kind") != NULL ||
           exchange_value(exchange, "acknowledged") != NULL;
}

static bool asks_for_a_part(const struct exchange *exchange)
{
    return !exchange->whole;
}

/* Lists that may find nothing among all: they look at so many of them at a time, and a page may be empty and yet not the last. */
static const struct list_walk {
    enum view view, step, total;
    int64_t rows;
    bool (*asks)(const struct exchange *exchange); /* does this question need it? NULL: always */
} walks[] = {
    { VIEW_COMPLETENESS_MISSING, VIEW_DEVICES_STEP, VIEW_DEVICES_COUNT, 40000, NULL },
    { VIEW_COMPLETENESS_INTERVALS, VIEW_INTERVALS_STEP, VIEW_DEVICES_COUNT, 5000, NULL },
    { VIEW_METER_DRIFT, VIEW_ACCOUNTS_STEP, VIEW_DEVICES_COUNT, 20000, NULL },
    { VIEW_EVENTS, VIEW_EVENTS_STEP, VIEW_EVENTS_TOTAL, 10000, asks_for_some_events },
    { VIEW_EVENTS_OPEN, VIEW_EVENTS_OPEN_STEP, VIEW_EVENTS_TOTAL, 10000, asks_for_some_events },
    { VIEW_PAYMENTS, VIEW_PAYMENTS_STEP, VIEW_PAYMENTS_TOTAL, 10000, asks_for_a_part },
};

static const struct list_walk *walk_of(const struct exchange *exchange)
{
    enum view view = list_view(exchange);

    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++)
        if (walks[i].view == view && (walks[i].asks == NULL || walks[i].asks(exchange)))
            return &walks[i];
    return NULL;
}

/* What takes a look at everything to find takes one to count, unless the part is small and is looked at whole. */
static bool count_is_long(struct exchange *exchange, const struct parameters *parameters)
{
    const struct list_walk *walk = walk_of(exchange);

    return walk != NULL && (walk->asks == NULL || exchange->whole ||
                            exchange_kept_count(exchange, VIEW_DEVICES_COUNT, parameters) > METERS_COUNTED);
}

/* A first page that is also the last has counted itself. */
static int64_t list_count(struct exchange *exchange, const struct page *page, const struct walk *walk, struct parameters *parameters)
{
    if (count_kept(exchange))
        return exchange_kept_count(exchange, VIEW_DEVICES_COUNT, parameters);
    if (!page->pages || (!page->more && exchange_value(exchange, "cursor") == NULL))
        return page->rows;
    if (walk->end > 0 || count_is_long(exchange, parameters))
        return EXCHANGE_COUNT_UNKNOWN;
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->list[i].name, "cursor") == 0)
            parameters->list[i].type = VIEW_NULL;
    parameters_integer(parameters, "limit", COUNT_LIMIT);
    return exchange_count(exchange, count_view(list_view(exchange)), parameters);
}

int handle_list(struct exchange *exchange)
{
    struct parameters parameters;
    struct page page = { .exchange = exchange, .limit = exchange_integer(exchange, "limit", PAGE_DEFAULT) };
    const struct field_value *format = exchange_value(exchange, "format");
    const struct list_walk *walk_step = walk_of(exchange);
    struct walk walk = { .end = 0 };

    parameters_fill(&parameters, exchange);
    if (format != NULL && !span_equal_text(format->text, "json"))
        return csv_export_begin(exchange, list_view(exchange));
    parameters_integer(&parameters, "limit", page.limit + 1);
    if (walk_step != NULL && walk_begin(exchange, &parameters, walk_step->step, walk_step->total, walk_step->rows, &walk) != 0)
        return -1;
    json_object_begin(&exchange->out);
    json_put_key(&exchange->out, "items");
    json_array_begin(&exchange->out);
    if (!nothing_there(exchange, &parameters) && exchange_read(exchange, list_view(exchange), &parameters, page_take, &page) < 0)
        return -1;
    if (walk.end > 0 && !page.more)
        page = (struct page){ .exchange = exchange, .rows = page.rows, .more = true, .last_cursor = walk.end };
    json_array_end(&exchange->out);
    int64_t count = list_count(exchange, &page, &walk, &parameters);
    if (count == -1)
        return -1;
    bool exact = count >= 0 && (count < COUNT_LIMIT || count_kept(exchange));
    if (count == EXCHANGE_COUNT_UNKNOWN)
        count = page.rows + (page.more ? 1 : 0); /* at least */
    exchange_put_next(exchange, page.more, page.last_cursor);
    json_put_key_integer(&exchange->out, "count", exact || count < COUNT_LIMIT ? count : COUNT_LIMIT - 1);
    json_put_key_boolean(&exchange->out, "count_exact", exact);
    if (walk_step != NULL)
        walk_figures(exchange, &walk);
    json_object_end(&exchange->out);
    return 0;
}

static int members_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_members(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 1;
}

static int object_take(void *context, const struct view_row *row)
{
    struct exchange *exchange = context;

    view_json_object(&exchange->out, row, exchange_may(exchange, PERMISSION_PEOPLE_REVEAL));
    return exchange->out.failed ? -1 : 0;
}

static int first_object_take(void *context, const struct view_row *row)
{
    int result = object_take(context, row);
    return result != 0 ? result : 1;
}

static int part_write(struct exchange *exchange, const struct route_part *part, const struct parameters *parameters)
{
    json_put_key(&exchange->out, part->key);
    if (part->many)
        json_array_begin(&exchange->out);
    int rows = exchange_read(exchange, part->view, parameters, part->many ? object_take : first_object_take, exchange);
    if (rows < 0)
        return -1;
    if (part->many)
        json_array_end(&exchange->out);
    else if (rows == 0)
        json_put_null(&exchange->out);
    return 0;
}

static int document_write(struct exchange *exchange, const struct parameters *parameters)
{
    const struct api_route *route = exchange->route;

    json_object_begin(&exchange->out);
    if (route->view != VIEW_NONE) {
        int rows = exchange_read(exchange, route->view, parameters, members_take, exchange);
        if (rows < 0)
            return -1;
        if (rows == 0)
            return exchange_refuse_api(exchange, API_ERR_NOT_FOUND);
    } else {
        json_put_key_integer(&exchange->out, "as_of_s", exchange->now_s);
    }
    for (size_t i = 0; i < route->part_count; i++)
        if (part_write(exchange, &route->parts[i], parameters) != 0)
            return -1;
    json_object_end(&exchange->out);
    return 0;
}

/* The parts of a document tell of one moment: a message that still waits has no try that ended. */
int handle_document(struct exchange *exchange)
{
    struct parameters parameters;

    parameters_fill(&parameters, exchange);
    if (exchange_value(exchange, "limit") == NULL)
        parameters_integer(&parameters, "limit", 5);
    parameters_integer(&parameters, "to", exchange_today(exchange));
    parameters_integer(&parameters, "from", exchange_today(exchange) - exchange_integer(exchange, "days", 30) + 1);
    if (exchange->route->part_count > 0)
        exchange_moment_begin(exchange);
    int result = document_write(exchange, &parameters);
    exchange_moment_end(exchange);
    return result;
}

static void reply_note_write(struct exchange *exchange, const struct core_reply *reply)
{
    const char *note = exchange_is_english(exchange) ? reply->note_en : reply->note_zh;

    if (note[0] != '\0')
        json_put_key_text(&exchange->out, "note", note);
}

/* Operations that leave a new object behind: answered 201. */
static const bool creates[CORE_OPERATION_COUNT] = {
    [CORE_PERSON_CREATE] = true,      [CORE_AREA_CREATE] = true,     [CORE_DEVICE_CREATE] = true,
    [CORE_DEVICE_EXCHANGE] = true,    [CORE_COMMAND_REQUEST] = true, [CORE_CUSTOMER_CREATE] = true,
    [CORE_ACCOUNT_OPEN] = true,       [CORE_TARIFF_CREATE] = true,   [CORE_TARIFF_VERSION_ADD] = true, [CORE_TARIFF_DRAFT_CREATE] = true,
    [CORE_PAYMENT_TAKE] = true,      [CORE_READING_PLAN_CREATE] = true, [CORE_REREAD] = true,
    [CORE_BALANCE_ZONE_CREATE] = true, [CORE_HOLD_PLACE] = true, [CORE_BATCH_ASK] = true,
    [CORE_CASH_SHIFT_OPEN] = true, [CORE_PAYMENT_UNDO_ASK] = true, [CORE_CASH_DEPOSIT] = true,
    [CORE_RUN_DRAFT] = true, [CORE_PERIOD_CLOSE] = true,
    [CORE_INVOICE_ASK] = true,
    [CORE_MESSAGE_TEST] = true,      [CORE_MESSAGE_RECIPIENT_CREATE] = true,
    [CORE_LINE_CREATE] = true,       [CORE_LINE_CLOCK_SET] = true,       [CORE_PARTNER_CREATE] = true,
};

/* The object that was written, as a GET would show it; the bare identifier when the route names no view. */
static int written_answer(struct exchange *exchange, const struct core_reply *reply)
{
    struct parameters parameters;

    exchange->status = creates[exchange->route->operation] ? 201 : 200;
    if (reply->object_id != 0)
        exchange->object_id = reply->object_id;
    json_object_begin(&exchange->out);
    if (exchange->route->view == VIEW_NONE) {
        json_put_key_integer(&exchange->out, "id", exchange->object_id);
    } else {
        parameters_fill(&parameters, exchange);
        if (exchange_read(exchange, exchange->route->view, &parameters, members_take, exchange) < 0)
            return -1;
    }
    reply_note_write(exchange, reply);
    json_object_end(&exchange->out);
    return 0;
}

int handle_write(struct exchange *exchange)
{
    const struct api_route *route = exchange->route;
    struct core_reply reply;
    struct core_request *request = calloc(1, route->request_size);

    if (request == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    request->object_id = exchange->object_id;
    fields_copy(route->fields, route->field_count, exchange->values, request, &request->present);
    int result = route->prepare != NULL ? route->prepare(exchange, request) : 0;
    if (result == 0)
        result = exchange_core(exchange, route->operation, request, &reply);
    if (result == 0)
        result = written_answer(exchange, &reply);
    free(request);
    return result;
}
