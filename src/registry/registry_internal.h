/* Shared by the files of this room. */
#ifndef REGISTRY_REGISTRY_INTERNAL_H
#define REGISTRY_REGISTRY_INTERNAL_H

#include "base/dense_array.h"
#include "base/device_index.h"
#include "base/hash.h"
#include "base/map.h"
#include "registry/registry.h"
#include "registry/registry_line.h"

/* Where a device hangs; kept for devices on lines only. */
struct registry_link {
    uint32_t parent;      /* 0: none */
    uint32_t first_child; /* newest first */
    uint32_t next;        /* sibling */
    uint32_t previous;
};

/* A line in memory: enough to say when it is full. */
struct registry_line {
    uint32_t device_id;
    uint32_t meter_count; /* in service, whatever collectors lie between */
    uint32_t meter_limit;
    uint32_t kind; /* enum line_kind */
};

struct registry {
    struct registry_store store;
    struct undo *undo;
    struct device_index by_imei;
    struct hash_key imei_key;   /* a stranger who chooses IMEIs cannot choose buckets */
    struct dense_array devices; /* struct registry_device by device_id */
    struct dense_array links;   /* struct registry_link by device_id */
    struct dense_array lines;   /* struct registry_line in the order of arrival */
    struct map by_line;         /* device_id -> place in `lines` */
    struct map by_point;        /* line_device_id << 16 | measurement point -> device_id */
    uint32_t line_count;
    struct dense_array areas;   /* struct area_record by area_id */
    struct dense_array tenants; /* struct tenant_record by tenant_id */
    uint32_t device_count;      /* highest identifier */
    uint32_t area_count;
    uint32_t tenant_count;
};

/* A name people read: 1 to REGISTRY_NAME_LIMIT - 1 bytes of UTF-8 without control characters. */
bool registry_name_valid(const char *name);

/* The same, but may be empty. */
bool registry_text_valid(const char *text);

/* Put the usual values of its kind in place of what is 0: multiplier, modulus, flow limit. size_dn_mm must be set. */
void registry_kind_fill(struct device_record *row);

/* What depends on the kind: 0; REGISTRY_ERR_KIND, _MULTIPLIER_STEP, _MODULUS, _FLOW_LIMIT. */
int registry_kind_check(const struct device_record *row);

/* Change or create the record in memory; it can be undone.
 * returns  0; REGISTRY_ERR_MEMORY, REGISTRY_ERR_FULL */
int registry_device_put(struct registry *registry, const struct device_record *row);
int registry_area_put(struct registry *registry, const struct area_record *row);
int registry_tenant_put(struct registry *registry, const struct tenant_record *row);

/* registry_device.c: check and store a new device of any kind. */
int registry_device_insert(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                           struct device_record *row);

/* registry_line.c: the places of a device in memory, before and after a change. `before` is what memory has (exists 0:
 * new). The caller saves the device's own record after registry_line_leave and before registry_line_enter.
 * returns  0; REGISTRY_ERR_MEMORY, REGISTRY_ERR_FULL */
int registry_line_leave(struct registry *registry, const struct registry_device *before);
int registry_line_enter(struct registry *registry, const struct device_record *row);
int registry_line_put(struct registry *registry, const struct registry_line_record *row);

/* The same in two steps while everything is loaded, when only one thread may change what devices share: note writes the parent of a
 * device in service beside its record; load, for devices in rising order when all are noted, enters it (0 when none is noted).
 * returns  0; REGISTRY_ERR_MEMORY; load also REGISTRY_ERR_STORED: there is no such line */
int registry_line_note(struct registry *registry, uint32_t device_id, uint32_t parent_id);
int registry_line_load(struct registry *registry, const struct registry_device *device);

/* registry_line.c: NULL when there is none. */
struct registry_line *registry_line_find(const struct registry *registry, uint32_t device_id);
uint32_t registry_parent(const struct registry *registry, uint32_t device_id);
bool registry_has_children(const struct registry *registry, uint32_t device_id);

/* registry_place.c: usual values of a device on a line, then what must hold of it; fills line_device_id, the address and
 * the measurement point.
 * except   the meter it replaces, whose address and point are free for it; 0 none */
void registry_place_defaults(struct device_record *row);
int registry_place_check(struct registry *registry, const struct registry_scope *scope, struct device_record *row,
                         uint32_t except);
int registry_transformers_check(struct device_record *row);

#endif
