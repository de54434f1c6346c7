/* What the estate room needs of a store. store/sql/estate_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store, which the room hands on unchanged. They run inside
 * the transaction that the core has open; those that only read also between transactions. */
#ifndef ESTATE_ESTATE_STORE_H
#define ESTATE_ESTATE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/uplink.h"

#define ESTATE_SECRET_LIMIT 128 /* bytes of a sealed secret */

/* What is known of a line's connection; one row of table line_state. */
struct estate_line {
    int64_t since_s;        /* connected or disconnected since; 0: never heard */
    int64_t last_contact_s;
    int64_t last_data_s;    /* when a reading last came through it */
    int64_t clock_at_s;
    uint32_t device_id;
    uint32_t login_count;
    int32_t clock_error_s;  /* its clock minus ours, as of clock_at_s */
    uint8_t clock_known;
    uint8_t connected;
    uint8_t reserved[2];
};

/* Stored by name. */
enum estate_sync_state {
    ESTATE_SYNC_NONE = 0,
    ESTATE_SYNC_QUEUED,   /* waits for its turn or for the concentrator to connect */
    ESTATE_SYNC_READING,  /* what does it hold? */
    ESTATE_SYNC_WRITING,  /* the entries that differ */
    ESTATE_SYNC_CHECKING, /* what does it hold now? */
    ESTATE_SYNC_AGREED,
    ESTATE_SYNC_DIFFERS,
    ESTATE_SYNC_FAILED,
    ESTATE_SYNC_STATE_COUNT
};

/* The last download of the archive to a concentrator; one row of table line_archive_sync. */
struct estate_sync {
    int64_t requested_s;
    int64_t finished_s;   /* 0: under way */
    int64_t agreed_s;     /* when both sides last agreed; 0: never */
    uint32_t device_id;
    uint32_t requested_by;
    uint32_t round;       /* of reading */
    uint32_t written;     /* entries */
    uint32_t denied;
    uint32_t differences; /* after the last reading */
    uint16_t position;    /* last entry dealt with while writing */
    uint16_t tries;       /* of the order under way */
    uint8_t state;        /* enum estate_sync_state */
    uint8_t write;        /* 0: compare only */
    uint8_t problem;      /* enum line_problem of the last order */
    uint8_t reserved;
};

struct estate_store {
    void *context;
    int (*lines_walk)(void *context, int (*visit)(void *visitor, const struct estate_line *row), void *visitor);
    /* Insert or replace. */
    int (*line_write)(void *context, const struct estate_line *row);
    /* Every line is disconnected: at start. */
    int (*lines_disconnect)(void *context);
    /* One entry of a concentrator, as read in `round`. */
    int (*archive_write)(void *context, uint32_t device_id, uint32_t round, const struct uplink_archive_row *row);
    /* A round is complete: entries of older ones are gone. */
    int (*archive_trim)(void *context, uint32_t device_id, uint32_t round);
    /* The next entries behind `after` that must be written so that the concentrator holds what the archive says: ours, or
     * one with measurement_point 0 that empties an entry. returns  how many, at most `limit` */
    int (*archive_differences)(void *context, uint32_t device_id, uint16_t after, struct uplink_archive_row rows[],
                               int limit);
    /* How many entries differ. */
    int (*archive_difference_count)(void *context, uint32_t device_id);
    int (*sync_write)(void *context, const struct estate_sync *row);
    /* 1 and *row; 0 none. */
    int (*sync_read)(void *context, uint32_t device_id, struct estate_sync *row);
    /* The next unfinished one behind `after_device_id`: 1 and *row; 0 none. */
    int (*sync_next)(void *context, uint32_t after_device_id, struct estate_sync *row);
    /* size 0 forgets. */
    int (*secret_write)(void *context, uint32_t device_id, const char *purpose, const uint8_t *sealed, size_t size);
    /* returns  bytes written to `sealed`, ESTATE_SECRET_LIMIT of room; 0 none */
    int (*secret_read)(void *context, uint32_t device_id, const char *purpose, uint8_t *sealed);
};

/* "queued", "reading", ...; "" outside the list. And back; 0 when there is none. */
const char *estate_sync_state_name(int state);
int estate_sync_state_of_name(const char *name);

#endif
