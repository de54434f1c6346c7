/* Who and where: tenants, the tree of areas, devices.
 *
 * What every uplink needs of a device lies in memory, under 100 bytes each, found by identifier or IMEI; the rest of the
 * archive stays in the store. Single-threaded inside the core. Everything a person may see or do is bounded by a
 * struct registry_scope: a tenant and an area with all below it. */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/quantity.h"
#include "base/undo.h"
#include "registry/registry_error.h"
#include "registry/registry_store.h"

#define REGISTRY_DEVICE_LIMIT_DEFAULT 16000000 /* ten million meters, what carries them, and what they replaced */
#define REGISTRY_AREA_LIMIT 1000000
#define REGISTRY_TENANT_LIMIT 1000

/* As start_register_value: not known at installation; the first accepted reading begins the total. */
#define REGISTRY_START_UNKNOWN (-1)

#define REGISTRY_REGISTER_MODULUS_ML INT64_C(100000000000) /* 99,999.999 m3 and one litre */
#define REGISTRY_FLOW_LIMIT_ML_PER_H INT64_C(3125000)      /* of a DN15 meter; others: registry_flow_limit_of_size */
#define REGISTRY_REPORT_TIME_S 10800
/* Bounds of a dial and of a pipe, in the unit of the device's quantity. */
#define REGISTRY_MODULUS_SMALLEST_VALUE INT64_C(1000000)
#define REGISTRY_MODULUS_LARGEST_VALUE INT64_C(1000000000000000000)
#define REGISTRY_FLOW_LIMIT_SMALLEST 1000
#define REGISTRY_FLOW_LIMIT_LARGEST INT64_C(4000000000) /* heat: times 418, what a ml cooled by 100 K gives */

#define REGISTRY_MULTIPLIER_NONE_E3 1000                   /* the dial shows what flows */
#define REGISTRY_MULTIPLIER_LARGEST_E3 INT64_C(1000000000) /* a ratio of a million */

/* What lies in memory of one device. */
struct registry_device {
    uint64_t imei; /* 0: it has none; it hangs on a line or is one */
    int64_t register_modulus_value;
    int64_t start_register_value;
    int64_t start_total_value;
    int64_t installed_s;
    int64_t flow_limit_value_per_h;
    uint32_t device_id;
    uint32_t tenant_id;
    uint32_t area_id;
    uint32_t line_device_id;   /* concentrator or line it is reached through, or that it is; 0: speaks for itself */
    uint32_t multiplier_e3;    /* of current and voltage transformers together */
    uint32_t current_ratio_e3; /* of the current transformers alone; 0: none */
    int32_t report_time_s;
    uint16_t size_dn_mm;
    uint16_t measurement_point; /* of its line; 0: none */
    uint8_t security;           /* enum device_security */
    uint8_t removed;            /* 1: out of service; its uplinks are kept as frames and otherwise ignored */
    uint8_t kind;               /* enum device_kind or enum registry_kind */
    uint8_t port;               /* of its concentrator; 0: none */
    uint8_t exists;             /* 0: no such device; registry_device_find gives none of these */
    uint8_t nothing[3];         /* zeros: every byte is somebody's, so that records can be compared whole */
};

/* Whether it measures: concentrators, collectors and lines carry words of others and are in no count of meters. */
static inline bool registry_is_meter(const struct registry_device *device)
{
    return device->kind < DEVICE_KIND_COUNT;
}

/* Jurisdiction: every query and command carries one. */
struct registry_scope {
    uint32_t tenant_id;
    uint32_t area_id;
    char path_from[REGISTRY_PATH_LIMIT]; /* paths of the areas inside: path_from <= path < path_to */
    char path_to[REGISTRY_PATH_LIMIT];
};

struct registry;

struct registry_config {
    const struct registry_store *store; /* lives as long as the registry */
    struct undo *undo;                  /* may be NULL: then a failed transaction needs a new registry */
    uint32_t device_limit;              /* 0: REGISTRY_DEVICE_LIMIT_DEFAULT */
    uint32_t device_count;              /* as many as will be loaded, about: only for speed */
    uint64_t seed;                      /* of the map by IMEI */
};

/* Nothing is loaded yet: registry_load comes next, once.
 * returns  0; REGISTRY_ERR_MEMORY; *out untouched on failure */
int registry_make(const struct registry_config *config, struct registry **out);

/* Load everything. After a failure the registry can only be closed.
 * returns  0; REGISTRY_ERR_MEMORY, _FULL, _STORED; negative of the store */
int registry_load(struct registry *registry);

/* The same in parts: begin, then each range once, in any order and from several threads at a time, then end when all are loaded.
 * Nobody writes the store meanwhile.
 * store        of the calling thread's own connection
 * first, last  identifiers of a range; `first` is a multiple of REGISTRY_RANGE_DEVICES, so that no two threads share a piece of memory
 * returns      as registry_load */
#define REGISTRY_RANGE_DEVICES 65536
int registry_load_begin(struct registry *registry);
int registry_load_range(struct registry *registry, const struct registry_store *store, uint32_t first, uint32_t last);
int registry_load_end(struct registry *registry);

/* Both.
 * returns  0; as the two; *out untouched on failure */
int registry_open(const struct registry_config *config, struct registry **out);

/* Accepts NULL. */
void registry_close(struct registry *registry);

/* Devices known, removed ones included; their identifiers are 1 to this. */
uint32_t registry_device_count(const struct registry *registry);

/* NULL when there is none. The pointer stays good until the registry is closed; the content changes with the archive. */
const struct registry_device *registry_device_find(const struct registry *registry, uint32_t device_id);
const struct registry_device *registry_device_find_imei(const struct registry *registry, uint64_t imei);

/* Whether the device lies inside the scope. */
bool registry_scope_holds(const struct registry *registry, const struct registry_scope *scope, uint32_t device_id);

/* The scope of an area of a tenant; area_id 0 means the whole tenant.
 * returns  0; REGISTRY_ERR_TENANT, REGISTRY_ERR_AREA */
int registry_scope_make(const struct registry *registry, uint32_t tenant_id, uint32_t area_id,
                        struct registry_scope *out);

/* NULL when there is none. Valid until the next area or tenant is added. */
const struct area_record *registry_area_find(const struct registry *registry, uint32_t area_id);
const struct tenant_record *registry_tenant_find(const struct registry *registry, uint32_t tenant_id);

/* Walk tenants: *position starts at 0; NULL at the end. */
const struct tenant_record *registry_tenant_next(const struct registry *registry, uint32_t *position);

/* Seconds east of UTC of the tenant that owns the device; 28,800 for a device that does not exist. */
int32_t registry_zone_offset_s(const struct registry *registry, uint32_t device_id);

/* A new tenant and its root area of kind company with the same name.
 * returns  0 and both identifiers; REGISTRY_ERR_NAME, _NAME_TAKEN, _FULL; negative of the store */
int registry_tenant_add(struct registry *registry, const char *name, int32_t zone_offset_s, int64_t now_s,
                        uint32_t *tenant_id, uint32_t *root_area_id);

/* A new area inside `scope`.
 * row      parent_area_id, kind and name are read; the rest is filled in
 * returns  0; REGISTRY_ERR_AREA (no such parent in the scope), _AREA_KIND, _NAME, _NAME_TAKEN, _FULL */
int registry_area_add(struct registry *registry, const struct registry_scope *scope, struct area_record *row);

/* A new device inside `scope`.
 * row      area_id, imei or parent_device_id (registry_line.h), meter_number and the rest of the archive; device_id and
 *          tenant_id are filled in, installed_s too when it is 0. 0 in register_modulus_value, flow_limit_value_per_h,
 *          multiplier_e3, size_dn_mm and security and an empty profile mean the usual value of its kind, which is cold
 *          water when it is DEVICE_KIND_NONE; start_register_value may be REGISTRY_START_UNKNOWN
 * returns  0 and row->device_id; REGISTRY_ERR_*; negative of the store */
int registry_device_add(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                        struct device_record *row);

/* Devices that are added after it may go into the store together: what else reads or refers to their rows calls
 * registry_devices_write before, and registry_devices_end follows in the same transaction. */
void registry_devices_gather(struct registry *registry);

/* All that were added are in the store: 0; negative of the store. */
int registry_devices_write(struct registry *registry);

/* Each device goes in by itself again. What was not written is forgotten: its transaction, or part of one, is taken back. */
void registry_devices_end(struct registry *registry);

/* The whole archive row of a device inside `scope`: 0; REGISTRY_ERR_DEVICE; negative of the store. */
int registry_device_read(struct registry *registry, const struct registry_scope *scope, uint32_t device_id,
                         struct device_record *row);

/* Fields of registry_device_change. */
#define REGISTRY_CHANGE_AREA (1u << 0)
#define REGISTRY_CHANGE_ROOM (1u << 1)
#define REGISTRY_CHANGE_MAKER (1u << 2)
#define REGISTRY_CHANGE_SECURITY (1u << 3)
#define REGISTRY_CHANGE_FLOW_LIMIT (1u << 4)
#define REGISTRY_CHANGE_REPORT_TIME (1u << 5)
#define REGISTRY_CHANGE_METER_NUMBER (1u << 6)
#define REGISTRY_CHANGE_PARENT (1u << 9) /* and a measurement point of the new line */
#define REGISTRY_CHANGE_ADDRESS (1u << 10)
#define REGISTRY_CHANGE_PORT (1u << 11)
#define REGISTRY_CHANGE_TRANSFORMERS (1u << 12) /* all four numbers and the multiplier; tell the reading room */
#define REGISTRY_CHANGE_PROFILE (1u << 13)
#define REGISTRY_CHANGE_INSTALLED (1u << 14)

/* Change the given fields of a device in service inside `scope`.
 * fields   bits of REGISTRY_CHANGE_*; row->device_id says which device
 * returns  0; REGISTRY_ERR_*; negative of the store */
int registry_device_change(struct registry *registry, const struct registry_scope *scope, uint32_t fields,
                           const struct device_record *row);

/* Take a device out of service; its identifier, readings and IMEI stay its own.
 * returns  0; REGISTRY_ERR_DEVICE, REGISTRY_ERR_REMOVED; negative of the store */
int registry_device_remove(struct registry *registry, const struct registry_scope *scope, uint32_t device_id,
                           int64_t now_s);

/* A meter was replaced on the wall (X-005, S3-007): the new device takes the old one's place, and its total continues
 * where the old one's ended.
 * end_total_value  total of the old device at its end: reading_exchange_total gives it
 * new_imei, new_meter_number, new_start_value  the new meter; everything else is taken over. A meter on a line has no
 *                  IMEI (0) and keeps the measurement point
 * returns       0 and the new identifier; REGISTRY_ERR_*; negative of the store */
struct registry_exchange {
    uint32_t old_device_id;
    uint64_t new_imei;
    int64_t end_total_value;
    int64_t new_start_value;
    char new_meter_number[REGISTRY_METER_NUMBER_LIMIT];
    char new_address[REGISTRY_ADDRESS_LIMIT]; /* of a meter on a line; "": its number */
};
int registry_device_exchange(struct registry *registry, const struct registry_scope *scope,
                             const struct registry_exchange *exchange, int64_t now_s, uint32_t *new_device_id);

/* The quantity of the main register: registry_kind_quantity of its kind. */
enum quantity registry_device_quantity(const struct registry_device *device);

/* What flow_limit_value_per_h is when nothing else is said: three phases of 100 A, G6, or by the nominal size of the pipe. */
int64_t registry_flow_limit_usual(uint32_t kind, int32_t size_dn_mm);

/* The most that a water meter of this nominal size can pass, ml/h. */
int64_t registry_flow_limit_of_size(int32_t size_dn_mm);

/* Whether the last of the 15 digits is the check digit of the others (Luhn, GSMA TS.06): a warning, never a refusal,
 * because test meters often have none. */
bool imei_check_digit_fits(uint64_t imei);

#endif
