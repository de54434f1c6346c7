/* Builds bytes or text in a buffer of the caller, bounded.
 *
 * A piece that does not fit is left out whole and sets `overflow`; everything after it is left out too. So a caller
 * writes all pieces and asks once, at the end: writer_result(). */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include "base/compiler.h"
#include "base/span.h"

struct writer {
    uint8_t *bytes;
    size_t size;     /* written so far */
    size_t capacity; /* of `bytes` */
    bool overflow;   /* something did not fit; what is there is not the whole */
};

struct writer writer_of_buffer(void *buffer, size_t capacity);

void writer_put_u8(struct writer *writer, uint8_t value);
void writer_put_u16be(struct writer *writer, uint16_t value);
void writer_put_u32be(struct writer *writer, uint32_t value);
void writer_put_u64be(struct writer *writer, uint64_t value);
void writer_put_u16le(struct writer *writer, uint16_t value);

/* The low `size` bytes of `value`, most significant first; size 0 to 8, more counts as overflow. */
void writer_put_unsigned_be(struct writer *writer, uint64_t value, size_t size);

void writer_put_bytes(struct writer *writer, const void *bytes, size_t size);
void writer_put_span(struct writer *writer, struct span bytes);

/* The text without its zero. */
void writer_text(struct writer *writer, const char *text);

/* The text as a JSON string with its quotes. The text is valid UTF-8. */
void writer_json_text(struct writer *writer, const char *text);

/* A number in decimal digits, with a minus in front when it is negative. */
void writer_integer(struct writer *writer, int64_t value);

/* As printf. Needs one byte more than the text while it writes, so a text that fits exactly counts as overflow. */
void writer_format(struct writer *writer, const char *format, ...) COMPILER_PRINTF(2, 3);

/* What was written; lives as long as the buffer and until the next writer call. */
struct span writer_span(const struct writer *writer);

/* Bytes written, or BASE_ERR_FULL after an overflow (also when more than INT32_MAX bytes were written). */
int writer_result(const struct writer *writer) COMPILER_MUST_CHECK;

/* Put a zero after what was written, not counted in `size`, and give the buffer as text.
 * An overflowed or completely full writer gives the text cut to what fits, zero-terminated; capacity 0 gives "". */
const char *writer_terminate(struct writer *writer);

#endif
