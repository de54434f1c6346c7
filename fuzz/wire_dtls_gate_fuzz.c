/* Datagrams from strangers to the DTLS server: records, cookies, handshakes, in any order.
 *
 * The input is a sequence of datagrams, each behind two bytes of length and one of port. */
#include <stdlib.h>
#include <string.h>

#include "wire/dtls_gate.h"

static bool key_find(void *context, struct span identity, uint8_t key[DTLS_KEY_LIMIT], size_t *key_size,
                     uint64_t *principal)
{
    (void)context;
    if (identity.size == 0)
        return false;
    memset(key, 7, 16);
    *key_size = 16;
    *principal = identity.bytes[0];
    return true;
}

static void send_nowhere(void *context, const struct peer_address *to, struct span bytes)
{
    (void)context;
    (void)to;
    (void)bytes;
}

static void deliver_nowhere(void *context, const struct peer_address *from, uint32_t session, uint64_t principal,
                            struct span message)
{
    (void)context;
    (void)from;
    (void)session;
    (void)principal;
    (void)message;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_gate_config config = { .session_limit = 4, .handshake_limit = 2 };
    struct dtls_gate_ports ports = { NULL, key_find, send_nowhere, deliver_nowhere, NULL };
    struct dtls_gate *gate;
    int64_t now_ms = 0;
    if (dtls_gate_open(&config, &ports, &gate) != 0)
        abort();
    while (size >= 3) {
        size_t datagram_size = (size_t)data[0] << 8 | data[1];
        struct peer_address from = peer_address_of_loopback((uint16_t)(data[2] + 1));
        data += 3;
        size -= 3;
        datagram_size = datagram_size < size ? datagram_size : size;
        dtls_gate_receive(gate, &from, span_of_bytes(data, datagram_size), now_ms);
        now_ms += 1000;
        dtls_gate_tick(gate, now_ms);
        data += datagram_size;
        size -= datagram_size;
    }
    dtls_gate_close(gate);
    return 0;
}
