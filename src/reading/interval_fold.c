#include "reading/interval_fold.h"

#include <string.h>

#include "base/calendar.h"
#include "reading/interval_work.h"
#include "reading/reading_internal.h"
#include "reading/series_block.h"

static const struct {
    enum series_period period;
    unsigned slots;
} steps[] = { { SERIES_HOUR, 4 }, { SERIES_HALF_HOUR, 2 }, { SERIES_QUARTER_HOUR, 1 } };

int32_t interval_fold_stretch(int32_t day)
{
    return day / INTERVAL_FOLD_DAYS;
}

int interval_fold_day(struct reading_room *room, struct interval_row *row, int32_t zone_offset_s, struct interval_day *day)
{
    struct interval_fold *fold = &room->fold_work->fold;

    if (row->day >= room->fold_work->progress.before_day) /* no round has come so far yet */
        return 0;
    fold->stretch = interval_fold_stretch(row->day);
    fold->device_id = row->device_id;
    fold->channel = row->channel;
    int found = room->store.interval_fold_read(room->store.context, fold);
    if (found != 1)
        return found;
    int values = interval_block_day(span_of_bytes(fold->block, fold->block_size), row->day, zone_offset_s, day);
    if (values <= 0)
        return values < 0 ? READING_ERR_STORED : 0;
    row->scale_e3 = fold->scale_e3;
    row->received_s = fold->received_s;
    return 1;
}

/* Rows of one device, channel and stretch. */
struct row_group {
    const struct interval_row *rows;
    size_t count;
    int32_t zone_offset_s;
};

static bool same_group(const struct interval_row *a, const struct interval_row *b)
{
    return a->device_id == b->device_id && a->channel == b->channel &&
           interval_fold_stretch(a->day) == interval_fold_stretch(b->day);
}

static struct interval_day *day_of(struct interval_work *work, int32_t day)
{
    return &work->days[day % INTERVAL_FOLD_DAYS];
}

/* The block of the group, all its days in the work; a new one when there is none. */
static int block_open(struct reading_room *room, const struct row_group *group)
{
    struct interval_work *work = room->fold_work;
    const struct interval_row *newest = &group->rows[group->count - 1];
    struct interval_fold *fold = &work->fold;
    int32_t first_day = interval_fold_stretch(newest->day) * INTERVAL_FOLD_DAYS;

    fold->stretch = interval_fold_stretch(newest->day);
    fold->device_id = newest->device_id;
    fold->channel = newest->channel;
    int found = room->store.interval_fold_read(room->store.context, fold);
    if (found < 0)
        return found;
    for (int32_t i = 0; i < INTERVAL_FOLD_DAYS; i++) {
        interval_day_clear(&work->days[i]);
        struct span block = span_of_bytes(fold->block, fold->block_size);
        if (found == 1 && interval_block_day(block, first_day + i, group->zone_offset_s, &work->days[i]) < 0)
            return READING_ERR_STORED;
    }
    if (found == 0) {
        fold->scale_e3 = newest->scale_e3;
        fold->received_s = 0;
    }
    return 0;
}

/* The longest period that holds every value. */
static unsigned step_choose(const struct interval_work *work, int32_t zone_offset_s, enum series_period *period)
{
    size_t pick = 0;
    for (; steps[pick].slots > 1; pick++) {
        bool fits = zone_offset_s % (int32_t)(steps[pick].slots * INTERVAL_SLOT_S) == 0;
        for (size_t i = 0; fits && i < INTERVAL_FOLD_SLOTS; i++)
            fits = (i + 1) % steps[pick].slots == 0 || work->days[i / INTERVAL_SLOTS].states[i % INTERVAL_SLOTS] == INTERVAL_GAP;
        if (fits)
            break;
    }
    *period = steps[pick].period;
    return steps[pick].slots;
}

static int block_close(struct reading_room *room, int32_t zone_offset_s)
{
    struct interval_work *work = room->fold_work;
    struct interval_fold *fold = &work->fold;
    enum series_period period;
    unsigned step = step_choose(work, zone_offset_s, &period);
    size_t count = INTERVAL_FOLD_SLOTS / step;
    int64_t begin_s = calendar_midnight((int64_t)fold->stretch * INTERVAL_FOLD_DAYS, zone_offset_s);

    for (size_t i = 0; i < count; i++) {
        size_t slot = (i + 1) * step - 1;
        work->values[i] = work->days[slot / INTERVAL_SLOTS].values[slot % INTERVAL_SLOTS];
        work->states[i] = work->days[slot / INTERVAL_SLOTS].states[slot % INTERVAL_SLOTS];
    }
    const struct series_stretch stretch = { period, begin_s / (INTERVAL_SLOT_S * (int64_t)step) + 1, count, work->values,
                                            work->states };
    int size = series_block_encode(&stretch, fold->block, sizeof fold->block);
    if (size < 0)
        return READING_ERR_STORED;
    fold->block_size = (size_t)size;
    return room->store.interval_fold_write(room->store.context, fold);
}

/* Lay the rows that count as the block does, and remove them; a damaged one stays and is told.
 * returns  how many; negative of the store */
static int rows_lay(struct reading_room *room, const struct row_group *group)
{
    struct interval_work *work = room->fold_work;
    int laid = 0;

    for (size_t i = 0; i < group->count; i++) {
        const struct interval_row *row = &group->rows[i];
        if (row->scale_e3 != work->fold.scale_e3)
            continue;
        struct interval_day day;
        if (interval_block_decode(row, group->zone_offset_s, &day) != 0) {
            reading_damage_note(room, READING_DAMAGE_INTERVALS, row->device_id, row->day);
            continue;
        }
        *day_of(work, row->day) = day;
        if (row->received_s > work->fold.received_s)
            work->fold.received_s = row->received_s;
        int error = room->store.interval_delete(room->store.context, row);
        if (error != 0)
            return error;
        laid++;
    }
    return laid;
}

/* returns  how many rows were laid, 0 when the block is damaged: it is told, and stays as it is; negative of the store */
static int group_fold(struct reading_room *room, const struct row_group *group)
{
    int error = block_open(room, group);
    if (error == READING_ERR_STORED) {
        reading_damage_note(room, READING_DAMAGE_INTERVALS, group->rows[0].device_id, group->rows[0].day);
        return 0;
    }
    if (error != 0)
        return error;
    int laid = rows_lay(room, group);
    if (laid > 0)
        error = block_close(room, group->zone_offset_s);
    return error != 0 ? error : laid;
}

static int rows_fold(struct reading_room *room, size_t count)
{
    const struct interval_row *rows = room->fold_work->rows;
    int folded = 0;

    for (size_t from = 0; from < count;) {
        size_t end = from + 1;
        while (end < count && same_group(&rows[from], &rows[end]))
            end++;
        struct row_group group = { rows + from, end - from, registry_zone_offset_s(room->registry, rows[from].device_id) };
        int laid = group_fold(room, &group);
        if (laid < 0)
            return laid;
        folded += laid;
        from = end;
    }
    return folded;
}

/* Rows of the last device in a full hand may be missing: it is done next time, unless it fills the hand alone. */
static size_t whole_devices(const struct interval_row *rows, size_t count, struct fold_progress *progress, uint32_t last)
{
    if (count < INTERVAL_WORK_ROWS) {
        progress->after_device = last;
        return count;
    }
    uint32_t device_id = rows[count - 1].device_id;
    size_t whole = count;
    while (whole > 0 && rows[whole - 1].device_id == device_id)
        whole--;
    progress->after_device = whole > 0 ? device_id - 1 : device_id;
    return whole > 0 ? whole : count;
}

static int devices_fold(struct reading_room *room, struct fold_progress *progress)
{
    struct interval_work *work = room->fold_work;
    uint32_t count = registry_device_count(room->registry);
    uint32_t last = count - progress->after_device > FOLD_DEVICES_AT_ONCE ? progress->after_device + FOLD_DEVICES_AT_ONCE : count;

    if (progress->after_device >= count) {
        progress->running = 0;
        return 0;
    }
    int rows = room->store.interval_rows(room->store.context, progress->after_device, last, progress->before_day, work->rows,
                                         INTERVAL_WORK_ROWS);
    if (rows < 0)
        return rows;
    return rows_fold(room, whole_devices(work->rows, (size_t)rows, progress, last));
}

int interval_fold_tick(struct reading_room *room, int64_t now_s)
{
    static const struct fold_round round = { FOLD_INTERVALS, INTERVAL_FOLD_AGE_DAYS, devices_fold };

    return fold_round_tick(room, &round, &room->fold_work->progress, now_s);
}
