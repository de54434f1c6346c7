/* Names of LwM2M objects and resources, with type, unit and permitted operations (OMA LwM2M registry, 2024-02, and our
 * object 33424). */
#ifndef CODEC_LWM2M_OBJECT_H
#define CODEC_LWM2M_OBJECT_H

#include <stdint.h>

#include "codec/lwm2m/lwm2m_path.h"

enum lwm2m_type {
    LWM2M_TYPE_NONE, /* executable: carries no value */
    LWM2M_TYPE_STRING,
    LWM2M_TYPE_INTEGER,
    LWM2M_TYPE_FLOAT,
    LWM2M_TYPE_BOOLEAN,
    LWM2M_TYPE_OPAQUE,
    LWM2M_TYPE_TIME, /* s since 1970 UTC */
    LWM2M_TYPE_LINK
};

enum lwm2m_operation { LWM2M_READ = 1, LWM2M_WRITE = 2, LWM2M_EXECUTE = 4 };

struct lwm2m_object_info {
    uint16_t object;
    const char *name;
    const char *chinese; /* UTF-8 */
    const char *clause;
};

struct lwm2m_resource_info {
    uint16_t object;
    uint16_t resource;
    const char *name;
    const char *chinese; /* UTF-8 */
    const char *unit;    /* "" when there is none */
    uint8_t type;        /* enum lwm2m_type */
    uint8_t operations;  /* set of enum lwm2m_operation */
};

/* NULL when the object is not in the table. */
const struct lwm2m_object_info *lwm2m_object_info(uint16_t object);

/* NULL when the resource is not in the table. */
const struct lwm2m_resource_info *lwm2m_resource_info(uint16_t object, uint16_t resource);

/* The row of the path's resource; NULL above resource level or outside the table. */
const struct lwm2m_resource_info *lwm2m_path_info(struct lwm2m_path path);

/* "string", "integer", ... */
const char *lwm2m_type_name(enum lwm2m_type type);

#endif
