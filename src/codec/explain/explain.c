#include "codec/explain/explain.h"

#include "base/text.h"

const char *explain_choose(const struct explain_sink *sink, const char *english, const char *chinese)
{
    return sink->language == EXPLAIN_CHINESE ? chinese : english;
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

void explain_write_hex(struct writer *out, struct span bytes)
{
    static const char digits[] = "0123456789abcdef";
    size_t shown = bytes.size * 2 <= room_of(out) ? bytes.size : room_of(out) / 2;

    for (size_t i = 0; i < shown; i++) {
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] >> 4]);
        writer_put_u8(out, (uint8_t)digits[bytes.bytes[i] & 15]);
    }
    if (shown < bytes.size)
        writer_text(out, "...");
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
