#include "sim/line_meters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"

#define S_PER_HOUR 3600
#define MAKER "MWK"
#define VERSION 1
#define ML_PER_L 1000
#define SUPPLY_CENTI_C 5000
#define RETURN_CENTI_C 3500
#define HEAT_MILLIWATT_PER_L_H_K 1163 /* of water: 1.163 Wh per litre and kelvin */
#define START_VOLUME_ML INT64_C(900000000)
#define START_ENERGY_MWH INT64_C(9000000000) /* 9,000 kWh */
#define DAILY_LOW_ML 150000
#define DAILY_HIGH_ML 600000
#define MS_PER_S 1000
#define MAINS_MV 230000
#define MAINS_MHZ 50000
#define POWER_FACTOR 950
#define LOAD_INTERVAL_MIN 15 /* of the load record */
#define POWER_MW_PER_ML_H 20 /* who draws 30 L in an hour has 600 W on */

static bool is_energy(const struct line_meter *meter)
{
    uint8_t kind = meter->host.meter.config.kind;
    return kind == BUS_METER_HEAT || kind == BUS_METER_COLD;
}

static struct bus_meter_config meter_config(const struct line_meters_config *config, unsigned index,
                                            struct random *random)
{
    unsigned kind = config->kind < BUS_METER_KIND_COUNT ? config->kind : index % BUS_METER_KIND_COUNT;
    struct bus_meter_config made = bus_meter_config_default((enum bus_meter_kind)kind);
    uint64_t number = config->first_number + index;
    char digits[WMBUS_NUMBER_TEXT_SIZE];

    (void)snprintf(digits, sizeof digits, "%08u", (unsigned)number);
    (void)wmbus_address_make(MAKER, digits, VERSION, wmbus_address_type(&made.identity), &made.identity);
    (void)bcd_write((int64_t)number, made.address, sizeof made.address);
    made.protocols = config->protocols;
    made.primary = config->first_primary == 0 ? 0 : (uint8_t)(config->first_primary + index);
    made.preamble_size = config->preamble_size;
    made.any_order = config->any_order;
    made.zone_offset_s = config->zone_offset_s;
    made.start_volume_ml = random_between(random, 0, START_VOLUME_ML);
    made.start_energy_wh = made.start_volume_ml / ML_PER_L * 17;
    return made;
}

static void current_flow(struct line_meter *meter, int64_t hour_ml, int64_t now_s)
{
    int32_t power_mw = (int32_t)(hour_ml * POWER_MW_PER_ML_H);
    struct electricity_sample sample = electricity_sample_of(MAINS_MV, power_mw, POWER_FACTOR, MAINS_MHZ);
    (void)host_electricity_sample(meter->electricity, &sample, now_s * MS_PER_S);
}

static void quantity_flow(struct line_meter *meter, int64_t hour_ml, int64_t span_s)
{
    struct bus_meter_sensors sensors = { .flow_l_h = (int32_t)(hour_ml / ML_PER_L) };
    if (is_energy(meter)) {
        sensors.supply_centi_c = SUPPLY_CENTI_C;
        sensors.return_centi_c = RETURN_CENTI_C;
        sensors.power_w = sensors.flow_l_h * (SUPPLY_CENTI_C - RETURN_CENTI_C) / 100 * HEAT_MILLIWATT_PER_L_H_K / 1000;
    }
    meter->volume_rest += hour_ml * span_s;
    meter->energy_rest += sensors.power_w * span_s;
    bus_meter_sense(&meter->host.meter, &sensors);
    bus_meter_flow(&meter->host.meter, meter->volume_rest / S_PER_HOUR, meter->energy_rest / S_PER_HOUR);
    meter->volume_rest %= S_PER_HOUR;
    meter->energy_rest %= S_PER_HOUR;
}

/* What flows in one hour flows evenly. */
static void meter_live(struct line_meter *meter, const struct line_meters *meters, int64_t span_s)
{
    int32_t zone_s = meters->config.zone_offset_s;
    int hour = calendar_second_of_day(meters->now_s, zone_s) / S_PER_HOUR;
    int64_t hour_ml = usage_hour_ml(&meter->home, calendar_local_day(meters->now_s, zone_s), hour);
    if (meter->electricity != NULL) {
        current_flow(meter, hour_ml, meters->now_s);
        return;
    }
    quantity_flow(meter, hour_ml, span_s);
    host_bus_meter_step(&meter->host, meters->now_s);
}

static size_t electricity_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct host_electricity *meter = slave;
    return host_electricity_receive(meter, frame, answer, limit, meter->board.now_ms);
}

static int electricity_start(struct line_meter *meter, const struct line_meters *meters, unsigned index,
                             struct random *random)
{
    struct electricity_config made = electricity_config_default();
    int64_t now_ms = meters->now_s * MS_PER_S;

    (void)bcd_write((int64_t)(meters->config.first_number + index), made.parameters.address,
                    sizeof made.parameters.address);
    made.zone_offset_s = meters->config.zone_offset_s;
    made.credit = meters->config.credit;
    made.start_forward_mwh = random_between(random, 0, START_ENERGY_MWH);
    (void)electricity_parameter_set_number(&made.parameters, ELECTRICITY_LOAD_INTERVAL, LOAD_INTERVAL_MIN);
    meter->electricity = calloc(1, sizeof *meter->electricity);
    if (meter->electricity == NULL)
        return -1;
    memcpy(made.recharge_key, meters->config.key.bytes, sizeof made.recharge_key);
    host_electricity_open(meter->electricity, meters->config.key.cipher, meters->config.seed + index, now_ms);
    meter->slave.slave = meter->electricity;
    meter->slave.receive = electricity_receive;
    return host_electricity_power_up(meter->electricity, &made, now_ms);
}

static int bus_start(struct line_meter *meter, const struct line_meters *meters, unsigned index, struct random *random)
{
    struct bus_meter_config made = meter_config(&meters->config, index, random);
    meter->slave.slave = &meter->host;
    meter->slave.receive = host_bus_meter_receive;
    host_bus_meter_open(&meter->host, meters->config.seed + index);
    return host_bus_meter_power_up(&meter->host, &made, meters->now_s);
}

static int meter_start(struct line_meters *meters, unsigned index, struct random *random)
{
    const struct line_meters_config *config = &meters->config;
    struct line_meter *meter = &meters->meters[index];

    meter->home = (struct usage_home){ config->seed, index, USAGE_FAMILY,
                                       (int32_t)random_between(random, DAILY_LOW_ML, DAILY_HIGH_ML), 0 };
    meter->slave.delay_low_us = config->delay_low_us;
    meter->slave.delay_high_us = config->delay_high_us;
    int error = config->protocols == LINE_METERS_DLT645 ? electricity_start(meter, meters, index, random)
                                                        : bus_start(meter, meters, index, random);
    if (error < 0)
        return -1;
    line_attach(meters->line, &meter->slave);
    meter_live(meter, meters, 0); /* the sensors of this hour */
    return 0;
}

int line_meters_open(struct line_meters *meters, const struct line_meters_config *config, struct line *line,
                     int64_t now_s)
{
    struct random random = random_of_seed(config->seed);
    bool is_allowed = config->count >= 1 && config->count <= LINE_METERS_LIMIT &&
                      config->first_number + config->count - 1 <= LINE_METERS_NUMBER_LIMIT &&
                      (config->first_primary == 0 || config->first_primary + config->count - 1 <= LINE_METERS_LIMIT);

    memset(meters, 0, sizeof *meters);
    meters->config = *config;
    meters->line = line;
    meters->now_s = now_s;
    meters->meters = is_allowed ? calloc(config->count, sizeof *meters->meters) : NULL;
    if (meters->meters == NULL)
        return -1;
    for (unsigned i = 0; i < config->count; i++) {
        if (meter_start(meters, i, &random) < 0) {
            line_meters_close(meters);
            return -1;
        }
    }
    return 0;
}

void line_meters_close(struct line_meters *meters)
{
    for (unsigned i = 0; meters->meters != NULL && i < meters->config.count; i++) {
        struct line_meter *meter = &meters->meters[i];
        line_detach(meters->line, &meter->slave);
        host_bus_meter_close(&meter->host);
        if (meter->electricity != NULL)
            host_electricity_close(meter->electricity);
        free(meter->electricity);
    }
    free(meters->meters);
    meters->meters = NULL;
}

void line_meters_step(struct line_meters *meters, int64_t now_s)
{
    int64_t span_s = now_s - meters->now_s;
    if (span_s <= 0)
        return;
    meters->now_s = now_s;
    for (unsigned i = 0; i < meters->config.count; i++)
        meter_live(&meters->meters[i], meters, span_s);
}
