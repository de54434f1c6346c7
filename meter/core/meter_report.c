#include "meter/core/meter_internal.h"

#include <string.h>

#include "base/calendar.h"
#include "base/text.h"

struct meter_notice meter_notice_now(const struct meter *meter)
{
    struct meter_notice notice = { meter->state.alarm_bits, (uint8_t)meter_valve_state(&meter->valve),
                                   meter->state.recharge_serial.highest };
    if (notice.valve_state == VALVE_MOVING)
        notice.valve_state = meter->told.known.valve_state;
    return notice;
}

int64_t meter_notice_due_ms(const struct meter *meter)
{
    const struct meter_told *told = &meter->told;
    struct meter_notice now = meter_notice_now(meter);
    unsigned changed = (unsigned)(now.alarm_bits ^ told->known.alarm_bits);
    if (now.valve_state != told->known.valve_state || now.recharge_serial != told->known.recharge_serial)
        return meter->now_ms;
    if (changed == 0)
        return INT64_MAX;
    bool all_recent = (changed & ~(unsigned)told->recent_bits) == 0;
    return all_recent && told->hold_ms > meter->now_ms ? told->hold_ms : meter->now_ms;
}

void meter_notice_done(struct meter *meter)
{
    struct meter_told *told = &meter->told;
    unsigned news = (unsigned)(told->sent.alarm_bits ^ told->known.alarm_bits);
    if (told->hold_ms <= meter->now_ms) {
        told->recent_bits = 0;
        told->hold_ms = meter->now_ms + meter->config.timers.event_hold_ms;
    }
    told->recent_bits = (uint16_t)(told->recent_bits | news);
    told->known = told->sent;
}

static void history_fill(const struct meter *meter, struct water_meter_report *report)
{
    int32_t today = meter_clock_day(meter);
    report->midnight_s = calendar_midnight(today, meter->config.zone_offset_s);
    for (int32_t i = 0; i < WATER_METER_HISTORY_DAYS; i++)
        report->history_l[i] = meter_freezes_find(&meter->freezes, today - i);
}

static void network_fill(const struct meter *meter, struct water_meter_report *report)
{
    struct meter_signal signal;
    memset(&signal, 0, sizeof signal);
    meter->hal->radio_signal(meter->hal->context, &signal);
    report->rsrp_dbm = signal.rsrp_dbm;
    report->snr_db = signal.snr_db;
    report->coverage_level = signal.coverage_level;
    report->physical_cell = signal.physical_cell;
    report->cell_id = (int64_t)signal.cell_id;
    report->earfcn = (int64_t)signal.earfcn;
}

static void parameters_fill(const struct meter_parameters *parameters, struct water_meter_report *report)
{
    report->low_balance_fen = parameters->low_balance_fen;
    report->overdraft_fen = parameters->overdraft_fen;
    report->report_period_s = parameters->report_period_s;
    report->report_time_s = parameters->report_time_s;
    report->stagger_ms = parameters->stagger_ms;
    report->flow_limit_ml_h = parameters->flow_limit_ml_h;
    report->leak_limit_ml_h = parameters->leak_limit_ml_h;
    report->leak_time_min = parameters->leak_time_min;
    report->price_steps = parameters->price_steps;
}

static void state_fill(const struct meter *meter, struct water_meter_report *report)
{
    report->volume_ml = meter->state.volume_ml;
    report->balance_fen = meter->state.balance_fen;
    report->valve_state = meter_valve_state(&meter->valve);
    report->alarm_bits = meter->state.alarm_bits;
    report->recharge_serial = (int64_t)meter->state.recharge_serial.highest;
    report->battery_mv = meter->battery_mv;
    report->firmware_version = (int64_t)meter->config.firmware_version;
    report->clock_s = meter_clock_s(meter);
    (void)text_copy(span_of_text(meter->config.meter_number), report->address, sizeof report->address);
    (void)text_copy(span_of_text(meter->config.maker), report->maker, sizeof report->maker);
    (void)text_copy(span_of_text(meter->config.type), report->type, sizeof report->type);
}

/* Fields that mean nothing here and now: no clock, no midnight and no time; without prepayment no balance. */
static uint32_t fields_absent(const struct meter *meter)
{
    uint32_t absent = WATER_METER_BIT(WATER_METER_BATTERY_LEVEL);
    if (meter_clock_s(meter) == 0)
        absent |= WATER_METER_BIT(WATER_METER_CLOCK) | WATER_METER_BIT(WATER_METER_MIDNIGHT) |
                  WATER_METER_BIT(WATER_METER_HISTORY);
    if (!meter->config.prepayment)
        absent |= WATER_METER_BIT(WATER_METER_BALANCE) | WATER_METER_BIT(WATER_METER_RECHARGE_SERIAL);
    return absent;
}

int meter_report_write(const struct meter *meter, uint32_t fields, struct writer *out)
{
    struct water_meter_report report;
    memset(&report, 0, sizeof report);
    report.present = fields & ~fields_absent(meter);
    state_fill(meter, &report);
    parameters_fill(&meter->parameters, &report);
    history_fill(meter, &report);
    network_fill(meter, &report);
    return water_meter_report_encode(&report, out);
}
