/* Opening a channel, and the checks that are the same for every kind. */
#include "payment/payment_internal.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct payment_channel_kind *const kinds[] = { &payment_wechat_kind, &payment_alipay_kind,
                                                     &payment_unionpay_kind };

const struct payment_channel_kind *payment_channel_kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}

static const struct {
    const struct payment_channel_kind *kind;
    int (*prepare)(struct payment_channel *channel, const struct payment_channel_config *config);
} preparations[] = {
    { &payment_wechat_kind, payment_wechat_prepare },
    { &payment_alipay_kind, payment_alipay_prepare },
    { &payment_unionpay_kind, payment_unionpay_prepare },
};

static int kind_prepare(struct payment_channel *channel, const struct payment_channel_config *config)
{
    for (size_t i = 0; i < sizeof preparations / sizeof preparations[0]; i++)
        if (preparations[i].kind == channel->kind)
            return preparations[i].prepare(channel, config);
    return 0;
}

static int settings_copy(struct payment_channel *channel, const struct payment_channel_config *config,
                         char problem[256])
{
    const struct {
        const char *name;
        const char *from;
        char *to;
        bool required;
    } rows[] = {
        { "base_url", config->base_url, channel->base_url, true },
        { "bill_url", config->bill_url, channel->bill_url, false },
        { "notify_url", config->notify_url, channel->notify_url, true },
        { "return_url", config->return_url, channel->return_url, false },
        { "merchant_id", config->merchant_id, channel->merchant_id, true },
        { "application_id", config->application_id, channel->application_id, false },
        { "signer_name", config->signer_name, channel->signer_name, false },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int size = text_copy(span_of_text(rows[i].from), rows[i].to, PAYMENT_SETTING_SIZE);
        if (size < 0 || (size == 0 && rows[i].required)) {
            (void)snprintf(problem, 256, "%s is missing or longer than %d characters", rows[i].name,
                           PAYMENT_SETTING_SIZE - 1);
            return PAYMENT_ERR_SETTING;
        }
    }
    return 0;
}

static int channel_keys_read(struct payment_channel *channel, const struct payment_channel_config *config,
                             char problem[256])
{
    if (config->channel_key_count < 1 || config->channel_key_count > PAYMENT_KEY_LIMIT) {
        (void)snprintf(problem, 256, "a channel has 1 to %d keys", PAYMENT_KEY_LIMIT);
        return PAYMENT_ERR_SETTING;
    }
    for (size_t i = 0; i < config->channel_key_count; i++) {
        struct payment_channel_key *key = &channel->keys[i];
        if (payment_public_key_read(config->channel_keys[i].pem, key) < 0) {
            (void)snprintf(problem, 256, "key %u of the channel is no RSA public key or certificate", (unsigned)i + 1);
            return PAYMENT_ERR_KEY;
        }
        channel->key_count++;
        if (text_copy(span_of_text(config->channel_keys[i].serial), key->serial, sizeof key->serial) < 0) {
            (void)snprintf(problem, 256, "the serial of key %u of the channel is too long", (unsigned)i + 1);
            return PAYMENT_ERR_SETTING;
        }
        if (key->serial[0] == '\0' && key->certificate != NULL &&
            payment_serial_hex(key->certificate, key->serial) < 0)
            return PAYMENT_ERR_KEY;
    }
    return 0;
}

static int channel_fill(struct payment_channel *channel, const struct payment_channel_config *config,
                        char problem[256])
{
    int error = settings_copy(channel, config, problem);

    if (error == 0)
        error = channel_keys_read(channel, config, problem);
    if (error < 0)
        return error;
    channel->zone_offset_s = config->zone_offset_s;
    channel->private_key = payment_private_key_read(config->private_key_pem);
    if (channel->private_key == NULL) {
        (void)snprintf(problem, 256, "private_key is no RSA key of 2048 to 4096 bits without a password");
        return PAYMENT_ERR_KEY;
    }
    error = kind_prepare(channel, config);
    if (error < 0)
        (void)snprintf(problem, 256, "%s", payment_error_text(error));
    return error;
}

int payment_channel_open(const struct payment_channel_config *config, struct payment_channel **out, char problem[256])
{
    struct payment_channel *channel = calloc(1, sizeof *channel);
    int error;

    if (channel == NULL)
        return PAYMENT_ERR_MEMORY;
    channel->kind = payment_channel_kind_find(config->kind);
    if (channel->kind == NULL) {
        (void)snprintf(problem, 256, "there is no kind of channel with this name");
        free(channel);
        return PAYMENT_ERR_SETTING;
    }
    error = channel_fill(channel, config, problem);
    if (error < 0) {
        payment_channel_close(channel);
        return error;
    }
    *out = channel;
    return 0;
}

void payment_channel_close(struct payment_channel *channel)
{
    if (channel == NULL)
        return;
    EVP_PKEY_free(channel->private_key);
    for (size_t i = 0; i < channel->key_count; i++) {
        EVP_PKEY_free(channel->keys[i].key);
        X509_free(channel->keys[i].certificate);
    }
    OPENSSL_cleanse(channel, sizeof *channel);
    free(channel);
}

const struct payment_channel_kind *payment_channel_kind_of(const struct payment_channel *channel)
{
    return channel->kind;
}

bool payment_channel_is_local(const struct payment_channel *channel, enum payment_scene scene)
{
    return (channel->kind->local_scenes & 1u << scene) != 0;
}

/* What every channel wants of an order and of a refund. */
static int matter_check(const struct payment_channel *channel, enum payment_call call,
                        const struct payment_matter *matter)
{
    bool is_refund = call == PAYMENT_CALL_REFUND || call == PAYMENT_CALL_REFUND_QUERY;

    if (call == PAYMENT_CALL_BILL || call == PAYMENT_CALL_BILL_FILE)
        return 0;
    if (!payment_number_permitted(matter->trade_number) ||
        (is_refund && !payment_number_permitted(matter->refund_number)))
        return PAYMENT_ERR_VALUE;
    if ((call == PAYMENT_CALL_ORDER || is_refund) &&
        (matter->amount_fen < 1 || matter->amount_fen > PAYMENT_AMOUNT_MAXIMUM_FEN))
        return PAYMENT_ERR_AMOUNT;
    if (is_refund && (matter->refund_fen < 1 || matter->refund_fen > matter->amount_fen))
        return PAYMENT_ERR_AMOUNT;
    if (call == PAYMENT_CALL_ORDER && ((int)matter->scene < 0 || matter->scene >= PAYMENT_SCENE_COUNT ||
                                       (channel->kind->scenes & 1u << matter->scene) == 0))
        return PAYMENT_ERR_SCENE;
    if (call == PAYMENT_CALL_ORDER && (matter->description[0] == '\0' || matter->expires_s <= matter->created_s ||
                                       text_utf8_check(span_of_text(matter->description)) < 0))
        return PAYMENT_ERR_VALUE;
    return 0;
}

static int call_check(const struct payment_channel *channel, enum payment_call call,
                      const struct payment_matter *matter)
{
    if ((int)call < 0 || call >= PAYMENT_CALL_COUNT)
        return PAYMENT_ERR_UNSUPPORTED;
    return matter_check(channel, call, matter);
}

int payment_channel_request(const struct payment_channel *channel, enum payment_call call,
                            const struct payment_moment *moment, const struct payment_matter *matter,
                            struct payment_request *out)
{
    int error = call_check(channel, call, matter);

    if (error < 0)
        return error;
    if (channel->kind->operations[call].request == NULL)
        return PAYMENT_ERR_UNSUPPORTED;
    if (call == PAYMENT_CALL_ORDER && payment_channel_is_local(channel, matter->scene))
        return PAYMENT_ERR_SCENE;
    return channel->kind->operations[call].request(channel, moment, matter, out);
}

int payment_channel_page(const struct payment_channel *channel, const struct payment_moment *moment,
                         const struct payment_matter *matter, struct payment_outcome *out)
{
    int error = call_check(channel, PAYMENT_CALL_ORDER, matter);

    if (error == 0 && !payment_channel_is_local(channel, matter->scene))
        error = PAYMENT_ERR_SCENE;
    return error == 0 ? channel->kind->page(channel, moment, matter, out) : error;
}

int payment_channel_answer(const struct payment_channel *channel, enum payment_call call,
                           const struct payment_moment *moment, const struct payment_matter *matter,
                           const struct payment_message *message, struct payment_outcome *out)
{
    int error = call_check(channel, call, matter);

    if (error < 0)
        return error;
    if (channel->kind->operations[call].answer == NULL)
        return PAYMENT_ERR_UNSUPPORTED;
    if (message->body.size > PAYMENT_MESSAGE_LIMIT && call != PAYMENT_CALL_BILL)
        return PAYMENT_ERR_FORM;
    return channel->kind->operations[call].answer(channel, moment, matter, message, out);
}

int payment_channel_notice(const struct payment_channel *channel, const struct payment_moment *moment,
                           const struct payment_message *message, struct payment_outcome *out)
{
    if (message->body.size == 0 || message->body.size > PAYMENT_MESSAGE_LIMIT)
        return PAYMENT_ERR_FORM;
    return channel->kind->notice(channel, moment, message, out);
}

int payment_outcome_give(int error, const struct payment_outcome *outcome, struct payment_outcome *out)
{
    if (error == 0)
        *out = *outcome;
    else
        memcpy(out->code, outcome->code, sizeof out->code);
    return error;
}

int payment_scene_of_name(const char *name)
{
    static const char *const names[PAYMENT_SCENE_COUNT] = { "qr", "in_app", "mobile", "page" };

    for (int scene = 0; scene < PAYMENT_SCENE_COUNT; scene++)
        if (strcmp(names[scene], name) == 0)
            return scene;
    return -1;
}

const char *payment_invitation_name(enum payment_invitation_kind kind)
{
    static const char *const names[] = { "", "qr", "url", "script", "form" };

    return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : "";
}
