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

enum meter_request { REQUEST_NONE, REQUEST_REGISTER, REQUEST_REPORT };

struct meter {
    uint32_t sent_ms;    /* since the load was opened */
    uint16_t message_id;
    uint8_t request;     /* enum meter_request: what waits for its answer */
    uint8_t step;        /* of its reports */
    uint8_t repeats;     /* of what waits */
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
    bool registering;    /* in this phase meters register and do nothing else */
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

    return (struct report_frame){ .number = number, .message_id = meter->message_id, .clock_s = plan->now_s,
                                  .midnight_s = calendar_midnight(plan->today - before, plan->zone_offset_s),
                                  .volume_l = city_volume_l(plan, number, before),
                                  .day_use_l = (uint32_t)(city_meter_daily_ml(number - 1) / 1000) };
}

static void request_send(struct city_load *load, uint32_t number)
{
    struct meter *meter = &load->meters[number];
    struct report_frame frame = frame_of(load, number);
    uint8_t bytes[REPORT_FRAME_LIMIT];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    bool report = meter->request == REQUEST_REPORT;
    bool written = report ? report_frame_daily(&frame, &writer)
                          : report_frame_register(&frame, city_meter_imei(number - 1), &writer);

    meter->sent_ms = now_ms(load);
    if (!written)
        return;
    load_socket_send(load->socket, number, writer_span(&writer));
    if (report && city_is_repeated(number)) {
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

static void meter_release(struct city_load *load)
{
    uint32_t number = 1 + (uint32_t)((uint64_t)load->next * load->stride % load->plan->meters);

    load->next++;
    if (load->meters[number].request != REQUEST_NONE ||
        (!load->registering && load->meters[number].step == steps_of(load, number)))
        return;
    load->in_flight++;
    request_begin(load, number, load->registering ? REQUEST_REGISTER : REQUEST_REPORT);
}

static void report_done(struct city_load *load, uint32_t number)
{
    struct meter *meter = &load->meters[number];
    uint32_t before = days_before(load, number, meter->step);

    load->acknowledged[number] |= before == 0 ? CITY_TODAY : CITY_YESTERDAY;
    load->figures.reports++;
    load->figures.late += before;
    load->reported++;
    meter->step++;
    if (meter->step < steps_of(load, number)) {
        request_begin(load, number, REQUEST_REPORT);
        return;
    }
    meter->request = REQUEST_NONE;
    load->in_flight--;
}

static void register_done(struct city_load *load, uint32_t number)
{
    load->figures.registrations++;
    if (!load->registering) {
        request_begin(load, number, REQUEST_REPORT);
        return;
    }
    load->meters[number].request = REQUEST_NONE;
    load->in_flight--;
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
    bool report = load->meters[number].request == REQUEST_REPORT;
    if (COAP_CODE_CLASS(message.code) == 2 && report)
        report_done(load, number);
    else if (COAP_CODE_CLASS(message.code) == 2)
        register_done(load, number);
    else if (message.code == COAP_CODE_NOT_FOUND && report) {
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
    return load->registering ? load->figures.registrations : load->reported;
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
    load->registering = true;
    load->next = 0;
    bool done = phase_run(load, "registrations", load->plan->meters, out);
    load->registering = false;
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
    return phase_run(load, "reports", reports > 0 ? reports : city_load_day(load), out);
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
