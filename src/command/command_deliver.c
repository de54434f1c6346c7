/* Out through the device's window, and the answers that come back. */
#include <string.h>

#include "command/command_internal.h"

static void downlink_fill(const struct command_record *command, int64_t now_s, struct downlink *out)
{
    *out = (struct downlink){
        .command_id = command->command_id,
        .device_id = command->device_id,
        .serial = command->serial,
        .operation = command->operation,
        .parameter = command->parameter,
        .timeout_ms = COMMAND_TRY_TIMEOUT_MS,
        .amount_fen = command->amount_fen,
        .value = command->operation == DOWNLINK_SET_CLOCK ? now_s : command->value,
        .expires_s = command->expires_s,
        .table = command->table,
    };
}

/* The first command in order that has not reached the device; those that are past their time end on the way. */
static int candidate_find(struct command_room *room, uint32_t device_id, int64_t now_s, struct command_record *command)
{
    uint8_t priority = 0;
    uint64_t after = 0;
    for (;;) {
        int found = room->store.open_next(room->store.context, device_id, priority, after, command);
        if (found <= 0)
            return found;
        priority = command->priority;
        after = command->command_id;
        if (command->state != COMMAND_QUEUED && command->state != COMMAND_SENT)
            continue;
        if (command->expires_s > now_s)
            return 1;
        int moved = command_move(room, command, COMMAND_EXPIRED, now_s, "expired_unanswered %u",
                                 (unsigned)command->tries);
        if (moved < 0)
            return moved;
    }
}

int command_offer(struct command_room *room, uint32_t device_id, int64_t now_s, struct downlink *out)
{
    struct command_record command;
    struct command_device *device = dense_array_reserve(&room->devices, device_id);
    if (!device)
        return COMMAND_ERR_MEMORY;
    if (device->open_count == 0 ||
        (device->under_way_id != 0 && now_s - device->under_way_s < COMMAND_ANSWER_BOUND_S))
        return 0;
    int found = candidate_find(room, device_id, now_s, &command);
    if (found <= 0)
        return found;
    int error = command_device_touch(room, device_id, &device);
    if (error != 0)
        return error;
    error = command_purchase_number(room, device, &command, now_s);
    if (error != 0)
        return error;
    device->under_way_id = command.command_id;
    device->under_way_s = (uint32_t)now_s;
    downlink_fill(&command, now_s, out);
    return 1;
}

int command_next(struct command_room *room, uint32_t device_id, int64_t now_s, struct downlink *out)
{
    struct command_device *device = dense_array_reserve(&room->devices, device_id);
    if (!device)
        return COMMAND_ERR_MEMORY;
    device->awake_s = (uint32_t)now_s;
    return command_offer(room, device_id, now_s, out);
}

int command_returned(struct command_room *room, uint64_t command_id, int64_t now_s)
{
    struct command_record command;
    struct command_device *device = NULL;
    int found = command_read(room, command_id, &command);
    if (found <= 0)
        return found;
    int error = command_device_touch(room, command.device_id, &device);
    if (error != 0)
        return error;
    if (device->under_way_id == command_id)
        device->under_way_id = 0;
    if (command.state != COMMAND_SENT || command.tries == 0)
        return 0;
    /* An order was taken for sent, and the gate had no room for it. */
    command.tries--;
    int moved = command_move(room, &command, COMMAND_QUEUED, now_s, "gate_full");
    return moved < 0 ? moved : 0;
}

static int sent_take(struct command_room *room, struct command_record *command, int64_t now_s)
{
    command->tries++;
    return command_move(room, command, COMMAND_SENT, now_s, "left_gate %u", (unsigned)command->tries);
}

/* The proof comes with a later report, which may be a day away. */
static void proof_await(struct command_record *command, int64_t now_s)
{
    if (command->expires_s < now_s + COMMAND_VERIFY_S)
        command->expires_s = now_s + COMMAND_VERIFY_S;
}

static int executed_take(struct command_room *room, struct command_record *command, const struct uplink *uplink,
                         int64_t now_s)
{
    proof_await(command, now_s);
    int moved = command_move(room, command, COMMAND_EXECUTED, now_s, "device_did_it");
    if (moved == 1 && command->operation == DOWNLINK_READ_NOW && uplink->item_count > 0)
        moved = command_move(room, command, COMMAND_VERIFIED, now_s, "values_received %u",
                             (unsigned)uplink->item_count);
    return moved;
}

static int delivered_take(struct command_room *room, struct command_record *command, int64_t now_s)
{
    proof_await(command, now_s);
    return command_move(room, command, COMMAND_DELIVERED, now_s, "device_has_it");
}

/* CoAP codes are written class.detail (RFC 7252, 3): 128 is 4.00. */
static int refused_take(struct command_room *room, struct command_record *command, const struct uplink *uplink,
                        int64_t now_s)
{
    return command_move(room, command, COMMAND_FAILED, now_s, "refused %u.%02u", (unsigned)uplink->answer_code >> 5,
                        (unsigned)uplink->answer_code & 31);
}

/* The window closed. A recharge is never given up before it expires: the meter may have it, and only the meter's own
 * serial tells. */
int command_wait_again(struct command_room *room, struct command_record *command, int64_t now_s)
{
    if (command->tries >= COMMAND_TRY_LIMIT && command->operation != DOWNLINK_RECHARGE)
        return command_move(room, command, COMMAND_FAILED, now_s, "tried_out %u", (unsigned)command->tries);
    if (command->state == COMMAND_SENT)
        return command_move(room, command, COMMAND_QUEUED, now_s, "no_answer %u", (unsigned)command->tries);
    return command_returned(room, command->command_id, now_s);
}

int command_answer(struct command_room *room, const struct uplink *uplink, int64_t now_s)
{
    struct command_record command;
    int moved = 0;
    int found = command_read(room, uplink->command_id, &command);
    if (found <= 0)
        return found;
    if (command.device_id != uplink->device_id || command.finished_s != 0)
        return 0;
    switch (uplink->answer) {
    case UPLINK_ANSWER_SENT:
        moved = sent_take(room, &command, now_s);
        break;
    case UPLINK_ANSWER_EXECUTED:
        moved = executed_take(room, &command, uplink, now_s);
        break;
    case UPLINK_ANSWER_DELIVERED:
        moved = delivered_take(room, &command, now_s);
        break;
    case UPLINK_ANSWER_REFUSED:
        moved = refused_take(room, &command, uplink, now_s);
        break;
    case UPLINK_ANSWER_TIMEOUT:
        moved = command_wait_again(room, &command, now_s);
        break;
    default:
        break;
    }
    return moved < 0 ? moved : 0;
}
