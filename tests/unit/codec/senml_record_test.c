#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/senml/senml_cbor.h"
#include "codec/senml/senml_json.h"

static struct senml_entry random_entry(struct random *random)
{
    static const char *const texts[] = { "Anjay", "", "a \"quoted\" \\ line\n", "\xe6\xb0\xb4\xe8\xa1\xa8" };
    struct senml_entry entry;
    memset(&entry, 0, sizeof entry);
    entry.kind = (uint8_t)random_below(random, 6);
    entry.name = span_of_text("/33424/0/1");
    entry.scale = (int)random_below(random, 7);
    entry.number = random_between(random, -INT64_C(100000000000000), INT64_C(100000000000000));
    entry.boolean = random_chance(random, 1, 2);
    entry.text = span_of_text(entry.kind == SENML_LINK ? "66:0" : texts[random_below(random, 4)]);
    entry.has_base_time = random_chance(random, 1, 2);
    entry.base_time_s = (int64_t)random_below(random, UINT64_C(4102444800));
    return entry;
}

static void assert_same(const struct senml_entry *entry, const struct senml_record *record)
{
    uint8_t buffer[64];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    int64_t value;

    assert_string_equal(record->name, "/33424/0/1");
    assert_int_equal(record->kind, entry->kind);
    assert_int_equal(record->has_time, entry->has_base_time);
    if (entry->has_base_time)
        assert_int_equal(record->time_ms, entry->base_time_s * 1000);
    if (entry->kind == SENML_NUMBER) {
        assert_int_equal(senml_record_scaled(record, entry->scale, &value), 0);
        assert_int_equal(value, entry->number);
    } else if (entry->kind == SENML_BOOLEAN)
        assert_int_equal(record->boolean, entry->boolean);
    else if (entry->kind != SENML_NOTHING) {
        assert_int_equal(senml_record_bytes(record, &out), 0);
        assert_true(span_equal(writer_span(&out), entry->text));
    }
}

static void entries_come_back_in_both_forms(void **state)
{
    (void)state;
    struct random random = random_of_seed(8428);
    for (int round = 0; round < 20000; round++) {
        struct senml_entry entry = random_entry(&random);
        uint8_t buffer[256];
        struct writer out = writer_of_buffer(buffer, sizeof buffer);
        struct senml_record record;

        senml_cbor_put_pack(&out, 1);
        assert_int_equal(senml_cbor_put_entry(&out, &entry), 0);
        struct senml_cbor_reader cbor = senml_cbor_reader(writer_span(&out));
        assert_int_equal(senml_cbor_next(&cbor, &record), 1);
        assert_same(&entry, &record);
        assert_int_equal(senml_cbor_next(&cbor, &record), 0);

        out = writer_of_buffer(buffer, sizeof buffer);
        assert_int_equal(senml_json_put_entry(&out, &entry, 0, 1), 0);
        struct senml_json_reader json = senml_json_reader(writer_span(&out));
        assert_int_equal(senml_json_next(&json, &record), 1);
        assert_same(&entry, &record);
        assert_int_equal(senml_json_next(&json, &record), 0);
    }
}

static void small_buffers_are_told(void **state)
{
    (void)state;
    struct random random = random_of_seed(3);
    struct senml_entry entry = random_entry(&random);
    uint8_t buffer[64];

    entry.kind = SENML_TEXT;
    entry.text = span_of_text("0123456789");
    for (size_t capacity = 0; capacity < 24; capacity++) {
        struct writer cbor = writer_of_buffer(buffer, capacity), json = writer_of_buffer(buffer, capacity);
        assert_int_equal(senml_cbor_put_entry(&cbor, &entry), CODEC_ERR_FULL);
        assert_int_equal(senml_json_put_entry(&json, &entry, 0, 1), CODEC_ERR_FULL);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_back_in_both_forms),
        cmocka_unit_test(small_buffers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
