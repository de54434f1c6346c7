#include "codec/explain/explain_mbus_internal.h"

void mbus_row_put(const struct explain_place *place, struct span bytes, const struct mbus_label *label,
                  const char *value, const char *meaning)
{
    struct explain_field field = explain_row(place, bytes, label->english, label->chinese, label->clause);

    field.key = label->key;
    field.value = value;
    field.meaning = meaning;
    explain_put(place->sink, field, NULL, NULL);
}

void mbus_number_put(const struct explain_place *place, struct span bytes, const struct mbus_label *label,
                     enum mbus_number form, unsigned number, const char *meaning)
{
    static const char *const formats[] = { "%u", "%02X", "%04X" };
    char text[32];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, formats[form], number);
    mbus_row_put(place, bytes, label, writer_terminate(&value), meaning);
}

void mbus_hex_put(const struct explain_place *place, struct span bytes, const struct mbus_label *label,
                  const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);
    size_t shown = bytes.size < (sizeof text - 8) / 2 ? bytes.size : (sizeof text - 8) / 2;

    for (size_t i = 0; i < shown; i++)
        writer_format(&value, "%02X", bytes.bytes[i]);
    writer_text(&value, shown < bytes.size ? "..." : "");
    mbus_row_put(place, bytes, label, writer_terminate(&value), meaning);
}

const char *mbus_choose(const struct explain_place *place, const char *english, const char *chinese)
{
    return explain_choose(place->sink, english, chinese);
}
