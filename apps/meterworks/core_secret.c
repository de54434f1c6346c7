/* Secrets of devices: sealed in the database, open only in an order that leaves. */
#include "apps/meterworks/core_internal.h"

#include <stdio.h>
#include <string.h>

#include "base/cipher.h"
#include "base/log.h"
#include "security/key_holder.h"
#include "security/security_error.h"

_Static_assert(ESTATE_SECRET_LIMIT == KEY_HOLDER_SEALED_LIMIT, "a sealed secret fits into the store");

static struct span place_write(char text[64], uint32_t device_id, const char *purpose)
{
    (void)snprintf(text, 64, "device %u %s", (unsigned)device_id, purpose);
    return span_of_text(text);
}

int core_secret_put(struct core *core, uint32_t device_id, const char *purpose, const uint8_t *bytes, size_t size)
{
    const struct estate_store *store = estate_sql_store(core->estate_sql);
    struct secret_source source = secret_source_system();
    uint8_t sealed[KEY_HOLDER_SEALED_LIMIT];
    char place[64];
    int count = 0;

    if (core->config.keys == NULL)
        return SECURITY_ERR_CRYPTOGRAPHY;
    if (size > 0)
        count = key_holder_seal(core->config.keys, &source, place_write(place, device_id, purpose),
                                span_of_bytes(bytes, size), sealed);
    if (count < 0)
        return count;
    return store->secret_write(store->context, device_id, purpose, sealed, (size_t)count);
}

int core_secret_take(struct core *core, uint32_t device_id, const char *purpose, uint8_t *out)
{
    const struct estate_store *store = estate_sql_store(core->estate_sql);
    uint8_t sealed[KEY_HOLDER_SEALED_LIMIT];
    char place[64];
    int size = store->secret_read(store->context, device_id, purpose, sealed);

    if (size <= 0)
        return size;
    if (core->config.keys == NULL)
        return SECURITY_ERR_CRYPTOGRAPHY;
    size = key_holder_unseal(core->config.keys, place_write(place, device_id, purpose),
                             span_of_bytes(sealed, (size_t)size), out);
    if (size < 0)
        log_write(LOG_STORE, LOG_ERROR, "", "the %s of device %u cannot be opened with this master key", purpose,
                  (unsigned)device_id);
    return size;
}

/* A secret of digits as its number.
 * returns  true and *out when there is one */
static bool digits_take(struct core *core, uint32_t device_id, const char *purpose, uint32_t *out)
{
    uint8_t plain[KEY_HOLDER_SEALED_LIMIT];
    int size = core_secret_take(core, device_id, purpose, plain);
    uint32_t number = 0;

    for (int i = 0; i < size; i++)
        number = number * 10 + (uint32_t)(plain[i] - '0');
    if (size > 0)
        *out = number;
    cipher_wipe(plain, sizeof plain);
    return size > 0;
}

void core_secrets_fill(struct core *core, struct line_order *order)
{
    uint8_t plain[KEY_HOLDER_SEALED_LIMIT];
    int size = core_secret_take(core, order->device_id, "key", plain);

    order->has_password = digits_take(core, order->device_id, "password", &order->password);
    (void)digits_take(core, order->device_id, "operator", &order->operator_code);
    if (size > 0 && size <= LINE_SECRET_LIMIT) {
        memcpy(order->key, plain, (size_t)size);
        order->key_size = (uint8_t)size;
    }
    cipher_wipe(plain, sizeof plain);
}
