/* The words between an element and its colon. Internal to the room. */
#ifndef DOCUMENT_TEMPLATE_OPTION_H
#define DOCUMENT_TEMPLATE_OPTION_H

#include "document/document_template.h"

#define OPTION_ONE_ALIGN (1u << 0) /* left, center, right */
#define OPTION_BOLD (1u << 1)
#define OPTION_SIZE (1u << 2)      /* size NUMBER */
#define OPTION_WIDTHS (1u << 3)    /* widths NUMBER... */
#define OPTION_ALIGN (1u << 4)     /* align WORD... */
#define OPTION_GRID (1u << 5)
#define OPTION_STROKE (1u << 6)    /* thick, dashed */
#define OPTION_MARGIN (1u << 7)    /* margin NUMBER [NUMBER], of the template */
#define OPTION_COLUMNS (1u << 8)   /* columns NUMBER */
#define OPTION_HEIGHT (1u << 9)    /* height NUMBER, into size_e2 */
#define OPTION_BESIDE (1u << 10)

/* Words parted by blanks. */
struct template_words {
    struct span rest;
    struct span last;  /* the word that template_options_read stopped at */
};

/* An empty span at the end. */
struct span template_word_next(struct template_words *words);

/* Take the next word if it is this one. */
bool template_word_take(struct template_words *words, const char *word);

/* Take the next word if it is a number of at most two places; in hundredths, minimum to maximum. */
bool template_number_take(struct template_words *words, int32_t minimum, int32_t maximum, int32_t *value_e2);

/* Read all that is left.
 * permitted  bits OPTION_*; cell_count of the element becomes the number of widths or aligns said
 * expected   of DOCUMENT_ERR_NUMBER: what was wanted, static
 * returns    0; DOCUMENT_ERR_OPTION with words->last; DOCUMENT_ERR_NUMBER; DOCUMENT_ERR_CELLS */
int template_options_read(struct template_words *words, unsigned permitted, struct document_element *element,
    struct document_template *template, const char **expected);

#endif
