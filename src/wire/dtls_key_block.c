#include "wire/dtls_key_block.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#include "wire/wire_error.h"

#define KEY_BLOCK_SIZE 40 /* two keys of 16, two implicit nonces of 4 (RFC 5288, 3) */

static const char label[] = "key expansion";

#define LABEL_SIZE (sizeof label - 1)

/* key_block = PRF(master secret, "key expansion", server random + client random) */
static int block_derive(const struct dtls_handshake_secrets *secrets, uint8_t out[KEY_BLOCK_SIZE])
{
    uint8_t master[DTLS_MASTER_SECRET_SIZE];
    uint8_t seed[LABEL_SIZE + 2 * DTLS_RANDOM_SIZE];
    char digest[] = "SHA256";
    memcpy(master, secrets->master, sizeof master);
    memcpy(seed, label, LABEL_SIZE);
    memcpy(seed + LABEL_SIZE, secrets->server_random, DTLS_RANDOM_SIZE);
    memcpy(seed + LABEL_SIZE + DTLS_RANDOM_SIZE, secrets->client_random, DTLS_RANDOM_SIZE);
    EVP_KDF *function = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_TLS1_PRF, NULL);
    EVP_KDF_CTX *context = EVP_KDF_CTX_new(function);
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, master, sizeof master),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, seed, sizeof seed),
        OSSL_PARAM_construct_end(),
    };
    int derived = context ? EVP_KDF_derive(context, out, KEY_BLOCK_SIZE, parameters) : 0;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(function);
    OPENSSL_cleanse(master, sizeof master);
    return derived == 1 ? 0 : WIRE_ERR_CRYPTOGRAPHY;
}

int dtls_key_block_derive(const struct dtls_handshake_secrets *secrets, struct dtls_direction_key *client,
                          struct dtls_direction_key *server)
{
    uint8_t block[KEY_BLOCK_SIZE];
    int error = block_derive(secrets, block);
    if (error)
        return error;
    memcpy(client->key, block, 16);
    memcpy(server->key, block + 16, 16);
    memcpy(client->implicit_nonce, block + 32, 4);
    memcpy(server->implicit_nonce, block + 36, 4);
    OPENSSL_cleanse(block, sizeof block);
    return 0;
}
