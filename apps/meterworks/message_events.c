/* Events to the addresses of partners: somebody else's servers, which may be slow, silent, endless or pointed at us. */
#include "apps/meterworks/message_http.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/cipher.h"
#include "base/text.h"
#include "notify/event.h"
#include "security/network_list.h"

#define CROWDED_WAIT_MS 500

/* Called with every address that is about to be connected to, after names were looked up: what lies inside the house is
 * no place for events unless the operator says so, and what lies outside is none for plain text. */
static curl_socket_t event_connect(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *transfer = context;
    struct network_address address;
    char text[INET6_ADDRSTRLEN] = "";
    bool is_plain = strncmp(transfer->out.request.url, "http://", 7) == 0;

    (void)purpose;
    if (to->family == AF_INET6)
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)&to->addr)->sin6_addr, text, sizeof text);
    else if (to->family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)&to->addr)->sin_addr, text, sizeof text);
    transfer->is_barred = !network_address_read(span_of_text(text), &address) ||
                          (network_address_is_inside(&address) ? !transfer->inside : is_plain);
    return transfer->is_barred ? CURL_SOCKET_BAD : socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* No proxy: it would look names up and connect in our place. */
static void event_prepare(struct transfer *transfer, const struct provider *provider)
{
    message_transfer_prepare(transfer, provider);
    transfer->inside = provider->inside;
    transfer->is_barred = false;
    curl_easy_setopt(transfer->handle, CURLOPT_PROXY, "");
    curl_easy_setopt(transfer->handle, CURLOPT_OPENSOCKETFUNCTION, event_connect);
    curl_easy_setopt(transfer->handle, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(transfer->handle, CURLOPT_PRIVATE, transfer);
}

/* An event is signed by its endpoint's secret, and for a day after that changed by the one before, too. */
static int event_encode(const struct http_sender *http, const struct message *message, struct http_request *out)
{
    const struct message_desk_ports *ports = http->sender->ports;
    struct provider_moment moment = { .secrets = { NULL, NULL } };
    int64_t endpoint_id = strtoll(message->recipient, NULL, 10);
    char secrets[2][API_WEBHOOK_SECRET_SIZE] = { "", "" };
    int result = message_moment_fill(http, &moment);

    if (result >= 0)
        result = ports->event_secret(ports->clock_context, endpoint_id, message->generation, secrets[0]);
    if (result >= 0 && message->overlaps)
        result = ports->event_secret(ports->clock_context, endpoint_id, message->generation - 1, secrets[1]);
    moment.secrets[0] = secrets[0];
    moment.secrets[1] = secrets[1];
    if (result >= 0)
        result = http->sender->provider->kind->http->encode(http->sender->provider, message, &moment, out);
    cipher_wipe(secrets, sizeof secrets);
    return result;
}

/* Put the event of a transfer on its way. 0; negative when it cannot be encoded, with its result. */
static int event_begin(struct http_sender *http, struct transfer *transfer, struct message_result *result)
{
    int problem = event_encode(http, &transfer->event, &transfer->out.request);

    if (problem < 0) {
        message_unsendable(problem, result);
        return problem;
    }
    curl_easy_reset(transfer->handle);
    transfer->answer_size = 0;
    transfer->code = CURLE_OK;
    event_prepare(transfer, http->sender->provider);
    transfer->is_taken = true;
    transfer->is_running = curl_multi_add_handle(http->multi, transfer->handle) == CURLM_OK;
    return 0;
}

static struct transfer *transfer_free_find(const struct http_sender *http)
{
    for (size_t i = 0; i < SENDER_ROUND_LIMIT; i++)
        if (!http->transfers[i].is_taken)
            return &http->transfers[i];
    return NULL;
}

/* As many events as there is room for, put on their way. returns how many were taken. */
static uint32_t events_take(struct http_sender *http)
{
    struct message_sender *sender = http->sender;
    struct transfer *transfer;
    uint32_t room = 0, ended = 0, count;

    for (size_t i = 0; i < SENDER_ROUND_LIMIT; i++)
        room += http->transfers[i].is_taken ? 0 : 1;
    count = room > 0 ? sender_take(sender, room) : 0;
    for (uint32_t i = 0; i < count && (transfer = transfer_free_find(http)) != NULL; i++) {
        struct message_result result = { .message_id = sender->messages[i].message_id };
        transfer->event = sender->messages[i];
        if (event_begin(http, transfer, &result) < 0)
            sender->results[ended++] = result;
    }
    sender_settle(sender, ended);
    return count;
}

/* Whoever has answered at all has given its verdict with the status; how long or how slow its words are is its affair. */
static void event_judge(const struct http_sender *http, const struct transfer *transfer, struct message_result *result)
{
    const struct provider *provider = http->sender->provider;
    long status = 0;

    curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    if (transfer->code == CURLE_OK || status >= 200) {
        (void)provider->kind->http->decode(provider, (int)status, (struct span){ NULL, 0 }, result);
    } else {
        *result = (struct message_result){ .outcome = MESSAGE_OUT_RETRY };
        (void)snprintf(result->reason, sizeof result->reason, "%.100s",
                       transfer->is_barred ? "address_not_permitted" : curl_easy_strerror(transfer->code));
    }
    result->message_id = transfer->event.message_id;
}

/* Tell what became of those that are over, and make room. returns how many. */
static uint32_t events_settle(struct http_sender *http)
{
    uint32_t count = 0;

    message_transfers_look(http);
    for (size_t i = 0; i < SENDER_ROUND_LIMIT; i++) {
        struct transfer *transfer = &http->transfers[i];
        if (!transfer->is_taken || transfer->is_running)
            continue;
        event_judge(http, transfer, &http->sender->results[count++]);
        message_transfer_end(http, transfer);
        transfer->is_taken = false;
    }
    sender_settle(http->sender, count);
    return count;
}

/* Until something moves on a connection, an event may be due, or the end. What is due but may not leave, because of what
 * is on its way, can be looked for at leisure: new events wake. */
static void events_wait(struct http_sender *http)
{
    struct curl_waitfd signal = { .fd = http->sender->notifier.descriptor, .events = CURL_WAIT_POLLIN };
    int wait_ms = sender_wait_ms(http->sender);

    for (size_t i = 0; i < SENDER_ROUND_LIMIT; i++)
        if (http->transfers[i].is_taken && wait_ms < CROWDED_WAIT_MS)
            wait_ms = CROWDED_WAIT_MS;
    (void)curl_multi_poll(http->multi, &signal, 1, wait_ms, NULL);
    notifier_drain(&http->sender->notifier);
}

/* What is under way when the program ends has a moment; the rest stays with this sender and is due at the next start. */
static void events_finish(struct http_sender *http)
{
    int64_t stop_ms = sender_monotonic_ms() + SENDER_STOP_MS;
    int running = 1;

    while (running > 0 && sender_monotonic_ms() < stop_ms) {
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            break;
        (void)events_settle(http);
        if (running > 0)
            (void)curl_multi_poll(http->multi, NULL, 0, 100, NULL);
    }
    for (size_t i = 0; i < SENDER_ROUND_LIMIT; i++)
        message_transfer_end(http, &http->transfers[i]);
}

void message_events_run(struct http_sender *http)
{
    int running;

    while (!atomic_load(&http->sender->stopping)) {
        uint32_t taken = events_take(http);
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            break;
        /* One that ended may have held back the next of its account: look again before waiting. */
        if (events_settle(http) == 0 && taken == 0)
            events_wait(http);
    }
    events_finish(http);
}
