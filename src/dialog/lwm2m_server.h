/* The platform's side of LwM2M 1.0 and 1.1 over CoAP: register, report, deliver a command, for very many devices.
 *
 * Pure conversation: no socket, no clock, no thread. Datagrams come in through lwm2m_server_receive and leave through
 * the `send` port; what devices say leaves as `struct uplink` through `offer`; the core's answers come back through
 * lwm2m_server_acknowledge and lwm2m_server_deliver. All times are ms since 1970 UTC of the caller's clock.
 *
 * Promises
 *   A confirmable report is acknowledged to the device only after the core acknowledged the uplink. When the core
 *   refuses, is full or stays silent, the device gets no answer and repeats.
 *   A repeated datagram (same peer and message id within EXCHANGE_LIFETIME, RFC 7252 4.5) gets the stored answer and
 *   is not handed on again.
 *   A device is told to do something only inside the window it opened, one request at a time.
 *
 * Bounds, and what happens when they are reached
 *   devices     a device_id at or above device_limit is refused like a stranger
 *   exchanges   messages waiting for the core: silence, the device repeats; of one device at most 8
 *   lanes       devices of different cores share no exchanges and no downlinks, so that a core that stands still holds up
 *               nobody else's devices
 *   duplicates  the oldest remembered message is forgotten early; content de-duplication in `reading` still holds
 *   downlinks   requests in flight: the downlink is answered UPLINK_ANSWER_TIMEOUT at once and stays queued in core */
#ifndef DIALOG_LWM2M_SERVER_H
#define DIALOG_LWM2M_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/counter.h"
#include "base/downlink.h"
#include "base/hash.h"
#include "base/span.h"
#include "base/uplink.h"
#include "wire/peer_address.h"

#define LWM2M_LANE_LIMIT 16

/* Who sent a datagram, or whom one is for. */
struct dialog_peer {
    struct peer_address address;
    bool secured;
    uint32_t session; /* of the secured wire; 0 when plain */
    uint64_t imei;    /* proven by the key; 0 when plain */
};

/* What the directory knows of a device. */
struct dialog_device {
    uint32_t device_id;
    bool secured_only; /* refused over plain CoAP */
};

/* None of them may call back into the server. */
struct lwm2m_server_ports {
    void *context;
    /* One CoAP message for the peer; bytes live until it returns. Losing it is allowed. */
    void (*send)(void *context, const struct dialog_peer *to, struct span bytes);
    /* Hand an uplink to the core. false: full, and the device is left to repeat */
    bool (*offer)(void *context, const struct uplink *uplink);
    /* The device of an IMEI. false: unknown */
    bool (*device_find)(void *context, uint64_t imei, struct dialog_device *out);
    /* Which of several cores the device belongs to, below lane_limit. NULL: there is one */
    uint32_t (*lane_of)(void *context, uint32_t device_id);
};

struct lwm2m_server_config {
    uint32_t device_limit;        /* 0 means 16,777,216, the most a 4-character handle can name */
    uint32_t lane_limit;          /* cores that devices belong to, at most LWM2M_LANE_LIMIT; 0 means 1 */
    uint32_t exchange_limit;      /* of one lane; 0 means 16,384 */
    uint32_t duplicate_limit;     /* 0 means 262,144 */
    uint32_t downlink_limit;      /* of one lane, 65,536 of all; 0 means 4,096 */
    uint16_t gate;                /* number of this gate, put into every uplink */
    bool observe_after_register;  /* ask devices that show object 33424 to notify it */
    struct hash_key secret;       /* random; keys tables and tokens; a new one makes devices register again */
    struct hash_key handle_key;   /* the same at every start: a handle always names the same device */
    uint32_t handle_base;         /* below device_limit's bound; handles name device_id ^ handle_base, so that those of
                                   * servers whose device_ids are other devices' differ */
    int64_t window_ms;            /* 0 means 20,000: how long a device listens after its last exchange */
    int64_t meter_window_ms;      /* 0 means 180,000: the same for our water meters (S3-093, S3-110) */
    int64_t acknowledge_timeout_ms; /* 0 means 10,000: first wait before a request is repeated, NB-IoT paging */
    int64_t core_timeout_ms;      /* 0 means 60,000: an uplink the core never answered is given up */
};

/* Rows of lwm2m_server_counters(). */
enum lwm2m_counter {
    LWM2M_RECEIVED,
    LWM2M_MALFORMED,
    LWM2M_PING,
    LWM2M_DUPLICATE,
    LWM2M_REGISTERED,
    LWM2M_UPDATED,
    LWM2M_DEREGISTERED,
    LWM2M_REGISTRATION_EXPIRED,
    LWM2M_ADDRESS_CHANGED,
    LWM2M_REFUSED_UNKNOWN_DEVICE,
    LWM2M_UNKNOWN_YET,
    LWM2M_REFUSED_IDENTITY,
    LWM2M_REFUSED_PLAIN,
    LWM2M_REFUSED_HANDLE,
    LWM2M_REFUSED_UNREGISTERED,
    LWM2M_REFUSED_BAD_REQUEST,
    LWM2M_REFUSED_BAD_OPTION,
    LWM2M_REFUSED_NOT_FOUND,
    LWM2M_REFUSED_METHOD,
    LWM2M_REFUSED_FORMAT,
    LWM2M_REFUSED_TOO_LARGE,
    LWM2M_REFUSED_VERSION,
    LWM2M_REPORT_ACCEPTED,
    LWM2M_REPORT_WITHOUT_VALUES,
    LWM2M_NOTIFICATION_UNKNOWN,
    LWM2M_RESPONSE_UNKNOWN,
    LWM2M_CORE_FULL,
    LWM2M_CORE_REFUSED,
    LWM2M_CORE_SILENT,
    LWM2M_EXCHANGE_FULL,
    LWM2M_DEVICE_FULL,
    LWM2M_DUPLICATE_EVICTED,
    LWM2M_DOWNLINK_SENT,
    LWM2M_DOWNLINK_REPEATED,
    LWM2M_DOWNLINK_ANSWERED,
    LWM2M_DOWNLINK_TIMED_OUT,
    LWM2M_DOWNLINK_ASLEEP,
    LWM2M_DOWNLINK_BUSY,
    LWM2M_DOWNLINK_UNENCODABLE,
    LWM2M_COUNTER_COUNT
};

#define LWM2M_SERVER_ERRORS(ROW) \
    ROW(LWM2M_SERVER_ERR_MEMORY, -1, "out of memory") \
    ROW(LWM2M_SERVER_ERR_RANGE, -2, "a limit is outside the permitted range")

#define LWM2M_SERVER_ERROR_ENUM(name, value, text) name = (value),
enum lwm2m_server_error { LWM2M_SERVER_ERRORS(LWM2M_SERVER_ERROR_ENUM) };
#undef LWM2M_SERVER_ERROR_ENUM

/* English text for one of LWM2M_SERVER_ERR_*; "unknown error" for any other number. */
const char *lwm2m_server_error_text(int error);

struct lwm2m_server;

/* out      owned by the caller, given back by lwm2m_server_close
 * returns  0; LWM2M_SERVER_ERR_MEMORY; LWM2M_SERVER_ERR_RANGE */
int lwm2m_server_open(const struct lwm2m_server_config *config, const struct lwm2m_server_ports *ports,
                      struct lwm2m_server **out);

/* Accepts NULL. */
void lwm2m_server_close(struct lwm2m_server *server);

/* One CoAP message from a peer (decrypted when it was secured). May call every port. */
void lwm2m_server_receive(struct lwm2m_server *server, const struct dialog_peer *from, struct span bytes,
                          int64_t now_ms);

/* The core's answer to an uplink: now the device may be answered. An answer that comes too late is ignored. */
void lwm2m_server_acknowledge(struct lwm2m_server *server, const struct uplink_acknowledgement *acknowledgement,
                              int64_t now_ms);

/* Send a command. One final UPLINK_ANSWER uplink follows per downlink (executed, refused or timeout), before it an
 * UPLINK_ANSWER_SENT when it left; an answer is lost only when the core takes no more uplinks, so the core keeps a
 * time-out of its own. A device that sleeps or is busy answers TIMEOUT at once. A value 0 of DOWNLINK_SET_CLOCK is
 * replaced by the time at which it leaves. What DOWNLINK_READ_NOW reads follows as UPLINK_REPORT before the answer. */
void lwm2m_server_deliver(struct lwm2m_server *server, const struct downlink *downlink, int64_t now_ms);

/* Do what is due: repeat requests, end windows and lifetimes.
 * returns  ms since 1970 at which to come again at the latest; INT64_MAX when nothing waits */
int64_t lwm2m_server_tick(struct lwm2m_server *server, int64_t now_ms);

/* Whether devices may be missing from what device_find knows, because not everybody has told it yet: then a stranger is
 * left without an answer, to say it again, and not refused. False at first. */
void lwm2m_server_archive_partial(struct lwm2m_server *server, bool is_partial);

/* A device left the archive or changed its module: its registration is void. */
void lwm2m_server_forget(struct lwm2m_server *server, uint32_t device_id, int64_t now_ms);

/* Is the device registered, and listening at this moment? */
bool lwm2m_server_is_registered(const struct lwm2m_server *server, uint32_t device_id, int64_t now_ms);
bool lwm2m_server_is_awake(const struct lwm2m_server *server, uint32_t device_id, int64_t now_ms);

/* Registered devices; lifetimes that ended are noticed by and by. */
uint32_t lwm2m_server_registered_count(const struct lwm2m_server *server);

/* Bytes of memory per device in the dense table, index included; and of the fixed tables of this server. */
size_t lwm2m_server_device_bytes(void);
size_t lwm2m_server_fixed_bytes(const struct lwm2m_server *server);

/* Lives as long as the server; any thread may read it. */
struct counter_table *lwm2m_server_counters(struct lwm2m_server *server);

#endif
