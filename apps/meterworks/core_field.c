/* Calls about readings set aside, commands and events; and what of stored readings is damaged. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/calendar.h"
#include "base/span.h"
#include "base/text.h"
#include "command/command_text.h"
#include "registry/registry_line.h"

static int device_in_scope(struct core *core, const struct core_request *head, uint32_t device_id, int otherwise)
{
    struct registry_scope scope;
    int result = core_scope(core, head, &scope);

    if (result < 0)
        return result;
    return registry_scope_holds(core->registry, &scope, device_id) ? 0 : otherwise;
}

int core_damage_tell(struct core *core)
{
    static const char *const kinds[] = { [READING_DAMAGE_MIDNIGHTS] = "midnights", [READING_DAMAGE_INTERVALS] = "intervals" };
    struct reading_damage damage;

    while (reading_damage_take(core->reading, &damage) == 1) {
        char date[16];
        char detail[40];
        calendar_format_date(damage.day, date, sizeof date);
        snprintf(detail, sizeof detail, "%s %s", kinds[damage.kind], date);
        int result = watch_note(core->watch, damage.device_id, "history_damaged", 2, detail, 0, core->now_s);
        if (result < 0)
            return result;
    }
    return 0;
}

int core_set_aside_decide(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_decision *ask = request;
    struct reading_set_aside row;
    struct reading_outcome outcome;
    int result = reading_set_aside_find(core->reading, ask->head.object_id, &row);

    if (result <= 0)
        return result < 0 ? result : READING_ERR_SET_ASIDE;
    result = device_in_scope(core, &ask->head, row.device_id, READING_ERR_SET_ASIDE);
    if (result == 0)
        result = reading_decide(core->reading, ask->head.object_id, strcmp(ask->decision, "accepted") == 0,
                                ask->head.person_id, core->now_s, &outcome);
    if (result == 0)
        result = core_billing_tell(core, &outcome);
    if (result == 0 && reading_set_aside_open(core->reading, row.device_id) == 0)
        result = watch_condition_set(core->watch, row.device_id, WATCH_SET_ASIDE, false, "", core->now_s);
    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "reading.decide", "set_aside", ask->head.object_id, ask->reason);
}

/* Closing a supply, opening it and money go before bulk work. */
static uint8_t priority_of(int operation)
{
    switch (operation) {
    case DOWNLINK_OPEN_VALVE:
    case DOWNLINK_CLOSE_VALVE:
    case DOWNLINK_RECHARGE:
    case DOWNLINK_PERMIT_CLOSE:
    case DOWNLINK_KEEP_ON:
    case DOWNLINK_KEEP_ON_CANCEL:
        return COMMAND_PRIORITY_URGENT;
    default:
        return COMMAND_PRIORITY_NORMAL;
    }
}

static void ticket_note(struct core *core, uint32_t device_id, const struct command_ticket *ticket,
                        struct core_reply *reply)
{
    int32_t zone_offset_s = registry_zone_offset_s(core->registry, device_id);
    uint32_t line_id = registry_line_of(core->registry, device_id);
    bool connected = estate_connected(core->estate, line_id);

    if (line_id != 0) {
        command_line_text(connected, true, reply->note_zh, sizeof reply->note_zh);
        command_line_text(connected, false, reply->note_en, sizeof reply->note_en);
        return;
    }
    command_window_text(ticket->awake, ticket->window_s, zone_offset_s, true, reply->note_zh, sizeof reply->note_zh);
    command_window_text(ticket->awake, ticket->window_s, zone_offset_s, false, reply->note_en, sizeof reply->note_en);
}

int core_command_ask(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_command *ask = request;
    int operation = command_operation_of_name(ask->kind);
    struct command_request wanted = {
        .value = ask->value,
        .amount_fen = ask->amount_fen,
        .expires_s = ask->expires_s > 0 ? core->now_s + ask->expires_s : 0,
        .device_id = (uint32_t)ask->head.object_id,
        .requested_by = ask->head.person_id,
        .operation = (uint16_t)operation,
        .parameter = (uint16_t)command_parameter_of_name(ask->parameter),
        .priority = priority_of(operation),
        .table = ask->table,
    };
    struct command_ticket ticket;
    int result = device_in_scope(core, &ask->head, wanted.device_id, COMMAND_ERR_DEVICE);

    if (result == 0 && text_copy(span_of_text(ask->reason), wanted.reason, sizeof wanted.reason) < 0)
        result = COMMAND_ERR_TEXT;
    if (result == 0)
        result = command_request(core->command, &wanted, core->now_s, &ticket);
    if (result < 0)
        return result;
    reply->object_id = (int64_t)ticket.command_id;
    reply->command_id = (int64_t)ticket.command_id;
    ticket_note(core, wanted.device_id, &ticket, reply);
    return core_audit(core, &ask->head, "command.request", "command", reply->object_id, ask->kind);
}

int core_command_withdraw(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct command_record record;
    uint64_t command_id = (uint64_t)ask->head.object_id;
    int result = command_read(core->command, command_id, &record);

    if (result <= 0)
        return result < 0 ? result : COMMAND_ERR_UNKNOWN;
    result = device_in_scope(core, &ask->head, record.device_id, COMMAND_ERR_UNKNOWN);
    if (result == 0)
        result = command_cancel(core->command, command_id, ask->head.person_id, ask->reason, core->now_s);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "command.cancel", "command", reply->object_id, ask->reason);
}

int core_event_acknowledge(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct watch_event event;
    int result = watch_event_read(core->watch, ask->head.object_id, &event);

    if (result <= 0)
        return result < 0 ? result : WATCH_ERR_EVENT;
    result = device_in_scope(core, &ask->head, event.device_id, WATCH_ERR_EVENT);
    if (result == 0)
        result = watch_acknowledge(core->watch, event.event_id, ask->head.person_id, core->now_s);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result : core_audit(core, &ask->head, "event.acknowledge", "event", reply->object_id, ask->reason);
}
