#include "base/decimal.h"

#include <string.h>

#include "base/error.h"
#include "base/magnitude.h"

struct decimal_digits {
    struct span whole;
    struct span fraction;
    bool negative;
};

static bool digits_only(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return true;
}

static int text_split(struct span text, struct decimal_digits *out)
{
    struct decimal_digits digits = { text, { NULL, 0 }, false };
    if (text.size > 0 && (text.bytes[0] == '-' || text.bytes[0] == '+')) {
        digits.negative = text.bytes[0] == '-';
        digits.whole = span_of_bytes(text.bytes + 1, text.size - 1);
    }
    ptrdiff_t point = span_find_byte(digits.whole, '.');
    if (point >= 0) {
        struct span all = digits.whole;
        digits.whole = span_of_bytes(all.bytes, (size_t)point);
        digits.fraction = span_of_bytes(all.bytes + point + 1, all.size - (size_t)point - 1);
        if (digits.fraction.size == 0)
            return BASE_ERR_SYNTAX;
    }
    if (digits.whole.size == 0 || !digits_only(digits.whole) || !digits_only(digits.fraction))
        return BASE_ERR_SYNTAX;
    *out = digits;
    return 0;
}

/* magnitude * 10 + digit, at most 2^63, which is the magnitude of INT64_MIN. */
static int digit_append(uint64_t *magnitude, unsigned digit)
{
    const uint64_t limit = (uint64_t)INT64_MAX + 1;
    if (*magnitude > (limit - digit) / 10)
        return BASE_ERR_RANGE;
    *magnitude = *magnitude * 10 + digit;
    return 0;
}

static int magnitude_read(const struct decimal_digits *digits, size_t scale, uint64_t *out)
{
    uint64_t magnitude = 0;
    for (size_t i = 0; i < digits->whole.size; i++)
        if (digit_append(&magnitude, (unsigned)(digits->whole.bytes[i] - '0')) < 0)
            return BASE_ERR_RANGE;
    for (size_t i = 0; i < scale; i++) {
        unsigned digit = i < digits->fraction.size ? (unsigned)(digits->fraction.bytes[i] - '0') : 0;
        if (digit_append(&magnitude, digit) < 0)
            return BASE_ERR_RANGE;
    }
    for (size_t i = scale; i < digits->fraction.size; i++)
        if (digits->fraction.bytes[i] != '0')
            return BASE_ERR_RANGE;
    *out = magnitude;
    return 0;
}

int decimal_parse(struct span text, int scale, int64_t *out)
{
    struct decimal_digits digits;
    uint64_t magnitude;
    if (scale < 0 || scale > DECIMAL_SCALE_LIMIT)
        return BASE_ERR_RANGE;
    int result = text_split(text, &digits);
    if (result == 0)
        result = magnitude_read(&digits, (size_t)scale, &magnitude);
    return result < 0 ? result : magnitude_sign(magnitude, digits.negative, out);
}

/* Digits of `magnitude` backwards from `end`, at least scale + 1 of them; the point is among them. */
static char *digits_write(uint64_t magnitude, int scale, bool trim, char *end)
{
    bool kept = !trim;
    for (int i = 0; i < scale; i++, magnitude /= 10) {
        char digit = (char)('0' + magnitude % 10);
        kept = kept || digit != '0';
        if (kept)
            *--end = digit;
    }
    if (scale > 0 && kept)
        *--end = '.';
    do
        *--end = (char)('0' + magnitude % 10);
    while ((magnitude /= 10) > 0);
    return end;
}

int decimal_format(int64_t value, int scale, bool trim, char *text, size_t capacity)
{
    char buffer[DECIMAL_TEXT_LIMIT];
    char *end = buffer + sizeof buffer - 1;
    if (scale < 0 || scale > DECIMAL_SCALE_LIMIT)
        return BASE_ERR_RANGE;
    *end = 0;
    char *start = digits_write(magnitude_of(value), scale, trim, end);
    if (value < 0)
        *--start = '-';
    size_t size = (size_t)(end - start);
    if (capacity < size + 1)
        return BASE_ERR_FULL;
    memcpy(text, start, size + 1);
    return (int)size;
}

int decimal_parse_fen(struct span text, int64_t *amount_fen)
{
    return decimal_parse(text, 2, amount_fen);
}

int decimal_format_fen(int64_t amount_fen, char *text, size_t capacity)
{
    return decimal_format(amount_fen, 2, false, text, capacity);
}
