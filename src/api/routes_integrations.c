/* Partners of the open interfaces and their tokens; endpoints that hear of events, and what was delivered to them. */
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

#define WEBHOOK_FIELDS(required_) \
    { .name = "name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = EVENT_NAME_SIZE - 1, \
        FIELD_INTO(core_webhook, name), .present = CORE_WEBHOOK_HAS_NAME, .summary = "whose it is" }, \
    { .name = "area_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_webhook, area_id), .present = CORE_WEBHOOK_HAS_AREA, \
        .summary = "hears of this area and all below" }, \
    { .name = "url", .type = FIELD_TEXT, .required = required_, .minimum = 8, .maximum = MESSAGE_URL_SIZE - 1, \
        FIELD_INTO(core_webhook, url), .present = CORE_WEBHOOK_HAS_URL, .summary = "https://..." }, \
    { .name = "kinds", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = EVENT_KINDS_SIZE - 1, \
        FIELD_INTO(core_webhook, kinds), .present = CORE_WEBHOOK_HAS_KINDS, \
        .summary = "of events, comma separated: bill.issued payment.received payment.reversed refund.paid balance.low " \
        "cut_off.planned cut_off.executed supply.restored command.finished" }

static const struct field webhook_create_fields[] = { WEBHOOK_FIELDS(true) };
static const struct field webhook_change_fields[] = {
    WEBHOOK_FIELDS(false),
    { .name = "disabled", .type = FIELD_BOOLEAN, FIELD_INTO(core_webhook, disabled),
        .present = CORE_WEBHOOK_HAS_DISABLED, .summary = "nothing is sent, and nothing new is kept for it" },
};
static const struct field delivery_fields[] = {
    FIELDS_OF_LIST,
    FIELD_ID("endpoint_id", "only to this endpoint"),
    { .name = "state", .type = FIELD_CHOICE, .choices = "waiting sending delivered dead kept", .summary = "only these" },
    { .name = "kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 23, .summary = "only of this kind" },
};

static const struct route_part delivery_parts[] = { { "history", VIEW_MESSAGE_ATTEMPTS, true } };
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
    { ROW("GET", "/webhook-endpoints", handle_list, "Endpoints that hear of events", "事件推送地址"),
        ROUTE_FIELDS(list_fields), .view = VIEW_WEBHOOK_ENDPOINTS },
    { ROW("POST", "/webhook-endpoints", handle_webhook_secret,
        "Add an endpoint: the secret that signs what is sent is shown this once", "新增推送地址, 签名密钥仅显示这一次"),
        ROUTE_FIELDS(webhook_create_fields), .operation = CORE_WEBHOOK_CREATE, ROUTE_REQUEST(core_webhook) },
    { ROW("GET", "/webhook-endpoints/{id}", handle_document, "One endpoint", "推送地址"),
        .view = VIEW_WEBHOOK_ENDPOINT },
    { ROW("PATCH", "/webhook-endpoints/{id}", handle_write, "Change an endpoint", "修改推送地址"),
        ROUTE_FIELDS(webhook_change_fields), .operation = CORE_WEBHOOK_CHANGE, ROUTE_REQUEST(core_webhook),
        .view = VIEW_WEBHOOK_ENDPOINT },
    { ROW("POST", "/webhook-endpoints/{id}/secret", handle_webhook_secret,
        "A new secret, shown this once; the one before signs too for a day", "更换签名密钥, 旧密钥再有效一天"),
        ROUTE_FIELDS(reason_fields), .operation = CORE_WEBHOOK_ROTATE, ROUTE_REQUEST(core_reason) },
    { ROW("POST", "/webhook-endpoints/{id}/test", handle_write, "Send a test event", "发送测试事件"),
        ROUTE_FIELDS(reason_fields), .operation = CORE_WEBHOOK_TEST, ROUTE_REQUEST(core_reason),
        .view = VIEW_WEBHOOK_ENDPOINT },
    { ROW("GET", "/webhook-deliveries", handle_list, "What was delivered, and what was not", "推送记录"),
        ROUTE_FIELDS(delivery_fields), .view = VIEW_WEBHOOK_DELIVERIES },
    { ROW("GET", "/webhook-deliveries/{id}", handle_document, "One delivery with its attempts", "一条推送及其各次尝试"),
        .view = VIEW_WEBHOOK_DELIVERY, ROUTE_PARTS(delivery_parts) },
    { ROW("POST", "/webhook-deliveries/{id}/resend", handle_write, "Deliver again", "重新推送"),
        ROUTE_FIELDS(reason_fields), .operation = CORE_MESSAGE_RESEND, ROUTE_REQUEST(core_reason),
        .view = VIEW_WEBHOOK_DELIVERY },
};

const struct route_list routes_integrations = { rows, sizeof rows / sizeof rows[0] };
