/* A document on its way from views to paper: its values are gathered by the kind's own `fill`, the rest is alike for all.
 * Internal to the room. */
#ifndef API_DOCUMENT_WORK_H
#define API_DOCUMENT_WORK_H

#include "api/document_gather.h"
#include "document/document_render.h"

#define DOCUMENT_ADDRESS_LIMIT 128
#define DOCUMENT_BATCH_LIMIT 100 /* documents of one PDF */

struct document_work {
    struct exchange *exchange;
    enum document_kind kind;
    enum document_language language;
    char paper[DOCUMENT_NAME_LIMIT];
    char receipt_paper[DOCUMENT_NAME_LIMIT]; /* the setting */
    char public_address[DOCUMENT_ADDRESS_LIMIT]; /* without a slash at its end; "" when it is not set */
    char number[64];                         /* of the document, for the file's name */
    int64_t due_fen;
    bool found;
    bool batch;                              /* one of many: what needs no paper is left out */
    struct document_values values;
    struct document_gather gather;
    char *text;                              /* of the tenant's own template; NULL: the built-in one */
    struct document_template template;
};

/* Where a kind of document comes from.
 * fill      puts the values of the exchange's object. 0; 1: nothing to print, only of a batch; -1 answered with an error */
struct document_source {
    enum document_kind kind;
    int (*fill)(struct document_work *work);
};

/* The document of the exchange's object as a PDF, counted; or shown to whom it belongs, which is no print of the office's.
 * 0, or -1 answered. */
int document_answer(struct exchange *exchange, const struct document_source *source);
int document_show(struct exchange *exchange, const struct document_source *source);

/* The documents of one page of a list in one PDF, in the list's order, each counted: `limit` of them at most, from `cursor`
 * on. X-Next-Cursor says where the next part begins, X-Document-Count how many there are; 204 when there are none.
 * list      a view whose cursor is the object */
int document_batch_answer(struct exchange *exchange, const struct document_source *source, enum view list);

/* NULL: answered with an error. */
struct document_work *document_work_open(struct exchange *exchange, enum document_kind kind);
void document_work_close(struct document_work *work);

/* Fill's own steps; each 0, or -1 answered. head_read takes the one row about the object, whose first column is the
 * document's number, and answers "not found" without it; `also` sees the row too, unless it is NULL. */
int document_head_read(struct document_work *work, enum view view,
    void (*also)(struct document_work *work, const struct view_row *row));
int document_rows_read(struct document_work *work, enum view view, const struct parameters *parameters, const char *list,
    int (*take)(void *context, const struct view_row *row));

/* All of fill's readings are of one moment: the lines of a paper make its sum. As fill. */
int document_fill(struct document_work *work, const struct document_source *source);

/* The steps around it: who issues it, on which paper, by which template, and the ink. Each 0, or -1 answered. */
int document_issuer_read(struct document_work *work);
int document_paper_choose(struct document_work *work);
int document_template_read(struct document_work *work);
int document_pdf_answer(struct document_work *work);

/* Answer with PDF bytes, which are freed, as a file of this name without its ending. */
void document_bytes_answer(struct exchange *exchange, struct document_bytes *bytes, const char *name);

/* Say which print it is, from the second on in words. */
void document_copy_put(struct document_work *work, int32_t copy);

/* The date of a PDF made now. */
void document_made_at(const struct exchange *exchange, char *text, size_t capacity);

/* Words of a document in its language. */
const char *document_work_words(const struct document_work *work, const char *zh, const char *en);

int document_refuse_plain(struct exchange *exchange, int error);

#endif
