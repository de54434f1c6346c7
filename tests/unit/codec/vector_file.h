/* Reads tests/vectors/STANDARD/NAME.vec: blocks of "key: value" lines, a blank line between blocks. */
#ifndef TESTS_CODEC_VECTOR_FILE_H
#define TESTS_CODEC_VECTOR_FILE_H

#include <stddef.h>

#define VECTOR_LIMIT 128       /* blocks of one file */
#define VECTOR_FIELD_LIMIT 10  /* lines of one block */
#define VECTOR_FILE_LIMIT 65536

struct vector {
    struct {
        const char *key;
        const char *value;
    } fields[VECTOR_FIELD_LIMIT];
    size_t count;
};

struct vector_file {
    char text[VECTOR_FILE_LIMIT]; /* the lines, cut into keys and values */
    struct vector vectors[VECTOR_LIMIT];
    size_t count;
};

/* Fills `file` from `path` below the folder of vectors; stops the program when it cannot be read whole. */
void vector_file_read(struct vector_file *file, const char *path);

/* Value of a key; NULL when the block has none. */
const char *vector_value(const struct vector *vector, const char *key);

#endif
