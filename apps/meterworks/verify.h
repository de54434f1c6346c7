/* The proof of `meterworks verify` over an open store. */
#ifndef APPS_METERWORKS_VERIFY_H
#define APPS_METERWORKS_VERIFY_H

#include <stdio.h>

struct store;

/* Prove the books of every tenant from their rows; `out` gets the trial balances and names each difference.
 * store    only read: in one transaction, the caller's where there is one
 * returns  0 and *faults, how many differences there are; negative of the store */
int verify_store(struct store *store, FILE *out, int *faults);

#endif
