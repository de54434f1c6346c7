/* Many accounts for a bench: the first is opened through the room, the others are copies of its rows, written in bulk; so ten
 * million take minutes, and what is measured afterwards finds the same rows as in a house that grew. */
#ifndef BENCH_ACCOUNT_STREET_H
#define BENCH_ACCOUNT_STREET_H

#include "tests/unit/billing/billing_fixture.h"

#include <stdint.h>

struct account_street {
    struct fixture *fixture;
    char folder[40];
    char path[64];
    int64_t tariff_id; /* of the accounts to come; that of the fixture until set */
};

/* A house in a new folder below /tmp. returns 0; -1 when there is none */
int account_street_open(struct account_street *street);

/* Removes the folder. */
void account_street_close(struct account_street *street);

/* `count` accounts of one payment mode, device_id and account_id 1 to count, each with 100 yuan in its wallet when prepaid; their
 * meters stood at 0 on the midnight of `from_day`, up to which they are settled. */
void account_street_fill(struct account_street *street, const char *payment_mode, uint32_t count, int64_t from_day);

/* The midnight of a day of every meter: an SQL expression of the device's number `i`, in millilitres. */
void account_street_read(struct account_street *street, uint32_t count, int64_t day, const char *total_of_i);

#endif
