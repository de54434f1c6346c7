#include "codec/explain/explain_stream.h"

#define DAMAGED_LIMIT 2048 /* bytes; what is longer is not one frame, whatever it begins with */

/* A candidate with the row it belongs to. */
struct found {
    struct explain_piece piece;
    enum explain_belief belief;
};

static struct span rest_from(const struct explain_stream *stream, size_t offset)
{
    return span_of_bytes(stream->bytes.bytes + offset, stream->bytes.size - offset);
}

/* Look for the protocol's next frame at or behind `offset`. */
static void candidate_seek(struct explain_stream *stream, size_t row, size_t offset)
{
    const struct explain_protocol *protocol = explain_protocol_at(row);
    struct explain_candidate *candidate = &stream->candidates[row];
    size_t skip = 0;

    candidate->offset = stream->bytes.size;
    candidate->size = 0;
    if (protocol->find == NULL || (stream->only != NULL && stream->only != protocol))
        return;
    size_t size = protocol->find(rest_from(stream, offset), &skip);
    if (size == 0)
        return;
    candidate->offset = offset + skip;
    candidate->size = size;
}

struct explain_stream explain_stream_of(struct span bytes, const struct explain_protocol *only)
{
    struct explain_stream stream = { .bytes = bytes, .offset = 0, .only = only };
    for (size_t row = 0; row < EXPLAIN_STREAM_PROTOCOL_LIMIT && explain_protocol_at(row) != NULL; row++)
        candidate_seek(&stream, row, 0);
    return stream;
}

static struct found found_of(const struct explain_stream *stream, size_t row)
{
    const struct explain_candidate *candidate = &stream->candidates[row];
    const struct explain_protocol *protocol = explain_protocol_at(row);
    struct span frame = span_of_bytes(stream->bytes.bytes + candidate->offset, candidate->size);
    return (struct found){ { candidate->offset, candidate->size, protocol }, protocol->recognise(frame) };
}

/* Is `a` to be taken before `b`? */
static bool is_better(const struct found *a, const struct found *b)
{
    bool overlap =
        a->piece.offset < b->piece.offset + b->piece.size && b->piece.offset < a->piece.offset + a->piece.size;

    if (overlap && a->belief != b->belief)
        return a->belief > b->belief;
    if (a->piece.offset != b->piece.offset)
        return a->piece.offset < b->piece.offset;
    return a->piece.size > b->piece.size;
}

/* The frame to give next; protocol NULL when there is none. */
static struct found best_find(struct explain_stream *stream)
{
    struct found best = { { stream->bytes.size, 0, NULL }, EXPLAIN_NO };

    for (size_t row = 0; row < EXPLAIN_STREAM_PROTOCOL_LIMIT && explain_protocol_at(row) != NULL; row++) {
        if (stream->candidates[row].size > 0 && stream->candidates[row].offset < stream->offset)
            candidate_seek(stream, row, stream->offset);
        if (stream->candidates[row].size == 0)
            continue;
        struct found found = found_of(stream, row);
        if (best.piece.protocol == NULL || is_better(&found, &best))
            best = found;
    }
    return best;
}

/* The protocol of which these bytes look like one damaged frame; NULL for none. */
static const struct explain_protocol *damaged_find(const struct explain_stream *stream, struct span bytes)
{
    if (bytes.size > DAMAGED_LIMIT)
        return NULL;
    const struct explain_protocol *protocol = stream->only != NULL ? stream->only : explain_protocol_guess(bytes);
    return protocol->recognise(bytes) >= EXPLAIN_LIKELY ? protocol : NULL;
}

bool explain_stream_next(struct explain_stream *stream, struct explain_piece *out)
{
    if (stream->offset == stream->bytes.size)
        return false;
    struct found best = best_find(stream);
    struct explain_piece piece = best.piece;
    if (piece.protocol == NULL || piece.offset > stream->offset) {
        piece.size = piece.offset - stream->offset;
        piece.offset = stream->offset;
        piece.protocol = damaged_find(stream, span_of_bytes(stream->bytes.bytes + piece.offset, piece.size));
    }
    stream->offset = piece.offset + piece.size;
    *out = piece;
    return true;
}
