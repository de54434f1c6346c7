/* UnionPay: an answer brings the certificate it was signed with; the chain to the configured roots is what is trusted. */
#include "payment/unionpay.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#define JOINED_EXTRA 256

int payment_unionpay_digest(const struct payment_fields *fields, char hex[65])
{
    static const char *const without[] = { "signature", NULL };
    size_t capacity = fields->store.size + JOINED_EXTRA;
    char *text = malloc(capacity);
    struct writer writer = writer_of_buffer(text, text != NULL ? capacity : 0);
    int error;

    payment_fields_join(fields, without, &writer);
    error = writer_result(&writer) < 0 ? PAYMENT_ERR_MEMORY : payment_sha256_hex(writer_span(&writer), hex);
    free(text);
    return error;
}

static X509_STORE *store_make(const struct payment_channel *channel, int64_t now_s)
{
    X509_STORE *store = X509_STORE_new();
    bool made = store != NULL;

    for (size_t i = 0; made && i < channel->key_count; i++)
        made = channel->keys[i].certificate != NULL && X509_STORE_add_cert(store, channel->keys[i].certificate) == 1;
    if (!made) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)now_s);
    return store;
}

/* A root or middle certificate that is configured is trusted as it stands. */
static bool chain_holds(const struct payment_channel *channel, X509 *certificate, int64_t now_s)
{
    X509_STORE *store = store_make(channel, now_s);
    X509_STORE_CTX *context = store != NULL ? X509_STORE_CTX_new() : NULL;
    bool holds = context != NULL && X509_STORE_CTX_init(context, store, certificate, NULL) == 1 &&
                 X509_verify_cert(context) == 1;

    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    return holds;
}

static bool is_named(const struct payment_channel *channel, X509 *certificate)
{
    char name[256] = "";
    int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);

    return size > 0 && strlen(name) == (size_t)size && strstr(name, channel->signer_name) != NULL;
}

int payment_unionpay_signature_check(const struct payment_channel *channel, const struct payment_moment *moment,
                                     const struct payment_fields *fields)
{
    X509 *certificate = payment_certificate_read(span_of_text(payment_fields_value(fields, "signPubKeyCert")));
    EVP_PKEY *key = NULL;
    char hex[65];
    int error = PAYMENT_ERR_SIGNER;

    if (certificate != NULL && is_named(channel, certificate) && chain_holds(channel, certificate, moment->now_s))
        key = X509_get_pubkey(certificate);
    if (key != NULL)
        error = payment_unionpay_digest(fields, hex);
    if (key != NULL && error == 0)
        error = payment_rsa_verify(key, span_of_text(hex), span_of_text(payment_fields_value(fields, "signature")));
    EVP_PKEY_free(key);
    X509_free(certificate);
    return error;
}
