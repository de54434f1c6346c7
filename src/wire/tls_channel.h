/* One TLS 1.3 connection over a TCP socket, with a pre-shared key that proves both ends (RFC 8446 2.2, psk_dhe_ke).
 *
 * The key is the whole trust: there is no certificate that runs out or names a wrong host, and an end that does not hold
 * the key cannot finish the handshake. Each connection has keys of its own from an ephemeral exchange, so that who
 * steals the pre-shared key later reads nothing of what was said before. Cipher suite TLS_AES_128_GCM_SHA256, no
 * tickets, no early data.
 *
 * Nothing here blocks: the owner waits on the descriptor. One thread a channel; a party may serve several threads. The
 * program ignores SIGPIPE. */
#ifndef WIRE_TLS_CHANNEL_H
#define WIRE_TLS_CHANNEL_H

#include <stdbool.h>

#include "base/span.h"

#define TLS_CHANNEL_KEY_SIZE 16
#define TLS_CHANNEL_IDENTITY_LIMIT 64 /* bytes of an identity with its zero; letters, digits, '-', '_', '.' by custom */

struct tls_party;
struct tls_channel;

struct tls_party_config {
    const char *identity; /* of the end that dials: its name, as it will tell; NULL: the end that is dialled */
    uint8_t key[TLS_CHANNEL_KEY_SIZE]; /* of the end that dials */
    void *context;
    /* Of the end that is dialled: the key of an identity. Any thread that has a channel of the party.
     * returns  false: nobody of that name; the handshake fails */
    bool (*key_find)(void *context, struct span identity, uint8_t key[TLS_CHANNEL_KEY_SIZE]);
};

/* out      given back by tls_party_close after all its channels; the key is copied
 * returns  0; WIRE_ERR_TOO_LONG (identity), WIRE_ERR_MEMORY, WIRE_ERR_CRYPTOGRAPHY */
int tls_party_open(const struct tls_party_config *config, struct tls_party **out);

/* Wipes the key. Accepts NULL. */
void tls_party_close(struct tls_party *party);

/* descriptor  a connected (or still connecting) socket that does not block; the channel's from now on, closed also
 *             when this fails
 * returns     0; WIRE_ERR_MEMORY, WIRE_ERR_CRYPTOGRAPHY */
int tls_channel_open(struct tls_party *party, int descriptor, struct tls_channel **out);

/* Says goodbye if it can, closes the socket. Accepts NULL. */
void tls_channel_close(struct tls_channel *channel);

/* Go on with the handshake.
 * returns  1 complete: the other end holds the key; 0 wait for the descriptor; WIRE_ERR_CRYPTOGRAPHY: refused,
 *          damaged or closed */
int tls_channel_shake(struct tls_channel *channel);

/* After the handshake.
 * returns  bytes, at most `capacity`; 0 none now; WIRE_ERR_SESSION: the connection has ended */
int tls_channel_receive(struct tls_channel *channel, void *bytes, size_t capacity);

/* After the handshake. What was not taken is to be offered again, beginning with the same bytes.
 * returns  bytes taken; 0 none now; WIRE_ERR_SESSION: the connection has ended */
int tls_channel_send(struct tls_channel *channel, struct span bytes);

/* Whether the owner should wait for the descriptor to be writable, too. */
bool tls_channel_wants_write(const struct tls_channel *channel);

int tls_channel_descriptor(const struct tls_channel *channel);

/* Of the other end, at the end that is dialled, after the handshake. Never NULL. */
const char *tls_channel_identity(const struct tls_channel *channel);

#endif
