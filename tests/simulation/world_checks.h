/* Checkers of what must hold after a run, whatever happened in it. Each complains in words through world_complain. */
#ifndef TESTS_SIMULATION_WORLD_CHECKS_H
#define TESTS_SIMULATION_WORLD_CHECKS_H

#include "tests/simulation/world.h"

/* Promise 1: every midnight that was acknowledged is stored as it was said, or set aside with a reason. */
void world_check_promises(struct world *world);

/* Promise 2: debits equal credits, balances are the sum of their postings, nothing is booked twice. */
void world_check_ledger(struct world *world);

/* Promise 3: stored registers are the meters' own freezes; totals go on without gap or fold; completeness is as the
 * weather allows.
 * eventual_permille  of the midnights that were due, at least so many are there */
void world_check_readings(struct world *world, int eventual_permille);

/* Promise 4: money reached each meter once for each recharge it has applied, and none that it has not. */
void world_check_recharges(struct world *world);

/* Promise 4: each valve stands as the newest command that its meter applied says. */
void world_check_valves(struct world *world);

/* All of them. */
void world_check_all(struct world *world, int eventual_permille);

#endif
