/* The rows of the format as a JSON schema, so that an editor complains while somebody types. */
#include "registry/profile_internal.h"

static void shape_write(const struct profile_vocabulary *vocabulary, const struct profile_shape *shape,
    struct writer *out);

static void words_write(const struct profile_word *words, struct writer *out)
{
    writer_text(out, "\"enum\":[");
    for (const struct profile_word *word = words; word->name != NULL; word++)
        writer_format(out, "%s\"%s\"", word == words ? "" : ",", word->name);
    writer_text(out, "]");
}

static void text_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    writer_format(out, "\"type\":\"string\",\"minLength\":1,\"maxLength\":%zu", field->size > 0 ? field->size - 1 : 64);
}

/* YAML reads 0x0C as a number, an identifier such as 00010000 perhaps as a text: both are right. */
static void integer_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    writer_format(out, "\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld", (long long)field->minimum,
                  (long long)field->maximum);
}

/* Words that look like numbers (a baud rate) are numbers to an editor. */
static void word_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    if (field->words[0].name[0] >= '0' && field->words[0].name[0] <= '9')
        writer_text(out, "\"type\":\"integer\"");
    else
        words_write(field->words, out);
}

static void word_set_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    writer_text(out, "\"type\":\"array\",\"items\":{");
    words_write(field->words, out);
    writer_text(out, "}");
}

static void mapping_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    shape_write(vocabulary, field->shape, out);
}

static void list_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    writer_text(out, "\"type\":\"array\",\"minItems\":1,\"items\":{");
    shape_write(vocabulary, field->shape, out);
    writer_text(out, "}");
}

static void codec_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)field;
    writer_text(out, "\"enum\":[");
    for (size_t i = 0; vocabulary->codec_at(i) != NULL; i++)
        writer_format(out, "%s\"%s\"", i == 0 ? "" : ",", vocabulary->codec_at(i)->name);
    writer_text(out, "]");
}

static void boolean_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    (void)field;
    writer_text(out, "\"type\":\"boolean\"");
}

static void scalar_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    (void)vocabulary;
    (void)field;
    writer_text(out, "\"type\":[\"string\",\"number\"]");
}

struct schema_row {
    profile_field_reader read;
    void (*write)(const struct profile_vocabulary *, const struct profile_field *, struct writer *);
};

static const struct schema_row rows[] = {
    { profile_read_text, text_write },
    { profile_read_name, text_write },
    { profile_read_integer, integer_write },
    { profile_read_bit, integer_write },
    { profile_read_word, word_write },
    { profile_read_word_set, word_set_write },
    { profile_read_boolean, boolean_write },
    { profile_read_mapping, mapping_write },
    { profile_read_limits, mapping_write },
    { profile_read_confirm, mapping_write },
    { profile_read_points, list_write },
    { profile_read_commands, list_write },
    { profile_read_codec, codec_write },
};

static void field_write(const struct profile_vocabulary *vocabulary, const struct profile_field *field,
    struct writer *out)
{
    size_t i = 0;

    writer_format(out, "\"%s\":{\"description\":\"%s\",", field->key, field->help);
    while (i < sizeof rows / sizeof rows[0] && rows[i].read != field->read)
        i++;
    if (i < sizeof rows / sizeof rows[0])
        rows[i].write(vocabulary, field, out);
    else
        scalar_write(vocabulary, field, out);
    writer_text(out, "}");
}

static void shape_write(const struct profile_vocabulary *vocabulary, const struct profile_shape *shape,
    struct writer *out)
{
    const char *between = "";

    writer_text(out, "\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
    for (size_t i = 0; i < shape->count; i++) {
        if (!shape->fields[i].required)
            continue;
        writer_format(out, "%s\"%s\"", between, shape->fields[i].key);
        between = ",";
    }
    writer_text(out, "],\"properties\":{");
    for (size_t i = 0; i < shape->count; i++) {
        writer_text(out, i == 0 ? "" : ",");
        field_write(vocabulary, &shape->fields[i], out);
    }
    writer_text(out, "}");
}

void profile_schema_write(const struct profile_vocabulary *vocabulary, struct writer *out)
{
    writer_text(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
                     "\"title\":\"Meterworks device model\",");
    shape_write(vocabulary, &profile_shape, out);
    writer_text(out, "}");
}
