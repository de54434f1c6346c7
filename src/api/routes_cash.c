#include "api/cash_port.h"
#include "api/handlers.h"
#include "api/route.h"

#define COUNT_LIMIT INT64_C(10000000000)
#define FLOAT_LIMIT INT64_C(10000000)

static const struct field shift_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "open counted closed", .summary = "only these" },
    { .name = "day", .type = FIELD_DAY, .summary = "only those open on this day or closed on it" },
    FIELD_ID("cashier_id", "only of this person"),
};
static const struct field open_fields[] = {
    { .name = "float_fen", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = FLOAT_LIMIT,
        FIELD_INTO(core_cash_shift, counted_fen), .summary = "counted into the drawer" },
    { .name = "notes", .type = FIELD_DOCUMENT, .maximum = CASH_NOTES_SIZE - 1, FIELD_INTO(core_cash_shift, notes),
        .summary = "of which notes and coins: value in fen and pieces, {\"10000\": 2}; comes to float_fen" },
};
static const struct field close_fields[] = {
    { .name = "counted_fen", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = COUNT_LIMIT,
        FIELD_INTO(core_cash_shift, counted_fen), .summary = "all cash in the drawer, the float with it" },
    { .name = "notes", .type = FIELD_DOCUMENT, .maximum = CASH_NOTES_SIZE - 1, FIELD_INTO(core_cash_shift, notes),
        .summary = "of which notes and coins; comes to counted_fen" },
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_cash_shift, reason),
        .summary = "of a difference: needed then" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "kept in the audit trail" },
};
static const struct field undo_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120,
        FIELD_INTO(core_reason, reason), .summary = "why" },
};
static const struct field undo_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "asked released refused", .summary = "only these" },
};
static const struct field deposit_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = COUNT_LIMIT,
        FIELD_INTO(core_cash_deposit, amount_fen), .summary = "how much" },
    { .name = "source", .type = FIELD_CHOICE, .required = true, .choices = "safe counter",
        FIELD_INTO(core_cash_deposit, source), .summary = "safe: handed over by shifts; counter: taken without a shift" },
    { .name = "bank", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = CASH_BANK_SIZE - 1,
        FIELD_INTO(core_cash_deposit, bank), .summary = "which bank" },
    { .name = "slip", .type = FIELD_TEXT, .minimum = 0, .maximum = CASH_SLIP_SIZE - 1,
        FIELD_INTO(core_cash_deposit, slip), .summary = "number of the paying-in slip" },
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64,
        FIELD_INTO(core_cash_deposit, key), .summary = "chosen by the caller: the same key twice is one deposit" },
};
static const struct field list_fields[] = { FIELDS_OF_LIST };

static const struct route_part shift_parts[] = { { "methods", VIEW_CASH_SHIFT_METHODS, true } };

#define READ(path_, view_, en, zh) \
    .method = "GET", .path = path_, .tag = "cash desk", .permission = PERMISSION_MONEY_READ, .view = view_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(path_, permission_, operation_, type_, view_, en, zh) \
    .method = "POST", .path = path_, .tag = "cash desk", .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), .view = view_, ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/cash-shifts", VIEW_CASH_SHIFTS, "Shifts at the cash desk", "班次列表"), .handle = handle_list,
        ROUTE_FIELDS(shift_list_fields) },
    { WRITE("/cash-shifts", PAYMENTS_WRITE, CORE_CASH_SHIFT_OPEN, core_cash_shift, VIEW_CASH_SHIFT,
        "Open a shift of one's own with a counted float", "开班"), ROUTE_FIELDS(open_fields), .prepare = cash_shift_prepare },
    { READ("/cash-shifts/{id}", VIEW_CASH_SHIFT, "One shift and its sums by method", "班次详情"),
        .handle = handle_document, ROUTE_PARTS(shift_parts) },
    { WRITE("/cash-shifts/{id}/close", PAYMENTS_WRITE, CORE_CASH_SHIFT_COUNT, core_cash_shift, VIEW_CASH_SHIFT,
        "Count the drawer and hand it over; a large difference then waits for a second person", "清点交班"),
        ROUTE_FIELDS(close_fields), .prepare = cash_shift_prepare },
    { WRITE("/cash-shifts/{id}/confirm", SETTLEMENT_RUN, CORE_CASH_SHIFT_CONFIRM, core_reason, VIEW_CASH_SHIFT,
        "Confirm a large difference, as another person", "复核长短款"), ROUTE_FIELDS(reason_fields) },
    { WRITE("/payments/{id}/undo", PAYMENTS_WRITE, CORE_PAYMENT_UNDO_ASK, core_reason, VIEW_PAYMENT_UNDO,
        "Ask for a payment of an open shift to be undone today", "申请撤销收款"), ROUTE_FIELDS(undo_fields) },
    { READ("/payment-undos", VIEW_PAYMENT_UNDOS, "Payments to be undone", "撤销申请列表"), .handle = handle_list,
        ROUTE_FIELDS(undo_list_fields) },
    { WRITE("/payment-undos/{id}/release", PAYMENTS_WRITE, CORE_PAYMENT_UNDO_RELEASE, core_reason, VIEW_PAYMENT_UNDO,
        "Undo the payment by a correcting transfer, as another person", "复核撤销"), ROUTE_FIELDS(reason_fields) },
    { WRITE("/payment-undos/{id}/refuse", PAYMENTS_WRITE, CORE_PAYMENT_UNDO_REFUSE, core_reason, VIEW_PAYMENT_UNDO,
        "Let the payment stand", "驳回撤销"), ROUTE_FIELDS(reason_fields) },
    { READ("/cash-deposits", VIEW_CASH_DEPOSITS, "Cash brought to the bank", "现金缴存列表"), .handle = handle_list,
        ROUTE_FIELDS(list_fields) },
    { WRITE("/cash-deposits", SETTLEMENT_RUN, CORE_CASH_DEPOSIT, core_cash_deposit, VIEW_CASH_DEPOSIT,
        "Record that cash was brought to the bank", "登记现金缴存"), ROUTE_FIELDS(deposit_fields) },
};

const struct route_list routes_cash = { rows, sizeof rows / sizeof rows[0] };
