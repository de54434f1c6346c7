/* Routes of settlements: drafted, looked at, approved by another person, issued, taken back. */
#include "api/handlers.h"
#include "api/route.h"

static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field draft_fields[] = {
    { .name = "to_day", .type = FIELD_DAY, .required = true, FIELD_INTO(core_settlement, to_day),
        .summary = "bills close at this midnight, or at their contract's before it" },
    { .name = "accounts", .type = FIELD_CHOICE, .choices = "due all", FIELD_INTO(core_settlement, accounts),
        .summary = "due: whose contract's day has come (when absent); all: every post-paid account up to to_day" },
    { .name = "estimate", .type = FIELD_CHOICE, .choices = "hold usual", FIELD_INTO(core_settlement, estimate),
        .summary = "a missing reading: hold the bill (when absent), or estimate by the usual use and mark it" },
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, FIELD_INTO(core_settlement, area_id),
        .summary = "only accounts of this area and below; all of the caller's when absent" },
    { .name = "months", .type = FIELD_INTEGER, .minimum = 1, .maximum = 12, FIELD_INTO(core_settlement, months),
        .summary = "only contracts with periods of so many months; all when absent" },
};
static const struct field draft_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "held", .type = FIELD_BOOLEAN, .summary = "only those that would not be billed, or only the others" },
};
static const struct field exception_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "exception", .type = FIELD_CHOICE, .choices = "jump zero",
        .summary = "jump: more than three times the daily use of the last bill; zero: nothing used where there was use" },
    { .name = "open", .type = FIELD_BOOLEAN, .summary = "only those that nobody has decided, or only the others" },
};
static const struct field review_fields[] = {
    { .name = "decision", .type = FIELD_CHOICE, .required = true, .choices = "accept hold",
        FIELD_INTO(core_review, decision), .summary = "accept: issue it as drafted; hold: no bill in this settlement" },
    { .name = "account_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX, FIELD_INTO(core_review, account_id),
        .summary = "whose draft; absent: every open draft of `exception`, to be accepted" },
    { .name = "exception", .type = FIELD_CHOICE, .choices = "jump zero", FIELD_INTO(core_review, exception),
        .summary = "without account_id: which ones; jump when absent" },
};
static const struct field sample_fields[] = {
    { .name = "account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        .summary = "whose bill" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 200, FIELD_INTO(core_reason, reason),
        .summary = "why; kept in the audit trail" },
};

#define LIST(path_, fields_, view_, en, zh) \
    { .method = "GET", .path = path_, .tag = "bills", .permission = PERMISSION_MONEY_READ, .handle = handle_list, \
        ROUTE_FIELDS(fields_), .view = view_, ROUTE_SUMMARY(en, zh) }
#define WRITE(path_, operation_, type_, fields_, en, zh) \
    { .method = "POST", .path = path_, .tag = "bills", .permission = PERMISSION_SETTLEMENT_RUN, .handle = handle_write, \
        .operation = operation_, ROUTE_REQUEST(type_), ROUTE_FIELDS(fields_), .view = VIEW_SETTLEMENT_RUN, \
        ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    LIST("/settlement/runs", list_fields, VIEW_SETTLEMENT_RUNS, "Settlements and how far they are", "结算批次"),
    WRITE("/settlement/runs", CORE_RUN_DRAFT, core_settlement, draft_fields, "Draft the bills of a settlement",
        "生成结算草稿"),
    LIST("/settlement/held", list_fields, VIEW_ACCOUNTS_HELD,
        "Accounts whose settlement waits, and why (held, held_zh, held_en); each is tried again by itself", "待结算账户与原因"),
    { .method = "GET", .path = "/settlement/runs/{id}", .tag = "bills", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_SETTLEMENT_RUN, ROUTE_SUMMARY("One settlement", "结算批次详情") },
    LIST("/settlement/runs/{id}/drafts", draft_list_fields, VIEW_SETTLEMENT_DRAFTS,
        "What it would bill, and what it holds back", "结算草稿明细"),
    LIST("/settlement/runs/{id}/held", list_fields, VIEW_SETTLEMENT_HELD, "What it holds back, and why", "结算暂挂明细"),
    LIST("/settlement/runs/{id}/exceptions", exception_list_fields, VIEW_SETTLEMENT_EXCEPTIONS,
        "Drafts that stand out and what was decided about them", "结算异常明细"),
    { .method = "GET", .path = "/settlement/runs/{id}/bill", .tag = "bills", .permission = PERMISSION_MONEY_READ,
        .handle = handle_settlement_sample, ROUTE_FIELDS(sample_fields),
        ROUTE_SUMMARY("The bill that an account would get, line by line", "单户账单试算") },
    WRITE("/settlement/runs/{id}/review", CORE_RUN_REVIEW, core_review, review_fields,
        "Decide about drafts before the settlement is approved", "复核草稿"),
    WRITE("/settlement/runs/{id}/approve", CORE_RUN_APPROVE, core_reason, reason_fields,
        "Issue exactly what another person drafted", "审核并出账"),
    WRITE("/settlement/runs/{id}/cancel", CORE_RUN_CANCEL, core_reason, reason_fields, "Stop it; what was issued stands",
        "取消结算"),
    WRITE("/settlement/runs/{id}/reverse", CORE_RUN_REVERSE, core_reason, reason_fields,
        "Take every bill of it back by correcting transfers", "整批冲正"),
};

const struct route_list routes_settlement = { rows, sizeof rows / sizeof rows[0] };
