#include "security/secret.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/hex.h"
#include "security/security_error.h"

static int system_fill(void *context, uint8_t *bytes, size_t size)
{
    (void)context;
    if (size > INT_MAX || RAND_bytes(bytes, (int)size) != 1)
        return SECURITY_ERR_CRYPTOGRAPHY;
    return 0;
}

struct secret_source secret_source_system(void)
{
    return (struct secret_source){ .context = NULL, .fill = system_fill };
}

int secret_token_make(const struct secret_source *source, char text[SECRET_TOKEN_TEXT_LIMIT])
{
    uint8_t bytes[SECRET_TOKEN_SIZE];

    if (source->fill(source->context, bytes, sizeof bytes) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    int written = hex_encode(span_of_bytes(bytes, sizeof bytes), text, SECRET_TOKEN_TEXT_LIMIT);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return written < 0 ? SECURITY_ERR_CRYPTOGRAPHY : 0;
}

int secret_hash(struct span secret, uint8_t hash[SECRET_HASH_SIZE])
{
    return SHA256(secret.bytes, secret.size, hash) == NULL ? SECURITY_ERR_CRYPTOGRAPHY : 0;
}

bool secret_equal(struct span a, struct span b)
{
    return a.size == b.size && CRYPTO_memcmp(a.bytes, b.bytes, a.size) == 0;
}
