#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/wire/dtls_peer.h"
#include "wire/dtls_gate.h"
#include "wire/dtls_record.h"
#include "wire/wire_error.h"

#define DATAGRAM_LIMIT 64
#define PRINCIPAL 352000000000017

static const uint8_t psk[16] = "0123456789abcdef";

struct datagram {
    struct peer_address to;
    uint8_t bytes[1500];
    size_t size;
};

/* The gate, what it sent and what it delivered last. */
struct scene {
    struct dtls_gate *gate;
    int64_t now_ms;
    struct datagram sent[DATAGRAM_LIMIT];
    size_t sent_count;
    uint8_t text[1500];
    size_t text_size;
    int delivered;
    uint32_t session;
    uint64_t principal;
    struct datagram given; /* the last one that came to the gate */
    bool key_is_elsewhere;
    int key_asks;
};

static bool scene_key_find(void *context, struct span identity, uint8_t key[DTLS_KEY_LIMIT], size_t *key_size,
                           uint64_t *principal)
{
    (void)context;
    if (!span_equal_text(identity, "urn:imei:352000000000017"))
        return false;
    memcpy(key, psk, sizeof psk);
    *key_size = sizeof psk;
    *principal = PRINCIPAL;
    return true;
}

static bool scene_key_ready(void *context, struct span identity, uint64_t *principal)
{
    struct scene *scene = context;
    if (!scene->key_is_elsewhere || !span_equal_text(identity, "urn:imei:352000000000017"))
        return true;
    scene->key_asks++;
    *principal = PRINCIPAL;
    return false;
}

static void scene_send(void *context, const struct peer_address *to, struct span bytes)
{
    struct scene *scene = context;
    assert_true(scene->sent_count < DATAGRAM_LIMIT);
    struct datagram *datagram = &scene->sent[scene->sent_count++];
    datagram->to = *to;
    datagram->size = bytes.size;
    memcpy(datagram->bytes, bytes.bytes, bytes.size);
}

static void scene_deliver(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                          struct span message)
{
    struct scene *scene = context;
    (void)from;
    memcpy(scene->text, message.bytes, message.size);
    scene->text_size = message.size;
    scene->session = session;
    scene->principal = principal;
    scene->delivered++;
}

static struct scene *scene_make(struct dtls_gate_config config)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    struct dtls_gate_ports ports = { scene, scene_key_find, scene_send, scene_deliver, scene_key_ready };
    scene->now_ms = 1000000;
    assert_int_equal(dtls_gate_open(&config, &ports, &scene->gate), 0);
    return scene;
}

static void scene_free(struct scene *scene)
{
    dtls_gate_close(scene->gate);
    free(scene);
}

static uint64_t counted(struct scene *scene, enum dtls_counter row)
{
    return counter_read(dtls_gate_counters(scene->gate), row);
}

/* Carry what the gate sent to the peer. */
static void to_peer(struct scene *scene, struct dtls_peer *peer)
{
    for (size_t i = 0; i < scene->sent_count; i++)
        dtls_peer_give(peer, span_of_bytes(scene->sent[i].bytes, scene->sent[i].size));
    scene->sent_count = 0;
}

static void to_gate(struct scene *scene, struct dtls_peer *peer, uint16_t port)
{
    struct span bytes = dtls_peer_take(peer);
    struct peer_address from = peer_address_of_loopback(port);
    if (bytes.size == 0)
        return;
    memcpy(scene->given.bytes, bytes.bytes, bytes.size);
    scene->given.size = bytes.size;
    dtls_gate_receive(scene->gate, &from, bytes, scene->now_ms);
}

static void to_gate_again(struct scene *scene, uint16_t port)
{
    struct peer_address from = peer_address_of_loopback(port);
    dtls_gate_receive(scene->gate, &from, span_of_bytes(scene->given.bytes, scene->given.size), scene->now_ms);
}

static bool connect_peer(struct scene *scene, struct dtls_peer *peer, uint16_t port)
{
    for (int i = 0; i < 6; i++) {
        bool complete = dtls_peer_handshake(peer);
        to_gate(scene, peer, port);
        to_peer(scene, peer);
        if (complete)
            return true;
    }
    return false;
}

static struct dtls_peer *peer_connected(struct scene *scene, uint16_t port, const char *ciphers)
{
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, ciphers);
    assert_true(connect_peer(scene, peer, port));
    return peer;
}

static void exchange_prove(struct scene *scene, struct dtls_peer *peer, uint16_t port)
{
    int before = scene->delivered;
    uint8_t answer[64];
    dtls_peer_write(peer, span_of_text("reading"));
    to_gate(scene, peer, port);
    assert_int_equal(scene->delivered, before + 1);
    assert_int_equal(scene->text_size, 7);
    assert_memory_equal(scene->text, "reading", 7);
    assert_int_equal(scene->principal, PRINCIPAL);
    assert_int_equal(dtls_gate_send(scene->gate, scene->session, PRINCIPAL, span_of_text("stored")), 0);
    to_peer(scene, peer);
    assert_int_equal(dtls_peer_read(peer, answer, sizeof answer), 6);
    assert_memory_equal(answer, "stored", 6);
}

static void every_suite_carries_messages_both_ways(void **state)
{
    (void)state;
    static const char *const ciphers[] = { "PSK-AES128-CCM8:@SECLEVEL=0", "PSK-AES128-CCM", "PSK-AES128-GCM-SHA256" };
    for (size_t i = 0; i < 3; i++) {
        struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
        struct dtls_peer *peer = peer_connected(scene, 4000, ciphers[i]);
        for (int k = 0; k < 70; k++)
            exchange_prove(scene, peer, 4000);
        assert_int_equal(dtls_gate_session_count(scene->gate), 1);
        assert_int_equal(dtls_gate_handshake_count(scene->gate), 0);
        dtls_peer_close(peer);
        scene_free(scene);
    }
}

static void first_hello_leaves_no_state(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, 4000);
    assert_int_equal(scene->sent_count, 1);
    assert_int_equal(scene->sent[0].bytes[13], 3); /* hello_verify_request */
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 0);
    assert_int_equal(counted(scene, DTLS_HELLO_VERIFY_SENT), 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void cookie_of_another_address_is_not_taken(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, 4000);
    to_peer(scene, peer);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, 4001);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 0);
    assert_int_equal(counted(scene, DTLS_HELLO_VERIFY_SENT), 2);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void stranger_and_wrong_key_are_refused_and_counted(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *stranger = dtls_peer_open("urn:imei:999000000000017", psk, sizeof psk, NULL);
    assert_false(connect_peer(scene, stranger, 4000));
    assert_int_equal(counted(scene, DTLS_IDENTITY_UNKNOWN), 1);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_FAILED), 1);
    static const uint8_t other[16] = "fedcba9876543210";
    struct dtls_peer *impostor = dtls_peer_open("urn:imei:352000000000017", other, sizeof other, NULL);
    assert_false(connect_peer(scene, impostor, 4001));
    assert_int_equal(dtls_gate_session_count(scene->gate), 0);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_COMPLETED), 0);
    dtls_peer_close(stranger);
    dtls_peer_close(impostor);
    scene_free(scene);
}

static void suites_without_aead_are_refused(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, "PSK-AES128-CBC-SHA256");
    assert_false(connect_peer(scene, peer, 4000));
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_FAILED), 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void replayed_record_is_dropped(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    struct peer_address from = peer_address_of_loopback(4000);
    dtls_peer_write(peer, span_of_text("once"));
    struct span record = dtls_peer_take(peer);
    dtls_gate_receive(scene->gate, &from, record, scene->now_ms);
    dtls_gate_receive(scene->gate, &from, record, scene->now_ms);
    assert_int_equal(scene->delivered, 1);
    assert_int_equal(counted(scene, DTLS_RECORD_REPLAYED), 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void reordered_records_are_taken_once(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    struct peer_address from = peer_address_of_loopback(4000);
    uint8_t first[256];
    dtls_peer_write(peer, span_of_text("first"));
    struct span record = dtls_peer_take(peer);
    size_t first_size = record.size;
    memcpy(first, record.bytes, first_size);
    dtls_peer_write(peer, span_of_text("second"));
    to_gate(scene, peer, 4000);
    dtls_gate_receive(scene->gate, &from, span_of_bytes(first, first_size), scene->now_ms);
    assert_int_equal(scene->delivered, 2);
    assert_memory_equal(scene->text, "first", 5);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void any_flipped_bit_makes_a_record_worthless(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    struct peer_address from = peer_address_of_loopback(4000);
    uint8_t record[256];
    dtls_peer_write(peer, span_of_text("exact"));
    struct span sealed = dtls_peer_take(peer);
    size_t size = sealed.size;
    memcpy(record, sealed.bytes, size);
    for (size_t bit = 0; bit < size * 8; bit++) {
        record[bit / 8] ^= (uint8_t)(1 << bit % 8);
        dtls_gate_receive(scene->gate, &from, span_of_bytes(record, size), scene->now_ms);
        record[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(scene->delivered, 0);
    dtls_gate_receive(scene->gate, &from, span_of_bytes(record, size), scene->now_ms);
    assert_int_equal(scene->delivered, 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void lost_final_flight_is_repeated(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    for (int i = 0; i < 2; i++) {
        dtls_peer_handshake(peer);
        to_gate(scene, peer, 4000);
        to_peer(scene, peer);
    }
    dtls_peer_repeat_flight(peer);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, 4000);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_COMPLETED), 1);
    /* The first answer is lost; the one to the repeated flight arrives. */
    size_t half = scene->sent_count / 2;
    assert_true(half > 0);
    for (size_t i = half; i < scene->sent_count; i++)
        dtls_peer_give(peer, span_of_bytes(scene->sent[i].bytes, scene->sent[i].size));
    scene->sent_count = 0;
    assert_true(dtls_peer_handshake(peer));
    exchange_prove(scene, peer, 4000);
    assert_int_equal(dtls_gate_session_count(scene->gate), 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

/* Only who knows the keys is answered, and a copy of what he sent is not answered again. */
static void the_final_flight_is_repeated_to_its_peer_only(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    struct peer_address from = peer_address_of_loopback(4000);
    uint8_t flights[2048]; /* his last one, and the same once more */
    for (int i = 0; i < 2; i++) {
        dtls_peer_handshake(peer);
        to_gate(scene, peer, 4000);
        to_peer(scene, peer);
    }
    dtls_peer_repeat_flight(peer);
    dtls_peer_handshake(peer);
    size_t all = 0;
    for (struct span part = dtls_peer_take(peer); part.size > 0; part = dtls_peer_take(peer)) {
        assert_true(all + part.size <= sizeof flights);
        memcpy(flights + all, part.bytes, part.size);
        all += part.size;
    }
    size_t size = all / 2;
    uint8_t *flight = flights + size;
    dtls_gate_receive(scene->gate, &from, span_of_bytes(flights, size), scene->now_ms);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_COMPLETED), 1);
    scene->sent_count = 0;
    flight[size - 1] ^= 1;
    dtls_gate_receive(scene->gate, &from, span_of_bytes(flight, size), scene->now_ms);
    assert_int_equal(scene->sent_count, 0);
    flight[size - 1] ^= 1;
    for (int i = 0; i < 3; i++)
        dtls_gate_receive(scene->gate, &from, span_of_bytes(flight, size), scene->now_ms);
    assert_int_equal(scene->sent_count, 1);
    to_peer(scene, peer);
    assert_true(dtls_peer_handshake(peer));
    exchange_prove(scene, peer, 4000);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void lingering_ends_by_itself(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ .linger_ms = 3000 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 1);
    assert_true(dtls_gate_tick(scene->gate, scene->now_ms + 2999) > 0);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 1);
    assert_int_equal(dtls_gate_tick(scene->gate, scene->now_ms + 3499), -1);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 0);
    exchange_prove(scene, peer, 4000);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_TIMED_OUT), 0);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void new_handshake_replaces_the_session_only_when_complete(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *old = peer_connected(scene, 4000, NULL);
    exchange_prove(scene, old, 4000);
    struct dtls_peer *young = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    dtls_peer_handshake(young);
    to_gate(scene, young, 4000);
    to_peer(scene, young);
    dtls_peer_handshake(young);
    to_gate(scene, young, 4000);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 1);
    to_peer(scene, young);
    exchange_prove(scene, old, 4000);
    assert_true(connect_peer(scene, young, 4000));
    assert_int_equal(counted(scene, DTLS_SESSION_REPLACED), 1);
    assert_int_equal(dtls_gate_session_count(scene->gate), 1);
    exchange_prove(scene, young, 4000);
    dtls_peer_close(old);
    dtls_peer_close(young);
    scene_free(scene);
}

static void full_session_table_gives_up_the_oldest(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ .session_limit = 3 });
    struct dtls_peer *peers[4];
    for (uint16_t i = 0; i < 3; i++)
        peers[i] = peer_connected(scene, (uint16_t)(4000 + i), NULL);
    exchange_prove(scene, peers[0], 4000); /* now 4001 is the oldest */
    peers[3] = peer_connected(scene, 4003, NULL);
    assert_int_equal(dtls_gate_session_count(scene->gate), 3);
    assert_int_equal(counted(scene, DTLS_SESSION_EVICTED), 1);
    exchange_prove(scene, peers[0], 4000);
    exchange_prove(scene, peers[3], 4003);
    int before = scene->delivered;
    dtls_peer_write(peers[1], span_of_text("late"));
    to_gate(scene, peers[1], 4001);
    assert_int_equal(scene->delivered, before);
    assert_int_equal(counted(scene, DTLS_RECORD_UNKNOWN_PEER), 1);
    for (size_t i = 0; i < 4; i++)
        dtls_peer_close(peers[i]);
    scene_free(scene);
}

/* A peer that stops after its cookie. */
static struct dtls_peer *peer_stalled(struct scene *scene, uint16_t port)
{
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, port);
    to_peer(scene, peer);
    dtls_peer_handshake(peer);
    to_gate(scene, peer, port);
    scene->sent_count = 0;
    return peer;
}

static void full_handshake_table_refuses_until_one_stalls(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ .handshake_limit = 2, .stall_ms = 5000 });
    struct dtls_peer *peers[4];
    peers[0] = peer_stalled(scene, 4000);
    peers[1] = peer_stalled(scene, 4001);
    peers[2] = peer_stalled(scene, 4002);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_REFUSED), 1);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 2);
    scene->now_ms += 5000;
    peers[3] = peer_connected(scene, 4003, NULL);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_DISPLACED), 1);
    exchange_prove(scene, peers[3], 4003);
    for (size_t i = 0; i < 4; i++)
        dtls_peer_close(peers[i]);
    scene_free(scene);
}

static void lingering_gives_way_at_once(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ .handshake_limit = 2, .stall_ms = 5000 });
    struct dtls_peer *peers[3];
    for (uint16_t i = 0; i < 3; i++)
        peers[i] = peer_connected(scene, (uint16_t)(4000 + i), NULL);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_REFUSED), 0);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_DISPLACED), 0);
    for (uint16_t i = 0; i < 3; i++)
        exchange_prove(scene, peers[i], (uint16_t)(4000 + i));
    for (size_t i = 0; i < 3; i++)
        dtls_peer_close(peers[i]);
    scene_free(scene);
}

static void handshake_that_never_ends_is_given_up(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ .handshake_timeout_ms = 60000 });
    struct dtls_peer *peer = peer_stalled(scene, 4000);
    dtls_gate_tick(scene->gate, scene->now_ms + 59999);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 1);
    dtls_gate_tick(scene->gate, scene->now_ms + 60499);
    assert_int_equal(dtls_gate_handshake_count(scene->gate), 0);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_TIMED_OUT), 1);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void close_notify_ends_the_session_and_is_answered(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    exchange_prove(scene, peer, 4000);
    dtls_peer_shutdown(peer);
    to_gate(scene, peer, 4000);
    assert_int_equal(dtls_gate_session_count(scene->gate), 0);
    assert_int_equal(counted(scene, DTLS_SESSION_CLOSED), 1);
    uint8_t nothing[8];
    to_peer(scene, peer);
    assert_int_equal(dtls_peer_read(peer, nothing, sizeof nothing), 0);
    assert_true(dtls_peer_is_closed(peer));
    dtls_peer_close(peer);
    scene_free(scene);
}

static void forged_alert_and_garbage_do_not_harm_a_session(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    struct peer_address from = peer_address_of_loopback(4000);
    static const uint8_t forged[] = { 21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 0 };
    static const uint8_t garbage[] = { 0x40, 0x01, 0x00, 0x00 };
    dtls_gate_receive(scene->gate, &from, span_of_bytes(forged, sizeof forged), scene->now_ms);
    dtls_gate_receive(scene->gate, &from, span_of_bytes(garbage, sizeof garbage), scene->now_ms);
    assert_int_equal(counted(scene, DTLS_RECORD_MALFORMED), 1);
    exchange_prove(scene, peer, 4000);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void message_for_somebody_else_is_not_sent(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    struct dtls_peer *peer = peer_connected(scene, 4000, NULL);
    exchange_prove(scene, peer, 4000);
    struct span text = span_of_text("close the valve");
    assert_int_equal(dtls_gate_send(scene->gate, scene->session, PRINCIPAL + 1, text), WIRE_ERR_SESSION);
    assert_int_equal(dtls_gate_send(scene->gate, scene->session + 1, PRINCIPAL, text), WIRE_ERR_SESSION);
    dtls_gate_forget(scene->gate, PRINCIPAL);
    assert_int_equal(dtls_gate_send(scene->gate, scene->session, PRINCIPAL, text), WIRE_ERR_SESSION);
    assert_int_equal(scene->sent_count, 0);
    dtls_peer_close(peer);
    scene_free(scene);
}

static void a_handshake_waits_for_a_key_from_elsewhere(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    scene->key_is_elsewhere = true;
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    assert_false(connect_peer(scene, peer, 4000));
    assert_int_equal(scene->key_asks, 1);
    assert_int_equal(dtls_gate_session_count(scene->gate), 0);
    dtls_gate_key_came(scene->gate, PRINCIPAL + 1, scene->now_ms);
    assert_int_equal(dtls_gate_session_count(scene->gate), 0);
    scene->key_is_elsewhere = false;
    dtls_gate_key_came(scene->gate, PRINCIPAL, scene->now_ms);
    assert_int_equal(dtls_gate_session_count(scene->gate), 1);
    to_peer(scene, peer);
    assert_true(dtls_peer_handshake(peer));
    exchange_prove(scene, peer, 4000);
    dtls_gate_key_came(scene->gate, PRINCIPAL, scene->now_ms);
    dtls_peer_close(peer);
    scene_free(scene);
}

/* The answer was lost with its connection: the peer repeats, and is answered then. */
static void a_repeated_flight_asks_for_the_key_again(void **state)
{
    (void)state;
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    scene->key_is_elsewhere = true;
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    assert_false(connect_peer(scene, peer, 4000));
    for (int i = 0; i < 5; i++)
        to_gate_again(scene, 4000);
    assert_int_equal(scene->key_asks, 6);
    scene->key_is_elsewhere = false;
    to_gate_again(scene, 4000);
    assert_int_equal(dtls_gate_session_count(scene->gate), 1);
    to_peer(scene, peer);
    assert_true(dtls_peer_handshake(peer));
    exchange_prove(scene, peer, 4000);
    dtls_peer_close(peer);
    scene_free(scene);
}

/* The key that came is not the peer's: what was held behind the record that failed is not fed to anybody. */
static void a_held_flight_under_a_wrong_key_fails(void **state)
{
    (void)state;
    static const uint8_t other[16] = "fedcba9876543210";
    struct scene *scene = scene_make((struct dtls_gate_config){ 0 });
    scene->key_is_elsewhere = true;
    struct dtls_peer *peer = dtls_peer_open("urn:imei:352000000000017", other, sizeof other, NULL);
    struct dtls_peer *second = dtls_peer_open("urn:imei:352000000000017", psk, sizeof psk, NULL);
    assert_false(connect_peer(scene, peer, 4000));
    assert_false(connect_peer(scene, second, 4001));
    scene->key_is_elsewhere = false;
    dtls_gate_key_came(scene->gate, PRINCIPAL, scene->now_ms);
    assert_int_equal(dtls_gate_session_count(scene->gate), 1);
    assert_int_equal(counted(scene, DTLS_HANDSHAKE_COMPLETED), 1);
    scene_free(scene); /* also what is still held */
    dtls_peer_close(peer);
    dtls_peer_close(second);
}

static void session_is_compact(void **state)
{
    (void)state;
    assert_true(dtls_gate_session_bytes() <= 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_carries_messages_both_ways),
        cmocka_unit_test(first_hello_leaves_no_state),
        cmocka_unit_test(cookie_of_another_address_is_not_taken),
        cmocka_unit_test(stranger_and_wrong_key_are_refused_and_counted),
        cmocka_unit_test(suites_without_aead_are_refused),
        cmocka_unit_test(replayed_record_is_dropped),
        cmocka_unit_test(reordered_records_are_taken_once),
        cmocka_unit_test(any_flipped_bit_makes_a_record_worthless),
        cmocka_unit_test(lost_final_flight_is_repeated),
        cmocka_unit_test(the_final_flight_is_repeated_to_its_peer_only),
        cmocka_unit_test(lingering_ends_by_itself),
        cmocka_unit_test(new_handshake_replaces_the_session_only_when_complete),
        cmocka_unit_test(full_session_table_gives_up_the_oldest),
        cmocka_unit_test(full_handshake_table_refuses_until_one_stalls),
        cmocka_unit_test(lingering_gives_way_at_once),
        cmocka_unit_test(handshake_that_never_ends_is_given_up),
        cmocka_unit_test(close_notify_ends_the_session_and_is_answered),
        cmocka_unit_test(forged_alert_and_garbage_do_not_harm_a_session),
        cmocka_unit_test(message_for_somebody_else_is_not_sent),
        cmocka_unit_test(a_handshake_waits_for_a_key_from_elsewhere),
        cmocka_unit_test(a_repeated_flight_asks_for_the_key_again),
        cmocka_unit_test(a_held_flight_under_a_wrong_key_fails),
        cmocka_unit_test(session_is_compact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
