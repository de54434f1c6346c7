/* AFN 04 (set), AFN 05 (control) and AFN 01 (reset): each function in one row. */
#include <string.h>

#include "meter/core/concentrator/concentrator_internal.h"

#define F1_SIZE 6
#define F3_SIZE 28
#define F3_STATION_SIZE 6
#define F9_SIZE 16
#define CLOCK_SIZE 6
#define READING_FIXED_SIZE 14
#define PERIOD_SIZE 4
#define RESTART_MS 2000 /* the confirmation goes out first */

enum reading_offset { READING_PORT = 0, READING_PERIODS = 13 };

/* What a new terminal holds: nothing is an important event but what the head-end has to know at once. */
void parameters_default(struct concentrator *concentrator)
{
    /* Recorded: all that is made here. Important: ERC1, 14, 20, 21, 31, 35. */
    static const uint8_t flags[F9_SIZE] = { 0x05, 0x20, 0x18, 0x44, 0x04, 0, 0, 0, 0x01, 0x20, 0x18, 0x40, 0x04 };
    const struct concentrator_config *config = &concentrator->config;

    memset(concentrator->stations, 0, sizeof concentrator->stations);
    memcpy(concentrator->event_flags, flags, sizeof flags);
    memset(concentrator->f1, 0, sizeof concentrator->f1);
    concentrator->f1[2] = (uint8_t)config->response_s;
    concentrator->f1[3] = (uint8_t)((config->response_s >> 8 & 0x0f) | config->retries << 4);
    concentrator->f1[5] = config->heartbeat_min;
    concentrator->parameters_set = 0;
    concentrator->reports_forbidden = false;
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        struct concentrator_port *port = &concentrator->ports[i];
        /* Every day from midnight on, each hour, no clock broadcast, no periods. */
        static const uint8_t reading[READING_FIXED_SIZE] = { 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, 60, 0, 0, 0, 0 };
        memset(port->reading, 0, sizeof port->reading);
        memcpy(port->reading, reading, sizeof reading);
        port->reading[READING_PORT] = port->number;
        port->is_paused = false;
    }
}

static int f1_write(struct concentrator *concentrator, struct span data)
{
    uint8_t before[F1_SIZE];

    if (data.size != F1_SIZE || data.bytes[F1_SIZE - 1] == 0)
        return -1;
    memcpy(before, concentrator->f1, sizeof before);
    memcpy(concentrator->f1, data.bytes, F1_SIZE);
    int result = store_f1(concentrator);
    if (result < 0)
        memcpy(concentrator->f1, before, sizeof before);
    return result;
}

static int f3_write(struct concentrator *concentrator, struct span data)
{
    struct concentrator_station before[2];

    if (data.size != F3_SIZE)
        return -1;
    memcpy(before, concentrator->stations, sizeof before);
    for (int i = 0; i < 2; i++) {
        const uint8_t *at = data.bytes + i * F3_STATION_SIZE;
        memcpy(concentrator->stations[i].ip, at, 4);
        concentrator->stations[i].port = (uint16_t)(at[4] | at[5] << 8);
        memcpy(concentrator->stations[i].apn, data.bytes + 2 * F3_STATION_SIZE, sizeof concentrator->stations[i].apn);
    }
    int result = store_stations(concentrator);
    if (result < 0)
        memcpy(concentrator->stations, before, sizeof before);
    return result;
}

static int f9_write(struct concentrator *concentrator, struct span data)
{
    uint8_t before[F9_SIZE];

    if (data.size != F9_SIZE)
        return -1;
    memcpy(before, concentrator->event_flags, sizeof before);
    memcpy(concentrator->event_flags, data.bytes, F9_SIZE);
    int result = store_event_flags(concentrator);
    if (result < 0)
        memcpy(concentrator->event_flags, before, sizeof before);
    return result;
}

static size_t reading_size(struct span rest)
{
    if (rest.size < READING_FIXED_SIZE || rest.bytes[READING_PERIODS] > CONCENTRATOR_PERIOD_LIMIT)
        return 0;
    return READING_FIXED_SIZE + (size_t)PERIOD_SIZE * rest.bytes[READING_PERIODS];
}

static bool readings_are_legal(struct concentrator *concentrator, struct span data)
{
    size_t at = 1;

    for (unsigned i = 0; i < data.bytes[0]; i++) {
        struct span rest = span_of_bytes(data.bytes + at, data.size - at);
        size_t size = reading_size(rest);
        if (size == 0 || size > rest.size || port_of_number(concentrator, rest.bytes[READING_PORT]) == NULL)
            return false;
        at += size;
    }
    return at == data.size;
}

static int f33_write(struct concentrator *concentrator, struct span data)
{
    size_t at = 1;
    int result = 0;

    if (data.size == 0 || data.bytes[0] == 0 || !readings_are_legal(concentrator, data))
        return -1;
    for (unsigned i = 0; i < data.bytes[0] && result == 0; i++) {
        struct span rest = span_of_bytes(data.bytes + at, data.size - at);
        struct concentrator_port *port = port_of_number(concentrator, rest.bytes[READING_PORT]);
        uint8_t before[CONCENTRATOR_READING_SIZE];
        memcpy(before, port->reading, sizeof before);
        memset(port->reading, 0, sizeof port->reading);
        memcpy(port->reading, rest.bytes, reading_size(rest));
        result = store_reading(concentrator, port);
        if (result < 0)
            memcpy(port->reading, before, sizeof before);
        port->round_slot = INT64_MIN;
        at += reading_size(rest);
    }
    port_wake(concentrator);
    return result;
}

static const struct {
    uint8_t function;
    int (*write)(struct concentrator *concentrator, struct span data);
} parameters[] = {
    { 1, f1_write }, { 3, f3_write }, { 9, f9_write }, { 10, archive_write }, { 33, f33_write },
};

int parameter_write(struct concentrator *concentrator, unsigned point, unsigned function, struct span data)
{
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        if (parameters[i].function != function || point != 0)
            continue;
        int result = concentrator->journal_failed ? -1 : parameters[i].write(concentrator, data);
        if (result == 0 && (concentrator->parameters_set >> (function % 32) & 1u) == 0) {
            concentrator->parameters_set |= UINT32_C(1) << function % 32;
            result = store_state(concentrator);
        }
        return result;
    }
    return -1;
}

static int clock_set(struct concentrator *concentrator, struct span data)
{
    int64_t clock_s = data.size == CLOCK_SIZE ? clock_take_second(concentrator, data.bytes) : 0;

    if (clock_s == 0)
        return -1;
    concentrator->hal->clock_write_s(concentrator->hal->context, clock_s);
    task_clock(concentrator);
    port_wake(concentrator);
    return clock_now_s(concentrator) != 0 ? 0 : -1;
}

static int reports_allow(struct concentrator *concentrator, struct span data)
{
    (void)data;
    concentrator->reports_forbidden = false;
    return store_state(concentrator);
}

static int reports_forbid(struct concentrator *concentrator, struct span data)
{
    (void)data;
    concentrator->reports_forbidden = true;
    return store_state(concentrator);
}

static int disconnect(struct concentrator *concentrator, struct span data)
{
    (void)data;
    concentrator->restart_kind = 0;
    concentrator->restart_ms = concentrator->now_ms + RESTART_MS;
    return 0;
}

static struct concentrator_port *port_of_data(struct concentrator *concentrator, struct span data)
{
    return data.size == 1 ? port_of_number(concentrator, data.bytes[0]) : NULL;
}

static int reading_pause(struct concentrator *concentrator, struct span data)
{
    struct concentrator_port *port = port_of_data(concentrator, data);

    if (port == NULL)
        return -1;
    port->is_paused = true;
    return store_state(concentrator);
}

static int reading_resume(struct concentrator *concentrator, struct span data)
{
    struct concentrator_port *port = port_of_data(concentrator, data);

    if (port == NULL)
        return -1;
    port->is_paused = false;
    port_wake(concentrator);
    return store_state(concentrator);
}

static int reading_restart(struct concentrator *concentrator, struct span data)
{
    struct concentrator_port *port = port_of_data(concentrator, data);

    if (port == NULL)
        return -1;
    port->is_paused = false;
    task_restart(concentrator, port);
    port_wake(concentrator);
    return store_state(concentrator);
}

static int port_delete(struct concentrator *concentrator, struct span data)
{
    return data.size == 1 ? archive_delete_port(concentrator, data.bytes[0]) : -1;
}

static int already(struct concentrator *concentrator, struct span data)
{
    (void)concentrator;
    (void)data;
    return 0;
}

/* Trips of control rounds (F1, F2) and the load control that goes with them are another terminal's: denied. */
static const struct {
    uint8_t function;
    int (*act)(struct concentrator *concentrator, struct span data);
} controls[] = {
    { 29, reports_allow }, { 31, clock_set },      { 37, reports_forbid },  { 38, already },     { 39, disconnect },
    { 49, reading_pause }, { 50, reading_resume }, { 51, reading_restart }, { 53, port_delete },
};

int control_do(struct concentrator *concentrator, unsigned point, unsigned function, struct span data)
{
    for (size_t i = 0; i < sizeof controls / sizeof controls[0]; i++)
        if (controls[i].function == function && point == 0)
            return controls[i].act(concentrator, data);
    return -1;
}

/* 1 hardware, 2 data, 3 parameters and data, 4 parameters but those of the connection, and data. Done a moment later:
 * the confirmation is sent before. */
int reset_do(struct concentrator *concentrator, unsigned function)
{
    if (function < 1 || function > 4)
        return -1;
    concentrator->restart_kind = (uint8_t)function;
    concentrator->restart_ms = concentrator->now_ms + RESTART_MS;
    return 0;
}
