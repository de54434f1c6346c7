/* Decoded records as one line of text, the form in which vector files state what they expect. */
#ifndef TESTS_CODEC_VECTOR_RENDER_H
#define TESTS_CODEC_VECTOR_RENDER_H

#include <stdint.h>

#include "base/span.h"
#include "base/writer.h"

/* Each writes "invalid" when the decoder refuses. */
void render_coap(struct span message, struct writer *out);
void render_senml(int32_t content_format, struct span pack, struct writer *out);
void render_cbor_scalar(struct span payload, struct writer *out);
void render_tlv(struct span payload, struct writer *out);
void render_links(struct span text, struct writer *out);

#endif
