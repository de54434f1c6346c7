/* How an api without a core of its own asks one elsewhere: whole requests, with who asks as they came. The core checks the
 * session and the rights itself, as if its own console had asked.
 *
 * Nothing here waits: the api's threads go on answering from the database while requests are under way. */
#ifndef API_FORWARD_PORT_H
#define API_FORWARD_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define FORWARD_HEADER_LIMIT 20

struct forward_header {
    const char *name;
    const char *value;
};

struct forward_request {
    const char *method;
    const char *target;          /* path and query as they came */
    struct forward_header headers[FORWARD_HEADER_LIMIT];
    size_t header_count;
    struct span body;
    int client_socket;           /* when its other end goes before the answer begins, the request is given up; -1 */
    bool detached;               /* nobody waits for the answer */
};

enum forward_result {
    FORWARD_NO_CORE = -1,        /* none can be reached; nothing was sent */
    FORWARD_FULL = -2,           /* too many under way; nothing was sent */
    FORWARD_UNKNOWN = -3,        /* it was sent, and no answer came: nobody knows whether it was done */
    FORWARD_END = -4             /* of read: the answer is whole */
};

struct forward_head {
    unsigned status;
    int64_t size;                /* of the body; -1 not known before its end */
    const struct forward_header *headers; /* without those of the connection; live until `end` */
    size_t header_count;
};

struct forwarded;

struct api_forward {
    void *context;
    /* Send a request; it is copied. Any thread.
     * wake     called by another thread, never by this one inside a call, when `head` or `read` may say something new; not any
     *          more once `end` has returned. NULL of a detached one
     * returns  0 with *out to be given to `end` (a detached one is not: *out is NULL); FORWARD_NO_CORE, FORWARD_FULL */
    int (*begin)(void *context, const struct forward_request *request, void (*wake)(void *context), void *wake_context,
        struct forwarded **out);
    /* returns  1 with *out; 0 not yet; FORWARD_NO_CORE, FORWARD_FULL, FORWARD_UNKNOWN */
    int (*head)(struct forwarded *forwarded, struct forward_head *out);
    /* The next bytes of the body.
     * returns  their number; 0 none now; FORWARD_END; FORWARD_UNKNOWN: it broke off */
    long (*read)(struct forwarded *forwarded, char *bytes, size_t capacity);
    void (*end)(struct forwarded *forwarded);
    bool (*is_linked)(void *context); /* whether a core is there now */
};

#endif
