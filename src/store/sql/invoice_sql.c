#include "store/sql/invoice_sql.h"

#include <stdlib.h>
#include <string.h>

#include "store/sql/payment_left.h"
#include "store/statement_table.h"

enum {
    BASE_BILL, BASE_BILL_ITEMS, BASE_PAYMENT, SETTING_READ, INSERT, LINE_INSERT, UPDATE, READ, LINES_READ, KEY_FIND, DUE,
    STATEMENT_COUNT
};

#define OF_ACCOUNT(alias) \
    " CROSS JOIN account k ON k.account_id = " alias ".account_id CROSS JOIN area a ON a.area_id = k.area_id" \
    " JOIN tariff f ON f.tariff_id = k.tariff_id JOIN tenant t ON t.tenant_id = k.tenant_id "
#define IN_SCOPE " AND (?3 IS NULL OR (a.path >= ?3 AND a.path < ?4))"

static const char *const texts[STATEMENT_COUNT] = {
    [BASE_BILL] = "SELECT k.account_id, b.amount_fen, b.state = 'reversed', k.payment_mode = 'postpaid', f.utility, t.name"
                  " FROM bill b" OF_ACCOUNT("b") "WHERE b.tenant_id = ?1 AND b.bill_id = ?2" IN_SCOPE,
    [BASE_BILL_ITEMS] = "SELECT item, sum(amount_fen) FROM bill_line WHERE bill_id = ?1 GROUP BY item ORDER BY min(line)",
    [BASE_PAYMENT] = "SELECT k.account_id," PAYMENT_LEFT ", y.undone_s <> 0, k.payment_mode = 'postpaid', f.utility,"
                     " t.name FROM payment y" OF_ACCOUNT("y") "WHERE y.tenant_id = ?1 AND y.payment_id = ?2" IN_SCOPE,
    [SETTING_READ] = "SELECT value FROM setting WHERE tenant_id = ?1 AND key = ?2",
    [INSERT] = "INSERT INTO invoice (tenant_id, account_id, bill_id, payment_id, key, state, company, buyer_title,"
               " buyer_tax_number, buyer_contact, seller_name, seller_tax_number, amount_fen, net_fen, tax_fen, asked_by,"
               " asked_s, next_s) VALUES (?1, ?2, nullif(?3, 0), nullif(?4, 0), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
               " ?15, ?16, ?17, ?18)",
    [LINE_INSERT] = "INSERT INTO invoice_line (invoice_id, line, amount_fen, net_fen, tax_fen, rate_e8, item, code, category)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [UPDATE] = "UPDATE invoice SET issued_s = ?2, attempts = ?3, next_s = ?4, serial = ?5, state = ?6, number = ?7,"
               " red_number = ?8, reason = ?9, code = ?10, test = ?11 WHERE invoice_id = ?1",
    [READ] = "SELECT i.invoice_id, i.account_id, coalesce(i.bill_id, 0), coalesce(i.payment_id, 0), i.amount_fen, i.net_fen,"
             " i.tax_fen, i.asked_s, i.issued_s, i.next_s, i.tenant_id, i.asked_by, i.attempts, i.company, i.state, i.serial,"
             " i.buyer_title, i.buyer_tax_number, i.buyer_contact, i.seller_name, i.seller_tax_number, i.number,"
             " i.red_number, i.reason, i.code, i.test FROM invoice i JOIN account k ON k.account_id = i.account_id"
             " JOIN area a ON a.area_id = k.area_id WHERE (?1 = 0 OR i.tenant_id = ?1) AND i.invoice_id = ?2"
             " AND (?3 IS NULL OR (a.path >= ?3 AND a.path < ?4))",
    [LINES_READ] = "SELECT amount_fen, net_fen, tax_fen, rate_e8, item, code, category FROM invoice_line"
                   " WHERE invoice_id = ?1 ORDER BY line",
    [KEY_FIND] = "SELECT invoice_id FROM invoice WHERE tenant_id = ?1 AND key = ?2",
    [DUE] = "SELECT invoice_id FROM invoice WHERE state IN ('asked','sent','red_asked','red_sent') AND next_s <= ?1"
            " ORDER BY next_s LIMIT 1",
};

struct invoice_sql {
    struct statement_table table;
    struct invoice_store store;
};

static int items_read(struct invoice_sql *sql, int64_t bill_id, struct invoice_base *out)
{
    struct statement *query = statement_take(&sql->table, BASE_BILL_ITEMS);
    int found;

    statement_bind_integer(query, 1, bill_id);
    while ((found = statement_row(query)) == 1 && out->line_count < INVOICE_LINE_LIMIT) {
        struct invoice_line *line = &out->lines[out->line_count++];
        statement_text(query, 0, line->item, sizeof line->item);
        line->amount_fen = statement_integer(query, 1);
    }
    statement_end(query);
    return found < 0 ? found : 0;
}

static int base_read(void *context, uint32_t tenant_id, bool is_bill, int64_t id,
    const char *path_from, const char *path_to, struct invoice_base *out)
{
    struct invoice_sql *sql = context;
    struct statement *query = statement_take(&sql->table, is_bill ? BASE_BILL : BASE_PAYMENT);

    statement_bind_integers(query, (const int64_t[]){ tenant_id, id }, 2);
    statement_bind_text(query, 3, path_from);
    statement_bind_text(query, 4, path_to);
    int found = statement_row(query);
    if (found != 1)
        return found;
    *out = (struct invoice_base){ .account_id = statement_integer(query, 0),
                                         .amount_fen = statement_integer(query, 1),
                                         .is_void = statement_int(query, 2) != 0,
                                         .postpaid = statement_int(query, 3) != 0 };
    statement_text(query, 4, out->utility, sizeof out->utility);
    statement_text(query, 5, out->seller_name, sizeof out->seller_name);
    statement_end(query);
    int result = is_bill ? items_read(sql, id, out) : 0;
    return result < 0 ? result : 1;
}

static int setting_read(void *context, uint32_t tenant_id, const char *key, char *value,
    size_t capacity)
{
    struct invoice_sql *sql = context;
    struct statement *query = statement_take(&sql->table, SETTING_READ);

    value[0] = '\0';
    statement_bind_integer(query, 1, tenant_id);
    statement_bind_text(query, 2, key);
    int found = statement_row(query);
    if (found == 1) {
        statement_text(query, 0, value, capacity);
        statement_end(query);
    }
    return found < 0 ? found : 0;
}

static int lines_insert(struct invoice_sql *sql, const struct invoice *invoice)
{
    int result = 0;

    for (int32_t i = 0; result >= 0 && i < invoice->line_count; i++) {
        const struct invoice_line *line = &invoice->lines[i];
        struct statement *insert = statement_take(&sql->table, LINE_INSERT);
        statement_bind_integers(insert, (const int64_t[]){ invoice->invoice_id, i + 1, line->amount_fen, line->net_fen,
            line->tax_fen, line->rate_e8 }, 6);
        statement_bind_text(insert, 7, line->item);
        statement_bind_text(insert, 8, line->code);
        statement_bind_text(insert, 9, line->category);
        result = statement_run(insert);
    }
    return result < 0 ? result : 0;
}

static int invoice_insert(void *context, struct invoice *invoice, const char *key)
{
    struct invoice_sql *sql = context;
    struct statement *insert = statement_take(&sql->table, INSERT);

    statement_bind_integers(insert, (const int64_t[]){ invoice->tenant_id, invoice->account_id, invoice->bill_id,
        invoice->payment_id }, 4);
    statement_bind_text(insert, 5, key);
    statement_bind_text(insert, 6, invoice_state_name(invoice->state));
    statement_bind_integer(insert, 7, invoice->company);
    statement_bind_text(insert, 8, invoice->buyer_title);
    statement_bind_text(insert, 9, invoice->buyer_tax_number);
    statement_bind_text(insert, 10, invoice->buyer_contact);
    statement_bind_text(insert, 11, invoice->seller_name);
    statement_bind_text(insert, 12, invoice->seller_tax_number);
    statement_bind_integer(insert, 13, invoice->amount_fen);
    statement_bind_integer(insert, 14, invoice->net_fen);
    statement_bind_integer(insert, 15, invoice->tax_fen);
    statement_bind_integer(insert, 16, invoice->asked_by);
    statement_bind_integer(insert, 17, invoice->asked_s);
    statement_bind_integer(insert, 18, invoice->next_s);
    int changed = statement_run(insert);
    if (changed < 0)
        return changed;
    invoice->invoice_id = store_last_identifier(sql->table.store);
    return lines_insert(sql, invoice);
}

static int invoice_update(void *context, const struct invoice *invoice)
{
    struct invoice_sql *sql = context;
    struct statement *update = statement_take(&sql->table, UPDATE);

    statement_bind_integers(update, (const int64_t[]){ invoice->invoice_id, invoice->issued_s, invoice->attempts,
        invoice->next_s }, 4);
    statement_bind_text(update, 5, invoice->serial);
    statement_bind_text(update, 6, invoice_state_name(invoice->state));
    statement_bind_text(update, 7, invoice->number);
    statement_bind_text(update, 8, invoice->red_number);
    statement_bind_text(update, 9, invoice->reason);
    statement_bind_text(update, 10, invoice->code);
    statement_bind_integer(update, 11, invoice->test);
    int changed = statement_run(update);
    return changed < 0 ? changed : 0;
}

static void row_take(struct statement *query, struct invoice *out)
{
    char state[16];

    *out = (struct invoice){ .invoice_id = statement_integer(query, 0), .account_id = statement_integer(query, 1),
                             .bill_id = statement_integer(query, 2), .payment_id = statement_integer(query, 3),
                             .amount_fen = statement_integer(query, 4), .net_fen = statement_integer(query, 5),
                             .tax_fen = statement_integer(query, 6), .asked_s = statement_integer(query, 7),
                             .issued_s = statement_integer(query, 8), .next_s = statement_integer(query, 9),
                             .tenant_id = (uint32_t)statement_integer(query, 10),
                             .asked_by = (uint32_t)statement_integer(query, 11),
                             .attempts = statement_int(query, 12), .company = statement_int(query, 13) != 0 };
    statement_text(query, 14, state, sizeof state);
    out->state = (uint8_t)invoice_state_of_name(state);
    statement_text(query, 15, out->serial, sizeof out->serial);
    statement_text(query, 16, out->buyer_title, sizeof out->buyer_title);
    statement_text(query, 17, out->buyer_tax_number, sizeof out->buyer_tax_number);
    statement_text(query, 18, out->buyer_contact, sizeof out->buyer_contact);
    statement_text(query, 19, out->seller_name, sizeof out->seller_name);
    statement_text(query, 20, out->seller_tax_number, sizeof out->seller_tax_number);
    statement_text(query, 21, out->number, sizeof out->number);
    statement_text(query, 22, out->red_number, sizeof out->red_number);
    statement_text(query, 23, out->reason, sizeof out->reason);
    statement_text(query, 24, out->code, sizeof out->code);
    out->test = statement_int(query, 25) != 0;
}

static int lines_read(struct invoice_sql *sql, struct invoice *out)
{
    struct statement *query = statement_take(&sql->table, LINES_READ);
    int found;

    statement_bind_integer(query, 1, out->invoice_id);
    while ((found = statement_row(query)) == 1 && out->line_count < INVOICE_LINE_LIMIT) {
        struct invoice_line *line = &out->lines[out->line_count++];
        line->amount_fen = statement_integer(query, 0);
        line->net_fen = statement_integer(query, 1);
        line->tax_fen = statement_integer(query, 2);
        line->rate_e8 = statement_integer(query, 3);
        statement_text(query, 4, line->item, sizeof line->item);
        statement_text(query, 5, line->code, sizeof line->code);
        statement_text(query, 6, line->category, sizeof line->category);
    }
    statement_end(query);
    return found < 0 ? found : 0;
}

static int invoice_read(void *context, uint32_t tenant_id, int64_t invoice_id, const char *path_from,
    const char *path_to, struct invoice *out)
{
    struct invoice_sql *sql = context;
    struct statement *query = statement_take(&sql->table, READ);

    statement_bind_integers(query, (const int64_t[]){ tenant_id, invoice_id }, 2);
    statement_bind_text(query, 3, path_from);
    statement_bind_text(query, 4, path_to);
    int found = statement_row(query);
    if (found != 1)
        return found;
    row_take(query, out);
    statement_end(query);
    int result = lines_read(sql, out);
    return result < 0 ? result : 1;
}

static int key_find(void *context, uint32_t tenant_id, const char *key, int64_t *invoice_id)
{
    struct invoice_sql *sql = context;
    struct statement *query = statement_take(&sql->table, KEY_FIND);

    statement_bind_integer(query, 1, tenant_id);
    statement_bind_text(query, 2, key);
    return statement_number(query, invoice_id);
}

static int invoice_due(void *context, int64_t now_s, int64_t *invoice_id)
{
    struct invoice_sql *sql = context;
    struct statement *query = statement_take(&sql->table, DUE);

    statement_bind_integer(query, 1, now_s);
    return statement_number(query, invoice_id);
}

int invoice_sql_open(struct store *store, struct invoice_sql **out)
{
    struct invoice_sql *sql = calloc(1, sizeof *sql);

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        free(sql);
        return error;
    }
    sql->store = (struct invoice_store){ sql, base_read, setting_read, invoice_insert, invoice_update, invoice_read,
                                            key_find, invoice_due };
    *out = sql;
    return 0;
}

void invoice_sql_close(struct invoice_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct invoice_store *invoice_sql_store(const struct invoice_sql *sql)
{
    return &sql->store;
}
