#include "reading/reading.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "reading/interval_work.h"
#include "reading/midnight_work.h"
#include "reading/reading_internal.h"
#include "reading/state_log.h"

#define FRAMES_TRIMMED_AT_ONCE 2000
#define CHANNELS_TRIMMED_AT_ONCE 8
#define REGISTERS_TRIMMED_AT_ONCE 500 /* of one channel */

static const struct error_info error_rows[] = { READING_ERRORS(ERROR_INFO_ROW) };

static const char *const reason_names[READING_REASON_COUNT] = {
    [READING_BELIEVED] = "",
    [READING_BACKWARD] = "backward",
    [READING_JUMP] = "jump",
    [READING_CONFLICT] = "conflict",
    [READING_CLOCK] = "clock",
    [READING_RANGE] = "range",
};

const struct error_info *reading_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

const char *reading_reason_name(enum reading_reason reason)
{
    return (unsigned)reason < READING_REASON_COUNT ? reason_names[reason] : "";
}

enum reading_reason reading_reason_of_name(const char *name)
{
    for (int reason = READING_BACKWARD; reason < READING_REASON_COUNT; reason++)
        if (name && strcmp(reason_names[reason], name) == 0)
            return (enum reading_reason)reason;
    return READING_BELIEVED;
}

static int state_load(void *visitor, uint32_t device_id, const struct reading_state *state)
{
    struct reading_room *room = visitor;
    struct reading_state *loaded = dense_array_reserve(&room->states, device_id);
    if (!loaded)
        return READING_ERR_MEMORY;
    *loaded = *state;
    loaded->dirty = 0;
    return 0;
}

static int standing_load(void *visitor, uint32_t device_id, const struct interval_standing *standing)
{
    struct reading_room *room = visitor;
    struct interval_standing *loaded = dense_array_reserve(&room->standings, device_id);
    if (!loaded)
        return READING_ERR_MEMORY;
    *loaded = *standing;
    return 0;
}

static int memory_take(struct reading_room *room, uint32_t device_limit)
{
    room->dirty = calloc(READING_DIRTY_LIMIT, sizeof *room->dirty);
    room->fold_work = calloc(1, sizeof *room->fold_work);
    room->midnight_work = calloc(1, sizeof *room->midnight_work);
    if (!room->dirty || !room->fold_work || !room->midnight_work || reading_gains_open(room) != 0 ||
        state_log_open(room, device_limit) != 0)
        return READING_ERR_MEMORY;
    room->midnight_work->at_once = 1;
    if (dense_array_open(&room->states, sizeof(struct reading_state), device_limit + 1) != 0 ||
        dense_array_open(&room->standings, sizeof(struct interval_standing), device_limit + 1) != 0)
        return READING_ERR_MEMORY;
    return 0;
}

int reading_make(const struct reading_config *config, struct reading_room **out)
{
    struct reading_room *room = calloc(1, sizeof *room);
    if (!room)
        return READING_ERR_MEMORY;
    room->store = *config->store;
    room->registry = config->registry;
    room->undo = config->undo;
    room->frame_keep = config->frame_keep;
    if (memory_take(room, config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT) != 0) {
        reading_close(room);
        return READING_ERR_MEMORY;
    }
    *out = room;
    return 0;
}

int reading_load_range(struct reading_room *room, const struct reading_store *store, uint32_t first, uint32_t last)
{
    int error = store->states_walk(store->context, first, last, state_load, room);
    return error != 0 ? error : store->standings_walk(store->context, first, last, standing_load, room);
}

int reading_load_end(struct reading_room *room)
{
    const struct reading_store *store = &room->store;
    int error = state_log_load(room);
    if (error == 0)
        error = store->fold_progress_read(store->context, FOLD_INTERVALS, &room->fold_work->progress);
    if (error == 0)
        error = store->fold_progress_read(store->context, FOLD_MIDNIGHTS, &room->midnight_work->progress);
    return error != 0 ? error : reading_gaps_begin(room);
}

int reading_open(const struct reading_config *config, struct reading_room **out)
{
    struct reading_room *room;
    int error = reading_make(config, &room);
    if (error != 0)
        return error;
    error = reading_load_range(room, &room->store, 0, UINT32_MAX);
    if (error == 0)
        error = reading_load_end(room);
    if (error != 0) {
        reading_close(room);
        return error;
    }
    *out = room;
    return 0;
}

void reading_close(struct reading_room *room)
{
    if (!room)
        return;
    dense_array_close(&room->states);
    dense_array_close(&room->standings);
    free(room->dirty);
    state_log_close(room);
    reading_gains_close(room);
    free(room->fold_work);
    free(room->midnight_work);
    free(room);
}

const struct reading_state *reading_state_find(const struct reading_room *room, uint32_t device_id)
{
    const struct reading_state *state = dense_array_at(&room->states, device_id);
    bool heard = state && (state->last_received_s != 0 || state->last_frame != 0 || state->status != 0);
    return heard ? state : NULL;
}

const struct interval_standing *reading_standing_find(const struct reading_room *room, uint32_t device_id)
{
    const struct interval_standing *standing = dense_array_at(&room->standings, device_id);
    return standing && standing->newest_day != 0 ? standing : NULL;
}

int reading_state_touch(struct reading_room *room, uint32_t device_id, struct reading_state **out)
{
    struct reading_state *state = dense_array_reserve(&room->states, device_id);
    if (!state)
        return READING_ERR_MEMORY;
    int error = state_log_day_write(room, device_id, state);
    if (error != 0)
        return error;
    if (room->dirty_count >= READING_DIRTY_LIMIT || undo_save(room->undo, state, sizeof *state) != 0)
        return READING_ERR_FULL;
    if (!state->dirty) {
        state->dirty = READING_DIRTY_STATE;
        room->dirty[room->dirty_count++] = device_id;
    }
    *out = state;
    return 0;
}

int reading_status_set(struct reading_room *room, uint32_t device_id, uint8_t status)
{
    struct reading_state *state = NULL;
    if (!registry_device_find(room->registry, device_id))
        return READING_ERR_DEVICE;
    const struct reading_state *known = dense_array_at(&room->states, device_id);
    if (known && known->status == status)
        return 0;
    int error = reading_state_touch(room, device_id, &state);
    if (error != 0)
        return error;
    state->status = status;
    state->dirty |= READING_DIRTY_STATUS;
    return 0;
}

bool reading_day_known(const struct reading_state *state, int32_t day)
{
    int64_t age = (int64_t)state->newest_day - day;
    return state->newest_day != 0 && age >= 0 && age < READING_MAP_DAYS && (state->complete_days >> age & 1) != 0;
}

void reading_map_advance(struct reading_state *state, int32_t day)
{
    int64_t ahead = (int64_t)day - state->newest_day;
    bool beyond = state->newest_day == 0 || ahead >= READING_MAP_DAYS;
    state->complete_days = beyond ? 0 : state->complete_days << ahead;
    state->on_time_days = beyond ? 0 : state->on_time_days << ahead;
    state->newest_day = day;
}

/* The use between two stored midnights is booked on the day that the later one ends. A midnight between them takes its
 * part over from there. */
static int usage_book(struct reading_room *room, const struct registry_device *device, const struct reading_day *day,
                      const struct reading_verdict *verdict)
{
    int64_t used_value = verdict->before.known ? day->total_value - verdict->before.total_value : 0;
    bool on_time = day->quality == READING_ON_TIME;
    struct reading_gain gain = { .area_id = device->area_id, .kind = device->kind, .day = day->day,
                                     .received = 1, .on_time = on_time };
    int error = reading_gain(room, &gain);
    gain = (struct reading_gain){ .area_id = device->area_id, .kind = device->kind, .day = day->day - 1,
                                      .usage_value = used_value };
    if (error == 0 && used_value != 0)
        error = reading_gain(room, &gain);
    gain.day = verdict->after.day - 1;
    gain.usage_value = -used_value;
    if (error == 0 && used_value != 0 && verdict->after.known)
        error = reading_gain(room, &gain);
    return error;
}

static void day_note(struct reading_state *state, const struct reading_day *day)
{
    if (state->newest_day == 0 || day->day > state->newest_day) {
        reading_map_advance(state, day->day);
        state->newest_register_value = day->register_value;
        state->newest_total_value = day->total_value;
    }
    uint64_t bit = UINT64_C(1) << (state->newest_day - day->day);
    state->complete_days |= bit;
    if (day->quality == READING_ON_TIME)
        state->on_time_days |= bit;
    if (state->newest_day - day->day < READING_RECENT_DAYS)
        state->recent_register[day->day % READING_RECENT_DAYS] = (uint32_t)day->register_value;
}

int reading_day_take(struct reading_room *room, const struct registry_device *device, struct reading_state *state,
                     const struct reading_day *day, const struct reading_verdict *verdict,
                     struct reading_outcome *outcome)
{
    int error = state_log_day_take(room, device->device_id, state, day);
    if (error == 0)
        error = usage_book(room, device, day, verdict);
    if (error == 0)
        error = reading_gap_count(room, device, state, -1);
    if (error != 0)
        return error;
    day_note(state, day);
    error = reading_gap_count(room, device, state, 1);
    if (error != 0)
        return error;
    if (outcome->day_count < READING_OUTCOME_DAYS)
        outcome->days[outcome->day_count++] = *day;
    if (outcome->changed_from_day == 0 || day->day < outcome->changed_from_day)
        outcome->changed_from_day = day->day;
    return 0;
}

static int device_order(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a;
    uint32_t second = *(const uint32_t *)b;
    return (first > second) - (first < second);
}

/* In the order of devices, so that neighbours share a page. */
static int states_flush(struct reading_room *room)
{
    qsort(room->dirty, room->dirty_count, sizeof room->dirty[0], device_order);
    int error = state_log_write(room);
    if (error == 0)
        room->dirty_count = 0;
    return error;
}

int reading_flush(struct reading_room *room)
{
    int error = states_flush(room);
    if (error == 0)
        error = reading_gains_write(room, NULL);
    return error != 0 ? error : reading_settle(room);
}

int reading_settle(struct reading_room *room)
{
    return room->store.settle(room->store.context);
}

void reading_rolled_back(struct reading_room *room)
{
    room->store.forget(room->store.context);
    room->damage_count = 0;
    for (uint32_t i = 0; i < room->dirty_count; i++) {
        struct reading_state *state = dense_array_at(&room->states, room->dirty[i]);
        state->dirty = 0;
    }
    room->dirty_count = 0;
    reading_gains_forget(room);
}

int reading_set_aside_find(struct reading_room *room, int64_t set_aside_id, struct reading_set_aside *out)
{
    return room->store.set_aside_read(room->store.context, set_aside_id, out);
}

int reading_set_aside_open(struct reading_room *room, uint32_t device_id)
{
    struct reading_set_aside row;
    return room->store.set_aside_next(room->store.context, device_id, INT32_MIN, &row);
}

int reading_day_read(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out)
{
    int found = state_log_day_read(room, device_id, day, out);
    if (found == 0)
        found = room->store.day_read(room->store.context, device_id, day, out);
    return found != 0 ? found : midnight_fold_day(room, device_id, day, out);
}

int reading_day_change(struct reading_room *room, uint32_t device_id, const struct reading_day *day)
{
    int changed = room->store.day_update(room->store.context, device_id, day);
    if (changed == 0)
        return midnight_fold_mend(room, device_id, day);
    return changed < 0 ? changed : 0;
}

int reading_day_before(struct reading_room *room, uint32_t device_id, int32_t day, struct reading_day *out)
{
    const struct reading_state *state = dense_array_at(&room->states, device_id);
    if (!state || state->newest_day == 0)
        return 0;
    int32_t from = day < state->newest_day ? day : state->newest_day;
    for (int32_t at = from; at > state->newest_day - READING_MAP_DAYS; at--)
        if (reading_day_known(state, at))
            return reading_day_read(room, device_id, at, out);
    return 0;
}

int reading_multiplier_changed(struct reading_room *room, uint32_t device_id)
{
    const struct registry_device *device = registry_device_find(room->registry, device_id);
    struct reading_state *state = dense_array_at(&room->states, device_id);
    if (!device)
        return READING_ERR_DEVICE;
    if (!state || state->register_s == 0)
        return 0;
    int error = reading_state_touch(room, device_id, &state);
    if (error != 0)
        return error;
    struct reading_point from = reading_installation_point(device);
    if (state->newest_day != 0)
        from = (struct reading_point){ .register_value = state->newest_register_value,
                                       .total_value = state->newest_total_value, .known = true };
    state->total_value = from.total_value;
    if (from.known)
        state->total_value +=
            reading_growth_value(device, from.register_value, state->register_value, device->multiplier_e3);
    return 0;
}

int reading_exchange_total(const struct reading_room *room, uint32_t device_id, int64_t end_register_value, int64_t now_s,
                           int64_t *total_value)
{
    const struct registry_device *device = registry_device_find(room->registry, device_id);
    const struct reading_state *state = dense_array_at(&room->states, device_id);
    if (!device)
        return READING_ERR_DEVICE;
    struct reading_point newest =
        state ? reading_newest_point(device, state, registry_zone_offset_s(room->registry, device_id))
              : reading_installation_point(device);
    int64_t total = 0;
    if (reading_step_judge(device, &newest, end_register_value, now_s, device->multiplier_e3, &total) != READING_BELIEVED)
        return READING_ERR_END;
    *total_value = total;
    return 0;
}

void reading_rate_of_day(const struct reading_room *room, const struct registry_scope *scope, int32_t day,
                         struct reading_rate *out)
{
    struct reading_rate rate = { 0, 0, 0 };
    uint32_t count = registry_device_count(room->registry);
    for (uint32_t id = 1; id <= count; id++) {
        const struct registry_device *device = registry_device_find(room->registry, id);
        if (!device || device->removed || !registry_is_meter(device) ||
            !registry_scope_holds(room->registry, scope, id) ||
            calendar_midnight(day, registry_zone_offset_s(room->registry, id)) < device->installed_s)
            continue;
        const struct reading_state *state = dense_array_at(&room->states, id);
        rate.due++;
        if (!state || !reading_day_known(state, day))
            continue;
        rate.eventual++;
        rate.on_time += (int64_t)(state->on_time_days >> (state->newest_day - day) & 1);
    }
    *out = rate;
}

/* Some channels at a time, round and round: a round over an estate takes hours, which is soon enough for what is kept for
 * more than a year. */
static int registers_trim(struct reading_room *room, int64_t now_s)
{
    int64_t before_s = now_s - room->retention.days[RETENTION_REGISTERS] * (int64_t)CALENDAR_DAY_S;
    int removed = 0;

    for (int i = 0; i < CHANNELS_TRIMMED_AT_ONCE; i++) {
        int count = room->store.registers_trim(room->store.context, &room->trim_at, before_s, REGISTERS_TRIMMED_AT_ONCE);
        if (count < 0)
            return count;
        removed += count;
        if (room->trim_at.device_id == 0)
            break;
    }
    return removed;
}

void reading_damage_note(struct reading_room *room, enum reading_damage_kind kind, uint32_t device_id, int32_t day)
{
    const struct reading_damage *last = room->damage_count > 0 ? &room->damage[room->damage_count - 1] : NULL;
    bool told = last && last->device_id == device_id && last->kind == kind;
    if (!told && room->damage_count < READING_DAMAGE_LIMIT)
        room->damage[room->damage_count++] = (struct reading_damage){ device_id, day, (uint8_t)kind };
}

int reading_damage_take(struct reading_room *room, struct reading_damage *out)
{
    if (room->damage_count == 0)
        return 0;
    *out = room->damage[--room->damage_count];
    return 1;
}

int reading_tick(struct reading_room *room, int64_t now_s)
{
    int64_t keep = (int64_t)registry_device_count(room->registry) * READING_FRAME_KEEP_EACH;
    if (keep < READING_FRAME_KEEP_LEAST)
        keep = READING_FRAME_KEEP_LEAST;
    int error = reading_gaps_build(room);
    if (error != 0)
        return error;
    int expired = retention_tick(room, now_s);
    if (expired < 0)
        return expired;
    int frames = room->store.frames_trim(room->store.context, room->frame_keep > 0 ? room->frame_keep : keep,
                                         FRAMES_TRIMMED_AT_ONCE);
    int registers = frames < 0 ? frames : registers_trim(room, now_s);
    int intervals = registers < 0 ? registers : interval_fold_tick(room, now_s);
    int midnights = intervals < 0 ? intervals : midnight_fold_tick(room, now_s);
    int states = midnights < 0 ? midnights : state_log_tick(room, now_s);
    return states < 0 ? states : expired + frames + registers + intervals + midnights + states;
}
