#include "api/live_stream.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_server_internal.h"
#include "base/decimal.h"
#include "base/text.h"
#include "base/writer.h"

#define TICK_MS 1000
#define EVENT_TEXT_LIMIT (LIVE_TEXT_LIMIT + 96)

struct live_stream {
    struct live_streams *streams;
    struct live_stream *next;
    struct live_stream *previous;
    struct MHD_Connection *connection;
    struct live_filter filter;
    uint64_t position;
    int64_t ticked_ms;
    bool sleeping;              /* its connection is suspended */
    size_t size;                /* of `pending` */
    size_t given;
    char pending[EVENT_TEXT_LIMIT];
};

struct live_streams {
    pthread_mutex_t lock;
    struct live_hub *hub;
    struct api_clock clock;
    struct api_forward forward;
    struct live_stream *first;
    unsigned count;
    bool stopping;
};

struct live_streams *live_streams_open(const struct api_config *config)
{
    struct live_streams *streams = calloc(1, sizeof *streams);

    if (streams == NULL)
        return NULL;
    pthread_mutex_init(&streams->lock, NULL);
    streams->hub = config->live;
    streams->clock = config->clock;
    streams->forward = config->forward;
    return streams;
}

void live_streams_close(struct live_streams *streams)
{
    if (streams == NULL)
        return;
    pthread_mutex_destroy(&streams->lock);
    free(streams);
}

void live_streams_wake(struct live_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    for (struct live_stream *stream = streams->first; stream != NULL; stream = stream->next)
        if (stream->sleeping) {
            stream->sleeping = false;
            MHD_resume_connection(stream->connection);
        }
    pthread_mutex_unlock(&streams->lock);
}

void live_streams_stop(struct live_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    streams->stopping = true;
    pthread_mutex_unlock(&streams->lock);
    live_streams_wake(streams);
}

unsigned live_streams_count(struct live_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    unsigned count = streams->count;
    pthread_mutex_unlock(&streams->lock);
    return count;
}

static bool stream_enlist(struct live_stream *stream)
{
    struct live_streams *streams = stream->streams;

    pthread_mutex_lock(&streams->lock);
    bool room = streams->count < LIVE_STREAM_LIMIT && !streams->stopping;
    if (room) {
        streams->count++;
        stream->next = streams->first;
        if (streams->first != NULL)
            streams->first->previous = stream;
        streams->first = stream;
    }
    pthread_mutex_unlock(&streams->lock);
    return room;
}

/* Where the browser left off, or now. */
static uint64_t position_choose(const struct exchange *exchange)
{
    int64_t last = 0;

    if (exchange->last_event_id != NULL && decimal_parse(span_of_text(exchange->last_event_id), 0, &last) == 0 && last > 0)
        return (uint64_t)last;
    return live_newest(exchange->config->live);
}

int live_stream_begin(struct exchange *exchange)
{
    if (exchange->config->live == NULL)
        return exchange_refuse_api(exchange, API_ERR_UNSUPPORTED);
    struct live_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL)
        return exchange_refuse_api(exchange, API_ERR_MEMORY);
    stream->streams = api_server_streams(exchange->server);
    stream->filter.tenant_id = exchange->caller.tenant_id;
    (void)text_copy(span_of_text(exchange->caller.path), stream->filter.path, sizeof stream->filter.path);
    stream->position = position_choose(exchange);
    if (!stream_enlist(stream)) {
        free(stream);
        return exchange_refuse_api(exchange, API_ERR_LISTENERS);
    }
    exchange->live = stream;
    exchange->content_type_out = "text/event-stream; charset=utf-8";
    exchange_header_add(exchange, "X-Accel-Buffering", "no");
    return 0;
}

void live_stream_connect(struct live_stream *stream, struct MHD_Connection *connection)
{
    stream->connection = connection;
}

static void tick_write(struct live_stream *stream, struct writer *writer)
{
    const struct api_clock *clock = &stream->streams->clock;
    const struct api_forward *forward = &stream->streams->forward;
    bool alone = forward->begin != NULL && !forward->is_linked(forward->context);
    uint32_t speed = clock->speed != NULL ? clock->speed(clock->context) : 1;
    struct live_figures figures = live_figures_read(stream->streams->hub);

    writer_format(writer, "event: tick\ndata: {\"now_s\":%" PRId64 ",\"speed\":%" PRIu32 ",\"events\":%" PRIu64 "%s}\n\n",
        clock->now_s(clock->context), speed, figures.published, alone ? ",\"core\":false" : "");
}

/* The next thing to say, into `pending`; nothing leaves it empty. */
static void pending_fill(struct live_stream *stream)
{
    struct writer writer = writer_of_buffer(stream->pending, sizeof stream->pending);
    struct live_event event;
    int64_t now_ms = exchange_monotonic_ms();

    stream->given = 0;
    if (now_ms - stream->ticked_ms >= TICK_MS) {
        stream->ticked_ms = now_ms;
        tick_write(stream, &writer);
    } else {
        int result = live_next(stream->streams->hub, &stream->filter, &stream->position, &event);
        if (result == 1)
            writer_format(&writer, "id: %" PRIu64 "\nevent: %s\ndata: %s\n\n", event.sequence, live_kind_name(event.kind),
                event.json);
        else if (result < 0)
            writer_format(&writer, "id: %" PRIu64 "\nevent: resync\ndata: {}\n\n", stream->position);
    }
    stream->size = writer.size;
}

/* Sleep, unless something came between looking and locking: a wake in that moment must not be lost. */
static void stream_sleep(struct live_stream *stream)
{
    struct live_streams *streams = stream->streams;

    pthread_mutex_lock(&streams->lock);
    if (!streams->stopping && live_newest(streams->hub) == stream->position) {
        stream->sleeping = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&streams->lock);
}

static bool is_stopping(struct live_streams *streams)
{
    pthread_mutex_lock(&streams->lock);
    bool stopping = streams->stopping;
    pthread_mutex_unlock(&streams->lock);
    return stopping;
}

ssize_t live_stream_read(void *context, uint64_t position, char *bytes, size_t capacity)
{
    struct live_stream *stream = context;
    size_t written = 0;

    (void)position;
    if (is_stopping(stream->streams))
        return MHD_CONTENT_READER_END_OF_STREAM;
    while (written < capacity) {
        if (stream->given == stream->size)
            pending_fill(stream);
        size_t left = stream->size - stream->given;
        if (left == 0)
            break;
        size_t size = left < capacity - written ? left : capacity - written;
        memcpy(bytes + written, stream->pending + stream->given, size);
        stream->given += size;
        written += size;
    }
    if (written == 0)
        stream_sleep(stream);
    return (ssize_t)written;
}

void live_stream_end(void *context)
{
    struct live_stream *stream = context;
    struct live_streams *streams = stream->streams;

    pthread_mutex_lock(&streams->lock);
    streams->count--;
    if (stream->previous != NULL)
        stream->previous->next = stream->next;
    else
        streams->first = stream->next;
    if (stream->next != NULL)
        stream->next->previous = stream->previous;
    pthread_mutex_unlock(&streams->lock);
    free(stream);
}
