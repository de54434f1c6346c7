/* Live events on the wire: one text/event-stream per browser. Internal to the room.
 *
 * A stream with nothing to say sleeps (its connection is suspended) until live_streams_wake. Each second it says "tick"
 * with the platform's clock, so that a screen can tell silence from peace. */
#ifndef API_LIVE_STREAM_H
#define API_LIVE_STREAM_H

#include <microhttpd.h>

#include "api/exchange.h"

#define LIVE_STREAM_LIMIT 256 /* browsers listening at once */

struct live_streams;

struct live_streams *live_streams_open(const struct api_config *config);
/* Every stream must have ended. NULL is accepted. */
void live_streams_close(struct live_streams *streams);

/* Something new was published, or a second has passed. Any thread. */
void live_streams_wake(struct live_streams *streams);

/* The server is closing: streams end at their next turn. */
void live_streams_stop(struct live_streams *streams);

/* How many listen now. */
unsigned live_streams_count(struct live_streams *streams);

/* Turn the exchange's answer into a stream: 0, or -1 answered with an error. */
int live_stream_begin(struct exchange *exchange);

/* Name the connection that carries the stream, before the first read. */
void live_stream_connect(struct live_stream *stream, struct MHD_Connection *connection);

/* libmicrohttpd's content reader and its end. */
ssize_t live_stream_read(void *stream, uint64_t position, char *bytes, size_t capacity);
void live_stream_end(void *stream);

#endif
