#include <inttypes.h>

#include "base/decimal.h"
#include "codec/item/item.h"

#define DIGITS_LIMIT 18

/* At a positive exponent zeros follow the integer: 12 at exponent 3 is "12000". */
static void number_write(const struct item *item, struct writer *out)
{
    char text[DECIMAL_TEXT_LIMIT];
    int scale = item->exponent < 0 ? -item->exponent : 0;

    if (decimal_format(item->value, scale, false, text, sizeof text) < 0)
        return;
    writer_text(out, text);
    for (int i = 0; i < item->exponent && item->value != 0; i++)
        writer_text(out, "0");
}

static int digits_of(const struct item *item)
{
    return item->digits > DIGITS_LIMIT ? DIGITS_LIMIT : item->digits;
}

static void bytes_write(const struct item *item, struct writer *out)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < item->bytes.size; i++) {
        writer_put_u8(out, (uint8_t)digits[item->bytes.bytes[i] >> 4]);
        writer_put_u8(out, (uint8_t)digits[item->bytes.bytes[i] & 15]);
    }
}

/* What is no printable ASCII is shown as a question mark: meters fill short texts with anything. Padding is
 * left out: spaces and zeros behind, zeros in front. */
static void text_write(const struct item *item, struct writer *out)
{
    size_t size = item->bytes.size;
    const uint8_t *bytes = item->bytes.bytes;
    size_t shown = 0, first = 0;

    for (size_t i = 0; i < size; i++) {
        uint8_t character = bytes[item->is_reversed ? size - 1 - i : i];
        if (character != 0 && character != ' ')
            shown = i + 1;
        if (character == 0 && first == i)
            first = i + 1;
    }
    for (size_t i = first; i < shown; i++) {
        uint8_t character = bytes[item->is_reversed ? size - 1 - i : i];
        writer_put_u8(out, character >= 0x20 && character < 0x7f ? character : '?');
    }
}

void item_value_write(const struct item *item, struct writer *out)
{
    if (item->quality == ITEM_MISSING || item->quality == ITEM_INVALID)
        return;
    switch ((enum item_kind)item->kind) {
    case ITEM_KIND_NUMBER:
        number_write(item, out);
        break;
    case ITEM_KIND_DIGITS:
        writer_format(out, "%0*" PRId64, digits_of(item), item->value);
        break;
    case ITEM_KIND_FLAGS:
        writer_format(out, "0x%0*" PRIX64, digits_of(item), (uint64_t)item->value);
        break;
    case ITEM_KIND_TEXT:
        text_write(item, out);
        break;
    case ITEM_KIND_BYTES:
        bytes_write(item, out);
        break;
    case ITEM_KIND_TIME:
        item_time_write(&item->time, out);
        break;
    }
}

/* One of these where the field is not zero. */
struct name_part {
    const char *english;
    const char *chinese;
};

static void part_write(struct writer *out, struct name_part part, bool is_chinese, unsigned number)
{
    const char *form = is_chinese ? part.chinese : part.english;

    if (number == 0)
        return;
    writer_text(out, is_chinese ? "，" : ", ");
    for (; *form != '\0'; form++)
        if (*form == '#')
            writer_format(out, "%u", number);
        else
            writer_put_u8(out, (uint8_t)*form);
}

static void phase_write(struct writer *out, unsigned phase, bool is_chinese)
{
    static const char *const names[][2] = {
        { "", "" },
        { ", phase A", "，A相" },
        { ", phase B", "，B相" },
        { ", phase C", "，C相" },
        { ", neutral", "，零线" },
    };
    if (phase < sizeof names / sizeof names[0])
        writer_text(out, names[phase][is_chinese]);
}

static void function_write(struct writer *out, unsigned function, bool is_chinese)
{
    static const char *const names[][2] = {
        { "", "" },
        { ", maximum", "，最大值" },
        { ", minimum", "，最小值" },
        { ", during an error", "，故障期间" },
    };
    if (function < sizeof names / sizeof names[0])
        writer_text(out, names[function][is_chinese]);
}

static void modifier_write(struct writer *out, unsigned modifier, bool is_chinese)
{
    const struct item_modifier_info *info = item_modifier_info((enum item_modifier)modifier);

    if (modifier == ITEM_MODIFIER_NONE)
        return;
    writer_text(out, is_chinese ? "，" : ", ");
    writer_text(out, is_chinese ? info->chinese : info->english);
}

void item_name_write(const struct item *item, bool is_chinese, struct writer *out)
{
    static const struct name_part tariff = { "tariff #", "费率#" };
    static const struct name_part tier = { "tier #", "阶梯#" };
    static const struct name_part storage = { "storage #", "存储#" };
    static const struct name_part subunit = { "subunit #", "子单元#" };
    const struct item_quantity_info *info = item_quantity_info((enum item_quantity)item->quantity);

    writer_text(out, is_chinese ? info->chinese : info->english);
    phase_write(out, item->phase, is_chinese);
    part_write(out, tariff, is_chinese, item->tariff);
    part_write(out, tier, is_chinese, item->tier);
    part_write(out, storage, is_chinese, item->storage);
    part_write(out, subunit, is_chinese, item->subunit);
    function_write(out, item->function, is_chinese);
    modifier_write(out, item->modifier, is_chinese);
}
