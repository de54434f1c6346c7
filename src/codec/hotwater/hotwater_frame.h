/* Frames of campus hot-water meters, our profile HW-1 section 3: the same on BLE, UDP, CoAP and TCP.
 *
 *     +-------+---------+-------+--------------+---------+---------+--------+---------+---------+-----+
 *     | 48 57 | version | flags | meter number | counter | command | length | payload | tag     | CRC |
 *     | "HW"  | 01      | 1     | 6, BCD       | 4       | 1       | 2      | n       | 0 or 8  | 2   |
 *     +-------+---------+-------+--------------+---------+---------+--------+---------+---------+-----+
 *
 *     tag      first 8 bytes of CMAC-SM4(session key, all bytes before it)
 *     payload  of records and bindings, under a tag: SM4-CTR with CMAC(session key, "HWE1"), counter block
 *              = meter number 6 | flags | 00 | counter 4 | block number 4
 *
 * Integers are big-endian. The CRC is CRC-16/IBM-3740 over everything before it. */
#ifndef CODEC_HOTWATER_FRAME_H
#define CODEC_HOTWATER_FRAME_H

#include "base/cipher.h"
#include "codec/hotwater/hotwater_message.h"

#define HOTWATER_PAYLOAD_LIMIT 1024
#define HOTWATER_HEAD_SIZE 17
#define HOTWATER_FRAME_LIMIT (HOTWATER_HEAD_SIZE + HOTWATER_PAYLOAD_LIMIT + HOTWATER_TAG_SIZE + 2)

enum hotwater_flag {
    HOTWATER_FROM_METER = 1 << 0,
    HOTWATER_TAGGED = 1 << 1,
    HOTWATER_PAIRED = 1 << 2, /* request and response belong together */
    HOTWATER_RELAYED = 1 << 3 /* came by a phone */
};
#define HOTWATER_FLAGS_KNOWN 0x0f

/* One frame, split up. Spans point into the bytes that were decoded. */
struct hotwater_frame {
    uint8_t flags; /* set of enum hotwater_flag */
    uint8_t meter[HOTWATER_METER_SIZE];
    uint32_t counter;
    uint8_t command;     /* enum hotwater_command, HOTWATER_ANSWER */
    struct span payload; /* encrypted when the frame is tagged and the command private */
    struct span tag;     /* empty without HOTWATER_TAGGED */
    struct span covered; /* what the tag covers */
};

/* First frame in a stream that is whole and right: start, version, length, CRC.
 * skip     bytes before it that belong to no frame; always written. A broken frame costs one byte
 * returns  bytes of the frame; 0 when none is complete, `skip` then being what can never begin one */
size_t hotwater_frame_find(struct span stream, size_t *skip);

/* One whole frame.
 * out           written on success only
 * error_offset  NULL, or where belief ended, written on failure
 * returns       0; CODEC_ERR_FORMAT (start), CODEC_ERR_VERSION, CODEC_ERR_RESERVED (flags 4 to 7), CODEC_ERR_RANGE
 *               (length), CODEC_ERR_SHORT, CODEC_ERR_TRAILING, CODEC_ERR_CHECKSUM */
int hotwater_frame_decode(struct span frame, struct hotwater_frame *out, size_t *error_offset);

/* Write a frame; tagged and, if private, encrypted when the flags say HOTWATER_TAGGED.
 * frame        `payload` in clear; `tag` and `covered` are not used
 * cipher       NULL without HOTWATER_TAGGED, as session_key
 * session_key  16 bytes, hotwater_key.h
 * out          appended to; needs up to HOTWATER_FRAME_LIMIT bytes; on failure it may hold a part
 * returns      0; CODEC_ERR_RANGE (flags, digits, payload too long), CODEC_ERR_KEY (tagged without a key, or a private
 *              payload without a tag), CODEC_ERR_FULL; the cipher's error */
int hotwater_frame_encode(const struct hotwater_frame *frame, const struct cipher *cipher, const uint8_t *session_key,
                          struct writer *out);

/* Check the tag in constant time, then decrypt what is private. A frame without tag gives its payload as it is.
 * buffer   room for frame->payload.size bytes, used for private payloads only
 * clear    written on success only; in `buffer` or in the frame
 * returns  0; CODEC_ERR_KEY when the tag is wrong; the cipher's error */
int hotwater_frame_open(const struct hotwater_frame *frame, const struct cipher *cipher,
                        const uint8_t session_key[CIPHER_BLOCK_SIZE], uint8_t *buffer, struct span *clear);

/* The payload stands encrypted. */
bool hotwater_frame_is_encrypted(const struct hotwater_frame *frame);

#endif
