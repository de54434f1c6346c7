/* An independent DTLS client for tests: OpenSSL over memory, one datagram per flight. */
#ifndef TESTS_UNIT_WIRE_DTLS_PEER_H
#define TESTS_UNIT_WIRE_DTLS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct dtls_peer;

/* ciphers NULL: everything with a pre-shared key. Stops the test when OpenSSL refuses. */
struct dtls_peer *dtls_peer_open(const char *identity, const uint8_t *key, size_t key_size, const char *ciphers);
void dtls_peer_close(struct dtls_peer *peer);

/* Go on with the handshake. true once it is complete. */
bool dtls_peer_handshake(struct dtls_peer *peer);

/* The next flight is sent twice, as after a time-out. */
void dtls_peer_repeat_flight(struct dtls_peer *peer);

/* What the peer wants to send, taken out; empty when nothing. Lives until the next call. */
struct span dtls_peer_take(struct dtls_peer *peer);

/* What came for the peer. */
void dtls_peer_give(struct dtls_peer *peer, struct span datagram);

void dtls_peer_write(struct dtls_peer *peer, struct span text);

/* returns bytes read, 0 when nothing is there or the session is closed. */
size_t dtls_peer_read(struct dtls_peer *peer, uint8_t *out, size_t capacity);

/* The peer got a close_notify. */
bool dtls_peer_is_closed(struct dtls_peer *peer);

void dtls_peer_shutdown(struct dtls_peer *peer);

const char *dtls_peer_cipher(struct dtls_peer *peer);

#endif
