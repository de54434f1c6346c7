#include "base/calendar.h"
#include "base/text.h"
#include "billing/billing_internal.h"
#include "rating/tariff_unit.h"

#include <stdio.h>
#include <string.h>

static const char *const utilities[] = { "water", "hot_water", "electricity", "gas", "heat" };

static bool utility_known(const char *utility)
{
    for (size_t index = 0; index < sizeof utilities / sizeof utilities[0]; index++) {
        if (strcmp(utilities[index], utility) == 0)
            return true;
    }
    return false;
}

static bool name_permitted(const char *name)
{
    struct span text = span_of_text(name);

    return text.size > 0 && text.size <= 120 && text_utf8_check(text) > 0 && text_trim(text).size == text.size;
}

int billing_tariff_load(struct billing *billing, int64_t tariff_version_id, const struct tariff **out)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff_entry *entry;
    struct tariff tariff;
    int error;

    for (uint32_t index = 0; index < BILLING_TARIFF_CACHE; index++) {
        if (billing->tariffs[index].tariff_version_id == tariff_version_id) {
            *out = &billing->tariffs[index].tariff;
            return 0;
        }
    }
    error = store->tariff_document_read(store->context, tariff_version_id, billing->document, sizeof billing->document);
    if (error <= 0)
        return error < 0 ? error : BILLING_ERR_TARIFF_VERSION;
    error = tariff_parse_stored(span_of_text(billing->document), &tariff);
    if (error < 0)
        return error;
    entry = &billing->tariffs[billing->tariff_next++ % BILLING_TARIFF_CACHE];
    entry->tariff_version_id = tariff_version_id;
    entry->tariff = tariff;
    *out = &entry->tariff;
    return 0;
}

/* returns 1 and *version; 0 none holds; negative of the store */
static int version_on(struct billing *billing, int64_t tariff_id, int64_t day, struct billing_tariff_version *version)
{
    const struct billing_store *store = billing->store;
    struct billing_version_entry *entry = &billing->versions[(uint64_t)(tariff_id + day) % BILLING_TARIFF_CACHE];
    int found;

    if (billing->batch_open && entry->version.tariff_id == tariff_id && entry->day == day) {
        *version = entry->version;
        return 1;
    }
    found = store->tariff_version_on(store->context, tariff_id, day, version);
    if (found == 1 && billing->batch_open)
        *entry = (struct billing_version_entry){ .day = day, .version = *version };
    return found;
}

int billing_tariff_on(struct billing *billing, int64_t tariff_id, int64_t day, struct billing_tariff_version *version,
                      const struct tariff **out)
{
    int found = version_on(billing, tariff_id, day, version);

    if (found <= 0)
        return found < 0 ? found : BILLING_ERR_TARIFF_VERSION;
    return billing_tariff_load(billing, version->tariff_version_id, out);
}

void billing_tariffs_forget(struct billing *billing)
{
    for (uint32_t index = 0; index < BILLING_TARIFF_CACHE; index++)
        billing->tariffs[index].tariff_version_id = 0;
}

void billing_versions_forget(struct billing *billing)
{
    memset(billing->versions, 0, sizeof billing->versions);
}

/* Numbers of versions that were rolled back may be given out again: forget every parsed copy first. */
static int version_insert(struct billing *billing, const struct billing_scope *scope, int64_t now_s, int64_t tariff_id,
                          int64_t effective_day, const char *document, int64_t *tariff_version_id)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff_version version = {
        .tariff_id = tariff_id, .effective_day = effective_day, .created_s = now_s, .created_by = scope->person_id
    };
    struct tariff tariff;
    int error = tariff_parse_stored(span_of_text(document), &tariff);

    if (error < 0)
        return error;
    version.late_fee = tariff.late_fee;
    billing_tariffs_forget(billing);
    error = store->tariff_version_insert(store->context, &version, document);
    if (error == 0)
        *tariff_version_id = version.tariff_version_id;
    return error;
}

static int document_refuse(struct tariff_problem *problem, const char *path, const char *text_en, const char *text_zh)
{
    if (problem != NULL) {
        (void)snprintf(problem->path, sizeof problem->path, "%s", path);
        (void)snprintf(problem->text_en, sizeof problem->text_en, "%s", text_en);
        (void)snprintf(problem->text_zh, sizeof problem->text_zh, "%s", text_zh);
    }
    return RATING_ERR_DOCUMENT;
}

/* Each period of the day needs the register that counts it. */
static int periods_check_settleable(const struct tariff *tariff, struct tariff_problem *problem)
{
    for (int32_t period = 0; period < tariff->period_count; period++) {
        if (tariff->period_register[period] == 0)
            return document_refuse(problem, "tou_registers",
                                   "Say which register of the meter counts each period, such as {\"peak\": 2, \"valley\": 4}",
                                   "须写明各时段对应表计的哪个费率寄存器, 例如 {\"peak\": 2, \"valley\": 4}");
    }
    return 0;
}

/* What is settled must be found in the archive and in the meter's registers, and every day in a season. */
static int document_check_settleable(const struct tariff *tariff, struct tariff_problem *problem)
{
    int result = periods_check_settleable(tariff, problem);

    if (result < 0)
        return result;
    if (tariff->cycle != TARIFF_CYCLE_MONTH && (tariff->limits_monthly || tariff->replaced_monthly))
        return document_refuse(
            problem, "cycle",
            "Limits of one month need the cycle month; a longer cycle is settled by limits of the whole cycle",
            "按月的分档上限须用 cycle month; 更长的周期须写整个周期的上限");
    if (tariff->season_count > 0 && tariff->seasons[0].months == 0)
        return document_refuse(problem, "season_months",
                               "Say which months belong to which season, such as {\"summer\": [5, 6]}",
                               "须写明各季节的月份, 例如 {\"summer\": [5, 6]}");
    return 0;
}

/* A document must be right in itself, of the tariff's utility, and in a unit that its meters count. */
static int document_check(const char *utility, const char *document, struct tariff_problem *problem)
{
    struct tariff tariff;
    int result = tariff_parse(span_of_text(document), &tariff, problem);

    if (result < 0)
        return result;
    if (tariff.utility[0] != '\0' && strcmp(tariff.utility, utility) != 0)
        return document_refuse(problem, "utility", "The document is for another utility than the tariff",
                               "价格文件的能源类别与该价格不符");
    if (tariff_unit_value(&tariff) == 0 || (tariff.utility[0] == '\0' && strcmp(utility, "heat") == 0))
        return document_refuse(
            problem, "unit",
            "Water and gas are sold by m3, electricity by kWh, heat by kWh, MWh, MJ or GJ; a document of heat"
            " names utility and unit",
            "水、气按 m3, 电按 kWh, 热按 kWh、MWh、MJ 或 GJ 计价; 热价文件须写明 utility 与 unit");
    return document_check_settleable(&tariff, problem);
}

int billing_tariff_create(struct billing *billing, const struct billing_scope *scope, int64_t now_s, const char *name,
                          const char *utility, int64_t effective_day, const char *document,
                          struct tariff_problem *problem, int64_t *tariff_id)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff row = { .tenant_id = scope->tenant_id };
    int64_t tariff_version_id;
    int result;

    if (!name_permitted(name) || text_copy(span_of_text(name), row.name, sizeof row.name) < 0)
        return BILLING_ERR_NAME;
    if (!utility_known(utility) || text_copy(span_of_text(utility), row.utility, sizeof row.utility) < 0)
        return BILLING_ERR_UTILITY;
    result = store->tariff_name_taken(store->context, scope->tenant_id, name);
    if (result != 0)
        return result < 0 ? result : BILLING_ERR_TARIFF_TAKEN;
    if (document[0] != '\0')
        result = document_check(utility, document, problem);
    if (result < 0)
        return result;
    result = store->tariff_insert(store->context, &row);
    if (result == 0 && document[0] != '\0')
        result = version_insert(billing, scope, now_s, row.tariff_id, effective_day, document, &tariff_version_id);
    if (result == 0)
        *tariff_id = row.tariff_id;
    return result;
}

/* A later version begins today at the earliest, on a day that no other one begins on. */
static int effective_day_check(struct billing *billing, uint32_t tenant_id, int64_t now_s, int64_t tariff_id,
                               int64_t effective_day)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff_version newest;
    struct billing_policy policy;
    int result = billing_policy_read(billing, tenant_id, &policy);

    if (result == 0)
        result = store->tariff_version_on(store->context, tariff_id, INT64_MAX, &newest);
    if (result == 1 && effective_day < calendar_local_day(now_s, policy.arrears.zone_offset_s))
        return BILLING_ERR_EFFECTIVE_DAY;
    if (result == 1)
        result = store->tariff_version_on(store->context, tariff_id, effective_day, &newest);
    if (result < 0)
        return result;
    return result == 1 && newest.effective_day == effective_day ? BILLING_ERR_EFFECTIVE_TAKEN : 0;
}

int billing_tariff_version_check(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                                 int64_t tariff_id, int64_t effective_day, const char *document,
                                 struct tariff_problem *problem)
{
    const struct billing_store *store = billing->store;
    struct billing_tariff row;
    int result = store->tariff_read(store->context, scope->tenant_id, tariff_id, &row);

    if (result <= 0)
        return result < 0 ? result : BILLING_ERR_TARIFF;
    result = document[0] != '\0' ? document_check(row.utility, document, problem) : 0;
    return result < 0 ? result : effective_day_check(billing, scope->tenant_id, now_s, tariff_id, effective_day);
}

int billing_tariff_version_add(struct billing *billing, const struct billing_scope *scope, int64_t now_s,
                               int64_t tariff_id, int64_t effective_day, const char *document,
                               struct tariff_problem *problem, int64_t *tariff_version_id)
{
    int error = billing_tariff_version_check(billing, scope, now_s, tariff_id, effective_day, document, problem);

    return error < 0 ? error
                     : version_insert(billing, scope, now_s, tariff_id, effective_day, document, tariff_version_id);
}
