/* Routes of the ledger: its accounts, postings and periods, and money kept aside. */
#include "api/handlers.h"
#include "api/route.h"

#define TIME_LIMIT_S INT64_C(4102444800)

static const struct field trial_balance_fields[] = {
    { .name = "at_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = TIME_LIMIT_S,
        .summary = "as the books stood at that moment; now when absent" },
    { .name = "until_day", .type = FIELD_DAY,
        .summary = "instead of at_s: what happened before the midnight of this day, whenever it was booked" },
};
static const struct field account_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "kind", .type = FIELD_CHOICE,
        .choices = "wallet revenue receivable cash meter_credit adjustment rounding suspense deposit channel clearing",
        .summary = "only these" },
};
static const struct field statement_fields[] = {
    FIELDS_OF_LIST,
    { .name = "from_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = TIME_LIMIT_S, .summary = "booked at or after" },
    { .name = "to_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = TIME_LIMIT_S, .summary = "booked before" },
};
static const struct field transfer_list_fields[] = { FIELDS_OF_LIST, FIELD_ID("account", "ledger account") };
static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field difference_fields[] = {
    { .name = "format", .type = FIELD_CHOICE, .choices = "json csv xlsx", .summary = "csv or xlsx: as a file" },
};
static const struct field hold_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_ID("account_id", "only of this account"),
    { .name = "state", .type = FIELD_CHOICE, .choices = "pending posted voided expired", .summary = "only these" },
};
static const struct field period_fields[] = {
    { .name = "until_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_settlement, to_day),
        .summary = "the books are closed up to the midnight of this day" },
};
static const struct field hold_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT64_C(100000000),
        FIELD_INTO(core_hold, amount_fen), .summary = "how much is kept aside" },
    { .name = "item", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 23, FIELD_INTO(core_hold, item),
        .summary = "what it will be charged as: hot_water" },
    { .name = "duration_s", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT64_C(2678400),
        FIELD_INTO(core_hold, duration_s), .summary = "given back by itself after so many seconds" },
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64, FIELD_INTO(core_hold, key),
        .summary = "chosen by the caller: the same key twice is one pre-deduction" },
};
static const struct field hold_settle_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = INT64_C(100000000),
        FIELD_INTO(core_hold, amount_fen), .summary = "what was used, the rest is given back; 0 gives back all" },
};

#define LIST(path_, fields_, view_, en, zh) \
    { .method = "GET", .path = path_, .tag = "ledger", .permission = PERMISSION_MONEY_READ, .handle = handle_list, \
        ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }
#define WRITE(path_, permission_, operation_, type_, fields_, view_, en, zh) \
    { .method = "POST", .path = path_, .tag = "ledger", .permission = PERMISSION_##permission_, .handle = handle_write, \
        .operation = operation_, ROUTE_REQUEST(type_), ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    { .method = "GET", .path = "/ledger/trial-balance", .tag = "ledger", .permission = PERMISSION_MONEY_READ,
        .handle = handle_trial_balance, ROUTE_FIELDS(trial_balance_fields),
        ROUTE_SUMMARY("Debits equal credits, now or at any past moment", "试算平衡") },
    LIST("/ledger/accounts", account_list_fields, VIEW_LEDGER_ACCOUNTS, "Ledger accounts and their balances", "科目与余额"),
    LIST("/ledger/accounts/{id}/statement", statement_fields, VIEW_LEDGER_STATEMENT,
        "Every posting of a ledger account, with the balance after it", "科目明细账"),
    LIST("/ledger/transfers", transfer_list_fields, VIEW_LEDGER_TRANSFERS, "Postings", "分录"),
    { .method = "GET", .path = "/ledger/transfers/{id}", .tag = "ledger", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_LEDGER_TRANSFER, ROUTE_SUMMARY("One posting, both sides and what it was for", "分录详情") },
    LIST("/ledger/differences", difference_fields, VIEW_LEDGER_DIFFERENCES,
        "Accounts whose sums are not those of their postings, read from all of them; refused as too slow on a large ledger,"
        " where `meterworks verify` tells", "账面核对差异"),
    LIST("/ledger/periods", list_fields, VIEW_LEDGER_PERIODS, "Closed periods", "已关闭的账期"),
    WRITE("/ledger/periods", SETTLEMENT_RUN, CORE_PERIOD_CLOSE, core_settlement, period_fields, VIEW_NONE,
        "Close the books up to a day: late matter is booked into the open period and says where it belongs", "关闭账期"),
    LIST("/holds", hold_list_fields, VIEW_HOLDS, "Pre-deductions", "预扣列表"),
    { .method = "GET", .path = "/holds/{id}", .tag = "ledger", .permission = PERMISSION_MONEY_READ, .handle = handle_document,
        .view = VIEW_HOLD, ROUTE_SUMMARY("One pre-deduction", "预扣详情") },
    WRITE("/accounts/{id}/holds", PAYMENTS_WRITE, CORE_HOLD_PLACE, core_hold, hold_fields, VIEW_HOLD,
        "Keep money of a wallet aside for a use that begins", "预扣"),
    WRITE("/holds/{id}/settle", PAYMENTS_WRITE, CORE_HOLD_SETTLE, core_hold, hold_settle_fields, VIEW_HOLD,
        "Charge what was used and give the rest back", "预扣结清"),
};

const struct route_list routes_ledger = { rows, sizeof rows / sizeof rows[0] };
