/* The life of a command, as a table of moves.
 *
 *             asked
 *               v
 *   +------> QUEUED ------------------------------> CANCELLED
 *   | no        v left the gate                        ^
 *   | answer  SENT ----- refused, tried out ----> FAILED | overtaken by a newer valve command
 *   +---------+ v                                    ^  |
 *          DELIVERED ----------------------------------+
 *               v                                    |  |
 *           EXECUTED ---- the device shows otherwise +--+
 *               v the device's own state shows it
 *           VERIFIED          EXPIRED: from every open state, when its time is over
 *
 * An answer or a proof may come late: EXECUTED is reached from QUEUED too when the answer was lost and came after all,
 * and the device's state proves a command whose answer was lost for good. A recharge that expired or failed on paper
 * but shows up in the meter later becomes VERIFIED: money follows the meter, never a guess. One that expired, and that the
 * meter's next word says it has not, becomes FAILED. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "command/command_internal.h"

#define TO(state) (1u << (state))
#define TO_ANY_END (TO(COMMAND_VERIFIED) | TO(COMMAND_FAILED) | TO(COMMAND_EXPIRED) | TO(COMMAND_CANCELLED))

static const uint32_t moves[COMMAND_STATE_COUNT] = {
    [COMMAND_QUEUED] = TO(COMMAND_SENT) | TO(COMMAND_DELIVERED) | TO(COMMAND_EXECUTED) | TO_ANY_END,
    [COMMAND_SENT] = TO(COMMAND_QUEUED) | TO(COMMAND_SENT) | TO(COMMAND_DELIVERED) | TO(COMMAND_EXECUTED) | TO_ANY_END,
    [COMMAND_DELIVERED] = TO(COMMAND_EXECUTED) | TO_ANY_END,
    [COMMAND_EXECUTED] = TO_ANY_END,
    [COMMAND_FAILED] = TO(COMMAND_VERIFIED),
    [COMMAND_EXPIRED] = TO(COMMAND_VERIFIED) | TO(COMMAND_FAILED),
};

bool command_move_allowed(enum command_state from, enum command_state to)
{
    assert((unsigned)from < COMMAND_STATE_COUNT && (unsigned)to < COMMAND_STATE_COUNT);
    return (moves[from] & TO(to)) != 0;
}

bool command_state_final(enum command_state state)
{
    return (TO_ANY_END & TO(state)) != 0;
}

/* Keep the device's record in step with its command. */
static int device_follow(struct command_room *room, const struct command_record *command, bool was_final, bool final)
{
    struct command_device *device = NULL;
    int error = command_device_touch(room, command->device_id, &device);
    if (error != 0)
        return error;
    if (final && !was_final)
        device->open_count--;
    if (command->state == COMMAND_EXPIRED && command->operation == DOWNLINK_RECHARGE && command->tries > 0)
        device->has_lost = true;
    if (command->state != COMMAND_SENT && device->under_way_id == command->command_id)
        device->under_way_id = 0;
    return 0;
}

int command_move(struct command_room *room, struct command_record *command, enum command_state to, int64_t now_s,
                 const char *note, ...)
{
    enum command_state before = (enum command_state)command->state;
    char detail[COMMAND_REASON_LIMIT + 32]; /* the longest note quotes a reason */
    if (!command_move_allowed(before, to))
        return 0;
    va_list arguments;
    va_start(arguments, note);
    vsnprintf(detail, sizeof detail, note, arguments);
    va_end(arguments);
    detail[text_utf8_cut(span_of_text(detail), COMMAND_OUTCOME_LIMIT - 1)] = '\0';
    command->state = (uint8_t)to;
    if (command_state_final(to)) {
        command->finished_s = now_s;
        text_copy(span_of_text(detail), command->outcome, sizeof command->outcome);
    }
    int error = device_follow(room, command, command_state_final(before), command_state_final(to));
    if (error == 0)
        error = room->store.update(room->store.context, command);
    if (error == 0)
        error = room->store.step_insert(room->store.context, command->command_id, to, now_s, detail);
    if (error == 0 && room->changed)
        error = room->changed(room->listener, &(struct command_change){ command, before, now_s });
    return error < 0 ? error : 1;
}
