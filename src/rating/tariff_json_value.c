/* Single values of a tariff document, each with the sentence that explains a mistake. */
#include "rating/tariff_json_internal.h"

#include "base/decimal.h"
#include "base/text.h"
#include "base/writer.h"
#include "rating/exact_json.h"

#include <stdio.h>
#include <string.h>

int tariff_refuse(struct tariff_reader *reader, const char *path, const char *chinese, const char *english)
{
    struct tariff_problem *problem = reader->problem;

    (void)snprintf(problem->path, sizeof problem->path, "%s", path);
    (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s", chinese);
    (void)snprintf(problem->text_en, sizeof problem->text_en, "%s", english);
    return RATING_ERR_DOCUMENT;
}

void tariff_path_join(const char *before, const char *name, char *out)
{
    int size = (int)text_utf8_cut(span_of_text(name), TARIFF_NAME_SIZE - 1);

    (void)snprintf(out, TARIFF_PATH_SIZE, "%.40s%.*s", before, size, name);
}

int tariff_decimal_read(struct tariff_reader *reader, const json_t *value, const char *path, int scale, int64_t maximum,
                        int64_t *out)
{
    int64_t parsed;

    if (exact_json_decimal(value, scale, &parsed) < 0) {
        if (scale == TARIFF_PRICE_SCALE)
            return tariff_refuse(reader, path, "应为最多 8 位小数的数,例如 \"2.67\"",
                                 "must be a decimal of at most 8 places, for example \"2.67\"");
        if (scale == 2)
            return tariff_refuse(reader, path, "应为元, 最多 2 位小数, 例如 \"3.50\"",
                                 "must be yuan with at most 2 places, for example \"3.50\"");
        return tariff_refuse(reader, path, "应为最多 4 位小数的数,例如 22 或 \"12.5\"",
                             "must be a decimal of at most 4 places, for example 22 or \"12.5\"");
    }
    if (parsed < 0)
        return tariff_refuse(reader, path, "不能为负", "must not be negative");
    if (parsed > maximum)
        return tariff_refuse(
            reader, path, "数值过大(价格最高 10000 元,系数最大 10,用量最大十亿)",
            "is too large (prices to 10,000 yuan, coefficients to 10, quantities to a thousand million)");
    *out = parsed;
    return 0;
}

int tariff_count_read(struct tariff_reader *reader, const json_t *value, const char *path, int32_t maximum,
                      int32_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > maximum)
        return tariff_refuse(reader, path, "应为不太大的非负整数",
                             "must be a whole number, not negative and not too large");
    *out = (int32_t)json_integer_value(value);
    return 0;
}

int tariff_name_read(struct tariff_reader *reader, const json_t *value, const char *path, char *out)
{
    if (!json_is_string(value) || json_string_length(value) == 0 ||
        text_copy(span_of_text(json_string_value(value)), out, TARIFF_NAME_SIZE) < 0)
        return tariff_refuse(reader, path, "应为 1 到 47 字节的文字", "must be a text of 1 to 47 bytes");
    return 0;
}

int tariff_word_read(struct tariff_reader *reader, const json_t *value, const char *path,
                     const struct tariff_word *words, int *out)
{
    char english[192], chinese[192];
    struct writer list_en = writer_of_buffer(english, sizeof english);
    struct writer list_zh = writer_of_buffer(chinese, sizeof chinese);

    writer_text(&list_en, "must be one of:");
    writer_text(&list_zh, "应为以下之一:");
    for (const struct tariff_word *word = words; word->name != NULL; word++) {
        if (json_is_string(value) && strcmp(json_string_value(value), word->name) == 0) {
            *out = word->value;
            return 0;
        }
        writer_format(&list_en, " %s", word->name);
        writer_format(&list_zh, " %s", word->name);
    }
    return tariff_refuse(reader, path, writer_terminate(&list_zh), writer_terminate(&list_en));
}

/* An array of decimals; `count` gets how many. */
int tariff_decimals_read(struct tariff_reader *reader, const json_t *value, const char *path, int scale,
                         int64_t maximum, int32_t capacity, int64_t *out, int32_t *count)
{
    if (!json_is_array(value) || json_array_size(value) > (size_t)capacity)
        return tariff_refuse(reader, path, "应为最多 8 项的数组", "must be an array of at most 8 entries");
    for (size_t index = 0; index < json_array_size(value); index++) {
        char entry[112];
        int error;

        (void)snprintf(entry, sizeof entry, "%s[%zu]", path, index);
        error = tariff_decimal_read(reader, json_array_get(value, index), entry, scale, maximum, &out[index]);
        if (error < 0)
            return error;
    }
    *count = (int32_t)json_array_size(value);
    return 0;
}

int tariff_members_check(struct tariff_reader *reader, const json_t *object, const char *path, const char *const *names)
{
    const char *member;
    json_t *value;

    if (!json_is_object(object))
        return tariff_refuse(reader, path, "应为 JSON 对象", "must be a JSON object");
    json_object_foreach((json_t *)(uintptr_t)object, member, value)
    {
        const char *const *name = names;
        char before[48], entry[TARIFF_PATH_SIZE];

        (void)value;
        while (*name != NULL && strcmp(*name, member) != 0)
            name++;
        if (!reader->strict || *name != NULL)
            continue;
        (void)snprintf(before, sizeof before, "%s.", path);
        tariff_path_join(before, member, entry);
        return tariff_refuse(reader, entry, "不认识的字段;可用字段见价格文件说明",
                             "is not a known field; docs/tariffs.md lists them");
    }
    return 0;
}
