/* What is charged: items with their prices, fixed charges, the allowance. */
#include "rating/tariff_json_internal.h"

#include "base/span.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const struct tariff_word measure_words[] = {
    { "account", TARIFF_MEASURE_ONE },
    { "area_m2", TARIFF_MEASURE_AREA },
    { "capacity_kva", TARIFF_MEASURE_CAPACITY },
    { "demand_kw", TARIFF_MEASURE_DEMAND },
    { NULL, 0 },
};
static const struct tariff_word every_words[] = { { "month", false }, { "bill", true }, { NULL, 0 } };

static int period_find_or_add(struct tariff_reader *reader, const char *name)
{
    struct tariff *tariff = reader->tariff;

    for (int32_t index = 0; index < tariff->period_count; index++) {
        if (strcmp(tariff->period_name[index], name) == 0)
            return index;
    }
    if (tariff->period_count == TARIFF_PERIOD_LIMIT ||
        text_copy(span_of_text(name), tariff->period_name[tariff->period_count], TARIFF_NAME_SIZE) < 0)
        return RATING_ERR_DOCUMENT;
    return tariff->period_count++;
}

static int item_periods_read(struct tariff_reader *reader, const json_t *value, const char *path,
                             struct tariff_item *item)
{
    const char *name;
    json_t *price;

    if (!json_is_object(value) || json_object_size(value) == 0)
        return tariff_refuse(reader, path, "应为时段到价格的对象", "must be an object of period and price");
    json_object_foreach((json_t *)(uintptr_t)value, name, price)
    {
        int period = period_find_or_add(reader, name);
        int error;

        if (period < 0)
            return tariff_refuse(reader, path, "时段过多(最多 8 个)", "has too many periods (at most 8)");
        error = tariff_decimal_read(reader, price, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM,
                                    &item->period_price_e8[period]);
        if (error < 0)
            return error;
    }
    item->by_period = true;
    return 0;
}

static int item_tiers_read(struct tariff_reader *reader, const json_t *value, const char *path,
                           struct tariff_item *item)
{
    int32_t count = 0;
    int error = tariff_decimals_read(reader, value, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM, TARIFF_TIER_LIMIT,
                                     item->price_e8, &count);

    item->tiered = true;
    if (error == 0 && count != reader->tariff->tier_count)
        return tariff_refuse(reader, path, "每档需要一个价格:价格比分档上限多一个",
                             "needs one price for each tier: one more than there are limits");
    return error;
}

static int item_flat_read(struct tariff_reader *reader, const json_t *value, const char *path, struct tariff_item *item)
{
    item->flat = true;
    return tariff_decimal_read(reader, value, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM, &item->flat_price_e8);
}

static int item_tax_read(struct tariff_reader *reader, const json_t *value, const char *path, struct tariff_item *item)
{
    int error =
        tariff_decimal_read(reader, value, path, TARIFF_PRICE_SCALE, TARIFF_COEFFICIENT_MAXIMUM, &item->tax_rate_e8);

    if (error == 0 && item->tax_rate_e8 > TARIFF_PRICE_ONE)
        error =
            tariff_refuse(reader, path, "税率应为 0 到 1,例如 \"0.09\"", "must be from 0 to 1, for example \"0.09\"");
    return error;
}

static int item_coefficient_read(struct tariff_reader *reader, const json_t *value, const char *path,
                                 struct tariff_item *item)
{
    return tariff_decimal_read(reader, value, path, TARIFF_PRICE_SCALE, TARIFF_COEFFICIENT_MAXIMUM,
                               &item->coefficient_e8);
}

/* Members of an item besides its name. */
static const struct item_member {
    const char *name;
    int (*read)(struct tariff_reader *reader, const json_t *value, const char *path, struct tariff_item *item);
} item_members[] = {
    { "coef", item_coefficient_read },   { "price", item_flat_read },   { "prices", item_tiers_read },
    { "tou_prices", item_periods_read }, { "tax_rate", item_tax_read },
};

static int item_name_read(struct tariff_reader *reader, const json_t *value, const char *path, struct tariff_item *item,
                          size_t index)
{
    char below[48];
    int error;

    (void)snprintf(below, sizeof below, "%s.name", path);
    error = tariff_name_read(reader, json_object_get(value, "name"), below, item->name);
    for (size_t other = 0; error == 0 && other < index; other++) {
        if (strcmp(reader->tariff->items[other].name, item->name) == 0)
            error = tariff_refuse(reader, below, "项目名称重复", "this name is already taken by another item");
    }
    return error;
}

static int item_read(struct tariff_reader *reader, const json_t *value, struct tariff_item *item, size_t index)
{
    static const char *const names[] = { "name", "coef", "price", "prices", "tou_prices", "tax_rate", NULL };
    char path[32];
    int error;

    (void)snprintf(path, sizeof path, "items[%zu]", index);
    item->coefficient_e8 = TARIFF_PRICE_ONE;
    error = tariff_members_check(reader, value, path, names);
    if (error == 0)
        error = item_name_read(reader, value, path, item, index);
    for (size_t member = 0; error == 0 && member < sizeof item_members / sizeof item_members[0]; member++) {
        const json_t *given = json_object_get(value, item_members[member].name);
        char below[64];

        (void)snprintf(below, sizeof below, "%s.%s", path, item_members[member].name);
        if (given != NULL)
            error = item_members[member].read(reader, given, below, item);
    }
    if (error == 0 && !item->flat && !item->tiered && !item->by_period)
        error = tariff_refuse(reader, path, "需要 price、prices、tou_prices 至少一个",
                              "needs at least one of price, prices, tou_prices");
    return error;
}

/* A period that one item prices and another leaves out would be free by mistake. */
static int periods_check(struct tariff_reader *reader, const json_t *list)
{
    const struct tariff *tariff = reader->tariff;

    for (size_t index = 0; reader->strict && index < json_array_size(list); index++) {
        const json_t *prices = json_object_get(json_array_get(list, index), "tou_prices");
        char path[48];

        (void)snprintf(path, sizeof path, "items[%zu].tou_prices", index);
        if (prices != NULL && json_object_size(prices) != (size_t)tariff->period_count)
            return tariff_refuse(reader, path, "应给出其他项目用到的每一个时段的价格",
                                 "must price every period that another item prices");
    }
    return 0;
}

int tariff_items_field(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;

    if (!json_is_array(value) || json_array_size(value) == 0 || json_array_size(value) > TARIFF_ITEM_LIMIT)
        return tariff_refuse(reader, "items", "应为 1 到 8 个收费项目", "must be an array of 1 to 8 items");
    for (size_t index = 0; index < json_array_size(value); index++) {
        int error = item_read(reader, json_array_get(value, index), &tariff->items[index], index);

        if (error < 0)
            return error;
        tariff->item_count++;
    }
    tariff_registers_usual(tariff);
    return periods_check(reader, value);
}

/* "amount" in whole fen, or "price" with up to 8 places for one of a measure. */
static int fixed_price_read(struct tariff_reader *reader, const json_t *entry, size_t index, struct tariff_fixed *fixed)
{
    const json_t *amount = json_object_get(entry, "amount");
    const json_t *price = json_object_get(entry, "price");
    char path[48];
    int error;

    (void)snprintf(path, sizeof path, "fixed[%zu].amount", index);
    if ((amount != NULL) == (price != NULL))
        return tariff_refuse(reader, path, "amount 与 price 应恰有一个", "or price: exactly one of them must be there");
    if (price != NULL) {
        (void)snprintf(path, sizeof path, "fixed[%zu].price", index);
        return tariff_decimal_read(reader, price, path, TARIFF_PRICE_SCALE, TARIFF_PRICE_MAXIMUM, &fixed->price_e8);
    }
    error = tariff_decimal_read(reader, amount, path, 2, TARIFF_YUAN_MAXIMUM_FEN, &fixed->price_e8);
    fixed->price_e8 *= TARIFF_PRICE_ONE / 100;
    return error;
}

static int fixed_read(struct tariff_reader *reader, const json_t *entry, size_t index, struct tariff_fixed *fixed)
{
    static const char *const names[] = { "name", "amount", "price", "per", "every", NULL };
    const json_t *per = json_object_get(entry, "per");
    const json_t *every = json_object_get(entry, "every");
    char path[48];
    int word = TARIFF_MEASURE_ONE;
    int error;

    (void)snprintf(path, sizeof path, "fixed[%zu]", index);
    error = tariff_members_check(reader, entry, path, names);
    (void)snprintf(path, sizeof path, "fixed[%zu].name", index);
    if (error == 0)
        error = tariff_name_read(reader, json_object_get(entry, "name"), path, fixed->name);
    if (error == 0)
        error = fixed_price_read(reader, entry, index, fixed);
    (void)snprintf(path, sizeof path, "fixed[%zu].per", index);
    if (error == 0 && per != NULL)
        error = tariff_word_read(reader, per, path, measure_words, &word);
    fixed->measure = (enum tariff_measure)word;
    (void)snprintf(path, sizeof path, "fixed[%zu].every", index);
    word = false;
    if (error == 0 && every != NULL)
        error = tariff_word_read(reader, every, path, every_words, &word);
    fixed->once = word != 0;
    return error;
}

int tariff_fixed_field(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;

    if (!json_is_array(value) || json_array_size(value) > TARIFF_FIXED_LIMIT)
        return tariff_refuse(reader, "fixed", "应为最多 4 项固定费用的数组",
                             "must be an array of at most 4 fixed charges");
    for (size_t index = 0; index < json_array_size(value); index++) {
        int error = fixed_read(reader, json_array_get(value, index), index, &tariff->fixed[tariff->fixed_count++]);

        if (error < 0)
            return error;
    }
    return 0;
}

int tariff_allowance_field(struct tariff_reader *reader, const json_t *value)
{
    static const char *const names[] = { "name", "qty", NULL };
    struct tariff *tariff = reader->tariff;
    int error = tariff_members_check(reader, value, "allowance", names);

    if (error == 0 && (tariff->cycle != TARIFF_CYCLE_MONTH || tariff->period_count > 0 || tariff->composite))
        error = tariff_refuse(reader, "allowance", "免费用量只能用于按月分档、不分时、无综合价的价格",
                              "needs a cycle of a month, no prices by time of day and no composite price");
    if (error == 0)
        error = tariff_name_read(reader, json_object_get(value, "name"), "allowance.name", tariff->allowance_name);
    if (error == 0)
        error = tariff_decimal_read(reader, json_object_get(value, "qty"), "allowance.qty", TARIFF_QUANTITY_SCALE,
                                    TARIFF_QUANTITY_MAXIMUM, &tariff->allowance_e4);
    for (int32_t item = 0; error == 0 && item < tariff->item_count; item++) {
        if (strcmp(tariff->items[item].name, tariff->allowance_name) == 0)
            error = tariff_refuse(reader, "allowance.name", "项目名称重复", "this name is already taken by an item");
    }
    return error;
}
