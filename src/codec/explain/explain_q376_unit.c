/* Rows for the data units of Q/GDW 376.1: what the tables of codec/q376 say a unit holds, in the tables' own words. */
#include "codec/codec_error.h"
#include "codec/explain/explain_q376.h"
#include "codec/q376/q376_data.h"

#define CLAUSE_LIMIT 40

struct telling {
    struct explain_place place; /* of the unit's row */
    const struct q376_frame *frame;
    const struct q376_layout *layout; /* of the function whose data are told */
    bool is_set;                      /* the unit is about several points or functions */
    char clause[CLAUSE_LIMIT];
};

/* Where values stand: below the unit and its data, and below the row of the function when there are several. */
static struct explain_place value_place(const struct telling *telling, unsigned depth)
{
    struct explain_place place = telling->place;
    place.depth += 2 + telling->is_set + depth;
    return place;
}

static const char *word_of(const struct telling *telling, const struct q376_field *field, int64_t value)
{
    for (const struct q376_word *word = field->words; word != NULL && word->english != NULL; word++)
        if (word->value == value)
            return explain_choose(telling->place.sink, word->english, word->chinese);
    return NULL;
}

static void row_put(const struct telling *telling, const struct explain_place *place, struct span bytes,
                    const struct explain_q376_label *label, const char *value, const char *meaning)
{
    struct explain_field row = explain_row(place, bytes, label->english, label->chinese, telling->clause);

    row.key = label->key;
    row.value = value;
    row.meaning = meaning;
    explain_put(place->sink, row, NULL, NULL);
}

static void id_put(const struct telling *telling, const struct explain_place *place, const uint8_t *bytes,
                   const char *meaning)
{
    static const struct explain_q376_label points = { "pn", "Points", "信息点" };
    static const struct explain_q376_label functions = { "fn", "Functions", "信息类" };
    struct q376_unit_id id = q376_unit_id_take(bytes);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    struct q376_set set = q376_functions_of(id);
    bool is_reserved = (id.da1 == 0) != (id.da2 == 0) && !q376_points_are_all(id);

    q376_points_write(id, &value);
    row_put(telling, place, span_of_bytes(bytes, 2), &points, writer_terminate(&value),
            is_reserved ? explain_choose(place->sink, "reserved coding", "备用编码") : NULL);
    value = writer_of_buffer(text, sizeof text);
    q376_set_write(&set, &value);
    row_put(telling, place, span_of_bytes(bytes + 2, 2), &functions, writer_terminate(&value), meaning);
}

static void clause_write(struct telling *telling, unsigned function)
{
    struct writer clause = writer_of_buffer(telling->clause, sizeof telling->clause);
    writer_format(&clause, "Q/GDW 376.1 AFN %02XH F%u", telling->frame->afn, function);
    (void)writer_terminate(&clause);
}

static const char *function_word(const struct telling *telling, unsigned function)
{
    const struct q376_layout *layout = q376_layout_find(telling->frame->afn, (uint16_t)function);
    return layout == NULL ? NULL : explain_choose(telling->place.sink, layout->english, layout->chinese);
}

static int unit_tell(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    static const struct explain_q376_label unit = { "data_unit", "Data unit", "数据单元" };
    static const struct explain_q376_label raw = { "data_raw", "Data", "数据" };
    struct telling *telling = context;
    struct explain_place deeper = explain_deeper(&telling->place);
    struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    telling->is_set = points.count * functions.count > 1;
    clause_write(telling, (unsigned)functions.members[0]);
    writer_text(&value, "p");
    q376_points_write(id, &value);
    writer_text(&value, " F");
    q376_set_write(&functions, &value);
    row_put(telling, &telling->place, bytes, &unit, writer_terminate(&value), NULL);
    id_put(telling, &deeper, bytes.bytes,
           functions.count == 1 ? function_word(telling, (unsigned)functions.members[0]) : NULL);
    if (data.size > 0) {
        explain_q376_hex_write(data, text);
        row_put(telling, &deeper, data, &raw, text, NULL);
    }
    return 0;
}

static int function_tell(void *context, int point, unsigned function, const struct q376_layout *layout,
                         struct span data)
{
    static const struct explain_q376_label label = { "fn", "Function", "信息类" };
    struct telling *telling = context;
    char text[16], name[32];

    telling->layout = layout;
    clause_write(telling, function);
    if (!telling->is_set || data.size == 0)
        return 0;
    struct explain_place place = value_place(telling, 0);
    struct writer value = writer_of_buffer(text, sizeof text), words = writer_of_buffer(name, sizeof name);
    place.depth--;
    writer_format(&value, "%u", function);
    writer_format(&words, "p%d", point);
    (void)writer_terminate(&words);
    row_put(telling, &place, data, &label, writer_terminate(&value), name);
    return 0;
}

static int group_tell(void *context, const struct q376_field *field, struct span bytes, unsigned depth)
{
    const struct telling *telling = context;
    const struct explain_q376_label label = { field->key, field->english, field->chinese };
    struct explain_place place = value_place(telling, depth);
    char text[EXPLAIN_TEXT_LIMIT];

    explain_q376_hex_write(bytes, text);
    row_put(telling, &place, bytes, &label, text, NULL);
    return 0;
}

/* "2014-10-15 10:20:00": a blank where ISO 8601 has a T. */
static void value_write(const struct telling *telling, const struct q376_field *field, const struct item *item,
                        struct writer *out)
{
    const char *word = field->is_word ? word_of(telling, field, item->value) : NULL;

    if (word != NULL) {
        writer_text(out, word);
        return;
    }
    item_value_write(item, out);
    for (size_t i = 0; item->kind == ITEM_KIND_TIME && i < out->size; i++)
        if (out->bytes[i] == 'T')
            out->bytes[i] = ' ';
    if (out->size > 0 && item->unit != ITEM_UNIT_NONE && item->quantity != ITEM_PARAMETER) {
        writer_text(out, " ");
        writer_text(out, explain_unit(telling->place.sink, (enum item_unit)item->unit));
    }
}

static void meaning_write(const struct telling *telling, const struct q376_field *field, const struct item *item,
                          struct writer *out)
{
    const char *word = field->is_word ? NULL : word_of(telling, field, item->value);

    if (item->quality != ITEM_GOOD)
        writer_text(
            out, item_quality_text((enum item_quality)item->quality, telling->place.sink->language == EXPLAIN_CHINESE));
    else if (word != NULL)
        writer_text(out, word);
    else if (item->unit != ITEM_UNIT_NONE && item->quantity == ITEM_PARAMETER)
        writer_text(out, explain_unit(telling->place.sink, (enum item_unit)item->unit));
}

/* The two parts of data format 01. */
static void weekday_put(const struct telling *telling, const struct explain_place *place, const struct item *item,
                        const char *time)
{
    static const struct explain_q376_label date = { "datetime", "Date and time", "日期时间" };
    static const struct explain_q376_label weekday = { "weekday", "Day of the week", "星期" };
    struct explain_place deeper = explain_deeper(place);
    char text[8];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%u", (unsigned)item->value & 7u);
    row_put(telling, &deeper, item->bytes, &date, time, NULL);
    row_put(telling, &deeper, span_of_bytes(item->bytes.bytes + 4, 1), &weekday, writer_terminate(&value), NULL);
}

static void named_put(const struct telling *telling, const struct explain_place *place, const struct q376_field *field,
                      const struct item *item)
{
    const struct explain_q376_label label = { field->key, field->english, field->chinese };
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer meaning = writer_of_buffer(texts[1], sizeof texts[1]);

    if (item->kind == ITEM_KIND_BYTES)
        explain_q376_hex_write(item->bytes, texts[0]);
    else {
        value_write(telling, field, item, &value);
        (void)writer_terminate(&value);
    }
    meaning_write(telling, field, item, &meaning);
    row_put(telling, place, item->bytes, &label, texts[0], writer_terminate(&meaning));
    if (field->format == Q376_FORMAT_01 && item->quality == ITEM_GOOD)
        weekday_put(telling, place, item, texts[0]);
    if (place->sink->item != NULL && item->quantity != ITEM_PARAMETER)
        place->sink->item(place->sink->context, item, writer_terminate(&meaning));
}

/* Rows of values that repeat are found by what repeats; their quantity is with the items. */
struct renamed {
    const struct explain_sink *sink;
    const char *key;
};

static void renamed_put(void *context, const struct explain_field *field)
{
    const struct renamed *renamed = context;
    struct explain_field row = *field;

    row.key = renamed->key;
    renamed->sink->field(renamed->sink->context, &row);
}

static const char *repeated_key(const struct q376_field *field, const struct item *item)
{
    if (field->kind != Q376_KIND_OWN)
        return NULL;
    if (field->repeat == Q376_COUNTER_TARIFFS)
        return item->tariff == 0 ? "total" : "by_tariff";
    return field->repeat == Q376_COUNTER_POINTS ? "values" : NULL;
}

static void measured_put(const struct telling *telling, const struct explain_place *place,
                         const struct q376_field *field, const struct item *item)
{
    struct renamed renamed = { place->sink, repeated_key(field, item) };
    struct explain_sink sink = *place->sink;

    if (renamed.key != NULL) {
        sink.field = renamed_put;
        sink.item = NULL;
        sink.context = &renamed;
    }
    explain_item(&sink, place->frame, item->bytes, place->depth, item, word_of(telling, field, item->value),
                 telling->clause);
    const char *word = word_of(telling, field, item->value);
    if (renamed.key != NULL && place->sink->item != NULL)
        place->sink->item(place->sink->context, item, word != NULL ? word : "");
}

static int value_tell(void *context, const struct q376_field *field, const struct item *item, unsigned depth)
{
    struct telling *telling = context;
    struct explain_place place = value_place(telling, depth);

    if (field->key == NULL) {
        measured_put(telling, &place, field, item);
        return 0;
    }
    named_put(telling, &place, field, item);
    struct explain_place deeper = explain_deeper(&place);
    if (field->kind == Q376_KIND_UNIT)
        id_put(telling, &deeper, item->bytes.bytes, NULL);
    if (field->kind == Q376_KIND_FRAME)
        explain_q376_inner(&deeper, item->bytes);
    return 0;
}

/* The row of the bytes themselves has been told with the unit. */
static int raw_tell(void *context, const struct item *item)
{
    const struct telling *telling = context;
    const struct explain_sink *sink = telling->place.sink;

    if (telling->is_set) {
        static const struct explain_q376_label rest = { "data_rest", "Not decoded", "未解码部分" };
        struct explain_place place = value_place(telling, 0);
        char text[EXPLAIN_TEXT_LIMIT];
        explain_q376_hex_write(item->bytes, text);
        row_put(telling, &place, item->bytes, &rest, text, NULL);
    }
    if (sink->item != NULL)
        sink->item(sink->context, item, "");
    return 0;
}

static int tail_tell(void *context, struct span bytes)
{
    static const struct explain_q376_label tail = { "undecoded_tail", "Not decoded", "未解码部分" };
    const struct telling *telling = context;

    explain_q376_hex_put(&telling->place, bytes, &tail);
    return 0;
}

void explain_q376_units(const struct explain_place *place, const struct q376_frame *frame)
{
    struct telling telling = { *place, frame, NULL, false, "" };
    const struct q376_visitor visitor = { &telling,   unit_tell, function_tell, group_tell,
                                          value_tell, raw_tell,  tail_tell };
    (void)q376_data_walk(frame, &visitor); /* no function above refuses */
}

/* Rows and items of a frame inside a frame go out at their place in the whole. */
struct inner {
    const struct explain_sink *sink;
    size_t offset;
    unsigned depth;
};

static void inner_field_put(void *context, const struct explain_field *field)
{
    const struct inner *inner = context;
    struct explain_field moved = *field;

    moved.offset += inner->offset;
    moved.depth += inner->depth;
    moved.is_address = false; /* the address of the whole frame is the terminal's */
    inner->sink->field(inner->sink->context, &moved);
}

static void inner_item_put(void *context, const struct item *item, const char *meaning)
{
    const struct inner *inner = context;
    inner->sink->item(inner->sink->context, item, meaning);
}

/* The protocol that is sure of a frame, this one excepted: a frame inside a frame inside a frame is not opened. */
static const struct explain_protocol *inner_protocol(struct span frame)
{
    const struct explain_protocol *best = NULL;
    enum explain_belief belief = EXPLAIN_LIKELY;

    for (size_t i = 0; explain_protocol_at(i) != NULL; i++) {
        const struct explain_protocol *protocol = explain_protocol_at(i);
        if (protocol->explain == explain_q376)
            continue;
        enum explain_belief next = protocol->recognise(frame);
        if (next > belief) {
            belief = next;
            best = protocol;
        }
    }
    return best;
}

void explain_q376_inner(const struct explain_place *place, struct span frame)
{
    static const struct explain_q376_label label = { "inner_protocol", "Inner protocol", "内层规约" };
    const struct explain_protocol *protocol = frame.size == 0 ? NULL : inner_protocol(frame);
    struct inner inner = { place->sink, (size_t)(frame.bytes - place->frame.bytes), place->depth };
    struct explain_sink sink = *place->sink;
    size_t error_offset = 0;

    if (protocol == NULL)
        return;
    explain_q376_text_put(place, frame, &label, protocol->name,
                          explain_choose(place->sink, protocol->english, protocol->chinese));
    sink.field = inner_field_put;
    sink.item = place->sink->item == NULL ? NULL : inner_item_put;
    sink.context = &inner;
    (void)protocol->explain(&sink, frame, &error_offset); /* the frame around it stands, whatever is inside */
}
