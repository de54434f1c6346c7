/* The walker over mappings and the readers of common values. */
#include <string.h>

#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"
#include "registry/profile_internal.h"

#define LIST_TEXT_LIMIT 288
#define SHOWN_LIMIT 40 /* of a wrong value, in a complaint */

uint32_t profile_line_of(const yaml_node_t *node)
{
    return node->start_mark.line < UINT32_MAX ? (uint32_t)node->start_mark.line + 1 : 0;
}

static struct span node_text(const yaml_node_t *node)
{
    return span_of_bytes(node->data.scalar.value, node->data.scalar.length);
}

/* As much of a wrong value as fits into a complaint. */
static int shown(struct span text)
{
    return (int)text_utf8_cut(text, SHOWN_LIMIT);
}

bool profile_scalar(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                    struct span *out)
{
    if (node->type != YAML_SCALAR_NODE) {
        profile_complain(reader, node, "%s: expected one value, found a list or a mapping",
                         "%s：此处应为单个值，不是列表或映射", field->key);
        return false;
    }
    *out = node_text(node);
    if (text_trim(*out).size == 0) {
        profile_complain(reader, node, "%s: the value is empty; write one or leave out the line",
                         "%s：值为空，请填写或删除该行", field->key);
        return false;
    }
    return true;
}

static bool hexadecimal_parse(struct span digits, int64_t *out)
{
    int64_t value = 0;

    for (size_t i = 0; i < digits.size; i++) {
        int digit = hex_digit_value(digits.bytes[i]);
        if (digit < 0 || value > (INT64_MAX >> 4))
            return false;
        value = value << 4 | digit;
    }
    *out = value;
    return digits.size > 0;
}

static bool number_parse(struct span text, int64_t *out)
{
    if (text.size > 2 && text.bytes[0] == '0' && (text.bytes[1] == 'x' || text.bytes[1] == 'X'))
        return hexadecimal_parse(span_of_bytes(text.bytes + 2, text.size - 2), out);
    return span_find_byte(text, '.') < 0 && decimal_parse(text, 0, out) == 0;
}

bool profile_integer(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node, int64_t *out)
{
    struct span text;
    int64_t value;

    if (!profile_scalar(reader, field, node, &text))
        return false;
    if (!number_parse(text, &value)) {
        profile_complain(reader, node, "%s: \"%.*s\" is no whole number; write it as 12 or 0x0C",
                         "%s：“%.*s”不是整数，请写成 12 或 0x0C", field->key, shown(text), text.bytes);
        return false;
    }
    if (value < field->minimum || value > field->maximum) {
        profile_complain(reader, node, "%s: %.*s is outside %lld to %lld", "%s：%.*s 超出范围 %lld 至 %lld", field->key,
                         shown(text), text.bytes, (long long)field->minimum, (long long)field->maximum);
        return false;
    }
    *out = value;
    return true;
}

void profile_integer_put(const struct profile_field *field, void *target, int64_t value)
{
    uint8_t *member = (uint8_t *)target + field->offset;
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    const void *from = field->size == 1   ? (void *)&u8
                       : field->size == 2 ? (void *)&u16
                       : field->size == 4 ? (void *)&u32
                                          : (void *)&value;

    memcpy(member, from, field->size);
}

void profile_read_integer(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                          void *target)
{
    int64_t value;

    if (profile_integer(reader, field, node, &value))
        profile_integer_put(field, target, value);
}

void profile_read_text(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                       void *target)
{
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return;
    if (text_utf8_check(text) < 0 || text.size >= field->size) {
        profile_complain(reader, node, "%s: at most %zu bytes of UTF-8 text, this has %zu",
                         "%s：最多 %zu 字节的 UTF-8 文本，实际 %zu 字节", field->key, field->size - 1, text.size);
        return;
    }
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < ' ') {
            profile_complain(reader, node, "%s: write it in one line, without control characters",
                             "%s：请写成一行，不含控制字符", field->key);
            return;
        }
    (void)text_copy(text, (char *)target + field->offset, field->size);
}

/* "a, b, c" of a table of words. */
static const char *words_list(const struct profile_word *words, char text[LIST_TEXT_LIMIT])
{
    struct writer out = writer_of_buffer(text, LIST_TEXT_LIMIT);

    for (const struct profile_word *word = words; word->name != NULL; word++) {
        writer_text(&out, word == words ? "" : ", ");
        writer_text(&out, word->name);
    }
    return writer_terminate(&out);
}

bool profile_word_number(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                         int64_t *out)
{
    char list[LIST_TEXT_LIMIT];
    struct span text;

    if (!profile_scalar(reader, field, node, &text))
        return false;
    for (const struct profile_word *word = field->words; word->name != NULL; word++)
        if (span_equal_text(text, word->name)) {
            *out = word->value;
            return true;
        }
    profile_complain(reader, node, "%s: \"%.*s\" is not one of %s", "%s：“%.*s”不在可选值之内：%s", field->key,
                     shown(text), text.bytes, words_list(field->words, list));
    return false;
}

void profile_read_word(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                       void *target)
{
    int64_t value;

    if (profile_word_number(reader, field, node, &value))
        profile_integer_put(field, target, value);
}

static const struct profile_word boolean_words[] = { { "true", 1 }, { "false", 0 }, { NULL, 0 } };

void profile_read_boolean(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                          void *target)
{
    struct profile_field row = *field;

    row.words = boolean_words;
    profile_read_word(reader, &row, node, target);
}

/* A list of words becomes a set of their values. */
void profile_read_word_set(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                           void *target)
{
    int64_t set = 0, value;

    if (node->type != YAML_SEQUENCE_NODE) {
        profile_complain(reader, node, "%s: expected a list, as in [password, operator]",
                         "%s：此处应为列表，例如 [password, operator]", field->key);
        return;
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++)
        if (profile_word_number(reader, field, yaml_document_get_node(reader->document, *item), &value))
            set |= value;
    profile_integer_put(field, target, set);
}

void profile_read_mapping(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                          void *target)
{
    profile_mapping_read(reader, field->shape, node, (uint8_t *)target + field->offset);
}

static const char *keys_list(const struct profile_shape *shape, char text[LIST_TEXT_LIMIT])
{
    struct writer out = writer_of_buffer(text, LIST_TEXT_LIMIT);

    for (size_t i = 0; i < shape->count; i++) {
        writer_text(&out, i == 0 ? "" : ", ");
        writer_text(&out, shape->fields[i].key);
    }
    return writer_terminate(&out);
}

/* The row of a key; complains about a key that is no text, unknown, or there for the second time. */
static const struct profile_field *key_find(struct profile_reader *reader, const struct profile_shape *shape,
                                            yaml_node_t *key, uint32_t first_lines[])
{
    char list[LIST_TEXT_LIMIT];

    if (key->type != YAML_SCALAR_NODE) {
        profile_complain(reader, key, "a key of %s%.0s must be a word", "%.0s%s的键必须是单词", shape->what_en,
                         shape->what_zh);
        return NULL;
    }
    struct span name = node_text(key);
    for (size_t i = 0; i < shape->count; i++) {
        if (!span_equal_text(name, shape->fields[i].key))
            continue;
        if (first_lines[i] == 0) {
            first_lines[i] = profile_line_of(key);
            return &shape->fields[i];
        }
        profile_complain(reader, key, "%s stands here for the second time; the first is in line %u",
                         "%s 重复出现，第一次在第 %u 行", shape->fields[i].key, (unsigned)first_lines[i]);
        return NULL;
    }
    profile_complain(reader, key, "unknown key \"%.*s\" in %s%.0s; known: %s",
                     "未知的键“%.*s”%.0s（所在：%s），可用：%s", shown(name), name.bytes, shape->what_en,
                     shape->what_zh, keys_list(shape, list));
    return NULL;
}

/* The codec decides which settings mean anything. */
static bool setting_is_known(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *key)
{
    if (field->setting == 0 || reader->codec == NULL || (reader->codec->settings & field->setting) != 0)
        return true;
    profile_complain(reader, key, "codec %s has no setting %s; leave out the line",
                     "编解码器 %s 没有 %s 设置，请删除该行", reader->codec->name, field->key);
    return false;
}

void profile_mapping_read(struct profile_reader *reader, const struct profile_shape *shape, yaml_node_t *node,
                          void *target)
{
    uint32_t first_lines[32] = { 0 };

    if (node->type != YAML_MAPPING_NODE) {
        profile_complain(reader, node, "%s%.0s is a mapping of keys and values", "%.0s%s应为键和值组成的映射",
                         shape->what_en, shape->what_zh);
        return;
    }
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        yaml_node_t *key = yaml_document_get_node(reader->document, pair->key);
        const struct profile_field *field = key_find(reader, shape, key, first_lines);
        if (field != NULL && setting_is_known(reader, field, key))
            field->read(reader, field, yaml_document_get_node(reader->document, pair->value), target);
    }
    for (size_t i = 0; i < shape->count; i++)
        if (shape->fields[i].required && first_lines[i] == 0)
            profile_complain(reader, node, "%s%.0s needs %s", "%.0s%s缺少 %s", shape->what_en, shape->what_zh,
                             shape->fields[i].key);
}
