/* Bits of a series block, the highest of a byte first, and whole numbers in them. For series_block*.c only.
 *
 * A Rice code of parameter k is: quotient (number >> k) in ones, a zero, the low k bits. Quotients from
 * SERIES_QUOTIENT_LIMIT on are not written: that many ones, then 6 bits width - 1, then `width` bits of a raw number. */
#ifndef READING_SERIES_BITS_H
#define READING_SERIES_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIES_QUOTIENT_LIMIT 20u
#define SERIES_PARAMETER_LIMIT 56u /* largest k */

/* With bytes NULL it only counts. Bits beyond the capacity are counted and not written. */
struct series_bit_writer {
    uint8_t *bytes;
    size_t capacity;
    size_t size;     /* whole bytes so far */
    uint64_t word;   /* the last `held` bits are waiting, fewer than 8 */
    unsigned held;
};

/* A reader never passes the end: `missing` is set and zeros come. */
struct series_bit_reader {
    const uint8_t *bytes;
    size_t size;
    size_t at;       /* next byte to be taken in */
    uint64_t word;   /* `held` bits, at the top */
    unsigned held;
    bool missing;
};

/* Follows the mean of the last numbers, sixteen or so, and from it the parameter of the next one. */
struct series_parameter {
    uint64_t mean_x16;
    unsigned k;
};

/* Bits that a number needs; 0 for 0. */
static inline unsigned series_bit_length(uint64_t number)
{
    return number == 0 ? 0 : 64u - (unsigned)__builtin_clzll(number);
}

static inline struct series_parameter series_parameter_of(unsigned k)
{
    return (struct series_parameter){ (UINT64_C(16) << k) - (UINT64_C(4) << k), k };
}

/* Any compiler, any machine must count alike: whole numbers only. */
static inline void series_parameter_learn(struct series_parameter *parameter, uint64_t number)
{
    uint64_t bounded = number >> 52 ? (UINT64_C(1) << 52) : number;
    parameter->mean_x16 += bounded - (parameter->mean_x16 >> 4);
    parameter->k = series_bit_length(parameter->mean_x16 * 3 / 4 >> 4);
}

/* The last `count` bits of `bits`, 0 to 56. */
static inline void series_put(struct series_bit_writer *writer, uint64_t bits, unsigned count)
{
    writer->word = writer->word << count | (bits & ((UINT64_C(1) << count) - 1));
    writer->held += count;
    while (writer->held >= 8) {
        writer->held -= 8;
        if (writer->bytes && writer->size < writer->capacity)
            writer->bytes[writer->size] = (uint8_t)(writer->word >> writer->held);
        writer->size++;
    }
}

/* Zeros up to the end of the byte. */
static inline void series_put_end(struct series_bit_writer *writer)
{
    if (writer->held > 0)
        series_put(writer, 0, 8 - writer->held);
}

static inline void series_put_raw(struct series_bit_writer *writer, uint64_t raw)
{
    unsigned width = raw == 0 ? 1 : series_bit_length(raw);
    series_put(writer, (UINT64_C(1) << SERIES_QUOTIENT_LIMIT) - 1, SERIES_QUOTIENT_LIMIT);
    series_put(writer, width - 1, 6);
    if (width > 32)
        series_put(writer, raw >> 32, width - 32);
    series_put(writer, raw, width > 32 ? 32 : width);
}

/* `number` by Rice code, or `raw` when it is too large for that. */
static inline void series_put_rice(struct series_bit_writer *writer, struct series_parameter *parameter, uint64_t number,
                                   uint64_t raw)
{
    unsigned k = parameter->k;
    uint64_t quotient = number >> k;
    if (quotient < SERIES_QUOTIENT_LIMIT) {
        series_put(writer, (UINT64_C(2) << quotient) - 2, (unsigned)quotient + 1);
        series_put(writer, number, k);
    } else {
        series_put_raw(writer, raw);
    }
    series_parameter_learn(parameter, number);
}

static inline void series_fill(struct series_bit_reader *reader)
{
    while (reader->held <= 56 && reader->at < reader->size) {
        reader->word |= (uint64_t)reader->bytes[reader->at++] << (56 - reader->held);
        reader->held += 8;
    }
}

/* The next `count` bits, 0 to 56. */
static inline uint64_t series_take(struct series_bit_reader *reader, unsigned count)
{
    if (count == 0)
        return 0;
    if (reader->held < count)
        series_fill(reader);
    if (reader->held < count) {
        reader->missing = true;
        reader->word = 0;
        reader->held = 0;
        return 0;
    }
    uint64_t bits = reader->word >> (64 - count);
    reader->word <<= count;
    reader->held -= count;
    return bits;
}

static inline uint64_t series_take_raw(struct series_bit_reader *reader)
{
    unsigned width = (unsigned)series_take(reader, 6) + 1;
    uint64_t high = width > 32 ? series_take(reader, width - 32) : 0;
    return high << 32 | series_take(reader, width > 32 ? 32 : width);
}

/* true and *number, or false and *number the raw one. The caller calls series_parameter_learn for a raw one. */
static inline bool series_take_rice(struct series_bit_reader *reader, struct series_parameter *parameter, uint64_t *number)
{
    if (reader->held <= SERIES_QUOTIENT_LIMIT)
        series_fill(reader);
    uint64_t zeros = ~reader->word;
    unsigned quotient = zeros == 0 ? 64 : (unsigned)__builtin_clzll(zeros);
    if (quotient >= SERIES_QUOTIENT_LIMIT) {
        series_take(reader, SERIES_QUOTIENT_LIMIT);
        *number = series_take_raw(reader);
        return false;
    }
    series_take(reader, quotient + 1);
    unsigned k = parameter->k;
    *number = (uint64_t)quotient << k | series_take(reader, k);
    series_parameter_learn(parameter, *number);
    return true;
}

#endif
