#include "base/span.h"

#include <string.h>

#include "base/error.h"

struct span span_of_text(const char *text)
{
    return span_of_bytes(text, text ? strlen(text) : 0);
}

bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

bool span_equal_text(struct span a, const char *text)
{
    return span_equal(a, span_of_text(text));
}

int span_compare(struct span a, struct span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common > 0 ? memcmp(a.bytes, b.bytes, common) : 0;
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

int span_slice(struct span from, size_t offset, size_t size, struct span *out)
{
    if (offset > from.size || size > from.size - offset)
        return BASE_ERR_RANGE;
    /* NULL + 0 is undefined in C99, and an empty span may hold NULL. */
    *out = span_of_bytes(offset > 0 ? from.bytes + offset : from.bytes, size);
    return 0;
}

ptrdiff_t span_find_byte(struct span in, uint8_t byte)
{
    if (in.size == 0)
        return -1;
    const uint8_t *found = memchr(in.bytes, byte, in.size);
    return found ? found - in.bytes : -1;
}
