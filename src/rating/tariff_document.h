/* The tariff document as parsed JSON; shared by the files of this room that meet tariffs inside larger documents. */
#ifndef RATING_TARIFF_DOCUMENT_H
#define RATING_TARIFF_DOCUMENT_H

#include "rating/tariff_json.h"

#include <jansson.h>

/* As tariff_parse, of a value from exact_json_load().
 * strict   unknown fields are refused as well */
int tariff_document_read(const json_t *document, bool strict, struct tariff *out, struct tariff_problem *problem);

#endif
