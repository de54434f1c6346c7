/* The record layer of DTLS 1.2: headers, replay window, AEAD (RFC 6347 4.1, RFC 5246 6.2.3.3).
 *
 *    0       1       3       5               11      13
 *    +-------+-------+-------+---------------+-------+-----------------+
 *    | type  |version| epoch | sequence      |length | fragment        |
 *    +-------+-------+-------+---------------+-------+-----------------+
 *
 * A protected fragment is the explicit nonce (8 bytes), the sealed text and the tag. */
#ifndef WIRE_DTLS_RECORD_H
#define WIRE_DTLS_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define DTLS_RECORD_HEADER_SIZE 13
#define DTLS_NONCE_EXPLICIT_SIZE 8
#define DTLS_VERSION_1_2 0xfefd
#define DTLS_SEQUENCE_LIMIT ((uint64_t)1 << 48)

enum dtls_content_type {
    DTLS_CHANGE_CIPHER_SPEC = 20,
    DTLS_ALERT = 21,
    DTLS_HANDSHAKE = 22,
    DTLS_APPLICATION_DATA = 23
};

struct dtls_record {
    uint8_t type; /* enum dtls_content_type */
    uint16_t version;
    uint16_t epoch;
    uint64_t sequence; /* 48 bits */
    struct span fragment;
};

/* Read the first record of a datagram.
 * out      written on success only; its fragment points into `in`
 * returns  bytes used; WIRE_ERR_RECORD when the header or the length cannot be */
int dtls_record_decode(struct span in, struct dtls_record *out);

/* Begins an unprotected record with a ClientHello: the only thing a stranger may start with. */
bool dtls_record_is_client_hello(const struct dtls_record *record);

/* Which of the last 64 sequence numbers came already (RFC 6347, 4.1.2.6). All zeros: none yet. */
struct dtls_replay_window {
    uint64_t next; /* newest seen plus one */
    uint64_t seen; /* bit k: next - 1 - k came */
};

/* May a record with this number still be believed? Ask before opening it. */
bool dtls_replay_window_is_new(const struct dtls_replay_window *window, uint64_t sequence);

/* It was authentic: never again. */
void dtls_replay_window_mark(struct dtls_replay_window *window, uint64_t sequence);

enum dtls_suite { DTLS_SUITE_CCM8, DTLS_SUITE_CCM, DTLS_SUITE_GCM, DTLS_SUITE_COUNT };

/* Key and implicit nonce of one direction. */
struct dtls_direction_key {
    uint8_t key[16];
    uint8_t implicit_nonce[4];
};

/* OpenSSL's ciphers, one context per suite and direction, given a key record by record. One thread. */
struct dtls_aead;

/* out      given back by dtls_aead_close
 * returns  0; WIRE_ERR_MEMORY; WIRE_ERR_CRYPTOGRAPHY */
int dtls_aead_open(struct dtls_aead **out);

/* Accepts NULL. */
void dtls_aead_close(struct dtls_aead *aead);

/* Bytes of the tag that ends a fragment. */
size_t dtls_suite_tag_size(enum dtls_suite suite);

/* Open a protected fragment.
 * out      at least record->fragment.size bytes; its content means nothing on failure
 * returns  bytes of text; WIRE_ERR_RECORD when it is not authentic */
int dtls_aead_unseal(struct dtls_aead *aead, enum dtls_suite suite, const struct dtls_direction_key *key,
                     const struct dtls_record *record, uint8_t *out);

/* Write a whole protected record.
 * record    type, epoch and sequence; version and fragment are not looked at
 * out       capacity bytes
 * returns   bytes written; WIRE_ERR_TOO_LONG; WIRE_ERR_CRYPTOGRAPHY */
int dtls_aead_seal(struct dtls_aead *aead, enum dtls_suite suite, const struct dtls_direction_key *key,
                   const struct dtls_record *record, struct span text, uint8_t *out, size_t capacity);

#endif
