#include "sim/town.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "sim/network.h"
#include "sim/town_water.h"

#define PULSE_ML 1000
#define BATTERY_LOW_MV 2900
#define CLOCK_FAST_S 39600
#define MAGNET_AFTER_MS INT64_C(20000000)
#define FIRMWARE_VERSION 0x020104u
#define METER_OVERDRAFT_FEN 2000
#define METER_LOW_FEN 0 /* the alarm means debt; reminders are the platform's */

/* The household tariff as the meter's own price steps: water and sewage together, 1e-4 yuan. */
static const struct water_meter_price_steps price_steps = {
    .count = 3, .steps = { { 312000, 29000 }, { 408000, 39000 }, { WATER_METER_PRICE_STEP_OPEN, 69000 } },
};

struct town_meter {
    struct host_meter host;
    struct town_water water;
    int64_t core_due_ms;
    int64_t power_up_ms;  /* AGENDA_NEVER when done, or never */
    int64_t attach_ms;    /* the search ends; AGENDA_NEVER none runs */
    int64_t magnet_ms;
    bool attach_found;
};

/* A datagram in the air. */
struct packet {
    uint32_t home;
    uint16_t size;
    bool to_meter;
    uint8_t bytes[TOWN_PACKET_SIZE];
};

struct town {
    struct town_config config;
    struct agenda agenda;         /* homes first, packets behind them */
    struct town_meter *meters;
    struct packet *packets;
    uint32_t *free_packets;
    uint32_t free_count;
    uint32_t packet_limit;
    struct random random;
    int64_t now_ms;
    struct town_counts counts;
};

static const struct town_home *home_of(const struct town *town, uint32_t home)
{
    return &town->config.plan->homes[home];
}

static enum coverage coverage_of(const struct town *town, uint32_t home)
{
    if (town->config.coverage >= 0)
        return (enum coverage)town->config.coverage;
    return (enum coverage)home_of(town, home)->coverage;
}

static bool has_flaw(const struct town *town, uint32_t home, enum town_flaw flaw)
{
    return !town->config.is_flawless && home_of(town, home)->flaw == flaw;
}

static void packet_launch(struct town *town, uint32_t home, bool to_meter, struct span bytes, int64_t at_ms)
{
    uint32_t slot;

    if (town->free_count == 0 || bytes.size > TOWN_PACKET_SIZE) {
        town->counts.overflowed++;
        return;
    }
    slot = town->free_packets[--town->free_count];
    town->packets[slot].home = home;
    town->packets[slot].to_meter = to_meter;
    town->packets[slot].size = (uint16_t)bytes.size;
    memcpy(town->packets[slot].bytes, bytes.bytes, bytes.size);
    agenda_set(&town->agenda, (uint32_t)town->config.plan->home_count + slot, at_ms);
}

static void air(struct town *town, uint32_t home, bool to_meter, struct span bytes, int64_t now_ms)
{
    int64_t delays_ms[NETWORK_COPY_LIMIT];
    int copies = network_route(coverage_of(town, home), &town->random, delays_ms);

    town->counts.lost += copies == 0;
    town->counts.doubled += copies > 1;
    for (int i = 0; i < copies; i++)
        packet_launch(town, home, to_meter, bytes, now_ms + delays_ms[i]);
}

static void radio_open(void *context, struct host_meter *host)
{
    struct town *town = context;
    uint32_t home = (uint32_t)host->tag;
    struct town_meter *meter = &town->meters[home];
    int64_t after_ms = network_attach_ms(coverage_of(town, home), &town->random);

    meter->attach_found = after_ms >= 0;
    meter->attach_ms = host->board.now_ms + (after_ms >= 0 ? after_ms : 20000);
}

static void radio_close(void *context, struct host_meter *host)
{
    struct town *town = context;
    uint32_t home = (uint32_t)host->tag;

    town->meters[home].attach_ms = AGENDA_NEVER;
    if (town->config.ports.awake != NULL)
        town->config.ports.awake(town->config.ports.context, home, false, host->board.now_ms);
}

static void radio_send(void *context, struct host_meter *host, struct span bytes, enum meter_release release)
{
    struct town *town = context;

    (void)release;
    town->counts.sent++;
    air(town, (uint32_t)host->tag, false, bytes, host->board.now_ms);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void home_reschedule(struct town *town, uint32_t home)
{
    const struct town_meter *meter = &town->meters[home];
    int64_t due_ms = earlier(meter->power_up_ms, earlier(meter->core_due_ms, meter->attach_ms));

    if (meter->host.board.is_powered)
        due_ms = earlier(due_ms, earlier(meter->water.due_ms, meter->magnet_ms));
    agenda_set(&town->agenda, home, due_ms);
}

/* Quarter-hours need larger sectors. */
static const struct meter_flash_geometry interval_flash = { METER_INTERVAL_SECTOR_SMALLEST, 4, 8 };

static bool keeps_intervals(const struct town *town, uint32_t home)
{
    return town->config.interval_every != 0 && home % town->config.interval_every == 0;
}

static struct meter_config meter_config_of(const struct town_home *home, int64_t start_volume_ml)
{
    struct meter_config config = meter_config_default();

    config.imei = home->imei_text;
    config.meter_number = home->meter_number;
    config.maker = town_maker_name(home->maker);
    config.type = home->size_dn_mm == 15 ? "LXZ-15" : "LXZ-25";
    config.firmware_version = FIRMWARE_VERSION;
    config.zone_offset_s = TOWN_ZONE_OFFSET_S;
    config.pulse_ml = PULSE_ML;
    config.start_volume_ml = start_volume_ml;
    config.has_valve = true;
    config.price_cycle_months = 12;
    config.prepayment = home->payment == TOWN_PREPAID_METER;
    config.parameters.report_period_s = home->report_period_s;
    config.parameters.report_time_s = home->report_time_s;
    config.parameters.flow_limit_ml_h = home->flow_limit_ml_per_h;
    config.parameters.low_balance_fen = METER_LOW_FEN;
    config.parameters.overdraft_fen = METER_OVERDRAFT_FEN;
    config.parameters.price_steps = price_steps;
    return config;
}

static void power_up(struct town *town, uint32_t index, int64_t now_ms)
{
    struct town_meter *meter = &town->meters[index];
    const struct town_home *home = home_of(town, index);
    int64_t day = calendar_local_day(now_ms / 1000, TOWN_ZONE_OFFSET_S);
    struct meter_config config = meter_config_of(home, town_register_ml(home, town->config.history_day, day));

    config.interval_log = keeps_intervals(town, index);
    meter->power_up_ms = AGENDA_NEVER;
    /* A meter whose flash fails counts and reports nevertheless. */
    (void)host_meter_power_up(&meter->host, &config, now_ms);
    town_water_begin(&meter->water, home, now_ms);
    meter->core_due_ms = host_meter_step(&meter->host, now_ms);
}

static void attach_end(struct town_meter *meter, struct town *town, uint32_t home, int64_t now_ms)
{
    meter->attach_ms = AGENDA_NEVER;
    if (meter->attach_found && town->config.ports.awake != NULL)
        town->config.ports.awake(town->config.ports.context, home, true, now_ms);
    meter->core_due_ms = host_meter_attached(&meter->host, meter->attach_found, now_ms);
}

static void water_draw(struct town *town, uint32_t home, int64_t now_ms)
{
    struct town_meter *meter = &town->meters[home];
    bool supplied = meter->host.valve.position != METER_POSITION_CLOSED;
    int32_t litres = town_water_draw_l(&meter->water, home_of(town, home), supplied);

    if (litres == 0)
        return;
    town->counts.drawn_ml += (uint64_t)litres * PULSE_ML;
    if (has_flaw(town, home, TOWN_REVERSED))
        litres = -litres;
    meter->core_due_ms = host_meter_pulse(&meter->host, litres, now_ms);
}

static void home_run(struct town *town, uint32_t home, int64_t now_ms)
{
    struct town_meter *meter = &town->meters[home];

    if (meter->power_up_ms <= now_ms)
        power_up(town, home, now_ms);
    if (meter->attach_ms <= now_ms)
        attach_end(meter, town, home, now_ms);
    if (meter->host.board.is_powered && meter->water.due_ms <= now_ms)
        water_draw(town, home, now_ms);
    if (meter->host.board.is_powered && meter->magnet_ms <= now_ms) {
        meter->magnet_ms = AGENDA_NEVER;
        meter->core_due_ms = host_meter_set_sensors(&meter->host, METER_SENSOR_MAGNET, now_ms);
    }
    if (meter->core_due_ms <= now_ms)
        meter->core_due_ms = host_meter_step(&meter->host, now_ms);
    home_reschedule(town, home);
}

static void packet_land(struct town *town, uint32_t slot, int64_t now_ms)
{
    struct packet *packet = &town->packets[slot];
    struct span bytes = { packet->bytes, packet->size };

    if (packet->to_meter) {
        struct town_meter *meter = &town->meters[packet->home];
        town->counts.received++;
        if (meter->host.board.is_powered) {
            meter->core_due_ms = host_meter_received(&meter->host, bytes, now_ms);
            home_reschedule(town, packet->home);
        }
    } else {
        town->config.ports.send(town->config.ports.context, packet->home, bytes, now_ms);
    }
    town->free_packets[town->free_count++] = slot;
}

void town_run(struct town *town, int64_t now_ms)
{
    uint32_t homes = (uint32_t)town->config.plan->home_count;
    uint32_t subject;
    int64_t at_ms;

    while (agenda_take(&town->agenda, now_ms, &subject, &at_ms)) {
        if (at_ms < town->now_ms)
            at_ms = town->now_ms;
        town->now_ms = at_ms;
        if (subject < homes)
            home_run(town, subject, at_ms);
        else
            packet_land(town, subject - homes, at_ms);
    }
    if (now_ms > town->now_ms)
        town->now_ms = now_ms;
}

int64_t town_due_ms(const struct town *town)
{
    return agenda_first_ms(&town->agenda);
}

void town_receive(struct town *town, uint32_t home, struct span bytes, int64_t now_ms)
{
    if (home < town->config.plan->home_count)
        air(town, home, true, bytes, now_ms > town->now_ms ? now_ms : town->now_ms);
}

void town_button(struct town *town, uint32_t home, int64_t now_ms)
{
    if (home >= town->config.plan->home_count || !town->meters[home].host.board.is_powered)
        return;
    town->meters[home].core_due_ms = host_meter_button(&town->meters[home].host, now_ms);
    home_reschedule(town, home);
}

void town_restart(struct town *town, uint32_t home, int64_t now_ms)
{
    struct town_meter *meter = &town->meters[home];
    struct meter_config config = meter->host.meter.config;

    if (!meter->host.board.is_powered)
        return;
    meter->attach_ms = AGENDA_NEVER;
    if (town->config.ports.awake != NULL)
        town->config.ports.awake(town->config.ports.context, home, false, now_ms);
    (void)host_meter_power_up(&meter->host, &config, now_ms);
    meter->core_due_ms = host_meter_step(&meter->host, now_ms);
    home_reschedule(town, home);
}

const struct host_meter *town_meter(const struct town *town, uint32_t home)
{
    return home < town->config.plan->home_count ? &town->meters[home].host : NULL;
}

struct town_counts town_counts(const struct town *town)
{
    return town->counts;
}

static void meter_make(struct town *town, uint32_t home)
{
    struct town_meter *meter = &town->meters[home];
    const struct host_meter_ports ports = { .context = town, .radio_open = radio_open, .radio_close = radio_close,
                                            .radio_send = radio_send };
    const struct coverage_row *coverage = coverage_row(coverage_of(town, home));
    int64_t spread_ms = town->config.power_up_spread_ms;

    host_meter_open(&meter->host, &ports, random_next(&town->random), town->config.start_ms);
    if (keeps_intervals(town, home))
        host_meter_flash_choose(&meter->host, interval_flash);
    meter->host.tag = home;
    meter->host.signal.rsrp_dbm = (int16_t)(coverage->rsrp_dbm - random_between(&town->random, 0, 5));
    meter->host.signal.snr_db = coverage->snr_db;
    meter->host.signal.coverage_level = coverage->coverage_level;
    meter->host.battery_mv = (uint16_t)random_between(&town->random, 3520, 3660);
    meter->host.valve.is_stuck = has_flaw(town, home, TOWN_VALVE_STUCK);
    if (has_flaw(town, home, TOWN_BATTERY_LOW))
        meter->host.battery_mv = BATTERY_LOW_MV;
    if (has_flaw(town, home, TOWN_CLOCK_WRONG))
        meter->host.board.clock_offset_s = CLOCK_FAST_S;
    meter->attach_ms = AGENDA_NEVER;
    meter->core_due_ms = AGENDA_NEVER;
    meter->magnet_ms = has_flaw(town, home, TOWN_MAGNET) ? town->config.start_ms + MAGNET_AFTER_MS : AGENDA_NEVER;
    meter->power_up_ms = town->config.start_ms + random_between(&town->random, 0, spread_ms);
    if (has_flaw(town, home, TOWN_BATTERY_DEAD))
        meter->power_up_ms = AGENDA_NEVER;
    home_reschedule(town, home);
}

static int town_make(struct town *town)
{
    uint32_t homes = (uint32_t)town->config.plan->home_count;

    town->packet_limit = town->config.packets == 0 ? TOWN_PACKETS_DEFAULT : town->config.packets;
    town->meters = calloc(homes, sizeof *town->meters);
    town->packets = calloc(town->packet_limit, sizeof *town->packets);
    town->free_packets = calloc(town->packet_limit, sizeof *town->free_packets);
    if (town->meters == NULL || town->packets == NULL || town->free_packets == NULL ||
        agenda_open(&town->agenda, homes + town->packet_limit) < 0)
        return -1;
    for (uint32_t slot = town->packet_limit; slot > 0; slot--)
        town->free_packets[town->free_count++] = slot - 1;
    for (uint32_t home = 0; home < homes; home++)
        meter_make(town, home);
    return 0;
}

int town_open(const struct town_config *config, struct town **out)
{
    struct town *town = calloc(1, sizeof *town);

    if (town == NULL)
        return -1;
    town->config = *config;
    town->now_ms = config->start_ms;
    town->random = random_of_stream(config->plan->config.seed, UINT64_MAX);
    if (town_make(town) < 0) {
        town_close(town);
        return -1;
    }
    *out = town;
    return 0;
}

void town_close(struct town *town)
{
    if (town == NULL)
        return;
    for (uint32_t home = 0; town->meters != NULL && home < town->config.plan->home_count; home++)
        host_meter_close(&town->meters[home].host);
    agenda_close(&town->agenda);
    free(town->meters);
    free(town->packets);
    free(town->free_packets);
    free(town);
}
