/* The few words to the compiler that C99 lacks; empty for compilers that do not know them. */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

#if defined(__GNUC__)
/* Argument number `text` is a printf format for the arguments from number `first` on. */
#define COMPILER_PRINTF(text, first) __attribute__((format(printf, text, first)))
/* The answer must be looked at. */
#define COMPILER_MUST_CHECK __attribute__((warn_unused_result))
#else
#define COMPILER_PRINTF(text, first)
#define COMPILER_MUST_CHECK
#endif

#endif
