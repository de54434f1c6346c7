/* Reports that charge a prepaid account: what a transaction of the core costs, in one thread, when 7 meters of 10 belong to
 * somebody who prepays, and what is left to charge when the last of a day has come. Prints a line parted by tabs for each;
 * stage_bench.py makes the table and adds instructions.
 *
 * usage: charge_bench METERS MESSAGES DAYS [WARM]: every meter reports once a day, MESSAGES in a transaction; WARM days (a week)
 * before them warm up */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/city_archive.h"
#include "apps/meterworks/core.h"
#include "base/calendar.h"
#include "base/quantity.h"
#include "bench/bench_clock.h"
#include "bench/stage_count.h"
#include "sim/town_plan.h"
#include "store/store.h"

#define ZONE_OFFSET_S 28800
#define PAID_FEN 1000000
#define MIDNIGHTS 7        /* in a report; as many days warm up, until the states know them */
#define SECOND_ROUNDS 8    /* transactions a second of the core's clock */
#define STRIDE 7919        /* odd and prime: meters report in an order far from that of their numbers */
#define DAYS_LIMIT 16      /* all in one month: nobody's bill falls due */
#define QUIET_SECONDS 3    /* in a row, with nothing to do: by then a storm is over for the core, too */
#define WALK_SECONDS 1000  /* of the core's clock at most until the walk of a start or a night is over */
#define PATH_LIMIT 64

struct bench {
    char path[PATH_LIMIT];
    struct city_archive_config archive;
    uint32_t messages, rounds;
    uint32_t next; /* report of the day */
    int32_t day;   /* whose midnight is reported */
    int64_t now_s;
    uint64_t accepted;
    struct uplink *uplinks;
    struct core *core;
    struct stage stage, behind;
};

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    struct bench *bench = context;
    bench->accepted += acknowledgement->accepted;
}

static bool core_begin(struct bench *bench)
{
    struct core_config config = { .path = bench->path, .seed = 1, .ports = { .context = bench, .acknowledge = acknowledge } };
    char problem[256] = "";

    if (core_open(&config, &bench->core, problem) == 0)
        return true;
    fprintf(stderr, "%s\n", problem);
    return false;
}

static bool tariff_enter(struct bench *bench)
{
    struct city_archive_config *archive = &bench->archive;
    static struct core_tariff request;
    struct core_reply reply;

    if (core_tenant_add(bench->core, "charges", ZONE_OFFSET_S, bench->now_s, &archive->tenant_id, &archive->root_area_id) < 0)
        return false;
    archive_call_head(&request.head, archive->tenant_id, archive->root_area_id, bench->now_s);
    request.effective_day = archive->today - archive->days;
    snprintf(request.name, sizeof request.name, "%s", town_tariff_name(TOWN_TARIFF_HOUSEHOLD));
    snprintf(request.utility, sizeof request.utility, "water");
    snprintf(request.document, sizeof request.document, "%s", town_tariff_document(TOWN_TARIFF_HOUSEHOLD));
    int result = core_execute(bench->core, CORE_TARIFF_CREATE, &request, &reply, bench->now_s);
    archive->tariff_id = reply.object_id;
    return result >= 0;
}

static bool archive_write(const struct bench *bench)
{
    struct store_config config = { .path = bench->path, .synchronous = "OFF" };
    struct store *store = NULL;
    bool good = store_open(&config, &store) == 0 && city_archive_write(store, &bench->archive) == 0;

    store_close(store);
    return good;
}

/* Until nothing is left that time made due: accounts are walked over after each start and each midnight. */
static bool quiet_wait(struct bench *bench)
{
    for (int second = 0, quiet = 0; second < WALK_SECONDS; second++) {
        if (core_work(bench->core, NULL, 0, NULL, 0, ++bench->now_s) != 0)
            return false;
        quiet = core_work_remains(bench->core) ? 0 : quiet + 1;
        if (quiet == QUIET_SECONDS)
            return true;
    }
    return false;
}

static bool bench_open(struct bench *bench)
{
    /* Not under /tmp, which may be memory: durable means a disk. */
    snprintf(bench->path, sizeof bench->path, "/var/tmp/meterworks-charges-%ld.db", (long)getpid());
    bench->stage = (struct stage){ .name = "core: one transaction, 7 reports of 10 charge an account", .warming = true };
    bench->behind = (struct stage){ .name = "core: what the last of a day's reports left to charge", .warming = true };
    bench->archive = (struct city_archive_config){ .meters = bench->messages * bench->rounds, .days = 2,
        .zone_offset_s = ZONE_OFFSET_S, .look_s = INT64_MAX, .paid_fen = PAID_FEN };
    int64_t today = calendar_local_day(bench_clock_world_ms(NULL) / 1000, ZONE_OFFSET_S);
    bench->archive.today = (int32_t)calendar_month_start(today) + 1;
    bench->now_s = calendar_midnight(bench->archive.today, ZONE_OFFSET_S) + CALENDAR_DAY_S / 2;
    bench->day = bench->archive.today;
    bench->uplinks = calloc(bench->messages, sizeof *bench->uplinks);
    if (bench->uplinks == NULL || !core_begin(bench) || !tariff_enter(bench))
        return false;
    core_close(bench->core);
    bench->core = NULL;
    return archive_write(bench) && core_begin(bench);
}

static void bench_close(struct bench *bench)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[PATH_LIMIT + 8];

    core_close(bench->core);
    free(bench->uplinks);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", bench->path, endings[i]);
        unlink(name);
    }
}

static void item_put(struct uplink *uplink, enum quantity quantity, enum uplink_period period, int64_t value, int64_t time_s)
{
    uplink->items[uplink->item_count++] = (struct uplink_item){ .quantity = (uint16_t)quantity, .period = (uint8_t)period,
                                                                .value = value, .time_s = time_s };
}

static void report_write(struct bench *bench, struct uplink *uplink)
{
    uint32_t index = (uint32_t)((uint64_t)bench->next++ * STRIDE % bench->archive.meters);

    memset(uplink, 0, offsetof(struct uplink, items));
    uplink->message_id = bench->next;
    uplink->content_hash = (uint64_t)bench->day << 32 | index;
    uplink->device_id = index + 1;
    uplink->kind = UPLINK_REPORT;
    uplink->received_s = bench->now_s;
    uplink->frame_size = UPLINK_FRAME_LIMIT;
    uplink->awake = 1;
    item_put(uplink, QUANTITY_WATER_VOLUME, UPLINK_CURRENT, city_meter_register_ml(&bench->archive, index, bench->day), bench->now_s);
    for (int32_t back = 0; back < MIDNIGHTS; back++)
        item_put(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, city_meter_register_ml(&bench->archive, index, bench->day - back),
                 calendar_midnight(bench->day - back, ZONE_OFFSET_S));
    item_put(uplink, QUANTITY_VALVE_STATE, UPLINK_CURRENT, 1, bench->now_s);
    item_put(uplink, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, bench->now_s, bench->now_s);
}

static bool round_run(struct bench *bench)
{
    uint64_t before = bench->accepted;

    bench->now_s += bench->next / bench->messages % SECOND_ROUNDS == 0;
    for (uint32_t i = 0; i < bench->messages; i++)
        report_write(bench, &bench->uplinks[i]);
    stage_begin(&bench->stage);
    int result = core_work(bench->core, bench->uplinks, bench->messages, NULL, 0, bench->now_s);
    stage_end(&bench->stage, bench->messages);
    return result == 0 && bench->accepted - before == bench->messages;
}

static bool day_run(struct bench *bench)
{
    bench->day++;
    bench->next = 0;
    bench->now_s = calendar_midnight(bench->day, ZONE_OFFSET_S) + 4 * 3600;
    bool good = quiet_wait(bench);
    for (uint32_t round = 0; good && round < bench->rounds; round++)
        good = round_run(bench);
    stage_begin(&bench->behind);
    good = good && quiet_wait(bench);
    stage_end(&bench->behind, (uint64_t)bench->messages * bench->rounds);
    return good;
}

/* Every account that prepays stands at the midnight that was reported last. */
static bool charged_check(const struct bench *bench)
{
    char query[256];
    int64_t behind = -1;

    snprintf(query, sizeof query, "SELECT count(*) FROM account_standing s JOIN account a USING (account_id)"
             " WHERE a.payment_mode = 'prepaid_platform' AND s.settled_day <> %ld", (long)bench->day);
    return store_number(core_store(bench->core), query, &behind) == 0 && behind == 0;
}

int main(int count, char **words)
{
    struct bench bench = { 0 };

    if (count == 4 || count == 5) {
        bench.messages = (uint32_t)strtoul(words[2], NULL, 10);
        bench.rounds = bench.messages > 0 ? (uint32_t)(strtoul(words[1], NULL, 10) / bench.messages) : 0;
    }
    long days = bench.rounds > 0 ? strtol(words[3], NULL, 10) : 0;
    long warm = count == 5 ? strtol(words[4], NULL, 10) : MIDNIGHTS;
    if (bench.rounds < 1 || bench.messages > CORE_BATCH_LIMIT || days < 1 || days > DAYS_LIMIT || warm < 0 || warm > MIDNIGHTS) {
        fprintf(stderr, "usage: charge_bench METERS MESSAGES DAYS [WARM]\n");
        return 2;
    }
    bool good = bench_open(&bench);
    for (long day = -warm; good && day < days; day++) {
        bench.stage.warming = bench.behind.warming = day < 0;
        good = day_run(&bench);
    }
    good = good && charged_check(&bench);
    if (good)
        stage_print(&bench.stage), stage_print(&bench.behind);
    else
        fprintf(stderr, "charge_bench: a report was not stored, or not charged\n");
    bench_close(&bench);
    return good ? 0 : 1;
}
