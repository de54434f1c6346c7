/* What a client says about itself when it registers or updates (OMA LwM2M Core 1.1, 6.2), and who it is. */
#ifndef CODEC_LWM2M_REGISTER_H
#define CODEC_LWM2M_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "codec/coap/coap_message.h"

#define LWM2M_IMEI_DIGITS 15
#define LWM2M_LIFETIME_DEFAULT_S 86400

/* lwm2m=1.2 is 102. */
#define LWM2M_VERSION(major, minor) ((uint16_t)((major) * 100 + (minor)))

enum lwm2m_binding { LWM2M_BINDING_U = 1, LWM2M_BINDING_T = 2, LWM2M_BINDING_S = 4, LWM2M_BINDING_N = 8 };

struct lwm2m_register {
    struct span endpoint; /* value of ep, points into the message; empty when absent */
    struct span sms;      /* value of sms; empty when absent */
    uint32_t lifetime_s;  /* LWM2M_LIFETIME_DEFAULT_S when absent */
    uint16_t version;     /* LWM2M_VERSION; 1.0 when absent */
    uint8_t binding;      /* set of enum lwm2m_binding; U when absent */
    bool queue_mode;      /* Q in the binding (1.0) or as bare parameter (1.1) */
    bool has_lifetime;    /* which parameters were there: an update changes only those */
    bool has_version;
    bool has_binding;
};

/* Read the Uri-Query options of a Register or Update. Unknown parameters are ignored (6.2.1); an absent ep is
 * allowed here, the server judges (LwM2M 1.1 lets the secured identity stand for it).
 * out      written on success only
 * returns  0; CODEC_ERR_DUPLICATE; CODEC_ERR_FORMAT for a value of wrong syntax; CODEC_ERR_RANGE for a lifetime
 *          above 2^32 - 1 */
int lwm2m_register_decode(const struct coap_message *message, struct lwm2m_register *out);

enum lwm2m_endpoint_form {
    LWM2M_ENDPOINT_URN_IMEI = 1, /* urn:imei:<15 digits> */
    LWM2M_ENDPOINT_IMEI,         /* <15 digits>, CTWing */
    LWM2M_ENDPOINT_IMEI_IMSI,    /* <15 digits>;<IMSI>, OneNET */
    LWM2M_ENDPOINT_URN_IMEI_IMSI /* urn:imei-imsi:<15 digits>-<IMSI>, CTWing */
};

struct lwm2m_endpoint {
    uint8_t form;  /* enum lwm2m_endpoint_form */
    uint64_t imei; /* the 15 digits as a number */
    char imei_text[LWM2M_IMEI_DIGITS + 1];
    struct span imsi; /* 6 to 15 digits, points into the endpoint; empty when the form has none */
};

/* Find the IMEI in an endpoint name or PSK identity. The prefix is taken in any case of letters.
 * out      written on success only
 * returns  0; CODEC_ERR_FORMAT for any other form (the check digit is not verified: fielded modules carry wrong ones) */
int lwm2m_endpoint_parse(struct span text, struct lwm2m_endpoint *out);

#endif
