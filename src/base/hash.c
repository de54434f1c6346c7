#include "base/hash.h"

#include "base/bits.h"

struct sip_state {
    uint64_t v0, v1, v2, v3;
};

static void rounds_apply(struct sip_state *state, int count)
{
    for (int i = 0; i < count; i++) {
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
}

static void word_absorb(struct sip_state *state, uint64_t word)
{
    state->v3 ^= word;
    rounds_apply(state, 2);
    state->v0 ^= word;
}

/* `size` bytes, at most 8, least significant first. */
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
        word_absorb(&state, word_load(bytes.bytes + i, 8));
    uint64_t last = (uint64_t)bytes.size << 56;
    if (bytes.size > whole)
        last |= word_load(bytes.bytes + whole, bytes.size - whole);
    word_absorb(&state, last);
    state.v2 ^= 0xFF;
    rounds_apply(&state, 4);
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}
