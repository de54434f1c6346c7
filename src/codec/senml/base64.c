#include "codec/senml/base64.h"

#include "codec/codec_error.h"

static int digit_of(uint8_t character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A';
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 26;
    if (character >= '0' && character <= '9')
        return character - '0' + 52;
    if (character == '-' || character == '+')
        return 62;
    if (character == '_' || character == '/')
        return 63;
    return -1;
}

/* Size without the padding; padding must complete a group of four. */
static int padding_strip(struct span text, size_t *size)
{
    *size = text.size;
    while (*size > 0 && text.size - *size < 2 && text.bytes[*size - 1] == '=')
        *size -= 1;
    return *size != text.size && text.size % 4 != 0 ? CODEC_ERR_FORMAT : 0;
}

int base64_decode(struct span text, struct writer *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t size;

    if (padding_strip(text, &size) < 0 || size % 4 == 1)
        return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < size; i++)
        if (digit_of(text.bytes[i]) < 0)
            return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < size; i++) {
        bits = (bits << 6 | (uint32_t)digit_of(text.bytes[i])) & 0xffffu;
        held += 6;
        if (held >= 8) {
            held -= 8;
            writer_put_u8(out, (uint8_t)(bits >> held));
        }
    }
    return out->overflow ? CODEC_ERR_FULL : 0;
}

void base64_encode(struct span bytes, struct writer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t bits = 0;
    unsigned held = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        bits = (bits << 8 | bytes.bytes[i]) & 0xffffu;
        for (held += 8; held >= 6; held -= 6)
            writer_put_u8(out, (uint8_t)digits[bits >> (held - 6) & 63]);
    }
    if (held > 0)
        writer_put_u8(out, (uint8_t)digits[bits << (6 - held) & 63]);
}
