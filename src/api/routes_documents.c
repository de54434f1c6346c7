#include "api/handlers.h"
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

#define PDF(path_, tag_, handle_, fields_, en, zh) \
    { .method = "GET", .path = path_, .tag = tag_, .permission = PERMISSION_MONEY_READ, .handle = handle_, \
        ROUTE_FIELDS(fields_), .answer_type = "application/pdf", ROUTE_SUMMARY(en, zh) }

static const struct api_route rows[] = {
    PDF("/payments/{id}/receipt.pdf", "documents", handle_receipt_pdf, receipt_fields,
        "The receipt of a payment; each GET is a print and is counted", "缴费收据 PDF, 每次获取计为一次打印"),
    PDF("/bills/{id}/bill.pdf", "documents", handle_bill_pdf, paper_fields,
        "A bill on paper; each GET is a print and is counted", "账单 PDF, 每次获取计为一次打印"),
    PDF("/accounts/{id}/statement.pdf", "documents", handle_statement_pdf, statement_fields,
        "What moved in an account in a period; each GET is a print and is counted", "账户对账单 PDF, 每次获取计为一次打印"),
};

const struct route_list routes_documents = { rows, sizeof rows / sizeof rows[0] };
