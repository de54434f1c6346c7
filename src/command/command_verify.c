/* Believing a command only when the device's own later state shows it. */
#include "base/quantity.h"
#include "command/command_internal.h"

enum proof { PROOF_NONE, PROOF_SHOWN, PROOF_REFUTED, PROOF_FAULT };

/* Whether the device may have the command: state that nobody asked for proves nothing. */
static bool reached(const struct command_record *command)
{
    return command->tries > 0 || command->state == COMMAND_DELIVERED || command->state == COMMAND_EXECUTED;
}

static enum proof valve_proof(const struct command_record *command, const struct command_observation *seen)
{
    uint8_t wanted = command->operation == DOWNLINK_OPEN_VALVE ? VALVE_OPEN : VALVE_CLOSED;
    if (!seen->valve_known)
        return PROOF_NONE;
    if (seen->valve_state == wanted)
        return PROOF_SHOWN;
    if (command->state != COMMAND_EXECUTED)
        return PROOF_NONE;
    if (seen->valve_state == VALVE_FAULT)
        return PROOF_FAULT;
    return seen->valve_state != VALVE_MOVING && seen->full_report ? PROOF_REFUTED : PROOF_NONE;
}

static enum proof recharge_proof(const struct command_record *command, const struct command_observation *seen)
{
    return seen->recharge_known && seen->recharge_serial >= command->serial ? PROOF_SHOWN : PROOF_NONE;
}

static enum proof clock_proof(const struct command_record *command, const struct command_observation *seen)
{
    if (!seen->clock_known || command->state != COMMAND_EXECUTED)
        return PROOF_NONE;
    bool right = seen->clock_error_s <= COMMAND_CLOCK_BOUND_S && seen->clock_error_s >= -COMMAND_CLOCK_BOUND_S;
    return right ? PROOF_SHOWN : seen->full_report ? PROOF_REFUTED : PROOF_NONE;
}

/* What was written or asked for arrives with the next whole report. */
static enum proof report_proof(const struct command_record *command, const struct command_observation *seen)
{
    bool waits = command->state == COMMAND_EXECUTED || command->operation == DOWNLINK_READ_NOW;
    return waits && seen->full_report ? PROOF_SHOWN : PROOF_NONE;
}

static enum proof series_proof(const struct command_record *command, const struct command_observation *seen)
{
    return command->state == COMMAND_EXECUTED && seen->series ? PROOF_SHOWN : PROOF_NONE;
}

struct proof_rule {
    enum proof (*proof)(const struct command_record *command, const struct command_observation *seen);
    const char *shown;
    const char *refuted;
};

static const struct proof_rule rules[DOWNLINK_OPERATION_COUNT] = {
    [DOWNLINK_OPEN_VALVE] = { valve_proof, "valve_shown_open", "valve_still_closed" },
    [DOWNLINK_CLOSE_VALVE] = { valve_proof, "valve_shown_closed", "valve_still_open" },
    [DOWNLINK_RECHARGE] = { recharge_proof, "serial_shown", "" },
    [DOWNLINK_WRITE_PARAMETER] = { report_proof, "next_report", "" },
    [DOWNLINK_READ_NOW] = { report_proof, "next_report", "" },
    [DOWNLINK_SET_CLOCK] = { clock_proof, "clock_right", "clock_still_wrong" },
    [DOWNLINK_PERMIT_CLOSE] = { report_proof, "next_report", "" },
    [DOWNLINK_KEEP_ON] = { report_proof, "next_report", "" },
    [DOWNLINK_KEEP_ON_CANCEL] = { report_proof, "next_report", "" },
    [DOWNLINK_CLEAR_BALANCE] = { recharge_proof, "balance_shown_cleared", "" },
    [DOWNLINK_SET_MODE] = { report_proof, "next_report", "" },
    [DOWNLINK_WRITE_STEPS] = { report_proof, "next_report", "" },
    [DOWNLINK_WRITE_DAY_TABLE] = { report_proof, "next_report", "" },
    [DOWNLINK_FREEZE] = { report_proof, "next_report", "" },
    [DOWNLINK_TELL_INTERVALS] = { series_proof, "day_received", "" },
};

/* The newest valve command of the device that may have reached it; older ones cannot be told apart any more. */
static int newest_valve_find(struct command_room *room, uint32_t device_id, uint64_t *newest)
{
    struct command_record command;
    uint8_t priority = 0;
    uint64_t after = 0;
    *newest = 0;
    for (;;) {
        int found = room->store.open_next(room->store.context, device_id, priority, after, &command);
        if (found <= 0)
            return found;
        priority = command.priority;
        after = command.command_id;
        if (command_is_valve(command.operation) && reached(&command) && command.command_id > *newest)
            *newest = command.command_id;
    }
}

/* A valve takes seconds to turn, and a report that crossed the command on its way shows the state before it: such a
 * report refutes nothing. */
static int refute(struct command_room *room, struct command_record *command, const char *note, int64_t now_s)
{
    int64_t executed_s = 0;
    int found = room->store.step_time(room->store.context, command->command_id, COMMAND_EXECUTED, &executed_s);
    if (found < 0)
        return found;
    if (found == 1 && now_s - executed_s < COMMAND_SETTLE_S)
        return 0;
    return command_move(room, command, COMMAND_FAILED, now_s, "%s", note);
}

static int command_judge(struct command_room *room, struct command_record *command,
                         const struct command_observation *seen, uint64_t newest_valve, int64_t now_s)
{
    const struct proof_rule *rule = &rules[command->operation];
    if (!reached(command))
        return 0;
    if (command_is_valve(command->operation) && command->command_id != newest_valve)
        return command->state == COMMAND_EXECUTED && seen->valve_known
                   ? command_move(room, command, COMMAND_CANCELLED, now_s, "overtaken %llu",
                                  (unsigned long long)newest_valve)
                   : 0;
    switch (rule->proof(command, seen)) {
    case PROOF_SHOWN:
        return command_move(room, command, COMMAND_VERIFIED, now_s, "%s", rule->shown);
    case PROOF_REFUTED:
        return refute(room, command, rule->refuted, now_s);
    case PROOF_FAULT:
        return command_move(room, command, COMMAND_FAILED, now_s, "valve_fault");
    default:
        return 0;
    }
}

static int open_commands_judge(struct command_room *room, const struct command_observation *seen, int64_t now_s)
{
    struct command_record command;
    uint8_t priority = 0;
    uint64_t after = 0;
    uint64_t newest_valve = 0;
    int ended = 0;
    int error = newest_valve_find(room, seen->device_id, &newest_valve);
    while (error == 0) {
        int found = room->store.open_next(room->store.context, seen->device_id, priority, after, &command);
        if (found <= 0)
            return found < 0 ? found : ended;
        priority = command.priority;
        after = command.command_id;
        int moved = command_judge(room, &command, seen, newest_valve, now_s);
        if (moved < 0)
            return moved;
        ended += moved;
    }
    return error;
}

/* A recharge that had ended on paper, but that the meter now shows as its last one. */
static int late_recharge_judge(struct command_room *room, const struct command_observation *seen, int64_t now_s)
{
    struct command_record command;
    int found = room->store.recharge_read(room->store.context, seen->device_id, seen->recharge_serial, &command);
    if (found <= 0 || command.finished_s == 0 || command.tries == 0)
        return found < 0 ? found : 0;
    return command_move(room, &command, COMMAND_VERIFIED, now_s, "late_proof");
}

/* When a command last left for its device; 0 never. */
static int left_last(struct command_room *room, const struct command_record *command, int64_t *at_s)
{
    int found;
    *at_s = 0;
    found = room->store.step_time(room->store.context, command->command_id, COMMAND_SENT, at_s);
    return found < 0 ? found : 0;
}

/* A recharge that expired after it had left: the meter's own count says that it never came. What shows a higher count may
 * hold it, or not: that stays open. 1 it is told, or never will be; 0 it may still be on its way */
static int lost_recharge_judge(struct command_room *room, struct command_record *command,
                               const struct command_observation *seen, int64_t now_s)
{
    const struct registry_device *archive = registry_device_find(room->registry, seen->device_id);
    int64_t left_s;
    int error = left_last(room, command, &left_s);
    if (error != 0 || seen->recharge_serial >= command->serial)
        return error != 0 ? error : 1;
    if (now_s - left_s < COMMAND_SETTLE_S)
        return 0;
    if (archive != NULL && archive->line_device_id != 0)
        command->serial = 0; /* the number is given again */
    error = command_move(room, command, COMMAND_FAILED, now_s, "not_in_meter %u", (unsigned)seen->recharge_serial);
    return error < 0 ? error : 1;
}

static int lost_recharges_judge(struct command_room *room, const struct command_observation *seen, int64_t now_s)
{
    struct command_device *device = NULL;
    struct command_record command = { .command_id = 0 };
    bool is_open = false;
    int found;
    while ((found = room->store.recharge_lost_next(room->store.context, seen->device_id, command.command_id, &command)) == 1) {
        int told = lost_recharge_judge(room, &command, seen, now_s);
        if (told < 0)
            return told;
        is_open = is_open || told == 0;
    }
    if (found < 0)
        return found;
    found = command_device_touch(room, seen->device_id, &device);
    if (found == 0)
        device->has_lost = is_open;
    return found;
}

/* 1 while a purchase may be in the meter without having been seen there; negative of the store. */
static int purchase_awaited(struct command_room *room, uint32_t device_id)
{
    struct command_record command = { .command_id = 0 };
    int found;
    do {
        found = room->store.open_next(room->store.context, device_id, command.priority, command.command_id, &command);
    } while (found == 1 && !(command_is_money(command.operation) && reached(&command)));
    return found;
}

/* Behind a line the meter's count is all that decides which number is next: those that got lost are given again. */
static int serial_follow(struct command_room *room, const struct command_observation *seen,
                         struct command_device *device)
{
    const struct registry_device *archive = registry_device_find(room->registry, seen->device_id);
    if (archive == NULL || archive->line_device_id == 0)
        return 0;
    int awaited = purchase_awaited(room, seen->device_id);
    if (awaited == 0)
        device->serial = seen->recharge_serial;
    return awaited < 0 ? awaited : 0;
}

static int serial_note(struct command_room *room, const struct command_observation *seen)
{
    struct command_device *device = NULL;
    int error = command_device_touch(room, seen->device_id, &device);
    if (error != 0)
        return error;
    device->recharge_seen = seen->recharge_serial;
    if (device->serial < seen->recharge_serial)
        device->serial = seen->recharge_serial;
    return device->serial > seen->recharge_serial ? serial_follow(room, seen, device) : 0;
}

/* What it shows of purchases now decides the number of the next one. */
static int count_note(struct command_room *room, uint32_t device_id, int64_t now_s)
{
    struct command_device *device = NULL;
    int error = command_device_touch(room, device_id, &device);
    if (error != 0)
        return error;
    device->looked_s = (uint32_t)now_s;
    device->is_counted = true;
    return 0;
}

int command_observe(struct command_room *room, const struct command_observation *observation, int64_t now_s)
{
    const struct command_device *device = dense_array_at(&room->devices, observation->device_id);
    uint32_t seen_before = device ? device->recharge_seen : 0;
    bool open = device && device->open_count > 0;
    uint32_t serial = device ? device->serial : 0;
    bool new_serial = observation->recharge_known &&
                      (observation->recharge_serial != seen_before || observation->recharge_serial < serial);
    int ended = 0;
    if (new_serial) {
        int error = serial_note(room, observation);
        ended = error != 0 ? error : late_recharge_judge(room, observation, now_s);
    }
    if (ended >= 0 && observation->recharge_known && device && device->has_lost) {
        int error = lost_recharges_judge(room, observation, now_s);
        ended = error < 0 ? error : ended;
    }
    if (ended < 0 || !open)
        return ended;
    int error = observation->recharge_known ? count_note(room, observation->device_id, now_s) : 0;
    if (error != 0)
        return error;
    int judged = open_commands_judge(room, observation, now_s);
    return judged < 0 ? judged : ended + judged;
}
