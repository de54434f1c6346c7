/* What fuzz targets of protected frames share: a check of rows, and a cipher that changes nothing and whose tag is all
 * zero, so that the fuzzer reaches what lies behind the encryption. */
#ifndef FUZZ_OPEN_CIPHER_H
#define FUZZ_OPEN_CIPHER_H

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "codec/explain/explain.h"

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static int cbc_copy(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                    const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    (void)algorithm;
    (void)key;
    (void)initial;
    if (in.size % CIPHER_BLOCK_SIZE != 0)
        return -1;
    memmove(out, in.bytes, in.size);
    return 0;
}

static int counter_copy(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                        const uint8_t counter[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out)
{
    (void)context;
    (void)algorithm;
    (void)key;
    (void)counter;
    if (in.size > 0)
        memmove(out, in.bytes, in.size);
    return 0;
}

static int cmac_zero(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                     const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE])
{
    (void)context;
    (void)algorithm;
    (void)key;
    (void)parts;
    (void)part_count;
    memset(out, 0, CIPHER_BLOCK_SIZE);
    return 0;
}

static const struct cipher open_cipher = { NULL, cbc_copy, cbc_copy, counter_copy, cmac_zero };
static const uint8_t open_key[CIPHER_BLOCK_SIZE] = { 0 };

/* Rows stay inside the frame (the context), their texts are UTF-8. */
static inline void row_check(void *context, const struct explain_field *field)
{
    const struct span *frame = context;

    must(field->offset <= frame->size && field->size <= frame->size - field->offset);
    must(field->depth < 16);
    must(text_utf8_check(span_of_text(field->name)) > 0);
    must(text_utf8_check(span_of_text(field->value)) >= 0);
    must(text_utf8_check(span_of_text(field->meaning)) >= 0);
}

#endif
