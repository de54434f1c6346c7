/* Where each table lies when the store is a Citus cluster: cut into shards by device or by account and spread over the workers, or
 * whole on the coordinator.
 *
 * Cut are the tables that grow with every report: what a meter measured and sent, what its day cost an account. They name that device
 * or account in every row, refer to no other table and are referred to by none, and have no trigger. Everything else stays as it is on a single server, so that what is
 * asked of people, contracts and money is asked of one database. */
#ifndef STORE_POSTGRES_CITUS_PLACES_H
#define STORE_POSTGRES_CITUS_PLACES_H

#include <stddef.h>

enum citus_place {
    CITUS_ON_COORDINATOR,
    CITUS_BY_DEVICE,
    CITUS_BY_ACCOUNT,
    CITUS_PLACE_COUNT
};

/* The column that tables of a place are cut by; rows of one device or account lie together, of all of them. NULL: they are whole. */
extern const char *const citus_columns[CITUS_PLACE_COUNT];

struct citus_table {
    const char *name;
    enum citus_place place;
    const char *key; /* primary key where it is cut, if the one it has does not name that column; NULL: it stays */
};

/* Every table of the schema, each once. */
extern const struct citus_table citus_tables[];
extern const size_t citus_table_count;

#endif
