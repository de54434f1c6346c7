/* What a platform asks of our NB-IoT water meter, as one record, and as CoAP method, path and payload.
 *
 * Object 33424 of our LwM2M profile; execute arguments in the LwM2M text form 0='x',1='y' (OMA LwM2M Core 1.1, 6.3.3).
 * The server encodes, the meter decodes. Requests stay below 100 bytes, answers below 50 (S3-131). */
#ifndef CODEC_WATER_METER_COMMAND_H
#define CODEC_WATER_METER_COMMAND_H

#include <stdint.h>

#include "base/downlink.h"
#include "base/span.h"
#include "base/writer.h"
#include "codec/lwm2m/lwm2m_path.h"
#include "codec/water_meter/water_meter_report.h"

#define WATER_METER_TAG_LIMIT 16              /* bytes of the tag that seals a recharge */
#define WATER_METER_COMMAND_PAYLOAD_LIMIT 96  /* bytes that always hold one encoded payload */
#define WATER_METER_RECHARGE_LIMIT_FEN 100000000 /* one recharge: 1,000,000 yuan */

struct water_meter_command {
    uint8_t operation;  /* enum downlink_operation */
    uint8_t parameter;  /* enum device_parameter, for DOWNLINK_WRITE_PARAMETER */
    uint8_t tag_size;   /* 0 to WATER_METER_TAG_LIMIT, for DOWNLINK_RECHARGE */
    uint32_t serial;    /* the device applies each serial once; valve and recharge */
    int64_t amount_fen; /* for DOWNLINK_RECHARGE, 1 to WATER_METER_RECHARGE_LIMIT_FEN */
    int64_t value;      /* of the parameter in its unit; the clock, or where the day told again begins, in s since 1970 UTC */
    uint8_t tag[WATER_METER_TAG_LIMIT];
    struct water_meter_price_steps price_steps; /* for PARAMETER_PRICE: when count is 0, `value` is the one step */
};

/* The CoAP request of a command without header and token. */
struct water_meter_request {
    uint8_t code;            /* COAP_CODE_* */
    struct lwm2m_path path;  /* root for DOWNLINK_READ_NOW, which is a FETCH (RFC 8132) of several objects */
    int32_t content_format;  /* of the payload; -1 none */
    int32_t accept;          /* -1 none */
};

/* Write the request of a command.
 * payload  appended to, at most WATER_METER_COMMAND_PAYLOAD_LIMIT bytes
 * returns  0; CODEC_ERR_UNKNOWN for an operation or parameter outside the tables; CODEC_ERR_RANGE for a value the
 *          device would refuse; CODEC_ERR_FULL. Nothing is written on failure but a part of the payload */
int water_meter_command_encode(const struct water_meter_command *command, struct water_meter_request *out,
                               struct writer *payload);

/* Read a request. Writes are taken as text (0), opaque (42), TLV (11542), CBOR (60) or SenML (110, 112) of the one
 * resource named by the path.
 * out      written on success only
 * returns  0; CODEC_ERR_UNKNOWN when the path is no command (answer 4.04 or 4.05); CODEC_ERR_UNSUPPORTED for the
 *          content format (4.15); CODEC_ERR_RANGE, CODEC_ERR_TYPE, CODEC_ERR_MISSING, CODEC_ERR_FORMAT (4.00) */
int water_meter_command_decode(const struct water_meter_request *request, struct span payload,
                               struct water_meter_command *out);

/* The field of a report that shows whether a parameter was taken; WATER_METER_FIELD_COUNT when there is none. */
enum water_meter_field water_meter_parameter_field(enum device_parameter parameter);

#endif
