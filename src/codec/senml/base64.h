/* Base64 with the URL alphabet (RFC 4648 5), as SenML-JSON carries bytes. */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include "base/span.h"
#include "base/writer.h"

/* Padding is optional; the standard alphabet's + and / are read too.
 * out      appended to
 * returns  0; CODEC_ERR_FORMAT for another character, a lone character at the end or padding elsewhere;
 *          CODEC_ERR_FULL */
int base64_decode(struct span text, struct writer *out);

/* URL alphabet, no padding; ask writer_result at the end. */
void base64_encode(struct span bytes, struct writer *out);

#endif
