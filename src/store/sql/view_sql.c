#include "store/sql/view_sql.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/writer.h"
#include "store/sql/view_texts.h"
#include "store/statement.h"

#define COUNT_TEXT_LIMIT 16384

struct prepared_view {
    struct statement *rows;
    struct statement *count;
    struct view_column columns[VIEW_COLUMN_LIMIT];
    size_t column_count;
};

struct reader;

struct view_moment {
    struct reader *reader;
};

struct reader {
    struct store *store;
    struct prepared_view views[VIEW_COUNT];
    struct view_moment moment;
    bool taken;
};

struct view_sql {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    const char *texts[VIEW_COUNT];
    unsigned reader_count;
    struct reader readers[VIEW_SQLITE_READER_LIMIT];
};

static const struct {
    const char *name;
    enum view_kind kind;
} kinds[] = {
    { "bool", VIEW_KIND_BOOLEAN }, { "day", VIEW_KIND_DAY }, { "time", VIEW_KIND_TIME }, { "json", VIEW_KIND_JSON },
    { "hex", VIEW_KIND_HEX }, { "name", VIEW_KIND_NAME }, { "phone", VIEW_KIND_PHONE }, { "memo", VIEW_KIND_MEMO },
    { "cursor", VIEW_KIND_CURSOR },
};

static const struct view_text_list *const lists[] = {
    &view_texts_people, &view_texts_devices, &view_texts_lines, &view_texts_overview, &view_texts_usage, &view_texts_collect,
    &view_texts_money, &view_texts_tariffs, &view_texts_bills, &view_texts_payments, &view_texts_cash, &view_texts_bank, &view_texts_cases,
    &view_texts_ledger, &view_texts_search, &view_texts_registers, &view_texts_intervals,
    &view_texts_reports, &view_texts_money_reports, &view_texts_messages, &view_texts_residents, &view_texts_documents, &view_texts_partners, &view_texts_units, &view_texts_retention,
};

/* "effective_day!day" is the column effective_day of kind day. */
static int column_parse(const char *alias, struct view_column *out)
{
    struct span name = span_of_text(alias);
    ptrdiff_t mark = span_find_byte(name, '!');

    out->kind = VIEW_KIND_PLAIN;
    if (mark >= 0) {
        name.size = (size_t)mark;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (strcmp(kinds[i].name, alias + mark + 1) == 0)
                out->kind = kinds[i].kind;
        if (out->kind == VIEW_KIND_PLAIN)
            return STORE_ERR_STATEMENT;
    }
    return text_copy(name, out->name, sizeof out->name) < 0 ? STORE_ERR_STATEMENT : 0;
}

static int columns_parse(struct prepared_view *view)
{
    int count = statement_columns(view->rows);

    if (count <= 0 || count > VIEW_COLUMN_LIMIT)
        return STORE_ERR_STATEMENT;
    for (int i = 0; i < count; i++) {
        int result = column_parse(statement_column_name(view->rows, i), &view->columns[i]);
        if (result != 0)
            return result;
    }
    view->column_count = (size_t)count;
    return 0;
}

static int count_prepare(struct reader *reader, const char *text, struct prepared_view *view)
{
    char *wrapped = malloc(COUNT_TEXT_LIMIT);

    if (wrapped == NULL)
        return STORE_ERR_MEMORY;
    struct writer writer = writer_of_buffer(wrapped, COUNT_TEXT_LIMIT);
    writer_format(&writer, "SELECT count(*) FROM (%s)", text);
    (void)writer_terminate(&writer);
    int result = writer.overflow ? STORE_ERR_STATEMENT : statement_prepare(reader->store, wrapped, &view->count);
    free(wrapped);
    return result;
}

static int view_prepare(struct reader *reader, const char *text, struct prepared_view *view, bool count_only)
{
    if (count_only)
        return view->count != NULL ? 0 : count_prepare(reader, text, view);
    if (view->rows != NULL)
        return 0;
    int result = statement_prepare(reader->store, text, &view->rows);
    if (result == 0)
        result = columns_parse(view);
    if (result != 0) {
        statement_finalize(view->rows);
        view->rows = NULL;
    }
    return result;
}

static void parameter_bind(struct statement *statement, int place, const struct view_parameter *parameter)
{
    switch (parameter->type) {
    case VIEW_NULL:
        break;
    case VIEW_INTEGER:
        statement_bind_integer(statement, place, parameter->integer);
        break;
    case VIEW_TEXT:
        statement_bind_copy(statement, place, parameter->text);
        break;
    case VIEW_BLOB:
        statement_bind_bytes(statement, place, parameter->text.bytes, parameter->text.size);
        break;
    }
}

static void parameters_bind(struct statement *statement, const struct view_query *query)
{
    int places = statement_places(statement);

    statement_reset(statement);
    for (int place = 1; place <= places; place++) {
        const char *name = statement_place_name(statement, place);
        for (size_t i = 0; name != NULL && i < query->parameter_count; i++)
            if (strcmp(query->parameters[i].name, name + 1) == 0)
                parameter_bind(statement, place, &query->parameters[i]);
    }
}

static void cell_read(struct statement *statement, int column, struct view_cell *cell)
{
    *cell = (struct view_cell){ .type = VIEW_NULL };
    switch (statement_type(statement, column)) {
    case STATEMENT_INTEGER:
        cell->type = VIEW_INTEGER;
        cell->integer = statement_integer(statement, column);
        break;
    case STATEMENT_TEXT:
        cell->type = VIEW_TEXT;
        cell->text = statement_text_span(statement, column);
        break;
    case STATEMENT_BYTES:
        cell->type = VIEW_BLOB;
        cell->text = statement_bytes(statement, column);
        break;
    case STATEMENT_NULL:
        break;
    }
}

static int rows_give(struct statement *statement, const struct view_row *row, struct view_cell *cells,
    int (*take)(void *context, const struct view_row *row), void *take_context)
{
    for (;;) {
        int found = statement_row(statement);
        if (found == 0)
            return 0;
        if (found < 0)
            return found == STORE_ERR_INTERRUPTED ? VIEW_ERR_ABANDONED : VIEW_ERR_STORE;
        for (size_t i = 0; i < row->count; i++)
            cell_read(statement, (int)i, &cells[i]);
        int answer = take(take_context, row);
        if (answer != 0)
            return answer < 0 ? VIEW_ERR_SINK : 0;
    }
}

static int reader_run(struct reader *reader, const char *text, const struct view_query *query,
    int (*take)(void *context, const struct view_row *row), void *take_context)
{
    static const struct view_column count_column = { "count", VIEW_KIND_PLAIN };
    struct view_cell cells[VIEW_COLUMN_LIMIT];
    struct prepared_view *view = &reader->views[query->view];

    if (view_prepare(reader, text, view, query->count_only) != 0)
        return VIEW_ERR_STORE;
    struct statement *statement = query->count_only ? view->count : view->rows;
    struct view_row row = { view->columns, cells, view->column_count };
    if (query->count_only)
        row = (struct view_row){ &count_column, cells, 1 };
    parameters_bind(statement, query);
    int result = rows_give(statement, &row, cells, take, take_context);
    statement_end(statement);
    return result;
}

static struct reader *reader_take(struct view_sql *views)
{
    struct reader *found = NULL;

    pthread_mutex_lock(&views->lock);
    while (found == NULL) {
        for (unsigned i = 0; i < views->reader_count && found == NULL; i++)
            if (!views->readers[i].taken)
                found = &views->readers[i];
        if (found == NULL)
            pthread_cond_wait(&views->freed, &views->lock);
    }
    found->taken = true;
    pthread_mutex_unlock(&views->lock);
    return found;
}

static void reader_return(struct view_sql *views, struct reader *reader)
{
    pthread_mutex_lock(&views->lock);
    reader->taken = false;
    pthread_cond_signal(&views->freed);
    pthread_mutex_unlock(&views->lock);
}

static int read_view(void *context, const struct view_query *query,
    int (*take)(void *context, const struct view_row *row), void *take_context)
{
    struct view_sql *views = context;

    if ((unsigned)query->view >= VIEW_COUNT || views->texts[query->view] == NULL)
        return VIEW_ERR_UNKNOWN;
    struct reader *reader = query->moment != NULL ? query->moment->reader : reader_take(views);
    store_abandon_ask(reader->store, query->abandoned, query->abandoned_context);
    int result = reader_run(reader, views->texts[query->view], query, take, take_context);
    store_abandon_ask(reader->store, NULL, NULL);
    if (query->moment == NULL)
        reader_return(views, reader);
    return result;
}

static struct view_moment *moment_begin(void *context)
{
    struct view_sql *views = context;
    struct reader *reader = reader_take(views);

    if (store_begin(reader->store) == 0) {
        reader->moment.reader = reader;
        return &reader->moment;
    }
    reader_return(views, reader);
    return NULL;
}

static void moment_end(void *context, struct view_moment *moment)
{
    struct view_sql *views = context;

    if (store_commit(moment->reader->store) < 0)
        store_rollback(moment->reader->store);
    reader_return(views, moment->reader);
}

int view_sql_check(struct view_sql *views, enum view *failed)
{
    struct reader *reader = reader_take(views);
    int result = 0;

    for (size_t i = VIEW_NONE + 1; i < VIEW_COUNT && result == 0; i++) {
        result = views->texts[i] == NULL ? STORE_ERR_STATEMENT
                                         : view_prepare(reader, views->texts[i], &reader->views[i], false);
        if (result == 0)
            result = view_prepare(reader, views->texts[i], &reader->views[i], true);
        if (result != 0)
            *failed = (enum view)i;
    }
    reader_return(views, reader);
    return result;
}

static int reader_open(struct reader *reader, const char *path)
{
    struct store_config config = { .path = path, .read_only = true };

    return store_open(&config, &reader->store);
}

int view_sql_open(const char *path, unsigned readers, struct view_sql **out, struct view_store *store)
{
    struct view_sql *views = calloc(1, sizeof *views);

    if (views == NULL)
        return STORE_ERR_MEMORY;
    pthread_mutex_init(&views->lock, NULL);
    pthread_cond_init(&views->freed, NULL);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            views->texts[lists[i]->rows[j].view] = lists[i]->rows[j].sql;
    int result = 0;
    while (views->reader_count < readers && views->reader_count < VIEW_SQLITE_READER_LIMIT && result == 0) {
        result = reader_open(&views->readers[views->reader_count], path);
        views->reader_count++;
    }
    if (result != 0 || readers == 0) {
        view_sql_close(views);
        return result != 0 ? result : STORE_ERR_OPEN;
    }
    *out = views;
    *store = (struct view_store){ .context = views, .read = read_view, .moment_begin = moment_begin,
                                   .moment_end = moment_end };
    return 0;
}

void view_sql_close(struct view_sql *views)
{
    if (views == NULL)
        return;
    for (unsigned i = 0; i < views->reader_count; i++) {
        for (size_t j = 0; j < VIEW_COUNT; j++) {
            statement_finalize(views->readers[i].views[j].rows);
            statement_finalize(views->readers[i].views[j].count);
        }
        store_close(views->readers[i].store);
    }
    pthread_cond_destroy(&views->freed);
    pthread_mutex_destroy(&views->lock);
    free(views);
}
