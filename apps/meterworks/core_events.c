/* Events for other systems: endpoints, what rooms tell the core, and what the sender needs of an endpoint. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/webhook_port.h"
#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "base/writer.h"
#include "notify/notify_error.h"
#include "security/security_error.h"

#define DATA_SIZE 1024

static int post(struct core *core, const struct event *event)
{
    int result = event_post(&core->event_store, notify_sql_store(core->notify_sql), event,
                            core->config.message_channels);

    if (result > 0)
        core->messages_waiting = true;
    return result < 0 ? result : 0;
}

/* Where the account is, and its device. 0 there is none: nobody can be told. */
static int account_place(struct core *core, int64_t account_id, struct event *event)
{
    const struct billing_store *store = billing_sql_store(core->billing_sql);
    struct billing_account account;
    int found = store->account_read(store->context, account_id, &account);

    event->account_id = account_id;
    event->area_id = found > 0 ? account.area_id : 0;
    event->device_id = found > 0 ? account.device_id : 0;
    return found;
}

int core_event_of_money(struct core *core, const struct billing_money *money)
{
    static const enum event_kind kinds[BILLING_MONEY_COUNT] = {
        [BILLING_MONEY_BILLED] = EVENT_BILL_ISSUED,          [BILLING_MONEY_RECEIVED] = EVENT_PAYMENT_RECEIVED,
        [BILLING_MONEY_REVERSED] = EVENT_PAYMENT_REVERSED, [BILLING_MONEY_REFUNDED] = EVENT_REFUND_PAID,
    };
    bool is_refund = money->kind == BILLING_MONEY_REFUNDED;
    struct event event = { .tenant_id = money->tenant_id, .kind = kinds[money->kind], .subject_id = money->subject_id,
                           .subject = is_refund ? money->reference : NULL, .now_s = core->now_s };
    char data[DATA_SIZE];
    struct writer writer = writer_of_buffer(data, sizeof data);
    int found = core->event_sql.any ? account_place(core, money->account_id, &event) : 0;

    if (found <= 0)
        return found;
    if (!is_refund)
        writer_format(&writer, "\"%s\":%" PRId64 ",", money->kind == BILLING_MONEY_BILLED ? "bill_id" : "payment_id",
                      money->subject_id);
    writer_format(&writer, "\"amount_fen\":%" PRId64, money->amount_fen);
    writer_format(&writer, ",\"method\":\"%s\",\"reference\":\"%s\"", money->method, money->reference);
    event.data = writer_terminate(&writer);
    return post(core, &event);
}

/* The notices that other systems hear of, too. */
static const struct {
    enum notice_kind notice;
    enum event_kind event;
} told[] = {
    { NOTICE_LOW_FIRST, EVENT_BALANCE_LOW },
    { NOTICE_LOW_SECOND, EVENT_BALANCE_LOW },      { NOTICE_LOW_THIRD, EVENT_BALANCE_LOW },
    { NOTICE_OVERDRAFT, EVENT_BALANCE_LOW },       { NOTICE_FINAL_NOTICE, EVENT_CUT_OFF_PLANNED },
    { NOTICE_CUT, EVENT_CUT_OFF_EXECUTED },        { NOTICE_RESTORED, EVENT_SUPPLY_RESTORED },
};

int core_event_of_notice(struct core *core, const struct billing_notice *notice, int64_t notice_id)
{
    struct event event = { .tenant_id = notice->tenant_id, .subject_id = notice_id, .now_s = core->now_s };
    char data[DATA_SIZE];
    struct writer writer = writer_of_buffer(data, sizeof data);
    int kind = notice_kind_of_name(notice->kind);
    int found;

    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if ((int)told[i].notice == kind)
            event.kind = told[i].event;
    if (event.kind == 0 || !core->event_sql.any)
        return 0;
    found = account_place(core, notice->account_id, &event);
    if (found <= 0)
        return found;
    writer_format(&writer, "\"notice_id\":%" PRId64 ",\"notice\":\"%s\",\"balance_fen\":%" PRId64, notice_id,
                  notice->kind, notice->balance_fen);
    writer_format(&writer, ",\"due_fen\":%" PRId64 ",\"paid_fen\":%" PRId64 ",\"at_s\":%" PRId64, notice->due_fen,
                  notice->paid_fen, notice->at_s);
    event.data = writer_terminate(&writer);
    return post(core, &event);
}

int core_event_of_command(struct core *core, const struct command_record *command)
{
    const struct registry_device *device = registry_device_find(core->registry, command->device_id);
    const struct billing_store *store = billing_sql_store(core->billing_sql);
    struct event event = { .tenant_id = command->tenant_id, .kind = EVENT_COMMAND_FINISHED,
                           .subject_id = (int64_t)command->command_id, .device_id = command->device_id,
                           .now_s = core->now_s };
    char data[DATA_SIZE];
    struct writer writer = writer_of_buffer(data, sizeof data);
    int found;

    if (command->state < COMMAND_VERIFIED || device == NULL || !core->event_sql.any)
        return 0;
    event.area_id = device->area_id;
    found = store->account_of_device(store->context, command->device_id, &event.account_id);
    if (found < 0)
        return found;
    writer_format(&writer, "\"command_id\":%" PRIu64 ",\"command\":\"%s\",\"state\":\"%s\"", command->command_id,
                  command_operation_name(command->operation), command_state_name(command->state));
    event.data = writer_terminate(&writer);
    return post(core, &event);
}

/* Whether the endpoint is within the caller's jurisdiction. 0; NOTIFY_ERR_ENDPOINT; negative of the store. */
static int endpoint_load(struct core *core, const struct core_request *head, struct event_endpoint *out)
{
    const struct event_store *store = &core->event_store;
    int found = store->endpoint_find(store->context, head->object_id, out);

    if (found > 0 && out->tenant_id == head->tenant_id)
        found = core->people_store.area_find(core->people_store.context, head->tenant_id, head->scope_path,
                                             out->area_id);
    else if (found > 0)
        found = 0;
    if (found < 0)
        return found;
    return found > 0 ? 0 : NOTIFY_ERR_ENDPOINT;
}

static int endpoint_check(struct core *core, const struct core_request *head, const struct event_endpoint *endpoint)
{
    const struct people_store *people = &core->people_store;
    int found = people->area_find(people->context, head->tenant_id, head->scope_path, endpoint->area_id);

    if (found <= 0)
        return found < 0 ? found : SECURITY_ERR_AREA;
    if (!event_kinds_check(endpoint->kinds))
        return NOTIFY_ERR_EVENT_KINDS;
    return event_url_check(endpoint->url, core->config.events_inside);
}

static void endpoint_fill(const struct core_webhook *ask, struct event_endpoint *out)
{
    if ((ask->head.present & CORE_WEBHOOK_HAS_AREA) != 0)
        out->area_id = ask->area_id;
    if ((ask->head.present & CORE_WEBHOOK_HAS_NAME) != 0)
        (void)text_copy(span_of_text(ask->name), out->name, sizeof out->name);
    if ((ask->head.present & CORE_WEBHOOK_HAS_URL) != 0)
        (void)text_copy(span_of_text(ask->url), out->url, sizeof out->url);
    if ((ask->head.present & CORE_WEBHOOK_HAS_KINDS) != 0)
        (void)text_copy(span_of_text(ask->kinds), out->kinds, sizeof out->kinds);
    if ((ask->head.present & CORE_WEBHOOK_HAS_DISABLED) != 0)
        out->disabled = ask->disabled;
}

int core_webhook_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_webhook *ask = request;
    const struct event_store *store = &core->event_store;
    struct event_endpoint endpoint = { .tenant_id = ask->head.tenant_id, .generation = 1, .created_s = core->now_s };
    int64_t count = 0;
    int result;

    endpoint_fill(ask, &endpoint);
    result = endpoint_check(core, &ask->head, &endpoint);
    if (result >= 0)
        result = store->endpoints_count(store->context, ask->head.tenant_id, &count);
    if (result >= 0 && count >= EVENT_ENDPOINT_LIMIT)
        return NOTIFY_ERR_ENDPOINT_LIMIT;
    if (result >= 0)
        result = store->endpoint_insert(store->context, &endpoint);
    if (result < 0)
        return result;
    reply->object_id = endpoint.endpoint_id;
    reply->count = (int32_t)endpoint.generation;
    return core_audit(core, &ask->head, "webhook.create", "webhook_endpoint", endpoint.endpoint_id, endpoint.name);
}

int core_webhook_change(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_webhook *ask = request;
    const struct event_store *store = &core->event_store;
    struct event_endpoint endpoint;
    int result = endpoint_load(core, &ask->head, &endpoint);

    if (result < 0)
        return result;
    endpoint_fill(ask, &endpoint);
    result = endpoint_check(core, &ask->head, &endpoint);
    if (result >= 0)
        result = store->endpoint_update(store->context, &endpoint);
    if (result < 0)
        return result;
    core->messages_waiting = true;
    reply->object_id = endpoint.endpoint_id;
    return core_audit(core, &ask->head, "webhook.change", "webhook_endpoint", endpoint.endpoint_id, endpoint.name);
}

int core_webhook_rotate(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    const struct event_store *store = &core->event_store;
    struct event_endpoint endpoint;
    int result = endpoint_load(core, &ask->head, &endpoint);

    if (result < 0)
        return result;
    endpoint.generation++;
    endpoint.rotated_s = ask->head.wall_s;
    result = store->endpoint_update(store->context, &endpoint);
    if (result < 0)
        return result;
    reply->object_id = endpoint.endpoint_id;
    reply->count = (int32_t)endpoint.generation;
    return core_audit(core, &ask->head, "webhook.rotate", "webhook_endpoint", endpoint.endpoint_id, ask->reason);
}

int core_webhook_test(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    struct event_endpoint endpoint;
    struct event event = { .tenant_id = ask->head.tenant_id, .kind = EVENT_TEST, .endpoint_id = ask->head.object_id,
                           .subject_id = core->now_s, .now_s = core->now_s, .data = "" };
    int result = endpoint_load(core, &ask->head, &endpoint);

    if (result < 0)
        return result;
    event.area_id = endpoint.area_id;
    result = post(core, &event);
    reply->object_id = endpoint.endpoint_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "webhook.test", "webhook_endpoint", endpoint.endpoint_id, "");
}

int core_events_address(struct core *core, int64_t wall_s, struct message messages[], uint32_t count)
{
    const struct event_store *store = &core->event_store;

    for (uint32_t i = 0; i < count; i++) {
        struct message *message = &messages[i];
        struct event_endpoint endpoint;
        int found = store->endpoint_find(store->context, strtoll(message->recipient, NULL, 10), &endpoint);

        if (found < 0)
            return found;
        message->url[0] = '\0';
        if (found == 0)
            continue;
        (void)text_copy(span_of_text(endpoint.url), message->url, sizeof message->url);
        message->generation = endpoint.generation;
        message->overlaps = endpoint.generation > 1 && wall_s - endpoint.rotated_s < EVENT_OVERLAP_S;
    }
    return 0;
}

int core_events_settled(struct core *core, const struct message_result results[], size_t count)
{
    const struct event_store *store = &core->event_store;
    int result = 0;

    for (size_t i = 0; result >= 0 && i < count; i++)
        result = store->endpoint_reached(store->context, results[i].message_id,
                                         results[i].outcome != MESSAGE_OUT_RETRY &&
                                             results[i].outcome != MESSAGE_OUT_THROTTLED, core->now_s);
    return result < 0 ? result : 0;
}
