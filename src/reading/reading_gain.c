/* Figures of areas: what a transaction adds to them is gathered here, each area and day once, and written at its end. Areas
 * above are summed up in memory on the way: a thousand buildings of a transaction are one row of their company. */
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "reading/reading_internal.h"

static bool gain_fits(const struct reading_gain *slot, const struct reading_gain *gain)
{
    return slot->area_id == gain->area_id && slot->day == gain->day && slot->kind == gain->kind && slot->gap_day == gain->gap_day;
}

static struct reading_gain *slot_of(struct reading_gain *slots, const struct reading_gain *gain)
{
    uint64_t mixed = ((uint64_t)gain->area_id << 32 | (uint32_t)gain->day) * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= (uint64_t)(uint32_t)gain->gap_day * UINT64_C(0xC2B2AE3D27D4EB4F);
    size_t at = (size_t)((mixed >> 32) + gain->kind) % READING_GAIN_SLOTS;
    while (slots[at].area_id != 0 && !gain_fits(&slots[at], gain))
        at = (at + 1) % READING_GAIN_SLOTS;
    return &slots[at];
}

/* returns  1 when the slot is new; 0 */
static uint32_t slot_add(struct reading_gain *slot, const struct reading_gain *gain)
{
    uint32_t is_new = slot->area_id == 0;
    if (is_new)
        *slot = (struct reading_gain){ .area_id = gain->area_id, .day = gain->day, .gap_day = gain->gap_day, .kind = gain->kind };
    slot->usage_value += gain->usage_value;
    slot->received += gain->received;
    slot->on_time += gain->on_time;
    return is_new;
}

static bool gain_is_nothing(const struct reading_gain *gain)
{
    return gain->usage_value == 0 && gain->received == 0 && gain->on_time == 0;
}

static int sum_write(struct reading_room *room, const struct reading_gain *slot)
{
    struct reading_area_sum sum = { .area_id = slot->area_id, .day = slot->day, .kind = slot->kind, .received = slot->received,
                                    .on_time = slot->on_time, .usage_value = slot->usage_value };
    struct reading_area_gap gap = { .area_id = slot->area_id, .newest_day = slot->day, .gap_day = slot->gap_day,
                                    .devices = slot->received, .kind = slot->kind };
    if (gain_is_nothing(slot))
        return 0;
    return slot->gap_day == 0 ? room->store.area_sum_add(room->store.context, &sum)
                              : room->store.area_gap_add(room->store.context, &gap);
}

static int sums_write(struct reading_room *room)
{
    for (size_t i = 0; room->sum_count > 0 && i < READING_GAIN_SLOTS; i++) {
        if (room->sums[i].area_id == 0)
            continue;
        int error = sum_write(room, &room->sums[i]);
        if (error != 0)
            return error;
        room->sums[i] = (struct reading_gain){ 0 };
    }
    room->sum_count = 0;
    return 0;
}

static int sum_add(struct reading_room *room, const struct reading_gain *gain)
{
    if (room->sum_count >= READING_GAIN_LIMIT) {
        int error = sums_write(room);
        if (error != 0)
            return error;
    }
    room->sum_count += slot_add(slot_of(room->sums, gain), gain);
    return 0;
}

/* One gain for every area that holds it: figures by the midnight that tells them, so the use of a day comes with the next. */
static int sums_gather(struct reading_room *room, const struct reading_gain *gain)
{
    const struct area_record *area = registry_area_find(room->registry, gain->area_id);
    int error = 0;

    for (; error == 0 && area != NULL; area = registry_area_find(room->registry, area->parent_area_id)) {
        struct reading_gain here = *gain;
        if (area->kind == AREA_BUILDING)
            continue;
        here.area_id = area->area_id;
        here.usage_value = 0;
        if (here.received != 0 || here.on_time != 0)
            error = sum_add(room, &here);
        here = (struct reading_gain){ .area_id = area->area_id, .day = gain->day + 1, .kind = gain->kind,
                                      .usage_value = gain->usage_value };
        if (error == 0 && gain->usage_value != 0)
            error = sum_add(room, &here);
    }
    return error;
}

static int slot_write(struct reading_room *room, const struct reading_gain *slot)
{
    struct reading_area_day day = { .area_id = slot->area_id, .day = slot->day, .kind = slot->kind, .received = slot->received,
                                    .on_time = slot->on_time, .usage_value = slot->usage_value };
    int error = slot->gap_day == 0 && !gain_is_nothing(slot) ? room->store.area_day_add(room->store.context, &day) : 0;
    return error != 0 ? error : sums_gather(room, slot);
}

/* Within a transaction each slot is remembered first: a savepoint that is reverted takes the rows back and finds the slots
 * as they were. What a failure left among the sums belongs to nobody. */
int reading_gains_write(struct reading_room *room, struct undo *undo)
{
    if (room->sum_count > 0)
        memset(room->sums, 0, READING_GAIN_SLOTS * sizeof *room->sums);
    room->sum_count = 0;
    for (size_t i = 0; room->gain_count > 0 && i < READING_GAIN_SLOTS; i++) {
        struct reading_gain *slot = &room->gains[i];
        if (slot->area_id == 0)
            continue;
        if (undo_save(undo, slot, sizeof *slot) != 0)
            return READING_ERR_FULL;
        int error = slot_write(room, slot);
        if (error != 0)
            return error;
        *slot = (struct reading_gain){ 0 };
    }
    if (undo_save(undo, &room->gain_count, sizeof room->gain_count) != 0)
        return READING_ERR_FULL;
    room->gain_count = 0;
    return sums_write(room);
}

int reading_gain(struct reading_room *room, const struct reading_gain *gain)
{
    struct reading_gain *slot = slot_of(room->gains, gain);
    if (slot->area_id == 0 && room->gain_count >= READING_GAIN_LIMIT) {
        int error = reading_gains_write(room, room->undo);
        if (error != 0)
            return error;
        slot = slot_of(room->gains, gain);
    }
    if (undo_save(room->undo, slot, sizeof *slot) != 0 ||
        undo_save(room->undo, &room->gain_count, sizeof room->gain_count) != 0)
        return READING_ERR_FULL;
    room->gain_count += slot_add(slot, gain);
    return 0;
}

int reading_gains_open(struct reading_room *room)
{
    room->gains = calloc(READING_GAIN_SLOTS, sizeof *room->gains);
    room->sums = calloc(READING_GAIN_SLOTS, sizeof *room->sums);
    return room->gains && room->sums ? 0 : READING_ERR_MEMORY;
}

void reading_gains_close(struct reading_room *room)
{
    free(room->gains);
    free(room->sums);
}

void reading_gains_forget(struct reading_room *room)
{
    memset(room->gains, 0, READING_GAIN_SLOTS * sizeof *room->gains);
    memset(room->sums, 0, READING_GAIN_SLOTS * sizeof *room->sums);
    room->gain_count = 0;
    room->sum_count = 0;
}

int32_t reading_gap_day(uint64_t complete_days, int32_t newest_day, int32_t installed_day)
{
    int32_t run = complete_days == UINT64_MAX ? READING_MAP_DAYS : __builtin_ctzll(~complete_days);
    bool whole = newest_day == 0 || run == READING_MAP_DAYS || newest_day - run <= installed_day;
    return whole ? 0 : newest_day - run;
}

static int32_t installed_day(const struct reading_room *room, const struct registry_device *device)
{
    return (int32_t)calendar_local_day(device->installed_s, registry_zone_offset_s(room->registry, device->device_id));
}

static int gap_add(struct reading_room *room, const struct registry_device *device, const struct reading_state *state, int sign)
{
    struct reading_gain gain = { .area_id = device->area_id, .kind = device->kind, .day = state->newest_day, .received = sign,
                                 .gap_day = reading_gap_day(state->complete_days, state->newest_day, installed_day(room, device)) };
    return gain.gap_day != 0 ? reading_gain(room, &gain) : 0;
}

int reading_gap_count(struct reading_room *room, const struct registry_device *device, const struct reading_state *state,
                      int sign)
{
    return room->gaps_counted ? gap_add(room, device, state, sign) : 0;
}

int reading_gaps_begin(struct reading_room *room)
{
    int counted = room->store.gaps_counted(room->store.context);
    if (counted < 0)
        return counted;
    room->gaps_counted = counted != 0;
    return 0;
}

int reading_gaps_build(struct reading_room *room)
{
    uint32_t count = registry_device_count(room->registry);
    int error = room->gaps_counted ? 0 : room->store.gaps_counted_note(room->store.context);

    for (uint32_t id = 1; error == 0 && !room->gaps_counted && id <= count; id++) {
        const struct registry_device *device = registry_device_find(room->registry, id);
        const struct reading_state *state = dense_array_at(&room->states, id);
        if (device && state && !device->removed && registry_is_meter(device))
            error = gap_add(room, device, state, 1);
    }
    if (error == 0 && !room->gaps_counted && undo_save(room->undo, &room->gaps_counted, sizeof room->gaps_counted) != 0)
        error = READING_ERR_FULL;
    if (error == 0)
        room->gaps_counted = true;
    return error;
}

/* The midnights that a device owed and gave, and its gap, as figures of its area. */
static int device_count(struct reading_room *room, const struct registry_device *device, int32_t last_day, int sign)
{
    const struct reading_state *state = dense_array_at(&room->states, device->device_id);
    int error = 0;

    if (!state || state->newest_day == 0 || !registry_is_meter(device))
        return 0;
    for (int age = 0; error == 0 && age < READING_MAP_DAYS; age++) {
        struct reading_gain gain = { .area_id = device->area_id, .kind = device->kind, .day = state->newest_day - age };
        gain.received = (state->complete_days >> age & 1) != 0 ? sign : 0;
        gain.on_time = gain.received != 0 && (state->on_time_days >> age & 1) != 0 ? sign : 0;
        if (gain.received != 0 && gain.day <= last_day && gain.day > installed_day(room, device))
            error = reading_gain(room, &gain);
    }
    return error != 0 || device->removed ? error : reading_gap_count(room, device, state, sign);
}

int reading_archive_leaves(struct reading_room *room, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(room->registry, device_id);
    int error = device != NULL && !device->removed ? device_count(room, device, INT32_MAX, -1) : 0;
    return error != 0 ? error : device != NULL && !device->removed;
}

int reading_archive_returns(struct reading_room *room, uint32_t device_id, int64_t now_s)
{
    const struct registry_device *device = registry_device_find(room->registry, device_id);
    if (device == NULL)
        return 0;
    int32_t today = (int32_t)calendar_local_day(now_s, registry_zone_offset_s(room->registry, device_id));
    return device_count(room, device, device->removed ? today - 1 : INT32_MAX, 1);
}
