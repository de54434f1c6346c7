#include "meter/core/electricity/electricity_meter.h"

#include <string.h>

#include "base/magnitude.h"
#include "codec/bcd/bcd.h"
#include "meter/core/electricity/electricity_internal.h"

#define PART_LIMIT_MS 86400000 /* energy is added at most so long at once */
#define FACTOR_ONE 1000
#define DEFAULT_COMMIT_MWH 100000 /* 0.1 kWh */
#define COMMIT_SMALLEST_MWH 1000
#define COMMIT_RETRY_MS 3600000
#define COMMIT_LARGEST_MWH 100000000
#define BEIJING_S 28800
#define ZONE_LIMIT_S 50400

const char *electricity_error_text(int error)
{
#define ERROR_CASE(name, value, text) \
    case name: \
        return text;
    switch (error) {
        ELECTRICITY_ERRORS(ERROR_CASE)
    default:
        return "unknown error";
    }
#undef ERROR_CASE
}

/* What differs from zeros at the factory, as the digits show it. */
static const struct {
    uint32_t identifier;
    uint32_t number;
} defaults[] = {
    { 0x04000201, 1 },    /* one year zone */
    { 0x04000202, 1 },    /* one day table */
    { 0x04000203, 1 },    /* one switch a day */
    { 0x04000204, 4 },    /* four tariffs */
    { 0x04000401, 1 },    /* address */
    { 0x04000402, 1 },    /* meter number */
    { 0x04000409, 1200 }, /* impulses a kWh */
    { 0x04000601, 5 },    /* combined energy: forward and reverse added */
    { 0x04000703, 8 },    /* 2,400 bits a second */
    { ELECTRICITY_LOAD_INTERVAL, 60 },
    { 0x04000b01, 100 },  /* settlement on the first, 0 h */
    { 0x04000b02, 9999 },
    { 0x04000b03, 9999 },
    { 0x04050101, 5000 },
    { 0x04050102, 5000 },
    { 0x04050103, 5000 },
    { 0x04050104, 5000 },
    { 0x04050201, 5000 },
    { 0x04050202, 5000 },
    { 0x04050203, 5000 },
    { 0x04050204, 5000 },
    { ELECTRICITY_TRIPS_ALLOWED, 3 },
};

static void tables_default(struct electricity_parameters *parameters)
{
    const uint8_t zone[] = { 0x01, 0x01, 0x01 };   /* from the first of January table 1 */
    const uint8_t period[] = { 0x01, 0x00, 0x00 }; /* from midnight tariff 1 */

    for (uint32_t set = 0; set < 2; set++) {
        uint32_t first = ELECTRICITY_ZONES + (set << 16);
        (void)electricity_parameter_set(parameters, first, span_of_bytes(zone, sizeof zone));
        for (uint32_t table = 1; table <= ELECTRICITY_DAY_TABLE_LIMIT; table++)
            (void)electricity_parameter_set(parameters, first + table, span_of_bytes(period, sizeof period));
    }
}

struct electricity_config electricity_config_default(void)
{
    struct electricity_config config;

    memset(&config, 0, sizeof config);
    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        (void)electricity_parameter_set_number(&config.parameters, defaults[i].identifier, defaults[i].number);
    tables_default(&config.parameters);
    config.parameters.weekend_days[0] = 0x7f;
    config.zone_offset_s = BEIJING_S;
    config.commit_mwh = DEFAULT_COMMIT_MWH;
    return config;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t root_of(int64_t square)
{
    int64_t low = 0, high = INT32_MAX;

    while (low < high) {
        int64_t middle = (low + high + 1) / 2;
        if (middle * middle <= square)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

struct electricity_sample electricity_sample_of(int32_t voltage_mv, int32_t power_mw, int32_t power_factor,
                                                int32_t frequency_mhz)
{
    struct electricity_sample sample;
    int64_t size_mw = power_mw < 0 ? -(int64_t)power_mw : power_mw;
    int64_t apparent_mva = smaller(size_mw * FACTOR_ONE / power_factor, INT32_MAX);

    memset(&sample, 0, sizeof sample);
    sample.voltage_mv = voltage_mv;
    sample.current_ma = (int32_t)smaller(apparent_mva * 1000 / voltage_mv, INT32_MAX);
    sample.power_mw = power_mw;
    sample.reactive_mvar = (int32_t)root_of(apparent_mva * apparent_mva - size_mw * size_mw);
    sample.power_factor = power_mw < 0 ? -power_factor : power_factor;
    sample.frequency_mhz = frequency_mhz;
    sample.neutral_current_ma = sample.current_ma;
    return sample;
}

static bool config_is_sound(const struct electricity_config *config, const struct electricity_hal *hal)
{
    return config->commit_mwh >= COMMIT_SMALLEST_MWH && config->commit_mwh <= COMMIT_LARGEST_MWH &&
           config->zone_offset_s >= -ZONE_LIMIT_S && config->zone_offset_s <= ZONE_LIMIT_S &&
           config->start_forward_mwh >= 0 && config->start_forward_mwh <= ELECTRICITY_START_LIMIT_MWH &&
           config->start_balance_cent >= -ELECTRICITY_BALANCE_LIMIT_CENT &&
           config->start_balance_cent <= ELECTRICITY_BALANCE_LIMIT_CENT &&
           hal->flash.sector_size >= ELECTRICITY_SECTOR_SMALLEST;
}

static void journal_hal_fill(struct electricity_meter *meter)
{
    const struct electricity_hal *hal = meter->hal;

    meter->journal_hal.context = hal->context;
    meter->journal_hal.flash = hal->flash;
    meter->journal_hal.flash_read = hal->flash_read;
    meter->journal_hal.flash_program = hal->flash_program;
    meter->journal_hal.flash_erase = hal->flash_erase;
}

/* A purchase is noted before its money is kept: without the money it never was. */
static void purchases_check(struct electricity_meter *meter)
{
    uint32_t *count = &meter->events.counts[ELECTRICITY_EVENT_PURCHASE];
    if (*count > meter->state.purchase_count)
        *count = meter->state.purchase_count;
}

/* An outage that was noted already, before the power went again, is only made longer. */
static void power_down_note(struct electricity_meter *meter, uint32_t down_s)
{
    struct electricity_event event = { { down_s, (uint32_t)electricity_clock_read(meter) } };
    const struct electricity_event *last = electricity_events_last(&meter->events, ELECTRICITY_EVENT_POWER_DOWN, 1);

    if (last != NULL && last->values[0] == down_s)
        electricity_event_amend(meter, ELECTRICITY_EVENT_POWER_DOWN, &event);
    else
        electricity_event_note(meter, ELECTRICITY_EVENT_POWER_DOWN, &event);
}

int electricity_meter_open(struct electricity_meter *meter, const struct electricity_hal *hal,
                           const struct electricity_config *config)
{
    if (!config_is_sound(config, hal))
        return ELECTRICITY_ERR_CONFIG;
    memset(meter, 0, sizeof *meter);
    meter->config = *config;
    meter->hal = hal;
    journal_hal_fill(meter);
    int found = electricity_store_load(meter);
    if (found == ELECTRICITY_ERR_CONFIG)
        return found;
    purchases_check(meter);
    if (found > 0)
        power_down_note(meter, meter->state.clock_s);
    electricity_clock_resume(meter);
    (void)electricity_store_state(meter);
    electricity_limit_open(meter);
    electricity_relay_restore(meter);
    electricity_relay_judge(meter);
    return found < 0 ? found : 0;
}

/* A flash that refuses is not erased at every step. */
static void commit_when_due(struct electricity_meter *meter)
{
    if (meter->uncommitted_mwh < (int64_t)meter->config.commit_mwh || meter->now_ms < meter->commit_due_ms)
        return;
    if (electricity_store_state(meter) < 0)
        meter->commit_due_ms = meter->now_ms + COMMIT_RETRY_MS;
}

/* Milliseconds from the present place to the next thing that may be due, at most `left_ms`. */
static int64_t part_find(const struct electricity_meter *meter, int64_t local_s, int64_t limit_due_ms, int64_t left_ms)
{
    int64_t part_ms = smaller(left_ms, PART_LIMIT_MS);

    if (local_s != 0) {
        int64_t wait_ms = (electricity_clock_boundary(meter, local_s) - local_s) * ELECTRICITY_MS_PER_S;
        part_ms = smaller(part_ms, wait_ms);
    }
    if (limit_due_ms > meter->now_ms && limit_due_ms - meter->now_ms < part_ms)
        part_ms = limit_due_ms - meter->now_ms;
    return part_ms;
}

/* From one boundary to the next, as if the meter had been stepped at each. Returns when a limit is due. */
static int64_t time_walk(struct electricity_meter *meter, int64_t now_ms)
{
    int64_t clock_s = electricity_clock_read(meter);
    int64_t limit_due_ms = electricity_limit_step(meter);

    while (meter->now_ms < now_ms) {
        int64_t left_ms = now_ms - meter->now_ms;
        int64_t local_s = clock_s == 0 ? 0 : clock_s - left_ms / ELECTRICITY_MS_PER_S;
        int64_t part_ms = part_find(meter, local_s, limit_due_ms, left_ms);
        electricity_energy_add(meter, part_ms);
        meter->now_ms += part_ms;
        meter->local_s = clock_s == 0 ? 0 : clock_s - (now_ms - meter->now_ms) / ELECTRICITY_MS_PER_S;
        electricity_clock_pass(meter);
        electricity_relay_judge(meter);
        limit_due_ms = electricity_limit_step(meter);
        commit_when_due(meter);
    }
    return limit_due_ms;
}

static void time_begin(struct electricity_meter *meter, int64_t now_ms)
{
    meter->started = true;
    meter->now_ms = now_ms;
    meter->local_s = electricity_clock_read(meter);
    electricity_clock_pass(meter);
    electricity_limit_closed(meter);
}

int64_t electricity_meter_step(struct electricity_meter *meter, int64_t now_ms)
{
    if (!meter->started)
        time_begin(meter, now_ms);
    int64_t due_ms = time_walk(meter, now_ms);
    if (meter->local_s != 0) {
        int64_t wait_s = electricity_clock_boundary(meter, meter->local_s) - meter->local_s;
        int64_t boundary_ms = meter->now_ms + wait_s * ELECTRICITY_MS_PER_S;
        due_ms = smaller(due_ms, boundary_ms);
    }
    return due_ms > meter->now_ms ? due_ms : meter->now_ms + 1;
}

static int32_t bounded(int32_t value, int32_t limit)
{
    if (value > limit)
        return limit;
    return value < -limit ? -limit : value;
}

int64_t electricity_meter_sample(struct electricity_meter *meter, const struct electricity_sample *sample,
                                 int64_t now_ms)
{
    struct electricity_sample taken = *sample;

    (void)electricity_meter_step(meter, now_ms);
    taken.power_mw = bounded(taken.power_mw, ELECTRICITY_POWER_LIMIT_MW);
    taken.reactive_mvar = bounded(taken.reactive_mvar, ELECTRICITY_POWER_LIMIT_MW);
    electricity_limit_sample(meter, &taken);
    meter->sample = taken;
    return electricity_meter_step(meter, now_ms);
}

static enum electricity_event_kind cover_event(unsigned cover)
{
    return cover == 0 ? ELECTRICITY_EVENT_COVER : ELECTRICITY_EVENT_TERMINAL_COVER;
}

/* Noted at once: whoever opens a cover may cut the power next. */
static void cover_opened(struct electricity_meter *meter, unsigned cover)
{
    struct electricity_event event = { { (uint32_t)meter->local_s, 0,
                                         electricity_cents_of(electricity_forward_mwh(meter, 0)),
                                         electricity_cents_of(electricity_reverse_mwh(meter, 0)) } };
    electricity_event_note(meter, cover_event(cover), &event);
}

static void cover_closed(struct electricity_meter *meter, unsigned cover)
{
    const struct electricity_event *opened = electricity_events_last(&meter->events, cover_event(cover), 1);

    if (opened == NULL || opened->values[1] != 0)
        return;
    struct electricity_event event = *opened;
    event.values[1] = (uint32_t)meter->local_s;
    event.values[4] = electricity_cents_of(electricity_forward_mwh(meter, 0));
    event.values[5] = electricity_cents_of(electricity_reverse_mwh(meter, 0));
    electricity_event_amend(meter, cover_event(cover), &event);
}

void electricity_meter_inputs(struct electricity_meter *meter, uint8_t inputs, int64_t now_ms)
{
    (void)electricity_meter_step(meter, now_ms);
    for (unsigned cover = 0; cover < 2; cover++) {
        uint8_t bit = cover == 0 ? ELECTRICITY_INPUT_COVER_OPEN : ELECTRICITY_INPUT_TERMINAL_COVER_OPEN;
        if ((inputs & bit) != 0 && (meter->inputs & bit) == 0)
            cover_opened(meter, cover);
        else if ((inputs & bit) == 0 && (meter->inputs & bit) != 0)
            cover_closed(meter, cover);
    }
    meter->inputs = inputs;
}

void electricity_meter_power_failing(struct electricity_meter *meter, int64_t now_ms)
{
    (void)electricity_meter_step(meter, now_ms);
    (void)electricity_store_state(meter);
}
