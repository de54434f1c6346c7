/* The description of the API in OpenAPI 3.1, generated from the route table. Internal to the room. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "api/json_writer.h"

/* version  of the program; NULL: "0" */
void openapi_write(struct json_writer *out, const char *version);

#endif
