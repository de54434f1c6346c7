#include "meter/core/meter.h"

#include <string.h>

#include "meter/core/meter_internal.h"

#define CONFIG_TEXT_LIMIT (WATER_METER_TEXT_LIMIT - 1)
#define REGISTER_SMALLEST_ML INT64_C(1000000)
#define REGISTER_LARGEST_ML INT64_C(4000000000000)
#define PULSE_LARGEST_ML 1000000
#define ZONE_LARGEST_S 64800

const char *meter_error_text(int error)
{
    static const struct {
        int error;
        const char *text;
    } rows[] = {
#define ERROR_ROW(name, value, text) { name, text },
        METER_ERRORS(ERROR_ROW)
#undef ERROR_ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return rows[i].text;
    return "unknown error";
}

struct meter_config meter_config_default(void)
{
    struct meter_config config;
    memset(&config, 0, sizeof config);
    config.imei = "";
    config.meter_number = "";
    config.maker = "Meterworks";
    config.type = "DN15";
    config.firmware_version = 1u << 16;
    config.zone_offset_s = 28800;
    config.pulse_ml = 1000;
    config.register_limit_ml = INT64_C(100000000000);
    config.commit_ml = 10000;
    config.battery_limit_mv = 3200;
    config.price_cycle_months = 12;
    config.has_valve = true;
    config.timers = meter_timers_default();
    config.parameters = meter_parameters_default();
    return config;
}

static bool text_is_digits(const char *text, size_t smallest, size_t largest)
{
    struct span span = span_of_text(text);
    for (size_t i = 0; i < span.size; i++)
        if (span.bytes[i] < '0' || span.bytes[i] > '9')
            return false;
    return span.size >= smallest && span.size <= largest;
}

static bool texts_are_sound(const struct meter_config *config)
{
    return text_is_digits(config->imei, METER_IMEI_DIGITS, METER_IMEI_DIGITS) &&
           text_is_digits(config->meter_number, 1, CONFIG_TEXT_LIMIT) &&
           span_of_text(config->maker).size <= CONFIG_TEXT_LIMIT && span_of_text(config->type).size <= CONFIG_TEXT_LIMIT;
}

static bool measures_are_sound(const struct meter_config *config)
{
    unsigned months = config->price_cycle_months;
    return config->pulse_ml >= 1 && config->pulse_ml <= PULSE_LARGEST_ML &&
           config->register_limit_ml >= REGISTER_SMALLEST_ML && config->register_limit_ml <= REGISTER_LARGEST_ML &&
           config->start_volume_ml >= 0 && config->start_volume_ml < config->register_limit_ml &&
           config->commit_ml >= 1 && months >= 1 && months <= 12 && 12 % months == 0 &&
           config->zone_offset_s >= -ZONE_LARGEST_S && config->zone_offset_s <= ZONE_LARGEST_S;
}

static bool config_is_sound(const struct meter_config *config)
{
    return texts_are_sound(config) && measures_are_sound(config) && meter_timers_check(&config->timers) == 0 &&
           meter_parameters_are_allowed(&config->parameters);
}

static bool flash_is_large_enough(const struct meter_config *config, const struct meter_hal *hal)
{
    return hal->flash.sector_size >= (config->interval_log ? METER_INTERVAL_SECTOR_SMALLEST : METER_SECTOR_SMALLEST);
}

static void clear(struct meter *meter, const struct meter_config *config, const struct meter_hal *hal, int64_t now_ms)
{
    memset(meter, 0, sizeof *meter);
    meter->config = *config;
    meter->hal = hal;
    meter->now_ms = now_ms;
    meter->parameters = config->parameters;
    meter->state.volume_ml = config->start_volume_ml;
    meter->state.balance_fen = config->start_balance_fen;
    meter->flow.window_start_ms = now_ms;
    meter->flow.check_start_ms = now_ms;
    meter->check_due_ms = now_ms + config->timers.check_ms;
    meter->message_id = (uint16_t)hal->random(hal->context);
    meter_freezes_clear(&meter->freezes);
    meter_valve_open(&meter->valve, config->has_valve);
}

int meter_open(struct meter *meter, const struct meter_config *config, const struct meter_hal *hal, int64_t now_ms)
{
    if (!config_is_sound(config) || !flash_is_large_enough(config, hal))
        return METER_ERR_CONFIG;
    clear(meter, config, hal, now_ms);
    int error = meter_store_load(meter);
    if (error == METER_ERR_CONFIG)
        return error;
    meter_incident_note(meter, METER_INCIDENT_RESTART, 0);
    meter_account_judge(meter);
    meter_hold_apply(meter, false);
    meter_alarm_check(meter);
    meter->told.known.valve_state = (uint8_t)meter_valve_state(&meter->valve);
    meter->told.known.recharge_serial = meter->state.recharge_serial.highest;
    meter_session_open(meter);
    return error;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t check_step(struct meter *meter)
{
    if (meter->now_ms >= meter->check_due_ms) {
        meter_flow_check(meter);
        meter_alarm_check(meter);
        meter_hold_apply(meter, false);
        (void)meter_store_state(meter);
        meter->check_due_ms = meter->now_ms + meter->config.timers.check_ms;
    }
    return meter->check_due_ms;
}

static int64_t valve_step(struct meter *meter)
{
    bool stuck_before = meter_alarm_stands(meter, ALARM_VALVE_FAULT);
    int64_t due_ms = meter_valve_step(&meter->valve, meter->hal, &meter->config.timers, meter->now_ms);
    bool stuck = meter_valve_state(&meter->valve) == VALVE_FAULT;
    if (stuck && !stuck_before)
        meter_incident_note(meter, METER_INCIDENT_VALVE, meter->valve.closed_wanted ? 1 : 0);
    if (meter_valve_state(&meter->valve) != VALVE_MOVING)
        meter_alarm_set(meter, ALARM_VALVE_FAULT, stuck);
    return due_ms;
}

int64_t meter_step(struct meter *meter, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    int64_t due_ms = meter_clock_step(meter);
    due_ms = earlier(due_ms, meter_interval_step(meter));
    due_ms = earlier(due_ms, meter_flow_step(meter));
    due_ms = earlier(due_ms, check_step(meter));
    due_ms = earlier(due_ms, valve_step(meter));
    due_ms = earlier(due_ms, meter_session_step(meter));
    return due_ms > meter->now_ms ? due_ms : meter->now_ms + 1;
}

static void register_count(struct meter *meter, int64_t volume_ml)
{
    int64_t limit_ml = meter->config.register_limit_ml;
    int64_t sum_ml = (meter->state.volume_ml + volume_ml) % limit_ml;
    meter->state.volume_ml = sum_ml < 0 ? sum_ml + limit_ml : sum_ml;
    meter->uncommitted_ml += volume_ml < 0 ? -volume_ml : volume_ml;
    meter->state_dirty = true;
}

static void show(struct meter *meter)
{
    struct meter_display display;
    meter_display_fill(meter, &display);
    meter->hal->display(meter->hal->context, &display);
}

void meter_pulse(struct meter *meter, int32_t pulses, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    if (pulses > METER_PULSE_LIMIT)
        pulses = METER_PULSE_LIMIT;
    if (pulses < -METER_PULSE_LIMIT)
        pulses = -METER_PULSE_LIMIT;
    int64_t volume_ml = (int64_t)pulses * meter->config.pulse_ml;
    /* Day and quarter must be latched before the first water of the new one is counted. */
    (void)meter_clock_step(meter);
    (void)meter_interval_step(meter);
    register_count(meter, volume_ml);
    meter_flow_count(meter, volume_ml);
    meter_account_charge(meter, volume_ml);
    if (meter->uncommitted_ml >= meter->config.commit_ml)
        (void)meter_store_state(meter);
    meter_hold_apply(meter, false);
    show(meter);
}

void meter_sensors_changed(struct meter *meter, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    meter_alarm_check(meter);
    meter_hold_apply(meter, false);
}

void meter_power_failing(struct meter *meter, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    (void)meter_store_state(meter);
}

void meter_button(struct meter *meter, int64_t now_ms)
{
    struct meter_session *session = &meter->session;
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    show(meter);
    if (session->button_used && now_ms - session->button_ms < meter->config.timers.button_hold_ms)
        return;
    session->button_used = true;
    session->button_ms = now_ms;
    session->wanted = true;
}

void meter_radio_attached(struct meter *meter, bool attached, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    meter_session_attached(meter, attached);
}

void meter_radio_received(struct meter *meter, struct span bytes, int64_t now_ms)
{
    if (now_ms > meter->now_ms)
        meter->now_ms = now_ms;
    if (bytes.size <= METER_MESSAGE_LIMIT)
        meter_session_received(meter, bytes);
}

void meter_display_fill(const struct meter *meter, struct meter_display *out)
{
    unsigned bits = meter->state.alarm_bits;
    uint8_t code = 0;
    memset(out, 0, sizeof *out);
    for (uint8_t alarm = ALARM_COUNT; alarm > 0; alarm--)
        if ((bits >> (alarm - 1) & 1u) != 0)
            code = alarm;
    out->volume_ml = meter->state.volume_ml;
    out->balance_fen = meter->state.balance_fen;
    out->valve_state = (uint8_t)meter_valve_state(&meter->valve);
    out->fault_code = code;
    out->low_balance = meter_alarm_stands(meter, ALARM_ARREARS);
    out->radio_busy = meter_is_awake(meter);
}

bool meter_is_awake(const struct meter *meter)
{
    return meter->session.state != METER_SESSION_ASLEEP && meter->session.state != METER_SESSION_PAUSED;
}
