#include "tests/unit/unit_test.h"

#include <string.h>

#include "dialog/item_uplink.h"

#define ZONE_S 28800
#define RECEIVED_S INT64_C(1800000000)

static const struct item_uplink_context electricity_now = { .kind = DEVICE_KIND_ELECTRICITY,
                                                            .zone_offset_s = ZONE_S,
                                                            .time_s = RECEIVED_S };

static struct item number_of(enum item_quantity quantity, int64_t value, int exponent, enum item_unit unit)
{
    return (struct item){
        .quantity = (uint16_t)quantity, .value = value, .exponent = (int8_t)exponent, .unit = (uint8_t)unit
    };
}

struct row {
    enum device_kind kind;
    enum item_quantity item;
    int64_t value;
    int exponent;
    enum item_unit unit;
    enum quantity quantity;
    int64_t expected;
    int quality;
};

static const struct row rows[] = {
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY_ACTIVE_IMPORT, 1234, -2, ITEM_UNIT_KWH, QUANTITY_ENERGY_ACTIVE_IMPORT,
      12340000, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY_ACTIVE_IMPORT, 1, -4, ITEM_UNIT_KWH, QUANTITY_ENERGY_ACTIVE_IMPORT, 100, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY_ACTIVE_COMBINED, -99999999, -2, ITEM_UNIT_KWH,
      QUANTITY_ENERGY_ACTIVE_COMBINED, -INT64_C(999999990000), 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY, 5, 0, ITEM_UNIT_WH, QUANTITY_ENERGY_ACTIVE_IMPORT, 5000, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY, 1, 0, ITEM_UNIT_J, QUANTITY_ENERGY_ACTIVE_IMPORT, 0, 1 },
    { DEVICE_KIND_ELECTRICITY, ITEM_ENERGY, 36, 5, ITEM_UNIT_J, QUANTITY_ENERGY_ACTIVE_IMPORT, 1000000, 0 },
    { DEVICE_KIND_HEAT, ITEM_ENERGY, 36, 5, ITEM_UNIT_J, QUANTITY_HEAT_ENERGY, 3600000, 0 },
    { DEVICE_KIND_HEAT, ITEM_ENERGY, 1, 0, ITEM_UNIT_KWH, QUANTITY_HEAT_ENERGY, 3600000, 0 },
    { DEVICE_KIND_HEAT, ITEM_ENERGY_HEAT, 123456, -2, ITEM_UNIT_MWH, QUANTITY_HEAT_ENERGY, INT64_C(4444416000000), 0 },
    { DEVICE_KIND_HEAT, ITEM_ENERGY_HEAT, 99999999, 0, ITEM_UNIT_GJ, QUANTITY_HEAT_ENERGY, INT64_C(99999999000000000),
      0 },
    { DEVICE_KIND_HEAT, ITEM_ENERGY_COOLING, 1, -3, ITEM_UNIT_WH, QUANTITY_COOLING_ENERGY, 4, 1 },
    { DEVICE_KIND_HEAT, ITEM_POWER, 36, 0, ITEM_UNIT_J_H, QUANTITY_HEAT_POWER, 10, 0 },
    { DEVICE_KIND_COLD_WATER, ITEM_VOLUME, 123456, -2, ITEM_UNIT_M3, QUANTITY_WATER_VOLUME, INT64_C(1234560000), 0 },
    { DEVICE_KIND_HOT_WATER, ITEM_VOLUME, 5, 0, ITEM_UNIT_LITRE, QUANTITY_HOT_WATER_VOLUME, 5000, 0 },
    { DEVICE_KIND_GAS, ITEM_VOLUME, 100, 0, ITEM_UNIT_FT3, QUANTITY_GAS_VOLUME, 2831685, 1 },
    { DEVICE_KIND_COLD_WATER, ITEM_VOLUME, 15, -7, ITEM_UNIT_M3, QUANTITY_WATER_VOLUME, 2, 1 },
    { DEVICE_KIND_COLD_WATER, ITEM_VOLUME, -15, -7, ITEM_UNIT_M3, QUANTITY_WATER_VOLUME, -2, 1 },
    { DEVICE_KIND_HEAT, ITEM_VOLUME_FLOW, 1, 0, ITEM_UNIT_M3_S, QUANTITY_FLOW, INT64_C(3600000000), 0 },
    { DEVICE_KIND_HEAT, ITEM_TEMPERATURE_FLOW, 6543, -2, ITEM_UNIT_CELSIUS, QUANTITY_TEMPERATURE_SUPPLY, 65430, 0 },
    { DEVICE_KIND_HEAT, ITEM_OPERATING_TIME, 2, 0, ITEM_UNIT_HOUR, QUANTITY_OPERATING_TIME, 7200, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_VOLTAGE, 2203, -1, ITEM_UNIT_V, QUANTITY_VOLTAGE, 220300, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_CURRENT, -1234, -3, ITEM_UNIT_A, QUANTITY_CURRENT, -1234, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_POWER_FACTOR, 987, -3, ITEM_UNIT_NONE, QUANTITY_POWER_FACTOR, 987, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_BALANCE, 12345, -2, ITEM_UNIT_YUAN, QUANTITY_BALANCE, 12345, 0 },
    { DEVICE_KIND_ELECTRICITY, ITEM_PURCHASE_COUNT, 7, 0, ITEM_UNIT_NONE, QUANTITY_PURCHASE_COUNT, 7, 0 },
};

static void values_are_exact_or_doubted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct item item = number_of(rows[i].item, rows[i].value, rows[i].exponent, rows[i].unit);
        struct item_uplink_context context = { .kind = (uint8_t)rows[i].kind, .time_s = RECEIVED_S };
        struct uplink_item out;
        assert_int_equal(item_uplink_convert(&item, &context, &out), 0);
        assert_int_equal(out.quantity, rows[i].quantity);
        assert_int_equal(out.value, rows[i].expected);
        assert_int_equal(out.quality, rows[i].quality);
        assert_int_equal(out.time_s, RECEIVED_S);
    }
}

static void refuse(const struct item *item, const struct item_uplink_context *context, int reason)
{
    struct uplink_item out;

    memset(&out, 0x5A, sizeof out);
    assert_int_equal(item_uplink_convert(item, context, &out), reason);
    assert_int_equal(out.quantity, 0x5A5A);
    assert_true(item_uplink_refusal_name(reason)[0] != '\0');
    assert_true(item_uplink_refusal_text(reason, true)[0] != '\0');
}

static void what_is_no_value_never_becomes_zero(void **state)
{
    struct item item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, 0, -2, ITEM_UNIT_KWH);

    (void)state;
    item.quality = ITEM_MISSING;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_MISSING);
    item.quality = ITEM_INVALID;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_INVALID);
    item.quality = ITEM_GOOD;
    item.unit = ITEM_UNIT_M3;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_UNIT);
    item = number_of(ITEM_VOLUME, 1, 0, ITEM_UNIT_M3);
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_UNMAPPED);
    item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, INT64_MAX, 0, ITEM_UNIT_KWH);
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_RANGE);
    item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, 1, 18, ITEM_UNIT_KWH);
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_RANGE);
    item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, 1, 0, ITEM_UNIT_KWH);
    item.kind = ITEM_KIND_BYTES;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_UNIT);
    item.kind = ITEM_KIND_TIME;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_UNIT);
}

static void tariff_phase_and_doubt_are_kept(void **state)
{
    struct item item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, 1, 0, ITEM_UNIT_KWH);
    struct uplink_item out;

    (void)state;
    item.tariff = 4;
    item.phase = 2;
    item.quality = ITEM_DOUBTED;
    assert_int_equal(item_uplink_convert(&item, &electricity_now, &out), 0);
    assert_int_equal(out.register_index, 4);
    assert_int_equal(out.phase, 2);
    assert_int_equal(out.quality, 1);
    item.tariff = 256;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_RANGE);
}

static void a_latched_value_needs_its_time(void **state)
{
    struct item item = number_of(ITEM_ENERGY_ACTIVE_IMPORT, 1, 0, ITEM_UNIT_KWH);
    struct item_uplink_context context = electricity_now;
    struct uplink_item out;

    (void)state;
    context.period = UPLINK_DAILY_FREEZE;
    context.time_s = 0;
    refuse(&item, &context, ITEM_UPLINK_ERR_UNDATED);
    item.time = (struct item_time){ .year = 2026, .month = 11, .day = 21, .parts = ITEM_TIME_MINUTE };
    assert_int_equal(item_uplink_convert(&item, &context, &out), 0);
    assert_int_equal(out.period, UPLINK_DAILY_FREEZE);
    assert_int_equal(out.time_s, INT64_C(1795190400)); /* 2026-11-20T16:00:00Z: midnight in China */
    item.time.month = 13;
    refuse(&item, &context, ITEM_UPLINK_ERR_TIME);
    /* A value of now with a clock never set: the reception's time, doubted. */
    assert_int_equal(item_uplink_convert(&item, &electricity_now, &out), 0);
    assert_int_equal(out.time_s, RECEIVED_S);
    assert_int_equal(out.quality, 1);
}

static void the_devices_clock_is_a_reading(void **state)
{
    struct item item = { .quantity = ITEM_DATE_TIME,
                         .kind = ITEM_KIND_TIME,
                         .time = {
                             .year = 1970, .month = 1, .day = 2, .hour = 8, .second = 1, .parts = ITEM_TIME_SECOND } };
    struct uplink_item out;

    (void)state;
    assert_int_equal(item_uplink_convert(&item, &electricity_now, &out), 0);
    assert_int_equal(out.quantity, QUANTITY_DEVICE_TIME);
    assert_int_equal(out.value, 86401);
    assert_int_equal(out.time_s, RECEIVED_S);
    item.time.day = 30;
    item.time.month = 2;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_TIME);
    item.time.parts = ITEM_TIME_OF_DAY;
    refuse(&item, &electricity_now, ITEM_UPLINK_ERR_TIME);
    item.time =
        (struct item_time){ .year = 1970, .month = 1, .day = 1, .hour = 1, .parts = ITEM_TIME_HOUR, .is_utc = 1 };
    assert_int_equal(item_uplink_convert(&item, &electricity_now, &out), 0);
    assert_int_equal(out.value, 3600);
}

static void stored_numbers_do_not_move(void **state)
{
    (void)state;
    assert_int_equal(QUANTITY_WATER_VOLUME, 1);
    assert_int_equal(QUANTITY_FIRMWARE_VERSION, 14);
    assert_int_equal(QUANTITY_ENERGY_ACTIVE_COMBINED, 15);
    for (int quantity = 1; quantity < QUANTITY_COUNT; quantity++)
        assert_non_null(quantity_info((enum quantity)quantity)->name);
    assert_int_equal(sizeof(struct uplink_item), 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_exact_or_doubted),     cmocka_unit_test(what_is_no_value_never_becomes_zero),
        cmocka_unit_test(tariff_phase_and_doubt_are_kept), cmocka_unit_test(a_latched_value_needs_its_time),
        cmocka_unit_test(the_devices_clock_is_a_reading),  cmocka_unit_test(stored_numbers_do_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
