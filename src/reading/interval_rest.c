#include "reading/interval_rest.h"

#include <string.h>

#include "base/calendar.h"
#include "reading/interval_fold.h"
#include "reading/reading_internal.h"

#define WALK_LIMIT 100000         /* rows of one device between two foldings: a year of days of 250 channels */
#define SLOT_LARGEST (INT64_C(1) << 40)

static const struct {
    enum series_period period;
    unsigned slots;
} steps[] = { { SERIES_HOUR, 4 }, { SERIES_HALF_HOUR, 2 }, { SERIES_QUARTER_HOUR, 1 } };

#define STEP_COUNT (sizeof steps / sizeof steps[0])

void interval_history_clear(struct interval_history *history)
{
    size_t count = (size_t)history->day_count * INTERVAL_ROW_SLOTS;
    memset(history->values, 0, count * sizeof history->values[0]);
    memset(history->states, SERIES_STATE_GAP, count);
    memset(history->scales, 0, (size_t)history->day_count * sizeof history->scales[0]);
}

static unsigned step_of(enum series_period period)
{
    for (size_t i = 0; i < STEP_COUNT; i++)
        if (steps[i].period == period)
            return steps[i].slots;
    return 0;
}

void interval_history_blank(struct interval_history *history, int32_t day)
{
    int64_t at = (int64_t)day - history->first_day;
    if (at < 0 || at >= history->day_count)
        return;
    memset(history->values + at * INTERVAL_ROW_SLOTS, 0, INTERVAL_ROW_SLOTS * sizeof history->values[0]);
    memset(history->states + at * INTERVAL_ROW_SLOTS, SERIES_STATE_GAP, INTERVAL_ROW_SLOTS);
    history->scales[at] = 0;
}

/* One value to its place; slot 0 of a history is the first quarter of its first day. */
static void slot_lay(struct interval_history *history, int64_t slot, int64_t value, uint8_t state, int64_t scale_e3)
{
    if (state == SERIES_STATE_GAP || slot < 0 || slot >= (int64_t)history->day_count * INTERVAL_ROW_SLOTS)
        return;
    history->values[slot] = value;
    history->states[slot] = state;
    history->scales[slot / INTERVAL_ROW_SLOTS] = scale_e3;
}

int interval_history_lay(struct interval_history *history, int32_t day, int64_t scale_e3, struct span bytes)
{
    struct series_head head;
    int64_t values[INTERVAL_MONTH_SLOTS];
    uint8_t states[INTERVAL_MONTH_SLOTS];
    int error = series_block_head(bytes, &head);
    if (error != 0)
        return error;
    unsigned step = step_of(head.period);
    if (step == 0 || head.count > INTERVAL_MONTH_SLOTS || head.first_slot < 0 || head.first_slot > SLOT_LARGEST)
        return BASE_ERR_RANGE;
    int present = series_block_decode(bytes, head.first_slot, head.count, values, states);
    if (present < 0)
        return present;
    interval_history_blank(history, day);
    int64_t from = head.first_slot * step - ((int64_t)history->first_day * INTERVAL_ROW_SLOTS + 1);
    for (size_t i = 0; i < head.count; i++)
        slot_lay(history, from + (int64_t)(i * step), values[i], states[i], scale_e3);
    return 0;
}

static bool step_fits(const struct interval_history *history, unsigned step)
{
    size_t count = (size_t)history->day_count * INTERVAL_ROW_SLOTS;
    for (size_t i = 0; i < count; i++)
        if ((i + 1) % step != 0 && history->states[i] != SERIES_STATE_GAP)
            return false;
    return true;
}

int interval_history_pack(struct interval_history *history, uint8_t *out, size_t capacity)
{
    size_t pick = 0;
    while (!step_fits(history, steps[pick].slots))
        pick++;
    unsigned step = steps[pick].slots;
    size_t count = (size_t)history->day_count * INTERVAL_ROW_SLOTS / step;
    for (size_t i = 0; i < count; i++) {
        history->values[i] = history->values[(i + 1) * step - 1];
        history->states[i] = history->states[(i + 1) * step - 1];
    }
    struct series_stretch stretch = { .period = steps[pick].period,
                                      .first_slot = (int64_t)history->first_day * INTERVAL_ROW_SLOTS / step + 1,
                                      .count = count, .values = history->values, .states = history->states };
    return series_block_encode(&stretch, out, capacity);
}

static struct interval_history history_of_row(struct interval_row *row)
{
    return (struct interval_history){ row->day, 1, row->values, row->states, &row->scale_e3 };
}

/* The device's rows from its newest back: 1 found; 0 not there, with *ended when blocks may have it. */
static int arrivals_find(struct reading_room *room, uint64_t newest, struct interval_row *row, bool *ended)
{
    struct interval_arrival *arrival = &room->fold_work->arrival;
    uint64_t before = UINT64_MAX;
    uint64_t id = newest;
    for (int i = 0; i < WALK_LIMIT && id != 0 && id < before; i++) {
        int found = room->store.intervals.arrival_read(room->store.context, id, arrival);
        if (found < 0)
            return found;
        if (found == 0 || arrival->device_id != row->device_id)
            break;
        if (arrival->channel == row->channel && arrival->day == row->day) {
            struct interval_history history = history_of_row(row);
            row->received_s = arrival->received_s;
            interval_history_clear(&history);
            if (interval_history_lay(&history, row->day, arrival->scale_e3, span_of_bytes(arrival->bytes, arrival->size)) != 0)
                return READING_ERR_STORED;
            row->scale_e3 = arrival->scale_e3;
            return 1;
        }
        *ended = arrival->prior_day >= row->day;
        if (!*ended)
            return 0;
        before = id;
        id = arrival->previous;
    }
    return 0;
}

static int blocks_find(struct reading_room *room, struct interval_row *row)
{
    struct interval_block *block = &room->fold_work->block;
    struct interval_row laid = *row;
    struct interval_history history = history_of_row(&laid);
    int found;
    interval_history_clear(&history);
    *block = (struct interval_block){ .month = interval_month_of_day(row->day), .device_id = row->device_id,
                                      .channel = row->channel, .scale_e3 = INT64_MIN };
    while ((found = room->store.intervals.block_next(room->store.context, block)) == 1) {
        if (interval_history_lay(&history, INTERVAL_HISTORY_BLOCK, block->scale_e3, span_of_bytes(block->bytes, block->size)) != 0)
            return READING_ERR_STORED;
        if (laid.scale_e3 == block->scale_e3)
            laid.received_s = block->received_s;
    }
    if (found < 0 || laid.scale_e3 == 0)
        return found;
    *row = laid;
    return 1;
}

int interval_rest_find(struct reading_room *room, struct interval_row *row)
{
    const struct reading_state *state = dense_array_at(&room->states, row->device_id);
    if (!state || state->newest_interval_day == 0 || row->day > state->newest_interval_day)
        return 0;
    bool ended = true;
    int found = arrivals_find(room, state->last_interval, row, &ended);
    return found == 0 && ended ? blocks_find(room, row) : found;
}

int interval_rest_keep(struct reading_room *room, const struct interval_row *row)
{
    struct interval_row packed = *row;
    struct interval_history history = history_of_row(&packed);
    struct interval_arrival *arrival = &room->fold_work->arrival;
    struct reading_state *state;
    int error = reading_state_touch(room, row->device_id, &state);
    if (error != 0)
        return error;
    *arrival = (struct interval_arrival){ .previous = state->last_interval, .device_id = row->device_id,
                                          .channel = row->channel, .day = row->day, .prior_day = state->newest_interval_day,
                                          .scale_e3 = row->scale_e3, .received_s = row->received_s };
    int size = interval_history_pack(&history, arrival->bytes, sizeof arrival->bytes);
    if (size < 0)
        return READING_ERR_STORED;
    arrival->size = (size_t)size;
    uint64_t id = 0;
    error = room->store.intervals.arrival_insert(room->store.context, arrival, &id);
    if (error != 0)
        return error;
    state->last_interval = id;
    if (row->day > state->newest_interval_day)
        state->newest_interval_day = row->day;
    return 0;
}
