/* Several districts of one company below one address: each is served by a process of its own at /d/KEY/..., and a proxy in
 * front leads every path to its process (docs/several-machines.md). The process takes the prefix off and answers the rest
 * as if it stood at the root; what it says of itself (the path of cookies) has it again. */
#ifndef API_DISTRICT_H
#define API_DISTRICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

#define DISTRICT_LIMIT 16
#define DISTRICT_KEY_SIZE 33    /* with its end */
#define DISTRICT_NAME_SIZE 61   /* UTF-8, with its end */
#define DISTRICT_PREFIX "/d/"
#define DISTRICT_PREFIX_SIZE (sizeof DISTRICT_PREFIX - 1 + DISTRICT_KEY_SIZE)

struct district {
    char key[DISTRICT_KEY_SIZE];   /* "north": small letters, digits, '-' */
    char name[DISTRICT_NAME_SIZE]; /* as people call it */
};

/* All districts of the company, in the order in which they are offered. */
struct district_list {
    struct district rows[DISTRICT_LIMIT];
    size_t count; /* 0: not several */
    size_t own;   /* the one that this process serves */
};

/* 1 to DISTRICT_KEY_SIZE - 1 of a-z, 0-9 and '-'. */
bool district_key_is_good(struct span key);

/* What is asked for within this process's district.
 * target  path and query as they came
 * prefix  gets "/d/KEY" where that has been taken off, else ""; at least DISTRICT_PREFIX_SIZE
 * returns points into target, or a text that lives for ever; NULL: this is another district's */
const char *district_target(const struct district_list *list, const char *target, char *prefix);

#endif
