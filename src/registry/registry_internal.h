/* Shared by the files of this room. */
#ifndef REGISTRY_REGISTRY_INTERNAL_H
#define REGISTRY_REGISTRY_INTERNAL_H

#include "base/dense_array.h"
#include "base/map.h"
#include "registry/registry.h"

struct registry {
    struct registry_store store;
    struct undo *undo;
    struct map by_imei;           /* imei -> device_id */
    struct dense_array devices;   /* struct registry_device by device_id */
    struct dense_array areas;     /* struct area_record by area_id */
    struct dense_array tenants;   /* struct tenant_record by tenant_id */
    uint32_t device_count;        /* highest identifier */
    uint32_t area_count;
    uint32_t tenant_count;
};

/* A name people read: 1 to REGISTRY_NAME_LIMIT - 1 bytes of UTF-8 without control characters. */
bool registry_name_valid(const char *name);

/* The same, but may be empty. */
bool registry_text_valid(const char *text);

/* Change or create the record in memory; it can be undone.
 * returns  0; REGISTRY_ERR_MEMORY, REGISTRY_ERR_FULL */
int registry_device_put(struct registry *registry, const struct device_record *row);
int registry_area_put(struct registry *registry, const struct area_record *row);
int registry_tenant_put(struct registry *registry, const struct tenant_record *row);

#endif
