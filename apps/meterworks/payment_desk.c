#include "apps/meterworks/payment_desk.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/payment_http.h"
#include "apps/meterworks/payment_worker.h"
#include "base/log.h"

#define NOTICES_PER_S 100     /* of one channel; more are asked to come again */
#define PAYER_TIMEOUT_MS 5000 /* a thread of the api waits so long, one at a time */

struct notice_rate {
    int64_t second;
    int count;
};

struct payment_desk {
    struct payment_channels channels;
    size_t worker_count;
    struct payment_worker workers[PAYMENT_CHANNELS_LIMIT]; /* of the channel with the same index */
    pthread_mutex_t rates_lock;
    struct notice_rate rates[PAYMENT_CHANNELS_LIMIT];
    pthread_mutex_t payer_lock; /* held while payer_http is used */
    struct payment_http payer_http;
    atomic_bool stopping;
};

static int workers_open(struct payment_desk *desk, struct core_channel *core)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return -1;
    for (; desk->worker_count < desk->channels.count; desk->worker_count++) {
        size_t i = desk->worker_count;
        if (payment_worker_open(&desk->workers[i], &desk->channels.entries[i], core) < 0)
            return -1;
    }
    return 0;
}

int payment_desk_open(const struct payment_desk_config *config, struct payment_desk **out, char problem[256])
{
    struct payment_desk *desk = calloc(1, sizeof *desk);

    (void)snprintf(problem, 256, "no memory for the payment channels");
    if (desk == NULL || payment_channels_open(config->path, &desk->channels, problem) < 0) {
        free(desk);
        return -1;
    }
    pthread_mutex_init(&desk->rates_lock, NULL);
    pthread_mutex_init(&desk->payer_lock, NULL);
    if (workers_open(desk, config->channel) < 0 || payment_http_open(&desk->payer_http, &desk->stopping) < 0) {
        (void)snprintf(problem, 256, "the HTTP client cannot start");
        payment_desk_close(desk);
        return -1;
    }
    *out = desk;
    return 0;
}

int payment_desk_start(struct payment_desk *desk)
{
    for (size_t i = 0; i < desk->worker_count; i++)
        if (work_thread_start(&desk->workers[i].work) < 0)
            return -1;
    return 0;
}

static void workers_wake(void *context)
{
    struct payment_desk *desk = context;

    for (size_t i = 0; i < desk->worker_count; i++)
        work_thread_wake(&desk->workers[i].work);
}

void payment_desk_stop(struct payment_desk *desk)
{
    if (desk != NULL)
        atomic_store(&desk->stopping, true);
    for (size_t i = 0; desk != NULL && i < desk->worker_count; i++)
        work_thread_stop(&desk->workers[i].work);
    for (size_t i = 0; desk != NULL && i < desk->worker_count; i++)
        work_thread_join(&desk->workers[i].work);
}

void payment_desk_close(struct payment_desk *desk)
{
    if (desk == NULL)
        return;
    for (size_t i = 0; i < desk->worker_count; i++)
        payment_worker_close(&desk->workers[i]);
    payment_http_close(&desk->payer_http);
    curl_global_cleanup();
    payment_channels_close(&desk->channels);
    pthread_mutex_destroy(&desk->rates_lock);
    pthread_mutex_destroy(&desk->payer_lock);
    free(desk);
}

static bool channel_at(void *context, size_t index, struct api_payment_channel *out)
{
    const struct payment_desk *desk = context;
    const struct payment_channel_kind *kind;

    if (index >= desk->channels.count)
        return false;
    kind = payment_channel_kind_of(desk->channels.entries[index].channel);
    memcpy(out->name, desk->channels.entries[index].name, sizeof out->name);
    out->kind = kind->name;
    out->scenes = kind->scenes;
    out->payer_page[0] = '\0';
    (void)payment_payer_page(desk->channels.entries[index].channel, out->payer_page);
    return true;
}

static bool notice_admit(struct payment_desk *desk, const char *name, int64_t now_s)
{
    bool admitted = true;

    pthread_mutex_lock(&desk->rates_lock);
    for (size_t i = 0; i < desk->channels.count; i++) {
        struct notice_rate *rate = &desk->rates[i];
        if (strcmp(desk->channels.entries[i].name, name) != 0)
            continue;
        if (rate->second != now_s)
            *rate = (struct notice_rate){ .second = now_s };
        admitted = rate->count++ < NOTICES_PER_S;
    }
    pthread_mutex_unlock(&desk->rates_lock);
    return admitted;
}

static int notice_read(void *context, const char *name, const struct payment_message *message, int64_t now_s,
                       struct payment_outcome *out)
{
    struct payment_desk *desk = context;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, name);
    struct payment_moment moment = { .now_s = now_s };
    int error;

    if (!notice_admit(desk, name, now_s))
        return PAYMENT_ERR_RATE;
    error = channel != NULL ? payment_channel_notice(channel, &moment, message, out) : PAYMENT_ERR_SETTING;
    if (error < 0)
        log_write(LOG_BILLING, LOG_WARNING, name, "a callback is refused: %s", payment_error_text(error));
    return error;
}

/* The request's address holds a secret: nothing of it is logged. */
static int payer_ask(struct payment_desk *desk, const struct payment_request *request, char payer_id[PAYMENT_PAYER_SIZE])
{
    struct payment_http_answer answer = { .bytes = NULL };
    struct payment_message message;
    int error;

    desk->payer_http.timeout_ms = PAYER_TIMEOUT_MS;
    message = (struct payment_message){ .http_status = payment_http_send(&desk->payer_http, request, &answer) };
    message.body = span_of_bytes((const uint8_t *)answer.bytes, answer.size);
    error = payment_payer_answer(&message, payer_id);
    free(answer.bytes);
    return error;
}

static int payer_find(void *context, const char *name, struct span code, char payer_id[PAYMENT_PAYER_SIZE])
{
    struct payment_desk *desk = context;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, name);
    struct payment_request request;
    int error = channel != NULL ? payment_payer_request(channel, code, &request) : PAYMENT_ERR_UNSUPPORTED;

    if (error < 0)
        return error;
    if (pthread_mutex_trylock(&desk->payer_lock) != 0)
        return PAYMENT_ERR_RATE;
    error = payer_ask(desk, &request, payer_id);
    pthread_mutex_unlock(&desk->payer_lock);
    OPENSSL_cleanse(&request, sizeof request);
    if (error < 0)
        log_write(LOG_BILLING, LOG_NOTICE, name, "a payer is not known: %s", payment_error_text(error));
    return error;
}

static const char *notice_reply(void *context, const char *name, bool accepted, const char **content_type)
{
    struct payment_desk *desk = context;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, name);
    const struct payment_channel_kind *kind = channel != NULL ? payment_channel_kind_of(channel) : NULL;

    *content_type = kind != NULL ? kind->notice_content_type : "text/plain";
    if (kind == NULL)
        return "";
    return accepted ? kind->notice_accepted : kind->notice_refused;
}

struct api_payments payment_desk_port(struct payment_desk *desk)
{
    if (desk == NULL)
        return (struct api_payments){ .context = NULL };
    return (struct api_payments){ desk, channel_at, notice_read, notice_reply, payer_find, workers_wake };
}
