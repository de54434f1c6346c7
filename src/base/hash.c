#include "base/hash.h"

#include "base/bits.h"

struct sip_state {
    uint64_t v0, v1, v2, v3;
};

static inline void round_apply(struct sip_state *state)
{
    state->v0 += state->v1;
    state->v2 += state->v3;
    state->v1 = bits_rotate_left(state->v1, 13) ^ state->v0;
    state->v3 = bits_rotate_left(state->v3, 16) ^ state->v2;
    state->v0 = bits_rotate_left(state->v0, 32);
    state->v2 += state->v1;
    state->v0 += state->v3;
    state->v1 = bits_rotate_left(state->v1, 17) ^ state->v2;
    state->v3 = bits_rotate_left(state->v3, 21) ^ state->v0;
    state->v2 = bits_rotate_left(state->v2, 32);
}

static inline void word_absorb(struct sip_state *state, uint64_t word)
{
    state->v3 ^= word;
    round_apply(state);
    round_apply(state);
    state->v0 ^= word;
}

/* Eight bytes, least significant first: written so that a compiler makes one load of it. */
static inline uint64_t whole_word_load(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24 |
           (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 | (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

/* `size` bytes, at most 7, least significant first. */
static uint64_t word_load(const uint8_t *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

uint64_t hash_siphash(struct hash_key key, struct span bytes)
{
    struct sip_state state = { key.first ^ UINT64_C(0x736F6D6570736575), key.second ^ UINT64_C(0x646F72616E646F6D),
                               key.first ^ UINT64_C(0x6C7967656E657261), key.second ^ UINT64_C(0x7465646279746573) };
    size_t whole = bytes.size - bytes.size % 8;
    for (size_t i = 0; i < whole; i += 8)
        word_absorb(&state, whole_word_load(bytes.bytes + i));
    uint64_t last = (uint64_t)bytes.size << 56;
    if (bytes.size > whole)
        last |= word_load(bytes.bytes + whole, bytes.size - whole);
    word_absorb(&state, last);
    state.v2 ^= 0xFF;
    for (int i = 0; i < 4; i++)
        round_apply(&state);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}
