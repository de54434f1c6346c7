/* One master on a line: what is asked when, what comes back, and the door. */
#include "dialog/line_master_internal.h"

#include <string.h>

#include "base/hash.h"
#include "dialog/line_shape.h"

#define BAUD_DEFAULT 2400
#define BITS_PER_BYTE 11  /* start, eight, parity, stop */
#define SILENCE_BITS 33   /* between two exchanges on a bus */
#define NETWORK_GAP_MS 20 /* at least, where segments carry the bytes */
#define RETRIES_LIMIT 5
#define NOISE_MINIMUM 4 /* fewer stray bytes are no damaged answer */
#define SPOILED_MINIMUM 12 /* bytes before an answer that were more than its preamble: the shortest frame of DL/T 645 */
#define LISTENS 2
#define LISTEN_MS 600 /* for a second answer: meters begin theirs within 500 ms (DL/T 645-2007, response delay Td) */

/* What a network adds to a line's own patience. */
static const uint32_t network_delay_ms[LINE_KIND_COUNT] = { [LINE_KIND_DTU] = 3000, [LINE_KIND_TCP] = 500 };
static const uint32_t network_gap_ms[LINE_KIND_COUNT] = { [LINE_KIND_DTU] = 500, [LINE_KIND_TCP] = 100 };

static uint32_t baud_of(const struct line_master *master)
{
    return master->record.baud != 0 ? master->record.baud : BAUD_DEFAULT;
}

static int64_t bits_ms(const struct line_master *master, uint64_t bits)
{
    return (int64_t)((bits * 1000 + baud_of(master) - 1) / baud_of(master));
}

static bool is_networked(const struct line_master *master)
{
    return master->record.kind == LINE_KIND_DTU || master->record.kind == LINE_KIND_TCP;
}

/* Silence before a question. */
static int64_t gap_ms(const struct line_master *master)
{
    int64_t gap = bits_ms(master, SILENCE_BITS) + 1;

    if (master->record.gap_ms != 0)
        return master->record.gap_ms;
    return is_networked(master) && gap < NETWORK_GAP_MS ? NETWORK_GAP_MS : gap;
}

void line_master_patience_set(struct line_master *master, const struct device_profile_line *line)
{
    static const struct device_profile_line usual = { BAUD_DEFAULT, 'E', 1, 2, 0, 1500, 500 };
    unsigned kind = master->record.kind < LINE_KIND_COUNT ? master->record.kind : LINE_KIND_NONE;

    line = line != NULL ? line : &usual;
    master->retries = line->retries < RETRIES_LIMIT ? line->retries : RETRIES_LIMIT;
    master->noise_minimum = NOISE_MINIMUM;
    master->byte_gap_ms = line->byte_timeout_ms + network_gap_ms[kind];
    master->patience_ms = master->order.timeout_ms != 0           ? master->order.timeout_ms
                          : master->record.answer_timeout_ms != 0 ? master->record.answer_timeout_ms
                                                                  : line->answer_timeout_ms + network_delay_ms[kind];
}

struct uplink line_master_uplink(const struct line_master *master, enum uplink_kind kind, int64_t now_ms)
{
    const struct line_order *order = &master->order;

    return (struct uplink){ .kind = (uint8_t)kind,
                            .device_id = order->device_id != 0 ? order->device_id : order->line_id,
                            .order_id = order->order_id,
                            .received_s = now_ms / 1000 };
}

bool line_master_offer(struct line_master *master, struct uplink *uplink)
{
    return master->house->offer(master->house->context, uplink);
}

void line_master_end_order(struct line_master *master, enum line_problem problem)
{
    master->stage = LINE_MASTER_ENDING;
    master->problem = (uint8_t)problem;
}

static void received_drop(struct line_master *master, size_t size)
{
    memmove(master->received, master->received + size, master->received_size - size);
    master->received_size = (uint16_t)(master->received_size - size);
}

static void noise_count(struct line_master *master, size_t size)
{
    master->noise_count += (uint32_t)size;
    line_dialog_count(master->house, LINE_DIALOG_BYTES_SKIPPED, size);
}

static void question_open(struct line_master *master, int64_t now_ms)
{
    master->stage = LINE_MASTER_WAITING;
    master->tries = 0;
    master->trouble = LINE_PROBLEM_NONE;
    master->waiting_since_ms = now_ms > master->not_before_ms ? now_ms : master->not_before_ms;
}

static void question_send(struct line_master *master, struct span bytes, int64_t now_ms)
{
    master->stage = LINE_MASTER_ASKED;
    master->tries++;
    master->has_answer = false;
    master->noise_count = 0;
    master->received_size = 0;
    master->asked_ms = now_ms + bits_ms(master, bytes.size * BITS_PER_BYTE);
    master->heard_ms = master->asked_ms;
    master->house->send(master->house->context, master->line, bytes);
    line_dialog_count(master->house, master->tries > 1 ? LINE_DIALOG_REPEATS : LINE_DIALOG_FRAMES_SENT, 1);
}

/* The core has no room. */
static void question_delay(struct line_master *master, int64_t now_ms)
{
    master->not_before_ms = now_ms + LINE_MASTER_RETRY_MS;
    master->waiting_since_ms = now_ms;
}

/* The line is quiet and the time has come. */
static void question_ask(struct line_master *master, int64_t now_ms)
{
    uint8_t bytes[LINE_MASTER_REQUEST_LIMIT];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    enum line_next next = master->procedure->ask(master, &out, now_ms);

    if (next == LINE_NEXT_LATER)
        question_delay(master, now_ms);
    else if (next == LINE_NEXT_END)
        line_master_end_order(master, (enum line_problem)master->problem);
    else if (out.overflow)
        line_master_end_order(master, LINE_PROBLEM_UNSUPPORTED);
    else
        question_send(master, writer_span(&out), now_ms);
}

/* What this try was worth. A frame's shape that does not add up was damaged on its way; bytes without shape, at any try,
 * were several meters at once, or noise. */
static enum line_problem trouble_of(const struct line_master *master)
{
    uint32_t stray = master->noise_count + master->received_size;

    if (master->trouble == LINE_PROBLEM_ADDRESS)
        return LINE_PROBLEM_ADDRESS;
    if (stray >= master->noise_minimum && master->trouble == LINE_PROBLEM_COLLISION)
        return LINE_PROBLEM_COLLISION;
    if (stray >= master->noise_minimum)
        return line_shape_is_in(span_of_bytes(master->received, master->received_size)) ? LINE_PROBLEM_CHECKSUM
                                                                                        : LINE_PROBLEM_COLLISION;
    return master->trouble != LINE_PROBLEM_NONE ? (enum line_problem)master->trouble : LINE_PROBLEM_NO_ANSWER;
}

/* A question after a prompt answer was spoiled, maybe by a slower meter with the same address: its answer to the one
 * before met this question on the line. Once in an order there is silence before a question and after it, so that two
 * answers can be told apart. */
static void suspect(struct line_master *master)
{
    if (master->is_suspect || !master->is_prompt || master->procedure->repeats == NULL)
        return;
    master->is_suspect = true;
    master->listens = LISTENS;
}

/* Time is up, or what came was no answer. */
static void question_fail(struct line_master *master, int64_t now_ms)
{
    enum line_problem trouble = trouble_of(master);
    bool may_be_silent = master->expectation == DEVICE_EXPECTS_NOTHING ||
                         (master->expectation == DEVICE_MAY_ANSWER && trouble == LINE_PROBLEM_NO_ANSWER);

    if (!may_be_silent && (trouble == LINE_PROBLEM_CHECKSUM || trouble == LINE_PROBLEM_COLLISION))
        line_dialog_count(master->house, LINE_DIALOG_FRAMES_REFUSED, 1);
    if (!may_be_silent)
        suspect(master);
    master->stage = LINE_MASTER_WAITING;
    master->waiting_since_ms = now_ms;
    if (!may_be_silent && master->tries <= master->retries) {
        master->trouble = (uint8_t)trouble;
        return;
    }
    master->tries = 0;
    master->trouble = LINE_PROBLEM_NONE;
    master->procedure->fail(master, may_be_silent ? LINE_PROBLEM_NONE : trouble, now_ms);
}

/* A question was repeated because nobody answered in time: a second answer may be the late first one. */
static bool may_be_late(const struct line_master *master)
{
    return master->tries > 1 && master->trouble != LINE_PROBLEM_COLLISION;
}

/* Two different answers to one question: two meters have the same address. */
static bool has_second_answer(struct line_master *master, size_t size, int64_t now_ms)
{
    struct span first = span_of_bytes(master->received, size);
    struct span rest = span_of_bytes(master->received + size, master->received_size - size);
    size_t skip;
    size_t second_size = rest.size > 0 && !may_be_late(master) ? master->procedure->find(master, rest, &skip) : 0;

    if (second_size == 0)
        return false;
    struct span second = span_of_bytes(rest.bytes + skip, second_size);
    return !span_equal(first, second) && master->procedure->fits(master, first, now_ms) &&
           master->procedure->fits(master, second, now_ms);
}

/* As if their bytes had met. */
static void collision_note(struct line_master *master, int64_t now_ms)
{
    master->noise_count = master->noise_minimum;
    master->received_size = 0;
    question_fail(master, now_ms);
}

static uint64_t hash_of(struct span frame)
{
    static const struct hash_key key; /* strangers gain nothing: a hash is compared with one other */
    return hash_siphash(key, frame);
}

/* A second and different answer to a question that was answered at once comes from another meter with the same address,
 * one that is slower. */
static bool is_of_another(struct line_master *master, struct span frame, int64_t now_ms)
{
    return master->is_prompt && master->procedure->repeats != NULL && hash_of(frame) != master->answer_hash &&
           master->procedure->repeats(master, frame, now_ms);
}

/* Whether such an answer stands anywhere in what came. */
static bool another_is_in(struct line_master *master, struct span bytes, int64_t now_ms)
{
    size_t size, skip;

    while (master->is_prompt && bytes.size > 0 && (size = master->procedure->find(master, bytes, &skip)) > 0) {
        if (is_of_another(master, span_of_bytes(bytes.bytes + skip, size), now_ms))
            return true;
        bytes = span_of_bytes(bytes.bytes + skip + size, bytes.size - skip - size);
    }
    return false;
}

/* What came after an answer, before the next question. */
static void strays_examine(struct line_master *master, int64_t now_ms)
{
    if (another_is_in(master, span_of_bytes(master->received, master->received_size), now_ms))
        line_master_end_order(master, LINE_PROBLEM_COLLISION);
    line_dialog_count(master->house, LINE_DIALOG_BYTES_SKIPPED, master->received_size);
    master->received_size = 0;
}

static enum line_verdict frame_take(struct line_master *master, size_t size, int64_t now_ms)
{
    enum line_verdict verdict = master->procedure->take(master, span_of_bytes(master->received, size), now_ms);

    if (verdict == LINE_VERDICT_ADDRESS)
        master->trouble = LINE_PROBLEM_ADDRESS;
    if (verdict == LINE_VERDICT_DAMAGED)
        master->noise_count += (uint32_t)size;
    if (verdict == LINE_VERDICT_GOOD)
        line_dialog_count(master->house, LINE_DIALOG_FRAMES_RECEIVED, 1);
    else if (verdict == LINE_VERDICT_ADDRESS || verdict == LINE_VERDICT_DAMAGED)
        line_dialog_count(master->house, LINE_DIALOG_FRAMES_REFUSED, 1);
    return verdict;
}

static void answer_remember(struct line_master *master, struct span frame)
{
    if (master->noise_count >= SPOILED_MINIMUM)
        suspect(master);
    master->is_prompt = !may_be_late(master);
    master->answer_hash = hash_of(frame);
}

/* The line has gone quiet behind a whole frame. */
static void answer_examine(struct line_master *master, int64_t now_ms)
{
    size_t size, skip;

    master->has_answer = false;
    if (another_is_in(master, span_of_bytes(master->received, master->received_size), now_ms))
        line_master_end_order(master, LINE_PROBLEM_COLLISION);
    while (master->stage == LINE_MASTER_ASKED &&
           (size = master->procedure->find(master, span_of_bytes(master->received, master->received_size), &skip)) >
               0) {
        noise_count(master, skip);
        received_drop(master, skip);
        if (has_second_answer(master, size, now_ms)) {
            collision_note(master, now_ms);
            return;
        }
        enum line_verdict verdict = frame_take(master, size, now_ms);
        if (verdict == LINE_VERDICT_GOOD)
            answer_remember(master, span_of_bytes(master->received, size));
        received_drop(master, size);
        if (verdict == LINE_VERDICT_UNTAKEN) {
            master->stage = LINE_MASTER_WAITING;
            master->tries--;
            question_delay(master, now_ms);
        } else if (verdict == LINE_VERDICT_GOOD && master->stage == LINE_MASTER_ASKED) {
            question_open(master, now_ms);
            if (master->listens > 0)
                master->not_before_ms = now_ms + LISTEN_MS;
            master->listens = (uint8_t)(master->listens - (master->listens > 0));
        }
    }
}

/* A clock that is set back must not keep a line waiting until it has come so far again: what is due comes as much
 * earlier. */
static void clock_follow(struct line_master *master, int64_t now_ms)
{
    int64_t back_ms = now_ms < master->now_ms ? master->now_ms - now_ms : 0;

    master->now_ms = now_ms;
    master->not_before_ms -= back_ms;
    master->waiting_since_ms -= back_ms;
    master->asked_ms -= back_ms;
    master->heard_ms -= back_ms;
    master->work.confirm_until_ms -= back_ms;
}

/* The buffer is full of something else: its older half cannot become a frame any more. */
static void room_make(struct line_master *master)
{
    if (master->received_size < sizeof master->received)
        return;
    noise_count(master, sizeof master->received / 2);
    received_drop(master, sizeof master->received / 2);
}

static void master_receive(void *state, struct span bytes, int64_t now_ms)
{
    struct line_master *master = state;
    size_t skip;

    clock_follow(master, now_ms);
    master->heard_ms = now_ms > master->heard_ms ? now_ms : master->heard_ms;
    if (master->stage != LINE_MASTER_ASKED && !(master->stage == LINE_MASTER_WAITING && master->is_prompt)) {
        line_dialog_count(master->house, LINE_DIALOG_BYTES_SKIPPED, bytes.size);
        return;
    }
    while (bytes.size > 0) {
        room_make(master);
        size_t room = sizeof master->received - master->received_size;
        size_t size = bytes.size < room ? bytes.size : room;
        memcpy(master->received + master->received_size, bytes.bytes, size);
        master->received_size = (uint16_t)(master->received_size + size);
        bytes = span_of_bytes(bytes.bytes + size, bytes.size - size);
    }
    master->has_answer =
        master->stage == LINE_MASTER_ASKED &&
        master->procedure->find(master, span_of_bytes(master->received, master->received_size), &skip) > 0;
}

/* When the answer, or the wait for it, is over. */
static int64_t answer_due(const struct line_master *master)
{
    int64_t patience = master->asked_ms + master->patience_ms;
    int64_t bytes = master->heard_ms + master->byte_gap_ms;

    if (master->has_answer)
        return master->heard_ms + gap_ms(master);
    return master->heard_ms > master->asked_ms && bytes > patience ? bytes : patience;
}

/* When the next question may be asked. */
static int64_t question_due(const struct line_master *master)
{
    int64_t quiet = master->heard_ms + gap_ms(master);
    return master->not_before_ms > quiet ? master->not_before_ms : quiet;
}

static void order_begin(struct line_master *master, const struct line_order *order, int64_t now_ms)
{
    master->order = *order;
    master->procedure = order->operation == LINE_SEARCH ? &line_search_procedure : &line_order_procedure;
    memset(&master->work, 0, sizeof master->work);
    memset(&master->memory, 0, sizeof master->memory);
    master->problem = LINE_PROBLEM_NONE;
    master->is_prompt = false;
    master->is_suspect = false;
    master->listens = 0;
    master->received_size = 0;
    master->not_before_ms = now_ms;
    question_open(master, now_ms);
    if (order->expires_s != 0 && order->expires_s < now_ms / 1000)
        line_master_end_order(master, LINE_PROBLEM_EXPIRED);
}

/* The first order in the queue that is no search; NULL. */
static const struct line_order *queue_first_short(const struct line_master *master)
{
    return line_order_queue_first_other(&master->queue, master->house->orders, LINE_SEARCH);
}

/* A search takes minutes: everybody who is as urgent goes first, at the next question, also when other searches wait
 * before him. */
static bool goes_first(const struct line_order *order, const struct line_order *search)
{
    return order != NULL && order->priority <= search->priority;
}

static bool search_makes_way(struct line_master *master)
{
    if (master->procedure != &line_search_procedure || master->work.index == 0 ||
        !goes_first(queue_first_short(master), &master->order))
        return false;
    master->paused = master->order;
    master->stage = LINE_MASTER_IDLE;
    return true;
}

static bool search_resumes(struct line_master *master, int64_t now_ms)
{
    if (master->paused.order_id == 0 || goes_first(queue_first_short(master), &master->paused))
        return false;
    master->order = master->paused;
    master->paused.order_id = 0;
    master->procedure = &line_search_procedure;
    memset(&master->work, 0, sizeof master->work);
    master->work.index = 1;
    master->not_before_ms = now_ms;
    question_open(master, now_ms);
    return true;
}

/* returns  false: nothing is to be done */
static bool order_next(struct line_master *master, int64_t now_ms)
{
    const struct line_order *first = line_order_queue_first(&master->queue, master->house->orders);
    const struct line_order *other = queue_first_short(master);
    struct line_order order;

    if (search_resumes(master, now_ms))
        return true;
    if (first == NULL)
        return false;
    if (first->operation == LINE_SEARCH && goes_first(other, first))
        first = other;
    (void)line_order_queue_take(&master->queue, master->house->orders, first->order_id, &order);
    order_begin(master, &order, now_ms);
    cipher_wipe(&order, sizeof order);
    return true;
}

static bool ended_tell(struct line_master *master, const struct line_order *order, enum line_problem problem,
                       int64_t now_ms)
{
    struct uplink uplink = line_order_ended(order, problem, now_ms);

    if (order == &master->order) {
        uplink.answer_code = master->work.answer_code;
        uplink.answer_about = problem == LINE_PROBLEM_PARTIAL ? master->work.about : 0;
        if (problem == LINE_PROBLEM_NONE && master->work.answer != UPLINK_ANSWER_NONE &&
            order->operation == LINE_COMMAND)
            uplink.answer = master->work.answer;
    }
    if (!line_master_offer(master, &uplink))
        return false;
    line_dialog_count(master->house, problem == LINE_PROBLEM_NONE ? LINE_DIALOG_ORDERS_DONE : LINE_DIALOG_ORDERS_FAILED,
                      1);
    return true;
}

/* returns  false: it is not time yet */
static bool waiting_step(struct line_master *master, int64_t now_ms)
{
    bool is_time = now_ms >= question_due(master);

    if (is_time && master->is_prompt)
        strays_examine(master, now_ms);
    if (master->stage == LINE_MASTER_ENDING)
        return true;
    if (!is_time && now_ms - master->waiting_since_ms > LINE_MASTER_NEVER_QUIET_MS)
        line_master_end_order(master, LINE_PROBLEM_NEVER_QUIET);
    else if (is_time && !search_makes_way(master))
        question_ask(master, now_ms);
    return is_time || master->stage == LINE_MASTER_ENDING;
}

/* returns  false: the answer may still come */
static bool asked_step(struct line_master *master, int64_t now_ms)
{
    bool is_time = now_ms >= answer_due(master);

    if (is_time && master->has_answer)
        answer_examine(master, now_ms);
    else if (is_time)
        question_fail(master, now_ms);
    else if (now_ms - master->asked_ms > (int64_t)master->patience_ms + LINE_MASTER_NEVER_QUIET_MS)
        line_master_end_order(master, LINE_PROBLEM_NEVER_QUIET);
    return is_time || master->stage == LINE_MASTER_ENDING;
}

/* returns  false: the core has no room for the end of the order */
static bool ending_step(struct line_master *master, int64_t now_ms)
{
    if (!ended_tell(master, &master->order, (enum line_problem)master->problem, now_ms))
        return false;
    cipher_wipe(&master->order, sizeof master->order);
    master->stage = LINE_MASTER_IDLE;
    return true;
}

/* One thing that can be done now.
 * returns  false: nothing can before the time or the line brings something */
static bool step(struct line_master *master, int64_t now_ms)
{
    switch ((enum line_master_stage)master->stage) {
    case LINE_MASTER_IDLE:
        return order_next(master, now_ms);
    case LINE_MASTER_WAITING:
        return waiting_step(master, now_ms);
    case LINE_MASTER_ASKED:
        return asked_step(master, now_ms);
    case LINE_MASTER_ENDING:
        return ending_step(master, now_ms);
    }
    return false;
}

static int64_t master_tick(void *state, int64_t now_ms)
{
    struct line_master *master = state;

    clock_follow(master, now_ms);
    while (step(master, now_ms))
        ;
    switch ((enum line_master_stage)master->stage) {
    case LINE_MASTER_WAITING:
        return question_due(master);
    case LINE_MASTER_ASKED:
        return answer_due(master);
    case LINE_MASTER_ENDING:
        return now_ms + LINE_MASTER_RETRY_MS;
    case LINE_MASTER_IDLE:
        break;
    }
    return INT64_MAX;
}

static int master_order(void *state, const struct line_order *order, int64_t now_ms)
{
    struct line_master *master = state;
    uint32_t begun = (master->stage != LINE_MASTER_IDLE ? 1u : 0u) + (master->paused.order_id != 0 ? 1u : 0u);

    (void)now_ms;
    if (begun + master->queue.count >= LINE_ORDER_OPEN_LIMIT)
        return -1;
    return line_order_queue_put(&master->queue, master->house->orders, order);
}

/* One that has asked nothing yet would forget the word when it opens. */
static void search_stop(struct line_master *master)
{
    if (master->stage == LINE_MASTER_WAITING && master->paused.order_id == 0 && master->work.index == 0)
        line_master_end_order(master, LINE_PROBLEM_CANCELLED);
    else
        master->search.is_cancelled = true;
}

/* A search under way is long enough to be stopped; others end by themselves. */
static void master_cancel(void *state, uint64_t order_id, int64_t now_ms)
{
    struct line_master *master = state;
    struct line_order order;

    if (order_id == master->paused.order_id ||
        (order_id == master->order.order_id && master->procedure == &line_search_procedure &&
         master->stage != LINE_MASTER_IDLE))
        search_stop(master);
    if (!line_order_queue_take(&master->queue, master->house->orders, order_id, &order))
        return;
    if (!ended_tell(master, &order, LINE_PROBLEM_CANCELLED, now_ms)) {
        order.expires_s = 1; /* long ago: told when its turn comes and the core has room */
        (void)line_order_queue_put(&master->queue, master->house->orders, &order);
    }
    cipher_wipe(&order, sizeof order);
}

/* Nothing that a meter on a bus says waits to be confirmed to it. */
static void master_acknowledge(void *state, const struct uplink_acknowledgement *acknowledgement, int64_t now_ms)
{
    (void)state;
    (void)acknowledgement;
    (void)now_ms;
}

static void master_begin(void *state, const struct line_dialog_house *house, const struct line_record *record,
                         void *line, int64_t now_ms)
{
    struct line_master *master = state;

    memset(master, 0, sizeof *master);
    master->house = house;
    master->line = line;
    master->record = *record;
    master->heard_ms = now_ms;
    master->now_ms = now_ms;
}

static void master_end(void *state, enum line_problem problem, int64_t now_ms)
{
    struct line_master *master = state;
    const struct line_order *first;
    struct line_order order;

    if (master->stage != LINE_MASTER_IDLE)
        (void)ended_tell(master, &master->order,
                         master->stage == LINE_MASTER_ENDING ? (enum line_problem)master->problem : problem, now_ms);
    if (master->paused.order_id != 0)
        (void)ended_tell(master, &master->paused, problem, now_ms);
    while ((first = line_order_queue_first(&master->queue, master->house->orders)) != NULL) {
        (void)line_order_queue_take(&master->queue, master->house->orders, first->order_id, &order);
        (void)ended_tell(master, &order, problem, now_ms);
    }
    cipher_wipe(&order, sizeof order);
    cipher_wipe(master, sizeof *master);
}

const struct line_dialog_kind line_master_kind = {
    .name = "line master",
    .size = sizeof(struct line_master),
    .begin = master_begin,
    .receive = master_receive,
    .order = master_order,
    .cancel = master_cancel,
    .acknowledge = master_acknowledge,
    .tick = master_tick,
    .end = master_end,
};
