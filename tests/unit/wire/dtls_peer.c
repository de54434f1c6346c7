#include "tests/unit/wire/dtls_peer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define PATIENCE_US 60000000 /* tests decide themselves what is lost */

struct dtls_peer {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in;
    BIO *out;
    char identity[128];
    uint8_t key[64];
    size_t key_size;
    unsigned int wait_us;
    uint8_t taken[4096];
};

static unsigned int key_give(SSL *ssl, const char *hint, char *identity, unsigned int identity_capacity,
                             unsigned char *key, unsigned int key_capacity)
{
    (void)hint;
    const struct dtls_peer *peer = SSL_get_app_data(ssl);
    size_t size = strlen(peer->identity) + 1;
    if (size > identity_capacity || peer->key_size > key_capacity)
        return 0;
    memcpy(identity, peer->identity, size);
    memcpy(key, peer->key, peer->key_size);
    return (unsigned int)peer->key_size;
}

static unsigned int flight_wait(SSL *ssl, unsigned int previous_us)
{
    struct dtls_peer *peer = SSL_get_app_data(ssl);
    unsigned int wait_us = peer->wait_us;
    (void)previous_us;
    peer->wait_us = PATIENCE_US;
    return wait_us;
}

struct dtls_peer *dtls_peer_open(const char *identity, const uint8_t *key, size_t key_size, const char *ciphers)
{
    struct dtls_peer *peer = calloc(1, sizeof *peer);
    assert_non_null(peer);
    memcpy(peer->identity, identity, strlen(identity) + 1);
    memcpy(peer->key, key, key_size);
    peer->key_size = key_size;
    peer->wait_us = PATIENCE_US;
    peer->context = SSL_CTX_new(DTLS_client_method());
    assert_true(SSL_CTX_set_cipher_list(peer->context, ciphers ? ciphers : "PSK:@SECLEVEL=0"));
    SSL_CTX_set_psk_client_callback(peer->context, key_give);
    SSL_CTX_set_options(peer->context, SSL_OP_NO_QUERY_MTU);
    peer->ssl = SSL_new(peer->context);
    peer->in = BIO_new(BIO_s_mem());
    peer->out = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(peer->in, -1);
    BIO_set_mem_eof_return(peer->out, -1);
    SSL_set_bio(peer->ssl, peer->in, peer->out);
    SSL_set_app_data(peer->ssl, peer);
    SSL_set_mtu(peer->ssl, 1200);
    DTLS_set_timer_cb(peer->ssl, flight_wait);
    SSL_set_connect_state(peer->ssl);
    return peer;
}

void dtls_peer_close(struct dtls_peer *peer)
{
    SSL_free(peer->ssl);
    SSL_CTX_free(peer->context);
    free(peer);
}

bool dtls_peer_handshake(struct dtls_peer *peer)
{
    ERR_clear_error();
    return SSL_do_handshake(peer->ssl) == 1;
}

void dtls_peer_repeat_flight(struct dtls_peer *peer)
{
    peer->wait_us = 1;
}

struct span dtls_peer_take(struct dtls_peer *peer)
{
    int size = BIO_read(peer->out, peer->taken, sizeof peer->taken);
    return span_of_bytes(peer->taken, size > 0 ? (size_t)size : 0);
}

void dtls_peer_give(struct dtls_peer *peer, struct span datagram)
{
    assert_int_equal(BIO_write(peer->in, datagram.bytes, (int)datagram.size), (int)datagram.size);
}

void dtls_peer_write(struct dtls_peer *peer, struct span text)
{
    assert_int_equal(SSL_write(peer->ssl, text.bytes, (int)text.size), (int)text.size);
}

size_t dtls_peer_read(struct dtls_peer *peer, uint8_t *out, size_t capacity)
{
    ERR_clear_error();
    int size = SSL_read(peer->ssl, out, (int)capacity);
    return size > 0 ? (size_t)size : 0;
}

bool dtls_peer_is_closed(struct dtls_peer *peer)
{
    return SSL_get_shutdown(peer->ssl) & SSL_RECEIVED_SHUTDOWN;
}

void dtls_peer_shutdown(struct dtls_peer *peer)
{
    SSL_shutdown(peer->ssl);
}

const char *dtls_peer_cipher(struct dtls_peer *peer)
{
    return SSL_get_cipher(peer->ssl);
}
