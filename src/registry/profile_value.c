/* Readers of the format's own values: codecs, quantities, identifiers, lists of points and commands. */
#include <string.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"
#include "registry/profile_internal.h"

#define SHOWN_LIMIT 40

static int shown(struct span text)
{
    return (int)text_utf8_cut(text, SHOWN_LIMIT);
}

void profile_read_codec(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                        void *target)
{
    char list[192];
    struct writer out = writer_of_buffer(list, sizeof list);
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    for (size_t i = 0; reader->vocabulary->codec_at(i) != NULL; i++) {
        if (span_equal_text(text, reader->vocabulary->codec_at(i)->name)) {
            profile_integer_put(field, target, (int64_t)i);
            return;
        }
        writer_text(&out, i == 0 ? "" : ", ");
        writer_text(&out, reader->vocabulary->codec_at(i)->name);
    }
    profile_complain(reader, node, "codec: \"%.*s\" is not one of %s", "codec：“%.*s”不在可选值之内：%s", shown(text),
                     text.bytes, writer_terminate(&out));
}

void profile_read_quantity(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                           void *target)
{
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    int quantity = reader->vocabulary->quantity_find(text);
    if (quantity >= 0)
        profile_integer_put(field, target, quantity);
    else
        profile_complain(reader, node, "quantity: \"%.*s\" is unknown; docs/profiles.md lists the names",
                         "quantity：未知的量“%.*s”，名称见 docs/profiles.md", shown(text), text.bytes);
}

void profile_read_unit(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                       void *target)
{
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    int unit = span_equal_text(text, "none") ? 0 : reader->vocabulary->unit_find(text);
    if (unit >= 0)
        profile_integer_put(field, target, unit);
    else
        profile_complain(reader, node, "unit: \"%.*s\" is unknown; docs/profiles.md lists the units",
                         "unit：未知的单位“%.*s”，单位见 docs/profiles.md", shown(text), text.bytes);
}

/* Hexadecimal digits, as many as the codec's identifiers have. */
void profile_read_identifier(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                             void *target)
{
    struct device_point *point = target;
    struct span text;
    uint32_t value = 0;

    if (!profile_scalar(reader, field, node, &text))
        return;
    for (size_t i = 0; i < text.size; i++) {
        int digit = hex_digit_value(text.bytes[i]);
        if (digit < 0 || text.size > 8) {
            profile_complain(reader, node, "identifier: \"%.*s\" is not one of 1 to 8 hexadecimal digits",
                             "identifier：“%.*s”须为 1 至 8 位十六进制数字", shown(text), text.bytes);
            return;
        }
        value = value << 4 | (uint32_t)digit;
    }
    point->identifier = value;
    point->identifier_digits = (uint8_t)text.size;
}

/* Lower-case letters, digits, - and _: names go into file names, addresses and commands. */
void profile_read_name(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                       void *target)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    for (size_t i = 0; i < text.size; i++)
        if (memchr(allowed, text.bytes[i], sizeof allowed - 1) == NULL) {
            profile_complain(reader, node, "%s: \"%.*s\" may hold a to z, 0 to 9, - and _ only",
                             "%s：“%.*s”只能含小写字母、数字、- 和 _", field->key, shown(text), text.bytes);
            return;
        }
    profile_read_text(reader, field, node, target);
}

void profile_read_bit(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node, void *target)
{
    struct device_point *point = target;

    profile_read_integer(reader, field, node, target);
    point->has_bit = 1;
}

void profile_read_format(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                         void *target)
{
    struct device_profile_line *line = target;
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    if (text.size != 3 || text.bytes[0] != '8' || strchr("ENO", text.bytes[1]) == NULL || text.bytes[1] == '\0' ||
        (text.bytes[2] != '1' && text.bytes[2] != '2')) {
        profile_complain(reader, node, "format: \"%.*s\" is not one of 8E1, 8N1, 8O1, 8E2, 8N2, 8O2",
                         "format：“%.*s”须为 8E1、8N1、8O1、8E2、8N2、8O2 之一", shown(text), text.bytes);
        return;
    }
    line->parity = text.bytes[1];
    line->stop_bits = (uint8_t)(text.bytes[2] - '0');
}

/* A list whose rows go into an array of the profile.
 * returns  how many rows there are room for */
static size_t list_size(struct profile_reader *reader, const struct profile_field *field, const yaml_node_t *node,
                        size_t limit)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        profile_complain(reader, node, "%s: expected a list; begin each row with \"- \"",
                         "%s：此处应为列表，每行以“- ”开头", field->key);
        return 0;
    }
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (count == 0)
        profile_complain(reader, node, "%s: the list is empty; add a row or leave it out",
                         "%s：列表为空，请添加一行或删除", field->key);
    if (count > limit)
        profile_complain(reader, node, "%s: %zu rows, at most %zu are possible", "%s：共 %zu 行，最多 %zu 行",
                         field->key, count, limit);
    return count < limit ? count : limit;
}

void profile_read_points(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                         void *target)
{
    struct device_profile *profile = target;
    size_t count = list_size(reader, field, node, DEVICE_PROFILE_POINT_LIMIT);

    for (size_t i = 0; i < count; i++) {
        yaml_node_t *row = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
        reader->point_lines[i] = profile_line_of(row);
        profile_mapping_read(reader, field->shape, row, &profile->points[i]);
    }
    profile->point_count = (uint16_t)count;
}

void profile_read_commands(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                           void *target)
{
    struct device_profile *profile = target;
    size_t count = list_size(reader, field, node, DEVICE_PROFILE_COMMAND_LIMIT);

    for (size_t i = 0; i < count; i++) {
        yaml_node_t *row = yaml_document_get_node(reader->document, node->data.sequence.items.start[i]);
        reader->command_lines[i] = profile_line_of(row);
        profile->command_count = (uint16_t)(i + 1);
        profile_mapping_read(reader, field->shape, row, &profile->commands[i]);
    }
}

void profile_read_limits(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                         void *target)
{
    reader->limits_line = profile_line_of(node);
    profile_read_mapping(reader, field, node, target);
}

/* "240.5": kept at a scale of six decimals until the register's own decimals are known (profile_check). */
void profile_read_decimal(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                          void *target)
{
    struct span text;
    int64_t value;

    if (!profile_scalar(reader, field, node, &text))
        return;
    if (decimal_parse(text, 6, &value) != 0 || value <= 0 || value > INT64_C(1000000000000000)) {
        profile_complain(reader, node, "%s: \"%.*s\" is no number above 0 with at most six decimals",
                         "%s：“%.*s”须为大于 0 且不超过六位小数的数", field->key, shown(text), text.bytes);
        return;
    }
    profile_integer_put(field, target, value);
}

void profile_read_confirm(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                          void *target)
{
    struct device_profile_command *command = target;

    command->has_confirmation = 1;
    command->confirm_within_s = 30;
    profile_mapping_read(reader, field->shape, node, command);
}

/* The point may stand further down, so only its name is kept until profile_check. */
void profile_read_confirm_point(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                                void *target)
{
    const struct device_profile_command *command = target;
    size_t index = (size_t)(command - reader->profile.commands);
    struct profile_field row = *field;

    reader->confirm_lines[index] = profile_line_of(node);
    row.offset = 0;
    row.size = sizeof reader->confirm_points[index];
    profile_read_name(reader, &row, node, reader->confirm_points[index]);
}

void profile_read_confirm_value(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                                void *target)
{
    struct profile_field row = *field;
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    row.words = profile_value_words;
    if (hex_digit_value(text.bytes[0]) >= 0 && text.bytes[0] <= '9')
        profile_read_integer(reader, &row, node, target);
    else
        profile_read_word(reader, &row, node, target);
}
