/* One request, its repetitions, its answer in one frame or several. */
#include "codec/q376/q376_request.h"
#include "dialog/q376_session_internal.h"

#define PASSWORD_SIZE_130 2

enum verdict { CONFIRMED, DENIED, NOT_AUTHORISED };
enum { ALL_CONFIRMED = 1, ALL_DENIED = 2, CONFIRMED_EACH = 3, AUTHENTICATION_FAILED = 4 }; /* AFN 00 */

/* What changes something in the terminal or in a meter must not be done twice when an answer is lost: FCB tells a
 * repetition. A question may be asked twice, and goes without. */
static bool is_counted(uint8_t afn)
{
    return afn == Q376_AFN_SET || afn == Q376_AFN_CONTROL || afn == Q376_AFN_FORWARD;
}

/* PW as the line's secret; without one sixteen zeros (two of 130-2005), which terminals without a scheme expect; nothing
 * where the line says that its terminal takes none. */
static struct span password_of(const struct q376_session *session)
{
    static const uint8_t zeros[LINE_SECRET_LIMIT];
    size_t usual = session->protocol == Q376_PROTOCOL_130 ? PASSWORD_SIZE_130 : sizeof zeros;

    if (session->record.secret_size == 0)
        return span_of_bytes(zeros, usual);
    return span_of_bytes(session->record.secret,
                         session->record.secret_size == LINE_SECRET_ABSENT ? 0 : session->record.secret_size);
}

/* Set or clear bits of C in a whole frame; its check sum follows. */
static void control_change(struct q376_asking *asking, uint8_t bits, bool is_set)
{
    uint8_t *control = &asking->request[Q376_AT_CONTROL], *check = &asking->request[asking->request_size - 2];
    uint8_t before = *control;

    *control = (uint8_t)(is_set ? before | bits : before & ~bits);
    *check = (uint8_t)(*check + *control - before);
}

static void request_send(struct q376_session *session, int64_t now_ms)
{
    struct q376_asking *asking = &session->asking;

    asking->tries++;
    asking->due_ms = now_ms + asking->timeout_ms;
    line_dialog_count(session->house, LINE_DIALOG_FRAMES_SENT, 1);
    session->house->send(session->house->context, session->line, span_of_bytes(asking->request, asking->request_size));
}

static uint32_t timeout_of(const struct q376_session *session)
{
    uint32_t timeout_ms = session->order.timeout_ms != 0           ? session->order.timeout_ms
                          : session->record.answer_timeout_ms != 0 ? session->record.answer_timeout_ms
                          : session->work.terminal_ms != 0         ? session->work.terminal_ms
                                                                   : Q376_SESSION_TIMEOUT_MS;
    return timeout_ms + session->work.wait_ms;
}

bool q376_exchange_begin(struct q376_session *session, uint8_t afn, struct span units, int64_t now_ms)
{
    struct q376_asking *asking = &session->asking;
    struct q376_exchange exchange = { .protocol = session->protocol,
                                      .address = session->address,
                                      .sequence = session->next_sequence,
                                      .password = password_of(session) };
    struct writer out = writer_of_buffer(asking->request, sizeof asking->request);

    if (q376_request_encode(&exchange, afn, units, &out) < 0)
        return false;
    asking->request_size = (uint16_t)out.size;
    asking->afn = afn;
    asking->sequence = session->next_sequence;
    asking->parts = 0;
    asking->tries = 0;
    asking->try_limit = session->work.try_limit != 0 ? session->work.try_limit : Q376_SESSION_TRIES;
    asking->timeout_ms = timeout_of(session);
    session->next_sequence = (session->next_sequence + 1) & Q376_SEQUENCE_NUMBER;
    if (is_counted(afn)) {
        control_change(asking, Q376_CONTROL_FCV, true);
        control_change(asking, Q376_CONTROL_FCB, session->frame_count_bit);
        session->frame_count_bit = !session->frame_count_bit;
    }
    session->stage = Q376_STAGE_ASKED;
    if (session->order.order_id != 0)
        session->had_events = false;
    request_send(session, now_ms);
    return true;
}

/* AFN 00: F1 and F2 for all of it, F3 unit by unit with an error each; F4 is the answer of terminals that check PW. */
static enum verdict confirmation_read(const struct q376_frame *frame)
{
    struct span units = frame->units;

    if (units.size < Q376_UNIT_ID_SIZE)
        return DENIED;
    struct q376_set functions = q376_functions_of(q376_unit_id_take(units.bytes));
    int16_t function = functions.count == 1 ? functions.members[0] : 0;
    if (function == AUTHENTICATION_FAILED)
        return NOT_AUTHORISED;
    if (function != CONFIRMED_EACH)
        return function == ALL_CONFIRMED ? CONFIRMED : DENIED;
    for (size_t at = Q376_UNIT_ID_SIZE + 1; at + Q376_UNIT_ID_SIZE < units.size; at += Q376_UNIT_ID_SIZE + 1)
        if (units.bytes[at + Q376_UNIT_ID_SIZE] != 0)
            return DENIED;
    return CONFIRMED;
}

static bool fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    if (session->procedure->fail != NULL)
        return session->procedure->fail(session, problem, now_ms);
    q376_order_end(session, problem);
    return true;
}

/* The end of an exchange; what the procedure decided stays. */
static bool exchange_close(struct q376_session *session, bool is_taken)
{
    if (is_taken && session->stage == Q376_STAGE_ASKED)
        session->stage = Q376_STAGE_READY;
    return is_taken;
}

static bool confirmation_take(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    uint8_t afn = session->asking.afn;
    bool is_data = afn != Q376_AFN_SET && afn != Q376_AFN_CONTROL;
    enum verdict verdict = confirmation_read(frame);

    if (verdict == CONFIRMED && !is_data)
        return exchange_close(session, session->procedure->take(session, frame, true, now_ms));
    return exchange_close(
        session, fail(session, verdict == NOT_AUTHORISED ? LINE_PROBLEM_PASSWORD : LINE_PROBLEM_DENIED, now_ms));
}

/* The next frame of the answer to what was asked: same AFN or AFN 00, numbers counting up from PSEQ, the first one
 * with FIR. Anything else is late, lost its place, or was never asked. */
static bool is_expected(const struct q376_session *session, const struct q376_frame *frame)
{
    const struct q376_asking *asking = &session->asking;
    bool is_first = (frame->sequence & Q376_SEQUENCE_FIRST) != 0;

    return session->stage == Q376_STAGE_ASKED && is_first == (asking->parts == 0) &&
           (frame->sequence & Q376_SEQUENCE_NUMBER) == ((asking->sequence + asking->parts) & Q376_SEQUENCE_NUMBER) &&
           (frame->afn == asking->afn || (frame->afn == Q376_AFN_CONFIRM && is_first));
}

bool q376_exchange_answer(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    struct q376_asking *asking = &session->asking;
    bool is_last = (frame->sequence & Q376_SEQUENCE_FINAL) != 0;

    if (!is_expected(session, frame) || asking->parts >= Q376_SESSION_PARTS_LIMIT) {
        line_dialog_count(session->house, LINE_DIALOG_FRAMES_REFUSED, 1);
        return true;
    }
    if (frame->afn == Q376_AFN_CONFIRM)
        return confirmation_take(session, frame, now_ms);
    if (!session->procedure->take(session, frame, is_last, now_ms))
        return false;
    asking->parts++;
    asking->due_ms = now_ms + asking->timeout_ms;
    return is_last ? exchange_close(session, true) : true;
}

void q376_exchange_tick(struct q376_session *session, int64_t now_ms)
{
    struct q376_asking *asking = &session->asking;

    if (session->stage != Q376_STAGE_ASKED || now_ms < asking->due_ms)
        return;
    if (asking->tries >= asking->try_limit) {
        session->passed = 0;
        (void)exchange_close(session, fail(session, LINE_PROBLEM_NO_ANSWER, now_ms));
        session->told = session->passed = 0;
        return;
    }
    /* A terminal may remember an FCB from before this conversation and take a first request for a repetition of
     * something older: the last try goes without. */
    if (asking->tries + 1 == asking->try_limit)
        control_change(asking, Q376_CONTROL_FCV, false);
    asking->parts = 0;
    line_dialog_count(session->house, LINE_DIALOG_REPEATS, 1);
    request_send(session, now_ms);
}
