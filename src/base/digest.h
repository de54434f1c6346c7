/* Digests as functions that are passed in: a room that signs requests names the construction, and whoever holds a
 * cryptographic library provides it. Nothing here keeps a key. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/span.h"

#define DIGEST_MD5_SIZE 16    /* RFC 1321: only where an old protocol asks for it */
#define DIGEST_SHA1_SIZE 20
#define DIGEST_SHA256_SIZE 32
#define DIGEST_SM3_SIZE 32    /* GB/T 32905 */

/* Every function returns 0, or a negative error of the room that implements it, `out` then being worth nothing. */
struct digest {
    int (*md5)(struct span in, uint8_t out[DIGEST_MD5_SIZE]);
    int (*sha256)(struct span in, uint8_t out[DIGEST_SHA256_SIZE]);
    /* RFC 2104 */
    int (*hmac_sha1)(struct span key, struct span in, uint8_t out[DIGEST_SHA1_SIZE]);
    int (*hmac_sha256)(struct span key, struct span in, uint8_t out[DIGEST_SHA256_SIZE]);
    int (*sm3)(struct span in, uint8_t out[DIGEST_SM3_SIZE]);
    int (*hmac_sm3)(struct span key, struct span in, uint8_t out[DIGEST_SM3_SIZE]);
};

#endif
