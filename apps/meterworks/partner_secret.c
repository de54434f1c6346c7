#include "apps/meterworks/partner_secret.h"

#include <stdio.h>

#include "base/cipher.h"
#include "base/hex.h"
#include "security/key_holder.h"

_Static_assert(API_PARTNER_SECRET_SIZE == 2 * KEY_HOLDER_PSK_SIZE + 1 &&
               API_WEBHOOK_SECRET_SIZE == API_PARTNER_SECRET_SIZE, "a secret is a derived key as hexadecimal");

static int derive(const struct key_holder *keys, const char *purpose, char out[API_PARTNER_SECRET_SIZE])
{
    uint8_t key[KEY_HOLDER_PSK_SIZE];
    int result = key_holder_purpose_key(keys, span_of_text(purpose), key);

    if (result >= 0)
        result = hex_encode(span_of_bytes(key, sizeof key), out, API_PARTNER_SECRET_SIZE);
    cipher_wipe(key, sizeof key);
    return result < 0 ? result : 0;
}

static int secret_make(void *context, int64_t token_id, char out[API_PARTNER_SECRET_SIZE])
{
    char purpose[40];

    (void)snprintf(purpose, sizeof purpose, "partner token %lld", (long long)token_id);
    return derive(context, purpose, out);
}

int webhook_secret_make(const struct key_holder *keys, int64_t endpoint_id, int64_t generation,
                        char out[API_WEBHOOK_SECRET_SIZE])
{
    char purpose[64];

    (void)snprintf(purpose, sizeof purpose, "webhook %lld/%lld", (long long)endpoint_id, (long long)generation);
    return derive(keys, purpose, out);
}

static int webhook_secret(void *context, int64_t endpoint_id, int64_t generation, char out[API_WEBHOOK_SECRET_SIZE])
{
    return webhook_secret_make(context, endpoint_id, generation, out);
}

struct api_webhooks webhook_secret_port(struct key_holder *keys)
{
    return (struct api_webhooks){ keys, webhook_secret };
}

struct api_partners partner_secret_port(struct key_holder *keys)
{
    return (struct api_partners){ keys, secret_make };
}
