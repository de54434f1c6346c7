/* A collector alone on a Cortex-M3, with nothing around it but a flash that is empty: linked to be measured. */
#include <string.h>

#include "meter/core/collector/collector.h"
#include "meter/port/cortex_m/probe_flash.h"

int main(void);

static struct collector collector;
static uint8_t heard[COLLECTOR_FRAME_LIMIT];
static size_t heard_size;

static void upper_send(void *context, struct span bytes)
{
    (void)context;
    memcpy(heard, bytes.bytes, bytes.size);
    heard_size = bytes.size;
}

static void lower_send(void *context, struct span bytes, uint32_t baud)
{
    (void)baud;
    upper_send(context, bytes);
}

int main(void)
{
    struct meter_hal flash;
    struct collector_hal hal = { NULL, upper_send, lower_send, &flash };
    struct collector_config config;

    memset(&flash, 0, sizeof flash);
    memset(&config, 0, sizeof config);
    flash.flash = (struct meter_flash_geometry){ 2048, 4, 8 };
    flash.flash_read = probe_flash_read;
    flash.flash_program = probe_flash_program;
    flash.flash_erase = probe_flash_erase;
    config.answer_ms = 1000;
    (void)collector_open(&collector, &hal, &config, 0);
    for (int64_t now_ms = 0; now_ms < INT32_MAX; now_ms += 1000) {
        collector_upper_receive(&collector, span_of_bytes(heard, heard_size), now_ms);
        collector_lower_receive(&collector, span_of_bytes(heard, heard_size), now_ms);
        (void)collector_step(&collector, now_ms);
    }
    return 0;
}
