/* Calls about partners of the open interfaces, and what they ask of meters under numbers of their own. */
#include <string.h>

#include "api/partner_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/calendar.h"
#include "base/span.h"
#include "base/text.h"
#include "security/security_error.h"

_Static_assert(PARTNER_DEVICES_SIZE > PARTNER_DEVICE_LIMIT * 11, "every list of devices fits");

static struct people_caller caller_of(const struct core *core, const struct core_request *head)
{
    struct people_caller caller = { .tenant_id = head->tenant_id, .person_id = head->person_id, .now_s = core->now_s,
                                    .wall_s = head->wall_s };

    (void)text_copy(span_of_text(head->scope_path), caller.path, sizeof caller.path);
    return caller;
}

static void partner_fill(const struct core_partner *ask, struct partner *out)
{
    *out = (struct partner){ .partner_id = ask->head.object_id, .area_id = ask->area_id, .per_minute = ask->per_minute,
                             .closings_per_day = ask->closings_per_day, .is_signed = ask->is_signed,
                             .reveal = ask->reveal, .disabled = ask->disabled };
    (void)text_copy(span_of_text(ask->name), out->name, sizeof out->name);
    (void)text_copy(span_of_text(ask->interfaces), out->interfaces, sizeof out->interfaces);
    (void)text_copy(span_of_text(ask->networks), out->networks, sizeof out->networks);
}

int core_partner_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_partner *ask = request;
    struct people_caller caller = caller_of(core, &ask->head);
    struct partner partner;
    int result;

    partner_fill(ask, &partner);
    result = partner_create(&core->partner_store, &core->people_store, &caller, &partner, ask->devices);
    if (result < 0)
        return result;
    reply->object_id = partner.partner_id;
    return core_audit(core, &ask->head, "partner.create", "partner", partner.partner_id, ask->name);
}

int core_partner_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_partner *ask = request;
    struct people_caller caller = caller_of(core, &ask->head);
    struct partner partner;
    int result;

    partner_fill(ask, &partner);
    result = partner_change(&core->partner_store, &core->people_store, &caller, &partner, (unsigned)ask->head.present,
                            ask->devices);
    if (result < 0)
        return result;
    reply->object_id = partner.partner_id;
    return core_audit(core, &ask->head, "partner.change", "partner", partner.partner_id, "");
}

int core_partner_token_add(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_partner_token *ask = request;
    struct people_caller caller = caller_of(core, &ask->head);
    struct partner_token token = { .partner_id = ask->head.object_id, .expires_s = ask->expires_s };
    int result;

    memcpy(token.token_hash, ask->token_hash, sizeof token.token_hash);
    (void)text_copy(span_of_text(ask->hint), token.hint, sizeof token.hint);
    result = partner_token_add(&core->partner_store, &core->people_store, &caller, &token);
    if (result < 0)
        return result;
    reply->object_id = token.token_id;
    return core_audit(core, &ask->head, "partner.token_add", "partner", token.partner_id, token.hint);
}

int core_partner_token_revoke(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct people_caller caller = caller_of(core, &ask->head);
    int result = partner_token_revoke(&core->partner_store, &core->people_store, &caller, ask->head.object_id);

    if (result < 0)
        return result;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "partner.token_revoke", "partner_token", ask->head.object_id, ask->reason);
}

int core_partner_used(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_partner_used *ask = request;
    const struct partner_store *store = &core->partner_store;
    int result = store->token_used(store->context, ask->head.object_id, ask->head.wall_s, ask->from);

    (void)reply;
    return result < 0 ? result : 0;
}

/* What a mode of the open interfaces asks of a meter. */
static const struct mode {
    const char *name;
    const char *operation; /* command_operation_of_name() */
    int64_t value;
} modes[] = {
    { "open", "open_valve", 0 },
    { "close", "close_valve", 0 },
    { "keep_on", "keep_on", 0 },
    { "keep_on_cancel", "keep_on_cancel", 0 },
    { "prepaid", "set_mode", SUPPLY_PREPAID },
    { "postpaid", "set_mode", SUPPLY_POSTPAID },
    { "public", "set_mode", SUPPLY_PUBLIC },
    { "clear_balance", "clear_balance", 0 },
    { "permit_close", "permit_close", 0 },
};

static const struct mode *mode_find(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(modes[i].name, name) == 0)
            return &modes[i];
    return NULL;
}

static int control_ask(struct core *core, const struct core_partner_control *ask, const struct mode *mode,
                       struct core_reply *reply)
{
    struct core_command command = { .head = ask->head, .value = mode->value };

    (void)text_copy(span_of_text(mode->operation), command.kind, sizeof command.kind);
    (void)text_copy(span_of_text(ask->reason), command.reason, sizeof command.reason);
    return core_command_ask(core, &command, reply);
}

int core_partner_control(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_partner_control *ask = request;
    const struct partner_store *store = &core->partner_store;
    const struct mode *mode = mode_find(ask->mode);
    int32_t zone_s = registry_zone_offset_s(core->registry, (uint32_t)ask->head.object_id);
    int64_t day = calendar_local_day(core->now_s, zone_s);
    struct partner_request row = { .partner_id = ask->partner_id, .device_id = ask->head.object_id, .at_s = core->now_s };
    struct partner_request before;
    int result;

    if (mode == NULL)
        return COMMAND_ERR_UNKNOWN;
    (void)text_copy(span_of_text(ask->number), row.number, sizeof row.number);
    (void)text_copy(span_of_text(ask->mode), row.mode, sizeof row.mode);
    result = partner_request_check(store, &row, calendar_midnight(day, zone_s), &before);
    if (result > 0) {
        reply->repeated = true;
        reply->command_id = before.command_id;
        return 0;
    }
    if (result == 0)
        result = control_ask(core, ask, mode, reply);
    row.command_id = reply->command_id;
    if (result >= 0)
        result = store->request_insert(store->context, &row);
    return result < 0 ? result : 0;
}
