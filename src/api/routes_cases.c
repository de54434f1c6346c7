#include "api/case_port.h"
#include "api/handlers.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

static const struct field approval_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "waiting approved refused lapsed", .summary = "only these" },
    { .name = "kind", .type = FIELD_CHOICE, .choices = "refund closing payment_move payment_undo cash_difference bank_return late_fee meter_carry cut_off_batch settlement_run tariff", .summary = "only of this kind" },
    FIELD_ID("account_id", "only of this account"),
};
static const struct field approve_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_approval, reason),
        .summary = "a remark, for the audit" },
    { .name = "seen", .type = FIELD_TEXT, .minimum = 0, .maximum = CASE_FIGURES_SIZE - 1, FIELD_INTO(core_approval, seen),
        .summary = "`seen` of the GET: refused with figures_changed when a figure has changed since; not compared when absent" },
};
static const struct field refuse_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_approval, reason), .summary = "why, for the one who asked" },
};

#define REFUND_WAY_FIELDS \
    { .name = "rest", .type = FIELD_CHOICE, .choices = "none cash bank", FIELD_INTO(core_refund, rest), \
        .summary = "what no channel takes back: out of the cashier's drawer, by bank, or (when absent) refused" }, \
    { .name = "payee", .type = FIELD_TEXT, .minimum = 1, .maximum = 120, FIELD_INTO(core_refund, payee), \
        .summary = "of bank: holder of the account" }, \
    { .name = "bank", .type = FIELD_TEXT, .minimum = 1, .maximum = CASE_BANK_SIZE - 1, FIELD_INTO(core_refund, bank), \
        .summary = "of bank: its name and branch" }, \
    { .name = "bank_account", .type = FIELD_TEXT, .minimum = 1, .maximum = CASE_BANK_SIZE - 1, \
        FIELD_INTO(core_refund, bank_account), .summary = "of bank: number of the account" }

#define REFUND_AMOUNT_FIELD \
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT, \
        FIELD_INTO(core_refund, amount_fen), .summary = "how much goes back" }

#define REFUND_CASE_FIELDS \
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64, FIELD_INTO(core_refund, key), \
        .summary = "chosen by the caller: the same key twice is one refund" }, \
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_refund, reason), .summary = "why, for the audit" }

#define REFUND_PAYMENT_FIELD \
    { .name = "payment_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT64_MAX, \
        FIELD_INTO(core_refund, payment_id), .summary = "only of this payment; of the balance when absent" }

#define REFUND_INVOICE_FIELD \
    { .name = "red_letter", .type = FIELD_BOOLEAN, FIELD_INTO(core_refund, red_letter), \
        .summary = "invoices that stand for the money are red-lettered when it leaves; without this such a refund is refused" }

static const struct field refund_fields[] = { REFUND_AMOUNT_FIELD, REFUND_CASE_FIELDS, REFUND_PAYMENT_FIELD,
    REFUND_INVOICE_FIELD, REFUND_WAY_FIELDS };
static const struct field refund_preview_fields[] = { REFUND_AMOUNT_FIELD, REFUND_PAYMENT_FIELD, REFUND_WAY_FIELDS };
static const struct field order_refund_fields[] = { REFUND_AMOUNT_FIELD, REFUND_CASE_FIELDS, REFUND_INVOICE_FIELD,
    REFUND_WAY_FIELDS };
static const struct field refund_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("customer_id", "only of this customer"),
    { .name = "state", .type = FIELD_CHOICE, .choices = "waiting paying done failed disputed refused", .summary = "only these" },
};
static const struct field settle_fields[] = {
    { .name = "action", .type = FIELD_CHOICE, .required = true, .choices = "paid returned",
        FIELD_INTO(core_refund_settle, action), .summary = "what the bank has done" },
    { .name = "reference", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = CASE_BANK_SIZE - 1,
        FIELD_INTO(core_refund_settle, reference), .summary = "the bank's own number" },
};
static const struct route_part refund_parts[] = { { "parts", VIEW_REFUND_PARTS, true } };

static const struct api_route rows[] = {
    { .method = "GET", .path = "/approvals", .tag = "approvals", .permission = PERMISSION_MONEY_READ, .handle = handle_list,
        ROUTE_FIELDS(approval_list_fields), .view = VIEW_APPROVALS,
        ROUTE_SUMMARY("What waits for a second person, of every kind", "待审批事项") },
    { .method = "GET", .path = "/approvals/{id}", .tag = "approvals", .permission = PERMISSION_MONEY_READ,
        .handle = handle_approval, ROUTE_SUMMARY("One of them, its figures computed anew", "审批详情, 金额现算") },
    { .method = "POST", .path = "/approvals/{id}/approve", .tag = "approvals", .permission = PERMISSION_MONEY_READ,
        .handle = handle_approval_approve, ROUTE_FIELDS(approve_fields),
        ROUTE_SUMMARY("Approve it; needs the right of its kind, and another person than the one who asked", "同意") },
    { .method = "POST", .path = "/approvals/{id}/refuse", .tag = "approvals", .permission = PERMISSION_MONEY_READ,
        .handle = handle_approval_refuse, ROUTE_FIELDS(refuse_fields),
        ROUTE_SUMMARY("Refuse it; the one who asked withdraws it the same way", "退回或撤回") },
    { .method = "GET", .path = "/refunds", .tag = "refunds", .permission = PERMISSION_MONEY_READ, .handle = handle_list,
        ROUTE_FIELDS(refund_list_fields), .view = VIEW_REFUNDS, ROUTE_SUMMARY("Refunds", "退款列表") },
    { .method = "GET", .path = "/refunds/{id}", .tag = "refunds", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_REFUND, ROUTE_PARTS(refund_parts),
        ROUTE_SUMMARY("One refund and where its money goes", "退款详情") },
    { .method = "POST", .path = "/refunds/{id}/settle", .tag = "refunds", .permission = PERMISSION_SETTLEMENT_RUN,
        .handle = handle_write, .operation = CORE_REFUND_SETTLE, ROUTE_REQUEST(core_refund_settle),
        ROUTE_FIELDS(settle_fields), .view = VIEW_REFUND,
        ROUTE_SUMMARY("The bank has paid it out, or returned it", "登记银行退款结果") },
    { .method = "POST", .path = "/accounts/{id}/refunds", .tag = "refunds", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_refund, ROUTE_FIELDS(refund_fields),
        ROUTE_SUMMARY("Give money back: of a payment, or of the balance, by its original channels first", "退款") },
    { .method = "POST", .path = "/accounts/{id}/refunds/preview", .tag = "refunds", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_refund_preview, ROUTE_FIELDS(refund_preview_fields),
        ROUTE_SUMMARY("Which ways a refund would go; nothing changes", "退款试算") },
    { .method = "POST", .path = "/payment-orders/{id}/refunds", .tag = "payment orders",
        .permission = PERMISSION_PAYMENTS_WRITE, .handle = handle_payment_refund, ROUTE_FIELDS(order_refund_fields),
        ROUTE_SUMMARY("Give money of an order back by the channel it came through", "原路退款") },
};

const struct route_list routes_cases = { rows, sizeof rows / sizeof rows[0] };
