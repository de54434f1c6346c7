/* Statements of the store that fail, wherever they are: the program is linked with --wrap=sqlite3_step and
 * --wrap=sqlite3_exec (store_fault_dep), so that every read and write of every room can be refused, none forgotten.
 * Statements that take a transaction back always succeed: a store that cannot do that has ended. */
#ifndef TESTS_STORE_STORE_FAULT_H
#define TESTS_STORE_STORE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_fault_kind {
    STORE_FAULT_ONE,   /* one statement is refused, as by a disk that was full for a moment */
    STORE_FAULT_ALL    /* that one and all after it: the process was killed there */
};

/* `allowed` more statements succeed, then the fault comes. */
void store_fault_arm(enum store_fault_kind kind, int64_t allowed);

/* No more faults. returns whether it had come */
bool store_fault_disarm(void);

/* Everything that all tables hold, in one number; ends the program when the database does not answer. */
uint64_t store_digest(struct store *store);

#endif
