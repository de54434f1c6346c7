/* The proof of a city's day: every midnight whose report was acknowledged is stored, with the value that the meter sent. */
#ifndef BENCH_CITY_PROOF_H
#define BENCH_CITY_PROOF_H

#include "bench/city_plan.h"

#define CITY_PROOF_NAMES 10 /* faults that are named one by one */

struct city_proof {
    uint64_t expected;  /* midnights of acknowledged reports */
    uint64_t missing;
    uint64_t different; /* stored with another value */
};

/* Compare what was acknowledged (city_load_acknowledged) with plan->folder's store; the first faults are printed by name.
 * returns  0; -1 with `problem`: the store cannot be read */
int city_proof_make(const struct city_plan *plan, const uint8_t *acknowledged, struct city_proof *out, char problem[256]);

/* The memory of the meters, so that the proof can be made again later: a file in plan->folder.
 * returns  0; -1 with `problem` */
int city_proof_save(const struct city_plan *plan, const uint8_t *acknowledged, char problem[256]);

/* Read it: fills meters, today and zone_offset_s of `plan`, whose folder is given.
 * returns  the bits of each meter, to be freed; NULL with `problem` */
uint8_t *city_proof_load(struct city_plan *plan, char problem[256]);

#endif
