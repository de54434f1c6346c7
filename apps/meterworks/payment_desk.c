#include "apps/meterworks/payment_desk.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/payment_worker.h"
#include "base/log.h"

#define NOTICES_PER_S 100     /* of one channel; more are asked to come again */

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
    if (workers_open(desk, config->channel) < 0) {
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
    curl_global_cleanup();
    payment_channels_close(&desk->channels);
    pthread_mutex_destroy(&desk->rates_lock);
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
    return (struct api_payments){ desk, channel_at, notice_read, notice_reply, workers_wake };
}
