/* Options of CoAP: the table of those we know, and how to walk, read and write them (RFC 7252 3.1, 5.4, 5.10). */
#ifndef CODEC_COAP_OPTION_H
#define CODEC_COAP_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum coap_option_number {
    COAP_OPTION_IF_MATCH = 1,
    COAP_OPTION_URI_HOST = 3,
    COAP_OPTION_ETAG = 4,
    COAP_OPTION_IF_NONE_MATCH = 5,
    COAP_OPTION_OBSERVE = 6,
    COAP_OPTION_URI_PORT = 7,
    COAP_OPTION_LOCATION_PATH = 8,
    COAP_OPTION_OSCORE = 9,
    COAP_OPTION_URI_PATH = 11,
    COAP_OPTION_CONTENT_FORMAT = 12,
    COAP_OPTION_MAX_AGE = 14,
    COAP_OPTION_URI_QUERY = 15,
    COAP_OPTION_ACCEPT = 17,
    COAP_OPTION_LOCATION_QUERY = 20,
    COAP_OPTION_BLOCK2 = 23,
    COAP_OPTION_BLOCK1 = 27,
    COAP_OPTION_SIZE2 = 28,
    COAP_OPTION_PROXY_URI = 35,
    COAP_OPTION_PROXY_SCHEME = 39,
    COAP_OPTION_SIZE1 = 60,
    COAP_OPTION_NO_RESPONSE = 258,
    COAP_OPTION_REQUEST_TAG = 292
};

enum coap_option_form { COAP_FORM_EMPTY, COAP_FORM_OPAQUE, COAP_FORM_UNSIGNED, COAP_FORM_TEXT };

struct coap_option_info {
    uint16_t number;
    const char *name;    /* "Uri-Path" */
    const char *chinese; /* UTF-8 */
    uint8_t form;        /* enum coap_option_form */
    uint16_t size_min;   /* bytes */
    uint16_t size_max;
    bool repeatable;
    const char *clause;
};

/* The row of an option; NULL when it is not in the table. */
const struct coap_option_info *coap_option_info(uint16_t number);

/* What the number itself says (RFC 7252 5.4.6). */
bool coap_option_is_critical(uint16_t number);
bool coap_option_is_unsafe(uint16_t number);
bool coap_option_is_no_cache_key(uint16_t number);

struct coap_option {
    uint16_t number;
    struct span value; /* points into the message */
    size_t offset;     /* of the option's first byte inside the options span */
};

/* Walks the options of a decoded message. */
struct coap_option_iterator {
    struct span options;
    size_t offset;
    uint32_t number;
};

struct coap_option_iterator coap_option_iterator(struct span options);

/* The next option.
 * returns  1 and *out; 0 at the end (the payload marker counts as the end); CODEC_ERR_SHORT, CODEC_ERR_RESERVED for a
 *          nibble of 15, CODEC_ERR_RANGE for a number above 65535. Never negative for the options of a message that
 *          coap_message_decode accepted */
int coap_option_next(struct coap_option_iterator *iterator, struct coap_option *out);

/* Known, and of a permitted length. Others are to be treated as unrecognised (RFC 7252 5.4.3). */
bool coap_option_is_recognised(const struct coap_option *option);

/* 0 to 4 bytes, most significant first, leading zeros allowed (RFC 7252 3.2).
 * returns  0; CODEC_ERR_RANGE above 4 bytes */
int coap_option_unsigned(struct span value, uint32_t *out);

/* Which part of a body (RFC 7959 2.2). */
struct coap_block {
    uint32_t number; /* 0 to 1,048,575 */
    bool more;
    uint16_t size; /* bytes of a block: 16, 32, ... 1024 */
};

/* returns  0; CODEC_ERR_RANGE above 3 bytes; CODEC_ERR_RESERVED for a size exponent of 7 */
int coap_block_decode(struct span value, struct coap_block *out);

/* The value of a Block1 or Block2 option, for coap_encoder_put_unsigned.
 * returns  0; CODEC_ERR_RANGE for a size that is no power of two from 16 to 1024 or a number above 20 bits */
int coap_block_encode(const struct coap_block *block, uint32_t *value);

/* Did notification `b` leave the device after `a`? Values are the 24-bit Observe options, times those of arrival
 * (RFC 7641 3.4). */
bool coap_observe_is_newer(uint32_t value_a, int64_t time_a_ms, uint32_t value_b, int64_t time_b_ms);

#endif
