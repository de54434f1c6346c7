/* Rows of views as values of a document. Internal to the room. */
#ifndef API_DOCUMENT_GATHER_H
#define API_DOCUMENT_GATHER_H

#include "api/exchange.h"
#include "document/document_error.h"
#include "document/document_values.h"

/* What the rows of one document are written for. */
struct document_gather {
    struct exchange *exchange;
    struct document_values *values;
    enum document_language language;
    const char *list;        /* the rows are of this list; NULL: of the document itself */
    bool heat;               /* quantities are of heat */
    int64_t last_amount_fen; /* of the row taken last: its column amount_fen */
};

/* For exchange_read: put each column under its name without its unit: amount_fen as `amount` (and, of the document, as
 * amount_capital), at_s as local time, days as dates, quantities in m3 or kWh, codes in words; names masked as the caller's
 * rights demand. The gather is the context. */
int document_gather_take(void *context, const struct view_row *row);

/* Answer with what is wrong about a template or a document, its line named. Gives -1. */
int document_refuse(struct exchange *exchange, const struct document_problem *problem);

/* Local time of an instant, "2026-11-21 10:41:07"; its date with `day_only`. */
void document_gather_time(struct document_gather *gather, const char *name, int64_t time_s, bool day_only);

#endif
