#include "tests/unit/unit_test.h"

#include "codec/lwm2m/lwm2m_object.h"

static void resources_have_names_once(void **state)
{
    (void)state;
    int count = 0;
    for (unsigned object = 0; object < 40000; object++) {
        if (lwm2m_object_info((uint16_t)object) == NULL)
            continue;
        for (unsigned resource = 0; resource < 6000; resource++)
            count += lwm2m_resource_info((uint16_t)object, (uint16_t)resource) != NULL;
    }
    assert_int_equal(count, 148);
    assert_string_equal(lwm2m_resource_info(33424, 6)->name, "Recharge");
    assert_int_equal(lwm2m_resource_info(33424, 6)->operations, LWM2M_EXECUTE);
    assert_string_equal(lwm2m_path_info(lwm2m_path_of_resource(3424, 0, 1))->unit, "m3");
    assert_null(lwm2m_path_info(lwm2m_path_of_instance(3424, 0)));
    assert_string_equal(lwm2m_type_name(LWM2M_TYPE_OPAQUE), "opaque");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(resources_have_names_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
