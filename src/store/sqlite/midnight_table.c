#include "store/sqlite/midnight_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "reading/reading_store.h"
#include "store/sqlite/sqlite_store.h"

enum { COLUMN_DAY, COLUMN_DEVICE, COLUMN_REGISTER, COLUMN_TOTAL, COLUMN_QUALITY, COLUMN_RECEIVED, COLUMN_RATIO,
       COLUMN_GIVEN }; /* device, first and last day */
#define GIVEN_COUNT 3
#define ROWS_EXPECTED 1

static const char declaration[] =
    "CREATE TABLE midnights (day, device_id, register_value, total_value, quality, received_s, multiplier_e3,"
    " given_device HIDDEN, given_first HIDDEN, given_last HIDDEN)";

enum { ROW, BLOCK, STATEMENT_COUNT };

static const char *const texts[STATEMENT_COUNT] = {
    [ROW] = "SELECT register_value, total_value, quality, received_s, multiplier_e3 FROM daily_reading"
            " WHERE day = ?1 AND device_id = ?2",
    [BLOCK] = "SELECT registers, totals, ratios, arrivals FROM midnight_block WHERE stretch = ?1 AND device_id = ?2",
};

struct table {
    sqlite3_vtab base;
    sqlite3 *connection;
    sqlite3_stmt *statements[STATEMENT_COUNT]; /* prepared when first needed; each is done before a function returns */
};

struct cursor {
    sqlite3_vtab_cursor base;
    struct reading_day *days;
    size_t capacity;
    size_t count;
    size_t at;
    int64_t device_id;
    /* The block that was looked up last: what a statement sees does not change while it runs. */
    bool looked_up;
    int64_t block_device;
    int64_t block_stretch;
    struct midnight_days block;
};

static int table_connect(sqlite3 *connection, void *unused, int count, const char *const *arguments, sqlite3_vtab **out,
                         char **message)
{
    int result = sqlite3_declare_vtab(connection, declaration);

    (void)unused;
    (void)count;
    (void)arguments;
    (void)message;
    if (result != SQLITE_OK)
        return result;
    struct table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return SQLITE_NOMEM;
    table->connection = connection;
    *out = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *base)
{
    struct table *table = (struct table *)base;

    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(table->statements[i]);
    free(table);
    return SQLITE_OK;
}

/* There is one way to read the table: of a meter, from a day to a day. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
    int given = 0;

    (void)table;
    for (int index = 0; index < info->nConstraint; index++) {
        int argument = info->aConstraint[index].iColumn - COLUMN_GIVEN;
        if (argument < 0 || !info->aConstraint[index].usable || info->aConstraint[index].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        info->aConstraintUsage[index].argvIndex = argument + 1;
        info->aConstraintUsage[index].omit = 1;
        given |= 1 << argument;
    }
    info->estimatedCost = 1.0;
    info->estimatedRows = ROWS_EXPECTED;
    return given == (1 << GIVEN_COUNT) - 1 ? SQLITE_OK : SQLITE_CONSTRAINT;
}

static int cursor_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    struct cursor *cursor = calloc(1, sizeof *cursor);

    (void)table;
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *out = &cursor->base;
    return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    free(((struct cursor *)base)->days);
    free(base);
    return SQLITE_OK;
}

/* SQLITE_ROW, SQLITE_DONE or an error, with the statement to be reset by the caller. */
static int look_up(struct table *table, int index, int64_t first, int64_t second, sqlite3_stmt **out)
{
    int result = SQLITE_OK;

    if (table->statements[index] == NULL)
        result = sqlite3_prepare_v3(table->connection, texts[index], -1, SQLITE_PREPARE_PERSISTENT, &table->statements[index],
                                    NULL);
    *out = table->statements[index];
    if (result != SQLITE_OK)
        return result;
    sqlite3_bind_int64(*out, 1, first);
    sqlite3_bind_int64(*out, 2, second);
    return sqlite3_step(*out);
}

static int row_read(struct cursor *cursor, int32_t day, struct reading_day *out, bool *found)
{
    sqlite3_stmt *row;
    int result = look_up((struct table *)cursor->base.pVtab, ROW, day, cursor->device_id, &row);

    *found = result == SQLITE_ROW;
    if (*found)
        *out = (struct reading_day){
            .register_value = sqlite3_column_int64(row, 0),
            .total_value = sqlite3_column_int64(row, 1),
            .quality = sqlite3_column_int(row, 2),
            .received_s = sqlite3_column_int64(row, 3),
            .multiplier_e3 = sqlite3_column_int64(row, 4),
            .day = day,
        };
    sqlite3_reset(row);
    return result == SQLITE_ROW || result == SQLITE_DONE ? SQLITE_OK : result;
}

static int block_unpack(int32_t stretch, sqlite3_stmt *row, int first_column, struct midnight_days *out)
{
    struct span parts[MIDNIGHT_PART_COUNT];

    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        parts[part] = span_of_bytes(sqlite3_column_blob(row, first_column + part),
                                    (size_t)sqlite3_column_bytes(row, first_column + part));
    return midnight_block_decode(stretch, parts, out);
}

static int damage_tell(struct cursor *cursor, int32_t stretch)
{
    log_write(LOG_STORE, LOG_ERROR, "", "the midnights of device %lld from day %d of 1970 on cannot be read: their block is damaged",
              (long long)cursor->device_id, (int)stretch * MIDNIGHT_BLOCK_DAYS);
    return SQLITE_CORRUPT_VTAB;
}

/* The block of a stretch, into cursor->block; no days when there is none. */
static int block_read(struct cursor *cursor, int32_t stretch)
{
    sqlite3_stmt *row;

    if (cursor->looked_up && cursor->block_device == cursor->device_id && cursor->block_stretch == stretch)
        return SQLITE_OK;
    cursor->looked_up = false;
    midnight_days_clear(&cursor->block);
    int result = look_up((struct table *)cursor->base.pVtab, BLOCK, stretch, cursor->device_id, &row);
    if (result == SQLITE_ROW && block_unpack(stretch, row, 0, &cursor->block) < 0)
        result = damage_tell(cursor, stretch);
    sqlite3_reset(row);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return result;
    cursor->looked_up = true;
    cursor->block_device = cursor->device_id;
    cursor->block_stretch = stretch;
    return SQLITE_OK;
}

static int day_add(struct cursor *cursor, const struct reading_day *day)
{
    if (cursor->count == cursor->capacity) {
        size_t capacity = cursor->capacity > 0 ? cursor->capacity * 2 : 8;
        struct reading_day *grown = realloc(cursor->days, capacity * sizeof *grown);
        if (grown == NULL)
            return SQLITE_NOMEM;
        cursor->days = grown;
        cursor->capacity = capacity;
    }
    cursor->days[cursor->count++] = *day;
    return SQLITE_OK;
}

static int day_find(struct cursor *cursor, int32_t day)
{
    struct reading_day stored;
    bool found;
    int result = row_read(cursor, day, &stored, &found);

    if (result == SQLITE_OK && !found) {
        result = block_read(cursor, midnight_block_stretch(day));
        found = result == SQLITE_OK && midnight_days_get(&cursor->block, day, &stored);
    }
    return result == SQLITE_OK && found ? day_add(cursor, &stored) : result;
}

static int32_t day_of(sqlite3_value *value)
{
    int64_t day = sqlite3_value_int64(value);

    return day < 0 ? 0 : day > INT32_MAX - 1 ? INT32_MAX - 1 : (int32_t)day;
}

static int cursor_begin(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **values)
{
    struct cursor *cursor = (struct cursor *)base;
    int result = SQLITE_OK;

    (void)number;
    (void)text;
    cursor->count = 0;
    cursor->at = 0;
    for (int i = 0; i < count; i++)
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            return SQLITE_OK;
    cursor->device_id = sqlite3_value_int64(values[0]);
    int32_t last = day_of(values[2]);
    for (int32_t day = day_of(values[1]); day <= last && result == SQLITE_OK; day++)
        result = day_find(cursor, day);
    return result;
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->at++;
    return SQLITE_OK;
}

static int cursor_ended(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;

    return cursor->at >= cursor->count;
}

static int column_give(sqlite3_vtab_cursor *base, sqlite3_context *result, int number)
{
    const struct cursor *cursor = (const struct cursor *)base;
    const struct reading_day *day = &cursor->days[cursor->at];
    const int64_t columns[COLUMN_GIVEN] = { day->day, cursor->device_id, day->register_value, day->total_value, day->quality,
                                            day->received_s, day->multiplier_e3 };

    if (number < COLUMN_GIVEN)
        sqlite3_result_int64(result, columns[number]);
    return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->at;
    return SQLITE_OK;
}

static const sqlite3_module module = {
    .xConnect = table_connect,
    .xBestIndex = plan,
    .xDisconnect = table_disconnect,
    .xOpen = cursor_open,
    .xClose = cursor_close,
    .xFilter = cursor_begin,
    .xNext = cursor_next,
    .xEof = cursor_ended,
    .xColumn = column_give,
    .xRowid = row_number,
};

static int values_unpack(int32_t stretch, sqlite3_value **values, struct midnight_days *out)
{
    struct span parts[MIDNIGHT_PART_COUNT];

    for (int part = 0; part < MIDNIGHT_PART_COUNT; part++)
        parts[part] = span_of_bytes(sqlite3_value_blob(values[part]), (size_t)sqlite3_value_bytes(values[part]));
    return midnight_block_decode(stretch, parts, out);
}

static void midnight_total(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct midnight_days days;
    struct reading_day day;
    int32_t number = day_of(values[count - 1]);

    if (values_unpack(midnight_block_stretch(number), values, &days) >= 0 && midnight_days_get(&days, number, &day))
        sqlite3_result_int64(context, day.total_value);
}

static void midnights_known(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct midnight_days days;
    int known = values_unpack(day_of(values[count - 1]), values, &days);

    if (known >= 0)
        sqlite3_result_int(context, known);
}

int midnight_table_register(sqlite3 *connection)
{
    int result = sqlite3_create_module(connection, "midnights", &module, NULL);

    if (result == SQLITE_OK)
        result = sqlite3_create_function(connection, "midnight_total", MIDNIGHT_PART_COUNT + 1,
                                         SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, midnight_total, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_create_function(connection, "midnights_known", MIDNIGHT_PART_COUNT + 1,
                                         SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, midnights_known, NULL, NULL);
    return sqlite_store_error(result);
}
