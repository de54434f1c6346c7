/* The electricity meter alone on a Cortex-M3, with nothing around it but a flash that is empty: linked to be measured. */
#include <string.h>

#include "meter/core/electricity/electricity_meter.h"
#include "meter/port/cortex_m/probe_flash.h"

int main(void);

static struct electricity_meter meter;

static int64_t clock_read_s(void *context)
{
    (void)context;
    return 0;
}

static void clock_write_s(void *context, int64_t clock_s)
{
    (void)context;
    (void)clock_s;
}

static void relay_drive(void *context, bool closed)
{
    (void)context;
    (void)closed;
}

static int cmac(void *context, enum cipher_algorithm algorithm, const uint8_t key[CIPHER_BLOCK_SIZE],
                const struct span *parts, size_t part_count, uint8_t out[CIPHER_BLOCK_SIZE])
{
    (void)context;
    (void)algorithm;
    (void)key;
    (void)parts;
    (void)part_count;
    (void)out;
    return -1;
}

static struct electricity_hal hal_of(struct cipher *cipher)
{
    struct electricity_hal hal;

    memset(&hal, 0, sizeof hal);
    cipher->cmac = cmac;
    hal.clock_read_s = clock_read_s;
    hal.clock_write_s = clock_write_s;
    hal.flash.sector_size = ELECTRICITY_SECTOR_SMALLEST;
    hal.flash.sector_count = 2;
    hal.flash.program_size = 8;
    hal.flash_read = probe_flash_read;
    hal.flash_program = probe_flash_program;
    hal.flash_erase = probe_flash_erase;
    hal.relay_drive = relay_drive;
    hal.cipher = cipher;
    return hal;
}

int main(void)
{
    static uint8_t frame[DLT645_FRAME_SIZE_MAX];
    static const struct electricity_sample sample;
    struct electricity_config config = electricity_config_default();
    struct cipher cipher = { .context = NULL };
    struct electricity_hal hal = hal_of(&cipher);
    size_t size = 0;

    (void)electricity_meter_open(&meter, &hal, &config);
    for (int64_t now_ms = 0; now_ms < INT32_MAX; now_ms += 1000) {
        (void)electricity_meter_sample(&meter, &sample, now_ms);
        size = electricity_meter_receive(&meter, span_of_bytes(frame, size), frame, sizeof frame);
        electricity_meter_inputs(&meter, 0, now_ms);
        electricity_meter_button(&meter, now_ms);
        electricity_meter_power_failing(&meter, now_ms);
    }
    return 0;
}
