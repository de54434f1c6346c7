/* The form of explained frames (codec/explain/explain_json.h) as schemas of the API's description. Internal to the
 * room. */
#ifndef API_OPENAPI_DECODE_H
#define API_OPENAPI_DECODE_H

#include "api/json_writer.h"

/* Schemas of the answers of POST and GET /decode. */
extern const char openapi_decode_answer[];
extern const char openapi_decode_protocols_answer[];

/* The schemas they refer to, as members of components/schemas. */
void openapi_decode_schemas_write(struct json_writer *out);

#endif
