#include "api/handlers.h"
#include "api/invoice_fields.h"
#include "api/payment_port.h"
#include "api/resident_port.h"
#include "api/resident_session.h"
#include "api/route.h"

#define FEN_LIMIT INT64_C(5000000) /* 50,000 yuan at once: more is paid at the counter */

#define FIELDS_OF_ORDER \
    { .name = "channel", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 15, \
        .summary = "name of a configured channel" }, \
    { .name = "scene", .type = FIELD_CHOICE, .required = true, .choices = "qr in_app mobile page", \
        .summary = "how the payer is led to the payment" }, \
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 32, \
        .summary = "chosen by the caller: the same key twice is one order" }, \
    { .name = "payer_id", .type = FIELD_TEXT, .minimum = 1, .maximum = 63, .summary = "WeChat openid, of in_app; a bound phone's own when absent" }

#define FIELDS_OF_LINK \
    { .name = "bill", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT64_MAX, \
        .summary = "of the link" }, \
    { .name = "code", .type = FIELD_TEXT, .required = true, .minimum = 16, .maximum = 16, .summary = "of the link" }

static const struct field bind_fields[] = {
    { .name = "login", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 63, .summary = "user name" },
    { .name = "password", .type = FIELD_SECRET, .required = true, .minimum = 1, .maximum = 128, .summary = "password" },
    { .name = "new_password", .type = FIELD_SECRET, .minimum = 1, .maximum = 128,
        .summary = "with a first password: the one that replaces it, at least 10 characters" },
    { .name = "phone_name", .type = FIELD_TEXT, .minimum = 0, .maximum = 60, .summary = "what the family calls this phone" },
    { .name = "bearer", .type = FIELD_BOOLEAN,
        .summary = "true: answer with a token for the Authorization header instead of a cookie" },
};
static const struct field password_fields[] = {
    { .name = "customer_id", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = INT64_MAX,
        .summary = "whose password" },
    { .name = "password", .type = FIELD_SECRET, .required = true, .minimum = 1, .maximum = 128, .summary = "the present one" },
    { .name = "new_password", .type = FIELD_SECRET, .required = true, .minimum = 1, .maximum = 128,
        .summary = "at least 10 characters" },
};
static const struct field page_fields[] = {
    { .name = "cursor", .type = FIELD_INTEGER, .minimum = 0, .maximum = INT64_MAX,
        .summary = "where the page begins: `next` of the page before" },
    { .name = "limit", .type = FIELD_INTEGER, .minimum = 1, .maximum = 200, .summary = "rows of a page; 50 when absent" },
};
static const struct field usage_fields[] = {
    { .name = "from", .type = FIELD_DAY, .summary = "first day" },
    { .name = "to", .type = FIELD_DAY, .summary = "last day; today when absent" },
    { .name = "step", .type = FIELD_CHOICE, .choices = "day month", .summary = "what one row covers; day when absent" },
};
static const struct field order_fields[] = {
    { .name = "amount_fen", .type = FIELD_INTEGER, .required = true, .minimum = 1, .maximum = FEN_LIMIT,
        .summary = "how much" },
    FIELDS_OF_ORDER,
};
static const struct field payer_fields[] = {
    { .name = "channel", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 15,
        .summary = "name of a configured channel that has a payer_page" },
    { .name = "code", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 512,
        .summary = "as WeChat led back with; good once" },
};
static const struct field link_fields[] = { FIELDS_OF_LINK };
static const struct field link_order_fields[] = { FIELDS_OF_LINK, FIELDS_OF_ORDER };
static const struct field invoice_fields[] = {
    FIELDS_OF_INVOICE,
    { .name = "key", .type = FIELD_TEXT, .required = true, .minimum = 8, .maximum = 32,
        .summary = "chosen by the caller: the same key twice is one invoice" },
};
static const struct field paper_fields[] = {
    { .name = "language", .type = FIELD_CHOICE, .choices = "zh en", .summary = "of the paper; that of the request when absent" },
};
static const struct field issue_fields[] = {
    { .name = "login", .type = FIELD_TEXT, .minimum = 2, .maximum = 32,
        .summary = "user name, such as a phone number; the present one, or the customer's number, when absent" },
};
static const struct route_part bill_parts[] = {
    { "lines", VIEW_BILL_LINES, true },
    { "readings", VIEW_BILL_READINGS, true },
};
static const struct route_part customer_parts[] = { { "phones", VIEW_CUSTOMER_PHONES, true } };

#define RESIDENT(method_, path_, handle_, en, zh) \
    .method = method_, .path = "/resident" path_, .tag = "residents", .permission = ROUTE_RESIDENT, .handle = handle_, \
        ROUTE_SUMMARY(en, zh)
#define ANYBODY(method_, path_, handle_, en, zh) \
    .method = method_, .path = "/resident" path_, .tag = "residents", .permission = ROUTE_PUBLIC, .handle = handle_, \
        ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { ANYBODY("POST", "/bind", handle_resident_bind, "Bind a phone to a customer by user name and password",
        "以户名和密码绑定手机"), ROUTE_FIELDS(bind_fields) },
    { ANYBODY("POST", "/demo-session", handle_resident_demo, "Look through a resident's eyes, in a demonstration only",
        "以住户身份查看(仅演示)") },
    { RESIDENT("GET", "/session", handle_resident_session, "This phone, its customer numbers and the family's phones",
        "本手机与绑定关系") },
    { RESIDENT("DELETE", "/session", handle_resident_forget, "End all bindings of this phone", "解除本手机的全部绑定") },
    { RESIDENT("DELETE", "/bindings/{id}", handle_resident_unbind, "End a binding of this phone or of the family's",
        "解除一项绑定") },
    { RESIDENT("POST", "/password", handle_resident_password,
        "Choose a new password; all other phones are bound no longer", "修改密码, 其他手机自动解除绑定"),
        ROUTE_FIELDS(password_fields) },
    { RESIDENT("GET", "/accounts", handle_resident_accounts, "Balance, supply and use of each of one's meters",
        "各表余额、供应状态与用量") },
    { RESIDENT("GET", "/accounts/{id}/usage", handle_resident_usage, "Use by day or month", "按日或按月用量"),
        ROUTE_FIELDS(usage_fields) },
    { RESIDENT("GET", "/accounts/{id}/charges", handle_list, "What each day cost, from which readings", "每日扣费与依据"),
        ROUTE_FIELDS(page_fields), .view = VIEW_RESIDENT_CHARGES },
    { RESIDENT("GET", "/accounts/{id}/bills", handle_list, "Bills", "账单"), ROUTE_FIELDS(page_fields),
        .view = VIEW_RESIDENT_BILLS },
    { RESIDENT("GET", "/bills/{id}", handle_document, "One bill: why this amount", "账单详情与金额由来"),
        .view = VIEW_RESIDENT_BILL, ROUTE_PARTS(bill_parts) },
    { RESIDENT("GET", "/accounts/{id}/payments", handle_list, "Payments", "缴费记录"), ROUTE_FIELDS(page_fields),
        .view = VIEW_RESIDENT_PAYMENTS },
    { RESIDENT("GET", "/accounts/{id}/uses", handle_list, "Single uses of a hot-water tap: kept aside, charged, given back",
        "单次用热水记录"), ROUTE_FIELDS(page_fields), .view = VIEW_RESIDENT_USES },
    { RESIDENT("GET", "/accounts/{id}/invoices", handle_list, "Invoices asked for and how far they are", "发票"),
        ROUTE_FIELDS(page_fields), .view = VIEW_RESIDENT_INVOICES },
    { RESIDENT("GET", "/accounts/{id}/invoice-bases", handle_list, "Bills and payments an invoice can be asked for",
        "可开票的账单与缴费"), .view = VIEW_RESIDENT_INVOICE_BASES },
    { RESIDENT("POST", "/accounts/{id}/invoices", handle_write,
        "Ask for the invoice of a bill or a payment of one's own; one living invoice each", "申请开票"),
        ROUTE_FIELDS(invoice_fields), .operation = CORE_INVOICE_ASK, ROUTE_REQUEST(core_invoice),
        .prepare = resident_invoice_prepare },
    { RESIDENT("GET", "/invoices/{id}/invoice.pdf", handle_resident_invoice_pdf, "The data of an issued invoice on paper",
        "发票信息 PDF"), ROUTE_FIELDS(paper_fields), .answer_type = "application/pdf", .at_core = true },
    { RESIDENT("POST", "/accounts/{id}/orders", handle_resident_order, "Begin a payment through a channel", "发起缴费"),
        ROUTE_FIELDS(order_fields) },
    { RESIDENT("GET", "/orders/{id}", handle_document, "A payment on its way: paid, booked, at the meter, open again",
        "缴费进度"), .view = VIEW_RESIDENT_ORDER },
    { ANYBODY("GET", "/channels", handle_payment_channels, "How one can pay", "可用的支付方式"), .at_core = true },
    { ANYBODY("POST", "/payer", handle_resident_payer,
        "Who pays in WeChat, by the code of its log-in; a bound phone remembers it", "以微信授权码换取付款人标识"),
        ROUTE_FIELDS(payer_fields) },
    { ANYBODY("GET", "/pay", handle_link_bill, "What is due on the bill of a link", "扫码缴费: 应缴金额"),
        ROUTE_FIELDS(link_fields), .at_core = true },
    { ANYBODY("POST", "/pay", handle_link_order, "Pay the bill of a link", "扫码缴费: 发起支付"),
        ROUTE_FIELDS(link_order_fields) },
    { ANYBODY("GET", "/pay-orders/{key}", handle_link_order_read, "How far a payment of a link is", "扫码缴费: 进度"),
        .at_core = true },

    { .method = "GET", .path = "/bills/{id}/pay-link", .tag = "residents", .permission = PERMISSION_MONEY_READ,
        .handle = handle_resident_pay_link, .at_core = true, ROUTE_SUMMARY("The link by which anybody can pay the bill", "账单缴费链接") },
    { .method = "GET", .path = "/customers/{id}/resident", .tag = "residents", .permission = PERMISSION_MONEY_READ,
        .handle = handle_document, .view = VIEW_CUSTOMER_RESIDENT, ROUTE_PARTS(customer_parts),
        ROUTE_SUMMARY("A customer's login and bound phones", "客户的住户登录与已绑定手机") },
    { .method = "POST", .path = "/customers/{id}/resident", .tag = "residents", .permission = PERMISSION_CUSTOMERS_WRITE,
        .handle = handle_resident_issue, ROUTE_FIELDS(issue_fields),
        ROUTE_SUMMARY("Give a customer a first password, once shown; bound phones are bound no longer",
            "发放初始密码(仅显示一次), 已绑定手机随之解绑") },
    { .method = "DELETE", .path = "/customers/{id}/resident", .tag = "residents", .permission = PERMISSION_CUSTOMERS_WRITE,
        .handle = handle_write, .operation = CORE_RESIDENT_WITHDRAW, ROUTE_REQUEST(core_resident),
        ROUTE_SUMMARY("Take a customer's login away", "停用客户的住户登录") },
    { .method = "DELETE", .path = "/customer-phones/{id}", .tag = "residents", .permission = PERMISSION_CUSTOMERS_WRITE,
        .handle = handle_write, .operation = CORE_RESIDENT_UNBIND, ROUTE_REQUEST(core_resident),
        ROUTE_SUMMARY("End the binding of a customer's phone", "解除客户手机的绑定") },
};

const struct route_list routes_resident = { rows, sizeof rows / sizeof rows[0] };
