/* What lets simulated electricity meters take money: a cipher and the key that they share with whoever recharges them.
 * Real meters have a key each; the meters of one simulation share one. */
#ifndef SIM_METER_KEY_H
#define SIM_METER_KEY_H

#include "base/cipher.h"

/* The simulation's own, which guards nothing: printable, so that nobody takes it for a secret ("meterworks-demo!"). */
#define METER_KEY_SIMULATED "6D65746572776F726B732D64656D6F21"

struct meter_key {
    const struct cipher *cipher; /* NULL: the meters refuse money; lives as long as the meters */
    uint8_t bytes[CIPHER_BLOCK_SIZE];
};

#endif
