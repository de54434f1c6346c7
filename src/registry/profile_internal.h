/* How a profile is read: rows say what a mapping may hold, a walker follows them. Internal to the room. */
#ifndef REGISTRY_PROFILE_INTERNAL_H
#define REGISTRY_PROFILE_INTERNAL_H

#include <stdbool.h>
#include <yaml.h>

#include "registry/profile.h"

/* A word of the format and its number. */
struct profile_word {
    const char *name;
    int64_t value;
};

struct profile_reader;
struct profile_field;

/* Reads the value of a field into `target` (the struct that holds it); complains by profile_complain. */
typedef void (*profile_field_reader)(struct profile_reader *reader, const struct profile_field *field,
                                     yaml_node_t *node, void *target);

struct profile_shape {
    const char *what_en; /* "a point" */
    const char *what_zh;
    const struct profile_field *fields;
    size_t count;
};

struct profile_field {
    const char *key;
    profile_field_reader read;
    bool required;
    int64_t minimum; /* of integers; bytes of texts */
    int64_t maximum;
    const struct profile_word *words;  /* of words; ends with name NULL */
    const struct profile_shape *shape; /* of mappings, and of the rows of lists */
    size_t offset;                     /* in the target */
    size_t size;                       /* of the member */
    uint32_t setting;                  /* enum device_setting_bit that the codec must know; 0: every codec */
    const char *help;                  /* English, for the schema */
};

/* Everything of one reading; lines are kept for checks that come after the walk. */
struct profile_reader {
    const struct profile_vocabulary *vocabulary;
    yaml_document_t *document;
    const char *file;
    const struct device_codec_info *codec; /* NULL until known */
    struct device_profile profile;
    uint32_t point_lines[DEVICE_PROFILE_POINT_LIMIT];
    uint32_t command_lines[DEVICE_PROFILE_COMMAND_LIMIT];
    uint32_t confirm_lines[DEVICE_PROFILE_COMMAND_LIMIT];
    char confirm_points[DEVICE_PROFILE_COMMAND_LIMIT][DEVICE_PROFILE_POINT_NAME_LIMIT];
    uint32_t limits_line; /* 0: no limits stated */
    struct profile_problems *problems;
};

extern const struct profile_shape profile_shape;
extern const struct profile_shape profile_limits_shape;
extern const struct profile_shape profile_point_shape;
extern const struct profile_shape profile_command_shape;
extern const struct profile_shape profile_confirm_shape;
extern const struct profile_word profile_kind_words[];
extern const struct profile_word profile_group_words[];
extern const struct profile_word profile_command_words[];
extern const struct profile_word profile_parameter_words[];
extern const struct profile_word profile_period_words[];
extern const struct profile_word profile_transformer_words[];
extern const struct profile_word profile_value_words[];
extern const struct profile_word profile_alarm_words[];

uint32_t profile_line_of(const yaml_node_t *node);

/* english and chinese take the same arguments; the file is added, the line is that of `node`. */
#define profile_complain(reader, node, ...) \
    profile_problem_add((reader)->problems, (reader)->file, profile_line_of(node), __VA_ARGS__)

/* The text of a scalar node; complains and gives false for other nodes and for an empty text. */
bool profile_scalar(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                    struct span *out);

/* A whole number, decimal or 0x hexadecimal, within the field's bounds; complains and gives false. */
bool profile_integer(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node, int64_t *out);

/* The number of a word; complains with the list of words and gives false. */
bool profile_word_number(struct profile_reader *reader, const struct profile_field *field, yaml_node_t *node,
                         int64_t *out);

void profile_integer_put(const struct profile_field *field, void *target, int64_t value);

/* Follow the shape's rows through a mapping. */
void profile_mapping_read(struct profile_reader *reader, const struct profile_shape *shape, yaml_node_t *node,
                          void *target);

/* Readers of common values. */
void profile_read_text(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_integer(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_boolean(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_word(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_word_set(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_mapping(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);

/* Readers of the format's own values. */
void profile_read_codec(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_quantity(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_unit(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_identifier(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_name(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_bit(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_format(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_points(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_commands(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_limits(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_decimal(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_confirm(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_confirm_point(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);
void profile_read_confirm_value(struct profile_reader *, const struct profile_field *, yaml_node_t *, void *target);

/* What only the whole profile shows: units that fit, names used twice, points that are not there. */
void profile_check(struct profile_reader *reader);

#endif
