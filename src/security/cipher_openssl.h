/* The ciphers of base/cipher.h by OpenSSL. */
#ifndef SECURITY_CIPHER_OPENSSL_H
#define SECURITY_CIPHER_OPENSSL_H

#include "base/cipher.h"

/* Static lifetime, no state: any thread may use it. Its functions return 0, SECURITY_ERR_CRYPTOGRAPHY when OpenSSL
 * refuses or the input is no multiple of a block where it must be. */
const struct cipher *cipher_openssl(void);

#endif
