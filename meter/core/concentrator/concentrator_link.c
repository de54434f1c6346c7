/* The connection to the head-end: dialled, logged in, kept alive, left. One frame of ours waits for its confirmation at
 * a time.
 *
 *   CLOSED --due--> OPENING --opened--> LOGIN --confirmed--> ONLINE --leave--> LOGOUT --confirmed--> CLOSED
 *      ^---------------'------------------'--- silence, three times --'
 */
#include <string.h>

#include "codec/codec_error.h"
#include "meter/core/concentrator/concentrator_internal.h"

enum { LOGIN = 1, LOGOUT = 2, HEARTBEAT = 3 };
enum { CODE_NO_REPLY = 4, CODE_LINK_TEST = 9 };

#define OPENING_MS 30000
#define BACK_OFF_MS 4000 /* of the first attempt, doubled with each that fails */
#define BACK_OFF_LIMIT_MS 300000
#define BACK_OFF_DOUBLINGS 7
#define FIRST_SPREAD_MS 2000
#define NEVER INT64_MAX
#define UNITS_LIMIT 256
#define MINUTE_MS 60000

static uint32_t random_below(struct concentrator *concentrator, uint32_t limit)
{
    return limit == 0 ? 0 : concentrator->hal->random(concentrator->hal->context) % limit;
}

/* Timeout and retries of AFN 04 F1: 12 bits of seconds, 2 of retries. */
static int64_t response_ms(const struct concentrator *concentrator)
{
    uint32_t seconds = (concentrator->f1[2] | (uint32_t)concentrator->f1[3] << 8) & 0x0fff;
    return (seconds == 0 ? 1 : seconds) * INT64_C(1000);
}

static uint8_t sends_limit(const struct concentrator *concentrator)
{
    return (uint8_t)((concentrator->f1[3] >> 4 & 3) + 1);
}

static int64_t heartbeat_ms(const struct concentrator *concentrator)
{
    uint8_t minutes = concentrator->f1[5];
    return (minutes == 0 ? 1 : minutes) * (int64_t)MINUTE_MS;
}

/* Half of the wait is fixed, half is chance, so that those who were lost together do not come back together. */
static void back_off(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;
    uint32_t doublings = link->attempt < BACK_OFF_DOUBLINGS ? link->attempt : BACK_OFF_DOUBLINGS;
    uint32_t wait_ms = (uint32_t)BACK_OFF_MS << doublings;

    if (wait_ms > BACK_OFF_LIMIT_MS)
        wait_ms = BACK_OFF_LIMIT_MS;
    if (link->attempt < UINT8_MAX)
        link->attempt++;
    link->deadline_ms = concentrator->now_ms + wait_ms / 2 + random_below(concentrator, wait_ms / 2);
}

static void closed(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    link->state = CONCENTRATOR_LINK_CLOSED;
    link->awaited_afn = 0;
    link->awaited_function = 0;
    link->received_size = 0;
    link->has_fcb = false;
    link->uses_backup = !link->uses_backup;
    jobs_void(concentrator);
    back_off(concentrator);
}

void link_drop(struct concentrator *concentrator)
{
    if (concentrator->link.state == CONCENTRATOR_LINK_CLOSED)
        return;
    closed(concentrator);
    concentrator->hal->uplink_close(concentrator->hal->context);
}

void link_stay_away(struct concentrator *concentrator)
{
    concentrator->link.is_silent = true;
    link_drop(concentrator);
}

void link_open(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    memset(link, 0, sizeof *link);
    link->deadline_ms = concentrator->now_ms + random_below(concentrator, FIRST_SPREAD_MS);
}

static bool is_waiting(const struct concentrator *concentrator)
{
    return concentrator->link.awaited_function != 0;
}

/* AFN 0C F10. */
static void traffic_count(struct concentrator *concentrator, size_t bytes)
{
    concentrator->day_traffic += (uint32_t)bytes;
    concentrator->month_traffic += (uint32_t)bytes;
}

void link_send(struct concentrator *concentrator, struct q376_frame *frame)
{
    struct writer out = writer_of_buffer(concentrator->frame, sizeof concentrator->frame);

    if (concentrator->link.state < CONCENTRATOR_LINK_LOGIN)
        return;
    frame->has_event_counters = event_is_waiting(concentrator);
    frame->important_events = concentrator->rings[RING_IMPORTANT].counter;
    frame->general_events = concentrator->rings[RING_GENERAL].counter;
    if (q376_frame_encode(frame, &out) < 0)
        return;
    concentrator->counts.sent_bytes += out.size;
    traffic_count(concentrator, out.size);
    concentrator->hal->uplink_send(concentrator->hal->context, writer_span(&out));
}

static void start_send(struct concentrator *concentrator, struct span units)
{
    struct concentrator_link *link = &concentrator->link;
    struct q376_frame frame;
    uint8_t code = link->awaited_afn == Q376_AFN_LINK ? CODE_LINK_TEST : CODE_NO_REPLY;

    memset(&frame, 0, sizeof frame);
    frame.protocol = concentrator->config.protocol;
    frame.control = (uint8_t)(Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | code);
    frame.address = concentrator->config.address;
    frame.afn = link->awaited_afn;
    frame.sequence = (uint8_t)(Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | Q376_SEQUENCE_CONFIRM | link->awaited);
    frame.units = units;
    link->sends++;
    link->deadline_ms = concentrator->now_ms + response_ms(concentrator);
    link_send(concentrator, &frame);
}

void link_start(struct concentrator *concentrator, uint8_t afn, uint8_t function, struct span units)
{
    struct concentrator_link *link = &concentrator->link;

    link->awaited_afn = afn;
    link->awaited_function = function;
    link->awaited = link->sequence++ & Q376_SEQUENCE_NUMBER;
    link->sends = 0;
    start_send(concentrator, units);
}

static void unit_start(struct concentrator *concentrator, uint8_t function)
{
    uint8_t bytes[Q376_UNIT_ID_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    if (q376_unit_put(0, function, &units) == 0)
        link_start(concentrator, Q376_AFN_LINK, function, writer_span(&units));
}

void concentrator_uplink_opened(struct concentrator *concentrator, bool opened, int64_t now_ms)
{
    struct concentrator_link *link = &concentrator->link;

    concentrator->now_ms = now_ms;
    if (link->state != CONCENTRATOR_LINK_OPENING)
        return;
    if (!opened) {
        closed(concentrator);
        return;
    }
    link->state = CONCENTRATOR_LINK_LOGIN;
    unit_start(concentrator, LOGIN);
}

void concentrator_uplink_closed(struct concentrator *concentrator, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (concentrator->link.state != CONCENTRATOR_LINK_CLOSED)
        closed(concentrator);
}

static void online(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    link->state = CONCENTRATOR_LINK_ONLINE;
    link->attempt = 0;
    concentrator->counts.logins++;
    /* Spread as well: those that came back in one minute shall not all beat in one second. */
    link->heartbeat_ms = concentrator->now_ms + heartbeat_ms(concentrator) -
                         random_below(concentrator, (uint32_t)heartbeat_ms(concentrator) / 4);
}

void link_heard(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    if (link->state != CONCENTRATOR_LINK_LOGIN)
        return;
    /* A head-end that asks something has accepted the login, even where its confirmation was lost. */
    link->awaited_function = 0;
    online(concentrator);
}

static void confirmed(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_link *link = &concentrator->link;
    uint8_t afn = link->awaited_afn, function = link->awaited_function;
    struct q376_set functions = q376_functions_of(q376_unit_id_take(frame->units.bytes));
    bool is_denied = functions.count == 1 && functions.members[0] == 2;

    link->awaited_function = 0;
    link->awaited_afn = 0;
    if (is_denied && afn == Q376_AFN_LINK && function == LOGIN)
        link_drop(concentrator);
    else if (link->state == CONCENTRATOR_LINK_LOGIN)
        online(concentrator);
    else if (link->state == CONCENTRATOR_LINK_LOGOUT)
        link_stay_away(concentrator);
    else if (afn == Q376_AFN_EVENT)
        event_told(concentrator, RING_IMPORTANT, link->told_end);
}

/* The number has to fit: a late confirmation of another frame confirms nothing. */
void link_confirmed(struct concentrator *concentrator, const struct q376_frame *frame)
{
    const struct concentrator_link *link = &concentrator->link;
    bool fits = is_waiting(concentrator) && (frame->sequence & Q376_SEQUENCE_NUMBER) == link->awaited &&
                frame->units.size >= Q376_UNIT_ID_SIZE;

    if (fits)
        confirmed(concentrator, frame);
}

/* The awaited frame again, or the end of patience. */
static void awaited_overdue(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    if (link->sends >= sends_limit(concentrator)) {
        if (link->state == CONCENTRATOR_LINK_LOGOUT)
            link_stay_away(concentrator);
        else
            link_drop(concentrator);
        return;
    }
    if (link->awaited_afn == Q376_AFN_EVENT) {
        uint8_t sends = link->sends;
        event_report(concentrator);
        link->sends = (uint8_t)(sends + 1);
        return;
    }
    uint8_t bytes[Q376_UNIT_ID_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    if (q376_unit_put(0, link->awaited_function, &units) == 0)
        start_send(concentrator, writer_span(&units));
}

static int64_t online_step(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    if (is_waiting(concentrator))
        return link->deadline_ms;
    if (event_is_waiting(concentrator) && !concentrator->reports_forbidden) {
        event_report(concentrator);
        return link->deadline_ms;
    }
    if (concentrator->now_ms >= link->heartbeat_ms) {
        link->heartbeat_ms = concentrator->now_ms + heartbeat_ms(concentrator);
        unit_start(concentrator, HEARTBEAT);
        return link->deadline_ms;
    }
    return link->heartbeat_ms;
}

static const struct concentrator_station *station(const struct concentrator *concentrator)
{
    static const struct concentrator_station nowhere;
    const struct concentrator_station *backup = &concentrator->stations[1];
    bool has_backup = memcmp(backup->ip, nowhere.ip, sizeof backup->ip) != 0;

    return &concentrator->stations[concentrator->link.uses_backup && has_backup ? 1 : 0];
}

int64_t link_step(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;

    if (link->state == CONCENTRATOR_LINK_CLOSED) {
        if (link->is_silent)
            return NEVER;
        if (concentrator->now_ms < link->deadline_ms)
            return link->deadline_ms;
        link->state = CONCENTRATOR_LINK_OPENING;
        link->deadline_ms = concentrator->now_ms + OPENING_MS;
        concentrator->hal->uplink_open(concentrator->hal->context, station(concentrator));
    }
    if (link->state == CONCENTRATOR_LINK_OPENING && concentrator->now_ms >= link->deadline_ms)
        link_drop(concentrator);
    if (link->state >= CONCENTRATOR_LINK_LOGIN && is_waiting(concentrator) && concentrator->now_ms >= link->deadline_ms)
        awaited_overdue(concentrator);
    return link->state == CONCENTRATOR_LINK_ONLINE ? online_step(concentrator) : link->deadline_ms;
}

void concentrator_leave(struct concentrator *concentrator, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    if (concentrator->link.state == CONCENTRATOR_LINK_ONLINE) {
        concentrator->link.state = CONCENTRATOR_LINK_LOGOUT;
        unit_start(concentrator, LOGOUT);
    } else {
        link_stay_away(concentrator);
    }
}

void concentrator_return(struct concentrator *concentrator, int64_t now_ms)
{
    concentrator->now_ms = now_ms;
    concentrator->link.is_silent = false;
    if (concentrator->link.state == CONCENTRATOR_LINK_CLOSED)
        concentrator->link.deadline_ms = now_ms;
}

bool concentrator_is_online(const struct concentrator *concentrator)
{
    return concentrator->link.state == CONCENTRATOR_LINK_ONLINE;
}

/* Drop bytes at the front of what was received. */
static void received_drop(struct concentrator_link *link, size_t count)
{
    link->received_size = (uint16_t)(link->received_size - count);
    memmove(link->received, link->received + count, link->received_size);
}

/* Whole frames at the front of what was received. The frame is taken in place: nothing that it asks receives. */
static void received_take(struct concentrator *concentrator)
{
    struct concentrator_link *link = &concentrator->link;
    struct q376_setting setting = q376_setting_default();
    struct q376_frame frame;
    size_t skip, size;

    do {
        struct span stream = span_of_bytes(link->received, link->received_size);
        size = q376_frame_find(stream, &skip);
        struct span found = span_of_bytes(link->received + skip, size);
        if (size > 0 && q376_frame_decode_by(found, &setting, &frame, NULL) == 0)
            request_take(concentrator, &frame);
        else if (size > 0)
            concentrator->counts.strange++;
        /* The request may have closed the connection and so emptied the buffer. */
        if (link->received_size < skip + size)
            return;
        received_drop(link, skip + size);
    } while (size > 0);
}

void concentrator_uplink_receive(struct concentrator *concentrator, struct span bytes, int64_t now_ms)
{
    struct concentrator_link *link = &concentrator->link;

    concentrator->now_ms = now_ms;
    while (bytes.size > 0 && link->state >= CONCENTRATOR_LINK_LOGIN) {
        size_t room = sizeof link->received - link->received_size;
        size_t taken = bytes.size < room ? bytes.size : room;
        concentrator->counts.received_bytes += taken;
        traffic_count(concentrator, taken);
        memcpy(link->received + link->received_size, bytes.bytes, taken);
        link->received_size = (uint16_t)(link->received_size + taken);
        bytes = span_of_bytes(bytes.bytes + taken, bytes.size - taken);
        received_take(concentrator);
        /* Full, and no frame in it: one that is longer than ours may be. Behind its first byte another may begin. */
        while (link->received_size == sizeof link->received) {
            received_drop(link, 1);
            received_take(concentrator);
        }
    }
}
