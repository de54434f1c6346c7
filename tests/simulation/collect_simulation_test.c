/* An estate read through lines that lose frames, with connections cut and the server killed: whatever happens, every
 * midnight of every meter is there in the end, and what was stored once never goes away. One test a seed.
 *
 * usage: collect_simulation_test FIRST_SEED COUNT */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/random.h"
#include "tests/simulation/collect_world.h"

#define DAYS 3
#define DAY_S 86400
#define STEP_MS 5000

struct story {
    struct collect_world *world;
    struct random random;
    int64_t stored[DAYS];
    int kills;
    int cuts;
};

static int64_t midnight_s(int32_t day)
{
    return calendar_midnight(COLLECT_WORLD_DAY + day, COLLECT_WORLD_ZONE_S);
}

static void trouble_make(struct story *story)
{
    uint64_t dice = random_below(&story->random, 8000);
    if (dice == 0) {
        collect_world_kill(story->world);
        story->kills++;
    } else if (dice < 10) {
        collect_world_cut(story->world, (uint32_t)random_below(&story->random, 3));
        story->cuts++;
    }
}

static void what_was_stored_stays(struct story *story)
{
    for (int32_t day = 0; day < DAYS; day++) {
        int64_t stored = collect_world_stored(story->world, COLLECT_WORLD_DAY + day);
        assert_true(stored >= story->stored[day]);
        story->stored[day] = stored;
    }
    assert_int_equal(collect_world_number(story->world, "SELECT count(*) FROM reading_set_aside"), 0);
}

/* Until the evening of the last day: hours of it are quiet, so that what is missing can come. */
static void days_pass(struct story *story)
{
    int64_t quiet_s = midnight_s(DAYS - 1) + 12 * 3600;
    int64_t look_s = 0;
    while (collect_world_now_s(story->world) < midnight_s(DAYS)) {
        collect_world_step(story->world, STEP_MS);
        if (collect_world_now_s(story->world) < quiet_s)
            trouble_make(story);
        if (collect_world_now_s(story->world) < look_s)
            continue;
        look_s = collect_world_now_s(story->world) + 3600;
        what_was_stored_stays(story);
    }
    what_was_stored_stays(story);
}

/* A person's task among all that, asked in the first night. */
static int64_t task_ask(struct story *story)
{
    struct core_reading_task *ask = calloc(1, sizeof *ask);
    struct core_reply reply;
    assert_non_null(ask);
    ask->head.tenant_id = 1;
    ask->head.person_id = 0;
    (void)snprintf(ask->what, sizeof ask->what, "current");
    assert_int_equal(collect_world_call(story->world, CORE_READING_TASK_CREATE, ask, &reply), 0);
    free(ask);
    return reply.object_id;
}

static void every_midnight_arrives(void **state)
{
    uint64_t seed = *(const uint64_t *)*state;
    char path[64];
    char query[128];
    struct collect_world_config config = { .path = path, .synchronous = "OFF", .site_count = 3, .meters_each = 24,
                                           .heartbeat_s = 60, .lost_permille = (uint16_t)(20 + seed % 5 * 40),
                                           .seed = seed, .begin_s = midnight_s(0) + 1800 };
    (void)snprintf(path, sizeof path, "/tmp/collect_simulation.%ld.%u.db", (long)getpid(), (unsigned)seed);
    struct story story = { .world = collect_world_open(&config), .random = random_of_seed(seed) };
    int64_t task_id = task_ask(&story);
    days_pass(&story);
    for (int32_t day = 0; day < DAYS; day++)
        assert_int_equal(story.stored[day], collect_world_meters(story.world));
    (void)snprintf(query, sizeof query, "SELECT done FROM reading_task WHERE task_id = %lld AND state = 2",
                   (long long)task_id);
    assert_int_equal(collect_world_number(story.world, query), collect_world_meters(story.world));
    (void)snprintf(query, sizeof query, "SELECT count(*) FROM reading_task_item WHERE task_id = %lld AND state = 3",
                   (long long)task_id);
    assert_int_equal(collect_world_number(story.world, query), collect_world_meters(story.world));
    assert_int_equal(collect_world_number(story.world, "SELECT count(*) FROM collect_trouble"), 0);
    print_message("seed %u, %u permille lost: %d kills, %d cuts, %u orders, %u messages, %u frames lost\n", (unsigned)seed,
                  config.lost_permille, story.kills, story.cuts,
                  (unsigned)collect_world_counts(story.world)->orders,
                  (unsigned)collect_world_counts(story.world)->messages,
                  (unsigned)collect_world_load_counts(story.world)->lost);
    collect_world_close(story.world);
}

int main(int argc, char **argv)
{
    static uint64_t seeds[32];
    static struct CMUnitTest tests[32];
    static char names[32][24];
    uint64_t first = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    for (size_t i = 0; i < count && i < 32; i++) {
        seeds[i] = first + i;
        (void)snprintf(names[i], sizeof names[i], "seed %u", (unsigned)seeds[i]);
        tests[i] = (struct CMUnitTest){ .name = names[i], .test_func = every_midnight_arrives,
                                        .initial_state = &seeds[i] };
    }
    return _cmocka_run_group_tests("collect_simulation", tests, count, NULL, NULL);
}
