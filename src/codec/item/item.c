#include "codec/item/item.h"

#include "codec/codec_error.h"

static const struct item item_empty;

struct item_list item_list_of(struct item *items, size_t capacity)
{
    struct item_list list = { items, capacity, 0 };
    return list;
}

struct item *item_list_add(struct item_list *list)
{
    if (list->count == list->capacity)
        return NULL;
    struct item *item = &list->items[list->count++];
    *item = item_empty;
    return item;
}

int item_value_scale(const struct item *item, int exponent, int64_t *out)
{
    int64_t value = item->value;

    if (value < -INT64_MAX)
        return CODEC_ERR_RANGE;
    for (int at = item->exponent; at > exponent && value != 0; at--) {
        if (value > INT64_MAX / 10 || value < -(INT64_MAX / 10))
            return CODEC_ERR_RANGE;
        value *= 10;
    }
    for (int at = item->exponent; at < exponent && value != 0; at++) {
        if (value % 10 != 0)
            return CODEC_ERR_RANGE;
        value /= 10;
    }
    *out = value;
    return 0;
}

const char *item_quality_name(enum item_quality quality)
{
    static const char *const names[] = { "good", "missing", "invalid", "doubted" };
    return (unsigned)quality < sizeof names / sizeof names[0] ? names[quality] : "invalid";
}

const char *item_quality_text(enum item_quality quality, bool is_chinese)
{
    static const char *const texts[][2] = {
        { "good", "正常" },
        { "the meter has no value", "表内无此值" },
        { "not a value of this format", "格式不合法" },
        { "doubted by the meter itself", "表自身标记可疑" },
    };
    unsigned row = (unsigned)quality < sizeof texts / sizeof texts[0] ? (unsigned)quality : ITEM_INVALID;
    return texts[row][is_chinese];
}

const char *item_function_name(enum item_function function)
{
    static const char *const names[] = { "instantaneous", "maximum", "minimum", "error_state" };
    return (unsigned)function < sizeof names / sizeof names[0] ? names[function] : "instantaneous";
}
