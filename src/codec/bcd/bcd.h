/* Packed binary-coded decimal, the numbers of Chinese and M-Bus meters: two digits a byte, usually the lowest pair
 * first. */
#ifndef CODEC_BCD_H
#define CODEC_BCD_H

#include "base/span.h"

#define BCD_SIZE_LIMIT 9 /* 18 digits fit an int64 */

/* Number of little-endian BCD bytes ("56 34 12" is 123456).
 * bytes     1 to BCD_SIZE_LIMIT
 * returns   the number; -1 when a nibble is no digit or the size is out of range */
int64_t bcd_read(struct span bytes);

/* The same for up to 8 digits at once, lowest pair in the lowest byte of `word`; -1 when a nibble is no digit.
 * Adding 6 to each digit carries out of those above 9; then pairs become bytes, and bytes become lanes of 16 bits. */
static inline int64_t bcd_word_read(uint32_t word)
{
    uint64_t sixes = 0x66666666u;
    if (((((uint64_t)word + sixes) ^ word ^ sixes) & 0x111111110u) != 0)
        return -1;
    uint32_t bytes = word - 6 * (word >> 4 & 0x0f0f0f0fu);
    uint32_t lanes = (bytes & 0x00ff00ffu) + 100 * (bytes >> 8 & 0x00ff00ffu);
    return (lanes & 0xffffu) + (int64_t)10000 * (lanes >> 16);
}

/* Three and four bytes, the sizes of most values. */
static inline int64_t bcd_read_3(const uint8_t *bytes)
{
    return bcd_word_read((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16);
}

static inline int64_t bcd_read_4(const uint8_t *bytes)
{
    return bcd_word_read((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                         (uint32_t)bytes[3] << 24);
}

/* The same, most significant pair first. */
int64_t bcd_read_big(struct span bytes);

/* Write `value` as `size` little-endian BCD bytes.
 * returns  0; CODEC_ERR_RANGE when it is negative, has more digits, or the size is out of range (nothing written) */
int bcd_write(int64_t value, uint8_t *out, size_t size);

/* One byte: 0 to 99, or -1. */
int bcd_byte_read(uint8_t byte);

/* 0 to 99 as one byte; the caller guarantees the range. */
uint8_t bcd_byte_write(int value);

/* Digits as printed, most significant first: little-endian bytes "21 43 00" give "004321". A nibble above 9 is
 * printed as its hexadecimal letter, so wildcards (AA) stay visible.
 * text     2 * bytes.size + 1 characters, zero-terminated */
void bcd_text(struct span bytes, char *text);

/* The way back: `digits` as printed, up to 2 * size of them, padded with 0 on the left; letters A to F are kept as
 * nibbles.
 * returns  0; CODEC_ERR_FORMAT; CODEC_ERR_TOO_LONG (nothing written) */
int bcd_text_read(struct span digits, uint8_t *out, size_t size);

#endif
