/* Notices, messages, templates and recipients on SQLite. */
#ifndef STORE_SQL_NOTIFY_SQL_H
#define STORE_SQL_NOTIFY_SQL_H

#include "base/undo.h"
#include "notify/notify_store.h"
#include "store/store.h"

struct notify_sql;

/* `store` and `undo` must outlive it.
 * undo     of the core: a step that the store takes back is taken off the counts of a round, too. May be NULL
 * returns  0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int notify_sql_open(struct store *store, struct undo *undo, struct notify_sql **out);

/* Accepts NULL. Close before the store. */
void notify_sql_close(struct notify_sql *sql);

/* The interface; lives as long as `sql`. */
const struct notify_store *notify_sql_store(const struct notify_sql *sql);

/* Many notices in one transaction: what is the same for all of them (settings, words, recipients of an area) is read once, and
 * messages are counted at the end. Nobody changes any of that in between. Rounds do not nest.
 * error    what the work came to; negative: the caller's transaction is taken back
 * returns  error, or a negative number of the store */
void notify_sql_round_begin(struct notify_sql *sql);
int notify_sql_round_end(struct notify_sql *sql, int error);

struct notify_sql_template {
    uint32_t tenant_id;
    uint32_t person_id;
    const char *kind;
    enum notice_language language;
    const char *text;              /* "": the program's own words again */
    int64_t now_s;
};

/* returns 0; negative of the store */
int notify_sql_template_put(struct notify_sql *sql, const struct notify_sql_template *template);

struct notify_sql_recipient {
    uint32_t tenant_id;
    int64_t area_id;
    int64_t account_id;            /* 0: all accounts of the area and below */
    const char *kind;              /* "": every kind of notice */
    const char *name;
    struct notify_recipient recipient;
    int64_t now_s;
};

/* returns 0 with *recipient_id; negative of the store */
int notify_sql_recipient_insert(struct notify_sql *sql, const struct notify_sql_recipient *recipient,
                                   int64_t *recipient_id);

/* Where a recipient belongs.
 * returns  1 with *area_id; 0 there is none in the tenant; negative of the store */
int notify_sql_recipient_area(struct notify_sql *sql, uint32_t tenant_id, int64_t recipient_id, int64_t *area_id);

/* returns rows deleted; negative of the store */
int notify_sql_recipient_delete(struct notify_sql *sql, int64_t recipient_id);

/* returns 1 with *area_id; 0 there is no such account; negative of the store */
int notify_sql_account_area(struct notify_sql *sql, int64_t account_id, int64_t *area_id);

#endif
