/* The record layer: every record of the vectors alone, and what the vectors do not hold. */
#include "codec/mbus/mbus_record.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "tests/unit/codec/mbus_vector.h"
#include "tests/unit/unit_test.h"

#define RECORD_LIMIT 256

static void vector_records_check(const struct vector_json *vector, void *context)
{
    unsigned *count = context;
    const json_t *records = json_object_get(vector->meaning, "records");
    size_t index;
    json_t *record;

    json_array_foreach(records, index, record)
    {
        uint8_t bytes[RECORD_LIMIT];
        struct item items[2];
        struct item_list list = item_list_of(items, 2);
        struct span raw = mbus_vector_raw(record, bytes, sizeof bytes);
        if (raw.size == 0)
            continue;
        assert_int_equal(mbus_records_decode(raw, &list, NULL, NULL), 0);
        assert_int_equal(list.count, 1);
        mbus_vector_record_check(record, &items[0]);
        (*count)++;
    }
}

static void every_record_of_the_vectors_is_understood(void **state)
{
    (void)state;
    unsigned count = 0;
    vector_json_each("mbus/mbus.json", vector_records_check, &count);
    vector_json_each("wmbus/wmbus.json", vector_records_check, &count);
    assert_true(count > 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_of_the_vectors_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
