#include "wire/dtls_key_block.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "wire/wire_error.h"

#define DIGEST_SIZE 32    /* of SHA-256 */
#define KEY_BLOCK_SIZE 40 /* two keys of 16, two implicit nonces of 4 (RFC 5288, 3) */

static const char label[] = "key expansion";

#define LABEL_SIZE (sizeof label - 1)
#define SEED_SIZE (LABEL_SIZE + 2 * DTLS_RANDOM_SIZE)

int dtls_prf_open(struct dtls_prf *prf)
{
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end() };
    EVP_MAC *function = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = function ? EVP_MAC_CTX_new(function) : NULL;
    EVP_MAC_free(function);
    if (!mac || EVP_MAC_CTX_set_params(mac, parameters) != 1) {
        EVP_MAC_CTX_free(mac);
        return WIRE_ERR_CRYPTOGRAPHY;
    }
    prf->mac = mac;
    return 0;
}

void dtls_prf_close(struct dtls_prf *prf)
{
    EVP_MAC_CTX_free(prf->mac);
    prf->mac = NULL;
}

/* HMAC of a, then b, under the secret that the context was given. */
static bool hmac(EVP_MAC_CTX *mac, struct span a, struct span b, uint8_t out[DIGEST_SIZE])
{
    size_t size = 0;
    return EVP_MAC_init(mac, NULL, 0, NULL) == 1 && EVP_MAC_update(mac, a.bytes, a.size) == 1 &&
           EVP_MAC_update(mac, b.bytes, b.size) == 1 && EVP_MAC_final(mac, out, &size, DIGEST_SIZE) == 1;
}

/* P_SHA256(secret, seed) = HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) ...; A(0) = seed, A(i) = HMAC(secret, A(i - 1)) */
static bool block_expand(EVP_MAC_CTX *mac, struct span seed, uint8_t out[2 * DIGEST_SIZE])
{
    uint8_t a[DIGEST_SIZE];
    struct span before = seed, nothing = span_of_bytes(NULL, 0);
    bool good = true;
    for (size_t part = 0; part < 2 && good; part++) {
        good = hmac(mac, before, nothing, a) && hmac(mac, span_of_bytes(a, sizeof a), seed, out + part * DIGEST_SIZE);
        before = span_of_bytes(a, sizeof a);
    }
    OPENSSL_cleanse(a, sizeof a);
    return good;
}

_Static_assert(KEY_BLOCK_SIZE <= 2 * DIGEST_SIZE, "two parts make a key block");

/* key_block = PRF(master secret, "key expansion", server random + client random) */
static bool block_derive(struct dtls_prf *prf, const struct dtls_handshake_secrets *secrets, uint8_t out[2 * DIGEST_SIZE])
{
    uint8_t seed[SEED_SIZE];
    memcpy(seed, label, LABEL_SIZE);
    memcpy(seed + LABEL_SIZE, secrets->server_random, DTLS_RANDOM_SIZE);
    memcpy(seed + LABEL_SIZE + DTLS_RANDOM_SIZE, secrets->client_random, DTLS_RANDOM_SIZE);
    return EVP_MAC_init(prf->mac, secrets->master, sizeof secrets->master, NULL) == 1 &&
           block_expand(prf->mac, span_of_bytes(seed, sizeof seed), out);
}

int dtls_key_block_derive(struct dtls_prf *prf, const struct dtls_handshake_secrets *secrets,
                          struct dtls_direction_key *client, struct dtls_direction_key *server)
{
    uint8_t block[2 * DIGEST_SIZE];
    if (!block_derive(prf, secrets, block)) {
        OPENSSL_cleanse(block, sizeof block);
        return WIRE_ERR_CRYPTOGRAPHY;
    }
    memcpy(client->key, block, 16);
    memcpy(server->key, block + 16, 16);
    memcpy(client->implicit_nonce, block + 32, 4);
    memcpy(server->implicit_nonce, block + 36, 4);
    OPENSSL_cleanse(block, sizeof block);
    return 0;
}
