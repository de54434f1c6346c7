#include "apps/meterworks/town_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "demonstration"
#define FILE_PATH_SIZE (TOWN_FOLDER_SIZE + 64)

/* All that a platform keeps in its folder; the mark goes last. */
static const char *const files[] = {
    "meterworks.db", "meterworks.db-wal", "meterworks.db-shm", "meterworks.db-journal", "master.key", MARK,
};

static bool file_exists(const struct town_folder *folder, const char *name)
{
    char path[FILE_PATH_SIZE];
    struct stat status;

    (void)snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return stat(path, &status) == 0;
}

static void files_remove(const struct town_folder *folder)
{
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder->path, files[i]);
        (void)unlink(path);
    }
}

static int mark_write(const struct town_folder *folder, char problem[256])
{
    char path[FILE_PATH_SIZE];
    FILE *mark;

    (void)snprintf(path, sizeof path, "%s/%s", folder->path, MARK);
    mark = fopen(path, "w");
    if (mark == NULL || fputs("made by meterworks demo; removed and made anew by the next one\n", mark) < 0 ||
        fclose(mark) != 0) {
        (void)snprintf(problem, 256, "cannot write in %.200s: %s", folder->path, strerror(errno));
        return -1;
    }
    return 0;
}

static int temporary_make(struct town_folder *folder, char problem[256])
{
    const char *place = getenv("TMPDIR");

    (void)snprintf(folder->path, sizeof folder->path, "%s/meterworks-demo-XXXXXX",
                   place != NULL && place[0] != '\0' ? place : "/tmp");
    folder->is_temporary = mkdtemp(folder->path) != NULL;
    if (!folder->is_temporary)
        (void)snprintf(problem, 256, "cannot make a temporary folder: %s", strerror(errno));
    return folder->is_temporary ? 0 : -1;
}

int town_folder_open(struct town_folder *folder, const char *wanted, char problem[256])
{
    memset(folder, 0, sizeof *folder);
    if (wanted == NULL) {
        if (temporary_make(folder, problem) < 0)
            return -1;
        return mark_write(folder, problem);
    }
    if (strlen(wanted) >= sizeof folder->path) {
        (void)snprintf(problem, 256, "the path of the data folder is too long");
        return -1;
    }
    (void)snprintf(folder->path, sizeof folder->path, "%s", wanted);
    if (mkdir(folder->path, 0700) != 0 && errno != EEXIST) {
        (void)snprintf(problem, 256, "cannot make %.200s: %s", wanted, strerror(errno));
        return -1;
    }
    if (file_exists(folder, "meterworks.db") && !file_exists(folder, MARK)) {
        (void)snprintf(problem, 256, "%.150s holds an installation that is no demonstration; nothing was changed",
                       wanted);
        return -1;
    }
    files_remove(folder);
    return mark_write(folder, problem);
}

void town_folder_close(struct town_folder *folder)
{
    if (!folder->is_temporary)
        return;
    files_remove(folder);
    (void)rmdir(folder->path);
    folder->is_temporary = false;
}
