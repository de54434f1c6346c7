#include "dialog/dtu_stream.h"

#include <string.h>

#include "codec/dtu/dtu_packet.h"

#define FIXED_BYTES_MINIMUM 4 /* fewer may stand in a meter's frame by chance */

static bool pattern_of(const char *notation, enum dtu_kind kind, struct dtu_pattern *out)
{
    return notation[0] != '\0' && dtu_pattern_parse(span_of_text(notation), kind, out, NULL) == 0;
}

struct dtu_stream dtu_stream_of(const struct line_record *record)
{
    struct dtu_stream stream = { .has_registration = false };

    if (record->kind != LINE_KIND_DTU)
        return stream;
    stream.has_registration = pattern_of(record->address, DTU_REGISTRATION, &stream.registration);
    stream.has_heartbeat = pattern_of(record->heartbeat, DTU_HEARTBEAT, &stream.heartbeat);
    return stream;
}

static size_t packet_size(const struct dtu_pattern *pattern, struct span bytes)
{
    struct dtu_packet packet;
    int size = dtu_packet_match(pattern, bytes, &packet);

    return size > 0 ? (size_t)size : 0;
}

/* Only bytes that are always the same, and enough of them. */
static bool is_unmistakable(const struct dtu_pattern *pattern)
{
    return pattern->count == 1 && pattern->parts[0].kind == DTU_PART_FIXED &&
           pattern->literal_size >= FIXED_BYTES_MINIMUM;
}

/* Size of the packet at the beginning of `bytes`; 0 none. */
static size_t packet_at(const struct dtu_stream *stream, struct span bytes, bool is_beginning, bool *is_heartbeat)
{
    size_t size = 0;

    *is_heartbeat = false;
    if (stream->has_registration && (is_beginning || is_unmistakable(&stream->registration)))
        size = packet_size(&stream->registration, bytes);
    if (size == 0 && stream->has_heartbeat && (is_beginning || is_unmistakable(&stream->heartbeat))) {
        size = packet_size(&stream->heartbeat, bytes);
        *is_heartbeat = size > 0;
    }
    return size;
}

size_t dtu_stream_strip(const struct dtu_stream *stream, uint8_t *bytes, size_t size, unsigned *heartbeats)
{
    size_t from = 0;
    size_t kept = 0;

    *heartbeats = 0;
    while (from < size) {
        bool is_heartbeat;
        size_t packet = packet_at(stream, span_of_bytes(bytes + from, size - from), kept == 0, &is_heartbeat);
        *heartbeats += is_heartbeat ? 1 : 0;
        if (packet == 0)
            bytes[kept++] = bytes[from++];
        from += packet;
    }
    return kept;
}
