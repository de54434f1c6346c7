/* Data units: values of the vectors, every layout there and back with random data, damage, what is not known. */
#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_data.h"
#include "tests/unit/codec/vector_json.h"

#define VECTORS "q376/qgdw376.json"
#define ITEM_LIMIT 4096

static struct item item_room[2][ITEM_LIMIT];

static struct item_list items_of(const struct q376_frame *frame, int room)
{
    struct item_list list = item_list_of(item_room[room], ITEM_LIMIT);
    assert_int_equal(q376_items_decode(frame, &list), 0);
    return list;
}

static struct q376_frame frame_of_hex(const char *hex, uint8_t *bytes, size_t capacity)
{
    struct q376_frame frame;
    int size = hex_decode(span_of_text(hex), bytes, capacity);
    assert_true(size > 0);
    assert_int_equal(q376_frame_decode(span_of_bytes(bytes, (size_t)size), &frame, NULL), 0);
    return frame;
}

/* A frame of one AFN and direction around units. */
static struct q376_frame frame_of_units(uint8_t afn, bool is_uplink, struct span units)
{
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.protocol = Q376_PROTOCOL_376;
    frame.control = is_uplink ? Q376_CONTROL_UPLINK : 0;
    frame.afn = afn;
    frame.units = units;
    return frame;
}

static void assert_value(const struct item *item, const char *text)
{
    char buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    item_value_write(item, &out);
    assert_string_equal(writer_terminate(&out), text);
}

static void energies_have_tariff_point_and_time(void **state)
{
    (void)state;
    static const char *const values[] = { "92.7900", "0.0000", "32.9700", "45.8800", "13.9400" };
    uint8_t bytes[256];
    struct q376_frame frame =
        frame_of_hex("68AE00AE00688810451500000C6C20010110351725011404007992000000000000000097320000"
                     "008845000000941300006E16",
                     bytes, sizeof bytes);
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 7); /* read time, M, total and four tariffs */
    for (uint16_t tariff = 0; tariff < 5; tariff++) {
        const struct item *item = &list.items[2 + tariff];
        assert_int_equal(item->quantity, ITEM_ENERGY_ACTIVE_IMPORT);
        assert_int_equal(item->unit, ITEM_UNIT_KWH);
        assert_int_equal(item->tariff, tariff);
        assert_int_equal(item->subunit, 6);
        assert_int_equal(item->identifier, 0x0C << 16 | 129);
        assert_int_equal(item->time.year, 2014);
        assert_int_equal(item->time.minute, 35);
        assert_value(item, values[tariff]);
    }
}

static void missing_points_of_a_curve_are_missing(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct q376_frame frame = frame_of_hex(
        "688600860068E401320100000D600101090B30172803180101EEEE30172803180101EEEEEE1E0A8116", bytes, sizeof bytes);
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 8);
    assert_int_equal(list.items[3].quantity, ITEM_VOLTAGE);
    assert_int_equal(list.items[3].phase, 1);
    assert_int_equal(list.items[3].quality, ITEM_MISSING);
    assert_int_equal(list.items[7].quantity, ITEM_CURRENT);
    assert_int_equal(list.items[7].quality, ITEM_MISSING);
    assert_int_equal(list.items[7].identifier, 0x0D << 16 | 92);
}

static void points_of_a_curve_have_their_times(void **state)
{
    (void)state;
    /* p1 F89: from 2026-11-30 23:45, every 15 minutes, 3 points */
    static const uint8_t units[] = { 0x01, 0x01, 0x01, 0x0B, 0x45, 0x23, 0x30, 0x11, 0x26,
                                     0x01, 0x03, 0x00, 0x22, 0x05, 0x22, 0x10, 0x22 };
    struct q376_frame frame = frame_of_units(Q376_AFN_HISTORY, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);
    char text[64];
    struct writer out = writer_of_buffer(text, sizeof text);

    assert_int_equal(list.count, 6);
    assert_value(&list.items[4], "220.5");
    item_time_write(&list.items[3].time, &out);
    writer_text(&out, " ");
    item_time_write(&list.items[5].time, &out);
    assert_string_equal(writer_terminate(&out), "2026-11-30T23:45 2026-12-01T00:15");
}

static void daily_values_are_of_the_day(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct q376_frame frame = frame_of_hex(
        "68BA00BA00688801333412020D6C01020114201126050021112604785634120000000000000010000600002500050078213401006F16",
        bytes, sizeof bytes);
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 8);
    assert_value(&list.items[3], "1234.5678");
    assert_int_equal(list.items[3].time.parts, ITEM_TIME_DAY);
    assert_int_equal(list.items[3].time.day, 20);
    assert_value(&list.items[1], "2026-11-21T00:05");
}

static void last_settlement_is_storage_1(void **state)
{
    (void)state;
    /* p1 F137, one tariff */
    static const uint8_t units[] = { 0x01, 0x01, 0x01, 0x11, 0x35, 0x17, 0x25, 0x01, 0x14, 0x01,
                                     0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00 };
    struct q376_frame frame = frame_of_units(Q376_AFN_CURRENT, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 4);
    assert_int_equal(list.items[3].storage, 1);
    assert_int_equal(list.items[3].tariff, 1);
    assert_value(&list.items[3], "0.0002");
}

static void unknown_functions_are_one_item_of_bytes(void **state)
{
    (void)state;
    static const uint8_t units[] = { 0x01, 0x01, 0x80, 0x1E, 1, 2, 3, 4, 5 }; /* F248 */
    struct q376_frame frame = frame_of_units(Q376_AFN_CURRENT, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].quantity, ITEM_OTHER);
    assert_value(&list.items[0], "0102030405");
    frame.units.size = Q376_UNIT_ID_SIZE;
    list = items_of(&frame, 0);
    assert_int_equal(list.count, 0);
}

static void data_that_do_not_fit_their_layout_are_bytes(void **state)
{
    (void)state;
    /* p1 F129 with M = 4 and data for two */
    static const uint8_t units[] = { 0x01, 0x01, 0x01, 0x10, 0x35, 0x17, 0x25, 0x01, 0x14, 0x04,
                                     0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00 };
    struct q376_frame frame = frame_of_units(Q376_AFN_CURRENT, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].bytes.size, sizeof units - 4);
}

static void data_that_are_not_there_are_missing(void **state)
{
    (void)state;
    static const uint8_t units[] = { 0x01, 0x01, 0x01, 0x10 }; /* an answer to p1 F129 without data */
    struct q376_frame frame = frame_of_units(Q376_AFN_CURRENT, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].quality, ITEM_MISSING);
    assert_false(q376_data_fits(&frame));
    frame.control = 0; /* the request */
    list = items_of(&frame, 0);
    assert_int_equal(list.count, 0);
    assert_true(q376_data_fits(&frame));
}

static void heartbeats_may_carry_a_clock(void **state)
{
    (void)state;
    static const uint8_t units[] = { 0, 0, 0x04, 0, 0x09, 0x05, 0x16, 0x21, 0xD1, 0x26 };
    struct q376_frame frame = frame_of_units(Q376_AFN_LINK, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 1);
    assert_value(&list.items[0], "2026-11-21T16:05:09");
    frame.units.size = Q376_UNIT_ID_SIZE;
    assert_int_equal(items_of(&frame, 0).count, 0);
    assert_true(q376_data_fits(&frame));
}

static void a_full_list_is_said(void **state)
{
    (void)state;
    uint8_t bytes[256];
    struct q376_frame frame =
        frame_of_hex("68AE00AE00688810451500000C6C20010110351725011404007992000000000000000097320000"
                     "008845000000941300006E16",
                     bytes, sizeof bytes);
    struct item_list list = item_list_of(item_room[0], 6);
    assert_int_equal(q376_items_decode(&frame, &list), CODEC_ERR_FULL);
    assert_int_equal(list.count, 6);
}

/* The first unit of a frame, when it is about one point and one function that is known. */
struct single {
    uint16_t function;
    struct span data;
    bool is_known;
};

static int single_unit(void *context, struct q376_unit_id id, struct span bytes, struct span data)
{
    struct single *single = context;
    (void)bytes;
    single->function = (uint16_t)q376_functions_of(id).members[0];
    single->data = data;
    single->is_known = q376_points_of(id).count == 1 && q376_functions_of(id).count == 1;
    return 0;
}

static int single_raw(void *context, const struct item *item)
{
    struct single *single = context;
    (void)item;
    single->is_known = false;
    return 0;
}

static int single_tail(void *context, struct span bytes)
{
    struct single *single = context;
    (void)bytes;
    single->is_known = false;
    return 0;
}

/* Items of the frame written again.
 * returns  false when the frame is not of one known unit */
static bool encode_again(const struct q376_frame *frame, struct writer *out, struct single *single)
{
    const struct q376_visitor visitor = {
        .context = single, .unit = single_unit, .raw = single_raw, .tail = single_tail
    };
    size_t used = 0;

    memset(single, 0, sizeof *single);
    assert_int_equal(q376_data_walk(frame, &visitor), 0);
    if (!single->is_known || single->data.size + Q376_UNIT_ID_SIZE != frame->units.size)
        return false;
    struct item_list list = items_of(frame, 0);
    int result =
        q376_data_encode(frame->afn, q376_frame_is_uplink(frame), single->function, list.items, list.count, &used, out);
    if (result == CODEC_ERR_UNKNOWN)
        return false; /* a request whose time mark was told by its size */
    assert_int_equal(result, 0);
    assert_int_equal(used, list.count);
    return true;
}

static void vector_encode(const struct vector_json *vector, void *context)
{
    struct q376_frame frame;
    uint8_t buffer[VECTOR_FRAME_LIMIT];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct single single;
    size_t *count = context;

    if (!json_is_true(json_object_get(vector->meaning, "valid")))
        return;
    assert_int_equal(q376_frame_decode(vector->frame, &frame, NULL), 0);
    if (!encode_again(&frame, &out, &single))
        return;
    assert_int_equal(out.size, single.data.size);
    assert_memory_equal(buffer, single.data.bytes, out.size);
    (*count)++;
}

static void vectors_are_written_again(void **state)
{
    (void)state;
    size_t count = 0;
    vector_json_each(VECTORS, vector_encode, &count);
    assert_true(count > 40);
}

/* Random data that often fit: decimal digits, small first bytes where counts stand. */
static size_t random_unit(struct random *random, uint16_t function, uint8_t *bytes, size_t capacity)
{
    struct q376_unit_id id;
    struct writer out = writer_of_buffer(bytes, capacity);

    assert_int_equal(q376_unit_id_of((unsigned)random_below(random, 3), function, &id), 0);
    q376_unit_id_put(id, &out);
    for (size_t size = (size_t)random_below(random, 200); size > 0; size--) {
        unsigned digits = (unsigned)random_below(random, 10) | (unsigned)random_below(random, 10) << 4;
        writer_put_u8(&out, (uint8_t)(random_chance(random, 1, 2) ? digits : random_below(random, 4)));
    }
    return out.size;
}

static void assert_same_items(const struct item_list *a, const struct item_list *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        struct item left = a->items[i], right = b->items[i];
        assert_int_equal(left.bytes.size, right.bytes.size);
        left.bytes = right.bytes;
        assert_memory_equal(&left, &right, sizeof left);
    }
}

/* One random unit of a function: cut to what its layout takes, read, written, read again. */
static bool layout_try(struct random *random, uint8_t afn, bool is_uplink, uint16_t function)
{
    static uint8_t bytes[256], again[300];
    struct q376_frame frame =
        frame_of_units(afn, is_uplink, span_of_bytes(bytes, random_unit(random, function, bytes, sizeof bytes)));
    const struct q376_visitor visitor = { .unit = NULL };
    struct single single;

    assert_int_equal(q376_data_walk(&frame, &visitor), 0);
    for (; frame.units.size > Q376_UNIT_ID_SIZE; frame.units.size--) { /* the size that fits exactly, if there is one */
        struct writer out = writer_of_buffer(again, sizeof again);
        writer_put_bytes(&out, frame.units.bytes, Q376_UNIT_ID_SIZE);
        if (!encode_again(&frame, &out, &single))
            continue;
        struct item_list list = item_list_of(item_room[0], ITEM_LIMIT), back;
        struct q376_frame written = frame_of_units(afn, is_uplink, writer_span(&out));
        assert_int_equal(q376_items_decode(&frame, &list), 0);
        back = items_of(&written, 1);
        assert_same_items(&list, &back);
        return true;
    }
    return false;
}

static void every_layout_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(10);
    size_t known = 0;

    for (uint8_t afn = 0; afn <= Q376_AFN_FORWARD; afn++)
        for (int is_uplink = 0; is_uplink < 2; is_uplink++)
            for (uint16_t function = 1; function <= Q376_FUNCTION_LIMIT; function++) {
                const struct q376_layout *layout;
                const struct q376_fields *fields = q376_layout_fields(afn, is_uplink != 0, function, 0, &layout);
                bool was_seen = fields == NULL || fields->count == 0;
                for (int round = 0; round < 400 && !was_seen; round++)
                    was_seen = layout_try(&random, afn, is_uplink != 0, function);
                if (!was_seen)
                    fail_msg("AFN %02X F%u was never met", afn, function);
                known += fields != NULL && fields->count > 0;
            }
    assert_true(known > 200);
}

/* A report of one record with random bytes of any length. */
static struct span record_random(struct random *random, uint8_t event, uint8_t *bytes)
{
    static const uint8_t head[] = { 0, 0, 1, 0, 1, 0, 0, 1 }; /* p0 F1, EC1, EC2, Pm 0, Pn 1 */
    size_t size = (size_t)random_below(random, 60);

    memcpy(bytes, head, sizeof head);
    bytes[sizeof head] = event;
    bytes[sizeof head + 1] = (uint8_t)size;
    for (size_t i = 0; i < size; i++)
        bytes[sizeof head + 2 + i] =
            (uint8_t)(random_below(random, 10) | (random_chance(random, 1, 2) ? random_below(random, 10) << 4 : 0));
    return span_of_bytes(bytes, sizeof head + 2 + size);
}

static void every_record_comes_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(14);
    uint8_t bytes[128], again[128];

    for (uint8_t event = 0; event < 40; event++)
        for (int round = 0; round < 100; round++) {
            struct q376_frame frame = frame_of_units(Q376_AFN_EVENT, true, record_random(&random, event, bytes));
            struct writer out = writer_of_buffer(again, sizeof again);
            struct single single;
            writer_put_bytes(&out, bytes, Q376_UNIT_ID_SIZE);
            assert_true(encode_again(&frame, &out, &single));
            struct item_list list = item_list_of(item_room[0], ITEM_LIMIT);
            assert_int_equal(q376_items_decode(&frame, &list), 0);
            frame.units = writer_span(&out);
            struct item_list back = items_of(&frame, 1);
            assert_same_items(&list, &back);
        }
}

static void damage_stays_inside(const struct vector_json *vector, void *context)
{
    (void)context;
    struct q376_frame frame;
    if (!json_is_true(json_object_get(vector->meaning, "valid")))
        return;
    assert_int_equal(q376_frame_decode(vector->frame, &frame, NULL), 0);
    struct span units = frame.units;
    uint8_t *exact = malloc(units.size + 1);
    assert_non_null(exact);
    for (size_t size = 0; size <= units.size; size++) {
        uint8_t *cut = malloc(size + 1);
        assert_non_null(cut);
        memcpy(cut, units.bytes, size);
        frame.units = span_of_bytes(cut, size);
        (void)items_of(&frame, 0);
        free(cut);
    }
    for (size_t bit = 0; bit < units.size * 8; bit++) {
        memcpy(exact, units.bytes, units.size);
        exact[bit / 8] ^= (uint8_t)(1u << bit % 8);
        frame.units = span_of_bytes(exact, units.size);
        (void)items_of(&frame, 0);
    }
    free(exact);
}

static void cut_and_flipped_units_are_read_inside_their_bytes(void **state)
{
    (void)state;
    vector_json_each(VECTORS, damage_stays_inside, NULL);
}

static void records_end_with_their_length(void **state)
{
    (void)state;
    /* EC1 EC2, Pm 255, Pn 1: two records; ERC14 cut to its first time, ERC99 with bytes of its own */
    static const uint8_t units[] = { 0,    0,    1,    0,  7, 3,    255,  1,    14,   5,    0x31, 0x10,
                                     0x07, 0x12, 0x10, 99, 6, 0x31, 0x10, 0x07, 0x12, 0x10, 0x55 };
    struct q376_frame frame = frame_of_units(Q376_AFN_EVENT, true, span_of_bytes(units, sizeof units));
    struct item_list list = items_of(&frame, 0);

    assert_int_equal(list.count, 4 + 3 + 4);
    assert_int_equal(list.items[6].kind, ITEM_KIND_TIME);
    assert_int_equal(list.items[7].quantity, ITEM_EVENT);
    assert_value(&list.items[7], "99");
    assert_value(&list.items[10], "55");
}

static void the_encoder_refuses_what_a_field_cannot_hold(void **state)
{
    (void)state;
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer), small = writer_of_buffer(buffer, 1);
    struct item items[2];
    size_t used = 99;

    memset(items, 0, sizeof items);
    assert_int_equal(q376_data_encode(Q376_AFN_CURRENT, true, 248, items, 2, &used, &out), CODEC_ERR_UNKNOWN);
    assert_int_equal(q376_data_encode(Q376_AFN_CONTROL, false, 1, items, 1, &used, &out), CODEC_ERR_MISSING);
    items[0].value = 16;
    assert_int_equal(q376_data_encode(Q376_AFN_CONTROL, false, 1, items, 2, &used, &out), CODEC_ERR_RANGE);
    items[0].kind = ITEM_KIND_TEXT;
    assert_int_equal(q376_data_encode(Q376_AFN_CONTROL, false, 1, items, 2, &used, &out), CODEC_ERR_TYPE);
    items[0].kind = ITEM_KIND_NUMBER;
    assert_int_equal(q376_data_encode(Q376_AFN_CURRENT, true, 7, items, 2, &used, &small), CODEC_ERR_FULL);
    assert_int_equal(used, 99);
    items[0].value = 2;
    items[1].value = 5;
    out.size = 0;
    assert_int_equal(q376_data_encode(Q376_AFN_CONTROL, false, 1, items, 2, &used, &out), 0);
    assert_int_equal(buffer[0], 0x25);
    assert_int_equal(used, 2);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(energies_have_tariff_point_and_time),
        cmocka_unit_test(missing_points_of_a_curve_are_missing),
        cmocka_unit_test(points_of_a_curve_have_their_times),
        cmocka_unit_test(daily_values_are_of_the_day),
        cmocka_unit_test(last_settlement_is_storage_1),
        cmocka_unit_test(unknown_functions_are_one_item_of_bytes),
        cmocka_unit_test(data_that_do_not_fit_their_layout_are_bytes),
        cmocka_unit_test(data_that_are_not_there_are_missing),
        cmocka_unit_test(heartbeats_may_carry_a_clock),
        cmocka_unit_test(a_full_list_is_said),
        cmocka_unit_test(vectors_are_written_again),
        cmocka_unit_test(every_layout_comes_back),
        cmocka_unit_test(every_record_comes_back),
        cmocka_unit_test(cut_and_flipped_units_are_read_inside_their_bytes),
        cmocka_unit_test(records_end_with_their_length),
        cmocka_unit_test(the_encoder_refuses_what_a_field_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
