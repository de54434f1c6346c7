/* meterworks bench city: a whole city on this machine, from its archive to the proof that nothing acknowledged is missing. */
#include "bench/city.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apps/meterworks/options.h"
#include "apps/meterworks/stop_signal.h"
#include "apps/meterworks/verify.h"
#include "base/calendar.h"
#include "bench/bench_clock.h"
#include "bench/city_folder.h"
#include "bench/city_installation.h"
#include "bench/city_laboratory.h"
#include "bench/city_load.h"
#include "bench/city_progress.h"
#include "bench/city_proof.h"
#include "bench/city_queries.h"
#include "bench/city_server.h"
#include "bench/city_table.h"
#include "security/secret.h"
#include "store/store.h"

#define METERS_DEFAULT 20000
#define SECONDS_DEFAULT 5
#define SYNC_DELAY_DEFAULT_MS 5
#define ZONE_STEP_S 900
#define NOON_S 43200
#define DAYS_ALONE 200   /* of one meter of the laboratory, one report after the other */
#define DAYS_OF_FEW 300  /* of so few that each reports a hundred times a second */
#define DAYS_EACH 60     /* of many */
#define DAYS_FIRST 40    /* of those whose sessions are not measured */
#define QUARTERS 96       /* of an hour, a day */
#define DTLS_METERS 20000
#define DTLS_METERS_FIRST 1024
#define DTLS_SUITE "PSK-AES128-CCM8"
#define SETTLE_LOOK_MS 100
#define SETTLE_WAIT_S 1800.0
#define MIB (1024.0 * 1024.0)

struct city {
    struct city_plan plan;
    struct city_server server;
    struct city_load *load;
    struct city_laboratory laboratory;
    struct city_table table;
    struct city_proof proof;
    int64_t sync_delay_ms;
    int64_t bytes_before;    /* of the store, before the day */
    int64_t open_before;     /* prepaid accounts that the second half of the day has to charge */
    double reports_s;        /* how long the part of the day took that was reported last */
    double day_end_s;        /* when the last report of the day was acknowledged */
    char problem[256];
};

static const char limit_core[] = "one core thread takes, stores and commits; the generator has the other core";
static const char limit_gate[] = "one gate thread; the generator has the other core";
static const char limit_few[] = "no more requests under way than endpoints: transactions are smaller, core and gate wait for each other";
static const char limit_wait[] = "one request under way at a time waits for its commit";

static double now_s(void)
{
    return bench_clock_seconds(CLOCK_MONOTONIC);
}

static int database_open(const struct city *city, struct store **store)
{
    char path[CITY_FOLDER_SIZE + 32];
    struct store_config config = { .path = path, .read_only = true };

    (void)snprintf(path, sizeof path, "%s/meterworks.db", city->plan.folder);
    return store_open(&config, store);
}

static int archive_step(struct city *city)
{
    struct city_installation_figures figures;
    double processor_s = bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID);

    if (city_installation_make(&city->plan, &figures, city->problem) < 0)
        return -1;
    city->bytes_before = city_folder_size(&city->plan);
    city_table_add(&city->table, "archive written in bulk (meter, customer, contract, money, 2 midnights)", "-", "",
                   "%.0f meters/s, %.1f s; with the next row %.1f s of processor", city->plan.meters / figures.archive_s,
                   figures.archive_s, bench_clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - processor_s);
    city_table_add(&city->table, "meters entered one by one through the core", "-", "one core thread", "%.0f/s",
                   city->plan.laboratory / figures.laboratory_s);
    city_table_add(&city->table, "archive on disk", "-", "", "%.0f bytes a meter",
                   (double)city->bytes_before / (city->plan.meters + city->plan.laboratory));
    return 0;
}

static int add_step(struct city *city)
{
    struct city_installation_figures figures;

    if (city_installation_add(&city->plan, &figures, city->problem) < 0)
        return -1;
    city_table_add(&city->table, "meters entered one by one through the core", "-", "one core thread", "%.0f/s",
                   city->plan.laboratory / figures.laboratory_s);
    return 0;
}

static int server_begin(struct city *city)
{
    return city_server_start(&city->server, city->plan.folder, city->problem);
}

static int start_step(struct city *city)
{
    if (server_begin(city) < 0)
        return -1;
    double meters = city->plan.meters + city->plan.laboratory;
    struct city_server_memory memory = city_server_memory(&city->server);
    city_table_add(&city->table, "start to service", "-", "", "%.2f s, of processor %.2f s", city->server.start_s,
                   city->server.start_processor_s);
    city_table_add(&city->table, "memory, nobody registered", "-", "", "%.0f MiB, %.0f bytes a meter",
                   (double)memory.now_bytes / MIB, (double)memory.now_bytes / meters);
    return 0;
}

static int register_step(struct city *city)
{
    struct city_load_figures figures;

    city->load = city_load_open(&city->plan, city->server.coap_port);
    if (city->load == NULL) {
        (void)snprintf(city->problem, sizeof city->problem, "the load cannot start: no memory, or no socket");
        return -1;
    }
    double processor_s = city_server_processor_s(&city->server);
    if (!city_load_register(city->load, &figures))
        return -1;
    processor_s = city_server_processor_s(&city->server) - processor_s;
    city_table_add(&city->table, "LwM2M registrations, every meter once", "50,000/s per core", limit_gate,
                   "%.0f/s; %.0f/s per core of the server", (double)figures.registrations / figures.seconds,
                   processor_s > 0 ? (double)figures.registrations / processor_s : 0);
    return 0;
}

/* A part of the day. */
static int reports_take(struct city *city, const char *measure, const char *aim, uint64_t until)
{
    struct city_load_figures figures;
    double processor_s = city_server_processor_s(&city->server);

    if (!city_load_report(city->load, until, &figures))
        return -1;
    processor_s = city_server_processor_s(&city->server) - processor_s;
    city->day_end_s = now_s();
    city->reports_s = figures.seconds;
    double reports = figures.reports > 0 ? (double)figures.reports : 1;
    city_table_add(&city->table, measure, aim, limit_core, "%.0f/s; a report costs the server %.1f us, the generator %.1f us",
                   reports / figures.seconds, processor_s * 1e6 / reports, figures.processor_s * 1e6 / reports);
    city_table_add(&city->table, "  of them doubled / late / repeated / registered again", "-", "",
                   "%" PRIu64 " / %" PRIu64 " / %" PRIu64 " / %" PRIu64, figures.doubled, figures.late, figures.repeated,
                   figures.registrations);
    if (figures.refused == 0)
        return 0;
    (void)snprintf(city->problem, sizeof city->problem, "%" PRIu64 " reports were refused", figures.refused);
    return -1;
}

static int morning_step(struct city *city)
{
    return reports_take(city, "daily reports of 8 values, durable, plain CoAP", "83,000/s (10 million in 120 s)",
                        city_load_day(city->load) / 2);
}

/* Each meter that alarms counts once. */
static int alarms_count(struct city *city, int64_t *alarms)
{
    char text[192];
    struct store *store = NULL;
    int result = database_open(city, &store);

    (void)snprintf(text, sizeof text, "SELECT count(DISTINCT device_id) FROM event WHERE kind = '%s' AND device_id <= %" PRIu32,
                   alarm_name(CITY_ALARM), city->plan.meters);
    if (result == 0)
        result = store_number(store, text, alarms);
    store_close(store);
    if (result < 0)
        (void)snprintf(city->problem, sizeof city->problem, "the store cannot be read: %s", store_error_info(result)->text_en);
    return result;
}

static int alarms_prove(struct city *city, const char *measure, const char *aim, double storm_s)
{
    int64_t stored = 0;
    double begin_s = now_s();

    if (alarms_count(city, &stored) < 0)
        return -1;
    int64_t missing = (int64_t)city_alarms(&city->plan) - stored;
    if (storm_s > 0)
        city_table_add(&city->table, measure, aim, "", "%" PRIu32 " alarms, %" PRId64 " missing, %.1f s after the first was sent",
                       city_alarms(&city->plan), missing, storm_s + now_s() - begin_s);
    else
        city_table_add(&city->table, measure, aim, "", "%" PRIu32 " alarms: %" PRId64 " missing", city_alarms(&city->plan), missing);
    if (missing <= 0)
        return 0;
    (void)snprintf(city->problem, sizeof city->problem, "%" PRId64 " acknowledged alarms are not there", missing);
    return -1;
}

static int storm_step(struct city *city)
{
    struct city_load_figures figures;

    if (!city_load_storm(city->load, &figures))
        return -1;
    city_table_add(&city->table, "a storm: one meter of 100 alarms while the day goes on", "-", "",
                   "sent in %.1f s, all acknowledged after %.1f s; %.0f reports/s beside them", city_storm_ms(&city->plan) / 1000.0,
                   figures.seconds, (double)figures.reports / figures.seconds);
    return alarms_prove(city, "  stored, and there for whoever asks", "within 20 s, none lost", figures.seconds);
}

/* What a storm left in the log comes into its rows within a minute. */
static int log_wait(struct city *city)
{
    double begin_s = now_s();
    int64_t rows = 1;
    int result = 0;

    while (result == 0 && rows > 0 && now_s() - begin_s < SETTLE_WAIT_S) {
        struct store *store = NULL;
        result = database_open(city, &store);
        if (result == 0)
            result = store_number(store, "SELECT count(*) FROM state_log", &rows);
        store_close(store);
        if (!city_progress("what the log holds comes into its rows", 0, 0))
            return -1;
        if (result == 0 && rows > 0)
            poll(NULL, 0, SETTLE_LOOK_MS);
    }
    if (result < 0)
        (void)snprintf(city->problem, sizeof city->problem, "the store cannot be read: %s", store_error_info(result)->text_en);
    return result;
}

static int proof_take(struct city *city, const char *measure)
{
    if (log_wait(city) < 0)
        return -1;
    if (city_proof_make(&city->plan, city_load_acknowledged(city->load), &city->proof, city->problem) < 0)
        return -1;
    city_table_add(&city->table, measure, "none missing", "", "%" PRIu64 " midnights: %" PRIu64 " missing, %" PRIu64 " different",
                   city->proof.expected, city->proof.missing, city->proof.different);
    if (city->proof.missing + city->proof.different == 0)
        return 0;
    (void)snprintf(city->problem, sizeof city->problem, "something acknowledged is not there as it was acknowledged");
    return -1;
}

static int restart_killed_step(struct city *city)
{
    city_server_kill(&city->server);
    if (server_begin(city) < 0)
        return -1;
    city_table_add(&city->table, "kill -9 amid the reports: back in service", "10 s", "", "%.2f s, of processor %.2f s",
                   city->server.start_s, city->server.start_processor_s);
    return 0;
}

static int kill_step(struct city *city)
{
    if (restart_killed_step(city) < 0)
        return -1;
    if (alarms_prove(city, "alarms acknowledged before the kill", "none missing", 0) < 0)
        return -1;
    return proof_take(city, "acknowledged before the kill");
}

/* Prepaid accounts whose day is not charged yet. */
static int behind_count(struct city *city, int64_t *behind)
{
    char text[256];
    struct store *store = NULL;
    int result = database_open(city, &store);

    (void)snprintf(text, sizeof text, "SELECT count(*) FROM account_standing s CROSS JOIN account a ON a.account_id = s.account_id"
                   " WHERE s.settled_day < %lld AND a.payment_mode = 'prepaid_platform'", (long long)city->plan.today);
    if (result == 0)
        result = store_number(store, text, behind);
    store_close(store);
    if (result < 0)
        (void)snprintf(city->problem, sizeof city->problem, "the store cannot be read: %s", store_error_info(result)->text_en);
    return result;
}

static int evening_step(struct city *city)
{
    if (behind_count(city, &city->open_before) < 0)
        return -1;
    if (reports_take(city, "the rest of the day, every meter registering again", "-", 0) < 0)
        return -1;
    struct city_server_memory memory = city_server_memory(&city->server);
    double meters = city->plan.meters + city->plan.laboratory;
    city_table_add(&city->table, "memory after the day", "4 GB at 10 million", "", "%.0f MiB, at most %.0f; %.0f bytes a meter",
                   (double)memory.now_bytes / MIB, (double)memory.most_bytes / MIB, (double)memory.most_bytes / meters);
    return proof_take(city, "acknowledged in the whole day");
}

static int settle_step(struct city *city)
{
    int64_t behind = 1;
    double look_s = 0;

    while (behind > 0 && now_s() - city->day_end_s < SETTLE_WAIT_S) {
        double begin_s = now_s();
        if (behind_count(city, &behind) < 0)
            return -1;
        look_s = now_s() - begin_s;
        if (!city_progress("accounts not settled yet", 0, 0))
            return -1;
        if (behind > 0)
            poll(NULL, 0, SETTLE_LOOK_MS + (int)(look_s * 2000));
    }
    double behind_s = now_s() - city->day_end_s - look_s;
    city_table_add(&city->table, "prepaid accounts charged for the day", "within 60 s", "behind the reports, in the order of meters",
                   "%u accounts, %" PRId64 " open %.1f s after the last report; %.0f/s from the second half's first report on",
                   city_prepaid_count(&city->plan), behind, behind_s,
                   (double)(city->open_before - behind) / (city->reports_s + behind_s));
    if (behind == 0)
        return 0;
    (void)snprintf(city->problem, sizeof city->problem, "%" PRId64 " accounts were not settled", behind);
    return -1;
}

static int disk_step(struct city *city)
{
    int64_t bytes = city_folder_size(&city->plan);

    city_table_add(&city->table, "disk: the day's reports, their frames, postings", "-", "",
                   "%.0f bytes a report; store %.1f MB", (double)(bytes - city->bytes_before) / (double)city_load_day(city->load),
                   (double)bytes / 1e6);
    return 0;
}

static int queries_step(struct city *city)
{
    return city_queries_ask(&city->plan, &city->server, &city->table, city->problem);
}

/* What the time of a measurement went to. */
static void threads_add(struct city *city, const struct city_laboratory_run *run)
{
    double percent = 100 / run->reports.seconds;

    city_table_add(&city->table, "  its core / gate / generator on a processor; waiting for one", "-", "",
                   "%.0f / %.0f / %.0f %%; core %.0f, gate %.0f %%; %" PRIu64 " sent again after 2 s", run->core.ran_s * percent,
                   run->gate.ran_s * percent, run->reports.processor_seconds * percent, run->core.waited_s * percent,
                   run->gate.waited_s * percent, run->reports.repeated);
}

static int laboratory_measure(struct city *city, const char *measure, const char *aim, const char *limit, uint32_t devices,
                              uint32_t days, const char *cipher, struct city_laboratory_run *run)
{
    if (city_is_stopped() ||
        city_laboratory_measure(&city->laboratory, devices, days, cipher, run, city->problem) < 0)
        return -1;
    double reports = run->reports.answered > 0 ? (double)run->reports.answered : 1;
    city_table_add(&city->table, measure, aim, limit, "%.0f/s in %.1f s; a report costs the server %.1f us, the generator %.1f us",
                   reports / run->reports.seconds, run->reports.seconds, run->server_processor_s * 1e6 / reports,
                   run->reports.processor_seconds * 1e6 / reports);
    threads_add(city, run);
    return city_is_stopped() ? -1 : 0;
}

/* The same reports from ever more meters. */
static int flat_step(struct city *city)
{
    static const struct { uint32_t devices, days; const char *measure, *limit; } rows[] = {
        { 1, DAYS_ALONE, "reports of 1 endpoint", limit_wait },
        { 1000, DAYS_OF_FEW, "reports of 1,000 endpoints", limit_few },
        { 20000, DAYS_EACH, "reports of 20,000 endpoints", limit_core },
        { 100000, DAYS_EACH, "reports of 100,000 endpoints", limit_core },
        { 1000000, DAYS_EACH, "reports of 1,000,000 endpoints", limit_core },
    };
    struct city_laboratory_run run;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].devices <= city->plan.laboratory &&
            laboratory_measure(city, rows[i].measure, "flat within 10 %", rows[i].limit, rows[i].devices, rows[i].days, NULL,
                               &run) < 0)
            return -1;
    return 0;
}

static int secured_step(struct city *city)
{
    uint32_t devices = city->plan.laboratory < DTLS_METERS ? city->plan.laboratory : DTLS_METERS;
    struct city_laboratory_run run;

    /* What OpenSSL holds of the handshakes under way is there once, however many sessions follow. */
    if (devices > DTLS_METERS_FIRST && !city_is_stopped() &&
        city_laboratory_measure(&city->laboratory, DTLS_METERS_FIRST, DAYS_FIRST, DTLS_SUITE, &run, city->problem) < 0)
        return -1;
    if (laboratory_measure(city, "reports over DTLS PSK, established sessions", "20,000/s per core", limit_core, devices,
                           DAYS_EACH, DTLS_SUITE, &run) < 0)
        return -1;
    double handshakes = run.handshakes.answered > 0 ? (double)run.handshakes.answered : 1;
    city_table_add(&city->table, "DTLS PSK handshakes", "10,000/s per core", "one gate thread, OpenSSL in it; the generator has the other core",
                   "%.0f/s; %.0f/s per core of the server; one costs it %.1f us, the generator %.1f us",
                   handshakes / run.handshakes.seconds, handshakes / run.handshake_processor_s,
                   run.handshake_processor_s * 1e6 / handshakes, run.handshakes.processor_seconds * 1e6 / handshakes);
    city_table_add(&city->table, "memory of a DTLS session, with all that its registration adds", "200 bytes", "",
                   "%.0f bytes more in the server", (double)run.grown_bytes / devices);
    return 0;
}

static int restart_step(struct city *city)
{
    double begin_s = now_s();
    int status = city_server_stop(&city->server);

    if (status != 0) {
        (void)snprintf(city->problem, sizeof city->problem, "the server ended with status %d", status);
        return -1;
    }
    double stop_s = now_s() - begin_s;
    if (server_begin(city) < 0)
        return -1;
    city_table_add(&city->table, "restart to service after the day", "10 s at 10 million", "",
                   "%.2f s, of processor %.2f s; its end took %.2f s", city->server.start_s, city->server.start_processor_s, stop_s);
    return 0;
}

static int slow_step(struct city *city)
{
    uint32_t devices = city->plan.laboratory < DTLS_METERS ? city->plan.laboratory : DTLS_METERS;
    static char measure[96];
    struct city_laboratory_run run;

    if (city->sync_delay_ms == 0)
        return 0;
    (void)snprintf(measure, sizeof measure, "plain reports where each sync of the disk takes %" PRId64 " ms more",
                   city->sync_delay_ms);
    (void)city_server_stop(&city->server);
    city->server.sync_delay_ms = city->sync_delay_ms;
    if (server_begin(city) < 0)
        return -1;
    return laboratory_measure(city, measure, "-", "requests under way wait for the commit of their group", devices, DAYS_EACH,
                              NULL, &run);
}

static int quarters_step(struct city *city)
{
    struct city_laboratory_run run;
    struct city_laboratory_quarters stored = { 0 };

    if (city->server.sync_delay_ms != 0) {
        (void)city_server_stop(&city->server);
        city->server.sync_delay_ms = 0;
        if (server_begin(city) < 0)
            return -1;
    }
    if (city_laboratory_quarters(&city->laboratory, city->plan.laboratory, &run, &stored, city->problem) < 0)
        return -1;
    double messages = run.reports.answered > 0 ? (double)run.reports.answered : 1;
    double rate = messages / run.reports.seconds;
    city_table_add(&city->table, "yesterday's 96 quarter-hours, durable, plain CoAP", "16,667/s (10 million in 600 s)", limit_core,
                   "%.0f/s, %.2f million values/s; a day costs the server %.1f us, the generator %.1f us", rate, rate * QUARTERS / 1e6,
                   run.server_processor_s * 1e6 / messages, run.reports.processor_seconds * 1e6 / messages);
    threads_add(city, &run);
    city_table_add(&city->table, "  of them believed / sums that agree with the midnight", "all", "",
                   "%" PRId64 " of %.0f / %" PRId64 " of %.0f; %.2f bytes a value in blocks", stored.believed, messages * QUARTERS,
                   stored.agreeing, messages, (double)stored.bytes / (messages * QUARTERS));
    if (run.reports.refused == 0 && stored.believed == (int64_t)run.reports.answered * QUARTERS &&
        stored.agreeing == (int64_t)run.reports.answered)
        return 0;
    (void)snprintf(city->problem, sizeof city->problem, "%" PRIu64 " days of quarter-hours were acknowledged, %" PRId64
                   " are there, %" PRId64 " of them agree with their midnight", run.reports.answered, stored.days, stored.agreeing);
    return -1;
}

static int books_step(struct city *city)
{
    struct store *store = NULL;
    FILE *nowhere = fopen("/dev/null", "w");
    int faults = 0;

    (void)city_server_stop(&city->server);
    int result = nowhere == NULL ? -1 : database_open(city, &store);
    if (result == 0)
        result = verify_store(store, nowhere, &faults);
    store_close(store);
    if (nowhere != NULL)
        (void)fclose(nowhere);
    if (result < 0 || faults > 0) {
        (void)snprintf(city->problem, sizeof city->problem, "the books do not prove: %d differences", faults);
        return -1;
    }
    city_table_add(&city->table, "books proven from their rows", "-", "", "balanced");
    return 0;
}

struct step {
    const char *title; /* NULL behind the last */
    int (*run)(struct city *city);
};

static const struct step steps[] = {
    { "the archive is made", archive_step },
    { "the server starts", start_step },
    { "every meter registers", register_step },
    { "the first half of the day", morning_step },
    { "a storm of alarms", storm_step },
    { "kill -9, restart, proof", kill_step },
    { "the second half of the day", evening_step },
    { "settlement", settle_step },
    { "restart", restart_step },
    { "what lies on the disk", disk_step },
    { "questions of the console", queries_step },
    { "from few endpoints to many", flat_step },
    { "over DTLS", secured_step },
    { "a slow disk", slow_step },
    { "yesterday by quarter-hours", quarters_step },
    { "the books", books_step },
    { NULL, NULL },
};

/* What is measured again of a city that was kept. */
static const struct step steps_again[] = {
    { "one more laboratory is entered", add_step },
    { "the server starts", start_step },
    { "from few endpoints to many", flat_step },
    { "over DTLS", secured_step },
    { "kill -9, restart", restart_killed_step },
    { "a slow disk", slow_step },
    { "yesterday by quarter-hours", quarters_step },
    { NULL, NULL },
};

static int steps_run(struct city *city, const struct step *step)
{
    double begin_s = now_s();

    for (; step->title != NULL; step++) {
        printf("%7.1f s  %s\n", now_s() - begin_s, step->title);
        fflush(stdout);
        if (city_is_stopped() || step->run(city) < 0) {
            city_progress_end();
            fprintf(stderr, "meterworks bench: %s: %s\n", step->title, city_is_stopped() ? "ended" : city->problem);
            return 1;
        }
    }
    printf("%7.1f s  done\n\n", now_s() - begin_s);
    return 0;
}

/* The zone in which it is noon: a run of hours meets no midnight. */
static void plan_begin(struct city_plan *plan)
{
    struct secret_source source = secret_source_system();
    char token[SECRET_TOKEN_TEXT_LIMIT] = "";
    int64_t second;

    plan->now_s = bench_clock_world_ms(NULL) / 1000;
    second = plan->now_s % CALENDAR_DAY_S;
    plan->zone_offset_s = (int32_t)((NOON_S - second) / ZONE_STEP_S * ZONE_STEP_S);
    plan->today = calendar_local_day(plan->now_s, plan->zone_offset_s);
    if (plan->laboratory == 0)
        plan->laboratory = plan->meters >= CITY_LABORATORY_LARGEST ? CITY_LABORATORY_LARGEST
                           : plan->meters < CITY_LABORATORY_SMALL  ? plan->meters
                                                                   : CITY_LABORATORY_SMALL;
    plan->laboratory_after = plan->meters;
    city_plan_archive(plan);
    if (secret_token_make(&source, token) == 0)
        (void)snprintf(plan->password, sizeof plan->password, "%.*s", CITY_PASSWORD_SIZE - 1, token);
}

static int room_check(struct city *city)
{
    int64_t need = city_folder_need(&city->plan);
    int64_t free_bytes = city_folder_free(&city->plan);

    printf("A city of %" PRIu32 " meters and %" PRIu32 " more of a laboratory, in %s\n"
           "room on the disk: needs up to %.1f GB, %.1f GB are free\n\n",
           city->plan.meters, city->plan.laboratory, city->plan.folder, (double)need / 1e9, (double)free_bytes / 1e9);
    fflush(stdout);
    if (free_bytes >= need)
        return 0;
    fprintf(stderr, "meterworks bench: %s has no room for a city of %" PRIu32 " meters; nothing was done\n", city->plan.folder,
            city->plan.meters);
    return -1;
}

static int city_measure(struct city *city, const char *keep)
{
    plan_begin(&city->plan);
    if (city_folder_make(&city->plan, keep, city->problem) < 0) {
        fprintf(stderr, "meterworks bench: %s\n", city->problem);
        return 1;
    }
    int status = room_check(city) < 0 ? 1 : steps_run(city, steps);
    city_server_kill(&city->server);
    city_table_print(&city->table);
    if (keep != NULL && city->load != NULL &&
        city_proof_save(&city->plan, city_load_acknowledged(city->load), city->problem) < 0)
        fprintf(stderr, "meterworks bench: %s\n", city->problem);
    if (keep != NULL && status == 0)
        printf("\nkept: meterworks serve --data %s   (admin, password %s)\n"
               "prove it again: meterworks bench city --check %s\n", keep, city->plan.password, keep);
    else if (keep == NULL)
        city_folder_remove(&city->plan);
    city_load_close(city->load);
    return status;
}

/* The meters of a kept city stay as they are; behind them another laboratory is measured. Its zone is that of the first measurement:
 * whoever measures when there it is nearly midnight has a new day in the middle. */
static int city_again(struct city *city, const char *folder)
{
    struct city_plan *plan = &city->plan;

    (void)snprintf(plan->folder, sizeof plan->folder, "%s", folder);
    uint8_t *acknowledged = city_proof_load(plan, city->problem);
    if (acknowledged == NULL) {
        fprintf(stderr, "meterworks bench: %s\n", city->problem);
        return 1;
    }
    free(acknowledged);
    if (plan->laboratory == 0)
        plan->laboratory = CITY_LABORATORY_SMALL;
    plan->now_s = bench_clock_world_ms(NULL) / 1000;
    plan->today = calendar_local_day(plan->now_s, plan->zone_offset_s);
    int status = steps_run(city, steps_again);
    city_server_kill(&city->server);
    city_table_print(&city->table);
    return status;
}

static int city_check(const char *folder)
{
    struct city_plan plan = { 0 };
    struct city_proof proof;
    char problem[256];

    (void)snprintf(plan.folder, sizeof plan.folder, "%s", folder);
    uint8_t *acknowledged = city_proof_load(&plan, problem);
    int result = acknowledged == NULL ? -1 : city_proof_make(&plan, acknowledged, &proof, problem);
    free(acknowledged);
    if (result < 0) {
        fprintf(stderr, "meterworks bench: %s\n", problem);
        return 1;
    }
    printf("%" PRIu64 " acknowledged midnights: %" PRIu64 " missing, %" PRIu64 " different\n", proof.expected, proof.missing,
           proof.different);
    return proof.missing + proof.different == 0 ? 0 : 1;
}

static int city_run(int argument_count, char **arguments)
{
    int64_t meters = METERS_DEFAULT, laboratory = 0, seconds = SECONDS_DEFAULT, sync_delay_ms = SYNC_DELAY_DEFAULT_MS;
    const char *keep = NULL, *check = NULL, *again = NULL;
    const struct option table[] = {
        { "meters", OPTION_NUMBER, &meters, CITY_METERS_SMALLEST, CITY_METERS_LARGEST, "N", "of the city, 20000" },
        { "laboratory", OPTION_NUMBER, &laboratory, 0, CITY_LABORATORY_LARGEST, "N", "meters beside it for rates; 20000, of a million 1000000" },
        { "seconds", OPTION_NUMBER, &seconds, 1, 600, "S", "of each measurement besides the city's day, 5" },
        { "sync-delay", OPTION_NUMBER, &sync_delay_ms, 0, 1000, "MS", "of the slow disk in the end, 5; 0 leaves it out" },
        { "keep", OPTION_TEXT, &keep, 0, 0, "DIR", "make the city there and leave it; else a folder below /var/tmp" },
        { "check", OPTION_TEXT, &check, 0, 0, "DIR", "only prove again what a kept city was acknowledged" },
        { "again", OPTION_TEXT, &again, 0, 0, "DIR", "measure another laboratory beside the meters of a kept city" },
    };
    int read = options_read(table, sizeof table / sizeof table[0], argument_count, arguments);
    struct city city = { .laboratory = { .seconds = 0 } };

    if (read < 0)
        return read == -2 ? 0 : 2;
    if (read != argument_count || (check != NULL) + (keep != NULL) + (again != NULL) > 1) {
        fprintf(stderr, "usage: meterworks bench city [--meters N] [--laboratory N] [--seconds S] [--sync-delay MS] [--keep DIR]\n"
                        "       meterworks bench city --check DIR\n"
                        "       meterworks bench city --again DIR [--laboratory N] [--seconds S] [--sync-delay MS]\n");
        return 2;
    }
    if (check != NULL)
        return city_check(check);
    city.plan.meters = (uint32_t)meters;
    city.plan.laboratory = (uint32_t)laboratory;
    city.laboratory.seconds = (uint32_t)seconds;
    city.sync_delay_ms = sync_delay_ms;
    city.laboratory.plan = &city.plan;
    city.laboratory.server = &city.server;
    stop_signal_block();
    return again != NULL ? city_again(&city, again) : city_measure(&city, keep);
}

int bench_run(int argument_count, char **arguments)
{
    static char name[] = "bench city"; /* as its help says it */

    if (argument_count > 1 && strcmp(arguments[1], "city") == 0) {
        arguments[1] = name;
        return city_run(argument_count - 1, arguments + 1);
    }
    bool help = argument_count == 2 && strcmp(arguments[1], "--help") == 0;
    fprintf(help ? stdout : stderr, "usage: meterworks bench city [OPTIONS]\n\n"
            "  city   a city on this machine: its archive, a day of reports, kill -9 in the middle, the proof, one table\n");
    return help ? 0 : 2;
}
