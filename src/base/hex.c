#include "base/hex.h"

#include <limits.h>

#include "base/error.h"
#include "base/text.h"

int hex_encode(struct span bytes, char *text, size_t capacity)
{
    static const char digits[] = "0123456789abcdef";
    if (bytes.size > INT_MAX / 2 || capacity < 2 * bytes.size + 1)
        return BASE_ERR_FULL;
    for (size_t i = 0; i < bytes.size; i++) {
        text[2 * i] = digits[bytes.bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes.bytes[i] & 15];
    }
    text[2 * bytes.size] = 0;
    return (int)(2 * bytes.size);
}

int hex_digit_value(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return -1;
}

/* Walks the text once; `bytes` NULL only counts. */
static int pairs_walk(struct span text, uint8_t *bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text_blank_is(text.bytes[i]))
            continue;
        int high = hex_digit_value(text.bytes[i]);
        int low = i + 1 < text.size ? hex_digit_value(text.bytes[i + 1]) : -1;
        if (high < 0 || low < 0)
            return BASE_ERR_SYNTAX;
        if (bytes)
            bytes[count] = (uint8_t)(high << 4 | low);
        count++;
        i++;
    }
    return count > INT_MAX ? BASE_ERR_FULL : (int)count;
}

int hex_decode(struct span text, uint8_t *bytes, size_t capacity)
{
    int count = pairs_walk(text, NULL);
    if (count < 0)
        return count;
    if ((size_t)count > capacity)
        return BASE_ERR_FULL;
    return pairs_walk(text, bytes);
}
