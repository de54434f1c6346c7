/* Writes CBOR items in their shortest form (RFC 8949 4.2.1) to a bounded writer; ask writer_result at the end. */
#ifndef CODEC_CBOR_WRITER_H
#define CODEC_CBOR_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"

void cbor_put_unsigned(struct writer *out, uint64_t value);
void cbor_put_integer(struct writer *out, int64_t value);
void cbor_put_bytes(struct writer *out, struct span bytes);
void cbor_put_text(struct writer *out, struct span text);
void cbor_put_boolean(struct writer *out, bool value);

/* The head only; `count` items, or pairs for a map, must follow. */
void cbor_put_array(struct writer *out, uint64_t count);
void cbor_put_map(struct writer *out, uint64_t pairs);

/* value / 10^scale as an integer when it is whole, else as the smallest IEEE float that number_scaled turns back into
 * `value` at this scale.
 * scale    0 to NUMBER_SCALE_LIMIT
 * returns  0; CODEC_ERR_RANGE when no double holds it, nothing is written then */
int cbor_put_decimal(struct writer *out, int64_t value, int scale);

#endif
