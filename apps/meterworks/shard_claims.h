/* Devices that the archives of several shards have: which of them serves the device at a gate.
 *
 * A device is moved to another district by entering it there and striking it out where it was; in between both have it. It
 * is served by the shard with the lower number, at every gate, in whichever order the shards told it; the others' claims
 * are remembered and come up when that shard strikes it out. Operators learn of it from the log. One thread.
 *
 * Bound: SHARD_CLAIMS_LIMIT claims. One beyond is not remembered: when the shard that serves the device strikes it out, it
 * is a stranger here until the gate is told the other's archive again, with the next connection to its core. */
#ifndef APPS_METERWORKS_SHARD_CLAIMS_H
#define APPS_METERWORKS_SHARD_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "dialog/device_directory.h"

#define SHARD_CLAIMS_LIMIT 65536

struct shard_claims;

/* width      of device numbers (link/shard_number.h)
 * directory  who is served now; only read here, lives longer
 * returns    NULL without memory; given back by shard_claims_close */
struct shard_claims *shard_claims_open(unsigned width, const struct device_directory *directory);

/* Accepts NULL. */
void shard_claims_close(struct shard_claims *claims);

/* A shard has this device.
 * device   by its number at the gate
 * loser    untouched, or the number that is not served any more when the device is put into the directory
 * returns  true: put it there; false: another shard serves it */
bool shard_claims_admit(struct shard_claims *claims, uint64_t imei, struct dialog_device device, uint32_t *loser);

/* A shard has it no more. */
void shard_claims_withdraw(struct shard_claims *claims, uint32_t number);

/* Nobody serves the device any more: the next who has it, whose claim ends by that.
 * returns  false with `out` untouched: nobody has */
bool shard_claims_next(struct shard_claims *claims, uint64_t imei, struct dialog_device *out);

#endif
