/* JSON whose decimals stay exact: 12.5 is never turned into a binary fraction on its way in. */
#ifndef RATING_EXACT_JSON_H
#define RATING_EXACT_JSON_H

#include "base/span.h"

#include <jansson.h>

/* Read JSON text; numbers with a point or an exponent come out as JSON strings of the same characters.
 * error    filled on failure; its columns count the text after that change
 * returns  a value that the caller releases with json_decref(), or NULL */
json_t *exact_json_load(struct span text, json_error_t *error);

/* A JSON integer or decimal string as value * 10^scale.
 * returns  0; BASE_ERR_SYNTAX when it is neither; BASE_ERR_RANGE */
int exact_json_decimal(const json_t *value, int scale, int64_t *out);

#endif
