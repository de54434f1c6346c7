#include "codec/lwm2m/lwm2m_link.h"
#include "codec/lwm2m/lwm2m_register.h"
#include "codec/water_meter/water_meter_report.h"
#include "dialog/lwm2m_handle.h"
#include "dialog/lwm2m_server_internal.h"

#define HANDLE_SEGMENT 1 /* /rd/<handle> */
#define NO_ANSWER 255    /* in place of a code to refuse with; none of CoAP's */

static struct lwm2m_reply refuse(struct lwm2m_server *server, enum lwm2m_counter row, uint8_t code)
{
    lwm2m_count(server, row);
    return (struct lwm2m_reply){ .shape = ANSWER_RESPONSE, .code = code };
}

static struct lwm2m_reply agree(uint8_t code)
{
    return (struct lwm2m_reply){ .shape = ANSWER_RESPONSE, .code = code };
}

/* Does the list of objects show our water meter? Lists are read leniently: fielded modules put blanks around commas.
 * returns  1 or 0; CODEC_ERR_* for a list that makes no sense */
static int links_show_meter(const struct coap_message *message)
{
    struct lwm2m_link_iterator links = lwm2m_link_iterator(message->payload, true);
    struct lwm2m_link link;
    struct lwm2m_path path;
    bool shown = false;
    int more;
    while ((more = lwm2m_link_next(&links, &link)) == 1)
        if (lwm2m_path_parse(link.target, &path) == 0 && path.depth > 0 && path.ids[0] == WATER_METER_OBJECT)
            shown = true;
    return more < 0 ? more : shown;
}

/* Whom does a Register speak for? The proven identity and the endpoint name must agree.
 * returns  0 and the IMEI, or the code to refuse with after counting why */
static uint8_t registrant_find(struct lwm2m_server *server, const struct lwm2m_request *request,
                               const struct lwm2m_register *parameters, uint64_t *imei)
{
    const struct dialog_peer *peer = request->peer;
    struct lwm2m_endpoint endpoint;
    bool named = lwm2m_endpoint_parse(parameters->endpoint, &endpoint) == 0;
    if (!named && (parameters->endpoint.size > 0 || !peer->secured)) {
        lwm2m_count(server, LWM2M_REFUSED_BAD_REQUEST);
        return COAP_CODE_BAD_REQUEST;
    }
    if (peer->secured && named && endpoint.imei != peer->imei) {
        lwm2m_count(server, LWM2M_REFUSED_IDENTITY);
        return COAP_CODE_FORBIDDEN;
    }
    *imei = named ? endpoint.imei : peer->imei;
    return 0;
}

static uint8_t device_find(struct lwm2m_server *server, const struct dialog_peer *peer, uint64_t imei,
                           uint32_t *device_id)
{
    struct dialog_device found;
    if (!server->ports.device_find(server->ports.context, imei, &found) ||
        found.device_id >= server->config.device_limit) {
        lwm2m_count(server, server->archive_partial ? LWM2M_UNKNOWN_YET : LWM2M_REFUSED_UNKNOWN_DEVICE);
        return server->archive_partial ? NO_ANSWER : COAP_CODE_FORBIDDEN;
    }
    if (found.secured_only && !peer->secured) {
        lwm2m_count(server, LWM2M_REFUSED_PLAIN);
        return COAP_CODE_FORBIDDEN;
    }
    *device_id = found.device_id;
    return 0;
}

/* What is wrong with the form of a Register, 0 when nothing. */
static uint8_t form_check(struct lwm2m_server *server, const struct lwm2m_request *request,
                          struct lwm2m_register *parameters)
{
    if (lwm2m_register_decode(request->message, parameters) != 0 || links_show_meter(request->message) < 0) {
        lwm2m_count(server, LWM2M_REFUSED_BAD_REQUEST);
        return COAP_CODE_BAD_REQUEST;
    }
    if (parameters->version != LWM2M_VERSION(1, 0) && parameters->version != LWM2M_VERSION(1, 1)) {
        lwm2m_count(server, LWM2M_REFUSED_VERSION);
        return COAP_CODE_PRECONDITION_FAILED; /* the client tries a lower one */
    }
    return 0;
}

struct lwm2m_reply lwm2m_register_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    struct lwm2m_register parameters;
    uint64_t imei = 0;
    uint32_t device_id = 0;
    uint8_t refusal = form_check(server, request, &parameters);
    if (refusal == 0)
        refusal = registrant_find(server, request, &parameters, &imei);
    if (refusal == 0)
        refusal = device_find(server, request->peer, imei, &device_id);
    if (refusal == NO_ANSWER)
        return lwm2m_leave_unanswered(server, request);
    if (refusal != 0)
        return agree(refusal);
    struct lwm2m_device *device = lwm2m_device_reserve(server, device_id, imei);
    if (!device)
        return refuse(server, LWM2M_REFUSED_UNKNOWN_DEVICE, COAP_CODE_SERVICE_UNAVAILABLE);
    lwm2m_device_move(server, device_id, request->peer);
    device->flags &= (uint16_t)~(DEVICE_METER | DEVICE_VERSION_1_0);
    if (links_show_meter(request->message) == 1)
        device->flags |= DEVICE_METER;
    if (parameters.version == LWM2M_VERSION(1, 0))
        device->flags |= DEVICE_VERSION_1_0;
    lwm2m_device_register(server, device, parameters.lifetime_s ? parameters.lifetime_s : LWM2M_LIFETIME_DEFAULT_S,
                          request->now_ms);
    lwm2m_device_wake(server, device, request->now_ms);
    lwm2m_count(server, LWM2M_REGISTERED);
    lwm2m_presence_offer(server, device_id, request, true);
    return (struct lwm2m_reply){ .shape = ANSWER_LOCATION, .code = COAP_CODE_CREATED, .device_id = device_id };
}

/* The registered device that a handle names, if this peer may speak for it.
 * returns  0 and the device, or the code to refuse with after counting why */
static uint8_t handle_find(struct lwm2m_server *server, const struct lwm2m_request *request, uint32_t *device_id)
{
    struct span handle = span_of_bytes(NULL, 0);
    uint32_t number;
    const struct lwm2m_device *device = NULL;
    coap_message_option(request->message, COAP_OPTION_URI_PATH, HANDLE_SEGMENT, &handle);
    if (lwm2m_handle_read(server->config.handle_key, handle, &number))
        device = lwm2m_device_at(server, number ^= server->config.handle_base);
    if (!device || !lwm2m_device_is_registered(device, request->now_ms)) {
        lwm2m_count(server, LWM2M_REFUSED_HANDLE);
        return COAP_CODE_NOT_FOUND; /* the client registers again */
    }
    bool secured = device->flags & DEVICE_SECURED;
    if (request->peer->secured ? device->imei != request->peer->imei : secured) {
        lwm2m_count(server, request->peer->secured ? LWM2M_REFUSED_IDENTITY : LWM2M_REFUSED_PLAIN);
        return COAP_CODE_FORBIDDEN;
    }
    *device_id = number;
    return 0;
}

/* An update may bring a new list of objects; without one the old stays. */
static void meter_flag_update(struct lwm2m_device *device, const struct coap_message *message)
{
    if (message->payload.size == 0)
        return;
    device->flags &= (uint16_t)~DEVICE_METER;
    if (links_show_meter(message) == 1)
        device->flags |= DEVICE_METER;
}

struct lwm2m_reply lwm2m_update_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    struct lwm2m_register parameters;
    uint32_t device_id;
    uint8_t refusal = handle_find(server, request, &device_id);
    if (refusal != 0)
        return agree(refusal);
    if (lwm2m_register_decode(request->message, &parameters) != 0 || links_show_meter(request->message) < 0)
        return refuse(server, LWM2M_REFUSED_BAD_REQUEST, COAP_CODE_BAD_REQUEST);
    struct lwm2m_device *device = lwm2m_device_at(server, device_id);
    lwm2m_device_move(server, device_id, request->peer);
    meter_flag_update(device, request->message);
    bool changed = parameters.has_lifetime && parameters.lifetime_s > 0;
    lwm2m_device_register(server, device, changed ? parameters.lifetime_s : device->lifetime_s, request->now_ms);
    lwm2m_device_wake(server, device, request->now_ms);
    lwm2m_count(server, LWM2M_UPDATED);
    lwm2m_presence_offer(server, device_id, request, true);
    return agree(COAP_CODE_CHANGED);
}

struct lwm2m_reply lwm2m_deregister_handle(struct lwm2m_server *server, const struct lwm2m_request *request)
{
    uint32_t device_id;
    uint8_t refusal = handle_find(server, request, &device_id);
    if (refusal != 0)
        return agree(refusal);
    lwm2m_downlink_abandon(server, lwm2m_device_at(server, device_id), request->now_ms);
    lwm2m_device_deregister(server, device_id);
    lwm2m_count(server, LWM2M_DEREGISTERED);
    lwm2m_presence_offer(server, device_id, request, false);
    return agree(COAP_CODE_DELETED);
}
