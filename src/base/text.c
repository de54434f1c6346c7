#include "base/text.h"

#include <string.h>

#include "base/error.h"

int text_copy(struct span from, char *to, size_t capacity)
{
    if (from.size >= capacity || from.size > INT32_MAX)
        return BASE_ERR_FULL;
    if (span_find_byte(from, 0) >= 0)
        return BASE_ERR_SYNTAX;
    if (from.size > 0)
        memcpy(to, from.bytes, from.size);
    to[from.size] = 0;
    return (int)from.size;
}

bool text_blank_is(uint8_t character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

struct span text_trim(struct span text)
{
    while (text.size > 0 && text_blank_is(text.bytes[text.size - 1]))
        text.size--;
    while (text.size > 0 && text_blank_is(text.bytes[0])) {
        text.bytes++;
        text.size--;
    }
    return text;
}

static int letter_lower(int character)
{
    return character >= 'A' && character <= 'Z' ? character - 'A' + 'a' : character;
}

void text_lower_ascii(char *text)
{
    for (; *text; text++)
        *text = (char)letter_lower(*text);
}

bool text_equal_ignoring_case(struct span a, struct span b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (letter_lower(a.bytes[i]) != letter_lower(b.bytes[i]))
            return false;
    return true;
}

/* RFC 3629 section 4: first byte range, number of bytes, range of the second byte. */
static const struct utf8_form {
    uint8_t first_low, first_high, size, second_low, second_high;
} utf8_forms[] = {
    { 0x00, 0x7F, 1, 0x00, 0x00 }, { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF },
    { 0xE1, 0xEC, 3, 0x80, 0xBF }, { 0xED, 0xED, 3, 0x80, 0x9F }, { 0xEE, 0xEF, 3, 0x80, 0xBF },
    { 0xF0, 0xF0, 4, 0x90, 0xBF }, { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
};

/* Bytes of the code point at the front of `text`, 0 when it is damaged. */
static size_t code_point_size(struct span text)
{
    for (size_t i = 0; i < sizeof utf8_forms / sizeof utf8_forms[0]; i++) {
        const struct utf8_form *form = &utf8_forms[i];
        if (text.bytes[0] < form->first_low || text.bytes[0] > form->first_high)
            continue;
        if (text.size < form->size)
            return 0;
        if (form->size > 1 && (text.bytes[1] < form->second_low || text.bytes[1] > form->second_high))
            return 0;
        for (size_t k = 2; k < form->size; k++)
            if ((text.bytes[k] & 0xC0) != 0x80)
                return 0;
        return form->size;
    }
    return 0;
}

int text_utf8_check(struct span text)
{
    if (text.size > INT32_MAX)
        return BASE_ERR_RANGE;
    int count = 0;
    while (text.size > 0) {
        size_t size = code_point_size(text);
        if (size == 0)
            return BASE_ERR_UTF8;
        text.bytes += size;
        text.size -= size;
        count++;
    }
    return count;
}

size_t text_utf8_cut(struct span text, size_t limit)
{
    if (text.size <= limit)
        return text.size;
    while (limit > 0 && (text.bytes[limit] & 0xC0) == 0x80)
        limit--;
    return limit;
}

static uint32_t code_point_at(struct span text, size_t at, size_t *size)
{
    uint8_t lead = text.bytes[at];
    uint32_t code = lead < 0x80 ? lead : lead < 0xE0 ? lead & 0x1Fu : lead < 0xF0 ? lead & 0x0Fu : lead & 0x07u;

    *size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < *size; i++)
        code = code << 6 | (text.bytes[at + i] & 0x3Fu);
    return code;
}

size_t text_unprintable_at(struct span text, size_t at)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {
        { 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x2028, 0x202E }, { 0x2066, 0x2069 }, { 0xFDD0, 0xFDEF },
    };
    size_t size;
    uint32_t code = code_point_at(text, at, &size);

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return size;
    return (code & 0xFFFE) == 0xFFFE ? size : 0;
}
