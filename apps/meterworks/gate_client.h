/* The gate's end of a link: stands where the core stands for a gate of devices in the same process, takes its uplinks to a
 * core on another machine and brings back what that core says.
 *
 * Nothing is kept that may not be lost. What devices said and the core has not answered is sent again over the next
 * connection; devices are answered only after the core's commit. While there is no link the gate keeps its sessions and
 * answers no report.
 *
 * The cores are tried in turn: who does not answer within LINK_SILENCE_MS, or does not own the shard, is left for the next.
 * A gate that serves several shards has one of these for each (gate_shards.h).
 * Functions are for one thread, that which would be the core. Times are ms of a clock that nobody sets. */
#ifndef APPS_METERWORKS_GATE_CLIENT_H
#define APPS_METERWORKS_GATE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "apps/meterworks/gate.h"
#include "base/counter.h"
#include "base/hash.h"
#include "wire/tls_channel.h"

#define GATE_CLIENT_CORE_LIMIT 8
#define GATE_CLIENT_PAUSE_MS 100        /* before the first repeated round through the cores; doubles */
#define GATE_CLIENT_PAUSE_LIMIT_MS 1000

struct gate_client;

struct gate_client_ports {
    void *context;
    /* A core took us on: the gate, with this key of registration handles, is to be there from now on; it must not run yet
     * when it is new. NULL: it cannot be, and the link ends.
     * Called for every connection; the gate is the same for the life of the client. */
    struct gate *(*gate_open)(void *context, const struct hash_key *handle_key);
    /* The gate knows every device of the shard now: it may run. Once.
     * returns  false: it cannot, and the link ends */
    bool (*gate_run)(void *context);
};

struct gate_client_config {
    const char *cores[GATE_CLIENT_CORE_LIMIT]; /* "192.0.2.1:7377" */
    size_t core_count;
    const char *name;
    uint8_t key[TLS_CHANNEL_KEY_SIZE];
    uint32_t shard;  /* whose devices: also the gate's lane */
    unsigned width;  /* of device numbers at the gate (link/shard_number.h) */
    uint32_t window; /* uplinks unanswered at most; 0: as many as any core permits, 2,048 */
};

/* Rows of gate_client_counters(). */
enum gate_client_counter {
    GATE_CLIENT_DIALLED,
    GATE_CLIENT_FAILED,
    GATE_CLIENT_NOT_OWNER,
    GATE_CLIENT_WELCOMED,
    GATE_CLIENT_LOST,
    GATE_CLIENT_BAD_FRAME,
    GATE_CLIENT_SENT,
    GATE_CLIENT_SENT_AGAIN,
    GATE_CLIENT_ANSWERED,
    GATE_CLIENT_KEYS_ASKED,
    GATE_CLIENT_BEYOND,
    GATE_CLIENT_COUNTER_COUNT
};

/* out      given back by gate_client_close; strings of config are copied
 * returns  0; GATE_ERR_LINK_SOCKET (an address is none), GATE_ERR_MEMORY, GATE_ERR_CRYPTOGRAPHY */
int gate_client_open(const struct gate_client_config *config, const struct gate_client_ports *ports,
                     struct gate_client **out);

/* Accepts NULL. The gate is not the client's. */
void gate_client_close(struct gate_client *client);

/* Do what can be done now: dial, shake hands, carry messages both ways. Call gate_thread_uplink_drain() for the gate before.
 * returns  ms until the next call is useful, when neither descriptor becomes ready before */
int gate_client_work(struct gate_client *client, int64_t now_ms);

/* To wait on. The socket: -1 when there is none; *writable whether it is awaited to be writable as well. */
int gate_client_socket(const struct gate_client *client, bool *writable);

/* Whether a core has us and knows us filled. */
bool gate_client_is_linked(const struct gate_client *client);

/* Ask the core for the key of a device, of whichever shard: all cores of an installation know it. It leaves with the next
 * gate_client_work().
 * returns  false: there is no link, or it is full */
bool gate_client_key_ask(struct gate_client *client, uint64_t imei);

/* Lives as long as the client; any thread may read it. */
struct counter_table *gate_client_counters(struct gate_client *client);

#endif
