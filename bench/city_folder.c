#include "bench/city_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_SIZE (CITY_FOLDER_SIZE + 300)
#define BYTES_PER_METER 2600       /* archive, one day of readings and frames, charges of most */
#define BYTES_PER_LABORATORY 1500  /* archive, a few days */
#define BYTES_OF_LABORATORY 2000000000 /* its reports: so many seconds of them at most ... */
#define BYTES_OF_ITS_DAYS 20000    /* ... and so many days of each meter */
#define BYTES_BESIDE 600000000     /* the write-ahead log, twice over */

static bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    unsigned count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder != NULL)
        closedir(folder);
    return folder != NULL && count == 0;
}

int city_folder_make(struct city_plan *plan, const char *wanted, char problem[256])
{
    const char *place = getenv("TMPDIR");
    int size = wanted != NULL
                   ? snprintf(plan->folder, sizeof plan->folder, "%s", wanted)
                   /* Not below /tmp, which may be memory: durable means a disk. */
                   : snprintf(plan->folder, sizeof plan->folder, "%s/meterworks-city-XXXXXX",
                              place != NULL && place[0] != '\0' ? place : "/var/tmp");
    bool made = size < (int)sizeof plan->folder && (wanted != NULL ? mkdir(plan->folder, 0700) == 0 : mkdtemp(plan->folder) != NULL);

    if (made || (wanted != NULL && errno == EEXIST && folder_is_empty(plan->folder)))
        return 0;
    if (wanted != NULL && errno == EEXIST)
        (void)snprintf(problem, 256, "%.200s is not empty; nothing was changed", wanted);
    else
        (void)snprintf(problem, 256, "cannot make %.150s: %s", plan->folder, strerror(errno));
    return -1;
}

void city_folder_remove(const struct city_plan *plan)
{
    char path[PATH_SIZE];
    DIR *folder = opendir(plan->folder);
    struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", plan->folder, entry->d_name);
        (void)unlink(path); /* "." and ".." refuse */
    }
    if (folder != NULL)
        closedir(folder);
    if (rmdir(plan->folder) != 0)
        fprintf(stderr, "meterworks bench: something is left in %s: %s\n", plan->folder, strerror(errno));
}

int64_t city_folder_need(const struct city_plan *plan)
{
    int64_t days = (int64_t)plan->laboratory * BYTES_OF_ITS_DAYS;

    return (int64_t)plan->meters * BYTES_PER_METER + (int64_t)plan->laboratory * BYTES_PER_LABORATORY +
           (days < BYTES_OF_LABORATORY ? days : BYTES_OF_LABORATORY) + BYTES_BESIDE;
}

int64_t city_folder_free(const struct city_plan *plan)
{
    struct statvfs room;

    return statvfs(plan->folder, &room) == 0 ? (int64_t)room.f_bavail * (int64_t)room.f_frsize : -1;
}

int64_t city_folder_size(const struct city_plan *plan)
{
    static const char *const files[] = { "meterworks.db", "meterworks.db-wal" };
    char path[PATH_SIZE];
    struct stat file;
    int64_t size = 0;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", plan->folder, files[i]);
        if (stat(path, &file) == 0)
            size += file.st_size;
    }
    return size;
}
