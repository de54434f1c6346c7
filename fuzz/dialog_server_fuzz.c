/* CoAP messages from plain and secured peers to the LwM2M server, with the core answering or not.
 *
 * The input is a sequence of messages, each behind one byte of length and one of circumstances: bits 0-1 who speaks,
 * bit 2 the core acknowledges at once, bit 3 a command is sent afterwards, bits 4-7 how much time passes. */
#include <stdlib.h>

#include "dialog/lwm2m_server.h"

#define START_MS 1795219200000

struct world {
    struct lwm2m_server *server;
    uint64_t last_message_id;
};

static void send_nowhere(void *context, const struct dialog_peer *to, struct span bytes)
{
    (void)context;
    (void)to;
    if (bytes.size > 200)
        abort(); /* nothing we say is that long */
}

static bool offer(void *context, const struct uplink *uplink)
{
    struct world *world = context;
    if (uplink->item_count > UPLINK_ITEM_LIMIT || uplink->device_id == 0)
        abort();
    world->last_message_id = uplink->message_id;
    return true;
}

static bool device_find(void *context, uint64_t imei, struct dialog_device *out)
{
    (void)context;
    *out = (struct dialog_device){ .device_id = (uint32_t)(imei % 7), .secured_only = imei % 2 };
    return imei % 7 != 0;
}

static void command_deliver(struct world *world, uint8_t circumstances, int64_t now_ms)
{
    struct downlink downlink = { .command_id = 9, .device_id = 1 + circumstances % 6, .serial = 1,
                                 .operation = (uint16_t)(1 + circumstances % 6), .parameter = PARAMETER_LOW_BALANCE,
                                 .amount_fen = 100, .value = 500, .timeout_ms = 25000 };
    lwm2m_server_deliver(world->server, &downlink, now_ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world = { 0 };
    struct lwm2m_server_config config = { .device_limit = 16, .exchange_limit = 4, .duplicate_limit = 8,
                                          .downlink_limit = 2, .observe_after_register = true };
    struct lwm2m_server_ports ports = { &world, send_nowhere, offer, device_find, NULL };
    int64_t now_ms = START_MS;
    if (lwm2m_server_open(&config, &ports, &world.server) != 0)
        abort();
    while (size >= 2) {
        size_t message_size = data[0];
        uint8_t circumstances = data[1];
        uint64_t imei = (uint64_t)(circumstances & 3);
        struct dialog_peer peer = { .address = peer_address_of_loopback((uint16_t)(4000 + imei)),
                                    .secured = imei > 1, .imei = imei > 1 ? 352000000000000 + imei : 0 };
        data += 2;
        size -= 2;
        message_size = message_size < size ? message_size : size;
        lwm2m_server_receive(world.server, &peer, span_of_bytes(data, message_size), now_ms);
        struct uplink_acknowledgement answer = { .message_id = world.last_message_id, .accepted = 1 };
        if (circumstances & 4)
            lwm2m_server_acknowledge(world.server, &answer, now_ms);
        if (circumstances & 8)
            command_deliver(&world, circumstances, now_ms);
        now_ms += (int64_t)(circumstances >> 4) * 5000;
        lwm2m_server_tick(world.server, now_ms);
        data += message_size;
        size -= message_size;
    }
    lwm2m_server_close(world.server);
    return 0;
}
