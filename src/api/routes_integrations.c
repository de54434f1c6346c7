/* Partners of the open interfaces and their tokens. */
#include "api/handlers.h"
#include "api/route.h"

#define PER_MINUTE_LIMIT 6000
#define CLOSINGS_LIMIT 10000
#define TOKEN_DAYS_LIMIT 1096

static const struct field list_fields[] = { FIELDS_OF_LIST };

#define PARTNER_FIELDS(required_) \
    { .name = "name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = PEOPLE_NAME_LIMIT - 1, \
        FIELD_INTO(core_partner, name), .present = PARTNER_NAME, .summary = "who it is" }, \
    { .name = "area_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_partner, area_id), .present = PARTNER_AREA, .summary = "may act here and below" }, \
    { .name = "interfaces", .type = FIELD_NUMBERS, .required = required_, .minimum = 1, \
        .maximum = PARTNER_INTERFACE_COUNT, FIELD_INTO(core_partner, interfaces), .present = PARTNER_INTERFACES, \
        .summary = "numbers of the open interfaces it may call, 1 to 11" }, \
    { .name = "device_ids", .type = FIELD_NUMBERS, .minimum = 1, .maximum = PARTNER_DEVICE_LIMIT, \
        FIELD_INTO(core_partner, devices), .present = PARTNER_DEVICES, .summary = "only these devices of the area" }, \
    { .name = "all_devices", .type = FIELD_BOOLEAN, .present = PARTNER_DEVICES, \
        .summary = "true: all devices of the area again" }, \
    { .name = "networks", .type = FIELD_TEXT, .minimum = 0, .maximum = NETWORK_LIST_SIZE - 1, \
        FIELD_INTO(core_partner, networks), .present = PARTNER_NETWORKS, \
        .summary = "from where it may call: 192.0.2.7,10.0.0.0/8; empty: from anywhere" }, \
    { .name = "per_minute", .type = FIELD_INTEGER, .minimum = 1, .maximum = PER_MINUTE_LIMIT, \
        FIELD_INTO(core_partner, per_minute), .present = PARTNER_PER_MINUTE, \
        .summary = "requests by one token; 120 when absent" }, \
    { .name = "closings_per_day", .type = FIELD_INTEGER, .minimum = 0, .maximum = CLOSINGS_LIMIT, \
        FIELD_INTO(core_partner, closings_per_day), .present = PARTNER_CLOSINGS, \
        .summary = "supplies it may close; 20 when absent" }, \
    { .name = "is_signed", .type = FIELD_BOOLEAN, FIELD_INTO(core_partner, is_signed), .present = PARTNER_SIGNED, \
        .summary = "every request must be signed" }, \
    { .name = "reveal", .type = FIELD_BOOLEAN, FIELD_INTO(core_partner, reveal), .present = PARTNER_REVEAL, \
        .summary = "sees names and phones in full" }

static const struct field create_fields[] = { PARTNER_FIELDS(true) };
static const struct field change_fields[] = {
    PARTNER_FIELDS(false),
    { .name = "disabled", .type = FIELD_BOOLEAN, FIELD_INTO(core_partner, disabled), .present = PARTNER_DISABLED,
        .summary = "its tokens admit nobody" },
};
static const struct field token_fields[] = {
    { .name = "days", .type = FIELD_INTEGER, .minimum = 1, .maximum = TOKEN_DAYS_LIMIT,
        .summary = "good for so long; 365 when absent" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 200, FIELD_INTO(core_reason, reason),
        .summary = "why; kept in the audit trail" },
};

static const struct route_part partner_parts[] = { { "tokens", VIEW_PARTNER_TOKENS, true } };

#define ROW(method_, path_, handle_, en, zh) \
    .method = method_, .path = path_, .tag = "integrations", .permission = PERMISSION_INTEGRATIONS_WRITE, \
    .handle = handle_, ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { ROW("GET", "/partners", handle_list, "Partners of the open interfaces", "开放接口的合作方"),
        ROUTE_FIELDS(list_fields), .view = VIEW_PARTNERS },
    { ROW("POST", "/partners", handle_write, "Add a partner", "新增合作方"), ROUTE_FIELDS(create_fields),
        .operation = CORE_PARTNER_CREATE, ROUTE_REQUEST(core_partner), .prepare = partner_prepare, .view = VIEW_PARTNER },
    { ROW("GET", "/partners/{id}", handle_document, "A partner and its tokens", "合作方及其令牌"), .view = VIEW_PARTNER,
        ROUTE_PARTS(partner_parts) },
    { ROW("PATCH", "/partners/{id}", handle_write, "Change a partner", "修改合作方"), ROUTE_FIELDS(change_fields),
        .operation = CORE_PARTNER_CHANGE, ROUTE_REQUEST(core_partner), .prepare = partner_prepare, .view = VIEW_PARTNER },
    { ROW("POST", "/partners/{id}/tokens", handle_partner_token_add,
        "Give a partner a token: shown this once, with the secret that signs its requests", "发放令牌, 仅显示这一次"),
        ROUTE_FIELDS(token_fields), .operation = CORE_PARTNER_TOKEN_ADD },
    { ROW("POST", "/partner-tokens/{id}/revoke", handle_write, "Revoke a token", "吊销令牌"),
        ROUTE_FIELDS(reason_fields), .operation = CORE_PARTNER_TOKEN_REVOKE, ROUTE_REQUEST(core_reason) },
};

const struct route_list routes_integrations = { rows, sizeof rows / sizeof rows[0] };
