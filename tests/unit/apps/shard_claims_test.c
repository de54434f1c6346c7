#include "tests/unit/unit_test.h"

#include <stdlib.h>

#include "apps/meterworks/shard_claims.h"
#include "link/shard_number.h"

#define IMEI 352000000000017
#define WIDTH 2

struct scene {
    struct device_directory *directory;
    struct shard_claims *claims;
};

static struct scene scene_make(void)
{
    struct scene scene;

    assert_int_equal(device_directory_open(0, (struct hash_key){ 1, 2 }, &scene.directory), 0);
    scene.claims = shard_claims_open(WIDTH, scene.directory);
    assert_non_null(scene.claims);
    return scene;
}

static void scene_free(struct scene *scene)
{
    shard_claims_close(scene->claims);
    device_directory_close(scene->directory);
}

/* As a gate does. returns  the number that lost the device by it, 0 none */
static uint32_t tell(struct scene *scene, uint64_t imei, uint32_t shard, uint32_t device_id)
{
    struct dialog_device device = { shard_number_make(WIDTH, shard, device_id), shard == 3 };
    uint32_t loser = 0;

    if (shard_claims_admit(scene->claims, imei, device, &loser))
        assert_int_equal(device_directory_put(scene->directory, imei, device), 0);
    return loser;
}

static void strike_out(struct scene *scene, uint64_t imei, uint32_t shard, uint32_t device_id)
{
    uint32_t number = shard_number_make(WIDTH, shard, device_id);
    struct dialog_device next;

    shard_claims_withdraw(scene->claims, number);
    if (device_directory_imei(scene->directory, number) == 0)
        return;
    device_directory_remove(scene->directory, number);
    if (shard_claims_next(scene->claims, imei, &next))
        assert_int_equal(device_directory_put(scene->directory, imei, next), 0);
}

/* returns  0 for a stranger */
static uint32_t served_by(const struct scene *scene, uint64_t imei, bool *secured_only)
{
    struct dialog_device device = { 0 };

    if (!device_directory_find(scene->directory, imei, &device))
        return 0;
    if (secured_only)
        *secured_only = device.secured_only;
    return shard_number_shard(WIDTH, device.device_id);
}

static void the_lower_shard_serves_in_whichever_order_they_tell(void **state)
{
    (void)state;
    static const uint32_t orders[][3] = { { 1, 2, 3 }, { 3, 2, 1 }, { 2, 3, 1 }, { 2, 1, 3 } };

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct scene scene = scene_make();
        bool secured_only = false;
        for (size_t k = 0; k < 3; k++)
            tell(&scene, IMEI, orders[i][k], 10 * orders[i][k]);
        assert_int_equal(served_by(&scene, IMEI, NULL), 1);
        strike_out(&scene, IMEI, 1, 10);
        assert_int_equal(served_by(&scene, IMEI, NULL), 2);
        strike_out(&scene, IMEI, 2, 20);
        assert_int_equal(served_by(&scene, IMEI, &secured_only), 3);
        assert_true(secured_only);
        strike_out(&scene, IMEI, 3, 30);
        assert_int_equal(served_by(&scene, IMEI, NULL), 0);
        scene_free(&scene);
    }
}

static void who_loses_a_device_is_named(void **state)
{
    (void)state;
    struct scene scene = scene_make();

    assert_int_equal(tell(&scene, IMEI, 2, 7), 0);
    assert_int_equal(tell(&scene, IMEI, 3, 7), 0); /* not served, so nothing is taken from it */
    assert_int_equal(tell(&scene, IMEI, 1, 7), shard_number_make(WIDTH, 2, 7));
    scene_free(&scene);
}

/* A core tells its whole archive again with each connection. */
static void told_again_nothing_changes(void **state)
{
    (void)state;
    struct scene scene = scene_make();

    for (int i = 0; i < 3; i++) {
        tell(&scene, IMEI, 2, 7);
        tell(&scene, IMEI, 1, 5);
        assert_int_equal(served_by(&scene, IMEI, NULL), 1);
    }
    strike_out(&scene, IMEI, 2, 7);
    strike_out(&scene, IMEI, 1, 5);
    assert_int_equal(served_by(&scene, IMEI, NULL), 0);
    scene_free(&scene);
}

static void a_claim_that_was_withdrawn_or_went_to_another_device_does_not_come_up(void **state)
{
    (void)state;
    struct scene scene = scene_make();

    tell(&scene, IMEI, 1, 5);
    tell(&scene, IMEI, 2, 7);
    tell(&scene, IMEI + 16, 2, 7); /* its module was changed there */
    strike_out(&scene, IMEI, 1, 5);
    assert_int_equal(served_by(&scene, IMEI, NULL), 0);
    assert_int_equal(served_by(&scene, IMEI + 16, NULL), 2);
    scene_free(&scene);
}

/* Of one shard the last entry of an IMEI wins, as without shards. */
static void a_device_replaced_in_its_own_shard_is_no_conflict(void **state)
{
    (void)state;
    struct scene scene = scene_make();

    tell(&scene, IMEI, 2, 7);
    assert_int_equal(tell(&scene, IMEI, 2, 8), 0);
    struct dialog_device device;
    assert_true(device_directory_find(scene.directory, IMEI, &device));
    assert_int_equal(device.device_id, shard_number_make(WIDTH, 2, 8));
    scene_free(&scene);
}

static void claims_are_bounded(void **state)
{
    (void)state;
    struct scene scene = scene_make();

    for (uint32_t i = 1; i <= SHARD_CLAIMS_LIMIT + 1; i++) {
        tell(&scene, IMEI + i, 1, i);
        tell(&scene, IMEI + i, 2, i);
    }
    strike_out(&scene, IMEI + SHARD_CLAIMS_LIMIT + 1, 1, SHARD_CLAIMS_LIMIT + 1);
    assert_int_equal(served_by(&scene, IMEI + SHARD_CLAIMS_LIMIT + 1, NULL), 0);
    tell(&scene, IMEI + SHARD_CLAIMS_LIMIT + 1, 2, SHARD_CLAIMS_LIMIT + 1); /* told again */
    assert_int_equal(served_by(&scene, IMEI + SHARD_CLAIMS_LIMIT + 1, NULL), 2);
    strike_out(&scene, IMEI + 1, 1, 1);
    assert_int_equal(served_by(&scene, IMEI + 1, NULL), 2);
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lower_shard_serves_in_whichever_order_they_tell),
        cmocka_unit_test(who_loses_a_device_is_named),
        cmocka_unit_test(told_again_nothing_changes),
        cmocka_unit_test(a_claim_that_was_withdrawn_or_went_to_another_device_does_not_come_up),
        cmocka_unit_test(a_device_replaced_in_its_own_shard_is_no_conflict),
        cmocka_unit_test(claims_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
