/* A server with scripted peers and a virtual clock: what it sends and offers is kept for the test to look at. */
#ifndef TESTS_UNIT_DIALOG_SCENE_H
#define TESTS_UNIT_DIALOG_SCENE_H

#include "codec/coap/coap_message.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/lwm2m_server.h"

#define SCENE_START_MS 1795219200000 /* 2026-11-21 00:00 UTC */
#define SCENE_LIMIT 64

#define IMEI_PLAIN 352000000000017   /* device 1 */
#define IMEI_SECURED 352000000000025 /* device 2, refused over plain CoAP */
#define IMEI_OTHER 352000000000033   /* device 3, plain */
#define IMEI_CAPTURED 861234567890123 /* device 4, plain: the one of the captured frames */
#define IMEI_FAR 352000000000041      /* plain, with a number far from the others' */
#define DEVICE_FAR 12582917

struct scene_datagram {
    struct dialog_peer to;
    uint8_t bytes[256];
    size_t size;
};

struct scene {
    struct lwm2m_server *server;
    int64_t now_ms;
    struct scene_datagram sent[SCENE_LIMIT];
    size_t sent_count;
    struct uplink uplinks[SCENE_LIMIT];
    size_t uplink_count;
    bool core_full;
    uint16_t next_message_id;
    struct coap_message answer; /* of the last scene_answer; points into `sent` */
};

struct scene *scene_make(const struct lwm2m_server_config *config);
void scene_free(struct scene *scene);

uint64_t scene_counted(struct scene *scene, enum lwm2m_counter row);

struct dialog_peer scene_plain(uint16_t port);
struct dialog_peer scene_secured(uint16_t port, uint64_t imei);

/* Bytes as they are. */
void scene_receive(struct scene *scene, const struct dialog_peer *from, struct span bytes);

/* Send a request: token "tk", options of path and query as text, a payload with its format (-1 none). The next message
 * id is used and stays in next_message_id - 1. */
void scene_request(struct scene *scene, const struct dialog_peer *from, enum coap_type type, uint8_t code,
                   const char *path, const char *query, int32_t format, struct span payload);

/* POST /rd with a list that shows 33424; the handle is taken out of the answer. */
void scene_register(struct scene *scene, const struct dialog_peer *from, const char *endpoint, char path[16]);

/* POST /dp with a daily report of that volume. */
void scene_report(struct scene *scene, const struct dialog_peer *from, int64_t volume_ml);

/* A daily report as SenML-CBOR. */
struct span scene_report_payload(uint8_t *buffer, size_t capacity, int64_t volume_ml);

/* The core's answer to the newest uplink. */
void scene_acknowledge(struct scene *scene, bool accepted);

/* Exactly one datagram was sent since the last look: decode it, check that it went to `to`, forget it. */
const struct coap_message *scene_answer(struct scene *scene, const struct dialog_peer *to);

void scene_expect_silence(struct scene *scene);

/* The newest uplink, and none before it since the last look. */
const struct uplink *scene_uplink(struct scene *scene, enum uplink_kind kind);

/* A device's answer to the last request of ours, which it echoes by message id and token. */
void scene_device_answers(struct scene *scene, const struct dialog_peer *from, const struct coap_message *request,
                          enum coap_type type, uint8_t code, int32_t format, struct span payload);

#endif
