/* Signatures, digests and the one cipher, all OpenSSL's. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <string.h>

#include "payment/payment_internal.h"

#define RSA_BYTES_LIMIT 512
#define GCM_TAG_SIZE 16

int payment_rsa_sign(EVP_PKEY *key, struct span text, char signature[PAYMENT_SIGNATURE_SIZE])
{
    uint8_t bytes[RSA_BYTES_LIMIT];
    size_t size = sizeof bytes;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool signed_well = context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
                       EVP_DigestSign(context, bytes, &size, text.bytes, text.size) == 1;

    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!signed_well)
        return PAYMENT_ERR_KEY;
    (void)EVP_EncodeBlock((unsigned char *)signature, bytes, (int)size);
    return 0;
}

int payment_base64_decode(struct span text, uint8_t *out, size_t capacity)
{
    size_t padding = 0;
    int size;

    if (text.size == 0 || text.size % 4 != 0 || text.size > INT32_MAX / 2 || text.size / 4 * 3 > capacity)
        return PAYMENT_ERR_FORM;
    for (size_t i = 0; i < text.size; i++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=", text.bytes[i]) == NULL ||
            text.bytes[i] == 0)
            return PAYMENT_ERR_FORM;
    while (padding < 2 && text.bytes[text.size - 1 - padding] == '=')
        padding++;
    size = EVP_DecodeBlock(out, text.bytes, (int)text.size);
    ERR_clear_error();
    return size < (int)padding ? PAYMENT_ERR_FORM : size - (int)padding;
}

int payment_rsa_verify(EVP_PKEY *key, struct span text, struct span signature)
{
    uint8_t bytes[RSA_BYTES_LIMIT + 4];
    int size = payment_base64_decode(signature, bytes, sizeof bytes);
    EVP_MD_CTX *context;
    bool right;

    if (size < 0)
        return PAYMENT_ERR_SIGNATURE;
    context = EVP_MD_CTX_new();
    right = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
            EVP_DigestVerify(context, bytes, (size_t)size, text.bytes, text.size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return right ? 0 : PAYMENT_ERR_SIGNATURE;
}

static int digest_hex(const EVP_MD *kind, struct span text, char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_Digest(text.bytes, text.size, digest, &size, kind, NULL) != 1 || size > 32)
        return PAYMENT_ERR_KEY;
    for (unsigned i = 0; i < size; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * size] = '\0';
    return 0;
}

int payment_sha256_hex(struct span text, char hex[65])
{
    return digest_hex(EVP_sha256(), text, hex);
}

int payment_sha1_hex(struct span text, char hex[65])
{
    return digest_hex(EVP_sha1(), text, hex);
}

int payment_md5_hex(struct span text, char hex[65])
{
    return digest_hex(EVP_md5(), text, hex);
}

static bool gcm_decrypt(EVP_CIPHER_CTX *context, const uint8_t key[32], struct span nonce, struct span additional,
                        struct span sealed, uint8_t *out)
{
    uint8_t tag[GCM_TAG_SIZE];
    int part = 0;
    int size = (int)(sealed.size - GCM_TAG_SIZE);

    memcpy(tag, sealed.bytes + size, sizeof tag);
    return EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, NULL, NULL) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_IVLEN, (int)nonce.size, NULL) == 1 &&
           EVP_DecryptInit_ex(context, NULL, NULL, key, nonce.bytes) == 1 &&
           EVP_DecryptUpdate(context, NULL, &part, additional.bytes, (int)additional.size) == 1 &&
           EVP_DecryptUpdate(context, out, &part, sealed.bytes, size) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, GCM_TAG_SIZE, tag) == 1 &&
           EVP_DecryptFinal_ex(context, out + part, &part) == 1;
}

int payment_gcm_open(const uint8_t key[32], struct span nonce, struct span additional, struct span sealed, uint8_t *out,
                     size_t capacity)
{
    EVP_CIPHER_CTX *context;
    bool opened;

    if (sealed.size < GCM_TAG_SIZE || sealed.size - GCM_TAG_SIZE > capacity || sealed.size > INT32_MAX ||
        additional.size > INT32_MAX || nonce.size == 0 || nonce.size > 64)
        return PAYMENT_ERR_CIPHER;
    context = EVP_CIPHER_CTX_new();
    opened = context != NULL && gcm_decrypt(context, key, nonce, additional, sealed, out);
    EVP_CIPHER_CTX_free(context);
    ERR_clear_error();
    return opened ? (int)(sealed.size - GCM_TAG_SIZE) : PAYMENT_ERR_CIPHER;
}
