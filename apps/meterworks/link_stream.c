#include "apps/meterworks/link_stream.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

int link_stream_open(struct link_stream *stream, struct tls_party *party, int descriptor, int64_t now_ms)
{
    struct link_stream opened = { .heard_ms = now_ms, .said_ms = now_ms };

    if (tls_channel_open(party, descriptor, &opened.channel) < 0)
        return -1;
    opened.in = malloc(LINK_IN_LIMIT);
    opened.out = malloc(LINK_OUT_LIMIT);
    *stream = opened;
    if (opened.in != NULL && opened.out != NULL)
        return 0;
    link_stream_close(stream);
    return -1;
}

/* Keys of devices went through here. */
static void bytes_release(uint8_t *bytes, size_t size)
{
    if (bytes != NULL)
        OPENSSL_cleanse(bytes, size);
    free(bytes);
}

void link_stream_close(struct link_stream *stream)
{
    tls_channel_close(stream->channel);
    bytes_release(stream->in, LINK_IN_LIMIT);
    bytes_release(stream->out, LINK_OUT_LIMIT);
    *stream = (struct link_stream){ 0 };
}

bool link_stream_is_open(const struct link_stream *stream)
{
    return stream->channel != NULL;
}

static int bytes_send(struct link_stream *stream, int64_t now_ms)
{
    while (stream->out_start < stream->out_end) {
        int sent = tls_channel_send(stream->channel, span_of_bytes(stream->out + stream->out_start,
                                                                   stream->out_end - stream->out_start));
        if (sent < 0)
            return -1;
        if (sent == 0)
            return 0;
        stream->out_start += (size_t)sent;
        stream->said_ms = now_ms;
    }
    stream->out_start = stream->out_end = 0;
    return 0;
}

static void to_front(uint8_t *bytes, size_t *start, size_t *end)
{
    memmove(bytes, bytes + *start, *end - *start);
    *end -= *start;
    *start = 0;
}

static int bytes_receive(struct link_stream *stream, int64_t now_ms)
{
    if (stream->in_start > 0)
        to_front(stream->in, &stream->in_start, &stream->in_end);
    while (stream->in_end < LINK_IN_LIMIT) {
        int got = tls_channel_receive(stream->channel, stream->in + stream->in_end, LINK_IN_LIMIT - stream->in_end);
        if (got < 0)
            return -1;
        if (got == 0)
            return 0;
        stream->in_end += (size_t)got;
        stream->heard_ms = now_ms;
    }
    stream->heard_ms = now_ms; /* full: it is we who do not listen */
    return 0;
}

static int shake(struct link_stream *stream, int64_t now_ms)
{
    int result = tls_channel_shake(stream->channel);

    if (result == 0 && now_ms - stream->heard_ms >= LINK_SILENCE_MS)
        return -1;
    if (result <= 0)
        return result;
    stream->shaken = true;
    stream->heard_ms = stream->said_ms = now_ms;
    return 1;
}

int link_stream_work(struct link_stream *stream, int64_t now_ms)
{
    static const struct link_message alive = { .kind = LINK_ALIVE };
    int result = stream->shaken ? 1 : shake(stream, now_ms);

    if (result <= 0)
        return result;
    /* Something that waits says it already. */
    if (now_ms - stream->said_ms >= LINK_ALIVE_MS && link_stream_waiting(stream) == 0)
        (void)link_stream_put(stream, &alive);
    if (bytes_send(stream, now_ms) < 0 || bytes_receive(stream, now_ms) < 0)
        return -1;
    return now_ms - stream->heard_ms >= LINK_SILENCE_MS ? -1 : 1;
}

int link_stream_next(struct link_stream *stream, struct link_message *out)
{
    int size = link_frame_decode(span_of_bytes(stream->in + stream->in_start, stream->in_end - stream->in_start), out);

    if (size <= 0)
        return size;
    stream->next_size = (size_t)size;
    return 1;
}

void link_stream_taken(struct link_stream *stream)
{
    stream->in_start += stream->next_size;
    stream->next_size = 0;
}

size_t link_stream_waiting(const struct link_stream *stream)
{
    return stream->out_end - stream->out_start;
}

bool link_stream_fits(const struct link_stream *stream)
{
    return LINK_OUT_LIMIT - link_stream_waiting(stream) >= LINK_FRAME_LIMIT;
}

int link_stream_put(struct link_stream *stream, const struct link_message *message)
{
    if (LINK_OUT_LIMIT - stream->out_end < LINK_FRAME_LIMIT && stream->out_start > 0)
        to_front(stream->out, &stream->out_start, &stream->out_end);
    struct writer writer = writer_of_buffer(stream->out + stream->out_end, LINK_OUT_LIMIT - stream->out_end);
    int size = link_frame_encode(message, &writer);
    if (size < 0)
        return size;
    stream->out_end += (size_t)size;
    return 0;
}

bool link_stream_wants_write(const struct link_stream *stream)
{
    return tls_channel_wants_write(stream->channel) || (stream->shaken && link_stream_waiting(stream) > 0);
}

int link_stream_descriptor(const struct link_stream *stream)
{
    return tls_channel_descriptor(stream->channel);
}
