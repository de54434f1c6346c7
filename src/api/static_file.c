#include "api/static_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_LIMIT (16L * 1024 * 1024)

static const struct {
    const char *ending;
    const char *content_type;
} types[] = {
    { ".html", "text/html; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" }, { ".svg", "image/svg+xml" }, { ".png", "image/png" },
    { ".ico", "image/x-icon" }, { ".json", "application/json" }, { ".woff2", "font/woff2" },
    { ".webmanifest", "application/manifest+json" },
};

static bool is_page(struct span path)
{
    for (size_t i = path.size; i > 0 && path.bytes[i - 1] != '/'; i--)
        if (path.bytes[i - 1] == '.')
            return false;
    return true;
}

bool static_file_is_resident(struct span path)
{
    static const char resident[] = "/resident";
    size_t size = sizeof resident - 1;

    return path.size >= size && memcmp(path.bytes, resident, size) == 0
        && (path.size == size || path.bytes[size] == '/');
}

static struct span page_of(struct span path)
{
    return span_of_text(static_file_is_resident(path) ? "/resident.html" : "/index.html");
}

static const struct packed_file *packed_find(const struct packed_file *files, size_t count, struct span path)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(path, span_of_text(files[middle].path));
        if (order == 0)
            return &files[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct packed_file *static_file_find(const struct packed_file *files, size_t count, struct span path)
{
    if (!is_page(path))
        return packed_find(files, count, path);
    const struct packed_file *page = packed_find(files, count, page_of(path));
    /* A program that was built without its pages has one that says so. */
    return page != NULL ? page : packed_find(files, count, span_of_text("/index.html"));
}

static const char *type_of(const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t ending = strlen(types[i].ending);
        if (size > ending && strcmp(name + size - ending, types[i].ending) == 0)
            return types[i].content_type;
    }
    return "application/octet-stream";
}

static int file_load(FILE *file, char **bytes, size_t *size)
{
    if (fseek(file, 0, SEEK_END) != 0)
        return -1;
    long length = ftell(file);
    if (length < 0 || length > FILE_SIZE_LIMIT || fseek(file, 0, SEEK_SET) != 0)
        return -1;
    char *loaded = malloc((size_t)length + 1);
    if (loaded == NULL)
        return -1;
    if (fread(loaded, 1, (size_t)length, file) != (size_t)length) {
        free(loaded);
        return -1;
    }
    *bytes = loaded;
    *size = (size_t)length;
    return 0;
}

int static_file_read(const char *folder, struct span path, char **bytes, size_t *size, const char **content_type)
{
    char name[4096];
    struct span wanted = is_page(path) ? page_of(path) : path;
    int written = snprintf(name, sizeof name, "%s%.*s", folder, (int)wanted.size, (const char *)wanted.bytes);

    if (written < 0 || (size_t)written >= sizeof name || strstr(name + strlen(folder), "/..") != NULL)
        return -1;
    FILE *file = fopen(name, "rb");
    if (file == NULL)
        return -1;
    int result = file_load(file, bytes, size);
    (void)fclose(file);
    if (result == 0)
        *content_type = type_of(name);
    return result;
}
