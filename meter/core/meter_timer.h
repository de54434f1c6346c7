/* The times of the meter by name, each with its default, bounds and source. */
#ifndef METER_CORE_METER_TIMER_H
#define METER_CORE_METER_TIMER_H

#include <stdint.h>

/* name, default ms, smallest, largest, source */
#define METER_TIMERS(ROW) \
    ROW(search_ms, 60000, 1, 600000, "give up a network search; S3-092") \
    ROW(pause_ms, 60000, 1, 3600000, "between two tries of a session; S3-092: one minute") \
    ROW(acknowledge_ms, 5000, 1, 60000, "first wait for an answer, then doubled; three sends stay within 20 s, S3-115") \
    ROW(response_ms, 30000, 1, 600000, "wait for a separate response; RFC 7252 5.2.2") \
    ROW(listen_ms, 180000, 1, 3600000, "stay reachable after a report; S3-093: three minutes") \
    ROW(heartbeat_ms, 60000, 1, 3600000, "between heartbeats while listening; S3-093: two in the window") \
    ROW(command_ms, 20000, 1, 600000, "stay reachable after a command; twice the platform's answer time") \
    ROW(start_spread_ms, 30000, 1, 3600000, "first contact after power-up, random within; S3-126") \
    ROW(event_hold_ms, 600000, 1, 86400000, "an alarm that comes and goes is told again after this") \
    ROW(button_hold_ms, 600000, 1, 86400000, "sessions opened by hand at most this often") \
    ROW(valve_travel_ms, 15000, 1, 120000, "the valve must arrive within") \
    ROW(valve_poll_ms, 500, 1, 10000, "look at the position while the motor runs") \
    ROW(valve_rest_ms, 60000, 1, 3600000, "between two tries of a stuck valve") \
    ROW(flow_window_ms, 60000, 1000, 600000, "flow is averaged over") \
    ROW(check_ms, 3600000, 60000, 86400000, "look at battery, sensors, leak; write the register if it moved")

#define METER_TIMER_MEMBER(name, value, low, high, source) int32_t name;
struct meter_timers { METER_TIMERS(METER_TIMER_MEMBER) };
#undef METER_TIMER_MEMBER

#define METER_SESSION_TRIES 3   /* S3-092, S3-127 */
#define METER_SEND_TRIES 3      /* S3-130 */
#define METER_HEARTBEATS 2      /* S3-093 */
#define METER_VALVE_TRIES 3

struct meter_timers meter_timers_default(void);

/* 0, or the number (from 1) of the first timer outside its bounds. */
int meter_timers_check(const struct meter_timers *timers);

#endif
