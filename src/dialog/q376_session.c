/* The door: bytes in, orders in, the time in; what is done next. */
#include <string.h>

#include "dialog/q376_session_internal.h"

#define OPERATION_CANCELLED 0 /* of an order in the queue whose end the core could not take */

#define OUR_STATION 1 /* MSA: what the head-end starts has one of 1 to 127, what a terminal starts has 0 */

_Static_assert(sizeof(struct q376_session) <= Q376_SESSION_SIZE_LIMIT, "the bound per connection");

/* By operation: of the line itself, of points at the concentrator, of the meters behind it. NULL: nobody can. */
static const struct {
    const struct q376_procedure *line;
    const struct q376_procedure *point;
    const struct q376_procedure *forward;
} procedures[LINE_SEARCH + 1] = {
    [LINE_READ_CURRENT] = { &q376_clock_procedure, &q376_points_procedure, &q376_forward_procedure },
    [LINE_READ_DAILY] = { NULL, &q376_points_procedure, &q376_forward_procedure },
    [LINE_READ_MONTHLY] = { NULL, &q376_points_procedure, &q376_forward_procedure },
    [LINE_READ_CURVE] = { NULL, &q376_curve_procedure, &q376_forward_procedure },
    [LINE_COMMAND] = { &q376_clock_procedure, &q376_forward_procedure, &q376_forward_procedure },
    [LINE_FREEZE] = { &q376_forward_procedure, &q376_forward_procedure, &q376_forward_procedure },
    [LINE_CLOCK_READ] = { &q376_clock_procedure, &q376_forward_procedure, &q376_forward_procedure },
    [LINE_CLOCK_SET] = { &q376_clock_procedure, &q376_forward_procedure, &q376_forward_procedure },
    [LINE_ARCHIVE_READ] = { &q376_archive_read_procedure, &q376_archive_read_procedure, NULL },
    [LINE_ARCHIVE_WRITE] = { &q376_archive_write_procedure, &q376_archive_write_procedure, NULL },
    [LINE_SCHEDULE_WRITE] = { &q376_schedule_procedure, &q376_schedule_procedure, NULL },
    [LINE_EVENTS_READ] = { &q376_events_procedure, &q376_events_procedure, NULL },
};

static const struct q376_procedure *procedure_of(const struct line_order *order)
{
    if (order->operation > LINE_SEARCH)
        return NULL;
    if (order->device_id == order->line_id)
        return procedures[order->operation].line;
    return order->route == LINE_ROUTE_FORWARD ? procedures[order->operation].forward
           : order->route == LINE_ROUTE_POINT ? procedures[order->operation].point
                                              : NULL;
}

void q376_order_end(struct q376_session *session, enum line_problem problem)
{
    session->stage = Q376_STAGE_ENDING;
    session->problem = (uint8_t)problem;
}

/* Its points as a set, also when it is one. */
static void points_prepare(struct line_order *order)
{
    bool is_read = order->operation >= LINE_READ_CURRENT && order->operation <= LINE_READ_CURVE;

    if (!is_read || order->device_id == 0)
        return;
    memset(order->body.points, 0, sizeof order->body.points);
    if (order->measurement_point <= Q376_POINT_LIMIT)
        q376_point_put(order->body.points, order->measurement_point, true);
}

/* An order whose turn it is. */
static void order_start(struct q376_session *session, int64_t now_ms)
{
    struct line_order *order = &session->order;

    memset(&session->work, 0, sizeof session->work);
    memset(&session->memory, 0, sizeof session->memory);
    session->stage = Q376_STAGE_READY;
    session->problem = LINE_PROBLEM_NONE;
    session->procedure = procedure_of(order);
    if (order->operation == OPERATION_CANCELLED)
        q376_order_end(session, LINE_PROBLEM_CANCELLED);
    else if (order->expires_s != 0 && order->expires_s < now_ms / 1000)
        q376_order_end(session, LINE_PROBLEM_EXPIRED);
    else if (session->procedure == NULL || !session->has_address)
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
    else
        points_prepare(order);
}

/* Events that the terminal announced: an order that nobody gave. */
static void events_start(struct q376_session *session)
{
    memset(&session->order, 0, sizeof session->order);
    memset(&session->work, 0, sizeof session->work);
    session->had_events = true;
    session->order.line_id = session->record.line_id;
    session->order.device_id = session->record.line_id;
    session->order.operation = LINE_EVENTS_READ;
    session->procedure = &q376_events_procedure;
    session->stage = Q376_STAGE_READY;
    session->problem = LINE_PROBLEM_NONE;
}

/* returns  false: nothing is to be done */
static bool order_next(struct q376_session *session, int64_t now_ms)
{
    const struct line_order *first = line_order_queue_first(&session->queue, session->house->orders);

    if (q376_events_are_wanted(session) && (first == NULL || !session->had_events)) {
        events_start(session);
        return true;
    }
    if (first == NULL)
        return false;
    (void)line_order_queue_take(&session->queue, session->house->orders, first->order_id, &session->order);
    order_start(session, now_ms);
    return true;
}

/* A more urgent order, or events, do not wait for all of an order that can be divided: what is left of it goes back to
 * the queue, where there is room for it, since the conversation never holds more than LINE_ORDER_OPEN_LIMIT. */
static bool order_makes_way(struct q376_session *session)
{
    const struct line_order *first = line_order_queue_first(&session->queue, session->house->orders);
    bool is_more_urgent = first != NULL && first->priority < session->order.priority;
    bool has_events = q376_events_are_wanted(session) && !session->had_events;

    if (!session->procedure->is_divisible || session->work.is_amid || (!is_more_urgent && !has_events))
        return false;
    session->order.expires_s = 0; /* it has begun */
    return line_order_queue_put(&session->queue, session->house->orders, &session->order) == 0;
}

static void order_step(struct q376_session *session, int64_t now_ms)
{
    uint8_t bytes[Q376_SESSION_REQUEST_LIMIT];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    if (order_makes_way(session)) {
        session->stage = Q376_STAGE_IDLE;
        return;
    }
    uint8_t afn = session->procedure->ask(session, &units, now_ms);
    if (session->stage == Q376_STAGE_ENDING)
        return;
    if (afn == 0)
        q376_order_end(session, (enum line_problem)session->problem);
    else if (units.overflow || !q376_exchange_begin(session, afn, writer_span(&units), now_ms))
        q376_order_end(session, LINE_PROBLEM_UNSUPPORTED);
}

static bool ended_offer(struct q376_session *session, int64_t now_ms)
{
    struct line_order *order = &session->order;
    enum line_problem problem = (enum line_problem)session->problem;
    struct uplink uplink = line_order_ended(order, problem, now_ms);

    if (order->order_id == 0)
        return true;
    if (problem != LINE_PROBLEM_NONE || session->work.answer != UPLINK_ANSWER_NONE)
        uplink.answer_code = session->work.answer_code;
    uplink.answer_about = problem == LINE_PROBLEM_PARTIAL ? session->work.about : 0;
    if (problem == LINE_PROBLEM_NONE && session->work.answer != UPLINK_ANSWER_NONE)
        uplink.answer = session->work.answer;
    if (session->passed == 0)
        q376_uplink_frame_put(session, &uplink);
    if (!session->house->offer(session->house->context, &uplink))
        return false;
    line_dialog_count(session->house,
                      problem == LINE_PROBLEM_NONE ? LINE_DIALOG_ORDERS_DONE : LINE_DIALOG_ORDERS_FAILED, 1);
    return true;
}

/* A terminal that denies what came with a wrong PW says no more than "denied", and notes an important event (ERC20):
 * events that a denial announces are fetched before the order ends. */
static bool denial_explain(struct q376_session *session)
{
    uint8_t afn = session->asking.afn;
    bool has_password = afn == Q376_AFN_SET || afn == Q376_AFN_CONTROL || afn == Q376_AFN_FORWARD;

    if (session->explains) {
        session->problem = session->is_unauthorised ? LINE_PROBLEM_PASSWORD : LINE_PROBLEM_DENIED;
        return false;
    }
    if (session->problem != LINE_PROBLEM_DENIED || !has_password || !q376_events_are_wanted(session))
        return false;
    memset(&session->work, 0, sizeof session->work);
    session->explains = true;
    session->is_unauthorised = false;
    session->procedure = &q376_events_procedure;
    session->stage = Q376_STAGE_READY;
    return true;
}

void q376_session_advance(struct q376_session *session, int64_t now_ms)
{
    while (session->stage != Q376_STAGE_ASKED) {
        if (session->stage == Q376_STAGE_ENDING && !denial_explain(session)) {
            if (!ended_offer(session, now_ms))
                return;
            cipher_wipe(&session->order, sizeof session->order);
            session->frame = span_of_bytes(NULL, 0); /* it ended this order, no other */
            session->explains = false;
            session->stage = Q376_STAGE_IDLE;
        }
        if (session->stage == Q376_STAGE_IDLE && !order_next(session, now_ms))
            return;
        if (session->stage == Q376_STAGE_READY)
            order_step(session, now_ms);
    }
}

/* A clock that is set back must not keep an exchange or a report waiting until it has come so far again. */
static void clock_follow(struct q376_session *session, int64_t now_ms)
{
    int64_t back_ms = now_ms < session->now_ms ? session->now_ms - now_ms : 0;

    session->now_ms = now_ms;
    session->asking.due_ms -= back_ms;
    for (size_t i = 0; i < Q376_SESSION_REPORT_LIMIT; i++)
        session->reports[i].until_ms -= back_ms;
}

static bool is_ours(const struct q376_session *session, const struct q376_frame *frame)
{
    return session->has_address && q376_frame_is_uplink(frame) &&
           memcmp(frame->address.region, session->address.region, sizeof frame->address.region) == 0 &&
           frame->address.terminal == session->address.terminal;
}

/* Some word of the terminal that is no login: it is there all the same. */
static bool first_word_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    struct uplink uplink = q376_presence_begin(session, UPLINK_PRESENCE_CONTACT, now_ms);

    if (session->was_heard || frame->afn == Q376_AFN_LINK)
        return true;
    return q376_uplink_offer(session, &uplink);
}

/* returns  false: the core takes no more, the frame is to come again */
static bool frame_take(struct q376_session *session, struct span bytes, int64_t now_ms)
{
    struct q376_frame frame;
    bool is_taken;

    if (q376_frame_decode(bytes, &frame, NULL) != 0 || !is_ours(session, &frame)) {
        line_dialog_count(session->house, LINE_DIALOG_FRAMES_REFUSED, 1);
        return true;
    }
    session->frame = bytes;
    session->passed = 0;
    session->protocol = frame.protocol;
    q376_events_note(session, &frame);
    if (!first_word_take(session, &frame, now_ms))
        return false;
    bool is_answer = frame.afn != Q376_AFN_LINK && (frame.control & Q376_CONTROL_PRIMARY) == 0;
    if (is_answer)
        is_taken = q376_exchange_answer(session, &frame, now_ms);
    else
        is_taken = frame.afn == Q376_AFN_LINK ? q376_link_take(session, &frame, now_ms)
                                              : q376_report_take(session, &frame, now_ms);
    if (!is_taken)
        return false;
    session->was_heard = true;
    line_dialog_count(session->house, LINE_DIALOG_FRAMES_RECEIVED, 1);
    if (!is_answer) /* no order ends by it */
        session->frame = span_of_bytes(NULL, 0);
    q376_session_advance(session, now_ms);
    return true;
}

static void front_drop(struct q376_session *session, size_t size)
{
    memmove(session->received, session->received + size, session->received_size - size);
    session->received_size = (uint16_t)(session->received_size - size);
}

/* All frames that are there.
 * returns  false: the one at the front waits for the core */
static bool frames_take(struct q376_session *session, int64_t now_ms)
{
    size_t size, skip;

    do {
        size = q376_frame_find(span_of_bytes(session->received, session->received_size), &skip);
        line_dialog_count(session->house, LINE_DIALOG_BYTES_SKIPPED, skip);
        front_drop(session, skip);
        bool is_taken = size == 0 || frame_take(session, span_of_bytes(session->received, size), now_ms);
        session->frame = span_of_bytes(NULL, 0);
        session->reporting = 0;
        if (!is_taken)
            return false;
        front_drop(session, size);
        session->told = session->passed = 0;
    } while (size > 0);
    return true;
}

/* Whether a frame that this buffer can hold may begin at `at`. */
static bool beginning_fits(const struct q376_session *session, size_t at)
{
    const uint8_t *bytes = session->received + at;
    size_t left = session->received_size - at;

    if (bytes[0] == Q376_WAKE_UP)
        return at > 0;
    return bytes[0] == Q376_START &&
           (left < Q376_AT_LENGTH_AGAIN ||
            (size_t)((bytes[Q376_AT_LENGTH] | bytes[Q376_AT_LENGTH + 1] << 8) >> 2) + Q376_SHELL_SIZE <=
                Q376_SESSION_RECEIVE_LIMIT);
}

/* The buffer is full and what its front claims to be does not fit: look for the next beginning. */
static void front_give_up(struct q376_session *session)
{
    size_t skip = 1;

    while (skip < session->received_size && !beginning_fits(session, skip))
        skip++;
    line_dialog_count(session->house, LINE_DIALOG_BYTES_SKIPPED, skip);
    front_drop(session, skip);
}

static void session_receive(void *state, struct span bytes, int64_t now_ms)
{
    struct q376_session *session = state;

    clock_follow(session, now_ms);
    while (bytes.size > 0) {
        size_t room = sizeof session->received - session->received_size;
        size_t size = bytes.size < room ? bytes.size : room;
        memcpy(session->received + session->received_size, bytes.bytes, size);
        session->received_size = (uint16_t)(session->received_size + size);
        bytes = span_of_bytes(bytes.bytes + size, bytes.size - size);
        bool flows = frames_take(session, now_ms);
        if (session->received_size < sizeof session->received)
            continue;
        if (!flows) { /* the core is full and so are we: the terminal repeats */
            line_dialog_count(session->house, LINE_DIALOG_BYTES_SKIPPED, bytes.size);
            return;
        }
        front_give_up(session);
    }
    q376_session_advance(session, now_ms);
}

static int session_order(void *state, const struct line_order *order, int64_t now_ms)
{
    struct q376_session *session = state;
    bool has_one = session->stage != Q376_STAGE_IDLE && session->order.order_id != 0;

    clock_follow(session, now_ms);
    if (session->queue.count + has_one >= LINE_ORDER_OPEN_LIMIT ||
        line_order_queue_put(&session->queue, session->house->orders, order) != 0)
        return -1;
    q376_session_advance(session, now_ms);
    return 0;
}

static bool waiting_end(struct q376_session *session, const struct line_order *order, enum line_problem problem,
                        int64_t now_ms)
{
    struct uplink uplink = line_order_ended(order, problem, now_ms);

    if (!session->house->offer(session->house->context, &uplink))
        return false;
    line_dialog_count(session->house, LINE_DIALOG_ORDERS_FAILED, 1);
    return true;
}

static void session_cancel(void *state, uint64_t order_id, int64_t now_ms)
{
    struct q376_session *session = state;
    struct line_order order;

    if (!line_order_queue_take(&session->queue, session->house->orders, order_id, &order))
        return;
    if (!waiting_end(session, &order, LINE_PROBLEM_CANCELLED, now_ms)) {
        order.priority = LINE_PRIORITY_SAFETY;
        order.operation = OPERATION_CANCELLED; /* ended when the core takes it; its place in the pool was its own */
        (void)line_order_queue_put(&session->queue, session->house->orders, &order);
    }
    cipher_wipe(&order, sizeof order);
}

static void session_acknowledge(void *state, const struct uplink_acknowledgement *acknowledgement, int64_t now_ms)
{
    struct q376_session *session = state;

    clock_follow(session, now_ms);
    q376_report_acknowledge(session, acknowledgement);
    if (frames_take(session, now_ms))
        q376_session_advance(session, now_ms);
}

static int64_t session_tick(void *state, int64_t now_ms)
{
    struct q376_session *session = state;
    int64_t next_ms = INT64_MAX;

    clock_follow(session, now_ms);
    q376_report_tick(session, now_ms);
    if (!frames_take(session, now_ms))
        return now_ms + Q376_SESSION_RETRY_MS; /* an answer may be among what waits: nothing is late meanwhile */
    q376_exchange_tick(session, now_ms);
    q376_session_advance(session, now_ms);
    if (session->stage == Q376_STAGE_ASKED)
        next_ms = session->asking.due_ms > now_ms ? session->asking.due_ms : now_ms + Q376_SESSION_RETRY_MS;
    if (session->stage == Q376_STAGE_ENDING)
        next_ms = now_ms + Q376_SESSION_RETRY_MS;
    for (size_t i = 0; i < Q376_SESSION_REPORT_LIMIT; i++)
        if (session->reports[i].state == Q376_REPORT_WAITING && session->reports[i].until_ms < next_ms)
            next_ms = session->reports[i].until_ms;
    return next_ms;
}

static void session_end(void *state, enum line_problem problem, int64_t now_ms)
{
    struct q376_session *session = state;
    struct line_order order;

    if (session->stage != Q376_STAGE_IDLE) {
        if (session->stage != Q376_STAGE_ENDING)
            q376_order_end(session, problem);
        (void)ended_offer(session, now_ms);
    }
    for (const struct line_order *first;
         (first = line_order_queue_first(&session->queue, session->house->orders)) != NULL;) {
        (void)line_order_queue_take(&session->queue, session->house->orders, first->order_id, &order);
        (void)waiting_end(session, &order, problem, now_ms);
    }
    cipher_wipe(&order, sizeof order);
    cipher_wipe(session, sizeof *session);
}

static bool address_read(const char *text, struct q376_address *out)
{
    struct span digits = span_of_text(text);

    return q376_address_read(digits, Q376_ADDRESS_DECIMAL, out) == 0 ||
           q376_address_read(digits, Q376_ADDRESS_HEXADECIMAL, out) == 0;
}

static void session_begin(void *state, const struct line_dialog_house *house, const struct line_record *record,
                          void *line, int64_t now_ms)
{
    struct q376_session *session = state;

    memset(session, 0, sizeof *session);
    session->now_ms = now_ms;
    session->house = house;
    session->line = line;
    session->record = *record;
    session->has_address = address_read(record->address, &session->address);
    session->address.station = OUR_STATION;
    session->protocol = Q376_PROTOCOL_376;
    session->batch_limit = Q376_SESSION_ASKED_LIMIT;
}

const struct line_dialog_kind q376_session_kind = {
    .name = "q376",
    .size = sizeof(struct q376_session),
    .begin = session_begin,
    .receive = session_receive,
    .order = session_order,
    .cancel = session_cancel,
    .acknowledge = session_acknowledge,
    .tick = session_tick,
    .end = session_end,
};
