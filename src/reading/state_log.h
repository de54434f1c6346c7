/* States that a storm of reports changes, written side by side in the order of arrival (table state_log) instead of each into its row,
 * which lies on a page of its own; and with a state the newest midnight, which it holds, instead of that row, too. Memory knows whose
 * row is behind; a walk in the order of devices, once a minute, brings the rows up, so that neighbours share a page, and what is older
 * than the walk leaves the log. For the files of this room only.
 *
 * What must stay true: while the log holds anything, every state that is written is written there, too; so rows, then the log from its
 * oldest entry to its newest, are the states of all devices, whenever the power goes. The status is in its row at once: others keep
 * counts by it. A midnight waits only as long as its state says every column of its row, and the row of its state is behind. */
#ifndef READING_STATE_LOG_H
#define READING_STATE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reader.h"
#include "base/writer.h"
#include "reading/reading_store.h"

#define STATE_LOG_LEAST 512      /* states in a transaction from which on the log is worth it */
#define STATE_LOG_ROW_SIZE 3900  /* of a row of state_log: a page holds it */
#define STATE_LOG_WALK_S 60      /* a row is behind at most so long, as far as ticks come every second */
#define STATE_LOG_ROWS_LEAST 2000 /* brought up in a second, if there are so many: after a storm all are, soon */

/* As far as it belongs to the transaction; all zeros: the log is empty. */
struct state_log_place {
    int64_t newest;       /* row of state_log */
    int64_t dropped;      /* rows up to here are gone */
    int64_t walk_newest;  /* the newest when the walk under way began */
    int64_t settled;      /* rows up to here say nothing that device_state does not */
    uint32_t walk_at;     /* word of `behind` that the walk comes to next */
    uint32_t behind_count;
};

struct state_log {
    struct state_log_place place;
    uint64_t *behind;     /* a bit a device: its row is older than its state */
    uint64_t *waiting;    /* a bit a device: the midnight of its newest_day is not in daily_reading yet */
    int64_t found_newest; /* rows up to here were left by a core before this one: as long as they are there, a midnight that waits
                           * may be a row all the same */
    uint32_t word_count;
    uint32_t size;        /* bytes gathered for the next row */
    int64_t ticked_s;
    uint8_t bytes[STATE_LOG_ROW_SIZE];
};

struct reading_room;

/* Take memory.
 * returns  0; READING_ERR_MEMORY */
int state_log_open(struct reading_room *room, uint32_t device_limit);

/* Bring the states of the room, as its rows say them, up to what the log says.
 * returns  0; READING_ERR_MEMORY; READING_ERR_STORED: a row of the log cannot be read; negative of the store */
int state_log_load(struct reading_room *room);

/* Accepts a room that never opened. */
void state_log_close(struct reading_room *room);

/* Write the states that the transaction changed, in the order of room->dirty: into their rows, or into the log.
 * returns  0; READING_ERR_FULL; negative of the store */
int state_log_write(struct reading_room *room);

/* Bring rows up, and drop what they say already; once a second.
 * returns  how many rows were brought up; READING_ERR_FULL; negative of the store */
int state_log_tick(struct reading_room *room, int64_t now_s);

/* Take a new midnight before the state does: into its row, or with the state into the log.
 * state    of the device, as it was before this midnight
 * returns  0; READING_ERR_FULL; negative of the store */
int state_log_day_take(struct reading_room *room, uint32_t device_id, const struct reading_state *state,
                       const struct reading_day *day);

/* Write the midnight that waits, because its state is about to change.
 * returns  0, also when none does; READING_ERR_FULL; negative of the store */
int state_log_day_write(struct reading_room *room, uint32_t device_id, const struct reading_state *state);

/* A midnight that waits: 1 and *out; 0 that of this day does not. */
int state_log_day_read(const struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out);

/* The entry of a state, and back. Head: the number of the device, twice, and 1 more when its midnight waits.
 * state_log_take returns  1 and an entry; 0 the bytes are at their end; READING_ERR_STORED */
void state_log_put(struct writer *writer, uint32_t head, const struct reading_state *state);
int state_log_take(struct reader *reader, uint32_t *head, struct reading_state *state);

#endif
