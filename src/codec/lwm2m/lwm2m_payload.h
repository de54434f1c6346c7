/* Values in a payload of any LwM2M content format, one face for all (OMA LwM2M Core 1.1, 7.4). */
#ifndef CODEC_LWM2M_PAYLOAD_H
#define CODEC_LWM2M_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"
#include "codec/lwm2m/lwm2m_object.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/senml/senml_record.h"

/* Where the value stands, which decides how it is understood. */
enum lwm2m_carrier {
    LWM2M_CARRIER_SENML, /* typed by the format; also plain CBOR */
    LWM2M_CARRIER_TLV,   /* bytes, typed by the resource */
    LWM2M_CARRIER_TEXT,  /* plain text, typed by the resource */
    LWM2M_CARRIER_OPAQUE /* bytes */
};

struct lwm2m_value {
    struct lwm2m_path path;
    uint8_t carrier;            /* enum lwm2m_carrier */
    struct span bytes;          /* of all but SENML; points into the payload */
    struct senml_record record; /* of SENML: kind, number, text, boolean, time */
    size_t offset;              /* of the record or entry in the payload */
    size_t size;
};

/* Called for each value in order; a negative answer stops the walk and is handed on. */
typedef int (*lwm2m_value_visitor)(void *context, const struct lwm2m_value *value);

/* Walk a payload. The visitor sees values before the rest is known to be sound: keep them aside until this returns.
 * content_format  COAP_FORMAT_SENML_CBOR, _SENML_JSON, _TLV, _TLV_OLD; of one resource _TEXT, _OPAQUE, _CBOR
 * base            the path asked for; TLV needs an object at least, single values need a resource
 * error_offset    may be NULL; on failure where the decoder stopped believing
 * returns         number of values; CODEC_ERR_UNSUPPORTED for another format or a base that is too short for it; what
 *                 the visitor answered; CODEC_ERR_* of the format. Names that are no LwM2M path are CODEC_ERR_FORMAT,
 *                 CODEC_ERR_RANGE or CODEC_ERR_DEPTH */
int lwm2m_payload_read(int32_t content_format, struct lwm2m_path base, struct span payload,
                       lwm2m_value_visitor visit, void *context, size_t *error_offset);

/* The value as integer at a scale, `type` being INTEGER, FLOAT or TIME of the resource.
 * returns  0; CODEC_ERR_TYPE; CODEC_ERR_RANGE */
int lwm2m_value_scaled(const struct lwm2m_value *value, enum lwm2m_type type, int scale, int64_t *out);

/* returns  0; CODEC_ERR_TYPE; CODEC_ERR_RANGE */
int lwm2m_value_boolean(const struct lwm2m_value *value, bool *out);

/* Text, link or opaque bytes with their coding undone. Trailing zero bytes of a TLV text are the caller's to cut.
 * returns  0; CODEC_ERR_TYPE; CODEC_ERR_FORMAT; CODEC_ERR_FULL */
int lwm2m_value_bytes(const struct lwm2m_value *value, struct writer *out);

#endif
