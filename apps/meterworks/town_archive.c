#include "apps/meterworks/town_archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/call_batch.h"
#include "base/calendar.h"
#include "security/password.h"
#include "security/security_error.h"

#define PROTECTED_FOR_S (INT64_C(120) * CALENDAR_DAY_S)
#define PROTECTED_REASON "家用呼吸机"
#define LOW_BALANCE_FEN 2000
#define SHOP_LOW_BALANCE_FEN 10000
#define GRACE_H 1 /* so that the story of one cut-off fits into a few days */

/* Who signs in with TOWN_PASSWORD. */
static const struct { const char *login, *name, *role, *language; } people[] = {
    { "admin", "管理员", "administrator", "zh" },
    { "operator", "张伟 (值班员)", "operator", "zh" },
    { "clerk", "王静 (收费员)", "clerk", "zh" },
    { "viewer", "监管 Viewer", "viewer", "en" },
};

static const struct { const char *key, *value; } settings[] = {
    { "organisation_short_name", "云榕水务" },
    { "organisation_phone", "0592-0000-110" },
    { "invoice_seller_tax_number", "91350100M0001000XH" },
};

static const char *const area_kinds[] = {
    [TOWN_DISTRICT] = "district", [TOWN_ESTATE] = "estate", [TOWN_BUILDING] = "building",
};

int town_archive_open(struct town_archive *archive, struct core *core, const struct town_plan *plan)
{
    memset(archive, 0, sizeof *archive);
    archive->core = core;
    archive->plan = plan;
    archive->area_ids = calloc(plan->area_count + 1, sizeof *archive->area_ids);
    archive->device_ids = calloc(plan->home_count + 1, sizeof *archive->device_ids);
    archive->customer_ids = calloc(plan->home_count + 1, sizeof *archive->customer_ids);
    archive->account_ids = calloc(plan->home_count + 1, sizeof *archive->account_ids);
    if (archive->area_ids != NULL && archive->device_ids != NULL && archive->customer_ids != NULL &&
        archive->account_ids != NULL)
        return 0;
    town_archive_close(archive);
    return -1;
}

void town_archive_close(struct town_archive *archive)
{
    free(archive->area_ids);
    free(archive->device_ids);
    free(archive->customer_ids);
    free(archive->account_ids);
    memset(archive, 0, sizeof *archive);
}

static struct core_request head_of(const struct town_archive *archive, int64_t now_s)
{
    struct core_request head;

    archive_call_head(&head, archive->tenant_id, archive->root_area_id, now_s);
    return head;
}

#define FIELD_SET(field, text) (void)snprintf(field, sizeof(field), "%s", text)

static int people_enter(struct town_archive *archive, struct call_batch *batch, const struct core_request *head)
{
    struct secret_source source = secret_source_system();
    char hash[PASSWORD_HASH_LIMIT];
    int result = password_hash(span_of_text(TOWN_PASSWORD), &password_cost_default, &source, hash);

    if (result < 0) {
        (void)snprintf(batch->problem, sizeof batch->problem, "%s", security_error_text(result));
        return result;
    }
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        struct core_person *person = &call_batch_add(batch, CORE_PERSON_CREATE, head, NULL)->person;
        FIELD_SET(person->login, people[i].login);
        FIELD_SET(person->display_name, people[i].name);
        FIELD_SET(person->role, people[i].role);
        FIELD_SET(person->language, people[i].language);
        FIELD_SET(person->password_hash, hash);
        person->area_id = archive->root_area_id;
    }
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        struct core_setting *setting = &call_batch_add(batch, CORE_SETTING_PUT, head, NULL)->setting;
        FIELD_SET(setting->key, settings[i].key);
        FIELD_SET(setting->value, settings[i].value);
    }
    return call_batch_send(batch);
}

/* A tariff's document is too long for a batch. */
static int tariffs_enter(struct town_archive *archive, const struct core_request *head, int64_t now_s,
                         char problem[256])
{
    struct core_tariff *request = calloc(1, sizeof *request);
    struct core_reply reply;
    int result = 0;

    if (request == NULL)
        return -1;
    for (int tariff = 0; result >= 0 && tariff < TOWN_TARIFF_COUNT; tariff++) {
        request->head = *head;
        request->effective_day = calendar_year_start(calendar_local_day(now_s, TOWN_ZONE_OFFSET_S));
        FIELD_SET(request->name, town_tariff_name((enum town_tariff)tariff));
        FIELD_SET(request->utility, town_tariff_utility((enum town_tariff)tariff));
        FIELD_SET(request->document, town_tariff_document((enum town_tariff)tariff));
        result = core_execute(archive->core, CORE_TARIFF_CREATE, request, &reply, now_s);
        archive->tariff_ids[tariff] = reply.object_id;
        if (result < 0)
            (void)snprintf(problem, 256, "%.39s: %.200s", reply.field, reply.text_en);
    }
    free(request);
    return result;
}

/* Parents must have their identifiers before their children are sent: one level after the other. */
static int areas_enter(struct town_archive *archive, struct call_batch *batch, const struct core_request *head)
{
    const struct town_plan *plan = archive->plan;
    int result = 0;

    for (int kind = TOWN_DISTRICT; result == 0 && kind <= TOWN_BUILDING; kind++) {
        for (size_t i = 0; i < plan->area_count; i++) {
            const struct town_area *area = &plan->areas[i];
            struct core_area *request;
            if (area->kind != kind)
                continue;
            request = &call_batch_add(batch, CORE_AREA_CREATE, head, &archive->area_ids[i])->area;
            request->parent_area_id = area->parent == TOWN_NONE ? archive->root_area_id
                                                                : archive->area_ids[area->parent];
            FIELD_SET(request->kind, area_kinds[kind]);
            FIELD_SET(request->name, area->name);
        }
        result = call_batch_send(batch);
    }
    return result;
}

static void device_enter(struct town_archive *archive, struct call_batch *batch, const struct core_request *head,
                         size_t index)
{
    const struct town_home *home = &archive->plan->homes[index];
    struct core_device *request =
        &call_batch_add(batch, CORE_DEVICE_CREATE, head, &archive->device_ids[index])->device;

    request->head.present = CORE_DEVICE_HAS_REPORT_TIME;
    request->imei = (int64_t)home->imei;
    request->area_id = archive->area_ids[home->building];
    request->start_register_value = home->start_register_ml;
    request->flow_limit_value_per_h = home->flow_limit_ml_per_h;
    request->report_time_s = home->report_time_s;
    request->size_dn_mm = home->size_dn_mm;
    FIELD_SET(request->room, home->room);
    FIELD_SET(request->meter_number, home->meter_number);
    FIELD_SET(request->maker, town_maker_name(home->maker));
    FIELD_SET(request->security, home->secured ? "psk" : "plain");
}

static void customer_enter(struct town_archive *archive, struct call_batch *batch, const struct core_request *head,
                           size_t index)
{
    const struct town_home *home = &archive->plan->homes[index];
    struct core_customer *request =
        &call_batch_add(batch, CORE_CUSTOMER_CREATE, head, &archive->customer_ids[index])->customer;

    FIELD_SET(request->number, home->customer_number);
    FIELD_SET(request->name, home->customer.text);
    FIELD_SET(request->name_initials, home->customer.initials);
    FIELD_SET(request->phones, home->phone);
    if (home->is_protected) {
        request->protected_until_s = head->wall_s + PROTECTED_FOR_S;
        FIELD_SET(request->protected_reason, PROTECTED_REASON);
    }
}

int town_archive_enter(struct town_archive *archive, int64_t now_s, char problem[256])
{
    struct call_batch batch;
    struct core_request head;
    int result = core_tenant_add(archive->core, TOWN_LANDLORD, TOWN_ZONE_OFFSET_S, now_s, &archive->tenant_id,
                                 &archive->root_area_id);

    if (result < 0 || call_batch_open(&batch, archive->core, now_s) < 0) {
        (void)snprintf(problem, 256, "%s", result < 0 ? core_error_text(result) : "out of memory");
        return -1;
    }
    head = head_of(archive, now_s);
    result = people_enter(archive, &batch, &head);
    if (result >= 0)
        result = areas_enter(archive, &batch, &head);
    for (size_t i = 0; result >= 0 && i < archive->plan->home_count; i++) {
        device_enter(archive, &batch, &head, i);
        customer_enter(archive, &batch, &head, i);
    }
    if (result >= 0)
        result = call_batch_send(&batch);
    if (result < 0)
        (void)snprintf(problem, 256, "%s", batch.problem);
    call_batch_close(&batch);
    return result < 0 ? result : tariffs_enter(archive, &head, now_s, problem);
}

static void account_enter(struct town_archive *archive, struct call_batch *batch, const struct core_request *head,
                          size_t index)
{
    const struct town_home *home = &archive->plan->homes[index];
    struct core_account *request =
        &call_batch_add(batch, CORE_ACCOUNT_OPEN, head, &archive->account_ids[index])->account;

    request->head.present = CORE_ACCOUNT_HAS_LOW_BALANCE | CORE_ACCOUNT_HAS_GRACE;
    request->customer_id = archive->customer_ids[index];
    request->device_id = archive->device_ids[index];
    request->tariff_id = archive->tariff_ids[home->tariff];
    request->persons = home->persons;
    request->low_balance_fen = home->tariff == TOWN_TARIFF_SHOP ? SHOP_LOW_BALANCE_FEN : LOW_BALANCE_FEN;
    request->settlement_day = 1;
    request->grace_h = GRACE_H;
    FIELD_SET(request->payment_mode, town_payment_name((enum town_payment)home->payment));
}

static int openings_pay(struct town_archive *archive, struct call_batch *batch, const struct core_request *head,
                        enum town_payment payment, const int64_t *opening_fen)
{
    for (size_t i = 0; i < archive->plan->home_count; i++) {
        struct core_payment *request;
        if (archive->plan->homes[i].payment != payment || opening_fen[i] <= 0 || archive->account_ids[i] == 0)
            continue;
        request = &call_batch_add(batch, CORE_PAYMENT_TAKE, head, NULL)->payment;
        request->account_id = archive->account_ids[i];
        request->amount_fen = opening_fen[i];
        FIELD_SET(request->method, "cash");
        (void)snprintf(request->key, sizeof request->key, "opening-%s", archive->plan->homes[i].customer_number);
    }
    return call_batch_send(batch);
}

int town_archive_accounts_open(struct town_archive *archive, enum town_payment payment, const int64_t *opening_fen,
                               int64_t now_s, char problem[256])
{
    struct core_request head = head_of(archive, now_s);
    struct call_batch batch;
    int result;

    if (call_batch_open(&batch, archive->core, now_s) < 0) {
        (void)snprintf(problem, 256, "out of memory");
        return -1;
    }
    for (size_t i = 0; i < archive->plan->home_count; i++)
        if (archive->plan->homes[i].payment == payment)
            account_enter(archive, &batch, &head, i);
    result = call_batch_send(&batch);
    if (result >= 0 && opening_fen != NULL)
        result = openings_pay(archive, &batch, &head, payment, opening_fen);
    if (result < 0)
        (void)snprintf(problem, 256, "%s", batch.problem);
    call_batch_close(&batch);
    return result;
}
