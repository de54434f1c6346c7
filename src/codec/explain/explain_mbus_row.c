#include "codec/explain/explain_mbus_internal.h"

void mbus_number_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                     enum mbus_number form, unsigned number, const char *meaning)
{
    static const char *const formats[] = { "%u", "%02X", "%04X" };
    char text[32];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, formats[form], number);
    explain_label_put(place, bytes, label, writer_terminate(&value), meaning);
}

void mbus_hex_put(const struct explain_place *place, struct span bytes, const struct explain_label *label,
                  const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    explain_write_capital_hex(&value, bytes);
    explain_label_put(place, bytes, label, writer_terminate(&value), meaning);
}

const char *mbus_choose(const struct explain_place *place, const char *english, const char *chinese)
{
    return explain_choose(place->sink, english, chinese);
}
