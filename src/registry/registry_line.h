/* What hangs on lines: meters without an IMEI, and the collectors, concentrators and lines they are reached through.
 *
 * A meter's parent_device_id is a collector, or the concentrator or line itself; a collector's is a concentrator or
 * line. The concentrator or line at the end is the meter's line: its measurement points are numbered from 1, unique on
 * the line whatever collectors lie between. */
#ifndef REGISTRY_REGISTRY_LINE_H
#define REGISTRY_REGISTRY_LINE_H

#include "base/line_order.h"
#include "registry/registry.h"

#define REGISTRY_METER_LIMIT 500 /* meters on a line at most, unless its record says otherwise (S1-093) */
/* What most makers of concentrators call the protocols in an archive entry (376.1 F10). */
#define REGISTRY_CODE_DLT645 30
#define REGISTRY_CODE_DLT645_1997 1
#define REGISTRY_CODE_CJT188 40

/* A concentrator or a line of another kind, as registry_device_add adds a meter.
 * row      kind is REGISTRY_KIND_CONCENTRATOR or _LINE, and the address that struct line_record describes
 * line     kind and settings; device_id is filled in, meter_limit and codes too when they are 0
 * returns  0; REGISTRY_ERR_*; negative of the store */
int registry_line_add(struct registry *registry, const struct registry_scope *scope, int64_t now_s,
                      struct device_record *row, struct registry_line_record *line);

/* The settings of a line: 0; REGISTRY_ERR_LINE there are none; negative of the store. */
int registry_line_read(struct registry *registry, uint32_t line_id, struct registry_line_record *out);

/* Replace the settings of a line in service inside `scope`.
 * returns  0; REGISTRY_ERR_DEVICE, _REMOVED, _LINE_KIND, _LINE_SETTING, _LINE_FULL (more meters are there than the new
 *          limit allows); negative of the store */
int registry_line_change(struct registry *registry, const struct registry_scope *scope,
                         const struct registry_line_record *line);

/* A line as the gate must know it, without its secret. Of a line out of service `removed` is 1.
 * returns  0; REGISTRY_ERR_DEVICE, REGISTRY_ERR_LINE; negative of the store */
int registry_line_record_fill(struct registry *registry, uint32_t line_id, struct line_record *out);

/* Walk the lines, those out of service too: *position begins at 0; 0 at the end. */
uint32_t registry_line_next(const struct registry *registry, uint32_t *position);

struct registry_line_figures {
    uint32_t meter_count; /* in service on the line */
    uint32_t meter_limit;
    uint8_t kind; /* enum line_kind; LINE_KIND_NONE: no such line */
};
void registry_line_figures(const struct registry *registry, uint32_t line_id, struct registry_line_figures *out);

/* The concentrator or line that a device is reached through, walking up collectors; of a concentrator or line itself its
 * own identifier; 0 for a device that speaks for itself. */
uint32_t registry_line_of(const struct registry *registry, uint32_t device_id);

/* The meter in service with this measurement point, 1 or more; 0 none. */
uint32_t registry_point_device(const struct registry *registry, uint32_t line_id, uint16_t measurement_point);

/* The children of a device in service, one after the other: 0 begins, 0 ends. The order is that of the last change. */
uint32_t registry_child_next(const struct registry *registry, uint32_t parent_device_id, uint32_t after_device_id);

/* Who is asked and how he is reached: line_id, device_id, route, port, measurement_point, address, collector, profile,
 * kind and zone_offset_s of an order for a meter or for a line itself. The rest of *order is left alone; passwords and
 * keys are not the registry's to know.
 * returns  0; REGISTRY_ERR_DEVICE no such device in service, REGISTRY_ERR_LINE it hangs on no line; negative of the
 *          store; *order untouched on failure */
int registry_line_order_fill(struct registry *registry, uint32_t device_id, struct line_order *order);

#endif
