#include "codec/hotwater/hotwater_fragment.h"

#include <string.h>

#include "codec/codec_error.h"

#define FIRST 0x80
#define LAST 0x40
#define NUMBER_MASK 0x3f

int hotwater_fragmenter_start(struct hotwater_fragmenter *fragmenter, struct span frame, size_t att_size)
{
    if (frame.size == 0 || frame.size > HOTWATER_REASSEMBLY_LIMIT || att_size < 2)
        return CODEC_ERR_RANGE;
    fragmenter->rest = frame;
    fragmenter->piece = att_size - 1;
    fragmenter->number = 0;
    fragmenter->is_first = true;
    return 0;
}

int hotwater_fragmenter_next(struct hotwater_fragmenter *fragmenter, struct writer *out)
{
    bool is_last = fragmenter->rest.size <= fragmenter->piece;
    size_t size = is_last ? fragmenter->rest.size : fragmenter->piece;

    if (size == 0)
        return 0;
    if (out->overflow || out->capacity - out->size < size + 1)
        return CODEC_ERR_FULL;
    writer_put_u8(out, (uint8_t)((fragmenter->is_first ? FIRST : 0) | (is_last ? LAST : 0) | fragmenter->number));
    writer_put_bytes(out, fragmenter->rest.bytes, size);
    fragmenter->rest = span_of_bytes(fragmenter->rest.bytes + size, fragmenter->rest.size - size);
    fragmenter->number = (fragmenter->number + 1) & NUMBER_MASK;
    fragmenter->is_first = false;
    return 1;
}

static int drop(struct hotwater_reassembler *reassembler, int error)
{
    reassembler->is_running = false;
    reassembler->is_done = false;
    reassembler->size = 0;
    return error;
}

/* The link layer sent the last fragment again. */
static bool is_duplicate(const struct hotwater_reassembler *reassembler, uint8_t head, struct span piece)
{
    uint8_t last_number = (reassembler->next_number - 1) & NUMBER_MASK;
    bool was_last = (head & LAST) != 0;

    if ((!reassembler->is_running && !reassembler->is_done) || (head & FIRST) != 0 ||
        (head & NUMBER_MASK) != last_number || was_last != reassembler->is_done)
        return false;
    return piece.size == reassembler->last_size &&
           memcmp(piece.bytes, reassembler->bytes + reassembler->size - piece.size, piece.size) == 0;
}

/* returns  0 when the piece belongs behind what was collected; CODEC_ERR_* */
static int order_check(const struct hotwater_reassembler *reassembler, uint8_t head, int64_t now_ms)
{
    if (!reassembler->is_running)
        return CODEC_ERR_ORDER;
    if (now_ms - reassembler->last_ms > HOTWATER_FRAGMENT_GAP_MS)
        return CODEC_ERR_SHORT;
    return (head & NUMBER_MASK) == reassembler->next_number ? 0 : CODEC_ERR_ORDER;
}

static void begin(struct hotwater_reassembler *reassembler, uint8_t head)
{
    reassembler->size = 0;
    reassembler->next_number = head & NUMBER_MASK;
    reassembler->is_running = true;
    reassembler->is_done = false;
}

int hotwater_reassembler_take(struct hotwater_reassembler *reassembler, struct span fragment, int64_t now_ms,
                              struct span *frame)
{
    if (fragment.size < 2)
        return drop(reassembler, CODEC_ERR_FORMAT);
    uint8_t head = fragment.bytes[0];
    struct span piece = span_of_bytes(fragment.bytes + 1, fragment.size - 1);
    if (is_duplicate(reassembler, head, piece))
        return 0;
    if ((head & FIRST) != 0)
        begin(reassembler, head);
    else {
        int result = order_check(reassembler, head, now_ms);
        if (result < 0)
            return drop(reassembler, result);
    }
    if (piece.size > sizeof reassembler->bytes - reassembler->size)
        return drop(reassembler, CODEC_ERR_TOO_LONG);
    memcpy(reassembler->bytes + reassembler->size, piece.bytes, piece.size);
    reassembler->size += piece.size;
    reassembler->last_size = piece.size;
    reassembler->last_ms = now_ms;
    reassembler->next_number = (reassembler->next_number + 1) & NUMBER_MASK;
    if ((head & LAST) == 0)
        return 0;
    reassembler->is_running = false;
    reassembler->is_done = true;
    *frame = span_of_bytes(reassembler->bytes, reassembler->size);
    return 1;
}
