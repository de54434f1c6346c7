#include "security/password.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/hex.h"
#include "base/text.h"
#include "base/writer.h"
#include "security/security_error.h"

#define SALT_SIZE 16
#define KEY_SIZE 32
#define COST_N_LIMIT (UINT32_C(1) << 20)
#define COST_MEMORY_LIMIT (UINT64_C(64) * 1024 * 1024)

const struct password_cost password_cost_default = { .n = 1u << 15, .r = 8, .p = 1 };

struct stored_hash {
    struct password_cost cost;
    uint8_t salt[SALT_SIZE];
    uint8_t key[KEY_SIZE];
};

static bool one_character_repeats(struct span password)
{
    for (size_t i = 1; i < password.size; i++)
        if (password.bytes[i] != password.bytes[0])
            return false;
    return true;
}

int password_check(struct span password, struct span login)
{
    if (password.size > PASSWORD_SIZE_LIMIT)
        return SECURITY_ERR_PASSWORD_LONG;
    if (text_utf8_check(password) < PASSWORD_CHARACTERS_MINIMUM)
        return SECURITY_ERR_PASSWORD_SHORT;
    if (one_character_repeats(password) || text_equal_ignoring_case(password, login))
        return SECURITY_ERR_PASSWORD_SIMPLE;
    return 0;
}

static bool cost_is_bounded(const struct password_cost *cost)
{
    if (cost->n < 2 || cost->n > COST_N_LIMIT || (cost->n & (cost->n - 1)) != 0)
        return false;
    if (cost->r < 1 || cost->r > 32 || cost->p < 1 || cost->p > 16)
        return false;
    return UINT64_C(128) * cost->n * cost->r <= COST_MEMORY_LIMIT;
}

static int key_derive(struct span password, const struct password_cost *cost, const uint8_t *salt, uint8_t *key)
{
    /* OpenSSL counts some bytes beyond 128 N r; the bound here is only a guard, cost_is_bounded() is the rule. */
    uint64_t memory = COST_MEMORY_LIMIT + UINT64_C(1024) * 1024;

    if (EVP_PBE_scrypt((const char *)password.bytes, password.size, salt, SALT_SIZE, cost->n, cost->r, cost->p, memory,
            key, KEY_SIZE) != 1)
        return SECURITY_ERR_CRYPTOGRAPHY;
    return 0;
}

int password_hash(struct span password, const struct password_cost *cost, const struct secret_source *source,
    char text[PASSWORD_HASH_LIMIT])
{
    struct stored_hash made = { .cost = *cost };
    char salt_text[2 * SALT_SIZE + 1];
    char key_text[2 * KEY_SIZE + 1];

    if (password.size > PASSWORD_SIZE_LIMIT)
        return SECURITY_ERR_PASSWORD_LONG;
    if (!cost_is_bounded(cost) || source->fill(source->context, made.salt, SALT_SIZE) != 0
        || key_derive(password, cost, made.salt, made.key) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    (void)hex_encode(span_of_bytes(made.salt, SALT_SIZE), salt_text, sizeof salt_text);
    (void)hex_encode(span_of_bytes(made.key, KEY_SIZE), key_text, sizeof key_text);
    struct writer writer = writer_of_buffer(text, PASSWORD_HASH_LIMIT);
    writer_format(&writer, "scrypt$%" PRIu32 "$%" PRIu32 "$%" PRIu32 "$%s$%s", cost->n, cost->r, cost->p, salt_text,
        key_text);
    (void)writer_terminate(&writer);
    OPENSSL_cleanse(&made, sizeof made);
    return writer.overflow ? SECURITY_ERR_CRYPTOGRAPHY : 0;
}

/* The next part up to '$' or the end; moves `rest` behind it. */
static struct span part_take(struct span *rest)
{
    ptrdiff_t end = span_find_byte(*rest, '$');
    size_t size = end < 0 ? rest->size : (size_t)end;
    struct span part = { rest->bytes, size };
    size_t used = end < 0 ? size : size + 1;

    rest->bytes += used;
    rest->size -= used;
    return part;
}

static int number_parse(struct span text, uint32_t *out)
{
    uint64_t number = 0;

    if (text.size == 0 || text.size > 9)
        return SECURITY_ERR_HASH;
    for (size_t i = 0; i < text.size; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return SECURITY_ERR_HASH;
        number = number * 10 + (uint64_t)(text.bytes[i] - '0');
    }
    *out = (uint32_t)number;
    return 0;
}

static int hash_parse(const char *text, struct stored_hash *out)
{
    struct span rest = span_of_text(text);

    if (!span_equal_text(part_take(&rest), "scrypt"))
        return SECURITY_ERR_HASH;
    if (number_parse(part_take(&rest), &out->cost.n) != 0 || number_parse(part_take(&rest), &out->cost.r) != 0
        || number_parse(part_take(&rest), &out->cost.p) != 0 || !cost_is_bounded(&out->cost))
        return SECURITY_ERR_HASH;
    if (hex_decode(part_take(&rest), out->salt, SALT_SIZE) != SALT_SIZE)
        return SECURITY_ERR_HASH;
    return hex_decode(rest, out->key, KEY_SIZE) == KEY_SIZE ? 0 : SECURITY_ERR_HASH;
}

int password_verify(struct span password, const char *text)
{
    struct stored_hash stored;
    uint8_t key[KEY_SIZE];

    if (password.size > PASSWORD_SIZE_LIMIT)
        return SECURITY_ERR_MISMATCH;
    if (hash_parse(text, &stored) != 0)
        return SECURITY_ERR_HASH;
    if (key_derive(password, &stored.cost, stored.salt, key) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    bool equal = secret_equal(span_of_bytes(key, KEY_SIZE), span_of_bytes(stored.key, KEY_SIZE));
    OPENSSL_cleanse(key, sizeof key);
    return equal ? 0 : SECURITY_ERR_MISMATCH;
}

void password_verify_nobody(struct span password)
{
    static const uint8_t salt[SALT_SIZE] = { 0 };
    uint8_t key[KEY_SIZE];

    if (password.size <= PASSWORD_SIZE_LIMIT)
        (void)key_derive(password, &password_cost_default, salt, key);
}
