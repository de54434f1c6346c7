/* What the meters behind a concentrator for load answer to forwarded frames. */
#include <string.h>

#include "base/calendar.h"
#include "codec/bcd/bcd.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/dlt645/dlt645_answer.h"
#include "codec/dlt645/dlt645_message.h"
#include "sim/concentrator_load_internal.h"

#define METER_BLOCK 0x0001ff00u /* DL/T 645 tables A.1, A.4, A.6 */
#define METER_DATE 0x04000101u
#define METER_TIME 0x04000102u
#define METER_RELAY 0x04000503u
#define METER_LATCHED_TIME 0x05010001u
#define METER_LATCHED 0x05010101u

enum { TYPE_WATER = 0x10, TYPE_HEAT = 0x20 };

static void meter_registers_put(const struct concentrator_load *load, uint64_t meter, bool is_block, int64_t time_s,
                                struct writer *out)
{
    for (unsigned i = 0; i <= (is_block ? LOAD_TARIFFS : 0u); i++)
        load_number_put(load_register_shown(load, meter, i, time_s) / 100, 4, out);
}

static void meter_clock_put(const struct concentrator_load *load, bool is_date, struct writer *out)
{
    int64_t day = calendar_local_day(load_clock_s(load), CONCENTRATOR_LOAD_ZONE_S);
    int32_t second = calendar_second_of_day(load_clock_s(load), CONCENTRATOR_LOAD_ZONE_S);

    load_digits_put(is_date ? (int)(calendar_weekday_of_day(day) % 7) : second % 60, out);
    if (is_date) {
        load_day_put(day, out);
    } else {
        load_digits_put(second % LOAD_HOUR_S / 60, out);
        load_digits_put(second / LOAD_HOUR_S, out);
    }
}

/* returns  false: a meter has no such value */
static bool meter_value_put(const struct concentrator_load *load, uint64_t meter, uint32_t identifier,
                            struct writer *out)
{
    if (identifier == METER_RELAY)
        writer_put_u16le(out, 0);
    else if (identifier == METER_DATE || identifier == METER_TIME)
        meter_clock_put(load, identifier == METER_DATE, out);
    else if (identifier == METER_LATCHED_TIME && load->latched_s != 0)
        load_minute_put(load->latched_s, out);
    else if (identifier == METER_LATCHED && load->latched_s != 0)
        meter_registers_put(load, meter, true, load->latched_s, out);
    else if (identifier >> 16 == 2)
        load_number_put(0, 4, out);
    else if (identifier >> 16 < 2)
        meter_registers_put(load, meter, identifier == METER_BLOCK, load_clock_s(load), out);
    return out->size > 0;
}

/* A broadcast is for all of them, and nobody answers. */
static void meter_645_answer(struct concentrator_load *load, const struct dlt645_frame *frame, struct writer *out)
{
    struct dlt645_message message;
    int64_t address = bcd_read(span_of_bytes(frame->address.bytes, sizeof frame->address.bytes));
    uint8_t bytes[32];
    struct writer values = writer_of_buffer(bytes, sizeof bytes);

    dlt645_message_decode(frame, &message);
    if (frame->control == DLT645_FREEZE)
        load->latched_s = load_clock_s(load);
    if (memcmp(&frame->address, &dlt645_address_broadcast, sizeof frame->address) == 0)
        return;
    if (frame->control != DLT645_READ)
        (void)!dlt645_done_answer_encode(DLT645_2007, &frame->address, frame->control & DLT645_CONTROL_FUNCTION, out);
    else if (meter_value_put(load, address < 0 ? 0 : (uint64_t)address, message.identifier, &values))
        (void)!dlt645_read_answer_encode(DLT645_2007, &frame->address, message.identifier, writer_span(&values), false,
                                         out);
    else
        (void)!dlt645_error_answer_encode(DLT645_2007, &frame->address, DLT645_READ, 2, out);
}

static void meter_188_answer(const struct concentrator_load *load, const struct cjt188_frame *frame, struct writer *out)
{
    int64_t address = bcd_read(span_of_bytes(frame->address, 6));
    struct cjt188_link link;
    struct item item;

    memset(&link, 0, sizeof link);
    memset(&item, 0, sizeof item);
    link.meter_type = frame->meter_type == CJT188_WILDCARD ? (uint8_t)TYPE_WATER : frame->meter_type;
    memcpy(link.address, frame->address, sizeof link.address);
    link.serial = frame->serial;
    item.quantity = link.meter_type / 16 == TYPE_HEAT / 16 ? ITEM_ENERGY_HEAT : ITEM_VOLUME;
    item.unit = link.meter_type / 16 == TYPE_HEAT / 16 ? ITEM_UNIT_KWH : ITEM_UNIT_M3;
    item.value = load_register_shown(load, address < 0 ? 0 : (uint64_t)address, 0, load_clock_s(load)) / 100;
    item.exponent = -2;
    if (frame->identifier == CJT188_METERING)
        (void)!cjt188_answer_encode(&link, CJT188_METERING, &item, 1, out);
}

void load_meter_answer(struct concentrator_load *load, struct span heard, struct writer *out)
{
    struct dlt645_frame frame_645;
    struct cjt188_frame frame_188;
    size_t skip;

    if (dlt645_frame_take(heard, &skip, &frame_645) > 0)
        meter_645_answer(load, &frame_645, out);
    else if (cjt188_frame_take(heard, &skip, &frame_188) > 0)
        meter_188_answer(load, &frame_188, out);
}
