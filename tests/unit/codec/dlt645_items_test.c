#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/dlt645/dlt645_load.h"

#define ITEM_LIMIT 300

struct told {
    struct item items[ITEM_LIMIT];
    struct item_list list;
    uint8_t bytes[2000];
    struct span span;
    char text[4000];
};

/* Items as "name: value unit quality time\n". */
static const char *tell(struct told *told)
{
    struct writer out = writer_of_buffer(told->text, sizeof told->text);

    for (size_t i = 0; i < told->list.count; i++) {
        const struct item *item = &told->items[i];
        item_name_write(item, false, &out);
        writer_text(&out, ": ");
        item_value_write(item, &out);
        writer_format(&out, " %s", item_unit_text((enum item_unit)item->unit));
        if (item->quality != ITEM_GOOD)
            writer_format(&out, " %s", item_quality_name((enum item_quality)item->quality));
        if (item->kind != ITEM_KIND_TIME && item->time.parts != ITEM_TIME_NONE) {
            writer_text(&out, " @");
            item_time_write(&item->time, &out);
        }
        writer_text(&out, "\n");
    }
    assert_false(out.overflow);
    return writer_terminate(&out);
}

static const char *tell_values(struct told *told, enum dlt645_version version, uint32_t identifier, const char *hex)
{
    int size = hex_decode(span_of_text(hex), told->bytes, sizeof told->bytes);
    assert_true(size >= 0);
    told->span = span_of_bytes(told->bytes, (size_t)size);
    told->list = item_list_of(told->items, ITEM_LIMIT);
    assert_int_equal(dlt645_values_decode(version, identifier, true, told->span, &told->list), 0);
    return tell(told);
}

static void values_of_2007_are_converted(void **state)
{
    static const struct {
        uint32_t identifier;
        const char *hex;
        const char *story;
    } cases[] = {
        { 0x00010100, "34120000", "Forward active energy, tariff 1: 12.34 kWh\n" },
        { 0x00000000, "34120080", "Combined active energy: -12.34 kWh\n" },
        { 0x00010000, "34120080", "Forward active energy: 800012.34 kWh\n" },
        { 0x00010002, "FFFFFFFF", "Forward active energy, storage 2:  kWh missing\n" },
        { 0x00010000, "3412A000", "Forward active energy:  kWh invalid\n" },
        { 0x00010000, "3412000000", "Forward active energy:  kWh invalid\n" },
        { 0x00010000, "341200", "Forward active energy:  kWh invalid\n" },
        { 0x00010000, "", "Forward active energy:  kWh missing\n" },
        { 0x0001FF00, "34120000 00020000 34100000",
          "Forward active energy: 12.34 kWh\nForward active energy, tariff 1: 2.00 kWh\n"
          "Forward active energy, tariff 2: 10.34 kWh\n" },
        { 0x0001FF01, "34120000 0002", "Forward active energy, storage 1: 12.34 kWh\nOther: 0002 \n" },
        { 0x000100FF, "01000000 02000000",
          "Forward active energy: 0.01 kWh\nForward active energy, storage 1: 0.02 kWh\n" },
        { 0x01010000, "563412 3015200726", "Forward active demand: 12.3456 kW @2026-07-20T15:30\n" },
        { 0x01010000, "000000 0000000000", "Forward active demand: 0.0000 kW\n" },
        { 0x01010000, "563412 6015200726", "Forward active demand:  kW invalid\n" },
        { 0x02020300, "234581", "Current, phase C: -14.523 A\n" },
        { 0x0203FF00, "785634 FFFFFF 011200 000080",
          "Active power: 34.5678 kW\nActive power, phase A:  kW missing\nActive power, phase B: 0.1201 kW\n"
          "Active power, phase C: 0.0000 kW\n" },
        { 0x02800001, "010000", "Current, neutral: 0.001 A\n" },
        { 0x02800007, "2381", "Temperature: -12.3 °C\n" },
        { 0x03110000, "120000", "Count: 12 \n" },
        { 0x03110001, "003012150726 304512150726",
          "Start time, storage 1: 2026-07-15T12:30:00 \nEnd time, storage 1: 2026-07-15T12:45:30 \n" },
        { 0x04000102, "555321", "Time: 21:53:55 \n" },
        { 0x04000102, "555324", "Time:   invalid\n" },
        { 0x04000101, "01110116", "Date: 2016-01-11 \n" },
        { 0x04000101, "01111316", "Date:   invalid\n" },
        { 0x04000402, "214300000000", "Meter number: 000000004321 \n" },
        { 0x04000404, "5630323200 00", "Text: 220V \n" },
        { 0x040005FF, "0100 0000 5100", "Status: 0x0001 \nStatus: 0x0000 \nStatus: 0x0051 \n" },
        { 0x04010001, "010000 020007", "Start time, tariff 1: 00:00:00 \nStart time, tariff 2: 07:00:00 \n" },
        { 0x04010000, "010101 020107", "Start time: 010101 \nStart time: 070102 \n" },
        { 0x04050102, "88550000", "Price, tariff 2: 0.5588 yuan/kWh\n" },
        { 0x04060103, "88550000", "Price, tier 3: 0.5588 yuan/kWh\n" },
        { 0x05060001, "0000090726", "Date and time, storage 1: 2026-07-09T00:00 \n" },
        { 0x05060101, "34120000 00020000",
          "Forward active energy, storage 1: 12.34 kWh\nForward active energy, tariff 1, storage 1: 2.00 kWh\n" },
        { 0x0504FF02, "0013090726 34120000 56000000",
          "Date and time, storage 2: 2026-07-09T13:00 \n"
          "Forward active energy, storage 2: 12.34 kWh @2026-07-09T13:00\n"
          "Reverse active energy, storage 2: 0.56 kWh @2026-07-09T13:00\n" },
        { 0x00900200, "56341200", "Remaining amount: 1234.56 yuan\n" },
        { 0x1D000001, "030000", "Count: 3 \n" },
        { 0x07812345, "010203", "Other: 010203 \n" },
        { 0x0001FFFF, "0102030405060708", "Other: 0102030405060708 \n" },
    };
    (void)state;
    static struct told told;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *story = tell_values(&told, DLT645_2007, cases[i].identifier, cases[i].hex);
        if (strcmp(story, cases[i].story) != 0)
            fail_msg("%08lX: %s", (unsigned long)cases[i].identifier, story);
    }
}

static void values_of_1997_are_converted(void **state)
{
    static const struct {
        uint32_t identifier;
        const char *hex;
        const char *story;
    } cases[] = {
        { 0x9010, "79261400", "Forward active energy: 1426.79 kWh\n" },
        { 0x9411, "79261400", "Forward active energy, tariff 1, storage 1: 1426.79 kWh\n" },
        { 0x9140, "01000000", "Reactive energy, quadrant 4: 0.01 kvarh\n" },
        { 0x901F, "01000000 02000000 AA",
          "Forward active energy: 0.01 kWh\n"
          "Forward active energy, tariff 1: 0.02 kWh\n" },
        { 0xA810, "563412", "Forward active demand, storage 2: 12.3456 kW\n" },
        { 0xB010, "30152007", "Time of the maximum demand: 07-20 15:30 \n" },
        { 0xB61F, "2002 1902 FFFF",
          "Voltage, phase A: 220 V\nVoltage, phase B: 219 V\n"
          "Voltage, phase C:  V missing\n" },
        { 0xB622, "3412", "Current, phase B: 12.34 A\n" },
        { 0xC032, "214300000000", "Meter number: 000000004321 \n" },
        { 0xC331, "013006", "Start time, tariff 1: 06:30:00 \n" },
        { 0x83DE, "01", "Other: 01 \n" },
    };
    (void)state;
    static struct told told;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *story = tell_values(&told, DLT645_1997, cases[i].identifier, cases[i].hex);
        if (strcmp(story, cases[i].story) != 0)
            fail_msg("%04lX: %s", (unsigned long)cases[i].identifier, story);
    }
}

static void members_carry_their_own_identifier(void **state)
{
    (void)state;
    static struct told told;

    tell_values(&told, DLT645_2007, 0x0201FF00, "5634 02FF FFFF");
    assert_int_equal(told.items[0].identifier, 0x02010100);
    assert_int_equal(told.items[1].identifier, 0x02010200);
    assert_int_equal(told.items[2].identifier, 0x02010300);
    assert_ptr_equal(told.items[1].bytes.bytes, told.bytes + 2);
}

static void load_blocks_are_taken_apart(void **state)
{
    (void)state;
    static struct told told;

    /* class 1 and 4 are recorded; the second block is marked as damaged */
    assert_string_equal(tell_values(&told, DLT645_2007, 0x06000001,
                                    "A0A0 2C 0015090726 2022 1022 0022 001000 002000 003000 0050 AA AA AA"
                                    "34120000 00000000 00000000 00000080 AA AA AA 5A E5"
                                    "E0E0 0B 1515090726 AA AA AA AA AA AA 00 E5"),
                        "Voltage, phase A: 222.0 V @2026-07-09T15:00\nVoltage, phase B: 221.0 V @2026-07-09T15:00\n"
                        "Voltage, phase C: 220.0 V @2026-07-09T15:00\nCurrent, phase A: 1.000 A @2026-07-09T15:00\n"
                        "Current, phase B: 2.000 A @2026-07-09T15:00\nCurrent, phase C: 3.000 A @2026-07-09T15:00\n"
                        "Frequency: 50.00 Hz @2026-07-09T15:00\n"
                        "Forward active energy: 12.34 kWh @2026-07-09T15:00\n"
                        "Reverse active energy: 0.00 kWh @2026-07-09T15:00\n"
                        "Combined reactive energy 1: 0.00 kvarh @2026-07-09T15:00\n"
                        "Combined reactive energy 2: 0.00 kvarh @2026-07-09T15:00\n");
    assert_string_equal(tell_values(&told, DLT645_2007, 0x06010002,
                                    "E0E0 16 0015090726 2022 1022 0022 001000 002000 003000 0050 5A E5"),
                        "Voltage, phase A: 222.0 V doubted @2026-07-09T15:00\n"
                        "Voltage, phase B: 221.0 V doubted @2026-07-09T15:00\n"
                        "Voltage, phase C: 220.0 V doubted @2026-07-09T15:00\n"
                        "Current, phase A: 1.000 A doubted @2026-07-09T15:00\n"
                        "Current, phase B: 2.000 A doubted @2026-07-09T15:00\n"
                        "Current, phase C: 3.000 A doubted @2026-07-09T15:00\n"
                        "Frequency: 50.00 Hz doubted @2026-07-09T15:00\n");
    /* no block: bytes */
    assert_string_equal(tell_values(&told, DLT645_2007, 0x06010002, "A0A1 01 02"), "Other: A0A10102 \n");
}

/* A whole daily record of a meter with two tariffs, as many AA as given. */
static size_t daily_write(uint8_t *bytes, size_t separators)
{
    static const struct {
        size_t size;
        size_t count;
    } sections[] = {
        { 5, 1 }, { 4, 3 }, { 4, 3 }, { 4, 3 }, { 4, 3 }, { 4, 3 },
        { 4, 3 }, { 4, 3 }, { 4, 3 }, { 8, 3 }, { 8, 3 }, { 3, 8 },
    };
    size_t at = 0;

    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        for (size_t k = 0; k < sections[i].count; k++, at += sections[i].size) {
            memset(bytes + at, 0, sections[i].size);
            bytes[at] = (uint8_t)(i == 0 ? 0 : i);
        }
        if (i < separators)
            bytes[at++] = 0xaa;
    }
    memcpy(bytes, "\x00\x00\x09\x07\x26", 5);
    return at;
}

static void whole_freezes_are_told_by_their_size(void **state)
{
    (void)state;
    static const size_t separators[] = { 0, 11, 12 };
    struct item items[64];
    uint8_t bytes[300];

    for (size_t i = 0; i < 3; i++) {
        struct item_list list = item_list_of(items, 64);
        size_t size = daily_write(bytes, separators[i]);
        assert_int_equal(dlt645_values_decode(DLT645_2007, 0x0506ff01, true, span_of_bytes(bytes, size), &list), 0);
        assert_int_equal(list.count, 1 + 10 * 3 + 8);
        assert_int_equal(items[0].time.day, 9);
        assert_int_equal(items[3].quantity, ITEM_ENERGY_ACTIVE_IMPORT);
        assert_int_equal(items[3].tariff, 2);
        assert_int_equal(items[3].value, 1);
        assert_int_equal(items[3].time.day, 9);
        assert_int_equal(items[25].quantity, ITEM_DEMAND_ACTIVE_IMPORT);
        assert_int_equal(items[25].value, 9);
        assert_int_equal(items[38].quantity, ITEM_POWER_REACTIVE);
        assert_int_equal(items[38].phase, 3);
        assert_int_equal(items[38].storage, 1);
    }
    /* a byte more, or no separator where one has to be: bytes */
    struct item_list list = item_list_of(items, 64);
    size_t size = daily_write(bytes, 12);
    bytes[size - 1] = 0;
    assert_int_equal(dlt645_values_decode(DLT645_2007, 0x0506ff01, true, span_of_bytes(bytes, size), &list), 0);
    assert_int_equal(list.count, 1);
    assert_int_equal(items[0].kind, ITEM_KIND_BYTES);
    assert_int_equal(items[0].bytes.size, size);
    size = daily_write(bytes, 0);
    list.count = 0;
    assert_int_equal(dlt645_values_decode(DLT645_2007, 0x0506ff01, true, span_of_bytes(bytes, size + 1), &list), 0);
    assert_int_equal(list.count, 1);
}

static void makers_variants_are_told_by_length(void **state)
{
    (void)state;
    struct item items[16];
    struct item_list list = item_list_of(items, 16);
    uint8_t bytes[26] = { 0x10, 0x27, 0, 0 };

    assert_int_equal(dlt645_values_decode(DLT645_2007, 0x070102ff, false, span_of_bytes(bytes, 26), &list), 0);
    assert_int_equal(list.count, 5);
    assert_int_equal(items[0].quantity, ITEM_PURCHASE_AMOUNT);
    assert_int_equal(items[0].value, 10000);
    assert_int_equal(items[0].exponent, -2);
    assert_int_equal(items[3].quantity, ITEM_ADDRESS);
    list.count = 0;
    assert_int_equal(dlt645_values_decode(DLT645_2007, 0x070102ff, false, span_of_bytes(bytes, 22), &list), 0);
    assert_int_equal(list.count, 5);
    assert_int_equal(items[3].quantity, ITEM_CUSTOMER_NUMBER);
}

static void a_full_list_is_said(void **state)
{
    (void)state;
    struct item items[2];
    struct item_list list = item_list_of(items, 2);
    const uint8_t bytes[12] = { 0 };

    assert_int_equal(dlt645_values_decode(DLT645_2007, 0x0001ff00, true, span_of_bytes(bytes, 12), &list),
                     CODEC_ERR_FULL);
    assert_int_equal(list.count, 2);
}

/* A random value of a field, as its item. `text` is room for texts and bytes. */
static void item_make(struct random *random, const struct dlt645_field *field, uint8_t *text, struct item *item)
{
    static const uint8_t kinds[DLT645_FORM_COUNT] = {
        ITEM_KIND_NUMBER, ITEM_KIND_NUMBER, ITEM_KIND_DIGITS, ITEM_KIND_NUMBER, ITEM_KIND_FLAGS,
        ITEM_KIND_TEXT,   ITEM_KIND_BYTES,  ITEM_KIND_TIME,   ITEM_KIND_TIME,   ITEM_KIND_TIME,
        ITEM_KIND_TIME,   ITEM_KIND_TIME,   ITEM_KIND_TIME,
    };
    int64_t bound = 1;
    struct item_time time = item_time_of_unix(946684800 + (int64_t)random_below(random, 3155760000u));

    for (unsigned i = 0; i < field->size && i < 9; i++)
        bound *= 100;
    memset(item, 0, sizeof *item);
    item->kind = kinds[field->form];
    item->exponent = field->exponent;
    if (item->kind != ITEM_KIND_FLAGS && item->kind != ITEM_KIND_BYTES && random_chance(random, 1, 10)) {
        item->quality = ITEM_MISSING;
        return;
    }
    time.is_utc = 0;
    if (field->moment_size != 0 || item->kind == ITEM_KIND_TIME)
        item->time = time;
    item->value = (int64_t)random_below(random, (uint64_t)bound);
    if (field->form == DLT645_FORM_SIGNED)
        item->value = random_between(random, -(bound / 100 * 80) + 1, bound / 100 * 80 - 1);
    if (field->form == DLT645_FORM_FLAGS)
        item->value = (int64_t)random_below(random, UINT64_C(1) << (8 * field->size));
    if (field->form == DLT645_FORM_SWITCH)
        item->tariff = (uint16_t)random_below(random, 100);
    for (unsigned i = 0; i < field->size; i++)
        text[i] = (uint8_t)random_between(random, 'A', 'Z');
    item->bytes = span_of_bytes(text, field->size);
}

static bool times_equal(const struct dlt645_field *field, const struct item *a, const struct item *b)
{
    char texts[2][40];
    struct item_time time = a->time;

    if (a->kind != ITEM_KIND_TIME && field->moment_size == 0)
        return true;
    time.parts = b->time.parts; /* how much of the time the field keeps */
    if (field->form == DLT645_FORM_SWITCH)
        time.second = 0;
    struct writer first = writer_of_buffer(texts[0], sizeof texts[0]);
    struct writer second = writer_of_buffer(texts[1], sizeof texts[1]);
    item_time_write(&time, &first);
    item_time_write(&b->time, &second);
    return second.size > 0 && span_equal(writer_span(&first), writer_span(&second));
}

/* What was written of `a` is what is read as `b`. */
static bool items_equal(const struct dlt645_field *field, const struct item *a, const struct item *b)
{
    if (a->kind != b->kind || a->quality != b->quality)
        return false;
    if (a->quality == ITEM_MISSING)
        return true;
    if (a->kind == ITEM_KIND_TEXT || a->kind == ITEM_KIND_BYTES) {
        for (size_t i = 0; i < a->bytes.size; i++)
            if (a->bytes.bytes[i] != b->bytes.bytes[b->is_reversed ? b->bytes.size - 1 - i : i])
                return false;
        return a->bytes.size == b->bytes.size;
    }
    if (a->kind == ITEM_KIND_TIME)
        return times_equal(field, a, b) && a->tariff == b->tariff;
    return a->value == b->value && a->exponent == b->exponent && times_equal(field, a, b);
}

static void round_trip(struct random *random, enum dlt645_version version, const struct dlt645_row *row)
{
    static uint8_t texts[ITEM_LIMIT][64];
    static struct item made[ITEM_LIMIT], read[ITEM_LIMIT];
    struct item_list list = item_list_of(read, ITEM_LIMIT);
    uint8_t buffer[2000];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    size_t count = row->record == NULL ? 1 : row->record->count;

    for (size_t i = 0; i < count; i++)
        item_make(random, row->record == NULL ? &row->field : &row->record->fields[i], texts[i], &made[i]);
    assert_int_equal(dlt645_values_encode(version, row->identifier, false, made, count, &out), 0);
    assert_int_equal(dlt645_values_decode(version, row->identifier, false, writer_span(&out), &list), 0);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        if (!items_equal(row->record == NULL ? &row->field : &row->record->fields[i], &made[i], &read[i]))
            fail_msg("%08lX, item %zu", (unsigned long)row->identifier, i);
}

static void every_row_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(645);
    const struct dlt645_row *row;

    for (int round = 0; round < 50; round++)
        for (int version = DLT645_1997; version <= DLT645_2007; version++)
            for (size_t i = 0; (row = dlt645_row_at((enum dlt645_version)version, i)) != NULL; i++)
                if (row->record == NULL || row->record->count > 0)
                    round_trip(&random, (enum dlt645_version)version, row);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct item items[4] = { { 0 } };
    struct item *item = &items[0];

    item->exponent = -2;
    item->value = 100000000;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), CODEC_ERR_RANGE);
    item->value = -1;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), CODEC_ERR_RANGE);
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00000000, false, items, 1, &out), 0);
    assert_memory_equal(buffer, "\x01\x00\x00\x80", 4);
    item->value = 80000000; /* its top bit would be the sign */
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00000000, false, items, 1, &out), CODEC_ERR_RANGE);
    item->value = INT64_MIN;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00000000, false, items, 1, &out), CODEC_ERR_RANGE);
    item->value = 12345;
    item->exponent = -3;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), CODEC_ERR_RANGE);
    item->value = 12;
    item->exponent = 0;
    out.size = 0;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), 0);
    assert_memory_equal(buffer, "\x00\x12\x00\x00", 4);
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 2, &out), CODEC_ERR_TRAILING);
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x03110001, false, items, 1, &out), CODEC_ERR_MISSING);
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00014000, false, items, 1, &out), CODEC_ERR_UNKNOWN);
    item->quality = ITEM_INVALID;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), CODEC_ERR_TYPE);
    item->quality = ITEM_GOOD;
    item->kind = ITEM_KIND_TEXT;
    assert_int_equal(dlt645_values_encode(DLT645_2007, 0x00010000, false, items, 1, &out), CODEC_ERR_TYPE);
    assert_int_equal(out.size, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_2007_are_converted),
        cmocka_unit_test(values_of_1997_are_converted),
        cmocka_unit_test(members_carry_their_own_identifier),
        cmocka_unit_test(load_blocks_are_taken_apart),
        cmocka_unit_test(whole_freezes_are_told_by_their_size),
        cmocka_unit_test(makers_variants_are_told_by_length),
        cmocka_unit_test(a_full_list_is_said),
        cmocka_unit_test(every_row_comes_back),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
