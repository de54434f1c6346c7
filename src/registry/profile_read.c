/* From the bytes of a file to one checked profile. */
#include <stdlib.h>
#include <string.h>

#include "registry/profile_internal.h"

/* The value of a key of the root, so that what comes before `codec` is read by its rules too. */
static yaml_node_t *root_value(struct profile_reader *reader, yaml_node_t *root, const char *key)
{
    if (root->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start; pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(reader->document, pair->key);
        if (name->type == YAML_SCALAR_NODE &&
            span_equal_text(span_of_bytes(name->data.scalar.value, name->data.scalar.length), key))
            return yaml_document_get_node(reader->document, pair->value);
    }
    return NULL;
}

static void codec_foresee(struct profile_reader *reader, yaml_node_t *root)
{
    const yaml_node_t *node = root_value(reader, root, "codec");

    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return;
    struct span name = span_of_bytes(node->data.scalar.value, node->data.scalar.length);
    for (size_t i = 0; reader->vocabulary->codec_at(i) != NULL; i++) {
        const struct device_codec_info *codec = reader->vocabulary->codec_at(i);
        if (!span_equal_text(name, codec->name))
            continue;
        reader->codec = codec;
        reader->profile.settings = codec->default_settings;
        reader->profile.line = codec->default_line;
    }
}

static void line_check(struct profile_reader *reader, yaml_node_t *root)
{
    const yaml_node_t *line = root_value(reader, root, "line");

    if (line != NULL && !reader->codec->has_line)
        profile_complain(reader, line, "codec %s has no serial line; leave out `line`",
                         "编解码器 %s 没有串行线路，请删除 line", reader->codec->name);
}

static void stem_check(struct profile_reader *reader, yaml_node_t *root, const char *stem)
{
    const yaml_node_t *name = root_value(reader, root, "profile");

    if (stem != NULL && name != NULL && strcmp(reader->profile.name, stem) != 0)
        profile_complain(reader, name, "profile: the file is called %s.yaml, so this must be %s",
                         "profile：文件名为 %s.yaml，此处须写 %s", stem, stem);
}

static void document_read(struct profile_reader *reader, const char *stem)
{
    size_t before = reader->problems->count;
    yaml_node_t *root = yaml_document_get_root_node(reader->document);

    if (root == NULL) {
        profile_problem_add(reader->problems, reader->file, 1,
                            "the file is empty; docs/profiles.md shows what to write",
                            "文件为空，写法见 docs/profiles.md");
        return;
    }
    codec_foresee(reader, root);
    profile_mapping_read(reader, &profile_shape, root, &reader->profile);
    if (reader->problems->count != before || reader->codec == NULL)
        return;
    stem_check(reader, root, stem);
    line_check(reader, root);
    profile_check(reader);
}

static void syntax_complain(const struct profile_reader *reader, const yaml_parser_t *parser)
{
    size_t line = parser->problem_mark.line + 1;
    const char *problem = parser->problem != NULL ? parser->problem : "out of memory";

    profile_problem_add(reader->problems, reader->file, line < UINT32_MAX ? (uint32_t)line : 0,
                        "not valid YAML: %s%s%s (column %zu)", "不是有效的 YAML：%s%s%s（第 %zu 列）", problem,
                        parser->context != NULL ? ", " : "", parser->context != NULL ? parser->context : "",
                        parser->problem_mark.column + 1);
}

/* Only one document: what stands behind it would be passed over silently. */
static void end_check(struct profile_reader *reader, yaml_parser_t *parser)
{
    yaml_document_t more;

    if (!yaml_parser_load(parser, &more)) {
        syntax_complain(reader, parser);
        return;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&more);
    if (root != NULL)
        profile_complain(reader, root, "a second document begins here; one file holds one profile",
                         "此处开始了第二个文档，一个文件只能有一个型号");
    yaml_document_delete(&more);
}

static void text_read(struct profile_reader *reader, struct span text, const char *stem)
{
    yaml_parser_t parser;
    yaml_document_t document;

    if (!yaml_parser_initialize(&parser)) {
        profile_problem_add(reader->problems, reader->file, 0, "out of memory", "内存不足");
        return;
    }
    yaml_parser_set_input_string(&parser, text.bytes != NULL ? text.bytes : (const uint8_t *)"", text.size);
    if (!yaml_parser_load(&parser, &document)) {
        syntax_complain(reader, &parser);
    } else {
        bool is_empty = yaml_document_get_root_node(&document) == NULL;
        reader->document = &document;
        document_read(reader, stem);
        if (!is_empty)
            end_check(reader, &parser);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
}

int profile_read(const struct profile_vocabulary *vocabulary, struct span text, const char *file, const char *stem,
                 struct device_profile *out, struct profile_problems *problems)
{
    size_t before = problems->count;

    if (text.size > PROFILE_FILE_SIZE_LIMIT) {
        profile_problem_add(problems, file, 0, "%zu bytes, a profile has at most %u",
                            "共 %zu 字节，型号档案最多 %u 字节", text.size, (unsigned)PROFILE_FILE_SIZE_LIMIT);
        return -1;
    }
    struct profile_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        profile_problem_add(problems, file, 0, "out of memory", "内存不足");
        return -1;
    }
    reader->vocabulary = vocabulary;
    reader->file = file;
    reader->problems = problems;
    text_read(reader, text, stem);
    bool is_right = problems->count == before;
    if (is_right)
        *out = reader->profile;
    free(reader);
    return is_right ? 0 : -1;
}
