/* What a core elsewhere answers: within the bounds, and the same whatever the pieces in which it comes. */
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/http_answer.h"

#define INPUT_LIMIT 32768

static void must(bool holds)
{
    if (!holds)
        abort();
}

static int take(struct http_answer *answer, const uint8_t *bytes, size_t size, size_t piece, uint8_t *body, size_t *body_size)
{
    int result = 0;

    http_answer_begin(answer, false);
    *body_size = 0;
    for (size_t at = 0; at < size && result == 0; at += piece) {
        size_t more = 0, part = size - at < piece ? size - at : piece;
        result = http_answer_take(answer, span_of_bytes(bytes + at, part), body + *body_size, &more);
        must(more <= part);
        *body_size += more;
    }
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct http_answer whole, pieces;
    static uint8_t whole_body[INPUT_LIMIT], pieces_body[INPUT_LIMIT];
    size_t whole_size, pieces_size;

    if (size > INPUT_LIMIT)
        return 0;
    int result = take(&whole, bytes, size, INPUT_LIMIT, whole_body, &whole_size);
    must(take(&pieces, bytes, size, 1, pieces_body, &pieces_size) == result);
    must(whole.state == pieces.state && whole.status == pieces.status && whole.header_count == pieces.header_count);
    must(whole_size == pieces_size && memcmp(whole_body, pieces_body, whole_size) == 0);
    if (result == 0 && http_answer_has_head(&whole)) {
        must(whole.status >= 200 && whole.status <= 599 && whole.left >= 0 && whole.size >= -1);
        for (size_t i = 0; i < whole.header_count; i++)
            must(whole.headers[i].name[0] != '\0' && strpbrk(whole.headers[i].value, "\r\n") == NULL);
    }
    return 0;
}
