/* WeChat: template messages of an official account and subscribe messages of a mini program, over api.weixin.qq.com.
 *
 * Both want an access token; the sender keeps it, asks early for the next and once more when it is refused. Template
 * messages carry client_msg_id: WeChat takes a number once. Subscribe messages have no such number. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"

#define TOKEN_EARLY_S 1500 /* before its end */
#define VALUE_LIMIT 200

/* Field types by the letters of the field's name, and how many characters they take. */
static const struct {
    const char *type;
    size_t limit;
} field_limits[] = {
    { "thing", 20 },    { "character_string", 32 }, { "phrase", 5 }, { "name", 10 },  { "phone_number", 17 },
    { "car_number", 8 }, { "letter", 32 },          { "number", 32 }, { "symbol", 5 },
};

static size_t field_limit(const char *name)
{
    for (size_t i = 0; i < sizeof field_limits / sizeof field_limits[0]; i++)
        if (strncmp(name, field_limits[i].type, strlen(field_limits[i].type)) == 0)
            return field_limits[i].limit;
    return VALUE_LIMIT;
}

/* {"thing1":{"value":"..."}} of {"thing1":"..."} */
static json_t *data_make(const struct provider_template *template, const struct message *message)
{
    json_t *words = template_words(template, message, field_limit);
    json_t *data = words != NULL ? json_object() : NULL;
    const char *name;
    json_t *value;

    json_object_foreach(words, name, value)
        json_object_set_new(data, name, json_pack("{s:O}", "value", value));
    json_decref(words);
    return data;
}

static int url_write(const struct provider *provider, const char *path, const char *token, struct http_request *out)
{
    struct writer writer;
    int result = http_url_set(out, provider->url, path);

    if (result < 0)
        return result;
    writer = writer_of_buffer(out->url, sizeof out->url - 1);
    writer.size = strlen(out->url);
    percent_put(&writer, span_of_text(token));
    if (writer_result(&writer) < 0)
        return NOTIFY_ERR_LONG;
    out->url[writer.size] = '\0';
    return 0;
}

static int post_begin(const struct provider *provider, const char *path, const struct provider_moment *moment,
                      struct http_request *out)
{
    out->method = "POST";
    out->header_count = 0;
    if (http_header_add(out, "Content-Type: application/json; charset=utf-8") < 0)
        return NOTIFY_ERR_LONG;
    return url_write(provider, path, moment->token, out);
}

static int template_encode(const struct provider *provider, const struct message *message,
                           const struct provider_moment *moment, struct http_request *out)
{
    const struct provider_template *template = provider_template_find(provider, message);
    json_t *data = template != NULL ? data_make(template, message) : NULL;
    char number[MESSAGE_NUMBER_SIZE];
    json_t *body;

    if (data == NULL)
        return NOTIFY_ERR_NO_TEMPLATE;
    message_number_write(message, number);
    body = json_pack("{s:s, s:s, s:s, s:o}", "touser", message->recipient, "template_id", template->code,
                     "client_msg_id", number, "data", data);
    if (body != NULL && provider->page[0] != '\0')
        json_object_set_new(body, "url", json_string(provider->page));
    if (post_begin(provider, "/cgi-bin/message/template/send?access_token=", moment, out) < 0) {
        json_decref(body);
        return NOTIFY_ERR_LONG;
    }
    return http_body_json(out, body);
}

static int subscribe_encode(const struct provider *provider, const struct message *message,
                            const struct provider_moment *moment, struct http_request *out)
{
    const struct provider_template *template = provider_template_find(provider, message);
    json_t *data = template != NULL ? data_make(template, message) : NULL;
    json_t *body;

    if (data == NULL)
        return NOTIFY_ERR_NO_TEMPLATE;
    body = json_pack("{s:s, s:s, s:s, s:s, s:o}", "touser", message->recipient, "template_id", template->code,
                     "miniprogram_state", provider->application[0] != '\0' ? provider->application : "formal", "lang",
                     message->language == NOTICE_CHINESE ? "zh_CN" : "en_US", "data", data);
    if (body != NULL && provider->page[0] != '\0')
        json_object_set_new(body, "page", json_string(provider->page));
    if (post_begin(provider, "/cgi-bin/message/subscribe/send?access_token=", moment, out) < 0) {
        json_decref(body);
        return NOTIFY_ERR_LONG;
    }
    return http_body_json(out, body);
}

/* 0 taken; 40001 40014 42001 the token; 45009 45011 quota; -1 busy; the others say that this will never arrive. */
static const struct {
    int code;
    enum message_outcome outcome;
    int32_t retry_after_s;
} verdicts[] = {
    { 0, MESSAGE_OUT_SENT, 0 },      { -1, MESSAGE_OUT_RETRY, 0 },          { 40001, MESSAGE_OUT_RETRY, 0 },
    { 40014, MESSAGE_OUT_RETRY, 0 }, { 42001, MESSAGE_OUT_RETRY, 0 },       { 40013, MESSAGE_OUT_RETRY, 3600 },
    { 40164, MESSAGE_OUT_RETRY, 3600 }, { 45009, MESSAGE_OUT_THROTTLED, 3600 }, { 45011, MESSAGE_OUT_THROTTLED, 60 },
};

static bool is_token_refused(int code)
{
    return code == 40001 || code == 40014 || code == 42001;
}

static void code_judge(int code, const char *message, struct message_result *out)
{
    struct span text = span_of_text(message);

    out->outcome = MESSAGE_OUT_REFUSED;
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        if (verdicts[i].code == code) {
            out->outcome = verdicts[i].outcome;
            out->retry_after_s = verdicts[i].retry_after_s;
        }
    }
    text.size = text_utf8_check(text) >= 0 ? text_utf8_cut(text, sizeof out->reason - 16) : 0;
    (void)snprintf(out->reason, sizeof out->reason, "%d: %.*s", code, (int)text.size, message);
}

static enum provider_answer decode(const struct provider *provider, int status, struct span body,
                                   struct message_result *out)
{
    json_error_t problem;
    json_t *answer = json_loadb((const char *)body.bytes, body.size, 0, &problem);
    const json_t *code = json_object_get(answer, "errcode");
    const json_t *number = json_object_get(answer, "msgid");
    enum provider_answer told = PROVIDER_ANSWERED;

    *out = (struct message_result){ 0 };
    if (!json_is_integer(code)) {
        status_verdict_give(status, out);
    } else {
        code_judge((int)json_integer_value(code), json_member_text(answer, "errmsg"), out);
        told = is_token_refused((int)json_integer_value(code)) ? PROVIDER_TOKEN_REFUSED : PROVIDER_ANSWERED;
    }
    if (out->outcome == MESSAGE_OUT_SENT) {
        out->reason[0] = '\0';
        out->parts = 1;
        out->cost_e4 = provider->cost_e4;
        if (json_is_integer(number)) {
            (void)snprintf(out->references[0], MESSAGE_REFERENCE_SIZE, "%lld", (long long)json_integer_value(number));
            out->reference_count = 1;
        }
    }
    json_decref(answer);
    return told;
}

/* stable_token: asking does not end the token of another process. */
static int token_encode(const struct provider *provider, struct http_request *out)
{
    out->method = "POST";
    out->header_count = 0;
    if (http_url_set(out, provider->url, "/cgi-bin/stable_token") < 0 ||
        http_header_add(out, "Content-Type: application/json; charset=utf-8") < 0)
        return NOTIFY_ERR_LONG;
    return http_body_json(out, json_pack("{s:s, s:s, s:s}", "grant_type", "client_credential", "appid", provider->id,
                                         "secret", provider->secret));
}

static int token_decode(struct span body, char token[PROVIDER_TOKEN_SIZE], int64_t *valid_s,
                        char reason[MESSAGE_REASON_SIZE])
{
    json_error_t problem;
    json_t *answer = json_loadb((const char *)body.bytes, body.size, 0, &problem);
    const char *text = json_member_text(answer, "access_token");
    int64_t seconds = json_integer_value(json_object_get(answer, "expires_in"));
    int result = NOTIFY_ERR_ANSWER;

    (void)snprintf(reason, MESSAGE_REASON_SIZE, "no access token: %lld",
                   (long long)json_integer_value(json_object_get(answer, "errcode")));
    if (text[0] != '\0' && seconds > 0 && text_copy(span_of_text(text), token, PROVIDER_TOKEN_SIZE) > 0) {
        *valid_s = seconds > 2 * TOKEN_EARLY_S ? seconds - TOKEN_EARLY_S : seconds / 2;
        result = 0;
    }
    json_decref(answer);
    return result;
}

const struct http_adapter wechat_template_adapter = {
    .encode = template_encode, .decode = decode, .token_encode = token_encode, .token_decode = token_decode,
};

const struct http_adapter wechat_subscribe_adapter = {
    .encode = subscribe_encode, .decode = decode, .token_encode = token_encode, .token_decode = token_decode,
};
