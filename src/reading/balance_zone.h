/* Zones whose loss is watched: an area, a utility, and the meters at its borders.
 *
 * Sold is what all meters of the utility inside the area counted that are not border meters; the figures themselves come
 * from loss_balance.h. */
#ifndef READING_BALANCE_ZONE_H
#define READING_BALANCE_ZONE_H

#include "reading/reading.h"

/* Fields of balance_zone_change. */
#define BALANCE_CHANGE_AREA (1u << 0)
#define BALANCE_CHANGE_NAME (1u << 1)
#define BALANCE_CHANGE_SUPPLY (1u << 2)

/* A new zone inside `scope`.
 * zone     area_id, kind, name and supply are read; the rest is filled in
 * returns  0; REGISTRY_ERR_AREA; READING_ERR_ZONE_*; negative of the store */
int balance_zone_add(struct reading_room *room, const struct registry_scope *scope, int64_t now_s,
                     struct balance_zone *zone);

/* Change the given fields of a zone inside `scope`; the kind stays. zone->balance_zone_id says which.
 * returns  0; as balance_zone_add; READING_ERR_ZONE */
int balance_zone_change(struct reading_room *room, const struct registry_scope *scope, uint32_t fields,
                        const struct balance_zone *zone);

/* returns  0; READING_ERR_ZONE; negative of the store */
int balance_zone_remove(struct reading_room *room, const struct registry_scope *scope, int64_t balance_zone_id);

#endif
