#include "sim/network.h"

static const struct coverage_row rows[COVERAGE_COUNT] = {
    /* name, lost, doubled, late, delay, late_ms, rsrp, snr, level, attach, fails */
    [COVERAGE_PERFECT] = { "perfect", 0, 0, 0, 1, 1, 0, -80, 20, 0, 1, 1, 0 },
    [COVERAGE_GOOD] = { "good", 2, 1, 0, 40, 400, 0, -92, 14, 0, 300, 1500, 0 },
    [COVERAGE_EDGE] = { "edge", 15, 5, 2, 200, 1200, 60000, -108, 4, 1, 800, 4000, 10 },
    [COVERAGE_BASEMENT] = { "basement", 120, 20, 10, 400, 2000, 600000, -121, -4, 2, 2000, 9000, 150 },
    [COVERAGE_STORM] = { "storm", 300, 150, 50, 100, 4000, 3600000, -118, -6, 2, 500, 9000, 100 },
};

const struct coverage_row *coverage_row(enum coverage coverage)
{
    return &rows[coverage < COVERAGE_COUNT ? coverage : COVERAGE_GOOD];
}

int network_route(enum coverage coverage, struct random *random, int64_t delays_ms[NETWORK_COPY_LIMIT])
{
    const struct coverage_row *row = coverage_row(coverage);
    int copies = random_chance(random, row->doubled_permille, 1000) ? 2 : 1;
    int arriving = 0;

    for (int i = 0; i < copies; i++) {
        if (random_chance(random, row->lost_permille, 1000))
            continue;
        delays_ms[arriving] = random_between(random, row->delay_low_ms, row->delay_high_ms);
        if (random_chance(random, row->late_permille, 1000))
            delays_ms[arriving] += random_between(random, 0, row->late_ms);
        arriving++;
    }
    return arriving;
}

int64_t network_attach_ms(enum coverage coverage, struct random *random)
{
    const struct coverage_row *row = coverage_row(coverage);

    if (random_chance(random, row->attach_fails_permille, 1000))
        return -1;
    return random_between(random, row->attach_low_ms, row->attach_high_ms);
}
