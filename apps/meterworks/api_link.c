#include "apps/meterworks/api_link.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/live_line.h"
#include "apps/meterworks/api_link_internal.h"
#include "apps/meterworks/gate_thread.h"
#include "apps/meterworks/link_stream.h"
#include "base/log.h"
#include "wire/socket_address.h"
#include "wire/tcp_socket.h"

#define WAIT_LIMIT_MS 250

const struct counter_description api_link_rows[API_LINK_COUNTER_COUNT] = {
    [API_LINK_DIALLED] = { "core_dialled", "tries to reach a core" },
    [API_LINK_FAILED] = { "core_failed", "cores that did not answer or did not prove the key" },
    [API_LINK_LINKED] = { "core_linked", "times that a core was found" },
    [API_LINK_LOST] = { "core_lost", "times that the core that was found ended or fell silent" },
    [API_LINK_EVENTS] = { "core_live_events", "live events that the core told" },
    [API_LINK_FORWARDED] = { "forward_requests", "requests brought to a core" },
    [API_LINK_ANSWERED] = { "forward_answered", "requests that a core answered" },
    [API_LINK_GIVEN_UP] = { "forward_given_up", "requests whose client went away" },
    [API_LINK_NO_CORE] = { "forward_no_core", "requests refused because no core could be reached" },
    [API_LINK_FULL] = { "forward_full", "requests refused because too many were under way" },
    [API_LINK_UNKNOWN] = { "forward_unknown", "requests that a core took and never answered" },
};

static void count(struct api_link *link, enum api_link_counter row)
{
    counter_increment(&link->counters, row);
}

/* On to the next core; after a round in vain with a pause. */
static void core_leave(struct api_link *link, int64_t now_ms)
{
    struct feed *feed = &link->feed;

    link_caller_close(&feed->caller);
    feed->linked = false;
    feed->its_shard = link->config.shard;
    feed->size = 0;
    feed->retry_ms = now_ms;
    link->core = (link->core + 1) % link->config.core_count;
    feed->in_vain++;
    if (feed->in_vain < link->config.core_count)
        return;
    feed->in_vain = 0;
    feed->retry_ms = now_ms + feed->pause_ms;
    feed->pause_ms *= 2;
    if (feed->pause_ms > API_LINK_PAUSE_LIMIT_MS)
        feed->pause_ms = API_LINK_PAUSE_LIMIT_MS;
}

/* Where the making of the connection has ended. */
static enum core_trouble trouble_of(const struct feed *feed)
{
    static const enum core_trouble troubles[] = {
        [LINK_CALLER_NONE] = CORE_TROUBLE_ADDRESS,
        [LINK_CALLER_DIALLING] = CORE_TROUBLE_ADDRESS,
        [LINK_CALLER_SHAKING] = CORE_TROUBLE_KEY,
        [LINK_CALLER_OPEN] = CORE_TROUBLE_GREETING,
    };
    return troubles[feed->caller.step];
}

static void feed_end(struct api_link *link, const char *reason, int64_t now_ms)
{
    const char *core = link->config.cores[link->core];

    count(link, link->feed.linked ? API_LINK_LOST : API_LINK_FAILED);
    if (link->feed.linked)
        log_write(LOG_API, LOG_WARNING, core, "the core is gone: %s", reason);
    else if (link->feed.its_shard != link->config.shard)
        core_trouble_say_store(&link->feed.troubles[link->core], core, link->config.shard, link->feed.its_shard, now_ms);
    else
        core_trouble_say(&link->feed.troubles[link->core], LOG_API, core, trouble_of(&link->feed), now_ms);
    core_leave(link, now_ms);
}

/* A core of another shard has other people, meters and money than those that are read here.
 * returns  0; -1 */
static int restart_take(struct api_link *link, const struct live_line *line)
{
    link->feed.its_shard = line->shard;
    if (line->shard != link->config.shard)
        return -1;
    live_restart(link->config.live, line->item.sequence);
    return 0;
}

/* The first line is the welcome. returns  0; -1: this is no core's, or another shard's */
static int line_take(struct api_link *link, struct span text)
{
    struct live_line line;

    if (live_line_read(text, &line) < 0)
        return -1;
    if (line.kind == LIVE_LINE_RESTART ? restart_take(link, &line) < 0 : !link->feed.linked)
        return -1;
    if (line.kind == LIVE_LINE_EVENT) {
        live_follow(link->config.live, &line.item);
        count(link, API_LINK_EVENTS);
    }
    if (!link->feed.linked) {
        link->feed.linked = true;
        link->feed.in_vain = 0;
        link->feed.pause_ms = API_LINK_PAUSE_MS;
        link->feed.troubles[link->core] = (struct core_trouble_log){ 0 };
        count(link, API_LINK_LINKED);
        log_write(LOG_API, LOG_NOTICE, link->config.cores[link->core], "linked to the core");
    }
    return 0;
}

/* Whole lines leave the buffer. returns  0; -1 */
static int lines_take(struct api_link *link)
{
    struct feed *feed = &link->feed;
    struct span rest = { feed->bytes, feed->size };
    ptrdiff_t end;

    while ((end = span_find_byte(rest, '\n')) >= 0) {
        if (line_take(link, (struct span){ rest.bytes, (size_t)end }) < 0)
            return -1;
        rest.bytes += end + 1;
        rest.size -= (size_t)end + 1;
    }
    if (rest.size >= LIVE_LINE_LIMIT)
        return -1;
    memmove(feed->bytes, rest.bytes, rest.size);
    feed->size = rest.size;
    return 0;
}

static int feed_receive(struct api_link *link, int64_t now_ms)
{
    struct feed *feed = &link->feed;
    int got;

    while ((got = tls_channel_receive(feed->caller.channel, feed->bytes + feed->size, sizeof feed->bytes - feed->size)) > 0) {
        feed->heard_ms = now_ms;
        feed->size += (size_t)got;
        if (lines_take(link) < 0)
            return -1;
    }
    return got;
}

static void feed_ask(struct api_link *link, int64_t now_ms)
{
    static const char question[] = LINK_CALLER_FEED;
    struct feed *feed = &link->feed;

    /* A new connection takes so few bytes whole. */
    feed->heard_ms = now_ms;
    if (tls_channel_send(feed->caller.channel, span_of_text(question)) != (int)sizeof question - 1)
        feed_end(link, "it takes nothing", now_ms);
}

static void feed_work(struct api_link *link, int64_t now_ms)
{
    struct feed *feed = &link->feed;

    if (feed->caller.step == LINK_CALLER_NONE) {
        if (now_ms < feed->retry_ms)
            return;
        count(link, API_LINK_DIALLED);
        link_caller_dial(&feed->caller, link->config.cores[link->core], now_ms + link->config.dial_ms);
    }
    if (feed->caller.step != LINK_CALLER_OPEN) {
        int result = link_caller_work(&feed->caller, link->party, now_ms);
        if (result < 0)
            feed_end(link, "", now_ms);
        else if (result == 1)
            feed_ask(link, now_ms);
        return;
    }
    if (feed_receive(link, now_ms) < 0) {
        feed_end(link, "its connection ended", now_ms);
    } else if (now_ms - feed->heard_ms >= link->config.silence_ms) {
        feed_end(link, "it is silent", now_ms);
        api_link_requests_fail(link); /* what it was asked it will not answer in time */
    }
}

static void wait_add(struct pollfd *waits, size_t *wait_count, int descriptor, short events)
{
    /* Where nothing can be done, an end would be told again and again. */
    if (descriptor >= 0 && events != 0)
        waits[(*wait_count)++] = (struct pollfd){ .fd = descriptor, .events = events };
}

static void caller_wait_add(struct pollfd *waits, size_t *wait_count, const struct link_caller *caller, bool reads,
                            bool writes)
{
    bool wants = writes || caller->step == LINK_CALLER_DIALLING ||
                 (caller->channel != NULL && tls_channel_wants_write(caller->channel));

    wait_add(waits, wait_count, caller->step == LINK_CALLER_DIALLING ? caller->descriptor
             : caller->channel != NULL ? tls_channel_descriptor(caller->channel) : -1,
             (short)((reads ? POLLIN : 0) | (wants ? POLLOUT : 0)));
}

static size_t waits_collect(struct api_link *link, struct pollfd *waits)
{
    size_t wait_count = 0;

    wait_add(waits, &wait_count, link->notifier.descriptor, POLLIN);
    caller_wait_add(waits, &wait_count, &link->feed.caller, true, false);
    for (const struct forwarded *request = link->first; request != NULL; request = request->next) {
        caller_wait_add(waits, &wait_count, &request->caller, !forwarded_is_full(request), forwarded_wants_write(request));
        wait_add(waits, &wait_count, forwarded_client(request), POLLRDHUP);
    }
    return wait_count;
}

static int64_t wait_ms(const struct api_link *link, int64_t now_ms)
{
    int64_t wait = WAIT_LIMIT_MS;

    if (link->feed.caller.step == LINK_CALLER_NONE && link->feed.retry_ms - now_ms < wait)
        wait = link->feed.retry_ms - now_ms;
    return wait > 0 ? wait : 0;
}

static void *link_run(void *context)
{
    struct api_link *link = context;
    struct pollfd waits[2 + 2 * API_LINK_REQUESTS];

    pthread_mutex_lock(&link->lock);
    while (!link->stopping) {
        int64_t now_ms = link_caller_now_ms();
        feed_work(link, now_ms);
        api_link_requests_work(link, now_ms);
        size_t wait_count = waits_collect(link, waits);
        int wait = (int)wait_ms(link, now_ms);
        pthread_mutex_unlock(&link->lock);
        poll(waits, wait_count, wait);
        notifier_drain(&link->notifier);
        pthread_mutex_lock(&link->lock);
    }
    api_link_requests_fail(link);
    pthread_mutex_unlock(&link->lock);
    return NULL;
}

/* The addresses must be some. */
static int cores_copy(struct api_link *link, const struct api_link_config *config)
{
    struct socket_address address;

    for (size_t i = 0; i < config->core_count; i++) {
        size_t size = strlen(config->cores[i]);
        if (size >= sizeof link->cores[i] || socket_address_read(span_of_text(config->cores[i]), &address) != 0)
            return GATE_ERR_LINK_SOCKET;
        memcpy(link->cores[i], config->cores[i], size + 1);
        link->config.cores[i] = link->cores[i];
    }
    return config->core_count > 0 ? 0 : GATE_ERR_LINK_SOCKET;
}

static int parts_make(struct api_link *link)
{
    struct tls_party_config party = { .identity = link->config.name };

    memcpy(party.key, link->config.key, sizeof party.key);
    int result = tls_party_open(&party, &link->party);
    OPENSSL_cleanse(&party, sizeof party);
    OPENSSL_cleanse(link->config.key, sizeof link->config.key);
    if (result < 0)
        return GATE_ERR_CRYPTOGRAPHY;
    if (notifier_open(&link->notifier) < 0)
        return GATE_ERR_SYSTEM;
    link->runs = pthread_create(&link->thread, NULL, link_run, link) == 0;
    return link->runs ? 0 : GATE_ERR_SYSTEM;
}

int api_link_open(const struct api_link_config *config, struct api_link **out)
{
    struct api_link *link = calloc(1, sizeof *link);

    if (link == NULL)
        return GATE_ERR_MEMORY;
    link->config = *config;
    link->config.silence_ms = config->silence_ms != 0 ? config->silence_ms : LINK_SILENCE_MS;
    link->config.dial_ms = config->dial_ms != 0 ? config->dial_ms : API_LINK_DIAL_MS;
    link->notifier.descriptor = -1;
    link->feed.pause_ms = API_LINK_PAUSE_MS;
    link->feed.its_shard = config->shard;
    link->feed.caller.descriptor = -1;
    link->counters = (struct counter_table){ api_link_rows, link->values, API_LINK_COUNTER_COUNT };
    pthread_mutex_init(&link->lock, NULL);
    int result = cores_copy(link, config);
    if (result == 0)
        result = parts_make(link);
    if (result < 0) {
        api_link_close(link);
        return result;
    }
    *out = link;
    return 0;
}

void api_link_stop(struct api_link *link)
{
    if (link == NULL || !link->runs)
        return;
    pthread_mutex_lock(&link->lock);
    link->stopping = true;
    pthread_mutex_unlock(&link->lock);
    notifier_signal(&link->notifier);
    pthread_join(link->thread, NULL);
    link->runs = false;
}

void api_link_close(struct api_link *link)
{
    if (link == NULL)
        return;
    api_link_stop(link);
    api_link_requests_free(link);
    link_caller_close(&link->feed.caller);
    tls_party_close(link->party);
    notifier_close(&link->notifier);
    pthread_mutex_destroy(&link->lock);
    OPENSSL_cleanse(link, sizeof *link);
    free(link);
}

struct counter_table *api_link_counters(struct api_link *link)
{
    return &link->counters;
}
