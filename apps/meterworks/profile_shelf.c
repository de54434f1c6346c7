#include "apps/meterworks/profile_shelf.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/profile_vocabulary.h"
#include "base/log.h"
#include "registry/packed_profiles.h"

#define PATH_LIMIT 4096
#define SUFFIX ".yaml"
#define SUFFIX_SIZE (sizeof SUFFIX - 1)

/* A set and how many hold it; the shelf itself is one of them. */
struct shelf_set {
    struct profile_set *set;
    unsigned holders;
    struct shelf_set *older;
};

struct profile_shelf {
    pthread_mutex_t lock;      /* of all below; never held while files are read */
    pthread_mutex_t reloading; /* one reload at a time */
    struct shelf_set *newest;
    struct profile_problems complaints; /* of the last reading */
    bool has_folder, has_overlay;
    char folder[PATH_LIMIT];
    char overlay[PATH_LIMIT];
};

/* The name of a file without its folder and ".yaml". */
static void stem_take(const char *path, char stem[DEVICE_PROFILE_NAME_LIMIT])
{
    const char *name = strrchr(path, '/');
    size_t size;

    name = name != NULL ? name + 1 : path;
    size = strlen(name);
    if (size > SUFFIX_SIZE && strcmp(name + size - SUFFIX_SIZE, SUFFIX) == 0)
        size -= SUFFIX_SIZE;
    (void)snprintf(stem, DEVICE_PROFILE_NAME_LIMIT, "%.*s", (int)size, name);
}

/* One byte more than a profile may have, so that a longer file is seen to be longer. */
static int text_read(const char *path, char *text, size_t *size, struct profile_problems *problems)
{
    FILE *in = fopen(path, "rb");

    if (in != NULL) {
        *size = fread(text, 1, PROFILE_FILE_SIZE_LIMIT + 1, in);
        bool failed = ferror(in) != 0;
        int error = errno;
        fclose(in);
        if (!failed)
            return 0;
        errno = error;
    }
    profile_problem_add(problems, path, 0, "cannot be read: %s", "无法读取：%s", strerror(errno));
    return -1;
}

int profile_file_read(struct profile_set *set, const char *path, struct profile_problems *problems)
{
    struct profile_vocabulary vocabulary = profile_vocabulary_make();
    char stem[DEVICE_PROFILE_NAME_LIMIT];
    size_t size = 0;
    int result = -1;
    char *text = malloc(PROFILE_FILE_SIZE_LIMIT + 1);

    stem_take(path, stem);
    if (text == NULL)
        profile_problem_add(problems, path, 0, "out of memory", "内存不足");
    else if (text_read(path, text, &size, problems) == 0)
        result = profile_set_add(set, &vocabulary, span_of_bytes(text, size), path, stem, problems);
    free(text);
    return result;
}

static void packed_read(struct profile_set *set, struct profile_problems *problems)
{
    struct profile_vocabulary vocabulary = profile_vocabulary_make();

    for (size_t i = 0; i < packed_profile_count; i++) {
        const struct packed_profile *packed = &packed_profiles[i];
        char file[PROFILE_FILE_LIMIT];
        (void)snprintf(file, sizeof file, "profiles/%s.yaml", packed->name);
        (void)profile_set_add(set, &vocabulary, span_of_bytes(packed->text, packed->size), file, packed->name,
                              problems);
    }
}

static int yaml_choose(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > SUFFIX_SIZE && strcmp(entry->d_name + size - SUFFIX_SIZE, SUFFIX) == 0;
}

static void folder_read(struct profile_set *set, const char *folder, bool may_be_missing,
                        struct profile_problems *problems)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, yaml_choose, alphasort);

    if (count < 0 && !(may_be_missing && errno == ENOENT))
        profile_problem_add(problems, folder, 0, "the folder cannot be read: %s", "无法读取该文件夹：%s",
                            strerror(errno));
    for (int i = 0; i < count; i++) {
        char path[PATH_LIMIT + 300];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        (void)profile_file_read(set, path, problems);
        free(entries[i]);
    }
    free(entries);
}

struct profile_set *profile_sources_read(const struct profile_sources *sources, struct profile_problems *problems)
{
    struct profile_set *set = profile_set_open();
    size_t before = problems->count;

    if (set == NULL) {
        profile_problem_add(problems, "", 0, "out of memory", "内存不足");
        return NULL;
    }
    if (sources->folder != NULL)
        folder_read(set, sources->folder, false, problems);
    else
        packed_read(set, problems);
    if (sources->overlay != NULL)
        folder_read(set, sources->overlay, true, problems);
    if (problems->count == before)
        return set;
    profile_set_close(set);
    return NULL;
}

static struct shelf_set *shelf_set_make(struct profile_set *set, struct profile_problems *problems)
{
    struct shelf_set *made = set != NULL ? calloc(1, sizeof *made) : NULL;

    if (set != NULL && made == NULL) {
        profile_set_close(set);
        profile_problem_add(problems, "", 0, "out of memory", "内存不足");
    }
    if (made != NULL)
        *made = (struct shelf_set){ .set = set, .holders = 1 };
    return made;
}

static struct shelf_set *shelf_read(const struct profile_shelf *shelf, bool with_overlay,
                                    struct profile_problems *problems)
{
    struct profile_sources sources = { .folder = shelf->has_folder ? shelf->folder : NULL,
                                       .overlay = shelf->has_overlay && with_overlay ? shelf->overlay : NULL };

    return shelf_set_make(profile_sources_read(&sources, problems), problems);
}

/* Free the sets that nobody holds. */
static void shelf_sweep(struct profile_shelf *shelf)
{
    struct shelf_set **at = &shelf->newest;

    while (*at != NULL) {
        struct shelf_set *here = *at;
        if (here->holders > 0) {
            at = &here->older;
            continue;
        }
        *at = here->older;
        profile_set_close(here->set);
        free(here);
    }
}

static void complaints_log(const struct profile_problems *problems, size_t count)
{
    if (problems->count == 0)
        log_write(LOG_REGISTRY, LOG_INFO, "profiles", "%zu device models read", count);
    for (size_t i = 0; i < profile_problems_kept(problems); i++)
        log_write(LOG_REGISTRY, LOG_ERROR, "profiles", "%s:%u: %s", problems->rows[i].file,
                  (unsigned)problems->rows[i].line, problems->rows[i].text_en);
}

struct profile_shelf *profile_shelf_open(const struct profile_sources *sources, struct profile_problems *problems)
{
    struct profile_shelf *shelf = calloc(1, sizeof *shelf);

    if (shelf == NULL)
        return NULL;
    pthread_mutex_init(&shelf->lock, NULL);
    pthread_mutex_init(&shelf->reloading, NULL);
    shelf->has_folder = sources->folder != NULL;
    shelf->has_overlay = sources->overlay != NULL;
    if (shelf->has_folder)
        (void)snprintf(shelf->folder, sizeof shelf->folder, "%s", sources->folder);
    if (shelf->has_overlay)
        (void)snprintf(shelf->overlay, sizeof shelf->overlay, "%s", sources->overlay);
    shelf->newest = shelf_read(shelf, true, problems);
    shelf->complaints = *problems;
    complaints_log(problems, shelf->newest != NULL ? shelf->newest->set->count : 0);
    if (shelf->newest == NULL && shelf->has_overlay)
        shelf->newest = shelf_read(shelf, false, problems);
    if (shelf->newest == NULL) {
        profile_shelf_close(shelf);
        return NULL;
    }
    return shelf;
}

void profile_shelf_close(struct profile_shelf *shelf)
{
    if (shelf == NULL)
        return;
    for (struct shelf_set *set = shelf->newest; set != NULL; set = set->older)
        set->holders = 0;
    shelf_sweep(shelf);
    pthread_mutex_destroy(&shelf->reloading);
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

const struct profile_set *profile_shelf_hold(struct profile_shelf *shelf)
{
    pthread_mutex_lock(&shelf->lock);
    shelf->newest->holders++;
    const struct profile_set *set = shelf->newest->set;
    pthread_mutex_unlock(&shelf->lock);
    return set;
}

void profile_shelf_release(struct profile_shelf *shelf, const struct profile_set *set)
{
    pthread_mutex_lock(&shelf->lock);
    for (struct shelf_set *held = shelf->newest; held != NULL; held = held->older)
        if (held->set == set)
            held->holders--;
    shelf_sweep(shelf);
    pthread_mutex_unlock(&shelf->lock);
}

int profile_shelf_reload(struct profile_shelf *shelf, struct profile_problems *problems)
{
    pthread_mutex_lock(&shelf->reloading);
    struct shelf_set *made = shelf_read(shelf, true, problems);
    pthread_mutex_lock(&shelf->lock);
    if (made != NULL) {
        shelf->newest->holders--;
        made->older = shelf->newest;
        shelf->newest = made;
        shelf_sweep(shelf);
    }
    shelf->complaints = *problems;
    pthread_mutex_unlock(&shelf->lock);
    pthread_mutex_unlock(&shelf->reloading);
    complaints_log(problems, made != NULL ? made->set->count : 0);
    return made != NULL ? 0 : -1;
}

void profile_shelf_complaints(struct profile_shelf *shelf, struct profile_problems *problems)
{
    pthread_mutex_lock(&shelf->lock);
    *problems = shelf->complaints;
    pthread_mutex_unlock(&shelf->lock);
}

static const struct profile_set *port_hold(void *context)
{
    return profile_shelf_hold(context);
}

static void port_release(void *context, const struct profile_set *set)
{
    profile_shelf_release(context, set);
}

static int port_reload(void *context, struct profile_problems *problems)
{
    return profile_shelf_reload(context, problems);
}

static void port_complaints(void *context, struct profile_problems *problems)
{
    profile_shelf_complaints(context, problems);
}

struct api_profiles profile_shelf_port(struct profile_shelf *shelf)
{
    return (struct api_profiles){ shelf, port_hold, port_release, port_reload, port_complaints };
}
