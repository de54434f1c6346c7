/* What an electricity meter tells beside its total: registers by period of the day, and the power factor. */
#include "rating/exact_json.h"
#include "rating/tariff_json_internal.h"

#include <stdio.h>
#include <string.h>

/* Registers 1 to 4 as electricity meters number them (尖峰平谷). */
static const char *const usual_periods[] = { "sharp", "peak", "flat", "valley" };

void tariff_registers_usual(struct tariff *tariff)
{
    for (int32_t period = 0; period < tariff->period_count; period++) {
        for (size_t index = 0; index < sizeof usual_periods / sizeof usual_periods[0]; index++) {
            if (strcmp(tariff->period_name[period], usual_periods[index]) == 0)
                tariff->period_register[period] = (uint8_t)(index + 1);
        }
    }
}

static int32_t period_find(const struct tariff *tariff, const char *name)
{
    for (int32_t period = 0; period < tariff->period_count; period++) {
        if (strcmp(tariff->period_name[period], name) == 0)
            return period;
    }
    return -1;
}

/* Two periods of one register would both be charged for its use. */
static int registers_differ_check(struct tariff_reader *reader)
{
    const struct tariff *tariff = reader->tariff;

    for (int32_t period = 1; period < tariff->period_count; period++) {
        for (int32_t other = 0; other < period; other++) {
            if (tariff->period_register[period] != 0 &&
                tariff->period_register[period] == tariff->period_register[other])
                return tariff_refuse(reader, "tou_registers", "两个时段不能用同一个费率寄存器",
                                     "gives one register to two periods");
        }
    }
    return 0;
}

int tariff_registers_field(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    const char *name;
    json_t *number;

    if (!json_is_object(value))
        return tariff_refuse(reader, "tou_registers", "应为时段到费率寄存器号的对象",
                             "must be an object of period and register number");
    json_object_foreach((json_t *)(uintptr_t)value, name, number)
    {
        int32_t period = period_find(tariff, name);
        char path[TARIFF_PATH_SIZE];

        tariff_path_join("tou_registers.", name, path);
        if (period < 0)
            return tariff_refuse(reader, path, "没有项目按这个时段计价", "is no period that an item prices");
        if (!json_is_integer(number) || json_integer_value(number) < 1 ||
            json_integer_value(number) > TARIFF_REGISTER_MAXIMUM)
            return tariff_refuse(reader, path, "费率寄存器号应为 1 到 63", "must be a register number from 1 to 63");
        tariff->period_register[period] = (uint8_t)json_integer_value(number);
    }
    return registers_differ_check(reader);
}

/* A rate of the table: 1e-8, from -1 to 1. */
static int rate_read(const json_t *value, int64_t lowest_e8, int64_t *out)
{
    int64_t rate_e8;

    if (exact_json_decimal(value, TARIFF_PRICE_SCALE, &rate_e8) < 0 || rate_e8 < lowest_e8 ||
        rate_e8 > POWER_FACTOR_ONE)
        return RATING_ERR_DOCUMENT;
    *out = rate_e8;
    return 0;
}

static int table_read(struct tariff_reader *reader, const json_t *table, struct power_factor_terms *terms)
{
    if (!json_is_array(table) || json_array_size(table) == 0 || json_array_size(table) > POWER_FACTOR_ROW_LIMIT)
        return tariff_refuse(reader, "power_factor.table", "应为 1 到 64 行 [力率, 比例]",
                             "must be 1 to 64 rows of factor and rate");
    for (size_t index = 0; index < json_array_size(table); index++) {
        const json_t *entry = json_array_get(table, index);
        struct power_factor_row *row = &terms->rows[index];
        char path[48];

        (void)snprintf(path, sizeof path, "power_factor.table[%zu]", index);
        if (rate_read(json_array_get(entry, 0), 0, &row->factor_e8) < 0 ||
            rate_read(json_array_get(entry, 1), -POWER_FACTOR_ONE, &row->rate_e8) < 0)
            return tariff_refuse(reader, path, "应为 [力率, 比例], 例如 [\"0.85\", \"0.025\"]",
                                 "must be factor and rate, for example [\"0.85\", \"0.025\"]");
        if (index > 0 && row->factor_e8 <= terms->rows[index - 1].factor_e8)
            return tariff_refuse(reader, path, "力率应逐行升高", "must have a higher factor than the row before");
    }
    terms->row_count = (int32_t)json_array_size(table);
    return 0;
}

/* Standard and rates by step; with a table they may be missing. */
static int steps_read(struct tariff_reader *reader, const json_t *value, struct power_factor_terms *terms)
{
    const struct {
        const char *name;
        int64_t *out;
        int64_t otherwise; /* below 0: needed */
    } rows[] = { { "standard", &terms->standard_e8, terms->row_count > 0 ? 0 : -1 },
                 { "step", &terms->step_e8, POWER_FACTOR_ONE / 100 },
                 { "rate_below", &terms->rate_below_e8, terms->row_count > 0 ? 0 : -1 },
                 { "rate_above", &terms->rate_above_e8, 0 },
                 { "reward_cap", &terms->reward_maximum_e8, POWER_FACTOR_ONE } };

    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        const json_t *given = json_object_get(value, rows[index].name);
        char path[64];

        (void)snprintf(path, sizeof path, "power_factor.%s", rows[index].name);
        *rows[index].out = rows[index].otherwise;
        if ((given != NULL || rows[index].otherwise < 0) && rate_read(given, 0, rows[index].out) < 0)
            return tariff_refuse(reader, path, "应为 0 到 1 的小数, 例如 \"0.90\"",
                                 "must be a decimal from 0 to 1, for example \"0.90\"");
    }
    if (terms->step_e8 == 0)
        return tariff_refuse(reader, "power_factor.step", "应大于 0", "must be above 0");
    return 0;
}

int tariff_power_factor_field(struct tariff_reader *reader, const json_t *value)
{
    static const char *const names[] = { "standard", "step", "rate_below", "rate_above", "reward_cap", "table", "base", NULL };
    static const struct tariff_word base_words[] = { { "energy", false }, { "capacity+energy", true }, { NULL, 0 } };
    struct power_factor_terms *terms = &reader->tariff->power_factor;
    const json_t *table = json_object_get(value, "table");
    const json_t *base = json_object_get(value, "base");
    int standing = true;
    int error = tariff_members_check(reader, value, "power_factor", names);

    if (error == 0 && table != NULL)
        error = table_read(reader, table, terms);
    if (error == 0)
        error = steps_read(reader, value, terms);
    if (error == 0 && base != NULL)
        error = tariff_word_read(reader, base, "power_factor.base", base_words, &standing);
    reader->tariff->power_factor_on_standing = standing != 0;
    reader->tariff->power_factor_adjusted = true;
    return error;
}
