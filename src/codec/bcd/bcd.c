#include "codec/bcd/bcd.h"

#include "codec/codec_error.h"

int bcd_byte_read(uint8_t byte)
{
    int high = byte >> 4;
    int low = byte & 15;
    return high > 9 || low > 9 ? -1 : 10 * high + low;
}

uint8_t bcd_byte_write(int value)
{
    return (uint8_t)(value / 10 << 4 | value % 10);
}

#define WORD_SIZE 8
#define NIBBLES_OF_ONE 0x1111111111111111u
#define LOW_NIBBLES 0x0f0f0f0f0f0f0f0fu
#define EVEN_BYTES 0x00ff00ff00ff00ffu
#define EVEN_PAIRS 0x0000ffff0000ffffu

static uint64_t word_read(const uint8_t *bytes, size_t size)
{
    uint64_t word = 0;

    for (size_t i = size; i-- > 0;)
        word = word << 8 | bytes[i];
    return word;
}

/* Adding 6 to each digit carries out of those above 9; of the topmost the carry is lost, so it is asked for alone. */
static bool has_other_nibbles(uint64_t word)
{
    const uint64_t sixes = 6 * NIBBLES_OF_ONE;
    uint64_t carries = ((word + sixes) ^ word ^ sixes) & NIBBLES_OF_ONE & ~(uint64_t)1;
    return carries != 0 || word >> 60 > 9;
}

/* Up to 16 digits at once: pairs become bytes, bytes become lanes of 16 bits, lanes become halves. */
static int64_t word_value(uint64_t word)
{
    uint64_t bytes = word - 6 * (word >> 4 & LOW_NIBBLES);
    uint64_t lanes = (bytes & EVEN_BYTES) + 100 * (bytes >> 8 & EVEN_BYTES);
    uint64_t halves = (lanes & EVEN_PAIRS) + 10000 * (lanes >> 16 & EVEN_PAIRS);
    return (int64_t)((halves & 0xffffffffu) + 100000000 * (halves >> 32));
}

int64_t bcd_read(struct span bytes)
{
    int top = 0;

    if (bytes.size == 4)
        return bcd_read_4(bytes.bytes);
    if (bytes.size == 0 || bytes.size > BCD_SIZE_LIMIT)
        return -1;
    uint64_t word = word_read(bytes.bytes, bytes.size < WORD_SIZE ? bytes.size : WORD_SIZE);
    if (bytes.size > WORD_SIZE)
        top = bcd_byte_read(bytes.bytes[WORD_SIZE]);
    if (top < 0 || has_other_nibbles(word))
        return -1;
    return word_value(word) + top * (int64_t)10000000000000000;
}

int64_t bcd_read_big(struct span bytes)
{
    int64_t value = 0;

    if (bytes.size == 0 || bytes.size > BCD_SIZE_LIMIT)
        return -1;
    for (size_t i = 0; i < bytes.size; i++) {
        int pair = bcd_byte_read(bytes.bytes[i]);
        if (pair < 0)
            return -1;
        value = 100 * value + pair;
    }
    return value;
}

int bcd_write(int64_t value, uint8_t *out, size_t size)
{
    int64_t limit = 1;

    if (value < 0 || size == 0 || size > BCD_SIZE_LIMIT)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < size; i++)
        limit *= 100;
    if (value >= limit)
        return CODEC_ERR_RANGE;
    for (size_t i = 0; i < size; i++, value /= 100)
        out[i] = bcd_byte_write((int)(value % 100));
    return 0;
}

void bcd_text(struct span bytes, char *text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = bytes.size; i-- > 0;) {
        *text++ = digits[bytes.bytes[i] >> 4];
        *text++ = digits[bytes.bytes[i] & 15];
    }
    *text = '\0';
}

static int nibble_of(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return -1;
}

int bcd_text_read(struct span digits, uint8_t *out, size_t size)
{
    if (digits.size > 2 * size)
        return CODEC_ERR_TOO_LONG;
    for (size_t i = 0; i < digits.size; i++)
        if (nibble_of(digits.bytes[i]) < 0)
            return CODEC_ERR_FORMAT;
    for (size_t i = 0; i < size; i++)
        out[i] = 0;
    for (size_t i = 0; i < digits.size; i++) {
        size_t place = digits.size - 1 - i; /* counted from the lowest digit */
        int nibble = nibble_of(digits.bytes[i]);
        out[place / 2] = (uint8_t)(out[place / 2] | nibble << (place % 2 == 0 ? 0 : 4));
    }
    return 0;
}
