#include "apps/meterworks/town_dtls.h"

#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KEY_SIZE 16
#define CIPHERS "PSK-AES128-CCM8:PSK-AES128-GCM-SHA256"

struct town_dtls_context {
    SSL_CTX *ssl;
};

struct town_dtls {
    SSL *ssl;
    enum town_dtls_state state;
    char identity[16];
    uint8_t key[KEY_SIZE];
    uint8_t waiting[TOWN_DTLS_WAITING_SIZE];
    size_t waiting_size;
};

static unsigned key_give(SSL *ssl, const char *hint, char *identity, unsigned identity_size, unsigned char *key,
                         unsigned key_size)
{
    const struct town_dtls *session = SSL_get_app_data(ssl);

    (void)hint;
    if (identity_size < sizeof session->identity || key_size < KEY_SIZE)
        return 0;
    memcpy(identity, session->identity, sizeof session->identity);
    memcpy(key, session->key, KEY_SIZE);
    return KEY_SIZE;
}

int town_dtls_context_open(struct town_dtls_context **out)
{
    struct town_dtls_context *context = calloc(1, sizeof *context);

    if (context == NULL)
        return -1;
    context->ssl = SSL_CTX_new(DTLS_client_method());
    if (context->ssl == NULL || !SSL_CTX_set_min_proto_version(context->ssl, DTLS1_2_VERSION) ||
        !SSL_CTX_set_cipher_list(context->ssl, CIPHERS)) {
        town_dtls_context_close(context);
        return -1;
    }
    SSL_CTX_set_security_level(context->ssl, 0); /* CCM8 has a short tag */
    SSL_CTX_set_psk_client_callback(context->ssl, key_give);
    SSL_CTX_set_mode(context->ssl, SSL_MODE_RELEASE_BUFFERS);
    *out = context;
    return 0;
}

void town_dtls_context_close(struct town_dtls_context *context)
{
    if (context != NULL)
        SSL_CTX_free(context->ssl);
    free(context);
}

/* The library wants to know the peer of a connected socket. */
static bool peer_tell(BIO *wire, int descriptor)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    BIO_ADDR *peer = BIO_ADDR_new();
    bool told = false;

    if (peer != NULL && getpeername(descriptor, (struct sockaddr *)&address, &size) == 0) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
        told = address.ss_family == AF_INET
                   ? BIO_ADDR_rawmake(peer, AF_INET, &four->sin_addr, sizeof four->sin_addr, four->sin_port)
                   : BIO_ADDR_rawmake(peer, AF_INET6, &six->sin6_addr, sizeof six->sin6_addr, six->sin6_port);
        BIO_ctrl(wire, BIO_CTRL_DGRAM_SET_CONNECTED, 0, peer);
    }
    BIO_ADDR_free(peer);
    return told;
}

int town_dtls_open(struct town_dtls_context *context, int descriptor, const char *identity, const uint8_t *key,
                   struct town_dtls **out)
{
    struct town_dtls *session = calloc(1, sizeof *session);
    BIO *wire = BIO_new_dgram(descriptor, BIO_NOCLOSE);

    if (session != NULL)
        session->ssl = SSL_new(context->ssl);
    if (session == NULL || wire == NULL || session->ssl == NULL ||
        !peer_tell(wire, descriptor)) {
        BIO_free(wire);
        town_dtls_close(session);
        return -1;
    }
    SSL_set_bio(session->ssl, wire, wire);
    SSL_set_app_data(session->ssl, session);
    SSL_set_connect_state(session->ssl);
    (void)snprintf(session->identity, sizeof session->identity, "%s", identity);
    memcpy(session->key, key, KEY_SIZE);
    session->state = TOWN_DTLS_HANDSHAKE;
    *out = session;
    return 0;
}

void town_dtls_close(struct town_dtls *session)
{
    if (session == NULL)
        return;
    SSL_free(session->ssl);
    OPENSSL_cleanse(session->key, sizeof session->key);
    free(session);
}

static void handshake_go_on(struct town_dtls *session)
{
    int result = SSL_do_handshake(session->ssl);
    int error = result == 1 ? 0 : SSL_get_error(session->ssl, result);

    ERR_clear_error();
    if (result == 1) {
        session->state = TOWN_DTLS_READY;
        if (session->waiting_size > 0)
            SSL_write(session->ssl, session->waiting, (int)session->waiting_size);
        session->waiting_size = 0;
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        session->state = TOWN_DTLS_FAILED;
    }
}

enum town_dtls_state town_dtls_send(struct town_dtls *session, struct span bytes)
{
    if (session->state == TOWN_DTLS_READY) {
        if (SSL_write(session->ssl, bytes.bytes, (int)bytes.size) <= 0)
            session->state = TOWN_DTLS_FAILED;
        ERR_clear_error();
        return session->state;
    }
    if (bytes.size <= sizeof session->waiting) {
        memcpy(session->waiting, bytes.bytes, bytes.size);
        session->waiting_size = bytes.size;
    }
    DTLSv1_handle_timeout(session->ssl);
    handshake_go_on(session);
    return session->state;
}

enum town_dtls_state town_dtls_receive(struct town_dtls *session, uint8_t *bytes, size_t capacity, size_t *size)
{
    int count = 0;

    *size = 0;
    if (session->state == TOWN_DTLS_HANDSHAKE)
        handshake_go_on(session);
    if (session->state == TOWN_DTLS_READY)
        count = SSL_read(session->ssl, bytes, (int)capacity);
    if (count > 0)
        *size = (size_t)count;
    else if (session->state == TOWN_DTLS_READY && SSL_get_error(session->ssl, count) == SSL_ERROR_ZERO_RETURN)
        session->state = TOWN_DTLS_FAILED;
    ERR_clear_error();
    return session->state;
}
