#include "store/postgres/postgres_rows.h"

#include <stdlib.h>
#include <string.h>

static int room_make(uint8_t **bytes, size_t *capacity, size_t needed)
{
    if (needed <= *capacity)
        return 0;
    size_t wanted = *capacity * 2 > needed ? *capacity * 2 : needed;
    uint8_t *grown = realloc(*bytes, wanted);
    if (grown == NULL)
        return STORE_ERR_MEMORY;
    *bytes = grown;
    *capacity = wanted;
    return 0;
}

static size_t row_size(const PGresult *result)
{
    size_t size = 0;

    for (int column = 0; column < PQnfields(result); column++)
        size += sizeof(int) + (size_t)PQgetlength(result, 0, column) + 1;
    return size;
}

static void row_write(uint8_t *to, const PGresult *result)
{
    for (int column = 0; column < PQnfields(result); column++) {
        int length = PQgetlength(result, 0, column);
        int said = PQgetisnull(result, 0, column) ? -1 : length;
        memcpy(to, &said, sizeof said);
        memcpy(to + sizeof said, PQgetvalue(result, 0, column), (size_t)length);
        to[sizeof said + (size_t)length] = 0;
        to += sizeof said + (size_t)length + 1;
    }
}

/* What was in memory is read first: the file holds only rows that came after it was full. */
static int row_store(struct postgres_rows *rows, const uint8_t *row, size_t size)
{
    if (rows->file == NULL)
        rows->file = tmpfile();
    if (rows->file == NULL)
        return STORE_ERR_FULL;
    if (fwrite(&size, sizeof size, 1, rows->file) != 1 || fwrite(row, 1, size, rows->file) != size)
        return STORE_ERR_FULL;
    return 0;
}

int postgres_rows_add(struct postgres_rows *rows, const PGresult *result)
{
    size_t size = row_size(result);
    bool is_kept = rows->file == NULL && rows->size + sizeof size + size <= POSTGRES_ROWS_MEMORY;

    if (!is_kept) {
        int error = room_make(&rows->row, &rows->row_capacity, size);
        if (error != 0)
            return error;
        row_write(rows->row, result);
        return row_store(rows, rows->row, size);
    }
    int error = room_make(&rows->bytes, &rows->capacity, rows->size + sizeof size + size);
    if (error != 0)
        return error;
    memcpy(rows->bytes + rows->size, &size, sizeof size);
    row_write(rows->bytes + rows->size + sizeof size, result);
    rows->size += sizeof size + size;
    return 0;
}

static void row_read(const uint8_t *row, struct postgres_value values[], int count)
{
    for (int column = 0; column < count; column++) {
        int length;
        memcpy(&length, row, sizeof length);
        values[column].size = length;
        values[column].bytes = row + sizeof length;
        row += sizeof length + (size_t)(length > 0 ? length : 0) + 1;
    }
}

static int file_next(struct postgres_rows *rows)
{
    size_t size;

    if (rows->read == rows->size) { /* the first of the file */
        rows->read = SIZE_MAX;
        rewind(rows->file);
    }
    if (fread(&size, sizeof size, 1, rows->file) != 1)
        return ferror(rows->file) ? STORE_ERR_INPUT_OUTPUT : 0;
    int error = room_make(&rows->row, &rows->row_capacity, size);
    if (error != 0)
        return error;
    return fread(rows->row, 1, size, rows->file) == size ? 1 : STORE_ERR_INPUT_OUTPUT;
}

int postgres_rows_next(struct postgres_rows *rows, struct postgres_value values[], int count)
{
    size_t size;

    if (rows->read < rows->size) {
        memcpy(&size, rows->bytes + rows->read, sizeof size);
        row_read(rows->bytes + rows->read + sizeof size, values, count);
        rows->read += sizeof size + size;
        return 1;
    }
    int found = rows->file != NULL ? file_next(rows) : 0;
    if (found == 1)
        row_read(rows->row, values, count);
    return found;
}

void postgres_rows_clear(struct postgres_rows *rows)
{
    if (rows->file != NULL)
        fclose(rows->file);
    free(rows->bytes);
    free(rows->row);
    *rows = (struct postgres_rows){ 0 };
}
