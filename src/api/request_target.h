/* Takes the target of a request apart: "/api/v1/devices?query=1204&limit=20". */
#ifndef API_REQUEST_TARGET_H
#define API_REQUEST_TARGET_H

#include "base/span.h"

#define REQUEST_TARGET_TEXT_LIMIT 4096 /* decoded path and query together */
#define REQUEST_TARGET_PAIR_LIMIT 24

struct request_pair {
    struct span name;
    struct span value;
};

/* The spans point into `text`. */
struct request_target {
    struct span path;
    size_t pair_count;
    struct request_pair pairs[REQUEST_TARGET_PAIR_LIMIT];
    size_t text_size;
    uint8_t text[REQUEST_TARGET_TEXT_LIMIT];
};

/* Percent-decode path and query ('+' is a blank in the query only). Refused: half escapes, zero bytes, text that is not
 * UTF-8, a path that does not begin with '/' or holds the segment "..".
 * returns  0; API_ERR_TARGET; API_ERR_QUERY_LIMIT; *out is undefined on failure */
int request_target_parse(struct span in, struct request_target *out);

/* The value of the first pair of this name; NULL bytes when there is none. */
struct span request_target_find(const struct request_target *target, const char *name);

#endif
