/* What can be printed, on which paper, and by which names a template calls its values. */
#ifndef DOCUMENT_DOCUMENT_KIND_H
#define DOCUMENT_DOCUMENT_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

#define DOCUMENT_NAME_LIMIT 24 /* of a value, a list, a kind, a paper; with its zero */

/* Numbers are stored: a new kind goes to the end. */
enum document_kind {
    DOCUMENT_RECEIPT = 1,  /* 收据: of a payment */
    DOCUMENT_BILL,         /* 账单 */
    DOCUMENT_STATEMENT,    /* 对账单: of an account, for a period */
    DOCUMENT_CLOSING,      /* 销户结算单: of a contract that ends */
    DOCUMENT_NOTICE,       /* 催缴通知单: what an account owes */
    DOCUMENT_INVOICE,      /* 发票: the data of an issued invoice */
    DOCUMENT_LABEL,        /* 表签: a sheet of labels for meters */
    DOCUMENT_KIND_COUNT
};

enum document_language { DOCUMENT_CHINESE = 0, DOCUMENT_ENGLISH, DOCUMENT_LANGUAGE_COUNT };

/* A built-in template: kind, paper, language and text. */
struct document_default {
    enum document_kind kind;
    enum document_language language;
    const char *paper;     /* "80", "58", "241", "a4": unique within the kind */
    const char *text;
};

/* A value that a template may name. */
struct document_name {
    unsigned kinds;        /* bits 1 << enum document_kind */
    const char *list;      /* "": of the document; else of the rows of this list */
    const char *name;
    const char *help_zh;
    const char *help_en;
    const char *sample_zh; /* of a list: one for each sample row, parted by ; */
    const char *sample_en;
};

/* "receipt", "bill", ...; "unknown" outside the list. */
const char *document_kind_name(enum document_kind kind);
/* The kind of this name; 0 when there is none. */
int document_kind_of_name(const char *name);

/* "zh", "en" */
const char *document_language_name(enum document_language language);

/* The built-in templates in order; NULL at the end. */
const struct document_default *document_default_at(size_t index);
/* NULL when the kind has no such paper. */
const struct document_default *document_default_find(enum document_kind kind, const char *paper,
    enum document_language language);

/* The names of a kind in order; NULL at the end. */
const struct document_name *document_name_at(enum document_kind kind, size_t index);
/* list     "" or the list whose rows are meant
 * returns  NULL when the kind has no such name there */
const struct document_name *document_name_find(enum document_kind kind, const char *list, struct span name);
/* Whether the kind has rows of this name. */
bool document_list_exists(enum document_kind kind, struct span list);

#endif
