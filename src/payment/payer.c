#include "payment/payer.h"

#include <string.h>

#include "base/text.h"
#include "payment/payment_internal.h"

#define CODE_LONGEST 512
#define AUTHORIZE_URL "https://open.weixin.qq.com/connect/oauth2/authorize"
#define IDENTITY_URL "https://api.weixin.qq.com"
#define ERRCODE_BUSY (-1)

/* 0; PAYMENT_ERR_SETTING */
static int setting_copy(const char *given, const char *usual, char out[PAYMENT_SETTING_SIZE])
{
    const char *text = given != NULL && given[0] != '\0' ? given : usual;
    return text_copy(span_of_text(text), out, PAYMENT_SETTING_SIZE) < 0 ? PAYMENT_ERR_SETTING : 0;
}

int payment_payer_prepare(struct payment_channel *channel, const struct payment_channel_config *config)
{
    int error = setting_copy(config->login_secret, "", channel->login_secret);

    if (error == 0)
        error = setting_copy(config->authorize_url, AUTHORIZE_URL, channel->authorize_url);
    return error == 0 ? setting_copy(config->identity_url, IDENTITY_URL, channel->identity_url) : error;
}

static bool is_able(const struct payment_channel *channel)
{
    return channel->login_secret[0] != '\0';
}

int payment_payer_page(const struct payment_channel *channel, char page[PAYMENT_PAYER_PAGE_SIZE])
{
    char text[PAYMENT_PAYER_PAGE_SIZE];
    struct writer writer = writer_of_buffer(text, sizeof text);

    if (!is_able(channel))
        return PAYMENT_ERR_UNSUPPORTED;
    writer_format(&writer, "%s?appid=", channel->authorize_url);
    payment_url_encode(span_of_text(channel->application_id), &writer);
    (void)writer_terminate(&writer);
    if (writer_result(&writer) < 0)
        return PAYMENT_ERR_UNSUPPORTED;
    memcpy(page, text, sizeof text);
    return 0;
}

static bool is_code(struct span code)
{
    for (size_t i = 0; i < code.size; i++) {
        uint8_t byte = code.bytes[i];
        bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!is_letter && !(byte >= '0' && byte <= '9') && byte != '-' && byte != '_')
            return false;
    }
    return code.size > 0 && code.size <= CODE_LONGEST;
}

int payment_payer_request(const struct payment_channel *channel, struct span code, struct payment_request *out)
{
    struct payment_request request = { .repeatable = false };
    struct writer url = writer_of_buffer(request.url, sizeof request.url);

    if (!is_able(channel))
        return PAYMENT_ERR_UNSUPPORTED;
    if (!is_code(code))
        return PAYMENT_ERR_VALUE;
    writer_format(&url, "%s/sns/oauth2/access_token?appid=", channel->identity_url);
    payment_url_encode(span_of_text(channel->application_id), &url);
    writer_text(&url, "&secret=");
    payment_url_encode(span_of_text(channel->login_secret), &url);
    writer_text(&url, "&code=");
    writer_put_span(&url, code);
    writer_text(&url, "&grant_type=authorization_code");
    (void)writer_terminate(&url);
    if (writer_result(&url) < 0)
        return PAYMENT_ERR_LONG;
    *out = request;
    return 0;
}

/* {"access_token":..,"openid":..,"scope":..,"is_snapshotuser":1?} or {"errcode":40029,"errmsg":..} */
static int answer_read(const json_t *answer, char payer_id[PAYMENT_PAYER_SIZE])
{
    json_int_t problem = json_integer_value(json_object_get(answer, "errcode"));
    char found[PAYMENT_PAYER_SIZE];

    if (problem != 0)
        return problem == ERRCODE_BUSY ? PAYMENT_ERR_UNAVAILABLE : PAYMENT_ERR_REFUSED;
    if (json_integer_value(json_object_get(answer, "is_snapshotuser")) != 0)
        return PAYMENT_ERR_FOREIGN;
    if (payment_json_copy(answer, "openid", found, sizeof found) < 0 || !is_code(span_of_text(found)))
        return PAYMENT_ERR_FORM;
    memcpy(payer_id, found, sizeof found);
    return 0;
}

int payment_payer_answer(const struct payment_message *message, char payer_id[PAYMENT_PAYER_SIZE])
{
    json_t *answer;
    int error = PAYMENT_ERR_FORM;

    if (message->http_status != 200)
        return PAYMENT_ERR_UNAVAILABLE;
    answer = payment_json_read(message->body);
    if (answer != NULL)
        error = answer_read(answer, payer_id);
    json_decref(answer);
    return error;
}
