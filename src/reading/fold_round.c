#include "reading/fold_round.h"

#include "base/calendar.h"
#include "reading/reading_internal.h"

#define ROUND_DAYS 7 /* between the beginnings of two rounds */

static int round_step(struct reading_room *room, const struct fold_round *round, struct fold_progress *progress, int32_t today)
{
    int32_t before_day = today - round->age_days;

    if (progress->running)
        return round->devices_fold(room, progress);
    if (today >= progress->begun_day && today - progress->begun_day < ROUND_DAYS)
        return 0;
    /* A day that is folded stays so when younger ones shall be left. */
    *progress = (struct fold_progress){ before_day > progress->before_day ? before_day : progress->before_day, today, 0, 1 };
    return 0;
}

int fold_round_tick(struct reading_room *room, const struct fold_round *round, struct fold_progress *known, int64_t now_s)
{
    struct fold_progress progress = *known;
    int folded = round_step(room, round, &progress, (int32_t)(now_s / CALENDAR_DAY_S));

    if (folded < 0 || (progress.after_device == known->after_device && progress.running == known->running &&
                       progress.begun_day == known->begun_day))
        return folded;
    if (undo_save(room->undo, known, sizeof *known) != 0)
        return READING_ERR_FULL;
    int error = room->store.fold_progress_write(room->store.context, round->kind, &progress);
    if (error != 0)
        return error;
    *known = progress;
    return folded;
}
