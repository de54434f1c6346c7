#include "store/sql/invoice_standing_sql.h"

#include <stdlib.h>

#include "store/sql/payment_left.h"
#include "store/statement_table.h"
#include "store/store_error.h"

enum { LEFT_NEXT, REFUND_OF_INSERT, OF_REFUND, OF_PAYMENT, OF_BILL, STATEMENT_COUNT };

#define INVOICE_COLUMNS(left) "SELECT i.invoice_id, i.amount_fen," left " AS left_fen, i.state, i.number FROM "
#define STANDS " i.state IN ('asked', 'sent', 'issued') "

static const char *const texts[STATEMENT_COUNT] = {
    [LEFT_NEXT] = "SELECT payment_id, left_fen FROM (SELECT y.payment_id," PAYMENT_LEFT "AS left_fen FROM account k"
        " CROSS JOIN payment y ON y.account_id = k.account_id WHERE k.wallet_id = ?1 AND y.payment_id < ?2)"
        " WHERE left_fen > 0 ORDER BY payment_id DESC LIMIT 1",
    [REFUND_OF_INSERT] = "INSERT INTO refund_of_payment (refund_id, part, payment_id, amount_fen) VALUES (?1, ?2, ?3, ?4)",
    [OF_REFUND] = "SELECT * FROM (" INVOICE_COLUMNS(PAYMENT_LEFT)
        "(SELECT payment_id FROM refund WHERE refund_id = ?1 AND payment_id IS NOT NULL"
        "  UNION SELECT o.payment_id FROM refund r JOIN payment_order o USING (payment_order_id) WHERE r.refund_id = ?1"
        "  UNION SELECT o.payment_id FROM refund_part x JOIN payment_order o USING (payment_order_id) WHERE x.refund_id = ?1"
        "  UNION SELECT payment_id FROM refund_of_payment WHERE refund_id = ?1) g"
        " CROSS JOIN payment y ON y.payment_id = g.payment_id CROSS JOIN invoice i ON i.payment_id = y.payment_id AND" STANDS
        "WHERE i.invoice_id > ?2) WHERE amount_fen > left_fen ORDER BY invoice_id LIMIT 1",
    [OF_PAYMENT] = INVOICE_COLUMNS(PAYMENT_LEFT) "payment y CROSS JOIN invoice i ON i.payment_id = y.payment_id AND" STANDS
        "WHERE y.payment_id = ?1",
    [OF_BILL] = INVOICE_COLUMNS(" 0") "invoice i WHERE i.bill_id = ?1 AND" STANDS,
};

struct invoice_standing_sql {
    struct statement_table table;
    struct billing_standing_store store;
};

static struct statement *bound(void *context, size_t index, const int64_t values[], int count)
{
    struct invoice_standing_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, index);

    statement_bind_integers(statement, values, count);
    return statement;
}

static int payment_left_next(void *context, int64_t wallet_id, int64_t before, int64_t *payment_id, int64_t *left_fen)
{
    struct statement *statement = bound(context, LEFT_NEXT, (const int64_t[]){ wallet_id, before }, 2);
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *payment_id = statement_integer(statement, 0);
    *left_fen = statement_integer(statement, 1);
    statement_end(statement);
    return 1;
}

static int refund_of_insert(void *context, int64_t refund_id, int32_t part, int64_t payment_id, int64_t amount_fen)
{
    return statement_change(bound(context, REFUND_OF_INSERT, (const int64_t[]){ refund_id, part, payment_id, amount_fen }, 4));
}

static int invoice_row(struct statement *statement, struct billing_invoice *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct billing_invoice){ .invoice_id = statement_integer(statement, 0),
                                     .amount_fen = statement_integer(statement, 1),
                                     .left_fen = statement_integer(statement, 2) };
    statement_text(statement, 3, out->state, sizeof out->state);
    statement_text(statement, 4, out->number, sizeof out->number);
    statement_end(statement);
    return 1;
}

static int of_refund(void *context, int64_t refund_id, int64_t after_id, struct billing_invoice *out)
{
    return invoice_row(bound(context, OF_REFUND, (const int64_t[]){ refund_id, after_id }, 2), out);
}

static int of_payment(void *context, int64_t payment_id, struct billing_invoice *out)
{
    return invoice_row(bound(context, OF_PAYMENT, &payment_id, 1), out);
}

static int of_bill(void *context, int64_t bill_id, struct billing_invoice *out)
{
    return invoice_row(bound(context, OF_BILL, &bill_id, 1), out);
}

int invoice_standing_sql_open(struct store *store, struct invoice_standing_sql **out)
{
    struct invoice_standing_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        invoice_standing_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_standing_store){ sql, payment_left_next, refund_of_insert, of_refund, of_payment, of_bill };
    *out = sql;
    return 0;
}

void invoice_standing_sql_close(struct invoice_standing_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_standing_store *invoice_standing_sql_store(const struct invoice_standing_sql *sql)
{
    return &sql->store;
}
