#include "tests/unit/unit_test.h"

#include "payment/payment_internal.h"
#include "tests/unit/payment/payment_fixture.h"

#include <stdlib.h>
#include <string.h>

static struct fixture fixture;

/* second_file: of another key that holds at the same time; NULL: none */
static int channel_open_with(const char *cipher_key, const char *key_file, const char *second_file,
                             struct payment_channel **out)
{
    size_t sizes[4];
    char *texts[4] = { fixture_file("merchant.key.pem", &sizes[0]), fixture_file("merchant.crt.pem", &sizes[1]),
                       fixture_file(key_file, &sizes[2]),
                       fixture_file(second_file != NULL ? second_file : key_file, &sizes[3]) };
    struct payment_key_text keys[] = {
        { strstr(key_file, ".crt") != NULL ? "" : "PUB_KEY_ID_0001", span_of_bytes(texts[2], sizes[2]) },
        { "", span_of_bytes(texts[3], sizes[3]) },
    };
    struct payment_channel_config config = {
        .kind = "wechat", .base_url = "https://api.mch.weixin.qq.com", .bill_url = "",
        .notify_url = "https://pay.example.cn/cb/wx", .return_url = "", .merchant_id = "1900000109",
        .application_id = "wx1234567890abcdef", .cipher_key = cipher_key, .signer_name = "",
        .private_key_pem = span_of_bytes(texts[0], sizes[0]), .certificate_pem = span_of_bytes(texts[1], sizes[1]),
        .channel_keys = keys, .channel_key_count = second_file != NULL ? 2 : 1, .zone_offset_s = 28800,
    };
    char problem[256];
    int error = payment_channel_open(&config, out, problem);

    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
    return error;
}

static int channel_open(const char *cipher_key, const char *key_file, struct payment_channel **out)
{
    return channel_open_with(cipher_key, key_file, NULL, out);
}

static int setup(void **state)
{
    *state = &fixture;
    fixture_open(&fixture, "wechat.json");
    return channel_open("0123456789abcdef0123456789abcdef", "platform.crt.pem", &fixture.channel);
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
    const char *signature = json_string_value(json_object_get(vector, "signature"));
    struct payment_request request;
    char expected[1024];

    assert_int_equal(payment_channel_request(fixture.channel, call, &fixture.moment, &fixture.matter, &request), 0);
    assert_string_equal(request.url, json_string_value(json_object_get(vector, "url")));
    assert_string_equal(request.body, json_string_value(json_object_get(vector, "body")));
    assert_int_equal(request.body_size, strlen(request.body));
    assert_int_equal(request.is_post, strcmp(json_string_value(json_object_get(vector, "method")), "POST") == 0);
    (void)snprintf(expected, sizeof expected,
                   "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000109\",nonce_str=\"" FIXTURE_NONCE "\","
                   "timestamp=\"1768435200\",serial_no=\"3775B6A45ACD588826D15E583A95F5DD\",signature=\"%s\"", signature);
    assert_string_equal(request.authorization, expected);
}

static void requests_are_signed_as_computed_elsewhere(void **state)
{
    (void)state;
    request_compare(PAYMENT_CALL_ORDER, "order_qr");
    fixture.matter.scene = PAYMENT_SCENE_IN_APP;
    request_compare(PAYMENT_CALL_ORDER, "order_in_app");
    fixture.matter.scene = PAYMENT_SCENE_MOBILE;
    request_compare(PAYMENT_CALL_ORDER, "order_mobile");
    request_compare(PAYMENT_CALL_QUERY, "query");
    request_compare(PAYMENT_CALL_CLOSE, "close");
    request_compare(PAYMENT_CALL_REFUND, "refund");
    request_compare(PAYMENT_CALL_REFUND_QUERY, "refund_query");
    request_compare(PAYMENT_CALL_BILL, "bill");
    (void)snprintf(fixture.matter.file_url, sizeof fixture.matter.file_url,
                   "https://api.mch.weixin.qq.com/v3/billdownload/file?token=abc");
    request_compare(PAYMENT_CALL_BILL_FILE, "bill_file");
}

static int order_error(struct payment_matter matter)
{
    struct payment_request request = { .body_size = 77 };
    int error = payment_channel_request(fixture.channel, PAYMENT_CALL_ORDER, &fixture.moment, &matter, &request);

    assert_true(error == 0 || request.body_size == 77);
    return error;
}

static void impossible_orders_are_refused(void **state)
{
    struct payment_matter matter = fixture.matter;
    const int64_t amounts[] = { 0, -1, INT64_MIN, INT64_MAX, PAYMENT_AMOUNT_MAXIMUM_FEN + 1 };

    (void)state;
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        matter.amount_fen = amounts[i];
        assert_int_equal(order_error(matter), PAYMENT_ERR_AMOUNT);
    }
    matter = fixture.matter;
    matter.scene = PAYMENT_SCENE_PAGE;
    assert_int_equal(order_error(matter), PAYMENT_ERR_SCENE);
    matter.scene = PAYMENT_SCENE_IN_APP;
    matter.payer_id[0] = '\0';
    assert_int_equal(order_error(matter), PAYMENT_ERR_VALUE);
    matter = fixture.matter;
    (void)snprintf(matter.trade_number, sizeof matter.trade_number, "T1/../../x");
    assert_int_equal(order_error(matter), PAYMENT_ERR_VALUE);
    matter = fixture.matter;
    matter.expires_s = matter.created_s;
    assert_int_equal(order_error(matter), PAYMENT_ERR_VALUE);
    matter = fixture.matter;
    matter.refund_fen = 5001;
    assert_int_equal(payment_channel_request(fixture.channel, PAYMENT_CALL_REFUND, &fixture.moment, &matter,
                                             &(struct payment_request){ .body_size = 0 }), PAYMENT_ERR_AMOUNT);
}

static int answer(enum payment_call call, const char *name, int http_status, struct payment_outcome *out)
{
    struct payment_message message =
        fixture_message(json_object_get(json_object_get(fixture.vectors, "answers"), name), http_status);

    memset(out, 0, sizeof *out);
    return payment_channel_answer(fixture.channel, call, &fixture.moment, &fixture.matter, &message, out);
}

static void an_order_leads_the_customer_on(void **state)
{
    struct payment_outcome outcome;
    json_t *script;

    (void)state;
    assert_int_equal(answer(PAYMENT_CALL_ORDER, "qr", 200, &outcome), 0);
    assert_int_equal(outcome.invitation_kind, PAYMENT_INVITATION_QR);
    assert_string_equal(outcome.invitation, "weixin://wxpay/bizpayurl?pr=abc");
    fixture.matter.scene = PAYMENT_SCENE_MOBILE;
    assert_int_equal(answer(PAYMENT_CALL_ORDER, "mobile", 200, &outcome), 0);
    assert_int_equal(outcome.invitation_kind, PAYMENT_INVITATION_URL);
    fixture.matter.scene = PAYMENT_SCENE_IN_APP;
    assert_int_equal(answer(PAYMENT_CALL_ORDER, "in_app", 200, &outcome), 0);
    assert_int_equal(outcome.invitation_kind, PAYMENT_INVITATION_SCRIPT);
    script = json_loads(outcome.invitation, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(script, "package")), "prepay_id=wx15080000000000abcdef");
    assert_string_equal(json_string_value(json_object_get(script, "paySign")),
                        json_string_value(json_object_get(fixture.vectors, "pay_sign")));
    /* The text that is signed is the published sample's. */
    assert_string_equal(json_string_value(json_object_get(fixture.vectors, "pay_sign_digest")),
                        "b2bfd5253ee02b49d0d44865fcfdbed8c78de6123b70e16b9a6efe8e59b724bd");
    json_decref(script);
}

static void a_query_tells_the_state(void **state)
{
    static const struct {
        const char *name;
        int http_status;
        int error;
        enum payment_state state;
    } rows[] = {
        { "paid", 200, 0, PAYMENT_STATE_PAID },         { "pending", 200, 0, PAYMENT_STATE_PENDING },
        { "closed", 200, 0, PAYMENT_STATE_CLOSED },     { "refunded", 200, 0, PAYMENT_STATE_REFUNDED },
        { "absent", 404, 0, PAYMENT_STATE_ABSENT },     { "absent", 400, PAYMENT_ERR_REFUSED, PAYMENT_STATE_UNKNOWN },
        { "busy", 400, PAYMENT_ERR_UNAVAILABLE, PAYMENT_STATE_UNKNOWN },
        { "paid", 500, PAYMENT_ERR_UNAVAILABLE, PAYMENT_STATE_UNKNOWN },
        { "dollars", 200, PAYMENT_ERR_CURRENCY, PAYMENT_STATE_UNKNOWN },
        { "nothing", 200, PAYMENT_ERR_AMOUNT, PAYMENT_STATE_UNKNOWN },
        { "foreign", 200, PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
        { "other_order", 200, PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
        { "qr", 200, PAYMENT_ERR_FOREIGN, PAYMENT_STATE_UNKNOWN },
    };
    struct payment_outcome outcome;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(answer(PAYMENT_CALL_QUERY, rows[i].name, rows[i].http_status, &outcome), rows[i].error);
        assert_int_equal(outcome.state, rows[i].state);
    }
    assert_int_equal(answer(PAYMENT_CALL_QUERY, "paid", 200, &outcome), 0);
    assert_int_equal(outcome.amount_fen, 5000); /* the total, not what the payer gave after a coupon */
    assert_string_equal(outcome.reference, "4200000000202601150000000001");
}

static void closing_and_refunds_are_answered(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(answer(PAYMENT_CALL_CLOSE, "empty", 204, &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_CLOSED);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_done", 200, &outcome), 0);
    assert_int_equal(outcome.refund_state, PAYMENT_REFUND_DONE);
    assert_int_equal(outcome.refund_fen, 1234);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "refund_other", 200, &outcome), PAYMENT_ERR_AMOUNT);
    assert_int_equal(answer(PAYMENT_CALL_REFUND, "no_money", 403, &outcome), PAYMENT_ERR_REFUSED);
    assert_string_equal(outcome.code, "NOT_ENOUGH");
    assert_int_equal(answer(PAYMENT_CALL_REFUND_QUERY, "refund_done", 200, &outcome), 0);
}

/* Any byte of body, header or signature another one: nothing is believed. */
static void flipped_bytes_are_noticed(void **state)
{
    const json_t *vector = json_object_get(json_object_get(fixture.vectors, "answers"), "paid");
    struct payment_message right = fixture_message(vector, 200);
    const struct span *const parts[] = { &right.body, &right.timestamp, &right.nonce, &right.signature, &right.serial };
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    (void)state;
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        for (size_t place = 0; place < parts[part]->size; place++) {
            char changed[2048];
            struct payment_message message = right;
            struct span *spans[] = { &message.body, &message.timestamp, &message.nonce, &message.signature,
                                     &message.serial };
            assert_true(parts[part]->size < sizeof changed);
            memcpy(changed, parts[part]->bytes, parts[part]->size);
            changed[place] ^= 1;
            *spans[part] = span_of_bytes(changed, parts[part]->size);
            assert_true(payment_channel_answer(fixture.channel, PAYMENT_CALL_QUERY, &fixture.moment, &fixture.matter,
                                               &message, &outcome) < 0);
            assert_int_equal(outcome.state, PAYMENT_STATE_UNKNOWN);
        }
    }
}

static int notice_at(int64_t now_s, struct payment_outcome *out)
{
    struct payment_message message = fixture_message(json_object_get(fixture.vectors, "notice"), 200);
    struct payment_moment moment = { now_s, FIXTURE_NONCE };

    memset(out, 0, sizeof *out);
    return payment_channel_notice(fixture.channel, &moment, &message, out);
}

static void a_callback_is_opened_within_five_minutes(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(notice_at(FIXTURE_NOW_S, &outcome), 0);
    assert_int_equal(outcome.state, PAYMENT_STATE_PAID);
    assert_int_equal(outcome.amount_fen, 5000);
    assert_string_equal(outcome.trade_number, "T20260115000001");
    assert_string_equal(outcome.reference, "4200000000202601150000000001");
    assert_int_equal(notice_at(FIXTURE_NOW_S + 299, &outcome), 0);
    assert_int_equal(notice_at(FIXTURE_NOW_S - 299, &outcome), 0);
    assert_int_equal(notice_at(FIXTURE_NOW_S + 300, &outcome), PAYMENT_ERR_TIME);
    assert_int_equal(notice_at(FIXTURE_NOW_S - 300, &outcome), PAYMENT_ERR_TIME);
}

static void a_probe_and_truncated_callbacks_are_refused(void **state)
{
    struct payment_message right = fixture_message(json_object_get(fixture.vectors, "notice"), 200);
    struct payment_message message = right;
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };

    (void)state;
    message.signature = span_of_text("WECHATPAY/SIGNTEST/abcdefgh");
    assert_int_equal(payment_channel_notice(fixture.channel, &fixture.moment, &message, &outcome),
                     PAYMENT_ERR_SIGNATURE);
    for (size_t size = 0; size < right.body.size; size += 7) {
        message = right;
        message.body.size = size;
        assert_true(payment_channel_notice(fixture.channel, &fixture.moment, &message, &outcome) < 0);
    }
    assert_int_equal(outcome.state, PAYMENT_STATE_UNKNOWN);
}

static void another_cipher_key_opens_nothing(void **state)
{
    struct payment_message message = fixture_message(json_object_get(fixture.vectors, "notice"), 200);
    struct payment_channel *other;
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(channel_open("0123456789abcdef0123456789abcdeg", "platform.crt.pem", &other), 0);
    assert_int_equal(payment_channel_notice(other, &fixture.moment, &message, &outcome), PAYMENT_ERR_CIPHER);
    payment_channel_close(other);
    assert_int_equal(channel_open("short", "platform.crt.pem", &other), PAYMENT_ERR_SETTING);
    assert_int_equal(channel_open("0123456789abcdef0123456789abcdef", "merchant.key.pem", &other), PAYMENT_ERR_KEY);
}

static void a_public_key_is_found_by_its_identifier(void **state)
{
    struct payment_message message = fixture_message(json_object_get(fixture.vectors, "notice"), 200);
    struct payment_channel *other;
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(channel_open("0123456789abcdef0123456789abcdef", "platform.pub.pem", &other), 0);
    assert_int_equal(payment_channel_notice(other, &fixture.moment, &message, &outcome), PAYMENT_ERR_SIGNER);
    message.serial = span_of_text("PUB_KEY_ID_0001");
    assert_int_equal(payment_channel_notice(other, &fixture.moment, &message, &outcome), 0);
    payment_channel_close(other);
}

/* A change of keys needs no pause: what either signed is believed, each under its own serial. */
static void two_serials_hold_at_once(void **state)
{
    struct payment_message message = fixture_message(json_object_get(fixture.vectors, "notice"), 200);
    struct payment_channel *other;
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(channel_open_with("0123456789abcdef0123456789abcdef", "other.crt.pem", "platform.crt.pem", &other), 0);
    assert_int_equal(payment_channel_notice(other, &fixture.moment, &message, &outcome), 0);
    message.serial = span_of_text(other->keys[0].serial);
    assert_int_equal(payment_channel_notice(other, &fixture.moment, &message, &outcome), PAYMENT_ERR_SIGNATURE);
    payment_channel_close(other);
}

static void a_certificate_whose_time_is_over_signs_nothing(void **state)
{
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(notice_at(INT64_C(4922000000), &outcome), PAYMENT_ERR_TIME);
    assert_int_equal(notice_at(INT64_C(4950000000), &outcome), PAYMENT_ERR_SIGNER);
}

static int bill_error(struct span file)
{
    const char *hash = json_string_value(json_object_get(fixture.vectors, "bill_hash"));

    fixture.row_count = 0;
    return payment_channel_kind_of(fixture.channel)->bill_read(fixture.channel, file, hash, fixture_row_take, &fixture);
}

static void a_bill_is_read_when_its_hash_is_right(void **state)
{
    struct span file = span_of_text(json_string_value(json_object_get(fixture.vectors, "bill")));
    struct payment_outcome outcome;

    (void)state;
    assert_int_equal(bill_error(file), 0);
    assert_int_equal(fixture.row_count, 2);
    assert_false(fixture.rows[0].is_refund);
    assert_int_equal(fixture.rows[0].amount_fen, 5000);
    assert_string_equal(fixture.rows[0].trade_number, "T20260115000001");
    assert_string_equal(fixture.rows[0].reference, "4200000000202601150000000001");
    assert_true(fixture.rows[1].is_refund);
    assert_int_equal(fixture.rows[1].amount_fen, 1234);
    assert_string_equal(fixture.rows[1].refund_number, "R20260115000001");
    file.size--;
    assert_int_equal(bill_error(file), PAYMENT_ERR_HASH);
    assert_int_equal(answer(PAYMENT_CALL_BILL, "bill", 200, &outcome), 0);
    assert_string_equal(outcome.file_hash, json_string_value(json_object_get(fixture.vectors, "bill_hash")));
    assert_int_equal(answer(PAYMENT_CALL_BILL, "bill_elsewhere", 200, &outcome), PAYMENT_ERR_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_are_signed_as_computed_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(impossible_orders_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(an_order_leads_the_customer_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_query_tells_the_state, setup, teardown),
        cmocka_unit_test_setup_teardown(closing_and_refunds_are_answered, setup, teardown),
        cmocka_unit_test_setup_teardown(flipped_bytes_are_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_callback_is_opened_within_five_minutes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_probe_and_truncated_callbacks_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(another_cipher_key_opens_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(two_serials_hold_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_certificate_whose_time_is_over_signs_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_public_key_is_found_by_its_identifier, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bill_is_read_when_its_hash_is_right, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
