/* Calls about messages: what senders take and tell, and what people do with them. */
#include <stdio.h>
#include <string.h>

#include "apps/meterworks/core_internal.h"
#include "base/span.h"
#include "base/text.h"
#include "notify/notify_error.h"
#include "notify/outbox.h"

#define TEST_KIND "test"

static const struct notify_store *store_of(struct core *core)
{
    return notify_sql_store(core->notify_sql);
}

static enum notice_language language_of(const char *name)
{
    return strcmp(name, "en") == 0 ? NOTICE_ENGLISH : NOTICE_CHINESE;
}

int core_messages_take(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_messages_take *ask = request;
    struct outbox_claim claim = {
        .provider = ask->provider, .channel = ask->channel, .recipient = ask->recipient, .fresh = ask->fresh,
        .limit = ask->limit < OUTBOX_CLAIM_LIMIT ? ask->limit : OUTBOX_CLAIM_LIMIT,
    };

    int result = outbox_take(store_of(core), &claim, core->now_s, ask->out, ask->count, ask->next_s);

    (void)reply;
    if (result >= 0 && ask->channel == MESSAGE_EVENT)
        result = core_events_address(core, ask->head.wall_s, ask->out, *ask->count);
    return result;
}

int core_messages_settle(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_messages_settle *ask = request;
    int result = 0;

    (void)reply;
    for (size_t i = 0; result >= 0 && i < ask->count; i++)
        result = outbox_settle(store_of(core), ask->provider, &ask->results[i], core->now_s);
    /* Of other channels' messages it finds no endpoint. */
    if (result >= 0)
        result = core_events_settled(core, ask->results, ask->count);
    return result < 0 ? result : 0;
}

int core_messages_receive(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_messages_receive *ask = request;
    int result = 0;

    for (size_t i = 0; result >= 0 && i < ask->count; i++) {
        result = outbox_receive(store_of(core), ask->provider, &ask->receipts[i], core->now_s);
        if (result > 0)
            reply->count++;
    }
    return result < 0 ? result : 0;
}

/* Whether the caller may touch what belongs to the area. */
static bool area_holds(struct core *core, const struct core_request *head, int64_t area_id)
{
    const struct area_record *area = registry_area_find(core->registry, (uint32_t)area_id);
    struct registry_scope scope;

    if (area == NULL || area->tenant_id != head->tenant_id || core_scope(core, head, &scope) < 0)
        return false;
    return strcmp(area->path, scope.path_from) >= 0 && strcmp(area->path, scope.path_to) < 0;
}

int core_message_resend(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    const struct notify_store *store = store_of(core);
    struct message message;
    int result = store->message_read(store->context, ask->head.object_id, &message);

    if (result < 0)
        return result;
    if (result == 0 || !area_holds(core, &ask->head, message.area_id))
        return NOTIFY_ERR_MESSAGE;
    result = outbox_resend(store, ask->head.tenant_id, ask->head.object_id, core->config.message_channels, core->now_s);
    if (result < 0)
        return result;
    core->messages_waiting = true;
    reply->object_id = ask->head.object_id;
    return core_audit(core, &ask->head, "message.resend", "message", ask->head.object_id, ask->reason);
}

/* The program's own words of a test, when none were given. */
static const char *const test_texts[] = {
    [NOTICE_CHINESE] = "这是一条测试消息, 请忽略。",
    [NOTICE_ENGLISH] = "This is a test message, please ignore it.",
};

static int test_fill(struct core *core, const struct core_message_test *ask, struct message *message)
{
    enum notice_language language = language_of(ask->language);
    struct notice_values values = { .organisation = "", .phone = "", .place_zh = "", .place_en = "", .days_left = -1,
                                    .at_s = core->now_s };
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result < 0)
        return result;
    *message = (struct message){ .tenant_id = ask->head.tenant_id,
                                 .area_id = scope.area_id,
                                 .channel = (uint8_t)message_channel_of_name(ask->channel),
                                 .language = (uint8_t)language,
                                 .priority = MESSAGE_URGENT };
    if (!message_address_permitted((enum message_channel)message->channel, span_of_text(ask->address)))
        return NOTIFY_ERR_ADDRESS;
    if ((core->config.message_channels & MESSAGE_CHANNEL_BIT(message->channel)) == 0)
        return NOTIFY_ERR_CHANNEL;
    (void)text_copy(span_of_text(TEST_KIND), message->kind, sizeof message->kind);
    (void)text_copy(span_of_text(ask->address), message->recipient, sizeof message->recipient);
    (void)text_copy(span_of_text(ask->text[0] != '\0' ? ask->text : test_texts[language]), message->text,
                    sizeof message->text);
    result = notice_words_write(language, &values, message->words, sizeof message->words);
    return result < 0 ? result : 0;
}

int core_message_test(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_message_test *ask = request;
    const struct notify_store *store = store_of(core);
    struct notify_policy policy;
    struct message message;
    int result = test_fill(core, ask, &message);

    if (result >= 0)
        result = store->policy_read(store->context, ask->head.tenant_id, &policy);
    if (result >= 0)
        result = outbox_put(store, &policy, core->config.message_channels, core->now_s, &message);
    if (result < 0)
        return result;
    core->messages_waiting = true;
    reply->object_id = message.message_id;
    return core_audit(core, &ask->head, "message.test", "message", message.message_id, ask->channel);
}

int core_message_template_put(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_message_template *ask = request;
    struct notify_sql_template template = { .tenant_id = ask->head.tenant_id,
                                               .person_id = ask->head.person_id,
                                               .kind = ask->kind,
                                               .language = language_of(ask->language),
                                               .text = ask->text,
                                               .now_s = core->now_s };
    char wrong[NOTICE_PLACEHOLDER_SIZE];
    char detail[64];
    int result = notice_kind_of_name(ask->kind) == 0 ? NOTIFY_ERR_KIND : 0;

    (void)reply;
    if (result == 0 && ask->text[0] != '\0')
        result = notice_template_check(span_of_text(ask->text), wrong);
    if (result == NOTIFY_ERR_PLACEHOLDER) {
        (void)snprintf(core->problem.code, sizeof core->problem.code, "template_placeholder");
        (void)snprintf(core->problem.field, sizeof core->problem.field, "text");
        (void)snprintf(core->problem.text_en, sizeof core->problem.text_en, "There is no placeholder {%s}", wrong);
        (void)snprintf(core->problem.text_zh, sizeof core->problem.text_zh, "没有占位符 {%s}", wrong);
    }
    if (result >= 0)
        result = notify_sql_template_put(core->notify_sql, &template);
    if (result < 0)
        return result;
    (void)snprintf(detail, sizeof detail, "%s.%s", ask->kind, ask->language);
    return core_audit(core, &ask->head, "message_template.put", "message_template", 0, detail);
}

/* The area a new recipient belongs to: the account's, the one given, or the caller's own. */
static int recipient_area(struct core *core, const struct core_message_recipient *ask, int64_t *area_id)
{
    struct registry_scope scope;
    int result = core_scope(core, &ask->head, &scope);

    if (result < 0)
        return result;
    *area_id = ask->area_id != 0 ? ask->area_id : scope.area_id;
    if (ask->account_id != 0) {
        result = notify_sql_account_area(core->notify_sql, ask->account_id, area_id);
        if (result < 0)
            return result;
        if (result == 0 || !area_holds(core, &ask->head, *area_id))
            return NOTIFY_ERR_ACCOUNT;
    }
    return area_holds(core, &ask->head, *area_id) ? 0 : REGISTRY_ERR_AREA;
}

int core_message_recipient_create(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_message_recipient *ask = request;
    struct notify_sql_recipient row = { .tenant_id = ask->head.tenant_id,
                                           .account_id = ask->account_id,
                                           .kind = ask->kind,
                                           .name = ask->name,
                                           .now_s = core->now_s };
    int result = recipient_area(core, ask, &row.area_id);

    if (result < 0)
        return result;
    row.recipient.channel = (enum message_channel)message_channel_of_name(ask->channel);
    row.recipient.language = language_of(ask->language);
    if (ask->kind[0] != '\0' && notice_kind_of_name(ask->kind) == 0)
        return NOTIFY_ERR_KIND;
    if (!message_address_permitted(row.recipient.channel, span_of_text(ask->address)) ||
        text_copy(span_of_text(ask->address), row.recipient.address, sizeof row.recipient.address) < 0)
        return NOTIFY_ERR_ADDRESS;
    result = notify_sql_recipient_insert(core->notify_sql, &row, &reply->object_id);
    return result < 0 ? result
                      : core_audit(core, &ask->head, "message_recipient.create", "message_recipient", reply->object_id,
                                   ask->channel);
}

int core_message_recipient_delete(struct core *core, const void *request, struct core_reply *reply)
{
    const struct core_reason *ask = request;
    int64_t area_id = 0;
    int result = notify_sql_recipient_area(core->notify_sql, ask->head.tenant_id, ask->head.object_id, &area_id);

    if (result < 0)
        return result;
    if (result == 0 || !area_holds(core, &ask->head, area_id))
        return NOTIFY_ERR_RECIPIENT;
    result = notify_sql_recipient_delete(core->notify_sql, ask->head.object_id);
    reply->object_id = ask->head.object_id;
    return result < 0 ? result
                      : core_audit(core, &ask->head, "message_recipient.delete", "message_recipient",
                                   ask->head.object_id, ask->reason);
}
