/* Type-length-value of LwM2M (content format 11542; OMA LwM2M Core 1.1, 7.4.3).
 *
 *   type byte | kind 2 bits | 16-bit identifier 1 | length of length 2 | length if that is 0, 3 bits |
 *   then identifier (1 or 2 bytes), length (0 to 3 bytes), value
 */
#ifndef CODEC_LWM2M_TLV_H
#define CODEC_LWM2M_TLV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"
#include "codec/number/number.h"

enum lwm2m_tlv_kind {
    LWM2M_TLV_OBJECT_INSTANCE = 0,
    LWM2M_TLV_RESOURCE_INSTANCE = 1,
    LWM2M_TLV_MULTIPLE_RESOURCE = 2,
    LWM2M_TLV_RESOURCE = 3
};

struct lwm2m_tlv {
    uint8_t kind; /* enum lwm2m_tlv_kind */
    uint16_t id;
    struct span value; /* of object instances and multiple resources: more entries */
    size_t offset;     /* of the type byte */
    size_t value_offset;
};

/* The next entry. Every legal width of identifier and length is accepted whatever the value.
 * offset   0 at the start, moved on; stays on failure
 * returns  1 and *out; 0 at the end; CODEC_ERR_SHORT */
int lwm2m_tlv_next(struct span in, size_t *offset, struct lwm2m_tlv *out);

/* Two's complement of 1, 2, 4 or 8 bytes.
 * returns  0; CODEC_ERR_TYPE for another size */
int lwm2m_tlv_integer(struct span value, int64_t *out);

/* IEEE single or double.
 * returns  0; CODEC_ERR_TYPE for another size than 4 or 8 */
int lwm2m_tlv_float(struct span value, struct number *out);

/* One byte, 0 or 1.
 * returns  0; CODEC_ERR_TYPE for another size; CODEC_ERR_RANGE for another value */
int lwm2m_tlv_boolean(struct span value, bool *out);

/* Object link: object and instance, 2 bytes each; both LWM2M_ID_NONE is the null link.
 * returns  0; CODEC_ERR_TYPE for another size than 4 */
int lwm2m_tlv_link(struct span value, uint16_t *object, uint16_t *instance);

/* Write one entry in its shortest form.
 * returns  0; CODEC_ERR_RANGE for a value of 2^24 bytes or more; CODEC_ERR_FULL */
int lwm2m_tlv_put(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, struct span value);

/* A resource or resource instance in the smallest width that holds the integer. */
int lwm2m_tlv_put_integer(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, int64_t value);

/* value / 10^scale as a single where it reads back exactly, else as a double.
 * returns  also CODEC_ERR_RANGE when not even a double reads back as `value` */
int lwm2m_tlv_put_decimal(struct writer *out, enum lwm2m_tlv_kind kind, uint16_t id, int64_t value, int scale);

#endif
