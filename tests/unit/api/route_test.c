#include "api/route.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static const struct api_route *found;
static int64_t object_id;
static char key[EXCHANGE_KEY_LIMIT];
static char allowed[64];

static int match(const char *method, const char *path)
{
    return route_match(method, span_of_text(path), &found, &object_id, key, allowed);
}

static void test_places_are_filled(void **state)
{
    (void)state;
    assert_int_equal(match("GET", "/devices/7/usage"), 0);
    assert_string_equal(found->path, "/devices/{id}/usage");
    assert_int_equal(object_id, 7);
    assert_int_equal(match("PUT", "/settings/cut_start_min"), 0);
    assert_string_equal(key, "cut_start_min");
    assert_int_equal(match("POST", "/tariffs/trial"), 0);
    assert_string_equal(found->path, "/tariffs/trial");
}

static void test_what_does_not_match(void **state)
{
    static const char *const paths[] = { "", "/", "devices", "/devices/", "/devices/x", "/devices/1.0", "/devices/+1",
        "/devices/1/", "/devices/1/nothing", "/settings/", "//devices", "/devices/9999999999999999999" };
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(match("GET", paths[i]), API_ERR_ROUTE);
    assert_int_equal(match("PUT", "/devices/7"), API_ERR_METHOD);
    assert_string_equal(allowed, "GET, PATCH");
}

/* A row that promises what its handler cannot find would fail only when it is asked. */
static void test_every_row_is_whole(void **state)
{
    const struct api_route *route = NULL;

    (void)state;
    for (size_t i = 0; (route = route_at(i)) != NULL; i++) {
        assert_non_null(route->handle);
        assert_true(route->permission <= ROUTE_RESIDENT);
        assert_true(route->field_count <= FIELD_LIMIT);
        assert_true(strlen(route->summary_en) > 0 && strlen(route->summary_zh) > 0);
        assert_true(route->handle != handle_write || (route->request_size > 0 && route->operation > 0));
        assert_true(route->handle != handle_list || route->view != VIEW_NONE);
        for (size_t j = 0; j < route->field_count; j++) {
            assert_true(strlen(route->fields[j].summary) > 0);
            assert_true(route->fields[j].type != FIELD_CHOICE || route->fields[j].choices != NULL);
            assert_true(route->fields[j].offset + route->fields[j].size <= sizeof(struct core_tariff_version)
                + sizeof(struct core_tariff));
        }
        for (size_t j = 0; j < i; j++)
            assert_true(strcmp(route->path, route_at(j)->path) != 0 || strcmp(route->method, route_at(j)->method) != 0);
    }
}

/* A person needs a right; a resident, who has none, is asked by `prepare` whether the object is one's own. */
static void test_changes_need_more_than_a_sign_in(void **state)
{
    const struct api_route *route = NULL;

    (void)state;
    for (size_t i = 0; (route = route_at(i)) != NULL; i++)
        if (route->operation != 0 && route->permission == ROUTE_RESIDENT)
            assert_non_null(route->prepare);
        else if (route->operation != 0)
            assert_true(route->permission < PERMISSION_COUNT && route->permission != PERMISSION_SIGNED_IN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_are_filled),
        cmocka_unit_test(test_what_does_not_match),
        cmocka_unit_test(test_every_row_is_whole),
        cmocka_unit_test(test_changes_need_more_than_a_sign_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
