/* One meter by its model: reads, commands, clocks; and what is said to all of them at once. */
#include "dialog/line_master_internal.h"

#include <string.h>

#include "dialog/line_proof.h"
#include "dialog/line_request.h"

#define FOLLOW_UP_LIMIT 64
#define BROADCAST_WAIT_MS 500 /* meters latch before they are asked */
#define CONFIRM_FIRST_MS 1000 /* a relay or valve takes its time */
#define CONFIRM_PAUSE_MS 2000
#define CONFIRM_LIMIT_S 30 /* longer than this nobody keeps a line for one meter */

static const struct device_profile *profile_of(const struct line_master *master)
{
    return master->house->profile_find(master->house->context, master->order.profile);
}

static struct line_proof proof_of(const struct line_master *master, const struct device_profile *profile,
                                  int64_t now_ms)
{
    return (struct line_proof){ &master->order, profile, master->house->cipher, master->serial, now_ms };
}

/* The frames of the request, or the one that asks for the rest of an answer; made anew each time, so that nothing is
 * kept of them but how far we are.
 * returns  as device_codec_encode() */
static int frames_make(const struct line_master *master, const struct device_profile *profile, int64_t now_ms,
                       struct device_frames *out)
{
    struct line_proof proof = proof_of(master, profile, now_ms);

    if (master->work.follow_up != 0)
        return device_codec_more(profile, span_of_text(master->order.address), &master->memory, out);
    return line_stage_encode(&proof, (enum line_stage)master->work.stage, out);
}

static enum line_next end(struct line_master *master, enum line_problem problem)
{
    master->problem = (uint8_t)problem;
    return LINE_NEXT_END;
}

static enum line_next broadcast_ask(struct line_master *master, struct writer *out, int64_t now_ms)
{
    const struct device_profile *profile = profile_of(master);

    if (master->work.index > 0)
        return end(master, LINE_PROBLEM_NONE);
    if (line_broadcast_encode(&master->order, profile, now_ms, out) != 0)
        return end(master, LINE_PROBLEM_UNSUPPORTED);
    line_master_patience_set(master, profile != NULL ? &profile->line : NULL);
    master->expectation = DEVICE_EXPECTS_NOTHING;
    master->patience_ms = BROADCAST_WAIT_MS;
    return LINE_NEXT_SEND;
}

/* That a command leaves is told, as far as the core listens: the end of it is told for certain. */
static void sent_tell(struct line_master *master, int64_t now_ms)
{
    struct uplink uplink = line_master_uplink(master, UPLINK_ANSWER, now_ms);

    if (master->order.operation != LINE_COMMAND || master->work.is_sent)
        return;
    master->work.is_sent = true;
    uplink.command_id = master->order.body.command.command_id;
    uplink.answer = UPLINK_ANSWER_SENT;
    (void)line_master_offer(master, &uplink);
}

static enum line_next order_over(struct line_master *master)
{
    bool is_done = line_order_is_command(&master->order) || master->work.found > 0;

    return end(master, is_done                                     ? LINE_PROBLEM_NONE
                       : master->work.problem != LINE_PROBLEM_NONE ? (enum line_problem)master->work.problem
                                                                   : LINE_PROBLEM_NO_DATA);
}

static void stage_begin(struct line_master *master, enum line_stage stage)
{
    master->work.stage = (uint8_t)stage;
    master->work.index = 0;
    master->work.follow_up = 0;
    master->work.identifier = 0;
}

static size_t frame_index(const struct line_master *master)
{
    return master->work.follow_up != 0 ? 0 : master->work.index;
}

/* The next question of the order, in the stage where it is found.
 * returns  as device_codec_encode(); an index that is not below out->count when nothing is left */
static int question_make(struct line_master *master, const struct device_profile *profile, int64_t now_ms,
                         struct device_frames *out)
{
    struct line_proof proof = proof_of(master, profile, now_ms);

    if (!master->work.is_begun)
        stage_begin(master, line_stage_first(&proof));
    master->work.is_begun = true;
    int result = profile == NULL ? DEVICE_CODEC_ERR_COMMAND : frames_make(master, profile, now_ms, out);
    if (result != 0 || frame_index(master) < out->count || master->work.stage != LINE_STAGE_DO ||
        line_stage_last(&proof) == LINE_STAGE_DO)
        return result;
    stage_begin(master, LINE_STAGE_PROVE);
    return frames_make(master, profile, now_ms, out);
}

static enum line_next order_ask(struct line_master *master, struct writer *out, int64_t now_ms)
{
    const struct device_profile *profile = profile_of(master);
    struct line_proof proof = proof_of(master, profile, now_ms);
    struct device_frames frames;

    if (line_order_is_broadcast(&master->order))
        return broadcast_ask(master, out, now_ms);
    int result = question_make(master, profile, now_ms, &frames);
    if (result != 0)
        return end(master, line_problem_of_request(&master->order, result));
    size_t index = frame_index(master);
    if (index >= frames.count)
        return order_over(master);
    sent_tell(master, now_ms);
    line_master_patience_set(master, &profile->line);
    if (master->work.stage == LINE_STAGE_DO && line_order_is_once(&proof))
        master->retries = 0;
    master->expectation = frames.expectations[index];
    if (master->expectation == DEVICE_EXPECTS_NOTHING)
        master->patience_ms = BROADCAST_WAIT_MS;
    writer_put_span(out, device_frames_at(&frames, index));
    return LINE_NEXT_SEND;
}

static size_t order_find(struct line_master *master, struct span stream, size_t *skip)
{
    const struct device_profile *profile = profile_of(master);

    if (profile != NULL && !line_order_is_broadcast(&master->order))
        return device_codec_find(profile, stream, skip);
    *skip = stream.size;
    return 0;
}

/* The frame is through; the next one is a new exchange with the meter. */
static void frame_next(struct line_master *master)
{
    master->work.follow_up = 0;
    master->work.index++;
    master->serial++;
}

/* Whether a meter that takes its time is worth the line's: not while somebody as urgent waits. */
static bool is_worth_waiting(const struct line_master *master, int64_t now_ms)
{
    const struct line_order *first = line_order_queue_first(&master->queue, master->house->orders);

    return now_ms + CONFIRM_PAUSE_MS < master->work.confirm_until_ms &&
           (first == NULL || first->priority > master->order.priority);
}

static void confirmation_begin(struct line_master *master, const struct device_profile *profile, int64_t now_ms)
{
    const struct device_profile_command *confirmation = line_confirmation_of(&master->order, profile);
    unsigned within_s;

    master->work.answer = UPLINK_ANSWER_DELIVERED;
    frame_next(master);
    if (confirmation == NULL)
        return;
    within_s = confirmation->confirm_within_s < CONFIRM_LIMIT_S ? confirmation->confirm_within_s : CONFIRM_LIMIT_S;
    stage_begin(master, LINE_STAGE_CONFIRM);
    master->work.confirm_until_ms = now_ms + within_s * 1000;
    master->not_before_ms = now_ms + CONFIRM_FIRST_MS;
}

/* The meter does not show it done yet. */
static void confirmation_await(struct line_master *master, int64_t now_ms)
{
    if (!is_worth_waiting(master, now_ms)) {
        line_master_end_order(master, LINE_PROBLEM_NONE);
        return;
    }
    stage_begin(master, LINE_STAGE_CONFIRM);
    master->serial++;
    master->not_before_ms = now_ms + CONFIRM_PAUSE_MS;
}

/* The meter shows something else than what is wanted. A proof that was asked for because nobody answered shows that the
 * question did not arrive. */
static void otherwise_take(struct line_master *master, int64_t now_ms)
{
    switch ((enum line_stage)master->work.stage) {
    case LINE_STAGE_DO:
    case LINE_STAGE_LOOK:
        master->serial++;
        stage_begin(master, LINE_STAGE_DO);
        break;
    case LINE_STAGE_CONFIRM:
        confirmation_await(master, now_ms);
        break;
    case LINE_STAGE_PROVE:
        line_master_end_order(master, master->work.problem != LINE_PROBLEM_NONE
                                          ? (enum line_problem)master->work.problem
                                          : LINE_PROBLEM_PARTIAL);
        break;
    }
}

/* The meter has said what it is like now. */
static void finding_take(struct line_master *master, enum line_finding finding, int64_t now_ms)
{
    if (finding == LINE_FINDING_OTHERWISE || (finding == LINE_FINDING_UNTOLD && master->work.stage == LINE_STAGE_LOOK)) {
        otherwise_take(master, now_ms);
        return;
    }
    if (finding == LINE_FINDING_UNTOLD) {
        line_master_end_order(master, (enum line_problem)master->work.problem);
        return;
    }
    master->work.answer = UPLINK_ANSWER_EXECUTED;
    if (master->work.stage == LINE_STAGE_PROVE)
        frame_next(master);
    else
        line_master_end_order(master, LINE_PROBLEM_NONE);
}

/* returns  false: the core takes no more */
static bool uplinks_tell(struct line_master *master, const struct device_profile *profile, struct uplink *uplinks,
                         size_t count, int64_t now_ms)
{
    struct uplink base = line_master_uplink(master, UPLINK_REPORT, now_ms);
    unsigned wanted = 0;

    for (size_t i = 0; i < count; i++) {
        struct uplink *uplink = &uplinks[i];
        wanted += line_items_sift(&master->order, profile, uplink);
        if (uplink->item_count == 0)
            continue;
        uplink->kind = UPLINK_REPORT;
        uplink->device_id = base.device_id;
        uplink->order_id = base.order_id;
        if (!line_master_offer(master, uplink))
            return false;
    }
    master->work.found = (uint16_t)(master->work.found + wanted);
    return true;
}

static void refusal_take(struct line_master *master, const struct device_profile *profile, uint16_t code)
{
    enum line_problem problem = line_problem_of_refusal(&master->order, profile, code);

    if (master->work.stage == LINE_STAGE_CONFIRM) {
        line_master_end_order(master, LINE_PROBLEM_NONE);
        return;
    }
    master->work.answer_code = code;
    master->work.problem = (uint8_t)problem;
    if (line_order_is_command(&master->order))
        line_master_end_order(master, problem);
    else
        frame_next(master); /* one value that this meter does not have */
}

static void more_take(struct line_master *master)
{
    if (master->work.follow_up < FOLLOW_UP_LIMIT)
        master->work.follow_up++;
    else
        frame_next(master);
}

static void outcome_take(struct line_master *master, const struct device_profile *profile,
                         const struct device_report *report, const struct uplink *first, int64_t now_ms)
{
    switch ((enum device_outcome)report->outcome) {
    case DEVICE_OUTCOME_REFUSED:
        refusal_take(master, profile, first->answer_code);
        break;
    case DEVICE_OUTCOME_MORE:
        more_take(master);
        break;
    case DEVICE_OUTCOME_ACCEPTED:
        confirmation_begin(master, profile, now_ms);
        break;
    case DEVICE_OUTCOME_DONE:
        master->work.answer = UPLINK_ANSWER_EXECUTED;
        frame_next(master);
        break;
    case DEVICE_OUTCOME_READINGS:
    case DEVICE_OUTCOME_ADDRESS:
        frame_next(master);
        break;
    }
}

/* What was read shows whether the order is done. A meter that refuses to show where its relay stands is not waited for. */
static bool looks(const struct line_master *master, const struct device_report *report)
{
    bool is_refused = report->outcome == DEVICE_OUTCOME_REFUSED;

    return master->work.stage != LINE_STAGE_DO && report->outcome != DEVICE_OUTCOME_MORE &&
           !(is_refused && master->work.stage == LINE_STAGE_CONFIRM);
}

/* LINE_FINDING_DONE also where there is nothing to find. */
static enum line_finding finding_of(struct line_master *master, const struct device_profile *profile, struct span frame,
                                    const struct device_report *report, struct uplink *uplink, int64_t now_ms)
{
    struct line_proof proof = proof_of(master, profile, now_ms);

    return looks(master, report) ? line_stage_find(&proof, frame_index(master), frame, uplink, &master->work.about)
                                 : LINE_FINDING_DONE;
}

/* The answer to the question before this one, late: identifiers of one request all differ. */
static bool is_late(const struct line_master *master, const struct device_report *report)
{
    return report->identifier != 0 && master->work.follow_up == 0 && master->work.index > 0 &&
           report->identifier == master->work.identifier;
}

static struct device_receive_context context_of(const struct line_master *master, int64_t now_ms)
{
    const struct line_order *order = &master->order;

    return (struct device_receive_context){ .address = span_of_text(order->address),
                                            .number = span_of_text(order->meter_number),
                                            .cipher = master->house->cipher,
                                            .key = order->key_size == CIPHER_BLOCK_SIZE ? order->key : NULL,
                                            .received_s = now_ms / 1000,
                                            .zone_offset_s = order->zone_offset_s };
}

/* Decode it for its own sake. returns  false: it is no answer of this meter */
static bool frame_read(const struct line_master *master, struct span frame, int64_t now_ms,
                       struct device_report *report)
{
    const struct device_profile *profile = profile_of(master);
    struct device_receive_context context = context_of(master, now_ms);
    struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    struct device_memory memory = master->memory;

    memset(uplinks, 0, sizeof uplinks);
    return profile != NULL && device_codec_decode(profile, &context, frame, &memory, uplinks, report) == 0;
}

static bool order_fits(struct line_master *master, struct span frame, int64_t now_ms)
{
    struct device_report report;

    return frame_read(master, frame, now_ms, &report) && !is_late(master, &report);
}

/* An answer that does not say what it is about is one to the open question, when there is one. A meter that was told to
 * do something may say by itself that it is done. */
static bool order_repeats(struct line_master *master, struct span frame, int64_t now_ms)
{
    struct device_report report;

    if (line_order_is_command(&master->order) || !frame_read(master, frame, now_ms, &report))
        return false;
    return report.identifier == 0 ? master->stage == LINE_MASTER_WAITING : is_late(master, &report);
}

static enum line_verdict order_take(struct line_master *master, struct span frame, int64_t now_ms)
{
    const struct device_profile *profile = profile_of(master);
    struct device_receive_context context = context_of(master, now_ms);
    struct uplink uplinks[DEVICE_UPLINK_LIMIT];
    struct device_memory memory = master->memory;
    struct device_report report;

    if (profile == NULL)
        return LINE_VERDICT_NONE;
    memset(uplinks, 0, sizeof uplinks);
    int result = device_codec_decode(profile, &context, frame, &memory, uplinks, &report);
    if (result == DEVICE_CODEC_ERR_KEY) {
        line_master_end_order(master, LINE_PROBLEM_KEY);
        return LINE_VERDICT_GOOD;
    }
    if (result != 0)
        return result == DEVICE_CODEC_ERR_DIRECTION ? LINE_VERDICT_NONE
               : result == DEVICE_CODEC_ERR_DEVICE  ? LINE_VERDICT_ADDRESS
                                                    : LINE_VERDICT_DAMAGED;
    if (is_late(master, &report))
        return LINE_VERDICT_NONE;
    enum line_finding finding = finding_of(master, profile, frame, &report, &uplinks[0], now_ms);
    if (finding == LINE_FINDING_NOTHING)
        return LINE_VERDICT_NONE;
    if (!uplinks_tell(master, profile, uplinks, report.uplink_count, now_ms))
        return LINE_VERDICT_UNTAKEN;
    master->memory = memory;
    master->work.identifier = report.identifier;
    if (looks(master, &report))
        finding_take(master, finding, now_ms);
    else
        outcome_take(master, profile, &report, &uplinks[0], now_ms);
    return LINE_VERDICT_GOOD;
}

/* Nobody answered. What must not be sent twice is looked for; what was accepted the core sees by later readings. */
static void order_fail(struct line_master *master, enum line_problem trouble, int64_t now_ms)
{
    struct line_proof proof = proof_of(master, profile_of(master), now_ms);

    if (trouble == LINE_PROBLEM_NONE) {
        frame_next(master);
    } else if (master->work.stage == LINE_STAGE_CONFIRM) {
        line_master_end_order(master, LINE_PROBLEM_NONE);
    } else if (master->work.stage == LINE_STAGE_DO && line_order_is_once(&proof)) {
        master->work.problem = (uint8_t)trouble;
        stage_begin(master, LINE_STAGE_PROVE);
    } else {
        line_master_end_order(master, trouble);
    }
}

const struct line_procedure line_order_procedure = { order_ask,  order_find,    order_take,
                                                      order_fits, order_repeats, order_fail };
