/* What the terminal says by itself: login, logout, heartbeat, and the data of its own tasks.
 *
 * A report is confirmed when the core has stored every message made of it: "confirmed" means durable. The terminal
 * repeats what is not confirmed; a repetition is told by number and content. */
#include <string.h>

#include "base/hash.h"
#include "codec/q376/q376_request.h"
#include "dialog/q376_session_internal.h"

/* Only tells one content from another; nothing is decided by it for anybody else. */
static const struct hash_key content_key = { 0x7133373672657074, 0x636f6e74656e7431 };

static void confirm_send(struct q376_session *session, const struct q376_frame *frame)
{
    uint8_t bytes[64];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);

    if (q376_confirm_encode(frame, false, &out) < 0)
        return;
    line_dialog_count(session->house, LINE_DIALOG_FRAMES_SENT, 1);
    session->house->send(session->house->context, session->line, writer_span(&out));
}

/* That a terminal is there is worth nothing a minute later: it is confirmed whether the core takes it or not. */
bool q376_link_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    static const uint8_t presences[] = { [Q376_LINK_NONE] = UPLINK_PRESENCE_CONTACT,
                                         [Q376_LINK_LOGIN] = UPLINK_PRESENCE_LOGIN,
                                         [Q376_LINK_LOGOUT] = UPLINK_PRESENCE_LOGOUT,
                                         [Q376_LINK_HEARTBEAT] = UPLINK_PRESENCE_CONTACT };
    enum q376_link link = q376_link_of(frame);
    struct uplink uplink = q376_presence_begin(session, (enum uplink_presence)presences[link], now_ms);

    q376_uplink_frame_put(session, &uplink);
    (void)session->house->offer(session->house->context, &uplink);
    if (link != Q376_LINK_NONE)
        confirm_send(session, frame);
    return true;
}

static uint64_t report_hash(const struct q376_frame *frame)
{
    return hash_siphash(content_key, frame->units) ^ (uint64_t)frame->afn << 56 ^
           (uint64_t)(frame->sequence & Q376_SEQUENCE_NUMBER) << 48;
}

static struct q376_report *report_find(struct q376_session *session, uint64_t hash)
{
    for (size_t i = 0; i < Q376_SESSION_REPORT_LIMIT; i++)
        if (session->reports[i].state != Q376_REPORT_FREE && session->reports[i].hash == hash)
            return &session->reports[i];
    return NULL;
}

/* A free place, else that of the report confirmed longest ago; NULL when all wait. */
static struct q376_report *report_place(struct q376_session *session)
{
    struct q376_report *oldest = NULL;

    for (size_t i = 0; i < Q376_SESSION_REPORT_LIMIT; i++) {
        struct q376_report *report = &session->reports[i];
        if (report->state == Q376_REPORT_FREE)
            return report;
        if (report->state == Q376_REPORT_CONFIRMED && (oldest == NULL || report->until_ms < oldest->until_ms))
            oldest = report;
    }
    return oldest;
}

static struct q376_report *report_begin(struct q376_session *session, const struct q376_frame *frame, uint64_t hash)
{
    struct q376_report *report = report_place(session);

    if (report == NULL)
        return NULL;
    memset(report, 0, sizeof *report);
    report->hash = hash;
    report->address = frame->address;
    report->protocol = frame->protocol;
    report->afn = frame->afn;
    report->sequence = frame->sequence;
    report->state = Q376_REPORT_TELLING;
    return report;
}

/* All of it is stored, or refused: the terminal is told, or left to repeat. */
static void report_settle(struct q376_session *session, struct q376_report *report)
{
    struct q376_frame frame;

    if (report->state != Q376_REPORT_WAITING || report->outstanding > 0)
        return;
    report->state = report->is_refused ? Q376_REPORT_FREE : Q376_REPORT_CONFIRMED;
    if (report->is_refused || (report->sequence & Q376_SEQUENCE_CONFIRM) == 0)
        return;
    memset(&frame, 0, sizeof frame);
    frame.protocol = report->protocol;
    frame.control = Q376_CONTROL_UPLINK;
    frame.address = report->address;
    frame.afn = report->afn;
    frame.sequence = report->sequence;
    confirm_send(session, &frame);
}

bool q376_report_has_room(const struct q376_session *session)
{
    for (size_t i = 0; i < Q376_SESSION_WAITING_LIMIT; i++)
        if (session->waiting.message_ids[i] == 0)
            return true;
    return false;
}

void q376_report_wait(struct q376_session *session, uint64_t message_id)
{
    for (size_t i = 0; i < Q376_SESSION_WAITING_LIMIT; i++)
        if (session->waiting.message_ids[i] == 0) {
            session->waiting.message_ids[i] = message_id;
            session->waiting.reports[i] = (uint8_t)(session->reporting - 1);
            session->reports[session->reporting - 1].outstanding++;
            return;
        }
}

/* What no table knows is kept as its bytes. */
static bool bytes_tell(struct q376_session *session, int64_t now_ms)
{
    struct uplink uplink = q376_presence_begin(session, UPLINK_PRESENCE_CONTACT, now_ms);

    q376_uplink_frame_put(session, &uplink);
    return q376_uplink_offer(session, &uplink);
}

static bool data_tell(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    static const struct q376_reading_wish any = { .kind = DEVICE_KIND_ELECTRICITY };
    struct q376_reading_found found;
    uint16_t before = session->passed;
    bool is_told = frame->afn == Q376_AFN_EVENT ? q376_events_tell(session, frame, now_ms)
                                                : q376_readings_tell(session, frame, &any, &found, now_ms);

    return is_told && (session->passed > before || bytes_tell(session, now_ms));
}

static bool is_report(const struct q376_frame *frame)
{
    return frame->afn == Q376_AFN_CURRENT || frame->afn == Q376_AFN_HISTORY || frame->afn == Q376_AFN_EVENT;
}

bool q376_report_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    uint64_t hash = report_hash(frame);
    struct q376_report *report = report_find(session, hash);

    if (!is_report(frame)) {
        line_dialog_count(session->house, LINE_DIALOG_FRAMES_REFUSED, 1);
        return true;
    }
    if (report != NULL && report->state != Q376_REPORT_TELLING) {
        if (report->state == Q376_REPORT_CONFIRMED) {
            report->state = Q376_REPORT_WAITING; /* nothing is outstanding: confirmed again */
            report_settle(session, report);
        }
        return true;
    }
    if (report == NULL)
        report = report_begin(session, frame, hash);
    if (report == NULL)
        return false;
    session->reporting = (uint8_t)(report - session->reports + 1);
    bool is_told = data_tell(session, frame, now_ms);
    session->reporting = 0;
    if (!is_told)
        return false;
    report->state = Q376_REPORT_WAITING;
    report->until_ms = now_ms + Q376_SESSION_REPORT_MS;
    report_settle(session, report);
    return true;
}

void q376_report_acknowledge(struct q376_session *session, const struct uplink_acknowledgement *acknowledgement)
{
    for (size_t i = 0; i < Q376_SESSION_WAITING_LIMIT; i++) {
        uint64_t *message_id = &session->waiting.message_ids[i];
        struct q376_report *report = &session->reports[session->waiting.reports[i]];
        if (*message_id == 0 || *message_id != acknowledgement->message_id)
            continue;
        *message_id = 0;
        report->outstanding--;
        report->is_refused |= !acknowledgement->accepted;
        report_settle(session, report);
        return;
    }
}

void q376_report_tick(struct q376_session *session, int64_t now_ms)
{
    for (size_t i = 0; i < Q376_SESSION_REPORT_LIMIT; i++) {
        if (session->reports[i].state != Q376_REPORT_WAITING || now_ms < session->reports[i].until_ms)
            continue;
        session->reports[i].state = Q376_REPORT_FREE;
        for (size_t w = 0; w < Q376_SESSION_WAITING_LIMIT; w++)
            if (session->waiting.reports[w] == i)
                session->waiting.message_ids[w] = 0;
    }
}
