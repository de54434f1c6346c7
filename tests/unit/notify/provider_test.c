/* Requests against signatures computed by others (Python's hmac and hashlib; TC3: the vendor's worked example), answers
 * against what providers write. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "notify/mail.h"
#include "notify/notify_error.h"
#include "notify/provider.h"
#include "security/digest_openssl.h"

static struct http_request request;

static struct provider provider_make(const char *kind, const char *url)
{
    struct provider provider = { .kind = provider_kind_find(kind), .id = "testid", .secret = "testsecret",
                                 .application = "1400006666", .cost_e4 = 450, .template_count = 1 };

    assert_non_null(provider.kind);
    memcpy(provider.url, url, strlen(url) + 1);
    provider.templates[0] = (struct provider_template){ "test", -1, "1234", 1, { { "thing1", "text" } } };
    return provider;
}

static struct message message_make(const char *recipient, const char *text)
{
    struct message message = { .message_id = 17, .created_s = 1768435200, .kind = "test",
                               .words = "{\"balance\":\"1234\"}" };

    memcpy(message.recipient, recipient, strlen(recipient) + 1);
    memcpy(message.text, text, strlen(text) + 1);
    return message;
}

static struct provider_moment moment_make(void)
{
    struct provider_moment moment = { .wall_s = 1768435200, .token = "TO KEN", .digest = digest_openssl() };

    assert_int_equal(hex_decode(span_of_text("45e25e9b0a6f40708c852956eda1b466"), moment.random, sizeof moment.random), 16);
    return moment;
}

static const char *header(const char *name)
{
    for (size_t i = 0; i < request.header_count; i++)
        if (strncmp(request.headers[i], name, strlen(name)) == 0 && request.headers[i][strlen(name)] == ':')
            return request.headers[i] + strlen(name) + 2;
    return "";
}

static void encode(const struct provider *provider, const struct message *message)
{
    struct provider_moment moment = moment_make();

    memset(&request, 0x55, sizeof request);
    assert_int_equal(provider->kind->http->encode(provider, message, &moment, &request), 0);
}

static void aliyun_make(struct provider *provider)
{
    *provider = provider_make("aliyun_sms", "https://dysmsapi.aliyuncs.com");
    memcpy(provider->sign_name, "测试", sizeof "测试");
    provider->templates[0] = (struct provider_template){ "test", -1, "SMS_71390007", 1, { { "code", "text" } } };
}

static void aliyun_signs_both_ways(void **state)
{
    struct message message = message_make("13800000000", "1234");
    struct provider provider;

    (void)state;
    aliyun_make(&provider);
    provider.version = 1;
    encode(&provider, &message);
    assert_string_equal(request.method, "GET");
    assert_non_null(strstr(request.url, "&Signature=yyjdQBLhFMqGTDy7WJjHaBFAjIo%3D"));
    assert_non_null(strstr(request.url, "TemplateParam=%7B%22code%22%3A%221234%22%7D"));
    assert_int_equal(request.header_count, 0);
    provider.version = 3;
    encode(&provider, &message);
    assert_string_equal(request.method, "POST");
    assert_string_equal(header("Authorization"),
                        "ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;x-acs-content-sha256;"
                        "x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                        "bdb9666b0d2db6fa128cc3d6052b762db0fa14781a5c5d2527ebba0e95c74916");
    assert_string_equal(header("x-acs-date"), "2026-01-15T00:00:00Z");
    assert_int_equal(request.body_size, 0);
}

static void tencent_signs_as_the_worked_example(void **state)
{
    struct message message = message_make("13800000000", "12345");
    struct provider provider = provider_make("tencent_sms", "https://sms.tencentcloudapi.com");
    static const char *const body = "{\"SmsSdkAppId\":\"1400006666\",\"SignName\":\"TEST\",\"TemplateId\":\"1234\","
                                    "\"TemplateParamSet\":[\"12345\"],\"PhoneNumberSet\":[\"+8613800000000\"]}";

    (void)state;
    memcpy(provider.sign_name, "TEST", 5);
    encode(&provider, &message);
    assert_int_equal(request.body_size, strlen(body));
    assert_memory_equal(request.body, body, strlen(body));
    assert_string_equal(header("Authorization"),
                        "TC3-HMAC-SHA256 Credential=testid/2026-01-15/sms/tc3_request, SignedHeaders=content-type;host, "
                        "Signature=5898a99428e320227317618ba47b4e4cfc21a9bfe524371f2fc1fc7b0b5f3220");
    assert_string_equal(header("X-TC-Timestamp"), "1768435200");
    assert_string_equal(request.url, "https://sms.tencentcloudapi.com/");
}

static void a_webhook_is_signed_over_its_bytes(void **state)
{
    struct message message = message_make("hook", "1234");
    struct provider provider = provider_make("webhook", "https://erp.example.cn/hook?x=1");

    (void)state;
    encode(&provider, &message);
    assert_string_equal(header("X-Meterworks-Id"), "M1768435200-17");
    assert_string_equal(header("X-Meterworks-Signature"),
                        "sha256=4d368ccc319a7a7e59286fca9245073c9917f35162deb2f9d34db7cf073d62cb");
    assert_string_equal(request.url, "https://erp.example.cn/hook?x=1");
}

static void wechat_cuts_values_to_their_fields(void **state)
{
    struct message message = message_make("oTest01", "一二三四五六七八九十一二三四五六七八九十多");
    struct provider provider = provider_make("wechat_template", "https://api.weixin.qq.com/");
    static const char *const body =
        "{\"touser\":\"oTest01\",\"template_id\":\"1234\",\"client_msg_id\":\"M1768435200-17\",\"data\":{\"thing1\":"
        "{\"value\":\"一二三四五六七八九十一二三四五六七八九十\"}}}";

    (void)state;
    encode(&provider, &message);
    assert_string_equal(request.url,
                        "https://api.weixin.qq.com/cgi-bin/message/template/send?access_token=TO%20KEN");
    assert_int_equal(request.body_size, strlen(body));
    assert_memory_equal(request.body, body, strlen(body));
}

static const struct {
    const char *kind;
    int status;
    const char *answer;
    enum message_outcome outcome;
    int32_t retry_after_s;
    enum provider_answer told;
} answers[] = {
    { "aliyun_sms", 200, "{\"Code\":\"OK\",\"BizId\":\"9\",\"Message\":\"OK\"}", MESSAGE_OUT_SENT, 0, PROVIDER_ANSWERED },
    { "aliyun_sms", 400, "{\"Code\":\"isv.MOBILE_NUMBER_ILLEGAL\"}", MESSAGE_OUT_REFUSED, 0, PROVIDER_ANSWERED },
    { "aliyun_sms", 400, "{\"Code\":\"isv.BUSINESS_LIMIT_CONTROL\"}", MESSAGE_OUT_THROTTLED, 3600, PROVIDER_ANSWERED },
    { "aliyun_sms", 403, "{\"Code\":\"SignatureDoesNotMatch\"}", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
    { "aliyun_sms", 200, "{\"Code\":7}", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
    { "aliyun_sms", 503, "<html>", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
    { "tencent_sms", 200, "{\"Response\":{\"SendStatusSet\":[{\"Code\":\"Ok\",\"SerialNo\":\"9\",\"Fee\":1}]}}",
        MESSAGE_OUT_SENT, 0, PROVIDER_ANSWERED },
    { "tencent_sms", 200, "{\"Response\":{\"SendStatusSet\":[]}}", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
    { "tencent_sms", 200, "{\"Response\":{\"Error\":{\"Code\":\"RequestLimitExceeded\"}}}", MESSAGE_OUT_THROTTLED, 5,
        PROVIDER_ANSWERED },
    { "tencent_sms", 200, "{\"Response\":{\"Error\":{\"Code\":\"AuthFailure.SignatureFailure\"}}}", MESSAGE_OUT_RETRY, 0,
        PROVIDER_ANSWERED },
    { "wechat_template", 200, "{\"errcode\":0,\"msgid\":5}", MESSAGE_OUT_SENT, 0, PROVIDER_ANSWERED },
    { "wechat_template", 200, "{\"errcode\":42001,\"errmsg\":\"x\"}", MESSAGE_OUT_RETRY, 0, PROVIDER_TOKEN_REFUSED },
    { "wechat_template", 200, "{\"errcode\":45009}", MESSAGE_OUT_THROTTLED, 3600, PROVIDER_ANSWERED },
    { "wechat_subscribe", 200, "{\"errcode\":43101}", MESSAGE_OUT_REFUSED, 0, PROVIDER_ANSWERED },
    { "wechat_subscribe", 200, "[1", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
    { "webhook", 204, "", MESSAGE_OUT_DELIVERED, 0, PROVIDER_ANSWERED },
    { "webhook", 302, "", MESSAGE_OUT_REFUSED, 0, PROVIDER_ANSWERED },
    { "webhook", 404, "", MESSAGE_OUT_REFUSED, 0, PROVIDER_ANSWERED },
    { "webhook", 429, "", MESSAGE_OUT_THROTTLED, 0, PROVIDER_ANSWERED },
    { "webhook", 500, "", MESSAGE_OUT_RETRY, 0, PROVIDER_ANSWERED },
};

static void answers_mean_what_providers_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct provider provider = provider_make(answers[i].kind, "https://example.cn");
        struct message_result result;
        enum provider_answer told = provider.kind->http->decode(&provider, answers[i].status,
                                                                span_of_text(answers[i].answer), &result);
        assert_int_equal(told, answers[i].told);
        assert_int_equal(result.outcome, answers[i].outcome);
        assert_int_equal(result.retry_after_s, answers[i].retry_after_s);
        if (result.outcome == MESSAGE_OUT_SENT) {
            assert_int_equal(result.cost_e4, 450);
            assert_int_equal(result.reference_count, 1);
            assert_string_equal(result.reason, "");
        }
    }
}

static void a_kind_without_a_template_never_leaves(void **state)
{
    static const char *const kinds[] = { "aliyun_sms", "tencent_sms", "wechat_template", "wechat_subscribe" };
    struct message message = message_make("13800000000", "x");
    struct provider_moment moment = moment_make();

    (void)state;
    memcpy(message.kind, "bill", 5);
    for (size_t i = 0; i < 4; i++) {
        struct provider provider = provider_make(kinds[i], "https://example.cn");
        assert_int_equal(provider.kind->http->encode(&provider, &message, &moment, &request), NOTIFY_ERR_NO_TEMPLATE);
    }
}

static void tokens_are_asked_for_early(void **state)
{
    char token[PROVIDER_TOKEN_SIZE], reason[MESSAGE_REASON_SIZE];
    int64_t valid_s;

    (void)state;
    assert_int_equal(wechat_template_adapter.token_decode(
        span_of_text("{\"access_token\":\"abc\",\"expires_in\":7200}"), token, &valid_s, reason), 0);
    assert_string_equal(token, "abc");
    assert_int_equal(valid_s, 5700);
    assert_int_equal(wechat_template_adapter.token_decode(span_of_text("{\"errcode\":40125}"), token, &valid_s, reason),
                     NOTIFY_ERR_ANSWER);
    assert_string_equal(reason, "no access token: 40125");
}

static void mail_is_folded_and_cannot_be_forged(void **state)
{
    struct provider provider = provider_make("smtp", "smtps://mail.example.cn");
    struct message message = message_make("owner@example.cn", "你好");
    char mail[MAIL_SIZE];

    (void)state;
    memcpy(provider.source, "noreply@example.cn", sizeof "noreply@example.cn");
    assert_true(mail_write(&provider, &message, 1768435200, mail) > 0);
    assert_non_null(strstr(mail, "Date: Thu, 15 Jan 2026 00:00:00 +0000\r\n"));
    assert_non_null(strstr(mail, "Message-ID: <M1768435200-17@example.cn>\r\n"));
    assert_non_null(strstr(mail, "\r\n\r\n5L2g5aW9\r\n"));
    for (const char *line = mail; *line != '\0'; line = strstr(line, "\r\n") + 2)
        assert_true(strcspn(line, "\r\n") <= 78);
    message = message_make("owner@example.cn\r\nBcc: all@example.cn", "x");
    assert_int_equal(mail_write(&provider, &message, 1768435200, mail), NOTIFY_ERR_ADDRESS);
}

static void addresses_are_told_from_nonsense(void **state)
{
    (void)state;
    assert_true(message_address_permitted(MESSAGE_SMS, span_of_text("+8613800000000")));
    assert_false(message_address_permitted(MESSAGE_SMS, span_of_text("138****0000")));
    assert_false(message_address_permitted(MESSAGE_SMS, span_of_text("+")));
    assert_false(message_address_permitted(MESSAGE_EMAIL, span_of_text("a@b@c")));
    assert_false(message_address_permitted(MESSAGE_EMAIL, span_of_text("a b@c")));
    assert_false(message_address_permitted(MESSAGE_EMAIL, span_of_text("@c")));
    assert_false(message_address_permitted(MESSAGE_WECHAT, span_of_text("a/b")));
    assert_false(message_address_permitted((enum message_channel)0, span_of_text("12345")));
}

static void attempts_are_spaced_out(void **state)
{
    (void)state;
    assert_int_equal(message_backoff_s(1), 30);
    assert_int_equal(message_backoff_s(2), 120);
    assert_int_equal(message_backoff_s(5), 7680);
    assert_int_equal(message_backoff_s(6), 14400);
    assert_int_equal(message_backoff_s(1000), 14400);
}

static const struct {
    const char *file;
    const char *complaint; /* "": it is right */
} files[] = {
    { "{\"providers\":[]}", "" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a\",\"url\":\"https://x/\",\"secret\":\"geheim\"}]}", "" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a\",\"url\":\"http://x/\",\"secret\":\"geheim\"}]}", "url" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a\",\"url\":\"http://127.0.0.1.evil.cn/\",\"secret\":\"geheim\"}]}",
        "url" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a b\",\"url\":\"https://x/\",\"secret\":\"geheim\"}]}", "name" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a\",\"url\":\"https://x/\"}]}", "secret" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"name\":\"a\",\"url\":\"https://x/\",\"secret\":[\"geheim\"]}]}", "secret" },
    { "{\"providers\":[{\"kind\":\"pigeon\"}]}", "kind" },
    { "{\"providers\":[{\"kind\":\"webhook\",\"per_second\":0}]}", "per_second" },
    { "{\"providers\":[{\"kind\":\"aliyun_sms\",\"templates\":[{\"kind\":\"gossip\",\"code\":\"1\"}]}]}", "templates.kind" },
    { "{\"providers\":[{\"kind\":\"aliyun_sms\",\"templates\":[{\"kind\":\"bill\",\"code\":\"1\",\"parameters\":"
      "{\"a\":\"plaec\"}}]}]}", "templates.parameters" },
    { "{\"providers\":[{\"kind\":\"smtp\",\"name\":\"a\",\"url\":\"smtps://x\",\"source\":\"nobody\"}]}", "source" },
    { "{\"providers\":{}}", "providers" },
    { "{\"secret\":\"geheim\"", "JSON" },
};

static void files_are_read_or_their_mistake_is_named(void **state)
{
    static struct provider list[PROVIDER_LIMIT];

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char problem[256] = "";
        int count = provider_list_read(span_of_text(files[i].file), list, problem);

        assert_int_equal(count < 0, files[i].complaint[0] != '\0');
        assert_non_null(strstr(problem, files[i].complaint));
        assert_null(strstr(problem, "geheim"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aliyun_signs_both_ways),
        cmocka_unit_test(tencent_signs_as_the_worked_example),
        cmocka_unit_test(a_webhook_is_signed_over_its_bytes),
        cmocka_unit_test(wechat_cuts_values_to_their_fields),
        cmocka_unit_test(answers_mean_what_providers_say),
        cmocka_unit_test(a_kind_without_a_template_never_leaves),
        cmocka_unit_test(tokens_are_asked_for_early),
        cmocka_unit_test(mail_is_folded_and_cannot_be_forged),
        cmocka_unit_test(addresses_are_told_from_nonsense),
        cmocka_unit_test(attempts_are_spaced_out),
        cmocka_unit_test(files_are_read_or_their_mistake_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
