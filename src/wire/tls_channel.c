#include "wire/tls_channel.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wire/wire_error.h"

#define SUITE "TLS_AES_128_GCM_SHA256"

static const unsigned char suite_number[] = { 0x13, 0x01 };

struct tls_party {
    struct tls_party_config config;
    char identity[TLS_CHANNEL_IDENTITY_LIMIT];
    SSL_CTX *context;
};

struct tls_channel {
    struct tls_party *party;
    SSL *ssl;
    int descriptor;
    bool wants_write;
    bool complete;
    char identity[TLS_CHANNEL_IDENTITY_LIMIT]; /* of the other end */
};

/* A pre-shared key in the form in which OpenSSL takes it. NULL when it cannot. */
static SSL_SESSION *session_of_key(SSL *ssl, const uint8_t key[TLS_CHANNEL_KEY_SIZE])
{
    const SSL_CIPHER *suite = SSL_CIPHER_find(ssl, suite_number);
    SSL_SESSION *session = SSL_SESSION_new();

    if (suite != NULL && session != NULL && SSL_SESSION_set1_master_key(session, key, TLS_CHANNEL_KEY_SIZE) &&
        SSL_SESSION_set_cipher(session, suite) && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION))
        return session;
    SSL_SESSION_free(session);
    return NULL;
}

/* The end that dials; called again, with the digest, when the other asks for another group. */
static int key_use(SSL *ssl, const EVP_MD *digest, const unsigned char **identity, size_t *identity_size,
                   SSL_SESSION **session)
{
    const struct tls_channel *channel = SSL_get_app_data(ssl);
    const struct tls_party *party = channel->party;

    (void)digest; /* there is one suite only */
    *session = session_of_key(ssl, party->config.key);
    *identity = (const unsigned char *)party->identity;
    *identity_size = strlen(party->identity);
    return *session != NULL;
}

/* The end that is dialled. Without a session the handshake fails: there is no certificate. */
static int key_look_up(SSL *ssl, const unsigned char *identity, size_t identity_size, SSL_SESSION **session)
{
    struct tls_channel *channel = SSL_get_app_data(ssl);
    const struct tls_party_config *config = &channel->party->config;
    uint8_t key[TLS_CHANNEL_KEY_SIZE];

    *session = NULL;
    if (identity_size == 0 || identity_size >= sizeof channel->identity || memchr(identity, '\0', identity_size) != NULL ||
        !config->key_find(config->context, span_of_bytes(identity, identity_size), key))
        return 1;
    *session = session_of_key(ssl, key);
    OPENSSL_cleanse(key, sizeof key);
    memcpy(channel->identity, identity, identity_size);
    channel->identity[identity_size] = '\0';
    return 1;
}

static SSL_CTX *context_make(bool dials)
{
    SSL_CTX *context = SSL_CTX_new(dials ? TLS_client_method() : TLS_server_method());

    if (context == NULL)
        return NULL;
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* Nobody is trusted by a certificate: an end that shows one is refused. */
    SSL_CTX_set_verify(context, dials ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (dials)
        SSL_CTX_set_psk_use_session_callback(context, key_use);
    else
        SSL_CTX_set_psk_find_session_callback(context, key_look_up);
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) && SSL_CTX_set_ciphersuites(context, SUITE) &&
        SSL_CTX_set_num_tickets(context, 0))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

int tls_party_open(const struct tls_party_config *config, struct tls_party **out)
{
    bool dials = config->identity != NULL;

    if (dials && (config->identity[0] == '\0' || strlen(config->identity) >= TLS_CHANNEL_IDENTITY_LIMIT))
        return WIRE_ERR_TOO_LONG;
    struct tls_party *party = calloc(1, sizeof *party);
    if (party == NULL)
        return WIRE_ERR_MEMORY;
    party->config = *config;
    if (dials)
        memcpy(party->identity, config->identity, strlen(config->identity));
    party->context = context_make(dials);
    if (party->context == NULL) {
        tls_party_close(party);
        return WIRE_ERR_CRYPTOGRAPHY;
    }
    *out = party;
    return 0;
}

void tls_party_close(struct tls_party *party)
{
    if (party == NULL)
        return;
    SSL_CTX_free(party->context);
    OPENSSL_cleanse(party, sizeof *party);
    free(party);
}

int tls_channel_open(struct tls_party *party, int descriptor, struct tls_channel **out)
{
    struct tls_channel *channel = calloc(1, sizeof *channel);

    if (channel == NULL) {
        close(descriptor);
        return WIRE_ERR_MEMORY;
    }
    *channel = (struct tls_channel){ .party = party, .descriptor = descriptor, .ssl = SSL_new(party->context) };
    if (channel->ssl == NULL || !SSL_set_app_data(channel->ssl, channel) || !SSL_set_fd(channel->ssl, descriptor)) {
        tls_channel_close(channel);
        return WIRE_ERR_CRYPTOGRAPHY;
    }
    if (party->config.identity != NULL)
        SSL_set_connect_state(channel->ssl);
    else
        SSL_set_accept_state(channel->ssl);
    *out = channel;
    return 0;
}

void tls_channel_close(struct tls_channel *channel)
{
    if (channel == NULL)
        return;
    ERR_clear_error();
    if (channel->complete)
        (void)SSL_shutdown(channel->ssl); /* whether the other end hears of it makes no difference */
    SSL_free(channel->ssl);
    close(channel->descriptor);
    free(channel);
}

/* What OpenSSL waits for, if it waits.
 * returns  true: try again later */
static bool channel_waits(struct tls_channel *channel, int result)
{
    int reason = SSL_get_error(channel->ssl, result);

    channel->wants_write = reason == SSL_ERROR_WANT_WRITE;
    return reason == SSL_ERROR_WANT_WRITE || reason == SSL_ERROR_WANT_READ;
}

int tls_channel_shake(struct tls_channel *channel)
{
    if (channel->complete)
        return 1;
    ERR_clear_error();
    int result = SSL_do_handshake(channel->ssl);
    if (result != 1)
        return channel_waits(channel, result) ? 0 : WIRE_ERR_CRYPTOGRAPHY;
    /* "Reused" is how OpenSSL says that a pre-shared key was taken. */
    if (!SSL_session_reused(channel->ssl))
        return WIRE_ERR_CRYPTOGRAPHY;
    channel->wants_write = false;
    channel->complete = true;
    return 1;
}

int tls_channel_receive(struct tls_channel *channel, void *bytes, size_t capacity)
{
    ERR_clear_error();
    int result = SSL_read(channel->ssl, bytes, capacity < INT32_MAX ? (int)capacity : INT32_MAX);
    if (result > 0)
        return result;
    return channel_waits(channel, result) ? 0 : WIRE_ERR_SESSION;
}

int tls_channel_send(struct tls_channel *channel, struct span bytes)
{
    if (bytes.size == 0)
        return 0;
    ERR_clear_error();
    int result = SSL_write(channel->ssl, bytes.bytes, bytes.size < INT32_MAX ? (int)bytes.size : INT32_MAX);
    if (result > 0) {
        channel->wants_write = false;
        return result;
    }
    return channel_waits(channel, result) ? 0 : WIRE_ERR_SESSION;
}

bool tls_channel_wants_write(const struct tls_channel *channel)
{
    return channel->wants_write;
}

int tls_channel_descriptor(const struct tls_channel *channel)
{
    return channel->descriptor;
}

const char *tls_channel_identity(const struct tls_channel *channel)
{
    return channel->identity;
}
