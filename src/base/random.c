#include "base/random.h"

#include "base/bits.h"

uint64_t random_splitmix(uint64_t *state)
{
    uint64_t mixed = (*state += UINT64_C(0x9E3779B97F4A7C15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

struct random random_of_seed(uint64_t seed)
{
    struct random random;
    for (int i = 0; i < 4; i++)
        random.state[i] = random_splitmix(&seed);
    return random;
}

struct random random_of_stream(uint64_t seed, uint64_t stream)
{
    uint64_t mixed_seed = random_splitmix(&seed);
    uint64_t mixed_stream = random_splitmix(&stream);
    return random_of_seed(mixed_seed ^ bits_rotate_left(mixed_stream, 1));
}

uint64_t random_next(struct random *random)
{
    uint64_t *state = random->state;
    uint64_t result = bits_rotate_left(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = bits_rotate_left(state[3], 45);
    return result;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    if (bound == 0)
        return 0;
    /* The lowest 2^64 mod bound numbers are thrown away, so that every remainder is equally frequent. */
    uint64_t unfair = (UINT64_MAX - bound + 1) % bound;
    uint64_t value = random_next(random);
    while (value < unfair)
        value = random_next(random);
    return value % bound;
}

int64_t random_between(struct random *random, int64_t low, int64_t high)
{
    if (high <= low)
        return low;
    uint64_t width = (uint64_t)high - (uint64_t)low;
    uint64_t offset = width == UINT64_MAX ? random_next(random) : random_below(random, width + 1);
    uint64_t value = (uint64_t)low + offset;
    return value <= INT64_MAX ? (int64_t)value : -(int64_t)(UINT64_MAX - value) - 1;
}

bool random_chance(struct random *random, uint64_t numerator, uint64_t denominator)
{
    return denominator > 0 && random_below(random, denominator) < numerator;
}
