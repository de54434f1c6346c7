#include "store/sql/late_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"
#include "store/store_error.h"

enum { PART_READ, PART_NEWEST, PART_AFTER, PART_PUT, PART_DELETE, PARTS_SUM, POSTING_INSERT, STATEMENT_COUNT };

#define PART_COLUMNS "SELECT bill_id, paid_day, amount_fen, same_days, later_days FROM bill_late_part "

static const char *const texts[STATEMENT_COUNT] = {
    [PART_READ] = PART_COLUMNS "WHERE bill_id = ?1 AND paid_day = ?2",
    [PART_NEWEST] = PART_COLUMNS "WHERE bill_id = ?1 ORDER BY paid_day DESC LIMIT 1",
    [PART_AFTER] = "SELECT q.bill_id, q.paid_day, q.amount_fen, q.same_days, q.later_days FROM bill b CROSS JOIN bill_late_part q"
        " ON q.bill_id = b.bill_id WHERE b.account_id = ?1 AND q.paid_day > ?2 AND b.state <> 'reversed'"
        " ORDER BY q.paid_day DESC, b.to_day DESC LIMIT 1",
    [PART_PUT] = "INSERT OR REPLACE INTO bill_late_part (bill_id, paid_day, amount_fen, same_days, later_days)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
    [PART_DELETE] = "DELETE FROM bill_late_part WHERE bill_id = ?1 AND paid_day = ?2",
    [PARTS_SUM] = "SELECT coalesce(sum(amount_fen), 0), coalesce(sum(amount_fen * same_days), 0),"
        " coalesce(sum(amount_fen * later_days), 0) FROM bill_late_part WHERE bill_id = ?1",
    [POSTING_INSERT] = "INSERT INTO bill_late_posting (transfer_id, bill_id, amount_fen) VALUES (?1, ?2, ?3)",
};

struct late_sql {
    struct statement_table table;
    struct billing_late_store store;
};

static struct statement *bound(void *context, size_t index, const int64_t values[], int count)
{
    struct late_sql *sql = context;
    struct statement *statement = statement_take(&sql->table, index);

    statement_bind_integers(statement, values, count);
    return statement;
}

static int part_row(struct statement *statement, struct billing_late_part *out)
{
    int found = statement_row(statement);

    if (found != 1)
        return found;
    *out = (struct billing_late_part){
        .bill_id = statement_integer(statement, 0),
        .paid_day = statement_integer(statement, 1),
        .amount_fen = statement_integer(statement, 2),
        .days = { statement_int(statement, 3), statement_int(statement, 4) },
    };
    statement_end(statement);
    return 1;
}

static int part_read(void *context, int64_t bill_id, int64_t paid_day, struct billing_late_part *out)
{
    return part_row(bound(context, PART_READ, (const int64_t[]){ bill_id, paid_day }, 2), out);
}

static int part_newest(void *context, int64_t bill_id, struct billing_late_part *out)
{
    return part_row(bound(context, PART_NEWEST, (const int64_t[]){ bill_id }, 1), out);
}

static int part_after(void *context, int64_t account_id, int64_t after_day, struct billing_late_part *out)
{
    return part_row(bound(context, PART_AFTER, (const int64_t[]){ account_id, after_day }, 2), out);
}

static int part_write(void *context, const struct billing_late_part *part)
{
    const int64_t values[] = { part->bill_id, part->paid_day, part->amount_fen, part->days.same_year, part->days.later_year };

    return statement_change(part->amount_fen == 0 ? bound(context, PART_DELETE, values, 2)
                                                  : bound(context, PART_PUT, values, 5));
}

static int parts_sum(void *context, int64_t bill_id, struct late_fee_basis *out)
{
    struct statement *statement = bound(context, PARTS_SUM, (const int64_t[]){ bill_id }, 1);
    int found = statement_row(statement);

    if (found < 0)
        return found;
    *out = (struct late_fee_basis){ statement_integer(statement, 0), statement_integer(statement, 1),
                                    statement_integer(statement, 2) };
    statement_end(statement);
    return 0;
}

static int posting_insert(void *context, int64_t transfer_id, int64_t bill_id, int64_t amount_fen)
{
    return statement_change(bound(context, POSTING_INSERT, (const int64_t[]){ transfer_id, bill_id, amount_fen }, 3));
}

int late_sql_open(struct store *store, struct late_sql **out)
{
    struct late_sql *sql = calloc(1, sizeof *sql);
    int error;

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        late_sql_close(sql);
        return error;
    }
    sql->store = (struct billing_late_store){ sql, part_read, part_newest, part_after, part_write, parts_sum, posting_insert };
    *out = sql;
    return 0;
}

void late_sql_close(struct late_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

const struct billing_late_store *late_sql_store(const struct late_sql *sql)
{
    return &sql->store;
}
