/* Blocks with check sums of the wireless link layer (EN 13757-4 clause 11, frame formats A and B). "Air" bytes have the
 * check sums between the blocks; "telegram" bytes do not, their first byte L says how many telegram bytes follow.
 *
 *   format A   | L C M M A A A A A A | CRC | 16 bytes | CRC | ... | 1..16 bytes | CRC |    L counts no CRC
 *   format B   | up to 126 bytes from L on | CRC | up to 126 bytes | CRC |               L counts every CRC
 *
 * Each CRC is checksum_crc16_en13757() over its block, high byte first. */
#ifndef CODEC_WMBUS_BLOCK_H
#define CODEC_WMBUS_BLOCK_H

#include "base/writer.h"

#define WMBUS_TELEGRAM_LIMIT 256   /* L and up to 255 bytes behind it */
#define WMBUS_AIR_LIMIT 290        /* the same in format A, with 17 check sums */
#define WMBUS_TELEGRAM_LIMIT_B 252 /* in format B, where the check sums share the 255 */
#define WMBUS_CRC_SIZE 2

enum wmbus_format {
    WMBUS_FORMAT_STRIPPED, /* the receiver has removed the check sums: nothing proves the bytes */
    WMBUS_FORMAT_A,
    WMBUS_FORMAT_B
};

/* Bytes on air of a telegram of `telegram_size` bytes. */
size_t wmbus_block_air_size(enum wmbus_format format, size_t telegram_size);

/* Telegram bytes of a format B frame of `air_size` bytes; 0 when no frame has that size. */
size_t wmbus_block_telegram_size_b(size_t air_size);

/* Where the telegram byte `offset` stands on air. */
size_t wmbus_block_air_offset(enum wmbus_format format, size_t offset);

/* The check sum behind the block that begins with telegram byte `start`: where it stands on air, and where the next
 * block begins in the telegram (telegram_size behind the last one). */
struct wmbus_block {
    struct span bytes; /* of the block, without check sum */
    struct span crc;
    size_t next;
    bool is_right;
};

/* One block of `air`, which holds at least wmbus_block_air_size() bytes; not for WMBUS_FORMAT_STRIPPED. */
struct wmbus_block wmbus_block_at(enum wmbus_format format, struct span air, size_t telegram_size, size_t start);

/* How many check sums are wrong, and where the first of them stands on air (untouched when there is none). */
size_t wmbus_block_wrong_count(enum wmbus_format format, struct span air, size_t telegram_size, size_t *error_offset);

/* Copy the telegram without check sums; the first byte becomes L as in format A. */
void wmbus_block_strip(enum wmbus_format format, struct span air, size_t telegram_size, uint8_t *out);

/* Write a telegram with check sums, L adjusted to the format.
 * returns  0; CODEC_ERR_FORMAT: its first byte does not count the others; CODEC_ERR_TOO_LONG: more than
 *          WMBUS_TELEGRAM_LIMIT_B in format B (nothing written) */
int wmbus_block_write(enum wmbus_format format, struct span telegram, struct writer *out);

#endif
