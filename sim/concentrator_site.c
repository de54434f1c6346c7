#include "sim/concentrator_site.h"

#include <string.h>

#define US_PER_MS 1000

static void uplink_open(void *context, const struct concentrator_station *station)
{
    struct concentrator_site *site = context;
    (void)station;
    site->config.uplink.open(site->config.uplink.context, site);
}

static void uplink_send(void *context, struct span bytes)
{
    struct concentrator_site *site = context;
    site->config.uplink.send(site->config.uplink.context, site, bytes);
}

static void uplink_close(void *context)
{
    struct concentrator_site *site = context;
    site->config.uplink.close(site->config.uplink.context, site);
}

static struct line *line_of_port(struct concentrator_site *site, uint8_t port)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++)
        if (port != 0 && site->config.core.ports[i].number == port)
            return &site->lines[i];
    return NULL;
}

static void port_send(void *context, uint8_t port, const struct concentrator_line *setting, struct span bytes)
{
    struct concentrator_site *site = context;
    struct line *line = line_of_port(site, port);

    /* All meters of a simulated line have one speed: a frame at another one is nothing they hear. */
    if (line != NULL && setting->baud == line->config.baud)
        line_send(line, site->now_ms * US_PER_MS, bytes);
}

static void lines_open(struct concentrator_site *site)
{
    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        struct line_config config = site->config.lines[i];
        config.seed = site->config.seed * CONCENTRATOR_PORT_LIMIT + (uint64_t)i;
        config.baud = site->config.core.ports[i].baud;
        line_open(&site->lines[i], &config);
    }
}

int concentrator_site_open(struct concentrator_site *site, const struct concentrator_site_config *config)
{
    struct host_concentrator_outside outside = { site, uplink_open, uplink_send, uplink_close, port_send };

    memset(site, 0, sizeof *site);
    site->config = *config;
    site->now_ms = config->now_ms;
    site->core_due_ms = config->now_ms;
    lines_open(site);
    host_concentrator_open(&site->host, &outside, CONCENTRATOR_SITE_SECTOR_SIZE, config->core.meter_limit, config->seed,
                           config->now_ms);
    return host_concentrator_power_up(&site->host, &config->core, config->now_ms);
}

void concentrator_site_close(struct concentrator_site *site)
{
    host_concentrator_close(&site->host);
}

int concentrator_site_attach(struct concentrator_site *site, uint8_t port, struct line_slave *slave)
{
    struct line *line = line_of_port(site, port);

    if (line == NULL)
        return -1;
    line_attach(line, slave);
    return 0;
}

static void lines_hear(struct concentrator_site *site)
{
    uint8_t bytes[LINE_BURST_LIMIT];

    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        uint8_t number = site->config.core.ports[i].number;
        size_t size = number == 0 ? 0 : line_receive(&site->lines[i], site->now_ms * US_PER_MS, bytes, sizeof bytes);
        if (size == 0)
            continue;
        host_concentrator_port_receive(&site->host, number, span_of_bytes(bytes, size), site->now_ms);
        site->core_due_ms = site->now_ms;
    }
}

/* When the next byte will be there, in whole ms. */
static int64_t lines_due_ms(struct concentrator_site *site)
{
    int64_t due_us = INT64_MAX;

    for (int i = 0; i < CONCENTRATOR_PORT_LIMIT; i++) {
        if (site->config.core.ports[i].number == 0)
            continue;
        int64_t line_us = line_due_us(&site->lines[i], site->now_ms * US_PER_MS);
        due_us = line_us < due_us ? line_us : due_us;
    }
    return due_us == INT64_MAX ? INT64_MAX : (due_us + US_PER_MS - 1) / US_PER_MS;
}

static int64_t due_ms(struct concentrator_site *site)
{
    int64_t lines_ms = lines_due_ms(site);
    int64_t due = lines_ms < site->core_due_ms ? lines_ms : site->core_due_ms;
    return due > site->now_ms ? due : site->now_ms;
}

static void step_once(struct concentrator_site *site)
{
    lines_hear(site);
    if (site->now_ms >= site->core_due_ms)
        site->core_due_ms = host_concentrator_step(&site->host, site->now_ms);
}

int64_t concentrator_site_step(struct concentrator_site *site, int64_t now_ms)
{
    int64_t due = due_ms(site);

    while (due <= now_ms) {
        site->now_ms = due;
        step_once(site);
        due = due_ms(site);
    }
    site->now_ms = now_ms > site->now_ms ? now_ms : site->now_ms;
    return due;
}

void concentrator_site_opened(struct concentrator_site *site, bool opened)
{
    host_concentrator_uplink_opened(&site->host, opened, site->now_ms);
    site->core_due_ms = site->now_ms;
}

void concentrator_site_closed(struct concentrator_site *site)
{
    host_concentrator_uplink_closed(&site->host, site->now_ms);
    site->core_due_ms = site->now_ms;
}

void concentrator_site_receive(struct concentrator_site *site, struct span bytes)
{
    host_concentrator_uplink_receive(&site->host, bytes, site->now_ms);
    site->core_due_ms = site->now_ms;
}

int concentrator_site_restart(struct concentrator_site *site)
{
    host_concentrator_power_down(&site->host);
    host_flash_restore(&site->host.board.flash);
    site->config.uplink.close(site->config.uplink.context, site);
    site->core_due_ms = site->now_ms;
    return host_concentrator_power_up(&site->host, &site->config.core, site->now_ms);
}
