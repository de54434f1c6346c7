#include "reading/state_log.h"

#include <stdlib.h>

#include "reading/reading_internal.h"

#define ROW_VERSION 2             /* first byte of a row */
#define ROW_VERSION_BEFORE 1      /* where the head of an entry was the number of its device */
#define ENTRY_SIZE_LIMIT 370      /* every number of an entry at its longest */
#define DROPPED_AT_ONCE 4000      /* rows of the log: more than come in a second */
#define WORD_DEVICES 64

static bool log_is_empty(const struct state_log *log)
{
    return log->place.newest == log->place.dropped;
}

static bool is_behind(const struct state_log *log, uint32_t device_id)
{
    return (log->behind[device_id / WORD_DEVICES] >> device_id % WORD_DEVICES & 1) != 0;
}

static bool is_waiting(const struct state_log *log, uint32_t device_id)
{
    return device_id / WORD_DEVICES < log->word_count && (log->waiting[device_id / WORD_DEVICES] >> device_id % WORD_DEVICES & 1) != 0;
}

static int waiting_set(struct reading_room *room, uint32_t device_id, bool waiting)
{
    struct state_log *log = room->state_log;
    uint64_t *word = &log->waiting[device_id / WORD_DEVICES];

    if (is_waiting(log, device_id) == waiting)
        return 0;
    if (undo_save(room->undo, word, sizeof *word) != 0)
        return READING_ERR_FULL;
    *word ^= UINT64_C(1) << device_id % WORD_DEVICES;
    return 0;
}

/* Whether the state, once it has taken the midnight, says all of its row: one of a plain meter, newer than the others, that came
 * with what came last. */
static bool day_may_wait(const struct state_log *log, uint32_t device_id, const struct reading_state *state,
                         const struct reading_day *day)
{
    return !log_is_empty(log) && device_id / WORD_DEVICES < log->word_count && day->day > state->newest_day &&
           day->multiplier_e3 == REGISTRY_MULTIPLIER_NONE_E3 && day->received_s == state->last_received_s &&
           (day->quality == READING_ON_TIME || day->quality == READING_LATE);
}

static struct reading_day day_of(const struct reading_state *state)
{
    return (struct reading_day){ .register_value = state->newest_register_value, .total_value = state->newest_total_value,
                                 .multiplier_e3 = REGISTRY_MULTIPLIER_NONE_E3, .received_s = state->last_received_s,
                                 .day = state->newest_day,
                                 .quality = state->on_time_days & 1 ? READING_ON_TIME : READING_LATE };
}

int state_log_day_write(struct reading_room *room, uint32_t device_id, const struct reading_state *state)
{
    struct state_log *log = room->state_log;
    struct reading_day day = day_of(state), stored;
    int found = 0;

    if (!is_waiting(log, device_id))
        return 0;
    if (log->place.dropped < log->found_newest)
        found = room->store.day_read(room->store.context, device_id, day.day, &stored);
    if (found == 0)
        found = room->store.day_insert(room->store.context, device_id, &day);
    return found < 0 ? found : waiting_set(room, device_id, false);
}

int state_log_day_take(struct reading_room *room, uint32_t device_id, const struct reading_state *state,
                       const struct reading_day *day)
{
    int error = state_log_day_write(room, device_id, state);

    if (error != 0)
        return error;
    if (day_may_wait(room->state_log, device_id, state, day))
        return waiting_set(room, device_id, true);
    return room->store.day_insert(room->store.context, device_id, day);
}

int state_log_day_read(const struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out)
{
    const struct reading_state *state = dense_array_at(&room->states, device_id);

    if (!is_waiting(room->state_log, device_id) || state->newest_day != day)
        return 0;
    *out = day_of(state);
    return 1;
}

/* The place is remembered by whoever began to change the log. */
static int behind_set(struct reading_room *room, uint32_t device_id, bool behind)
{
    struct state_log *log = room->state_log;
    uint64_t *word = &log->behind[device_id / WORD_DEVICES];

    if (is_behind(log, device_id) == behind)
        return 0;
    if (undo_save(room->undo, word, sizeof *word) != 0)
        return READING_ERR_FULL;
    *word ^= UINT64_C(1) << device_id % WORD_DEVICES;
    log->place.behind_count += behind ? 1 : UINT32_MAX;
    return 0;
}

static int row_append(struct reading_room *room)
{
    struct state_log *log = room->state_log;

    if (log->size == 0)
        return 0;
    int error = room->store.state_log_append(room->store.context, log->place.newest + 1,
                                             span_of_bytes(log->bytes, log->size));
    log->size = 0;
    if (error == 0)
        log->place.newest++;
    return error;
}

static int entry_append(struct reading_room *room, uint32_t device_id, const struct reading_state *state)
{
    struct state_log *log = room->state_log;
    int error = log->size + ENTRY_SIZE_LIMIT > sizeof log->bytes ? row_append(room) : 0;

    if (error != 0)
        return error;
    struct writer writer = writer_of_buffer(log->bytes + log->size, sizeof log->bytes - log->size);
    if (log->size == 0)
        writer_put_u8(&writer, ROW_VERSION);
    state_log_put(&writer, device_id << 1 | is_waiting(log, device_id), state);
    log->size += (uint32_t)writer.size;
    return 0;
}

static int row_write(struct reading_room *room, uint32_t device_id, const struct reading_state *state)
{
    int error = room->store.state_write(room->store.context, device_id, state);
    if (error == 0)
        error = state_log_day_write(room, device_id, state);
    return error != 0 ? error : behind_set(room, device_id, false);
}

static int state_write(struct reading_room *room, uint32_t device_id, const struct reading_state *state, bool logged)
{
    bool at_once = !logged || (state->dirty & READING_DIRTY_STATUS) != 0;
    int error = logged ? entry_append(room, device_id, state) : 0;

    if (error != 0)
        return error;
    return at_once ? row_write(room, device_id, state) : behind_set(room, device_id, true);
}

int state_log_write(struct reading_room *room)
{
    struct state_log *log = room->state_log;
    bool logged = room->dirty_count >= STATE_LOG_LEAST || !log_is_empty(log);

    log->size = 0;
    if (logged && undo_save(room->undo, &log->place, sizeof log->place) != 0)
        return READING_ERR_FULL;
    for (uint32_t i = 0; i < room->dirty_count; i++) {
        struct reading_state *state = dense_array_at(&room->states, room->dirty[i]);
        if (!state->dirty)
            continue;
        int error = state_write(room, room->dirty[i], state, logged);
        if (error != 0)
            return error;
        state->dirty = 0;
    }
    return row_append(room);
}

/* returns  how many rows were brought up; negative of the store */
static int word_settle(struct reading_room *room, uint32_t word)
{
    uint64_t behind = room->state_log->behind[word];
    int written = 0;

    for (; behind != 0; behind &= behind - 1) {
        uint32_t device_id = word * WORD_DEVICES + (uint32_t)__builtin_ctzll(behind);
        int error = row_write(room, device_id, dense_array_at(&room->states, device_id));
        if (error != 0)
            return error;
        written++;
    }
    return written;
}

/* A walk that is over has come to every device that was behind when it began. */
static void walk_advance(struct state_log *log, uint32_t words)
{
    struct state_log_place *place = &log->place;

    if (++place->walk_at < words)
        return;
    place->walk_at = 0;
    place->settled = place->walk_newest;
    place->walk_newest = place->newest;
}

/* At least so many words and so many rows, and never further than once around. */
static int walk_step(struct reading_room *room, uint32_t words_least, int rows_least)
{
    struct state_log *log = room->state_log;
    uint32_t words = registry_device_count(room->registry) / WORD_DEVICES + 1;
    int written = 0;

    if (words > log->word_count)
        words = log->word_count;
    for (uint32_t i = 0; i < words && log->place.behind_count > 0 && (i < words_least || written < rows_least); i++) {
        int rows = word_settle(room, log->place.walk_at < words ? log->place.walk_at : 0);
        if (rows < 0)
            return rows;
        written += rows;
        walk_advance(log, words);
    }
    if (log->place.behind_count == 0)
        log->place.settled = log->place.newest;
    return written;
}

static int settled_drop(struct reading_room *room)
{
    struct state_log_place *place = &room->state_log->place;
    int64_t until = place->settled - place->dropped > DROPPED_AT_ONCE ? place->dropped + DROPPED_AT_ONCE : place->settled;
    int error = until > place->dropped ? room->store.state_log_drop(room->store.context, until) : 0;

    if (error == 0 && until > place->dropped)
        place->dropped = until;
    return error;
}

static int log_settle(struct reading_room *room, uint32_t words_least, int rows_least)
{
    struct state_log *log = room->state_log;

    if (log_is_empty(log))
        return 0;
    if (undo_save(room->undo, &log->place, sizeof log->place) != 0)
        return READING_ERR_FULL;
    int written = walk_step(room, words_least, rows_least);
    int error = written < 0 ? written : settled_drop(room);
    if (error == 0 && written > 0)
        error = reading_settle(room);
    return error != 0 ? error : written;
}

int state_log_tick(struct reading_room *room, int64_t now_s)
{
    struct state_log *log = room->state_log;
    uint32_t words = registry_device_count(room->registry) / WORD_DEVICES + 1;

    if (log->ticked_s == now_s)
        return 0;
    log->ticked_s = now_s;
    return log_settle(room, words / STATE_LOG_WALK_S + 1, STATE_LOG_ROWS_LEAST);
}

int reading_rows_settle(struct reading_room *room)
{
    int written = log_settle(room, 1, STATE_LOG_ROWS_LEAST);
    return written < 0 ? written : !log_is_empty(room->state_log);
}

static int device_settle(struct reading_room *room, uint32_t device_id)
{
    struct state_log *log = room->state_log;
    const struct reading_state *state = dense_array_at(&room->states, device_id);

    if (device_id / WORD_DEVICES >= log->word_count)
        return 0;
    int error = is_waiting(log, device_id) ? state_log_day_write(room, device_id, state) : 0;
    if (error != 0 || !is_behind(log, device_id))
        return error;
    if (undo_save(room->undo, &log->place, sizeof log->place) != 0)
        return READING_ERR_FULL;
    return row_write(room, device_id, state);
}

int reading_devices_settle(struct reading_room *room, const uint32_t *device_ids, uint32_t count)
{
    int error = 0;

    for (uint32_t i = 0; error == 0 && i < count; i++)
        error = device_settle(room, device_ids[i]);
    return error != 0 ? error : reading_settle(room);
}

int reading_row_settle(struct reading_room *room, uint32_t device_id)
{
    return reading_devices_settle(room, &device_id, 1);
}

void reading_waiting_walk(const struct reading_room *room, void (*visit)(void *visitor, uint32_t device_id), void *visitor)
{
    const struct state_log *log = room->state_log;

    for (uint32_t word = 0; word < log->word_count; word++)
        for (uint64_t waiting = log->waiting[word]; waiting != 0; waiting &= waiting - 1)
            visit(visitor, word * WORD_DEVICES + (uint32_t)__builtin_ctzll(waiting));
}

static int entry_load(struct reading_room *room, uint32_t device_id, bool waiting, const struct reading_state *state)
{
    struct reading_state *known = dense_array_reserve(&room->states, device_id);
    uint64_t bit = UINT64_C(1) << device_id % WORD_DEVICES;

    if (known == NULL)
        return READING_ERR_MEMORY;
    *known = *state;
    room->state_log->place.behind_count += !is_behind(room->state_log, device_id);
    room->state_log->behind[device_id / WORD_DEVICES] |= bit;
    room->state_log->waiting[device_id / WORD_DEVICES] &= ~bit;
    room->state_log->waiting[device_id / WORD_DEVICES] |= waiting ? bit : 0;
    return 0;
}

static int row_load(void *visitor, int64_t log_id, struct span bytes)
{
    struct reading_room *room = visitor;
    struct state_log *log = room->state_log;
    struct reader reader = reader_of_span(bytes);
    struct reading_state state;
    uint32_t head = 0;
    uint8_t version = 0;
    int found;

    if (reader_take_u8(&reader, &version) != 0 || (version != ROW_VERSION && version != ROW_VERSION_BEFORE))
        return READING_ERR_STORED;
    if (log_is_empty(log))
        log->place.dropped = log_id - 1;
    log->place.newest = log_id;
    log->found_newest = log_id;
    while ((found = state_log_take(&reader, &head, &state)) == 1) {
        uint32_t device_id = version == ROW_VERSION ? head >> 1 : head;
        bool waiting = version == ROW_VERSION && (head & 1) != 0;
        int error = device_id / WORD_DEVICES < log->word_count ? entry_load(room, device_id, waiting, &state) : READING_ERR_STORED;
        if (error != 0)
            return error;
    }
    return found;
}

int state_log_open(struct reading_room *room, uint32_t device_limit)
{
    struct state_log *log = calloc(1, sizeof *log);

    room->state_log = log;
    if (log == NULL)
        return READING_ERR_MEMORY;
    log->word_count = device_limit / WORD_DEVICES + 1;
    log->behind = calloc(log->word_count, sizeof *log->behind);
    log->waiting = calloc(log->word_count, sizeof *log->waiting);
    return log->behind == NULL || log->waiting == NULL ? READING_ERR_MEMORY : 0;
}

int state_log_load(struct reading_room *room)
{
    return room->store.state_log_walk(room->store.context, row_load, room);
}

void state_log_close(struct reading_room *room)
{
    if (room->state_log != NULL) {
        free(room->state_log->behind);
        free(room->state_log->waiting);
    }
    free(room->state_log);
}
