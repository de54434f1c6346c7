#include "reading/retention.h"

#include "base/calendar.h"
#include "reading/reading_internal.h"

#define READ_AGAIN_S 3600
#define ROWS_DROPPED 400 /* of a kind, at once */

static const struct {
    const char *setting;
    int32_t standard_days;
} kinds[RETENTION_KIND_COUNT] = {
    [RETENTION_MIDNIGHTS] = { "daily_keep_days", 36500 },
    [RETENTION_INTERVALS] = { "interval_keep_days", 1096 },
    [RETENTION_REGISTERS] = { "register_keep_days", READING_REGISTER_KEEP_DAYS },
    [RETENTION_FRAMES] = { "frame_keep_days", 90 },
    [RETENTION_EVENTS] = { "event_keep_days", 1096 },
};

const char *retention_setting(enum retention_kind kind)
{
    return kinds[kind].setting;
}

int32_t retention_standard_days(enum retention_kind kind)
{
    return kinds[kind].standard_days;
}

static int64_t before_of(const struct reading_room *room, int kind, int64_t now_s)
{
    int64_t before_s = now_s - room->retention.days[kind] * (int64_t)CALENDAR_DAY_S;

    return before_s > 0 ? before_s : 0;
}

/* returns  parts dropped */
static int parts_keep(struct reading_room *room, int64_t now_s)
{
    int dropped = 0;

    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        int gone = room->store.retention_parts(room->store.context, (enum retention_kind)kind, now_s, before_of(room, kind, now_s));
        if (gone < 0)
            return gone;
        dropped += gone;
    }
    return dropped;
}

static bool reads_again(const struct retention *retention, int64_t now_s)
{
    return retention->read_s == 0 || now_s < retention->read_s || now_s - retention->read_s >= READ_AGAIN_S;
}

static int settings_read(struct reading_room *room, int64_t now_s)
{
    struct retention *retention = &room->retention;

    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        int error = room->store.retention_read(room->store.context, kinds[kind].setting, kinds[kind].standard_days,
                                               &retention->days[kind]);
        if (error != 0)
            return error;
    }
    int error = room->store.retention_read(room->store.context, MIDNIGHT_FOLD_SETTING, MIDNIGHT_FOLD_AGE_DAYS,
                                           &retention->midnight_row_days);
    if (error == 0)
        retention->read_s = now_s;
    return error;
}

int retention_tick(struct reading_room *room, int64_t now_s)
{
    bool again = reads_again(&room->retention, now_s);
    int error = again ? settings_read(room, now_s) : 0;
    int dropped = again && error == 0 ? parts_keep(room, now_s) : 0;

    if (error != 0 || dropped < 0)
        return error != 0 ? error : dropped;
    for (int kind = 0; kind < RETENTION_KIND_COUNT; kind++) {
        if (kind == RETENTION_REGISTERS) /* keyed by device: reading_tick goes round its channels */
            continue;
        int64_t before_s = before_of(room, kind, now_s);
        int rows = before_s == 0 ? 0 : room->store.retention_trim(room->store.context, (enum retention_kind)kind, before_s,
                                                                  ROWS_DROPPED);
        if (rows < 0)
            return rows;
        dropped += rows;
    }
    return dropped;
}
