#include "tests/unit/unit_test.h"

#include "tests/unit/payment/payment_fixture.h"

#include <stdlib.h>
#include <string.h>

static struct fixture fixture;

static int setup(void **state)
{
    size_t sizes[2];
    char *texts[2] = { fixture_file("merchant.key.pem", &sizes[0]), fixture_file("platform.pub.pem", &sizes[1]) };
    struct payment_key_text key = { "", span_of_bytes(texts[1], sizes[1]) };
    struct payment_channel_config config = {
        .kind = "alipay", .base_url = "https://openapi.alipay.com/gateway.do", .bill_url = "",
        .notify_url = "https://pay.example.cn/cb/ali", .return_url = "https://pay.example.cn/r",
        .merchant_id = "2088000000000001", .application_id = "2021000000000001", .cipher_key = "", .signer_name = "",
        .private_key_pem = span_of_bytes(texts[0], sizes[0]), .channel_keys = &key, .channel_key_count = 1,
        .zone_offset_s = 28800,
    };
    char problem[256];
    int error;

    *state = &fixture;
    fixture_open(&fixture, "alipay.json");
    (void)snprintf(fixture.matter.trade_number, sizeof fixture.matter.trade_number, "T20260115000002");
    (void)snprintf(fixture.matter.refund_number, sizeof fixture.matter.refund_number, "R20260115000002");
    (void)snprintf(fixture.matter.description, sizeof fixture.matter.description, "电费 & 充值");
    error = payment_channel_open(&config, &fixture.channel, problem);
    free(texts[0]);
    free(texts[1]);
    return error;
}

static int teardown(void **state)
{
    (void)state;
    fixture_close(&fixture);
    return 0;
}

static const char *expected_of(const char *name, const char *member)
{
    return json_string_value(json_object_get(fixture_request(&fixture, name), member));
}

static void request_compare(enum payment_call call, const char *name)
{
    struct payment_request request;

    assert_int_equal(payment_channel_request(fixture.channel, call, &fixture.moment, &fixture.matter, &request), 0);
    assert_string_equal(request.url, expected_of(name, "url"));
    assert_string_equal(request.body, expected_of(name, "body"));
    assert_true(request.is_post);
}

static void requests_are_signed_as_computed_elsewhere(void **state)
{
    (void)state;
    request_compare(PAYMENT_CALL_ORDER, "order_qr");
    request_compare(PAYMENT_CALL_QUERY, "query");
    request_compare(PAYMENT_CALL_CLOSE, "close");
    request_compare(PAYMENT_CALL_REFUND, "refund");
    request_compare(PAYMENT_CALL_REFUND_QUERY, "refund_query");
    request_compare(PAYMENT_CALL_BILL, "bill");
}

static void a_page_is_a_signed_address(void **state)
{
    struct payment_outcome outcome;
    struct payment_request request;

    (void)state;
    fixture.matter.scene = PAYMENT_SCENE_MOBILE;
    assert_int_equal(payment_channel_page(fixture.channel, &fixture.moment, &fixture.matter, &outcome), 0);
    assert_int_equal(outcome.invitation_kind, PAYMENT_INVITATION_URL);
    assert_string_equal(outcome.invitation, expected_of("page_mobile", "url"));
    assert_int_equal(payment_channel_request(fixture.channel, PAYMENT_CALL_ORDER, &fixture.moment, &fixture.matter,
                                             &request), PAYMENT_ERR_SCENE);
    fixture.matter.scene = PAYMENT_SCENE_PAGE;
    assert_int_equal(payment_channel_page(fixture.channel, &fixture.moment, &fixture.matter, &outcome), 0);
    assert_string_equal(outcome.invitation, expected_of("page_page", "url"));
    fixture.matter.scene = PAYMENT_SCENE_QR;
    assert_int_equal(payment_channel_page(fixture.channel, &fixture.moment, &fixture.matter, &outcome),
                     PAYMENT_ERR_SCENE);
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
        { "paid", 0, PAYMENT_STATE_PAID },         { "finished", 0, PAYMENT_STATE_PAID },
        { "pending", 0, PAYMENT_STATE_PENDING },   { "closed", 0, PAYMENT_STATE_CLOSED },
        { "refunded", 0, PAYMENT_STATE_REFUNDED }, { "absent", 0, PAYMENT_STATE_ABSENT },
        { "braces", 0, PAYMENT_STATE_PAID },       { "dollars", PAYMENT_ERR_CURRENCY, PAYMENT_STATE_UNKNOWN },
        { "exact", PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "nothing", PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "negative", PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "other_order", PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
        { "unknown", PAYMENT_ERR_UNAVAILABLE, PAYMENT_STATE_UNKNOWN },
        { "gateway", PAYMENT_ERR_UNAVAILABLE, PAYMENT_STATE_UNKNOWN },
        { "closing", PAYMENT_ERR_FORM, PAYMENT_STATE_UNKNOWN },
    };
    struct payment_outcome outcome;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(answer(PAYMENT_CALL_QUERY, rows[i].name, &outcome), rows[i].error);
        assert_int_equal(outcome.state, rows[i].state);
    }
    assert_int_equal(answer(PAYMENT_CALL_QUERY, "paid", &outcome), 0);
    assert_int_equal(outcome.amount_fen, 5000);
    assert_int_equal(outcome.paid_s, 1768435219); /* 2026-01-15 08:00:19, of China */
    assert_string_equal(outcome.reference, "2026011522001400000000000001");
}

static void orders_closings_and_refunds_are_answered(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(answer(PAYMENT_CALL_ORDER, "qr", &outcome), 0);
    assert_string_equal(outcome.invitation, "https://qr.alipay.com/bax0");
    assert_int_equal(answer(PAYMENT_CALL_CLOSE, "closing", &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_CLOSED);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_done", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_DONE);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_again", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_PENDING);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_found", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_DONE);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_absent", &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_ABSENT);
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_other", &outcome), PAYMENT_ERR_AMOUNT);
    assert_int_equal(answer(PAYMENT_CALL_BILL, "bill", &outcome), 0);
    assert_string_equal(outcome.file_url, "http://dwbillcenter.alipay.com/down?token=1");
}

static int notice(const json_t *vector, struct payment_outcome *out)
{
    struct payment_message message = fixture_message(vector, 200);

    memset(out, 0, sizeof *out);
    return payment_channel_notice(fixture.channel, &fixture.moment, &message, out);
}

static const json_t *notice_named(const char *name)
{
    return json_object_get(json_object_get(fixture.vectors, "notices"), name);
}

static void a_notification_is_verified_and_compared(void **state)
{
    const json_t *vector = json_object_get(fixture.vectors, "notice");
    struct payment_outcome outcome;

    (void)state;
    /* The text that is signed is the published sample's. */
    assert_string_equal(json_string_value(json_object_get(vector, "digest")),
                        "ed6ecad0d0187d51bcacdc0b147905a9a24fd648f821cc192fe60d4300da95fa");
    assert_int_equal(notice(vector, &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_PAID);
    assert_int_equal(outcome.amount_fen, 5000);
    assert_int_equal(outcome.paid_s, 1768435219);
    assert_string_equal(outcome.trade_number, "T20260115000002");
    assert_int_equal(notice(notice_named("part_refunded"), &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_REFUNDED);
    assert_int_equal(notice(notice_named("closed"), &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_CLOSED);
    assert_int_equal(notice(notice_named("foreign_app"), &outcome), PAYMENT_ERR_FOREIGN);
    assert_int_equal(notice(notice_named("foreign_seller"), &outcome), PAYMENT_ERR_FOREIGN);
    assert_int_equal(notice(notice_named("nothing"), &outcome), PAYMENT_ERR_AMOUNT);
}

/* Any byte another one: refused, or still the same content (the case of a percent escape, the value of sign_type). */
static void flipped_bytes_are_noticed(void **state)
{
    const json_t *vector = json_object_get(fixture.vectors, "notice");
    struct payment_message message = fixture_message(vector, 200);
    char changed[4096];
    struct payment_outcome outcome;
    size_t size = message.body.size;

    (void)state;
    assert_true(size < sizeof changed);
    for (size_t place = 0; place < size; place++) {
        memcpy(changed, message.body.bytes, size);
        changed[place] ^= 1;
        struct payment_message other = { .http_status = 200, .body = span_of_bytes(changed, size) };
        memset(&outcome, 0, sizeof outcome);
        if (payment_channel_notice(fixture.channel, &fixture.moment, &other, &outcome) < 0)
            continue;
        assert_int_equal(outcome.amount_fen, 5000);
        assert_string_equal(outcome.trade_number, "T20260115000002");
    }
}

static void an_answer_with_another_byte_is_refused(void **state)
{
    const json_t *vector = json_object_get(json_object_get(fixture.vectors, "answers"), "paid");
    struct span body = fixture_message(vector, 200).body;
    char changed[4096];
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    (void)state;
    for (size_t place = 0; place < body.size; place++) {
        memcpy(changed, body.bytes, body.size);
        changed[place] ^= 1;
        struct payment_message other = { .http_status = 200, .body = span_of_bytes(changed, body.size) };
        assert_true(payment_channel_answer(fixture.channel, PAYMENT_CALL_QUERY, &fixture.moment, &fixture.matter,
                                           &other, &outcome) < 0);
        assert_int_equal(outcome.state, PAYMENT_STATE_UNKNOWN);
    }
}

static int digits_of_base64(char character)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *place = strchr(digits, character);

    return place != NULL && character != '\0' ? (int)(place - digits) : 0;
}

static size_t base64_read(const char *text, uint8_t *out)
{
    size_t size = 0;

    for (; text[0] != '\0' && text[3] != '\0'; text += 4) {
        unsigned word = (unsigned)(digits_of_base64(text[0]) << 18 | digits_of_base64(text[1]) << 12 |
                                   digits_of_base64(text[2]) << 6 | digits_of_base64(text[3]));
        out[size++] = (uint8_t)(word >> 16);
        if (text[2] != '=')
            out[size++] = (uint8_t)(word >> 8);
        if (text[3] != '=')
            out[size++] = (uint8_t)word;
    }
    return size;
}

static int bill_error(const uint8_t *bytes, size_t size)
{
    fixture.row_count = 0;
    return payment_channel_kind_of(fixture.channel)->bill_read(fixture.channel, span_of_bytes(bytes, size), "",
                                                               fixture_row_take, &fixture);
}

static void a_packed_bill_in_gbk_is_read(void **state)
{
    uint8_t bytes[8192];
    size_t size = base64_read(json_string_value(json_object_get(fixture.vectors, "bill")), bytes);

    (void)state;
    assert_int_equal(bill_error(bytes, size), 0);
    assert_int_equal(fixture.row_count, 2);
    assert_false(fixture.rows[0].is_refund);
    assert_int_equal(fixture.rows[0].amount_fen, 5000);
    assert_string_equal(fixture.rows[0].trade_number, "T20260115000002");
    assert_true(fixture.rows[1].is_refund);
    assert_int_equal(fixture.rows[1].amount_fen, 1234);
    assert_string_equal(fixture.rows[1].refund_number, "R20260115000002");
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(bill_error(bytes, cut), PAYMENT_ERR_BILL);
    bytes[100] ^= 1; /* inside the packed rows: the check sum says so */
    assert_int_equal(bill_error(bytes, size), PAYMENT_ERR_BILL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_signed_as_computed_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(a_page_is_a_signed_address, setup, teardown),
        cmocka_unit_test_setup_teardown(a_query_tells_the_state, setup, teardown),
        cmocka_unit_test_setup_teardown(orders_closings_and_refunds_are_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(a_notification_is_verified_and_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(flipped_bytes_are_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_with_another_byte_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_packed_bill_in_gbk_is_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
