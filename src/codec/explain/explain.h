/* Explains a frame field by field: where it lies, what it is called, what it says, which clause defines it.
 *
 * An explainer walks its frame and hands one row after the other to the sink, outer rows before inner ones. Rows of one
 * depth lie side by side; a row of a greater depth belongs to the last row of a smaller one. */
#ifndef CODEC_EXPLAIN_H
#define CODEC_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/cipher.h"
#include "base/compiler.h"
#include "base/writer.h"
#include "codec/item/item.h"

#define EXPLAIN_TEXT_LIMIT 256 /* bytes of a value or meaning, cut at the limit */

enum explain_language { EXPLAIN_ENGLISH, EXPLAIN_CHINESE };

struct explain_field {
    size_t offset; /* of the field in the frame */
    size_t size;   /* 0 for a statement about the whole */
    unsigned depth;
    const char *key;     /* the English name, which programs look for; NULL or "" when there is none */
    const char *name;    /* in the sink's language; never NULL, as the other texts; they live during the call only */
    const char *value;   /* "" when there is none */
    const char *meaning; /* "" when there is none */
    const char *clause;  /* "RFC 7252 3" */
    bool is_address;     /* the value is the device's address as printed on the meter */
};

/* What is needed to open protected frames. */
struct explain_secret {
    struct span key;             /* 16 bytes of one device */
    const struct cipher *cipher; /* who computes; never NULL */
};

struct explain_sink {
    enum explain_language language;
    void (*field)(void *context, const struct explain_field *field);
    /* NULL when nobody wants items.
     * meaning  words for the value ("open"), "" when there are none; lives during the call */
    void (*item)(void *context, const struct item *item, const char *meaning);
    void *context;
    const struct explain_secret *secret; /* NULL when no key was given */
};

/* Walk a frame.
 * error_offset  written on failure: where the frame stopped making sense. Rows up to there have been handed over
 * returns       0; CODEC_ERR_* */
typedef int (*explain_function)(const struct explain_sink *sink, struct span frame, size_t *error_offset);

/* How surely a frame belongs to a protocol. */
enum explain_belief {
    EXPLAIN_NO = 0,
    EXPLAIN_POSSIBLE = 20, /* nothing speaks against it */
    EXPLAIN_LIKELY = 60,   /* start, length and end fit, a check sum does not */
    EXPLAIN_PROBABLE = 80, /* everything fits that can be checked, but there is no check sum */
    EXPLAIN_CERTAIN = 100  /* start, length and check sum are right */
};

/* A protocol that can be explained: one row of the table in explain_protocol.c. */
struct explain_protocol {
    const char *name; /* "coap", as given on the command line */
    const char *english;
    const char *chinese; /* UTF-8 */
    explain_function explain;
    enum explain_belief (*recognise)(struct span frame); /* of a whole frame */
    /* The first frame in a stream of bytes; NULL when the protocol has no frames that can be found in one.
     * skip     bytes before it that belong to no frame; always written
     * returns  size of the frame, wake-up bytes included; 0 when none is complete */
    size_t (*find)(struct span stream, size_t *skip);
};

/* Row `index` of the table; NULL behind the last one. */
const struct explain_protocol *explain_protocol_at(size_t index);

/* NULL when there is none of this name. */
const struct explain_protocol *explain_protocol_find(const char *name);

/* The protocol that believes in the frame most, the first of the table among equals. When none finds it likely: the one
 * of which it has the beginning; else the first of all. */
const struct explain_protocol *explain_protocol_guess(struct span frame);

/* One of two texts, by the sink's language. */
const char *explain_choose(const struct explain_sink *sink, const char *english, const char *chinese);

/* Hand over one row whose value and meaning are in writers (NULL: none). */
void explain_put(const struct explain_sink *sink, struct explain_field field, struct writer *value,
                 struct writer *meaning);

/* Hand over an item both ways: as a row at its place in the frame, and as an item.
 * frame   the whole frame; an item whose bytes lie elsewhere (decrypted, unpacked) gets the place `fallback` (of the
 *         protected bytes)
 * meaning NULL: none, or words for the value ("valve open") in the sink's language */
void explain_item(const struct explain_sink *sink, struct span frame, struct span fallback, unsigned depth,
                  const struct item *item, const char *meaning, const char *clause);

/* The same under the protocol's own name for it instead of the quantity's. */
void explain_item_as(const struct explain_sink *sink, struct span frame, struct span fallback, unsigned depth,
                     const struct item *item, const char *english, const char *chinese, const char *meaning,
                     const char *clause);

/* Bytes as hexadecimal text, cut with "..." when they do not fit; in capitals where people of the protocol write so. */
void explain_write_hex(struct writer *out, struct span bytes);
void explain_write_capital_hex(struct writer *out, struct span bytes);

/* Text in quotes when it is printable UTF-8, else hexadecimal; cut with "..." when it does not fit. */
void explain_write_text(struct writer *out, struct span text);

#endif
