/* What invoices need of a store. store/sql/invoice_sql.h implements it.
 *
 * Functions answer 0 (or as said) or a negative number of the store. They run inside the transaction that the core has
 * open. Paths bound the jurisdiction: an account's area's path lies in path_from .. path_to. */
#ifndef DOCUMENT_INVOICE_STORE_H
#define DOCUMENT_INVOICE_STORE_H

#include <stddef.h>

#include "document/invoice.h"

/* What an invoice would be of. */
struct invoice_base {
    int64_t account_id;
    int64_t amount_fen;      /* of the bill, or what is left of the payment (billing/standing_store.h) */
    bool is_void;            /* taken back: a reversed bill, an undone payment */
    bool postpaid;
    char utility[16];
    char seller_name[INVOICE_TITLE_SIZE];
    int32_t line_count;      /* of a bill: amounts by item */
    struct invoice_line lines[INVOICE_LINE_LIMIT];
};

struct invoice_store {
    void *context;
    /* A bill or (is_bill false) a payment of the tenant: 1 and *out; 0 none. path_from NULL: wherever it is. */
    int (*base_read)(void *context, uint32_t tenant_id, bool is_bill, int64_t id, const char *path_from,
        const char *path_to, struct invoice_base *out);
    /* A setting of the tenant into `value`; "" when it is not set. */
    int (*setting_read)(void *context, uint32_t tenant_id, const char *key, char *value, size_t capacity);
    /* Fills invoice_id. STORE_ERR_CONSTRAINT when the bill or payment has a living invoice. */
    int (*insert)(void *context, struct invoice *invoice, const char *key);
    /* Writes serial, state, number, red_number, reason, code, test, issued_s, attempts, next_s. */
    int (*update)(void *context, const struct invoice *invoice);
    /* With its lines: 1 and *out; 0 none. tenant_id 0 and path_from NULL: wherever it is. */
    int (*read)(void *context, uint32_t tenant_id, int64_t invoice_id, const char *path_from, const char *path_to,
        struct invoice *out);
    /* By the caller's key: 1 and *invoice_id; 0 none. */
    int (*key_find)(void *context, uint32_t tenant_id, const char *key, int64_t *invoice_id);
    /* The one the provider is to be spoken to about first, if its time has come: 1 and *invoice_id; 0 none. */
    int (*due)(void *context, int64_t now_s, int64_t *invoice_id);
};

#endif
