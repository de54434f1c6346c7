#include "wire/dtls_gate.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dtls_handshake.h"
#include "wire/dtls_held.h"
#include "wire/dtls_session.h"
#include "wire/udp_engine.h"
#include "wire/wire_error.h"

#define SESSION_LIMIT_DEFAULT 65536
#define HANDSHAKE_LIMIT_DEFAULT 1024
#define HANDSHAKE_TIMEOUT_DEFAULT_MS 60000
#define STALL_DEFAULT_MS 5000
#define LINGER_DEFAULT_MS 10000
#define TICK_MS 500 /* while handshakes are under way */
#define EPOCH 1     /* of everything protected: we never renegotiate */
/* OpenSSL counts its own records of epoch 1 from 0 and may repeat them; ours must never share a number with those. */
#define WRITE_SEQUENCE_FIRST 65536
#define CLIENT_RANDOM_OFFSET 14 /* handshake header 12, version 2 */
#define HANDSHAKE_FINISHED 20 /* the type that a handshake message begins with */
#define ALERT_SIZE 2
#define ALERT_FATAL 2
#define ALERT_CLOSE_NOTIFY 0

/* A handshake under way, or complete and lingering until the peer proves that it has our last flight. */
struct pending {
    struct dtls_handshake *handshake; /* NULL once complete */
    struct dtls_last_flight flight;   /* of one that is complete */
    struct peer_address peer;
    uint8_t client_random[DTLS_CLIENT_RANDOM_SIZE];
    uint32_t session; /* DTLS_SESSION_NONE until complete */
    struct dtls_held held; /* what came since the key was asked for */
    int64_t started_ms;
    int64_t progress_ms;
};

struct dtls_gate {
    struct dtls_gate_ports ports;
    struct dtls_gate_config config;
    struct dtls_acceptor *acceptor;
    struct dtls_aead *aead;
    struct dtls_session_table sessions;
    struct pending *pendings; /* the first pending_count are in use, in no order */
    uint32_t pending_count;
    int64_t look_ms; /* handshakes are looked at then, not at every turn of the owner's loop */
    struct map pending_by_address;
    struct counter values[DTLS_COUNTER_COUNT];
    struct counter_table counters;
    uint8_t text[UDP_DATAGRAM_LIMIT];
    uint8_t sealed[UDP_DATAGRAM_LIMIT];
};

static const struct counter_description counter_rows[DTLS_COUNTER_COUNT] = {
    [DTLS_HELLO_VERIFY_SENT] = { "wire_dtls_hello_verify_sent", "strangers asked to return a cookie" },
    [DTLS_HANDSHAKE_STARTED] = { "wire_dtls_handshake_started", "handshakes begun after a good cookie" },
    [DTLS_HANDSHAKE_COMPLETED] = { "wire_dtls_handshake_completed", "handshakes that gave a session" },
    [DTLS_HANDSHAKE_FAILED] = { "wire_dtls_handshake_failed", "handshakes ended by a wrong key or a bad message" },
    [DTLS_HANDSHAKE_TIMED_OUT] = { "wire_dtls_handshake_timed_out", "handshakes that took too long" },
    [DTLS_HANDSHAKE_REFUSED] = { "wire_dtls_handshake_refused", "handshakes refused because too many were under way" },
    [DTLS_HANDSHAKE_DISPLACED] = { "wire_dtls_handshake_displaced", "stalled handshakes that gave way to new ones" },
    [DTLS_IDENTITY_UNKNOWN] = { "wire_dtls_identity_unknown", "handshakes with an identity nobody knows" },
    [DTLS_SESSION_CLOSED] = { "wire_dtls_session_closed", "sessions ended by the peer" },
    [DTLS_SESSION_REPLACED] = { "wire_dtls_session_replaced", "sessions replaced by a new handshake" },
    [DTLS_SESSION_EVICTED] = { "wire_dtls_session_evicted", "sessions given up because the table was full" },
    [DTLS_RECORD_OPENED] = { "wire_dtls_record_opened", "records opened" },
    [DTLS_RECORD_SEALED] = { "wire_dtls_record_sealed", "records sealed" },
    [DTLS_RECORD_MALFORMED] = { "wire_dtls_record_malformed", "datagrams that are no DTLS records" },
    [DTLS_RECORD_UNKNOWN_PEER] = { "wire_dtls_record_unknown_peer", "records from addresses without a session" },
    [DTLS_RECORD_UNAUTHENTIC] = { "wire_dtls_record_unauthentic", "records whose tag is wrong" },
    [DTLS_RECORD_REPLAYED] = { "wire_dtls_record_replayed", "records seen before or too old" },
    [DTLS_RECORD_UNEXPECTED] = { "wire_dtls_record_unexpected", "records of a type or epoch that has no place here" },
};

static void count(struct dtls_gate *gate, enum dtls_counter row)
{
    counter_increment(&gate->counters, row);
}

static struct dtls_gate_config config_complete(const struct dtls_gate_config *given)
{
    struct dtls_gate_config config = *given;
    config.session_limit = config.session_limit ? config.session_limit : SESSION_LIMIT_DEFAULT;
    config.handshake_limit = config.handshake_limit ? config.handshake_limit : HANDSHAKE_LIMIT_DEFAULT;
    config.handshake_timeout_ms = config.handshake_timeout_ms ? config.handshake_timeout_ms
                                                              : HANDSHAKE_TIMEOUT_DEFAULT_MS;
    config.stall_ms = config.stall_ms ? config.stall_ms : STALL_DEFAULT_MS;
    config.linger_ms = config.linger_ms ? config.linger_ms : LINGER_DEFAULT_MS;
    return config;
}

int dtls_gate_open(const struct dtls_gate_config *config, const struct dtls_gate_ports *ports, struct dtls_gate **out)
{
    struct dtls_gate *gate = calloc(1, sizeof *gate);
    if (!gate)
        return WIRE_ERR_MEMORY;
    gate->ports = *ports;
    gate->config = config_complete(config);
    gate->counters = (struct counter_table){ counter_rows, gate->values, DTLS_COUNTER_COUNT };
    gate->pending_by_address = map_make(gate->config.handshake_limit, gate->config.hash_key.second);
    gate->pendings = calloc(gate->config.handshake_limit, sizeof *gate->pendings);
    int error = gate->pendings ? 0 : WIRE_ERR_MEMORY;
    if (!error)
        error = dtls_session_table_open(&gate->sessions, gate->config.session_limit, gate->config.hash_key);
    if (!error)
        error = dtls_aead_open(&gate->aead);
    if (!error)
        error = dtls_acceptor_open(config->cookie_secret, &gate->ports, &gate->counters, &gate->acceptor);
    if (error) {
        dtls_gate_close(gate);
        return error;
    }
    *out = gate;
    return 0;
}

void dtls_gate_close(struct dtls_gate *gate)
{
    if (!gate)
        return;
    for (uint32_t i = 0; i < gate->pending_count; i++) {
        dtls_handshake_close(gate->pendings[i].handshake);
        dtls_held_release(&gate->pendings[i].held);
    }
    free(gate->pendings);
    map_release(&gate->pending_by_address);
    dtls_acceptor_close(gate->acceptor);
    dtls_aead_close(gate->aead);
    dtls_session_table_close(&gate->sessions);
    OPENSSL_cleanse(gate, sizeof *gate);
    free(gate);
}

static uint64_t address_key(const struct dtls_gate *gate, const struct peer_address *peer)
{
    return peer_address_hash(peer, gate->config.hash_key);
}

static struct pending *pending_find(struct dtls_gate *gate, const struct peer_address *peer)
{
    uint64_t index;
    if (!map_get(&gate->pending_by_address, address_key(gate, peer), &index))
        return NULL;
    struct pending *pending = &gate->pendings[index];
    return peer_address_equal(&pending->peer, peer) ? pending : NULL;
}

/* The last one moves into the gap. */
static void pending_remove(struct dtls_gate *gate, struct pending *pending)
{
    dtls_handshake_close(pending->handshake);
    dtls_held_release(&pending->held);
    map_remove(&gate->pending_by_address, address_key(gate, &pending->peer));
    struct pending *last = &gate->pendings[--gate->pending_count];
    if (last != pending) {
        *pending = *last;
        /* The key is there already, so this replaces a value and cannot fail. */
        int replaced = map_put(&gate->pending_by_address, address_key(gate, &pending->peer),
                               (uint64_t)(pending - gate->pendings));
        (void)replaced;
    }
}

/* Which one of two gives way first: who only lingers before who still works, then the one without progress longest. */
static bool pending_yields_before(const struct pending *a, const struct pending *b)
{
    bool a_lingers = a->session != DTLS_SESSION_NONE;
    bool b_lingers = b->session != DTLS_SESSION_NONE;
    return a_lingers != b_lingers ? a_lingers : a->progress_ms < b->progress_ms;
}

/* Make room for one more handshake. */
static bool pending_room_make(struct dtls_gate *gate, int64_t now_ms)
{
    if (gate->pending_count < gate->config.handshake_limit)
        return true;
    struct pending *victim = &gate->pendings[0];
    for (uint32_t i = 1; i < gate->pending_count; i++)
        if (pending_yields_before(&gate->pendings[i], victim))
            victim = &gate->pendings[i];
    bool lingers = victim->session != DTLS_SESSION_NONE;
    if (!lingers && now_ms - victim->progress_ms < gate->config.stall_ms) {
        count(gate, DTLS_HANDSHAKE_REFUSED);
        return false;
    }
    if (!lingers)
        count(gate, DTLS_HANDSHAKE_DISPLACED);
    pending_remove(gate, victim);
    return true;
}

static void session_end(struct dtls_gate *gate, uint32_t number, enum dtls_counter reason)
{
    count(gate, reason);
    dtls_session_table_remove(&gate->sessions, number);
}

/* Keys move from OpenSSL into a compact session; an older session at the address ends now and not before. */
static int session_begin(struct dtls_gate *gate, struct pending *pending)
{
    struct dtls_handshake_result result;
    int error = dtls_handshake_result(pending->handshake, &result);
    if (error)
        return error;
    uint32_t number = dtls_session_table_find(&gate->sessions, &pending->peer);
    if (number != DTLS_SESSION_NONE)
        session_end(gate, number, DTLS_SESSION_REPLACED);
    bool evicted = false;
    error = dtls_session_table_add(&gate->sessions, &pending->peer, &evicted, &number);
    if (!error) {
        struct dtls_session *session = dtls_session_table_at(&gate->sessions, number);
        session->suite = (uint8_t)result.suite;
        session->principal = result.principal;
        session->read_key = result.read_key;
        session->write_key = result.write_key;
        session->write_sequence = WRITE_SEQUENCE_FIRST;
        pending->session = number;
        pending->flight = result.flight;
        dtls_handshake_close(pending->handshake);
        pending->handshake = NULL;
    }
    if (evicted)
        count(gate, DTLS_SESSION_EVICTED);
    OPENSSL_cleanse(&result, sizeof result);
    return error;
}

static void pending_feed(struct dtls_gate *gate, struct pending *pending, struct span record, int64_t now_ms)
{
    int progress = dtls_handshake_feed(pending->handshake, record);
    pending->progress_ms = now_ms;
    if (progress == 1 && session_begin(gate, pending) == 0) {
        count(gate, DTLS_HANDSHAKE_COMPLETED);
    } else if (progress != 0) {
        count(gate, DTLS_HANDSHAKE_FAILED);
        pending_remove(gate, pending);
    }
}

/* Whether a record has to wait because the key of its sender is not there yet. A flight that is repeated begins anew. */
static bool pending_holds(struct dtls_gate *gate, struct pending *pending, const struct dtls_record *record,
                          struct span bytes)
{
    struct span identity;
    if (!gate->ports.key_ready)
        return false;
    if (dtls_held_identity(record, &identity)) {
        dtls_held_release(&pending->held);
        if (gate->ports.key_ready(gate->ports.context, identity, &pending->held.principal))
            return false;
    } else if (!pending->held.bytes) {
        return false;
    }
    dtls_held_put(&pending->held, bytes);
    return true;
}

/* A record that fails ends the handshake, and those behind it are nobody's. */
static void pending_release(struct dtls_gate *gate, const struct peer_address *peer, struct span records, int64_t now_ms)
{
    struct pending *pending;
    while (records.size > 0 && (pending = pending_find(gate, peer)) != NULL) {
        struct dtls_record record;
        int size = dtls_record_decode(records, &record); /* as it was before it was held */
        if (size < 0)
            return;
        pending_feed(gate, pending, span_of_bytes(records.bytes, (size_t)size), now_ms);
        records = span_of_bytes(records.bytes + size, records.size - (size_t)size);
    }
}

void dtls_gate_key_came(struct dtls_gate *gate, uint64_t principal, int64_t now_ms)
{
    uint32_t i = 0;
    while (i < gate->pending_count) {
        struct pending *pending = &gate->pendings[i];
        if (!pending->held.bytes || pending->held.principal != principal) {
            i++;
            continue;
        }
        /* Feeding may remove the pending, and another one stands at its place then. */
        struct dtls_held held = pending->held;
        struct peer_address peer = pending->peer;
        pending->held = (struct dtls_held){ 0 };
        pending_release(gate, &peer, span_of_bytes(held.bytes, held.size), now_ms);
        dtls_held_release(&held);
    }
}

static bool client_random_read(const struct dtls_record *record, struct span *out)
{
    return span_slice(record->fragment, CLIENT_RANDOM_OFFSET, DTLS_CLIENT_RANDOM_SIZE, out) == 0;
}

static void pending_begin(struct dtls_gate *gate, const struct peer_address *from, struct span client_random,
                          struct dtls_handshake *handshake, int64_t now_ms)
{
    struct pending *previous = pending_find(gate, from);
    if (previous)
        pending_remove(gate, previous);
    if (!pending_room_make(gate, now_ms) ||
        map_put(&gate->pending_by_address, address_key(gate, from), gate->pending_count) < 0) {
        dtls_handshake_close(handshake);
        return;
    }
    struct pending *pending = &gate->pendings[gate->pending_count++];
    *pending = (struct pending){ .handshake = handshake, .peer = *from, .session = DTLS_SESSION_NONE,
                                 .started_ms = now_ms, .progress_ms = now_ms };
    memcpy(pending->client_random, client_random.bytes, DTLS_CLIENT_RANDOM_SIZE);
    count(gate, DTLS_HANDSHAKE_STARTED);
    pending_feed(gate, pending, span_of_bytes(NULL, 0), now_ms);
}

static void hello_receive(struct dtls_gate *gate, const struct peer_address *from, const struct dtls_record *record,
                          struct span bytes, int64_t now_ms)
{
    struct span client_random;
    if (!client_random_read(record, &client_random)) {
        count(gate, DTLS_RECORD_MALFORMED);
        return;
    }
    /* A repeated hello is no new handshake: what it asks for is repeated by the timer of the one under way. */
    const struct pending *pending = pending_find(gate, from);
    if (pending && memcmp(pending->client_random, client_random.bytes, DTLS_CLIENT_RANDOM_SIZE) == 0)
        return;
    struct dtls_handshake *handshake;
    if (dtls_acceptor_hello(gate->acceptor, from, bytes, &handshake) == 1)
        pending_begin(gate, from, client_random, handshake, now_ms);
}

/* Whoever sends with the new keys has our last flight: OpenSSL's object has nothing left to do. */
static void linger_end(struct dtls_gate *gate, const struct peer_address *from, uint32_t number)
{
    struct pending *pending = pending_find(gate, from);
    if (pending && pending->session == number)
        pending_remove(gate, pending);
}

/* returns bytes of text in gate->text, or negative after counting why not */
static int record_open(struct dtls_gate *gate, uint32_t number, const struct dtls_record *record)
{
    struct dtls_session *session = dtls_session_table_at(&gate->sessions, number);
    if (!dtls_replay_window_is_new(&session->window, record->sequence)) {
        count(gate, DTLS_RECORD_REPLAYED);
        return WIRE_ERR_RECORD;
    }
    int size = dtls_aead_unseal(gate->aead, (enum dtls_suite)session->suite, &session->read_key, record, gate->text);
    if (size < 0) {
        count(gate, DTLS_RECORD_UNAUTHENTIC);
        return size;
    }
    dtls_replay_window_mark(&session->window, record->sequence);
    dtls_session_table_touch(&gate->sessions, number);
    count(gate, DTLS_RECORD_OPENED);
    return size;
}

static int record_send(struct dtls_gate *gate, struct dtls_session *session, enum dtls_content_type type,
                       struct span text)
{
    if (session->write_sequence >= DTLS_SEQUENCE_LIMIT)
        return WIRE_ERR_SESSION;
    struct dtls_record record = { .type = (uint8_t)type, .epoch = EPOCH, .sequence = session->write_sequence };
    int size = dtls_aead_seal(gate->aead, (enum dtls_suite)session->suite, &session->write_key, &record, text,
                              gate->sealed, sizeof gate->sealed);
    if (size < 0)
        return size;
    session->write_sequence++;
    count(gate, DTLS_RECORD_SEALED);
    gate->ports.send(gate->ports.context, &session->peer, span_of_bytes(gate->sealed, (size_t)size));
    return 0;
}

static void alert_receive(struct dtls_gate *gate, const struct peer_address *from, uint32_t number, int size)
{
    bool closing = size == ALERT_SIZE && gate->text[1] == ALERT_CLOSE_NOTIFY;
    if (size != ALERT_SIZE || (!closing && gate->text[0] != ALERT_FATAL))
        return;
    static const uint8_t close_notify[ALERT_SIZE] = { 1, ALERT_CLOSE_NOTIFY };
    if (closing) /* an answer is asked for (RFC 5246, 7.2.1) but nothing depends on it */
        record_send(gate, dtls_session_table_at(&gate->sessions, number), DTLS_ALERT,
                    span_of_bytes(close_notify, sizeof close_notify));
    linger_end(gate, from, number);
    session_end(gate, number, DTLS_SESSION_CLOSED);
}

static void protected_receive(struct dtls_gate *gate, const struct peer_address *from, const struct dtls_record *record)
{
    uint32_t number = dtls_session_table_find(&gate->sessions, from);
    if (number == DTLS_SESSION_NONE) {
        count(gate, DTLS_RECORD_UNKNOWN_PEER);
        return;
    }
    int size = record_open(gate, number, record);
    if (size < 0)
        return;
    if (record->type == DTLS_ALERT) {
        alert_receive(gate, from, number, size);
        return;
    }
    linger_end(gate, from, number);
    uint64_t principal = dtls_session_table_at(&gate->sessions, number)->principal;
    gate->ports.deliver(gate->ports.context, from, number, principal, span_of_bytes(gate->text, (size_t)size));
}

/* Of a peer whose handshake is complete: a Finished once more says that ours was lost; the rest of its flight says nothing. */
static void repeated_receive(struct dtls_gate *gate, const struct pending *pending, const struct dtls_record *record)
{
    bool may_be = record->type == DTLS_HANDSHAKE && record->epoch == EPOCH &&
                  dtls_session_table_find(&gate->sessions, &pending->peer) == pending->session;
    if (!may_be || record_open(gate, pending->session, record) < 1 || gate->text[0] != HANDSHAKE_FINISHED)
        return;
    gate->ports.send(gate->ports.context, &pending->peer, span_of_bytes(pending->flight.bytes, pending->flight.size));
}

static void handshake_receive(struct dtls_gate *gate, struct pending *pending, const struct dtls_record *record,
                              struct span bytes, int64_t now_ms)
{
    if (pending->session != DTLS_SESSION_NONE)
        repeated_receive(gate, pending, record);
    else if (!pending_holds(gate, pending, record, bytes))
        pending_feed(gate, pending, bytes, now_ms);
}

static void record_receive(struct dtls_gate *gate, const struct peer_address *from, const struct dtls_record *record,
                           struct span bytes, int64_t now_ms)
{
    if (dtls_record_is_client_hello(record)) {
        hello_receive(gate, from, record, bytes, now_ms);
        return;
    }
    if (record->epoch == EPOCH && (record->type == DTLS_APPLICATION_DATA || record->type == DTLS_ALERT)) {
        protected_receive(gate, from, record);
        return;
    }
    struct pending *pending = pending_find(gate, from);
    if (pending && record->epoch <= EPOCH && record->type != DTLS_APPLICATION_DATA)
        handshake_receive(gate, pending, record, bytes, now_ms);
    else
        count(gate, dtls_session_table_find(&gate->sessions, from) == DTLS_SESSION_NONE ? DTLS_RECORD_UNKNOWN_PEER
                                                                                          : DTLS_RECORD_UNEXPECTED);
}

void dtls_gate_receive(struct dtls_gate *gate, const struct peer_address *from, struct span bytes, int64_t now_ms)
{
    while (bytes.size > 0) {
        struct dtls_record record;
        int size = dtls_record_decode(bytes, &record);
        if (size < 0) {
            count(gate, DTLS_RECORD_MALFORMED);
            return;
        }
        record_receive(gate, from, &record, span_of_bytes(bytes.bytes, (size_t)size), now_ms);
        bytes = span_of_bytes(bytes.bytes + size, bytes.size - (size_t)size);
    }
}

int dtls_gate_send(struct dtls_gate *gate, uint32_t session, uint64_t principal, struct span message)
{
    struct dtls_session *found = dtls_session_table_at(&gate->sessions, session);
    if (!found || found->principal != principal)
        return WIRE_ERR_SESSION;
    return record_send(gate, found, DTLS_APPLICATION_DATA, message);
}

/* returns true when the pending was removed */
static bool pending_expire(struct dtls_gate *gate, struct pending *pending, int64_t now_ms)
{
    bool lingering = pending->session != DTLS_SESSION_NONE;
    if (lingering ? now_ms - pending->progress_ms < gate->config.linger_ms
                  : now_ms - pending->started_ms < gate->config.handshake_timeout_ms)
        return false;
    if (!lingering)
        count(gate, DTLS_HANDSHAKE_TIMED_OUT);
    pending_remove(gate, pending);
    return true;
}

int64_t dtls_gate_tick(struct dtls_gate *gate, int64_t now_ms)
{
    uint32_t i = 0;
    if (gate->pending_count == 0)
        return -1;
    if (now_ms < gate->look_ms && gate->look_ms - now_ms <= TICK_MS)
        return gate->look_ms - now_ms;
    while (i < gate->pending_count) {
        /* After a removal another one stands at this place. */
        if (pending_expire(gate, &gate->pendings[i], now_ms))
            continue;
        if (gate->pendings[i].handshake)
            dtls_handshake_tick(gate->pendings[i].handshake);
        i++;
    }
    gate->look_ms = now_ms + TICK_MS;
    return gate->pending_count > 0 ? TICK_MS : -1;
}

void dtls_gate_forget(struct dtls_gate *gate, uint64_t principal)
{
    for (uint32_t i = 0; i < gate->sessions.next_unused; i++) {
        const struct dtls_session *session = dtls_session_table_at(&gate->sessions, i);
        if (session && session->principal == principal)
            dtls_session_table_remove(&gate->sessions, i);
    }
}

uint32_t dtls_gate_session_count(const struct dtls_gate *gate)
{
    return gate->sessions.count;
}

uint32_t dtls_gate_handshake_count(const struct dtls_gate *gate)
{
    return gate->pending_count;
}

size_t dtls_gate_session_bytes(void)
{
    /* The index is at least 3/8 full right after it grew: 17 bytes a slot. */
    return sizeof(struct dtls_session) + sizeof(uint32_t) + 17 * 8 / 3;
}

struct counter_table *dtls_gate_counters(struct dtls_gate *gate)
{
    return &gate->counters;
}
