#include "notify/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/writer.h"
#include "notify/http_text.h"
#include "notify/outbox.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
    [EVENT_BILL_ISSUED] = "bill.issued",           [EVENT_PAYMENT_RECEIVED] = "payment.received",
    [EVENT_PAYMENT_REVERSED] = "payment.reversed", [EVENT_REFUND_PAID] = "refund.paid",
    [EVENT_BALANCE_LOW] = "balance.low",           [EVENT_CUT_OFF_PLANNED] = "cut_off.planned",
    [EVENT_CUT_OFF_EXECUTED] = "cut_off.executed", [EVENT_SUPPLY_RESTORED] = "supply.restored",
    [EVENT_COMMAND_FINISHED] = "command.finished", [EVENT_TEST] = "test",
};

const char *event_kind_name(int kind)
{
    return kind > 0 && kind < EVENT_KIND_COUNT ? kind_names[kind] : "unknown";
}

static bool kind_is_known(struct span name)
{
    for (int kind = 1; kind < EVENT_TEST; kind++)
        if (span_equal_text(name, kind_names[kind]))
            return true;
    return false;
}

bool event_kinds_check(const char *list)
{
    for (;;) {
        size_t size = strcspn(list, ",");

        if (!kind_is_known(span_of_bytes((const uint8_t *)list, size)))
            return false;
        if (list[size] == '\0')
            return true;
        list += size + 1;
    }
}

int event_url_check(const char *url, bool inside)
{
    bool secure = strncmp(url, "https://", 8) == 0;
    struct span host = http_host(url);

    if ((!secure && (!inside || strncmp(url, "http://", 7) != 0)) || strlen(url) >= MESSAGE_URL_SIZE || host.size == 0)
        return NOTIFY_ERR_EVENT_URL;
    for (const char *at = url; *at != '\0'; at++)
        if (*at <= ' ' || *at >= 0x7f || strchr("\"<>\\^`{|}#", *at) != NULL)
            return NOTIFY_ERR_EVENT_URL;
    /* A name and password in the address would stand in plain in the database. */
    return span_find_byte(host, '@') < 0 ? 0 : NOTIFY_ERR_EVENT_URL;
}

static int body_write(const struct event *event, struct message *message)
{
    struct writer writer = writer_of_buffer(message->words, sizeof message->words);

    if (event->subject != NULL)
        (void)snprintf(message->text, sizeof message->text, "%s:%.60s", kind_names[event->kind], event->subject);
    else
        (void)snprintf(message->text, sizeof message->text, "%s:%" PRId64, kind_names[event->kind], event->subject_id);
    writer_format(&writer, "{\"id\":\"%s\",\"kind\":\"%s\",\"created_s\":%" PRId64, message->text,
                  kind_names[event->kind], event->now_s);
    if (event->account_id > 0)
        writer_format(&writer, ",\"account_id\":%" PRId64, event->account_id);
    if (event->device_id > 0)
        writer_format(&writer, ",\"device_id\":%" PRId64, event->device_id);
    writer_format(&writer, ",\"data\":{%s}}", event->data);
    (void)writer_terminate(&writer);
    return writer_result(&writer) < 0 ? NOTIFY_ERR_LONG : 0;
}

static int message_put(const struct notify_store *store, const struct event *event, const struct message *pattern,
                       int64_t endpoint_id, uint32_t channels)
{
    static const struct notify_policy always = { .daily_limit = 0 };
    struct message message = *pattern;

    (void)snprintf(message.recipient, sizeof message.recipient, "%" PRId64, endpoint_id);
    return outbox_put(store, &always, channels, event->now_s, &message);
}

int event_post(const struct event_store *events, const struct notify_store *store, const struct event *event,
               uint32_t channels)
{
    int64_t endpoints[EVENT_ENDPOINT_LIMIT] = { event->endpoint_id };
    struct message message = { .account_id = event->account_id != 0 ? event->account_id : -event->device_id,
                               .area_id = event->area_id, .tenant_id = event->tenant_id, .channel = MESSAGE_EVENT,
                               .priority = MESSAGE_URGENT };
    int count = 1;
    int result = 0;

    if (event->endpoint_id == 0)
        count = events->endpoints_wanting(events->context, event->tenant_id, kind_names[event->kind], event->area_id,
                                          endpoints);
    if (count <= 0)
        return count;
    result = body_write(event, &message);
    (void)text_copy(span_of_text(kind_names[event->kind]), message.kind, sizeof message.kind);
    for (int i = 0; result >= 0 && i < count; i++)
        result = message_put(store, event, &message, endpoints[i], channels);
    return result < 0 ? result : count;
}

/* The present secret's signature and, for a while after it changed, the one before: "sha256=...,sha256=...". */
static int signatures_add(const struct message *message, const struct provider_moment *moment, struct http_request *out)
{
    struct span body = span_of_bytes((const uint8_t *)out->body, out->body_size);
    char present[WEBHOOK_SIGNATURE_SIZE], before[WEBHOOK_SIGNATURE_SIZE];
    int result = webhook_signature_write(moment, span_of_text(moment->secrets[0]), message->text, body, present);

    if (result == 0 && moment->secrets[1][0] != '\0') {
        result = webhook_signature_write(moment, span_of_text(moment->secrets[1]), message->text, body, before);
        return result < 0 ? result : http_header_add(out, "X-Meterworks-Signature: %s,%s", present, before);
    }
    return result < 0 ? result : http_header_add(out, "X-Meterworks-Signature: %s", present);
}

static int encode(const struct provider *provider, const struct message *message, const struct provider_moment *moment,
                  struct http_request *out)
{
    size_t size = strlen(message->words);
    int result;

    (void)provider;
    out->method = "POST";
    out->header_count = 0;
    if (message->url[0] == '\0' || size >= sizeof out->body)
        return NOTIFY_ERR_EVENT_URL;
    memcpy(out->body, message->words, size + 1);
    out->body_size = size;
    result = http_url_set(out, message->url, "");
    if (result == 0)
        result = http_header_add(out, "Content-Type: application/json; charset=utf-8");
    if (result == 0)
        result = http_header_add(out, "X-Meterworks-Id: %s", message->text);
    if (result == 0)
        result = http_header_add(out, "X-Meterworks-Timestamp: %lld", (long long)moment->wall_s);
    return result == 0 ? signatures_add(message, moment, out) : result;
}

/* Taken is only what was answered with 2xx. "Gone" and redirects are a no; everything else may be a bad moment. */
static enum provider_answer decode(const struct provider *provider, int status, struct span body,
                                   struct message_result *out)
{
    (void)provider;
    (void)body;
    *out = (struct message_result){ .outcome = MESSAGE_OUT_DELIVERED, .parts = 1 };
    if (status >= 200 && status < 300)
        return PROVIDER_ANSWERED;
    status_verdict_give(status, out);
    if ((status >= 300 && status < 400) || status == 410)
        out->outcome = MESSAGE_OUT_REFUSED;
    return PROVIDER_ANSWERED;
}

static const struct http_adapter event_adapter = { .encode = encode, .decode = decode };

const struct provider_kind event_provider_kind = { "event", MESSAGE_EVENT, true, &event_adapter, NULL };
