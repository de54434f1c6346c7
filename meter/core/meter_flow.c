#include "meter/core/meter_internal.h"

#define HOUR_MS INT64_C(3600000)
#define PULSES_CLOSED 3 /* water behind a closed valve: fewer may come from the closing itself */
#define PULSES_REVERSE 5 /* between two checks; fewer may come from a pressure wave */

static int64_t flow_ml_h(int64_t volume_ml, int64_t span_ms)
{
    return volume_ml * HOUR_MS / (span_ms > 0 ? span_ms : 1);
}

static void window_close(struct meter *meter)
{
    struct meter_flow *flow = &meter->flow;
    int64_t flow_ml = flow_ml_h(flow->window_ml, meter->now_ms - flow->window_start_ms);
    meter_alarm_set(meter, ALARM_OVER_FLOW, flow_ml > meter->parameters.flow_limit_ml_h);
    flow->window_start_ms = meter->now_ms;
    flow->window_ml = 0;
}

static int64_t window_end_ms(const struct meter *meter)
{
    return meter->flow.window_start_ms + meter->config.timers.flow_window_ms;
}

static void forward_count(struct meter *meter, int64_t volume_ml)
{
    struct meter_flow *flow = &meter->flow;
    flow->window_ml += volume_ml;
    flow->hour_ml += volume_ml;
    if (meter_valve_state(&meter->valve) == VALVE_CLOSED) {
        flow->closed_ml += volume_ml;
        if (flow->closed_ml >= PULSES_CLOSED * (int64_t)meter->config.pulse_ml)
            meter_alarm_set(meter, ALARM_LEAK_VALVE_CLOSED, true);
    }
    if (meter->now_ms >= window_end_ms(meter))
        window_close(meter);
}

void meter_flow_count(struct meter *meter, int64_t volume_ml)
{
    struct meter_flow *flow = &meter->flow;
    if (volume_ml >= 0) {
        forward_count(meter, volume_ml);
        return;
    }
    flow->reverse_ml -= volume_ml;
    if (flow->reverse_ml >= PULSES_REVERSE * (int64_t)meter->config.pulse_ml)
        meter_alarm_set(meter, ALARM_BACK_FLOW, true);
}

/* A window is watched to its end only when it may raise or end the alarm: most pulses need no wake-up after them. */
int64_t meter_flow_step(struct meter *meter)
{
    int64_t full_ml = flow_ml_h(meter->flow.window_ml, meter->config.timers.flow_window_ms);
    if (!meter_alarm_stands(meter, ALARM_OVER_FLOW) && full_ml <= meter->parameters.flow_limit_ml_h)
        return INT64_MAX;
    if (meter->now_ms >= window_end_ms(meter))
        window_close(meter);
    return meter_alarm_stands(meter, ALARM_OVER_FLOW) ? window_end_ms(meter) : INT64_MAX;
}

/* Water that never pauses for long enough is a leak: an hour below the leak limit is a pause. */
static void leak_judge(struct meter *meter, int64_t span_ms)
{
    struct meter_flow *flow = &meter->flow;
    int32_t longest_min = meter->parameters.leak_time_min;
    if (flow_ml_h(flow->hour_ml, span_ms) < meter->parameters.leak_limit_ml_h)
        flow->leak_min = 0;
    else if (flow->leak_min < longest_min)
        flow->leak_min += (int32_t)(span_ms / METER_MS_PER_MIN);
    meter_alarm_set(meter, ALARM_SMALL_LEAK, flow->leak_min >= longest_min);
}

void meter_flow_check(struct meter *meter)
{
    struct meter_flow *flow = &meter->flow;
    leak_judge(meter, meter->now_ms - flow->check_start_ms);
    if (flow->reverse_ml == 0)
        meter_alarm_set(meter, ALARM_BACK_FLOW, false);
    if (flow->hour_ml == 0 || meter_valve_state(&meter->valve) != VALVE_CLOSED) {
        flow->closed_ml = 0;
        meter_alarm_set(meter, ALARM_LEAK_VALVE_CLOSED, false);
    }
    flow->hour_ml = 0;
    flow->reverse_ml = 0;
    flow->check_start_ms = meter->now_ms;
}
