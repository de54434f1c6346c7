/* Compares items with the "records" of the M-Bus vectors; wired and radio vectors have the same form. */
#ifndef TESTS_CODEC_MBUS_VECTOR_H
#define TESTS_CODEC_MBUS_VECTOR_H

#include "codec/item/item.h"
#include "tests/unit/codec/vector_json.h"

/* Fails the test when the item is not what the record says, field by field. */
void mbus_vector_record_check(const json_t *record, const struct item *item);

/* "raw" of a record; empty when it has none. */
struct span mbus_vector_raw(const json_t *record, uint8_t *bytes, size_t capacity);

#endif
