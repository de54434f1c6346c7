/* Secrets in the database: form 1 | nonce of 12 bytes | encrypted bytes | tag of 16 (AES-128-GCM, NIST SP 800-38D). */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/error.h"
#include "security/key_holder.h"
#include "security/security_error.h"

#define FORM 1
#define NONCE_SIZE 12
#define TAG_SIZE 16

static const char purpose[] = "seal device secrets";

/* One direction over `in`, the place as associated data. `tag` is written when sealing and checked when opening. */
static bool gcm_run(const uint8_t key[KEY_HOLDER_PSK_SIZE], const uint8_t nonce[NONCE_SIZE], struct span place,
                    struct span in, uint8_t *out, uint8_t tag[TAG_SIZE], bool sealing)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int size = 0;
    bool done = context != NULL &&
                EVP_CipherInit_ex(context, EVP_aes_128_gcm(), NULL, key, nonce, sealing ? 1 : 0) == 1 &&
                EVP_CipherUpdate(context, NULL, &size, place.bytes, (int)place.size) == 1 &&
                EVP_CipherUpdate(context, out, &size, in.bytes, (int)in.size) == 1 &&
                (sealing || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1) &&
                EVP_CipherFinal_ex(context, out + in.size, &size) == 1 &&
                (!sealing || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, tag) == 1);

    EVP_CIPHER_CTX_free(context);
    return done;
}

int key_holder_seal(const struct key_holder *holder, const struct secret_source *source, struct span place,
                    struct span plain, uint8_t out[KEY_HOLDER_SEALED_LIMIT])
{
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    uint8_t *nonce = out + 1;
    uint8_t *body = nonce + NONCE_SIZE;

    if (plain.size > KEY_HOLDER_SEALED_LIMIT - KEY_HOLDER_SEAL_SIZE)
        return BASE_ERR_RANGE;
    if (source->fill(source->context, nonce, NONCE_SIZE) != 0 ||
        key_holder_purpose_key(holder, span_of_text(purpose), key) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    out[0] = FORM;
    bool done = gcm_run(key, nonce, place, plain, body, body + plain.size, true);
    OPENSSL_cleanse(key, sizeof key);
    return done ? (int)(plain.size + KEY_HOLDER_SEAL_SIZE) : SECURITY_ERR_CRYPTOGRAPHY;
}

int key_holder_unseal(const struct key_holder *holder, struct span place, struct span sealed,
                      uint8_t out[KEY_HOLDER_SEALED_LIMIT])
{
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    uint8_t tag[TAG_SIZE];

    if (sealed.size < KEY_HOLDER_SEAL_SIZE || sealed.size > KEY_HOLDER_SEALED_LIMIT || sealed.bytes[0] != FORM ||
        key_holder_purpose_key(holder, span_of_text(purpose), key) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    struct span body = span_of_bytes(sealed.bytes + 1 + NONCE_SIZE, sealed.size - KEY_HOLDER_SEAL_SIZE);
    memcpy(tag, body.bytes + body.size, TAG_SIZE);
    bool done = gcm_run(key, sealed.bytes + 1, place, body, out, tag, false);
    OPENSSL_cleanse(key, sizeof key);
    return done ? (int)body.size : SECURITY_ERR_CRYPTOGRAPHY;
}
