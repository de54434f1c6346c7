#include "reading/interval_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "reading/reading_internal.h"

#define FOLD_EVERY_DAYS 7       /* a block is written anew as often as its month has such stretches */
#define DEVICES_LOOKED_AT 20000 /* in one tick, most of them without rows */
#define DEVICES_FOLDED 32       /* in one tick: some milliseconds; ten million take under four days */
#define ARRIVALS_DROPPED 4000
#define BLOCKS_DROPPED 500
#define YEAR_ZERO 1970
#define MONTHS_A_YEAR 12

/* The rows of one channel and month. */
struct fold_group {
    const struct interval_fold_row *rows;
    size_t count;
    uint32_t device_id;
};

int32_t interval_month_of_day(int32_t day)
{
    struct calendar_date date = calendar_date_of_day(day);
    return (date.year - YEAR_ZERO) * MONTHS_A_YEAR + date.month - 1;
}

/* By channel and month, and in each as they came. */
static int row_order(const void *a, const void *b)
{
    const struct interval_fold_row *first = a;
    const struct interval_fold_row *second = b;
    int32_t first_month = interval_month_of_day(first->day);
    int32_t second_month = interval_month_of_day(second->day);
    if (first->channel != second->channel)
        return first->channel < second->channel ? -1 : 1;
    if (first_month != second_month)
        return first_month < second_month ? -1 : 1;
    return (first->arrival_id > second->arrival_id) - (first->arrival_id < second->arrival_id);
}

/* The oldest rows of a device up to `until`, at most INTERVAL_FOLD_ROWS, in any order.
 * newer   the row after the newest of them that still names one of them, 0 none: there are more than fit
 * returns how many; negative of the store */
static int rows_gather(struct reading_room *room, uint32_t device_id, uint64_t newest, uint64_t until, uint64_t *newer)
{
    struct interval_fold_work *work = room->fold_work;
    uint64_t before = UINT64_MAX;
    size_t count = 0;
    *newer = 0;
    for (uint64_t id = newest; id != 0 && id < before; id = work->arrival.previous) {
        int found = room->store.intervals.arrival_look(room->store.context, id, &work->arrival);
        if (found < 0)
            return found;
        if (found == 0 || work->arrival.device_id != device_id)
            break;
        before = id;
        if (id > until)
            continue;
        struct interval_fold_row *place = &work->rows[count % INTERVAL_FOLD_ROWS];
        if (count >= INTERVAL_FOLD_ROWS)
            *newer = place->arrival_id;
        *place = (struct interval_fold_row){ id, work->arrival.scale_e3, work->arrival.channel, work->arrival.day };
        count++;
    }
    return (int)(count < INTERVAL_FOLD_ROWS ? count : INTERVAL_FOLD_ROWS);
}

/* The smallest scale above `after` of the group's rows and of its blocks: 1; 0 none. */
static int scale_next(struct reading_room *room, const struct fold_group *group, int64_t after, int64_t *scale_e3)
{
    struct interval_block *block = &room->fold_work->block;
    block->month = interval_month_of_day(group->rows[0].day);
    block->device_id = group->device_id;
    block->channel = group->rows[0].channel;
    block->scale_e3 = after;
    int found = room->store.intervals.block_next(room->store.context, block);
    if (found < 0)
        return found;
    bool any = found == 1;
    block->size = any ? block->size : 0;
    *scale_e3 = any ? block->scale_e3 : INT64_MAX;
    for (size_t i = 0; i < group->count; i++) {
        int64_t scale = group->rows[i].scale_e3;
        if (scale > after && (!any || scale < *scale_e3)) {
            *scale_e3 = scale;
            block->size = 0;
            any = true;
        }
    }
    return any;
}

/* The group's rows of one scale over the block of that scale, which lies in the work; a day that a row says anew with
 * another scale leaves this block. */
static int rows_lay(struct reading_room *room, const struct fold_group *group, struct interval_history *history,
                    int64_t scale_e3)
{
    struct interval_fold_work *work = room->fold_work;
    struct interval_block *block = &work->block;
    if (block->size > 0 &&
        interval_history_lay(history, INTERVAL_HISTORY_BLOCK, scale_e3, span_of_bytes(block->bytes, block->size)) != 0)
        return READING_ERR_STORED;
    if (block->size == 0)
        block->received_s = 0;
    for (size_t i = 0; i < group->count; i++) {
        interval_history_blank(history, group->rows[i].day);
        if (group->rows[i].scale_e3 != scale_e3)
            continue;
        int found = room->store.intervals.arrival_read(room->store.context, group->rows[i].arrival_id, &work->arrival);
        if (found != 1)
            return found < 0 ? found : READING_ERR_STORED;
        struct span bytes = span_of_bytes(work->arrival.bytes, work->arrival.size);
        if (interval_history_lay(history, group->rows[i].day, scale_e3, bytes) != 0)
            return READING_ERR_STORED;
        if (work->arrival.received_s > block->received_s)
            block->received_s = work->arrival.received_s;
    }
    return 0;
}

static int block_put(struct reading_room *room, struct interval_history *history, int64_t scale_e3)
{
    struct interval_block *block = &room->fold_work->block;
    bool empty = span_is_filled(span_of_bytes(history->states, (size_t)history->day_count * INTERVAL_ROW_SLOTS),
                                SERIES_STATE_GAP);
    block->scale_e3 = scale_e3;
    if (empty)
        return room->store.intervals.block_delete(room->store.context, block);
    int size = interval_history_pack(history, block->bytes, sizeof block->bytes);
    if (size < 0)
        return READING_ERR_STORED;
    block->size = (size_t)size;
    return room->store.intervals.block_write(room->store.context, block);
}

static int group_fold(struct reading_room *room, const struct fold_group *group)
{
    struct interval_fold_work *work = room->fold_work;
    int64_t first_day = calendar_month_start(group->rows[0].day);
    struct interval_history history = { (int32_t)first_day, (int32_t)(calendar_month_start_after(first_day, 1) - first_day),
                                        work->values, work->states, work->scales };
    int64_t scale_e3 = INT64_MIN;
    int found;
    while ((found = scale_next(room, group, scale_e3, &scale_e3)) == 1) {
        interval_history_clear(&history);
        int error = rows_lay(room, group, &history, scale_e3);
        if (error == 0)
            error = block_put(room, &history, scale_e3);
        if (error != 0)
            return error;
    }
    return found;
}

static int rows_fold(struct reading_room *room, uint32_t device_id, size_t count)
{
    struct interval_fold_row *rows = room->fold_work->rows;
    qsort(rows, count, sizeof rows[0], row_order);
    for (size_t from = 0; from < count;) {
        size_t end = from + 1;
        while (end < count && rows[end].channel == rows[from].channel &&
               interval_month_of_day(rows[end].day) == interval_month_of_day(rows[from].day))
            end++;
        struct fold_group group = { rows + from, end - from, device_id };
        int error = group_fold(room, &group);
        if (error != 0)
            return error;
        from = end;
    }
    return 0;
}

/* 1 the device is done; 0 it has more rows; negative of the store. */
static int device_fold(struct reading_room *room, uint32_t device_id, uint64_t newest)
{
    uint64_t newer;
    int count = rows_gather(room, device_id, newest, room->fold_work->fold.until_arrival, &newer);
    if (count <= 0)
        return count < 0 ? count : 1;
    int error = rows_fold(room, device_id, (size_t)count);
    if (error == 0 && newer != 0)
        error = room->store.intervals.arrival_cut(room->store.context, newer);
    return error != 0 ? error : newer == 0;
}

/* returns  devices folded; the fold stands behind the last one, or at the next stage */
static int devices_fold(struct reading_room *room, struct interval_fold *fold)
{
    uint32_t last = registry_device_count(room->registry);
    int folded = 0;
    for (int looked = 0; looked < DEVICES_LOOKED_AT && folded < DEVICES_FOLDED; looked++) {
        if (fold->after_device >= last) {
            fold->stage = INTERVAL_FOLD_DROP;
            break;
        }
        const struct reading_state *state = dense_array_at(&room->states, fold->after_device + 1);
        if (state && state->last_interval != 0) {
            int done = device_fold(room, fold->after_device + 1, state->last_interval);
            if (done < 0)
                return done;
            folded++;
            if (done == 0)
                continue;
        }
        fold->after_device++;
    }
    return folded;
}

static int fold_begin(struct reading_room *room, struct interval_fold *fold, int32_t today)
{
    if (today - fold->started_day < FOLD_EVERY_DAYS && today >= fold->started_day)
        return 0;
    int error = room->store.intervals.arrival_newest(room->store.context, &fold->until_arrival);
    if (error != 0)
        return error;
    fold->started_day = today;
    fold->after_device = 0;
    fold->stage = fold->until_arrival != 0 ? INTERVAL_FOLD_DEVICES : INTERVAL_FOLD_IDLE;
    return 1;
}

/* The newest folded row stays: numbers of rows that are gone never come again. */
static int arrivals_drop(struct reading_room *room, struct interval_fold *fold)
{
    int dropped = room->store.intervals.arrivals_drop(room->store.context, fold->until_arrival, ARRIVALS_DROPPED);
    if (dropped == 0)
        fold->stage = INTERVAL_FOLD_IDLE;
    return dropped;
}

static int fold_step(struct reading_room *room, struct interval_fold *fold, int32_t today)
{
    switch ((enum interval_fold_stage)fold->stage) {
    case INTERVAL_FOLD_DEVICES:
        return devices_fold(room, fold);
    case INTERVAL_FOLD_DROP:
        return arrivals_drop(room, fold);
    case INTERVAL_FOLD_IDLE:
        break;
    }
    return fold_begin(room, fold, today);
}

static bool fold_same(const struct interval_fold *a, const struct interval_fold *b)
{
    return a->until_arrival == b->until_arrival && a->after_device == b->after_device &&
           a->started_day == b->started_day && a->stage == b->stage;
}

/* Months that are kept no longer, once a month and then until nothing is left. */
static int months_drop(struct reading_room *room, int32_t today, int32_t keep_months)
{
    int32_t before = interval_month_of_day(today) - keep_months;
    if (keep_months <= 0 || before <= room->fold_work->dropped_month)
        return 0;
    int dropped = room->store.intervals.blocks_drop(room->store.context, before, BLOCKS_DROPPED);
    if (dropped == 0)
        room->fold_work->dropped_month = before;
    return dropped;
}

int interval_rest_tick(struct reading_room *room, int64_t now_s, int32_t keep_months)
{
    int32_t today = (int32_t)calendar_local_day(now_s, 0);
    struct interval_fold fold = room->fold_work->fold;
    int done = fold_step(room, &fold, today);
    if (done < 0)
        return done;
    if (!fold_same(&fold, &room->fold_work->fold)) {
        if (undo_save(room->undo, &room->fold_work->fold, sizeof fold) != 0)
            return READING_ERR_FULL;
        int error = room->store.intervals.fold_write(room->store.context, &fold);
        if (error != 0)
            return error;
        room->fold_work->fold = fold;
    }
    int dropped = months_drop(room, today, keep_months);
    return dropped < 0 ? dropped : done + dropped;
}
