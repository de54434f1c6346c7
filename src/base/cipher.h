/* Block ciphers as functions that are passed in: a decoder of protected frames names the construction, and whoever
 * holds a cryptographic library provides it. Nothing here keeps a key, and whoever derives one wipes it. */
#ifndef BASE_CIPHER_H
#define BASE_CIPHER_H

#include "base/span.h"

#define CIPHER_BLOCK_SIZE 16 /* bytes of a block and of a key, for both algorithms */

enum cipher_algorithm {
    CIPHER_AES128, /* FIPS 197 */
    CIPHER_SM4     /* GB/T 32907 */
};

/* Every function returns 0, or a negative error of the room that implements it, `out` then being worth nothing. `in` and
 * `out` may be the same buffer, else they do not overlap. None pads. */
struct cipher {
    void *context;
    /* One direction of cipher block chaining; `in.size` is a multiple of 16, anything else is an error. */
    int (*cbc_encrypt)(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                       const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out);
    int (*cbc_decrypt)(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                       const uint8_t initial[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out);
    /* Counter mode, the same both ways; the counter block counts up as one 128-bit big-endian number. */
    int (*counter)(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                   const uint8_t counter[CIPHER_BLOCK_SIZE], struct span in, uint8_t *out);
    /* CMAC (NIST SP 800-38B) over the parts one after the other. */
    int (*cmac)(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE]);
};

/* The first `size` bytes are the same; takes the same time whatever they are. */
static inline bool cipher_equal(const uint8_t *a, const uint8_t *b, size_t size)
{
    uint8_t difference = 0;
    for (size_t i = 0; i < size; i++)
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    return difference == 0;
}

/* Overwrite a key that is not needed any more; the compiler must not leave it out. */
static inline void cipher_wipe(void *secret, size_t size)
{
    volatile uint8_t *next = (volatile uint8_t *)secret;
    while (size-- > 0)
        *next++ = 0;
}

#endif
