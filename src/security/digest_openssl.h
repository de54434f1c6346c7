/* The digests of base/digest.h by OpenSSL. */
#ifndef SECURITY_DIGEST_OPENSSL_H
#define SECURITY_DIGEST_OPENSSL_H

#include "base/digest.h"

/* Static lifetime, no state: any thread may use it. Its functions return 0 or SECURITY_ERR_CRYPTOGRAPHY. */
const struct digest *digest_openssl(void);

#endif
