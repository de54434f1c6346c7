#include "api/case_port.h"
#include "api/handlers.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(100000000)
#define VALUE_LIMIT INT64_C(1000000000000000)

#define CLOSING_FIELDS(required_) \
    { .name = "kind", .type = FIELD_CHOICE, .required = true, .choices = "move_out tenant_change owner_change", \
        FIELD_INTO(core_closing, kind), .summary = "the customer leaves, another one takes the meter over, or the same" \
            " customer's balance gets another owner: platform, money on the meter, units on the meter" }, \
    { .name = "new_mode", .type = FIELD_CHOICE, .choices = "postpaid prepaid_platform prepaid_meter", \
        FIELD_INTO(core_closing, new_mode), .summary = "of owner_change: how the customer pays from then on" }, \
    { .name = "new_holds", .type = FIELD_CHOICE, .choices = "money units", FIELD_INTO(core_closing, new_holds), \
        .summary = "of owner_change to prepaid_meter: what its model holds when absent" }, \
    { .name = "reading", .type = FIELD_CHOICE, .required = true, .choices = "meter typed estimated", \
        FIELD_INTO(core_closing, reading), \
        .summary = "the last reading: of the meter within a day, what somebody has read, or on at the usual use, marked" }, \
    { .name = "register_value", .type = FIELD_INTEGER, .minimum = 0, .maximum = VALUE_LIMIT, \
        FIELD_INTO(core_closing, register_value), .summary = "of typed: what the dial shows, in the meter's unit (ml, mWh, J)" }, \
    { .name = "rest", .type = FIELD_CHOICE, .choices = "none cash bank", FIELD_INTO(core_closing, rest), \
        .summary = "what is left is paid out, by its original channels first, the rest so; when absent it stays in the wallet" }, \
    { .name = "payee", .type = FIELD_TEXT, .minimum = 1, .maximum = 120, FIELD_INTO(core_closing, payee), \
        .summary = "of bank: holder of the account" }, \
    { .name = "bank", .type = FIELD_TEXT, .minimum = 1, .maximum = CASE_BANK_SIZE - 1, FIELD_INTO(core_closing, bank), \
        .summary = "of bank: its name and branch" }, \
    { .name = "bank_account", .type = FIELD_TEXT, .minimum = 1, .maximum = CASE_BANK_SIZE - 1, \
        FIELD_INTO(core_closing, bank_account), .summary = "of bank: number of the account" }, \
    { .name = "close_valve", .type = FIELD_BOOLEAN, FIELD_INTO(core_closing, close_valve), \
        .summary = "of move_out: close the valve afterwards" }, \
    { .name = "leave_meter", .type = FIELD_BOOLEAN, FIELD_INTO(core_closing, leave_meter), \
        .summary = "of a meter that holds the money: it is not taken back and not paid" }, \
    { .name = "new_customer_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_closing, new_customer_id), .summary = "of tenant_change: who takes the meter over" }, \
    { .name = "new_tariff_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_closing, new_tariff_id), .summary = "of tenant_change: at which price; the same when absent" }, \
    { .name = "move_balance", .type = FIELD_BOOLEAN, FIELD_INTO(core_closing, move_balance), \
        .summary = "of tenant_change: what is left goes to the new account" }, \
    { .name = "reason", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_closing, reason), .summary = "why, for the audit; of a typed reading also how it was read" }

#define KEY_FIELD(type_) \
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64, FIELD_INTO(type_, key), \
        .summary = "chosen by the caller: the same key twice is one request" }

static const struct field preview_fields[] = { CLOSING_FIELDS(false) };
static const struct field closing_fields[] = { CLOSING_FIELDS(true), KEY_FIELD(core_closing) };
static const struct field deposit_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        FIELD_INTO(core_deposit, amount_fen), .summary = "so much of the balance is kept as security" },
    KEY_FIELD(core_deposit),
};
static const struct field move_fields[] = {
    { .name = "to_account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_payment_move, to_account_id), .summary = "whose payment it was" },
    { .name = "amount_fen", .type = FIELD_INTEGER, .minimum = 1, .maximum = FEN_LIMIT,
        FIELD_INTO(core_payment_move, amount_fen), .summary = "part of it; all of it when absent" },
    { .name = "into_debt", .type = FIELD_BOOLEAN, FIELD_INTO(core_payment_move, into_debt),
        .summary = "move also what was spent there already; that account then owes it" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_payment_move, reason), .summary = "why, for the audit" },
    KEY_FIELD(core_payment_move),
};
static const struct field closing_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "clearing waiting done refused", .summary = "only these" },
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("customer_id", "only of this customer"),
};
static const struct field move_list_fields[] = { FIELDS_OF_LIST, FIELD_ID("account_id", "only from or to this account") };
static const struct field suspense_fields[] = {
    FIELDS_OF_LIST,
    { .name = "source", .type = FIELD_CHOICE, .choices = "closed_account paid_twice bank_transfer", .summary = "only of these" },
};

static const struct field waiver_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        FIELD_INTO(core_late_fee_waiver, amount_fen), .summary = "of the fee as it is today" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_late_fee_waiver, reason), .summary = "why, for the audit" },
};

static const struct api_route rows[] = {
    { .method = "POST", .path = "/bills/{id}/late-fee-waivers", .tag = "bills", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_write, .operation = CORE_LATE_FEE_WAIVE, ROUTE_REQUEST(core_late_fee_waiver), .view = VIEW_BILL,
        ROUTE_FIELDS(waiver_fields),
        ROUTE_SUMMARY("Ask for a late fee to be waived, whole or in part; another person approves it", "申请减免违约金") },
    { .method = "POST", .path = "/accounts/{id}/closings/preview", .tag = "closings",
        .permission = PERMISSION_CUSTOMERS_WRITE, .handle = handle_closing_preview, ROUTE_FIELDS(preview_fields),
        ROUTE_SUMMARY("What ending a contract comes to, part by part; nothing changes", "退租或过户试算") },
    { .method = "POST", .path = "/accounts/{id}/closings", .tag = "closings", .permission = PERMISSION_CUSTOMERS_WRITE,
        .handle = handle_closing, ROUTE_FIELDS(closing_fields),
        ROUTE_SUMMARY("Ask for a contract to end; another person approves it", "申请退租或过户") },
    { .method = "GET", .path = "/closings", .tag = "closings", .permission = PERMISSION_MONEY_READ, .handle = handle_list,
        ROUTE_FIELDS(closing_list_fields), .view = VIEW_CLOSINGS, ROUTE_SUMMARY("Contracts that end or ended", "退租与过户列表") },
    { .method = "GET", .path = "/closings/{id}", .tag = "closings", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_CLOSING, ROUTE_SUMMARY("One of them", "退租或过户详情") },
    { .method = "POST", .path = "/accounts/{id}/deposits", .tag = "closings", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_deposit, ROUTE_FIELDS(deposit_fields),
        ROUTE_SUMMARY("Keep part of the balance as security until the contract ends", "转为押金") },
    { .method = "POST", .path = "/payments/{id}/moves", .tag = "payments", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_payment_move, ROUTE_FIELDS(move_fields),
        ROUTE_SUMMARY("Ask for a payment on the wrong account to go to the right one", "申请转移错缴款项") },
    { .method = "POST", .path = "/payment-orders/{id}/moves", .tag = "payment orders",
        .permission = PERMISSION_PAYMENTS_WRITE, .handle = handle_suspense_move, ROUTE_FIELDS(move_fields),
        ROUTE_SUMMARY("Ask for an order's money in suspense to become an account's", "申请将暂挂款项转入账户") },
    { .method = "GET", .path = "/payment-moves", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(move_list_fields), .view = VIEW_PAYMENT_MOVES,
        ROUTE_SUMMARY("Payments that were moved", "款项转移列表") },
    { .method = "GET", .path = "/suspense", .tag = "payments", .permission = PERMISSION_MONEY_READ, .handle = handle_list,
        ROUTE_FIELDS(suspense_fields), .view = VIEW_SUSPENSE,
        ROUTE_SUMMARY("Money that is nobody's yet, the oldest first: of orders and of bank transfers", "暂挂款项列表") },
};

const struct route_list routes_closings = { rows, sizeof rows / sizeof rows[0] };
