/* Methods, response codes and content formats of CoAP (RFC 7252 12.1 and 12.3, RFC 7959, 8132, 8516, 8428). */
#ifndef CODEC_COAP_CODE_H
#define CODEC_COAP_CODE_H

#include <stdbool.h>
#include <stdint.h>

/* class.detail as on the wire: three bits and five bits */
#define COAP_CODE(class, detail) ((uint8_t)(((class) << 5) | (detail)))
#define COAP_CODE_CLASS(code) ((unsigned)(code) >> 5)
#define COAP_CODE_DETAIL(code) ((unsigned)(code) & 0x1fu)

#define COAP_CODE_EMPTY COAP_CODE(0, 0)
#define COAP_CODE_GET COAP_CODE(0, 1)
#define COAP_CODE_POST COAP_CODE(0, 2)
#define COAP_CODE_PUT COAP_CODE(0, 3)
#define COAP_CODE_DELETE COAP_CODE(0, 4)
#define COAP_CODE_FETCH COAP_CODE(0, 5)
#define COAP_CODE_PATCH COAP_CODE(0, 6)
#define COAP_CODE_IPATCH COAP_CODE(0, 7)
#define COAP_CODE_CREATED COAP_CODE(2, 1)
#define COAP_CODE_DELETED COAP_CODE(2, 2)
#define COAP_CODE_VALID COAP_CODE(2, 3)
#define COAP_CODE_CHANGED COAP_CODE(2, 4)
#define COAP_CODE_CONTENT COAP_CODE(2, 5)
#define COAP_CODE_CONTINUE COAP_CODE(2, 31)
#define COAP_CODE_BAD_REQUEST COAP_CODE(4, 0)
#define COAP_CODE_UNAUTHORIZED COAP_CODE(4, 1)
#define COAP_CODE_BAD_OPTION COAP_CODE(4, 2)
#define COAP_CODE_FORBIDDEN COAP_CODE(4, 3)
#define COAP_CODE_NOT_FOUND COAP_CODE(4, 4)
#define COAP_CODE_METHOD_NOT_ALLOWED COAP_CODE(4, 5)
#define COAP_CODE_NOT_ACCEPTABLE COAP_CODE(4, 6)
#define COAP_CODE_ENTITY_INCOMPLETE COAP_CODE(4, 8)
#define COAP_CODE_CONFLICT COAP_CODE(4, 9)
#define COAP_CODE_PRECONDITION_FAILED COAP_CODE(4, 12)
#define COAP_CODE_ENTITY_TOO_LARGE COAP_CODE(4, 13)
#define COAP_CODE_UNSUPPORTED_FORMAT COAP_CODE(4, 15)
#define COAP_CODE_UNPROCESSABLE COAP_CODE(4, 22)
#define COAP_CODE_TOO_MANY_REQUESTS COAP_CODE(4, 29)
#define COAP_CODE_INTERNAL_ERROR COAP_CODE(5, 0)
#define COAP_CODE_NOT_IMPLEMENTED COAP_CODE(5, 1)
#define COAP_CODE_SERVICE_UNAVAILABLE COAP_CODE(5, 3)
#define COAP_CODE_GATEWAY_TIMEOUT COAP_CODE(5, 4)

#define COAP_FORMAT_NONE (-1) /* option absent */
#define COAP_FORMAT_TEXT 0
#define COAP_FORMAT_LINK 40
#define COAP_FORMAT_OPAQUE 42
#define COAP_FORMAT_CBOR 60
#define COAP_FORMAT_SENML_JSON 110
#define COAP_FORMAT_SENML_CBOR 112
#define COAP_FORMAT_TLV_OLD 1542
#define COAP_FORMAT_LWM2M_JSON_OLD 1543
#define COAP_FORMAT_TLV 11542
#define COAP_FORMAT_LWM2M_JSON 11543
#define COAP_FORMAT_LWM2M_CBOR 11544

struct coap_code_info {
    uint8_t code;
    const char *name;    /* "Not Found" */
    const char *chinese; /* UTF-8 */
    const char *clause;  /* "RFC 7252 5.9.2.5" */
};

/* The row of a code; NULL when the standards assign none. */
const struct coap_code_info *coap_code_info(uint8_t code);

/* Classes 1, 6 and 7 are reserved: a message with such a code is rejected as malformed (RFC 7252 4.2). */
bool coap_code_is_reserved(uint8_t code);

/* Class 0 but not Empty. */
bool coap_code_is_request(uint8_t code);

/* Classes 2, 4 and 5, and the unassigned class 3. */
bool coap_code_is_response(uint8_t code);

struct coap_format_info {
    uint16_t number;
    const char *media_type; /* "application/senml+cbor" */
    const char *clause;
};

/* The row of a content format; NULL when it is not in the table. */
const struct coap_format_info *coap_format_info(uint32_t number);

#endif
