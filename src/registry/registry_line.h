/* What hangs on lines: meters without an IMEI, and the collectors, concentrators and lines they are reached through.
 *
 * A meter's parent_device_id is a collector, or the concentrator or line itself; a collector's is a concentrator or
 * line. The concentrator or line at the end is the meter's line: its measurement points are numbered from 1, unique on
 * the line whatever collectors lie between. */
#ifndef REGISTRY_REGISTRY_LINE_H
#define REGISTRY_REGISTRY_LINE_H

#include "base/line_order.h"
#include "registry/registry.h"

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
