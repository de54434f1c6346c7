/* A model's points: which identifiers a request must ask for, and which point an item belongs to. */
#include "base/calendar.h"
#include "dialog/device_codec_internal.h"

/* Does the request want this point? */
static bool point_is_wanted(const struct device_profile *profile, const struct device_request *request, size_t index)
{
    const struct device_point *point = &profile->points[index];

    switch (request->command) {
    case DEVICE_COMMAND_READ:
        return request->point == DEVICE_POINT_ALL || request->point == index;
    case DEVICE_COMMAND_READ_NOW:
        return point->period == UPLINK_CURRENT;
    case DEVICE_COMMAND_READ_DAILY_FREEZE:
        return point->period == UPLINK_DAILY_FREEZE;
    case DEVICE_COMMAND_READ_MONTHLY_FREEZE:
        return point->period == UPLINK_MONTHLY_FREEZE;
    case DEVICE_COMMAND_READ_INSTANT_FREEZE:
        return point->period == DEVICE_PERIOD_INSTANT_FREEZE;
    case DEVICE_COMMAND_READ_LOAD_RECORD:
        return point->period == DEVICE_PERIOD_LOAD_RECORD;
    default:
        return false;
    }
}

/* One answer holds all points of an identifier, so it is asked for once. */
static bool identifier_was_asked(const struct device_encoding *encoding, size_t index)
{
    const struct device_point *points = encoding->profile->points;

    for (size_t i = 0; i < index; i++)
        if (point_is_wanted(encoding->profile, encoding->request, i) &&
            points[i].identifier == points[index].identifier &&
            points[i].identifier_digits == points[index].identifier_digits)
            return true;
    return false;
}

int device_points_ask(struct device_encoding *encoding,
                      int (*ask)(struct device_encoding *encoding, const struct device_point *point))
{
    int result = DEVICE_CODEC_ERR_POINT;

    for (size_t i = 0; i < encoding->profile->point_count; i++) {
        if (!point_is_wanted(encoding->profile, encoding->request, i) || identifier_was_asked(encoding, i))
            continue;
        result = ask(encoding, &encoding->profile->points[i]);
        if (result != 0)
            return result;
    }
    return result;
}

/* How many freezes back the item is for this point: 0 for a value of now that fits, -1 for another value. */
static int back_find(const struct device_decoding *decoding, const struct device_point *point, const struct item *item)
{
    const struct device_codec *codec = device_codec_of(decoding->profile);

    if (codec->info.identifier_digits == 0)
        return item->storage == point->storage ? (point->period == UPLINK_CURRENT ? 0 : 1) : -1;
    if (point->period == UPLINK_CURRENT)
        return (item->identifier == point->identifier || decoding->identifier == point->identifier) &&
                       item->storage == point->storage
                   ? 0
                   : -1;
    unsigned back = codec->back_of(point->identifier, decoding->identifier);
    return back > 0 ? (int)back : -1;
}

static bool point_fits(const struct device_point *point, const struct item *item)
{
    if (point->has_bit)
        return item->kind == ITEM_KIND_FLAGS && item->identifier == point->identifier;
    return item->quantity == point->quantity && item->tariff == point->tariff && item->phase == point->phase &&
           item->function == point->function && item->modifier == ITEM_MODIFIER_NONE &&
           (item->subunit == point->subunit);
}

/* When the n-th settlement before the reception was: the model says on which day and hour of the month. */
static int64_t settlement_time(const struct device_decoding *decoding, int back)
{
    const struct device_profile_calendar *calendar = &decoding->profile->calendar;
    int32_t zone = decoding->context->zone_offset_s;

    if (calendar->settlement_day == 0)
        return 0;
    int64_t month = calendar_month_start(calendar_local_day(decoding->context->received_s, zone));
    int64_t within = (calendar->settlement_day - 1) * (int64_t)CALENDAR_DAY_S + calendar->settlement_hour * 3600;
    if (calendar_midnight(month, zone) + within > decoding->context->received_s)
        back++;
    return calendar_midnight(calendar_month_start_after(month, 1 - back), zone) + within;
}

/* When the value was true, if the item does not say: EN 13757-3 dates stored values itself (mbus_items_stamp). */
static int64_t value_time(const struct device_decoding *decoding, const struct device_point *point, int back)
{
    if (point->period == UPLINK_CURRENT)
        return decoding->context->received_s;
    if (decoding->latched_s != 0)
        return decoding->latched_s;
    return point->period == UPLINK_MONTHLY_FREEZE ? settlement_time(decoding, back) : 0;
}

/* A bit of a word becomes an item of the point's quantity. */
static struct item point_item(const struct device_point *point, const struct item *item)
{
    struct item made = *item;

    if (point->has_bit) {
        made.kind = ITEM_KIND_NUMBER;
        made.quantity = point->quantity;
        made.unit = ITEM_UNIT_NONE;
        made.exponent = 0;
        made.value = (int64_t)((uint64_t)item->value >> point->bit & 1);
    }
    /* DL/T 645 sends when a maximum was reached; a latched value counts at the time it was latched. */
    if (point->period != UPLINK_CURRENT && point->period != DEVICE_PERIOD_LOAD_RECORD && made.kind == ITEM_KIND_NUMBER && point->identifier_digits > 0)
        made.time.parts = ITEM_TIME_NONE;
    return made;
}

/* Room for one more reading: the next uplink of the frame begins when one is full. */
static struct uplink_item *reading_add(struct device_decoding *decoding)
{
    size_t index = decoding->reading_count / UPLINK_ITEM_LIMIT;
    struct uplink *uplink = &decoding->uplinks[index];

    if (index == DEVICE_UPLINK_LIMIT)
        return NULL;
    if (index == decoding->report->uplink_count) {
        uplink->kind = UPLINK_REPORT;
        uplink->received_s = decoding->context->received_s;
        decoding->report->uplink_count++;
    }
    decoding->reading_count++;
    return &uplink->items[uplink->item_count++];
}

int device_reading_put(struct device_decoding *decoding, const struct uplink_item *reading)
{
    struct uplink_item *place = reading_add(decoding);

    if (place == NULL)
        return ITEM_UPLINK_ERR_FULL;
    *place = *reading;
    return 0;
}

static int alarm_take(struct device_decoding *decoding, const struct device_point *point, const struct item *item)
{
    if (item->quality == ITEM_MISSING)
        return ITEM_UPLINK_ERR_MISSING;
    if (item->quality == ITEM_INVALID)
        return ITEM_UPLINK_ERR_INVALID;
    decoding->alarm_points++;
    if (item->value != 0)
        decoding->alarm_bits |= UINT32_C(1) << (point->alarm - 1);
    return 0;
}

static int point_take(struct device_decoding *decoding, const struct device_point *point, const struct item *item,
                      int back)
{
    struct item made = point_item(point, item);
    struct uplink_item reading;
    struct item_uplink_context context = { .kind = decoding->profile->kind,
                                           .period = point->period,
                                           .zone_offset_s = decoding->context->zone_offset_s,
                                           .time_s = value_time(decoding, point, back) };

    if (point->alarm > 0)
        return alarm_take(decoding, point, &made);
    int result = item_uplink_convert(&made, &context, &reading);
    if (result != 0)
        return result;
    if (point->period == DEVICE_PERIOD_INSTANT_FREEZE || point->period == DEVICE_PERIOD_LOAD_RECORD)
        reading.period = UPLINK_CURRENT;
    return device_reading_put(decoding, &reading);
}

static void refusal_count(struct device_report *report, int refusal)
{
    report->refusals[-refusal]++;
    if (refusal != ITEM_UPLINK_ERR_NO_POINT)
        report->refused_count++;
}

/* Every item goes to the first point that it fits and that has no reading yet (some meters say a value in two units). A
 * word of bits goes to all points that are bits of it. An item that fits none is counted. */
static void item_take(struct device_decoding *decoding, const struct item *item)
{
    const struct device_profile *profile = decoding->profile;
    bool is_wanted = false;

    for (size_t i = 0; i < profile->point_count; i++) {
        const struct device_point *point = &profile->points[i];
        int back = !decoding->is_taken[i] && point_fits(point, item) ? back_find(decoding, point, item) : -1;
        if (back < 0)
            continue;
        int refusal = point_take(decoding, point, item, back);
        is_wanted = true;
        /* A load record holds the value at many instants. */
        decoding->is_taken[i] = refusal == 0 && point->period != DEVICE_PERIOD_LOAD_RECORD;
        if (refusal != 0)
            refusal_count(decoding->report, refusal);
        if (!point->has_bit)
            return;
    }
    if (!is_wanted)
        refusal_count(decoding->report, ITEM_UPLINK_ERR_NO_POINT);
}

/* The alarms are one value that replaces the last one: it is told only when all of the model's were there, so that no
 * alarm ends because a frame did not speak of it. */
static void alarms_put(struct device_decoding *decoding)
{
    unsigned wanted = 0;

    for (size_t i = 0; i < decoding->profile->point_count; i++)
        wanted += decoding->profile->points[i].alarm > 0;
    if (wanted == 0 || decoding->alarm_points != wanted)
        return;
    struct uplink_item *place = reading_add(decoding);
    if (place != NULL)
        *place = (struct uplink_item){ .quantity = QUANTITY_ALARM_BITS,
                                       .value = decoding->alarm_bits,
                                       .time_s = decoding->context->received_s };
}

void device_points_take(struct device_decoding *decoding)
{
    decoding->report->item_count = (uint16_t)decoding->items.count;
    for (size_t i = 0; i < decoding->items.count; i++)
        item_take(decoding, &decoding->items.items[i]);
    alarms_put(decoding);
}
