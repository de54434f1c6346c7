/* The readers of text in base: whatever they accept, written again, must be read as the same. */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/hex.h"
#include "base/text.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void decimal_try(struct span text, int scale)
{
    char again[DECIMAL_TEXT_LIMIT];
    int64_t value, back;
    if (decimal_parse(text, scale, &value) < 0)
        return;
    must(decimal_format(value, scale, true, again, sizeof again) > 0);
    must(decimal_parse(span_of_text(again), scale, &back) == 0 && back == value);
}

static void time_try(struct span text)
{
    char again[CALENDAR_TIME_TEXT_LIMIT];
    int64_t value, back;
    if (calendar_parse_time(text, &value) < 0)
        return;
    /* Year 1 east of Greenwich lies before the first day that can be written in UTC. */
    if (calendar_format_time(value, 0, again, sizeof again) < 0)
        return;
    must(calendar_parse_time(span_of_text(again), &back) == 0 && back == value);
}

static void hex_try(struct span text)
{
    uint8_t bytes[256], back[256];
    char again[2 * sizeof bytes + 1];
    int size = hex_decode(text, bytes, sizeof bytes);
    if (size < 0)
        return;
    must(hex_encode(span_of_bytes(bytes, (size_t)size), again, sizeof again) == 2 * size);
    must(hex_decode(span_of_text(again), back, sizeof back) == size);
    must(memcmp(bytes, back, (size_t)size) == 0);
}

/* However valid text is cut, both parts stay valid. */
static void utf8_try(struct span text, size_t limit)
{
    struct span tail;
    int count = text_utf8_check(text);
    if (count < 0)
        return;
    size_t cut = text_utf8_cut(text, limit);
    must(cut <= limit || cut == text.size);
    must(span_slice(text, cut, text.size - cut, &tail) == 0);
    must(text_utf8_check(span_of_bytes(text.bytes, cut)) + text_utf8_check(tail) == count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span text = span_of_bytes(data + 1, size - 1);
    decimal_try(text, data[0] % (DECIMAL_SCALE_LIMIT + 1));
    time_try(text);
    hex_try(text);
    utf8_try(text, data[0]);
    return 0;
}
