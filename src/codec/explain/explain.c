#include "codec/explain/explain.h"

#include "base/text.h"
#include "codec/explain/explain_internal.h"

const char *explain_choose(const struct explain_sink *sink, const char *english, const char *chinese)
{
    return sink->language == EXPLAIN_CHINESE ? chinese : english;
}

const char *explain_unit(const struct explain_sink *sink, enum item_unit unit)
{
    return explain_choose(sink, item_unit_text(unit), item_unit_chinese(unit));
}

/* Cut text stays valid UTF-8. */
static const char *text_of(struct writer *writer)
{
    if (writer == NULL)
        return "";
    if (writer->size == writer->capacity) {
        struct span text = writer_span(writer);
        writer->size = text_utf8_cut(text, writer->capacity - 1);
    }
    return writer_terminate(writer);
}

void explain_put(const struct explain_sink *sink, struct explain_field field, struct writer *value,
                 struct writer *meaning)
{
    if (value != NULL)
        field.value = text_of(value);
    else if (field.value == NULL)
        field.value = "";
    if (meaning != NULL)
        field.meaning = text_of(meaning);
    else if (field.meaning == NULL)
        field.meaning = "";
    if (field.clause == NULL)
        field.clause = "";
    sink->field(sink->context, &field);
}

/* Room that is left for text, "..." and the final zero kept back. */
static size_t room_of(const struct writer *out)
{
    size_t left = out->capacity - out->size;
    return left > 4 ? left - 4 : 0;
}

/* Where the item stands; the fallback when its bytes are no part of the frame. */
static struct span item_place(struct span frame, struct span fallback, struct span bytes)
{
    bool is_inside = bytes.bytes != NULL && bytes.bytes >= frame.bytes && bytes.bytes <= frame.bytes + frame.size &&
                     bytes.size <= (size_t)(frame.bytes + frame.size - bytes.bytes);
    return is_inside ? bytes : fallback;
}

static void item_words_write(const struct explain_sink *sink, const struct item *item, const char *meaning,
                             struct writer *out)
{
    bool is_chinese = sink->language == EXPLAIN_CHINESE;

    if (item->quality != ITEM_GOOD)
        writer_text(out, item_quality_text((enum item_quality)item->quality, is_chinese));
    if (item->kind != ITEM_KIND_TIME && item->time.parts != ITEM_TIME_NONE) {
        writer_text(out, out->size > 0 ? ", " : "");
        item_time_write(&item->time, out);
    }
    if (meaning != NULL && meaning[0] != '\0') {
        writer_text(out, out->size > 0 ? ", " : "");
        writer_text(out, meaning);
    }
}

/* The row of an item: key and name are the caller's. */
static void item_row_put(const struct explain_sink *sink, struct span frame, struct span place,
                         struct explain_field field, const struct item *item, const char *meaning)
{
    char texts[2][EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer words = writer_of_buffer(texts[1], sizeof texts[1]);

    field.offset = place.bytes == NULL ? 0 : (size_t)(place.bytes - frame.bytes);
    field.size = place.size;
    item_value_write(item, &value);
    if (item->kind == ITEM_KIND_BYTES && value.overflow) {
        value = writer_of_buffer(texts[0], sizeof texts[0]);
        explain_write_capital_hex(&value, item->bytes); /* says that it is cut */
    }
    if (value.size > 0 && item->unit != ITEM_UNIT_NONE) {
        writer_text(&value, " ");
        writer_text(&value, explain_unit(sink, (enum item_unit)item->unit));
    }
    item_words_write(sink, item, meaning, &words);
    explain_put(sink, field, &value, &words);
    if (sink->item != NULL)
        sink->item(sink->context, item, meaning != NULL ? meaning : "");
}

void explain_item(const struct explain_sink *sink, struct span frame, struct span fallback, unsigned depth,
                  const struct item *item, const char *meaning, const char *clause)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer name = writer_of_buffer(text, sizeof text);
    struct explain_field field = { 0 };

    field.depth = depth;
    field.key = item_quantity_info((enum item_quantity)item->quantity)->name;
    field.clause = clause;
    item_name_write(item, sink->language == EXPLAIN_CHINESE, &name);
    field.name = text_of(&name);
    item_row_put(sink, frame, item_place(frame, fallback, item->bytes), field, item, meaning);
}

void explain_item_as(const struct explain_sink *sink, struct span frame, struct span fallback, unsigned depth,
                     const struct item *item, const char *english, const char *chinese, const char *meaning,
                     const char *clause)
{
    struct explain_field field = { 0 };

    field.depth = depth;
    field.key = english;
    field.name = explain_choose(sink, english, chinese);
    field.clause = clause;
    item_row_put(sink, frame, item_place(frame, fallback, item->bytes), field, item, meaning);
}

static void hex_write(struct writer *out, struct span bytes, const char digits[16])
{
    size_t shown = bytes.size * 2 <= room_of(out) ? bytes.size : room_of(out) / 2;

    for (size_t i = 0; i < shown; i++) {
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] >> 4]);
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] & 15]);
    }
    if (shown < bytes.size)
        writer_text(out, "...");
}

void explain_write_hex(struct writer *out, struct span bytes)
{
    hex_write(out, bytes, "0123456789abcdef");
}

void explain_write_capital_hex(struct writer *out, struct span bytes)
{
    hex_write(out, bytes, "0123456789ABCDEF");
}

static int is_printable(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < 0x20 || text.bytes[i] == 0x7f)
            return 0;
    return text_utf8_check(text) >= 0;
}

void explain_write_text(struct writer *out, struct span text)
{
    if (!is_printable(text)) {
        explain_write_hex(out, text);
        return;
    }
    size_t room = room_of(out) > 2 ? room_of(out) - 2 : 0;
    size_t shown = text.size <= room ? text.size : text_utf8_cut(text, room);
    writer_put_u8(out, '"');
    writer_put_bytes(out, text.bytes, shown);
    writer_text(out, shown < text.size ? "...\"" : "\"");
}
