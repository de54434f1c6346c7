/* A concentrator of 500 real meter cores on one simulated line, read completely (current registers and the last
 * midnight's freeze): how far from what the line itself allows, and how long a request of the head-end waits meanwhile.
 *
 * Time is simulated: the figures are of the protocol and the schedule, not of this machine, and the same every time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "codec/dlt645/dlt645_request.h"
#include "codec/q376/q376_request.h"
#include "sim/concentrator_load.h"
#include "sim/concentrator_meters.h"

#define NOW_MS INT64_C(1795222800000) /* 2026-11-21T01:00:00Z, 09:00 in China */
#define DELAY_US 40000
#define STEP_MS 20
#define HOUR_MS INT64_C(3600000)
#define REQUESTS 200
#define REQUEST_EVERY_MS 1700
#define FIRST_ADDRESS UINT64_C(990000000001)
#define TERMINAL 5

struct bench {
    struct concentrator_site site;
    struct concentrator_meters meters;
    bool answered;
    int64_t answered_ms;
};

static struct bench bench;

static void dial(void *context, struct concentrator_site *site)
{
    (void)context;
    concentrator_site_opened(site, true);
}

static void hang_up(void *context, struct concentrator_site *site)
{
    (void)context;
    (void)site;
}

static void hear(void *context, struct concentrator_site *site, struct span bytes)
{
    struct bench *at = context;
    struct q376_frame frame;
    uint8_t answer[64];
    struct writer out = writer_of_buffer(answer, sizeof answer);

    if (q376_frame_decode(bytes, &frame, NULL) < 0)
        return;
    if ((frame.control & Q376_CONTROL_PRIMARY) != 0) {
        if (q376_confirm_encode(&frame, false, &out) == 0)
            concentrator_site_receive(site, writer_span(&out));
        return;
    }
    at->answered = at->answered || frame.afn == Q376_AFN_FORWARD;
    at->answered_ms = site->now_ms;
}

static int bench_open(uint32_t baud, size_t meters)
{
    struct concentrator_site_config config;

    memset(&config, 0, sizeof config);
    memset(&bench, 0, sizeof bench);
    config.core = concentrator_config_default();
    config.core.address.terminal = TERMINAL;
    config.core.ports[0].baud = baud;
    config.lines[0].parity = LINE_PARITY_EVEN;
    config.uplink.context = &bench;
    config.uplink.open = dial;
    config.uplink.send = hear;
    config.uplink.close = hang_up;
    config.now_ms = NOW_MS;
    if (concentrator_site_open(&bench.site, &config) < 0 ||
        concentrator_meters_open(&bench.meters, &bench.site, meters, false, FIRST_ADDRESS, NULL, 1) < 0)
        return -1;
    for (size_t i = 0; i < meters; i++) {
        bench.meters.meters[i].slave.delay_low_us = DELAY_US;
        bench.meters.meters[i].slave.delay_high_us = DELAY_US;
    }
    /* Two days before anything is read: the meters have midnights to tell. */
    (void)concentrator_site_step(&bench.site, NOW_MS + 48 * HOUR_MS);
    for (size_t i = 0; i < meters; i++)
        (void)concentrator_meters_register(&bench.meters, i);
    return 0;
}

static void bench_close(void)
{
    concentrator_site_close(&bench.site);
    concentrator_meters_close(&bench.meters);
}

/* The port's own speed: entries leave it open. */
static int archive_enter(void)
{
    for (size_t i = 0; i < bench.meters.count; i++) {
        struct q376_archive_entry entry = concentrator_meters_entry(&bench.meters, i);
        entry.baud = 0;
        if (concentrator_archive_enter(&bench.site.host.core, &entry, 1) < 0)
            return -1;
    }
    bench.site.core_due_ms = bench.site.now_ms;
    return 0;
}

static bool all_read(void)
{
    const struct concentrator *core = &bench.site.host.core;
    return core->ports[0].round_ok == bench.meters.count && core->counts.freezes >= bench.meters.count;
}

static int round_measure(uint32_t baud)
{
    struct line_counts before, after;

    if (bench_open(baud, CONCENTRATOR_METER_LIMIT) < 0 || archive_enter() < 0)
        return -1;
    int64_t start_ms = bench.site.now_ms;
    before = bench.site.lines[0].counts;
    while (!all_read() && bench.site.now_ms < start_ms + HOUR_MS)
        (void)concentrator_site_step(&bench.site, bench.site.now_ms + STEP_MS);
    after = bench.site.lines[0].counts;
    int64_t passed_ms = bench.site.now_ms - start_ms;
    int64_t line_ms = (after.busy_us - before.busy_us + (int64_t)(after.answers - before.answers) * DELAY_US) / 1000;
    printf("%6u Bd: %zu meters, current registers and last midnight, %llu exchanges: %lld.%01lld s; the line and the\n"
           "           meters' 40 ms alone %lld.%01lld s: %lld.%02lld %% over\n",
           (unsigned)baud, bench.meters.count, (unsigned long long)(after.bursts - before.bursts),
           (long long)(passed_ms / 1000), (long long)(passed_ms / 100 % 10), (long long)(line_ms / 1000),
           (long long)(line_ms / 100 % 10), (long long)((passed_ms - line_ms) * 100 / line_ms),
           (long long)((passed_ms - line_ms) * 10000 / line_ms % 100));
    bench_close();
    return 0;
}

static void forward_send(uint64_t address, uint8_t sequence)
{
    uint8_t bytes[64], request[64], frame[160], digits[16];
    static const uint8_t password[Q376_PASSWORD_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes), out = writer_of_buffer(request, sizeof request);
    struct writer whole = writer_of_buffer(frame, sizeof frame), text = writer_of_buffer(digits, sizeof digits);
    struct q376_forward forward = { .port = 2, .control = Q376_FORWARD_2400_8E1, .frame_wait_ms = 1000 };
    struct q376_exchange exchange = { .protocol = Q376_PROTOCOL_376, .sequence = sequence };
    struct dlt645_address to;

    exchange.address.terminal = TERMINAL;
    exchange.password = span_of_bytes(password, sizeof password);
    writer_format(&text, "%012llu", (unsigned long long)address);
    if (dlt645_address_read(writer_span(&text), &to) < 0 ||
        dlt645_read_request_encode(DLT645_2007, &to, 0x00010000, &out) < 0)
        return;
    forward.content = writer_span(&out);
    bench.answered = false;
    if (q376_forward_put(&forward, &units) == 0 &&
        q376_request_encode(&exchange, Q376_AFN_FORWARD, writer_span(&units), &whole) == 0)
        concentrator_site_receive(&bench.site, writer_span(&whole));
}

static int64_t forward_measure(unsigned number)
{
    int64_t start_ms = bench.site.now_ms;

    forward_send(FIRST_ADDRESS + number % bench.meters.count, (uint8_t)(number & 15));
    while (!bench.answered && bench.site.now_ms < start_ms + 10000)
        (void)concentrator_site_step(&bench.site, bench.site.now_ms + 1);
    return bench.answered_ms - start_ms;
}

static int requests_measure(void)
{
    int64_t most_ms = 0, sum_ms = 0;

    if (bench_open(2400, CONCENTRATOR_METER_LIMIT) < 0)
        return -1;
    int64_t alone_ms = forward_measure(0);
    if (archive_enter() < 0)
        return -1;
    for (unsigned i = 1; i <= REQUESTS && !all_read(); i++) {
        (void)concentrator_site_step(&bench.site, bench.site.now_ms + REQUEST_EVERY_MS + i % 311);
        int64_t wait_ms = forward_measure(i);
        sum_ms += wait_ms;
        most_ms = wait_ms > most_ms ? wait_ms : most_ms;
    }
    /* Current registers in two exchanges: 16 and 40, 16 and 24 bytes of 11 bits with 40 ms each. */
    int64_t turn_ms = (16 + 40 + 16 + 24) * 11 * 1000 / 2400 + 2 * DELAY_US / 1000;
    printf("  2400 Bd: a forwarded request alone %lld ms; during the round %lld ms on average, %lld ms at most:\n"
           "           %lld ms more, where a meter's turn for its current registers takes %lld ms\n",
           (long long)alone_ms, (long long)(sum_ms / REQUESTS), (long long)most_ms, (long long)(most_ms - alone_ms),
           (long long)turn_ms);
    bench_close();
    return 0;
}

int main(void)
{
    printf("memory: %zu bytes a concentrator of %d meters, %zu bytes one for load; flash %u bytes\n",
           sizeof(struct concentrator), CONCENTRATOR_METER_LIMIT, sizeof(struct concentrator_load),
           (unsigned)concentrator_flash_size(CONCENTRATOR_SITE_SECTOR_SIZE, CONCENTRATOR_METER_LIMIT));
    if (round_measure(2400) < 0 || round_measure(9600) < 0 || requests_measure() < 0) {
        fprintf(stderr, "concentrator_bench: out of memory\n");
        return 1;
    }
    return 0;
}
