/* Random secrets, their hashes and a comparison that tells nothing by its time. */
#ifndef SECURITY_SECRET_H
#define SECURITY_SECRET_H

#include "base/span.h"

#define SECRET_TOKEN_SIZE 32
#define SECRET_TOKEN_TEXT_LIMIT 65 /* hexadecimal with its zero */
#define SECRET_HASH_SIZE 32

/* Where randomness comes from: the operating system's source in the server, a seed in tests and simulation. */
struct secret_source {
    void *context;
    /* returns 0, or SECURITY_ERR_CRYPTOGRAPHY when no randomness can be had: nothing may go on then */
    int (*fill)(void *context, uint8_t *bytes, size_t size);
};

/* OpenSSL's generator, seeded by the operating system. */
struct secret_source secret_source_system(void);

/* A new token of 32 random bytes as lower-case hexadecimal.
 * returns  0 or SECURITY_ERR_CRYPTOGRAPHY */
int secret_token_make(const struct secret_source *source, char text[SECRET_TOKEN_TEXT_LIMIT]);

/* SHA-256; what is stored instead of a token.
 * returns  0 or SECURITY_ERR_CRYPTOGRAPHY */
int secret_hash(struct span secret, uint8_t hash[SECRET_HASH_SIZE]);

/* Equal in content; takes the same time wherever they differ (not for different sizes, which are no secret). */
bool secret_equal(struct span a, struct span b);

#endif
