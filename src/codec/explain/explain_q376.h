/* What the files that explain frames of Q/GDW 376.1 share. */
#ifndef CODEC_EXPLAIN_Q376_H
#define CODEC_EXPLAIN_Q376_H

#include "codec/explain/explain_internal.h"
#include "codec/q376/q376_frame.h"
#include "codec/q376/q376_name.h"

/* What a row is called: `key` for programs, the others for people. */
struct explain_q376_label {
    const char *key;
    const char *english;
    const char *chinese;
};

/* Rows of one value. `meaning` may be NULL. */
void explain_q376_text_put(const struct explain_place *place, struct span bytes, const struct explain_q376_label *label,
                           const char *value, const char *meaning);
void explain_q376_number_put(const struct explain_place *place, struct span bytes,
                             const struct explain_q376_label *label, unsigned long number, const char *meaning);
void explain_q376_hex_put(const struct explain_place *place, struct span bytes, const struct explain_q376_label *label);

/* Capital hexadecimal digits, cut with "..." at the limit, zero-terminated.
 * text     EXPLAIN_TEXT_LIMIT characters */
void explain_q376_hex_write(struct span bytes, char *text);

/* A name in the sink's language. */
const char *explain_q376_word(const struct explain_place *place, struct q376_name name);

/* Rows for all data units of a frame, and for what follows them undecoded. */
void explain_q376_units(const struct explain_place *place, const struct q376_frame *frame);

/* Rows for a forwarded frame, when another protocol is sure of it; `frame` lies in the place's frame. */
void explain_q376_inner(const struct explain_place *place, struct span frame);

#endif
