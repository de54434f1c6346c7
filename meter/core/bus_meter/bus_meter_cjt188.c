/* CJ/T 188 as the meter: who is meant, what is answered. */
#include "codec/cjt188/cjt188_message.h"
#include "meter/core/bus_meter/bus_meter_internal.h"

#include <string.h>

static bool is_addressed(const struct bus_meter *meter, const struct cjt188_frame *frame)
{
    if (frame->meter_type != CJT188_WILDCARD && frame->meter_type != bus_meter_kind_find(meter->config.kind)->type)
        return false;
    for (size_t i = 0; i < CJT188_ADDRESS_SIZE; i++)
        if (frame->address[i] != CJT188_WILDCARD && frame->address[i] != meter->settings.address[i])
            return false;
    return true;
}

/* A strict model hears one order of the identifier's bytes only. */
static bool is_understood(const struct bus_meter *meter, const struct cjt188_frame *frame)
{
    return meter->config.any_order || frame->known == NULL ||
           frame->is_low_first == meter->config.variant->is_low_first;
}

/* The function that a model expects for an identifier. */
static uint8_t function_of(const struct cjt188_variant *variant, const struct cjt188_data *row)
{
    if (row->identifier == CJT188_ADDRESS_WRITE)
        return variant->address_function;
    return row->identifier == CJT188_BASE_READING_WRITE ? variant->sync_function : row->function;
}

static bool is_write(const struct cjt188_data *row)
{
    return row->identifier >> 8 == CJT188_VALVE >> 8;
}

/* Do what is asked. returns 0; negative: refused */
static int obey(struct bus_meter *meter, const struct cjt188_frame *frame)
{
    const struct cjt188_data *row = frame->known;
    if (row == NULL || (frame->control & CJT188_FUNCTION_MASK) != function_of(meter->config.variant, row))
        return BUS_METER_ERR_CONFIG;
    return is_write(row) ? bus_meter_cjt188_write(meter, frame) : 0;
}

/* An answer comes from the address that was asked; a wildcard gets the true one, a new one if it was just written. */
static struct cjt188_link link_of(const struct bus_meter *meter, const struct cjt188_frame *frame,
                                  struct cjt188_variant *variant)
{
    struct cjt188_link link = {
        bus_meter_kind_find(meter->config.kind)->type, { 0 }, frame->serial, meter->config.preamble_size, variant
    };
    *variant = *meter->config.variant;
    variant->is_low_first = frame->is_low_first;
    for (size_t i = 0; i < CJT188_ADDRESS_SIZE; i++)
        link.address[i] = frame->address[i] != CJT188_WILDCARD ? frame->address[i] : meter->settings.address[i];
    return link;
}

static void request_answer(struct bus_meter *meter, const struct cjt188_frame *frame, struct writer *out)
{
    struct item items[BUS_METER_ITEM_LIMIT];
    struct cjt188_variant variant;
    int error = obey(meter, frame);
    struct cjt188_link link = link_of(meter, frame, &variant);
    bus_meter_register_store(meter);
    if (error == 0) {
        size_t count = bus_meter_cjt188_items(meter, frame->known, items);
        error = cjt188_answer_encode(&link, frame->known->identifier, items, count, out);
    }
    if (error < 0 && !out->overflow)
        error = cjt188_abnormal_answer_encode(&link, frame->control & CJT188_FUNCTION_MASK,
                                              bus_meter_status(meter, variant.status_map), out);
    if (error < 0)
        out->overflow = true; /* half an answer is none */
}

bool bus_meter_cjt188_receive(struct bus_meter *meter, struct span burst, struct writer *out)
{
    struct cjt188_frame frame;
    size_t skip = 0;
    if (cjt188_frame_take(burst, &skip, &frame) == 0)
        return false;
    bool is_request = (frame.control & (CJT188_FROM_METER | CJT188_ABNORMAL)) == 0 && frame.form != CJT188_FORM_RAW;
    if (is_request && is_addressed(meter, &frame) && is_understood(meter, &frame))
        request_answer(meter, &frame, out);
    return true;
}
