#include "apps/meterworks/partner_secret.h"

#include <stdio.h>

#include "base/cipher.h"
#include "base/hex.h"
#include "security/key_holder.h"

_Static_assert(API_PARTNER_SECRET_SIZE == 2 * KEY_HOLDER_PSK_SIZE + 1, "a secret is a derived key as hexadecimal");

static int secret_make(void *context, int64_t token_id, char out[API_PARTNER_SECRET_SIZE])
{
    const struct key_holder *keys = context;
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    char purpose[40];
    int result;

    (void)snprintf(purpose, sizeof purpose, "partner token %lld", (long long)token_id);
    result = key_holder_purpose_key(keys, span_of_text(purpose), key);
    if (result >= 0)
        result = hex_encode(span_of_bytes(key, sizeof key), out, API_PARTNER_SECRET_SIZE);
    cipher_wipe(key, sizeof key);
    return result < 0 ? result : 0;
}

struct api_partners partner_secret_port(struct key_holder *keys)
{
    return (struct api_partners){ keys, secret_make };
}
