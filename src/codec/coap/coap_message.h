/* One CoAP message over UDP or DTLS, read in place and written in order (RFC 7252 3).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |Ver| T |  TKL  |      Code     |          Message ID           |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Token (if any, TKL bytes) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |   Options (if any) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |1 1 1 1 1 1 1 1|    Payload (if any) ...
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
#ifndef CODEC_COAP_MESSAGE_H
#define CODEC_COAP_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/span.h"
#include "base/writer.h"
#include "codec/coap/coap_code.h"
#include "codec/coap/coap_option.h"

#define COAP_HEADER_SIZE 4
#define COAP_TOKEN_LIMIT 8

/* RFC 7252 4.8, defaults; NB-IoT downlinks use longer ones. */
#define COAP_ACK_TIMEOUT_MS 2000
#define COAP_MAX_RETRANSMIT 4
#define COAP_EXCHANGE_LIFETIME_MS 247000
#define COAP_NON_LIFETIME_MS 145000
#define COAP_MAX_TRANSMIT_WAIT_MS 93000

enum coap_type { COAP_CONFIRMABLE = 0, COAP_NON_CONFIRMABLE = 1, COAP_ACKNOWLEDGEMENT = 2, COAP_RESET = 3 };

struct coap_message {
    uint8_t type; /* enum coap_type */
    uint8_t code; /* COAP_CODE_* or another of an assigned class */
    uint16_t message_id;
    struct span token; /* 0 to COAP_TOKEN_LIMIT bytes; this and all spans point into the input */
    struct span options;
    struct span payload;
};

/* Read one datagram whole.
 * out            written on success only
 * error_offset   may be NULL; on failure where the decoder stopped believing
 * returns        0; CODEC_ERR_SHORT; CODEC_ERR_VERSION (silence is the answer); CODEC_ERR_RESERVED for a token length
 *                above 8, an option nibble of 15 or a code of class 1, 6 or 7; CODEC_ERR_RANGE for an option number
 *                above 65535; CODEC_ERR_MISSING for a payload marker without payload; CODEC_ERR_TRAILING for an empty
 *                message with more than its header
 * source         RFC 7252 3, 3.1, 4.1, 4.2; vectors: tests/vectors/coap */
int coap_message_decode(struct span in, struct coap_message *out, size_t *error_offset) COMPILER_MUST_CHECK;

/* Type and message id of a datagram that was refused, so that it can be answered with a Reset.
 * returns  0; CODEC_ERR_SHORT below 4 bytes; CODEC_ERR_VERSION */
int coap_message_peek(struct span in, uint8_t *type, uint16_t *message_id) COMPILER_MUST_CHECK;

/* Option `number`, occurrence `index` counted from 0, recognised or not.
 * returns  true and *out; false when there is none */
bool coap_message_option(const struct coap_message *message, uint16_t number, unsigned index, struct span *out);

/* Value of an unsigned option; `absent` when it is missing or longer than permitted. */
uint32_t coap_message_unsigned(const struct coap_message *message, uint16_t number, uint32_t absent);

/* Content-Format or Accept; COAP_FORMAT_NONE when missing or longer than two bytes. */
int32_t coap_message_format(const struct coap_message *message, uint16_t number);

/* The first critical option that the receiver may not ignore: its number is not in `supported`, or its length or
 * its repetition is not permitted.
 * returns  its number, 0 when there is none (answer to a request otherwise: 4.02; RFC 7252 5.4.1) */
uint16_t coap_message_unsupported(const struct coap_message *message, const uint16_t *supported, size_t count);

/* Number of Uri-Path (or Location-Path) segments. */
unsigned coap_message_segments(const struct coap_message *message, uint16_t number);

/* The Uri-Path equals this one, written "/rd" or "/.well-known/core"; "/" is no segment at all. */
bool coap_message_path_is(const struct coap_message *message, const char *path);

/* "/rd/5a3f": segments with a slash in front of each; characters that a path cannot hold as %XX. "/" for none. */
void coap_message_write_path(const struct coap_message *message, uint16_t number, struct writer *out);

/* Value of the query "name=value" (or the bare "name", empty value).
 * returns  true and *out; false when there is none */
bool coap_message_query(const struct coap_message *message, const char *name, struct span *out);

/* Writes one message: begin, options in ascending order, payload, end. */
struct coap_encoder {
    struct writer *out;
    size_t start; /* of the message in the writer */
    size_t payload_start;
    uint16_t last_option;
    bool has_payload;
    int error;
};

/* token  0 to COAP_TOKEN_LIMIT bytes; more is CODEC_ERR_RANGE at the end */
void coap_encoder_begin(struct coap_encoder *encoder, struct writer *out, enum coap_type type, uint8_t code,
                        uint16_t message_id, struct span token);

/* Numbers must not descend: CODEC_ERR_ORDER at the end. */
void coap_encoder_put(struct coap_encoder *encoder, uint16_t number, struct span value);
void coap_encoder_put_text(struct coap_encoder *encoder, uint16_t number, const char *text);

/* The shortest form; zero is no byte at all. */
void coap_encoder_put_unsigned(struct coap_encoder *encoder, uint16_t number, uint32_t value);

/* One option per segment of "/rd/5a3f" or "rd/5a3f"; %XX is decoded, a wrong %XX is CODEC_ERR_FORMAT at the end.
 * separator  '/' for paths, '&' for queries */
void coap_encoder_put_segments(struct coap_encoder *encoder, uint16_t number, struct span text, char separator);

/* Put the marker and give the writer to append the payload to. An empty payload takes the marker back. */
struct writer *coap_encoder_payload(struct coap_encoder *encoder);

/* returns  size of the message; CODEC_ERR_FULL; CODEC_ERR_ORDER; CODEC_ERR_RANGE; CODEC_ERR_FORMAT. On failure the
 *          writer is set back to where the message began */
int coap_encoder_end(struct coap_encoder *encoder) COMPILER_MUST_CHECK;

/* A whole message without options and payload: an empty acknowledgement, a reset, a bare response.
 * returns  as coap_encoder_end */
int coap_message_encode_bare(struct writer *out, enum coap_type type, uint8_t code, uint16_t message_id,
                             struct span token) COMPILER_MUST_CHECK;

#endif
