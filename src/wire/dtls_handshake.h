/* The handshake of a DTLS 1.2 server, performed by OpenSSL; what it leaves behind are keys.
 *
 * The acceptor answers strangers with cookies and keeps nothing of them; only who returns our cookie from his address
 * becomes a struct dtls_handshake, which costs tens of kilobytes until it is closed. */
#ifndef WIRE_DTLS_HANDSHAKE_H
#define WIRE_DTLS_HANDSHAKE_H

#include "wire/dtls_gate.h"
#include "wire/dtls_record.h"

#define DTLS_CLIENT_RANDOM_SIZE 32
#define DTLS_LAST_FLIGHT_LIMIT 128 /* ChangeCipherSpec and Finished: 75 bytes at most */

struct dtls_acceptor;

struct dtls_handshake;

/* Our last flight as it was sent. Who repeats his own has not got it, so it may come again byte for byte. */
struct dtls_last_flight {
    uint16_t size;
    uint8_t bytes[DTLS_LAST_FLIGHT_LIMIT];
};

/* What the rest of the gate wants to know of a handshake. */
struct dtls_handshake_result {
    enum dtls_suite suite;
    struct dtls_last_flight flight;
    uint64_t principal;
    struct dtls_direction_key read_key;
    struct dtls_direction_key write_key;
};

/* ports     key_find and send are used; must outlive the acceptor, as counters
 * out       given back by dtls_acceptor_close, after all its handshakes
 * returns   0; WIRE_ERR_MEMORY; WIRE_ERR_CRYPTOGRAPHY */
int dtls_acceptor_open(const uint8_t cookie_secret[32], const struct dtls_gate_ports *ports,
                       struct counter_table *counters, struct dtls_acceptor **out);

/* Accepts NULL. */
void dtls_acceptor_close(struct dtls_acceptor *acceptor);

/* One record with a ClientHello.
 * out      a handshake that has read the ClientHello and waits for dtls_handshake_feed with an empty record
 * returns  1 when the cookie was ours and *out is set; 0 when the stranger was sent a cookie or nothing;
 *          WIRE_ERR_MEMORY */
int dtls_acceptor_hello(struct dtls_acceptor *acceptor, const struct peer_address *from, struct span record,
                        struct dtls_handshake **out);

/* Accepts NULL. */
void dtls_handshake_close(struct dtls_handshake *handshake);

/* One record of the peer (or an empty span, to go on with what is there).
 * returns  1 complete, nothing is left to feed; 0 going on; WIRE_ERR_CRYPTOGRAPHY: failed */
int dtls_handshake_feed(struct dtls_handshake *handshake, struct span record);

/* Repeat the flight when it is due. */
void dtls_handshake_tick(struct dtls_handshake *handshake);

/* Of a complete handshake.
 * returns  0; WIRE_ERR_CRYPTOGRAPHY */
int dtls_handshake_result(const struct dtls_handshake *handshake, struct dtls_handshake_result *out);

#endif
