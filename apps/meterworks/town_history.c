#include "apps/meterworks/town_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/call_batch.h"
#include "apps/meterworks/town_people.h"
#include "base/calendar.h"
#include "base/quantity.h"
#include "base/uplink.h"

#define HOUR_S 3600
#define REPORTS_FROM_S HOUR_S
#define REPORTS_TO_S (2 * HOUR_S)
#define SILENT_DAYS 9        /* dead batteries died so long ago */
#define SETTLE_TICKS 60      /* the core works off due accounts in slices */
#define WISH_LIMIT 4096
#define ML_PER_M3 1000000

/* Midnights of 1,000 that do not come on their day, by coverage; the next report brings them. */
static const uint16_t missed_permille[COVERAGE_COUNT] = {
    [COVERAGE_GOOD] = 4, [COVERAGE_EDGE] = 60, [COVERAGE_BASEMENT] = 300,
};

/* Desk hours at which people come. */
static const int32_t desk_s[] = { 9 * HOUR_S + 1800, 15 * HOUR_S };

struct history {
    const struct town_history_config *config;
    const struct town_plan *plan;
    struct core *core;
    struct town_people *people;
    struct uplink *uplinks;         /* CORE_BATCH_LIMIT */
    struct town_payment_wish *wishes;
    int64_t *drawn_ml;              /* by home, since first_day */
    int64_t *previous_ml;           /* register of the midnight before */
    int64_t *opening_fen;
    bool *missed;                   /* the last midnight did not come */
    struct random random;
    int64_t now_s;
    char *problem;
};

static int history_fail(struct history *history, const char *why)
{
    (void)snprintf(history->problem, 256, "%s", why);
    return -1;
}

static int history_make(struct history *history)
{
    size_t homes = history->plan->home_count;

    history->uplinks = calloc(CORE_BATCH_LIMIT, sizeof *history->uplinks);
    history->wishes = calloc(WISH_LIMIT, sizeof *history->wishes);
    history->drawn_ml = calloc(homes, sizeof *history->drawn_ml);
    history->previous_ml = calloc(homes, sizeof *history->previous_ml);
    history->opening_fen = calloc(homes, sizeof *history->opening_fen);
    history->missed = calloc(homes, sizeof *history->missed);
    if (history->uplinks == NULL || history->wishes == NULL || history->drawn_ml == NULL ||
        history->previous_ml == NULL || history->opening_fen == NULL || history->missed == NULL)
        return history_fail(history, "out of memory");
    return 0;
}

static void history_free(struct history *history)
{
    town_people_close(history->people);
    free(history->uplinks);
    free(history->wishes);
    free(history->drawn_ml);
    free(history->previous_ml);
    free(history->opening_fen);
    free(history->missed);
}

static int64_t register_ml(const struct history *history, size_t home)
{
    int64_t value = history->plan->homes[home].start_register_ml + history->drawn_ml[home];
    return value - value % 1000;
}

static void item_add(struct uplink *uplink, enum quantity quantity, enum uplink_period period, int64_t value,
                     int64_t time_s)
{
    uplink->items[uplink->item_count++] = (struct uplink_item){
        .quantity = (uint16_t)quantity, .period = (uint8_t)period, .value = value, .time_s = time_s,
    };
}

/* A daily report as the gate would hand it on; without a frame, because these bytes were never sent. */
static void report_make(struct history *history, size_t index, int64_t day, int64_t received_s, struct uplink *uplink)
{
    const struct town_home *home = &history->plan->homes[index];
    const struct coverage_row *coverage = coverage_row((enum coverage)home->coverage);
    int64_t midnight_s = calendar_midnight(day, TOWN_ZONE_OFFSET_S);
    uint64_t hash = home->imei ^ ((uint64_t)day << 40);

    memset(uplink, 0, offsetof(struct uplink, items));
    uplink->device_id = (uint32_t)history->config->archive->device_ids[index];
    uplink->kind = UPLINK_REPORT;
    uplink->received_s = received_s;
    uplink->content_hash = random_splitmix(&hash) | 1;
    uplink->message_id = uplink->content_hash;
    if (history->missed[index] && day > history->config->first_day)
        item_add(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, history->previous_ml[index],
                 midnight_s - CALENDAR_DAY_S);
    item_add(uplink, QUANTITY_WATER_VOLUME, UPLINK_DAILY_FREEZE, register_ml(history, index), midnight_s);
    item_add(uplink, QUANTITY_WATER_VOLUME, UPLINK_CURRENT, register_ml(history, index), received_s);
    item_add(uplink, QUANTITY_DEVICE_TIME, UPLINK_CURRENT, received_s, received_s);
    item_add(uplink, QUANTITY_VALVE_STATE, UPLINK_CURRENT, VALVE_OPEN, received_s);
    item_add(uplink, QUANTITY_ALARM_BITS, UPLINK_CURRENT, 0, received_s);
    item_add(uplink, QUANTITY_BATTERY, UPLINK_CURRENT, 3600 - (int64_t)(index % 80), received_s);
    item_add(uplink, QUANTITY_SIGNAL_RSRP, UPLINK_CURRENT, coverage->rsrp_dbm - (int64_t)(index % 6), received_s);
    item_add(uplink, QUANTITY_SIGNAL_SNR, UPLINK_CURRENT, coverage->snr_db, received_s);
    item_add(uplink, QUANTITY_COVERAGE_LEVEL, UPLINK_CURRENT, coverage->coverage_level, received_s);
}

static bool home_speaks(struct history *history, size_t index, int64_t day)
{
    const struct town_home *home = &history->plan->homes[index];

    if (home->flaw == TOWN_BATTERY_DEAD && day > history->config->last_day - SILENT_DAYS)
        return false;
    return !random_chance(&history->random, missed_permille[home->coverage], 1000);
}

static int uplinks_send(struct history *history, size_t count)
{
    int result = count == 0 ? 0 : core_work(history->core, history->uplinks, count, NULL, 0, history->now_s);

    return result < 0 ? history_fail(history, core_error_text(result)) : 0;
}

static int reports_write(struct history *history, int64_t day)
{
    int64_t midnight_s = calendar_midnight(day, TOWN_ZONE_OFFSET_S);
    size_t homes = history->plan->home_count;
    size_t count = 0;
    int result = 0;

    history->now_s = midnight_s + REPORTS_TO_S;
    for (size_t i = 0; result == 0 && i < homes; i++) {
        int64_t received_s = midnight_s + REPORTS_FROM_S + (int64_t)(i * (REPORTS_TO_S - REPORTS_FROM_S) / homes);
        bool speaks = home_speaks(history, i, day);
        if (speaks)
            report_make(history, i, day, received_s, &history->uplinks[count++]);
        history->missed[i] = !speaks;
        history->previous_ml[i] = register_ml(history, i);
        history->drawn_ml[i] += usage_day_ml(&history->plan->homes[i].usage, day, 24);
        if (count == CORE_BATCH_LIMIT) {
            result = uplinks_send(history, count);
            count = 0;
        }
    }
    return result == 0 ? uplinks_send(history, count) : result;
}

/* Let the core do what has become due at now_s. */
static int due_work_do(struct history *history)
{
    for (int i = 0; i < SETTLE_TICKS; i++) {
        int result = core_work(history->core, NULL, 0, NULL, 0, ++history->now_s);
        if (result < 0)
            return history_fail(history, core_error_text(result));
        if (!core_work_remains(history->core))
            break;
    }
    return 0;
}

static int desk_open(struct history *history, int64_t now_s)
{
    const struct town_archive *archive = history->config->archive;
    struct core_request head;
    struct call_batch batch;
    int result;
    int count;

    history->now_s = now_s;
    result = due_work_do(history);
    count = result < 0 ? -1 : town_people_look(history->people, now_s, history->wishes, WISH_LIMIT);
    if (count < 0 || call_batch_open(&batch, history->core, history->now_s) < 0)
        return history_fail(history, "the customers cannot be asked");
    archive_call_head(&head, archive->tenant_id, archive->root_area_id, now_s);
    for (int i = 0; i < count; i++) {
        struct core_payment *payment = &call_batch_add(&batch, CORE_PAYMENT_TAKE, &head, NULL)->payment;
        payment->account_id = history->wishes[i].account_id;
        payment->amount_fen = history->wishes[i].amount_fen;
        (void)snprintf(payment->method, sizeof payment->method, "cash");
        (void)snprintf(payment->key, sizeof payment->key, "%s", history->wishes[i].key);
    }
    result = call_batch_send(&batch);
    if (result < 0)
        (void)history_fail(history, batch.problem);
    call_batch_close(&batch);
    return result;
}

/* Fen a cubic metre in the first tier, all items together: enough to foresee a week of daily settlement. */
static int64_t price_fen(const struct town_home *home)
{
    static const int64_t prices[TOWN_TARIFF_COUNT] = {
        [TOWN_TARIFF_HOUSEHOLD] = 290, [TOWN_TARIFF_CAMPUS] = 284, [TOWN_TARIFF_SHOP] = 492,
    };
    return prices[home->tariff];
}

/* Paid in at `day` so that the planned balance is left at the end of the history. */
static void openings_foresee(struct history *history, int64_t day)
{
    for (size_t i = 0; i < history->plan->home_count; i++) {
        const struct town_home *home = &history->plan->homes[i];
        int64_t used_ml = 0;

        for (int64_t at = day; at < history->config->last_day && home->payment == TOWN_PREPAID_PLATFORM; at++)
            used_ml += usage_day_ml(&home->usage, at, 24);
        history->opening_fen[i] = home->opening_fen + used_ml * price_fen(home) / ML_PER_M3;
    }
}

static int accounts_open(struct history *history, int64_t day)
{
    const struct town_history_config *config = history->config;
    int result = 0;

    if (day == config->prepaid_day) {
        openings_foresee(history, day);
        result = town_archive_accounts_open(config->archive, TOWN_PREPAID_PLATFORM, history->opening_fen,
                                            history->now_s, history->problem);
    }
    if (result >= 0 && day == config->last_day) {
        openings_foresee(history, day);
        result = town_archive_accounts_open(config->archive, TOWN_PREPAID_METER, history->opening_fen, history->now_s,
                                            history->problem);
    }
    return result;
}

static int day_write(struct history *history, int64_t day)
{
    int64_t midnight_s = calendar_midnight(day, TOWN_ZONE_OFFSET_S);
    int result = reports_write(history, day);

    if (result >= 0)
        result = due_work_do(history);
    if (result >= 0)
        result = accounts_open(history, day);
    for (size_t i = 0; result >= 0 && i < sizeof desk_s / sizeof desk_s[0]; i++)
        result = desk_open(history, midnight_s + desk_s[i]);
    return result;
}

static int eve_write(struct history *history)
{
    const struct town_history_config *config = history->config;
    int result;

    history->now_s = calendar_midnight(config->first_day, TOWN_ZONE_OFFSET_S) - 6 * HOUR_S;
    result = town_archive_enter(config->archive, history->now_s, history->problem);
    if (result >= 0)
        result = town_archive_accounts_open(config->archive, TOWN_POSTPAID, NULL, history->now_s, history->problem);
    if (result >= 0)
        result = town_people_open(config->database_path, history->plan, config->archive->device_ids, &history->people,
                                  history->problem);
    return result;
}

int town_history_write(const struct town_history_config *config, char problem[256])
{
    struct history history = { .config = config, .plan = config->archive->plan, .core = config->archive->core,
                               .problem = problem };
    int result = history_make(&history);

    history.random = random_of_stream(history.plan->config.seed, UINT64_MAX - 1);
    if (result >= 0)
        result = eve_write(&history);
    for (int64_t day = config->first_day; result >= 0 && day <= config->last_day; day++)
        result = day_write(&history, day);
    history_free(&history);
    return result;
}
