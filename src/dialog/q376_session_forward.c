/* The meter itself: its frame goes through the concentrator and its answer comes back (AFN 10 F1).
 *
 * Requests of a model can be several frames; they are made anew for each, so that nothing of them is kept but how far
 * we are, and what later answers need of earlier ones (session->memory). */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "codec/q376/q376_request.h"
#include "dialog/line_request.h"

#define CARRIER_PORT 31
#define FINE_WAIT_LIMIT_MS 1270
#define WAIT_LIMIT_MS 127000
#define BYTE_WAIT_LIMIT_MS 2550
#define REPEAT_LIMIT 1 /* of a frame that the meter answered badly or not at all, besides the terminal's own */
#define FOLLOW_UP_LIMIT 64
#define BROADCAST_WAIT_MS 500

static const struct device_profile *profile_of(const struct q376_session *session)
{
    return session->house->profile_find(session->house->context, session->order.profile);
}

static uint8_t control_of(const struct device_profile_line *line)
{
    static const uint32_t bauds[] = { 300, 600, 1200, 2400, 4800, 7200, 9600, 19200 };
    unsigned code = 3, parity = line->parity == 'N' ? 0 : line->parity == 'O' ? 3 : 2;

    for (unsigned i = 0; i < sizeof bauds / sizeof bauds[0]; i++)
        if (bauds[i] == line->baud)
            code = i;
    return (uint8_t)(code << 5 | (line->stop_bits == 2 ? 1u : 0u) << 4 | parity << 2 | 3u);
}

static uint32_t round_up(uint32_t value, uint32_t step, uint32_t limit)
{
    uint32_t rounded = (value + step - 1) / step * step;
    return rounded < limit ? rounded : limit;
}

static uint8_t forward_write(struct q376_session *session, const struct device_profile_line *line, struct span content,
                             struct writer *units)
{
    uint32_t wait_ms = line->answer_timeout_ms;
    struct q376_forward forward = {
        .port = session->order.port != 0 ? session->order.port : CARRIER_PORT,
        .control = control_of(line),
        .frame_wait_ms = wait_ms <= FINE_WAIT_LIMIT_MS ? round_up(wait_ms, 10, FINE_WAIT_LIMIT_MS)
                                                       : round_up(wait_ms, 1000, WAIT_LIMIT_MS),
        .byte_wait_ms = round_up(line->byte_timeout_ms, 10, BYTE_WAIT_LIMIT_MS),
        .content = content,
    };

    session->work.wait_ms = forward.frame_wait_ms;
    if (q376_forward_put(&forward, units) == 0)
        return Q376_AFN_FORWARD;
    q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
    return 0;
}

/* All meters of the port; nobody answers. */
static uint8_t broadcast_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    static const struct device_profile_line usual = {
        .baud = 2400, .parity = 'E', .answer_timeout_ms = BROADCAST_WAIT_MS, .byte_timeout_ms = BROADCAST_WAIT_MS
    };
    const struct device_profile *profile = profile_of(session);
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (session->work.index > 0)
        return 0;
    if (line_broadcast_encode(&session->order, profile, now_ms, &out) == 0)
        return forward_write(session, profile != NULL ? &profile->line : &usual, writer_span(&out), units);
    q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
    return 0;
}

/* The frames of the request, or the one that asks for the rest of an answer.
 * returns  as device_codec_encode() */
static int frames_make(const struct q376_session *session, const struct device_profile *profile, int64_t now_ms,
                       struct device_frames *out)
{
    struct span address = span_of_text(session->order.address);
    struct device_request request;

    if (session->work.follow_up != 0)
        return device_codec_more(profile, address, &session->memory, out);
    int result = line_request_of_order(&session->order, profile, session->serial, now_ms, &request);
    if (result != 0)
        return result;
    request.cipher = session->house->cipher;
    return device_codec_encode(profile, address, &request, out, NULL);
}

static size_t frame_index(const struct q376_work *work)
{
    return work->follow_up != 0 ? 0 : work->index;
}

/* That a command has left is told, as far as the core listens: the end of it is told for certain. */
static void sent_tell(struct q376_session *session, int64_t now_ms)
{
    struct uplink uplink = q376_uplink_begin(session, UPLINK_ANSWER, 0, now_ms);

    if (session->order.operation != LINE_COMMAND || session->work.is_sent)
        return;
    session->work.is_sent = 1;
    uplink.command_id = session->order.body.command.command_id;
    uplink.answer = UPLINK_ANSWER_SENT;
    (void)session->house->offer(session->house->context, &uplink);
}

static uint8_t forward_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    struct q376_work *work = &session->work;
    const struct device_profile *profile = profile_of(session);
    struct device_frames frames;

    if (line_order_is_broadcast(&session->order))
        return broadcast_ask(session, units, now_ms);
    int result = profile == NULL ? DEVICE_CODEC_ERR_COMMAND : frames_make(session, profile, now_ms, &frames);
    if (result != 0) {
        q376_order_end(session, line_problem_of_request(&session->order, result));
        return 0;
    }
    if (frame_index(work) >= frames.count) {
        bool is_done = line_order_is_command(&session->order) || work->found > 0;
        session->problem = is_done                              ? LINE_PROBLEM_NONE
                           : work->problem != LINE_PROBLEM_NONE ? work->problem
                                                                : LINE_PROBLEM_NO_DATA;
        return 0;
    }
    sent_tell(session, now_ms);
    return forward_write(session, &profile->line, device_frames_at(&frames, frame_index(work)), units);
}

/* The frame is through; the next one is a new exchange with the meter. */
static void frame_next(struct q376_session *session)
{
    struct q376_work *work = &session->work;

    work->repeats = 0;
    work->follow_up = 0;
    work->index++;
    session->serial++;
}

static void frame_fail(struct q376_session *session, enum line_problem problem)
{
    if (session->work.repeats >= REPEAT_LIMIT) {
        q376_order_end(session, problem);
        return;
    }
    session->work.repeats++;
    line_dialog_count(session->house, LINE_DIALOG_REPEATS, 1);
}

/* Tell the readings of a meter's frame.
 * returns  how many were asked for; -1: the core takes no more */
static int uplinks_tell(struct q376_session *session, const struct device_profile *profile, struct uplink *uplinks,
                        size_t count, int64_t now_ms)
{
    struct uplink base = q376_uplink_begin(session, UPLINK_REPORT, 0, now_ms);
    unsigned wanted = 0;

    for (size_t i = 0; i < count; i++) {
        struct uplink *uplink = &uplinks[i];
        wanted += line_items_sift(&session->order, profile, uplink);
        if (uplink->item_count == 0)
            continue;
        uplink->kind = UPLINK_REPORT;
        uplink->device_id = base.device_id;
        uplink->measurement_point = base.measurement_point;
        uplink->order_id = base.order_id;
        uplink->received_s = base.received_s;
        if (!q376_uplink_offer(session, uplink))
            return -1;
    }
    return (int)wanted;
}

static void refusal_take(struct q376_session *session, const struct device_profile *profile, uint16_t code)
{
    enum line_problem problem = line_problem_of_refusal(&session->order, profile, code);

    session->work.answer_code = code;
    session->work.problem = (uint8_t)problem;
    if (line_order_is_command(&session->order))
        q376_order_end(session, problem);
    else
        frame_next(session); /* one value that this meter does not have */
}

static void outcome_take(struct q376_session *session, const struct device_profile *profile,
                         const struct device_report *report, uint16_t code)
{
    struct q376_work *work = &session->work;

    switch ((enum device_outcome)report->outcome) {
    case DEVICE_OUTCOME_REFUSED:
        refusal_take(session, profile, code);
        return;
    case DEVICE_OUTCOME_MORE:
        work->repeats = 0;
        if (work->follow_up < FOLLOW_UP_LIMIT)
            work->follow_up++;
        else
            frame_next(session);
        return;
    case DEVICE_OUTCOME_ACCEPTED:
        work->answer = UPLINK_ANSWER_DELIVERED;
        break;
    case DEVICE_OUTCOME_DONE:
        work->answer = UPLINK_ANSWER_EXECUTED;
        break;
    case DEVICE_OUTCOME_READINGS:
    case DEVICE_OUTCOME_ADDRESS:
        break;
    }
    frame_next(session);
}

/* The first frame of what the meter's port heard that is an answer: an echo of the question may stand before it.
 * returns  as device_codec_decode() */
static int content_decode(struct q376_session *session, const struct device_profile *profile, struct span content,
                          int64_t now_ms, struct device_memory *memory, struct uplink *uplinks,
                          struct device_report *report)
{
    const struct line_order *order = &session->order;
    struct device_receive_context context = { .address = span_of_text(order->address),
                                              .cipher = session->house->cipher,
                                              .key = order->key_size == CIPHER_BLOCK_SIZE ? order->key : NULL,
                                              .received_s = now_ms / 1000,
                                              .zone_offset_s = order->zone_offset_s };
    int result = DEVICE_CODEC_ERR_FRAME;

    while (content.size > 0 && (result == DEVICE_CODEC_ERR_FRAME || result == DEVICE_CODEC_ERR_DIRECTION)) {
        size_t skip, size = device_codec_find(profile, content, &skip);
        if (size == 0)
            return result;
        result =
            device_codec_decode(profile, &context, span_of_bytes(content.bytes + skip, size), memory, uplinks, report);
        content = span_of_bytes(content.bytes + skip + size, content.size - skip - size);
    }
    return result;
}

static bool content_take(struct q376_session *session, const struct device_profile *profile, struct span content,
                         int64_t now_ms)
{
    struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    struct device_memory memory = session->memory;
    struct device_report report;

    memset(uplinks, 0, sizeof uplinks);
    int result = content_decode(session, profile, content, now_ms, &memory, uplinks, &report);
    if (result != 0) {
        frame_fail(session, line_problem_of_frame(result));
        return true;
    }
    uint16_t code = uplinks[0].answer_code;
    int wanted = uplinks_tell(session, profile, uplinks, report.uplink_count, now_ms);
    if (wanted < 0)
        return false;
    session->memory = memory;
    session->work.found = (uint16_t)(session->work.found + wanted);
    outcome_take(session, profile, &report, code);
    return true;
}

static bool forward_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    const struct device_profile *profile = profile_of(session);
    struct device_frames frames;
    struct q376_forward forward;

    (void)is_last;
    if (session->asking.parts > 0)
        return true;
    if (q376_forward_decode(frame, &forward) != 0) {
        frame_fail(session, LINE_PROBLEM_NO_ANSWER);
        return true;
    }
    if (line_order_is_broadcast(&session->order)) {
        frame_next(session);
        return true;
    }
    if (profile == NULL || frames_make(session, profile, now_ms, &frames) != 0) { /* the model is no more */
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
        return true;
    }
    if (forward.content.size > 0)
        return content_take(session, profile, forward.content, now_ms);
    if (frame_index(&session->work) < frames.count &&
        frames.expectations[frame_index(&session->work)] != DEVICE_EXPECTS_ANSWER)
        frame_next(session);
    else
        frame_fail(session, LINE_PROBLEM_NO_ANSWER);
    return true;
}

const struct q376_procedure q376_forward_procedure = { .ask = forward_ask, .take = forward_take };
