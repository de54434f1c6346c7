/* A DTLS 1.2 server for very many, mostly sleeping peers with pre-shared keys (RFC 6347, RFC 4279, RFC 6655, RFC 5487).
 *
 * Life of a peer:
 *   ClientHello without cookie   answered by HelloVerifyRequest, nothing is kept
 *   ClientHello with our cookie  a handshake of OpenSSL's begins; bounded number, bounded time
 *   handshake complete           keys move into a compact session and OpenSSL's object goes; our last flight lingers a
 *                                little, to be repeated when it was lost
 *   records                      opened and sealed here with the AEAD, replay window of 64 records
 *   close_notify, fatal alert, new handshake from the same address, or age: the session is gone
 *
 * Cipher suites: PSK with AES-128 in CCM, CCM_8 and GCM. Renegotiation is refused. An older session at the same
 * address lives until the new handshake is complete, so nobody can end it by a forged ClientHello.
 * Sessions are found by address through one function, where RFC 9146 connection IDs will come in.
 *
 * Full tables: a new handshake takes the place of a complete one that lingers, else of the one that made no progress
 * for longest, if that is longer than `stall_ms`, else it is refused; a new session takes the place of the one unused
 * for longest.
 * One thread. Time comes in as `now_ms`; OpenSSL's own clock decides nothing but when a flight is repeated. */
#ifndef WIRE_DTLS_GATE_H
#define WIRE_DTLS_GATE_H

#include <stdint.h>

#include "base/counter.h"
#include "base/span.h"
#include "wire/peer_address.h"

#define DTLS_IDENTITY_LIMIT 64   /* bytes of a PSK identity */
#define DTLS_KEY_LIMIT 32        /* bytes of a pre-shared key; at least 16 are asked for */
#define DTLS_RECORD_OVERHEAD 37  /* header 13, explicit nonce 8, tag 16 */
#define DTLS_SESSION_NONE UINT32_MAX

struct dtls_gate;

/* `deliver` may call dtls_gate_send; apart from that none of them may call back into the gate. */
struct dtls_gate_ports {
    void *context;
    /* The key of an identity.
     * key        up to DTLS_KEY_LIMIT bytes, *key_size 16 to DTLS_KEY_LIMIT
     * principal  whom the identity stands for; kept with the session and given with every message
     * returns    true; false when unknown: the handshake is refused */
    bool (*key_find)(void *context, struct span identity, uint8_t key[DTLS_KEY_LIMIT], size_t *key_size,
                     uint64_t *principal);
    /* A datagram for the peer; bytes live until it returns. */
    void (*send)(void *context, const struct peer_address *to, struct span bytes);
    /* An opened message; `session` stays valid until the session ends. */
    void (*deliver)(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                    struct span message);
    /* NULL: key_find always knows at once. Otherwise asked before key_find is.
     * principal  whom the identity stands for; written when it returns false
     * returns    true: key_find will say what is to be said; false: the key was asked for elsewhere. The handshake stands
     *            still until dtls_gate_key_came() or until the peer repeats his flight */
    bool (*key_ready)(void *context, struct span identity, uint64_t *principal);
};

struct dtls_gate_config {
    uint32_t session_limit;        /* 0 means 65,536 */
    uint32_t handshake_limit;      /* 0 means 1,024 */
    int64_t handshake_timeout_ms;  /* 0 means 60,000: NB-IoT in coverage class 2 is slow */
    int64_t stall_ms;              /* 0 means 5,000 */
    int64_t linger_ms;             /* 0 means 10,000 */
    uint8_t cookie_secret[32];     /* random; new at each start */
    struct hash_key hash_key;      /* random; new at each start */
};

/* Rows of dtls_gate_counters(). */
enum dtls_counter {
    DTLS_HELLO_VERIFY_SENT,
    DTLS_HANDSHAKE_STARTED,
    DTLS_HANDSHAKE_COMPLETED,
    DTLS_HANDSHAKE_FAILED,
    DTLS_HANDSHAKE_TIMED_OUT,
    DTLS_HANDSHAKE_REFUSED,
    DTLS_HANDSHAKE_DISPLACED,
    DTLS_IDENTITY_UNKNOWN,
    DTLS_SESSION_CLOSED,
    DTLS_SESSION_REPLACED,
    DTLS_SESSION_EVICTED,
    DTLS_RECORD_OPENED,
    DTLS_RECORD_SEALED,
    DTLS_RECORD_MALFORMED,
    DTLS_RECORD_UNKNOWN_PEER,
    DTLS_RECORD_UNAUTHENTIC,
    DTLS_RECORD_REPLAYED,
    DTLS_RECORD_UNEXPECTED,
    DTLS_COUNTER_COUNT
};

/* out      owned by the caller, given back by dtls_gate_close
 * returns  0; WIRE_ERR_MEMORY; WIRE_ERR_CRYPTOGRAPHY */
int dtls_gate_open(const struct dtls_gate_config *config, const struct dtls_gate_ports *ports, struct dtls_gate **out);

/* Wipes all keys. Accepts NULL. */
void dtls_gate_close(struct dtls_gate *gate);

/* One datagram from the wire, which may hold several records. May call send and deliver. */
void dtls_gate_receive(struct dtls_gate *gate, const struct peer_address *from, struct span bytes, int64_t now_ms);

/* Seal a message for a session and send it to its address.
 * principal  as it came with `deliver`: a session that went to somebody else meanwhile is not used
 * returns    0; WIRE_ERR_SESSION; WIRE_ERR_TOO_LONG; WIRE_ERR_CRYPTOGRAPHY */
int dtls_gate_send(struct dtls_gate *gate, uint32_t session, uint64_t principal, struct span message);

/* Repeat flights, end what is overdue; cheap when called often, it looks twice a second at most.
 * returns  ms until the next call is useful; -1 when nothing waits */
int64_t dtls_gate_tick(struct dtls_gate *gate, int64_t now_ms);

/* The key of a principal is there now, or there is none: handshakes that stood still for it go on. */
void dtls_gate_key_came(struct dtls_gate *gate, uint64_t principal, int64_t now_ms);

/* End a session at once, without telling the peer; for a key that is no longer valid. */
void dtls_gate_forget(struct dtls_gate *gate, uint64_t principal);

uint32_t dtls_gate_session_count(const struct dtls_gate *gate);
uint32_t dtls_gate_handshake_count(const struct dtls_gate *gate);

/* Bytes of memory for one idle session, table and index included. */
size_t dtls_gate_session_bytes(void);

/* Lives as long as the gate; any thread may read it. */
struct counter_table *dtls_gate_counters(struct dtls_gate *gate);

#endif
