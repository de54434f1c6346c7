/* A meter that listens, and whatever anybody sends it: datagrams with a length byte in front of each. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "meter/port/host/host_meter.h"

#define NOW_MS INT64_C(1795219200000)
#define TOKEN_SIZE 4
#define HEADER_SIZE 4
#define STEPS 40

static struct host_meter host;
static int64_t now_ms;
static uint8_t answer[32];
static size_t answer_size;
static bool attach_waits;

static void radio_open(void *context, struct host_meter *meter)
{
    (void)context;
    (void)meter;
    attach_waits = true;
}

/* Every request of the meter gets the answer it hopes for: 2.01 with a handle for /rd alone, else 2.04. */
static void radio_send(void *context, struct host_meter *meter, struct span bytes, enum meter_release release)
{
    static const uint8_t handle[] = { 0x82, 'r', 'd', 0x04, '5', 'a', '3', 'f' };
    (void)context;
    (void)meter;
    if (release == METER_RELEASE_NO_ANSWER || bytes.size < HEADER_SIZE + TOKEN_SIZE)
        return;
    bool registers = meter->meter.session.state == METER_SESSION_REGISTERING;
    answer[0] = 0x60 | TOKEN_SIZE;
    answer[1] = registers ? 0x41 : 0x44;
    memcpy(answer + 2, bytes.bytes + 2, 2 + TOKEN_SIZE);
    answer_size = HEADER_SIZE + TOKEN_SIZE;
    if (registers) {
        memcpy(answer + answer_size, handle, sizeof handle);
        answer_size += sizeof handle;
    }
}

static void events_deliver(void)
{
    if (attach_waits) {
        attach_waits = false;
        (void)host_meter_attached(&host, true, now_ms);
    }
    if (answer_size > 0) {
        uint8_t bytes[sizeof answer];
        size_t size = answer_size;
        memcpy(bytes, answer, size);
        answer_size = 0;
        (void)host_meter_received(&host, span_of_bytes(bytes, size), now_ms);
    }
}

static void start(void)
{
    static const struct host_meter_ports ports = { .radio_open = radio_open, .radio_send = radio_send };
    struct meter_config config = meter_config_default();
    config.imei = "861234567890123";
    config.meter_number = "20261100000042";
    config.prepayment = true;
    now_ms = NOW_MS;
    attach_waits = false;
    answer_size = 0;
    host_meter_open(&host, &ports, 7, now_ms);
    if (host_meter_power_up(&host, &config, now_ms) != 0)
        abort();
    for (int i = 0; i < STEPS && host.meter.session.state != METER_SESSION_LISTENING; i++) {
        now_ms += 1000;
        (void)host_meter_step(&host, now_ms);
        events_deliver();
    }
    if (host.meter.session.state != METER_SESSION_LISTENING)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    start();
    while (size > 0) {
        size_t part = bytes[0] < size ? bytes[0] : size - 1;
        uint8_t *exact = malloc(part + 1);
        if (exact == NULL)
            abort();
        memcpy(exact, bytes + 1, part);
        (void)host_meter_received(&host, span_of_bytes(exact, part), now_ms);
        free(exact);
        events_deliver();
        now_ms += 500;
        bytes += part + 1;
        size -= part + 1;
    }
    /* Only water moves the register, and money is never negative without it. */
    if (host.meter.state.volume_ml != 0 || host.meter.state.balance_fen < 0)
        abort();
    host_meter_close(&host);
    return 0;
}
