/* Shared by the files of this room. */
#ifndef ESTATE_ESTATE_INTERNAL_H
#define ESTATE_ESTATE_INTERNAL_H

#include "base/dense_array.h"
#include "base/map.h"
#include "estate/estate.h"

/* A download that has its turn. */
struct estate_active {
    struct estate_sync row;
    int64_t next_s;        /* no order before */
    int64_t sent_s;        /* when the order under way left */
    uint64_t order_id;     /* under way; 0 none */
    uint16_t batch_last;   /* last entry of the order under way */
    uint16_t batch_count;
    uint16_t single_until; /* entries up to here go one by one: a set with them was denied */
    uint8_t passes;        /* of writing */
    uint8_t used;
};

struct estate_room {
    struct estate_store store;
    struct registry *registry;
    struct undo *undo;
    void *listener;
    int (*condition)(void *listener, uint32_t line_id, enum estate_condition condition, bool present, const char *detail,
                     int64_t now_s);
    int (*synced)(void *listener, const struct estate_sync *sync);
    struct dense_array lines;   /* struct estate_line in the order of arrival */
    struct map by_line;         /* device_id -> place in `lines` */
    uint32_t line_count;
    uint32_t line_position;     /* of the round that looks for who is offline */
    uint32_t sync_position;     /* of the round over unfinished downloads: the last device_id looked at */
    uint32_t serial;            /* of orders */
    int64_t started_s;          /* of the first tick */
    struct estate_active active[ESTATE_SYNC_LIMIT];
};

int estate_condition_tell(struct estate_room *room, uint32_t line_id, enum estate_condition condition, bool present,
                          const char *detail, int64_t now_s);

/* estate_sync.c: take up what waits and give up what nobody answered. 0; negative. */
int estate_sync_tick(struct estate_room *room, int64_t now_s);

#endif
