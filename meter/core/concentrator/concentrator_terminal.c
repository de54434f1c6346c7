/* What is asked of the concentrator itself: AFN 09 configuration, AFN 0A parameters, AFN 0C F1 to F11. */
#include <string.h>

#include "meter/core/concentrator/concentrator_internal.h"

#define PARAMETER_STATE_SIZE 31
#define READING_ENDED 2 /* of the state flags of F11: bit 0 reading, bit 1 done */
#define READING_RUNS 1
#define ALLOWED 1
#define FORBIDDEN 2

/* 2026-11-21: of software and hardware. */
static const uint8_t version_date[] = { 0x21, 0x11, 0x26 };

static void version_begin_put(const struct concentrator *concentrator, struct writer *out)
{
    const struct concentrator_config *config = &concentrator->config;

    writer_put_bytes(out, config->maker, sizeof config->maker);
    writer_put_bytes(out, config->device_number, sizeof config->device_number);
    writer_put_bytes(out, config->version, sizeof config->version);
    writer_put_bytes(out, version_date, sizeof version_date);
    writer_put_bytes(out, "500 METERS ", 11);
}

static bool version_130_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    version_begin_put(concentrator, out);
    return true;
}

static bool version_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    version_begin_put(concentrator, out);
    writer_put_bytes(out, "1376", 4);
    writer_put_bytes(out, "HW1 ", 4);
    writer_put_bytes(out, version_date, sizeof version_date);
    return true;
}

static uint8_t ports_count(const struct concentrator *concentrator)
{
    uint8_t count = 0;
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        count = (uint8_t)(count + (concentrator->ports[i].number != 0 ? 1 : 0));
    return count;
}

static void number_put(uint32_t number, struct writer *out)
{
    writer_put_u16le(out, (uint16_t)number);
    writer_put_u16le(out, (uint16_t)(number >> 16));
}

/* No inputs, no outputs, no MAC address. */
static bool ports_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    static const uint8_t nothing[6];

    (void)unit;
    writer_put_bytes(out, nothing, 4);
    writer_put_u16le(out, concentrator->config.meter_limit);
    writer_put_u16le(out, CONCENTRATOR_FRAME_LIMIT);
    writer_put_u16le(out, concentrator->config.frame_limit);
    writer_put_bytes(out, nothing, sizeof nothing);
    writer_put_u8(out, ports_count(concentrator));
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        if (concentrator->ports[i].number == 0)
            continue;
        writer_put_u16le(out, concentrator->ports[i].number);
        number_put(19200, out);
        writer_put_u16le(out, concentrator->config.meter_limit);
        writer_put_u16le(out, CONCENTRATOR_LINE_LIMIT);
        writer_put_u16le(out, CONCENTRATOR_LINE_LIMIT);
    }
    return true;
}

static bool capacity_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    static const uint8_t nothing[16];

    (void)concentrator;
    (void)unit;
    writer_put_u16le(out, Q376_POINT_LIMIT);
    writer_put_bytes(out, nothing, 3); /* groups, tasks, difference groups */
    writer_put_u8(out, 3);             /* each 60 minutes */
    writer_put_bytes(out, nothing, 4);
    writer_put_u8(out, CONCENTRATOR_DAY_LIMIT);
    writer_put_u8(out, CONCENTRATOR_MONTH_LIMIT);
    writer_put_bytes(out, nothing, 3); /* control schemes, harmonics, capacitors */
    writer_put_u8(out, 0);             /* key customers */
    writer_put_u16le(out, 0xffff);
    writer_put_bytes(out, nothing, 16);
    return true;
}

static bool f1_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_bytes(out, concentrator->f1, sizeof concentrator->f1);
    return true;
}

static bool f3_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    for (int i = 0; i < 2; i++) {
        writer_put_bytes(out, concentrator->stations[i].ip, sizeof concentrator->stations[i].ip);
        writer_put_u16le(out, concentrator->stations[i].port);
    }
    writer_put_bytes(out, concentrator->stations[0].apn, sizeof concentrator->stations[0].apn);
    return true;
}

static bool f9_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_bytes(out, concentrator->event_flags, sizeof concentrator->event_flags);
    return true;
}

static bool f33_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_u8(out, ports_count(concentrator));
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        const struct concentrator_port *port = &concentrator->ports[i];
        if (port->number != 0)
            writer_put_bytes(out, port->reading, 14u + 4u * port->reading[13]);
    }
    return true;
}

static bool clock_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    clock_put_second(concentrator, clock_now_s(concentrator), out);
    return true;
}

/* F3: bit n-1 of 31 bytes for each Fn that was set. */
static bool parameter_state_serve(struct concentrator *concentrator, const struct request_unit *unit,
                                  struct writer *out)
{
    uint8_t bytes[PARAMETER_STATE_SIZE] = { 0 };

    (void)unit;
    for (unsigned function = 1; function <= 33; function++)
        if ((concentrator->parameters_set >> function % 32 & 1u) != 0 && function != 1)
            bytes[(function - 1) / 8] = (uint8_t)(bytes[(function - 1) / 8] | 1u << (function - 1) % 8);
    writer_put_bytes(out, bytes, sizeof bytes);
    return true;
}

static bool link_state_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_u8(out, (uint8_t)(FORBIDDEN << 2 | (concentrator->reports_forbidden ? FORBIDDEN : ALLOWED)));
    return true;
}

static bool counters_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_u8(out, concentrator->rings[RING_IMPORTANT].counter);
    writer_put_u8(out, concentrator->rings[RING_GENERAL].counter);
    return true;
}

static bool traffic_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    number_put(concentrator->day_traffic, out);
    number_put(concentrator->month_traffic, out);
    return true;
}

static void reading_state_put(const struct concentrator *concentrator, const struct concentrator_port *port,
                              struct writer *out)
{
    writer_put_u8(out, port->number);
    writer_put_u16le(out, task_meters(concentrator, port));
    writer_put_u8(out, port->round_ended ? READING_ENDED : port->is_paused ? 0 : READING_RUNS);
    writer_put_u16le(out, port->round_ok);
    writer_put_u8(out, 0);
    clock_put_second(concentrator, port->round_start_s, out);
    clock_put_second(concentrator, port->round_ended ? port->round_end_s : 0, out);
}

static bool reading_state_serve(struct concentrator *concentrator, const struct request_unit *unit, struct writer *out)
{
    (void)unit;
    writer_put_u8(out, ports_count(concentrator));
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        if (concentrator->ports[i].number != 0)
            reading_state_put(concentrator, &concentrator->ports[i], out);
    return true;
}

#define OF_TERMINAL(afn, function, serve) \
    { \
        afn, function, false, WANT_NONE, 0, serve \
    }

const struct serving servings_terminal[] = {
    OF_TERMINAL(Q376_AFN_CONFIGURATION, 1, version_serve),
    OF_TERMINAL(Q376_AFN_CONFIGURATION, 2, ports_serve),
    OF_TERMINAL(Q376_AFN_CONFIGURATION, 3, capacity_serve),
    OF_TERMINAL(Q376_AFN_QUERY, 1, f1_serve),
    OF_TERMINAL(Q376_AFN_QUERY, 3, f3_serve),
    OF_TERMINAL(Q376_AFN_QUERY, 9, f9_serve),
    OF_TERMINAL(Q376_AFN_QUERY, 33, f33_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 1, version_130_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 2, clock_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 3, parameter_state_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 4, link_state_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 7, counters_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 10, traffic_serve),
    OF_TERMINAL(Q376_AFN_CURRENT, 11, reading_state_serve),
};
const size_t servings_terminal_count = sizeof servings_terminal / sizeof servings_terminal[0];
