/* An electricity meter on a line where anybody may send anything, with a load that changes and time that passes. Each
 * step begins with a byte that says which, and a size. After all of it a meter that starts from the flash is the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "codec/dlt645/dlt645_frame.h"
#include "fuzz/open_cipher.h"
#include "meter/port/host/host_electricity.h"

#define NOW_MS INT64_C(1795190400000)
#define HOUR_MS 3600000

static struct host_electricity host;
static struct electricity_config config;
static int64_t now_ms;

static void start(const struct cipher *cipher)
{
    config = electricity_config_default();
    config.parameters.payment[0] = ELECTRICITY_PREPAID;
    config.start_balance_cent = 1000;
    config.answers_1997 = true;
    config.recharge_key[0] = 1;
    now_ms = NOW_MS;
    host_electricity_open(&host, cipher, 7, now_ms);
    if (host_electricity_power_up(&host, &config, now_ms) != 0)
        abort();
}

/* Whatever came in, what goes out is a sound answer. */
static void receive(struct span frame)
{
    uint8_t answer[ELECTRICITY_ANSWER_LIMIT];
    struct dlt645_frame decoded;
    uint8_t *exact = malloc(frame.size + 1);

    if (exact == NULL)
        abort();
    if (frame.size > 0)
        memcpy(exact, frame.bytes, frame.size);
    size_t size = host_electricity_receive(&host, span_of_bytes(exact, frame.size), answer, sizeof answer, now_ms);
    free(exact);
    if (size > 0 && (dlt645_frame_decode(span_of_bytes(answer, size), &decoded, NULL) < 0 ||
                     (decoded.control & DLT645_CONTROL_ANSWER) == 0))
        abort();
}

static void bytes_send(struct span bytes)
{
    receive(bytes);
}

/* Control code and data in a frame to this meter or, when the control code has its top bit, to all. */
static void frame_send(struct span bytes)
{
    uint8_t frame[DLT645_FRAME_SIZE_MAX];
    struct writer writer = writer_of_buffer(frame, sizeof frame);
    struct dlt645_address address = dlt645_address_broadcast;

    if (bytes.size == 0)
        return;
    if ((bytes.bytes[0] & 0x80) == 0)
        memcpy(address.bytes, host.meter.parameters.address, DLT645_ADDRESS_SIZE);
    if (dlt645_frame_encode(&address, bytes.bytes[0] & 0x1f, span_of_bytes(bytes.bytes + 1, bytes.size - 1), &writer) ==
        0)
        receive(writer_span(&writer));
}

static void load_change(struct span bytes)
{
    struct electricity_sample sample;
    struct reader reader = reader_of_span(bytes);
    int32_t *const members[] = { &sample.power_mw, &sample.reactive_mvar, &sample.voltage_mv, &sample.current_ma,
                                 &sample.power_factor };

    memset(&sample, 0, sizeof sample);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        uint32_t value = 0;
        if (reader_take_u32be(&reader, &value) == 0)
            *members[i] = (int32_t)value;
    }
    (void)host_electricity_sample(&host, &sample, now_ms);
}

static void time_pass(struct span bytes)
{
    now_ms += bytes.size * HOUR_MS / 4;
    (void)host_electricity_step(&host, now_ms);
}

static void hand_move(struct span bytes)
{
    if (bytes.size > 0)
        electricity_meter_inputs(&host.meter, bytes.bytes[0], now_ms);
    electricity_meter_button(&host.meter, now_ms);
}

static void (*const steps[])(struct span bytes) = { frame_send, bytes_send, load_change, time_pass, hand_move };

static void restart_compare(void)
{
    host_electricity_power_down(&host, true, now_ms);
    struct electricity_meter before = host.meter;
    const struct electricity_meter *after = &host.meter;

    must(host_electricity_power_up(&host, &config, now_ms) == 0);
    must(memcmp(&before.parameters, &after->parameters, sizeof before.parameters) == 0);
    must(memcmp(before.state.forward_mwh, after->state.forward_mwh, sizeof before.state.forward_mwh) == 0);
    must(memcmp(before.state.reverse_mwh, after->state.reverse_mwh, sizeof before.state.reverse_mwh) == 0);
    must(before.state.balance_grains == after->state.balance_grains);
    must(before.state.purchase_count == after->state.purchase_count);
    must(before.state.holds == after->state.holds);
    must(before.relay_closed == after->relay_closed);
    must(before.events.counts[ELECTRICITY_EVENT_TRIP] == after->events.counts[ELECTRICITY_EVENT_TRIP]);
    must(!host.board.flash.overprogrammed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    start(&open_cipher);
    while (size >= 2) {
        size_t part = bytes[1] < size - 2 ? bytes[1] : size - 2;
        steps[bytes[0] % (sizeof steps / sizeof steps[0])](span_of_bytes(bytes + 2, part));
        bytes += 2 + part;
        size -= 2 + part;
    }
    restart_compare();
    host_electricity_close(&host);
    return 0;
}
