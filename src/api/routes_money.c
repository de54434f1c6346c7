#include "api/handlers.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(100000000) /* one million yuan at once */

static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field query_list_fields[] = { FIELDS_OF_LIST, FIELD_QUERY };
static const struct field find_fields[] = {
    { .name = "query", .type = FIELD_TEXT, .required = true, .minimum = 0, .maximum = 100,
        .summary = "initials, name, number, phone's or meter's end, or room" },
};
static const struct field account_list_fields[] = {
    FIELDS_OF_LIST,
    FIELD_ID("customer_id", "only of this customer"),
    { .name = "payment_mode", .type = FIELD_CHOICE, .choices = "postpaid prepaid_platform prepaid_meter",
        .summary = "only these" },
    { .name = "stage", .type = FIELD_CHOICE, .choices = "good low_first low_second overdraft final_notice cut",
        .summary = "only in this stage" },
};
static const struct field arrears_fields[] = {
    FIELDS_OF_LIST,
    { .name = "stage", .type = FIELD_CHOICE, .choices = "good low_first low_second overdraft final_notice cut",
        .summary = "only in this stage" },
};
static const struct field bill_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "issued paid reversed overdue", .summary = "only these" },
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("customer_id", "only of this customer"),
    FIELD_ID("run_id", "only those that this settlement issued"),
};
static const struct field payment_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "day", .type = FIELD_DAY, .summary = "only of this day" },
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("customer_id", "only of this customer"),
    FIELD_ID("shift_id", "only of this shift at the cash desk"),
};
static const struct field notice_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 40, .summary = "only these" },
};

#define CUSTOMER_CHANGEABLE(required_) \
    { .name = "name", .type = FIELD_TEXT, .required = required_, .minimum = 1, .maximum = 120, \
        FIELD_INTO(core_customer, name), .present = CORE_CUSTOMER_HAS_NAME, .summary = "name" }, \
    { .name = "name_initials", .type = FIELD_TEXT, .minimum = 0, .maximum = 31, \
        FIELD_INTO(core_customer, name_initials), .present = CORE_CUSTOMER_HAS_INITIALS, \
        .summary = "first letters of the name's pinyin, lower case" }, \
    { .name = "phones", .type = FIELD_TEXT, .minimum = 0, .maximum = 95, FIELD_INTO(core_customer, phones), \
        .present = CORE_CUSTOMER_HAS_PHONES, .summary = "comma separated" }, \
    { .name = "protected_until_s", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_C(4102444800), \
        FIELD_INTO(core_customer, protected_until_s), .present = CORE_CUSTOMER_HAS_PROTECTED_UNTIL, \
        .summary = "never cut off before" }, \
    { .name = "protected_reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, \
        FIELD_INTO(core_customer, protected_reason), .present = CORE_CUSTOMER_HAS_PROTECTED_REASON, \
        .summary = "why protected" }

static const struct field customer_create_fields[] = {
    { .name = "number", .type = FIELD_TEXT, .minimum = 0, .maximum = 31, FIELD_INTO(core_customer, number),
        .summary = "customer number; given by the platform when absent" },
    CUSTOMER_CHANGEABLE(true),
};
static const struct field customer_change_fields[] = { CUSTOMER_CHANGEABLE(false) };

#define ACCOUNT_CHANGEABLE(required_) \
    { .name = "device_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_account, device_id), .present = CORE_ACCOUNT_HAS_DEVICE, .summary = "its meter" }, \
    { .name = "tariff_id", .type = FIELD_INTEGER, .required = required_, .minimum = 1, .maximum = INT32_MAX, \
        FIELD_INTO(core_account, tariff_id), .present = CORE_ACCOUNT_HAS_TARIFF, .summary = "price" }, \
    { .name = "persons", .type = FIELD_INTEGER, .minimum = 0, .maximum = 10000, FIELD_INTO(core_account, persons), \
        .present = CORE_ACCOUNT_HAS_PERSONS, .summary = "household size" }, \
    { .name = "settlement_day", .type = FIELD_INTEGER, .minimum = 1, .maximum = 28, \
        FIELD_INTO(core_account, settlement_day), .present = CORE_ACCOUNT_HAS_SETTLEMENT_DAY, \
        .summary = "day of the month whose midnight closes a period" }, \
    { .name = "settlement_months", .type = FIELD_INTEGER, .minimum = 1, .maximum = 12, \
        FIELD_INTO(core_account, settlement_months), .present = CORE_ACCOUNT_HAS_MONTHS, \
        .summary = "a period's months: 1, 2, 3, 4, 6 or 12" }, \
    { .name = "settlement_first_month", .type = FIELD_INTEGER, .minimum = 1, .maximum = 12, \
        FIELD_INTO(core_account, settlement_first_month), .present = CORE_ACCOUNT_HAS_FIRST_MONTH, \
        .summary = "a month in which a period closes, the others by settlement_months" }, \
    { .name = "low_balance_fen", .type = FIELD_INTEGER, .minimum = 0, .maximum = FEN_LIMIT, \
        FIELD_INTO(core_account, low_balance_fen), .present = CORE_ACCOUNT_HAS_LOW_BALANCE, .summary = "remind below" }, \
    { .name = "overdraft_fen", .type = FIELD_INTEGER, .minimum = 0, .maximum = FEN_LIMIT, \
        FIELD_INTO(core_account, overdraft_fen), .present = CORE_ACCOUNT_HAS_OVERDRAFT, \
        .summary = "may go so far below zero" }, \
    { .name = "restore_fen", .type = FIELD_INTEGER, .minimum = 0, .maximum = FEN_LIMIT, \
        FIELD_INTO(core_account, restore_fen), .present = CORE_ACCOUNT_HAS_RESTORE, .summary = "reopen at or above" }, \
    { .name = "grace_h", .type = FIELD_INTEGER, .minimum = 0, .maximum = 720, FIELD_INTO(core_account, grace_h), \
        .present = CORE_ACCOUNT_HAS_GRACE, .summary = "between the final notice and closing" }

static const struct field account_open_fields[] = {
    { .name = "customer_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_account, customer_id), .summary = "who pays" },
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, FIELD_INTO(core_account, area_id),
        .summary = "the place; the meter's when absent" },
    { .name = "payment_mode", .type = FIELD_CHOICE, .required = true,
        .choices = "postpaid prepaid_platform prepaid_meter", FIELD_INTO(core_account, payment_mode),
        .summary = "way of paying" },
    { .name = "meter_holds", .type = FIELD_CHOICE, .choices = "money units", FIELD_INTO(core_account, meter_holds),
        .summary = "of prepaid_meter: what the meter counts down; what its model holds when absent" },
    ACCOUNT_CHANGEABLE(true),
};
static const struct field account_change_fields[] = {
    { .name = "persons_from", .type = FIELD_DAY, FIELD_INTO(core_account, persons_from_day),
        .summary = "beside persons: they count for periods that begin on this day or later; the next month when absent" },
    { .name = "persons_until", .type = FIELD_DAY, FIELD_INTO(core_account, persons_until_day),
        .summary = "beside persons: the last day on which such a period begins, as of a proof that ends" },
    ACCOUNT_CHANGEABLE(false),
};

static const struct field settlement_fields[] = {
    { .name = "to_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_settlement, to_day),
        .summary = "the midnight that closes the period" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 200, FIELD_INTO(core_reason, reason),
        .summary = "why; kept in the audit trail" },
};
static const struct field group_fields[] = {
    { .name = "main_account_id", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = INT32_MAX,
        FIELD_INTO(core_group, main_account_id), .summary = "whose wallet pays, and with whom it is cut off; 0: stand alone" },
};
static const struct field share_fields[] = {
    { .name = "public_account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_share, public_account_id), .summary = "whose cost it shares" },
    { .name = "weight", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = 1000000,
        FIELD_INTO(core_share, weight), .summary = "its part of the sum of all weights; 0: it shares no longer" },
};
static const struct field batch_fields[] = {
    { .name = "closings", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = 10000,
        FIELD_INTO(core_batch, closings), .summary = "so many more valves today than close by themselves" },
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_batch, reason),
        .summary = "why" },
};
static const struct field drift_fields[] = {
    FIELDS_OF_LIST,
    { .name = "apart_fen", .type = FIELD_INTEGER, .minimum = 0, .maximum = FEN_LIMIT,
        .summary = "only meters with money at least so far from the ledger; 1 when absent" },
    { .name = "apart_value", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_C(1000000000000),
        .summary = "only meters with units so far from the books, in mWh or ml; 20000 when absent" },
};
static const struct field preview_fields[] = {
    FIELD_AREA,
    { .name = "to_day", .type = FIELD_DAY, .summary = "the midnight that closes the period; today's when absent" },
    FIELD_PART,
};
static const struct field payment_fields[] = {
    { .name = "account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_payment, account_id), .summary = "for which account" },
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        FIELD_INTO(core_payment, amount_fen), .summary = "how much" },
    { .name = "method", .type = FIELD_CHOICE, .required = true, .choices = "cash card", FIELD_INTO(core_payment, method),
        .summary = "how" },
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64, FIELD_INTO(core_payment, key),
        .summary = "chosen by the caller: the same key twice is one payment" },
};

static const struct route_part customer_parts[] = {
    { "accounts", VIEW_CUSTOMER_ACCOUNTS, true }, { "timeline", VIEW_CUSTOMER_TIMELINE, true },
};
static const struct route_part bill_parts[] = {
    { "lines", VIEW_BILL_LINES, true }, { "readings", VIEW_BILL_READINGS, true },
};

#define LIST(path_, tag_, fields_, view_, en, zh) \
    { .method = "GET", .path = path_, .tag = tag_, .permission = PERMISSION_MONEY_READ, .handle = handle_list, \
        ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }
#define ONE(path_, tag_, view_, en, zh) \
    .method = "GET", .path = path_, .tag = tag_, .permission = PERMISSION_MONEY_READ, .handle = handle_document, \
    .view = view_, ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, tag_, permission_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = tag_, .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)
#define SPECIAL(method_, path_, tag_, permission_, handle_, en, zh) \
    .method = method_, .path = path_, .tag = tag_, .permission = PERMISSION_##permission_, .handle = handle_, \
    ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    LIST("/customers", "customers", query_list_fields, VIEW_CUSTOMERS, "Customers", "客户列表"),
    { WRITE("POST", "/customers", "customers", CUSTOMERS_WRITE, CORE_CUSTOMER_CREATE, core_customer, "Add a customer",
        "新增客户"), ROUTE_FIELDS(customer_create_fields), .view = VIEW_CUSTOMER },
    { ONE("/customers/{id}", "customers", VIEW_CUSTOMER, "One customer, accounts and timeline", "客户详情"),
        ROUTE_PARTS(customer_parts) },
    { WRITE("PATCH", "/customers/{id}", "customers", CUSTOMERS_WRITE, CORE_CUSTOMER_CHANGE, core_customer,
        "Change a customer", "修改客户"), ROUTE_FIELDS(customer_change_fields), .view = VIEW_CUSTOMER },
    LIST("/accounts", "customers", account_list_fields, VIEW_ACCOUNTS, "Accounts", "户列表"),
    { WRITE("POST", "/accounts", "customers", CUSTOMERS_WRITE, CORE_ACCOUNT_OPEN, core_account, "Open an account", "开户"),
        ROUTE_FIELDS(account_open_fields), .view = VIEW_ACCOUNT },
    { ONE("/accounts/{id}", "customers", VIEW_ACCOUNT, "One account", "户详情") },
    { WRITE("PATCH", "/accounts/{id}", "customers", CUSTOMERS_WRITE, CORE_ACCOUNT_CHANGE, core_account,
        "Change an account", "修改户"), ROUTE_FIELDS(account_change_fields), .view = VIEW_ACCOUNT },
    LIST("/accounts/{id}/members", "customers", list_fields, VIEW_ACCOUNT_MEMBERS,
        "Rooms that this account pays for, and what each has cost", "组合户的分户"),
    { WRITE("POST", "/accounts/{id}/group", "customers", CUSTOMERS_WRITE, CORE_GROUP_JOIN, core_group,
        "Be paid by and cut off with another account, or stand alone again", "加入或退出组合户"), ROUTE_FIELDS(group_fields),
        .view = VIEW_ACCOUNT },
    LIST("/accounts/{id}/shares", "customers", list_fields, VIEW_ACCOUNT_SHARES,
        "Who shares the cost of this public meter, and what each has paid of it", "公共表的分摊户"),
    LIST("/accounts/{id}/shares-of", "customers", list_fields, VIEW_ACCOUNT_SHARES_OF,
        "Public meters whose cost this account shares", "该户分摊的公共表"),
    { WRITE("POST", "/accounts/{id}/share", "customers", CUSTOMERS_WRITE, CORE_SHARE_SET, core_share,
        "Share in the cost of a public meter, or no longer", "设置公共表分摊比例"), ROUTE_FIELDS(share_fields),
        .view = VIEW_ACCOUNT },
    LIST("/accounts/{id}/statement", "customers", list_fields, VIEW_ACCOUNT_STATEMENT, "Every posting of the wallet",
        "钱包流水"),
    LIST("/accounts/{id}/charges", "customers", list_fields, VIEW_ACCOUNT_CHARGES, "What each day cost", "每日扣费"),
    LIST("/accounts/{id}/notices", "customers", list_fields, VIEW_ACCOUNT_NOTICES, "What the customer was told", "该户通知"),
    { SPECIAL("GET", "/cash-desk/find", "payments", MONEY_READ, handle_cash_desk_find, "Find whose money this is",
        "收费台查找"), ROUTE_FIELDS(find_fields) },
    LIST("/payments", "payments", payment_list_fields, VIEW_PAYMENTS, "Payments", "缴费列表"),
    { SPECIAL("POST", "/payments", "payments", PAYMENTS_WRITE, handle_payment, "Take a payment", "收款"),
        ROUTE_FIELDS(payment_fields) },
    { ONE("/payments/{id}", "payments", VIEW_PAYMENT, "One payment", "缴费详情") },
    LIST("/bills", "bills", bill_list_fields, VIEW_BILLS, "Bills", "账单列表"),
    { ONE("/bills/{id}", "bills", VIEW_BILL, "One bill, its lines and the readings behind them", "账单详情"),
        ROUTE_PARTS(bill_parts) },
    { SPECIAL("GET", "/settlement/preview", "bills", MONEY_READ, handle_settlement_preview, "What a run would bill, and what not",
        "结算预览"), ROUTE_FIELDS(preview_fields) },
    { SPECIAL("POST", "/settlement", "bills", SETTLEMENT_RUN, handle_settlement_run, "Issue the bills of a period", "出账"),
        ROUTE_FIELDS(settlement_fields) },
    LIST("/arrears", "arrears", arrears_fields, VIEW_ARREARS, "Who is warned, who will be cut off", "欠费与停供"),
    LIST("/arrears/batches", "customers", list_fields, VIEW_CUT_OFF_BATCHES, "Cut-offs that two people answer for", "停供批次"),
    { WRITE("POST", "/arrears/batches", "customers", COMMANDS_WRITE, CORE_BATCH_ASK, core_batch,
        "Ask for more cut-offs today than happen by themselves", "申请停供批次"), ROUTE_FIELDS(batch_fields),
        .view = VIEW_CUT_OFF_BATCH },
    { WRITE("POST", "/arrears/batches/{id}/release", "customers", COMMANDS_WRITE, CORE_BATCH_RELEASE, core_reason,
        "Release it, as another person", "放行停供批次"), ROUTE_FIELDS(reason_fields), .view = VIEW_CUT_OFF_BATCH },
    { WRITE("POST", "/arrears/batches/{id}/stop", "customers", COMMANDS_WRITE, CORE_BATCH_STOP, core_reason,
        "Nothing more closes by it; what was asked of a valve goes on", "停止停供批次"), ROUTE_FIELDS(reason_fields),
        .view = VIEW_CUT_OFF_BATCH },
    { ONE("/arrears/batches/{id}", "customers", VIEW_CUT_OFF_BATCH, "One batch of cut-offs", "停供批次详情") },
    LIST("/arrears/batches/{id}/meters", "customers", list_fields, VIEW_CUT_OFF_METERS,
        "Valves asked to close since its release, and how far each is", "停供批次逐表结果"),
    LIST("/arrears/protected", "customers", list_fields, VIEW_CUSTOMERS_PROTECTED, "Customers who are never cut off",
        "保护用户"),
    LIST("/groups", "customers", list_fields, VIEW_ACCOUNT_GROUPS, "Accounts that pay for others", "组合户列表"),
    LIST("/ledger/drift", "ledger", drift_fields, VIEW_METER_DRIFT,
        "Meters that show another balance than the books say: money, units, or any where the platform holds it",
        "表端余额与账面差异"),
    LIST("/notices", "notices", notice_list_fields, VIEW_NOTICES, "What people were told", "通知列表"),
};

const struct route_list routes_money = { rows, sizeof rows / sizeof rows[0] };
