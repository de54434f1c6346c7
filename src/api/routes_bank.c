#include "api/bank_port.h"
#include "api/handlers.h"
#include "api/route.h"

#define COLUMN(name_, summary_) \
    { .name = #name_, .type = FIELD_TEXT, .minimum = 0, .maximum = BANK_COLUMN_SIZE - 1, \
        FIELD_INTO(core_bank_mapping, mapping.name_), .summary = summary_ }

static const struct field list_fields[] = { FIELDS_OF_LIST };
static const struct field check_fields[] = {
    { .name = "bank", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = CASH_BANK_SIZE - 1,
        FIELD_INTO(core_bank_check, bank), .summary = "whose statement: its mapping of columns is used" },
    { .name = "file_name", .type = FIELD_TEXT, .minimum = 0, .maximum = CORE_NAME_LIMIT - 1,
        FIELD_INTO(core_bank_check, file_name), .summary = "what the file is called" },
};
static const struct field line_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "verdict", .type = FIELD_CHOICE, .choices = "matched ambiguous unmatched duplicate outgoing bad",
        .summary = "only these" },
    { .name = "state", .type = FIELD_CHOICE, .choices = "checked booked suspense assigned skipped returned", .summary = "only these" },
};
static const struct field mapping_fields[] = {
    { .name = "bank", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = CASH_BANK_SIZE - 1,
        FIELD_INTO(core_bank_mapping, mapping.bank), .summary = "which bank" },
    { .name = "amount", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = BANK_COLUMN_SIZE - 1,
        FIELD_INTO(core_bank_mapping, mapping.amount), .summary = "heading of the money that came in" },
    COLUMN(direction, "heading of in or out, when one column holds both amounts"),
    COLUMN(incoming, "what that column says of money that came in"),
    COLUMN(serial, "heading of the bank's serial number: with it a transfer is known again"),
    COLUMN(time, "heading of date or time"),
    COLUMN(payer, "heading of the payer's name"),
    COLUMN(payer_account, "heading of the payer's account number; its last four digits are kept"),
    COLUMN(remark, "heading of the remark; several joined by +"),
};
static const struct field assign_fields[] = {
    { .name = "account_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_bank_assign, account_id), .summary = "whose it is" },
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "kept in the audit trail" },
};
static const struct field return_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "why it goes back" },
};
static const struct route_part statement_parts[] = { { "counts", VIEW_BANK_STATEMENT_COUNTS, true } };

#define READ(path_, view_, en, zh) \
    .method = "GET", .path = path_, .tag = "bank statements", .permission = PERMISSION_MONEY_READ, .view = view_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(path_, operation_, type_, view_, en, zh) \
    .method = "POST", .path = path_, .tag = "bank statements", .permission = PERMISSION_SETTLEMENT_RUN, \
    .handle = handle_write, .operation = operation_, ROUTE_REQUEST(type_), .view = view_, ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/bank-mappings", VIEW_BANK_MAPPINGS, "Which heading of a bank's statement is what", "银行流水列对应"),
        .handle = handle_list, ROUTE_FIELDS(list_fields) },
    { WRITE("/bank-mappings", CORE_BANK_MAPPING_PUT, core_bank_mapping, VIEW_NONE,
        "Remember the headings of a bank's statement", "保存银行流水列对应"), ROUTE_FIELDS(mapping_fields) },
    { READ("/bank-statements", VIEW_BANK_STATEMENTS, "Bank statements", "银行流水列表"), .handle = handle_list,
        ROUTE_FIELDS(list_fields) },
    { .method = "POST", .path = "/bank-statements", .tag = "bank statements", .permission = PERMISSION_SETTLEMENT_RUN,
        .handle = handle_bank_statement, ROUTE_FIELDS(check_fields), .body_type = "*/*",
        .operation = CORE_BANK_CHECK, .view = VIEW_BANK_STATEMENT, ROUTE_PARTS(statement_parts),
        ROUTE_SUMMARY("Check a statement, a workbook (xlsx) or CSV in UTF-8 or GB18030: every line is looked at and nothing booked",
            "检查银行流水(xlsx, 或 UTF-8 / GB18030 的 CSV), 逐行说明, 不入账") },
    { READ("/bank-statements/{id}", VIEW_BANK_STATEMENT, "One statement, counted by what was found", "银行流水详情"),
        .handle = handle_document, ROUTE_PARTS(statement_parts) },
    { READ("/bank-statements/{id}/lines", VIEW_BANK_STATEMENT_LINES, "Its lines", "银行流水明细"), .handle = handle_list,
        ROUTE_FIELDS(line_list_fields) },
    { WRITE("/bank-statements/{id}/book", CORE_BANK_BOOK, core_reason, VIEW_BANK_STATEMENT,
        "Book what was checked; it goes on by itself", "银行流水入账"), ROUTE_FIELDS(reason_fields) },
    { WRITE("/bank-statements/{id}/cancel", CORE_BANK_CANCEL, core_reason, VIEW_BANK_STATEMENT,
        "Forget it, or stop booking: what is booked stands", "取消银行流水"), ROUTE_FIELDS(reason_fields) },
    { READ("/bank-lines", VIEW_BANK_LINES, "Lines of all statements, such as those in suspense", "银行流水明细(全部)"),
        .handle = handle_list, ROUTE_FIELDS(line_list_fields) },
    { WRITE("/bank-lines/{id}/assign", CORE_BANK_ASSIGN, core_bank_assign, VIEW_BANK_LINE,
        "Say whose the money of a line is", "指定银行流水明细的账户"), ROUTE_FIELDS(assign_fields) },
    { WRITE("/bank-lines/{id}/return", CORE_BANK_RETURN, core_reason, VIEW_BANK_LINE,
        "Ask for a line in suspense to go back to its sender; another person approves it", "申请退回暂挂的银行转账"),
        ROUTE_FIELDS(return_fields) },
};

const struct route_list routes_bank = { rows, sizeof rows / sizeof rows[0] };
