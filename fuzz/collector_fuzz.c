/* A collector with two meters, and whatever anybody sends it from above and below: bursts with a byte in front that
 * gives the side (top bit) and the length. What goes up is a whole frame; while it is asked for a meter, the meter's. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/line_collector.h"

#define STEP_MS 700

static struct line upper, lower;
static struct line_collector world;

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void upper_check(void *context, struct span bytes)
{
    struct dlt645_frame dlt645;
    struct cjt188_frame cjt188;
    (void)context;
    bool is_dlt645 = dlt645_frame_decode(bytes, &dlt645, NULL) == 0;
    bool is_cjt188 = cjt188_frame_decode(bytes, &cjt188, NULL) == 0;
    must(is_dlt645 || is_cjt188);
    must(!is_dlt645 || is_cjt188 || (dlt645.control & DLT645_CONTROL_ANSWER) != 0);
}

static void lower_check(void *context, struct span bytes, uint32_t baud)
{
    (void)context;
    must(bytes.size > 0 && bytes.size <= COLLECTOR_FRAME_LIMIT && baud >= 300);
}

static void start(void)
{
    static const struct dlt645_address own = { { 0x01, 0x00, 0x00, 0x00, 0x00, 0x77 } };
    static const struct collector_entry entries[] = {
        { COLLECTOR_DLT645_2007, 24, 0, { 0x21, 0x43, 0, 0, 0, 0, 0 } },
        { COLLECTOR_CJT188, 24, 0x10, { 0x78, 0x56, 0x34, 0x00, 0x12, 0x00, 0x00 } },
    };
    const struct line_config config = { .kind = LINE_RS485, .seed = 1 };
    line_open(&upper, &config);
    line_open(&lower, &config);
    must(line_collector_open(&world, &own, &upper, &lower, 1) == 0);
    world.hal.upper_send = upper_check;
    world.hal.lower_send = lower_check;
    world.core.poll_minutes = 1;
    for (uint8_t place = 0; place < 2; place++)
        must(line_collector_meter_add(&world, place, &entries[place]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t now_ms = 0;
    start();
    for (size_t at = 0; at < size;) {
        bool is_upper = (data[at] & 0x80) != 0;
        size_t length = data[at++] & 0x7f;
        length = length < size - at ? length : size - at;
        (is_upper ? collector_upper_receive : collector_lower_receive)(&world.core, span_of_bytes(data + at, length),
                                                                       now_ms);
        at += length;
        now_ms += STEP_MS;
        (void)collector_step(&world.core, now_ms);
    }
    struct dlt645_address address = world.core.address;
    struct collector_entry entry = world.core.entries[0];
    must(line_collector_restart(&world) == 0);
    must(memcmp(&address, &world.core.address, sizeof address) == 0);
    must(memcmp(&entry, &world.core.entries[0], sizeof entry) == 0);
    line_collector_close(&world);
    return 0;
}
