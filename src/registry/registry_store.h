/* What the registry needs of a store. store/sql/registry_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the registry hands on unchanged. They run
 * inside the transaction that the core has open. */
#ifndef REGISTRY_REGISTRY_STORE_H
#define REGISTRY_REGISTRY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/device_profile.h"
#include "base/quantity.h"

#define REGISTRY_PATH_LIMIT 96 /* '/1/7/23/' with its zero: AREA_DEPTH_LIMIT numbers of 10 digits */
#define REGISTRY_NAME_LIMIT 128
#define REGISTRY_ROOM_LIMIT 64
#define REGISTRY_METER_NUMBER_LIMIT 15 /* 12 or 14 digits and the zero */
#define REGISTRY_PROFILE_LIMIT 64
#define REGISTRY_ADDRESS_LIMIT 64 /* LINE_ADDRESS_LIMIT of base/line_order.h */

struct tenant_record {
    uint32_t tenant_id;
    int32_t zone_offset_s;
    int64_t created_s;
    char name[REGISTRY_NAME_LIMIT];
};

enum area_kind { AREA_COMPANY = 1, AREA_DISTRICT, AREA_ESTATE, AREA_BUILDING };

struct area_record {
    uint32_t area_id;
    uint32_t tenant_id;
    uint32_t parent_area_id; /* 0: the root of a tenant */
    uint32_t kind;           /* enum area_kind */
    char name[REGISTRY_NAME_LIMIT];
    char path[REGISTRY_PATH_LIMIT];
};

/* What a device is: a meter of enum device_kind, or what carries the meters' words. Stored by name. */
enum registry_kind {
    REGISTRY_KIND_COLLECTOR = DEVICE_KIND_COUNT,
    REGISTRY_KIND_CONCENTRATOR,
    REGISTRY_KIND_LINE,
    REGISTRY_KIND_COUNT
};

/* "cold_water", "hot_water", "electricity", "gas", "heat", "collector", "concentrator", "line"; "" outside the list. */
const char *registry_kind_name(uint32_t kind);

/* The kind of that name; DEVICE_KIND_NONE when there is none. */
uint32_t registry_kind_of_name(const char *name);

/* The quantity of the main register; QUANTITY_NONE for what is no meter. Its unit is that of every *_value of the device. */
enum quantity registry_kind_quantity(uint32_t kind);

enum device_security { DEVICE_SECURITY_PSK = 1, DEVICE_SECURITY_PLAIN };

/* One row of the archive 档案. */
struct device_record {
    uint32_t device_id;
    uint32_t tenant_id;
    uint32_t area_id;
    uint32_t replaces_device_id; /* 0: none */
    uint64_t imei;               /* 0: it has none. The table then holds minus device_id: its column is unique */
    int64_t register_modulus_value;
    int64_t flow_limit_value_per_h;
    int64_t start_register_value;
    int64_t start_total_value;
    int64_t installed_s;
    int64_t removed_s;     /* 0: in service */
    int32_t report_time_s; /* after local midnight */
    int32_t size_dn_mm;
    uint32_t security;          /* enum device_security */
    uint32_t kind;              /* enum device_kind or enum registry_kind */
    int64_t multiplier_e3;      /* what flowed for one unit on the dial, thousandths: CT ratio x PT ratio */
    uint32_t parent_device_id;  /* collector, concentrator or line it hangs on; 0: none */
    uint32_t line_device_id;    /* the concentrator or line at the end of the parents; 0: none */
    uint16_t measurement_point; /* of the line, 1 to 2,047; 0: none */
    uint8_t port;               /* of the concentrator, 1 to 31; 0: of no matter */
    int32_t ct_primary_a;       /* current transformers; both 0: none */
    int32_t ct_secondary_a;
    int32_t pt_primary_v; /* voltage transformers; both 0: none */
    int32_t pt_secondary_v;
    char address[REGISTRY_ADDRESS_LIMIT]; /* on the line; of a line struct line_record.address */
    char room[REGISTRY_ROOM_LIMIT];
    char meter_number[REGISTRY_METER_NUMBER_LIMIT];
    char maker[REGISTRY_NAME_LIMIT];
    char profile[REGISTRY_PROFILE_LIMIT];
};

/* How a concentrator or a line is served: what struct line_record needs beside the device. One row of table line. */
struct registry_line_record {
    uint32_t device_id;
    uint32_t baud; /* 0 in any of these: the kind's usual value */
    uint32_t heartbeat_s;
    uint32_t gap_ms;
    uint32_t answer_timeout_ms;
    uint32_t meter_limit;
    uint8_t kind;   /* enum line_kind */
    uint8_t parity; /* 'E', 'N', 'O' */
    uint8_t stop_bits;
    uint8_t code_dlt645; /* what the concentrator's maker calls the protocol in an archive entry */
    uint8_t code_dlt645_1997;
    uint8_t code_cjt188;
    char heartbeat[REGISTRY_ADDRESS_LIMIT];
};

struct registry_store {
    void *context;
    /* Give every row to `visit`, ordered by identifier; a negative answer of `visit` ends the walk and is returned. */
    int (*tenants_walk)(void *context, int (*visit)(void *visitor, const struct tenant_record *row), void *visitor);
    int (*areas_walk)(void *context, int (*visit)(void *visitor, const struct area_record *row), void *visitor);
    /* Devices `first` to `last`. What is read again when somebody asks for one device is left out: texts, and the device it
     * replaced. */
    int (*devices_walk)(void *context, uint32_t first, uint32_t last,
                        int (*visit)(void *visitor, const struct device_record *row), void *visitor);
    int (*tenant_insert)(void *context, const struct tenant_record *row);
    int (*area_insert)(void *context, const struct area_record *row);
    int (*device_insert)(void *context, const struct device_record *row);
    /* Between the two (gather, then !gather) rows of devices may be kept back and inserted together; `devices_write` inserts what
     * is kept, and its end forgets it. The functions here know of them. */
    void (*devices_gather)(void *context, bool gather);
    int (*devices_write)(void *context);
    int (*device_update)(void *context, const struct device_record *row);
    /* 1 and *row; 0 when there is no such device. */
    int (*device_read)(void *context, uint32_t device_id, struct device_record *row);
    /* 1 when a device of this tenant other than `except_device_id` has the number; 0 when none. */
    int (*meter_number_taken)(void *context, uint32_t tenant_id, const char *meter_number, uint32_t except_device_id);
    int (*lines_walk)(void *context, int (*visit)(void *visitor, const struct registry_line_record *row),
                      void *visitor);
    /* Insert or replace. */
    int (*line_write)(void *context, const struct registry_line_record *row);
    /* 1 and *row; 0 when there is none. */
    int (*line_read)(void *context, uint32_t device_id, struct registry_line_record *row);
    /* 1 when a device in service other than `except_device_id` has the address on this line; of a line (line_device_id
     * 0): when another line of the installation has it. 0 when none. */
    int (*address_taken)(void *context, uint32_t line_device_id, const char *address, uint32_t except_device_id);
};

#endif
