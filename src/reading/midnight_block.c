#include "reading/midnight_block.h"

#include <string.h>

#include "base/calendar.h"
#include "reading/reading_internal.h"
#include "reading/series_block.h"

#define ARRIVAL_WHOLE 254 /* the state of an arrival that is not split */

int32_t midnight_block_stretch(int32_t day)
{
    return day / MIDNIGHT_BLOCK_DAYS;
}

void midnight_days_clear(struct midnight_days *days)
{
    memset(days, 0, sizeof *days);
    memset(days->quality, SERIES_STATE_GAP, sizeof days->quality);
}

void midnight_days_put(struct midnight_days *days, const struct reading_day *day)
{
    size_t at = (size_t)(day->day % MIDNIGHT_BLOCK_DAYS);

    days->register_value[at] = day->register_value;
    days->total_value[at] = day->total_value;
    days->multiplier_e3[at] = day->multiplier_e3;
    days->received_s[at] = day->received_s;
    days->quality[at] = (uint8_t)day->quality;
}

bool midnight_days_get(const struct midnight_days *days, int32_t day, struct reading_day *out)
{
    size_t at = (size_t)(day % MIDNIGHT_BLOCK_DAYS);

    if (days->quality[at] == SERIES_STATE_GAP)
        return false;
    *out = (struct reading_day){
        .register_value = days->register_value[at],
        .total_value = days->total_value[at],
        .received_s = days->received_s[at],
        .multiplier_e3 = days->multiplier_e3[at],
        .day = day,
        .quality = days->quality[at],
    };
    return true;
}

/* 00:00 UTC of a slot of the stretch, by the number of its day. */
static int64_t slot_s(int32_t stretch, size_t at)
{
    return ((int64_t)stretch * MIDNIGHT_BLOCK_DAYS + (int64_t)at) * CALENDAR_DAY_S;
}

/* What the total has more than the scaled dial; adding it again gives the total, also where that leaves 64 bits. */
static uint64_t total_offset(const struct midnight_days *days, size_t at)
{
    return (uint64_t)days->total_value[at] -
           (uint64_t)reading_place_value(days->register_value[at], days->multiplier_e3[at]);
}

/* An arrival as its part keeps it. */
static int64_t arrival_split(int64_t received_s, int64_t day_s, uint8_t *state)
{
    int64_t after_s = (int64_t)((uint64_t)received_s - (uint64_t)day_s);

    *state = ARRIVAL_WHOLE;
    if (after_s < -CALENDAR_DAY_S || after_s >= (ARRIVAL_WHOLE - 1) * (int64_t)CALENDAR_DAY_S)
        return after_s;
    after_s += CALENDAR_DAY_S;
    *state = (uint8_t)(after_s / CALENDAR_DAY_S);
    return after_s % CALENDAR_DAY_S;
}

static int64_t arrival_join(int64_t value, uint8_t state, int64_t day_s)
{
    int64_t days_s = state == ARRIVAL_WHOLE ? 0 : (state - 1) * (int64_t)CALENDAR_DAY_S;
    return (int64_t)((uint64_t)value + (uint64_t)days_s + (uint64_t)day_s);
}

/* What a part says of a day; the state is 0 but in registers and arrivals. */
static int64_t part_value(const struct midnight_days *days, int32_t stretch, enum midnight_part part, size_t at, uint8_t *state)
{
    *state = 0;
    switch (part) {
    case MIDNIGHT_TOTALS:
        return (int64_t)total_offset(days, at);
    case MIDNIGHT_RATIOS:
        return days->multiplier_e3[at];
    case MIDNIGHT_ARRIVALS:
        return arrival_split(days->received_s[at], slot_s(stretch, at), state);
    case MIDNIGHT_REGISTERS:
    case MIDNIGHT_PART_COUNT:
        break;
    }
    *state = days->quality[at];
    return days->register_value[at];
}

static size_t first_known(const struct midnight_days *days)
{
    size_t at = 0;
    while (at < MIDNIGHT_BLOCK_DAYS && days->quality[at] == SERIES_STATE_GAP)
        at++;
    return at;
}

static const struct {
    int64_t usual; /* what an empty part stands for */
    bool may_be_empty;
    bool has_states;
} part_rows[MIDNIGHT_PART_COUNT] = {
    [MIDNIGHT_REGISTERS] = { 0, false, true },
    [MIDNIGHT_TOTALS] = { 0, true, false },
    [MIDNIGHT_RATIOS] = { REGISTRY_MULTIPLIER_NONE_E3, true, false },
    [MIDNIGHT_ARRIVALS] = { 0, false, true },
};

/* A part laid out; a day without a midnight repeats the one before it, those in front the first.
 * returns  whether all values are as usual */
static bool part_lay(const struct midnight_days *days, int32_t stretch, enum midnight_part part,
                     int64_t values[MIDNIGHT_BLOCK_DAYS], uint8_t states[MIDNIGHT_BLOCK_DAYS])
{
    size_t first = first_known(days);
    int64_t last = part_rows[part].usual;
    uint8_t state = 0;
    bool plain = true;

    if (first < MIDNIGHT_BLOCK_DAYS)
        last = part_value(days, stretch, part, first, &state);
    for (size_t at = 0; at < MIDNIGHT_BLOCK_DAYS; at++) {
        if (days->quality[at] != SERIES_STATE_GAP)
            last = part_value(days, stretch, part, at, &state);
        values[at] = last;
        states[at] = part == MIDNIGHT_REGISTERS ? days->quality[at] : state;
        plain = plain && last == part_rows[part].usual;
    }
    return plain;
}

int midnight_block_encode(const struct midnight_days *days, struct midnight_block *block)
{
    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++) {
        int64_t values[MIDNIGHT_BLOCK_DAYS];
        uint8_t states[MIDNIGHT_BLOCK_DAYS];
        bool plain = part_lay(days, block->stretch, (enum midnight_part)part, values, states);
        const struct series_stretch stretch = {
            SERIES_DAY, (int64_t)block->stretch * MIDNIGHT_BLOCK_DAYS, MIDNIGHT_BLOCK_DAYS, values,
            part_rows[part].has_states ? states : NULL,
        };
        int size = plain && part_rows[part].may_be_empty
                       ? 0
                       : series_block_encode(&stretch, block->parts[part], sizeof block->parts[part]);
        if (size < 0)
            return size;
        block->sizes[part] = (size_t)size;
    }
    return 0;
}

/* One part laid out again. Only registers has gaps. */
static int part_decode(int32_t stretch, enum midnight_part part, struct span bytes, int64_t *values, uint8_t *states)
{
    int64_t first_slot = (int64_t)stretch * MIDNIGHT_BLOCK_DAYS;
    struct series_head head;

    if (bytes.size == 0 && part_rows[part].may_be_empty) {
        for (size_t at = 0; at < MIDNIGHT_BLOCK_DAYS; at++)
            values[at] = part_rows[part].usual;
        return MIDNIGHT_BLOCK_DAYS;
    }
    int error = series_block_head(bytes, &head);
    if (error != 0)
        return error;
    if (head.period != SERIES_DAY || head.first_slot != first_slot || head.count != MIDNIGHT_BLOCK_DAYS)
        return BASE_ERR_RANGE;
    int found = series_block_decode(bytes, first_slot, MIDNIGHT_BLOCK_DAYS, values, states);
    return found >= 0 && found < MIDNIGHT_BLOCK_DAYS && part != MIDNIGHT_REGISTERS ? BASE_ERR_RANGE : found;
}

int midnight_block_decode(int32_t stretch, const struct span parts[MIDNIGHT_PART_COUNT], struct midnight_days *out)
{
    int64_t *const columns[MIDNIGHT_PART_COUNT] = { out->register_value, out->total_value, out->multiplier_e3, out->received_s };
    uint8_t states[MIDNIGHT_BLOCK_DAYS]; /* at last, of arrivals */
    int known = 0;

    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++) {
        int found = part_decode(stretch, (enum midnight_part)part, parts[part], columns[part],
                                part == MIDNIGHT_REGISTERS ? out->quality : states);
        if (found < 0)
            return found;
        known = part == MIDNIGHT_REGISTERS ? found : known;
    }
    for (size_t at = 0; at < MIDNIGHT_BLOCK_DAYS; at++) {
        out->total_value[at] = (int64_t)((uint64_t)out->total_value[at] +
                                         (uint64_t)reading_place_value(out->register_value[at], out->multiplier_e3[at]));
        out->received_s[at] = arrival_join(out->received_s[at], states[at], slot_s(stretch, at));
    }
    return known;
}
