/* The core's end of what lies between it and the apis on other machines: lets those in who prove an api's key, hands their
 * requests to this process's own api as if a proxy of this machine had brought them, and tells them the live events.
 *
 * An api is believed who its client is (X-Forwarded-For), as a proxy of this machine is; sessions, rights and signatures
 * are checked here as for everybody. A thread of its own. */
#ifndef APPS_METERWORKS_API_DOOR_H
#define APPS_METERWORKS_API_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "api/api_server.h"
#include "api/live.h"
#include "base/counter.h"
#include "wire/tls_channel.h"

#define API_DOOR_PLACES 640          /* connections at once: a feed and 256 requests of each of two apis, and more */
#define API_DOOR_STRANGERS 64        /* of them that have not proved a key yet; beyond, the oldest of them goes */
#define API_DOOR_PULSE_MS 1000
#define API_DOOR_STALLED_MS 10000    /* a connection that takes nothing for so long is closed */

struct api_door;

struct api_door_config {
    const char *address; /* "192.0.2.1:7378"; port 0 takes a free one */
    uint32_t shard;      /* that this core works on: told to every api */
    struct live_hub *live;
    void *context;
    /* The key of an api by its name. The door's thread.
     * returns  false: nobody of that name */
    bool (*key_find)(void *context, struct span name, uint8_t key[TLS_CHANNEL_KEY_SIZE]);
};

/* Rows of api_door_counters(). */
enum api_door_counter {
    API_DOOR_ACCEPTED,
    API_DOOR_REFUSED_FULL,
    API_DOOR_REFUSED_HANDSHAKE,
    API_DOOR_REQUESTS,
    API_DOOR_FEEDS,
    API_DOOR_STALLED,
    API_DOOR_COUNTER_COUNT
};

/* Listen; nobody is let in yet.
 * returns  0; GATE_ERR_LINK_SOCKET, GATE_ERR_MEMORY, GATE_ERR_CRYPTOGRAPHY, GATE_ERR_SYSTEM */
int api_door_open(const struct api_door_config *config, struct api_door **out);

/* Let them in, to this server. returns  0; GATE_ERR_SYSTEM */
int api_door_start(struct api_door *door, struct api_server *server);

/* Before the server is closed. Accepts NULL. */
void api_door_close(struct api_door *door);

uint16_t api_door_port(const struct api_door *door);

/* Lives as long as the door. */
struct counter_table *api_door_counters(struct api_door *door);

#endif
