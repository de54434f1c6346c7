#include "tests/unit/unit_test.h"

#include "tests/simulation/year.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/calendar.h"
#include "store/store_error.h"
#include "tests/store/store_fault.h"

#define STEP_S 7200
#define MIDNIGHTS_LIMIT 64
#define TICK_LIMIT 100
#define KILL_STATEMENTS 120 /* at one of the first so many */
#define BEGIN_DATE "2026-01-01"

void year_complain(struct year *year, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (year->problem_count < YEAR_PROBLEM_LIMIT) {
        char *problem = year->problems[year->problem_count];
        int used = snprintf(problem, sizeof year->problems[0], "day %d: ", (int)year->day);

        (void)vsnprintf(problem + used, sizeof year->problems[0] - (size_t)used, format, arguments);
    }
    va_end(arguments);
    year->problem_count++;
}

int64_t year_number(struct year *year, const char *format, ...)
{
    char query[1024];
    int64_t number = 0;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(query, sizeof query, format, arguments);
    va_end(arguments);
    if (store_number(year->fixture->store, query, &number) != 0)
        fail_msg("the database does not understand: %s", query);
    return number;
}

/* Hands: what they are asked counts when the transaction is there. */
static int valve_ask(void *context, uint32_t device_id, enum billing_valve valve, const char *reason, int64_t now_s,
                     struct billing_command *out)
{
    struct year *year = context;

    (void)reason;
    if (year->valve_asked_count == YEAR_VALVE_LIMIT || (!year->config.plain && random_chance(&year->delivery, 1, 20)))
        return -1301;
    year->valves_asked[year->valve_asked_count++] = (struct year_valve){ now_s + 3600, device_id, valve };
    *out = (struct billing_command){ ++year->fixture->command_id, now_s + 3600, false };
    return 0;
}

static int recharge_ask(void *context, uint32_t device_id, int64_t amount_fen, const char *reason, int64_t now_s,
                        struct billing_command *out)
{
    struct year *year = context;

    (void)device_id;
    (void)amount_fen;
    (void)reason;
    *out = (struct billing_command){ ++year->fixture->command_id, now_s + 3600, false };
    return 0;
}

static int clear_ask(void *context, uint32_t device_id, const char *reason, int64_t now_s, struct billing_command *out)
{
    struct year *year = context;

    (void)device_id;
    (void)reason;
    *out = (struct billing_command){ ++year->fixture->command_id, now_s + 3600, false };
    year->clear_command_id = (int64_t)out->command_id;
    return 0;
}

static int journal_ask(void *context, uint32_t tenant_id, int64_t account_id, const char *action, const char *detail,
                       int64_t now_s)
{
    (void)context;
    (void)tenant_id;
    (void)account_id;
    (void)action;
    (void)detail;
    (void)now_s;
    return 0;
}

static int notice_ask(void *context, const struct billing_notice *notice)
{
    const struct year *year = context;

    return fixture_notice_post(year->fixture, notice);
}

static void hands_set(struct year *year)
{
    year->fixture->actions = (struct billing_actions){ .context = year, .request_valve = valve_ask,
                                                       .request_recharge = recharge_ask, .notice = notice_ask,
                                                       .journal = journal_ask, .request_clear = clear_ask };
}

static void rooms_open(struct year *year, bool is_new)
{
    int64_t now_s = year->fixture == NULL ? year->begin_s : year->fixture->now_s;
    uint64_t command_id = year->fixture == NULL ? 0 : year->fixture->command_id;
    void *state = NULL;

    if (year->fixture != NULL) {
        state = year->fixture;
        year_checks_close(year);
        (void)fixture_close(&state);
    }
    assert_int_equal(is_new ? fixture_open_new(&state, year->path) : fixture_open_file(&state, year->path), 0);
    year->fixture = state;
    year->fixture->now_s = now_s;
    year->fixture->command_id = command_id;
    /* A killed process keeps what it wrote; only a machine without power would need the disk. */
    assert_int_equal(store_execute(year->fixture->store, "PRAGMA synchronous = OFF"), 0);
    hands_set(year);
    year_checks_open(year);
}

/* The process dies: nothing of the open transaction, and nothing of its memory, is left. */
static void process_kill(struct year *year)
{
    year->counts.kills++;
    rooms_open(year, false);
}

static void commit_take(struct year *year)
{
    for (int32_t i = 0; i < year->valve_asked_count && year->valve_count < YEAR_VALVE_LIMIT; i++)
        year->valves[year->valve_count++] = year->valves_asked[i];
    year->counts.commits++;
    year_check_commit(year);
}

/* 1 the process died; else 0 and *result */
static int work_try(struct year *year, year_work *work, void *matter, int *result)
{
    uint32_t one_in = year->config.kill_one_in;
    bool dies = one_in != 0 && random_chance(&year->delivery, 1, one_in);

    assert_int_equal(store_begin(year->fixture->store), 0);
    year->valve_asked_count = 0;
    if (dies)
        store_fault_arm(STORE_FAULT_ALL, random_between(&year->delivery, 0, KILL_STATEMENTS));
    *result = work(year, matter);
    if (dies && store_fault_disarm()) {
        process_kill(year);
        return 1;
    }
    if (*result < 0) {
        store_rollback(year->fixture->store);
        billing_rolled_back(year->fixture->billing);
        year->counts.refused++;
        return 0;
    }
    assert_int_equal(store_commit(year->fixture->store), 0);
    commit_take(year);
    return 0;
}

int year_transact(struct year *year, year_work *work, void *matter, bool is_keyed)
{
    uint32_t one_in = year->config.kill_one_in;
    int result = 0;

    while (work_try(year, work, matter, &result) == 1)
        continue;
    if (is_keyed && result >= 0 && one_in != 0 && random_chance(&year->delivery, 1, one_in)) {
        process_kill(year);
        while (work_try(year, work, matter, &result) == 1)
            continue;
    }
    if (store_error_info(result) != NULL)
        year_complain(year, "the store refused: %d", result);
    return result;
}

static int tick_work(struct year *year, void *matter)
{
    int *done = matter;

    *done = billing_tick(year->fixture->billing, year->fixture->now_s, TICK_LIMIT);
    return *done;
}

static void tick(struct year *year)
{
    int done = 0;

    do {
        int result = year_transact(year, tick_work, &done, false);

        if (result < 0) {
            year_complain(year, "a tick was refused: %d", result);
            return;
        }
    } while (done == TICK_LIMIT);
}

/* Past the room that reads meters and counts their gaps: so nobody has one. */
static int midnight_put(struct year *year, const struct year_midnight *midnight)
{
    const struct year_home *home = &year->homes[midnight->home];
    int64_t day = year->begin_day + midnight->day;
    char text[400];
    int error;

    (void)snprintf(text, sizeof text,
                   "INSERT INTO daily_reading VALUES (%lld, %u, %lld, %lld, 0, 0, 1000) ON CONFLICT DO UPDATE SET total_value ="
                   " excluded.total_value; UPDATE device_state SET total_value ="
                   " iif(newest_day <= %lld, %lld, total_value), newest_day = max(newest_day, %lld), complete_days = -1"
                   " WHERE device_id = %u",
                   (long long)day, home->device_id, (long long)midnight->total_value, (long long)midnight->total_value,
                   (long long)day, (long long)midnight->total_value, (long long)day, home->device_id);
    error = store_execute(year->fixture->store, text);
    if (error == 0 && midnight->is_correction)
        return billing_reading_corrected(year->fixture->billing, home->device_id, day, year->fixture->now_s);
    if (error == 0)
        billing_reading_arrived(year->fixture->billing, home->device_id, day);
    return error;
}

/* What came together is one transaction, as in the core. */
static int midnights_work(struct year *year, void *matter)
{
    const size_t *until = matter;
    int error = 0;

    for (size_t i = year->midnight_next; i < *until && error == 0; i++)
        error = midnight_put(year, &year->midnights[i]);
    return error;
}

static void midnights_deliver(struct year *year)
{
    while (true) {
        size_t until = year->midnight_next;
        int result;

        while (until < year->midnight_count && until < year->midnight_next + MIDNIGHTS_LIMIT &&
               year->midnights[until].at_s <= year->fixture->now_s)
            until++;
        if (until == year->midnight_next)
            return;
        result = year_transact(year, midnights_work, &until, false);
        if (result < 0)
            year_complain(year, "midnights were refused: %d", result);
        year->counts.midnights += until - year->midnight_next;
        year->midnight_next = until;
    }
}

static int valve_work(struct year *year, void *matter)
{
    const struct year_valve *valve = matter;

    if (valve->at_s % 7 == 0)
        return billing_valve_failed(year->fixture->billing, valve->device_id, valve->valve, year->fixture->now_s);
    return billing_valve_verified(year->fixture->billing, valve->device_id, valve->valve, year->fixture->now_s);
}

static void valves_answer(struct year *year)
{
    int32_t count = year->valve_count;
    struct year_valve valves[YEAR_VALVE_LIMIT];

    memcpy(valves, year->valves, sizeof valves);
    year->valve_count = 0;
    for (int32_t i = 0; i < count; i++)
        if (valves[i].at_s > year->fixture->now_s)
            year->valves[year->valve_count++] = valves[i];
        else if (year_transact(year, valve_work, &valves[i], false) < 0)
            year_complain(year, "what a valve showed was refused");
}

static void step(struct year *year, bool is_quiet)
{
    int64_t end_s = year->fixture->now_s + STEP_S;
    int64_t next_s;

    midnights_deliver(year);
    valves_answer(year);
    year_people_live(year, is_quiet);
    tick(year);
    while ((next_s = year_channel_next_s(year)) < end_s) {
        if (next_s > year->fixture->now_s)
            year->fixture->now_s = next_s;
        year_channel_work(year);
    }
    year->fixture->now_s = end_s;
}

void year_run(struct year *year)
{
    for (; year->day < year->config.days + YEAR_QUIET_DAYS; year->day++) {
        int64_t tomorrow_s = calendar_midnight(year->begin_day + year->day + 1, FIXTURE_ZONE_S);

        while (year->fixture->now_s < tomorrow_s)
            step(year, year->day >= year->config.days);
        if (year->day % 30 == 29)
            year_check_whole(year);
        if (year->problem_count > 0)
            return;
    }
    year_check_whole(year);
    year_check_end(year);
}

static void *room_for(size_t count, size_t size)
{
    void *rows = calloc(count, size);

    assert_non_null(rows);
    return rows;
}

void year_open(struct year *year, const struct year_config *config)
{
    *year = (struct year){ .config = *config, .people = random_of_stream(config->seed, 1),
                           .delivery = random_of_stream(config->delivery, 2), .begin_day = fixture_day(BEGIN_DATE),
                           .bills_asked_day = fixture_day(BEGIN_DATE) - 1,
                           .folder = "/tmp/money_year_XXXXXX" };
    assert_in_range(config->days, 1, YEAR_DAY_LIMIT - YEAR_QUIET_DAYS - 2);
    assert_in_range(config->homes, YEAR_KIND_COUNT, YEAR_HOME_LIMIT);
    year->begin_s = calendar_midnight(year->begin_day, FIXTURE_ZONE_S);
    assert_non_null(mkdtemp(year->folder));
    (void)snprintf(year->path, sizeof year->path, "%s/year.db", year->folder);
    year->orders = room_for(YEAR_ORDER_LIMIT, sizeof *year->orders);
    year->refunds = room_for(YEAR_ORDER_LIMIT, sizeof *year->refunds);
    year->takings = room_for(YEAR_TAKING_LIMIT, sizeof *year->takings);
    rooms_open(year, true);
    year_homes_build(year);
    year_midnights_plan(year);
}

void year_close(struct year *year)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    void *state = year->fixture;

    year_checks_close(year);
    (void)fixture_close(&state);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char path[sizeof year->path + 8];

        (void)snprintf(path, sizeof path, "%s%s", year->path, endings[i]);
        (void)unlink(path);
    }
    (void)rmdir(year->folder);
    free(year->orders);
    free(year->refunds);
    free(year->takings);
    free(year->midnights);
}
