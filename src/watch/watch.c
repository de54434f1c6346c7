#include "watch/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/dense_array.h"
#include "base/quantity.h"

/* Reports this close before the report time belong to it: a clock a little fast, a period of a quarter of a day. */
#define DUE_GAP_S 21600

static const struct error_info error_rows[] = { WATCH_ERRORS(ERROR_INFO_ROW) };

struct condition_info {
    const char *name;
    int32_t severity;
    uint8_t status; /* bits of enum device_status that it stands for */
};

static const struct condition_info conditions[WATCH_CONDITION_COUNT] = {
    [WATCH_SILENT] = { "silent", 1, STATUS_SILENT },
    [WATCH_CLOCK_ERROR] = { "clock_error", 0, STATUS_ALARM },
    [WATCH_SET_ASIDE] = { "set_aside", 0, STATUS_ALARM },
    [WATCH_COMMAND_FAILED] = { "command_failed", 1, STATUS_ALARM },
    [WATCH_LINE_OFFLINE] = { "line_offline", 2, STATUS_SILENT },
    [WATCH_UNKNOWN_POINT] = { "unknown_point", 1, STATUS_ALARM },
    [WATCH_ARCHIVE_DIFFERS] = { "archive_differs", 1, STATUS_ALARM },
    [WATCH_OLD_DATA] = { "old_data", 1, STATUS_ALARM },
    [WATCH_NEVER_QUIET] = { "never_quiet", 2, STATUS_ALARM },
    [WATCH_ADDRESS_CONFLICT] = { "address_conflict", 1, STATUS_ALARM },
};

struct watch_device {
    uint16_t open; /* bit k: condition k */
};

struct watch_room {
    struct watch_store store;
    const struct registry *registry;
    struct reading_room *reading;
    struct undo *undo;
    struct dense_array devices; /* struct watch_device by device_id */
    int64_t silent_margin_s;
    uint32_t position;          /* of the round of watch_tick */
    void *listener;
    int (*changed)(void *listener, const struct watch_change *change);
};

const struct error_info *watch_error_info(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].error == error)
            return &error_rows[i];
    return NULL;
}

const char *watch_condition_name(enum watch_condition condition)
{
    return (unsigned)condition < WATCH_CONDITION_COUNT ? conditions[condition].name : "unknown";
}

static int condition_load(void *visitor, uint32_t device_id, const char *kind)
{
    struct watch_room *room = visitor;
    struct watch_device *device = dense_array_reserve(&room->devices, device_id);
    if (!device)
        return WATCH_ERR_MEMORY;
    for (unsigned i = 0; i < WATCH_CONDITION_COUNT; i++)
        if (strcmp(conditions[i].name, kind) == 0)
            device->open |= (uint16_t)(1u << i);
    return 0;
}

int watch_open(const struct watch_config *config, struct watch_room **out)
{
    struct watch_room *room = calloc(1, sizeof *room);
    if (!room)
        return WATCH_ERR_MEMORY;
    uint32_t limit = config->device_limit > 0 ? config->device_limit : REGISTRY_DEVICE_LIMIT_DEFAULT;
    room->store = *config->store;
    room->registry = config->registry;
    room->reading = config->reading;
    room->undo = config->undo;
    room->silent_margin_s = config->silent_margin_s > 0 ? config->silent_margin_s : WATCH_SILENT_MARGIN_S;
    room->listener = config->listener;
    room->changed = config->changed;
    int error = dense_array_open(&room->devices, sizeof(struct watch_device), limit + 1);
    error = error != 0 ? WATCH_ERR_MEMORY : room->store.conditions_walk(room->store.context, condition_load, room);
    if (error != 0) {
        watch_close(room);
        return error;
    }
    *out = room;
    return 0;
}

void watch_close(struct watch_room *room)
{
    if (room)
        dense_array_close(&room->devices);
    free(room);
}

static int change_tell(struct watch_room *room, const struct watch_event *event, bool cleared)
{
    int answer = room->changed ? room->changed(room->listener, &(struct watch_change){ event, cleared }) : 0;
    return answer < 0 ? answer : 1;
}

static int event_raise(struct watch_room *room, uint32_t device_id, const char *kind, int32_t severity,
                       const char *detail, int64_t raised_s, int64_t now_s)
{
    struct watch_event event = {
        .raised_s = raised_s,
        .received_s = now_s,
        .tenant_id = registry_device_find(room->registry, device_id)->tenant_id,
        .device_id = device_id,
        .severity = severity,
    };
    snprintf(event.kind, sizeof event.kind, "%s", kind);
    snprintf(event.detail, sizeof event.detail, "%s", detail);
    int error = room->store.event_insert(room->store.context, &event);
    return error != 0 ? error : change_tell(room, &event, false);
}

int watch_note(struct watch_room *room, uint32_t device_id, const char *kind, int32_t severity, const char *detail,
               int64_t raised_s, int64_t now_s)
{
    struct watch_event event = {
        .raised_s = raised_s != 0 ? raised_s : now_s,
        .received_s = now_s,
        .tenant_id = registry_device_find(room->registry, device_id)->tenant_id,
        .device_id = device_id,
        .severity = severity,
    };
    snprintf(event.kind, sizeof event.kind, "%s", kind);
    snprintf(event.detail, sizeof event.detail, "%s", detail);
    int error = room->store.event_insert(room->store.context, &event);
    if (error == 0)
        error = room->store.event_clear(room->store.context, event.event_id, now_s);
    return error != 0 ? error : change_tell(room, &event, false);
}

static int event_clear(struct watch_room *room, uint32_t device_id, const char *kind, int64_t now_s)
{
    struct watch_event event;
    int found = room->store.event_open(room->store.context, device_id, kind, &event);
    if (found <= 0)
        return found;
    event.cleared_s = now_s;
    int error = room->store.event_clear(room->store.context, event.event_id, now_s);
    return error != 0 ? error : change_tell(room, &event, true);
}

static uint16_t conditions_of(const struct watch_room *room, uint32_t device_id)
{
    const struct watch_device *device = dense_array_at(&room->devices, device_id);
    return device ? device->open : 0;
}

static uint8_t status_of(const struct reading_state *state, uint16_t open)
{
    uint8_t status = 0;
    for (unsigned i = 0; i < WATCH_CONDITION_COUNT; i++)
        if (open >> i & 1)
            status |= conditions[i].status;
    if (!state)
        return status;
    if (state->valve_state == VALVE_CLOSED)
        status |= STATUS_CUT_OFF;
    if (state->valve_state == VALVE_FAULT)
        status |= STATUS_FAULT;
    for (unsigned i = 0; i < ALARM_COUNT; i++)
        if (state->alarm_bits >> i & 1)
            status |= alarm_severity((enum alarm)i) >= 2 ? STATUS_FAULT : STATUS_ALARM;
    return status;
}

static int status_update(struct watch_room *room, uint32_t device_id)
{
    const struct reading_state *state = reading_state_find(room->reading, device_id);
    return reading_status_set(room->reading, device_id, status_of(state, conditions_of(room, device_id)));
}

int watch_condition_set(struct watch_room *room, uint32_t device_id, enum watch_condition condition, bool present,
                        const char *detail, int64_t now_s)
{
    const struct condition_info *info = &conditions[condition];
    struct watch_device *device = dense_array_reserve(&room->devices, device_id);
    uint16_t bit = (uint16_t)(1u << condition);
    if (!device || !registry_device_find(room->registry, device_id))
        return WATCH_ERR_MEMORY;
    if (((device->open & bit) != 0) == present)
        return 0;
    if (undo_save(room->undo, device, sizeof *device) != 0)
        return WATCH_ERR_MEMORY;
    device->open ^= bit;
    int answer = present ? event_raise(room, device_id, info->name, info->severity, detail, now_s, now_s)
                         : event_clear(room, device_id, info->name, now_s);
    int error = answer < 0 ? answer : status_update(room, device_id);
    return error < 0 ? error : 1;
}

/* One event for each alarm bit that came or went. */
static int alarms_observe(struct watch_room *room, const struct reading_outcome *outcome, uint32_t bits,
                          int64_t event_time_s, int64_t now_s)
{
    uint32_t turned = outcome->before.alarm_bits ^ bits;
    int events = 0;
    for (unsigned i = 0; i < ALARM_COUNT; i++) {
        enum alarm alarm = (enum alarm)i;
        if ((turned >> i & 1) == 0)
            continue;
        int answer = bits >> i & 1
                         ? event_raise(room, outcome->device_id, alarm_name(alarm), alarm_severity(alarm), "",
                                       event_time_s != 0 ? event_time_s : now_s, now_s)
                         : event_clear(room, outcome->device_id, alarm_name(alarm), now_s);
        if (answer < 0)
            return answer;
        events += answer;
    }
    return events;
}

static int clock_observe(struct watch_room *room, const struct reading_outcome *outcome, int32_t error_s,
                         int64_t now_s)
{
    char detail[WATCH_DETAIL_LIMIT] = "";
    bool wrong = error_s > READING_CLOCK_BOUND_S || error_s < -READING_CLOCK_BOUND_S;
    if (wrong)
        snprintf(detail, sizeof detail, "%d s", (int)error_s);
    return watch_condition_set(room, outcome->device_id, WATCH_CLOCK_ERROR, wrong, detail, now_s);
}

static int report_observe(struct watch_room *room, const struct reading_outcome *outcome,
                          const struct reading_state *state, int64_t now_s)
{
    int events = 0;
    int answer = watch_condition_set(room, outcome->device_id, WATCH_SILENT, false, "", now_s);
    events += answer > 0;
    if (answer >= 0 && outcome->full_report) {
        answer = clock_observe(room, outcome, state->clock_error_s, now_s);
        events += answer > 0;
    }
    return answer < 0 ? answer : events;
}

int watch_observe(struct watch_room *room, const struct reading_outcome *outcome, int64_t event_time_s, int64_t now_s)
{
    const struct reading_state *state = reading_state_find(room->reading, outcome->device_id);
    if (outcome->unknown_device || outcome->removed_device || !state)
        return 0;
    int events = alarms_observe(room, outcome, state->alarm_bits, event_time_s, now_s);
    int answer = 0;
    if (events >= 0 && (outcome->full_report || outcome->day_count > 0))
        answer = report_observe(room, outcome, state, now_s);
    if (events >= 0 && answer >= 0 && outcome->set_aside_count > 0) {
        events += answer;
        answer = watch_condition_set(room, outcome->device_id, WATCH_SET_ASIDE, true,
                                     reading_reason_name((enum reading_reason)outcome->reasons[0]), now_s);
    }
    if (events < 0 || answer < 0)
        return events < 0 ? events : answer;
    int error = status_update(room, outcome->device_id);
    return error < 0 ? error : events + answer;
}

int64_t watch_silent_after_s(const struct watch_room *room, uint32_t device_id, int64_t report_received_s)
{
    const struct registry_device *archive = registry_device_find(room->registry, device_id);
    int32_t zone_offset_s = registry_zone_offset_s(room->registry, device_id);
    int64_t since_s = report_received_s;
    if (archive && since_s < archive->installed_s)
        since_s = archive->installed_s;
    int64_t day = calendar_local_day(since_s + DUE_GAP_S, zone_offset_s);
    int64_t due_s = calendar_midnight(day, zone_offset_s) + (archive ? archive->report_time_s : 0);
    if (due_s <= since_s + DUE_GAP_S)
        due_s += CALENDAR_DAY_S;
    return due_s + room->silent_margin_s;
}

int watch_tick(struct watch_room *room, int64_t now_s, uint32_t limit)
{
    uint32_t count = registry_device_count(room->registry);
    int raised = 0;
    for (uint32_t i = 0; i < limit && i < count; i++) {
        room->position = room->position >= count ? 1 : room->position + 1;
        uint32_t device_id = room->position;
        const struct registry_device *archive = registry_device_find(room->registry, device_id);
        if (!archive || archive->removed || !registry_is_meter(archive) ||
            (conditions_of(room, device_id) & 1u << WATCH_SILENT) != 0)
            continue;
        const struct reading_state *state = reading_state_find(room->reading, device_id);
        if (now_s <= watch_silent_after_s(room, device_id, state ? state->report_received_s : 0))
            continue;
        int answer = watch_condition_set(room, device_id, WATCH_SILENT, true, "", now_s);
        if (answer < 0)
            return answer;
        raised += answer;
    }
    return raised;
}

int watch_acknowledge(struct watch_room *room, int64_t event_id, uint32_t person_id, int64_t now_s)
{
    struct watch_event event;
    int found = watch_event_read(room, event_id, &event);
    if (found <= 0)
        return found < 0 ? found : WATCH_ERR_EVENT;
    if (event.acknowledged_s != 0)
        return WATCH_ERR_ACKNOWLEDGED;
    return room->store.event_acknowledge(room->store.context, event_id, person_id, now_s);
}

int watch_event_read(struct watch_room *room, int64_t event_id, struct watch_event *out)
{
    return room->store.event_read(room->store.context, event_id, out);
}

void watch_counts(const struct watch_room *room, const struct registry_scope *scope, struct watch_counts *out)
{
    struct watch_counts counts = { 0 };
    uint32_t device_count = registry_device_count(room->registry);
    for (uint32_t id = 1; id <= device_count; id++) {
        const struct registry_device *archive = registry_device_find(room->registry, id);
        if (!archive || archive->removed || !registry_is_meter(archive) ||
            !registry_scope_holds(room->registry, scope, id))
            continue;
        const struct reading_state *state = reading_state_find(room->reading, id);
        uint8_t status = state ? state->status : 0;
        counts.total++;
        int64_t *place = status & STATUS_FAULT    ? &counts.fault
                         : status & STATUS_ALARM  ? &counts.alarm
                         : status & STATUS_SILENT ? &counts.silent
                         : status & STATUS_CUT_OFF ? &counts.cut
                                                   : &counts.normal;
        (*place)++;
    }
    *out = counts;
}
