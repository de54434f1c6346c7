#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/cjt188/cjt188_code.h"
#include "codec/cjt188/cjt188_item.h"
#include "codec/cjt188/cjt188_message.h"
#include "codec/cjt188/cjt188_unit.h"
#include "codec/codec_error.h"

#define WATER_SIZE 19
#define HEAT_SIZE 43

/* A decoded answer of a meter of that type, with its items. */
struct answer {
    uint8_t bytes[CJT188_FRAME_LIMIT];
    struct cjt188_frame frame;
    struct item items[CJT188_ITEM_LIMIT];
    struct item_list list;
};

static void answer_make(struct answer *answer, uint8_t meter_type, uint16_t identifier, const uint8_t *payload,
                        size_t size, const struct cjt188_variant *variant)
{
    struct cjt188_link link = { meter_type, { 1, 2, 3, 4, 5, 6, 7 }, 9, 0, NULL };
    struct writer out = writer_of_buffer(answer->bytes, sizeof answer->bytes);

    assert_int_equal(cjt188_message_encode(&link, 0x81, identifier, span_of_bytes(payload, size), &out), 0);
    assert_int_equal(cjt188_frame_decode(writer_span(&out), &answer->frame, NULL), 0);
    answer->list = item_list_of(answer->items, CJT188_ITEM_LIMIT);
    assert_int_equal(cjt188_items_decode(&answer->frame, variant, &answer->list), 0);
}

static const struct item *item_get(const struct answer *answer, enum item_quantity quantity, unsigned storage)
{
    for (size_t i = 0; i < answer->list.count; i++)
        if (answer->items[i].quantity == quantity && answer->items[i].storage == storage)
            return &answer->items[i];
    fail_msg("no item of quantity %u", (unsigned)quantity);
    return NULL;
}

static void number_assert(const struct item *item, int64_t value, int exponent, enum item_unit unit)
{
    assert_int_equal(item->quality, ITEM_GOOD);
    assert_int_equal(item->value, value);
    assert_int_equal(item->exponent, exponent);
    assert_int_equal(item->unit, unit);
}

static const uint8_t water_payload[WATER_SIZE] = { 0x56, 0x34, 0x12, 0x00, 0x2c, 0x00, 0x00, 0x12, 0x00, 0x2c,
                                                   0x30, 0x15, 0x10, 0x09, 0x07, 0x26, 0x20, 0x04, 0x00 };

static const uint8_t heat_payload[HEAT_SIZE] = {
    0x11, 0x74, 0x02, 0x00, 0x05, 0x88, 0x27, 0x44, 0x05, 0x05, 0x00, 0x01, 0x00, 0x00, 0x17,
    0x00, 0x02, 0x00, 0x00, 0x35, 0x08, 0x56, 0x71, 0x00, 0x2c, 0x79, 0x26, 0x00, 0x64, 0x26,
    0x00, 0x66, 0x47, 0x07, 0x11, 0x52, 0x17, 0x03, 0x09, 0x25, 0x20, 0x00, 0x05,
};

/* The heat reading with each group's unit brought to the front. */
static void unit_first_make(uint8_t *payload)
{
    memcpy(payload, heat_payload, HEAT_SIZE);
    for (size_t group = 0; group < 25; group += 5) {
        payload[group] = heat_payload[group + 4];
        memcpy(payload + group + 1, heat_payload + group, 4);
    }
}

static void a_water_reading_has_all_its_items(void **state)
{
    struct answer answer;
    (void)state;

    answer_make(&answer, 0x10, CJT188_METERING, water_payload, WATER_SIZE, NULL);
    assert_int_equal(answer.list.count, 6);
    number_assert(item_get(&answer, ITEM_VOLUME, 0), 123456, -2, ITEM_UNIT_M3);
    number_assert(item_get(&answer, ITEM_VOLUME, 1), 120000, -2, ITEM_UNIT_M3);
    assert_int_equal(item_get(&answer, ITEM_VOLUME, 0)->identifier, 0x901f);
    const struct item *time = item_get(&answer, ITEM_DATE_TIME, 0);
    assert_int_equal(time->kind, ITEM_KIND_TIME);
    assert_int_equal(time->time.year, 2026);
    assert_int_equal(time->time.month, 7);
    assert_int_equal(time->time.day, 9);
    assert_int_equal(time->time.hour, 10);
    assert_int_equal(time->time.minute, 15);
    assert_int_equal(time->time.second, 30);
    assert_int_equal(item_get(&answer, ITEM_STATUS, 0)->value, 0x0400);
    assert_int_equal(item_get(&answer, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_OPEN);
    assert_int_equal(item_get(&answer, ITEM_BATTERY_LOW, 0)->value, 1);
}

static void heat_check(const struct answer *answer)
{
    number_assert(item_get(answer, ITEM_ENERGY_HEAT, 1), 27411, -2, ITEM_UNIT_KWH);
    number_assert(item_get(answer, ITEM_ENERGY_HEAT, 0), 5442788, -2, ITEM_UNIT_KWH);
    number_assert(item_get(answer, ITEM_POWER, 0), 100, -2, ITEM_UNIT_KW);
    number_assert(item_get(answer, ITEM_VOLUME_FLOW, 0), 200, -2, ITEM_UNIT_M3_H);
    number_assert(item_get(answer, ITEM_VOLUME, 0), 715608, -2, ITEM_UNIT_M3);
    number_assert(item_get(answer, ITEM_TEMPERATURE_FLOW, 0), 2679, -2, ITEM_UNIT_CELSIUS);
    number_assert(item_get(answer, ITEM_TEMPERATURE_RETURN, 0), 2664, -2, ITEM_UNIT_CELSIUS);
    number_assert(item_get(answer, ITEM_OPERATING_TIME, 0), 74766, 0, ITEM_UNIT_HOUR);
}

static void a_heat_reading_is_read_with_the_unit_behind_or_before(void **state)
{
    uint8_t payload[HEAT_SIZE];
    struct answer answer;
    (void)state;

    answer_make(&answer, 0x25, CJT188_METERING, heat_payload, HEAT_SIZE, NULL);
    heat_check(&answer);
    unit_first_make(payload);
    answer_make(&answer, 0x25, CJT188_METERING, payload, HEAT_SIZE, NULL);
    heat_check(&answer);
}

/* Which energies a heat meter counts is told by its type, or by the model. */
static void cooling_energy_follows_type_and_model(void **state)
{
    struct answer answer;
    (void)state;

    answer_make(&answer, 0x21, CJT188_METERING, heat_payload, HEAT_SIZE, NULL);
    number_assert(item_get(&answer, ITEM_ENERGY_COOLING, 0), 5442788, -2, ITEM_UNIT_KWH);
    number_assert(item_get(&answer, ITEM_ENERGY_COOLING, 1), 27411, -2, ITEM_UNIT_KWH);
    answer_make(&answer, 0x22, CJT188_METERING, heat_payload, HEAT_SIZE,
                cjt188_variant_find(span_of_text("cooling_first")));
    number_assert(item_get(&answer, ITEM_ENERGY_HEAT, 0), 5442788, -2, ITEM_UNIT_KWH);
    number_assert(item_get(&answer, ITEM_ENERGY_COOLING, 0), 27411, -2, ITEM_UNIT_KWH);
}

/* FF is no value, letters are no number; neither is ever 0, and the frame stands. */
static void missing_and_illegal_values_stay_apart(void **state)
{
    uint8_t payload[WATER_SIZE];
    struct answer answer;
    (void)state;

    memcpy(payload, water_payload, WATER_SIZE);
    memset(payload, 0xff, 4);
    payload[6] = 0x1a;
    answer_make(&answer, 0x30, CJT188_METERING, payload, WATER_SIZE, NULL);
    assert_int_equal(item_get(&answer, ITEM_VOLUME, 0)->quality, ITEM_MISSING);
    assert_int_equal(item_get(&answer, ITEM_VOLUME, 0)->unit, ITEM_UNIT_M3);
    assert_int_equal(item_get(&answer, ITEM_VOLUME, 1)->quality, ITEM_INVALID);
}

static void times_that_are_none_leave_the_rest_alone(void **state)
{
    static const struct {
        uint8_t time[7];
        enum item_quality quality;
    } times[] = {
        { { 0, 0, 0, 0, 0, 0, 0 }, ITEM_MISSING },
        { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, ITEM_MISSING },
        { { 0x20, 0x26, 0x07, 0x09, 0x10, 0x15, 0x30 }, ITEM_INVALID }, /* year first */
        { { 0x60, 0x20, 0x20, 0x01, 0x01, 0x26, 0x20 }, ITEM_INVALID }, /* 60 seconds */
        { { 0x00, 0x00, 0x00, 0x29, 0x02, 0x26, 0x20 }, ITEM_INVALID }, /* no leap year */
        { { 0x00, 0x00, 0x00, 0x29, 0x02, 0x24, 0x20 }, ITEM_GOOD },
        { { 0x0a, 0x00, 0x00, 0x01, 0x01, 0x26, 0x20 }, ITEM_INVALID }, /* no BCD */
    };
    (void)state;

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        uint8_t payload[WATER_SIZE];
        struct answer answer;
        memcpy(payload, water_payload, WATER_SIZE);
        memcpy(payload + 10, times[i].time, 7);
        answer_make(&answer, 0x10, CJT188_METERING, payload, WATER_SIZE, NULL);
        assert_int_equal(item_get(&answer, ITEM_DATE_TIME, 0)->quality, times[i].quality);
        assert_int_equal(item_get(&answer, ITEM_DATE_TIME, 0)->time.parts,
                         times[i].quality == ITEM_GOOD ? ITEM_TIME_SECOND : ITEM_TIME_NONE);
        number_assert(item_get(&answer, ITEM_VOLUME, 0), 123456, -2, ITEM_UNIT_M3);
    }
}

static void status_bits_follow_the_model(void **state)
{
    static const struct {
        const char *variant;
        uint8_t st1;
        int valve;
        enum item_quality quality;
        int battery;
    } statuses[] = {
        { "standard", 0x00, CJT188_VALVE_IS_OPEN, ITEM_GOOD, 0 },
        { "standard", 0x05, CJT188_VALVE_IS_CLOSED, ITEM_GOOD, 1 },
        { "standard", 0x03, CJT188_VALVE_IS_ABNORMAL, ITEM_GOOD, 0 },
        { "standard", 0x02, CJT188_VALVE_IS_RESERVED, ITEM_INVALID, 0 },
        { "standard", 0xf8, CJT188_VALVE_IS_OPEN, ITEM_GOOD, 0 },
        { "mirrored_status", 0x60, CJT188_VALVE_IS_CLOSED, ITEM_GOOD, 1 },
        { "mirrored_status", 0xc7, CJT188_VALVE_IS_ABNORMAL, ITEM_GOOD, 0 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        const uint8_t payload[2] = { statuses[i].st1, 0xff };
        struct answer answer;
        answer_make(&answer, 0x10, CJT188_VALVE, payload, 2, cjt188_variant_find(span_of_text(statuses[i].variant)));
        assert_int_equal(item_get(&answer, ITEM_VALVE, 0)->value, statuses[i].valve);
        assert_int_equal(item_get(&answer, ITEM_VALVE, 0)->quality, statuses[i].quality);
        assert_int_equal(item_get(&answer, ITEM_BATTERY_LOW, 0)->value, statuses[i].battery);
    }
}

static void faults_of_a_heat_meter_are_named(void **state)
{
    uint8_t payload[HEAT_SIZE];
    char text[128];
    struct writer out = writer_of_buffer(text, sizeof text);
    struct answer answer;
    (void)state;

    memcpy(payload, heat_payload, HEAT_SIZE);
    payload[HEAT_SIZE - 1] = 0xf6;
    answer_make(&answer, 0x20, CJT188_METERING, payload, HEAT_SIZE, cjt188_variant_find(span_of_text("heat_faults")));
    assert_int_equal(item_get(&answer, ITEM_ERROR_FLAGS, 0)->value, 6);
    cjt188_item_text_write(item_get(&answer, ITEM_ERROR_FLAGS, 0), false, &out);
    assert_string_equal(writer_terminate(&out), "supply sensor fault, return sensor fault");
}

static void every_unit_code_has_its_scale(void **state)
{
    static const struct {
        uint8_t code;
        enum item_unit unit;
        int exponent;
    } units[] = {
        { 0x01, ITEM_UNIT_J, -2 },     { 0x02, ITEM_UNIT_WH, -2 }, { 0x05, ITEM_UNIT_KWH, -2 },
        { 0x08, ITEM_UNIT_MWH, -2 },   { 0x0a, ITEM_UNIT_MWH, 0 }, { 0x0b, ITEM_UNIT_KJ, -2 },
        { 0x0e, ITEM_UNIT_MJ, -2 },    { 0x11, ITEM_UNIT_GJ, -2 }, { 0x13, ITEM_UNIT_GJ, 0 },
        { 0x14, ITEM_UNIT_W, -2 },     { 0x17, ITEM_UNIT_KW, -2 }, { 0x1a, ITEM_UNIT_MW, -2 },
        { 0x29, ITEM_UNIT_LITRE, -2 }, { 0x2c, ITEM_UNIT_M3, -2 }, { 0x32, ITEM_UNIT_L_H, -2 },
        { 0x35, ITEM_UNIT_M3_H, -2 },
    };
    size_t legal = 0;
    (void)state;

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        assert_int_equal(cjt188_units[units[i].code].unit, units[i].unit);
        assert_int_equal(cjt188_unit_exponent(units[i].code), units[i].exponent);
        assert_int_equal(cjt188_unit_code((uint8_t)units[i].unit, units[i].exponent), units[i].code);
    }
    for (unsigned code = 0; code < 256; code++)
        legal += cjt188_unit_is_legal((uint8_t)code);
    assert_int_equal(legal, sizeof units / sizeof units[0]);
    assert_int_equal(cjt188_unit_code(ITEM_UNIT_CAL, -2), -1);
}

static void litres_have_the_scale_of_the_model(void **state)
{
    uint8_t payload[WATER_SIZE];
    struct answer answer;
    (void)state;

    memcpy(payload, water_payload, WATER_SIZE);
    payload[4] = 0x29;
    answer_make(&answer, 0x10, CJT188_METERING, payload, WATER_SIZE, NULL);
    number_assert(item_get(&answer, ITEM_VOLUME, 0), 123456, -2, ITEM_UNIT_LITRE);
    answer_make(&answer, 0x10, CJT188_METERING, payload, WATER_SIZE, cjt188_variant_find(span_of_text("whole_litres")));
    number_assert(item_get(&answer, ITEM_VOLUME, 0), 123456, 0, ITEM_UNIT_LITRE);
}

static void other_answers_are_read_by_their_layouts(void **state)
{
    static const uint8_t history[] = { 0x56, 0x34, 0x12, 0x00, 0x2c };
    static const uint8_t purchase[] = { 0x07, 0x00, 0x50, 0x00, 0x00, 0x00, 0x20, 0x01,
                                        0x00, 0x34, 0x12, 0x00, 0x00, 0x01, 0x00 };
    static const uint8_t unknown[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    struct answer answer;
    (void)state;

    answer_make(&answer, 0x10, 0xd12b, history, sizeof history, NULL);
    number_assert(item_get(&answer, ITEM_VOLUME, 12), 123456, -2, ITEM_UNIT_M3);
    answer_make(&answer, 0x20, 0xd120, history, sizeof history, NULL);
    number_assert(item_get(&answer, ITEM_ENERGY_HEAT, 1), 123456, -2, ITEM_UNIT_M3);
    answer_make(&answer, 0x40, CJT188_METERING, water_payload, WATER_SIZE, NULL);
    assert_int_equal(item_get(&answer, ITEM_ENERGY_ACTIVE_IMPORT, 0)->value, 123456);
    answer_make(&answer, 0x10, CJT188_PURCHASE, purchase, sizeof purchase, NULL);
    number_assert(item_get(&answer, ITEM_PURCHASE_COUNT, 0), 7, 0, ITEM_UNIT_NONE);
    number_assert(item_get(&answer, ITEM_PURCHASE_AMOUNT, 0), 5000, -2, ITEM_UNIT_YUAN);
    number_assert(item_get(&answer, ITEM_PURCHASE_TOTAL, 0), 12000, -2, ITEM_UNIT_YUAN);
    number_assert(item_get(&answer, ITEM_BALANCE, 0), 1234, -2, ITEM_UNIT_YUAN);
    assert_int_equal(item_get(&answer, ITEM_VALVE, 0)->value, CJT188_VALVE_IS_CLOSED);
    answer_make(&answer, 0x10, CJT188_METERING, unknown, sizeof unknown, NULL);
    assert_int_equal(answer.list.count, 1);
    assert_int_equal(answer.items[0].quantity, ITEM_MANUFACTURER_DATA);
    assert_int_equal(answer.items[0].bytes.size, sizeof unknown);
}

static void a_full_list_is_said(void **state)
{
    struct answer answer;
    struct item items[5];
    struct item_list list = item_list_of(items, 5);
    (void)state;

    answer_make(&answer, 0x10, CJT188_METERING, water_payload, WATER_SIZE, NULL);
    assert_int_equal(cjt188_items_decode(&answer.frame, NULL, &list), CODEC_ERR_FULL);
    assert_int_equal(list.count, 5);
}

static void every_type_has_its_row(void **state)
{
    static const struct {
        uint8_t meter_type;
        const char *english;
    } types[] = {
        { 0x0f, "unknown" },
        { 0x10, "cold water" },
        { 0x13, "reclaimed water" },
        { 0x14, "water range, vendor sub-type" },
        { 0x19, "water range, vendor sub-type" },
        { 0x1a, "unknown" },
        { 0x20, "heat (heating)" },
        { 0x21, "heat (cooling)" },
        { 0x29, "heat range, vendor sub-type" },
        { 0x2a, "unknown" },
        { 0x30, "gas" },
        { 0x39, "gas range, vendor sub-type" },
        { 0x40, "electricity (2004) or user-defined (2018)" },
        { 0x49, "user-defined" },
        { 0x50, "unknown" },
        { 0xa9, "unknown" },
        { 0xaa, "wildcard" },
        { 0xff, "unknown" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        assert_string_equal(cjt188_type_find(types[i].meter_type)->english, types[i].english);
}

/* What the tables promise about each other. */
static void layouts_are_as_long_as_their_fields(void **state)
{
    const struct cjt188_layout *layout;
    (void)state;

    for (unsigned shape = 0; shape < CJT188_SHAPE_COUNT; shape++) {
        size_t index = 0;
        for (; (layout = cjt188_layout_at((enum cjt188_shape)shape, index)) != NULL; index++) {
            size_t size = 0, items = 0, units = 0;
            for (size_t i = 0; i < layout->count; i++) {
                bool is_behind = layout->fields[i].format == CJT188_VALUE_UNIT;
                if (is_behind || layout->fields[i].format == CJT188_UNIT_VALUE)
                    assert_int_equal(size + (is_behind ? 4 : 0), layout->unit_offset + 5 * units++);
                size += layout->fields[i].size;
                items += layout->fields[i].format == CJT188_STATUS || layout->fields[i].format == CJT188_STATUS_HEAT
                             ? CJT188_STATUS_ITEM_LIMIT
                             : 1;
            }
            assert_int_equal(size, layout->size);
            assert_int_equal(units, layout->unit_count);
            assert_true(items <= CJT188_ITEM_LIMIT);
        }
        assert_true(index > 0);
    }
}

static void variants_are_found_by_name(void **state)
{
    const struct cjt188_variant *variant;
    (void)state;

    for (size_t i = 0; (variant = cjt188_variant_at(i)) != NULL; i++)
        assert_ptr_equal(cjt188_variant_find(span_of_text(variant->name)), variant);
    assert_ptr_equal(cjt188_variant_standard(), cjt188_variant_at(0));
    assert_null(cjt188_variant_find(span_of_text("none")));
}

/* A value the field can carry: BCD digits at the scale of a unit, a time, any bits. */
static void item_fill(struct random *random, const struct cjt188_field *field, uint8_t meter_type, unsigned storage,
                      uint8_t *bytes, struct item *item)
{
    static const uint8_t codes[] = {
        0x01, 0x02, 0x05, 0x08, 0x0a, 0x0b, 0x0e, 0x11, 0x13, 0x14, 0x17, 0x1a, 0x2c, 0x35
    };
    static const int64_t powers[] = { 1, 100, 10000, 1000000, 100000000, 10000000000, 1000000000000, 100000000000000 };
    const struct cjt188_type *type = cjt188_type_find(meter_type);
    bool has_unit = field->format == CJT188_VALUE_UNIT || field->format == CJT188_UNIT_VALUE;

    memset(item, 0, sizeof *item);
    item->quantity = cjt188_field_quantity(field, type);
    item->unit = cjt188_field_unit(field, type);
    item->tier = field->item.tier;
    item->storage = storage + field->item.storage;
    item->exponent = field->item.exponent;
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)random_next(random);
    item->bytes = span_of_bytes(bytes, field->size);
    item->value = (int64_t)random_below(random, field->size == 1 ? 256 : 65536);
    if (has_unit) {
        uint8_t code = codes[random_below(random, sizeof codes)];
        item->unit = cjt188_units[code].unit;
        item->exponent = cjt188_unit_exponent(code);
    }
    if (has_unit || field->format == CJT188_NUMBER || field->format == CJT188_DIGITS) {
        item->value = (int64_t)random_below(random, (uint64_t)powers[field->size - has_unit]);
        item->quality = random_chance(random, 1, 8) ? ITEM_MISSING : ITEM_GOOD;
    }
    if (field->format == CJT188_TIME) {
        item->time = item_time_of_unix(random_between(random, 0, 4102444799));
        item->time.is_utc = 0;
        item->quality = random_chance(random, 1, 8) ? ITEM_MISSING : ITEM_GOOD;
    }
}

static void same_assert(const struct item *sent, const struct item *read)
{
    assert_int_equal(read->quality, sent->quality);
    assert_int_equal(read->unit, sent->unit);
    if (sent->quality == ITEM_MISSING)
        return;
    if (read->kind == ITEM_KIND_TIME)
        assert_memory_equal(&read->time, &sent->time, sizeof read->time);
    else if (read->kind == ITEM_KIND_BYTES)
        assert_true(span_equal(read->bytes, sent->bytes));
    else {
        assert_int_equal(read->value, sent->value);
        if (read->kind == ITEM_KIND_NUMBER)
            assert_int_equal(read->exponent, sent->exponent);
    }
}

/* One message of random content: written, found, taken apart and read gives the items that were sent. */
static void round_trip(struct random *random, const struct cjt188_data *row, bool is_answer,
                       const struct cjt188_variant *variant)
{
    static const uint8_t meter_types[] = { 0x10, 0x11, 0x20, 0x21, 0x25, 0x30, 0x40 };
    struct cjt188_link link = { meter_types[random_below(random, sizeof meter_types)],
                                { 0 },
                                (uint8_t)random_next(random),
                                (uint8_t)random_below(random, 5),
                                variant };
    uint8_t bytes[CJT188_FRAME_LIMIT + 8], contents[CJT188_ITEM_LIMIT][8];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    enum cjt188_shape shape = (enum cjt188_shape)(is_answer ? row->answer : row->request);
    const struct cjt188_layout *layout = cjt188_layout_choose(shape, link.meter_type, variant);
    struct item sent[CJT188_ITEM_LIMIT], read[CJT188_ITEM_LIMIT];
    struct item_list list = item_list_of(read, CJT188_ITEM_LIMIT);
    struct cjt188_frame frame;

    for (size_t i = 0; i < layout->count; i++)
        item_fill(random, &layout->fields[i], link.meter_type, row->storage, contents[i], &sent[i]);
    int result = is_answer ? cjt188_answer_encode(&link, row->identifier, sent, layout->count, &out)
                           : cjt188_request_encode(&link, row->identifier, sent, layout->count, &out);
    assert_int_equal(result, 0);
    assert_int_equal(cjt188_frame_decode(writer_span(&out), &frame, NULL), 0);
    assert_int_equal(frame.identifier, row->identifier);
    assert_int_equal(frame.serial, link.serial);
    assert_int_equal(frame.is_low_first, variant->is_low_first);
    if (frame.payload.size > 0)
        assert_ptr_equal(cjt188_layout_find(&frame, variant), layout);
    assert_int_equal(cjt188_items_decode(&frame, variant, &list), 0);
    for (size_t i = 0, next = 0; i < layout->count; i++, next++) {
        while (next < list.count &&
               (list.items[next].quantity != sent[i].quantity || list.items[next].storage != sent[i].storage ||
                list.items[next].tier != sent[i].tier))
            next++;
        assert_true(next < list.count || layout->fields[i].size == 0);
        if (next < list.count)
            same_assert(&sent[i], &list.items[next]);
    }
}

static void messages_come_back_as_they_were_written(void **state)
{
    struct random random = random_of_seed(1882004);
    const struct cjt188_data *row;
    const struct cjt188_variant *variant;
    (void)state;

    for (size_t v = 0; (variant = cjt188_variant_at(v)) != NULL; v++)
        for (size_t i = 0; (row = cjt188_data_at(i)) != NULL; i++)
            for (int round = 0; round < 40; round++)
                round_trip(&random, row, round % 2 == 0, variant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_water_reading_has_all_its_items),
        cmocka_unit_test(a_heat_reading_is_read_with_the_unit_behind_or_before),
        cmocka_unit_test(cooling_energy_follows_type_and_model),
        cmocka_unit_test(missing_and_illegal_values_stay_apart),
        cmocka_unit_test(times_that_are_none_leave_the_rest_alone),
        cmocka_unit_test(status_bits_follow_the_model),
        cmocka_unit_test(faults_of_a_heat_meter_are_named),
        cmocka_unit_test(every_unit_code_has_its_scale),
        cmocka_unit_test(litres_have_the_scale_of_the_model),
        cmocka_unit_test(other_answers_are_read_by_their_layouts),
        cmocka_unit_test(a_full_list_is_said),
        cmocka_unit_test(every_type_has_its_row),
        cmocka_unit_test(layouts_are_as_long_as_their_fields),
        cmocka_unit_test(variants_are_found_by_name),
        cmocka_unit_test(messages_come_back_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
