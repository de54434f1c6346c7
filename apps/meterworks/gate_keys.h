/* Keys of devices that a gate has asked for: bounded, the oldest gives way. One thread.
 *
 * A gate that does not hold the master key asks the core for the key of a device when it shakes hands, and remembers it
 * for the next time; what was forgotten is asked for again. So a stolen gate gives away the keys of the devices that it
 * met lately, not those of the installation. */
#ifndef APPS_METERWORKS_GATE_KEYS_H
#define APPS_METERWORKS_GATE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apps/meterworks/gate.h"

struct gate_keys;

/* limit  keys, at least 1
 * seed   random
 * returns NULL without memory; given back by gate_keys_close */
struct gate_keys *gate_keys_open(uint32_t limit, uint64_t seed);

/* Wipes them all. Accepts NULL. */
void gate_keys_close(struct gate_keys *keys);

/* size  1 to GATE_KEY_LIMIT; 0: it is known that there is no key */
void gate_keys_put(struct gate_keys *keys, uint64_t imei, const uint8_t *key, size_t size);

/* A key that is no longer valid, or may not be. */
void gate_keys_forget(struct gate_keys *keys, uint64_t imei);

/* true: known; *size 0 when there is none */
bool gate_keys_find(const struct gate_keys *keys, uint64_t imei, uint8_t key[GATE_KEY_LIMIT], size_t *size);

#endif
