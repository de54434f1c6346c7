#include "api/handlers.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

static const struct field order_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "created pending paid closed disputed", .summary = "only these" },
    { .name = "channel", .type = FIELD_TEXT, .minimum = 1, .maximum = 15, .summary = "only of this channel" },
    FIELD_ID("account_id", "only of this account"),
};
static const struct field order_fields[] = {
    { .name = "account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_payment_order, account_id), .summary = "for which account" },
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        FIELD_INTO(core_payment_order, amount_fen), .summary = "how much" },
    { .name = "channel", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 15,
        FIELD_INTO(core_payment_order, channel), .summary = "name of a configured channel" },
    { .name = "scene", .type = FIELD_CHOICE, .required = true, .choices = "qr in_app mobile page",
        FIELD_INTO(core_payment_order, scene), .summary = "how the customer is led to the payment" },
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64,
        FIELD_INTO(core_payment_order, key), .summary = "chosen by the caller: the same key twice is one order" },
    { .name = "description", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_payment_order, description), .summary = "what the customer reads when paying" },
    { .name = "payer_id", .type = FIELD_TEXT, .minimum = 1, .maximum = 63, FIELD_INTO(core_payment_order, payer_id),
        .summary = "WeChat openid, of in_app" },
    { .name = "client_ip", .type = FIELD_TEXT, .minimum = 2, .maximum = 45, FIELD_INTO(core_payment_order, client_ip),
        .summary = "of the customer's phone, of mobile with WeChat" },
};
static const struct field cancel_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "kept in the audit trail" },
};
static const struct field reconciliation_fields[] = {
    { .name = "channel", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 15,
        FIELD_INTO(core_reconciliation, channel), .summary = "name of a configured channel; cash: ledger, payments and drawers are compared" },
    { .name = "day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_reconciliation, day),
        .summary = "a day that has ended; bills are there from about 10:00 of the next; of cash also today" },
};
static const struct field reconciliation_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "channel", .type = FIELD_TEXT, .minimum = 1, .maximum = 15, .summary = "only of this channel" },
    { .name = "day", .type = FIELD_DAY, .summary = "only of this day" },
};
static const struct field difference_fields[] = {
    { .name = "action", .type = FIELD_CHOICE, .required = true, .choices = "book accept",
        FIELD_INTO(core_difference, action),
        .summary = "book: what the channel took becomes the customer's; accept: it is right as it is" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_difference, reason), .summary = "why, for the audit" },
};
static const struct field refund_resolve_fields[] = {
    { .name = "action", .type = FIELD_CHOICE, .required = true, .choices = "paid_out not_paid_out",
        FIELD_INTO(core_difference, action), .summary = "what the channel has really done" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_difference, reason), .summary = "why, for the audit" },
};
static const struct route_part reconciliation_parts[] = {
    { "differences", VIEW_RECONCILIATION_DIFFERENCES, true },
};
static const struct route_part order_parts[] = { { "refunds", VIEW_PAYMENT_ORDER_REFUNDS, true } };

static const struct api_route rows[] = {
    { .method = "GET", .path = "/payment-channels", .tag = "payment orders", .permission = PERMISSION_MONEY_READ,
        .handle = handle_payment_channels, .at_core = true, ROUTE_SUMMARY("Configured payment channels", "已配置的支付渠道") },
    { .method = "POST", .path = "/payment-channels/{key}/notify", .tag = "payment orders", .permission = ROUTE_PUBLIC,
        .handle = handle_payment_notice, .body_type = "*/*",
        ROUTE_SUMMARY("Callback of a channel, admitted by its signature", "支付渠道回调, 以签名验证") },
    { .method = "GET", .path = "/payment-orders", .tag = "payment orders", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(order_list_fields), .view = VIEW_PAYMENT_ORDERS,
        ROUTE_SUMMARY("Orders through channels", "支付订单列表") },
    { .method = "POST", .path = "/payment-orders", .tag = "payment orders", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_payment_order, ROUTE_FIELDS(order_fields),
        ROUTE_SUMMARY("Ask a customer to pay through a channel", "发起渠道支付") },
    { .method = "GET", .path = "/payment-orders/{id}", .tag = "payment orders", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_PAYMENT_ORDER, ROUTE_PARTS(order_parts),
        ROUTE_SUMMARY("One order, its invitation and refunds", "支付订单详情") },
    { .method = "GET", .path = "/payment-orders/{id}/code.svg", .tag = "payment orders", .permission = PERMISSION_MONEY_READ,
        .handle = handle_payment_order_code, .answer_type = "image/svg+xml",
        ROUTE_SUMMARY("The QR code for the customer's phone, while the order waits", "供客户扫描的二维码") },
    { .method = "POST", .path = "/payment-orders/{id}/cancel", .tag = "payment orders",
        .permission = PERMISSION_PAYMENTS_WRITE, .handle = handle_payment_order_cancel,
        .operation = CORE_PAYMENT_ORDER_CANCEL, ROUTE_REQUEST(core_reason), ROUTE_FIELDS(cancel_fields),
        .view = VIEW_PAYMENT_ORDER,
        ROUTE_SUMMARY("The customer will not pay: have the channel close it", "取消支付订单") },
    { .method = "POST", .path = "/payment-refunds/{id}/resolve", .tag = "payment orders",
        .permission = PERMISSION_SETTLEMENT_RUN, .handle = handle_write, .operation = CORE_PAYMENT_REFUND_RESOLVE,
        ROUTE_REQUEST(core_difference), ROUTE_FIELDS(refund_resolve_fields), .view = VIEW_PAYMENT_REFUND,
        ROUTE_SUMMARY("Settle a disputed refund", "处理有争议的退款") },
    { .method = "GET", .path = "/payment-reconciliations", .tag = "payment orders", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(reconciliation_list_fields), .view = VIEW_RECONCILIATIONS,
        ROUTE_SUMMARY("Days compared with the channels' bills", "渠道对账列表") },
    { .method = "POST", .path = "/payment-reconciliations", .tag = "payment orders",
        .permission = PERMISSION_SETTLEMENT_RUN, .handle = handle_reconciliation_ask,
        ROUTE_FIELDS(reconciliation_fields), ROUTE_SUMMARY("Compare a day with the channel's bill", "发起渠道对账") },
    { .method = "GET", .path = "/payment-reconciliations/{id}", .tag = "payment orders",
        .permission = PERMISSION_MONEY_READ, .handle = handle_document, .view = VIEW_RECONCILIATION,
        ROUTE_PARTS(reconciliation_parts), ROUTE_SUMMARY("One comparison and its differences", "对账详情与差异") },
    { .method = "POST", .path = "/payment-differences/{id}/resolve", .tag = "payment orders",
        .permission = PERMISSION_SETTLEMENT_RUN, .handle = handle_write, .operation = CORE_DIFFERENCE_RESOLVE,
        ROUTE_REQUEST(core_difference), ROUTE_FIELDS(difference_fields), .view = VIEW_DIFFERENCE,
        ROUTE_SUMMARY("Resolve a difference", "处理对账差异") },
};

const struct route_list routes_payments = { rows, sizeof rows / sizeof rows[0] };
