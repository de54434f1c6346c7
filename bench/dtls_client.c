#include "bench/dtls_client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "wire/dtls_key_block.h"

#define FLIGHT_LIMIT 4096
#define MTU 1200
#define CIPHER_LIMIT 64

struct dtls_client {
    SSL *ssl;
    BIO *in;
    BIO *out;
    const char *identity;
    const uint8_t *key;
    size_t key_size;
    uint8_t flight[FLIGHT_LIMIT];
};

/* One context serves all handshakes of the program, and so does one function for their keys. Its list of suites is read when another
 * is wanted: to read it costs more than the handshake. */
static SSL_CTX *shared_context;
static char shared_cipher[CIPHER_LIMIT];
static struct dtls_prf shared_prf;

static unsigned int key_give(SSL *ssl, const char *hint, char *identity, unsigned int identity_capacity,
                             unsigned char *key, unsigned int key_capacity)
{
    (void)hint;
    const struct dtls_client *client = SSL_get_app_data(ssl);
    size_t size = strlen(client->identity) + 1;
    if (size > identity_capacity || client->key_size > key_capacity)
        return 0;
    memcpy(identity, client->identity, size);
    memcpy(key, client->key, client->key_size);
    return (unsigned int)client->key_size;
}

static SSL_CTX *context_get(const char *cipher)
{
    if (!shared_context && (shared_context = SSL_CTX_new(DTLS_client_method())) != NULL) {
        SSL_CTX_set_psk_client_callback(shared_context, key_give);
        SSL_CTX_set_options(shared_context, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET);
        SSL_CTX_set_session_cache_mode(shared_context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_security_level(shared_context, 0);
    }
    if (!shared_context || strcmp(cipher, shared_cipher) == 0)
        return shared_context;
    struct writer name = writer_of_buffer(shared_cipher, sizeof shared_cipher);
    writer_text(&name, cipher);
    return strcmp(writer_terminate(&name), cipher) == 0 && SSL_CTX_set_cipher_list(shared_context, cipher) ? shared_context : NULL;
}

struct dtls_client *dtls_client_open(const char *cipher, const char *identity, const uint8_t *key, size_t key_size)
{
    struct dtls_client *client = calloc(1, sizeof *client);
    SSL_CTX *context = context_get(cipher);
    if (!client || !context) {
        free(client);
        return NULL;
    }
    client->identity = identity;
    client->key = key;
    client->key_size = key_size;
    client->ssl = SSL_new(context);
    client->in = BIO_new(BIO_s_mem());
    client->out = BIO_new(BIO_s_mem());
    if (!client->ssl || !client->in || !client->out) {
        SSL_free(client->ssl);
        free(client);
        return NULL;
    }
    BIO_set_mem_eof_return(client->in, -1);
    BIO_set_mem_eof_return(client->out, -1);
    SSL_set_bio(client->ssl, client->in, client->out);
    SSL_set_app_data(client->ssl, client);
    SSL_set_mtu(client->ssl, MTU);
    SSL_set_connect_state(client->ssl);
    return client;
}

void dtls_client_close(struct dtls_client *client)
{
    if (!client)
        return;
    SSL_free(client->ssl);
    free(client);
}

int dtls_client_step(struct dtls_client *client, struct span datagram)
{
    if (datagram.size > 0 && BIO_write(client->in, datagram.bytes, (int)datagram.size) != (int)datagram.size)
        return -1;
    ERR_clear_error();
    int result = SSL_do_handshake(client->ssl);
    if (result == 1)
        return 1;
    return SSL_get_error(client->ssl, result) == SSL_ERROR_WANT_READ ? 0 : -1;
}

struct span dtls_client_flight(struct dtls_client *client)
{
    int size = BIO_read(client->out, client->flight, sizeof client->flight);
    return span_of_bytes(client->flight, size > 0 ? (size_t)size : 0);
}

static bool suite_find(const SSL *ssl, enum dtls_suite *out)
{
    switch (SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl))) {
    case 0xc0a8:
        *out = DTLS_SUITE_CCM8;
        return true;
    case 0xc0a4:
        *out = DTLS_SUITE_CCM;
        return true;
    case 0x00a8:
        *out = DTLS_SUITE_GCM;
        return true;
    default:
        return false;
    }
}

bool dtls_client_keys(struct dtls_client *client, struct dtls_client_keys *out)
{
    struct dtls_handshake_secrets secrets;
    const SSL *ssl = client->ssl;
    return suite_find(ssl, &out->suite) &&
           SSL_get_client_random(ssl, secrets.client_random, DTLS_RANDOM_SIZE) == DTLS_RANDOM_SIZE &&
           SSL_get_server_random(ssl, secrets.server_random, DTLS_RANDOM_SIZE) == DTLS_RANDOM_SIZE &&
           SSL_SESSION_get_master_key(SSL_get_session(ssl), secrets.master, sizeof secrets.master) ==
               sizeof secrets.master &&
           (shared_prf.mac || dtls_prf_open(&shared_prf) == 0) &&
           dtls_key_block_derive(&shared_prf, &secrets, &out->write_key, &out->read_key) == 0;
}
