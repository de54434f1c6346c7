/* WeChat Pay API v3: callbacks, signed like an answer, their matter sealed with the APIv3 key. */
#include "payment/wechat.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* The JSON text inside a sealed resource, to be freed with its object released; NULL and *error. */
static json_t *resource_open(const struct payment_channel *channel, const json_t *resource, int *error)
{
    struct span sealed_text = span_of_text(payment_json_text(resource, "ciphertext"));
    uint8_t *sealed = malloc(sealed_text.size + 4);
    uint8_t *plain = malloc(sealed_text.size + 4);
    json_t *object = NULL;
    int size = PAYMENT_ERR_MEMORY;

    if (sealed != NULL && plain != NULL)
        size = payment_base64_decode(sealed_text, sealed, sealed_text.size + 4);
    if (size >= 0)
        size = payment_gcm_open(channel->cipher_key, span_of_text(payment_json_text(resource, "nonce")),
                                span_of_text(payment_json_text(resource, "associated_data")),
                                span_of_bytes(sealed, (size_t)size), plain, sealed_text.size + 4);
    if (size >= 0)
        object = payment_json_read(span_of_bytes(plain, (size_t)size));
    *error = object != NULL ? 0 : size < 0 ? size : PAYMENT_ERR_FORM;
    if (plain != NULL)
        OPENSSL_cleanse(plain, sealed_text.size + 4);
    free(plain);
    free(sealed);
    return object;
}

static int matter_read(const struct payment_channel *channel, const char *event, const json_t *matter,
                       struct payment_outcome *out)
{
    int error;

    if (strncmp(event, "TRANSACTION.", 12) == 0)
        return payment_wechat_transaction_read(channel, matter, out);
    if (strncmp(event, "REFUND.", 7) != 0)
        return PAYMENT_ERR_FORM;
    if (strcmp(payment_json_text(matter, "mchid"), channel->merchant_id) != 0)
        return PAYMENT_ERR_FOREIGN;
    error = payment_wechat_refund_read(matter, "refund_status", out);
    return error;
}

int payment_wechat_notice(const struct payment_channel *channel, const struct payment_moment *moment,
                          const struct payment_message *message, struct payment_outcome *out)
{
    struct payment_outcome outcome = { .state = PAYMENT_STATE_UNKNOWN };
    int error = payment_wechat_signature_check(channel, moment, message);
    json_t *body;
    json_t *matter = NULL;
    const json_t *resource;

    if (error < 0)
        return error;
    body = payment_json_read(message->body);
    resource = json_object_get(body, "resource");
    if (strcmp(payment_json_text(resource, "algorithm"), "AEAD_AES_256_GCM") != 0)
        error = PAYMENT_ERR_FORM;
    if (error == 0)
        matter = resource_open(channel, resource, &error);
    if (error == 0)
        error = matter_read(channel, payment_json_text(body, "event_type"), matter, &outcome);
    json_decref(matter);
    json_decref(body);
    if (error == 0)
        *out = outcome;
    return error;
}
