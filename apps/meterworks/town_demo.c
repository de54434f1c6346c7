#include "apps/meterworks/town_demo.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/server.h"
#include "apps/meterworks/town_folder.h"
#include "apps/meterworks/town_history.h"
#include "apps/meterworks/town_lines.h"
#include "apps/meterworks/town_lines_runner.h"
#include "apps/meterworks/town_people.h"
#include "apps/meterworks/town_resident.h"
#include "apps/meterworks/town_runner.h"
#include "base/calendar.h"

#define BEGIN_DATE "2026-11-27"              /* a Friday: the month ends on Monday, when supply may be cut */
#define BEGIN_S (19 * 3600 + 1800)           /* in the evening */
#define PREPAID_SINCE_DAYS 7
#define POWER_UP_SPREAD_MS INT64_C(14400000) /* the town registers within four hours */
#define PEOPLE_EVERY_S 1800
#define PEOPLE_LOOK_MS 20
#define WISH_LIMIT 512

/* What happens when, by hours since the beginning; the last line stays. */
static const struct { int32_t from_h; const char *text; } chapters[] = {
    { 0, "表计逐一上线 · Meters come on line one by one" },
    { 5, "夜间错峰上报 · Night: staggered daily reports" },
    { 12, "陈佳怡 3栋1204 余额不足, 提醒 · Chen Jiayi runs short and is reminded" },
    { 36, "周末: 第二次提醒, 不停供 · Weekend: a second reminder, nobody is cut off" },
    { 60, "周一: 最后通知, 允许时段内停供; 何秀兰受保护 · Monday: final notice, cut-off in permitted hours; He Xiulan is protected" },
    { 77, "月末: 零点冻结与账单 · Month end: midnight registers become bills" },
    { 86, "缴费后恢复供水 · Paid, and supply is restored" },
    { 110, "您来试试: 缴费、停供、抄表 · Your turn: take a payment, close a valve, read a meter" },
};

struct town_demo {
    struct town_demo_config config;
    struct town_plan plan;
    struct town_folder folder;
    struct virtual_clock clock;
    struct server *server;
    struct town_archive archive;
    struct town_runner *runner;
    struct estate_plan estate;
    struct town_lines_runner *lines; /* NULL without an estate */
    struct town_people *people;
    struct town_payment_wish wishes[WISH_LIMIT];
    pthread_t people_thread;
    bool people_running;
    atomic_bool stopping;
    int64_t begin_s;
    atomic_uint_fast64_t payments;
};

static int64_t clock_now_ms(void *context)
{
    const struct town_demo *demo = context;
    return virtual_clock_now_ms(&demo->clock);
}

static uint32_t clock_speed(void *context)
{
    const struct town_demo *demo = context;
    return virtual_clock_speed(&demo->clock);
}

static const char *chapter_now(const struct town_demo *demo)
{
    int64_t hours = (virtual_clock_now_ms(&demo->clock) / 1000 - demo->begin_s) / 3600;
    const char *text = chapters[0].text;

    for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++)
        if (hours >= chapters[i].from_h)
            text = chapters[i].text;
    return text;
}

static int demo_describe(void *context, char *text, size_t capacity)
{
    const struct town_demo *demo = context;
    int size = snprintf(text, capacity, "{\"seed\":%llu,\"chapter\":\"%s\"}",
                        (unsigned long long)demo->config.plan.seed, chapter_now(demo));

    return size < 0 || (size_t)size >= capacity ? -1 : size;
}

static int demo_speed_set(void *context, uint32_t speed)
{
    static const uint32_t speeds[] = { VIRTUAL_CLOCK_PAUSED, VIRTUAL_CLOCK_REAL, VIRTUAL_CLOCK_HOUR_A_MINUTE,
                                       VIRTUAL_CLOCK_DAY_IN_20_S };
    struct town_demo *demo = context;

    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        if (speeds[i] != speed)
            continue;
        virtual_clock_speed_set(&demo->clock, speed);
        server_speed_changed(demo->server, speed);
        return 0;
    }
    return -1;
}

static bool key_find(void *context, uint64_t imei, uint8_t key[TOWN_KEY_SIZE])
{
    const struct town_demo *demo = context;
    return server_device_key(demo->server, imei, key) == 0;
}

static int64_t begin_day(void)
{
    int64_t day = 0;

    (void)calendar_parse_date(span_of_text(BEGIN_DATE), &day);
    return day;
}

static int server_make(struct town_demo *demo, char problem[256])
{
    struct server_config config = {
        .data_directory = demo->folder.path,
        .http_address = demo->config.http_address,
        .http_port = demo->config.http_port,
        .coap_address = "127.0.0.1:0",
        .coaps_address = "127.0.0.1:0",
        .lines_address = demo->config.households > 0 ? "127.0.0.1:0" : NULL,
        .channels_path = demo->config.channels_path,
        .invoices_path = demo->config.invoices_path,
        .console_folder = demo->config.console_folder,
        .synchronous = "OFF",
        .is_demo = true,
        .demo_seed = demo->config.plan.seed,
        .clock = { demo, clock_now_ms, clock_speed },
        .demo = { demo, demo_describe, demo_speed_set },
    };

    return server_open(&config, &demo->server, problem);
}

/* Its past is in the concentrators: the platform fetches it. */
static int estate_enter(struct town_demo *demo, char problem[256])
{
    int64_t installed_s = calendar_midnight(begin_day() - (int64_t)demo->config.history_days, TOWN_ZONE_OFFSET_S);

    if (demo->config.households == 0)
        return 0;
    if (estate_plan_open(&demo->estate, demo->config.plan.seed, demo->config.households, true) < 0) {
        (void)snprintf(problem, 256, "out of memory, or too many households");
        return -1;
    }
    return town_lines_enter(&demo->archive, &demo->estate, installed_s, demo->begin_s, problem);
}

static int past_make(struct town_demo *demo, char problem[256])
{
    char path[TOWN_FOLDER_SIZE + 32];
    int64_t last_day = begin_day();
    struct town_history_config history = {
        .archive = &demo->archive, .database_path = path, .last_day = last_day,
        .first_day = last_day - (int64_t)demo->config.history_days, .prepaid_day = last_day - PREPAID_SINCE_DAYS,
    };

    (void)snprintf(path, sizeof path, "%s/meterworks.db", demo->folder.path);
    if (history.prepaid_day < history.first_day)
        history.prepaid_day = history.first_day;
    if (town_archive_open(&demo->archive, server_core(demo->server), &demo->plan) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    if (town_history_write(&history, problem) < 0)
        return -1;
    if (town_resident_enter(&demo->archive, demo->begin_s, problem) < 0 || estate_enter(demo, problem) < 0)
        return -1;
    return town_people_open(path, &demo->plan, demo->archive.device_ids, &demo->people, problem);
}

static void wish_fulfil(struct town_demo *demo, const struct town_payment_wish *wish)
{
    struct core_payment request = { .account_id = wish->account_id, .amount_fen = wish->amount_fen, .method = "cash" };
    struct core_reply reply;

    archive_call_head(&request.head, demo->archive.tenant_id, demo->archive.root_area_id,
                      virtual_clock_now_ms(&demo->clock) / 1000);
    (void)snprintf(request.key, sizeof request.key, "%s", wish->key);
    if (server_call(demo->server, CORE_PAYMENT_TAKE, &request, &reply) < 0 || reply.repeated)
        return;
    atomic_fetch_add(&demo->payments, 1);
    if (wish->press_button)
        town_runner_button(demo->runner, wish->home);
}

/* Customers look at their letters every half hour of the town's time. */
static void *people_run(void *context)
{
    struct town_demo *demo = context;
    int64_t looked_s = 0;

    while (!atomic_load(&demo->stopping)) {
        int64_t now_s = virtual_clock_now_ms(&demo->clock) / 1000;
        int count;

        (void)poll(NULL, 0, PEOPLE_LOOK_MS);
        if (now_s - looked_s < PEOPLE_EVERY_S)
            continue;
        looked_s = now_s;
        count = town_people_look(demo->people, now_s, demo->wishes, WISH_LIMIT);
        for (int i = 0; i < count && !atomic_load(&demo->stopping); i++)
            wish_fulfil(demo, &demo->wishes[i]);
    }
    return NULL;
}

static int lines_start(struct town_demo *demo, char problem[256])
{
    struct town_lines_runner_config config = { &demo->estate, &demo->clock, server_lines_port(demo->server) };

    if (demo->config.households == 0)
        return 0;
    if (town_lines_runner_open(&config, &demo->lines, problem) < 0)
        return -1;
    return town_lines_runner_start(demo->lines);
}

static int town_start(struct town_demo *demo, char problem[256])
{
    struct town_runner_config config = {
        .plan = &demo->plan, .clock = &demo->clock, .host = "127.0.0.1",
        .coap_port = server_coap_port(demo->server), .coaps_port = server_coaps_port(demo->server),
        .history_day = begin_day() - (int64_t)demo->config.history_days, .power_up_spread_ms = POWER_UP_SPREAD_MS,
        .key_context = demo, .key_find = key_find,
    };

    if (town_runner_open(&config, &demo->runner, problem) < 0)
        return -1;
    if (server_start(demo->server, problem) < 0)
        return -1;
    demo->people_running = pthread_create(&demo->people_thread, NULL, people_run, demo) == 0;
    if (!demo->people_running || town_runner_start(demo->runner) < 0) {
        (void)snprintf(problem, 256, "the town's threads cannot start");
        return -1;
    }
    return lines_start(demo, problem);
}

int town_demo_open(const struct town_demo_config *config, struct town_demo **out, char problem[256])
{
    struct town_demo *demo = calloc(1, sizeof *demo);

    if (demo == NULL || town_plan_open(&demo->plan, &config->plan) < 0) {
        (void)snprintf(problem, 256, "out of memory, or too many meters");
        free(demo);
        return -1;
    }
    demo->config = *config;
    demo->begin_s = calendar_midnight(begin_day(), TOWN_ZONE_OFFSET_S) + BEGIN_S;
    virtual_clock_open(&demo->clock, demo->begin_s * 1000, config->speed);
    if (town_folder_open(&demo->folder, config->folder, problem) < 0 || server_make(demo, problem) < 0 ||
        past_make(demo, problem) < 0 || town_start(demo, problem) < 0) {
        town_demo_close(demo);
        return -1;
    }
    *out = demo;
    return 0;
}

uint16_t town_demo_http_port(const struct town_demo *demo)
{
    return server_http_port(demo->server);
}

const struct town_plan *town_demo_plan(const struct town_demo *demo)
{
    return &demo->plan;
}

void town_demo_summary(struct town_demo *demo, char *text, size_t capacity)
{
    struct town_runner_counts counts = town_runner_counts(demo->runner);
    char now[CALENDAR_TIME_TEXT_LIMIT];

    if (calendar_format_time(virtual_clock_now_ms(&demo->clock) / 1000, TOWN_ZONE_OFFSET_S, now, sizeof now) < 0)
        now[0] = '\0';
    (void)snprintf(text, capacity,
                   "%s: %llu datagrams sent, %llu answered waits, %llu given up, %llu lost in the air, "
                   "%llu handshakes, %llu unsent, %llu payments", now,
                   (unsigned long long)counts.town.sent, (unsigned long long)counts.holds,
                   (unsigned long long)counts.unanswered, (unsigned long long)counts.town.lost,
                   (unsigned long long)counts.link.handshakes, (unsigned long long)counts.link.unsent,
                   (unsigned long long)atomic_load(&demo->payments));
}

/* The town stops first, then the platform; customers call into the platform and end before it. */
void town_demo_close(struct town_demo *demo)
{
    if (demo == NULL)
        return;
    atomic_store(&demo->stopping, true);
    if (demo->people_running)
        pthread_join(demo->people_thread, NULL);
    town_lines_runner_close(demo->lines);
    town_runner_close(demo->runner);
    town_people_close(demo->people);
    server_close(demo->server);
    town_archive_close(&demo->archive);
    town_folder_close(&demo->folder);
    town_plan_close(&demo->plan);
    estate_plan_close(&demo->estate);
    free(demo);
}
