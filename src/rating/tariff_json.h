/* The JSON document of a tariff: read, checked, explained. The format is described in docs/tariffs.md. */
#ifndef RATING_TARIFF_JSON_H
#define RATING_TARIFF_JSON_H

#include "base/span.h"
#include "rating/rating_error.h"
#include "rating/tariff.h"

#define TARIFF_DOCUMENT_LIMIT 65536

/* What is wrong, where, and what would be right. */
struct tariff_problem {
    char path[96]; /* "items[1].prices" */
    char text_zh[192];
    char text_en[192];
};

/* Read and check a document.
 * text     JSON, at most TARIFF_DOCUMENT_LIMIT bytes. Decimals may be numbers or strings; both are read exactly
 * out      written on success only
 * problem  written on failure only; may be NULL
 * returns  0; RATING_ERR_JSON; RATING_ERR_DOCUMENT */
int tariff_parse(struct span text, struct tariff *out, struct tariff_problem *problem);

/* Read a document that was accepted once: fields that today's check would refuse are passed over, so that a version
 * stays valid for as long as bills refer to it. Otherwise as tariff_parse. */
int tariff_parse_stored(struct span text, struct tariff *out);

#endif
