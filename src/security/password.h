/* Passwords: scrypt (RFC 7914), memory-hard, with the parameters stored beside each hash so that they can grow. */
#ifndef SECURITY_PASSWORD_H
#define SECURITY_PASSWORD_H

#include "base/span.h"
#include "security/secret.h"

#define PASSWORD_SIZE_LIMIT 128
#define PASSWORD_CHARACTERS_MINIMUM 10
#define PASSWORD_HASH_LIMIT 160 /* 'scrypt$N$r$p$salt-hex$key-hex' with its zero */

/* Cost of one hash: 128 * N * r bytes of memory (32 MiB) and about 0.1 s. */
struct password_cost {
    uint32_t n; /* power of two, 2 to 2^20 */
    uint32_t r; /* 1 to 32 */
    uint32_t p; /* 1 to 16 */
};
extern const struct password_cost password_cost_default;

/* Would this do as a new password for `login`?
 * returns  0; SECURITY_ERR_PASSWORD_SHORT, _LONG, _SIMPLE */
int password_check(struct span password, struct span login);

/* Hash with a fresh salt.
 * returns  0 with `text` zero-terminated; SECURITY_ERR_PASSWORD_LONG; SECURITY_ERR_CRYPTOGRAPHY (also: no memory) */
int password_hash(struct span password, const struct password_cost *cost, const struct secret_source *source,
    char text[PASSWORD_HASH_LIMIT]);

/* Does the password belong to the stored hash? Compares in constant time.
 * returns  0 it does; SECURITY_ERR_MISMATCH; SECURITY_ERR_HASH when the text is no hash of ours or asks for more memory
 *          than the bounds above; SECURITY_ERR_CRYPTOGRAPHY */
int password_verify(struct span password, const char *text);

/* Spend the time of a verification on nobody's hash, so that unknown logins take as long as wrong passwords. */
void password_verify_nobody(struct span password);

#endif
