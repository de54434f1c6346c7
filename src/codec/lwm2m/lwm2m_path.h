/* Where a value lives in LwM2M: /object/instance/resource/resource instance (OMA LwM2M Core 1.1, 7.1). */
#ifndef CODEC_LWM2M_PATH_H
#define CODEC_LWM2M_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"

#define LWM2M_PATH_DEPTH_LIMIT 4
#define LWM2M_ID_NONE 65535 /* reserved by the standard, never an identifier */
#define LWM2M_PATH_TEXT_LIMIT 24

struct lwm2m_path {
    uint16_t ids[LWM2M_PATH_DEPTH_LIMIT]; /* object, instance, resource, resource instance */
    uint8_t depth;                        /* 0 is the root "/" */
};

/* /object, /object/instance, ... */
struct lwm2m_path lwm2m_path_of_object(uint16_t object);
struct lwm2m_path lwm2m_path_of_instance(uint16_t object, uint16_t instance);
struct lwm2m_path lwm2m_path_of_resource(uint16_t object, uint16_t instance, uint16_t resource);

/* Read "/3/0/9". Leading zeros, signs, empty segments and a slash at the end are refused; "/" is the root.
 * returns  0; CODEC_ERR_FORMAT; CODEC_ERR_RANGE for an identifier of 65535 or above; CODEC_ERR_DEPTH below a
 *          resource instance */
int lwm2m_path_parse(struct span text, struct lwm2m_path *out);

/* Write "/3/0/9", at most LWM2M_PATH_TEXT_LIMIT characters. */
void lwm2m_path_write(struct lwm2m_path path, struct writer *out);

/* One level deeper.
 * returns  0; CODEC_ERR_DEPTH; CODEC_ERR_RANGE for LWM2M_ID_NONE */
int lwm2m_path_append(struct lwm2m_path *path, uint16_t id);

/* `path` is `prefix` or lies below it. */
bool lwm2m_path_is_within(struct lwm2m_path path, struct lwm2m_path prefix);

bool lwm2m_path_equal(struct lwm2m_path a, struct lwm2m_path b);

#endif
