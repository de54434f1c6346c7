/* What happens to a datagram in the air: lost, doubled, delayed, overtaken, or hours late, by coverage and chance.
 *
 * Pure: the caller keeps the bytes and delivers them at the times it is told. */
#ifndef SIM_NETWORK_H
#define SIM_NETWORK_H

#include <stdint.h>

#include "base/random.h"

#define NETWORK_COPY_LIMIT 2

enum coverage {
    COVERAGE_PERFECT,  /* a cable: nothing is ever lost */
    COVERAGE_GOOD,     /* ECL 0 */
    COVERAGE_EDGE,     /* ECL 1 */
    COVERAGE_BASEMENT, /* ECL 2, -121 dBm */
    COVERAGE_STORM,    /* for tests: half of everything goes wrong */
    COVERAGE_COUNT
};

struct coverage_row {
    const char *name;
    uint16_t lost_permille;
    uint16_t doubled_permille;
    uint16_t late_permille;   /* of those that arrive: held back in the network for late_ms */
    int32_t delay_low_ms;
    int32_t delay_high_ms;    /* spread: two datagrams may overtake each other */
    int32_t late_ms;          /* at most */
    int16_t rsrp_dbm;
    int16_t snr_db;
    uint8_t coverage_level;
    int32_t attach_low_ms;    /* from leaving sleep to an address */
    int32_t attach_high_ms;
    uint16_t attach_fails_permille;
};

/* Never NULL; an unknown class is the good one. */
const struct coverage_row *coverage_row(enum coverage coverage);

/* The fate of one datagram.
 * delays_ms  of each copy that arrives
 * returns    copies, 0 to NETWORK_COPY_LIMIT */
int network_route(enum coverage coverage, struct random *random, int64_t delays_ms[NETWORK_COPY_LIMIT]);

/* The fate of one search for the network.
 * returns  ms until the meter is attached; -1 when it finds none */
int64_t network_attach_ms(enum coverage coverage, struct random *random);

#endif
