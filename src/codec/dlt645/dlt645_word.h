/* Words of bits (error, status, rate and combination words) and what their bits mean, in both languages. */
#ifndef CODEC_DLT645_WORD_H
#define CODEC_DLT645_WORD_H

#include "base/writer.h"
#include "codec/dlt645/dlt645_identifier.h"

#define DLT645_WORD_CHOICE_LIMIT 4

/* Some neighbouring bits. Either a flag, which says its name when set, or a choice, which always says one of its
 * words. */
struct dlt645_bits {
    uint8_t shift;
    uint8_t width; /* 1 or 2 */
    const char *english;
    const char *chinese; /* UTF-8 */
    struct {
        const char *english; /* all NULL for a flag */
        const char *chinese;
    } choices[DLT645_WORD_CHOICE_LIMIT];
};

struct dlt645_word {
    const char *english;
    const char *chinese;
    const struct dlt645_bits *bits;
    size_t count;
};

/* ERR of an abnormal answer; both versions. */
const struct dlt645_word *dlt645_error_word(enum dlt645_version version);
/* SERR of the prepayment extension, 2 bytes (or one, the low one). */
extern const struct dlt645_word dlt645_security_error_word;
/* Z of "change baud rate" of both versions and of 040007xx. */
extern const struct dlt645_word dlt645_rate_word;

/* The word that the value of an identifier is: status words 1 to 7, combination words, baud words; NULL for others. */
const struct dlt645_word *dlt645_word_of(enum dlt645_version version, uint32_t identifier);

/* Bits `index` of the word when they say something at `value`: the flag is set, or it is a choice.
 * text     the choice's word, "" for a flag; never NULL
 * returns  the bits; NULL when they say nothing, or behind the last (index >= count) */
const struct dlt645_bits *dlt645_word_say(const struct dlt645_word *word, size_t index, uint32_t value, bool is_chinese,
                                          const char **text);

/* All that the word says, "relay open, relay command close, programming allowed"; "none" when it says nothing. */
void dlt645_word_write(const struct dlt645_word *word, uint32_t value, bool is_chinese, struct writer *out);

/* Bits per second of a rate word.
 * returns  600 to 19200; 0 when not exactly one known bit is set */
uint32_t dlt645_rate_read(uint8_t word);

/* The word of a rate.
 * returns  0; CODEC_ERR_RANGE */
int dlt645_rate_write(uint32_t rate, uint8_t *word);

#endif
