/* Codes in links that are handed out on paper: who was not given the link cannot guess it. */
#ifndef SECURITY_LINK_CODE_H
#define SECURITY_LINK_CODE_H

#include "security/key_holder.h"

#define LINK_CODE_SIZE 17 /* 16 hexadecimal digits with the zero */

/* The first 8 bytes of HMAC-SHA256 under the installation's key for links: the same subject has the same code always.
 * subject  what the link opens: "bill 123"
 * returns  0 with `text` zero-terminated; SECURITY_ERR_CRYPTOGRAPHY. Thread-safe. */
int link_code_make(const struct key_holder *holder, struct span subject, char text[LINK_CODE_SIZE]);

#endif
