/* What a gate calls the devices of several shards: each core counts its own from 1, so the shard is part of the number.
 *
 *    bit 23 .. 20                     19 .. 0
 *    +--------------------------------+------------------------+
 *    | shard, its lowest bit first    | device_id of its core  |
 *    +--------------------------------+------------------------+
 *
 * With its lowest bit first a shard's number leaves room below it for as long as higher shards do not exist: `width` says
 * how many of the four bits are the shard's, and device_id has the others. The number of a device is the same at every
 * width, so a registration handle (dialog/lwm2m_handle.h), which is made of it, names the same device at every gate of the
 * installation, whichever shards that gate serves, and for ever. */
#ifndef LINK_SHARD_NUMBER_H
#define LINK_SHARD_NUMBER_H

#include <stdint.h>

#define SHARD_LIMIT 16
#define SHARD_NUMBER_BITS 24
#define SHARD_NUMBER_LIMIT (UINT32_C(1) << SHARD_NUMBER_BITS)

/* Bits that shards up to this one need: 0 for shard 0 alone, 4 for SHARD_LIMIT - 1. */
unsigned shard_number_width(uint32_t highest_shard);

/* The number of shard's device 0, which does not exist: what tells its devices from those of shard 0.
 * shard  below SHARD_LIMIT */
uint32_t shard_number_base(uint32_t shard);

/* shard    that fits the width
 * returns  the number; 0: no device has this device_id, or it is beyond the room that the width leaves */
uint32_t shard_number_make(unsigned width, uint32_t shard, uint32_t device_id);

/* number  below SHARD_NUMBER_LIMIT */
uint32_t shard_number_shard(unsigned width, uint32_t number);

static inline uint32_t shard_number_device(unsigned width, uint32_t number)
{
    return number & ((SHARD_NUMBER_LIMIT >> width) - 1);
}

#endif
