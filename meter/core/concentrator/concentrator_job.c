/* Requests of the head-end that need a meter first: frames to forward (AFN 10 F1), and values that are not held or too
 * old. They go before the concentrator's own reading: a port takes them up as soon as the exchange under way ends. */
#include <string.h>

#include "codec/q376/q376_data.h"
#include "meter/core/concentrator/concentrator_internal.h"

#define SAMPLE_FRESH_S 60
#define RELAY_FRESH_S 30
#define BYTE_WAIT_SMALLEST_MS 50
#define FRAME_WAIT_DEFAULT_MS 2000

/* The points of a request that have to be read first. */
struct planning {
    struct concentrator *concentrator;
    struct concentrator_target targets[CONCENTRATOR_TARGET_LIMIT];
    uint8_t count;
    uint8_t afn;
};

static struct concentrator_job *job_place(struct concentrator *concentrator)
{
    for (int i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        if (concentrator->jobs[i].kind == JOB_NONE)
            return &concentrator->jobs[i];
    return NULL;
}

static void job_begin(struct concentrator *concentrator, struct concentrator_job *job, enum job_kind kind,
                      const struct concentrator_head *head, struct span bytes)
{
    memset(job, 0, sizeof *job);
    job->kind = (uint8_t)kind;
    job->head = *head;
    job->order = concentrator->job_order++;
    job->size = (uint16_t)bytes.size;
    memcpy(job->bytes, bytes.bytes, bytes.size);
    port_wake(concentrator);
}

/* The same request, not answered yet: the head-end lost patience, its repetition needs no second turn. */
static bool is_under_way(const struct concentrator *concentrator, const struct concentrator_head *head,
                         struct span bytes)
{
    for (int i = 0; i < CONCENTRATOR_JOB_LIMIT; i++) {
        const struct concentrator_job *job = &concentrator->jobs[i];
        if (job->kind != JOB_NONE && !job->is_void && job->head.afn == head->afn &&
            ((job->head.sequence ^ head->sequence) & Q376_SEQUENCE_NUMBER) == 0 &&
            span_equal(span_of_bytes(job->bytes, job->size), bytes))
            return true;
    }
    return false;
}

/* Control byte of AFN 10 F1. */
static struct concentrator_line line_of_control(uint8_t control)
{
    static const uint32_t bauds[] = { 300, 600, 1200, 2400, 4800, 7200, 9600, 19200 };
    struct concentrator_line line;

    line.baud = bauds[control >> 5];
    line.stop_bits = (uint8_t)((control >> 4 & 1) + 1);
    line.parity = (control & 8) == 0
                      ? CONCENTRATOR_PARITY_NONE
                      : (uint8_t)((control & 4) == 0 ? CONCENTRATOR_PARITY_EVEN : CONCENTRATOR_PARITY_ODD);
    line.data_bits = (uint8_t)((control & 3) + 5);
    return line;
}

int job_forward(struct concentrator *concentrator, const struct q376_frame *frame)
{
    struct concentrator_head head = head_of(frame);
    struct concentrator_job *job = job_place(concentrator);
    struct q376_forward forward;

    if (q376_forward_decode(frame, &forward) < 0 || forward.content.size == 0 ||
        forward.content.size > CONCENTRATOR_LINE_LIMIT)
        return CONCENTRATOR_ERR_CONFIG;
    struct concentrator_port *port = port_of_number(concentrator, forward.port);
    if (port == NULL)
        return CONCENTRATOR_ERR_CONFIG;
    if (is_under_way(concentrator, &head, forward.content))
        return 0;
    if (job == NULL)
        return CONCENTRATOR_ERR_CONFIG;
    job_begin(concentrator, job, JOB_FORWARD, &head, forward.content);
    job->port = (uint8_t)(port - concentrator->ports);
    job->line = line_of_control(forward.control);
    job->frame_wait_ms = forward.frame_wait_ms > 0 ? forward.frame_wait_ms : FRAME_WAIT_DEFAULT_MS;
    job->byte_wait_ms = forward.byte_wait_ms > BYTE_WAIT_SMALLEST_MS ? forward.byte_wait_ms : BYTE_WAIT_SMALLEST_MS;
    return 0;
}

struct concentrator_sample *sample_of_point(struct concentrator *concentrator, uint16_t point)
{
    for (int i = 0; i < CONCENTRATOR_SAMPLE_LIMIT; i++)
        if (concentrator->samples[i].point == point)
            return &concentrator->samples[i];
    return NULL;
}

static bool is_fresh(struct concentrator *concentrator, const struct concentrator_meter *meter, uint8_t want)
{
    int64_t now_s = clock_now_s(concentrator);
    const struct concentrator_sample *sample = sample_of_point(concentrator, meter_point(meter));

    switch ((enum want)want) {
    case WANT_CURRENT:
        return concentrator->config.refresh_s == 0 ? meter->read_s != 0
                                                   : now_s - meter->read_s <= concentrator->config.refresh_s;
    case WANT_SAMPLE:
        return sample != NULL && now_s - sample->read_s <= SAMPLE_FRESH_S;
    case WANT_RELAY:
        return meter->relay_known && now_s - meter->relay_s <= RELAY_FRESH_S;
    default:
        return true;
    }
}

static void target_add(struct planning *planning, uint16_t place, uint8_t want)
{
    for (uint8_t i = 0; i < planning->count; i++)
        if (planning->targets[i].meter == place && planning->targets[i].want == want)
            return;
    if (planning->count == CONCENTRATOR_TARGET_LIMIT)
        return;
    planning->targets[planning->count].meter = place;
    planning->targets[planning->count].want = want;
    planning->targets[planning->count].state = TARGET_OPEN;
    planning->count++;
}

static int plan_function(void *context, int point, unsigned function, const struct q376_layout *layout,
                         struct span data)
{
    struct planning *planning = context;
    struct concentrator *concentrator = planning->concentrator;
    const struct serving *serving = serving_find(planning->afn, function);

    (void)layout;
    (void)data;
    if (serving == NULL || serving->want == WANT_NONE || point <= 0)
        return 0;
    const struct concentrator_meter *meter = meter_of_point(concentrator, (unsigned)point);
    /* What the meter's protocol has no question for is served as it is held. */
    bool is_bus = meter != NULL && meter_protocol(meter) == CONCENTRATOR_PROTOCOL_CJT188;
    uint8_t want = is_bus && serving->want != WANT_SAMPLE ? (uint8_t)WANT_CURRENT : serving->want;
    if (meter != NULL && meter_is_polled(meter) && port_of_number(concentrator, meter_port(meter)) != NULL &&
        !(is_bus && serving->want == WANT_SAMPLE) && !is_fresh(concentrator, meter, serving->want))
        target_add(planning, (uint16_t)(meter - concentrator->meters), want);
    return 0;
}

bool job_refresh(struct concentrator *concentrator, const struct concentrator_head *head, struct span units)
{
    struct concentrator_job *job = job_place(concentrator);
    struct planning planning;
    struct q376_visitor visitor;
    struct q376_frame frame;

    if (head->afn != Q376_AFN_CURRENT || clock_now_s(concentrator) == 0 || units.size > CONCENTRATOR_LINE_LIMIT)
        return false;
    if (is_under_way(concentrator, head, units))
        return true;
    memset(&planning, 0, sizeof planning);
    memset(&visitor, 0, sizeof visitor);
    memset(&frame, 0, sizeof frame);
    planning.concentrator = concentrator;
    planning.afn = head->afn;
    visitor.context = &planning;
    visitor.function = plan_function;
    frame.afn = head->afn;
    frame.units = units;
    (void)q376_data_walk(&frame, &visitor);
    if (planning.count == 0 || job == NULL)
        return false;
    job_begin(concentrator, job, JOB_REFRESH, head, units);
    memcpy(job->targets, planning.targets, sizeof job->targets);
    job->target_count = planning.count;
    return true;
}

/* The target of a job that this port can ask now; target_count: none. */
static uint8_t target_of_port(const struct concentrator *concentrator, const struct concentrator_job *job,
                              const struct concentrator_port *port)
{
    uint8_t target = 0;

    while (target < job->target_count &&
           (job->targets[target].state != TARGET_OPEN ||
            meter_port(&concentrator->meters[job->targets[target].meter]) != port->number))
        target++;
    return target;
}

static bool job_is_of_port(const struct concentrator *concentrator, const struct concentrator_job *job,
                           const struct concentrator_port *port)
{
    if (job->kind == JOB_FORWARD)
        return !job->is_started && job->port == port - concentrator->ports;
    return job->kind == JOB_REFRESH && target_of_port(concentrator, job, port) < job->target_count;
}

static struct concentrator_job *job_oldest(struct concentrator *concentrator, const struct concentrator_port *port)
{
    struct concentrator_job *oldest = NULL;

    for (int i = 0; i < CONCENTRATOR_JOB_LIMIT; i++) {
        struct concentrator_job *job = &concentrator->jobs[i];
        if (job_is_of_port(concentrator, job, port) && (oldest == NULL || (int32_t)(job->order - oldest->order) < 0))
            oldest = job;
    }
    return oldest;
}

bool job_is_waiting(const struct concentrator *concentrator, const struct concentrator_port *port)
{
    for (int i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        if (job_is_of_port(concentrator, &concentrator->jobs[i], port))
            return true;
    return false;
}

bool job_turn(struct concentrator *concentrator, struct concentrator_port *port, struct concentrator_turn *turn)
{
    struct concentrator_job *job = job_oldest(concentrator, port);

    if (job == NULL)
        return false;
    memset(turn, 0, sizeof *turn);
    turn->job = (uint8_t)(job - concentrator->jobs);
    if (job->kind == JOB_FORWARD) {
        job->is_started = true;
        turn->owner = TURN_FORWARD;
        turn->meter = PLACE_NONE;
        return true;
    }
    turn->owner = TURN_JOB;
    turn->target = target_of_port(concentrator, job, port);
    turn->meter = job->targets[turn->target].meter;
    turn->want = job->targets[turn->target].want;
    job->targets[turn->target].state = TARGET_ASKED;
    return true;
}

void job_forward_done(struct concentrator *concentrator, uint8_t index, uint8_t port, struct span content)
{
    struct concentrator_job *job = &concentrator->jobs[index];
    struct answer answer = answer_begin(concentrator, &job->head);

    job->kind = JOB_NONE;
    if (job->is_void)
        return;
    answer.served = q376_forward_answer_put(port, content, &answer.units) == 0 ? 1 : 0;
    answer_end(&answer);
}

void job_target_done(struct concentrator *concentrator, uint8_t index, uint8_t target)
{
    struct concentrator_job *job = &concentrator->jobs[index];
    bool all_done = true;

    job->targets[target].state = TARGET_DONE;
    for (uint8_t i = 0; i < job->target_count; i++)
        all_done = all_done && job->targets[i].state == TARGET_DONE;
    if (!all_done || job->kind != JOB_REFRESH)
        return;
    job->kind = JOB_NONE;
    if (job->is_void)
        return;
    request_serve(concentrator, &job->head, span_of_bytes(job->bytes, job->size));
}

void jobs_settle(struct concentrator *concentrator)
{
    for (uint8_t i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        for (uint8_t k = 0; k < concentrator->jobs[i].target_count && concentrator->jobs[i].kind == JOB_REFRESH; k++)
            if (concentrator->jobs[i].targets[k].state == TARGET_OPEN)
                job_target_done(concentrator, i, k);
}

/* A port may still be at work for one: that one stays until the port is done with it. */
static void job_void(struct concentrator_job *job)
{
    bool is_busy = job->kind == JOB_FORWARD && job->is_started;

    for (uint8_t i = 0; i < job->target_count; i++) {
        is_busy = is_busy || job->targets[i].state == TARGET_ASKED;
        if (job->targets[i].state == TARGET_OPEN)
            job->targets[i].state = TARGET_DONE;
    }
    job->is_void = true;
    if (!is_busy)
        job->kind = JOB_NONE;
}

void jobs_void(struct concentrator *concentrator)
{
    for (int i = 0; i < CONCENTRATOR_JOB_LIMIT; i++)
        job_void(&concentrator->jobs[i]);
}
