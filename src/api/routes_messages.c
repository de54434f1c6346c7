#include "api/handlers.h"
#include "api/route.h"

#define CHANNELS "sms wechat email webhook"
#define LANGUAGES "zh en"

static const struct field message_list_fields[] = {
    FIELDS_OF_LIST,
    { .name = "state", .type = FIELD_CHOICE, .choices = "waiting sending sent delivered failed dead kept",
        .summary = "only these; dead: given up, kept: no provider serves the channel" },
    { .name = "channel", .type = FIELD_CHOICE, .choices = CHANNELS, .summary = "only of this channel" },
    { .name = "kind", .type = FIELD_TEXT, .minimum = 1, .maximum = 23, .summary = "only of this kind of notice" },
    { .name = "provider", .type = FIELD_TEXT, .minimum = 1, .maximum = 23, .summary = "only by this provider" },
    { .name = "recipient", .type = FIELD_TEXT, .minimum = 1, .maximum = 127, .summary = "only to exactly this address" },
    { .name = "from", .type = FIELD_DAY, .summary = "made on this day or later" },
    { .name = "to", .type = FIELD_DAY, .summary = "made on this day or earlier" },
    FIELD_ID("account_id", "only about this account"),
    FIELD_ID("notice_id", "only of this notice"),
};
static const struct field reason_fields[] = {
    { .name = "reason", .type = FIELD_TEXT, .minimum = 0, .maximum = 255, FIELD_INTO(core_reason, reason),
        .summary = "why; kept with the act" },
};
static const struct field test_fields[] = {
    { .name = "channel", .type = FIELD_CHOICE, .required = true, .choices = CHANNELS,
        FIELD_INTO(core_message_test, channel), .summary = "by which way" },
    { .name = "address", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 127,
        FIELD_INTO(core_message_test, address), .summary = "phone, e-mail address, openid, or the name of a webhook" },
    { .name = "language", .type = FIELD_CHOICE, .choices = LANGUAGES, FIELD_INTO(core_message_test, language),
        .summary = "zh when absent" },
    { .name = "text", .type = FIELD_TEXT, .minimum = 0, .maximum = 480, FIELD_INTO(core_message_test, text),
        .summary = "the program's own words when absent" },
};
static const struct field template_fields[] = {
    { .name = "kind", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 23,
        FIELD_INTO(core_message_template, kind), .summary = "kind of notice" },
    { .name = "language", .type = FIELD_CHOICE, .required = true, .choices = LANGUAGES,
        FIELD_INTO(core_message_template, language), .summary = "of the words" },
    { .name = "text", .type = FIELD_TEXT, .required = true, .minimum = 0, .maximum = 480,
        FIELD_INTO(core_message_template, text), .summary = "with {placeholders}; empty: the program's own words again" },
};
static const struct field preview_fields[] = {
    { .name = "kind", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 23, .summary = "kind of notice" },
    { .name = "language", .type = FIELD_CHOICE, .required = true, .choices = LANGUAGES, .summary = "of the words" },
    { .name = "text", .type = FIELD_TEXT, .minimum = 0, .maximum = 480,
        .summary = "with {placeholders}; the words of now when absent" },
};
static const struct field recipient_list_fields[] = { FIELDS_OF_LIST, FIELD_ID("account_id", "only of this account") };
static const struct field recipient_fields[] = {
    { .name = "area_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_message_recipient, area_id), .summary = "is told about every account of this area and below" },
    { .name = "account_id", .type = FIELD_INTEGER, .minimum = 1, .maximum = INT32_MAX,
        FIELD_INTO(core_message_recipient, account_id), .summary = "or about this account alone" },
    { .name = "kind", .type = FIELD_TEXT, .minimum = 0, .maximum = 23, FIELD_INTO(core_message_recipient, kind),
        .summary = "only notices of this kind; all when absent" },
    { .name = "channel", .type = FIELD_CHOICE, .required = true, .choices = CHANNELS,
        FIELD_INTO(core_message_recipient, channel), .summary = "by which way" },
    { .name = "address", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 127,
        FIELD_INTO(core_message_recipient, address), .summary = "phone, e-mail address, openid, or the name of a webhook" },
    { .name = "language", .type = FIELD_CHOICE, .choices = LANGUAGES, FIELD_INTO(core_message_recipient, language),
        .summary = "zh when absent" },
    { .name = "name", .type = FIELD_TEXT, .required = true, .minimum = 1, .maximum = 60,
        FIELD_INTO(core_message_recipient, name), .summary = "who that is" },
};

static const struct route_part message_parts[] = {
    { "history", VIEW_MESSAGE_ATTEMPTS, true }, { "provider_parts", VIEW_MESSAGE_PARTS, true },
};
static const struct route_part summary_parts[] = {
    { "counts", VIEW_MESSAGE_COUNTS, true }, { "days", VIEW_MESSAGE_COSTS, true },
};

#define READ(path_, permission_, handle_, en, zh) \
    .method = "GET", .path = path_, .tag = "messages", .permission = PERMISSION_##permission_, .handle = handle_, \
    ROUTE_SUMMARY(en, zh)
#define WRITE(method_, path_, permission_, operation_, type_, en, zh) \
    .method = method_, .path = path_, .tag = "messages", .permission = PERMISSION_##permission_, .handle = handle_write, \
    .operation = operation_, ROUTE_REQUEST(type_), ROUTE_SUMMARY(en, zh)

static const struct api_route rows[] = {
    { READ("/messages", MONEY_READ, handle_list, "Messages on their way, sent, delivered and given up", "消息列表"),
        ROUTE_FIELDS(message_list_fields), .view = VIEW_MESSAGES },
    { READ("/messages/summary", MONEY_READ, handle_document, "How many in each state, and what 30 days cost", "消息汇总"),
        ROUTE_PARTS(summary_parts) },
    { WRITE("POST", "/messages/test", SETTINGS_WRITE, CORE_MESSAGE_TEST, core_message_test, "Send a test message",
        "发送测试消息"), ROUTE_FIELDS(test_fields), .view = VIEW_MESSAGE },
    { READ("/messages/{id}", MONEY_READ, handle_document, "One message and everything that happened to it", "消息详情"),
        .view = VIEW_MESSAGE, ROUTE_PARTS(message_parts) },
    { WRITE("POST", "/messages/{id}/resend", CUSTOMERS_WRITE, CORE_MESSAGE_RESEND, core_reason, "Send it again",
        "重新发送"), ROUTE_FIELDS(reason_fields), .view = VIEW_MESSAGE },
    { READ("/message-templates", MONEY_READ, handle_message_templates, "The words of every kind of notice", "消息模板") },
    { WRITE("PUT", "/message-templates", SETTINGS_WRITE, CORE_MESSAGE_TEMPLATE_PUT, core_message_template,
        "Change the words of a kind of notice", "修改消息模板"), ROUTE_FIELDS(template_fields) },
    { .method = "POST", .path = "/message-templates/preview", .tag = "messages", .permission = PERMISSION_MONEY_READ,
        .handle = handle_message_preview, ROUTE_FIELDS(preview_fields),
        ROUTE_SUMMARY("How words would read", "预览消息模板") },
    { READ("/message-recipients", MONEY_READ, handle_list, "Who is told besides the customers' own phones", "消息接收人"),
        ROUTE_FIELDS(recipient_list_fields), .view = VIEW_MESSAGE_RECIPIENTS },
    { WRITE("POST", "/message-recipients", CUSTOMERS_WRITE, CORE_MESSAGE_RECIPIENT_CREATE, core_message_recipient,
        "Add a recipient", "新增接收人"), ROUTE_FIELDS(recipient_fields) },
    { WRITE("DELETE", "/message-recipients/{id}", CUSTOMERS_WRITE, CORE_MESSAGE_RECIPIENT_DELETE, core_reason,
        "Remove a recipient", "删除接收人"), ROUTE_FIELDS(reason_fields) },
};

const struct route_list routes_messages = { rows, sizeof rows / sizeof rows[0] };
