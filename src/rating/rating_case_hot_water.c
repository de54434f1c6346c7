/* Hot water by temperature band (rule 21). */
#include "rating/rating_case_internal.h"

#include "rating/exact_json.h"
#include "rating/rating_internal.h"

#include <stdio.h>

#define QUANTITY TARIFF_QUANTITY_SCALE
#define PRICE TARIFF_PRICE_SCALE
/* litres 1e-4 x yuan a ton 1e-8: 1e-13 fen */
#define LITRE_FEN ((rating_exact)INT64_C(10000000000000))

/* [from, to) in 1e-4 deg C. */
struct band {
    int64_t from_e4, to_e4, price_e8;
};

static int band_read(struct rating_case *rating_case, const json_t *entry, size_t index, struct band *bands)
{
    struct band *band = &bands[index];
    char path[40];

    (void)snprintf(path, sizeof path, "input.price_per_t[%zu]", index);
    if (exact_json_decimal(json_array_get(entry, 0), QUANTITY, &band->from_e4) < 0 ||
        exact_json_decimal(json_array_get(entry, 1), QUANTITY, &band->to_e4) < 0 ||
        exact_json_decimal(json_array_get(entry, 2), PRICE, &band->price_e8) < 0 || band->price_e8 < 0 ||
        band->price_e8 > TARIFF_PRICE_MAXIMUM)
        return rating_case_refuse(rating_case, path, "应为 [起, 止, 价]", "must be from, to, price");
    if (band->to_e4 <= band->from_e4)
        return rating_case_refuse(rating_case, path, "止温应高于起温", "must end above where it begins");
    if (index > 0 && band->from_e4 != bands[index - 1].to_e4)
        return rating_case_refuse(rating_case, path, "应从上一段的止温开始,不重不漏",
                                  "must begin where the band before ends, without gap or overlap");
    return 0;
}

static int bands_read(struct rating_case *rating_case, struct band *bands, int32_t *count)
{
    const json_t *list = json_object_get(rating_case->input, "price_per_t");

    if (json_array_size(list) == 0 || json_array_size(list) > TARIFF_TIER_LIMIT)
        return rating_case_refuse(rating_case, "input.price_per_t", "应为 1 到 8 段 [起, 止, 价]",
                                  "must be 1 to 8 bands of from, to, price");
    for (size_t index = 0; index < json_array_size(list); index++) {
        int error = band_read(rating_case, json_array_get(list, index), index, bands);

        if (error < 0)
            return error;
    }
    *count = (int32_t)json_array_size(list);
    return 0;
}

/* The band of a temperature: below the lowest one cold water at `cold_e8`, above the highest one that. */
static int64_t band_price(const struct band *bands, int32_t count, int64_t temperature_e4, int64_t cold_e8)
{
    int64_t price_e8 = cold_e8;

    for (int32_t index = 0; index < count && temperature_e4 >= bands[index].from_e4; index++)
        price_e8 = bands[index].price_e8;
    return price_e8;
}

static int64_t band_dearest(const struct band *bands, int32_t count)
{
    int64_t price_e8 = 0;

    for (int32_t index = 0; index < count; index++)
        price_e8 = bands[index].price_e8 > price_e8 ? bands[index].price_e8 : price_e8;
    return price_e8;
}

int rating_case_hot_water(struct rating_case *rating_case)
{
    struct band bands[TARIFF_TIER_LIMIT];
    int64_t litres_e4, temperature_e4, advance_e4, advance_fen, total_fen, cold_e8;
    int32_t count = 0;
    int error = rating_case_required(rating_case, "litres", QUANTITY, &litres_e4);

    if (error == 0)
        error = rating_case_decimal(rating_case, rating_case->input, "temp_c", QUANTITY, RATING_CASE_REQUIRED,
                                    &temperature_e4);
    if (error == 0)
        error = rating_case_optional(rating_case, "preauth_litres", QUANTITY, TARIFF_QUANTITY_ONE, &advance_e4);
    if (error == 0)
        error = bands_read(rating_case, bands, &count);
    if (error == 0 && temperature_e4 < bands[0].from_e4 &&
        json_object_get(rating_case->input, "cold_price_per_t") == NULL)
        error = rating_case_refuse(rating_case, "input.temp_c", "低于最低温段;需给出冷水价 cold_price_per_t",
                                   "is below the lowest band: needs the price of cold water, cold_price_per_t");
    if (error == 0)
        error = rating_case_optional(rating_case, "cold_price_per_t", PRICE, 0, &cold_e8);
    if (error == 0)
        error = rating_exact_round((rating_exact)advance_e4 * band_dearest(bands, count), LITRE_FEN, &advance_fen);
    if (error == 0)
        error = rating_exact_round((rating_exact)litres_e4 * band_price(bands, count, temperature_e4, cold_e8),
                                   LITRE_FEN, &total_fen);
    if (error < 0)
        return error;
    rating_case_member_integer(rating_case, "preauth_fen", advance_fen);
    rating_case_member_integer(rating_case, "total_fen", total_fen);
    rating_case_member_integer(rating_case, "settle_fen", total_fen - advance_fen);
    return 0;
}
