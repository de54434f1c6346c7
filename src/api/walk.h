/* Questions that look at every meter or account of the scope, however many there are: some of them at a time, in the order of
 * places, so that each answer comes at once, says how far it is, and whoever asks may stop between two. Nothing is kept meanwhile:
 * what changes behind the part that was looked at is not in the sum. */
#ifndef API_WALK_H
#define API_WALK_H

#include "api/exchange.h"

struct walk {
    int64_t end;    /* the last row of this part: the cursor of the next one; 0: this one is the last */
    int64_t looked; /* rows of this part; 0 of the last one, which says no number */
    int64_t meters; /* in service in the scope, or events or payments: what there is to look at, about */
};

/* Choose a part: the rows after the field `cursor`, up to :scan_to, which becomes a parameter (VIEW_SLICE in store/sql/view_texts.h).
 * step     VIEW_DEVICES_STEP or VIEW_ACCOUNTS_STEP
 * total    a view of one number: how many there are, about; VIEW_DEVICES_COUNT
 * rows     of a part, 1 or more
 * returns  0; -1 answered */
int walk_begin(struct exchange *exchange, struct parameters *parameters, enum view step, enum view total, int64_t rows,
               struct walk *out);

/* Into the open object of the answer: looked, meters. */
void walk_figures(struct exchange *exchange, const struct walk *walk);

/* The same with `next`, as of a page of a list. */
void walk_write(struct exchange *exchange, const struct walk *walk);

#endif
