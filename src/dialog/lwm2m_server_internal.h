/* What the files of the LwM2M server share. Not for other rooms. */
#ifndef DIALOG_LWM2M_SERVER_INTERNAL_H
#define DIALOG_LWM2M_SERVER_INTERNAL_H

#include "base/dense_array.h"
#include "base/device_index.h"
#include "codec/coap/coap_message.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/water_meter/water_meter_series.h"
#include "dialog/duplicate_cache.h"
#include "dialog/lwm2m_server.h"

#define LWM2M_REQUEST_LIMIT 160 /* bytes of one request to a device: header, token, options, 96 of payload */
#define LWM2M_REQUEST_TOKEN_SIZE 4

enum lwm2m_device_flag {
    DEVICE_KNOWN = 1,      /* the record belongs to a device that spoke to us */
    DEVICE_REGISTERED = 2, /* and lives until registered_until_s */
    DEVICE_SECURED = 4,    /* its peer is a DTLS session */
    DEVICE_METER = 8,      /* shows object 33424: the long window */
    DEVICE_INDEXED = 16,   /* found by its address: plain ones only */
    DEVICE_VERSION_1_0 = 32, /* knows no composite operations */
    DEVICE_WAITING_ONE = 256 /* of its messages that wait for the core; the bits above count them */
};

/* A device that keeps to RFC 7252, 4.7 has one. More are left to be repeated: nobody fills the queue alone. */
#define LWM2M_WAITING_LIMIT 8

/* All that is kept of a device between its messages. */
struct lwm2m_device {
    uint64_t imei;
    struct peer_address address;
    uint16_t flags;
    uint32_t session;
    uint32_t registered_until_s;
    uint32_t lifetime_s;
    uint32_t awake_until_s;
    uint32_t downlink; /* slot + 1 of the request in flight, 0 none */
};

/* A message whose answer waits for the core. */
struct lwm2m_exchange {
    uint64_t message_id; /* of the uplink; 0: the slot is free */
    int64_t started_ms;
    struct dialog_peer peer;
    uint32_t arrival; /* in the duplicate cache */
    uint32_t device_id;
    uint16_t coap_message_id;
    uint8_t type; /* enum coap_type of the device's message */
    uint8_t shape; /* enum answer_shape once accepted */
    uint8_t token_size;
    uint8_t token[COAP_TOKEN_LIMIT];
};

/* What is under way between the devices of one core and that core. */
struct lwm2m_lane {
    struct lwm2m_exchange *exchanges; /* slot = message_id % exchange_limit */
    uint64_t next;                    /* message_id of the next uplink; its top byte is the lane */
    uint64_t oldest;                  /* nothing before it waits */
    uint32_t downlinks;               /* slots taken */
};

/* A request of ours on its way. */
struct lwm2m_downlink {
    uint64_t command_id; /* 0: our own observation */
    uint32_t device_id;  /* 0: the slot is free */
    uint16_t message_id;
    uint16_t operation; /* enum downlink_operation, 0 for an observation */
    bool acknowledged;  /* the device has it: do not repeat, wait for its answer */
    bool in_turn;       /* the core hears that it was sent after what waited then: its answer must not overtake that */
    uint16_t size;
    int64_t repeat_ms;  /* when to send again */
    int64_t interval_ms;
    int64_t deadline_ms;
    struct lwm2m_path path; /* base of the content that comes back */
    uint8_t token[LWM2M_REQUEST_TOKEN_SIZE];
    uint8_t bytes[LWM2M_REQUEST_LIMIT];
};

struct lwm2m_server {
    struct lwm2m_server_ports ports;
    struct lwm2m_server_config config;
    struct dense_array devices;
    struct device_index by_address;
    uint32_t device_end; /* numbers from here on never spoke */
    uint32_t registered_count;
    uint32_t sweep_next; /* the device whose lifetime is looked at next */
    int64_t sweep_ms;    /* when */
    struct duplicate_cache duplicates;
    bool archive_partial;
    struct lwm2m_lane lanes[LWM2M_LANE_LIMIT];
    struct lwm2m_downlink *downlinks;
    uint32_t *downlink_free; /* a stack of free slots */
    uint32_t downlink_free_count;
    int64_t downlink_due_ms; /* no downlink needs care before; INT64_MAX when none is in flight */
    uint64_t draw_count;     /* numbers drawn from the secret so far */
    struct uplink uplink;    /* the one being built */
    struct counter values[LWM2M_COUNTER_COUNT];
    struct counter_table counters;
};

/* One message of a device, decoded. */
struct lwm2m_request {
    const struct dialog_peer *peer;
    const struct coap_message *message;
    struct span bytes;
    uint32_t arrival; /* in the duplicate cache; 0 when it is not remembered */
    int64_t now_ms;
};

/* What a handler decided. */
struct lwm2m_reply {
    uint8_t shape; /* enum answer_shape; ANSWER_PENDING: nothing is sent now */
    uint8_t code;
    uint32_t device_id; /* for ANSWER_LOCATION */
};

void lwm2m_count(struct lwm2m_server *server, enum lwm2m_counter row);

static inline struct lwm2m_lane *lwm2m_lane_of(struct lwm2m_server *server, uint32_t device_id)
{
    return &server->lanes[server->ports.lane_of ? server->ports.lane_of(server->ports.context, device_id) : 0];
}

/* A number nobody outside can foresee: message ids, tokens, jitter. */
uint64_t lwm2m_draw(struct lwm2m_server *server);

/* lwm2m_device.c: who is who */

/* The record of a device that spoke before, or NULL. */
struct lwm2m_device *lwm2m_device_at(const struct lwm2m_server *server, uint32_t device_id);

/* The record, made when it is the first time; NULL beyond the limit or without memory. */
struct lwm2m_device *lwm2m_device_reserve(struct lwm2m_server *server, uint32_t device_id, uint64_t imei);

/* The device that speaks from this peer: by its key, or by the address it registered from. 0: nobody. */
uint32_t lwm2m_device_of_peer(struct lwm2m_server *server, const struct dialog_peer *peer);

struct dialog_peer lwm2m_device_peer(const struct lwm2m_device *device);

/* From now on the device is at this peer. */
void lwm2m_device_move(struct lwm2m_server *server, uint32_t device_id, const struct dialog_peer *peer);

/* It just spoke or answered: it listens for its window. */
void lwm2m_device_wake(const struct lwm2m_server *server, struct lwm2m_device *device, int64_t now_ms);

void lwm2m_device_register(struct lwm2m_server *server, struct lwm2m_device *device, uint32_t lifetime_s,
                           int64_t now_ms);
void lwm2m_device_deregister(struct lwm2m_server *server, uint32_t device_id);
bool lwm2m_device_is_registered(const struct lwm2m_device *device, int64_t now_ms);

/* Look at some of the lifetimes, when it is time again. */
void lwm2m_device_sweep(struct lwm2m_server *server, int64_t now_ms);

/* lwm2m_registration.c: handlers of /rd */
struct lwm2m_reply lwm2m_register_handle(struct lwm2m_server *server, const struct lwm2m_request *request);
struct lwm2m_reply lwm2m_update_handle(struct lwm2m_server *server, const struct lwm2m_request *request);
struct lwm2m_reply lwm2m_deregister_handle(struct lwm2m_server *server, const struct lwm2m_request *request);

/* lwm2m_report.c: what devices say */
struct lwm2m_reply lwm2m_send_handle(struct lwm2m_server *server, const struct lwm2m_request *request);

/* A notification of an observation of ours. The reply is ANSWER_RESET when nobody asked for it. */
struct lwm2m_reply lwm2m_notification_handle(struct lwm2m_server *server, const struct lwm2m_request *request);

/* Begin server->uplink: kind, device, time, raw bytes; no items, message_id still 0. */
struct uplink *lwm2m_uplink_begin(struct lwm2m_server *server, enum uplink_kind kind, uint32_t device_id,
                                  struct span frame, int64_t now_ms);

/* Events and what answers a command go ahead of reports, unless a message of the device waits already: then they
 * keep their turn, so that the core hears a device in the order in which it spoke. */
void lwm2m_uplink_rank(struct lwm2m_server *server, bool is_urgent);

/* Offer server->uplink without waiting for the core's answer. */
void lwm2m_uplink_offer(struct lwm2m_server *server);

/* The device spoke, and only that matters. */
void lwm2m_presence_offer(struct lwm2m_server *server, uint32_t device_id, const struct lwm2m_request *request,
                          bool awake);

/* Put the values of a payload into the uplink being built.
 * returns  number of items, negative CODEC_ERR_* */
int lwm2m_uplink_fill(struct uplink *uplink, const struct coap_message *message, struct lwm2m_path base,
                      struct water_meter_series *series);

/* Make server->uplink the series that such a message held, of a device that is awake.
 * frame  empty when another uplink of the same message keeps it */
void lwm2m_series_begin(struct lwm2m_server *server, uint32_t device_id, struct span frame, int64_t now_ms,
                        const struct water_meter_series *series);

/* lwm2m_exchange.c: messages whose answer waits for the core */

/* Hand server->uplink to the core and keep the device waiting for its answer.
 * shape  how it is answered once the core has accepted
 * The reply is always ANSWER_PENDING: when nothing could be handed on, the device repeats. */
struct lwm2m_reply lwm2m_uplink_hand_on(struct lwm2m_server *server, const struct lwm2m_request *request,
                                        enum answer_shape shape);

/* Hand server->uplink to the core as the first part of a message; the answer waits for the last part.
 * returns  false when it was not taken: the device repeats the whole message */
bool lwm2m_part_hand_on(struct lwm2m_server *server, const struct lwm2m_request *request);

/* Say nothing to a message that nothing became of: a repetition counts as new. The reply is always ANSWER_PENDING. */
struct lwm2m_reply lwm2m_leave_unanswered(struct lwm2m_server *server, const struct lwm2m_request *request);

/* What a repetition of this message is answered from now on. */
void lwm2m_reply_remember(struct lwm2m_server *server, uint32_t arrival, const struct lwm2m_reply *reply);

/* Give up what the core never answered.
 * returns  whether anything waits still */
bool lwm2m_exchange_tick(struct lwm2m_server *server, int64_t now_ms);

/* lwm2m_downlink.c: what devices are told */

/* Ask for notifications of object 33424. */
void lwm2m_observe_send(struct lwm2m_server *server, uint32_t device_id, int64_t now_ms);

/* A response, an empty acknowledgement or a reset from a device. false: it answers nothing of ours */
bool lwm2m_response_handle(struct lwm2m_server *server, const struct lwm2m_request *request);

/* Repeat and give up what is due. */
void lwm2m_downlink_tick(struct lwm2m_server *server, int64_t now_ms);

/* The device is gone: its request ends without an answer. */
void lwm2m_downlink_abandon(struct lwm2m_server *server, struct lwm2m_device *device, int64_t now_ms);

/* lwm2m_server.c: messages out */
void lwm2m_send_bare(struct lwm2m_server *server, const struct dialog_peer *to, enum coap_type type, uint8_t code,
                     uint16_t message_id, struct span token);

#endif
