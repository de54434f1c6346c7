#include "tests/unit/unit_test.h"

#include "payment/payment_internal.h"

static int form_read(const char *form, struct payment_fields *fields, char *buffer, size_t capacity)
{
    *fields = payment_fields_of_buffer(buffer, capacity);
    return payment_fields_parse(span_of_text(form), fields);
}

static void a_form_is_decoded_once(void **state)
{
    char buffer[256];
    struct payment_fields fields;

    (void)state;
    assert_int_equal(form_read("b=%2B+%252B&a=%E6%B0%B4&empty=", &fields, buffer, sizeof buffer), 0);
    assert_int_equal(fields.count, 3);
    assert_string_equal(payment_fields_value(&fields, "b"), "+ %2B");
    assert_string_equal(payment_fields_value(&fields, "a"), "水");
    assert_string_equal(payment_fields_value(&fields, "missing"), "");
}

static void malformed_forms_are_refused(void **state)
{
    static const char *const forms[] = { "a=1&a=2", "=1", "a", "a=%", "a=%2", "a=%zz", "a=%00", "a=1&b" };
    char buffer[256];
    struct payment_fields fields;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_int_equal(form_read(forms[i], &fields, buffer, sizeof buffer), PAYMENT_ERR_FORM);
    assert_int_equal(form_read("a=12345678", &fields, buffer, 8), PAYMENT_ERR_FORM);
}

static void fields_are_joined_in_the_order_of_their_names(void **state)
{
    static const char *const without[] = { "sign", NULL };
    char buffer[256];
    char joined[256];
    char encoded[256];
    struct payment_fields fields;
    struct writer writer = writer_of_buffer(joined, sizeof joined);

    (void)state;
    assert_int_equal(form_read("z=1&sign=x&a=b%20c&empty=&A=2", &fields, buffer, sizeof buffer), 0);
    payment_fields_sort(&fields);
    payment_fields_join(&fields, without, &writer);
    assert_string_equal(writer_terminate(&writer), "A=2&a=b c&z=1");
    writer = writer_of_buffer(encoded, sizeof encoded);
    payment_fields_encode(&fields, &writer);
    assert_string_equal(writer_terminate(&writer), "A=2&a=b%20c&empty=&sign=x&z=1");
}

static void too_many_fields_are_noticed(void **state)
{
    char buffer[4096];
    struct payment_fields fields = payment_fields_of_buffer(buffer, sizeof buffer);
    char name[8];

    (void)state;
    for (int i = 0; i < PAYMENT_FIELD_LIMIT; i++) {
        (void)snprintf(name, sizeof name, "n%d", i);
        payment_fields_add_integer(&fields, name, i);
    }
    assert_true(payment_fields_whole(&fields));
    payment_fields_add(&fields, "one", "more");
    assert_false(payment_fields_whole(&fields));
}

static void yuan_are_read_strictly(void **state)
{
    static const struct {
        const char *text;
        int64_t amount_fen; /* -1: refused */
    } rows[] = {
        { "50.00", 5000 }, { "0.01", 1 }, { "12", 1200 }, { "12.3", 1230 }, { "999999999.99", 99999999999 },
        { "", -1 },        { "-1", -1 },  { "+1", -1 },   { "1.", -1 },     { ".5", -1 },
        { "1.234", -1 },   { "1e5", -1 }, { " 1", -1 },   { "1,000", -1 },  { "1234567890", -1 },
        { "9223372036854775808", -1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t amount_fen = -1;
        (void)payment_yuan_read(span_of_text(rows[i].text), &amount_fen);
        assert_int_equal(amount_fen, rows[i].amount_fen);
    }
}

static void quoted_cells_hold_commas(void **state)
{
    struct payment_cells cells;

    (void)state;
    assert_int_equal(payment_cells_split(span_of_text("`a,\"b, c\"\t,,`d "), &cells), 0);
    assert_int_equal(cells.count, 4);
    assert_true(span_equal_text(payment_cell(&cells, 0), "a"));
    assert_true(span_equal_text(payment_cell(&cells, 1), "b, c"));
    assert_int_equal(payment_cell(&cells, 2).size, 0);
    assert_true(span_equal_text(payment_cell(&cells, 3), "d"));
    assert_int_equal(payment_cells_split(span_of_text("a,\"b"), &cells), PAYMENT_ERR_BILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_decoded_once),
        cmocka_unit_test(malformed_forms_are_refused),
        cmocka_unit_test(fields_are_joined_in_the_order_of_their_names),
        cmocka_unit_test(too_many_fields_are_noticed),
        cmocka_unit_test(yuan_are_read_strictly),
        cmocka_unit_test(quoted_cells_hold_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
