#include <string.h>

#include "dialog/lwm2m_handle.h"
#include "dialog/lwm2m_server_internal.h"

#define SWEEP_DEVICES 4096 /* at a time */
#define SWEEP_INTERVAL_MS 1000

static uint32_t seconds_of(int64_t time_ms)
{
    return (uint32_t)(time_ms / 1000);
}

struct lwm2m_device *lwm2m_device_at(const struct lwm2m_server *server, uint32_t device_id)
{
    struct lwm2m_device *device = dense_array_at(&server->devices, device_id);
    return device && device->flags & DEVICE_KNOWN ? device : NULL;
}

struct lwm2m_device *lwm2m_device_reserve(struct lwm2m_server *server, uint32_t device_id, uint64_t imei)
{
    struct lwm2m_device *device = device_id ? dense_array_reserve(&server->devices, device_id) : NULL;
    if (!device)
        return NULL;
    if (device_id >= server->device_end)
        server->device_end = device_id + 1;
    device->flags |= DEVICE_KNOWN;
    device->imei = imei;
    return device;
}

uint32_t lwm2m_device_of_peer(struct lwm2m_server *server, const struct dialog_peer *peer)
{
    if (!peer->secured)
        return device_index_find(&server->by_address, peer_address_hash(&peer->address, server->config.secret),
                                 &peer->address);
    struct dialog_device found;
    return server->ports.device_find(server->ports.context, peer->imei, &found) ? found.device_id : 0;
}

struct dialog_peer lwm2m_device_peer(const struct lwm2m_device *device)
{
    bool secured = device->flags & DEVICE_SECURED;
    struct dialog_peer peer = { .address = device->address, .secured = secured, .session = device->session,
                                .imei = secured ? device->imei : 0 };
    return peer;
}

static void address_forget(struct lwm2m_server *server, struct lwm2m_device *device, uint32_t device_id)
{
    if (device->flags & DEVICE_INDEXED)
        device_index_remove(&server->by_address, device_id);
    device->flags &= (uint16_t)~DEVICE_INDEXED;
}

/* A plain address belongs to the device that registered from it last. */
static void address_learn(struct lwm2m_server *server, struct lwm2m_device *device, uint32_t device_id)
{
    uint32_t previous = device_index_find(&server->by_address,
                                          peer_address_hash(&device->address, server->config.secret),
                                          &device->address);
    if (previous != 0)
        address_forget(server, lwm2m_device_at(server, previous), previous);
    if (device_index_put(&server->by_address, device_id))
        device->flags |= DEVICE_INDEXED;
}

void lwm2m_device_move(struct lwm2m_server *server, uint32_t device_id, const struct dialog_peer *peer)
{
    struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    bool same = peer_address_equal(&device->address, &peer->address);
    if (same && !peer->secured && device->flags & DEVICE_INDEXED)
        return;
    if (!same && device->address.port != 0)
        lwm2m_count(server, LWM2M_ADDRESS_CHANGED);
    address_forget(server, device, device_id);
    device->address = peer->address;
    device->session = peer->session;
    device->flags &= (uint16_t)~DEVICE_SECURED;
    if (peer->secured)
        device->flags |= DEVICE_SECURED;
    else
        address_learn(server, device, device_id);
}

void lwm2m_device_wake(const struct lwm2m_server *server, struct lwm2m_device *device, int64_t now_ms)
{
    int64_t window_ms = device->flags & DEVICE_METER ? server->config.meter_window_ms : server->config.window_ms;
    device->awake_until_s = seconds_of(now_ms + window_ms);
}

bool lwm2m_device_is_registered(const struct lwm2m_device *device, int64_t now_ms)
{
    return device->flags & DEVICE_REGISTERED && seconds_of(now_ms) < device->registered_until_s;
}

void lwm2m_device_register(struct lwm2m_server *server, struct lwm2m_device *device, uint32_t lifetime_s,
                           int64_t now_ms)
{
    if (!(device->flags & DEVICE_REGISTERED))
        server->registered_count++;
    device->flags |= DEVICE_REGISTERED;
    device->lifetime_s = lifetime_s;
    uint64_t until_s = (uint64_t)seconds_of(now_ms) + lifetime_s;
    device->registered_until_s = until_s < UINT32_MAX ? (uint32_t)until_s : UINT32_MAX;
}

void lwm2m_device_deregister(struct lwm2m_server *server, uint32_t device_id)
{
    struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    if (!device)
        return;
    if (device->flags & DEVICE_REGISTERED)
        server->registered_count--;
    address_forget(server, device, device_id);
    device->flags &= (uint16_t)~DEVICE_REGISTERED;
    device->awake_until_s = 0;
}

void lwm2m_device_sweep(struct lwm2m_server *server, int64_t now_ms)
{
    if (now_ms < server->sweep_ms && server->sweep_ms - now_ms <= SWEEP_INTERVAL_MS)
        return;
    server->sweep_ms = now_ms + SWEEP_INTERVAL_MS;
    uint32_t span = server->device_end < SWEEP_DEVICES ? server->device_end : SWEEP_DEVICES;
    for (uint32_t i = 0; i < span; i++) {
        server->sweep_next = server->sweep_next + 1 < server->device_end ? server->sweep_next + 1 : 0;
        if (!dense_array_at(&server->devices, server->sweep_next))
            server->sweep_next |= DENSE_ARRAY_CHUNK - 1; /* numbers of several cores lie far apart */
        const struct lwm2m_device *device = lwm2m_device_at(server, server->sweep_next);
        if (!device || !(device->flags & DEVICE_REGISTERED) || lwm2m_device_is_registered(device, now_ms))
            continue;
        lwm2m_device_deregister(server, server->sweep_next);
        lwm2m_count(server, LWM2M_REGISTRATION_EXPIRED);
    }
}

bool lwm2m_server_is_registered(const struct lwm2m_server *server, uint32_t device_id, int64_t now_ms)
{
    const struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    return device && lwm2m_device_is_registered(device, now_ms);
}

bool lwm2m_server_is_awake(const struct lwm2m_server *server, uint32_t device_id, int64_t now_ms)
{
    const struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    return device && seconds_of(now_ms) < device->awake_until_s;
}

uint32_t lwm2m_server_registered_count(const struct lwm2m_server *server)
{
    return server->registered_count;
}

size_t lwm2m_server_device_bytes(void)
{
    /* The index by address holds 8 to 16 bytes a device: take the most. */
    return sizeof(struct lwm2m_device) + 16;
}
