/* A story of money, told twice on two equal stores: once undisturbed, and once with every statement of every deed failing
 * once. After each fault the transaction is taken back, nothing has changed and the answer is untouched; at last the deed
 * succeeds, and every row is as in the undisturbed telling. */
#ifndef TESTS_FAULTS_FAULT_STORY_H
#define TESTS_FAULTS_FAULT_STORY_H

#include "tests/unit/billing/billing_fixture.h"

#define FAULT_STORY_LIMIT 40 /* deeds */
#define FAULT_ANSWER_SIZE 16384

struct fault_deed {
    /* Undisturbed, before it; may be NULL. */
    void (*prepare)(struct fixture *fixture);
    /* In one transaction; `answer` of FAULT_ANSWER_SIZE bytes is where rooms write their outputs. 0 or positive; negative */
    int (*work)(struct fixture *fixture, void *answer);
    int least; /* statements it has at least: fewer, and it did not do its work */
};

/* until: a deed without work. Fails the test when anything of the above does not hold. */
void fault_story_tell(const struct fault_deed *deeds);

#endif
