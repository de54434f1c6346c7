/* The device's end of DTLS 1.2 with a pre-shared key: OpenSSL for the handshake, afterwards two keys per device, so
 * that one program can be very many devices. */
#ifndef BENCH_DTLS_CLIENT_H
#define BENCH_DTLS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "wire/dtls_record.h"

struct dtls_client; /* a handshake under way */

struct dtls_client_keys {
    struct dtls_direction_key write_key;
    struct dtls_direction_key read_key;
    enum dtls_suite suite;
};

/* cipher   OpenSSL's name, "PSK-AES128-CCM8"
 * identity, key  must outlive the handshake
 * returns  NULL when OpenSSL refuses */
struct dtls_client *dtls_client_open(const char *cipher, const char *identity, const uint8_t *key, size_t key_size);

/* Accepts NULL. */
void dtls_client_close(struct dtls_client *client);

/* Give a datagram of the server (or an empty span) and go on.
 * returns  1 complete, 0 going on, -1 failed */
int dtls_client_step(struct dtls_client *client, struct span datagram);

/* The flight to send next; empty when there is none. Lives until the next call. */
struct span dtls_client_flight(struct dtls_client *client);

/* Of a complete handshake. false: a cipher suite we cannot carry on */
bool dtls_client_keys(struct dtls_client *client, struct dtls_client_keys *out);

#endif
