/* Seeded randomness for simulation, spreading of reports and tests: the same seed gives the same numbers everywhere.
 * Never for keys, passwords, session marks or anything an attacker should not guess. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* xoshiro256** by Blackman and Vigna (2018). Copy it to replay from here. */
struct random {
    uint64_t state[4];
};

/* A generator for `seed`; any seed is good, the state is spread by splitmix64. */
struct random random_of_seed(uint64_t seed);

/* A generator of its own for part number `stream` of the same seed, so that parts do not disturb each other. */
struct random random_of_stream(uint64_t seed, uint64_t stream);

/* splitmix64: the next number of the sequence that `state` counts; also a good mixer of one number. */
uint64_t random_splitmix(uint64_t *state);

/* 64 random bits. */
uint64_t random_next(struct random *random);

/* Uniform in 0 to bound - 1, without bias; bound 0 gives 0. */
uint64_t random_below(struct random *random, uint64_t bound);

/* Uniform in low to high, both included; low when high < low. */
int64_t random_between(struct random *random, int64_t low, int64_t high);

/* True in `numerator` of `denominator` cases; a denominator of 0 never. */
bool random_chance(struct random *random, uint64_t numerator, uint64_t denominator);

#endif
