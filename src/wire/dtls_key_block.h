/* From the secrets of a finished DTLS 1.2 handshake to the keys of both directions (RFC 5246, 5 and 6.3). */
#ifndef WIRE_DTLS_KEY_BLOCK_H
#define WIRE_DTLS_KEY_BLOCK_H

#include "wire/dtls_record.h"

#define DTLS_RANDOM_SIZE 32
#define DTLS_MASTER_SECRET_SIZE 48

struct dtls_handshake_secrets {
    uint8_t master[DTLS_MASTER_SECRET_SIZE];
    uint8_t client_random[DTLS_RANDOM_SIZE];
    uint8_t server_random[DTLS_RANDOM_SIZE];
};

/* client, server  keys for what the client and what the server writes, for a suite with AES-128 and SHA-256
 * returns         0; WIRE_ERR_CRYPTOGRAPHY with both untouched */
int dtls_key_block_derive(const struct dtls_handshake_secrets *secrets, struct dtls_direction_key *client,
                          struct dtls_direction_key *server);

#endif
