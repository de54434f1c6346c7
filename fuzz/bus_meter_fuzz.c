/* Meters on a bus, and whatever anybody sends them: bursts with a length byte in front of each. The first byte chooses
 * kind and habits. Whatever comes, an answer is a whole frame of a protocol that the meter speaks, and what it told
 * outlives the power. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/mbus/mbus_frame.h"
#include "meter/port/host/host_bus_meter.h"

#define NOW_S INT64_C(1795219200)
#define STEP_S 3601

static void must(bool holds)
{
    if (!holds)
        abort();
}

static struct bus_meter_config config_make(uint8_t choice)
{
    static const uint8_t address[] = { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 };
    struct bus_meter_config config = bus_meter_config_default((enum bus_meter_kind)(choice % BUS_METER_KIND_COUNT));
    memcpy(config.address, address, sizeof address);
    config.primary = 5;
    config.any_order = true;
    config.prepaid = config.kind != BUS_METER_HEAT && config.kind != BUS_METER_COLD;
    config.preamble_size = choice >> 6;
    config.variant = cjt188_variant_at(choice % 11u);
    return config;
}

static void answer_check(struct span answer)
{
    struct cjt188_frame cjt188;
    struct mbus_frame mbus;
    bool is_cjt188 = cjt188_frame_decode(answer, &cjt188, NULL) == 0;
    bool is_mbus = mbus_frame_decode(answer, &mbus, NULL) == 0;
    must(is_cjt188 || is_mbus);
    must(!is_cjt188 || (cjt188.control & CJT188_FROM_METER) != 0);
    must(!is_mbus || is_cjt188 || (mbus.control & MBUS_CONTROL_FROM_MASTER) == 0);
}

/* The same bytes with the check sum of CJ/T 188 or M-Bus made right, so that the inside is reached. */
static void burst_mend(uint8_t *burst, size_t size)
{
    size_t start = size > 3 && burst[0] == 0x68 && burst[3] == 0x68 ? 4 : burst[0] == 0x10 ? 1 : 0;
    uint8_t sum = 0;
    if (size < start + 3)
        return;
    for (size_t i = start; i < size - 2; i++)
        sum = (uint8_t)(sum + burst[i]);
    burst[size - 2] = sum;
    burst[size - 1] = 0x16;
}

static void ask(struct host_bus_meter *host, const uint8_t *data, size_t size)
{
    uint8_t answer[BUS_METER_ANSWER_LIMIT], burst[256];
    memcpy(burst, data, size);
    for (int mended = 0; mended < 2; mended++) {
        size_t told = host_bus_meter_receive(host, span_of_bytes(burst, size), answer, sizeof answer);
        if (told > 0)
            answer_check(span_of_bytes(answer, told));
        if (size > 0)
            burst_mend(burst, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct host_bus_meter host;
    struct bus_meter_config config = config_make(size > 0 ? data[0] : 0);
    int64_t now_s = NOW_S;
    host_bus_meter_open(&host, 7);
    must(host_bus_meter_power_up(&host, &config, now_s) == 0);
    for (size_t at = 1; at < size;) {
        size_t length = data[at++];
        length = length < size - at ? length : size - at;
        ask(&host, data + at, length);
        at += length;
        bus_meter_flow(&host.meter, 1234567, 4321);
        host_bus_meter_step(&host, now_s += STEP_S);
    }
    struct bus_meter_settings settings = host.meter.settings;
    int64_t told = host.meter.stored_ml;
    must(host_bus_meter_power_up(&host, &config, now_s) == 0);
    must(memcmp(settings.address, host.meter.settings.address, sizeof settings.address) == 0);
    must(memcmp(settings.number, host.meter.settings.number, sizeof settings.number) == 0);
    must(settings.primary == host.meter.settings.primary);
    must(settings.settlement_day == host.meter.settings.settlement_day);
    must(host.meter.state.volume_ml == told);
    host_bus_meter_close(&host);
    return 0;
}
