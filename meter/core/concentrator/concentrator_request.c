/* Requests of the head-end: who may ask, and which table answers. */
#include <string.h>

#include "base/calendar.h"
#include "codec/q376/q376_data.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define CONFIRMATION_LIMIT 12
#define TIME_TAG_FUTURE_S 300 /* a head-end's clock may be ahead of ours by so much */
#define AUTHENTICATION_REST_S 3600 /* between two ERC20 */
#define GROUP_SIZE 8

/* The units of one order (AFN 01, 04, 05), done one after the other. */
struct order {
    struct concentrator *concentrator;
    struct concentrator_head head;
    struct q376_confirmation confirmations[CONFIRMATION_LIMIT + 1];
    size_t count;
};

/* The units of one question. */
struct question_walk {
    struct answer answer;
    bool is_of_all; /* the points of the unit are all there are */
    bool is_shared; /* one time mark stands for all points and functions of the unit; they are served already */
};

static int order_unit(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    struct order *order = context;

    (void)bytes;
    (void)data;
    bool fits = order->count < CONFIRMATION_LIMIT;
    /* The first that is left undone is denied, or all of the order would pass for done. */
    order->confirmations[order->count].id = id;
    order->confirmations[order->count].error = fits ? 0 : 1;
    order->count++;
    return fits ? 0 : -1;
}

static int order_do(struct concentrator *concentrator, uint8_t afn, unsigned point, unsigned function, struct span data)
{
    switch ((enum q376_afn)afn) {
    case Q376_AFN_RESET:
        return reset_do(concentrator, function);
    case Q376_AFN_SET:
        return parameter_write(concentrator, point, function, data);
    default:
        return control_do(concentrator, point, function, data);
    }
}

static int order_function(void *context, int point, unsigned function, const struct q376_layout *layout,
                          struct span data)
{
    struct order *order = context;
    struct q376_confirmation *confirmation = &order->confirmations[order->count - 1];

    (void)layout;
    if (point < 0 || order_do(order->concentrator, order->head.afn, (unsigned)point, function, data) < 0)
        confirmation->error = 1;
    else if (order->head.afn == Q376_AFN_SET)
        event_parameters_changed(order->concentrator, (uint8_t)(order->head.address.station << 1), confirmation->id);
    return 0;
}

static void order_take(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct order order;
    struct q376_visitor visitor;

    memset(&order, 0, sizeof order);
    memset(&visitor, 0, sizeof visitor);
    order.concentrator = concentrator;
    order.head = head_of(frame);
    visitor.context = &order;
    visitor.unit = order_unit;
    visitor.function = order_function;
    (void)q376_data_walk(frame, &visitor);
    answer_confirm_each(concentrator, &order.head, order.confirmations, order.count);
}

static const struct serving *serving_in(const struct serving *servings, size_t count, uint8_t afn, unsigned function)
{
    for (size_t i = 0; i < count; i++)
        if (servings[i].afn == afn && servings[i].function == function)
            return &servings[i];
    return NULL;
}

const struct serving *serving_find(uint8_t afn, unsigned function)
{
    const struct serving *found = serving_in(servings_terminal, servings_terminal_count, afn, function);

    if (found == NULL)
        found = serving_in(servings_current, servings_current_count, afn, function);
    return found != NULL ? found : serving_in(servings_history, servings_history_count, afn, function);
}

/* Write one point and function; when the frame is full, into the next one. What is not held by this concentrator is
 * left out. */
static void unit_serve(struct answer *answer, const struct serving *serving, const struct request_unit *unit)
{
    struct writer *units = &answer->units;
    size_t before = units->size;
    bool fits = q376_unit_put(unit->point, unit->function, units) == 0;
    bool served = fits && serving->serve(answer->concentrator, unit, units);

    if (units->overflow) {
        units->size = before;
        units->overflow = false;
        if (before == 0)
            return;
        answer_flush(answer);
        unit_serve(answer, serving, unit);
        return;
    }
    if (served)
        answer->served++;
    else
        units->size = before;
}

static void point_serve(struct answer *answer, const struct serving *serving, unsigned point, struct span data)
{
    struct request_unit unit = { point, serving->function, data, meter_of_point(answer->concentrator, point) };

    if (data.size >= serving->size && (unit.meter != NULL) == serving->is_of_point)
        unit_serve(answer, serving, &unit);
}

/* All points, or those named. */
static void points_serve(struct question_walk *walk, const struct serving *serving, int point, struct span data)
{
    if (walk->is_of_all && serving->is_of_point)
        for (unsigned every = 1; every <= Q376_POINT_LIMIT; every++)
            point_serve(&walk->answer, serving, every, data);
    else if (point >= 0)
        point_serve(&walk->answer, serving, (unsigned)point, data);
}

/* Head-ends write the time mark once for each point and function, or once for all of the unit when it is the last one:
 * then too few bytes are left for more. */
static bool mark_is_shared(const struct question_walk *walk, const struct q376_set *points,
                           const struct q376_set *functions, struct span data)
{
    const struct serving *first = serving_find(walk->answer.head.afn, (unsigned)functions->members[0]);
    return first != NULL && first->size > 0 && data.size == first->size && points->count * functions->count > 1;
}

static int question_unit(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    struct question_walk *walk = context;
    struct q376_set points = q376_points_of(id), functions = q376_functions_of(id);

    (void)bytes;
    walk->is_of_all = q376_points_are_all(id);
    walk->is_shared = mark_is_shared(walk, &points, &functions, data);
    for (size_t p = 0; walk->is_shared && p < points.count; p++)
        for (size_t f = 0; f < functions.count; f++) {
            const struct serving *serving = serving_find(walk->answer.head.afn, (unsigned)functions.members[f]);
            if (serving != NULL)
                points_serve(walk, serving, points.members[p], data);
        }
    return 0;
}

static int question_function(void *context, int point, unsigned function, const struct q376_layout *layout,
                             struct span data)
{
    struct question_walk *walk = context;
    struct answer *answer = &walk->answer;
    const struct serving *serving = serving_find(answer->head.afn, function);

    (void)layout;
    if (answer->head.afn == Q376_AFN_EVENT)
        events_serve(answer, function, data);
    else if (answer->head.afn == Q376_AFN_QUERY && function == 10)
        archive_serve(answer, data);
    else if (serving != NULL && !walk->is_shared)
        points_serve(walk, serving, point, data);
    return 0;
}

void request_serve(struct concentrator *concentrator, const struct concentrator_head *head, struct span units)
{
    struct question_walk walk;
    struct q376_visitor visitor;
    struct q376_frame frame;

    memset(&visitor, 0, sizeof visitor);
    memset(&frame, 0, sizeof frame);
    walk.answer = answer_begin(concentrator, head);
    walk.is_of_all = false;
    walk.is_shared = false;
    visitor.context = &walk;
    visitor.unit = question_unit;
    visitor.function = question_function;
    frame.afn = head->afn;
    frame.units = units;
    (void)q376_data_walk(&frame, &visitor);
    answer_end(&walk.answer);
}

static void question_take(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_head head = head_of(frame);

    if (head.address.is_group)
        return;
    if (!job_refresh(concentrator, &head, frame->units))
        request_serve(concentrator, &head, frame->units);
}

static void forward_take(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_head head = head_of(frame);

    if (!head.address.is_group && job_forward(concentrator, frame) < 0)
        answer_confirm(concentrator, &head, true);
}

static void deny(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_head head = head_of(frame);
    answer_confirm(concentrator, &head, true);
}

/* What is done with an AFN; others are answered with nothing. */
static const struct {
    uint8_t afn;
    bool wants_password;
    void (*take)(struct concentrator *concentrator, const struct q376_frame *frame);
} applications[] = {
    { Q376_AFN_RESET, true, order_take },
    { Q376_AFN_RELAY_STATION, false, deny },
    { Q376_AFN_SET, true, order_take },
    { Q376_AFN_CONTROL, true, order_take },
    { Q376_AFN_AUTHENTICATION, false, deny },
    { Q376_AFN_CASCADE, false, deny },
    { Q376_AFN_CONFIGURATION, false, question_take },
    { Q376_AFN_QUERY, false, question_take },
    { Q376_AFN_TASK, false, deny },
    { Q376_AFN_CURRENT, false, question_take },
    { Q376_AFN_HISTORY, false, question_take },
    { Q376_AFN_EVENT, false, question_take },
    { Q376_AFN_FILE, true, deny },
    { Q376_AFN_FORWARD, true, forward_take },
};

/* Ours, or for all. Group addresses (AFN 04 F6) are not kept. */
static bool is_addressed(const struct concentrator *concentrator, const struct q376_address *address)
{
    const struct q376_address *own = &concentrator->config.address;

    if (address->is_group)
        return address->terminal == Q376_TERMINAL_BROADCAST;
    return memcmp(address->region, own->region, sizeof own->region) == 0 && address->terminal == own->terminal;
}

/* When a frame was sent: of the three months around now the one that brings it nearest, as the tag has none.
 * returns  0 when it is no time in any of them */
static int64_t sent_find(const struct concentrator *concentrator, const uint8_t *sent_at, int64_t now_s)
{
    int64_t nearest_s = 0, nearest_apart_s = INT64_MAX;

    for (int32_t months = -1; months <= 1; months++) {
        uint8_t bytes[6];
        struct writer time = writer_of_buffer(bytes, sizeof bytes);
        writer_put_bytes(&time, sent_at, 4);
        clock_put_month((int32_t)calendar_month_start_after(clock_day(concentrator, now_s), months), &time);
        int64_t sent_s = clock_take_second(concentrator, bytes);
        int64_t apart_s = sent_s > now_s ? sent_s - now_s : now_s - sent_s;
        if (sent_s == 0 || apart_s >= nearest_apart_s)
            continue;
        nearest_s = sent_s;
        nearest_apart_s = apart_s;
    }
    return nearest_s;
}

/* Older than its sender permits. Without a clock of our own nothing can be said. */
static bool is_stale(const struct concentrator *concentrator, const struct q376_frame *frame)
{
    int64_t now_s = clock_now_s(concentrator);

    if (!frame->has_time_tag || frame->time_tag.delay_min == 0 || now_s == 0)
        return false;
    int64_t sent_s = sent_find(concentrator, frame->time_tag.sent_at, now_s);
    return sent_s > now_s + TIME_TAG_FUTURE_S || now_s - sent_s > frame->time_tag.delay_min * 60;
}

/* All of PW, in constant time: what a shorter one leaves out has to be zeros of ours, or two bytes would do for
 * sixteen. So a frame without PW is taken only where the password is all zeros. */
static bool password_fits(const struct concentrator *concentrator, const struct q376_frame *frame)
{
    size_t size = frame->password.size;
    unsigned difference = 0;

    if (size > CONCENTRATOR_PASSWORD_SIZE)
        return false;
    for (size_t i = 0; i < CONCENTRATOR_PASSWORD_SIZE; i++)
        difference |= (unsigned)((i < size ? frame->password.bytes[i] : 0) ^ concentrator->config.password[i]);
    return difference == 0;
}

/* Whoever can send frames can send wrong ones for ever: flash and the other records of the ring must last all the same. */
static void authentication_note(struct concentrator *concentrator, uint8_t station)
{
    uint8_t bytes[CONCENTRATOR_PASSWORD_SIZE + 1];
    struct writer content = writer_of_buffer(bytes, sizeof bytes);

    if (steady_s(concentrator) < concentrator->authentication_rest_until_s)
        return;
    concentrator->authentication_rest_until_s = steady_s(concentrator) + AUTHENTICATION_REST_S;
    /* The record has a place for the PW that was given. Rings are read by whoever may read: it is left empty. */
    missing_put(CONCENTRATOR_PASSWORD_SIZE, &content);
    writer_put_u8(&content, (uint8_t)(station << 1));
    event_note(concentrator, EVENT_AUTHENTICATION, writer_span(&content));
}

static void password_wrong(struct concentrator *concentrator, const struct q376_frame *frame)
{
    authentication_note(concentrator, frame->address.station);
    deny(concentrator, frame);
}

/* The head-end did not hear our confirmation and says the same again: it hears the same again, and nothing is done
 * twice. Only frames with a valid FCB tell that. */
static bool is_repetition(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_link *link = &concentrator->link;
    bool fcb = (frame->control & Q376_CONTROL_FCB) != 0, counts = (frame->control & Q376_CONTROL_FCV) != 0;
    bool is_same = counts && link->has_fcb && link->fcb == fcb && link->last_afn == frame->afn &&
                   link->last_sequence == (frame->sequence & Q376_SEQUENCE_NUMBER);

    if (counts) {
        link->has_fcb = true;
        link->fcb = fcb;
    }
    link->last_afn = frame->afn;
    link->last_sequence = frame->sequence & Q376_SEQUENCE_NUMBER;
    return is_same;
}

static bool is_order(uint8_t afn)
{
    return afn == Q376_AFN_RESET || afn == Q376_AFN_SET || afn == Q376_AFN_CONTROL;
}

static void confirmation_repeat(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct q376_frame answer;

    memset(&answer, 0, sizeof answer);
    answer.protocol = frame->protocol;
    answer.control = Q376_CONTROL_UPLINK;
    answer.address = frame->address;
    answer.sequence = (uint8_t)(Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | (frame->sequence & Q376_SEQUENCE_NUMBER));
    answer.units = span_of_bytes(concentrator->link.last_answer, concentrator->link.last_size);
    link_send(concentrator, &answer);
}

static void application_take(struct concentrator *concentrator, const struct q376_frame *frame)
{
    bool repeats = is_repetition(concentrator, frame);

    for (size_t i = 0; i < sizeof applications / sizeof applications[0]; i++) {
        if (applications[i].afn != frame->afn)
            continue;
        if (applications[i].wants_password && !password_fits(concentrator, frame))
            password_wrong(concentrator, frame);
        else if (repeats && is_order(frame->afn) && concentrator->link.last_size > 0)
            confirmation_repeat(concentrator, frame);
        else
            applications[i].take(concentrator, frame);
        return;
    }
    concentrator->counts.strange++;
}

void request_take(struct concentrator *concentrator, const struct q376_frame *frame)
{
    if (q376_frame_is_uplink(frame) || !is_addressed(concentrator, &frame->address)) {
        concentrator->counts.strange++;
        return;
    }
    if (frame->afn == Q376_AFN_CONFIRM) {
        link_confirmed(concentrator, frame);
        return;
    }
    link_heard(concentrator);
    if (is_stale(concentrator, frame)) {
        concentrator->counts.stale++;
        return;
    }
    concentrator->counts.requests++;
    application_take(concentrator, frame);
}
