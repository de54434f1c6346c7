#include "sim/concentrator_meters.h"

#include <stdlib.h>
#include <string.h>

#include "codec/bcd/bcd.h"

#define HOUR_MS INT64_C(3600000)
#define MS_PER_S 1000
#define WH_PER_CENTI 10
#define ENTRIES_AT_ONCE 30
#define MWH_PER_CENTI 10000
#define ML_PER_CENTI 10000
#define DELAY_LOW_US 20000
#define DELAY_HIGH_US 60000
#define BAUD_2400 3

static const enum bus_meter_kind kinds[] = {
    [CONCENTRATOR_METER_WATER] = BUS_METER_COLD_WATER,
    [CONCENTRATOR_METER_GAS] = BUS_METER_GAS,
    [CONCENTRATOR_METER_HEAT] = BUS_METER_HEAT,
};

static bool is_electricity(const struct concentrator_line_meter *meter)
{
    return meter->use == CONCENTRATOR_METER_ELECTRICITY;
}

static void bus_catch_up(struct concentrator_line_meter *meter, int64_t now_ms)
{
    int64_t hours_ms = now_ms - meter->now_ms, amount = meter->pace * hours_ms / HOUR_MS;

    /* Whole units only; the time of what is left over is not used up. */
    meter->now_ms += meter->pace == 0 ? hours_ms : amount * HOUR_MS / meter->pace;
    host_bus_meter_step(&meter->host.bus, now_ms / MS_PER_S);
    if (meter->use == CONCENTRATOR_METER_HEAT)
        bus_meter_flow(&meter->host.bus.meter, amount * 100, amount);
    else
        bus_meter_flow(&meter->host.bus.meter, amount * 1000, 0);
}

static void catch_up(struct concentrator_line_meter *meter)
{
    int64_t now_ms = meter->site->now_ms;

    if (is_electricity(meter))
        (void)host_electricity_step(&meter->host.electricity, now_ms);
    else
        bus_catch_up(meter, now_ms);
}

static size_t meter_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct concentrator_line_meter *meter = slave;

    catch_up(meter);
    if (is_electricity(meter))
        return host_electricity_receive(&meter->host.electricity, frame, answer, limit, meter->site->now_ms);
    return host_bus_meter_receive(&meter->host.bus, frame, answer, limit);
}

static int electricity_begin(struct concentrator_line_meter *meter, const struct meter_key *key, uint64_t seed)
{
    struct electricity_config config = electricity_config_default();
    struct electricity_sample sample = electricity_sample_of(220000, meter->pace * 1000, 950, 50000);
    int64_t now_ms = meter->site->now_ms;

    (void)!bcd_write((int64_t)meter->address, config.parameters.address, sizeof config.parameters.address);
    if (key != NULL)
        memcpy(config.recharge_key, key->bytes, sizeof config.recharge_key);
    host_electricity_open(&meter->host.electricity, key != NULL ? key->cipher : NULL, seed, now_ms);
    int result = host_electricity_power_up(&meter->host.electricity, &config, now_ms);
    (void)host_electricity_sample(&meter->host.electricity, &sample, now_ms);
    return result;
}

static int bus_begin(struct concentrator_line_meter *meter, uint64_t seed)
{
    struct bus_meter_config config = bus_meter_config_default(kinds[meter->use]);

    memset(config.address, 0, sizeof config.address);
    (void)!bcd_write((int64_t)meter->address, config.address, CJT188_ADDRESS_SIZE - 1);
    meter->now_ms = meter->site->now_ms;
    host_bus_meter_open(&meter->host.bus, seed);
    return host_bus_meter_power_up(&meter->host.bus, &config, meter->now_ms / MS_PER_S);
}

static int meter_begin(struct concentrator_line_meter *meter, struct concentrator_site *site,
                       const struct meter_key *key, uint64_t seed)
{
    meter->site = site;
    meter->pace = 50 + (int32_t)(seed % 997);
    meter->slave.slave = meter;
    meter->slave.receive = meter_receive;
    meter->slave.delay_low_us = DELAY_LOW_US;
    meter->slave.delay_high_us = DELAY_HIGH_US;
    if ((is_electricity(meter) ? electricity_begin(meter, key, seed) : bus_begin(meter, seed)) < 0)
        return -1;
    return concentrator_site_attach(
        site, is_electricity(meter) ? CONCENTRATOR_METERS_PORT_ELECTRICITY : CONCENTRATOR_METERS_PORT_BUS,
        &meter->slave);
}

int concentrator_meters_open(struct concentrator_meters *meters, struct concentrator_site *site, size_t count,
                             bool is_four, uint64_t first_address, const struct meter_key *key, uint64_t seed)
{
    memset(meters, 0, sizeof *meters);
    meters->meters = calloc(count == 0 ? 1 : count, sizeof meters->meters[0]);
    if (meters->meters == NULL)
        return -1;
    for (size_t i = 0; i < count; i++) {
        meters->meters[i].address = first_address + i;
        meters->meters[i].use = (uint8_t)(is_four ? i % CONCENTRATOR_METER_USE_COUNT : 0);
        meters->count = i + 1;
        if (meter_begin(&meters->meters[i], site, key, (seed + i + 1) * UINT64_C(2654435761)) < 0) {
            concentrator_meters_close(meters);
            return -1;
        }
    }
    return 0;
}

void concentrator_meters_close(struct concentrator_meters *meters)
{
    for (size_t i = 0; i < meters->count; i++)
        if (is_electricity(&meters->meters[i]))
            host_electricity_close(&meters->meters[i].host.electricity);
        else
            host_bus_meter_close(&meters->meters[i].host.bus);
    free(meters->meters);
    memset(meters, 0, sizeof *meters);
}

struct q376_archive_entry concentrator_meters_entry(const struct concentrator_meters *meters, size_t index)
{
    const struct concentrator_line_meter *meter = &meters->meters[index];
    struct q376_archive_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.number = (uint16_t)(index + 1);
    entry.point = (uint16_t)(index + 1);
    entry.baud = BAUD_2400;
    entry.port = is_electricity(meter) ? CONCENTRATOR_METERS_PORT_ELECTRICITY : CONCENTRATOR_METERS_PORT_BUS;
    entry.protocol = is_electricity(meter) ? CONCENTRATOR_PROTOCOL_DLT645_2007 : CONCENTRATOR_PROTOCOL_CJT188;
    entry.address = meter->address;
    entry.tariffs = is_electricity(meter) ? 4 : 1;
    entry.integer_digits = 6;
    entry.decimal_digits = 2;
    entry.user_major = 1;
    return entry;
}

int concentrator_meters_enter(const struct concentrator_meters *meters, struct concentrator_site *site)
{
    struct q376_archive_entry entries[ENTRIES_AT_ONCE];
    int result = 0;

    for (size_t i = 0; i < meters->count && result == 0; i += ENTRIES_AT_ONCE) {
        size_t count = 0;
        while (count < ENTRIES_AT_ONCE && i + count < meters->count) {
            entries[count] = concentrator_meters_entry(meters, i + count);
            count++;
        }
        result = concentrator_archive_enter(&site->host.core, entries, count);
    }
    site->core_due_ms = site->now_ms;
    return result;
}

int64_t concentrator_meters_register(struct concentrator_meters *meters, size_t index)
{
    struct concentrator_line_meter *meter = &meters->meters[index];

    catch_up(meter);
    if (is_electricity(meter))
        return electricity_forward_mwh(&meter->host.electricity.meter, 0) / MWH_PER_CENTI;
    int64_t amount = bus_meter_register(&meter->host.bus.meter);
    return meter->use == CONCENTRATOR_METER_HEAT ? amount / WH_PER_CENTI : amount / ML_PER_CENTI;
}
