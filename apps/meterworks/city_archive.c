#include "apps/meterworks/city_archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "reading/reading_state.h"
#include "store/sql/area_counts.h"
#include "store/sql/search_index.h"
#include "store/sqlite/sqlite_store.h"
#include "store/statement_table.h"

#define STEP_METERS 100000 /* of one transaction */
#define SEED 11
#define SCATTER_PRIME UINT64_C(99999989)
#define SCATTER_FACTOR 48271
#define INDEX_TEXTS_SIZE 16384

static const char *const districts[] = { "鼓楼区", "台江区", "仓山区", "晋安区", "马尾区", "长乐区", "思明区", "湖里区", "集美区",
    "海沧区", "同安区", "翔安区", "荔城区", "城厢区", "涵江区", "秀屿区", "芗城区", "龙文区", "丰泽区", "洛江区" };
static const char *const estate_heads[] = { "榕荫", "云山", "江滨", "金桥", "碧水", "东湖", "西郊", "南园", "北苑", "朝阳", "望海",
    "翠竹", "桂香", "紫荆", "银杏", "白鹭", "听涛", "锦绣", "春晓", "枫林", "橘园", "梅园", "兰亭", "松涛", "荷塘", "凤凰", "龙津",
    "玉兰", "丹霞", "星河", "书香", "和平" };
static const char *const estate_tails[] = { "花园", "新村", "小区", "家园", "公寓", "名邸", "雅苑", "佳园", "里", "城", "湾", "府",
    "嘉园", "华庭", "新城", "山庄" };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* The numbers from 0 on in another order, none twice: what is printed on dials and cards does not count up. */
static uint64_t scattered(uint32_t index)
{
    return ((uint64_t)index * SCATTER_FACTOR + SEED) % SCATTER_PRIME;
}

uint64_t city_meter_imei(uint32_t index)
{
    uint64_t digits = UINT64_C(86000000000000) + index;
    unsigned sum = 0, place = 0;

    /* Luhn: every second digit from the right counts double (GSMA TS.06). */
    for (uint64_t rest = digits; rest > 0; rest /= 10, place++) {
        unsigned digit = (unsigned)(rest % 10);
        unsigned twice = 2 * digit;
        sum += place % 2 == 0 ? twice / 10 + twice % 10 : digit;
    }
    return digits * 10 + (10 - sum % 10) % 10;
}

void city_meter_number(uint32_t index, char out[16])
{
    (void)snprintf(out, 16, "%04u%08" PRIu64, 3000 + index / (CITY_BUILDING_METERS * CITY_ESTATE_BUILDINGS) % 97,
                   scattered(index));
}

void city_meter_room(uint32_t index, char out[16])
{
    uint32_t home = index % CITY_BUILDING_METERS;
    (void)snprintf(out, 16, "%u%02u", home / 4 + 1, home % 4 + 1);
}

void city_customer_name(uint32_t index, struct town_name *out)
{
    struct random random = random_of_stream(SEED, index);

    if (index % 40 == 39)
        town_name_company(&random, out);
    else
        town_name_person(&random, out);
}

void city_customer_number(uint32_t index, char out[16])
{
    (void)snprintf(out, 16, "%010u", 1000000000u + index);
}

void city_customer_phone(uint32_t index, char out[16])
{
    (void)snprintf(out, 16, "12%09" PRIu64, scattered(index) * 10 + index % 7);
}

void city_estate_name(uint32_t estate, char out[64])
{
    uint32_t pairs = COUNT(estate_heads) * COUNT(estate_tails);
    const char *head = estate_heads[estate % COUNT(estate_heads)];
    const char *tail = estate_tails[estate / COUNT(estate_heads) % COUNT(estate_tails)];

    if (estate < pairs)
        (void)snprintf(out, 64, "%s%s", head, tail);
    else
        (void)snprintf(out, 64, "%s%s%u期", head, tail, estate / pairs + 1);
}

void city_district_name(uint32_t district, char out[64])
{
    if (district < COUNT(districts))
        (void)snprintf(out, 64, "%s", districts[district]);
    else
        (void)snprintf(out, 64, "%s%u片", districts[district % COUNT(districts)], district / (uint32_t)COUNT(districts) + 1);
}

int64_t city_meter_daily_ml(uint32_t index)
{
    return 1000 * (int64_t)(80 + scattered(index) % 521);
}

int64_t city_meter_register_ml(const struct city_archive_config *config, uint32_t index, int32_t day)
{
    return 1000 * (int64_t)(scattered(index) % 200000) + city_meter_daily_ml(index) * (day - (config->today - config->days));
}

enum fact {
    FACT_IMEI, FACT_NUMBER, FACT_ROOM, FACT_NAME, FACT_INITIALS, FACT_CUSTOMER, FACT_PHONE, FACT_ESTATE, FACT_DISTRICT, FACT_DAILY,
    FACT_STATUS, FACT_COUNT
};

/* Of a thousand meters 3 are faulty, 5 alarm, 10 are silent and 5 cut off (bits as watch sets them). */
static int64_t status_of(uint32_t index)
{
    uint64_t part = scattered(index) / 7 % 1000;
    return part < 3 ? 2 : part < 8 ? 4 : part < 18 ? 8 : part < 23 ? 1 : 0;
}

static int64_t number_of(enum fact fact, uint32_t index)
{
    if (fact == FACT_IMEI)
        return (int64_t)city_meter_imei(index);
    return fact == FACT_DAILY ? city_meter_daily_ml(index) : status_of(index);
}

static void text_of(enum fact fact, uint32_t index, char out[TOWN_NAME_LIMIT])
{
    static void (*const texts[FACT_COUNT])(uint32_t, char *) = {
        [FACT_NUMBER] = city_meter_number, [FACT_ROOM] = city_meter_room, [FACT_CUSTOMER] = city_customer_number,
        [FACT_PHONE] = city_customer_phone, [FACT_ESTATE] = city_estate_name, [FACT_DISTRICT] = city_district_name,
    };
    struct town_name name;

    if (texts[fact] != NULL) {
        texts[fact](index, out);
        return;
    }
    city_customer_name(index, &name);
    (void)snprintf(out, TOWN_NAME_LIMIT, "%s", fact == FACT_NAME ? name.text : name.initials);
}

/* city_fact(fact, index) in SQL. */
static void fact_give(sqlite3_context *context, int count, sqlite3_value **values)
{
    enum fact fact = (enum fact)sqlite3_value_int(values[0]);
    uint32_t index = (uint32_t)sqlite3_value_int64(values[1]);
    char text[TOWN_NAME_LIMIT];

    (void)count;
    if (fact == FACT_IMEI || fact == FACT_DAILY || fact == FACT_STATUS) {
        sqlite3_result_int64(context, number_of(fact, index));
        return;
    }
    text_of(fact, index, text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* city_recent(index, received, register, newest day, days) in SQL: what a report leaves in column `recent` of a state, by the columns
 * that step STATES fills. */
static void recent_give(sqlite3_context *context, int count, sqlite3_value **values)
{
    uint32_t index = (uint32_t)sqlite3_value_int64(values[0]);
    int64_t at_s = sqlite3_value_int64(values[1]), value = sqlite3_value_int64(values[2]);
    int32_t newest = sqlite3_value_int(values[3]), known = sqlite3_value_int(values[4]);
    uint64_t days = known < READING_MAP_DAYS ? (UINT64_C(1) << known) - 1 : UINT64_MAX;
    struct reading_state state = {
        .content_hash = (uint64_t)value + 1, .last_received_s = at_s, .last_report_s = at_s, .report_received_s = at_s,
        .register_s = at_s, .register_value = value, .total_value = value, .newest_register_value = value, .newest_total_value = value,
        .newest_day = newest, .complete_days = days, .on_time_days = days, .battery_mv = (uint16_t)(3500 + index % 150),
        .rsrp_dbm = (int16_t)(-80 - (int)(index % 40)), .snr_db = (int16_t)(index % 20), .physical_cell = (uint16_t)(index % 504),
        .cell_id = 100000000 + index / 50, .earfcn = 2450 + index % 50, .clock_error_s = (int32_t)(index % 60),
        .firmware_version = 65536,
    };
    uint8_t bytes[READING_STATE_BYTES_LIMIT];

    (void)count;
    for (int32_t back = 0; back < known && back < READING_RECENT_DAYS; back++)
        state.recent_register[(newest - back) % READING_RECENT_DAYS] = (uint32_t)(value - back * city_meter_daily_ml(index));
    sqlite3_result_blob(context, bytes, (int)reading_state_pack(&state, bytes), SQLITE_TRANSIENT);
}

/* Bound to every step: 1 first index, 2 last, 3 tenant, 4 first area (the first district), 5 districts, 6 estates, 7 root area,
 * 8 tariff, 9 first wallet, 10 now, 11 first look, 12 today, 13 days, 14 zone, 15 day, 16 late of so many, 17 paid, 18 first
 * transfer, 19 cash account, 20 meters, 21 reports from. */
#define NUMBERS "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) "
#define ESTATE_AREA "(?4 + ?5 + i)"
#define BUILDING_OF(i) "(?4 + ?5 + ?6 + (" i ") / 100)"
#define REGISTER "(city_fact(1, i) % 200000) * 1000"
#define LATE "(?16 > 0 AND i % ?16 = ?16 - 1)"
#define PREPAID(i) "((" i ") % 10 < 7)"
#define TRANSFER_OF(i) "(?18 + (" i ") / 10 * 7 + min((" i ") % 10, 7))" /* of a prepaid account; else that of the next one */

enum step { DISTRICTS, ESTATES, BUILDINGS, CUSTOMERS, DEVICES, STATES, WALLETS, ACCOUNTS, STANDINGS, EVENTS, MIDNIGHTS, AREA_DAYS,
    CASH, PAYMENTS, TRANSFERS, TRANSFER_BLOCKS, STEP_COUNT };

static const struct { const char *name, *sql; uint32_t part; bool daily, paid; } steps[STEP_COUNT] = {
    [DISTRICTS] = { "districts",
        NUMBERS "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path)"
        " SELECT ?4 + i, ?3, ?7, 'district', city_fact(8, i), '/' || ?7 || '/' || (?4 + i) || '/' FROM n", 100000, false, false },
    [ESTATES] = { "estates",
        NUMBERS "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path)"
        " SELECT " ESTATE_AREA ", ?3, ?4 + i / 50, 'estate', city_fact(7, i),"
        " '/' || ?7 || '/' || (?4 + i / 50) || '/' || " ESTATE_AREA " || '/' FROM n", 2000, false, false },
    [BUILDINGS] = { "buildings",
        NUMBERS "INSERT INTO area (area_id, tenant_id, parent_area_id, kind, name, path)"
        " SELECT " BUILDING_OF("i * 100") ", ?3, ?4 + ?5 + i / 20, 'building', (i % 20 + 1) || '栋',"
        " '/' || ?7 || '/' || (?4 + i / 1000) || '/' || (?4 + ?5 + i / 20) || '/' || " BUILDING_OF("i * 100") " || '/' FROM n", 100, false, false },
    [CUSTOMERS] = { "customers",
        NUMBERS "INSERT INTO customer (customer_id, tenant_id, number, name, name_initials, phones, created_s)"
        " SELECT i + 1, ?3, city_fact(5, i), city_fact(3, i), city_fact(4, i), city_fact(6, i), ?10 FROM n", 1, false, false },
    [DEVICES] = { "devices",
        NUMBERS "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, maker, security, start_register_value,"
        " installed_s, report_time_s) SELECT i + 1, ?3, " BUILDING_OF("i") ", city_fact(2, i), city_fact(0, i), city_fact(1, i), '',"
        " 'plain', " REGISTER ", (?12 - ?13) * 86400 - ?14 + 43200, ?21 + i % 21600 FROM n", 1, false, false },
    [STATES] = { "states",
        NUMBERS "INSERT INTO device_state (device_id, status, last_received_s, last_report_s, report_received_s, register_value,"
        " total_value, newest_register_value, newest_total_value, newest_day, complete_days, on_time_days, battery_mv, rsrp_dbm,"
        " register_s, snr_db, physical_cell, cell_id, earfcn, clock_error_s, firmware_version, recent) SELECT i + 1, city_fact(10, i), at_s, at_s, at_s, value, value, value, value, ?12 - late, (1 << (?13 - late)) - 1,"
        " (1 << (?13 - late)) - 1, 3500 + i % 150, -80 - i % 40, at_s,"
        " i % 20, i % 504, 100000000 + i / 50, 2450 + i % 50, i % 60, 65536, city_recent(i, at_s, value, ?12 - late, ?13 - late)"
        " FROM (SELECT i, late, (?12 - late) * 86400 - ?14 + ?21 + i % 21600 AS at_s,"
        " " REGISTER " + (?13 - late) * city_fact(9, i) AS value FROM (SELECT i, " LATE " AS late FROM n))", 1, false, false },
    [WALLETS] = { "wallets",
        NUMBERS "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, credits_fen, last_transfer_id)"
        " SELECT ?9 + i, ?3, 'wallet', paid, iif(paid > 0, " TRANSFER_OF("i") ", 0)"
        " FROM (SELECT i, iif(" PREPAID("i") ", ?17, 0) AS paid FROM n)", 1, false, false },
    [ACCOUNTS] = { "accounts",
        NUMBERS "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id,"
        " look_s, opened_s) SELECT i + 1, ?3, i + 1, i + 1, " BUILDING_OF("i") ", ?8,"
        " iif(" PREPAID("i") ", 'prepaid_platform', 'postpaid'), ?9 + i, ?11, ?10 FROM n", 1, false, false },
    [STANDINGS] = { "standings",
        "INSERT INTO account_standing (account_id, settled_day, settled_total_value, cycle_start_day)"
        " SELECT device_id, ?12, total_value, ?12 FROM device_state WHERE device_id BETWEEN ?1 + 1 AND ?2 + 1", 1, false, false },
    [EVENTS] = { "events",
        NUMBERS "INSERT INTO event (tenant_id, device_id, kind, severity, raised_s, received_s)"
        " SELECT ?3, i + 1, CASE city_fact(10, i) WHEN 2 THEN 'valve_fault' WHEN 4 THEN 'battery' ELSE 'silent' END,"
        " iif(city_fact(10, i) = 2, 2, 1), ?10 - i % 86400, ?10 - i % 86400 FROM n WHERE city_fact(10, i) > 1", 1, false, false },
    [MIDNIGHTS] = { "midnights",
        NUMBERS "INSERT INTO daily_reading (day, device_id, register_value, total_value, quality, received_s)"
        " SELECT ?15, i + 1, value, value, 0, ?15 * 86400 - ?14 + ?21 + i % 21600"
        " FROM (SELECT i, " REGISTER " + (?15 - (?12 - ?13)) * city_fact(9, i) AS value FROM n WHERE NOT (" LATE " AND ?15 = ?12))", 1, true, false },
    [AREA_DAYS] = { "area days",
        NUMBERS "INSERT INTO area_day (day, area_id, received, on_time, usage_value)"
        " SELECT ?15, " BUILDING_OF("i") ", count(*), count(*), iif(?15 < ?12, sum(city_fact(9, i)), 0) FROM n"
        " WHERE NOT (" LATE " AND ?15 = ?12) GROUP BY 2", 1, true, false },
    [CASH] = { "cash account",
        NUMBERS "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, debits_fen, last_transfer_id)"
        " SELECT ?19, ?3, 'cash', ?17 * (" TRANSFER_OF("?20") " - ?18), " TRANSFER_OF("?20") " - 1 FROM n WHERE i = 0",
        CITY_METERS_LIMIT, false, true },
    [PAYMENTS] = { "payments",
        NUMBERS "INSERT INTO payment (payment_id, tenant_id, account_id, key, receipt, method, amount_fen, at_s, transfer_id,"
        " balance_fen, paid_s) SELECT " TRANSFER_OF("i") ", ?3, i + 1, ?3 || '/opening-' || i, 'R' || (i + 1), 'cash', ?17, ?10,"
        " " TRANSFER_OF("i") ", ?17, ?10 FROM n WHERE " PREPAID("i"), 1, false, true },
    [TRANSFERS] = { "transfers",
        NUMBERS "INSERT INTO transfer (transfer_id, tenant_id, debit_account_id, credit_account_id, amount_fen, reference, at_s,"
        " value_s, debit_before, kind, key) SELECT " TRANSFER_OF("i") ", ?3, ?19, ?9 + i, ?17, i + 1, ?10, ?10,"
        " iif(i = 0, 0, " TRANSFER_OF("i") " - 1), 'payment', 'pay/' || ?3 || '/opening-' || i FROM n WHERE " PREPAID("i"), 1, false,
        true },
    [TRANSFER_BLOCKS] = { "transfer blocks",
        NUMBERS "INSERT OR REPLACE INTO transfer_block SELECT transfer_id / 4096, min(at_s), max(at_s), min(value_s), max(value_s)"
        " FROM n CROSS JOIN transfer WHERE i = 0 GROUP BY 1", CITY_METERS_LIMIT, false, true },
};

struct city {
    const struct city_archive_config *config;
    struct store *store;
    struct statement_table table;
    int64_t first_area, first_wallet, first_transfer;
};

static uint32_t parts(uint32_t count, uint32_t size)
{
    return (count + size - 1) / size;
}

static int statement_of_step(struct city *city, enum step step, uint32_t first, uint32_t last, int32_t day)
{
    const struct city_archive_config *config = city->config;
    struct statement *statement = statement_take(&city->table, step);
    const int64_t values[] = {
        first, last, config->tenant_id, city->first_area, parts(config->meters, steps[DISTRICTS].part),
        parts(config->meters, steps[ESTATES].part), config->root_area_id, config->tariff_id, city->first_wallet,
        (int64_t)config->today * CALENDAR_DAY_S - config->zone_offset_s + 7 * 3600, config->look_s, config->today, config->days,
        config->zone_offset_s, day, config->late_every, config->paid_fen, city->first_transfer,
        city->first_wallet + config->meters, config->meters, config->report_from_s > 0 ? config->report_from_s : 3600,
    };
    int places = statement_places(statement);

    for (int place = 1; place <= places; place++)
        statement_bind_integer(statement, place, values[place - 1]);
    int changed = statement_run(statement);
    return changed < 0 ? changed : 0;
}

static bool told(const struct city_archive_config *config, const char *step, uint64_t done, uint64_t total)
{
    return config->tell == NULL || config->tell(config->tell_context, step, done, total);
}

static int step_write(struct city *city, enum step step, int32_t day)
{
    uint32_t count = parts(city->config->meters, steps[step].part);
    int result = 0;

    for (uint32_t first = 0; first < count && result == 0; first += STEP_METERS) {
        uint32_t end = count - first < STEP_METERS ? count : first + STEP_METERS;
        result = store_begin(city->store);
        if (result == 0)
            result = statement_of_step(city, step, first, end - 1, day);
        if (result == 0)
            result = store_commit(city->store);
        else
            store_rollback(city->store);
        if (result == 0 && !told(city->config, steps[step].name, end, count))
            result = STORE_ERR_INTERRUPTED;
    }
    return result;
}

static int steps_write(struct city *city)
{
    const struct city_archive_config *config = city->config;
    int result = 0;

    for (int step = 0; step < STEP_COUNT && result == 0; step++) {
        if (steps[step].paid && config->paid_fen == 0)
            continue;
        int32_t first = steps[step].daily ? config->today - config->days + 1 : config->today;
        for (int32_t day = first; day <= config->today && result == 0; day++)
            result = step_write(city, (enum step)step, day);
    }
    return result;
}

/* Takes down the indexes and triggers that rows in bulk would pay for one by one.
 * texts    what builds them again */
static int indexes_drop(struct city *city, char texts[INDEX_TEXTS_SIZE])
{
    char names[INDEX_TEXTS_SIZE] = "";
    size_t names_size = 0, texts_size = 0;
    struct statement *rows = NULL;
    int found = 0, result = statement_prepare(city->store,
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND ((type = 'index' AND tbl_name IN"
        " ('device', 'device_state', 'customer', 'account', 'ledger_account', 'event', 'area', 'payment', 'transfer'))"
        " OR (type = 'trigger' AND tbl_name IN ('device', 'customer', 'account')))", &rows);

    texts[0] = '\0';
    while (result == 0 && (found = statement_row(rows)) == 1) {
        names_size += (size_t)snprintf(names + names_size, sizeof names - names_size, "DROP %s;",
                                       statement_text_at(rows, 0));
        texts_size += (size_t)snprintf(texts + texts_size, INDEX_TEXTS_SIZE - texts_size, "%s;",
                                       statement_text_at(rows, 1));
        if (names_size >= sizeof names || texts_size >= INDEX_TEXTS_SIZE)
            result = STORE_ERR_STATEMENT;
    }
    statement_finalize(rows);
    if (result == 0)
        result = found;
    return result == 0 ? store_execute(city->store, names) : result;
}

static int city_open(struct city *city)
{
    const char *texts[STEP_COUNT];
    sqlite3 *connection = sqlite_store_connection(city->store);
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    int result = sqlite_store_error(sqlite3_create_function(connection, "city_fact", 2, flags, NULL, fact_give, NULL, NULL));

    if (result == 0)
        result = sqlite_store_error(sqlite3_create_function(connection, "city_recent", 5, flags, NULL, recent_give, NULL, NULL));
    for (int step = 0; step < STEP_COUNT; step++)
        texts[step] = steps[step].sql;
    if (result == 0)
        result = store_number(city->store, "SELECT max(area_id) + 1 FROM area", &city->first_area);
    if (result == 0)
        result = store_number(city->store, "SELECT coalesce(max(ledger_account_id), 0) + 1 FROM ledger_account",
                                     &city->first_wallet);
    if (result == 0)
        result = store_number(city->store, "SELECT coalesce(max(transfer_id), 0) + 1 FROM transfer", &city->first_transfer);
    return result == 0 ? statement_table_prepare(&city->table, city->store, texts, STEP_COUNT) : result;
}

static int search_part_build(struct city *city, struct search_index *search, uint64_t *done, bool *remains)
{
    int result = store_begin(city->store);

    *remains = false;
    if (result == 0)
        result = search_index_build(search, STEP_METERS, remains);
    if (result < 0) {
        store_rollback(city->store);
        return result;
    }
    *done += (uint64_t)result;
    return store_commit(city->store);
}

/* As the server does for an archive that is older than its search index: meters, then customers. */
static int search_build(struct city *city)
{
    struct search_index *search = NULL;
    uint64_t done = 0;
    bool remains = true;
    int result = search_index_open(city->store, &search);

    if (result == 0)
        result = search_index_forget(search);
    while (result == 0 && remains) {
        result = search_part_build(city, search, &done, &remains);
        if (result == 0 && !told(city->config, "search index", done, UINT64_C(2) * city->config->meters))
            result = STORE_ERR_INTERRUPTED;
    }
    search_index_close(search);
    return result;
}

static int counts_slice(struct city *city, struct area_counts *counts, bool *remains)
{
    int result = store_begin(city->store);

    *remains = false;
    if (result == 0)
        result = area_counts_build(counts, STEP_METERS, remains);
    if (result == 0)
        return store_commit(city->store);
    store_rollback(city->store);
    return result;
}

/* What is kept of areas is forgotten before rows come in bulk, and counted after them, as the server does for an older archive. */
static int counts_make(struct city *city, bool build)
{
    struct area_counts *counts = NULL;
    bool remains = build;
    int result = area_counts_open(city->store, &counts);

    if (result == 0)
        result = area_counts_forget(counts);
    while (result == 0 && remains)
        result = counts_slice(city, counts, &remains);
    area_counts_close(counts);
    return result == 0 && build && !told(city->config, "figures of areas", 1, 1) ? STORE_ERR_INTERRUPTED : result;
}

int city_archive_write(struct store *store, const struct city_archive_config *config)
{
    struct city city = { .config = config, .store = store };
    char indexes[INDEX_TEXTS_SIZE];
    int result = store_execute(store, "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");

    if (result == 0)
        result = city_open(&city);
    if (result == 0)
        result = indexes_drop(&city, indexes);
    if (result == 0)
        result = counts_make(&city, false);
    if (result == 0)
        result = steps_write(&city);
    statement_table_finalize(&city.table);
    if (result == 0)
        result = store_execute(store, indexes);
    if (result == 0) /* what a trigger counts, where there was none */
        result = store_execute(store, "REPLACE INTO tariff_accounts SELECT tariff_id, count(*) FROM account"
                                      " WHERE closed_s IS NULL GROUP BY tariff_id");
    if (result == 0 && !told(config, "indexes", 1, 1))
        result = STORE_ERR_INTERRUPTED;
    if (result == 0)
        result = search_build(&city);
    if (result == 0)
        result = counts_make(&city, true);
    (void)store_execute(store, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    return result;
}
