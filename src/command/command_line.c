/* Commands to devices behind lines: how an order ended becomes a move. */
#include "command/command_internal.h"

#define REPEATED 0x02 /* DL/T 645 SERR bit 1, of a purchase: it is in the meter already */

/* The meter or its concentrator has spoken, and asking again would be answered the same. */
static bool is_refusal(enum line_problem problem)
{
    switch (problem) {
    case LINE_PROBLEM_REFUSED:
    case LINE_PROBLEM_PASSWORD:
    case LINE_PROBLEM_DENIED:
    case LINE_PROBLEM_NO_DATA:
    case LINE_PROBLEM_NOT_FILED:
    case LINE_PROBLEM_UNSUPPORTED:
    case LINE_PROBLEM_PARTIAL:
    case LINE_PROBLEM_KEY:
        return true;
    default:
        return false;
    }
}

/* The line never began with it: no try of the meter. */
static bool is_untried(enum line_problem problem)
{
    return problem == LINE_PROBLEM_OFFLINE || problem == LINE_PROBLEM_EXPIRED || problem == LINE_PROBLEM_CANCELLED ||
           problem == LINE_PROBLEM_FULL;
}

static int command_take(struct command_room *room, uint64_t command_id, struct command_record *out)
{
    int found = command_read(room, command_id, out);
    return found == 1 && out->finished_s != 0 ? 0 : found;
}

int command_line_left(struct command_room *room, uint64_t command_id, int64_t now_s)
{
    struct command_record command;
    int found = command_take(room, command_id, &command);
    if (found <= 0)
        return found;
    command.tries++;
    int moved = command_move(room, &command, COMMAND_SENT, now_s, "left_line %u", (unsigned)command.tries);
    return moved < 0 ? moved : 0;
}

int command_line_looked(struct command_room *room, uint32_t device_id, int64_t now_s)
{
    struct command_device *device = NULL;
    if (!command_waiting(room, device_id))
        return 0;
    int error = command_device_touch(room, device_id, &device);
    if (error == 0)
        device->looked_s = (uint32_t)now_s;
    return error;
}

static bool is_count_fresh(const struct command_device *device, int64_t now_s)
{
    int64_t age_s = now_s - (int64_t)device->looked_s;
    return device->looked_s != 0 && age_s >= 0 && age_s <= COMMAND_COUNT_FRESH_S;
}

int command_purchase_number(struct command_room *room, struct command_device *device, struct command_record *command,
                            int64_t now_s)
{
    const struct registry_device *archive = registry_device_find(room->registry, command->device_id);
    if (archive == NULL || archive->line_device_id == 0 || !command_is_money(command->operation) || command->tries > 0)
        return 0;
    if (!is_count_fresh(device, now_s))
        return COMMAND_COUNT_FIRST;
    if (command->serial > device->recharge_seen && command->serial == device->serial)
        return 0;
    command->serial = ++device->serial;
    return room->store.update(room->store.context, command);
}

/* A purchase that the meter did not take leaves its number for the next. */
static int serial_free(struct command_room *room, struct command_record *command)
{
    struct command_device *device = NULL;
    int error = command->serial != 0 ? command_device_touch(room, command->device_id, &device) : 0;
    if (device && error == 0 && device->serial == command->serial && device->serial > device->recharge_seen)
        device->serial--;
    command->serial = 0;
    return error;
}

static int refused(struct command_room *room, struct command_record *command, enum line_problem problem, int64_t now_s)
{
    /* What the meter took and shows otherwise keeps its number: a later look may prove it after all. */
    int error = problem != LINE_PROBLEM_PARTIAL ? serial_free(room, command) : 0;
    return error != 0 ? error
                      : command_move(room, command, COMMAND_FAILED, now_s, "line_refused %s", line_problem_name(problem));
}

/* Nothing that a meter's registers show later tells these apart from before: its word is all there is, and a report that
 * comes by proves nothing. */
static bool is_unseen(uint16_t operation)
{
    switch (operation) {
    case DOWNLINK_FREEZE:
    case DOWNLINK_PERMIT_CLOSE:
    case DOWNLINK_KEEP_ON:
    case DOWNLINK_KEEP_ON_CANCEL:
    case DOWNLINK_WRITE_STEPS:
    case DOWNLINK_WRITE_DAY_TABLE:
    case DOWNLINK_SET_MODE:
        return true;
    default:
        return false;
    }
}

static int executed(struct command_room *room, struct command_record *command, unsigned items, int64_t now_s)
{
    if (command->expires_s < now_s + COMMAND_VERIFY_S)
        command->expires_s = now_s + COMMAND_VERIFY_S;
    int moved = command_move(room, command, COMMAND_EXECUTED, now_s, "device_did_it");
    if (moved == 1 && command->operation == DOWNLINK_READ_NOW)
        moved = command_move(room, command, COMMAND_VERIFIED, now_s, "values_received %u", items);
    if (moved == 1 && is_unseen(command->operation))
        moved = command_move(room, command, COMMAND_VERIFIED, now_s, "meter_confirmed");
    return moved;
}

/* The answer was lost and the purchase was not. Only of a number that was free when it left, or that was sent before:
 * otherwise the meter speaks of somebody else's purchase. */
static bool is_own_repetition(struct command_room *room, const struct command_record *command, enum line_problem problem,
                              uint16_t answer_code)
{
    const struct command_device *device = dense_array_at(&room->devices, command->device_id);
    bool was_free = device != NULL && device->is_counted;
    return problem != LINE_PROBLEM_NONE && command->serial != 0 && answer_code == REPEATED &&
           (was_free || command->tries > 1);
}

int command_line_ended(struct command_room *room, uint32_t device_id, uint64_t command_id, enum line_problem problem,
                       uint16_t answer_code, unsigned items, int64_t now_s)
{
    struct command_record command;
    int found = command_take(room, command_id, &command);
    int moved;
    if (found <= 0 || command.device_id != device_id)
        return found < 0 ? found : 0;
    if (problem == LINE_PROBLEM_NONE || is_own_repetition(room, &command, problem, answer_code)) {
        moved = executed(room, &command, items, now_s);
    } else if (is_refusal(problem)) {
        moved = refused(room, &command, problem, now_s);
    } else {
        if (is_untried(problem) && command.tries > 0)
            command.tries--;
        moved = command_wait_again(room, &command, now_s);
    }
    return moved < 0 ? moved : 0;
}

int command_proof_awaited(struct command_room *room, uint32_t device_id)
{
    struct command_record command = { .command_id = 0 };
    int found;
    do {
        found = room->store.open_next(room->store.context, device_id, command.priority, command.command_id, &command);
    } while (found == 1 && command.state != COMMAND_EXECUTED);
    return found;
}
