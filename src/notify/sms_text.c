#include "notify/sms_text.h"

#include <string.h>

#include "base/text.h"
#include "notify/notify_error.h"

#define SINGLE_PLAIN 160
#define SINGLE_UNITS 70
#define PART_UNITS 67
#define HEADER_SIZE 6

/* Characters with one code in ASCII and in the GSM 7-bit default alphabet. */
static bool is_plain(uint8_t character)
{
    return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
           (character >= 'a' && character <= 'z') ||
           (character != 0 && strchr(" !\"#%&'()*+,-./:;<=>?", (int)character) != NULL);
}

static bool text_is_plain(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_plain(text.bytes[i]))
            return false;
    return true;
}

/* One code point of valid UTF-8 as one or two units. returns  how many */
static int units_take(struct span *text, uint16_t units[2])
{
    const uint8_t *byte = text->bytes;
    size_t size = *byte >= 0xf0 ? 4 : *byte >= 0xe0 ? 3 : *byte >= 0xc0 ? 2 : 1;
    uint32_t point = size == 4 ? *byte & 0x07u : size == 3 ? *byte & 0x0fu : size == 2 ? *byte & 0x1fu : *byte;

    for (size_t i = 1; i < size; i++)
        point = point << 6 | (byte[i] & 0x3fu);
    *text = span_of_bytes(text->bytes + size, text->size - size);
    if (point <= 0xffff) {
        units[0] = (uint16_t)point;
        return 1;
    }
    point -= 0x10000;
    units[0] = (uint16_t)(0xd800 | point >> 10);
    units[1] = (uint16_t)(0xdc00 | (point & 0x3ff));
    return 2;
}

static void part_fill(struct sms_part *part, struct span *text, int limit)
{
    uint16_t units[2];
    int used = 0;

    while (text->size > 0) {
        struct span rest = *text;
        int count = units_take(&rest, units);

        if (used + count > limit)
            return;
        for (int i = 0; i < count; i++) {
            part->bytes[part->size++] = (uint8_t)(units[i] >> 8);
            part->bytes[part->size++] = (uint8_t)units[i];
        }
        used += count;
        *text = rest;
    }
}

static int parts_fill(struct span text, uint8_t reference, struct sms_text *out)
{
    for (out->part_count = 0; text.size > 0; out->part_count++) {
        struct sms_part *part = &out->parts[out->part_count];
        const uint8_t header[HEADER_SIZE] = { 5, 0, 3, reference, 0, (uint8_t)(out->part_count + 1) };

        if (out->part_count == MESSAGE_PART_LIMIT)
            return NOTIFY_ERR_LONG;
        memcpy(part->bytes, header, sizeof header);
        part->size = HEADER_SIZE;
        part_fill(part, &text, PART_UNITS);
    }
    for (uint8_t i = 0; i < out->part_count; i++)
        out->parts[i].bytes[4] = out->part_count;
    return 0;
}

int sms_text_split(const char *text, uint8_t reference, struct sms_text *out)
{
    struct span span = span_of_text(text);
    struct span rest = span;

    if (span.size == 0 || text_utf8_check(span) < 0)
        return NOTIFY_ERR_LONG;
    memset(out, 0, sizeof *out);
    out->part_count = 1;
    if (span.size <= SINGLE_PLAIN && text_is_plain(span)) {
        out->parts[0].size = (uint8_t)span.size;
        memcpy(out->parts[0].bytes, span.bytes, span.size);
        return 0;
    }
    out->is_ucs2 = true;
    part_fill(&out->parts[0], &rest, SINGLE_UNITS);
    return rest.size == 0 ? 0 : parts_fill(span, reference, out);
}
