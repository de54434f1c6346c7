/* Reads an HTTP/1.1 answer piece by piece as it comes (RFC 9112): what an api without a core of its own hears from one
 * elsewhere. No allocation, no clock; hostile bytes end in HTTP_ANSWER_ERR.
 *
 * Taken: a body of a stated length, one in chunks, none. A body that ends with its connection is not: nobody could tell it
 * from one that broke off. */
#ifndef APPS_METERWORKS_HTTP_ANSWER_H
#define APPS_METERWORKS_HTTP_ANSWER_H

#include <stdbool.h>

#include "api/forward_port.h"
#include "base/span.h"

#define HTTP_ANSWER_HEAD_LIMIT 16384 /* status line and headers */
#define HTTP_ANSWER_HEADER_LIMIT 32
#define HTTP_ANSWER_ERR (-1)

enum http_answer_state {
    HTTP_ANSWER_HEAD,
    HTTP_ANSWER_BODY,        /* `left` bytes of a stated length */
    HTTP_ANSWER_CHUNK_SIZE,
    HTTP_ANSWER_CHUNK,       /* `left` bytes of a chunk */
    HTTP_ANSWER_CHUNK_END,   /* the line end behind it */
    HTTP_ANSWER_TRAILER,
    HTTP_ANSWER_END
};

struct http_answer {
    enum http_answer_state state;
    bool no_body;            /* the question was HEAD */
    unsigned status;
    int64_t size;            /* of the body; -1 in chunks */
    int64_t left;
    size_t line;             /* characters of the line so far: of a chunk's size, of a trailer */
    struct forward_header headers[HTTP_ANSWER_HEADER_LIMIT]; /* point into head; without those of the connection */
    size_t header_count;
    size_t head_size;
    char head[HTTP_ANSWER_HEAD_LIMIT];
};

void http_answer_begin(struct http_answer *answer, bool no_body);

/* Whether the head has been read: status, size and headers stay until the next begin. */
bool http_answer_has_head(const struct http_answer *answer);

/* Take what came.
 * body       gets the bytes of the body among it; at least in.size
 * body_size  how many
 * returns    0; HTTP_ANSWER_ERR: this is no answer, or there are bytes behind its end */
int http_answer_take(struct http_answer *answer, struct span in, uint8_t *body, size_t *body_size);

#endif
