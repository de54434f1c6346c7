/* An answer that is made while the client takes it: the first member of whatever makes it. Internal to the room. */
#ifndef API_BODY_STREAM_H
#define API_BODY_STREAM_H

#include <stddef.h>

struct body_stream {
    /* The next bytes, at most `capacity`.
     * returns  bytes written; 0 at the end; -1 on failure (the connection is broken off: half must not look whole) */
    long (*read)(struct body_stream *stream, char *bytes, size_t capacity);
    /* Release it. */
    void (*end)(struct body_stream *stream);
};

#endif
