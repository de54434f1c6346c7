#include "codec/q376/q376_layout.h"

#include <stddef.h>

#include "codec/q376/q376_layout_rows.h"

static const struct q376_field clock_rows[] = {
    { NAMED(01, "clock", "Clock", "日历时钟"), LATCH },
};
static const struct q376_field day_mark_rows[] = {
    { NAMED(20, "day", "Day", "日冻结时标 Td_d") },
};
static const struct q376_field month_mark_rows[] = {
    { NAMED(21, "month", "Month", "月冻结时标 Td_m") },
};
static const struct q376_field curve_mark_rows[] = {
    { NAMED(15, "start", "Start of the curve", "曲线起始时间") },
    { NUMBER(1, "density", "Freeze density", "冻结密度") },
    { NUMBER(1, "points", "Points", "数据点数") },
};

const struct q376_fields q376_fields_none = { NULL, 0 };
const struct q376_fields q376_fields_clock = FIELDS(clock);
const struct q376_fields q376_fields_day_mark = FIELDS(day_mark);
const struct q376_fields q376_fields_month_mark = FIELDS(month_mark);
const struct q376_fields q376_fields_curve_mark = FIELDS(curve_mark);

/* What holds for all functions of an AFN that have no row of their own. */
enum unknown { BYTES_FOLLOW, NOTHING_FOLLOWS, TIME_MARK_FOLLOWS };

static const struct {
    const struct q376_layouts *layouts; /* NULL: an AFN without data of its own */
    enum unknown down;
} afns[] = {
    [Q376_AFN_CONFIRM] = { &q376_layouts_confirm, BYTES_FOLLOW },
    [Q376_AFN_RESET] = { &q376_layouts_reset, BYTES_FOLLOW },
    [Q376_AFN_LINK] = { &q376_layouts_link, BYTES_FOLLOW },
    [Q376_AFN_SET] = { &q376_layouts_parameter, BYTES_FOLLOW },
    [Q376_AFN_CONTROL] = { &q376_layouts_control, BYTES_FOLLOW },
    [Q376_AFN_AUTHENTICATION] = { &q376_layouts_authentication, BYTES_FOLLOW },
    [Q376_AFN_CONFIGURATION] = { &q376_layouts_configuration, NOTHING_FOLLOWS },
    [Q376_AFN_QUERY] = { &q376_layouts_query, NOTHING_FOLLOWS },
    [Q376_AFN_TASK] = { &q376_layouts_task, NOTHING_FOLLOWS },
    [Q376_AFN_CURRENT] = { &q376_layouts_current, NOTHING_FOLLOWS },
    [Q376_AFN_HISTORY] = { &q376_layouts_history, TIME_MARK_FOLLOWS },
    [Q376_AFN_EVENT] = { &q376_layouts_events, BYTES_FOLLOW },
    [Q376_AFN_FILE] = { &q376_layouts_file, BYTES_FOLLOW },
    [Q376_AFN_FORWARD] = { &q376_layouts_forward, BYTES_FOLLOW },
};

/* Of functions without a row, so that whoever is told of fields always has a layout. */
static const struct q376_layout unnamed = { .english = "unknown function", .chinese = "未知信息类" };

static const struct q376_layout *row_find(const struct q376_layouts *layouts, uint16_t number)
{
    size_t low = 0, high = layouts->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (layouts->rows[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < layouts->count && layouts->rows[low].number == number ? &layouts->rows[low] : NULL;
}

static const struct q376_layouts *layouts_of(uint8_t afn)
{
    return afn < sizeof afns / sizeof afns[0] ? afns[afn].layouts : NULL;
}

/* The answer to a query of parameters is what was set: rows of AFN 04. */
const struct q376_layout *q376_layout_find(uint8_t afn, uint16_t function)
{
    const struct q376_layouts *layouts = layouts_of(afn == Q376_AFN_QUERY ? Q376_AFN_SET : afn);
    return layouts == NULL ? NULL : row_find(layouts, function);
}

const struct q376_layout *q376_layout_record(uint8_t event)
{
    const struct q376_layout *row = row_find(&q376_layouts_records, event);
    return row != NULL ? row : row_find(&q376_layouts_records, 0);
}

static const struct q376_fields *mark_by_size(size_t left)
{
    switch (left) {
    case 2:
        return &q376_fields_month_mark;
    case 3:
        return &q376_fields_day_mark;
    case 7:
        return &q376_fields_curve_mark;
    default:
        return NULL;
    }
}

/* Of a function without a row. */
static const struct q376_fields *unknown_fields(uint8_t afn, bool is_uplink, size_t left)
{
    if (layouts_of(afn) == NULL || is_uplink)
        return NULL;
    switch (afns[afn].down) {
    case NOTHING_FOLLOWS:
        return &q376_fields_none;
    case TIME_MARK_FOLLOWS:
        return mark_by_size(left);
    case BYTES_FOLLOW:
        break;
    }
    return NULL;
}

const struct q376_fields *q376_layout_fields(uint8_t afn, bool is_uplink, uint16_t function, size_t left,
                                             const struct q376_layout **layout)
{
    const struct q376_layout *row = q376_layout_find(afn, function), *query;
    const struct q376_fields *fields;

    *layout = row != NULL ? row : &unnamed;
    if (afn == Q376_AFN_QUERY && !is_uplink) {
        query = row_find(&q376_layouts_query, function);
        return query != NULL ? query->down : &q376_fields_none;
    }
    if (row == NULL)
        return unknown_fields(afn, is_uplink, left);
    if (afn == Q376_AFN_QUERY)
        return row->down;
    fields = is_uplink ? row->up : row->down;
    return fields != NULL ? fields : unknown_fields(afn, is_uplink, left);
}
