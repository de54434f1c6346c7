/* Sends over HTTP and SMTP by libcurl: a round of messages at once, each one transfer, then their results together. */
#include "apps/meterworks/message_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cipher.h"
#include "base/log.h"
#include "notify/event.h"
#include "notify/notify_error.h"
#include "security/digest_openssl.h"
#include "security/secret.h"

#define POLL_MS 200

static size_t answer_take(char *bytes, size_t one, size_t size, void *context)
{
    struct transfer *transfer = context;

    (void)one;
    if (size > sizeof transfer->answer - transfer->answer_size)
        return 0;
    memcpy(transfer->answer + transfer->answer_size, bytes, size);
    transfer->answer_size += size;
    return size;
}

static size_t mail_give(char *bytes, size_t one, size_t size, void *context)
{
    struct transfer *transfer = context;
    size_t left = transfer->mail_size - transfer->sent;

    size = size * one < left ? size * one : left;
    memcpy(bytes, transfer->out.mail + transfer->sent, size);
    transfer->sent += size;
    return size;
}

static void transfer_common(struct transfer *transfer, const struct provider *provider)
{
    CURL *handle = transfer->handle;

    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, (long)provider->timeout_s);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)provider->timeout_s);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, answer_take);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    if (provider->authority[0] != '\0')
        curl_easy_setopt(handle, CURLOPT_CAINFO, provider->authority);
}

void message_transfer_prepare(struct transfer *transfer, const struct provider *provider)
{
    const struct http_request *request = &transfer->out.request;
    bool has_type = false;

    for (size_t i = 0; i < request->header_count; i++) {
        transfer->headers = curl_slist_append(transfer->headers, request->headers[i]);
        has_type = has_type || strncmp(request->headers[i], "Content-Type:", 13) == 0;
    }
    transfer->headers = curl_slist_append(transfer->headers, "Expect:");
    if (!has_type)
        transfer->headers = curl_slist_append(transfer->headers, "Content-Type:");
    transfer_common(transfer, provider);
    curl_easy_setopt(transfer->handle, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(transfer->handle, CURLOPT_URL, request->url);
    curl_easy_setopt(transfer->handle, CURLOPT_USERAGENT, "meterworks");
    curl_easy_setopt(transfer->handle, CURLOPT_HTTPHEADER, transfer->headers);
    if (strcmp(request->method, "GET") == 0)
        return;
    curl_easy_setopt(transfer->handle, CURLOPT_POST, 1L);
    curl_easy_setopt(transfer->handle, CURLOPT_POSTFIELDS, request->body_size > 0 ? request->body : "");
    curl_easy_setopt(transfer->handle, CURLOPT_POSTFIELDSIZE, (long)request->body_size);
}

static void mail_prepare(struct transfer *transfer, const struct provider *provider, const struct message *message)
{
    bool is_plain = strncmp(provider->url, "smtp://", 7) == 0;
    bool is_here = strstr(provider->url, "//127.0.0.1") != NULL || strstr(provider->url, "//localhost") != NULL;

    transfer->recipients = curl_slist_append(NULL, message->recipient);
    transfer->sent = 0;
    transfer_common(transfer, provider);
    curl_easy_setopt(transfer->handle, CURLOPT_PROTOCOLS_STR, "smtps,smtp");
    curl_easy_setopt(transfer->handle, CURLOPT_URL, provider->url);
    curl_easy_setopt(transfer->handle, CURLOPT_USE_SSL, (long)(is_plain && is_here ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(transfer->handle, CURLOPT_MAIL_FROM, provider->source);
    curl_easy_setopt(transfer->handle, CURLOPT_MAIL_RCPT, transfer->recipients);
    curl_easy_setopt(transfer->handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(transfer->handle, CURLOPT_READFUNCTION, mail_give);
    curl_easy_setopt(transfer->handle, CURLOPT_READDATA, transfer);
    if (provider->id[0] != '\0') {
        curl_easy_setopt(transfer->handle, CURLOPT_USERNAME, provider->id);
        curl_easy_setopt(transfer->handle, CURLOPT_PASSWORD, provider->secret);
    }
}

int message_moment_fill(const struct http_sender *http, struct provider_moment *moment)
{
    const struct message_desk_ports *ports = http->sender->ports;
    struct secret_source source = secret_source_system();

    moment->wall_s = ports->wall_s(ports->clock_context);
    moment->token = http->token;
    moment->digest = digest_openssl();
    return source.fill(source.context, moment->random, sizeof moment->random);
}

static int bytes_make(const struct http_sender *http, const struct message *message, struct transfer *transfer)
{
    const struct provider *provider = http->sender->provider;
    struct provider_moment moment = { .secrets = { NULL, NULL } };
    int result = message_moment_fill(http, &moment);

    if (result < 0)
        return result;
    if (provider->kind->http != NULL)
        return provider->kind->http->encode(provider, message, &moment, &transfer->out.request);
    result = mail_write(provider, message, moment.wall_s, transfer->out.mail);
    transfer->mail_size = result > 0 ? (size_t)result : 0;
    return result < 0 ? result : 0;
}

void message_unsendable(int problem, struct message_result *result)
{
    const struct error_info *info = notify_error_info(problem);

    result->outcome = info != NULL ? MESSAGE_OUT_REFUSED : MESSAGE_OUT_RETRY;
    (void)snprintf(result->reason, sizeof result->reason, "%s", info != NULL ? info->code : "cryptography");
}

/* Put one message on its way; what can never leave this way is refused at once. */
static void transfer_begin(struct http_sender *http, uint32_t index)
{
    struct transfer *transfer = &http->transfers[index];
    const struct message *message = &http->sender->messages[index];
    struct message_result *result = &http->sender->results[index];
    int problem = bytes_make(http, message, transfer);

    transfer->answer_size = 0;
    result->outcome = MESSAGE_OUT_RETRY;
    transfer->code = CURLE_OK;
    if (problem < 0) {
        message_unsendable(problem, result);
        return;
    }
    curl_easy_reset(transfer->handle);
    if (http->sender->provider->kind->http != NULL)
        message_transfer_prepare(transfer, http->sender->provider);
    else
        mail_prepare(transfer, http->sender->provider, message);
    curl_easy_setopt(transfer->handle, CURLOPT_PRIVATE, transfer);
    transfer->is_running = curl_multi_add_handle(http->multi, transfer->handle) == CURLM_OK;
}

void message_transfers_look(struct http_sender *http)
{
    CURLMsg *told;
    int left;

    while ((told = curl_multi_info_read(http->multi, &left)) != NULL) {
        struct transfer *transfer = NULL;
        if (told->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(told->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        transfer->code = told->data.result;
        transfer->is_running = false;
        curl_multi_remove_handle(http->multi, told->easy_handle);
    }
}

/* Until all are done; when the program ends, not for long. */
static void transfers_run(struct http_sender *http)
{
    int64_t stop_ms = 0;
    int running = 1;

    while (running > 0) {
        if (atomic_load(&http->sender->stopping)) {
            stop_ms = stop_ms == 0 ? sender_monotonic_ms() + SENDER_STOP_MS : stop_ms;
            if (sender_monotonic_ms() >= stop_ms)
                return;
        }
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            return;
        message_transfers_look(http);
        if (running > 0)
            (void)curl_multi_poll(http->multi, NULL, 0, POLL_MS, NULL);
    }
}

/* An SMTP server's last word: 4xx try again, 5xx never, unless it did not let us in. */
static void mail_judge(const struct provider *provider, const struct transfer *transfer, long status,
                       struct message_result *result)
{
    if (transfer->code == CURLE_OK) {
        result->outcome = MESSAGE_OUT_SENT;
        result->parts = 1;
        result->cost_e4 = provider->cost_e4;
        return;
    }
    result->outcome = status >= 550 && status < 560 && transfer->code != CURLE_LOGIN_DENIED ? MESSAGE_OUT_REFUSED
                                                                                             : MESSAGE_OUT_RETRY;
    (void)snprintf(result->reason, sizeof result->reason, "smtp %ld: %.80s", status, curl_easy_strerror(transfer->code));
}

/* returns  whether the token was refused */
static bool transfer_judge(struct http_sender *http, uint32_t index)
{
    const struct provider *provider = http->sender->provider;
    struct transfer *transfer = &http->transfers[index];
    struct message_result *result = &http->sender->results[index];
    int64_t message_id = result->message_id;
    enum provider_answer answer = PROVIDER_ANSWERED;
    long status = 0;

    curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    if (provider->kind->http == NULL) {
        mail_judge(provider, transfer, status, result);
    } else if (transfer->code != CURLE_OK) {
        *result = (struct message_result){ .outcome = MESSAGE_OUT_RETRY };
        (void)snprintf(result->reason, sizeof result->reason, "%.100s", curl_easy_strerror(transfer->code));
    } else {
        answer = provider->kind->http->decode(provider, (int)status,
                                              span_of_bytes(transfer->answer, transfer->answer_size), result);
    }
    result->message_id = message_id;
    return answer == PROVIDER_TOKEN_REFUSED;
}

void message_transfer_end(struct http_sender *http, struct transfer *transfer)
{
    if (transfer->is_running)
        curl_multi_remove_handle(http->multi, transfer->handle);
    transfer->is_running = false;
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->recipients);
    transfer->headers = NULL;
    transfer->recipients = NULL;
}

static bool token_is_good(const struct http_sender *http)
{
    const struct message_desk_ports *ports = http->sender->ports;
    return http->token[0] != '\0' && ports->wall_s(ports->clock_context) < http->token_until_s;
}

/* Called by libcurl now and then: other than 0 ends the transfer. */
static int end_look(void *context, curl_off_t total, curl_off_t now, curl_off_t upload_total, curl_off_t upload_now)
{
    const struct message_sender *sender = context;

    (void)total;
    (void)now;
    (void)upload_total;
    (void)upload_now;
    return atomic_load(&sender->stopping) ? 1 : 0;
}

/* Ask for a new access token. false with the reason. */
static bool token_fetch(struct http_sender *http, char reason[MESSAGE_REASON_SIZE])
{
    const struct provider *provider = http->sender->provider;
    const struct message_desk_ports *ports = http->sender->ports;
    struct transfer *transfer = &http->transfers[0];
    int64_t valid_s = 0;
    int result = provider->kind->http->token_encode(provider, &transfer->out.request);

    http->token[0] = '\0';
    (void)snprintf(reason, MESSAGE_REASON_SIZE, "no access token");
    if (result < 0)
        return false;
    curl_easy_reset(transfer->handle);
    transfer->answer_size = 0;
    message_transfer_prepare(transfer, provider);
    curl_easy_setopt(transfer->handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(transfer->handle, CURLOPT_XFERINFOFUNCTION, end_look);
    curl_easy_setopt(transfer->handle, CURLOPT_XFERINFODATA, http->sender);
    transfer->code = curl_easy_perform(transfer->handle);
    if (transfer->code == CURLE_OK)
        result = provider->kind->http->token_decode(span_of_bytes(transfer->answer, transfer->answer_size), http->token,
                                                    &valid_s, reason);
    else
        (void)snprintf(reason, MESSAGE_REASON_SIZE, "no access token: %.80s", curl_easy_strerror(transfer->code));
    message_transfer_end(http, transfer);
    http->token_until_s = ports->wall_s(ports->clock_context) + valid_s;
    return transfer->code == CURLE_OK && result == 0;
}

/* Send the first `count` messages. returns how many met a refused token; those stay unanswered in the results. */
static uint32_t messages_send(struct http_sender *http, uint32_t count, const bool wanted[], bool refused[])
{
    uint32_t refusals = 0;

    for (uint32_t i = 0; i < count; i++)
        if (wanted[i])
            transfer_begin(http, i);
    transfers_run(http);
    for (uint32_t i = 0; i < count; i++) {
        struct transfer *transfer = &http->transfers[i];
        bool has_left = wanted[i] && transfer->headers != NULL;
        has_left = has_left || (wanted[i] && transfer->recipients != NULL);
        refused[i] = has_left && !transfer->is_running && transfer_judge(http, i);
        refusals += refused[i] ? 1 : 0;
        message_transfer_end(http, transfer);
    }
    return refusals;
}

static void results_fail(struct message_sender *sender, uint32_t count, const char *reason)
{
    for (uint32_t i = 0; i < count; i++) {
        sender->results[i].outcome = MESSAGE_OUT_THROTTLED;
        sender->results[i].retry_after_s = 60;
        (void)snprintf(sender->results[i].reason, sizeof sender->results[i].reason, "%s", reason);
    }
}

/* The provider is out of reach when nothing of a round got an answer of its own. */
static void round_judge(struct message_sender *sender, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (sender->results[i].outcome != MESSAGE_OUT_RETRY) {
            sender_reached(sender, true, "");
            return;
        }
    }
    sender_reached(sender, false, sender->results[0].reason);
}

static void round_send(struct http_sender *http, uint32_t count)
{
    const struct http_adapter *adapter = http->sender->provider->kind->http;
    bool wanted[SENDER_ROUND_LIMIT], refused[SENDER_ROUND_LIMIT];
    char reason[MESSAGE_REASON_SIZE];
    bool has_token = adapter != NULL && adapter->token_encode != NULL;

    memset(wanted, true, sizeof wanted);
    if (has_token && !token_is_good(http) && !token_fetch(http, reason)) {
        results_fail(http->sender, count, reason);
        sender_reached(http->sender, false, reason);
        return;
    }
    /* Somebody else may have made the token invalid: once more with a new one. */
    if (messages_send(http, count, wanted, refused) > 0 && has_token && token_fetch(http, reason)) {
        memcpy(wanted, refused, sizeof wanted);
        (void)messages_send(http, count, wanted, refused);
    }
    round_judge(http->sender, count);
}

static int http_open(struct http_sender *http)
{
    http->multi = curl_multi_init();
    http->transfers = calloc(SENDER_ROUND_LIMIT, sizeof *http->transfers);
    if (http->multi == NULL || http->transfers == NULL)
        return -1;
    for (int i = 0; i < SENDER_ROUND_LIMIT; i++) {
        http->transfers[i].handle = curl_easy_init();
        if (http->transfers[i].handle == NULL)
            return -1;
    }
    return 0;
}

static void http_close(struct http_sender *http)
{
    for (int i = 0; http->transfers != NULL && i < SENDER_ROUND_LIMIT; i++)
        if (http->transfers[i].handle != NULL)
            curl_easy_cleanup(http->transfers[i].handle);
    if (http->multi != NULL)
        curl_multi_cleanup(http->multi);
    cipher_wipe(http->token, sizeof http->token);
    free(http->transfers);
}

/* What a stopped round left unanswered is not told: it stays with this sender and is due again at the next start. */
static void round_settle(struct http_sender *http, uint32_t count)
{
    if (!atomic_load(&http->sender->stopping)) {
        sender_settle(http->sender, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (http->sender->results[i].outcome == MESSAGE_OUT_RETRY)
            continue;
        http->sender->results[0] = http->sender->results[i];
        sender_settle(http->sender, 1);
    }
}

static void rounds_run(struct http_sender *http)
{
    struct message_sender *sender = http->sender;
    uint32_t limit = (uint32_t)sender->provider->window;

    if (limit > (uint32_t)sender->provider->per_second)
        limit = (uint32_t)sender->provider->per_second;
    while (!atomic_load(&sender->stopping)) {
        int64_t begun_ms = sender_monotonic_ms();
        uint32_t count = sender_take(sender, limit);
        if (count > 0) {
            round_send(http, count);
            round_settle(http, count);
            int64_t pace_ms = (int64_t)count * 1000 / sender->provider->per_second;
            sender_pause(sender, (int)(pace_ms - (sender_monotonic_ms() - begun_ms)));
        }
        if (sender->failures > 0)
            sender_pause(sender, sender_wait_ms(sender));
        else if (count < limit)
            sender_wait(sender, sender_wait_ms(sender));
    }
}

void *message_http_run(void *context)
{
    struct http_sender http = { .sender = context };

    if (http_open(&http) < 0)
        log_write(LOG_NOTIFY, LOG_ERROR, http.sender->provider->name, "no memory for the sender: nothing is sent");
    else if (http.sender->provider->kind == &event_provider_kind)
        message_events_run(&http);
    else
        rounds_run(&http);
    http_close(&http);
    return NULL;
}
