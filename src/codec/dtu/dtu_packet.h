/* Packets of a DTU (data transfer unit, 透传终端) in the stream of its connection: recognised and taken off before the
 * bytes go to the decoder of the meters, and written for the simulator. */
#ifndef CODEC_DTU_PACKET_H
#define CODEC_DTU_PACKET_H

#include "base/compiler.h"
#include "base/writer.h"
#include "codec/dtu/dtu_pattern.h"

struct dtu_packet {
    uint8_t kind;          /* enum dtu_kind */
    uint8_t identity_kind; /* enum dtu_part_kind; DTU_PART_FIXED when the packet has no identity */
    bool is_open;          /* the identity ended with the stream, and more bytes could have belonged to it */
    struct span bytes;     /* the packet */
    struct span identity;  /* as on the wire; empty when there is none */
};

/* Does the stream begin with a packet of this pattern?
 * A part of variable size ends where its next fixed bytes begin, at the first byte that it cannot hold, or at its
 * maximum. A text without any of these ends with the stream, as units send it in a segment of its own; then is_open.
 * stream   what the connection has received; spans of `out` point into it
 * out      written on a match only
 * returns  > 0 bytes used; 0 it may become one, come back with more; CODEC_ERR_EMPTY (no bytes), CODEC_ERR_FORMAT (it
 *          begins with something else) */
int dtu_packet_match(const struct dtu_pattern *pattern, struct span stream, struct dtu_packet *out) COMPILER_MUST_CHECK;

/* The identity as people write it and as archives store it: digits and text as they are, BCD as digits (the leading 0
 * of an IMEI left out), bytes as hexadecimal. Nothing when the packet has none. */
void dtu_identity_write(const struct dtu_packet *packet, struct writer *out);

/* Write a packet.
 * identity  as dtu_identity_write() gives it; empty when the pattern has none. Bytes without meaning are written as
 *           zero, line ends are left out
 * returns   0; CODEC_ERR_RANGE (the pattern's identity cannot hold it), CODEC_ERR_FULL */
int dtu_packet_encode(const struct dtu_pattern *pattern, struct span identity, struct writer *out) COMPILER_MUST_CHECK;

#endif
