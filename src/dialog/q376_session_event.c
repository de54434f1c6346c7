/* What happened at the terminal: it counts important events (EC1) and general ones (EC2), keeps the last 256 of each in
 * a ring, and says in each frame while important ones wait. They are fetched at once, from where we were.
 *
 * A new conversation does not know where that was: it begins with the newest ten. So some may be told again after a
 * reconnection, with the same code, time and point. Source: Q/GDW 376.1, EC, AFN 0E. */
#include "dialog/q376_session_internal.h"

#include <string.h>

#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"

#define FIRST_CONTACT_RECORDS 10
#define REQUEST_RECORDS 16 /* of a request: most records have less than 50 bytes */
#define EXCHANGE_LIMIT 512 /* of an order: two rings told record by record; a terminal may count on while it answers */
#define COUNTERS_FUNCTION 7
#define AUTHENTICATION_ERROR 20 /* ERC: a frame came with a wrong PW */
#define RECENT_S 600            /* by the terminal's clock: it is about what we have just sent */
#define HEAD_SIZE 4             /* EC1, EC2, Pm, Pn */

enum { GENERAL, IMPORTANT, RING_COUNT };
enum phase { PHASE_COUNTERS, PHASE_IMPORTANT, PHASE_GENERAL, PHASE_DONE };

static void ring_note(struct q376_ring *ring, uint8_t counter)
{
    if (!ring->is_known)
        ring->next = counter > FIRST_CONTACT_RECORDS ? (uint8_t)(counter - FIRST_CONTACT_RECORDS) : 0;
    ring->is_known = true;
    ring->counter = counter;
}

void q376_events_note(struct q376_session *session, const struct q376_frame *frame)
{
    if (!frame->has_event_counters)
        return;
    ring_note(&session->rings[IMPORTANT], frame->important_events);
    ring_note(&session->rings[GENERAL], frame->general_events);
}

bool q376_events_are_wanted(const struct q376_session *session)
{
    const struct q376_ring *ring = &session->rings[IMPORTANT];

    return ring->is_known && ring->next != ring->counter &&
           !(session->events_failed && session->events_failed_at == ring->counter);
}

/* One walk through the records of a frame. */
struct telling {
    struct q376_session *session;
    int64_t now_ms;
    struct uplink uplink;
    struct uplink_item item; /* of the record at hand; quantity 0: none */
    uint16_t point;
    bool is_affected; /* register_index is known */
};

/* returns  0; -1: the core takes no more */
static int uplink_flush(struct telling *telling)
{
    if (telling->uplink.item_count > 0 && !q376_uplink_offer(telling->session, &telling->uplink))
        return -1;
    telling->uplink = q376_uplink_begin(telling->session, UPLINK_EVENT, telling->point, telling->now_ms);
    return 0;
}

/* Records of one point share a message. */
static int record_end(struct telling *telling)
{
    struct uplink *uplink = &telling->uplink;

    if (telling->item.quantity == QUANTITY_NONE)
        return 0;
    bool fits =
        uplink->item_count > 0 && uplink->item_count < UPLINK_ITEM_LIMIT && uplink->measurement_point == telling->point;
    if (!fits && uplink_flush(telling) < 0)
        return -1;
    if (telling->item.value == AUTHENTICATION_ERROR && telling->item.time_s >= telling->now_ms / 1000 - RECENT_S)
        telling->session->is_unauthorised = true;
    uplink->items[uplink->item_count++] = telling->item;
    telling->item.quantity = QUANTITY_NONE;
    return 0;
}

static int record_begin(void *context, const struct q376_field *field, struct span bytes, unsigned depth)
{
    struct telling *telling = context;

    (void)depth;
    if (field->kind != Q376_KIND_EVENTS)
        return 0;
    if (record_end(telling) < 0)
        return -1;
    memset(&telling->item, 0, sizeof telling->item);
    telling->item.quantity = QUANTITY_TERMINAL_EVENT;
    telling->item.value = bytes.bytes[0];
    telling->point = 0;
    telling->is_affected = false;
    return 0;
}

/* The first time in a record is that of the event (of a power failure the one of its end, when the terminal does not
 * know the beginning); the first number behind it, or the point, is what it affects. */
static int value_take(void *context, const struct q376_field *field, const struct item *item, unsigned depth)
{
    struct telling *telling = context;
    bool is_record = telling->item.quantity != QUANTITY_NONE && depth > 0;

    if (!is_record || item->quality != ITEM_GOOD)
        return 0;
    if (item->kind == ITEM_KIND_TIME && telling->item.time_s == 0) {
        (void)item_uplink_time(&item->time, telling->session->record.zone_offset_s, &telling->item.time_s);
        return 0;
    }
    bool is_number = item->kind == ITEM_KIND_NUMBER || item->kind == ITEM_KIND_FLAGS;
    if (!is_number || telling->item.time_s == 0 || telling->is_affected)
        return 0;
    telling->is_affected = true;
    telling->item.register_index = (uint8_t)item->value;
    if (field->key != NULL && strcmp(field->key, "point") == 0 && item->value <= Q376_POINT_LIMIT)
        telling->point = (uint16_t)item->value;
    return 0;
}

/* What the frame says of its ring; NULL: it holds no records. */
static const uint8_t *head_of(const struct q376_frame *frame, unsigned *ring)
{
    struct q376_set functions;

    if (frame->afn != Q376_AFN_EVENT || frame->units.size < Q376_UNIT_ID_SIZE + HEAD_SIZE)
        return NULL;
    functions = q376_functions_of(q376_unit_id_take(frame->units.bytes));
    if (functions.count != 1 || functions.members[0] > 2)
        return NULL;
    *ring = functions.members[0] == 1 ? IMPORTANT : GENERAL;
    return frame->units.bytes + Q376_UNIT_ID_SIZE;
}

bool q376_events_tell(struct q376_session *session, const struct q376_frame *frame, int64_t now_ms)
{
    struct telling telling = { .session = session, .now_ms = now_ms };
    const struct q376_visitor visitor = { .context = &telling, .group = record_begin, .value = value_take };
    unsigned ring;
    const uint8_t *head = head_of(frame, &ring);

    telling.uplink = q376_uplink_begin(session, UPLINK_EVENT, 0, now_ms);
    if (q376_data_walk(frame, &visitor) < 0 || record_end(&telling) < 0 || uplink_flush(&telling) < 0)
        return false;
    if (head == NULL)
        return true;
    bool was_known = session->rings[ring].is_known;
    ring_note(&session->rings[IMPORTANT], head[0]);
    ring_note(&session->rings[GENERAL], head[1]);
    if (!was_known || session->rings[ring].next == head[2])
        session->rings[ring].next = head[3];
    return true;
}

/* The next phase of the order that has something to ask. */
static unsigned phase_of(struct q376_session *session)
{
    struct q376_work *work = &session->work;
    bool is_own = session->order.order_id == 0 || session->explains;    /* the terminal has just told its counters */
    unsigned limit = session->order.order_id == 0 ? 1 : EXCHANGE_LIMIT; /* an order that waits may go before the rest */

    if (work->found >= limit)
        work->phase = PHASE_DONE;
    if (work->phase == PHASE_COUNTERS && is_own)
        work->phase = PHASE_IMPORTANT;
    if (work->phase == PHASE_IMPORTANT && session->rings[IMPORTANT].next == session->rings[IMPORTANT].counter)
        work->phase = is_own ? PHASE_DONE : PHASE_GENERAL;
    if (work->phase == PHASE_GENERAL && session->rings[GENERAL].next == session->rings[GENERAL].counter)
        work->phase = PHASE_DONE;
    return work->phase;
}

static uint8_t events_ask(struct q376_session *session, struct writer *units, int64_t now_ms)
{
    unsigned phase = phase_of(session);
    const struct q376_ring *ring = &session->rings[phase == PHASE_GENERAL ? GENERAL : IMPORTANT];

    (void)now_ms;
    if (phase == PHASE_DONE)
        return 0;
    if (phase == PHASE_COUNTERS)
        return q376_unit_put(0, COUNTERS_FUNCTION, units) == 0 ? Q376_AFN_CURRENT : 0;
    uint8_t waiting = (uint8_t)(ring->counter - ring->next);
    uint8_t end = (uint8_t)(ring->next + (waiting < REQUEST_RECORDS ? waiting : REQUEST_RECORDS));
    session->work.index = end;
    return q376_events_put(phase == PHASE_IMPORTANT, ring->next, end, units) == 0 ? Q376_AFN_EVENT : 0;
}

static bool counters_take(struct q376_session *session, const struct q376_frame *frame)
{
    struct span units = frame->units;

    if (units.size < Q376_UNIT_ID_SIZE + Q376_EVENT_COUNTERS_SIZE) {
        q376_order_end(session, LINE_PROBLEM_NO_DATA);
        return true;
    }
    ring_note(&session->rings[IMPORTANT], units.bytes[Q376_UNIT_ID_SIZE]);
    ring_note(&session->rings[GENERAL], units.bytes[Q376_UNIT_ID_SIZE + 1]);
    session->work.phase = PHASE_IMPORTANT;
    return true;
}

static bool events_take(struct q376_session *session, const struct q376_frame *frame, bool is_last, int64_t now_ms)
{
    struct q376_ring *ring = &session->rings[session->work.phase == PHASE_GENERAL ? GENERAL : IMPORTANT];
    uint8_t before = ring->next;

    if (session->work.phase == PHASE_COUNTERS)
        return counters_take(session, frame);
    if (!q376_events_tell(session, frame, now_ms))
        return false;
    session->events_failed = false;
    session->work.found += is_last;
    if (is_last && ring->next == before) /* an answer that does not go on: those records are no more */
        ring->next = (uint8_t)session->work.index;
    return true;
}

/* Asked again when the terminal counts on, not every time that it mentions what it does not give. */
static bool events_fail(struct q376_session *session, enum line_problem problem, int64_t now_ms)
{
    (void)now_ms;
    session->events_failed = true;
    session->events_failed_at = session->rings[IMPORTANT].counter;
    q376_order_end(session, problem);
    return true;
}

const struct q376_procedure q376_events_procedure = { .ask = events_ask, .take = events_take, .fail = events_fail };
