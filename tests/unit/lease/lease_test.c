/* Two cores, a row between them, and a clock of each one's own. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "lease/lease.h"

#define BROKEN (-77)
#define SHARD 7

static struct lease_row row;
static int broken;            /* what the store answers instead, when it is not 0 */
static struct lease_row race; /* epoch above 0: what another core makes of the row right before it is taken */

static int row_read(void *context, uint32_t shard, struct lease_row *out)
{
    (void)context;
    assert_int_equal(shard, SHARD);
    *out = row;
    return broken;
}

static int row_take(void *context, uint32_t shard, const struct lease_row *seen, const char *owner)
{
    (void)context;
    assert_int_equal(shard, SHARD);
    if (race.epoch > 0)
        row = race;
    if (seen->epoch != row.epoch || seen->beat != row.beat || strcmp(seen->owner, row.owner) != 0)
        return 0;
    row = (struct lease_row){ .epoch = row.epoch + 1 };
    memcpy(row.owner, owner, strlen(owner) + 1);
    return 1;
}

static int row_beat(void *context, uint32_t shard, uint64_t epoch)
{
    (void)context;
    assert_int_equal(shard, SHARD);
    if (broken != 0 || row.epoch != epoch || row.owner[0] == '\0')
        return broken;
    row.beat++;
    return 1;
}

static int row_give_back(void *context, uint32_t shard, uint64_t epoch)
{
    (void)context;
    assert_int_equal(shard, SHARD);
    if (row.epoch == epoch)
        row.owner[0] = '\0';
    return 0;
}

static const struct lease_store store = { NULL, row_read, row_take, row_beat, row_give_back };

static struct lease lease_of(const char *owner)
{
    struct lease lease;
    assert_int_equal(lease_begin(&lease, &store, SHARD, owner), 0);
    return lease;
}

static int begin_anew(void **state)
{
    (void)state;
    memset(&row, 0, sizeof row);
    memset(&race, 0, sizeof race);
    broken = 0;
    return 0;
}

static void the_first_one_owns_it_at_once(void **state)
{
    (void)state;
    struct lease north = lease_of("north");
    assert_int_equal(lease_look(&north, 1000), 1);
    assert_int_equal(north.epoch, 1);
    assert_int_equal(lease_prove(&north), 0);
    assert_int_equal(row.beat, 1);
}

static void who_waits_takes_it_when_the_owner_is_quiet(void **state)
{
    (void)state;
    struct lease north = lease_of("north");
    struct lease south = lease_of("south");
    int64_t now_ms = 900000; /* of another machine: the clocks have nothing in common */

    assert_int_equal(lease_look(&north, 5), 1);
    for (int look = 0; look < 50; look++, now_ms += LEASE_LOOK_MS) {
        if (look % 8 == 0)
            assert_int_equal(lease_prove(&north), 0); /* slow, but never quiet for so long */
        assert_int_equal(lease_look(&south, now_ms), 0);
    }
    assert_int_equal(lease_prove(&north), 0);
    int64_t last_ms = now_ms;
    while (lease_look(&south, now_ms) == 0)
        now_ms += LEASE_LOOK_MS;
    assert_int_equal(now_ms - last_ms, LEASE_QUIET_MS);
    assert_int_equal(south.epoch, 2);
    assert_string_equal(row.owner, "south");
}

static void who_was_replaced_can_do_nothing_any_more(void **state)
{
    (void)state;
    struct lease north = lease_of("north");
    struct lease south = lease_of("south");

    assert_int_equal(lease_look(&north, 0), 1);
    assert_int_equal(lease_look(&south, 0), 0);
    assert_int_equal(lease_look(&south, LEASE_QUIET_MS), 1);
    assert_int_equal(lease_prove(&north), LEASE_ERR_LOST);
    assert_int_equal(lease_prove(&north), LEASE_ERR_LOST);
    assert_int_equal(lease_prove(&south), 0);
    assert_int_equal(lease_give_back(&north), 0); /* takes nothing from the other */
    assert_int_equal(lease_prove(&south), 0);
}

static void what_is_given_back_is_free_at_once(void **state)
{
    (void)state;
    struct lease north = lease_of("north");
    struct lease south = lease_of("south");

    assert_int_equal(lease_look(&north, 0), 1);
    assert_int_equal(lease_look(&south, 0), 0);
    assert_int_equal(lease_give_back(&north), 0);
    assert_int_equal(lease_prove(&north), LEASE_ERR_LOST);
    assert_int_equal(lease_look(&south, LEASE_LOOK_MS), 1);
    assert_int_equal(south.epoch, 2);
}

/* Killed and started: it need not wait for its own silence, and its former self is nobody. */
static void a_core_takes_back_what_it_had(void **state)
{
    (void)state;
    struct lease before = lease_of("north");
    struct lease after = lease_of("north");

    assert_int_equal(lease_look(&before, 0), 1);
    assert_int_equal(lease_look(&after, 0), 1);
    assert_int_equal(after.epoch, 2);
    assert_int_equal(lease_prove(&before), LEASE_ERR_LOST);
}

static void of_two_that_wait_one_gets_it(void **state)
{
    (void)state;
    struct lease north = lease_of("north");
    struct lease south = lease_of("south");

    assert_int_equal(lease_look(&north, 0), 1);
    assert_int_equal(lease_look(&south, 0), 0);
    race = (struct lease_row){ "east", 2, 0 };
    assert_int_equal(lease_look(&south, LEASE_QUIET_MS), 0);
    race.epoch = 0;
    /* The new owner has all its time, from when it was seen. */
    assert_int_equal(lease_look(&south, LEASE_QUIET_MS + LEASE_LOOK_MS), 0);
    assert_int_equal(lease_look(&south, 2 * LEASE_QUIET_MS), 0);
    assert_int_equal(lease_look(&south, 2 * LEASE_QUIET_MS + LEASE_LOOK_MS), 1);
    assert_int_equal(south.epoch, 3);
}

static void a_store_that_fails_takes_nothing_away(void **state)
{
    (void)state;
    struct lease north = lease_of("north");

    broken = BROKEN;
    assert_int_equal(lease_look(&north, 0), BROKEN);
    broken = 0;
    assert_int_equal(lease_look(&north, 0), 1);
    broken = BROKEN;
    assert_int_equal(lease_prove(&north), BROKEN);
    broken = 0;
    assert_int_equal(lease_prove(&north), 0);
}

static void a_name_is_asked_for(void **state)
{
    (void)state;
    char name[LEASE_OWNER_LIMIT + 1];
    struct lease lease;

    memset(name, 'n', sizeof name);
    name[LEASE_OWNER_LIMIT] = '\0';
    assert_int_equal(lease_begin(&lease, &store, SHARD, ""), LEASE_ERR_OWNER);
    assert_int_equal(lease_begin(&lease, &store, SHARD, name), LEASE_ERR_OWNER);
    assert_string_equal(lease_error_text(LEASE_ERR_LOST), "another core has taken the shard over");
}

/* From the owner's last word to the next one's first: well within the ten seconds that are promised. */
static void the_times_leave_room_for_loading(void **state)
{
    (void)state;
    assert_true(LEASE_QUIET_MS + LEASE_LOOK_MS <= 6000);
    assert_true(LEASE_QUIET_MS >= 4 * LEASE_BEAT_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_one_owns_it_at_once, begin_anew),
        cmocka_unit_test_setup(who_waits_takes_it_when_the_owner_is_quiet, begin_anew),
        cmocka_unit_test_setup(who_was_replaced_can_do_nothing_any_more, begin_anew),
        cmocka_unit_test_setup(what_is_given_back_is_free_at_once, begin_anew),
        cmocka_unit_test_setup(a_core_takes_back_what_it_had, begin_anew),
        cmocka_unit_test_setup(of_two_that_wait_one_gets_it, begin_anew),
        cmocka_unit_test_setup(a_store_that_fails_takes_nothing_away, begin_anew),
        cmocka_unit_test_setup(a_name_is_asked_for, begin_anew),
        cmocka_unit_test_setup(the_times_leave_room_for_loading, begin_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
