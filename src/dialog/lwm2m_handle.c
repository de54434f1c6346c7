#include "dialog/lwm2m_handle.h"

#include <string.h>

#define HALF_BITS 12
#define HALF_MASK 0xfffu
#define ROUNDS 4

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static uint32_t round_value(struct hash_key key, unsigned round, uint32_t half)
{
    uint8_t bytes[3] = { (uint8_t)round, (uint8_t)(half >> 8), (uint8_t)half };
    return (uint32_t)hash_siphash(key, span_of_bytes(bytes, sizeof bytes)) & HALF_MASK;
}

/* A Feistel network over two halves of 12 bits: every device number has one name and every name one number. */
static uint32_t number_scramble(struct hash_key key, uint32_t number)
{
    uint32_t left = number >> HALF_BITS & HALF_MASK;
    uint32_t right = number & HALF_MASK;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t next = left ^ round_value(key, round, right);
        left = right;
        right = next;
    }
    return left << HALF_BITS | right;
}

static uint32_t number_unscramble(struct hash_key key, uint32_t number)
{
    uint32_t left = number >> HALF_BITS & HALF_MASK;
    uint32_t right = number & HALF_MASK;
    for (unsigned round = ROUNDS; round-- > 0;) {
        uint32_t previous = right ^ round_value(key, round, left);
        right = left;
        left = previous;
    }
    return left << HALF_BITS | right;
}

void lwm2m_handle_write(struct hash_key key, uint32_t device_id, char out[LWM2M_HANDLE_SIZE])
{
    uint32_t number = number_scramble(key, device_id);
    for (unsigned i = 0; i < LWM2M_HANDLE_SIZE; i++)
        out[i] = alphabet[number >> 6 * (LWM2M_HANDLE_SIZE - 1 - i) & 63];
}

bool lwm2m_handle_read(struct hash_key key, struct span text, uint32_t *device_id)
{
    if (text.size != LWM2M_HANDLE_SIZE)
        return false;
    uint32_t number = 0;
    for (unsigned i = 0; i < LWM2M_HANDLE_SIZE; i++) {
        const char *found = text.bytes[i] ? strchr(alphabet, text.bytes[i]) : NULL;
        if (!found)
            return false;
        number = number << 6 | (uint32_t)(found - alphabet);
    }
    *device_id = number_unscramble(key, number);
    return true;
}

void lwm2m_observe_token_write(struct hash_key secret, uint32_t device_id, uint8_t out[LWM2M_OBSERVE_TOKEN_SIZE])
{
    uint8_t named[4] = { 'o', (uint8_t)(device_id >> 16), (uint8_t)(device_id >> 8), (uint8_t)device_id };
    uint64_t mark = hash_siphash(secret, span_of_bytes(named, sizeof named));
    memcpy(out, named, sizeof named);
    for (unsigned i = 0; i < 4; i++)
        out[4 + i] = (uint8_t)(mark >> 8 * i);
}

bool lwm2m_observe_token_read(struct hash_key secret, struct span token, uint32_t *device_id)
{
    if (token.size != LWM2M_OBSERVE_TOKEN_SIZE)
        return false;
    uint32_t number = (uint32_t)token.bytes[1] << 16 | (uint32_t)token.bytes[2] << 8 | token.bytes[3];
    uint8_t expected[LWM2M_OBSERVE_TOKEN_SIZE];
    lwm2m_observe_token_write(secret, number, expected);
    if (memcmp(expected, token.bytes, sizeof expected) != 0)
        return false;
    *device_id = number;
    return true;
}
