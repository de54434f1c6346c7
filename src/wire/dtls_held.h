/* Records of a handshake that wait until the key of their sender has come. Internal to the room. */
#ifndef WIRE_DTLS_HELD_H
#define WIRE_DTLS_HELD_H

#include "wire/dtls_record.h"

#define DTLS_HELD_LIMIT 512 /* bytes: the flight with ClientKeyExchange and Finished, twice */

/* All zeros: nothing is held. */
struct dtls_held {
    uint8_t *bytes; /* whole records, one behind the other */
    uint16_t size;
    uint64_t principal; /* whose key is awaited */
};

/* Of an unprotected record that begins with a whole ClientKeyExchange: the PSK identity in it (RFC 4279 2).
 * returns  true with *identity, which points into the record; false for every other record */
bool dtls_held_identity(const struct dtls_record *record, struct span *identity);

/* Keep a record behind the others. One that does not fit, or finds no memory, is a lost one: the peer repeats. */
void dtls_held_put(struct dtls_held *held, struct span record);

/* Forget them all. */
void dtls_held_release(struct dtls_held *held);

#endif
