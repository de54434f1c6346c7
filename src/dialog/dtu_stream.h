/* A DTU's own packets taken out of the stream of its connection, so that only the meters' bytes go on. */
#ifndef DIALOG_DTU_STREAM_H
#define DIALOG_DTU_STREAM_H

#include "base/line_order.h"
#include "codec/dtu/dtu_pattern.h"

/* All zero: no packets. May be copied. */
struct dtu_stream {
    bool has_registration;
    bool has_heartbeat;
    struct dtu_pattern registration;
    struct dtu_pattern heartbeat;
};

/* The packets that the archive names for the line; those it does not name, or names wrongly, are not there. */
struct dtu_stream dtu_stream_of(const struct line_record *record);

/* Take packets out, in place. One is recognised where the bytes begin (units send a packet as a segment of its own) and
 * behind another one; one of at least 4 fixed bytes wherever it stands.
 * heartbeats  how many of them were heartbeats
 * returns     bytes that are left, the meters' */
size_t dtu_stream_strip(const struct dtu_stream *stream, uint8_t *bytes, size_t size, unsigned *heartbeats);

#endif
