#include "wire/dtls_handshake.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dtls_key_block.h"
#include "wire/wire_error.h"

/* CCM8 is below OpenSSL's security level 1 for its 8-byte tag, yet it is what constrained devices offer (RFC 7925). */
#define CIPHER_LIST "PSK-AES128-CCM8:PSK-AES128-CCM:PSK-AES128-GCM-SHA256:@SECLEVEL=0"
#define HANDSHAKE_MTU 1200
#define COOKIE_SIZE 16
#define FLIGHT_REPEAT_FIRST_US 2000000
#define FLIGHT_REPEAT_LIMIT_US 32000000

struct dtls_acceptor {
    const struct dtls_gate_ports *ports;
    struct counter_table *counters;
    SSL_CTX *context;
    BIO_METHOD *method;
    BIO_ADDR *unused_address; /* DTLSv1_listen wants one */
    struct dtls_prf prf;
    struct dtls_handshake *listener; /* the one object that meets strangers; becomes a handshake when a cookie fits */
    uint8_t cookie_secret[32];
};

struct dtls_handshake {
    struct dtls_acceptor *acceptor;
    SSL *ssl;
    struct peer_address peer;
    struct span incoming; /* one record, until OpenSSL has read it */
    struct dtls_last_flight flight; /* what was sent since the last record came */
    uint64_t principal;
    bool complete;
};

static const struct {
    uint16_t number; /* IANA TLS cipher suites */
    enum dtls_suite suite;
} suite_numbers[] = {
    { 0xc0a8, DTLS_SUITE_CCM8 },
    { 0xc0a4, DTLS_SUITE_CCM },
    { 0x00a8, DTLS_SUITE_GCM },
};

static int bio_read(BIO *bio, char *out, int capacity)
{
    struct dtls_handshake *handshake = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t size = handshake->incoming.size;
    if (size == 0 || capacity <= 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if (size > (size_t)capacity)
        size = (size_t)capacity;
    memcpy(out, handshake->incoming.bytes, size);
    handshake->incoming = span_of_bytes(NULL, 0);
    return (int)size;
}

/* Flights that are longer are none that ends a handshake. */
static void flight_note(struct dtls_last_flight *flight, struct span bytes)
{
    if (bytes.size > sizeof flight->bytes - flight->size)
        return;
    memcpy(flight->bytes + flight->size, bytes.bytes, bytes.size);
    flight->size = (uint16_t)(flight->size + bytes.size);
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
    struct dtls_handshake *handshake = BIO_get_data(bio);
    const struct dtls_gate_ports *ports = handshake->acceptor->ports;
    BIO_clear_retry_flags(bio);
    if (size <= 0)
        return size;
    struct span datagram = span_of_bytes(bytes, (size_t)size);
    flight_note(&handshake->flight, datagram);
    ports->send(ports->context, &handshake->peer, datagram);
    return size;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *bio_method_make(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagram of the gate");
    if (method && BIO_meth_set_read(method, bio_read) && BIO_meth_set_write(method, bio_write) &&
        BIO_meth_set_ctrl(method, bio_control) && BIO_meth_set_create(method, bio_create))
        return method;
    BIO_meth_free(method);
    return NULL;
}

/* The cookie proves only that the peer receives at his address, which is all it is for (RFC 6347, 4.2.1): two keyed hashes
 * of the address. It is made and checked three times a handshake, of strangers too, so it costs little. */
static int cookie_make(SSL *ssl, unsigned char *cookie, unsigned int *size)
{
    const struct dtls_handshake *handshake = SSL_get_app_data(ssl);
    struct hash_key keys[2];
    uint64_t halves[2];
    _Static_assert(sizeof keys == sizeof handshake->acceptor->cookie_secret && sizeof halves == COOKIE_SIZE,
                   "a key and a half each");
    memcpy(keys, handshake->acceptor->cookie_secret, sizeof keys);
    for (size_t i = 0; i < 2; i++)
        halves[i] = peer_address_hash(&handshake->peer, keys[i]);
    memcpy(cookie, halves, COOKIE_SIZE);
    *size = COOKIE_SIZE;
    OPENSSL_cleanse(keys, sizeof keys);
    return 1;
}

static int cookie_generate(SSL *ssl, unsigned char *cookie, unsigned int *size)
{
    const struct dtls_handshake *handshake = SSL_get_app_data(ssl);
    counter_increment(handshake->acceptor->counters, DTLS_HELLO_VERIFY_SENT);
    return cookie_make(ssl, cookie, size);
}

static int cookie_verify(SSL *ssl, const unsigned char *cookie, unsigned int size)
{
    uint8_t expected[COOKIE_SIZE];
    unsigned int expected_size;
    return cookie_make(ssl, expected, &expected_size) && size == expected_size &&
           CRYPTO_memcmp(cookie, expected, COOKIE_SIZE) == 0;
}

static unsigned int key_for_identity(SSL *ssl, const char *identity, unsigned char *key, unsigned int capacity)
{
    struct dtls_handshake *handshake = SSL_get_app_data(ssl);
    const struct dtls_gate_ports *ports = handshake->acceptor->ports;
    uint8_t found[DTLS_KEY_LIMIT];
    size_t size = 0;
    struct span name = span_of_text(identity);
    bool known = name.size > 0 && name.size <= DTLS_IDENTITY_LIMIT &&
                 ports->key_find(ports->context, name, found, &size, &handshake->principal) && size >= 16 &&
                 size <= sizeof found && size <= capacity;
    if (known)
        memcpy(key, found, size);
    else
        counter_increment(handshake->acceptor->counters, DTLS_IDENTITY_UNKNOWN);
    OPENSSL_cleanse(found, sizeof found);
    return known ? (unsigned int)size : 0;
}

static unsigned int flight_repeat_us(SSL *ssl, unsigned int previous_us)
{
    (void)ssl;
    if (previous_us == 0)
        return FLIGHT_REPEAT_FIRST_US;
    return previous_us > FLIGHT_REPEAT_LIMIT_US / 2 ? FLIGHT_REPEAT_LIMIT_US : previous_us * 2;
}

static SSL_CTX *context_make(void)
{
    SSL_CTX *context = SSL_CTX_new(DTLS_server_method());
    if (!context)
        return NULL;
    SSL_CTX_set_options(context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_cookie_generate_cb(context, cookie_generate);
    SSL_CTX_set_cookie_verify_cb(context, cookie_verify);
    SSL_CTX_set_psk_server_callback(context, key_for_identity);
    if (SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) && SSL_CTX_set_cipher_list(context, CIPHER_LIST))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

int dtls_acceptor_open(const uint8_t cookie_secret[32], const struct dtls_gate_ports *ports,
                       struct counter_table *counters, struct dtls_acceptor **out)
{
    struct dtls_acceptor *acceptor = calloc(1, sizeof *acceptor);
    if (!acceptor)
        return WIRE_ERR_MEMORY;
    acceptor->ports = ports;
    acceptor->counters = counters;
    memcpy(acceptor->cookie_secret, cookie_secret, sizeof acceptor->cookie_secret);
    acceptor->context = context_make();
    acceptor->method = bio_method_make();
    acceptor->unused_address = BIO_ADDR_new();
    if (!acceptor->context || !acceptor->method || !acceptor->unused_address || dtls_prf_open(&acceptor->prf) != 0) {
        dtls_acceptor_close(acceptor);
        return WIRE_ERR_CRYPTOGRAPHY;
    }
    *out = acceptor;
    return 0;
}

void dtls_acceptor_close(struct dtls_acceptor *acceptor)
{
    if (!acceptor)
        return;
    dtls_handshake_close(acceptor->listener);
    BIO_ADDR_free(acceptor->unused_address);
    dtls_prf_close(&acceptor->prf);
    SSL_CTX_free(acceptor->context);
    BIO_meth_free(acceptor->method);
    OPENSSL_cleanse(acceptor->cookie_secret, sizeof acceptor->cookie_secret);
    free(acceptor);
}

static struct dtls_handshake *handshake_make(struct dtls_acceptor *acceptor)
{
    struct dtls_handshake *handshake = calloc(1, sizeof *handshake);
    if (!handshake)
        return NULL;
    handshake->acceptor = acceptor;
    handshake->ssl = SSL_new(acceptor->context);
    BIO *bio = handshake->ssl ? BIO_new(acceptor->method) : NULL;
    if (!bio) {
        dtls_handshake_close(handshake);
        return NULL;
    }
    BIO_set_data(bio, handshake);
    SSL_set_bio(handshake->ssl, bio, bio);
    SSL_set_app_data(handshake->ssl, handshake);
    SSL_set_mtu(handshake->ssl, HANDSHAKE_MTU);
    DTLS_set_timer_cb(handshake->ssl, flight_repeat_us);
    return handshake;
}

int dtls_acceptor_hello(struct dtls_acceptor *acceptor, const struct peer_address *from, struct span record,
                        struct dtls_handshake **out)
{
    if (!acceptor->listener)
        acceptor->listener = handshake_make(acceptor);
    struct dtls_handshake *listener = acceptor->listener;
    if (!listener)
        return WIRE_ERR_MEMORY;
    listener->peer = *from;
    listener->incoming = record;
    int accepted = DTLSv1_listen(listener->ssl, acceptor->unused_address);
    listener->incoming = span_of_bytes(NULL, 0);
    ERR_clear_error();
    if (accepted <= 0)
        return 0;
    acceptor->listener = NULL;
    *out = listener;
    return 1;
}

void dtls_handshake_close(struct dtls_handshake *handshake)
{
    if (!handshake)
        return;
    SSL_free(handshake->ssl);
    free(handshake);
}

int dtls_handshake_feed(struct dtls_handshake *handshake, struct span record)
{
    handshake->incoming = record;
    handshake->flight.size = 0;
    ERR_clear_error();
    int result = SSL_do_handshake(handshake->ssl);
    int reason = SSL_get_error(handshake->ssl, result);
    handshake->incoming = span_of_bytes(NULL, 0);
    ERR_clear_error();
    if (result == 1) {
        handshake->complete = true;
        return 1;
    }
    return reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE ? 0 : WIRE_ERR_CRYPTOGRAPHY;
}

void dtls_handshake_tick(struct dtls_handshake *handshake)
{
    DTLSv1_handle_timeout(handshake->ssl);
    ERR_clear_error();
}

static bool secrets_read(const SSL *ssl, struct dtls_handshake_secrets *out)
{
    return SSL_get_client_random(ssl, out->client_random, DTLS_RANDOM_SIZE) == DTLS_RANDOM_SIZE &&
           SSL_get_server_random(ssl, out->server_random, DTLS_RANDOM_SIZE) == DTLS_RANDOM_SIZE &&
           SSL_SESSION_get_master_key(SSL_get_session(ssl), out->master, sizeof out->master) == sizeof out->master;
}

static int suite_find(const SSL *ssl, enum dtls_suite *out)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    uint16_t number = cipher ? SSL_CIPHER_get_protocol_id(cipher) : 0;
    for (size_t i = 0; i < sizeof suite_numbers / sizeof suite_numbers[0]; i++)
        if (suite_numbers[i].number == number) {
            *out = suite_numbers[i].suite;
            return 0;
        }
    return WIRE_ERR_CRYPTOGRAPHY;
}

int dtls_handshake_result(const struct dtls_handshake *handshake, struct dtls_handshake_result *out)
{
    struct dtls_handshake_result result = { .principal = handshake->principal, .flight = handshake->flight };
    struct dtls_handshake_secrets secrets;
    if (!handshake->complete || suite_find(handshake->ssl, &result.suite) != 0 ||
        !secrets_read(handshake->ssl, &secrets))
        return WIRE_ERR_CRYPTOGRAPHY;
    int error = dtls_key_block_derive(&handshake->acceptor->prf, &secrets, &result.read_key, &result.write_key);
    OPENSSL_cleanse(&secrets, sizeof secrets);
    if (!error)
        *out = result;
    return error;
}
