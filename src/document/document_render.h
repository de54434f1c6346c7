/* A template and its values on paper: PDF, or a page of it as a picture. By cairo and pango; calls no clock, opens no file
 * but the fonts that fontconfig knows. Different threads may render at the same time. */
#ifndef DOCUMENT_DOCUMENT_RENDER_H
#define DOCUMENT_DOCUMENT_RENDER_H

#include "document/document_template.h"
#include "document/document_values.h"

#define DOCUMENT_PAGE_LIMIT 200
#define DOCUMENT_OUTPUT_LIMIT (24u * 1024 * 1024) /* bytes of a PDF or a picture */
#define DOCUMENT_DOTS_LIMIT 300                   /* of a picture, per inch */
#define DOCUMENT_EDGE_LIMIT 5000                  /* of a picture, dots of the longer edge; drawn smaller beyond */

/* Bytes from malloc; free() them. */
struct document_bytes {
    uint8_t *bytes;
    size_t size;
};

/* What to draw. */
struct document_request {
    const struct document_template *template;
    const struct document_values *values;
    const char *title;      /* of the PDF; UTF-8 */
    const char *made_at;    /* date of the PDF: "2026-11-21T08:00:00+08:00" */
};

/* pages    how many there are; may be NULL
 * returns  0 with *out; DOCUMENT_ERR_* with *problem naming the template's line where one is to blame */
int document_pdf_render(const struct document_request *request, struct document_bytes *out, int *pages,
    struct document_problem *problem);

struct document_pdf;

/* Many documents in one PDF, fonts held once; pages are numbered within each document.
 * open     NULL: no memory. close it, whatever happens
 * add      title and date of the request are not looked at. After a failure only close is permitted
 * close    out NULL: everything is thrown away; else 0 with *out, or DOCUMENT_ERR_DRAWING */
struct document_pdf *document_pdf_open(const char *title, const char *made_at);
int document_pdf_add(struct document_pdf *pdf, const struct document_request *request, int *pages,
    struct document_problem *problem);
int document_pdf_close(struct document_pdf *pdf, struct document_bytes *out, struct document_problem *problem);

/* One page as PNG.
 * page     1 is the first
 * dots     per inch, 36 to DOCUMENT_DOTS_LIMIT
 * returns  as above; DOCUMENT_ERR_PAGE */
int document_picture_render(const struct document_request *request, int page, int dots, struct document_bytes *out,
    int *pages, struct document_problem *problem);

#endif
