/* The meter itself: its frame goes through the concentrator and its answer comes back (AFN 10 F1).
 *
 * Requests of a model can be several frames; they are made anew for each, so that nothing of them is kept but how far
 * we are, and what later answers need of earlier ones (session->memory). */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "codec/q376/q376_request.h"
#include "dialog/line_proof.h"
#include "dialog/line_request.h"

#define CARRIER_PORT 31
#define FINE_WAIT_LIMIT_MS 1270
#define WAIT_LIMIT_MS 127000
#define BYTE_WAIT_LIMIT_MS 2550
#define REPEAT_LIMIT 1 /* of a frame that the meter answered badly or not at all, besides the terminal's own */
#define FOLLOW_UP_LIMIT 64
#define BROADCAST_WAIT_MS 500
#define BAUD_DEFAULT 2400
#define BITS_PER_BYTE 11       /* start, eight, parity, stop */
#define ANSWER_SIZE_LIMIT 220  /* bytes of the longest frame of a meter */
#define TERMINAL_ANSWER_MS 5000 /* the network and the terminal, over a wired port; carrier and radio take their time */
#define READING_TRIES 2

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

/* How long so many bytes are on the meters' line. */
static uint32_t line_time_ms(const struct device_profile_line *line, size_t bytes)
{
    uint32_t baud = line->baud != 0 ? line->baud : BAUD_DEFAULT;
    return (uint32_t)((bytes * BITS_PER_BYTE * 1000 + baud - 1) / baud);
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

    session->work.wait_ms = forward.frame_wait_ms + line_time_ms(line, content.size + ANSWER_SIZE_LIMIT);
    session->work.try_limit = line_order_is_command(&session->order) ? 0 : READING_TRIES;
    if (forward.port != CARRIER_PORT)
        session->work.terminal_ms = TERMINAL_ANSWER_MS;
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

static struct line_proof proof_of(const struct q376_session *session, const struct device_profile *profile,
                                  int64_t now_ms)
{
    return (struct line_proof){ &session->order, profile, session->house->cipher, session->serial, now_ms };
}

/* The frames of the request, or the one that asks for the rest of an answer.
 * returns  as device_codec_encode() */
static int frames_make(const struct q376_session *session, const struct device_profile *profile, int64_t now_ms,
                       struct device_frames *out)
{
    struct line_proof proof = proof_of(session, profile, now_ms);

    if (session->work.follow_up != 0)
        return device_codec_more(profile, span_of_text(session->order.address), &session->memory, out);
    return line_stage_encode(&proof, (enum line_stage)session->work.phase, out);
}

static size_t frame_index(const struct q376_work *work)
{
    return work->follow_up != 0 ? 0 : work->index;
}

static void stage_begin(struct q376_session *session, enum line_stage stage)
{
    session->work.phase = (uint8_t)stage;
    session->work.index = 0;
    session->work.follow_up = 0;
    session->work.repeats = 0;
    session->serial++;
}

/* The next question of the order, in the stage where it is found.
 * returns  as device_codec_encode(); an index that is not below out->count when nothing is left */
static int question_make(struct q376_session *session, const struct device_profile *profile, int64_t now_ms,
                         struct device_frames *out)
{
    struct line_proof proof = proof_of(session, profile, now_ms);

    if (!session->work.is_begun)
        session->work.phase = (uint8_t)line_stage_first(&proof);
    session->work.is_begun = true;
    int result = profile == NULL ? DEVICE_CODEC_ERR_COMMAND : frames_make(session, profile, now_ms, out);
    if (result != 0 || frame_index(&session->work) < out->count || session->work.phase != LINE_STAGE_DO ||
        line_stage_last(&proof) == LINE_STAGE_DO)
        return result;
    stage_begin(session, LINE_STAGE_PROVE);
    return frames_make(session, profile, now_ms, out);
}

/* Looked for rather than sent again. */
static bool is_looked_for(const struct q376_session *session, int64_t now_ms)
{
    struct line_proof proof = proof_of(session, profile_of(session), now_ms);
    return session->work.phase == LINE_STAGE_DO && line_order_is_once(&proof);
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
    int result = question_make(session, profile, now_ms, &frames);
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
    bool is_once = is_looked_for(session, now_ms);
    uint8_t afn = forward_write(session, &profile->line, device_frames_at(&frames, frame_index(work)), units);
    if (is_once)
        work->try_limit = 1;
    return afn;
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

static void prove_instead(struct q376_session *session, enum line_problem problem)
{
    session->work.problem = (uint8_t)problem;
    stage_begin(session, LINE_STAGE_PROVE);
}

static void frame_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    if (is_looked_for(session, now_ms)) {
        prove_instead(session, problem);
    } else if (session->work.repeats >= REPEAT_LIMIT) {
        q376_order_end(session, problem);
    } else {
        session->work.repeats++;
        line_dialog_count(session->house, LINE_DIALOG_REPEATS, 1);
    }
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

/* The meter has said what it is like now. A proof that was asked for because nobody answered shows that the question did
 * not arrive. */
static void finding_take(struct q376_session *session, enum line_finding finding)
{
    struct q376_work *work = &session->work;

    if (finding != LINE_FINDING_DONE && work->phase == LINE_STAGE_LOOK) {
        stage_begin(session, LINE_STAGE_DO);
        return;
    }
    if (finding == LINE_FINDING_UNTOLD) {
        q376_order_end(session, (enum line_problem)work->problem);
        return;
    }
    if (finding == LINE_FINDING_OTHERWISE) {
        q376_order_end(session, work->problem != LINE_PROBLEM_NONE ? (enum line_problem)work->problem
                                                                   : LINE_PROBLEM_PARTIAL);
        return;
    }
    work->answer = UPLINK_ANSWER_EXECUTED;
    if (work->phase == LINE_STAGE_PROVE)
        frame_next(session);
    else
        q376_order_end(session, LINE_PROBLEM_NONE);
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
 * content  becomes that frame
 * returns  as device_codec_decode() */
static int content_decode(struct q376_session *session, const struct device_profile *profile, struct span *content,
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

    struct span rest = *content;

    while (rest.size > 0 && (result == DEVICE_CODEC_ERR_FRAME || result == DEVICE_CODEC_ERR_DIRECTION)) {
        size_t skip, size = device_codec_find(profile, rest, &skip);
        if (size == 0)
            return result;
        *content = span_of_bytes(rest.bytes + skip, size);
        result = device_codec_decode(profile, &context, *content, memory, uplinks, report);
        rest = span_of_bytes(rest.bytes + skip + size, rest.size - skip - size);
    }
    return result;
}

static bool content_take(struct q376_session *session, const struct device_profile *profile, struct span content,
                         int64_t now_ms)
{
    struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    struct device_memory memory = session->memory;
    struct device_report report = { .outcome = DEVICE_OUTCOME_READINGS };
    struct line_proof proof = proof_of(session, profile, now_ms);

    memset(uplinks, 0, sizeof uplinks);
    int result = content_decode(session, profile, &content, now_ms, &memory, uplinks, &report);
    enum line_finding finding = LINE_FINDING_DONE;
    bool looks = session->work.phase != LINE_STAGE_DO && report.outcome != DEVICE_OUTCOME_MORE;
    if (result == 0 && looks)
        finding = line_stage_find(&proof, frame_index(&session->work), content, &uplinks[0], &session->work.about);
    if (result != 0 || finding == LINE_FINDING_NOTHING) {
        frame_fail(session, result != 0 ? line_problem_of_frame(result) : LINE_PROBLEM_CHECKSUM, now_ms);
        return true;
    }
    uint16_t code = uplinks[0].answer_code;
    int wanted = uplinks_tell(session, profile, uplinks, report.uplink_count, now_ms);
    if (wanted < 0)
        return false;
    session->memory = memory;
    session->work.found = (uint16_t)(session->work.found + wanted);
    if (looks)
        finding_take(session, finding);
    else
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
        frame_fail(session, LINE_PROBLEM_NO_ANSWER, now_ms);
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
        frame_fail(session, LINE_PROBLEM_NO_ANSWER, now_ms);
    return true;
}

/* The terminal denied, or is silent itself: it has tried often enough. */
static bool forward_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    if (problem == LINE_PROBLEM_NO_ANSWER && !line_order_is_broadcast(&session->order) && is_looked_for(session, now_ms))
        prove_instead(session, problem);
    else
        q376_order_end(session, problem);
    return true;
}

const struct q376_procedure q376_forward_procedure = { .ask = forward_ask, .take = forward_take, .fail = forward_fail };
