#include "store/sql/document_sql.h"

#include <stdlib.h>

#include "store/statement_table.h"

enum { PRINT_ADD, TEMPLATE_NEWEST, TEMPLATE_ADD, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [PRINT_ADD] = "INSERT INTO document_print (tenant_id, kind, object_id, copies, first_s, last_s, last_by)"
                  " VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5) ON CONFLICT DO UPDATE SET copies = document_print.copies + 1, last_s = ?4,"
                  " last_by = ?5 RETURNING copies",
    [TEMPLATE_NEWEST] = "SELECT coalesce(max(version), 0) FROM document_template"
                        " WHERE tenant_id = ?1 AND kind = ?2 AND paper = ?3 AND language = ?4",
    [TEMPLATE_ADD] = "INSERT INTO document_template (tenant_id, kind, paper, language, version, text, saved_s, saved_by,"
                     " note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
};

struct document_sql {
    struct statement_table table;
};

int document_sql_open(struct store *store, struct document_sql **out)
{
    struct document_sql *sql = calloc(1, sizeof *sql);

    if (sql == NULL)
        return STORE_ERR_MEMORY;
    int error = statement_table_prepare(&sql->table, store, texts, STATEMENT_COUNT);
    if (error < 0) {
        free(sql);
        return error;
    }
    *out = sql;
    return 0;
}

void document_sql_close(struct document_sql *sql)
{
    if (sql == NULL)
        return;
    statement_table_finalize(&sql->table);
    free(sql);
}

/* A count of the one row a statement gives. */
static int count_take(struct statement *statement)
{
    int64_t count = 0;
    int found = statement_number(statement, &count);

    return found < 0 ? found : (int)count;
}

int document_sql_print_add(struct document_sql *sql, const struct document_sql_print *print)
{
    struct statement *add = statement_take(&sql->table, PRINT_ADD);

    statement_bind_integer(add, 1, print->tenant_id);
    statement_bind_text(add, 2, print->kind);
    statement_bind_integer(add, 3, print->object_id);
    statement_bind_integer(add, 4, print->now_s);
    statement_bind_integer(add, 5, print->person_id);
    return count_take(add);
}

static struct statement *template_take(struct document_sql *sql, size_t index,
    const struct document_sql_template *template)
{
    struct statement *statement = statement_take(&sql->table, index);

    statement_bind_integer(statement, 1, template->tenant_id);
    statement_bind_text(statement, 2, template->kind);
    statement_bind_text(statement, 3, template->paper);
    statement_bind_text(statement, 4, template->language);
    return statement;
}

int document_sql_template_newest(struct document_sql *sql, const struct document_sql_template *template)
{
    return count_take(template_take(sql, TEMPLATE_NEWEST, template));
}

int document_sql_template_add(struct document_sql *sql, const struct document_sql_template *template,
    int version)
{
    struct statement *add = template_take(sql, TEMPLATE_ADD, template);

    statement_bind_integer(add, 5, version);
    statement_bind_text(add, 6, template->text);
    statement_bind_integer(add, 7, template->now_s);
    statement_bind_integer(add, 8, template->person_id);
    statement_bind_text(add, 9, template->note);
    int changed = statement_run(add);
    return changed < 0 ? changed : 0;
}
