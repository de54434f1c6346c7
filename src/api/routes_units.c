#include "api/handlers.h"
#include "api/route.h"
#include "api/case_port.h"
#include "api/unit_port.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

static const struct field quote_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = FEN_LIMIT,
        FIELD_INTO(core_unit_quote, amount_fen), .summary = "to be paid, on top of what the wallet holds" },
};
static const struct field carry_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = -FEN_LIMIT, .maximum = FEN_LIMIT,
        FIELD_INTO(core_meter_carry, amount_fen), .summary = "what the old meter held; below 0: what it owed" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_meter_carry, reason),
        .summary = "why, for the audit" },
};
static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field basis_fields[] = {
    { .name = "basis", .type = FIELD_CHOICE, .required = true, .choices = "ratio use time", FIELD_INTO(core_share_basis, basis),
        .summary = "the ratios alone, or times what the meters of those who share counted, or times how long their units ran" },
};

static const struct api_route rows[] = {
    { .method = "GET", .path = "/accounts/{id}/unit-quote", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_unit_quote, ROUTE_FIELDS(quote_fields),
        ROUTE_SUMMARY("What a payment buys for a meter that holds units, and what stays in the wallet; nothing changes",
            "按量充值试算") },
    { .method = "GET", .path = "/accounts/{id}/unit-purchases", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_UNIT_PURCHASES,
        ROUTE_SUMMARY("Units sold to the meter, each with its price and what stayed in the wallet", "购量记录") },
    { .method = "GET", .path = "/accounts/{id}/unit-carries", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_UNIT_CARRIES,
        ROUTE_SUMMARY("Units that went from an exchanged meter to the next one: how many, their worth, and what the old one showed",
            "换表结转记录") },
    { .method = "GET", .path = "/accounts/{id}/meter-carries", .tag = "payments", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_METER_CARRIES,
        ROUTE_SUMMARY("Money that exchanged meters still held: by the books, as they showed it, and what was decided",
            "换表时旧表余额的结转") },
    { .method = "POST", .path = "/meter-carries/{id}/ask", .tag = "payments", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_write, .operation = CORE_METER_CARRY_ASK, ROUTE_REQUEST(core_meter_carry), ROUTE_FIELDS(carry_fields),
        .view = VIEW_METER_CARRY,
        ROUTE_SUMMARY("Ask anew, with another amount, for what an exchanged meter held; another person approves it",
            "重新申请旧表余额结转") },
    { .method = "POST", .path = "/accounts/{id}/share-basis", .tag = "customers", .permission = PERMISSION_CUSTOMERS_WRITE,
        .handle = handle_write, .operation = CORE_SHARE_BASIS_SET, ROUTE_REQUEST(core_share_basis), ROUTE_FIELDS(basis_fields),
        .view = VIEW_ACCOUNT, ROUTE_SUMMARY("What the cost of a public meter is shared by", "设置公共表分摊依据") },
    { .method = "GET", .path = "/accounts/{id}/share-runs", .tag = "customers", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_SHARE_RUNS,
        ROUTE_SUMMARY("Each time the cost of a public meter was shared: its readings, its cost, the basis", "公共表分摊记录") },
    { .method = "GET", .path = "/share-runs/{id}/parts", .tag = "customers", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_SHARE_PARTS,
        ROUTE_SUMMARY("How one cost was shared: readings, ratio, weight and amount of each", "单次分摊的依据与结果") },
    { .method = "GET", .path = "/accounts/{id}/share-parts", .tag = "customers", .permission = PERMISSION_MONEY_READ,
        .handle = handle_list, ROUTE_FIELDS(list_fields), .view = VIEW_ACCOUNT_SHARE_PARTS,
        ROUTE_SUMMARY("What an account was charged of public meters, with the evidence of each amount", "该户公摊的依据") },
};

const struct route_list routes_units = { rows, sizeof rows / sizeof rows[0] };
