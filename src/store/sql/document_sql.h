/* Prints and templates of documents on SQLite. */
#ifndef STORE_SQL_DOCUMENT_SQL_H
#define STORE_SQL_DOCUMENT_SQL_H

#include <stdint.h>

#include "store/store.h"

struct document_sql;

/* `store` must outlive it. returns 0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int document_sql_open(struct store *store, struct document_sql **out);

/* Accepts NULL. Close before the store. */
void document_sql_close(struct document_sql *sql);

struct document_sql_print {
    uint32_t tenant_id;
    uint32_t person_id;
    const char *kind;
    int64_t object_id;
    int64_t now_s;
};

/* One print more.
 * returns  which print this is, 1 the first; negative of the store */
int document_sql_print_add(struct document_sql *sql, const struct document_sql_print *print);

struct document_sql_template {
    uint32_t tenant_id;
    uint32_t person_id;
    const char *kind;
    const char *paper;
    const char *language;
    const char *text;      /* "": the built-in one again */
    const char *note;
    int64_t now_s;
};

/* returns  the newest version; 0 none; negative of the store */
int document_sql_template_newest(struct document_sql *sql, const struct document_sql_template *template);

/* returns  0; negative of the store */
int document_sql_template_add(struct document_sql *sql, const struct document_sql_template *template,
    int version);

#endif
