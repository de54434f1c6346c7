/* The n-th write of a transaction fails, for every n: afterwards neither tables nor memory of the collect room have
 * changed, and the same work done again gives what it would have given at once. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "tests/unit/collect/collect_fixture.h"

#define METERS 6
#define WRITES_LIMIT 100

static struct collect_store real;
/* Writes that still succeed; negative: all do. */
static int writes_left = -1;

static int write_refused(void)
{
    if (writes_left == 0)
        return STORE_ERR_FULL;
    if (writes_left > 0)
        writes_left--;
    return 0;
}

static int task_insert(void *context, struct collect_task *row)
{
    int error = write_refused();
    return error != 0 ? error : real.task_insert(context, row);
}

static int task_update(void *context, const struct collect_task *row)
{
    int error = write_refused();
    return error != 0 ? error : real.task_update(context, row);
}

static int item_insert(void *context, const struct collect_item *row)
{
    int error = write_refused();
    return error != 0 ? error : real.item_insert(context, row);
}

static int item_update(void *context, const struct collect_item *row)
{
    int error = write_refused();
    return error != 0 ? error : real.item_update(context, row);
}

static int trouble_put(void *context, const struct collect_trouble *row)
{
    int error = write_refused();
    return error != 0 ? error : real.trouble_put(context, row);
}

static int line_put(void *context, uint32_t line_id, bool online, int64_t at_s, uint32_t orders)
{
    int error = write_refused();
    return error != 0 ? error : real.line_put(context, line_id, online, at_s, orders);
}

static void store_wrap(struct collect_store *store)
{
    real = *store;
    store->task_insert = task_insert;
    store->task_update = task_update;
    store->item_insert = item_insert;
    store->item_update = item_update;
    store->trouble_put = trouble_put;
    store->line_put = line_put;
}

/* A concentrator and a bus, each with three meters, all complete. */
static struct collect_fixture *scene_open(uint32_t meters[METERS])
{
    void *state = NULL;
    collect_fixture_open(&state, store_wrap);
    struct collect_fixture *fixture = state;
    uint32_t lines[2] = { fixture_concentrator(fixture), fixture_bus(fixture) };
    for (int i = 0; i < METERS; i++) {
        meters[i] = fixture_meter(fixture, lines[i % 2], DEVICE_KIND_COLD_WATER);
        fixture_fill(fixture, meters[i]);
    }
    fixture_login(fixture, lines[0]);
    fixture_login(fixture, lines[1]);
    fixture_wait(fixture, 2);
    return fixture;
}

static void scene_close(struct collect_fixture *fixture)
{
    void *state = fixture;
    collect_fixture_teardown(&state);
}

struct figures {
    struct collect_load load;
    int64_t tasks;
    int64_t done;
    int64_t waiting;
    int64_t asked;
    int64_t troubles;
};

static struct figures figures_of(struct collect_fixture *fixture)
{
    struct figures figures;
    memset(&figures, 0, sizeof figures);
    collect_load_read(fixture->room, &figures.load);
    figures.tasks = room_fixture_number(&fixture->rooms, "SELECT count(*) FROM reading_task");
    figures.done = room_fixture_number(&fixture->rooms, "SELECT count(*) FROM reading_task_item WHERE state = 3");
    figures.waiting = room_fixture_number(&fixture->rooms, "SELECT count(*) FROM reading_task_item WHERE state = 1");
    figures.asked = room_fixture_number(&fixture->rooms, "SELECT count(*) FROM reading_task_item WHERE state = 2");
    figures.troubles = room_fixture_number(&fixture->rooms, "SELECT count(*) FROM collect_trouble");
    return figures;
}

typedef int work(struct collect_fixture *fixture, const uint32_t meters[METERS]);

static int ask(struct collect_fixture *fixture, const uint32_t meters[METERS])
{
    struct collect_request request = fixture_request(fixture, COLLECT_CURRENT, 0);
    struct collect_preview preview;
    struct collect_task task;
    (void)meters;
    return collect_task_create(fixture->room, &request, fixture->now_s, &task, &preview);
}

/* One meter answers, one order ends without its others, the bus is lost. */
static int answer(struct collect_fixture *fixture, const uint32_t meters[METERS])
{
    for (int i = 0; i < fixture->sent_count; i++) {
        const struct line_order *order = &fixture->sent[i];
        struct reading_outcome outcome = { 0 };
        struct uplink uplink = { .device_id = meters[0], .kind = UPLINK_REPORT, .order_id = order->order_id,
                                 .item_count = 1, .items = { { .period = UPLINK_CURRENT, .value = 1 } } };
        int error = collect_observe(fixture->room, &uplink, &outcome, fixture->now_s);
        uplink = (struct uplink){ .device_id = order->line_id, .kind = UPLINK_ANSWER, .order_id = order->order_id,
                                  .order_ended = 1, .problem = LINE_PROBLEM_NO_ANSWER };
        if (error == 0)
            error = collect_observe(fixture->room, &uplink, &outcome, fixture->now_s);
        if (error != 0)
            return error;
    }
    return 0;
}

/* In a transaction as the core makes it; what it came to. */
static int transaction(struct collect_fixture *fixture, work *job, const uint32_t meters[METERS])
{
    fixture->now_s++;
    room_fixture_begin(&fixture->rooms);
    int error = job(fixture, meters);
    if (error == 0)
        error = collect_tick(fixture->room, fixture->now_s, 1000);
    if (error >= 0)
        error = collect_flush(fixture->room, fixture->now_s);
    if (error < 0) {
        room_fixture_rollback(&fixture->rooms);
        collect_rolled_back(fixture->room);
        return error;
    }
    fixture_commit(fixture);
    return 0;
}

/* `before` (may be NULL) is done undisturbed; then each write of `job` fails once, and the job is done again. */
static void every_write_fails(work *before, work *job, int least)
{
    uint32_t meters[METERS];
    struct figures whole = { 0 };
    int result = STORE_ERR_FULL;
    int n = -1; /* the first time nothing fails: that is what must come out */
    for (; n < WRITES_LIMIT && (n < 0 || result != 0); n++) {
        struct collect_fixture *fixture = scene_open(meters);
        if (before)
            assert_int_equal(transaction(fixture, before, meters), 0);
        struct figures clean = figures_of(fixture);
        writes_left = n;
        result = transaction(fixture, job, meters);
        writes_left = -1;
        struct figures figures = figures_of(fixture);
        if (n < 0) {
            whole = figures;
            result = STORE_ERR_FULL;
        } else if (result != 0) {
            assert_int_equal(result, STORE_ERR_FULL);
            assert_memory_equal(&figures, &clean, sizeof figures);
            assert_int_equal(transaction(fixture, job, meters), 0);
            figures = figures_of(fixture);
        }
        assert_memory_equal(&figures, &whole, sizeof figures);
        scene_close(fixture);
    }
    assert_in_range(n, least, WRITES_LIMIT - 1);
}

static void a_task_is_made_whole_or_not_at_all(void **state)
{
    (void)state;
    every_write_fails(NULL, ask, METERS + 2);
}

static void answers_count_whole_or_not_at_all(void **state)
{
    (void)state;
    every_write_fails(ask, answer, METERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_made_whole_or_not_at_all),
        cmocka_unit_test(answers_count_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("collect_faults", tests, NULL, NULL);
}
