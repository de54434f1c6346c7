/* Where tiers end: limits by cycle, month and season, and how they grow with the household. */
#include "rating/tariff_json_internal.h"

#include "base/span.h"
#include "base/text.h"

#include <string.h>

#define PERSONS_MAXIMUM 1000
#define MONTH_BITS_ALL 0x1ffe

static const struct tariff_word household_words[] = {
    { "per_person", TARIFF_HOUSEHOLD_PER_PERSON },
    { "flat", TARIFF_HOUSEHOLD_FLAT },
    { "replace", TARIFF_HOUSEHOLD_NONE },
    { NULL, 0 },
};

/* With n limits there are n + 1 tiers, the same number wherever the document has limits.
 * rising   each limit above the one before; else also equal to it, which leaves a tier empty */
static int limits_read(struct tariff_reader *reader, const json_t *value, const char *path, bool rising, int64_t *out)
{
    int32_t count = 0;
    int error = tariff_decimals_read(reader, value, path, TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                                     TARIFF_TIER_LIMIT - 1, out, &count);

    for (int32_t index = 1; error == 0 && index < count; index++) {
        if (out[index] < out[index - 1] + (rising ? 1 : 0))
            error = tariff_refuse(reader, path, "分档上限应逐档升高", "limits must rise from tier to tier");
    }
    if (error == 0 && count > 0 && rising && reader->strict && out[0] == 0)
        error = tariff_refuse(reader, path, "第一档上限应大于 0", "the first limit must be above zero");
    if (error == 0 && reader->tariff->tier_count > 0 && reader->tariff->tier_count != count + 1)
        error = tariff_refuse(reader, path, "各处的分档数应一致", "must have as many tiers as the other limits");
    if (error == 0)
        reader->tariff->tier_count = count + 1;
    return error;
}

int tariff_limits_field(struct tariff_reader *reader, const json_t *value)
{
    reader->tariff->limits_given = true;
    return limits_read(reader, value, "limits", true, reader->tariff->limit_e4);
}

int tariff_monthly_limits_field(struct tariff_reader *reader, const json_t *value)
{
    if (reader->tariff->limits_given)
        return tariff_refuse(reader, "monthly_limits", "不能与 limits 并用", "cannot stand beside limits");
    reader->tariff->limits_given = true;
    reader->tariff->limits_monthly = true;
    return limits_read(reader, value, "monthly_limits", true, reader->tariff->limit_e4);
}

int tariff_season_limits_field(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    const char *name;
    json_t *limits;

    if (!json_is_object(value) || json_object_size(value) == 0 || json_object_size(value) > TARIFF_SEASON_LIMIT)
        return tariff_refuse(reader, "season_limits", "应为 1 到 4 个季节的对象",
                             "must be an object of 1 to 4 seasons");
    json_object_foreach((json_t *)(uintptr_t)value, name, limits)
    {
        struct tariff_season *season = &tariff->seasons[tariff->season_count];
        char path[TARIFF_PATH_SIZE];
        int error;

        tariff_path_join("season_limits.", name, path);
        if (text_copy(span_of_text(name), season->name, sizeof season->name) < 0)
            return tariff_refuse(reader, path, "名称过长", "the name is too long");
        error = limits_read(reader, limits, path, true, season->limit_e4);
        if (error < 0)
            return error;
        tariff->season_count++;
    }
    return 0;
}

static struct tariff_season *season_find(struct tariff *tariff, const char *name)
{
    for (int32_t index = 0; index < tariff->season_count; index++) {
        if (strcmp(tariff->seasons[index].name, name) == 0)
            return &tariff->seasons[index];
    }
    return NULL;
}

/* [5, 6, 7] as bits, none of them taken before. */
static int months_read(struct tariff_reader *reader, const json_t *list, const char *path, uint16_t *taken,
                       uint16_t *months)
{
    if (!json_is_array(list) || json_array_size(list) == 0)
        return tariff_refuse(reader, path, "应为月份的数组,例如 [5, 6, 7, 8, 9, 10]",
                             "must be an array of months, for example [5, 6, 7, 8, 9, 10]");
    for (size_t index = 0; index < json_array_size(list); index++) {
        const json_t *entry = json_array_get(list, index);
        json_int_t month = json_is_integer(entry) ? json_integer_value(entry) : 0;

        if (month < 1 || month > 12)
            return tariff_refuse(reader, path, "月份应为 1 到 12", "must hold months from 1 to 12");
        if ((*taken & (1 << month)) != 0)
            return tariff_refuse(reader, path, "月份重复,同一月份只能属于一个季节",
                                 "names a month twice: each month belongs to one season");
        *taken = (uint16_t)(*taken | 1 << month);
        *months = (uint16_t)(*months | 1 << month);
    }
    return 0;
}

/* The months that no season names belong to the one season without months. */
static int months_rest(struct tariff_reader *reader, uint16_t taken)
{
    struct tariff *tariff = reader->tariff;
    struct tariff_season *rest = NULL;

    for (int32_t index = 0; index < tariff->season_count; index++) {
        if (tariff->seasons[index].months != 0)
            continue;
        if (rest != NULL)
            return tariff_refuse(reader, "season_months", "最多一个季节可以不写月份",
                                 "leaves more than one season without months");
        rest = &tariff->seasons[index];
    }
    if (rest != NULL)
        rest->months = (uint16_t)(MONTH_BITS_ALL & ~taken);
    if (rest != NULL ? rest->months == 0 : taken != MONTH_BITS_ALL && !tariff->limits_given)
        return tariff_refuse(reader, "season_months", "十二个月应恰好分给各季节,不重不漏",
                             "must share out the twelve months, none left over and none twice");
    return 0;
}

int tariff_season_months_field(struct tariff_reader *reader, const json_t *value)
{
    uint16_t taken = 0;
    const char *name;
    json_t *list;

    if (reader->tariff->season_count == 0 || !json_is_object(value))
        return tariff_refuse(reader, "season_months", "应为季节到月份的对象,与 season_limits 并用",
                             "must be an object of season and months, beside season_limits");
    json_object_foreach((json_t *)(uintptr_t)value, name, list)
    {
        struct tariff_season *season = season_find(reader->tariff, name);
        char path[TARIFF_PATH_SIZE];
        int error;

        tariff_path_join("season_months.", name, path);
        if (season == NULL)
            return tariff_refuse(reader, path, "season_limits 中没有这个季节", "is not a season of season_limits");
        error = months_read(reader, list, path, &taken, &season->months);
        if (error < 0)
            return error;
    }
    return months_rest(reader, taken);
}

/* "add": one decimal for all limits, or one a limit. */
static int household_add_read(struct tariff_reader *reader, const json_t *value)
{
    struct tariff *tariff = reader->tariff;
    int32_t count = 0;
    int error;

    if (!json_is_array(value)) {
        error = tariff_decimal_read(reader, value, "household.add", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                                    &tariff->add_e4[0]);
        for (int32_t tier = 1; tier < TARIFF_TIER_LIMIT; tier++)
            tariff->add_e4[tier] = tariff->add_e4[0];
        return error;
    }
    error = tariff_decimals_read(reader, value, "household.add", TARIFF_QUANTITY_SCALE, TARIFF_QUANTITY_MAXIMUM,
                                 TARIFF_TIER_LIMIT - 1, tariff->add_e4, &count);
    if (error == 0 && count != tariff->tier_count - 1)
        error = tariff_refuse(reader, "household.add", "每个分档上限需要一个值", "needs one value for each limit");
    return error;
}

static int replacement_read(struct tariff_reader *reader, const json_t *value, const char *minimum_path,
                            const char *limits_path)
{
    struct tariff *tariff = reader->tariff;
    int error;

    if (tariff->replaced_persons > 0)
        return tariff_refuse(reader, "household_monthly", "人口替换分档只能写一次",
                             "cannot stand beside household of kind replace");
    error = tariff_count_read(reader, json_object_get(value, "min"), minimum_path, PERSONS_MAXIMUM,
                              &tariff->replaced_persons);
    if (error == 0 && tariff->replaced_persons == 0)
        error = tariff_refuse(reader, minimum_path, "至少 1 人", "must be at least 1");
    return error < 0 ? error
                     : limits_read(reader, json_object_get(value, "limits"), limits_path, false, tariff->replaced_e4);
}

int tariff_household_field(struct tariff_reader *reader, const json_t *value)
{
    static const char *const names[] = { "kind", "base", "min", "add", "limits", NULL };
    int kind;
    int error = tariff_members_check(reader, value, "household", names);

    if (error == 0)
        error = tariff_word_read(reader, json_object_get(value, "kind"), "household.kind", household_words, &kind);
    if (error < 0)
        return error;
    reader->tariff->household = (enum tariff_household)kind;
    if (kind == TARIFF_HOUSEHOLD_NONE)
        return replacement_read(reader, value, "household.min", "household.limits");
    if (kind == TARIFF_HOUSEHOLD_FLAT)
        error = tariff_count_read(reader, json_object_get(value, "min"), "household.min", PERSONS_MAXIMUM,
                                  &reader->tariff->persons);
    else
        error = tariff_count_read(reader, json_object_get(value, "base"), "household.base", PERSONS_MAXIMUM,
                                  &reader->tariff->persons);
    return error < 0 ? error : household_add_read(reader, json_object_get(value, "add"));
}

int tariff_household_monthly_field(struct tariff_reader *reader, const json_t *value)
{
    static const char *const names[] = { "min", "limits", NULL };
    int error = tariff_members_check(reader, value, "household_monthly", names);

    if (error == 0)
        error = replacement_read(reader, value, "household_monthly.min", "household_monthly.limits");
    reader->tariff->replaced_monthly = !tariff_tiers_monthly(reader->tariff);
    return error;
}
