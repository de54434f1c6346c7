/* The authentication and fragmentation layer, CI 90H (EN 13757-7 clause 6, OMS Vol. 2 clause 6).
 *
 *   | CI | length | fragment control 2 | message control 1 | key information 2 | counter 4 | MAC n | message length 2 |
 *                  `- bits say which of these follow ------------------------------------------------------------' */
#ifndef CODEC_WMBUS_FRAGMENT_H
#define CODEC_WMBUS_FRAGMENT_H

#include "base/cipher.h"
#include "base/writer.h"

#define WMBUS_FRAGMENT_CI 0x90

/* Bits of the fragment control field. */
#define WMBUS_FRAGMENT_MORE 0x4000u
#define WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL 0x2000u
#define WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH 0x1000u
#define WMBUS_FRAGMENT_HAS_COUNTER 0x0800u
#define WMBUS_FRAGMENT_HAS_MAC 0x0400u
#define WMBUS_FRAGMENT_HAS_KEY_INFORMATION 0x0200u
#define WMBUS_FRAGMENT_NUMBER 0x00ffu

struct wmbus_fragment {
    uint16_t control;        /* WMBUS_FRAGMENT_* */
    uint8_t message_control; /* bits 0 to 3 how long the MAC is; 0 when it is not there, as the others */
    uint16_t key_information;
    uint32_t counter; /* message counter: never the same twice under one key */
    uint16_t message_length;
    struct span mac;
    struct span bytes; /* CI to the end of the layer */
    struct span body;  /* what follows: the transport layer, or a part of it */
};

/* Read the layer that begins with the CI field at the start of `data`.
 * error_offset  never NULL; written on failure: in `data`
 * returns       0; CODEC_ERR_SHORT; CODEC_ERR_TYPE: another CI field; CODEC_ERR_FORMAT: length and fields do not agree;
 *               CODEC_ERR_RESERVED: a MAC of unknown length */
int wmbus_fragment_decode(struct span data, struct wmbus_fragment *out, size_t *error_offset);

/* Write the layer, fields as its control says. */
void wmbus_fragment_encode(const struct wmbus_fragment *layer, struct writer *out);

/* One of several: its body cannot be read alone. */
bool wmbus_fragment_is_part(const struct wmbus_fragment *layer);

/* Compute the MAC over message control, counter, message length where there is one, and `body`.
 * key      the MAC key of this message (wmbus_key_derive)
 * returns  bytes of the MAC that the message control asks for, at the front of `out`; CODEC_ERR_RESERVED;
 *          CODEC_ERR_UNSUPPORTED when the cipher cannot */
int wmbus_fragment_mac(const struct wmbus_fragment *layer, const struct cipher *cipher,
                       const uint8_t key[CIPHER_BLOCK_SIZE], struct span body, uint8_t out[CIPHER_BLOCK_SIZE]);

/* The MAC that came is the one of the bytes that came.
 * returns  0; CODEC_ERR_KEY; CODEC_ERR_RESERVED; CODEC_ERR_UNSUPPORTED */
int wmbus_fragment_check(const struct wmbus_fragment *layer, const struct cipher *cipher,
                         const uint8_t key[CIPHER_BLOCK_SIZE]);

#endif
