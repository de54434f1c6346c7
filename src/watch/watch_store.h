/* What the watch room needs of a store. store/sql/watch_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open. */
#ifndef WATCH_WATCH_STORE_H
#define WATCH_WATCH_STORE_H

#include <stdint.h>

#define WATCH_KIND_LIMIT 32
#define WATCH_DETAIL_LIMIT 128

struct watch_event {
    int64_t event_id;
    int64_t raised_s;        /* by the device's clock where it has spoken, else ours */
    int64_t received_s;
    int64_t cleared_s;       /* 0: still so */
    int64_t acknowledged_s;  /* 0: nobody has looked */
    uint32_t acknowledged_by;
    uint32_t tenant_id;
    uint32_t device_id;
    int32_t severity;        /* 0 notice, 1 alarm, 2 fault */
    char kind[WATCH_KIND_LIMIT];
    char detail[WATCH_DETAIL_LIMIT];
};

struct watch_store {
    void *context;
    /* Fills event_id. */
    int (*event_insert)(void *context, struct watch_event *event);
    /* The open event of this kind: 1 and *out; 0 none. */
    int (*event_open)(void *context, uint32_t device_id, const char *kind, struct watch_event *out);
    int (*event_clear)(void *context, int64_t event_id, int64_t cleared_s);
    /* 1 and *out; 0 none. */
    int (*event_read)(void *context, int64_t event_id, struct watch_event *out);
    int (*event_acknowledge)(void *context, int64_t event_id, uint32_t person_id, int64_t at_s);
    /* Every open event of the kinds that no alarm bit stands for, ordered by device. */
    int (*conditions_walk)(void *context, int (*visit)(void *visitor, uint32_t device_id, const char *kind),
                           void *visitor);
};

#endif
