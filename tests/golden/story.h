/* A narrated run: the program tells line by line what it does and sees; the expected story is a file beside it.
 *
 * GOLDEN_WRITE=1 in the environment writes the file anew instead of comparing: read the difference before keeping it. */
#ifndef TESTS_GOLDEN_STORY_H
#define TESTS_GOLDEN_STORY_H

#include "base/compiler.h"

/* Begin a new story; the one before is forgotten. */
void story_begin(void);

/* Tell one line; the line end is added. */
void story_tell(const char *format, ...) COMPILER_PRINTF(1, 2);

/* Compare with tests/golden/<name>.txt: fails the test at the first line that differs. */
void story_expect(const char *name);

#endif
