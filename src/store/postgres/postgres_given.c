#include "store/postgres/postgres_given.h"

#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "store/postgres/postgres_value.h"

#define MARK "given_rows($"
#define ARRAY_LIMIT (INT64_C(1) << 30) /* bytes of one value */
#define COLUMN_SIZE 64                 /* characters that a column takes in the text, at most */
#define ARRAY_HEADER 20                /* dimensions, NULLs, type, count, first number: 32 bits each */

int postgres_given_place(const char *text)
{
    const char *mark = strstr(text, MARK);

    return mark != NULL ? (int)strtol(mark + sizeof MARK - 1, NULL, 10) : 0;
}

struct type_row {
    const char *name; /* of the array's type */
    unsigned type;    /* of one value */
};

static const struct type_row type_rows[] = {
    [GIVEN_INT64] = { "bigint[]", POSTGRES_INT8 },  [GIVEN_INT32] = { "bigint[]", POSTGRES_INT8 },
    [GIVEN_UINT32] = { "bigint[]", POSTGRES_INT8 }, [GIVEN_TEXT] = { "text[]", POSTGRES_TEXT },
    [GIVEN_NAME] = { "text[]", POSTGRES_TEXT },     [GIVEN_BYTES] = { "bytea[]", POSTGRES_BYTEA },
};

/* A derived table must have a name; the text may have given one. */
static bool name_follows(const char *text)
{
    static const char *const ends[] = { "WHERE", "CROSS", "JOIN", "LEFT", "INNER", "ORDER", "GROUP", "LIMIT", "ON", "UNION" };
    size_t size;

    text += strspn(text, " \n\t");
    size = strcspn(text, " \n\t,);");
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (strlen(ends[i]) == size && memcmp(ends[i], text, size) == 0)
            return false;
    return size > 0;
}

/* Arrays side by side in a list of results are walked together, row by row; in FROM the server would put each into a store of its own
 * first, which doubles what a wide row costs. */
static void select_write(struct writer *to, int place, int places, const struct given_rows *rows)
{
    writer_text(to, "(SELECT ");
    for (size_t column = 0; column < GIVEN_COLUMN_LIMIT; column++)
        writer_format(to, column < rows->column_count ? "%sv%zu" : "%sNULL::bigint AS v%zu", column > 0 ? ", " : "", column);
    writer_text(to, " FROM (SELECT ");
    for (size_t column = 0; column < rows->column_count; column++)
        writer_format(to, "%sunnest($%d::%s) AS v%zu", column > 0 ? ", " : "", column == 0 ? place : places + (int)column,
                      type_rows[rows->columns[column].type].name, column);
    writer_text(to, ") AS given_array)");
}

char *postgres_given_text(const char *text, int places, const struct given_rows *rows)
{
    const char *mark = strstr(text, MARK), *end = strchr(mark, ')') + 1;
    size_t capacity = strlen(text) + GIVEN_COLUMN_LIMIT * COLUMN_SIZE;
    char *made = malloc(capacity);
    struct writer to = writer_of_buffer(made, made != NULL ? capacity : 0);

    writer_put_bytes(&to, text, (size_t)(mark - text));
    select_write(&to, postgres_given_place(text), places, rows);
    writer_text(&to, name_follows(end) ? "" : " AS given_rows");
    writer_text(&to, end);
    (void)writer_terminate(&to);
    if (writer_result(&to) > 0)
        return made;
    free(made);
    return NULL;
}

bool postgres_given_same(const struct given_rows *rows, const enum given_type types[], size_t count)
{
    bool same = rows->column_count == count;

    for (size_t column = 0; same && column < count; column++)
        same = type_rows[rows->columns[column].type].type == type_rows[types[column]].type;
    return same;
}

/* An integer as the program has it, or nothing to point at. */
static int64_t integer_at(const uint8_t *value, enum given_type type)
{
    switch (type) {
    case GIVEN_INT64:
        return *(const int64_t *)(const void *)value;
    case GIVEN_INT32:
        return *(const int32_t *)(const void *)value;
    default:
        return *(const uint32_t *)(const void *)value;
    }
}

static struct span bytes_at(const uint8_t *value, const struct given_column *column)
{
    switch (column->type) {
    case GIVEN_TEXT:
        return span_of_text((const char *)value);
    case GIVEN_NAME:
        return span_of_text(column->name(*value));
    default:
        return *(const struct span *)(const void *)value;
    }
}

/* Room for `size` more bytes. */
static uint8_t *room(struct postgres_bytes *out, size_t size)
{
    if (out->size + size > out->capacity) {
        size_t wanted = 2 * (out->size + size);
        uint8_t *grown = (int64_t)wanted <= 2 * ARRAY_LIMIT ? realloc(out->bytes, wanted) : NULL;
        if (grown == NULL)
            return NULL;
        out->bytes = grown;
        out->capacity = wanted;
    }
    out->size += size;
    return out->bytes + out->size - size;
}

static int value_add(struct postgres_bytes *out, const uint8_t *value, const struct given_column *column)
{
    bool is_number = type_rows[column->type].type == POSTGRES_INT8;
    struct span bytes = is_number ? span_of_bytes(NULL, 8) : bytes_at(value, column);
    uint8_t *to = room(out, 4 + bytes.size);

    if (to == NULL)
        return STORE_ERR_MEMORY;
    postgres_put32(to, (uint32_t)bytes.size);
    if (is_number)
        postgres_put64(to + 4, (uint64_t)integer_at(value, column->type));
    else if (bytes.size > 0)
        memcpy(to + 4, bytes.bytes, bytes.size);
    return 0;
}

int postgres_given_array(const struct given_rows *rows, size_t column, struct postgres_bytes *out)
{
    const struct given_column *of = &rows->columns[column];
    int error = 0;

    out->size = 0;
    uint8_t *header = room(out, ARRAY_HEADER);
    if (header == NULL)
        return STORE_ERR_MEMORY;
    postgres_put32(header, rows->count > 0 ? 1 : 0);
    postgres_put32(header + 4, 0);
    postgres_put32(header + 8, type_rows[of->type].type);
    postgres_put32(header + 12, (uint32_t)rows->count);
    postgres_put32(header + 16, 1);
    if (rows->count == 0)
        out->size = 12; /* no dimension */
    for (size_t i = 0; error == 0 && i < rows->count; i++)
        error = value_add(out, (const uint8_t *)rows->first + i * rows->size + of->offset, of);
    return error;
}
