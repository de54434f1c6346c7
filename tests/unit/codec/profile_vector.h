/* Compares what the explainer says about a frame with the frame's meaning: vectors of tests/vectors/manhole and
 * tests/vectors/hotwater. */
#ifndef TESTS_CODEC_PROFILE_VECTOR_H
#define TESTS_CODEC_PROFILE_VECTOR_H

#include "tests/unit/unit_test.h"

#include "codec/explain/explain.h"
#include "tests/unit/codec/vector_json.h"

#define PROFILE_VECTOR_ROWS 200
#define PROFILE_VECTOR_ITEMS 100

/* A row as a program finds it in the JSON form. */
struct profile_row {
    size_t offset;
    size_t size;
    unsigned depth;
    char key[64]; /* "terminal_id" */
    char value[EXPLAIN_TEXT_LIMIT];
    char meaning[EXPLAIN_TEXT_LIMIT];
    bool is_address;
};

struct profile_told {
    struct profile_row rows[PROFILE_VECTOR_ROWS];
    size_t row_count;
    struct item items[PROFILE_VECTOR_ITEMS];
    char item_values[PROFILE_VECTOR_ITEMS][64];
    size_t item_count;
    int result;
    size_t error_offset;
};

/* Bytes of the entry's "key"; empty when it has none. Static. */
struct span profile_vector_key(const struct vector_json *vector);

/* Explain a frame; rows and items are copied. `key` may be empty. */
void profile_tell(struct profile_told *told, const char *protocol, enum explain_language language, struct span frame,
                  struct span key);

/* The row of that key behind row `from`; fails the test when there is none. */
const struct profile_row *profile_row_find(const struct profile_told *told, const char *key, size_t *from);

/* Explain the vector's frame, compare rows and items with its fields and items, and see that every byte has a row. */
void profile_vector_check(const char *protocol, const struct vector_json *vector);

#endif
