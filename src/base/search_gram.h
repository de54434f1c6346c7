/* How texts are found by a piece of them: the pieces that an index keeps of a text, and those to look for.
 *
 * A text is taken as a word: letters, digits and other signs without blanks and punctuation, A to Z small, full-width
 * letters and digits as ASCII. Its tokens are three neighbouring ASCII signs or two of which one is not ASCII ("120", "3栋");
 * with them, where wanted, its beginnings of one to three signs, its last four ASCII signs, and the whole of it. A token
 * begins with the mark of the field it is of, so that a room is not found as a part of a number. Tokens say which texts may
 * hold a word, search_word_is which do. */
#ifndef BASE_SEARCH_GRAM_H
#define BASE_SEARCH_GRAM_H

#include "base/writer.h"

#define SEARCH_SIGNS_LIMIT 64   /* of a word; what follows is not looked at */
#define SEARCH_TOKENS_LIMIT 12  /* of one word looked for: enough to tell it from nearly all others */

enum search_place {
    SEARCH_INSIDE = 1,
    SEARCH_START = 2,
    SEARCH_END = 4,   /* four signs at least, the last four of them ASCII */
    SEARCH_WHOLE = 8  /* at most 12 signs */
};

struct search_word {
    uint8_t bytes[SEARCH_SIGNS_LIMIT * 4];
    uint16_t starts[SEARCH_SIGNS_LIMIT + 1]; /* of each sign, and the end */
    size_t count;                            /* of signs */
};

/* The word of a text; what is no UTF-8 is left out. */
void search_word_read(struct span text, struct search_word *word);

/* Every token of every word in a text that lists words with commas between them, each after a blank.
 * mark    a small letter: the field
 * places  sum of enum search_place: those by which the field can be found */
void search_tokens_write(struct writer *out, char mark, unsigned places, struct span text);

/* "/1/7/23/" as " @1 @7 @23": every area that holds what is there. */
void search_areas_write(struct writer *out, struct span path);

/* Tokens that all fields with the word at a place have, as an expression: ("n120" AND "n204").
 * places   of the field, as in search_tokens_write
 * returns  false, and nothing written, when the word is too short (or too long) to be looked for there */
bool search_match_write(struct writer *out, char mark, unsigned places, enum search_place place, const struct search_word *word);

/* Does any of the words of a list with commas have the word at that place? */
bool search_word_is(const struct search_word *word, enum search_place place, struct span list);

#endif
