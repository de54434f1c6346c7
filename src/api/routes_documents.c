#include "api/document_work.h"
#include "api/handlers.h"
#include "api/invoice_fields.h"
#include "api/route.h"

#define FIELD_PAPER(words) \
    { .name = "paper", .type = FIELD_TEXT, .minimum = 1, .maximum = 7, .summary = words }
#define FIELD_LANGUAGE \
    { .name = "language", .type = FIELD_CHOICE, .choices = "zh en", .summary = "of the document; the caller's when absent" }

static const struct field receipt_fields[] = {
    FIELD_PAPER("80, 58 (mm of a roll), 241 (continuous form) or a4; the setting receipt_paper when absent"), FIELD_LANGUAGE,
};
static const struct field paper_fields[] = { FIELD_PAPER("a4"), FIELD_LANGUAGE };
static const struct field statement_fields[] = {
    { .name = "from", .type = FIELD_DAY, .required = true, .summary = "first day of the period" },
    { .name = "to", .type = FIELD_DAY, .required = true, .summary = "last day of the period, included" },
    FIELD_PAPER("a4"), FIELD_LANGUAGE,
};

#define FIELDS_OF_BATCH \
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX, \
        .summary = "where the file begins: X-Next-Cursor of the one before" }, \
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = DOCUMENT_BATCH_LIMIT, \
        .summary = "documents of a file; 50 when absent" }, \
    FIELD_PAPER("a4"), FIELD_LANGUAGE

static const struct field bills_fields[] = {
    FIELD_AREA,
    FIELDS_OF_BATCH,
    { .name = "state", .type = FIELD_CHOICE, .choices = "issued paid overdue", .summary = "only these" },
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("customer_id", "only of this customer"),
    FIELD_ID("run_id", "only those that this settlement issued"),
};
static const struct field notices_fields[] = {
    FIELD_AREA,
    FIELDS_OF_BATCH,
    { .name = "stage", .type = FIELD_CHOICE, .choices = "good low_first low_second overdraft final_notice cut",
        .summary = "only in this stage" },
};
static const struct field label_fields[] = {
    FIELD_AREA,
    FIELD_QUERY,
    { .name = "status", .type = FIELD_CHOICE, .choices = "normal cut fault alarm silent", .summary = "only meters in it" },
    { .name = "kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 20, .summary = "only meters of this kind" },
    FIELD_PAPER("a4 (sheet of 3 by 7) or 60 (roll of 60 by 40 mm)"), FIELD_LANGUAGE,
};

static const struct field template_read_fields[] = {
    { .name = "version", .type = FIELD_INTEGER, .minimum = 1, .maximum = 1000, .summary = "the text of this version; the newest when absent" },
};
static const struct field template_put_fields[] = {
    { .name = "text", .type = FIELD_TEXT, .required = true, .minimum = 0, .maximum = 32768,
        .summary = "the template, one element a line; empty: the built-in one again" },
    { .name = "based_on", .type = FIELD_INTEGER, .required = true, .minimum = 0, .maximum = 1000,
        .summary = "the newest version seen, 0 when there is none: somebody else's change is not overwritten" },
    { .name = "note", .type = FIELD_TEXT, .minimum = 0, .maximum = 120, .summary = "why; kept with the version" },
};
static const struct field preview_fields[] = {
    { .name = "text", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 32768, .summary = "the template" },
    { .name = "page", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "1 when absent" },
    { .name = "dots", .type = FIELD_INTEGER, .minimum = 36, .maximum = 300, .summary = "dots per inch of the picture; 110 when absent" },
};

static const struct field invoice_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE,
        .choices = "asked sent issued refused cancelled red_asked red_sent red_lettered", .summary = "only these" },
    FIELD_ID("account_id", "only of this account"),
    FIELD_ID("bill_id", "only of this bill"),
    FIELD_ID("payment_id", "only of this payment"),
};
static const struct field invoice_fields[] = {
    FIELDS_OF_INVOICE,
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 64, FIELD_INTO(core_invoice, key),
        .summary = "chosen by the caller: the same key twice is one invoice" },
};
static const struct field invoice_reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 120, FIELD_INTO(core_reason, reason),
        .summary = "why; kept with the act" },
};
static const struct route_part invoice_parts[] = { { "lines", VIEW_INVOICE_LINES, true } };

#define INVOICE_WRITE(path_, operation_, type_, fields_, en, zh) \
    { .method = "POST", .path = path_, .tag = "invoices", .permission = PERMISSION_PAYMENTS_WRITE, .handle = handle_write, \
        .operation = operation_, ROUTE_REQUEST(type_), ROUTE_FIELDS(fields_), .view = VIEW_INVOICE, ROUTE_SUMMARY(en, zh) }

#define PDF(path_, handle_, fields_, en, zh) \
    { .method = "GET", .path = path_, .tag = "documents", .permission = PERMISSION_MONEY_READ, .handle = handle_, \
        ROUTE_FIELDS(fields_), .answer_type = "application/pdf", .at_core = true, ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    PDF("/payments/{id}/receipt.pdf", handle_receipt_pdf, receipt_fields,
        "The receipt of a payment; each GET is a print and is counted", "缴费收据 PDF, 每次获取计为一次打印"),
    PDF("/bills/{id}/bill.pdf", handle_bill_pdf, paper_fields,
        "A bill on paper; each GET is a print and is counted", "账单 PDF, 每次获取计为一次打印"),
    PDF("/accounts/{id}/statement.pdf", handle_statement_pdf, statement_fields,
        "What moved in an account in a period; each GET is a print and is counted", "账户对账单 PDF, 每次获取计为一次打印"),
    PDF("/bills.pdf", handle_bills_pdf, bills_fields,
        "Bills of a list in one file, those taken back left out; each is a print and is counted. X-Next-Cursor: where the next file begins",
        "批量账单 PDF (已冲正的除外), 每张计为一次打印; X-Next-Cursor 为下一个文件的起点"),
    PDF("/closings/{id}/closing.pdf", handle_closing_pdf, paper_fields,
        "What the end of a contract came to; each GET is a print and is counted", "销户结算单 PDF, 每次获取计为一次打印"),
    PDF("/accounts/{id}/notice.pdf", handle_notice_pdf, paper_fields,
        "A letter that reminds of what is due; each GET is a print and is counted", "催缴通知单 PDF, 每次获取计为一次打印"),
    PDF("/arrears/notices.pdf", handle_notices_pdf, notices_fields,
        "Letters to all in the list of arrears who owe something, in one file; X-Next-Cursor: where the next file begins",
        "批量催缴通知单 PDF, 每张计为一次打印; X-Next-Cursor 为下一个文件的起点"),
    PDF("/invoices/{id}/invoice.pdf", handle_invoice_pdf, paper_fields,
        "The data of an issued invoice on paper; each GET is a print and is counted", "发票信息 PDF, 每次获取计为一次打印"),
    { .method = "GET", .path = "/devices/labels.pdf", .tag = "documents", .permission = PERMISSION_DEVICES_READ,
        .handle = handle_labels_pdf, ROUTE_FIELDS(label_fields), .answer_type = "application/pdf",
        ROUTE_SUMMARY("Labels with QR code for the meters of a list, at most 1,000", "表签 PDF, 最多 1000 张") },
    { .method = "GET", .path = "/invoices", .tag = "invoices", .permission = PERMISSION_MONEY_READ, .handle = handle_list,
        ROUTE_FIELDS(invoice_list_fields), .view = VIEW_INVOICES, ROUTE_SUMMARY("Invoices and how far they are", "发票列表") },
    INVOICE_WRITE("/invoices", CORE_INVOICE_ASK, core_invoice, invoice_fields,
        "Ask for the invoice of a bill or a payment; one living invoice each", "申请开票"),
    { .method = "GET", .path = "/invoices/{id}", .tag = "invoices", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_INVOICE, ROUTE_PARTS(invoice_parts), ROUTE_SUMMARY("One invoice and its lines", "发票详情") },
    INVOICE_WRITE("/invoices/{id}/cancel", CORE_INVOICE_CANCEL, core_reason, invoice_reason_fields,
        "Take back one that was not handed over yet", "撤回未提交的开票申请"),
    { .method = "POST", .path = "/invoices/{id}/retry", .tag = "invoices", .permission = PERMISSION_PAYMENTS_WRITE,
        .handle = handle_write, .operation = CORE_INVOICE_RETRY, ROUTE_REQUEST(core_request), .view = VIEW_INVOICE,
        ROUTE_SUMMARY("Speak to the provider now instead of waiting for the next time", "立即重试") },
    INVOICE_WRITE("/invoices/{id}/red-letter", CORE_INVOICE_RED_LETTER, core_reason, invoice_reason_fields,
        "Take an issued invoice back by a red-letter invoice, once", "红冲发票"),
    { .method = "GET", .path = "/document-templates", .tag = "documents", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document_templates, ROUTE_SUMMARY("Every document, paper and language, and the names templates may use", "单据模板列表") },
    { .method = "GET", .path = "/document-templates/{key}", .tag = "documents", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document_template, ROUTE_FIELDS(template_read_fields),
        ROUTE_SUMMARY("One template, by KIND.PAPER.LANGUAGE (receipt.80.zh), and its versions", "单据模板详情, 按 类型.纸张.语言") },
    { .method = "PUT", .path = "/document-templates/{key}", .tag = "documents", .permission = PERMISSION_SETTINGS_WRITE,
        .handle = handle_document_template_put, ROUTE_FIELDS(template_put_fields),
        ROUTE_SUMMARY("Save a new version of a template", "保存单据模板新版本") },
    { .method = "POST", .path = "/document-templates/{key}/preview", .tag = "documents", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document_preview, ROUTE_FIELDS(preview_fields),
        ROUTE_SUMMARY("A page of a template with sample values as a picture, or what is wrong in which line", "模板样张预览") },
};

const struct route_list routes_documents = { rows, sizeof rows / sizeof rows[0] };
