/* What is wrong with a profile: where it stands, what it is, what to do. */
#ifndef REGISTRY_PROFILE_PROBLEM_H
#define REGISTRY_PROFILE_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

#define PROFILE_FILE_LIMIT 256
#define PROFILE_PROBLEM_TEXT_LIMIT 320
#define PROFILE_PROBLEM_LIMIT 32

struct profile_problem {
    char file[PROFILE_FILE_LIMIT]; /* as given by the caller; cut when longer */
    uint32_t line;                 /* from 1; 0: the file as a whole */
    char text_en[PROFILE_PROBLEM_TEXT_LIMIT];
    char text_zh[PROFILE_PROBLEM_TEXT_LIMIT];
};

/* The first PROFILE_PROBLEM_LIMIT problems; `count` counts all of them. */
struct profile_problems {
    size_t count;
    struct profile_problem rows[PROFILE_PROBLEM_LIMIT];
};

/* How many rows are filled. */
size_t profile_problems_kept(const struct profile_problems *problems);

/* english, chinese  formats of printf that use the same arguments in the same order */
void profile_problem_add(struct profile_problems *problems, const char *file, uint32_t line, const char *english,
                         const char *chinese, ...) COMPILER_PRINTF(4, 6) COMPILER_PRINTF(5, 6);

#endif
