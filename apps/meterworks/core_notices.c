/* What the rooms tell the core while they work: a command moved, an event was raised, money wants a valve or a message. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "billing/closing.h"
#include "billing/unit_account.h"
#include "notify/notify.h"
#include "notify/outbox.h"

static int billing_tell_clear(struct core *core, const struct command_record *command)
{
    bool ended = command->state == COMMAND_VERIFIED || command->state == COMMAND_FAILED ||
                 command->state == COMMAND_EXPIRED || command->state == COMMAND_CANCELLED;

    if (command->operation != DOWNLINK_CLEAR_BALANCE || !ended)
        return 0;
    return billing_clear_ended(core->billing, (int64_t)command->command_id, command->state == COMMAND_VERIFIED, core->now_s);
}

/* Refused by the meter, or never sent: it is not in the meter. What was sent and expired may be. */
static int billing_tell_recharge(struct core *core, const struct command_record *command)
{
    int64_t command_id = (int64_t)command->command_id;
    bool never_sent = command->tries == 0 && (command->state == COMMAND_EXPIRED || command->state == COMMAND_CANCELLED);

    if (command->operation != DOWNLINK_RECHARGE)
        return 0;
    if (command->state == COMMAND_VERIFIED)
        return billing_recharge_arrived(core->billing, command->device_id, command_id, core->now_s);
    if (command->state != COMMAND_FAILED && !never_sent)
        return 0;
    return billing_recharge_failed(core->billing, command->device_id, command_id, core->now_s);
}

static int billing_tell_valve(struct core *core, const struct command_record *command)
{
    enum billing_valve valve =
        command->operation == DOWNLINK_OPEN_VALVE ? BILLING_VALVE_OPEN : BILLING_VALVE_CLOSE;

    if (command->operation != DOWNLINK_OPEN_VALVE && command->operation != DOWNLINK_CLOSE_VALVE)
        return 0;
    switch (command->state) {
    case COMMAND_VERIFIED:
        return billing_valve_verified(core->billing, command->device_id, valve, core->now_s);
    case COMMAND_FAILED:
    case COMMAND_EXPIRED:
        return billing_valve_failed(core->billing, command->device_id, valve, core->now_s);
    default:
        return 0;
    }
}

static int watch_tell(struct core *core, const struct command_record *command)
{
    bool failed = command->state == COMMAND_FAILED || command->state == COMMAND_EXPIRED;

    /* What the platform asks by itself, and asks again, is nobody's concern. */
    if ((!failed && command->state != COMMAND_VERIFIED) || command->operation == DOWNLINK_TELL_INTERVALS)
        return 0;
    return watch_condition_set(core->watch, command->device_id, WATCH_COMMAND_FAILED, failed, command->outcome,
                               core->now_s);
}

static int collect_tell_day(struct core *core, const struct command_record *command)
{
    static const uint8_t problems[COMMAND_STATE_COUNT] = {
        [COMMAND_FAILED] = LINE_PROBLEM_REFUSED,
        [COMMAND_EXPIRED] = LINE_PROBLEM_NO_ANSWER,
        [COMMAND_CANCELLED] = LINE_PROBLEM_NO_ANSWER,
    };
    if (command->state != COMMAND_VERIFIED && problems[command->state] == LINE_PROBLEM_NONE)
        return 0;
    return collect_radio_told(core->collect, command->device_id, problems[command->state], core->now_s);
}

/* A meter with a radio that was asked to report will not. */
static int collect_tell(struct core *core, const struct command_record *command)
{
    if (command->operation == DOWNLINK_TELL_INTERVALS)
        return collect_tell_day(core, command);
    bool ended = command->state == COMMAND_FAILED || command->state == COMMAND_EXPIRED ||
                 command->state == COMMAND_CANCELLED;

    if (!ended || command->operation != DOWNLINK_READ_NOW)
        return 0;
    return collect_radio_failed(core->collect, command->device_id, core->now_s);
}

int core_command_changed(void *context, const struct command_change *change)
{
    struct core *core = context;
    const struct command_record *command = change->command;
    const struct registry_device *device = registry_device_find(core->registry, command->device_id);
    int result;

    if (change->before == 0) {
        core_listen(core, command->device_id, false);
        core_visits_hasten(core, command->device_id);
    }
    core_live_add(core, command->tenant_id, device != NULL ? device->area_id : 0, LIVE_COMMAND,
                  "{\"command_id\":%llu,\"device_id\":%u,\"kind\":\"%s\",\"state\":\"%s\",\"at_s\":%lld}",
                  (unsigned long long)command->command_id, command->device_id,
                  command_operation_name(command->operation), command_state_name(command->state),
                  (long long)change->at_s);
    /* While the rooms load, nobody listens yet. */
    if (core->billing == NULL || core->watch == NULL)
        return 0;
    result = collect_tell(core, command);
    if (result >= 0)
        result = billing_tell_valve(core, command);
    if (result >= 0)
        result = billing_tell_clear(core, command);
    if (result >= 0)
        result = billing_tell_recharge(core, command);
    if (result >= 0)
        result = watch_tell(core, command);
    if (result >= 0 && change->before != command->state)
        result = core_event_of_command(core, command);
    return result < 0 ? result : 0;
}

int core_watch_changed(void *context, const struct watch_change *change)
{
    struct core *core = context;
    const struct watch_event *event = change->event;
    const struct registry_device *device = registry_device_find(core->registry, event->device_id);

    core_live_add(core, event->tenant_id, device != NULL ? device->area_id : 0, LIVE_EVENT,
                  "{\"event_id\":%lld,\"device_id\":%u,\"kind\":\"%s\",\"severity\":%d,\"raised_s\":%lld,"
                  "\"cleared\":%s}",
                  (long long)event->event_id, event->device_id, event->kind, (int)event->severity,
                  (long long)event->raised_s, change->cleared ? "true" : "false");
    return 0;
}

static int command_ask(struct core *core, const struct command_request *request, struct billing_command *out)
{
    struct command_ticket ticket;
    int result = command_request(core->command, request, core->now_s, &ticket);

    if (result < 0)
        return result;
    *out = (struct billing_command){
        .command_id = ticket.command_id, .window_s = ticket.window_s, .awake = ticket.awake,
    };
    return 0;
}

static int valve_ask(void *context, uint32_t device_id, enum billing_valve valve, const char *reason, int64_t now_s,
                     struct billing_command *out)
{
    struct command_request request = {
        .device_id = device_id,
        .operation = valve == BILLING_VALVE_OPEN ? DOWNLINK_OPEN_VALVE : DOWNLINK_CLOSE_VALVE,
        .priority = COMMAND_PRIORITY_URGENT,
    };

    (void)now_s;
    text_copy(span_of_text(reason), request.reason, sizeof request.reason);
    return command_ask(context, &request, out);
}

/* Money or units for a meter that holds them itself. */
static int recharge_send(struct core *core, struct command_request request, const char *reason, struct billing_command *out)
{
    request.operation = DOWNLINK_RECHARGE;
    request.priority = COMMAND_PRIORITY_URGENT;
    text_copy(span_of_text(reason), request.reason, sizeof request.reason);
    return command_ask(core, &request, out);
}

static int recharge_ask(void *context, uint32_t device_id, int64_t amount_fen, const char *reason, int64_t now_s,
                        struct billing_command *out)
{
    (void)now_s;
    return recharge_send(context, (struct command_request){ .device_id = device_id, .amount_fen = amount_fen }, reason, out);
}

static int units_ask(void *context, uint32_t device_id, int64_t value, const char *reason, int64_t now_s,
                     struct billing_command *out)
{
    (void)now_s;
    return recharge_send(context, (struct command_request){ .device_id = device_id, .value = value }, reason, out);
}

static int holding_find(void *context, uint32_t device_id, struct billing_holding *out)
{
    struct core *core = context;
    const struct registry_device *device = registry_device_find(core->registry, device_id);
    struct registry_scope scope;
    struct core_holding holding;
    struct device_record row;
    int error;

    *out = (struct billing_holding){ .known = false };
    if (device == NULL || core->config.ports.holding == NULL)
        return 0;
    error = registry_scope_make(core->registry, device->tenant_id, device->area_id, &scope);
    if (error == 0)
        error = registry_device_read(core->registry, &scope, device_id, &row);
    if (error < 0 || !core->config.ports.holding(core->config.ports.context, row.profile, &holding))
        return error;
    *out = (struct billing_holding){ true, !holding.takes_purchases, holding.units, holding.smallest_fen };
    return 0;
}

static int clear_ask(void *context, uint32_t device_id, const char *reason, int64_t now_s, struct billing_command *out)
{
    struct command_request request = {
        .device_id = device_id,
        .operation = DOWNLINK_CLEAR_BALANCE,
        .priority = COMMAND_PRIORITY_URGENT,
    };

    (void)now_s;
    text_copy(span_of_text(reason), request.reason, sizeof request.reason);
    return command_ask(context, &request, out);
}

static int notice_post(void *context, const struct billing_notice *notice)
{
    struct core *core = context;
    struct notify_request request = {
        .tenant_id = notice->tenant_id,
        .account_id = notice->account_id,
        .kind = (enum notice_kind)notice_kind_of_name(notice->kind),
        .key = notice->key,
        .recipient = notice->recipient,
        .channels = core->config.message_channels,
        .now_s = notice->now_s,
        .values = {
            .utility = notice->utility, .organisation = notice->organisation, .phone = notice->phone,
            .place_zh = notice->place_zh, .place_en = notice->place_en,
            .balance_fen = notice->balance_fen, .due_fen = notice->due_fen, .paid_fen = notice->paid_fen,
            .at_s = notice->at_s, .zone_offset_s = notice->zone_offset_s, .days_left = notice->days_left,
        },
    };
    struct notice row;
    int result = notify_post(notify_sql_store(core->notify_sql), &request, &row);

    if (result == 0)
        core->messages_waiting = true;
    if (result == 0)
        result = core_event_of_notice(core, notice, row.notice_id);
    if (result == 0)
        core_live_add(core, row.tenant_id, 0, LIVE_NOTICE, "{\"notice_id\":%lld,\"account_id\":%lld,\"kind\":\"%s\"}",
                      (long long)row.notice_id, (long long)row.account_id, notice->kind);
    return result < 0 ? result : 0;
}

static int notices_room(void *context, uint32_t tenant_id)
{
    struct core *core = context;

    return outbox_room(notify_sql_store(core->notify_sql), tenant_id);
}

static int journal_write(void *context, uint32_t tenant_id, int64_t account_id, const char *action, const char *detail,
                         int64_t now_s)
{
    struct core *core = context;
    struct core_request platform = { .tenant_id = tenant_id };

    (void)now_s;
    return core_audit(core, &platform, action, "account", account_id, detail);
}

static int money_tell(void *context, const struct billing_money *money)
{
    return core_event_of_money(context, money);
}

static int invoice_take_back_ask(void *context, int64_t invoice_id, const char *reason, uint32_t person_id)
{
    return core_invoice_take_back(context, invoice_id, reason, person_id);
}

static int devices_settle(void *context, const uint32_t *device_ids, uint32_t count)
{
    struct core *core = context;

    return reading_devices_settle(core->reading, device_ids, count);
}

struct billing_actions core_billing_actions(struct core *core)
{
    return (struct billing_actions){
        .context = core,
        .request_valve = valve_ask,
        .request_recharge = recharge_ask,
        .notice = notice_post,
        .notices_room = notices_room,
        .journal = journal_write,
        .money = money_tell,
        .request_clear = clear_ask,
        .request_units = units_ask,
        .holding = holding_find,
        .devices_settle = devices_settle,
        .invoice_take_back = invoice_take_back_ask,
    };
}
