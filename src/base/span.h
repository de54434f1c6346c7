/* A view of bytes that somebody else owns: how all input travels through the house. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `bytes` may be NULL only when `size` is 0. Lives as long as what it points into. */
struct span {
    const uint8_t *bytes;
    size_t size;
};

/* The view of a zero-terminated text without its zero; NULL gives an empty span. */
struct span span_of_text(const char *text);

/* The view of `size` bytes at `bytes`. Here and not in span.c because decoders make several for every value. */
static inline struct span span_of_bytes(const void *bytes, size_t size)
{
    struct span span = { (const uint8_t *)bytes, size };
    return span;
}

/* Every byte is `filler`; true of no bytes at all. Here for the same reason. */
static inline bool span_is_filled(struct span span, uint8_t filler)
{
    for (size_t i = 0; i < span.size; i++)
        if (span.bytes[i] != filler)
            return false;
    return true;
}

/* Same size and same bytes. Not for secrets: the time taken depends on the content. */
bool span_equal(struct span a, struct span b);

/* Same bytes as the zero-terminated `text`. */
bool span_equal_text(struct span a, const char *text);

/* Bytewise order, a prefix before the longer: negative, 0 or positive as memcmp. */
int span_compare(struct span a, struct span b);

/* `size` bytes from `offset` on.
 * returns  0; BASE_ERR_RANGE when they are not all inside `from` */
int span_slice(struct span from, size_t offset, size_t size, struct span *out);

/* Offset of the first `byte`, or -1 when there is none (or it lies beyond PTRDIFF_MAX). */
ptrdiff_t span_find_byte(struct span in, uint8_t byte);

#endif
