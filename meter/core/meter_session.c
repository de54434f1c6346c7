#include "meter/core/meter_internal.h"

#include <string.h>

#define LOCATION_SEGMENTS 2 /* rd, handle */

/* The life of a session
 *
 *            wanted              attached              2.04            told             window over
 *   ASLEEP ---------> SEARCHING ---------> UPDATING ---------> TELLING -----> LISTENING -----------> ASLEEP
 *      ^                |    |  no handle      | 4.04              | 4.04       |    ^ heartbeat 4.04
 *      | third failure  |    +---------> REGISTERING <-------------+------------+    |
 *      +------------- PAUSED <---------------- any failure                    news told
 *                       +--- a minute later ---> SEARCHING
 */
#define TO(state) (1u << METER_SESSION_##state)

static const uint16_t moves[METER_SESSION_STATE_COUNT] = {
    /* radio closed; nothing is received */
    [METER_SESSION_ASLEEP] = TO(SEARCHING),
    /* radio opened, no address yet */
    [METER_SESSION_SEARCHING] = TO(REGISTERING) | TO(UPDATING) | TO(PAUSED) | TO(ASLEEP),
    /* radio closed for a minute after a failure */
    [METER_SESSION_PAUSED] = TO(SEARCHING),
    /* a Register is on its way; no handle */
    [METER_SESSION_REGISTERING] = TO(TELLING) | TO(LISTENING) | TO(PAUSED) | TO(ASLEEP),
    /* an Update is on its way; the handle is believed to be good */
    [METER_SESSION_UPDATING] = TO(REGISTERING) | TO(TELLING) | TO(LISTENING) | TO(PAUSED) | TO(ASLEEP),
    /* a report or an event is on its way */
    [METER_SESSION_TELLING] = TO(REGISTERING) | TO(TELLING) | TO(LISTENING) | TO(PAUSED) | TO(ASLEEP),
    /* reachable; perhaps a heartbeat is on its way */
    [METER_SESSION_LISTENING] = TO(REGISTERING) | TO(TELLING) | TO(PAUSED) | TO(ASLEEP),
};

/* False, and the session is over, when the table knows no such move: asleep is the state that harms nobody. */
static bool move(struct meter *meter, enum meter_session_state state, int64_t deadline_ms)
{
    struct meter_session *session = &meter->session;
    bool known = ((unsigned)moves[session->state] >> state & 1u) != 0;
    if (state == METER_SESSION_ASLEEP || state == METER_SESSION_PAUSED || !known) {
        meter_exchange_end(meter);
        meter->hal->radio_close(meter->hal->context);
    }
    session->state = (uint8_t)(known ? state : METER_SESSION_ASLEEP);
    session->deadline_ms = deadline_ms;
    return known;
}

static void search(struct meter *meter)
{
    if (move(meter, METER_SESSION_SEARCHING, meter->now_ms + meter->config.timers.search_ms))
        meter->hal->radio_open(meter->hal->context);
}

static void session_begin(struct meter *meter)
{
    meter->session.attempt = 0;
    meter->session.heartbeats = 0;
    meter->session.registered_anew = false;
    meter_request_forget(meter);
    meter_alarm_check(meter);
    search(meter);
}

static void session_end(struct meter *meter)
{
    meter->session.wanted = false;
    meter->session.report_due = false;
    (void)move(meter, METER_SESSION_ASLEEP, INT64_MAX);
}

/* Three failures in a row: what we wanted to tell is dropped, the next report carries the state (S3-127, S3-130). A
 * handle that may be the cause is dropped too. */
static void give_up(struct meter *meter, enum meter_incident_kind kind, uint8_t detail)
{
    meter->told.sent = meter_notice_now(meter);
    meter_notice_done(meter);
    meter->session.handle_size = 0;
    meter_incident_note(meter, kind, detail);
    session_end(meter);
}

static void attempt_fail(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    session->attempt++;
    if (session->attempt >= METER_SESSION_TRIES) {
        give_up(meter, METER_INCIDENT_NETWORK, session->state);
        return;
    }
    (void)move(meter, METER_SESSION_PAUSED, meter->now_ms + meter->config.timers.pause_ms);
}

static void enrol(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    bool again = session->handle_size == 0;
    if (again)
        session->frame_full = true;
    if (move(meter, again ? METER_SESSION_REGISTERING : METER_SESSION_UPDATING, INT64_MAX))
        meter_exchange_start(meter, again ? METER_PURPOSE_REGISTER : METER_PURPOSE_UPDATE);
}

static void listen_begin(struct meter *meter)
{
    const struct meter_timers *timers = &meter->config.timers;
    struct meter_session *session = &meter->session;
    if (session->state == METER_SESSION_LISTENING)
        return;
    session->heartbeats = 0;
    session->window_end_ms = meter->now_ms + timers->listen_ms;
    (void)move(meter, METER_SESSION_LISTENING, meter->now_ms + timers->heartbeat_ms);
}

/* What to do on a good link: tell what there is to tell, else listen. */
static void go_on(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    bool news = meter_notice_due_ms(meter) <= meter->now_ms;
    if (!session->report_due && !news) {
        meter->intervals.asked = false;
        if (meter_intervals_untold(&meter->intervals, meter_clock_day(meter)) == 0)
            listen_begin(meter);
        else if (move(meter, METER_SESSION_TELLING, INT64_MAX))
            meter_exchange_start(meter, METER_PURPOSE_INTERVALS);
        return;
    }
    if (move(meter, METER_SESSION_TELLING, INT64_MAX))
        meter_exchange_start(meter, session->report_due ? METER_PURPOSE_REPORT : METER_PURPOSE_EVENT);
}

/* The platform does not know our handle: register once more, but not again and again. */
static void enrol_anew(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    if (session->registered_anew) {
        give_up(meter, METER_INCIDENT_REFUSED, COAP_CODE_NOT_FOUND);
        return;
    }
    session->registered_anew = true;
    session->handle_size = 0;
    enrol(meter);
}

/* 5.xx: the platform is in trouble, try later; 4.xx: it does not want us, which repeating will not change. */
static void refused(struct meter *meter, uint8_t code)
{
    if (COAP_CODE_CLASS(code) == 5)
        attempt_fail(meter);
    else if (code == COAP_CODE_NOT_FOUND)
        enrol_anew(meter);
    else
        give_up(meter, METER_INCIDENT_REFUSED, code);
}

/* Location-Path rd/<handle> of a 2.01 (OMA LwM2M Core 1.1, 6.2.1) */
static bool handle_take(struct meter *meter, const struct coap_message *message)
{
    struct meter_session *session = &meter->session;
    struct span handle;
    if (coap_message_segments(message, COAP_OPTION_LOCATION_PATH) != LOCATION_SEGMENTS ||
        !coap_message_option(message, COAP_OPTION_LOCATION_PATH, 1, &handle) || handle.size == 0 ||
        handle.size > METER_HANDLE_LIMIT)
        return false;
    memcpy(session->handle, handle.bytes, handle.size);
    session->handle_size = (uint8_t)handle.size;
    return true;
}

static void registered(struct meter *meter, const struct coap_message *message)
{
    if (!handle_take(meter, message)) {
        give_up(meter, METER_INCIDENT_REFUSED, message->code);
        return;
    }
    go_on(meter);
}

static void updated(struct meter *meter, const struct coap_message *message)
{
    (void)message;
    go_on(meter);
}

static void reported(struct meter *meter, const struct coap_message *message)
{
    (void)message;
    meter->session.report_due = false;
    meter->session.frame_full = false;
    meter->session.attempt = 0;
    meter_notice_done(meter);
    go_on(meter);
}

static void event_told(struct meter *meter, const struct coap_message *message)
{
    (void)message;
    meter->session.attempt = 0;
    meter_notice_done(meter);
    go_on(meter);
}

static void heartbeat_heard(struct meter *meter, const struct coap_message *message)
{
    (void)meter;
    (void)message;
}

static void intervals_told(struct meter *meter, const struct coap_message *message)
{
    (void)message;
    meter->session.attempt = 0;
    meter_intervals_told(&meter->intervals, meter->intervals.telling_day);
    go_on(meter);
}

/* What a good answer to each of our requests looks like, and what follows. */
static const struct {
    void (*answered)(struct meter *meter, const struct coap_message *message);
    uint8_t code;
} answer_rows[METER_PURPOSE_COUNT] = {
    [METER_PURPOSE_REGISTER] = { registered, COAP_CODE_CREATED },
    [METER_PURPOSE_UPDATE] = { updated, COAP_CODE_CHANGED },
    [METER_PURPOSE_REPORT] = { reported, COAP_CODE_CHANGED },
    [METER_PURPOSE_EVENT] = { event_told, COAP_CODE_CHANGED },
    [METER_PURPOSE_HEARTBEAT] = { heartbeat_heard, COAP_CODE_CHANGED },
    [METER_PURPOSE_INTERVALS] = { intervals_told, COAP_CODE_CHANGED },
};

static void answer_take(struct meter *meter, const struct coap_message *message)
{
    uint8_t purpose = meter->exchange.purpose;
    meter_exchange_end(meter);
    /* A platform that does not want quarters gets its reports all the same. */
    bool unwanted = purpose == METER_PURPOSE_INTERVALS && COAP_CODE_CLASS(message->code) == 4 &&
                    message->code != COAP_CODE_NOT_FOUND;
    if (message->code != answer_rows[purpose].code && !unwanted) {
        refused(meter, message->code);
        return;
    }
    answer_rows[purpose].answered(meter, message);
}

/* A heartbeat that nobody hears is no reason to call again: what there was to tell has been told. */
static void exchange_fail(struct meter *meter)
{
    if (meter->session.state == METER_SESSION_LISTENING)
        session_end(meter);
    else
        attempt_fail(meter);
}

void meter_session_received(struct meter *meter, struct span bytes)
{
    struct coap_message message;
    struct meter_session *session = &meter->session;
    uint8_t type = 0;
    uint16_t message_id = 0;
    if (session->state < METER_SESSION_REGISTERING)
        return;
    if (coap_message_decode(bytes, &message, NULL) < 0) {
        if (coap_message_peek(bytes, &type, &message_id) == 0 && type == COAP_CONFIRMABLE)
            meter_exchange_send_empty(meter, COAP_RESET, message_id);
        return;
    }
    if (coap_code_is_request(message.code)) {
        int64_t until_ms = meter->now_ms + meter->config.timers.command_ms;
        meter_request_receive(meter, &message);
        if (session->window_end_ms < until_ms)
            session->window_end_ms = until_ms;
        return;
    }
    enum meter_exchange_outcome outcome = meter_exchange_receive(meter, &message);
    if (outcome == METER_EXCHANGE_ANSWERED)
        answer_take(meter, &message);
    else if (outcome == METER_EXCHANGE_FAILED)
        exchange_fail(meter);
}

void meter_session_attached(struct meter *meter, bool attached)
{
    if (meter->session.state != METER_SESSION_SEARCHING)
        return;
    if (attached) {
        enrol(meter);
        return;
    }
    meter->hal->radio_forget_frequencies(meter->hal->context);
    attempt_fail(meter);
}

static bool session_is_wanted(const struct meter *meter)
{
    return meter->session.wanted || meter->session.report_due || meter_notice_due_ms(meter) <= meter->now_ms;
}

static void asleep_step(struct meter *meter)
{
    if (session_is_wanted(meter))
        session_begin(meter);
}

static void searching_step(struct meter *meter)
{
    if (meter->now_ms >= meter->session.deadline_ms)
        meter_session_attached(meter, false);
}

static void paused_step(struct meter *meter)
{
    if (meter->now_ms >= meter->session.deadline_ms)
        search(meter);
}

static void waiting_step(struct meter *meter)
{
    if (meter_exchange_step(meter) == METER_EXCHANGE_FAILED)
        exchange_fail(meter);
}

/* Two heartbeats keep the way to us open (S3-093); news go out at once. */
static void listening_step(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    waiting_step(meter);
    if (session->state != METER_SESSION_LISTENING || meter->exchange.purpose != METER_PURPOSE_NONE)
        return;
    if (session->report_due || meter->intervals.asked || meter_notice_due_ms(meter) <= meter->now_ms) {
        go_on(meter);
    } else if (meter->now_ms >= session->window_end_ms) {
        session_end(meter);
    } else if (meter->now_ms >= session->deadline_ms && session->heartbeats < METER_HEARTBEATS) {
        session->heartbeats++;
        session->deadline_ms += meter->config.timers.heartbeat_ms;
        meter_exchange_start(meter, METER_PURPOSE_HEARTBEAT);
    }
}

static void (*const steps[METER_SESSION_STATE_COUNT])(struct meter *meter) = {
    [METER_SESSION_ASLEEP] = asleep_step,       [METER_SESSION_SEARCHING] = searching_step,
    [METER_SESSION_PAUSED] = paused_step,       [METER_SESSION_REGISTERING] = waiting_step,
    [METER_SESSION_UPDATING] = waiting_step,    [METER_SESSION_TELLING] = waiting_step,
    [METER_SESSION_LISTENING] = listening_step,
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t session_due_ms(const struct meter *meter)
{
    const struct meter_session *session = &meter->session;
    int64_t due_ms = session->report_due_ms;
    if (meter->exchange.purpose != METER_PURPOSE_NONE)
        return earlier(due_ms, meter->exchange.due_ms);
    due_ms = earlier(due_ms, session->deadline_ms);
    if (session->state == METER_SESSION_ASLEEP)
        due_ms = earlier(due_ms, meter_notice_due_ms(meter));
    if (session->state == METER_SESSION_LISTENING) {
        due_ms = meter->intervals.asked ? meter->now_ms : earlier(session->report_due_ms, meter_notice_due_ms(meter));
        due_ms = earlier(due_ms, session->window_end_ms);
        if (session->heartbeats < METER_HEARTBEATS)
            due_ms = earlier(due_ms, session->deadline_ms);
    }
    return due_ms;
}

int64_t meter_session_step(struct meter *meter)
{
    struct meter_session *session = &meter->session;
    if (meter->now_ms >= session->report_due_ms) {
        session->report_due = true;
        meter_session_reschedule(meter);
    }
    steps[session->state](meter);
    return session_due_ms(meter);
}

void meter_session_reschedule(struct meter *meter)
{
    meter->session.report_due_ms = meter_clock_report_due_ms(meter);
}

/* First contact soon after power-up, spread so that a street does not call in the same second (S3-126). */
void meter_session_open(struct meter *meter)
{
    uint32_t spread_ms = (uint32_t)meter->config.timers.start_spread_ms;
    meter->session.state = METER_SESSION_ASLEEP;
    meter->session.deadline_ms = INT64_MAX;
    meter->session.report_due_ms = meter->now_ms + meter->hal->random(meter->hal->context) % spread_ms;
}
