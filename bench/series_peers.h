/* Other ways to keep a run of values, for comparison: sizes only where the peer is a program. */
#ifndef BENCH_SERIES_PEERS_H
#define BENCH_SERIES_PEERS_H

#include <stddef.h>
#include <stdint.h>

/* Each writes at most 16 bytes a value into `out` and returns the size. */

/* Zigzag varint of each difference in the stored unit. */
size_t series_peer_varint(const int64_t *values, size_t count, uint8_t *out);

/* XOR with the value before as double, leading and meaningful bits counted, as Facebook's Gorilla (VLDB 2015) describes;
 * times of a fixed period cost nothing here. */
size_t series_peer_xor(const int64_t *values, size_t count, uint8_t *out);

/* zlib, level 9, over the differences as varints. */
size_t series_peer_deflate(const int64_t *values, size_t count, uint8_t *out);

#endif
