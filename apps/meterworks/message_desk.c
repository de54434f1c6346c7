#include "apps/meterworks/message_desk.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/meterworks/message_sender.h"
#include "base/cipher.h"
#include "base/log.h"
#include "notify/notify_error.h"

#define FILE_LIMIT (256 * 1024)
#define SENDER_LIMIT (PROVIDER_LIMIT + 1)

struct message_desk {
    struct message_desk_ports ports;
    int provider_count;
    struct provider providers[SENDER_LIMIT]; /* the last is that of events */
    struct message_sender senders[SENDER_LIMIT];
};

/* The whole file with a zero behind it; NULL with `problem`. */
static char *file_read(FILE *file, const char *path, size_t *size, char problem[256])
{
    char *text = malloc(FILE_LIMIT + 1);

    *size = text != NULL ? fread(text, 1, FILE_LIMIT + 1, file) : 0;
    if (text == NULL || ferror(file) || *size > FILE_LIMIT) {
        (void)snprintf(problem, 256, "%.150s cannot be read, or is larger than 256 KiB", path);
        free(text);
        return NULL;
    }
    text[*size] = '\0';
    return text;
}

static int providers_read(struct message_desk *desk, const char *path, char problem[256])
{
    struct provider events;
    char why[256];
    struct stat about;
    size_t size;
    FILE *file = fopen(path, "re");
    char *text = NULL;

    if (file == NULL)
        (void)snprintf(problem, 256, "%.150s: %s", path, strerror(errno));
    else if (fstat(fileno(file), &about) != 0 || (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)snprintf(problem, 256, "%.150s holds secrets: nobody but its owner may read it (chmod 600)", path);
    else
        text = file_read(file, path, &size, problem);
    if (file != NULL)
        (void)fclose(file);
    if (text == NULL)
        return -1;
    desk->provider_count = provider_list_read(span_of_bytes(text, size), desk->providers, why);
    if (desk->provider_count >= 0 && provider_events_read(span_of_bytes(text, size), &events, why) < 0)
        desk->provider_count = NOTIFY_ERR_CONFIGURATION;
    cipher_wipe(text, size);
    free(text);
    if (desk->provider_count >= 0) {
        desk->providers[desk->provider_count] = events;
        return 0;
    }
    (void)snprintf(problem, 256, "%.80s: %.160s", path, why);
    return -1;
}

static int senders_make(struct message_desk *desk)
{
    /* Events need no provider of somebody else's. */
    if (desk->ports.event_secret != NULL)
        desk->provider_count++;
    for (int i = 0; i < SENDER_LIMIT; i++)
        desk->senders[i].notifier.descriptor = -1;
    for (int i = 0; i < desk->provider_count; i++) {
        struct message_sender *sender = &desk->senders[i];
        sender->provider = &desk->providers[i];
        sender->ports = &desk->ports;
        sender->fresh = true;
        if (notifier_open(&sender->notifier) < 0)
            return -1;
    }
    return 0;
}

int message_desk_open(const char *path, const char *fallback, const struct message_desk_ports *ports,
                      struct message_desk **out, char problem[256])
{
    struct message_desk *desk = calloc(1, sizeof *desk);
    struct stat about;

    (void)snprintf(problem, 256, "out of memory");
    if (desk == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(desk);
        return -1;
    }
    desk->ports = *ports;
    provider_events_usual(&desk->providers[0]);
    if (path == NULL && stat(fallback, &about) == 0)
        path = fallback;
    if ((path != NULL && providers_read(desk, path, problem) < 0) || senders_make(desk) < 0) {
        desk->provider_count = desk->provider_count < 0 ? 0 : desk->provider_count;
        message_desk_close(desk);
        return -1;
    }
    *out = desk;
    return 0;
}

uint32_t message_desk_channels(const struct message_desk *desk)
{
    uint32_t channels = 0;

    for (int i = 0; i < desk->provider_count; i++)
        channels |= MESSAGE_CHANNEL_BIT(desk->providers[i].kind->channel);
    return channels;
}

bool message_desk_events_inside(const struct message_desk *desk)
{
    for (int i = 0; i < desk->provider_count; i++)
        if (desk->providers[i].kind == &event_provider_kind)
            return desk->providers[i].inside;
    return false;
}

int message_desk_start(struct message_desk *desk)
{
    for (int i = 0; i < desk->provider_count; i++) {
        struct message_sender *sender = &desk->senders[i];
        if (pthread_create(&sender->thread, NULL,
                           sender->provider->kind->stream != NULL ? message_stream_run : message_http_run, sender) != 0)
            return -1;
        sender->started = true;
        log_write(LOG_NOTIFY, LOG_INFO, sender->provider->name, "sends %s messages over %s",
                  message_channel_name((int)sender->provider->kind->channel), sender->provider->kind->name);
    }
    return 0;
}

void message_desk_wake(struct message_desk *desk)
{
    for (int i = 0; desk != NULL && i < desk->provider_count; i++)
        notifier_signal(&desk->senders[i].notifier);
}

void message_desk_stop(struct message_desk *desk)
{
    for (int i = 0; desk != NULL && i < desk->provider_count; i++)
        atomic_store(&desk->senders[i].stopping, true);
    message_desk_wake(desk);
    for (int i = 0; desk != NULL && i < desk->provider_count; i++) {
        if (desk->senders[i].started)
            (void)pthread_join(desk->senders[i].thread, NULL);
        desk->senders[i].started = false;
    }
}

void message_desk_close(struct message_desk *desk)
{
    if (desk == NULL)
        return;
    for (int i = 0; i < SENDER_LIMIT; i++)
        notifier_close(&desk->senders[i].notifier);
    cipher_wipe(desk->providers, sizeof desk->providers);
    curl_global_cleanup();
    free(desk);
}
