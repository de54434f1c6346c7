/* What a document says: named texts, and lists of rows of named texts. Filled once, read by the renderer. */
#ifndef DOCUMENT_DOCUMENT_VALUES_H
#define DOCUMENT_DOCUMENT_VALUES_H

#include "base/arena.h"
#include "document/document_kind.h"

#define DOCUMENT_VALUE_SIZE_LIMIT 1000 /* bytes of one value; longer ones are cut at a character */
#define DOCUMENT_ROW_LIMIT 5000        /* of all lists together */
#define DOCUMENT_VALUES_LIMIT (8u * 1024 * 1024) /* memory of all */

struct document_value;
struct document_row;

struct document_values {
    enum document_kind kind;
    struct arena arena;
    struct document_value *first;      /* of the document itself */
    struct document_row *rows;         /* in order */
    struct document_row *last;
    size_t row_count;
    int error;                         /* the first DOCUMENT_ERR_* that happened; later puts do nothing */
};

/* Release with document_values_free, whether or not anything was put. */
struct document_values document_values_make(enum document_kind kind);
void document_values_free(struct document_values *values);

/* Set a value of the document; one set before gives way. Control characters become blanks, and what is not UTF-8 question
 * marks. A name that the kind does not have is passed over. Fails only into values->error. */
void document_put(struct document_values *values, const char *name, struct span text);
void document_put_text(struct document_values *values, const char *name, const char *text);
/* As "12,345.67". */
void document_put_amount(struct document_values *values, const char *name, int64_t amount_fen);

/* Begin the next row of a list; what document_row_put sets belongs to it. Unknown names as above. */
void document_row_begin(struct document_values *values, const char *list);
void document_row_put(struct document_values *values, const char *name, struct span text);

/* The value of the document; an empty span when it was not set. */
struct span document_value_get(const struct document_values *values, struct span name);
/* The first row, and the next; NULL at the end. */
const struct document_row *document_row_first(const struct document_values *values, struct span list);
const struct document_row *document_row_next(const struct document_row *row);
/* The row's own value, else the document's. */
struct span document_row_get(const struct document_values *values, const struct document_row *row, struct span name);

/* The samples of the kind: what a preview shows. */
void document_values_sample(struct document_values *values, enum document_language language);

#endif
