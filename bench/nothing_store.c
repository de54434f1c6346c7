#include "bench/nothing_store.h"

static int nothing_state(void *context, uint32_t device_id, const struct reading_state *state)
{
    (void)context;
    (void)device_id;
    (void)state;
    return 0;
}

static int nothing_log(void *context, int64_t log_id, struct span states)
{
    (void)context;
    (void)log_id;
    (void)states;
    return 0;
}

static int nothing_day(void *context, uint32_t device_id, const struct reading_day *day)
{
    (void)context;
    (void)device_id;
    (void)day;
    return 0;
}

static int nothing_area(void *context, const struct reading_area_day *gain)
{
    (void)context;
    (void)gain;
    return 0;
}

static int nothing_frame(void *context, const struct reading_frame *frame, uint64_t *id)
{
    (void)context;
    *id = frame->previous_frame + 1;
    return 0;
}

static int nothing_standing(void *context, uint32_t device_id, const struct interval_standing *standing)
{
    (void)context;
    (void)device_id;
    (void)standing;
    return 0;
}

static int nothing_found(void *context, struct interval_row *row)
{
    (void)context;
    (void)row;
    return 0;
}

static int nothing_written(void *context, const struct interval_row *row)
{
    (void)context;
    (void)row;
    return 0;
}

void nothing_store_make(struct reading_store *store)
{
    store->state_write = nothing_state;
    store->state_log_append = nothing_log;
    store->day_insert = nothing_day;
    store->area_day_add = nothing_area;
    store->frame_insert = nothing_frame;
    store->interval_read = nothing_found;
    store->interval_write = nothing_written;
    store->standing_write = nothing_standing;
}
