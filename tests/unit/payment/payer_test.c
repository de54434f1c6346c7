#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "payment/payer.h"
#include "tests/unit/payment/payment_fixture.h"

static struct payment_channel *channel_open(const char *secret, const char *authorize_url, const char *identity_url)
{
    size_t sizes[3];
    char *texts[3] = { fixture_file("merchant.key.pem", &sizes[0]), fixture_file("merchant.crt.pem", &sizes[1]),
                       fixture_file("platform.crt.pem", &sizes[2]) };
    struct payment_key_text key = { "", span_of_bytes((const uint8_t *)texts[2], sizes[2]) };
    struct payment_channel_config config = {
        .kind = "wechat", .base_url = "https://api.mch.weixin.qq.com", .bill_url = "",
        .notify_url = "https://pay.example.cn/cb/wx", .return_url = "", .merchant_id = "1900000109",
        .application_id = "wx1234567890abcdef", .cipher_key = "0123456789abcdef0123456789abcdef", .signer_name = "",
        .login_secret = secret, .authorize_url = authorize_url, .identity_url = identity_url,
        .private_key_pem = span_of_bytes((const uint8_t *)texts[0], sizes[0]),
        .certificate_pem = span_of_bytes((const uint8_t *)texts[1], sizes[1]), .channel_keys = &key, .channel_key_count = 1,
    };
    struct payment_channel *channel = NULL;
    char problem[256];

    assert_int_equal(payment_channel_open(&config, &channel, problem), 0);
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
    return channel;
}

static void the_request_is_wechats(void **state)
{
    struct payment_channel *channel = channel_open("s+cret", NULL, NULL);
    struct payment_request request = { .is_post = true };
    char page[PAYMENT_PAYER_PAGE_SIZE] = "", code[600];

    (void)state;
    assert_int_equal(payment_payer_page(channel, page), 0);
    assert_string_equal(page, "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1234567890abcdef");
    assert_int_equal(payment_payer_request(channel, span_of_text("081aB-_9"), &request), 0);
    assert_false(request.is_post);
    assert_string_equal(request.url, "https://api.weixin.qq.com/sns/oauth2/access_token?appid=wx1234567890abcdef"
                                     "&secret=s%2Bcret&code=081aB-_9&grant_type=authorization_code");
    memset(code, 'c', sizeof code);
    static const char *const wrong[] = { "", "a&b", "a b", "a%41", "a\n", "a#", "ä" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(payment_payer_request(channel, span_of_text(wrong[i]), &request), PAYMENT_ERR_VALUE);
    assert_int_equal(payment_payer_request(channel, span_of_bytes((const uint8_t *)code, 513), &request), PAYMENT_ERR_VALUE);
    assert_int_equal(payment_payer_request(channel, span_of_bytes((const uint8_t *)code, 512), &request), 0);
    payment_channel_close(channel);
}

static void without_a_secret_nobody_is_asked(void **state)
{
    struct payment_channel *channel = channel_open("", "https://elsewhere.example/a", "https://elsewhere.example");
    struct payment_request request;
    char page[PAYMENT_PAYER_PAGE_SIZE] = "as it was";

    (void)state;
    assert_int_equal(payment_payer_page(channel, page), PAYMENT_ERR_UNSUPPORTED);
    assert_string_equal(page, "as it was");
    assert_int_equal(payment_payer_request(channel, span_of_text("a"), &request), PAYMENT_ERR_UNSUPPORTED);
    payment_channel_close(channel);
}

static int answer(int http_status, const char *text, char payer_id[PAYMENT_PAYER_SIZE])
{
    struct payment_message message = { .http_status = http_status, .body = span_of_text(text) };
    return payment_payer_answer(&message, payer_id);
}

static void an_answer_names_somebody_or_gives_a_reason(void **state)
{
    static const struct {
        int http_status;
        const char *text;
        int error;
    } rows[] = {
        { 200, "{\"errcode\":40029,\"errmsg\":\"invalid code\"}", PAYMENT_ERR_REFUSED },
        { 200, "{\"errcode\":40163,\"errmsg\":\"code been used\"}", PAYMENT_ERR_REFUSED },
        { 200, "{\"errcode\":-1,\"errmsg\":\"system error\"}", PAYMENT_ERR_UNAVAILABLE },
        { 200, "{\"openid\":\"oA\",\"is_snapshotuser\":1}", PAYMENT_ERR_FOREIGN },
        { 200, "{\"openid\":\"\"}", PAYMENT_ERR_FORM },
        { 200, "{\"openid\":7}", PAYMENT_ERR_FORM },
        { 200, "{\"openid\":\"o A\"}", PAYMENT_ERR_FORM },
        { 200, "{\"openid\":\"oA\",\"openid\":\"oB\"}", PAYMENT_ERR_FORM },
        { 200, "{\"openid\":\"0123456789012345678901234567890123456789012345678901234567890123\"}", PAYMENT_ERR_FORM },
        { 200, "[]", PAYMENT_ERR_FORM }, { 200, "{\"openid\":\"oA\"", PAYMENT_ERR_FORM }, { 200, "", PAYMENT_ERR_FORM },
        { 302, "{\"openid\":\"oA\"}", PAYMENT_ERR_UNAVAILABLE }, { 0, "", PAYMENT_ERR_UNAVAILABLE },
    };
    char payer_id[PAYMENT_PAYER_SIZE] = "as it was";

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(answer(rows[i].http_status, rows[i].text, payer_id), rows[i].error);
        assert_string_equal(payer_id, "as it was");
    }
    assert_int_equal(answer(200, "{\"access_token\":\"A\",\"expires_in\":7200,\"openid\":\"oTest01\",\"scope\":\"snsapi_base\","
                                 "\"is_snapshotuser\":0,\"unionid\":\"u\"}", payer_id), 0);
    assert_string_equal(payer_id, "oTest01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_is_wechats),
        cmocka_unit_test(without_a_secret_nobody_is_asked),
        cmocka_unit_test(an_answer_names_somebody_or_gives_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
