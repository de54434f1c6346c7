#include "tests/unit/unit_test.h"

#include "tests/unit/payment/payment_fixture.h"

#include <stdlib.h>
#include <string.h>

#define VALID_S INT64_C(1893456000)   /* 2030-01-01 08:00 +08:00, when the test certificates are valid */
#define TOO_EARLY_S INT64_C(1577836800) /* 2020-01-01 */
#define TOO_LATE_S INT64_C(4950000000)  /* 2126-11-09 */

static struct fixture fixture;

static int channel_open(const char *signer_name, struct payment_channel **out)
{
    static const char *const names[] = { "merchant.key.pem", "merchant.crt.pem", "root.crt.pem", "middle.crt.pem" };
    size_t sizes[4];
    char *texts[4];
    struct payment_key_text keys[2];
    char problem[256];
    int error;

    for (size_t i = 0; i < 4; i++)
        texts[i] = fixture_file(names[i], &sizes[i]);
    for (size_t i = 0; i < 2; i++)
        keys[i] = (struct payment_key_text){ "", span_of_bytes(texts[2 + i], sizes[2 + i]) };
    struct payment_channel_config config = {
        .kind = "unionpay", .base_url = "https://gateway.95516.com", .bill_url = "https://filedownload.95516.com",
        .notify_url = "https://pay.example.cn/cb/up", .return_url = "https://pay.example.cn/r/up",
        .merchant_id = "777290058000001", .application_id = "", .cipher_key = "", .signer_name = signer_name,
        .private_key_pem = span_of_bytes(texts[0], sizes[0]), .certificate_pem = span_of_bytes(texts[1], sizes[1]),
        .channel_keys = keys, .channel_key_count = 2, .zone_offset_s = 28800,
    };
    error = payment_channel_open(&config, out, problem);
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
    return error;
}

static int setup(void **state)
{
    *state = &fixture;
    fixture_open(&fixture, "unionpay.json");
    fixture.moment.now_s = VALID_S;
    fixture.matter.scene = PAYMENT_SCENE_PAGE;
    (void)snprintf(fixture.matter.trade_number, sizeof fixture.matter.trade_number, "T20260115000003");
    (void)snprintf(fixture.matter.refund_number, sizeof fixture.matter.refund_number, "R20260115000003");
    (void)snprintf(fixture.matter.reference, sizeof fixture.matter.reference, "202601150800120000018");
    return channel_open("00040000:SIGN", &fixture.channel);
}

static int teardown(void **state)
{
    (void)state;
    fixture_close(&fixture);
    return 0;
}

static void request_compare(enum payment_call call, const char *name)
{
    const json_t *vector = fixture_request(&fixture, name);
    struct payment_request request;

    assert_int_equal(payment_channel_request(fixture.channel, call, &fixture.moment, &fixture.matter, &request), 0);
    assert_string_equal(request.url, json_string_value(json_object_get(vector, "url")));
    assert_string_equal(request.body, json_string_value(json_object_get(vector, "body")));
}

static void requests_are_signed_as_computed_elsewhere(void **state)
{
    struct payment_request request;

    (void)state;
    /* The digest of the published sample is computed as ours is. */
    assert_string_equal(json_string_value(json_object_get(fixture.vectors, "sample_digest")),
                        "894a19462f2fa803df041921cd12c2caa739dca798963ea25d1fed6be7c4d70a");
    request_compare(PAYMENT_CALL_QUERY, "query");
    request_compare(PAYMENT_CALL_REFUND, "refund");
    request_compare(PAYMENT_CALL_REFUND_QUERY, "refund_query");
    request_compare(PAYMENT_CALL_BILL, "bill");
    assert_int_equal(payment_channel_request(fixture.channel, PAYMENT_CALL_CLOSE, &fixture.moment, &fixture.matter,
                                             &request), PAYMENT_ERR_UNSUPPORTED);
    fixture.matter.reference[0] = '\0';
    assert_int_equal(payment_channel_request(fixture.channel, PAYMENT_CALL_REFUND, &fixture.moment, &fixture.matter,
                                             &request), PAYMENT_ERR_VALUE);
}

static void a_page_is_a_signed_form(void **state)
{
    const json_t *vector = fixture_request(&fixture, "page");
    struct payment_outcome outcome;
    json_t *form;

    (void)state;
    assert_int_equal(payment_channel_page(fixture.channel, &fixture.moment, &fixture.matter, &outcome), 0);
    assert_int_equal(outcome.invitation_kind, PAYMENT_INVITATION_FORM);
    form = json_loads(outcome.invitation, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(form, "action")),
                        json_string_value(json_object_get(vector, "url")));
    assert_true(json_equal(json_object_get(form, "fields"), json_object_get(vector, "fields")));
    json_decref(form);
}

static int answer(enum payment_call call, const char *name, struct payment_outcome *out)
{
    struct payment_message message =
        fixture_message(json_object_get(json_object_get(fixture.vectors, "answers"), name), 200);

    memset(out, 0, sizeof *out);
    return payment_channel_answer(fixture.channel, call, &fixture.moment, &fixture.matter, &message, out);
}

static void a_query_tells_the_state(void **state)
{
    static const struct {
        const char *name;
        int error;
        enum payment_state state;
    } rows[] = {
        { "paid", 0, PAYMENT_STATE_PAID },        { "pending", 0, PAYMENT_STATE_PENDING },
        { "declined", 0, PAYMENT_STATE_PENDING }, { "absent", 0, PAYMENT_STATE_ABSENT },
        { "busy", PAYMENT_ERR_UNAVAILABLE, PAYMENT_STATE_UNKNOWN },
        { "dollars", PAYMENT_ERR_CURRENCY, PAYMENT_STATE_UNKNOWN },
        { "nothing", PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "huge", PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "foreign", PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
        { "other_order", PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
        { "other_name", PAYMENT_ERR_SIGNER, PAYMENT_STATE_UNKNOWN },
        { "own_root", PAYMENT_ERR_SIGNER, PAYMENT_STATE_UNKNOWN },
    };
    struct payment_outcome outcome;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(answer(PAYMENT_CALL_QUERY, rows[i].name, &outcome), rows[i].error);
        assert_int_equal(outcome.state, rows[i].state);
    }
    assert_int_equal(answer(PAYMENT_CALL_QUERY, "paid", &outcome), 0);
    assert_int_equal(outcome.amount_fen, 5000);
    assert_string_equal(outcome.reference, "202601150800120000018");
    fixture.moment.now_s = TOO_EARLY_S;
    assert_int_equal(answer(PAYMENT_CALL_QUERY, "paid", &outcome), PAYMENT_ERR_SIGNER);
}

static void refunds_are_answered(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_taken", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_PENDING);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_refused", &outcome), PAYMENT_ERR_REFUSED);
    assert_string_equal(outcome.code, "36");
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_pending", &outcome), PAYMENT_ERR_UNAVAILABLE);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_done", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_DONE);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_failed", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_FAILED);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "absent", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_ABSENT);
    fixture.matter.refund_fen = 1235;
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_done", &outcome), PAYMENT_ERR_AMOUNT);
}

static int notice(const char *name, struct payment_outcome *out)
{
    const json_t *form = json_object_get(json_object_get(fixture.vectors, name), "form");
    struct payment_message message = { .http_status = 200, .body = span_of_text(json_string_value(form)) };

    memset(out, 0, sizeof *out);
    return payment_channel_notice(fixture.channel, &fixture.moment, &message, out);
}

static void a_notification_is_verified(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(notice("notice", &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_PAID);
    assert_int_equal(outcome.amount_fen, 5000);
    assert_string_equal(outcome.trade_number, "T20260115000003");
    assert_int_equal(notice("refund_notice", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_DONE);
    assert_string_equal(outcome.refund_number, "R20260115000003");
    assert_string_equal(outcome.trade_number, "");
    fixture.moment.now_s = TOO_EARLY_S;
    assert_int_equal(notice("notice", &outcome), PAYMENT_ERR_SIGNER);
    fixture.moment.now_s = TOO_LATE_S;
    assert_int_equal(notice("notice", &outcome), PAYMENT_ERR_SIGNER);
}

static void flipped_bytes_are_noticed(void **state)
{
    struct span body = fixture_message(json_object_get(json_object_get(fixture.vectors, "answers"), "paid"), 200).body;
    char changed[8192];
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    (void)state;
    assert_true(body.size < sizeof changed);
    for (size_t place = 0; place < body.size; place++) {
        memcpy(changed, body.bytes, body.size);
        changed[place] ^= 1;
        struct payment_message other = { .http_status = 200, .body = span_of_bytes(changed, body.size) };
        assert_true(payment_channel_answer(fixture.channel, PAYMENT_CALL_QUERY, &fixture.moment, &fixture.matter,
                                           &other, &outcome) < 0);
        assert_int_equal(outcome.state, PAYMENT_STATE_UNKNOWN);
    }
}

static void a_settlement_file_is_read(void **state)
{
    struct payment_outcome outcome;
    struct span body = fixture_message(json_object_get(json_object_get(fixture.vectors, "answers"), "bill"), 200).body;
    const struct payment_channel_kind *kind = payment_channel_kind_of(fixture.channel);

    (void)state;
    assert_int_equal(answer(PAYMENT_CALL_BILL, "bill", &outcome), 0);
    assert_int_equal(kind->bill_read(fixture.channel, body, "", fixture_row_take, &fixture), 0);
    assert_int_equal(fixture.row_count, 2);
    assert_string_equal(fixture.rows[0].trade_number, "T20260115000003");
    assert_string_equal(fixture.rows[0].reference, "202601150800120000018");
    assert_int_equal(fixture.rows[0].amount_fen, 5000);
    assert_true(fixture.rows[1].is_refund);
    assert_string_equal(fixture.rows[1].refund_number, "R20260115000003");
    assert_int_equal(fixture.rows[1].amount_fen, 1234);
    assert_int_equal(answer(PAYMENT_CALL_BILL, "no_bill", &outcome), PAYMENT_ERR_REFUSED);
    assert_int_equal(kind->bill_read(fixture.channel, span_of_text("fileContent=AAAA"), "", fixture_row_take, &fixture),
                     PAYMENT_ERR_BILL);
}

static void a_signer_must_have_a_name(void **state)
{
    struct payment_channel *channel;

    (void)state;
    assert_int_equal(channel_open("", &channel), PAYMENT_ERR_SETTING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_signed_as_computed_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(a_page_is_a_signed_form, setup, teardown),
        cmocka_unit_test_setup_teardown(a_query_tells_the_state, setup, teardown),
        cmocka_unit_test_setup_teardown(refunds_are_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(a_notification_is_verified, setup, teardown),
        cmocka_unit_test_setup_teardown(flipped_bytes_are_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_settlement_file_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_signer_must_have_a_name, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
