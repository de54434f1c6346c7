#include "security/digest_openssl.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "security/security_error.h"

static int digest_make(const EVP_MD *kind, struct span in, uint8_t *out)
{
    return EVP_Digest(in.size > 0 ? (const void *)in.bytes : "", in.size, out, NULL, kind, NULL) == 1
               ? 0 : SECURITY_ERR_CRYPTOGRAPHY;
}

static int hmac_make(const EVP_MD *kind, struct span key, struct span in, uint8_t *out)
{
    const void *secret = key.size > 0 ? (const void *)key.bytes : "";
    unsigned size = 0;

    if (key.size > INT_MAX)
        return SECURITY_ERR_CRYPTOGRAPHY;
    return HMAC(kind, secret, (int)key.size, in.bytes, in.size, out, &size) != NULL ? 0 : SECURITY_ERR_CRYPTOGRAPHY;
}

static int md5(struct span in, uint8_t out[DIGEST_MD5_SIZE])
{
    return digest_make(EVP_md5(), in, out);
}

static int sha256(struct span in, uint8_t out[DIGEST_SHA256_SIZE])
{
    return digest_make(EVP_sha256(), in, out);
}

static int hmac_sha1(struct span key, struct span in, uint8_t out[DIGEST_SHA1_SIZE])
{
    return hmac_make(EVP_sha1(), key, in, out);
}

static int hmac_sha256(struct span key, struct span in, uint8_t out[DIGEST_SHA256_SIZE])
{
    return hmac_make(EVP_sha256(), key, in, out);
}

static int sm3(struct span in, uint8_t out[DIGEST_SM3_SIZE])
{
    return digest_make(EVP_sm3(), in, out);
}

static int hmac_sm3(struct span key, struct span in, uint8_t out[DIGEST_SM3_SIZE])
{
    return hmac_make(EVP_sm3(), key, in, out);
}

const struct digest *digest_openssl(void)
{
    static const struct digest digest = { md5, sha256, hmac_sha1, hmac_sha256, sm3, hmac_sm3 };
    return &digest;
}
