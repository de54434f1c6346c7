/* The secured side of the bench of stages: a DTLS gate without a socket before it, and as many clients. */
#ifndef BENCH_STAGE_PEERS_H
#define BENCH_STAGE_PEERS_H

#include "bench/stage_count.h"
#include "dialog/lwm2m_server.h"
#include "wire/dtls_gate.h"
#include "wire/udp_engine.h"

struct stage_peers;

struct stage_peers_config {
    struct udp_engine *engine; /* where records go once all are connected */
    uint32_t count;
    const struct peer_address *addresses; /* one each; not needed after stage_peers_open */
    uint64_t imei_first;
    void *context;
    void (*deliver)(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                    struct span message);
};

/* All clients have made their handshakes, PSK-AES128-CCM8, in groups; what the server did for it counts in `handshake`.
 * NULL: one failed. */
struct stage_peers *stage_peers_open(const struct stage_peers_config *config, struct stage *handshake);
void stage_peers_close(struct stage_peers *peers);

/* A record of client `number`. returns its size, 0 when it cannot be */
size_t stage_peers_seal(struct stage_peers *peers, uint32_t number, struct span text, uint8_t *out, size_t capacity);

/* A datagram for the gate. */
void stage_peers_receive(struct stage_peers *peers, const struct peer_address *from, struct span bytes);

/* As dtls_gate_send(). */
int stage_peers_send(struct stage_peers *peers, const struct dialog_peer *to, struct span bytes);

#endif
