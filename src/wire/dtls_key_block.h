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

/* The pseudorandom function of TLS 1.2 with SHA-256, kept ready: to look it up in OpenSSL costs as much as what it does. It knows the
 * secret it was used with last until it is closed. One thread. */
struct dtls_prf {
    struct evp_mac_ctx_st *mac; /* OpenSSL's EVP_MAC_CTX; NULL: closed */
};

/* returns  0; WIRE_ERR_CRYPTOGRAPHY: OpenSSL gives no HMAC, or no memory */
int dtls_prf_open(struct dtls_prf *prf);

/* Accepts zeros. */
void dtls_prf_close(struct dtls_prf *prf);

/* client, server  keys for what the client and what the server writes, for a suite with AES-128 and SHA-256
 * returns         0; WIRE_ERR_CRYPTOGRAPHY with both untouched */
int dtls_key_block_derive(struct dtls_prf *prf, const struct dtls_handshake_secrets *secrets,
                          struct dtls_direction_key *client, struct dtls_direction_key *server);

#endif
