/* Routes of prices: tariffs and their versions, trials, and what accounts are charged by besides their use. */
#include "api/handlers.h"
#include "api/route.h"

#define VALUE_LIMIT INT64_C(1000000000000000)
#define MEASURE_LIMIT INT64_C(100000000000) /* 10,000,000 in 1e-4 */

static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field create_fields[] = {
    { .name = "name", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_tariff, name),
        .summary = "name" },
    { .name = "utility", .type = FIELD_CHOICE, .choices = "water hot_water electricity gas heat",
        FIELD_INTO(core_tariff, utility), .summary = "water when absent" },
    { .name = "effective_day", .type = FIELD_DAY, FIELD_INTO(core_tariff, effective_day),
        .summary = "of the first version" },
    { .name = "document", .type = FIELD_DOCUMENT, .maximum = CORE_DOCUMENT_LIMIT - 1, FIELD_INTO(core_tariff, document),
        .summary = "the first version: docs/tariffs.md" },
};
static const struct field version_fields[] = {
    { .name = "effective_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_tariff_version, effective_day),
        .summary = "first day of the new price" },
    { .name = "document", .type = FIELD_DOCUMENT, .required = true, .maximum = CORE_DOCUMENT_LIMIT - 1,
        FIELD_INTO(core_tariff_version, document), .summary = "docs/tariffs.md" },
};
static const struct field trial_fields[] = {
    { .name = "document", .type = FIELD_DOCUMENT, .required = true, .maximum = CORE_DOCUMENT_LIMIT - 1,
        .summary = "docs/tariffs.md" },
    { .name = "usage_value", .type = FIELD_INTEGER, .minimum = 0, .maximum = VALUE_LIMIT, .summary = "to be charged" },
    { .name = "tou", .type = FIELD_DOCUMENT, .maximum = 1024,
        .summary = "for prices by time of day, instead of usage_value: period and quantity in the tariff's unit" },
    { .name = "persons", .type = FIELD_INTEGER, .minimum = 0, .maximum = 10000, .summary = "household size" },
    { .name = "cycle_used_value", .type = FIELD_INTEGER, .minimum = 0, .maximum = VALUE_LIMIT,
        .summary = "used before in the tier cycle" },
    { .name = "months", .type = FIELD_INTEGER, .minimum = 1, .maximum = 24, .summary = "months in the period" },
    { .name = "day", .type = FIELD_DAY, .summary = "the last day of the period, for its season; today when absent" },
    { .name = "area_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT, .summary = "heated area, 0.0001 m2" },
    { .name = "capacity_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT,
        .summary = "transformer capacity, 0.0001 kVA" },
    { .name = "demand_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT,
        .summary = "largest demand, or the agreed one when it is more, 0.0001 kW, summed over the months" },
    { .name = "power_factor_e8", .type = FIELD_INTEGER, .minimum = 1, .maximum = 100000000,
        .summary = "1e-8; without it the power factor adjusts nothing" },
};
static const struct field measure_fields[] = {
    { .name = "area_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT, FIELD_INTO(core_measures, area_e4),
        .present = CORE_MEASURES_HAS_AREA, .summary = "heated area, 0.0001 m2" },
    { .name = "capacity_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT,
        FIELD_INTO(core_measures, capacity_e4), .present = CORE_MEASURES_HAS_CAPACITY,
        .summary = "capacity of its transformers, 0.0001 kVA" },
    { .name = "contract_demand_e4", .type = FIELD_INTEGER, .minimum = 0, .maximum = MEASURE_LIMIT,
        FIELD_INTO(core_measures, contract_demand_e4), .present = CORE_MEASURES_HAS_DEMAND,
        .summary = "demand agreed upon, at least charged, 0.0001 kW" },
};

static const struct field draft_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_ID("tariff_id", "only of this tariff"),
    { .name = "state", .type = FIELD_CHOICE, .choices = "draft asked released withdrawn", .summary = "only these" },
};
static const struct field draft_create_fields[] = {
    { .name = "effective_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_tariff_draft, effective_day),
        .summary = "first day of the new price, today at the earliest" },
    { .name = "document", .type = FIELD_DOCUMENT, .required = true, .maximum = CORE_DOCUMENT_LIMIT - 1,
        FIELD_INTO(core_tariff_draft, document), .summary = "docs/tariffs.md" },
};
static const struct field draft_change_fields[] = {
    { .name = "effective_day", .type = FIELD_DAY, FIELD_INTO(core_tariff_draft, effective_day),
        .summary = "first day of the new price" },
    { .name = "document", .type = FIELD_DOCUMENT, .maximum = CORE_DOCUMENT_LIMIT - 1,
        FIELD_INTO(core_tariff_draft, document), .summary = "docs/tariffs.md; its dry run is void then" },
};
static const struct field try_fields[] = {
    { .name = "months", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = 12,
        FIELD_INTO(core_tariff_try, months), .summary = "the last whole months, so many" },
};
static const struct field draft_account_fields[] = {
    FIELDS_OF_LIST,
    { .name = "change", .type = FIELD_CHOICE, .choices = "more less held all",
        .summary = "who would pay more (when absent), less, could not be charged, or everybody; the largest change first" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "why; kept with the draft and in the audit trail" },
};

static const struct route_part tariff_parts[] = {
    { "versions", VIEW_TARIFF_VERSIONS, true }, { "drafts", VIEW_TARIFF_OWN_DRAFTS, true },
};

#define LIST(path_, fields_, view_, en, zh) \
    { .method = "GET", .path = path_, .tag = "tariffs", .permission = PERMISSION_MONEY_READ, .handle = handle_list, \
        ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }
#define ONE(path_, view_, en, zh) \
    .method = "GET", .path = path_, .tag = "tariffs", .permission = PERMISSION_MONEY_READ, .handle = handle_document, \
    .view = view_, ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, permission_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = "tariffs", .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)
#define DECIDE(verb_, operation_, en, zh) \
    { WRITE("POST", "/tariff-drafts/{id}/" verb_, TARIFFS_WRITE, operation_, core_reason, en, zh), \
        ROUTE_FIELDS(reason_fields), .view = VIEW_TARIFF_DRAFT }

static const struct api_route rows[] = {
    LIST("/tariffs", list_fields, VIEW_TARIFFS, "Tariffs", "价格列表"),
    { WRITE("POST", "/tariffs", TARIFFS_WRITE, CORE_TARIFF_CREATE, core_tariff, "Add a tariff", "新增价格"),
        ROUTE_FIELDS(create_fields), .prepare = tariff_prepare, .view = VIEW_TARIFF },
    { .method = "POST", .path = "/tariffs/trial", .tag = "tariffs", .permission = PERMISSION_MONEY_READ,
        .handle = handle_tariff_trial, ROUTE_FIELDS(trial_fields), ROUTE_SUMMARY("What would this use cost", "试算") },
    { ONE("/tariffs/{id}", VIEW_TARIFF, "One tariff and its versions", "价格详情"), ROUTE_PARTS(tariff_parts) },
    { WRITE("POST", "/tariffs/{id}/versions", TARIFFS_WRITE, CORE_TARIFF_VERSION_ADD, core_tariff_version,
        "Add the first version of a tariff that has none", "新增首个价格版本"), ROUTE_FIELDS(version_fields),
        .view = VIEW_NONE },
    { WRITE("POST", "/tariffs/{id}/drafts", TARIFFS_WRITE, CORE_TARIFF_DRAFT_CREATE, core_tariff_draft,
        "Draft the next version", "新增价格草案"), ROUTE_FIELDS(draft_create_fields), .view = VIEW_TARIFF_DRAFT },
    LIST("/tariff-drafts", draft_list_fields, VIEW_TARIFF_DRAFTS, "Drafted prices and where they stand", "价格草案列表"),
    { ONE("/tariff-drafts/{id}", VIEW_TARIFF_DRAFT, "One draft and its dry run", "价格草案详情") },
    { WRITE("PATCH", "/tariff-drafts/{id}", TARIFFS_WRITE, CORE_TARIFF_DRAFT_CHANGE, core_tariff_draft,
        "Change a draft", "修改价格草案"), ROUTE_FIELDS(draft_change_fields), .view = VIEW_TARIFF_DRAFT },
    { WRITE("POST", "/tariff-drafts/{id}/dry-run", TARIFFS_WRITE, CORE_TARIFF_DRAFT_TRY, core_tariff_try,
        "Try it on the use of the last months; nothing is posted", "用实际用量试算"), ROUTE_FIELDS(try_fields),
        .view = VIEW_TARIFF_DRAFT },
    DECIDE("dry-run/cancel", CORE_TARIFF_DRAFT_TRY_CANCEL, "Stop the dry run", "停止试算"),
    LIST("/tariff-drafts/{id}/accounts", draft_account_fields, VIEW_TARIFF_DRAFT_ACCOUNTS,
        "Who would have paid how much more or less", "试算明细"),
    DECIDE("submit", CORE_TARIFF_DRAFT_ASK, "Ask for its release, after a dry run", "提交审批"),
    DECIDE("release", CORE_TARIFF_DRAFT_RELEASE, "Release it, as another person", "放行价格草案"),
    DECIDE("refuse", CORE_TARIFF_DRAFT_REFUSE, "Send it back to be changed", "退回价格草案"),
    DECIDE("withdraw", CORE_TARIFF_DRAFT_WITHDRAW, "Withdraw it, released or not, before its day", "撤回价格草案"),
    { ONE("/accounts/{id}/measures", VIEW_ACCOUNT_MEASURES, "Area, capacity and demand that an account is charged by",
        "计费面积、容量与需量") },
    { WRITE("PATCH", "/accounts/{id}/measures", CUSTOMERS_WRITE, CORE_MEASURES_CHANGE, core_measures,
        "Change them", "修改计费面积、容量与需量"), ROUTE_FIELDS(measure_fields), .view = VIEW_ACCOUNT_MEASURES },
};

const struct route_list routes_tariffs = { rows, sizeof rows / sizeof rows[0] };
