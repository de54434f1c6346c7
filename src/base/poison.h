/* Functions that this project does not use, as compile errors. The build forces this file into every source.
 *
 * The system headers come first, so that their own declarations are not touched; what a C library defines as a macro
 * is undefined first. Names that other libraries' headers use as words (signal, system, rand) cannot be poisoned;
 * tools/check_forbidden finds those by their call. */
#ifndef BASE_POISON_H
#define BASE_POISON_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#undef strcat
#undef sprintf
#undef vsprintf
#undef stpcpy
#undef strncpy
#undef strncat
#undef alloca

/* Unbounded or padding copies: use text_copy, writer_*, memcpy with a checked size. */
#pragma GCC poison strcpy strcat sprintf vsprintf stpcpy strncpy strncat gets
/* Hidden state: walk a span instead. */
#pragma GCC poison strtok
/* Silent about wrong input: use decimal_parse. */
#pragma GCC poison atoi atol atoll atof
/* Hidden state and the machine's time zone: use calendar.h. */
#pragma GCC poison localtime localtime_r gmtime gmtime_r ctime ctime_r asctime asctime_r mktime
/* Unseeded or predictable: use random.h where a seed is wanted, the operating system's source for keys. */
#pragma GCC poison srand drand48 lrand48
/* Unbounded stack, races on file names. */
#pragma GCC poison alloca tmpnam tempnam mktemp

#endif
