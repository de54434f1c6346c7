#include "apps/meterworks/store_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/postgres/postgres_store.h"

bool store_place_is_server(const char *path)
{
    return postgres_path_is(path);
}

const char *store_place_name(const char *path)
{
    return store_place_is_server(path) ? "PostgreSQL" : path;
}

static int path_write(char path[STORE_PLACE_SIZE], const char *folder, const char *name, char problem[256])
{
    int size = snprintf(path, STORE_PLACE_SIZE, "%s/%s", folder, name);

    if (size > 0 && size < STORE_PLACE_SIZE)
        return 0;
    snprintf(problem, 256, "the path of the data folder is too long");
    return -1;
}

/* The first line of DATA/store.
 * returns  1; 0 there is no such file; -1 with `problem` */
static int kept_read(const char *folder, char path[STORE_PLACE_SIZE], char problem[256])
{
    char name[STORE_PLACE_SIZE];

    if (path_write(name, folder, "store", problem) < 0)
        return -1;
    FILE *file = fopen(name, "r");
    if (file == NULL && errno == ENOENT)
        return 0;
    if (file == NULL) {
        snprintf(problem, 256, "%.160s: %s", name, strerror(errno));
        return -1;
    }
    if (fgets(path, STORE_PLACE_SIZE, file) == NULL)
        path[0] = '\0';
    fclose(file);
    path[strcspn(path, "\r\n")] = '\0';
    if (store_place_is_server(path))
        return 1;
    snprintf(problem, 256, "%.160s: the first line is no postgresql://...", name);
    return -1;
}

int store_place_find(const char *folder, const char *given, char path[STORE_PLACE_SIZE], char problem[256])
{
    if (given != NULL && (!store_place_is_server(given) || strlen(given) >= STORE_PLACE_SIZE)) {
        snprintf(problem, 256, "--store takes postgresql://... (docs/postgresql.md)");
        return -1;
    }
    if (given != NULL) {
        memcpy(path, given, strlen(given) + 1);
        return 0;
    }
    int kept = kept_read(folder, path, problem);
    return kept == 0 ? path_write(path, folder, "meterworks.db", problem) : kept < 0 ? -1 : 0;
}

int store_place_keep(const char *folder, const char *given)
{
    char name[STORE_PLACE_SIZE], problem[256];

    if (path_write(name, folder, "store", problem) < 0) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        return -1;
    int result = dprintf(descriptor, "%s\n", given) > 0 && fsync(descriptor) == 0 ? 0 : -1;
    return close(descriptor) == 0 ? result : -1;
}

void store_place_problem(const char *path, const char *text, const char *why, char problem[256])
{
    if (why[0] != '\0')
        (void)snprintf(problem, 256, "%s: %.60s (%s)", store_place_name(path), text, why);
    else
        (void)snprintf(problem, 256, "%.150s: %.100s", store_place_name(path), text);
}
