#include "codec/checksum/checksum.h"

#include <string.h>

#define WORD_SIZE 8
#define BLOCK_SIZE 1024 /* so many bytes cannot fill a lane */
#define LANES 0x00ff00ff00ff00ffu
#define LANES_TOGETHER 0x0001000100010001u

/* Sum of at most BLOCK_SIZE bytes, in lanes of 16 bits whose sums the multiplication brings to the top one. The order
 * of the bytes in a word does not matter. */
static unsigned block_sum(const uint8_t *next, size_t size)
{
    const uint8_t *end = next + size, *last_word = end - size % WORD_SIZE;
    uint64_t lanes = 0;

    for (; next < last_word; next += WORD_SIZE) {
        uint64_t word;
        memcpy(&word, next, sizeof word);
        lanes += (word & LANES) + (word >> 8 & LANES);
    }
    unsigned sum = (unsigned)(lanes * LANES_TOGETHER >> 48);
    for (; next < end; next++)
        sum += *next;
    return sum;
}

uint8_t checksum_sum8(struct span bytes)
{
    unsigned sum = 0;

    for (size_t done = 0; done < bytes.size; done += BLOCK_SIZE)
        sum += block_sum(bytes.bytes + done, bytes.size - done < BLOCK_SIZE ? bytes.size - done : BLOCK_SIZE);
    return (uint8_t)sum;
}

/* Remainders of the sixteen high nibbles: half a byte a step is quick enough and small enough for a meter. */
static const uint16_t nibbles_3d65[16] = {
    0x0000, 0x3d65, 0x7aca, 0x47af, 0xf594, 0xc8f1, 0x8f5e, 0xb23b,
    0xd64d, 0xeb28, 0xac87, 0x91e2, 0x23d9, 0x1ebc, 0x5913, 0x6476,
};
static const uint16_t nibbles_1021[16] = {
    0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7,
    0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef,
};
static const uint16_t nibbles_a001[16] = {
    0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
    0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
};

static uint16_t crc16(const uint16_t nibbles[16], uint16_t remainder, struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned crc = remainder;
        crc = (crc << 4 & 0xffff) ^ nibbles[crc >> 12 ^ bytes.bytes[i] >> 4];
        crc = (crc << 4 & 0xffff) ^ nibbles[crc >> 12 ^ (bytes.bytes[i] & 15)];
        remainder = (uint16_t)crc;
    }
    return remainder;
}

static uint16_t crc16_reflected(const uint16_t nibbles[16], uint16_t remainder, struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned crc = remainder;
        crc = crc >> 4 ^ nibbles[(crc ^ bytes.bytes[i]) & 15];
        crc = crc >> 4 ^ nibbles[(crc ^ bytes.bytes[i] >> 4) & 15];
        remainder = (uint16_t)crc;
    }
    return remainder;
}

uint16_t checksum_crc16_en13757(struct span bytes)
{
    return (uint16_t)~crc16(nibbles_3d65, 0, bytes);
}

uint16_t checksum_crc16_ibm3740(struct span bytes)
{
    return crc16(nibbles_1021, 0xffff, bytes);
}

uint16_t checksum_crc16_modbus(struct span bytes)
{
    return crc16_reflected(nibbles_a001, 0xffff, bytes);
}
