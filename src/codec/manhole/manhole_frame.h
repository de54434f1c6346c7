/* Packet (table 1) and data segment (table 2) of the manhole-cover protocol, DB35/T 1803-2018 clause 6.
 *
 *     +-------+--------+---------+-------------+------------------- data segment -------------------+-------+
 *     | start | length | version | terminal ID | type | function | sequence | security | data area  | CRC   |
 *     | 4A 47 | 2      | 01      | 8, BCD      | 1    | 1        | 2        | 1        | n          | 2     |
 *     +-------+--------+---------+-------------+------+----------+----------+----------+------------+-------+
 *             '- counts from version to the end of the area: 14 to 1400          mode << 4 | key slot
 *
 * Numbers as in MHC-1; a profile says other ones. All integers are big-endian. A packet with a wrong CRC is never
 * answered (6.3). */
#ifndef CODEC_MANHOLE_FRAME_H
#define CODEC_MANHOLE_FRAME_H

#include "codec/manhole/manhole_profile.h"

#define MANHOLE_FRAME_LIMIT 1406         /* bytes of an MHC-1 packet */
#define MANHOLE_SEQUENCE_PLATFORM 0x8000 /* the platform's sequences begin here, a terminal's lie below */

/* One packet, split up. Spans point into the bytes that were decoded. */
struct manhole_frame {
    uint8_t version;
    struct span terminal_id; /* BCD, most significant digit first */
    uint8_t terminal;        /* enum manhole_terminal; LAYOUT_UNKNOWN */
    uint8_t function;        /* enum manhole_function; LAYOUT_UNKNOWN: the packet is to be ignored */
    uint32_t sequence;
    uint8_t mode;     /* the number on the wire: 0 plain; enum manhole_mode by the profile's set */
    uint8_t slot;     /* key slot, 0 to 15 */
    struct span head; /* the bytes of the segment in front of the area: with version and ID they are under the tag */
    struct span area; /* plain, or protected as manhole_security.h says */
};

/* Where the parts of a packet begin; all from the profile's numbers. */
struct manhole_offsets {
    size_t length;
    size_t version;
    size_t id;
    size_t segment; /* the type code */
    size_t area;
};
struct manhole_offsets manhole_offsets(const struct manhole_profile *profile);

/* First packet in a stream that is whole and right: start, length, CRC.
 * skip     bytes before it that belong to no packet; always written. A broken packet costs one byte, the search goes
 *          on behind it (fact sheet 3)
 * returns  bytes of the packet; 0 when none is complete, `skip` then being what can never begin one */
size_t manhole_frame_find(const struct manhole_profile *profile, struct span stream, size_t *skip);

/* One whole packet.
 * out           written on success only
 * error_offset  NULL, or where belief ended, written on failure
 * returns       0; CODEC_ERR_FORMAT (start bytes), CODEC_ERR_SHORT, CODEC_ERR_RANGE (length field),
 *               CODEC_ERR_TRAILING, CODEC_ERR_CHECKSUM, CODEC_ERR_VERSION */
int manhole_frame_decode(const struct manhole_profile *profile, struct span frame, struct manhole_frame *out,
                         size_t *error_offset);

/* Write a packet. `head` is not used; `version` is the profile's.
 * frame    terminal_id of the profile's size; terminal and function are rows of their sets; area as it shall stand on
 *          the wire
 * out      appended to; needs up to MANHOLE_FRAME_LIMIT bytes
 * returns  0; CODEC_ERR_RANGE (an ID of another size or with a digit above 9, sequence, mode, slot; area too long);
 *          CODEC_ERR_UNKNOWN (terminal or function); CODEC_ERR_FULL */
int manhole_frame_encode(const struct manhole_profile *profile, const struct manhole_frame *frame, struct writer *out);

#endif
