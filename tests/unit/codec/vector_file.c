#include "tests/unit/codec/vector_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *path, const char *reason)
{
    fprintf(stderr, "%s: %s\n", path, reason);
    abort();
}

static void text_read(struct vector_file *file, const char *path)
{
    char whole_path[512];
    snprintf(whole_path, sizeof whole_path, "%s/%s", VECTORS_FOLDER, path);
    FILE *in = fopen(whole_path, "rb");
    if (in == NULL)
        give_up(whole_path, "cannot be opened");
    size_t size = fread(file->text, 1, sizeof file->text - 1, in);
    fclose(in);
    if (size == sizeof file->text - 1)
        give_up(whole_path, "larger than VECTOR_FILE_LIMIT");
    file->text[size] = '\0';
}

static void field_add(struct vector *vector, char *line, const char *path)
{
    char *colon = strstr(line, ": ");
    if (colon == NULL || vector->count == VECTOR_FIELD_LIMIT)
        give_up(path, line);
    *colon = '\0';
    vector->fields[vector->count].key = line;
    vector->fields[vector->count].value = colon + 2;
    vector->count++;
}

void vector_file_read(struct vector_file *file, const char *path)
{
    text_read(file, path);
    file->count = 0;
    memset(file->vectors, 0, sizeof file->vectors);
    struct vector *vector = NULL;
    for (char *line = file->text, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (*line == '\0') {
            vector = NULL;
            continue;
        }
        if (vector == NULL && file->count == VECTOR_LIMIT)
            give_up(path, "more than VECTOR_LIMIT blocks");
        if (vector == NULL)
            vector = &file->vectors[file->count++];
        field_add(vector, line, path);
    }
}

const char *vector_value(const struct vector *vector, const char *key)
{
    for (size_t i = 0; i < vector->count; i++)
        if (strcmp(vector->fields[i].key, key) == 0)
            return vector->fields[i].value;
    return NULL;
}
