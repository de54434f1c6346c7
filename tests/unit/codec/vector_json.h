/* Reads tests/vectors/PROTOCOL/NAME.json: a list of frames with their meanings. */
#ifndef TESTS_CODEC_VECTOR_JSON_H
#define TESTS_CODEC_VECTOR_JSON_H

#include <jansson.h>

#include "base/span.h"

#define VECTOR_FRAME_LIMIT 4096

struct vector_json {
    size_t index; /* in the file, for messages */
    uint8_t bytes[VECTOR_FRAME_LIMIT];
    struct span frame;     /* of `bytes` */
    const json_t *entry;   /* the whole block; borrowed */
    const json_t *meaning; /* its "meaning"; borrowed */
    const char *note;      /* "" when there is none */
};

/* Calls `visit` for every entry of `path` below the folder of vectors; stops the program when the file cannot be read
 * or an entry has no "hex". */
void vector_json_each(const char *path, void (*visit)(const struct vector_json *vector, void *context), void *context);

/* Text and integer members of an object; NULL and `fallback` when they are not there. */
const char *vector_json_text(const json_t *object, const char *key);
long long vector_json_integer(const json_t *object, const char *key, long long fallback);

#endif
