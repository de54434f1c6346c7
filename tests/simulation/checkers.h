/* What must be true of a world at any moment between two transactions, told by looking at the rows and the meters.
 *
 * Each returns the number of contradictions found and prints them. */
#ifndef TESTS_SIMULATION_CHECKERS_H
#define TESTS_SIMULATION_CHECKERS_H

#include "tests/simulation/world.h"

/* Promise 1: every acknowledged midnight is stored with its value, or set aside with its reason; none is doubled. */
int check_acknowledged_is_durable(struct world *world);

/* Promise 2: each ledger account's sums are those of its transfers; debits equal credits; one posting per payment key. */
int check_ledger_balances(struct world *world);

/* Promise 2 at the meter: what a prepaid meter holds is what its applied recharges brought less what the water cost. */
int check_recharges_count_once(struct world *world);

/* Promise 4: the valve stands where the newest command that the meter applied put it, or where arrears put it. */
int check_valves_are_explained(struct world *world);

/* Promise 3, after some calm days: the stored midnights of every meter are those of its own memory, none is missing. */
int check_nothing_is_missing(struct world *world, int32_t first_day);

#endif
