/* Worked bills as data: a JSON object that names a tariff and a use, answered with what they cost.
 *
 * The form is described in docs/tariffs.md; tests/vectors/tariffs holds examples of every kind. */
#ifndef RATING_RATING_CASE_H
#define RATING_RATING_CASE_H

#include "base/span.h"
#include "base/writer.h"
#include "rating/rating_error.h"
#include "rating/tariff_json.h"

#include <jansson.h>

#define RATING_CASE_LIMIT 65536

/* What a kind of case gets and gives. */
struct rating_case {
    const json_t *root;
    const json_t *input;            /* root.input, an empty object when missing */
    struct writer *out;             /* members of the answer: rating_case_member_* */
    struct tariff_problem *problem; /* filled before returning an error of RATING_ERR_DOCUMENT */
};

typedef int (*rating_case_function)(struct rating_case *rating_case);

struct rating_case_kind {
    const char *name; /* "" for a plain tiered bill */
    rating_case_function run;
};

/* Compute one case.
 * text     one JSON object, at most RATING_CASE_LIMIT bytes
 * more     kinds of other rooms, ended by a row whose name is NULL; may be NULL
 * out      empty before; gets one JSON object without line end: the id of the case and the computed fields, or the id and
 *          "error" with path and sentence
 * problem  filled on failure
 * returns  0; RATING_ERR_JSON, _DOCUMENT, _KIND, _FULL and every error of the computation */
int rating_case_run(struct span text, const struct rating_case_kind *more, struct writer *out,
                    struct tariff_problem *problem);

/* Read a member of an object; a missing one gives `otherwise`, unless that is RATING_CASE_REQUIRED.
 * returns  0; RATING_ERR_DOCUMENT with the problem filled */
#define RATING_CASE_REQUIRED INT64_MIN
int rating_case_decimal(struct rating_case *rating_case, const json_t *object, const char *name, int scale,
                        int64_t otherwise, int64_t *out);
/* The same for one that lies in [-most, most]. */
int rating_case_within(struct rating_case *rating_case, const json_t *object, const char *name, int64_t otherwise,
                       int64_t most, int64_t *out);
/* A member that is a list; NULL when it is missing. */
int rating_case_array(struct rating_case *rating_case, const json_t *object, const char *name, const json_t **out);
/* A member "2026-01-31" as days since 1970. */
int rating_case_date(struct rating_case *rating_case, const json_t *object, const char *name, int64_t *day);

/* Say what is wrong with a case. returns RATING_ERR_DOCUMENT */
int rating_case_refuse(struct rating_case *rating_case, const char *path, const char *chinese, const char *english);

/* Add a member to the answer. */
void rating_case_member(struct rating_case *rating_case, const char *name);
void rating_case_member_integer(struct rating_case *rating_case, const char *name, int64_t value);
void rating_case_member_integers(struct rating_case *rating_case, const char *name, const int64_t *values,
                                 int32_t count);
/* value * 10^-scale as a JSON number without zeros at its end. */
void rating_case_member_decimal(struct rating_case *rating_case, const char *name, int64_t value, int scale);
void rating_case_member_decimals(struct rating_case *rating_case, const char *name, const int64_t *values,
                                 int32_t count, int scale);
/* A quoted, escaped text. */
void rating_case_text(struct rating_case *rating_case, const char *text);

#endif
