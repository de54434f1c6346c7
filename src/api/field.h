/* What a request may carry: one row a field, from which checking, filling and the OpenAPI text come.
 *
 * A field of a GET is a query parameter; of any other method a member of the JSON body. Its value is checked once and
 * lies in a struct field_value of the same index; for writes the row also says where in the core's request it goes. */
#ifndef API_FIELD_H
#define API_FIELD_H

#include <jansson.h>

#include "api/request_target.h"

#define FIELD_LIMIT 40

enum field_type {
    FIELD_INTEGER,  /* minimum to maximum */
    FIELD_TEXT,     /* UTF-8 without control characters, minimum to maximum bytes */
    FIELD_SECRET,   /* as text; never logged, never echoed */
    FIELD_BOOLEAN,  /* true, false; in a query also 1, 0 */
    FIELD_DAY,      /* 'YYYY-MM-DD', kept as days since 1970 */
    FIELD_CHOICE,   /* one word of `choices` */
    FIELD_DIGITS,   /* digits, minimum to maximum of them; number or text in JSON; kept as text, and as integer up to 18 */
    FIELD_SCALAR,   /* text or integer in JSON, kept as text */
    FIELD_DOCUMENT, /* a JSON object, kept as compact text, at most `maximum` bytes */
    FIELD_NUMBERS   /* 1 to `maximum` whole numbers from 1 to 2147483647, with minimum -1 also negative ones: "1,2" in a
                     * query, an array in JSON; kept as the text of the array, "[1,2]" */
};

struct field {
    const char *name;
    enum field_type type;
    bool required;
    int64_t minimum;
    int64_t maximum;
    const char *choices;     /* "postpaid prepaid_meter" */
    size_t offset;           /* in the core's request; 0: not copied (the head lies there) */
    size_t size;             /* of the member: 4 or 8 integer, 1 boolean, else a char array */
    uint64_t present;        /* bit set in core_request.present when given */
    const char *summary;     /* English, for OpenAPI */
};

struct field_value {
    bool given;
    int64_t integer;
    struct span text;        /* of text-like types */
    char *owned;             /* memory behind `text` when it is not the request's own; from malloc */
};

/* What was wrong: which field, why, and a sentence in both languages. */
struct field_problem {
    int error;               /* API_ERR_FIELD_*, API_ERR_BODY_* */
    char field[48];
    char text_en[192];
    char text_zh[192];
};

/* Check the query's parameters against `fields`; unknown, repeated and empty ones are refused (an empty optional one
 * counts as not given).
 * values   `count` of them
 * returns  0; problem->error with *problem written */
int fields_read_query(const struct field *fields, size_t count, const struct request_target *target,
    struct field_value *values, struct field_problem *problem);

/* The same for a JSON body. `body` keeps owning what the values' texts point to.
 * partial  a PATCH: required fields may be missing */
int fields_read_json(const struct field *fields, size_t count, const json_t *body, bool partial,
    struct field_value *values, struct field_problem *problem);

/* The same, but what `fields` does not know is passed over: other systems grow, and send more than was agreed. */
int fields_read_json_leniently(const struct field *fields, size_t count, const json_t *body, struct field_value *values,
    struct field_problem *problem);

/* Parse a body: valid JSON (RFC 8259, no repeated member names, bounded depth) that is an object.
 * returns  0 with *out to be released by json_decref; API_ERR_BODY_JSON with position; API_ERR_BODY_OBJECT */
int field_body_parse(struct span bytes, json_t **out, struct field_problem *problem);

/* Copy the given values into the core's request by offset, and set the present bits. */
void fields_copy(const struct field *fields, size_t count, const struct field_value *values, void *request,
    uint64_t *present);

void field_values_free(struct field_value *values, size_t count);

#endif
