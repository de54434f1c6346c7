#include "sim/line_collector.h"

#include <string.h>

#define US_PER_MS 1000
#define TURN_US 20000
#define ANSWER_MS 1500

static const struct meter_flash_geometry geometry = { 2048, 4, 8 };

static void upper_send(void *context, struct span bytes)
{
    struct line_collector *collector = context;
    if (bytes.size > sizeof collector->answer || collector->flash.cut)
        return;
    memcpy(collector->answer, bytes.bytes, bytes.size);
    collector->answer_size = bytes.size;
}

static void lower_send(void *context, struct span bytes, uint32_t baud)
{
    struct line_collector *collector = context;
    (void)baud; /* the simulated line has one speed */
    (void)line_send(collector->lower, collector->now_us, bytes);
}

/* Go on to what is due next, not beyond limit_us.
 * returns  false when nothing is due until then */
static bool advance(struct line_collector *collector, int64_t limit_us)
{
    uint8_t bytes[LINE_BURST_LIMIT];
    int64_t due_ms = collector_step(&collector->core, collector->now_us / US_PER_MS);
    int64_t core_us = due_ms == INT64_MAX ? INT64_MAX : due_ms * US_PER_MS;
    int64_t line_us = line_due_us(collector->lower, collector->now_us);
    int64_t due_us = core_us < line_us ? core_us : line_us;
    if (due_us > limit_us)
        return false;
    collector->now_us = due_us > collector->now_us ? due_us : collector->now_us;
    size_t size = line_receive(collector->lower, collector->now_us, bytes, sizeof bytes);
    collector_lower_receive(&collector->core, span_of_bytes(bytes, size), collector->now_us / US_PER_MS);
    return true;
}

/* The master above hears the answer after the time that it took below. */
static size_t upper_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct line_collector *collector = slave;
    int64_t heard_us = collector->upper->master_free_us;
    if (collector->now_us < heard_us)
        line_collector_step(collector, heard_us);
    collector->answer_size = 0;
    collector_upper_receive(&collector->core, frame, collector->now_us / US_PER_MS);
    while (collector->answer_size == 0 && collector_is_busy(&collector->core))
        if (!advance(collector, INT64_MAX))
            break;
    if (collector->answer_size == 0 || collector->answer_size > limit)
        return 0;
    collector->slave.delay_low_us = collector->now_us - heard_us + collector->turn_us;
    collector->slave.delay_high_us = collector->slave.delay_low_us;
    memcpy(answer, collector->answer, collector->answer_size);
    return collector->answer_size;
}

int line_collector_open(struct line_collector *collector, const struct dlt645_address *address, struct line *upper,
                        struct line *lower, uint64_t seed)
{
    memset(collector, 0, sizeof *collector);
    host_flash_open(&collector->flash, geometry, seed);
    collector->flash_hal = host_flash_hal(&collector->flash);
    collector->hal = (struct collector_hal){ collector, upper_send, lower_send, &collector->flash_hal };
    collector->config.address = *address;
    collector->config.answer_ms = ANSWER_MS;
    collector->upper = upper;
    collector->lower = lower;
    collector->turn_us = TURN_US;
    collector->slave.slave = collector;
    collector->slave.receive = upper_receive;
    line_attach(upper, &collector->slave);
    return line_collector_restart(collector);
}

void line_collector_close(struct line_collector *collector)
{
    line_detach(collector->upper, &collector->slave);
    host_flash_close(&collector->flash);
}

int line_collector_restart(struct line_collector *collector)
{
    host_flash_restore(&collector->flash);
    return collector_open(&collector->core, &collector->hal, &collector->config, collector->now_us / US_PER_MS);
}

int line_collector_meter_add(struct line_collector *collector, uint8_t place, const struct collector_entry *entry)
{
    return collector_meter_set(&collector->core, place, entry);
}

void line_collector_step(struct line_collector *collector, int64_t now_us)
{
    while (advance(collector, now_us))
        continue;
    if (collector->now_us < now_us)
        collector->now_us = now_us;
}
