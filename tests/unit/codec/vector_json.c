#include "tests/unit/codec/vector_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"

static void stop(const char *path, size_t index, const char *reason)
{
    fprintf(stderr, "%s, entry %zu: %s\n", path, index, reason);
    exit(1);
}

const char *vector_json_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

long long vector_json_integer(const json_t *object, const char *key, long long fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

static void entry_visit(const char *path, size_t index, const json_t *entry,
                        void (*visit)(const struct vector_json *vector, void *context), void *context)
{
    static struct vector_json vector;
    const char *hex = vector_json_text(entry, "hex");
    const char *note = vector_json_text(entry, "note");

    if (hex == NULL)
        stop(path, index, "no \"hex\"");
    int size = hex_decode(span_of_text(hex), vector.bytes, sizeof vector.bytes);
    if (size < 0)
        stop(path, index, "\"hex\" is not hexadecimal, or too long");
    vector.index = index;
    vector.frame = span_of_bytes(vector.bytes, (size_t)size);
    vector.entry = entry;
    vector.meaning = json_object_get(entry, "meaning");
    vector.note = note == NULL ? "" : note;
    visit(&vector, context);
}

void vector_json_each(const char *path, void (*visit)(const struct vector_json *vector, void *context), void *context)
{
    char name[1024];
    json_error_t error;
    size_t index;
    json_t *entry;

    snprintf(name, sizeof name, "%s/%s", VECTORS_FOLDER, path);
    json_t *list = json_load_file(name, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!json_is_array(list))
        stop(name, (size_t)error.line, error.text);
    json_array_foreach(list, index, entry)
    {
        entry_visit(name, index, entry, visit, context);
    }
    json_decref(list);
}
