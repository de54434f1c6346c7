#include "bench/stage_peers.h"

#include <stdlib.h>
#include <string.h>

#include "bench/dtls_client.h"
#include "codec/lwm2m/lwm2m_register.h"
#include "wire/dtls_record.h"

#define GROUP 128       /* handshakes side by side */
#define FLIGHTS_LIMIT 8 /* until all of a group are through */
#define FLIGHT_LIMIT 2048
#define RECORD_FIRST 64 /* OpenSSL used the first numbers of epoch 1 itself */
#define CIPHER "PSK-AES128-CCM8"

struct client {
    struct dtls_client_keys keys;
    uint64_t record;
};

/* A handshake under way. */
struct attempt {
    struct dtls_client *client;
    char identity[32];
    size_t answer_size;
    size_t flight_size;
    uint8_t answer[FLIGHT_LIMIT]; /* of the server */
    uint8_t flight[FLIGHT_LIMIT];
};

struct stage_peers {
    struct stage_peers_config config;
    struct dtls_gate *gate;
    struct dtls_aead *aead;
    struct client *clients;
    struct attempt *attempts; /* NULL: all are connected */
    uint32_t group_first;
    int64_t now_ms;
    uint8_t key[16];
};

static bool key_find(void *context, struct span identity, uint8_t key[DTLS_KEY_LIMIT], size_t *key_size,
                     uint64_t *principal)
{
    const struct stage_peers *peers = context;
    struct lwm2m_endpoint endpoint;
    if (lwm2m_endpoint_parse(identity, &endpoint) != 0)
        return false;
    memcpy(key, peers->key, sizeof peers->key);
    *key_size = sizeof peers->key;
    *principal = endpoint.imei;
    return true;
}

/* While handshakes are under way, into the attempt of the address; then into the socket. */
static void gate_send(void *context, const struct peer_address *to, struct span bytes)
{
    struct stage_peers *peers = context;
    if (!peers->attempts) {
        int result = udp_engine_send(peers->config.engine, to, bytes);
        (void)result; /* counted by the engine */
        return;
    }
    for (uint32_t i = 0; i < GROUP && peers->group_first + i < peers->config.count; i++) {
        struct attempt *attempt = &peers->attempts[i];
        if (!peer_address_equal(to, &peers->config.addresses[peers->group_first + i]) ||
            attempt->answer_size + bytes.size > FLIGHT_LIMIT)
            continue;
        memcpy(attempt->answer + attempt->answer_size, bytes.bytes, bytes.size);
        attempt->answer_size += bytes.size;
    }
}

static void gate_deliver(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                         struct span message)
{
    const struct stage_peers *peers = context;
    peers->config.deliver(peers->config.context, from, session, principal, message);
}

static bool gate_make(struct stage_peers *peers)
{
    struct dtls_gate_config config = { .session_limit = peers->config.count, .cookie_secret = { 5 },
                                       .hash_key = { 6, 7 } };
    struct dtls_gate_ports ports = { peers, key_find, gate_send, gate_deliver, NULL };
    return dtls_gate_open(&config, &ports, &peers->gate) == 0 && dtls_aead_open(&peers->aead) == 0;
}

static void attempt_begin(struct stage_peers *peers, uint32_t i)
{
    struct attempt *attempt = &peers->attempts[i];
    struct writer name = writer_of_buffer(attempt->identity, sizeof attempt->identity);
    writer_format(&name, "urn:imei:%015llu", (unsigned long long)(peers->config.imei_first + peers->group_first + i));
    attempt->answer_size = 0;
    attempt->client = dtls_client_open(CIPHER, writer_terminate(&name), peers->key, sizeof peers->key);
}

/* The client's turn.
 * returns  true when it has its keys */
static bool attempt_step(struct stage_peers *peers, uint32_t i)
{
    struct attempt *attempt = &peers->attempts[i];
    struct client *client = &peers->clients[peers->group_first + i];
    int progress = dtls_client_step(attempt->client, span_of_bytes(attempt->answer, attempt->answer_size));
    struct span flight = dtls_client_flight(attempt->client);
    attempt->answer_size = 0;
    attempt->flight_size = flight.size <= FLIGHT_LIMIT ? flight.size : 0;
    memcpy(attempt->flight, flight.bytes, attempt->flight_size);
    if (progress != 1 || !dtls_client_keys(attempt->client, &client->keys))
        return false;
    client->record = RECORD_FIRST;
    return true;
}

static bool group_connect(struct stage_peers *peers, uint32_t size, struct stage *handshake)
{
    uint32_t through = 0;
    for (uint32_t i = 0; i < size; i++)
        attempt_begin(peers, i);
    for (int flight = 0; through < size && flight < FLIGHTS_LIMIT; flight++) {
        through = 0;
        for (uint32_t i = 0; i < size; i++)
            if (peers->attempts[i].client)
                through += attempt_step(peers, i);
        stage_begin(handshake);
        for (uint32_t i = 0; i < size; i++)
            dtls_gate_receive(peers->gate, &peers->config.addresses[peers->group_first + i],
                              span_of_bytes(peers->attempts[i].flight, peers->attempts[i].flight_size), peers->now_ms);
        stage_end(handshake, through == size ? size : 0);
    }
    for (uint32_t i = 0; i < size; i++)
        dtls_client_close(peers->attempts[i].client);
    return through == size;
}

struct stage_peers *stage_peers_open(const struct stage_peers_config *config, struct stage *handshake)
{
    struct stage_peers *peers = calloc(1, sizeof *peers);
    if (!peers)
        return NULL;
    peers->config = *config;
    memset(peers->key, 0x5a, sizeof peers->key);
    peers->clients = calloc(config->count, sizeof *peers->clients);
    peers->attempts = calloc(GROUP, sizeof *peers->attempts);
    bool good = peers->clients && peers->attempts && gate_make(peers);
    for (; good && peers->group_first < config->count; peers->group_first += GROUP) {
        uint32_t left = config->count - peers->group_first;
        good = group_connect(peers, left < GROUP ? left : GROUP, handshake);
    }
    free(peers->attempts);
    peers->attempts = NULL;
    peers->config.addresses = NULL;
    if (good)
        return peers;
    stage_peers_close(peers);
    return NULL;
}

void stage_peers_close(struct stage_peers *peers)
{
    if (!peers)
        return;
    dtls_gate_close(peers->gate);
    dtls_aead_close(peers->aead);
    free(peers->clients);
    free(peers);
}

size_t stage_peers_seal(struct stage_peers *peers, uint32_t number, struct span text, uint8_t *out, size_t capacity)
{
    struct client *client = &peers->clients[number];
    struct dtls_record record = { .type = DTLS_APPLICATION_DATA, .epoch = 1, .sequence = client->record++ };
    int size = dtls_aead_seal(peers->aead, client->keys.suite, &client->keys.write_key, &record, text, out, capacity);
    return size > 0 ? (size_t)size : 0;
}

void stage_peers_receive(struct stage_peers *peers, const struct peer_address *from, struct span bytes)
{
    dtls_gate_receive(peers->gate, from, bytes, peers->now_ms);
}

int stage_peers_send(struct stage_peers *peers, const struct dialog_peer *to, struct span bytes)
{
    return dtls_gate_send(peers->gate, to->session, to->imei, bytes);
}
