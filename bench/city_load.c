#include "bench/city_load.h"

#include <stdlib.h>

#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "bench/city_progress.h"
#include "bench/load_socket.h"
#include "bench/report_frame.h"
#include "codec/coap/coap_message.h"

#define IN_FLIGHT_LIMIT 4096
#define IN_FLIGHT_SHARE 10 /* of a small city at most so much is under way: a half of its day can be told from the other */
#define REPEAT_AFTER_MS 2000    /* and each time twice as long (RFC 7252 4.2) */
#define REPEATS_LONGER 4        /* no longer than after so many */
#define LOOK_MS 100
#define STRIDE_PER_MILLION 618034 /* meters report in an order far from that of their numbers */

enum meter_request { REQUEST_NONE, REQUEST_REGISTER, REQUEST_REPORT, REQUEST_ALARM };
enum meter_alarm { METER_QUIET, METER_ALARMS, METER_ALARMED };
enum phase { PHASE_REGISTER, PHASE_REPORT, PHASE_STORM };

struct meter {
    uint32_t sent_ms;    /* since the load was opened */
    uint16_t message_id;
    uint8_t request;     /* enum meter_request: what waits for its answer */
    uint8_t step;        /* of its reports */
    uint8_t repeats;     /* of what waits */
    uint8_t alarm;       /* enum meter_alarm */
    bool in_wave;        /* released, and counted in in_flight until it is done */
};

struct city_load {
    const struct city_plan *plan;
    struct load_socket *socket;
    struct meter *meters;
    uint8_t *acknowledged;
    uint32_t stride;
    uint32_t next;       /* how many were released in this phase */
    uint32_t in_flight;
    uint32_t in_flight_limit;
    enum phase phase;
    uint32_t storm_ms;   /* when its first alarm went out, since the load was opened */
    uint32_t alarms;     /* sent out so far */
    uint64_t reported;   /* of the day, acknowledged */
    double opened_s;
    struct city_load_figures figures;
};

static uint32_t now_ms(const struct city_load *load)
{
    return (uint32_t)((bench_clock_seconds(CLOCK_MONOTONIC) - load->opened_s) * 1000);
}

static uint32_t steps_of(const struct city_load *load, uint32_t number)
{
    return city_manner_of(load->plan, number) == CITY_ONCE ? 1 : 2;
}

/* The day that a meter's step is about, counted back from today. */
static uint32_t days_before(const struct city_load *load, uint32_t number, uint8_t step)
{
    switch (city_manner_of(load->plan, number)) {
    case CITY_LATE:
        return step == 0 ? 1 : 0;
    case CITY_OUT_OF_ORDER:
        return step;
    case CITY_ONCE:
        break;
    }
    return 0;
}

static struct report_frame frame_of(const struct city_load *load, uint32_t number)
{
    const struct meter *meter = &load->meters[number];
    uint32_t before = days_before(load, number, meter->step);
    const struct city_plan *plan = load->plan;

    return (struct report_frame){ .number = number, .message_id = meter->message_id, .clock_s = bench_clock_world_ms(NULL) / 1000,
                                  .midnight_s = calendar_midnight(plan->today - before, plan->zone_offset_s),
                                  .volume_l = city_volume_l(plan, number, before),
                                  .day_use_l = (uint32_t)(city_meter_daily_ml(number - 1) / 1000) };
}

static bool request_write(const struct city_load *load, uint32_t number, struct writer *out)
{
    struct report_frame frame = frame_of(load, number);

    switch ((enum meter_request)load->meters[number].request) {
    case REQUEST_NONE:
        break;
    case REQUEST_REGISTER:
        return report_frame_register(&frame, city_meter_imei(number - 1), out);
    case REQUEST_REPORT:
        return report_frame_daily(&frame, out);
    case REQUEST_ALARM:
        frame.volume_l = city_volume_l(load->plan, number, 0);
        frame.alarm_bits = 1u << CITY_ALARM;
        return report_frame_event(&frame, out);
    }
    return false;
}

static void request_send(struct city_load *load, uint32_t number)
{
    struct meter *meter = &load->meters[number];
    uint8_t bytes[REPORT_FRAME_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    meter->sent_ms = now_ms(load);
    if (!request_write(load, number, &writer))
        return;
    load_socket_send(load->socket, number, writer_span(&writer));
    if (meter->request == REQUEST_REPORT && city_is_repeated(number)) {
        load_socket_send(load->socket, number, writer_span(&writer));
        load->figures.doubled++;
    }
}

static void request_begin(struct city_load *load, uint32_t number, enum meter_request request)
{
    load->meters[number].message_id++;
    load->meters[number].request = (uint8_t)request;
    load->meters[number].repeats = 0;
    request_send(load, number);
}

/* What a meter that waits for nothing does next. */
static void meter_go_on(struct city_load *load, uint32_t number)
{
    struct meter *meter = &load->meters[number];

    meter->request = REQUEST_NONE;
    if (meter->alarm == METER_ALARMS) {
        request_begin(load, number, REQUEST_ALARM);
    } else if (meter->in_wave && load->phase != PHASE_REGISTER && meter->step < steps_of(load, number)) {
        request_begin(load, number, REQUEST_REPORT);
    } else if (meter->in_wave) {
        meter->in_wave = false;
        load->in_flight--;
    }
}

static void meter_release(struct city_load *load)
{
    uint32_t number = 1 + (uint32_t)((uint64_t)load->next * load->stride % load->plan->meters);
    struct meter *meter = &load->meters[number];

    load->next++;
    if (meter->in_wave)
        return;
    meter->in_wave = true;
    load->in_flight++;
    if (load->phase == PHASE_REGISTER)
        request_begin(load, number, REQUEST_REGISTER);
    else if (meter->request == REQUEST_NONE)
        meter_go_on(load, number);
}

/* Those whose moment has come, evenly over the time of the storm. */
static void alarms_release(struct city_load *load)
{
    uint64_t passed_ms = now_ms(load) - load->storm_ms, whole_ms = city_storm_ms(load->plan);
    uint64_t due = passed_ms >= whole_ms ? city_alarms(load->plan) : city_alarms(load->plan) * passed_ms / whole_ms;

    while (load->alarms < due) {
        uint32_t number = city_alarm_number(load->alarms++);
        load->meters[number].alarm = METER_ALARMS;
        if (load->meters[number].request == REQUEST_NONE)
            meter_go_on(load, number);
    }
}

static void report_done(struct city_load *load, uint32_t number)
{
    uint32_t before = days_before(load, number, load->meters[number].step);

    load->acknowledged[number] |= before == 0 ? CITY_TODAY : CITY_YESTERDAY;
    load->figures.reports++;
    load->figures.late += before;
    load->reported++;
    load->meters[number].step++;
}

static void request_done(struct city_load *load, uint32_t number)
{
    switch ((enum meter_request)load->meters[number].request) {
    case REQUEST_NONE:
        break;
    case REQUEST_REGISTER:
        load->figures.registrations++;
        break;
    case REQUEST_REPORT:
        report_done(load, number);
        break;
    case REQUEST_ALARM:
        load->meters[number].alarm = METER_ALARMED;
        load->acknowledged[number] |= CITY_ALARMED;
        load->figures.alarms++;
        break;
    }
    meter_go_on(load, number);
}

static void answer_take(void *context, uint32_t number, struct span bytes)
{
    struct city_load *load = context;
    struct coap_message message;
    uint8_t token[4];

    if (number == 0 || number > load->plan->meters || load->meters[number].request == REQUEST_NONE ||
        coap_message_decode(bytes, &message, NULL) != 0 || message.message_id != load->meters[number].message_id ||
        !span_equal(message.token, report_frame_token(number, token)))
        return;
    if (COAP_CODE_CLASS(message.code) == 2) {
        request_done(load, number);
    } else if (message.code == COAP_CODE_NOT_FOUND && load->meters[number].request != REQUEST_REGISTER) {
        load->figures.unknown++;
        request_begin(load, number, REQUEST_REGISTER);
    } else {
        load->figures.refused++; /* and asked again when its time is over */
    }
}

static void overdue_repeat(struct city_load *load)
{
    uint32_t now = now_ms(load);

    for (uint32_t number = 1; number <= load->plan->meters; number++) {
        struct meter *meter = &load->meters[number];
        if (meter->request == REQUEST_NONE || now - meter->sent_ms < (uint32_t)REPEAT_AFTER_MS << meter->repeats)
            continue;
        if (meter->repeats < REPEATS_LONGER)
            meter->repeats++;
        load->figures.repeated++;
        request_send(load, number);
    }
    load_socket_flush(load->socket);
}

static uint64_t phase_done(const struct city_load *load)
{
    switch (load->phase) {
    case PHASE_REGISTER:
        return load->figures.registrations;
    case PHASE_REPORT:
        return load->reported;
    case PHASE_STORM:
        break;
    }
    return load->figures.alarms;
}

/* Until so much of the phase is done. */
static bool phase_run(struct city_load *load, const char *what, uint64_t wanted, struct city_load_figures *out)
{
    double start_s = bench_clock_seconds(CLOCK_MONOTONIC);
    double processor_s = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID);
    uint32_t look_ms = now_ms(load);
    bool wanted_on = true;

    load->figures = (struct city_load_figures){ 0 };
    while (phase_done(load) < wanted && wanted_on) {
        while (load->in_flight < load->in_flight_limit && load->next < load->plan->meters)
            meter_release(load);
        if (load->phase == PHASE_STORM)
            alarms_release(load);
        load_socket_flush(load->socket);
        load_socket_wait(load->socket, LOOK_MS);
        load_socket_receive(load->socket, answer_take, load);
        if (now_ms(load) - look_ms > REPEAT_AFTER_MS / 2) {
            overdue_repeat(load);
            look_ms = now_ms(load);
        }
        wanted_on = city_progress(what, phase_done(load), wanted);
    }
    load->figures.seconds = bench_clock_seconds(CLOCK_MONOTONIC) - start_s;
    load->figures.processor_s = bench_clock_seconds(CLOCK_THREAD_CPUTIME_ID) - processor_s;
    *out = load->figures;
    city_progress_end();
    return wanted_on;
}

bool city_load_register(struct city_load *load, struct city_load_figures *out)
{
    load->phase = PHASE_REGISTER;
    load->next = 0;
    bool done = phase_run(load, "registrations", load->plan->meters, out);
    load->next = 0;
    return done;
}

uint64_t city_load_day(const struct city_load *load)
{
    uint32_t meters = load->plan->meters;
    uint64_t reports = meters;

    for (uint32_t number = 1; number <= meters; number++)
        reports += steps_of(load, number) - 1;
    return reports;
}

bool city_load_report(struct city_load *load, uint64_t reports, struct city_load_figures *out)
{
    load->phase = PHASE_REPORT;
    return phase_run(load, "reports", reports > 0 ? reports : city_load_day(load), out);
}

bool city_load_storm(struct city_load *load, struct city_load_figures *out)
{
    load->phase = PHASE_STORM;
    load->storm_ms = now_ms(load);
    return phase_run(load, "alarms", city_alarms(load->plan), out);
}

const uint8_t *city_load_acknowledged(const struct city_load *load)
{
    return load->acknowledged;
}

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Near the golden section of all, so that neighbours in time are far apart, and without a common divisor, so that each comes once. */
static uint32_t stride_of(uint32_t meters)
{
    uint32_t stride = (uint32_t)((uint64_t)meters * STRIDE_PER_MILLION / 1000000) | 1;

    while (common_divisor(meters, stride) != 1)
        stride += 2;
    return stride;
}

struct city_load *city_load_open(const struct city_plan *plan, uint16_t port)
{
    struct city_load *load = calloc(1, sizeof *load);

    if (!load)
        return NULL;
    load->plan = plan;
    load->stride = stride_of(plan->meters);
    load->in_flight_limit = plan->meters / IN_FLIGHT_SHARE < IN_FLIGHT_LIMIT ? plan->meters / IN_FLIGHT_SHARE : IN_FLIGHT_LIMIT;
    load->opened_s = bench_clock_seconds(CLOCK_MONOTONIC);
    load->meters = calloc((size_t)plan->meters + 1, sizeof *load->meters);
    load->acknowledged = calloc((size_t)plan->meters + 1, 1);
    load->socket = load_socket_open(port);
    if (load->meters && load->acknowledged && load->socket)
        return load;
    city_load_close(load);
    return NULL;
}

void city_load_close(struct city_load *load)
{
    if (!load)
        return;
    load_socket_close(load->socket);
    free(load->meters);
    free(load->acknowledged);
    free(load);
}
