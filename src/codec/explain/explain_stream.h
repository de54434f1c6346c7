/* Frames of every protocol in one stream of bytes, such as a capture of a serial line or of a TCP connection. */
#ifndef CODEC_EXPLAIN_STREAM_H
#define CODEC_EXPLAIN_STREAM_H

#include "codec/explain/explain.h"

#define EXPLAIN_STREAM_PROTOCOL_LIMIT 32 /* rows of the protocol table that are asked */

/* One part of a stream. */
struct explain_piece {
    size_t offset;
    size_t size;
    const struct explain_protocol *protocol; /* NULL: these bytes belong to no frame */
};

/* Where a protocol's next frame was seen; private. */
struct explain_candidate {
    size_t offset;
    size_t size; /* 0: none any more */
};

/* A walk through a stream; private, but for its size. */
struct explain_stream {
    struct span bytes;
    size_t offset;
    const struct explain_protocol *only;
    struct explain_candidate candidates[EXPLAIN_STREAM_PROTOCOL_LIMIT];
};

/* A walk from the beginning. `bytes` must live as long as it.
 * only  look for frames of this protocol; NULL: of all */
struct explain_stream explain_stream_of(struct span bytes, const struct explain_protocol *only);

/* The next part: every byte of the stream is in exactly one. A frame is what a protocol's find() gives; where two
 * overlap, the one that is believed more surely wins, then the one that begins first. Bytes between frames that look
 * like one damaged frame of a protocol (EXPLAIN_LIKELY) are given as its frame: explaining it tells what is wrong.
 * returns  false at the end, `out` being untouched */
bool explain_stream_next(struct explain_stream *stream, struct explain_piece *out);

#endif
