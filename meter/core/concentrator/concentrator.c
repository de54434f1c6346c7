#include "meter/core/concentrator/concentrator.h"

#include <string.h>

#include "meter/core/concentrator/concentrator_internal.h"

#define STEP_LIMIT_MS 60000
#define ZONE_LIMIT_S 50400

enum restart { RESTART_LINK = 0, RESTART_HARDWARE = 1, RESTART_DATA = 2, RESTART_FACTORY = 3, RESTART_PARAMETERS = 4 };

#define ERROR_TEXT(name, value, text) \
    case name: \
        return text;
const char *concentrator_error_text(int error)
{
    switch (error) {
        CONCENTRATOR_ERRORS(ERROR_TEXT)
    default:
        return "unknown error";
    }
}
#undef ERROR_TEXT

struct concentrator_config concentrator_config_default(void)
{
    struct concentrator_config config;

    memset(&config, 0, sizeof config);
    config.protocol = Q376_PROTOCOL_376;
    config.zone_offset_s = 28800;
    config.ports[0].number = 2;
    config.ports[0].baud = 2400;
    config.ports[1].number = 3;
    config.ports[1].baud = 2400;
    config.meter_limit = CONCENTRATOR_METER_LIMIT;
    config.frame_limit = 1024;
    config.response_s = 10;
    config.retries = 2;
    config.heartbeat_min = 1;
    config.answer_wait_ms = 500;
    config.silence_ms = 3;
    config.refresh_s = 900;
    config.backfill_days = 1;
    config.curve_class = 0xff;
    memcpy(config.maker, "MWCO", sizeof config.maker);
    memcpy(config.device_number, "00000001", sizeof config.device_number);
    memcpy(config.version, "V1.0", sizeof config.version);
    return config;
}

static bool ports_are_sound(const struct concentrator_config *config)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        const struct concentrator_port_config *port = &config->ports[i];
        if (port->number > 31 || (port->number != 0 && (port->baud < 300 || port->baud > 19200)))
            return false;
        for (int k = 0; k < i; k++)
            if (port->number != 0 && config->ports[k].number == port->number)
                return false;
    }
    return true;
}

static bool config_is_sound(const struct concentrator_config *config)
{
    return (config->protocol == Q376_PROTOCOL_130 || config->protocol == Q376_PROTOCOL_376) &&
           config->address.terminal != 0 && !config->address.is_group && config->zone_offset_s >= -ZONE_LIMIT_S &&
           config->zone_offset_s <= ZONE_LIMIT_S && config->meter_limit >= 1 &&
           config->meter_limit <= CONCENTRATOR_METER_LIMIT && config->frame_limit >= CONCENTRATOR_FRAME_SMALLEST &&
           config->frame_limit <= CONCENTRATOR_FRAME_LIMIT && config->response_s >= 1 && config->response_s <= 4095 &&
           config->retries <= 3 && config->heartbeat_min >= 1 && config->answer_wait_ms >= 20 &&
           config->answer_wait_ms <= 5000 && config->silence_ms <= 1000 && config->backfill_days >= 1 &&
           config->backfill_days <= CONCENTRATOR_DAY_LIMIT && ports_are_sound(config);
}

static void ports_open(struct concentrator *concentrator)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        struct concentrator_port *port = &concentrator->ports[i];
        memset(port, 0, sizeof *port);
        port->number = concentrator->config.ports[i].number;
        port->round_slot = INT64_MIN;
        port->broadcast_day = DAY_NONE;
        port->freeze_day = DAY_NONE;
    }
}

/* ERC1: what runs here now; ERC14: power was away, since when is not known. */
static void start_note(struct concentrator *concentrator)
{
    uint8_t bytes[9];
    struct writer content = writer_of_buffer(bytes, sizeof bytes);

    if (concentrator->rings[RING_IMPORTANT].counter == 0 && concentrator->rings[RING_GENERAL].counter == 0) {
        writer_put_u8(&content, 1);
        writer_put_bytes(&content, "    ", 4);
        writer_put_bytes(&content, concentrator->config.version, sizeof concentrator->config.version);
        event_note(concentrator, EVENT_INITIALISED, writer_span(&content));
        return;
    }
    event_power_note(concentrator);
}

int concentrator_open(struct concentrator *concentrator, const struct concentrator_config *config,
                      const struct concentrator_hal *hal, int64_t now_ms)
{
    if (!config_is_sound(config))
        return CONCENTRATOR_ERR_CONFIG;
    memset(concentrator, 0, sizeof *concentrator);
    concentrator->config = *config;
    concentrator->hal = hal;
    concentrator->now_ms = now_ms;
    concentrator->newest_day = DAY_NONE;
    concentrator->clock_is_valid = true;
    ports_open(concentrator);
    parameters_default(concentrator);
    archive_clear(concentrator);
    link_open(concentrator);
    int shelf = shelf_open(concentrator), store = shelf < 0 ? shelf : concentrator_store_open(concentrator);
    if (store == CONCENTRATOR_ERR_CONFIG)
        return store;
    archive_index(concentrator);
    task_clock(concentrator);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        concentrator->ports[i].freeze_day = concentrator->newest_day;
    start_note(concentrator);
    return store < 0 ? CONCENTRATOR_ERR_FLASH : 0;
}

/* AFN 01, and AFN 05 F39. The core starts again with what flash then holds. */
static void restart_do(struct concentrator *concentrator)
{
    uint8_t kind = concentrator->restart_kind;
    struct concentrator_config config = concentrator->config;
    const struct concentrator_hal *hal = concentrator->hal;
    int64_t now_ms = concentrator->now_ms;

    concentrator->restart_ms = 0;
    if (kind == RESTART_LINK) {
        link_stay_away(concentrator);
        return;
    }
    link_drop(concentrator);
    if (kind != RESTART_HARDWARE)
        shelf_clear(concentrator);
    if (kind == RESTART_FACTORY || kind == RESTART_PARAMETERS) {
        struct concentrator_station stations[2];
        uint8_t f1[sizeof concentrator->f1];
        memcpy(stations, concentrator->stations, sizeof stations);
        memcpy(f1, concentrator->f1, sizeof f1);
        parameters_default(concentrator);
        archive_clear(concentrator);
        if (kind == RESTART_PARAMETERS) {
            memcpy(concentrator->stations, stations, sizeof stations);
            memcpy(concentrator->f1, f1, sizeof f1);
        }
        (void)store_rewrite(concentrator);
    }
    (void)concentrator_open(concentrator, &config, hal, now_ms);
}

int64_t concentrator_step(struct concentrator *concentrator, int64_t now_ms)
{
    int64_t due_ms = now_ms + STEP_LIMIT_MS, next_ms;

    concentrator->now_ms = now_ms;
    if (concentrator->restart_ms != 0 && now_ms >= concentrator->restart_ms)
        restart_do(concentrator);
    task_clock(concentrator);
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        if (concentrator->ports[i].number == 0)
            continue;
        next_ms = port_step(concentrator, &concentrator->ports[i]);
        due_ms = next_ms < due_ms ? next_ms : due_ms;
    }
    next_ms = link_step(concentrator);
    due_ms = next_ms < due_ms ? next_ms : due_ms;
    if (concentrator->restart_ms != 0 && concentrator->restart_ms < due_ms)
        due_ms = concentrator->restart_ms;
    return due_ms > now_ms ? due_ms : now_ms + 1;
}
