#include "codec/q376/q376_data.h"

#include <limits.h>

#include "base/calendar.h"
#include "base/reader.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_name.h"
#include "codec/q376/q376_repeat.h"

/* Where a walk through the fields of one function stands. */
struct walk {
    const struct q376_visitor *visitor; /* NULL: only the size is wanted */
    const struct q376_layout *layout;
    struct reader reader;
    uint32_t identifier;
    uint32_t point;
    unsigned counters[Q376_COUNTER_COUNT];
    uint16_t tariff;
    unsigned curve_point;
    struct item_time latched;
    unsigned depth;
};

static int fields_walk(struct walk *walk, const struct q376_field *rows, size_t count);

/* The time of a point of a curve: `minutes` after its start. */
static struct item_time time_after(struct item_time start, unsigned minutes)
{
    struct calendar_date date = { start.year, start.month, start.day };
    int64_t day;

    if (minutes == 0 || start.parts != ITEM_TIME_MINUTE || calendar_day_of_date(date, &day) < 0)
        return start;
    int64_t total = start.hour * 60 + start.minute + (int64_t)minutes;
    date = calendar_date_of_day(day + total / 1440);
    start.year = (uint16_t)date.year;
    start.month = (uint8_t)date.month;
    start.day = (uint8_t)date.day_of_month;
    start.hour = (uint8_t)(total % 1440 / 60);
    start.minute = (uint8_t)(total % 60);
    return start;
}

static struct item item_begin(const struct walk *walk, const struct q376_field *field)
{
    static const struct item empty;
    struct item item = empty;
    bool is_own = field->kind == Q376_KIND_OWN;

    item.quantity = is_own ? walk->layout->quantity : field->quantity;
    item.unit = is_own ? walk->layout->unit : field->unit;
    item.phase = is_own ? walk->layout->phase : field->phase;
    item.function = field->function;
    item.tariff = walk->tariff;
    item.storage = walk->layout->storage;
    item.subunit = walk->point;
    item.identifier = walk->identifier;
    return item;
}

static int item_end(struct walk *walk, const struct q376_field *field, struct item *item)
{
    if (item->kind == ITEM_KIND_NUMBER)
        item->exponent = (int8_t)(item->exponent + field->exponent);
    if (field->counter != Q376_COUNTER_NONE)
        walk->counters[field->counter] = (unsigned)item->value;
    if (field->is_latch)
        walk->latched = item->time;
    else if (item->kind == ITEM_KIND_NUMBER && field->quantity != ITEM_PARAMETER)
        item->time = time_after(walk->latched, walk->curve_point *
                                                   q376_density_minutes((uint8_t)walk->counters[Q376_COUNTER_DENSITY]));
    if (walk->visitor == NULL || walk->visitor->value == NULL)
        return 0;
    return walk->visitor->value(walk->visitor->context, field, item, walk->depth);
}

static enum q376_format format_of(const struct walk *walk, const struct q376_field *field)
{
    return (enum q376_format)(field->kind == Q376_KIND_OWN ? walk->layout->format : field->format);
}

static size_t size_of(const struct walk *walk, const struct q376_field *field)
{
    if (field->repeat == Q376_COUNTER_LENGTH)
        return walk->counters[Q376_COUNTER_LENGTH];
    size_t size = q376_format_size(format_of(walk, field));
    return size != 0 ? size : field->size;
}

/* Nobody hears of the value, and nothing depends on it: only its size matters. */
static bool is_skipped(const struct walk *walk, const struct q376_field *field)
{
    return walk->visitor == NULL && field->counter == Q376_COUNTER_NONE;
}

static int value_walk(struct walk *walk, const struct q376_field *field)
{
    struct span bytes;

    if (reader_take_span(&walk->reader, size_of(walk, field), &bytes) < 0)
        return CODEC_ERR_SHORT;
    if (is_skipped(walk, field))
        return 0;
    struct item item = item_begin(walk, field);
    q376_format_read(format_of(walk, field), bytes, &item);
    return item_end(walk, field, &item);
}

static int bits_walk(struct walk *walk, const struct q376_field *field)
{
    size_t start = walk->reader.offset;
    struct span bytes;

    if (reader_take_span(&walk->reader, field->size, &bytes) < 0)
        return CODEC_ERR_SHORT;
    struct item item = item_begin(walk, field);
    q376_format_read(Q376_FORMAT_NUMBER, bytes, &item);
    unsigned bits = (unsigned)(item.value >> field->shift) & ((1u << field->width) - 1u);
    item.value = field->numbers != NULL ? field->numbers[bits] : bits + field->add;
    if (field->stays)
        walk->reader.offset = start;
    return item_end(walk, field, &item);
}

/* Size of one repetition of a group, found by a walk that nobody hears of. */
static int group_measure(const struct walk *walk, const struct q376_field *rows, size_t count, struct span *bytes)
{
    struct walk silent = *walk;
    size_t start = walk->reader.offset;

    silent.visitor = NULL;
    int result = fields_walk(&silent, rows, count);
    *bytes = span_of_bytes(walk->reader.in.bytes + start, silent.reader.offset - start);
    return result;
}

static int group_tell(const struct walk *walk, const struct q376_field *field, struct span bytes)
{
    if (walk->visitor == NULL || walk->visitor->group == NULL)
        return 0;
    return walk->visitor->group(walk->visitor->context, field, bytes, walk->depth);
}

static int group_walk(struct walk *walk, const struct q376_field *field)
{
    struct span bytes;

    if (walk->visitor != NULL && walk->visitor->group != NULL) {
        int result = group_measure(walk, field + 1, field->size, &bytes);
        if (result == 0)
            result = group_tell(walk, field, bytes);
        if (result < 0)
            return result;
    }
    walk->depth++;
    int result = fields_walk(walk, field + 1, field->size);
    walk->depth--;
    return result;
}

static const struct q376_field record_rest = { .key = "rest",
                                               .english = "Rest of the record",
                                               .chinese = "记录其余部分",
                                               .format = Q376_FORMAT_BYTES,
                                               .quantity = ITEM_PARAMETER };

static int record_rest_walk(struct walk *walk)
{
    struct item item = item_begin(walk, &record_rest);
    size_t left = reader_remaining(&walk->reader);

    item.kind = ITEM_KIND_BYTES;
    if (left == 0)
        return 0;
    (void)!reader_take_span(&walk->reader, left, &item.bytes);
    return item_end(walk, &record_rest, &item);
}

/* One record: ERC and Le are the first two rows of its layout, the others as far as Le bytes go. */
static int record_walk(struct walk *walk, const struct q376_field *field)
{
    struct walk inner = *walk;
    size_t left = reader_remaining(&walk->reader), start = walk->reader.offset;
    const uint8_t *at = walk->reader.in.bytes + start;

    if (left < 2 || left - 2 < at[1])
        return CODEC_ERR_SHORT;
    struct span bytes = span_of_bytes(at, 2u + at[1]);
    int result = group_tell(walk, field, bytes);
    if (result < 0)
        return result;
    const struct q376_fields *fields = q376_layout_record(at[0])->up;
    inner.reader = reader_of_span(bytes);
    inner.depth++;
    result = fields_walk(&inner, fields->rows, fields->count);
    if (result == 0 || result == CODEC_ERR_SHORT)
        result = record_rest_walk(&inner);
    walk->reader.offset = start + bytes.size;
    return result;
}

static int field_walk_once(struct walk *walk, const struct q376_field *field)
{
    switch ((enum q376_kind)field->kind) {
    case Q376_KIND_BITS:
        return bits_walk(walk, field);
    case Q376_KIND_GROUP:
        return group_walk(walk, field);
    case Q376_KIND_EVENTS:
        return record_walk(walk, field);
    case Q376_KIND_VALUE:
    case Q376_KIND_OWN:
    case Q376_KIND_UNIT:
    case Q376_KIND_FRAME:
        break;
    }
    return value_walk(walk, field);
}

unsigned q376_repetitions(const unsigned *counters, const struct q376_field *field)
{
    switch ((enum q376_counter)field->repeat) {
    case Q376_COUNTER_NONE:
    case Q376_COUNTER_LENGTH:
        return 1;
    case Q376_COUNTER_TARIFFS:
        return counters[Q376_COUNTER_TARIFFS] + 1;
    case Q376_COUNTER_TO: /* a ring of 256 */
        return (counters[Q376_COUNTER_TO] - counters[Q376_COUNTER_FROM]) & 0xFF;
    case Q376_COUNTER_UNTIL_END:
        return UINT_MAX;
    default:
        return counters[field->repeat];
    }
}

static int field_walk(struct walk *walk, const struct q376_field *field)
{
    unsigned count = q376_repetitions(walk->counters, field);
    uint16_t tariff = walk->tariff;
    int result = 0;

    for (unsigned i = 0; i < count && result == 0; i++) {
        if (count == UINT_MAX && reader_remaining(&walk->reader) == 0)
            break;
        if (field->repeat == Q376_COUNTER_TARIFFS)
            walk->tariff = (uint16_t)i;
        if (field->repeat == Q376_COUNTER_POINTS)
            walk->curve_point = i;
        result = field_walk_once(walk, field);
    }
    walk->tariff = tariff;
    walk->curve_point = 0;
    return result;
}

/* Rows of a group are walked with their head and skipped behind it. */
static int fields_walk(struct walk *walk, const struct q376_field *rows, size_t count)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        result = field_walk(walk, &rows[i]);
        if (rows[i].kind == Q376_KIND_GROUP)
            i += rows[i].size;
    }
    return result;
}

static int raw_tell(const struct walk *walk, struct span bytes)
{
    static const struct item empty;
    struct item item = empty;

    item.kind = ITEM_KIND_BYTES;
    item.quality = bytes.size == 0 ? ITEM_MISSING : ITEM_GOOD; /* data that should be there and are not */
    item.bytes = bytes;
    item.identifier = walk->identifier;
    item.subunit = walk->point;
    return walk->visitor->raw == NULL ? 0 : walk->visitor->raw(walk->visitor->context, &item);
}

static int function_tell(const struct q376_visitor *visitor, int point, unsigned function,
                         const struct q376_layout *layout, struct span data)
{
    return visitor->function == NULL ? 0 : visitor->function(visitor->context, point, function, layout, data);
}

/* Data of one point and one function at the front of `rest`.
 * visitor  NULL: only the size is wanted
 * known    whether they have a row and fit it; else they are all the rest
 * returns  0 and the size; what the visitor answered */
static int function_walk(const struct q376_frame *frame, const struct q376_visitor *visitor, int point,
                         unsigned function, struct span rest, size_t *size, bool *known)
{
    static const struct walk start;
    struct walk walk = start, silent;
    const struct q376_layout *layout = NULL;
    const struct q376_fields *fields =
        q376_layout_fields(frame->afn, q376_frame_is_uplink(frame), (uint16_t)function, rest.size, &layout);

    walk.visitor = visitor;
    walk.layout = layout;
    walk.reader = reader_of_span(rest);
    walk.identifier = (uint32_t)frame->afn << 16 | function;
    walk.point = point < 0 ? 0 : (uint32_t)point;
    silent = walk;
    silent.visitor = NULL;
    *known = fields != NULL && fields_walk(&silent, fields->rows, fields->count) == 0;
    *size = *known ? silent.reader.offset : rest.size;
    if (visitor == NULL)
        return 0;
    struct span data = span_of_bytes(rest.bytes, *size);
    int result = function_tell(visitor, point, function, layout, data);
    if (result < 0)
        return result;
    if (*known)
        return fields_walk(&walk, fields->rows, fields->count);
    return *size > 0 || fields != NULL ? raw_tell(&walk, data) : 0;
}

/* Data of a unit: for each point ascending, each function ascending.
 * returns  0 and the size; what the visitor answered. `known` as above */
static int unit_data_walk(const struct q376_frame *frame, const struct q376_visitor *visitor, struct q376_unit_id id,
                          struct span rest, size_t *size, bool *known)
{
    struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);
    size_t count = points.count == 0 ? 1 : points.count; /* all points: only requests have them, without data */

    *size = 0;
    *known = true;
    for (size_t p = 0; p < count && *known; p++)
        for (size_t f = 0; f < functions.count && *known; f++) {
            struct span left = span_of_bytes(rest.bytes + *size, rest.size - *size);
            size_t used = 0;
            int result =
                function_walk(frame, visitor, points.members[p], (unsigned)functions.members[f], left, &used, known);
            if (result < 0)
                return result;
            *size += used;
        }
    return 0;
}

static int unit_walk(const struct q376_frame *frame, const struct q376_visitor *visitor, struct span rest, size_t *size)
{
    struct q376_unit_id id = q376_unit_id_take(rest.bytes);
    struct span after = span_of_bytes(rest.bytes + Q376_UNIT_ID_SIZE, rest.size - Q376_UNIT_ID_SIZE);
    bool known;
    int result = 0;

    if (visitor->unit != NULL) {
        (void)unit_data_walk(frame, NULL, id, after, size, &known); /* nobody is told, nobody refuses */
        result = visitor->unit(visitor->context, id, span_of_bytes(rest.bytes, *size + Q376_UNIT_ID_SIZE),
                               span_of_bytes(after.bytes, *size));
    }
    if (result == 0)
        result = unit_data_walk(frame, visitor, id, after, size, &known);
    *size += Q376_UNIT_ID_SIZE;
    return result;
}

int q376_data_walk(const struct q376_frame *frame, const struct q376_visitor *visitor)
{
    struct span rest = frame->units;

    while (rest.size >= Q376_UNIT_ID_SIZE && q376_functions_of(q376_unit_id_take(rest.bytes)).count > 0) {
        size_t size = 0;
        int result = unit_walk(frame, visitor, rest, &size);
        if (result < 0)
            return result;
        rest = span_of_bytes(rest.bytes + size, rest.size - size);
    }
    return rest.size == 0 || visitor->tail == NULL ? 0 : visitor->tail(visitor->context, rest);
}

static int item_keep(struct item_list *list, const struct item *item)
{
    struct item *place = item_list_add(list);

    if (place == NULL)
        return CODEC_ERR_FULL;
    *place = *item;
    return 0;
}

static int value_keep(void *context, const struct q376_field *field, const struct item *item, unsigned depth)
{
    (void)field;
    (void)depth;
    return item_keep(context, item);
}

static int raw_keep(void *context, const struct item *item)
{
    return item_keep(context, item);
}

int q376_items_decode(const struct q376_frame *frame, struct item_list *list)
{
    const struct q376_visitor visitor = { .context = list, .value = value_keep, .raw = raw_keep };
    return q376_data_walk(frame, &visitor);
}

static int raw_refuse(void *context, const struct item *item)
{
    (void)context;
    (void)item;
    return CODEC_ERR_UNKNOWN;
}

static int tail_refuse(void *context, struct span bytes)
{
    (void)context;
    (void)bytes;
    return CODEC_ERR_TRAILING;
}

bool q376_data_fits(const struct q376_frame *frame)
{
    const struct q376_visitor visitor = { .raw = raw_refuse, .tail = tail_refuse };
    return q376_data_walk(frame, &visitor) == 0;
}
