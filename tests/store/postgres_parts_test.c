/* Tables that grow with every day lie in parts on a server: rows find theirs, late ones a home, and what is old goes at once. */
#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "store/store.h"
#include "store/store_parts.h"
#include "tests/store/store_fixture.h"

#define TODAY 20480 /* where a part begins */
#define DAY_S INT64_C(86400)
#define MILLION (1 << 20)

static struct store *store;
static char path[STORE_FIXTURE_PATH];

static int server_open(void **state)
{
    (void)state;
    store = store_fixture_shared(path, sizeof path);
    return 0;
}

static int server_close(void **state)
{
    (void)state;
    store_close(store);
    store_fixture_remove(path);
    return 0;
}

static void execute(const char *text)
{
    assert_int_equal(store_begin(store), 0);
    assert_int_equal(store_execute(store, text), 0);
    assert_int_equal(store_commit(store), 0);
}

static int64_t number(const char *query)
{
    int64_t value = -1;

    assert_int_equal(store_number(store, query, &value), 0);
    return value;
}

/* returns  parts dropped */
static int keep(int64_t today, int64_t kept, int64_t *rest)
{
    const struct store_parts parts = { "daily_reading", NULL, 32, today - 32, today + 32, kept };

    assert_int_equal(store_begin(store), 0);
    int dropped = store_parts_keep(store, &parts, rest);
    assert_int_equal(store_commit(store), 0);
    return dropped;
}

static void rows_find_their_part_and_late_ones_a_home(void **state)
{
    int64_t rest = -1;

    (void)state;
    execute("INSERT INTO daily_reading SELECT d, 7, d, d, 0, 0, 1000 FROM generate_series(20300, 20490) d");
    assert_int_equal(number("SELECT count(*) FROM daily_reading_rest"), 191); /* nobody has made parts yet */
    assert_int_equal(keep(TODAY, 0, &rest), 0);
    assert_int_equal(rest, 0);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 3);
    assert_int_equal(number("SELECT count(*) FROM daily_reading_rest"), 148); /* before 20448 */
    assert_int_equal(number("SELECT count(*) FROM daily_reading_20448"), 32);
    assert_int_equal(number("SELECT count(*) FROM daily_reading_20480"), 11);
    assert_int_equal(number("SELECT sum(register_value) FROM daily_reading"), 191 * (20300 + 20490) / 2);
    assert_int_equal(keep(TODAY + 32, 0, &rest), 0);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 4); /* the next one in time */
    execute("INSERT INTO daily_reading VALUES (20200, 7, 1, 1, 0, 0, 1000), (20491, 7, 1, 1, 0, 0, 1000)");
    assert_int_equal(number("SELECT count(*) FROM daily_reading_rest"), 149);
    assert_int_equal(number("SELECT count(*) FROM daily_reading_20480"), 12);
}

static void a_midnight_is_there_once_wherever_it_lies(void **state)
{
    int64_t rest;

    (void)state;
    keep(TODAY, 0, &rest);
    execute("INSERT INTO daily_reading VALUES (20300, 7, 1, 1, 0, 0, 1000), (20481, 7, 1, 1, 0, 0, 1000)");
    for (int day = 20300; day <= 20481; day += 181) {
        char text[120];
        snprintf(text, sizeof text, "INSERT INTO daily_reading VALUES (%d, 7, 2, 2, 0, 0, 1000)", day);
        assert_int_equal(store_begin(store), 0);
        assert_int_equal(store_execute(store, text), STORE_ERR_CONSTRAINT);
        store_rollback(store);
    }
    execute("INSERT INTO daily_reading VALUES (20481, 7, 3, 3, 0, 0, 1000) ON CONFLICT (day, device_id) DO UPDATE SET total_value = 3");
    assert_int_equal(number("SELECT total_value FROM daily_reading WHERE day = 20481"), 3);
}

static void what_is_too_old_goes_with_its_part(void **state)
{
    int64_t rest;

    (void)state;
    keep(TODAY - 96, 0, &rest);
    execute("INSERT INTO daily_reading SELECT d, 7, d, d, 0, 0, 1000 FROM generate_series(20300, 20490) d");
    keep(TODAY, 0, &rest);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 6);
    assert_int_equal(keep(TODAY, 20400, &rest), 1);
    assert_int_equal(rest, 20384); /* 20384 to 20399 go with their part */
    assert_int_equal(number("SELECT min(day) FROM daily_reading WHERE day >= 20352"), 20384);
    assert_int_equal(number("SELECT count(*) FROM daily_reading_rest"), 52); /* for the slices */
    assert_int_equal(keep(TODAY, 20416, &rest), 1);
    assert_int_equal(rest, 20416);
    assert_int_equal(number("SELECT min(day) FROM daily_reading WHERE day >= 20352"), 20416);
}

/* As those are whose midnights have been folded. */
static void an_empty_part_of_long_ago_goes(void **state)
{
    int64_t rest;

    (void)state;
    keep(TODAY - 96, 0, &rest);
    execute("INSERT INTO daily_reading VALUES (20390, 7, 1, 1, 0, 0, 1000)");
    assert_int_equal(keep(TODAY, 0, &rest), 2);
    assert_int_equal(number("SELECT count(*) FROM daily_reading"), 1);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading') WHERE low = 20384"), 1);
}

static void whoever_reads_is_not_disturbed(void **state)
{
    struct store *reader = NULL;
    int64_t rest, count;

    (void)state;
    keep(TODAY - 96, 0, &rest);
    execute("INSERT INTO daily_reading VALUES (20360, 7, 1, 1, 0, 0, 1000)");
    assert_int_equal(store_open(&(struct store_config){ .path = path, .read_only = true }, &reader), 0);
    assert_int_equal(store_execute(reader, "BEGIN"), 0);
    assert_int_equal(store_number(reader, "SELECT count(*) FROM daily_reading", &count), 0);
    assert_int_equal(keep(TODAY - 96, 20384, &rest), 0); /* and the transaction went on */
    assert_int_equal(keep(TODAY, 0, &rest), 0);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 3); /* nor is one made */
    assert_int_equal(store_execute(reader, "COMMIT"), 0);
    assert_int_equal(keep(TODAY - 96, 20384, &rest), 1);
    assert_int_equal(number("SELECT count(*) FROM daily_reading"), 0);
    assert_int_equal(keep(TODAY, 0, &rest), 2);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 3); /* of today */
    store_close(reader);
}

static int frames_keep(int64_t kept_s, int64_t *rest_s)
{
    const struct store_parts parts = { "frame", "at_s", 7 * DAY_S, 0, 0, kept_s };

    assert_int_equal(store_begin(store), 0);
    int dropped = store_parts_keep(store, &parts, rest_s);
    assert_int_equal(store_commit(store), 0);
    return dropped;
}

static void frames_insert(const char *from, const char *to, const char *at_s)
{
    char text[300];

    snprintf(text, sizeof text, "INSERT INTO frame (frame_id, device_id, previous_frame, at_s, direction, bytes)"
                                " SELECT n, 1, 0, %s, 0, '\\x00' FROM generate_series(%s, %s, 1000) n", at_s, from, to);
    execute(text);
}

/* Ten million meters: a thousand frames for each row here, ten million a day. */
static void frames_lie_by_arrival(void **state)
{
    int64_t rest_s;

    (void)state;
    assert_int_equal(frames_keep(0, &rest_s), 0);
    assert_int_equal(number("SELECT max(high) FROM parts_of('frame')"), MILLION);
    frames_insert("1", "900000", "n / 116");
    assert_int_equal(frames_keep(0, &rest_s), 0);
    assert_in_range(number("SELECT max(high) FROM parts_of('frame')"), 60 * MILLION, 80 * MILLION); /* a week's */
    assert_int_equal(number("SELECT count(*) FROM parts_of('frame')"), 2);
    frames_insert("900001", "65000000", "n / 116");
    assert_int_equal(frames_keep(0, &rest_s), 0);
    assert_int_equal(number("SELECT count(*) FROM parts_of('frame')"), 3);
    assert_int_equal(number("SELECT count(*) FROM frame_rest"), 0);
    assert_int_equal(frames_keep(MILLION / 116 + 1, &rest_s), 1); /* all of the first are older */
    assert_true(rest_s < 0);                                       /* no slices: the next part goes in a week */
    assert_in_range(number("SELECT min(frame_id) FROM frame"), MILLION, MILLION + 1000);
    assert_int_equal(number("SELECT max(frame_id) FROM frame"), 64999001);
}

static void few_frames_go_by_slices(void **state)
{
    int64_t rest_s;

    (void)state;
    assert_int_equal(frames_keep(0, &rest_s), 0);
    frames_insert("1", "300000", "n::bigint * 86400");
    assert_int_equal(frames_keep(1000 * DAY_S, &rest_s), 0);
    assert_int_equal(rest_s, 1000 * DAY_S);
    assert_int_equal(number("SELECT count(*) FROM parts_of('frame')"), 1);
}

/* A database of a program that knew no parts: nothing is moved, nothing is lost. */
static void a_table_of_before_becomes_the_first_part(void **state)
{
    int64_t rest;

    (void)state;
    execute("DROP TABLE daily_reading; CREATE TABLE daily_reading (day bigint NOT NULL, device_id bigint NOT NULL, register_value bigint NOT NULL,"
            " total_value bigint NOT NULL, quality bigint NOT NULL, received_s bigint NOT NULL, multiplier_e3 bigint NOT NULL DEFAULT 1000,"
            " PRIMARY KEY (day, device_id))");
    execute("INSERT INTO daily_reading SELECT d, 7, d, d, 0, 0, 1000 FROM generate_series(20000, 20490) d");
    int64_t file = number("SELECT pg_relation_filenode('daily_reading')::bigint");
    execute("SELECT parts_begin('daily_reading', 'day', 32)");
    assert_int_equal(number("SELECT pg_relation_filenode('daily_reading_before')::bigint"), file);
    assert_int_equal(number("SELECT count(*) FROM daily_reading"), 491);
    assert_int_equal(keep(20490, 0, &rest), 0);
    assert_int_equal(number("SELECT count(*) FROM parts_of('daily_reading')"), 2); /* and the one from 20512 on */
    assert_int_equal(number("SELECT min(low) FROM parts_of('daily_reading')"), 20512);
    assert_int_equal(keep(20490, 20100, &rest), 0);
    assert_int_equal(rest, 20100); /* by slices */
    assert_int_equal(keep(20600, 20512, &rest), 2); /* with the empty one behind it */
    assert_int_equal(number("SELECT count(*) FROM daily_reading"), 0);
}

/* A row of the log of states at its longest: nothing of it is pressed or lies elsewhere. */
static void rows_of_the_log_lie_on_their_pages(void **state)
{
    (void)state;
    execute("INSERT INTO state_log (log_id, states) VALUES (1, decode(repeat('00', 3900), 'hex'))");
    assert_int_equal(number("SELECT pg_column_size(states) FROM state_log"), 3904);
    execute("DELETE FROM state_log");
}

int main(void)
{
#define SERVER_TEST(name) cmocka_unit_test_setup_teardown(name, server_open, server_close)
    const struct CMUnitTest tests[] = {
        SERVER_TEST(rows_find_their_part_and_late_ones_a_home),
        SERVER_TEST(a_midnight_is_there_once_wherever_it_lies),
        SERVER_TEST(what_is_too_old_goes_with_its_part),
        SERVER_TEST(an_empty_part_of_long_ago_goes),
        SERVER_TEST(whoever_reads_is_not_disturbed),
        SERVER_TEST(frames_lie_by_arrival),
        SERVER_TEST(few_frames_go_by_slices),
        SERVER_TEST(a_table_of_before_becomes_the_first_part),
        SERVER_TEST(rows_of_the_log_lie_on_their_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
