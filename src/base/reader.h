/* Takes numbers and bytes from a span, front to back, and never past its end.
 *
 * Each reader_take_* gives 0 and moves on, or BASE_ERR_SHORT and stays where it was with the output untouched.
 * Network byte order ("be") unless the name says little endian ("le"). */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/compiler.h"
#include "base/span.h"

struct reader {
    struct span in;
    size_t offset; /* of the next byte; where a decoder stopped believing */
};

struct reader reader_of_span(struct span in);

/* Bytes not yet taken. */
size_t reader_remaining(const struct reader *reader);

/* The next byte without taking it. */
int reader_peek_u8(const struct reader *reader, uint8_t *out) COMPILER_MUST_CHECK;

int reader_take_u8(struct reader *reader, uint8_t *out) COMPILER_MUST_CHECK;
int reader_take_u16be(struct reader *reader, uint16_t *out) COMPILER_MUST_CHECK;
int reader_take_u32be(struct reader *reader, uint32_t *out) COMPILER_MUST_CHECK;
int reader_take_u64be(struct reader *reader, uint64_t *out) COMPILER_MUST_CHECK;
int reader_take_u16le(struct reader *reader, uint16_t *out) COMPILER_MUST_CHECK;
int reader_take_u32le(struct reader *reader, uint32_t *out) COMPILER_MUST_CHECK;
int reader_take_u64le(struct reader *reader, uint64_t *out) COMPILER_MUST_CHECK;

/* An unsigned number of `size` bytes, 0 to 8 (0 bytes give 0); BASE_ERR_RANGE above 8. */
int reader_take_unsigned_be(struct reader *reader, size_t size, uint64_t *out) COMPILER_MUST_CHECK;

/* A view of the next `size` bytes. */
int reader_take_span(struct reader *reader, size_t size, struct span *out) COMPILER_MUST_CHECK;

#endif
