#include "codec/explain/explain_wmbus_internal.h"
#include "codec/wmbus/wmbus_device_type.h"

struct wmbus_view wmbus_view_deeper(const struct wmbus_view *view)
{
    struct wmbus_view deeper = *view;
    deeper.depth++;
    return deeper;
}

struct span wmbus_view_place(const struct wmbus_view *view, struct span telegram_bytes)
{
    struct span telegram = view->link->telegram;

    if (telegram_bytes.size == 0 || telegram_bytes.bytes < telegram.bytes ||
        telegram_bytes.bytes + telegram_bytes.size > telegram.bytes + telegram.size)
        return span_of_bytes(view->frame.bytes, 0);
    size_t first = (size_t)(telegram_bytes.bytes - telegram.bytes);
    size_t start = wmbus_frame_offset(view->link, first);
    size_t end = wmbus_frame_offset(view->link, first + telegram_bytes.size - 1) + 1;
    return span_of_bytes(view->frame.bytes + start, end - start);
}

static struct explain_place place_of(const struct wmbus_view *view)
{
    struct explain_place place = { view->sink, view->frame, view->depth };
    return place;
}

void wmbus_row_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                   const char *value, const char *meaning)
{
    struct explain_place place = place_of(view);
    explain_label_put(&place, wmbus_view_place(view, telegram_bytes), label, value, meaning);
}

void wmbus_hex_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                   const char *meaning)
{
    char text[EXPLAIN_TEXT_LIMIT];
    struct writer value = writer_of_buffer(text, sizeof text);

    explain_write_capital_hex(&value, telegram_bytes);
    wmbus_row_put(view, telegram_bytes, label, writer_terminate(&value), meaning);
}

void wmbus_number_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                      unsigned long number, const char *meaning)
{
    char text[24];
    struct writer value = writer_of_buffer(text, sizeof text);

    writer_format(&value, "%lu", number);
    wmbus_row_put(view, telegram_bytes, label, writer_terminate(&value), meaning);
}

void wmbus_truth_put(const struct wmbus_view *view, struct span telegram_bytes, const struct explain_label *label,
                     bool is_true, const char *meaning)
{
    wmbus_row_put(view, telegram_bytes, label, is_true ? "true" : "false", meaning);
}

static void number_row_put(const struct wmbus_view *view, const struct wmbus_address *address, struct span bytes,
                           bool is_meter)
{
    struct explain_place place = place_of(view);
    struct explain_field field =
        explain_row(&place, wmbus_view_place(view, bytes), "Identification number", "表号", "EN 13757-7 7");
    char text[WMBUS_NUMBER_TEXT_SIZE];

    wmbus_address_number_text(address, text);
    field.key = "id";
    field.value = text;
    field.is_address = is_meter;
    explain_put(view->sink, field, NULL, NULL);
}

static void manufacturer_row_put(const struct wmbus_view *view, const struct wmbus_address *address, struct span bytes)
{
    static const struct explain_label label = { "manufacturer", "Manufacturer", "厂商", "EN 13757-7 7" };
    char text[WMBUS_MANUFACTURER_TEXT_SIZE];

    wmbus_address_manufacturer_text(address, text);
    wmbus_row_put(view, bytes, &label, text,
                  wmbus_address_is_soft(address)
                      ? explain_choose(view->sink, "bit 15 set: the number is not unique in the world",
                                       "第15位为1：表号并非全球唯一")
                      : NULL);
}

void wmbus_address_put(const struct wmbus_view *view, const struct wmbus_address *address,
                       const struct wmbus_address_place *place, bool is_meter)
{
    static const struct explain_label version = { "version", "Version", "版本", "EN 13757-7 7" };
    static const struct explain_label type = { "type", "Device type", "设备类型", "EN 13757-7 7" };
    static const struct explain_label medium = { "medium", "Medium", "介质", "EN 13757-7 7" };
    const char *name = wmbus_device_type_text(wmbus_address_type(address), view->sink->language == EXPLAIN_CHINESE);

    manufacturer_row_put(view, address, place->manufacturer);
    number_row_put(view, address, place->number, is_meter);
    wmbus_number_put(view, place->version, &version, wmbus_address_version(address), NULL);
    wmbus_number_put(view, place->type, &type, wmbus_address_type(address), name);
    wmbus_row_put(view, place->type, &medium, name, NULL);
}
