#include "reading/reading_interval.h"

#include <string.h>

#include "base/calendar.h"
#include "reading/interval_block.h"

#define LOW_BITS 32

bool reading_interval_fits(const struct reading_registers *in, uint32_t channel, int64_t time_s)
{
    enum quantity quantity = (enum quantity)(channel >> 16);
    return time_s % INTERVAL_SLOT_S == 0 && in->zone_offset_s % INTERVAL_SLOT_S == 0 && (channel & 0xff) == 0 &&
           reading_register_cumulative(quantity);
}

/* The full value of a register of which the low 32 bits are remembered, nearest to one that is known. */
static int64_t register_near(uint32_t low, int64_t near)
{
    int64_t span = INT64_C(1) << LOW_BITS;
    int64_t value = (near & ~(span - 1)) | low;
    if (value - near > span / 2)
        value -= span;
    else if (near - value > span / 2)
        value += span;
    return value;
}

/* The dial at a stored midnight: mostly from memory.
 * returns  1 and *value; 0 when it is missing; negative of the store */
static int midnight_find(const struct reading_registers *in, int32_t day, int64_t near, int64_t *value)
{
    const struct reading_state *state = in->state;
    struct reading_day stored;
    if (!reading_day_known(state, day))
        return 0;
    if (day == state->newest_day) {
        *value = state->newest_register_value;
        return 1;
    }
    if (state->newest_day - day < READING_RECENT_DAYS) {
        *value = register_near(state->recent_register[day % READING_RECENT_DAYS], near);
        return 1;
    }
    int found = reading_day_read(in->room, in->device->device_id, day, &stored);
    if (found == 1)
        *value = stored.register_value;
    return found;
}

/* Midnights are those of the main register; another one has only its own values. */
static int bounds_fill(const struct reading_registers *in, const struct interval_row *row,
                       const struct interval_day *day, struct interval_bounds *bounds)
{
    uint32_t main_channel = reading_register_channel(registry_device_quantity(in->device), 0, 0);
    int64_t near = 0;

    *bounds = interval_bounds_of(in->device);
    if (row->channel != main_channel)
        return 0;
    for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++)
        if (day->states[slot] != INTERVAL_GAP)
            near = day->values[slot];
    for (int end = 0; end < 2; end++) {
        int found = midnight_find(in, row->day + end, near, &bounds->midnight_values[end]);
        if (found < 0)
            return found;
        bounds->midnight_known[end] = found == 1;
    }
    return 0;
}

static int conflicts_keep(struct reading_registers *in, const struct interval_row *row,
                          const uint32_t displaced[INTERVAL_SLOTS / 32], const int64_t others[INTERVAL_SLOTS])
{
    int64_t start_s = calendar_midnight(row->day, in->zone_offset_s);

    for (unsigned slot = 0; slot < INTERVAL_SLOTS; slot++) {
        if ((displaced[slot / 32] >> slot % 32 & 1) == 0)
            continue;
        struct reading_register other = { .device_id = row->device_id, .channel = row->channel,
                                          .time_s = start_s + (int64_t)(slot + 1) * INTERVAL_SLOT_S,
                                          .value = others[slot], .received_s = in->received_s };
        int added = in->room->store.conflict_insert(in->room->store.context, &other);
        if (added < 0)
            return added;
        in->outcome->register_conflict_count = (uint8_t)(in->outcome->register_conflict_count + added);
    }
    return 0;
}

/* People and re-reading look at the main register alone. */
static int standing_note(struct reading_registers *in, const struct interval_row *row,
                         const struct interval_summary *summary)
{
    struct reading_room *room = in->room;
    if (row->channel != reading_register_channel(registry_device_quantity(in->device), 0, 0))
        return 0;
    struct interval_standing *standing = dense_array_reserve(&room->standings, row->device_id);
    if (!standing)
        return READING_ERR_MEMORY;
    struct interval_standing noted = *standing;
    if (!interval_standing_note(&noted, row->day, summary))
        return 0;
    if (undo_save(room->undo, standing, sizeof *standing) != 0)
        return READING_ERR_FULL;
    *standing = noted;
    return room->store.standing_write(room->store.context, row->device_id, standing);
}

/* Everything that is known of a day, judged, into its row. */
static int day_store(struct reading_registers *in, struct interval_row *row, struct interval_day *day)
{
    const struct reading_store *store = &in->room->store;
    struct interval_bounds bounds;
    struct interval_summary summary;
    int error = bounds_fill(in, row, day, &bounds);

    if (error != 0)
        return error;
    interval_day_judge(&bounds, day, &summary);
    row->missing = summary.missing;
    row->refused = summary.refused;
    row->sum = summary.sum_differs ? INTERVAL_SUM_DIFFERS : summary.sum_checked ? INTERVAL_SUM_AGREES : INTERVAL_SUM_OPEN;
    row->received_s = in->received_s;
    in->outcome->interval_refused_count = (uint16_t)(in->outcome->interval_refused_count + summary.refused);
    if (interval_block_encode(day, row->day, in->zone_offset_s, summary.period_slots, row) != 0)
        return READING_ERR_STORED;
    error = store->interval_write(store->context, row);
    return error != 0 ? error : standing_note(in, row, &summary);
}

/* A part of a day, or the whole of it. */
static int day_take(struct reading_registers *in, uint32_t channel, int32_t day, const struct interval_day *fresh)
{
    const struct reading_store *store = &in->room->store;
    struct interval_row row = { .device_id = in->device->device_id, .channel = channel, .day = day };
    struct interval_day known;
    uint32_t displaced[INTERVAL_SLOTS / 32];
    int64_t others[INTERVAL_SLOTS];
    unsigned repeated = 0;

    int found = store->interval_read(store->context, &row);
    if (found < 0)
        return found;
    interval_day_clear(&known);
    bool folded = found == 0;
    if (folded)
        found = interval_fold_day(in->room, &row, in->zone_offset_s, &known);
    if (found < 0)
        return found;
    if (found == 0)
        row.scale_e3 = reading_register_scale(in->device, (enum quantity)(channel >> 16));
    else if (!folded && interval_block_decode(&row, in->zone_offset_s, &known) != 0)
        return READING_ERR_STORED;
    unsigned changed = interval_day_merge(&known, fresh, &repeated, displaced, others);
    in->outcome->interval_repeated_count = (uint16_t)(in->outcome->interval_repeated_count + repeated);
    in->outcome->interval_count = (uint16_t)(in->outcome->interval_count + changed);
    if (changed == 0)
        return 0;
    int error = conflicts_keep(in, &row, displaced, others);
    return error != 0 ? error : day_store(in, &row, &known);
}

/* Later than now, before the meter hung here, or older than is kept: nobody's. */
static bool time_believed(const struct reading_registers *in, int64_t time_s)
{
    return time_s >= in->device->installed_s && time_s <= in->received_s + READING_TOLERANCE_S &&
           time_s >= in->received_s - READING_REGISTER_KEEP_DAYS * CALENDAR_DAY_S;
}

int reading_interval_take(struct reading_registers *in, uint32_t channel, const struct reading_instant *instants,
                          size_t count)
{
    struct interval_day fresh;
    int32_t day = 0;
    int error = 0;

    for (size_t i = 0; i < count && error == 0; i++) {
        const struct reading_instant *instant = &instants[i];
        if (!time_believed(in, instant->time_s)) {
            in->outcome->register_refused_count++;
            continue;
        }
        int64_t quarter = (instant->time_s + in->zone_offset_s) / INTERVAL_SLOT_S - 1;
        int32_t day_of = (int32_t)(quarter / INTERVAL_SLOTS);
        if (day != day_of) {
            error = day != 0 ? day_take(in, channel, day, &fresh) : 0;
            interval_day_clear(&fresh);
            day = day_of;
        }
        fresh.values[quarter % INTERVAL_SLOTS] = instant->value;
        fresh.states[quarter % INTERVAL_SLOTS] = instant->state;
    }
    return day != 0 && error == 0 ? day_take(in, channel, day, &fresh) : error;
}

static uint32_t series_channel(const struct uplink_series *series)
{
    return reading_register_channel((enum quantity)series->quantity, series->register_index, series->phase);
}

static bool series_sound(const struct reading_registers *in, const struct uplink_series *series, uint32_t channel)
{
    int64_t bound_s = INT64_C(1) << 40; /* far beyond any clock; keeps sums of times inside 64 bits */
    return series->count >= 1 && series->count <= UPLINK_SERIES_LIMIT && series->interval_s >= INTERVAL_SLOT_S &&
           series->interval_s % INTERVAL_SLOT_S == 0 && series->quantity < QUANTITY_COUNT && series->start_s > 0 &&
           series->start_s < bound_s && reading_interval_fits(in, channel, series->start_s);
}

int reading_series_take(struct reading_registers *in, const struct uplink *uplink, bool clock_wrong)
{
    const struct uplink_series *series = &uplink->series;
    uint32_t channel = series_channel(series);
    struct reading_instant instants[UPLINK_SERIES_LIMIT];
    size_t count = 0;

    if (!series_sound(in, series, channel)) {
        in->outcome->register_refused_count++;
        return 0;
    }
    for (unsigned i = 0; i < series->count; i++) {
        int64_t value = uplink_series_value(uplink, i);
        if (value != UPLINK_SERIES_NONE)
            instants[count++] = (struct reading_instant){ .time_s = series->start_s + (int64_t)i * series->interval_s,
                                                          .value = value,
                                                          .state = clock_wrong ? INTERVAL_DOUBTED : INTERVAL_GOOD };
    }
    return reading_interval_take(in, channel, instants, count);
}

/* The local day that the quarter before this instant belongs to. */
static int32_t day_at(int64_t time_s, int32_t zone_offset_s)
{
    return (int32_t)(((time_s + zone_offset_s) / INTERVAL_SLOT_S - 1) / INTERVAL_SLOTS);
}

/* returns  keys written: none of a series that will be refused, or that does not fit any more */
static size_t series_expect(const struct reading_registers *in, const struct uplink_series *series, struct interval_key *keys, size_t room)
{
    uint32_t channel = series_channel(series);
    size_t count = 0;

    if (!series_sound(in, series, channel))
        return 0;
    int32_t last = day_at(series->start_s + (int64_t)(series->count - 1) * series->interval_s, in->zone_offset_s);
    for (int32_t day = day_at(series->start_s, in->zone_offset_s); day <= last && count < room; day++)
        keys[count++] = (struct interval_key){ .device_id = in->device->device_id, .channel = channel, .day = day };
    return count;
}

void reading_expect(struct reading_room *room, const struct uplink *uplinks, size_t count)
{
    size_t expected = 0;

    if (room->store.intervals_expect == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        struct reading_registers in = { .room = room, .device = registry_device_find(room->registry, uplinks[i].device_id) };
        if (uplinks[i].kind != UPLINK_SERIES || in.device == NULL)
            continue;
        in.zone_offset_s = registry_zone_offset_s(room->registry, uplinks[i].device_id);
        expected += series_expect(&in, &uplinks[i].series, room->expected + expected, READING_EXPECT_LIMIT - expected);
    }
    room->store.intervals_expect(room->store.context, room->expected, expected);
}
