/* The same for what the program itself does around the money: the audit trail, messages and what waits for other systems,
 * invoices, prints, approvals, cut-offs. A call of the core is told twice: undisturbed, and with each statement of its
 * transaction failing once; it is refused then, nothing of it remains, and done again every row is the same. */
#include "tests/unit/unit_test.h"

#include "api/case_port.h"
#include "api/document_port.h"
#include "api/invoice_port.h"
#include "api/webhook_port.h"
#include "apps/meterworks/archive_call.h"
#include "apps/meterworks/core.h"
#include "base/quantity.h"
#include "store/store.h"
#include "store/store_error.h"
#include "tests/store/store_fault.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOW_S INT64_C(1779336000) /* Thursday 2026-05-21 12:00 in the tenant's zone */
#define DAY_S 86400
#define STATEMENT_LIMIT 5000
#define DIGEST_EVERY 16
#define ACCOUNTS 3
#define SENDER "sms"

struct teller {
    struct core *core;
    uint32_t tenant_id, root_area_id;
    int64_t now_s;
    char path[64];
};

union request {
    struct core_request head;
    struct core_device device;
    struct core_customer customer;
    struct core_account account;
    struct core_tariff tariff;
    struct core_setting setting;
    struct core_payment payment;
    struct core_reason reason;
    struct core_batch batch;
    struct core_refund refund;
    struct core_approval approval;
    struct core_invoice invoice;
    struct core_invoice_work work;
    struct core_invoice_answer answer;
    struct core_document_print print;
    struct core_webhook webhook;
    struct core_messages_take take;
    struct core_messages_settle settle;
    struct core_messages_receive receive;
};

/* One call. What rooms write beside the reply lies in memory of its own. */
struct deed {
    enum core_operation operation;
    void (*fill)(struct teller *teller, union request *request);
    int least; /* statements it has at least */
};

static union request asked;
static struct core_reply reply;
static struct billing_refund refund_out;
static struct billing_approval approval_out;
static struct invoice invoice_out;
static struct message messages[8];
static uint32_t message_count;
static int64_t next_s;
static size_t told;

#define SET(field, text) (void)snprintf(field, sizeof(field), "%s", text)

static int call(struct teller *teller, const struct deed *deed)
{
    memset(&asked, 0, sizeof asked);
    archive_call_head(&asked.head, teller->tenant_id, teller->root_area_id, teller->now_s);
    asked.head.person_id = 7;
    deed->fill(teller, &asked);
    return core_execute(teller->core, deed->operation, &asked, &reply, teller->now_s);
}

static void device_fill(struct teller *teller, union request *request)
{
    static int64_t number;

    number = number % ACCOUNTS + 1;
    request->device.imei = INT64_C(861234567000000) + number;
    request->device.area_id = teller->root_area_id;
    request->device.installed_s = NOW_S - 30 * DAY_S;
    (void)snprintf(request->device.meter_number, sizeof request->device.meter_number, "%012lld", (long long)number);
    SET(request->device.security, "plain");
}

static void customer_fill(struct teller *teller, union request *request)
{
    (void)teller;
    SET(request->customer.number, "10041");
    SET(request->customer.name, "陈佳怡");
    SET(request->customer.phones, "13800000417,13800000418");
}

static void tariff_fill(struct teller *teller, union request *request)
{
    (void)teller;
    SET(request->tariff.name, "居民用水");
    SET(request->tariff.utility, "water");
    request->tariff.effective_day = 18000;
    SET(request->tariff.document, "{\"items\": [{\"name\": \"water\", \"price\": \"2.00\"}]}");
}

static void account_fill(struct teller *teller, union request *request)
{
    static int64_t number;

    (void)teller;
    number = number % ACCOUNTS + 1;
    request->account.customer_id = 1;
    request->account.tariff_id = 1;
    request->account.device_id = number;
    SET(request->account.payment_mode, "prepaid_platform");
}

static void webhook_fill(struct teller *teller, union request *request)
{
    request->webhook.head.present = CORE_WEBHOOK_HAS_AREA | CORE_WEBHOOK_HAS_NAME | CORE_WEBHOOK_HAS_URL | CORE_WEBHOOK_HAS_KINDS;
    request->webhook.area_id = teller->root_area_id;
    SET(request->webhook.name, "ERP");
    SET(request->webhook.url, "https://erp.example/events");
    SET(request->webhook.kinds, "payment.received,cut_off.planned,cut_off.executed,supply.restored,refund.paid,bill.issued");
}

static void archive_make(struct teller *teller)
{
    static const struct deed archive[] = {
        { CORE_DEVICE_CREATE, device_fill, 0 },  { CORE_DEVICE_CREATE, device_fill, 0 },
        { CORE_DEVICE_CREATE, device_fill, 0 },  { CORE_CUSTOMER_CREATE, customer_fill, 0 },
        { CORE_TARIFF_CREATE, tariff_fill, 0 },  { CORE_ACCOUNT_OPEN, account_fill, 0 },
        { CORE_ACCOUNT_OPEN, account_fill, 0 },  { CORE_ACCOUNT_OPEN, account_fill, 0 },
        { CORE_WEBHOOK_CREATE, webhook_fill, 0 },
    };

    for (size_t index = 0; index < sizeof archive / sizeof archive[0]; index++)
        if (call(teller, &archive[index]) != 0)
            fail_msg("entry %zu of the archive was refused: %s", index + 1, reply.text_en);
    assert_int_equal(store_execute(core_store(teller->core),
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (7, 1, 1, 'wang', '王静', 'administrator', '', 0), (8, 1, 1, 'li', '李建国', 'administrator', '', 0);"
        "INSERT INTO setting VALUES (1, 'invoice_seller_tax_number', '91350100M000100Y43'), (1, 'cut_release_above', '1'),"
        " (1, 'refund_release_above_fen', '0');"
        "UPDATE account SET grace_h = 0; UPDATE account_standing SET settled_day = 20592;"
        "INSERT INTO daily_reading SELECT 20593, device_id, 0, 5000000, 0, 0, 1000 FROM device WHERE device_id > 1"), 0);
}

static void core_start(struct teller *teller)
{
    struct core_config config = { .path = teller->path, .synchronous = "OFF", .device_limit = 64, .seed = 1,
                                  .message_channels = MESSAGE_CHANNEL_BIT(MESSAGE_SMS) | MESSAGE_CHANNEL_BIT(MESSAGE_EVENT) };
    char problem[256];

    assert_int_equal(core_open(&config, &teller->core, problem), 0);
}

/* Started anew over the archive, with all that is due done: in both tellings nothing but the calls is left to do. */
static void teller_open(struct teller *teller)
{
    memset(teller, 0, sizeof *teller);
    (void)snprintf(teller->path, sizeof teller->path, "/tmp/core_faults_test.%ld.db", (long)getpid());
    teller->now_s = NOW_S;
    core_start(teller);
    assert_int_equal(core_tenant_add(teller->core, "云榕水务", 28800, NOW_S, &teller->tenant_id, &teller->root_area_id), 0);
    archive_make(teller);
    core_close(teller->core);
    core_start(teller);
    do
        assert_int_equal(core_work(teller->core, NULL, 0, NULL, 0, ++teller->now_s), 0);
    while (core_work_remains(teller->core));
}

static void teller_close(struct teller *teller)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[80];

    core_close(teller->core);
    for (size_t index = 0; index < sizeof endings / sizeof endings[0]; index++) {
        (void)snprintf(name, sizeof name, "%s%s", teller->path, endings[index]);
        (void)unlink(name);
    }
}

/* 1 the fault came, and the call was refused; 0 it was done before that */
static int deed_try(struct teller *teller, const struct deed *deed, int allowed)
{
    int result;
    bool came;

    store_fault_arm(STORE_FAULT_ONE, allowed);
    result = call(teller, deed);
    came = store_fault_disarm();
    if (!came && result < 0)
        fail_msg("deed %zu was refused: %s", told, reply.text_en);
    if (came && result != STORE_ERR_FULL)
        fail_msg("deed %zu: statement %d failed, and %d was said", told, allowed + 1, result);
    if (came)
        assert_true(reply.http_status >= 500);
    return came;
}

static void deed_suffer(struct teller *teller, const struct deed *deed)
{
    uint64_t before = store_digest(core_store(teller->core));
    int allowed = 0;

    while (deed_try(teller, deed, allowed) == 1) {
        if (allowed % DIGEST_EVERY == 0)
            assert_true(store_digest(core_store(teller->core)) == before);
        assert_in_range(++allowed, 1, STATEMENT_LIMIT);
    }
    assert_in_range(allowed, deed->least, STATEMENT_LIMIT);
}

/* end: a query whose number says that the story came to its end */
static void deeds_live(const struct deed *deeds, bool suffers, uint64_t digests[], const char *end, int64_t expected)
{
    static struct teller teller;
    int64_t number = -1;

    teller_open(&teller);
    for (told = 1; deeds[told - 1].fill != NULL; told++) {
        const struct deed *deed = &deeds[told - 1];
        uint64_t digest;

        teller.now_s++; /* due work is done once a second */
        if (suffers)
            deed_suffer(&teller, deed);
        else
            assert_int_equal(deed_try(&teller, deed, STATEMENT_LIMIT), 0);
        digest = store_digest(core_store(teller.core));
        if (suffers && digest != digests[told])
            fail_msg("deed %zu came out otherwise after faults", told);
        digests[told] = digest;
    }
    assert_int_equal(store_number(core_store(teller.core), end, &number), 0);
    assert_int_equal(number, expected);
    teller_close(&teller);
}

static void deeds_tell(const struct deed *deeds, const char *end, int64_t expected)
{
    uint64_t digests[32];

    deeds_live(deeds, false, digests, end, expected);
    deeds_live(deeds, true, digests, end, expected);
}

/* The calls. */
static void payment_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->payment.account_id = 1;
    request->payment.amount_fen = 12000;
    SET(request->payment.method, "cash");
    SET(request->payment.key, "at-the-counter");
}

static void take_fill(struct teller *teller, union request *request, enum message_channel channel)
{
    (void)teller;
    SET(request->take.provider, SENDER);
    request->take.channel = channel;
    request->take.limit = sizeof messages / sizeof messages[0];
    request->take.out = messages;
    request->take.count = &message_count;
    request->take.next_s = &next_s;
}

static void take_events_fill(struct teller *teller, union request *request)
{
    take_fill(teller, request, MESSAGE_EVENT);
}

static void take_sms_fill(struct teller *teller, union request *request)
{
    take_fill(teller, request, MESSAGE_SMS);
}

static void settle_fill(struct teller *teller, union request *request)
{
    static struct message_result result;

    (void)teller;
    assert_true(message_count > 0);
    result = (struct message_result){ .message_id = messages[0].message_id, .outcome = MESSAGE_OUT_SENT, .parts = 1,
                                      .reference_count = 1, .references = { "ref-1" } };
    SET(request->settle.provider, SENDER);
    request->settle.results = &result;
    request->settle.count = 1;
}

static void receive_fill(struct teller *teller, union request *request)
{
    static struct message_receipt receipt;

    (void)teller;
    receipt = (struct message_receipt){ .outcome = MESSAGE_OUT_DELIVERED, .reference = "ref-1" };
    SET(request->receive.provider, SENDER);
    request->receive.receipts = &receipt;
    request->receive.count = 1;
}

static void invoice_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->invoice.payment_id = 1;
    SET(request->invoice.key, "an-invoice");
    SET(request->invoice.title, "陈佳怡");
}

static void work_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->work.invoice = &invoice_out;
}

static void answer_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->answer.head.object_id = 1;
    request->answer.state = invoice_out.state;
    request->answer.answer = (struct invoice_answer){ .word = INVOICE_WORD_ISSUED, .number = "25440000000000000001" };
}

static void red_letter_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->reason.head.object_id = 1;
    SET(request->reason.reason, "抬头有误");
}

static void print_fill(struct teller *teller, union request *request)
{
    static const int64_t payments[] = { 1 };
    static int32_t copies[1];

    (void)teller;
    request->print.objects = payments;
    request->print.copies = copies;
    request->print.count = 1;
    SET(request->print.kind, "receipt");
    SET(request->print.paper, "a4");
}

static void refund_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->refund.head.object_id = 1;
    request->refund.amount_fen = 2000;
    SET(request->refund.rest, "cash");
    SET(request->refund.key, "a-refund");
    SET(request->refund.reason, "多缴");
    request->refund.out = &refund_out;
}

/* The approval that waits: by another person, who has seen its figures. */
static void approval_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->approval.head.object_id = 1;
    request->approval.head.person_id = 8;
    request->approval.approve = true;
    request->approval.out = &approval_out;
}

static void batch_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->batch.closings = 5;
    SET(request->batch.reason, "月末");
}

static void release_fill(struct teller *teller, union request *request)
{
    (void)teller;
    request->reason.head.object_id = 1;
    request->reason.head.person_id = 8;
}

static void rule_fill(struct teller *teller, union request *request)
{
    (void)teller;
    SET(request->setting.key, "cut_limit_per_run");
    SET(request->setting.value, "50");
}

static void debt_fill(struct teller *teller, union request *request)
{
    payment_fill(teller, request);
    request->payment.account_id = 2;
    SET(request->payment.key, "of-who-was-cut-off");
}

/* A payment with its messages; its invoice, issued and taken back; its print; money back by two people. */
static void a_payment_and_its_papers(void **state)
{
    static const struct deed deeds[] = {
        { CORE_PAYMENT_TAKE, payment_fill, 15 },       { CORE_MESSAGES_TAKE, take_events_fill, 3 },
        { CORE_MESSAGES_SETTLE, settle_fill, 3 },      { CORE_INVOICE_ASK, invoice_fill, 6 },
        { CORE_INVOICE_WORK_TAKE, work_fill, 3 },      { CORE_INVOICE_ANSWER_TAKE, answer_fill, 3 },
        { CORE_DOCUMENT_PRINT, print_fill, 3 },        { CORE_INVOICE_RED_LETTER, red_letter_fill, 3 },
        { CORE_REFUND_ASK, refund_fill, 15 },          { CORE_APPROVAL_DECIDE, approval_fill, 20 },
        { CORE_SETTING_PUT, NULL, 0 },
    };

    (void)state;
    deeds_tell(deeds, "SELECT credits_fen - debits_fen + (SELECT count(*) FROM invoice WHERE state = 'red_asked') FROM ledger_account"
                      " WHERE ledger_account_id = 1", 12000 - 2000 + 1);
}

/* Two households are beyond their limit, and one valve closes by itself. */
static void a_batch_of_cut_offs(void **state)
{
    static const struct deed deeds[] = {
        { CORE_SETTING_PUT, rule_fill, 15 },           { CORE_MESSAGES_TAKE, take_sms_fill, 3 },
        { CORE_MESSAGES_SETTLE, settle_fill, 3 },      { CORE_MESSAGES_RECEIVE, receive_fill, 3 },
        { CORE_BATCH_ASK, batch_fill, 5 },             { CORE_BATCH_RELEASE, release_fill, 10 },
        { CORE_SETTING_PUT, rule_fill, 5 },            { CORE_PAYMENT_TAKE, debt_fill, 20 },
        { CORE_SETTING_PUT, NULL, 0 },
    };

    (void)state;
    deeds_tell(deeds, "SELECT closings * 10 + (SELECT count(*) FROM account WHERE stage = 'cut') FROM cut_off_day", 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_and_its_papers),
        cmocka_unit_test(a_batch_of_cut_offs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
