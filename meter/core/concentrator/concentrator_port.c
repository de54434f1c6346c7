/* The master of a downlink port: one request at a time, half duplex, with timeouts, repetitions and an echo allowed. */
#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define BITS_OF_BYTE 11 /* start, eight, parity, stop */
#define TRIES_OWN 2     /* the task comes again, so it does not insist */
#define TRIES_JOB 2
#define BROADCAST_QUIET_MS 200
#define BYTE_WAIT_MS 300

struct concentrator_port *port_of_number(struct concentrator *concentrator, uint8_t number)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT && number != 0; i++)
        if (concentrator->ports[i].number == number)
            return &concentrator->ports[i];
    return NULL;
}

void port_wake(struct concentrator *concentrator)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        concentrator->ports[i].idle_until_ms = 0;
}

static int64_t bytes_ms(const struct concentrator_line *line, size_t bytes)
{
    return (int64_t)bytes * BITS_OF_BYTE * 1000 / (line->baud == 0 ? 1 : line->baud) + 1;
}

static void turn_finish(struct concentrator *concentrator, struct concentrator_port *port, bool failed)
{
    struct concentrator_turn turn = port->turn;

    if (turn.owner != TURN_NONE && turn.meter != PLACE_NONE) {
        if (!failed)
            reading_keep(concentrator, port);
        task_turn_end(concentrator, port, failed);
    }
    port->turn.owner = TURN_NONE;
    port->turn.awaits = false;
    if (turn.owner == TURN_JOB)
        job_target_done(concentrator, turn.job, turn.target);
}

void port_abandon(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn turn = port->turn;

    port->held.owner = TURN_NONE;
    port->idle_until_ms = 0;
    if (turn.owner != TURN_OWN && turn.owner != TURN_JOB)
        return;
    port->turn.owner = TURN_NONE;
    port->turn.awaits = false;
    port->quiet_until_ms = concentrator->now_ms + concentrator->config.answer_wait_ms;
    if (turn.owner == TURN_JOB)
        job_target_done(concentrator, turn.job, turn.target);
}

/* Send what stands in port->request. */
static void request_send(struct concentrator *concentrator, struct concentrator_port *port,
                         const struct concentrator_line *line, int64_t wait_ms)
{
    port->received_size = 0;
    port->turn.awaits = true;
    port->turn.tries++;
    port->turn.deadline_ms = concentrator->now_ms + bytes_ms(line, port->request_size) + wait_ms;
    port->turn.longest_ms = port->turn.deadline_ms + bytes_ms(line, sizeof port->received) + BYTE_WAIT_MS;
    concentrator->counts.exchanges++;
    concentrator->hal->port_send(concentrator->hal->context, port->number, line,
                                 span_of_bytes(port->request, port->request_size));
}

static void forward_send(struct concentrator *concentrator, struct concentrator_port *port)
{
    const struct concentrator_job *job = &concentrator->jobs[port->turn.job];

    memcpy(port->request, job->bytes, job->size);
    port->request_size = job->size;
    request_send(concentrator, port, &job->line, job->frame_wait_ms);
}

/* The turn's question, for the first time or again. false: there is none left. */
static bool question_send(struct concentrator *concentrator, struct concentrator_port *port)
{
    const struct concentrator_meter *meter = &concentrator->meters[port->turn.meter];
    struct concentrator_line line = reading_line(concentrator, port, meter);
    struct writer out = writer_of_buffer(port->request, sizeof port->request);
    size_t answer_size = reading_ask(concentrator, port, &out);

    if (answer_size == 0)
        return false;
    port->request_size = (uint16_t)out.size;
    request_send(concentrator, port, &line, concentrator->config.answer_wait_ms + bytes_ms(&line, answer_size));
    return true;
}

/* Broadcasts are answered by nobody. */
static void broadcast_send(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_line line = { 0, CONCENTRATOR_PARITY_EVEN, 8, 1 };
    struct writer out = writer_of_buffer(port->request, sizeof port->request);
    int index = (int)(port - concentrator->ports);

    line.baud = concentrator->config.ports[index].baud;
    if (port->turn.want == WANT_FREEZE)
        reading_freeze_write(&out);
    else
        reading_clock_write(concentrator, &out);
    port->turn.owner = TURN_NONE;
    port->request_size = (uint16_t)out.size;
    port->quiet_until_ms = concentrator->now_ms + bytes_ms(&line, out.size) + BROADCAST_QUIET_MS;
    concentrator->hal->port_send(concentrator->hal->context, port->number, &line, writer_span(&out));
}

/* Nothing that makes sense came in time. */
static void answer_overdue(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn *turn = &port->turn;
    bool gives_way = turn->owner == TURN_OWN && job_is_waiting(concentrator, port);

    turn->awaits = false;
    port->quiet_until_ms = concentrator->now_ms + concentrator->config.silence_ms;
    if (turn->owner == TURN_FORWARD) {
        turn->owner = TURN_NONE;
        concentrator->counts.unanswered += port->received_size == 0 ? 1u : 0u;
        job_forward_done(concentrator, turn->job, port->number, span_of_bytes(port->received, port->received_size));
        return;
    }
    concentrator->counts.unanswered++;
    if (!gives_way && turn->tries >= (turn->owner == TURN_JOB ? TRIES_JOB : TRIES_OWN))
        turn_finish(concentrator, port, true);
}

/* The next turn: one that gave way, a request of the head-end, or what is due by schedule. */
static bool turn_begin(struct concentrator *concentrator, struct concentrator_port *port)
{
    if (job_turn(concentrator, port, &port->turn))
        return true;
    if (port->held.owner != TURN_NONE) {
        port->turn = port->held;
        port->held.owner = TURN_NONE;
        return true;
    }
    if (concentrator->now_ms < port->idle_until_ms)
        return false;
    return task_turn(concentrator, port, &port->turn, &port->idle_until_ms);
}

static void turn_go_on(struct concentrator *concentrator, struct concentrator_port *port)
{
    if (port->turn.owner == TURN_FORWARD)
        forward_send(concentrator, port);
    else if (port->turn.owner == TURN_BROADCAST)
        broadcast_send(concentrator, port);
    else if (!question_send(concentrator, port))
        turn_finish(concentrator, port, false);
}

int64_t port_step(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn *turn = &port->turn;

    if (turn->awaits && concentrator->now_ms >= turn->deadline_ms)
        answer_overdue(concentrator, port);
    while (!turn->awaits && concentrator->now_ms >= port->quiet_until_ms) {
        if (turn->owner == TURN_OWN && job_is_waiting(concentrator, port)) {
            port->held = *turn;
            turn->owner = TURN_NONE;
        }
        if (turn->owner == TURN_NONE && !turn_begin(concentrator, port))
            return port->idle_until_ms;
        turn_go_on(concentrator, port);
    }
    return turn->awaits ? turn->deadline_ms : port->quiet_until_ms;
}

/* Our own frame, heard by our own ear. */
static void echo_drop(struct concentrator_port *port)
{
    if (port->received_size < port->request_size || memcmp(port->received, port->request, port->request_size) != 0)
        return;
    port->received_size = (uint16_t)(port->received_size - port->request_size);
    memmove(port->received, port->received + port->request_size, port->received_size);
    port->request_size = 0; /* once */
}

/* More may follow what came. A line that never falls silent gets no more time than the longest answer takes. */
static void deadline_move(const struct concentrator *concentrator, struct concentrator_turn *turn, int64_t wait_ms)
{
    int64_t until_ms = concentrator->now_ms + wait_ms;

    turn->deadline_ms = until_ms < turn->longest_ms ? until_ms : turn->longest_ms;
}

/* A whole frame of a meter ends the wait at once; other bytes are passed on when the line falls silent. */
static bool forward_is_whole(const struct concentrator_port *port)
{
    struct span stream = span_of_bytes(port->received, port->received_size);
    size_t skip;

    return dlt645_frame_find(stream, &skip) > 0 || cjt188_frame_find(stream, &skip) > 0;
}

static void forward_receive(struct concentrator *concentrator, struct concentrator_port *port)
{
    struct concentrator_turn *turn = &port->turn;
    const struct concentrator_job *job = &concentrator->jobs[turn->job];

    if (port->received_size == 0)
        return;
    if (!forward_is_whole(port)) {
        deadline_move(concentrator, turn, job->byte_wait_ms);
        return;
    }
    turn->owner = TURN_NONE;
    turn->awaits = false;
    port->quiet_until_ms = concentrator->now_ms + concentrator->config.silence_ms;
    job_forward_done(concentrator, turn->job, port->number, span_of_bytes(port->received, port->received_size));
}

static void answer_taken(struct concentrator *concentrator, struct concentrator_port *port, enum reading_result result)
{
    struct concentrator_turn *turn = &port->turn;

    turn->awaits = false;
    turn->tries = 0;
    port->quiet_until_ms = concentrator->now_ms + concentrator->config.silence_ms;
    if (result == READING_ENDED)
        turn_finish(concentrator, port, false);
    else if (result == READING_LATER)
        turn->owner = TURN_NONE;
    else if (result == READING_NEXT)
        turn->step++;
}

static void question_receive(struct concentrator *concentrator, struct concentrator_port *port)
{
    size_t used;
    enum reading_result result;

    do {
        result = reading_take(concentrator, port, span_of_bytes(port->received, port->received_size), &used);
        port->received_size = (uint16_t)(port->received_size - used);
        memmove(port->received, port->received + used, port->received_size);
    } while (result == READING_IGNORED && used > 0);
    if (result != READING_IGNORED)
        answer_taken(concentrator, port, result);
    else if (port->received_size > 0 && port->turn.deadline_ms < concentrator->now_ms + BYTE_WAIT_MS)
        deadline_move(concentrator, &port->turn, BYTE_WAIT_MS);
}

void concentrator_port_receive(struct concentrator *concentrator, uint8_t number, struct span bytes, int64_t now_ms)
{
    struct concentrator_port *port = port_of_number(concentrator, number);

    concentrator->now_ms = now_ms;
    while (port != NULL && bytes.size > 0 && port->turn.awaits) {
        /* A line that never falls silent fills the buffer: what it said is garbage. */
        if (port->received_size == sizeof port->received)
            port->received_size = 0;
        size_t room = sizeof port->received - port->received_size, taken = bytes.size < room ? bytes.size : room;
        memcpy(port->received + port->received_size, bytes.bytes, taken);
        port->received_size = (uint16_t)(port->received_size + taken);
        bytes = span_of_bytes(bytes.bytes + taken, bytes.size - taken);
        echo_drop(port);
        if (port->turn.owner == TURN_FORWARD)
            forward_receive(concentrator, port);
        else
            question_receive(concentrator, port);
    }
}
