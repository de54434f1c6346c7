#include "codec/explain/explain_json.h"

#include <inttypes.h>

#include "base/text.h"
#include "codec/codec_error.h"
#include "codec/senml/json_reader.h"

#define BYTES_SHOWN 64
#define KEY_LIMIT 64

/* One walk of the explainer: the first writes the fields, the second the items. */
struct json_rows {
    struct writer *out;
    struct span frame;
    unsigned depth; /* of the row written last */
    bool has_row;
    bool is_chinese;
    char address[EXPLAIN_TEXT_LIMIT]; /* "" when no field is one */
};

static void member_put(struct writer *out, const char *name, const char *value)
{
    writer_text(out, ",\"");
    writer_text(out, name);
    writer_text(out, "\":");
    json_string_put(out, span_of_text(value));
}

/* "Control code" as "control_code": what is no letter or digit becomes one underline. */
static void key_put(struct writer *out, const char *key)
{
    char text[KEY_LIMIT];
    struct writer snake = writer_of_buffer(text, sizeof text);

    for (; key != NULL && *key != '\0' && snake.size + 1 < sizeof text; key++) {
        char lower = *key >= 'A' && *key <= 'Z' ? (char)(*key - 'A' + 'a') : *key;
        bool is_word = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (is_word)
            writer_put_u8(&snake, (uint8_t)lower);
        else if (snake.size > 0 && text[snake.size - 1] != '_')
            writer_put_u8(&snake, '_');
    }
    if (snake.size > 0)
        member_put(out, "key", writer_terminate(&snake));
}

/* Closes rows until the next one may follow at `depth`. */
static void rows_close(struct json_rows *rows, unsigned depth)
{
    for (; rows->depth > depth; rows->depth--)
        writer_text(rows->out, "}]");
    writer_text(rows->out, "},");
}

static void row_put(void *context, const struct explain_field *field)
{
    struct json_rows *rows = context;
    char hex[2 * BYTES_SHOWN + 8];
    struct writer bytes = writer_of_buffer(hex, sizeof hex);
    unsigned depth = field->depth;

    if (!rows->has_row)
        depth = 0;
    else if (depth > rows->depth) {
        depth = rows->depth + 1;
        writer_text(rows->out, ",\"children\":[");
    } else
        rows_close(rows, depth);
    size_t shown = field->size < BYTES_SHOWN ? field->size : BYTES_SHOWN;
    explain_write_hex(&bytes, span_of_bytes(rows->frame.bytes + field->offset, shown));
    writer_format(rows->out, "{\"offset\":%zu,\"size\":%zu", field->offset, field->size);
    member_put(rows->out, "bytes", writer_terminate(&bytes));
    key_put(rows->out, field->key);
    member_put(rows->out, "name", field->name);
    member_put(rows->out, "value", field->value);
    member_put(rows->out, "meaning", field->meaning);
    member_put(rows->out, "clause", field->clause);
    rows->depth = depth;
    rows->has_row = true;
    if (field->is_address)
        (void)text_copy(span_of_text(field->value), rows->address, sizeof rows->address);
}

static void count_put(struct writer *out, const char *name, unsigned long number)
{
    if (number != 0)
        writer_format(out, ",\"%s\":%lu", name, number);
}

/* A number as text: a JSON number would pass through floating point in many readers. Bytes of any length are whole. */
static void item_value_put(struct writer *out, const struct item *item)
{
    char text[EXPLAIN_TEXT_LIMIT * 2];
    struct writer value = writer_of_buffer(text, sizeof text);

    if (item->quality == ITEM_MISSING || item->quality == ITEM_INVALID) {
        writer_text(out, ",\"value\":null");
        return;
    }
    if (item->kind == ITEM_KIND_BYTES) {
        writer_text(out, ",\"value\":\"");
        item_value_write(item, out);
        writer_text(out, "\"");
        return;
    }
    item_value_write(item, &value);
    member_put(out, "value", writer_terminate(&value));
}

static void item_places_put(struct writer *out, const struct item *item)
{
    count_put(out, "phase", item->phase);
    count_put(out, "tariff", item->tariff);
    count_put(out, "tier", item->tier);
    count_put(out, "storage", item->storage);
    count_put(out, "subunit", item->subunit);
    if (item->function != ITEM_INSTANTANEOUS)
        member_put(out, "function", item_function_name((enum item_function)item->function));
    if (item->modifier != ITEM_MODIFIER_NONE)
        member_put(out, "modifier", item_modifier_info((enum item_modifier)item->modifier)->name);
    int digits = item->identifier > 0xffff ? 8 : 4;
    if (item->identifier_digits > 0)
        digits = item->identifier_digits;
    if (item->identifier != 0 || item->identifier_digits > 0)
        writer_format(out, ",\"identifier\":\"%0*" PRIX32 "\"", digits, item->identifier);
}

static void item_put(void *context, const struct item *item, const char *meaning)
{
    struct json_rows *rows = context;
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer name = writer_of_buffer(text, sizeof text);

    writer_text(rows->out, rows->has_row ? ",{\"quantity\":" : "{\"quantity\":");
    rows->has_row = true;
    json_string_put(rows->out, span_of_text(item_quantity_info((enum item_quantity)item->quantity)->name));
    item_name_write(item, rows->is_chinese, &name);
    member_put(rows->out, "name", writer_terminate(&name));
    item_value_put(rows->out, item);
    member_put(rows->out, "unit", item_unit_code((enum item_unit)item->unit));
    if (meaning[0] != '\0')
        member_put(rows->out, "meaning", meaning);
    member_put(rows->out, "quality", item_quality_name((enum item_quality)item->quality));
    item_places_put(rows->out, item);
    if (item->kind != ITEM_KIND_TIME && item->time.parts != ITEM_TIME_NONE) {
        struct writer time = writer_of_buffer(text, sizeof text);
        item_time_write(&item->time, &time);
        member_put(rows->out, "time", writer_terminate(&time));
    }
    writer_text(rows->out, "}");
}

static void field_ignore(void *context, const struct explain_field *field)
{
    (void)context;
    (void)field;
}

static void result_put(struct writer *out, int result, size_t error_offset, enum explain_language language)
{
    writer_format(out, ",\"valid\":%s", result < 0 ? "false" : "true");
    if (result == 0)
        return;
    member_put(out, "error", language == EXPLAIN_CHINESE ? codec_error_text_chinese(result) : codec_error_text(result));
    writer_format(out, ",\"error_offset\":%zu", error_offset);
}

static int fields_put(const struct explain_protocol *protocol, struct explain_sink sink, struct json_rows *rows,
                      size_t *error_offset)
{
    writer_text(rows->out, ",\"fields\":[");
    sink.field = row_put;
    int result = protocol->explain(&sink, rows->frame, error_offset);
    if (rows->has_row) {
        for (; rows->depth > 0; rows->depth--)
            writer_text(rows->out, "}]");
        writer_text(rows->out, "}");
    }
    writer_text(rows->out, "]");
    if (rows->address[0] != '\0')
        member_put(rows->out, "address", rows->address);
    return result;
}

static void items_put(const struct explain_protocol *protocol, struct explain_sink sink, struct json_rows *rows)
{
    size_t error_offset = 0;

    writer_text(rows->out, ",\"items\":[");
    rows->has_row = false;
    sink.field = field_ignore;
    sink.item = item_put;
    (void)protocol->explain(&sink, rows->frame, &error_offset); /* its result is known from the first walk */
    writer_text(rows->out, "]");
}

static void frame_put(struct writer *out, struct span frame)
{
    static const char digits[] = "0123456789abcdef";

    writer_format(out, ",\"size\":%zu,\"bytes\":\"", frame.size);
    for (size_t i = 0; i < frame.size; i++) {
        writer_put_u8(out, (uint8_t)digits[frame.bytes[i] >> 4]);
        writer_put_u8(out, (uint8_t)digits[frame.bytes[i] & 15]);
    }
    writer_text(out, "\"");
}

int explain_json_members_write(const struct explain_protocol *protocol, enum explain_language language,
                               struct span frame, const struct explain_secret *secret, struct writer *out)
{
    struct json_rows rows = { out, frame, 0, false, language == EXPLAIN_CHINESE, "" };
    struct explain_sink sink = { language, row_put, NULL, &rows, secret };
    size_t error_offset = 0;

    if (protocol == NULL)
        protocol = explain_protocol_guess(frame);
    writer_text(out, "\"protocol\":");
    json_string_put(out, span_of_text(protocol->name));
    member_put(out, "protocol_name", rows.is_chinese ? protocol->chinese : protocol->english);
    frame_put(out, frame);
    int result = fields_put(protocol, sink, &rows, &error_offset);
    items_put(protocol, sink, &rows);
    result_put(out, result, error_offset, language);
    return out->overflow ? CODEC_ERR_FULL : result;
}

int explain_json_write(const struct explain_protocol *protocol, enum explain_language language, struct span frame,
                       const struct explain_secret *secret, struct writer *out)
{
    writer_text(out, "{");
    int result = explain_json_members_write(protocol, language, frame, secret, out);
    writer_text(out, "}");
    return out->overflow ? CODEC_ERR_FULL : result;
}
