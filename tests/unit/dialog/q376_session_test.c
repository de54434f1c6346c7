/* The stream and the link: frames in any cut, login and heartbeat, other terminals, damage. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/dialog/q376_scene.h"

static const uint8_t login[] = { 0x00, 0x00, 0x01, 0x00 };
static const uint8_t logout[] = { 0x00, 0x00, 0x02, 0x00 };
static const uint8_t heartbeat[] = { 0x00, 0x00, 0x04, 0x00 };

static void link_frames_are_confirmed_and_told(void **state)
{
    static const struct {
        const uint8_t *units;
        enum uplink_presence presence;
    } cases[] = { { login, UPLINK_PRESENCE_LOGIN },
                  { heartbeat, UPLINK_PRESENCE_CONTACT },
                  { logout, UPLINK_PRESENCE_LOGOUT } };
    struct q376_scene *scene = q376_scene_make(Q376_SCENE_ADDRESS);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        q376_scene_report(scene, Q376_AFN_LINK, (uint8_t)(5 + i), true, span_of_bytes(cases[i].units, 4), NULL);
        const struct uplink *uplink = q376_scene_uplink(scene, UPLINK_PRESENCE);
        assert_int_equal(uplink->presence, cases[i].presence);
        assert_int_equal(uplink->device_id, Q376_SCENE_LINE);
        assert_int_equal(uplink->frame_size, 20);
        const struct q376_frame *confirm = q376_scene_request(scene, Q376_AFN_CONFIRM);
        assert_int_equal(confirm->sequence & Q376_SEQUENCE_NUMBER, 5 + i);
        assert_int_equal(confirm->control & Q376_CONTROL_PRIMARY, 0);
        assert_memory_equal(confirm->units.bytes, login, 4); /* F1: all confirmed */
    }
    q376_scene_free(scene);
}

static void other_terminals_are_ignored(void **state)
{
    struct q376_scene *scene = q376_scene_make("961200001");

    (void)state;
    q376_scene_report(scene, Q376_AFN_LINK, 1, true, span_of_bytes(login, 4), NULL);
    q376_scene_expect_silence(scene);
    assert_int_equal(scene->uplink_count, 0);
    assert_int_equal(q376_scene_counted(scene, LINE_DIALOG_FRAMES_REFUSED), 1);
    q376_scene_free(scene);
}

static void addresses_are_read_in_both_forms(void **state)
{
    struct q376_scene *scene = q376_scene_make("96123456");

    (void)state;
    q376_scene_report(scene, Q376_AFN_LINK, 1, true, span_of_bytes(login, 4), NULL);
    assert_int_equal(q376_scene_uplink(scene, UPLINK_PRESENCE)->presence, UPLINK_PRESENCE_LOGIN);
    q376_scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_frames_are_confirmed_and_told),
        cmocka_unit_test(other_terminals_are_ignored),
        cmocka_unit_test(addresses_are_read_in_both_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
