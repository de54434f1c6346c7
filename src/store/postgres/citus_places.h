/* Where each table lies when the store is a Citus cluster: cut into shards by device and spread over the workers, or whole on
 * the coordinator.
 *
 * Cut are the tables that grow with every report: what a meter measured and sent. They name a device in every row, refer to no
 * other table and are referred to by none, and have no trigger. Everything else stays as it is on a single server, so that what is
 * asked of people, contracts and money is asked of one database. */
#ifndef STORE_POSTGRES_CITUS_PLACES_H
#define STORE_POSTGRES_CITUS_PLACES_H

#include <stddef.h>

#define CITUS_DEVICE_COLUMN "device_id" /* that cut tables are cut by; rows of one device lie together, of all of them */

enum citus_place {
    CITUS_ON_COORDINATOR,
    CITUS_BY_DEVICE
};

struct citus_table {
    const char *name;
    enum citus_place place;
    const char *key; /* primary key where it is cut, if the one it has names no device; NULL: it stays */
};

/* Every table of the schema, each once. */
extern const struct citus_table citus_tables[];
extern const size_t citus_table_count;

#endif
