#include "security/link_code.h"

#include "base/hex.h"
#include "security/digest_openssl.h"

int link_code_make(const struct key_holder *holder, struct span subject, char text[LINK_CODE_SIZE])
{
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    uint8_t code[DIGEST_SHA256_SIZE];
    int result = key_holder_purpose_key(holder, span_of_text("links"), key);

    if (result == 0)
        result = digest_openssl()->hmac_sha256(span_of_bytes(key, sizeof key), subject, code);
    if (result == 0)
        (void)hex_encode(span_of_bytes(code, (LINK_CODE_SIZE - 1) / 2), text, LINK_CODE_SIZE);
    return result;
}
