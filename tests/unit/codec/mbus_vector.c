#include "tests/unit/codec/mbus_vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "tests/unit/unit_test.h"

/* Names of the vectors and of our items, where they differ. */
static const struct {
    const char *vector;
    const char *item;
} quantity_names[] = {
    { "%RH", "humidity" },
    { "bat. time", "other" },
    { "bus_address", "address" },
    { "CO2", "other" },
    { "#AL", "other" },
    { "#UI", "other" },
    { "cust. ID", "other" },
    { "datetime", "date_time" },
    { "external_temperature", "temperature_external" },
    { "flow_temperature", "temperature_flow" },
    { "hca_units", "heat_cost_units" },
    { "manufacturer_specific_vif", "manufacturer_value" },
    { "model_version", "model" },
    { "parameter_activation_state", "parameter_activation" },
    { "parameter_set_id", "parameter_set" },
    { "relative_humidity", "humidity" },
    { "return_temperature", "temperature_return" },
    { "special_supplier_info", "supplier_information" },
    /* Codes that the vectors' own decoder did not know; the standard does. */
    { "unknown_vif_7B", "other" },
    { "unknown_vif_FB14", "power_reactive" },
    { "unknown_vif_FB2D", "frequency" },
    { "unknown_vif_FB2E", "frequency" },
    { "unknown_vif_FB8275", "energy_reactive" },
    { "unknown_vif_FB82F53C", "energy_reactive" },
    { "unknown_vif_FB943C", "power_reactive" },
    { "unknown_vif_FB9772", "power_reactive" },
    { "unknown_vif_FBB772", "power_apparent" },
    { "unknown_vif_FD31", "tariff_duration" },
    { "unknown_vif_FD6C", "battery_time" },
    { "unknown_vif_FD71", "rf_level" },
    { "unknown_vif_FD73", "listening_window" },
    { "unknown_vif_FD74", "battery_remaining" },
    { "unknown_vif_FDAC7E", "readout_age" },
    { "unknown_vif_FDFD02", "battery_remaining" },
};

static const struct {
    const char *vector;
    const char *item;
} unit_names[] = {
    { "m3", "m³" },
    { "m3/h", "m³/h" },
    { "C", "°C" },
};

static const char *item_quantity_of(const char *vector)
{
    for (size_t i = 0; i < sizeof quantity_names / sizeof quantity_names[0]; i++)
        if (strcmp(quantity_names[i].vector, vector) == 0)
            return quantity_names[i].item;
    return vector;
}

static const char *item_unit_of(const char *vector)
{
    for (size_t i = 0; i < sizeof unit_names / sizeof unit_names[0]; i++)
        if (strcmp(unit_names[i].vector, vector) == 0)
            return unit_names[i].item;
    return vector;
}

static const char *item_text(const struct item *item)
{
    static char text[512];
    struct writer out = writer_of_buffer(text, sizeof text);
    item_value_write(item, &out);
    return writer_terminate(&out);
}

/* 0 when there is none, or when it is the manufacturer's own. */
static unsigned long vife_of(const json_t *record)
{
    const char *vife = vector_json_text(record, "vife");
    bool is_own = strcmp(vector_json_text(record, "quantity"), "manufacturer_specific_vif") == 0;
    return vife == NULL || is_own ? 0 : strtoul(vife, NULL, 16);
}

/* VIFE 50H to 5FH make the data a duration; the vectors' own decoder left the unit of the VIF. */
static bool is_duration(const json_t *record)
{
    return vife_of(record) >= 0x50 && vife_of(record) <= 0x5f;
}

/* VIFE 6AH, 6BH, 6EH, 6FH make the data a time, which the vectors' own decoder read as a number of the VIF's unit. */
static bool is_moment(const json_t *record)
{
    return vife_of(record) == 0x6a || vife_of(record) == 0x6b || vife_of(record) == 0x6e || vife_of(record) == 0x6f;
}

static bool is_backward(const json_t *record)
{
    return vife_of(record) == 0x3c;
}

static void place_check(const json_t *record, const struct item *item)
{
    static const char *const functions[] = { "inst", "max", "min", "error" };

    assert_string_equal(vector_json_text(record, "function"), functions[item->function]);
    assert_int_equal(vector_json_integer(record, "storage", -1), item->storage);
    assert_int_equal(vector_json_integer(record, "tariff", -1), item->tariff);
    assert_int_equal(vector_json_integer(record, "subunit", -1), item->subunit);
}

static void quantity_check(const json_t *record, const struct item *item)
{
    const char *quantity = item_quantity_of(vector_json_text(record, "quantity"));
    const char *unit = item_unit_of(vector_json_text(record, "unit"));

    if (is_backward(record) && strcmp(quantity, "volume") == 0)
        quantity = "volume_reverse";
    assert_string_equal(item_quantity_info((enum item_quantity)item->quantity)->name, quantity);
    if (is_duration(record))
        unit = "s";
    if (unit[0] != '\0' && item->kind == ITEM_KIND_NUMBER)
        assert_string_equal(item_unit_text((enum item_unit)item->unit), unit);
}

/* Dates of the vectors have two digits of the year, "14-03-12T14:23". */
static void time_check(const char *text, bool is_invalid, const struct item *item)
{
    assert_int_equal(item->kind, ITEM_KIND_TIME);
    if (is_invalid)
        assert_int_not_equal(item->quality, ITEM_GOOD);
    if (is_invalid && item->quality != ITEM_DOUBTED)
        return;
    if (item->time.parts == ITEM_TIME_OF_YEAR) {
        char every_year[32];
        snprintf(every_year, sizeof every_year, "127-%02u-%02uT%02u:%02u", item->time.month, item->time.day,
                 item->time.hour, item->time.minute);
        assert_memory_equal(every_year, text, strlen(text));
    } else
        assert_string_equal(item_text(item) + 2, text);
}

/* Singles are given with 12 digits in the vectors and with as few as needed in our items: both are the same single. */
static void number_check(const json_t *record, const json_t *value, const struct item *item)
{
    double ours = strtod(item_text(item), NULL), theirs = json_number_value(value);
    char texts[2][32];

    /* The scale of what the vectors' own decoder did not know is not in them. */
    if (strncmp(vector_json_text(record, "quantity"), "unknown_vif", 11) == 0) {
        assert_int_equal(item->value, vector_json_integer(record, "int", -1));
        return;
    }
    if (json_object_get(record, "int") == NULL) {
        assert_true(fabs(ours - theirs) <= 6e-8 * fabs(theirs));
        return;
    }
    snprintf(texts[0], sizeof texts[0], "%.14g", ours);
    snprintf(texts[1], sizeof texts[1], "%.14g", theirs);
    assert_string_equal(texts[0], texts[1]);
}

static void text_check(const char *text, const struct item *item)
{
    char trimmed[256];
    size_t size = strlen(text);

    if (item->kind == ITEM_KIND_BYTES)
        return;
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\0'))
        size--;
    snprintf(trimmed, sizeof trimmed, "%.*s", (int)size, text);
    assert_int_equal(item->kind, ITEM_KIND_TEXT);
    assert_string_equal(item_text(item), trimmed);
}

static bool is_true(const json_t *record, const char *key)
{
    return json_is_true(json_object_get(record, key));
}

static void manufacturer_check(const json_t *record, const struct item *item)
{
    assert_int_equal(item->quantity, ITEM_MANUFACTURER_DATA);
    assert_string_equal(item_text(item), vector_json_text(record, "manufacturer_specific"));
    assert_int_equal(item->identifier, is_true(record, "more_records_follow") ? 0x1f : 0x0f);
}

void mbus_vector_record_check(const json_t *record, const struct item *item)
{
    const json_t *value = json_object_get(record, "value");
    const char *date = vector_json_text(record, "date"), *date_time = vector_json_text(record, "datetime");

    if (json_object_get(record, "manufacturer_specific") != NULL) {
        manufacturer_check(record, item);
        return;
    }
    place_check(record, item);
    quantity_check(record, item);
    if (date != NULL)
        time_check(date, is_true(record, "date_invalid"), item);
    else if (date_time != NULL)
        time_check(date_time, is_true(record, "time_invalid"), item);
    else if (json_object_get(record, "datetime_I_raw") != NULL)
        assert_true(item->kind == ITEM_KIND_TIME && item->time.parts == ITEM_TIME_SECOND);
    else if (is_moment(record))
        assert_int_equal(item->kind, ITEM_KIND_TIME);
    else if (json_is_number(value))
        number_check(record, value, item);
    else if (json_is_string(value))
        text_check(json_string_value(value), item);
    else
        assert_true(item->quality == ITEM_MISSING || item->quality == ITEM_INVALID);
}

struct span mbus_vector_raw(const json_t *record, uint8_t *bytes, size_t capacity)
{
    const char *raw = vector_json_text(record, "raw");
    int size = raw == NULL ? -1 : hex_decode(span_of_text(raw), bytes, capacity);
    return span_of_bytes(bytes, size < 0 ? 0 : (size_t)size);
}
