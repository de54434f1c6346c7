#include "reading/interval_block.h"

#include "base/calendar.h"
#include "reading/series_block.h"

static enum series_period period_of(unsigned slots)
{
    return slots == 4 ? SERIES_HOUR : slots == 2 ? SERIES_HALF_HOUR : SERIES_QUARTER_HOUR;
}

static unsigned slots_of(enum series_period period)
{
    return period == SERIES_HOUR ? 4 : period == SERIES_HALF_HOUR ? 2 : period == SERIES_QUARTER_HOUR ? 1 : 0;
}

/* The slot of the first instant of a day that keeps so many quarters together. */
static int64_t first_slot(int32_t day, int32_t zone_offset_s, unsigned slots)
{
    int64_t period_s = (int64_t)slots * INTERVAL_SLOT_S;
    return calendar_midnight(day, zone_offset_s) / period_s + 1;
}

int interval_block_encode(const struct interval_day *day, int32_t day_number, int32_t zone_offset_s,
                          unsigned period_slots, struct interval_row *row)
{
    int64_t values[INTERVAL_SLOTS];
    uint8_t states[INTERVAL_SLOTS];
    unsigned slots = zone_offset_s % (int32_t)(period_slots * INTERVAL_SLOT_S) == 0 ? period_slots : 1;
    unsigned count = INTERVAL_SLOTS / slots;
    bool plain = true;

    for (unsigned i = 0; i < count; i++) {
        values[i] = day->values[(i + 1) * slots - 1];
        states[i] = day->states[(i + 1) * slots - 1];
        plain = plain && states[i] == INTERVAL_GOOD;
    }
    const struct series_stretch stretch = { period_of(slots), first_slot(day_number, zone_offset_s, slots), count, values,
                                            plain ? NULL : states };
    int size = series_block_encode(&stretch, row->block, sizeof row->block);
    if (size < 0)
        return size;
    row->block_size = (size_t)size;
    return 0;
}

int interval_block_day(struct span block, int32_t day, int32_t zone_offset_s, struct interval_day *out)
{
    struct series_head head;
    int64_t values[INTERVAL_SLOTS];
    uint8_t states[INTERVAL_SLOTS];

    int error = series_block_head(block, &head);
    if (error != 0)
        return error;
    unsigned slots = slots_of(head.period);
    if (slots == 0)
        return BASE_ERR_RANGE;
    unsigned count = INTERVAL_SLOTS / slots;
    int found = series_block_decode(block, first_slot(day, zone_offset_s, slots), count, values, states);
    if (found < 0)
        return found;
    interval_day_clear(out);
    for (unsigned i = 0; i < count; i++) {
        out->values[(i + 1) * slots - 1] = values[i];
        out->states[(i + 1) * slots - 1] = states[i];
    }
    return found;
}

int interval_block_decode(const struct interval_row *row, int32_t zone_offset_s, struct interval_day *out)
{
    struct span block = span_of_bytes(row->block, row->block_size);
    struct series_head head;

    int error = series_block_head(block, &head);
    if (error != 0)
        return error;
    unsigned slots = slots_of(head.period);
    if (slots == 0 || head.count != INTERVAL_SLOTS / slots ||
        head.first_slot != first_slot(row->day, zone_offset_s, slots))
        return BASE_ERR_RANGE;
    int found = interval_block_day(block, row->day, zone_offset_s, out);
    return found < 0 ? found : 0;
}
