/* Notices, messages, templates and recipients on SQLite. */
#ifndef STORE_SQLITE_NOTIFY_SQLITE_H
#define STORE_SQLITE_NOTIFY_SQLITE_H

#include "base/undo.h"
#include "notify/notify_store.h"
#include "store/store.h"

struct notify_sqlite;

/* `store` and `undo` must outlive it.
 * undo     of the core: a step that the store takes back is taken off the counts of a round, too. May be NULL
 * returns  0; STORE_ERR_STATEMENT, STORE_ERR_MEMORY; *out untouched on failure */
int notify_sqlite_open(struct store *store, struct undo *undo, struct notify_sqlite **out);

/* Accepts NULL. Close before the store. */
void notify_sqlite_close(struct notify_sqlite *sqlite);

/* The interface; lives as long as `sqlite`. */
const struct notify_store *notify_sqlite_store(const struct notify_sqlite *sqlite);

/* Many notices in one transaction: what is the same for all of them (settings, words, recipients of an area) is read once, and
 * messages are counted at the end. Nobody changes any of that in between. Rounds do not nest.
 * error    what the work came to; negative: the caller's transaction is taken back
 * returns  error, or a negative number of the store */
void notify_sqlite_round_begin(struct notify_sqlite *sqlite);
int notify_sqlite_round_end(struct notify_sqlite *sqlite, int error);

struct notify_sqlite_template {
    uint32_t tenant_id;
    uint32_t person_id;
    const char *kind;
    enum notice_language language;
    const char *text;              /* "": the program's own words again */
    int64_t now_s;
};

/* returns 0; negative of the store */
int notify_sqlite_template_put(struct notify_sqlite *sqlite, const struct notify_sqlite_template *template);

struct notify_sqlite_recipient {
    uint32_t tenant_id;
    int64_t area_id;
    int64_t account_id;            /* 0: all accounts of the area and below */
    const char *kind;              /* "": every kind of notice */
    const char *name;
    struct notify_recipient recipient;
    int64_t now_s;
};

/* returns 0 with *recipient_id; negative of the store */
int notify_sqlite_recipient_insert(struct notify_sqlite *sqlite, const struct notify_sqlite_recipient *recipient,
                                   int64_t *recipient_id);

/* Where a recipient belongs.
 * returns  1 with *area_id; 0 there is none in the tenant; negative of the store */
int notify_sqlite_recipient_area(struct notify_sqlite *sqlite, uint32_t tenant_id, int64_t recipient_id, int64_t *area_id);

/* returns rows deleted; negative of the store */
int notify_sqlite_recipient_delete(struct notify_sqlite *sqlite, int64_t recipient_id);

/* returns 1 with *area_id; 0 there is no such account; negative of the store */
int notify_sqlite_account_area(struct notify_sqlite *sqlite, int64_t account_id, int64_t *area_id);

#endif
