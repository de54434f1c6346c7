#include "codec/hotwater/hotwater_code.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"

#define SCHEME "https://"
#define FOLDER "/hw/"
#define DIGITS 12
#define TAIL_SIZE (sizeof FOLDER - 1 + DIGITS + 3) /* "/hw/440105000123-82" */

int hotwater_check_digits(const uint8_t meter[HOTWATER_METER_SIZE])
{
    int64_t number = bcd_read_big(span_of_bytes(meter, HOTWATER_METER_SIZE));
    return number < 0 ? CODEC_ERR_RANGE : (int)(98 - number % 97 * 100 % 97);
}

static bool is_host(struct span host)
{
    if (host.size == 0 || host.size > HOTWATER_HOST_LIMIT)
        return false;
    for (size_t i = 0; i < host.size; i++) {
        uint8_t c = host.bytes[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != ':')
            return false;
    }
    return true;
}

int hotwater_code_write(struct span host, const uint8_t meter[HOTWATER_METER_SIZE], struct writer *out)
{
    int check = hotwater_check_digits(meter);

    if (check < 0 || !is_host(host))
        return CODEC_ERR_RANGE;
    writer_text(out, SCHEME);
    writer_put_span(out, host);
    writer_text(out, FOLDER);
    for (size_t i = 0; i < HOTWATER_METER_SIZE; i++) {
        writer_put_u8(out, (uint8_t)('0' + (meter[i] >> 4)));
        writer_put_u8(out, (uint8_t)('0' + (meter[i] & 15)));
    }
    writer_put_u8(out, '-');
    writer_put_u8(out, (uint8_t)('0' + check / 10));
    writer_put_u8(out, (uint8_t)('0' + check % 10));
    return out->overflow ? CODEC_ERR_FULL : 0;
}

/* The number and its check digits, from "440105000123-82". */
static int digits_read(const uint8_t *text, uint8_t *meter, int *check)
{
    for (size_t i = 0; i < DIGITS + 3; i++)
        if (i != DIGITS && (text[i] < '0' || text[i] > '9'))
            return CODEC_ERR_FORMAT;
    if (text[DIGITS] != '-')
        return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < HOTWATER_METER_SIZE; i++)
        meter[i] = (uint8_t)((text[2 * i] - '0') << 4 | (text[2 * i + 1] - '0'));
    *check = 10 * (text[DIGITS + 1] - '0') + text[DIGITS + 2] - '0';
    return 0;
}

int hotwater_code_read(struct span text, uint8_t meter[HOTWATER_METER_SIZE], struct span *host)
{
    size_t around = sizeof SCHEME - 1 + TAIL_SIZE;
    uint8_t number[HOTWATER_METER_SIZE];
    int check = 0;

    if (text.size <= around || memcmp(text.bytes, SCHEME, sizeof SCHEME - 1) != 0)
        return CODEC_ERR_FORMAT;
    struct span name = span_of_bytes(text.bytes + sizeof SCHEME - 1, text.size - around);
    const uint8_t *tail = name.bytes + name.size;
    if (!is_host(name) || memcmp(tail, FOLDER, sizeof FOLDER - 1) != 0 ||
        digits_read(tail + sizeof FOLDER - 1, number, &check) < 0)
        return CODEC_ERR_FORMAT;
    if (check != hotwater_check_digits(number))
        return CODEC_ERR_CHECKSUM;
    memcpy(meter, number, sizeof number);
    if (host != NULL)
        *host = name;
    return 0;
}
