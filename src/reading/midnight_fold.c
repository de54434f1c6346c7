#include "reading/midnight_fold.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "reading/midnight_work.h"
#include "reading/reading_internal.h"

/* The block of a stretch and device, laid out in the work.
 * returns  1; 0 there is none, the days are empty; READING_ERR_STORED; negative of the store */
static int block_open(struct reading_room *room, uint32_t device_id, int32_t stretch)
{
    struct midnight_work *work = room->midnight_work;
    struct span parts[MIDNIGHT_PART_COUNT];

    midnight_days_clear(&work->days);
    work->block.device_id = device_id;
    work->block.stretch = stretch;
    int found = room->store.midnight_block_read(room->store.context, &work->block);
    if (found != 1)
        return found;
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        parts[part] = span_of_bytes(work->block.parts[part], work->block.sizes[part]);
    return midnight_block_decode(stretch, parts, &work->days) < 0 ? READING_ERR_STORED : 1;
}

static int block_close(struct reading_room *room)
{
    struct midnight_work *work = room->midnight_work;

    if (midnight_block_encode(&work->days, &work->block) != 0)
        return READING_ERR_STORED;
    return room->store.midnight_block_write(room->store.context, &work->block);
}

int midnight_fold_day(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out)
{
    if (day >= room->midnight_work->progress.before_day) /* no round has come so far yet */
        return 0;
    int found = block_open(room, device_id, midnight_block_stretch(day));
    if (found != 1)
        return found;
    return midnight_days_get(&room->midnight_work->days, day, out) ? 1 : 0;
}

int midnight_fold_mend(struct reading_room *room, uint32_t device_id, const struct reading_day *day)
{
    struct reading_day mended;
    int found = midnight_fold_day(room, device_id, day->day, &mended);

    if (found <= 0)
        return found < 0 ? found : READING_ERR_STORED;
    int64_t multiplier_e3 = mended.multiplier_e3;
    mended = *day;
    mended.multiplier_e3 = multiplier_e3;
    midnight_days_put(&room->midnight_work->days, &mended);
    return block_close(room);
}

static int row_order(const void *left, const void *right)
{
    const struct midnight_row *a = left;
    const struct midnight_row *b = right;

    if (a->device_id != b->device_id)
        return a->device_id < b->device_id ? -1 : 1;
    return (a->day.day > b->day.day) - (a->day.day < b->day.day);
}

/* Rows of one device and stretch. */
struct row_group {
    const struct midnight_row *rows;
    size_t count;
};

static struct row_group group_next(const struct midnight_row *rows, size_t count)
{
    struct row_group group = { rows, 1 };

    while (group.count < count && rows[group.count].device_id == rows[0].device_id &&
           midnight_block_stretch(rows[group.count].day.day) == midnight_block_stretch(rows[0].day.day))
        group.count++;
    return group;
}

/* returns  how many rows were laid, 0 when the block is damaged; negative of the store */
static int group_fold(struct reading_room *room, const struct row_group *group)
{
    struct midnight_work *work = room->midnight_work;
    int found = block_open(room, group->rows[0].device_id, midnight_block_stretch(group->rows[0].day.day));

    if (found == READING_ERR_STORED) {
        reading_damage_note(room, READING_DAMAGE_MIDNIGHTS, group->rows[0].device_id, group->rows[0].day.day);
        return 0;
    }
    if (found < 0)
        return found;
    for (size_t i = 0; i < group->count; i++)
        midnight_days_put(&work->days, &group->rows[i].day);
    int error = block_close(room);
    return error != 0 ? error : (int)group->count;
}

/* Lay the hand into blocks and remove the rows that were. */
static int hand_fold(struct reading_room *room, size_t count)
{
    struct midnight_work *work = room->midnight_work;
    size_t laid = 0;

    qsort(work->rows, count, sizeof work->rows[0], row_order);
    for (size_t from = 0; from < count;) {
        struct row_group group = group_next(work->rows + from, count - from);
        int folded = group_fold(room, &group);
        if (folded < 0)
            return folded;
        for (int i = 0; i < folded; i++)
            work->laid[laid++] = group.rows[i];
        from += group.count;
    }
    int error = laid > 0 ? room->store.midnights_delete(room->store.context, work->laid, laid) : 0;
    return error != 0 ? error : (int)laid;
}

/* A full hand may lack rows of its devices: they are looked at again, fewer at once. What stays in the hand of one device alone is
 * damaged, and left. */
static void slice_advance(struct midnight_work *work, struct fold_progress *progress, uint32_t last, int rows, int laid)
{
    bool full = rows == MIDNIGHT_WORK_ROWS;
    bool stuck = full && laid == 0 && last - progress->after_device <= 1;

    if (!full || stuck)
        progress->after_device = last;
    if (full && work->at_once > 1)
        work->at_once /= 2;
    else if (rows < MIDNIGHT_WORK_ROWS / 2 && work->at_once < FOLD_DEVICES_AT_ONCE)
        work->at_once *= 2;
}

static int devices_fold(struct reading_room *room, struct fold_progress *progress)
{
    struct midnight_work *work = room->midnight_work;
    uint32_t count = registry_device_count(room->registry);

    if (progress->after_device >= count) {
        progress->running = 0;
        return 0;
    }
    uint32_t last = count - progress->after_device > work->at_once ? progress->after_device + work->at_once : count;
    int rows = room->store.midnights_old(room->store.context, progress->after_device, last, progress->before_day, work->rows,
                                         MIDNIGHT_WORK_ROWS);
    int laid = rows <= 0 ? rows : hand_fold(room, (size_t)rows);
    if (laid >= 0)
        slice_advance(work, progress, last, rows, laid);
    return laid;
}

int midnight_fold_tick(struct reading_room *room, int64_t now_s)
{
    int32_t age_days = room->retention.midnight_row_days > 0 ? room->retention.midnight_row_days : MIDNIGHT_FOLD_AGE_DAYS;
    const struct fold_round round = { FOLD_MIDNIGHTS, age_days, devices_fold };

    return fold_round_tick(room, &round, &room->midnight_work->progress, now_s);
}
