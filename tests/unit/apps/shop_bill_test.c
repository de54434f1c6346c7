/* A shop behind current transformers, and a flat with district heating: from the dial to the fen. */
#include "apps/meterworks/core.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apps/meterworks/archive_call.h"
#include "base/quantity.h"
#include "store/store.h"
#include "tests/unit/unit_test.h"

#define DAY_S INT64_C(86400)
#define ZONE_S 28800
#define FIRST_DAY INT64_C(20775) /* 2026-11-18 */
#define KWH INT64_C(1000000)
#define MJ INT64_C(1000000)

struct house {
    struct core *core;
    struct core_reply reply;
    uint32_t tenant_id;
    uint32_t root_id;
    uint64_t messages;
    char path[64];
};

static int64_t midnight_s(int64_t day)
{
    return day * DAY_S - ZONE_S;
}

static void execute(struct house *house, enum core_operation operation, void *request, int64_t now_s)
{
    archive_call_head(request, house->tenant_id, house->root_id, now_s);
    int result = core_execute(house->core, operation, request, &house->reply, now_s);
    if (result != 0)
        print_message("%s: %s\n", house->reply.field, house->reply.text_en);
    assert_int_equal(result, 0);
}

static int64_t number(struct house *house, const char *query)
{
    int64_t value = 0;
    assert_int_equal(store_number(core_store(house->core), query, &value), 0);
    return value;
}

static void acknowledge(void *context, const struct uplink_acknowledgement *acknowledgement)
{
    (void)context;
    assert_true(acknowledgement->accepted);
}

static void house_open(struct house *house)
{
    char problem[256];

    memset(house, 0, sizeof *house);
    snprintf(house->path, sizeof house->path, "/tmp/shop_bill_test.%ld.db", (long)getpid());
    struct core_config config = { .path = house->path, .synchronous = "OFF",
                                  .ports = { .context = house, .acknowledge = acknowledge } };
    assert_int_equal(core_open(&config, &house->core, problem), 0);
    assert_int_equal(core_tenant_add(house->core, "estate", ZONE_S, midnight_s(FIRST_DAY), &house->tenant_id,
                                     &house->root_id), 0);
}

static void house_close(struct house *house)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[80];

    core_close(house->core);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", house->path, endings[i]);
        (void)unlink(name);
    }
}

/* A meter, a tariff and an account that prepays on the platform; the device's identifier. */
static uint32_t customer_add(struct house *house, const char *kind, int64_t multiplier_e3, const char *document)
{
    static struct core_device device;
    static struct core_tariff tariff;
    static struct core_customer customer;
    static struct core_account account;
    int64_t now_s = midnight_s(FIRST_DAY) + 600;

    memset(&device, 0, sizeof device);
    memset(&tariff, 0, sizeof tariff);
    memset(&customer, 0, sizeof customer);
    memset(&account, 0, sizeof account);
    device.imei = INT64_C(861234567000001) + multiplier_e3;
    device.area_id = house->root_id;
    device.installed_s = midnight_s(FIRST_DAY - 1);
    device.multiplier_e3 = multiplier_e3;
    snprintf(device.kind, sizeof device.kind, "%s", kind);
    snprintf(device.meter_number, sizeof device.meter_number, "%012lld", (long long)multiplier_e3);
    execute(house, CORE_DEVICE_CREATE, &device, now_s);
    account.device_id = house->reply.object_id;
    snprintf(tariff.name, sizeof tariff.name, "%s", kind);
    snprintf(tariff.utility, sizeof tariff.utility, "%s", kind);
    snprintf(tariff.document, sizeof tariff.document, "%s", document);
    execute(house, CORE_TARIFF_CREATE, &tariff, now_s);
    account.tariff_id = house->reply.object_id;
    snprintf(customer.number, sizeof customer.number, "%lld", (long long)multiplier_e3);
    snprintf(customer.name, sizeof customer.name, "%s", kind);
    execute(house, CORE_CUSTOMER_CREATE, &customer, now_s);
    account.customer_id = house->reply.object_id;
    account.overdraft_fen = 10000000;
    snprintf(account.payment_mode, sizeof account.payment_mode, "prepaid_platform");
    execute(house, CORE_ACCOUNT_OPEN, &account, now_s);
    return (uint32_t)account.device_id;
}

static void midnight(struct house *house, uint32_t device_id, enum quantity quantity, int64_t day, int64_t value)
{
    struct uplink uplink = { .message_id = house->messages, .content_hash = ++house->messages, .device_id = device_id,
                             .kind = UPLINK_REPORT, .received_s = midnight_s(day) + 1800, .item_count = 1 };

    uplink.items[0] = (struct uplink_item){ .quantity = (uint16_t)quantity, .period = UPLINK_DAILY_FREEZE,
                                            .value = value, .time_s = midnight_s(day) };
    assert_int_equal(core_work(house->core, &uplink, 1, NULL, 0, uplink.received_s), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(core_work(house->core, NULL, 0, NULL, 0, uplink.received_s + 1 + i), 0);
}

/* 150/5 A: 12.34 kWh on the dial are 370.2 kWh of 1.0327 yuan: 382.30554, billed 382.31. */
static void a_shop_pays_what_flowed(void **state)
{
    static struct house house;

    (void)state;
    house_open(&house);
    uint32_t id = customer_add(&house, "electricity", 30000,
                               "{\"utility\": \"electricity\", \"unit\": \"kWh\", \"items\": [{\"name\": \"energy\","
                               " \"price\": \"1.0327\"}]}");
    midnight(&house, id, QUANTITY_ENERGY_ACTIVE_IMPORT, FIRST_DAY, 1000 * KWH);
    midnight(&house, id, QUANTITY_ENERGY_ACTIVE_IMPORT, FIRST_DAY + 1, 1000 * KWH + 12340000);
    assert_int_equal(number(&house, "SELECT to_total_value - from_total_value FROM daily_charge ORDER BY day DESC"),
                     370200000);
    assert_int_equal(number(&house, "SELECT amount_fen FROM daily_charge ORDER BY day DESC"), 38231);
    house_close(&house);
}

/* 486.5 MJ at 61.50 yuan a GJ: 29.91975, billed 29.92. */
static void a_flat_pays_its_heat_by_the_gigajoule(void **state)
{
    static struct house house;

    (void)state;
    house_open(&house);
    uint32_t id = customer_add(&house, "heat", 1000,
                               "{\"utility\": \"heat\", \"unit\": \"GJ\", \"items\": [{\"name\": \"heat\","
                               " \"price\": \"61.50\"}]}");
    midnight(&house, id, QUANTITY_HEAT_ENERGY, FIRST_DAY, 7000 * MJ);
    midnight(&house, id, QUANTITY_HEAT_ENERGY, FIRST_DAY + 1, 7000 * MJ + 486500000);
    assert_int_equal(number(&house, "SELECT amount_fen FROM daily_charge ORDER BY day DESC"), 2992);
    house_close(&house);
}

static void refused(struct house *house, enum core_operation operation, void *request, const char *code)
{
    archive_call_head(request, house->tenant_id, house->root_id, midnight_s(FIRST_DAY));
    (void)core_execute(house->core, operation, request, &house->reply, midnight_s(FIRST_DAY) + 700);
    assert_string_equal(house->reply.code, code);
}

static void what_a_meter_cannot_count_is_refused(void **state)
{
    static struct house house;
    static struct core_tariff tariff = { .name = "by volume", .utility = "electricity",
                                         .document = "{\"unit\": \"m3\", \"utility\": \"electricity\", \"items\":"
                                                     " [{\"name\": \"energy\", \"price\": \"1\"}]}" };
    static struct core_account account = { .customer_id = 1, .payment_mode = "prepaid_platform" };
    static struct core_device device = { .area_id = 1, .imei = INT64_C(861234567000077),
                                         .meter_number = "000000000077", .kind = "gas" };

    (void)state;
    house_open(&house);
    account.tariff_id = 1;
    (void)customer_add(&house, "electricity", 1000, "{\"items\": [{\"name\": \"energy\", \"price\": \"1\"}]}");
    refused(&house, CORE_TARIFF_CREATE, &tariff, "tariff_document");
    device.area_id = house.root_id;
    execute(&house, CORE_DEVICE_CREATE, &device, midnight_s(FIRST_DAY) + 650);
    account.device_id = house.reply.object_id;
    refused(&house, CORE_ACCOUNT_OPEN, &account, "tariff_utility");
    house_close(&house);
}

/* Another ratio tomorrow: what was charged stays, the audit trail tells, the next day counts with it. */
static void a_new_ratio_leaves_old_charges(void **state)
{
    static struct house house;
    static struct core_device change;

    (void)state;
    house_open(&house);
    uint32_t id = customer_add(&house, "electricity", 30000, "{\"items\": [{\"name\": \"energy\", \"price\": \"1\"}]}");
    midnight(&house, id, QUANTITY_ENERGY_ACTIVE_IMPORT, FIRST_DAY, 0);
    midnight(&house, id, QUANTITY_ENERGY_ACTIVE_IMPORT, FIRST_DAY + 1, 10 * KWH);
    memset(&change, 0, sizeof change);
    archive_call_head(&change.head, house.tenant_id, house.root_id, midnight_s(FIRST_DAY + 1));
    change.head.object_id = id;
    change.head.present = CORE_DEVICE_HAS_TRANSFORMERS;
    change.multiplier_e3 = 40000;
    assert_int_equal(core_execute(house.core, CORE_DEVICE_CHANGE, &change, &house.reply,
                                  midnight_s(FIRST_DAY + 1) + 40000), 0);
    assert_int_equal(number(&house, "SELECT count(*) FROM audit WHERE action = 'device.change' AND detail ="
                                    " 'multiplier_e3 30000 -> 40000'"), 1);
    midnight(&house, id, QUANTITY_ENERGY_ACTIVE_IMPORT, FIRST_DAY + 2, 20 * KWH);
    assert_int_equal(number(&house, "SELECT amount_fen FROM daily_charge WHERE day = 20775"), 30000);
    assert_int_equal(number(&house, "SELECT amount_fen FROM daily_charge WHERE day = 20776"), 40000);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shop_pays_what_flowed),
        cmocka_unit_test(a_flat_pays_its_heat_by_the_gigajoule),
        cmocka_unit_test(what_a_meter_cannot_count_is_refused),
        cmocka_unit_test(a_new_ratio_leaves_old_charges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
