/* SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed 64-bit hash for tables that strangers fill and for telling
 * equal content. Whoever does not know the key cannot aim at a bucket. Not a signature. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/span.h"

/* Two random numbers, drawn at start by the program; fixed ones where a value must be the same after a restart. */
struct hash_key {
    uint64_t first;
    uint64_t second;
};

uint64_t hash_siphash(struct hash_key key, struct span bytes);

#endif
