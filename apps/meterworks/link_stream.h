/* Frames over one TLS connection, with a bounded store of bytes in each direction: what both ends of a link share.
 *
 * One thread. Times are ms of a clock that nobody sets. */
#ifndef APPS_METERWORKS_LINK_STREAM_H
#define APPS_METERWORKS_LINK_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "link/link_frame.h"
#include "wire/tls_channel.h"

#define LINK_ALIVE_MS 1000   /* whoever has said nothing for so long says that it lives */
#define LINK_SILENCE_MS 4000 /* whoever has heard nothing for so long gives the connection up */
#define LINK_IN_LIMIT 131072
#define LINK_OUT_LIMIT 524288

/* All zeros: no connection. */
struct link_stream {
    struct tls_channel *channel;
    bool shaken;
    uint8_t *in;      /* bytes from in_start to in_end are not taken yet */
    uint8_t *out;     /* bytes from out_start to out_end are not sent yet */
    size_t in_start;
    size_t in_end;
    size_t out_start;
    size_t out_end;
    size_t next_size; /* of the frame that link_stream_next showed */
    int64_t heard_ms;
    int64_t said_ms;
};

/* descriptor  becomes the stream's, closed also when this fails
 * returns     0; -1 without memory or cryptography: the stream stays closed */
int link_stream_open(struct link_stream *stream, struct tls_party *party, int descriptor, int64_t now_ms);

/* Accepts a closed one. */
void link_stream_close(struct link_stream *stream);

bool link_stream_is_open(const struct link_stream *stream);

/* Shake hands, send what waits, take in what came, as far as the bounds allow.
 * returns  1 frames may come and go; 0 the handshake goes on; -1 the connection has ended, was silent for too long, or
 *          is not the one it should be: close it */
int link_stream_work(struct link_stream *stream, int64_t now_ms);

/* The first frame that came; it stays until link_stream_taken.
 * returns  1 with *out; 0 none is whole; LINK_ERR_*: close */
int link_stream_next(struct link_stream *stream, struct link_message *out);
void link_stream_taken(struct link_stream *stream);

/* Bytes that wait to leave. */
size_t link_stream_waiting(const struct link_stream *stream);

/* Whether link_stream_put would take any message. */
bool link_stream_fits(const struct link_stream *stream);

/* Put a frame behind the others; it leaves with link_stream_work.
 * returns  0; LINK_ERR_FULL: the other end does not read; LINK_ERR_KIND */
int link_stream_put(struct link_stream *stream, const struct link_message *message);

/* Whether the owner should wait for the socket to be writable. */
bool link_stream_wants_write(const struct link_stream *stream);

int link_stream_descriptor(const struct link_stream *stream);

#endif
