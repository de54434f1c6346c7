#include "apps/meterworks/district_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define LINE_SIZE 256

/* returns  index; -1 */
static int key_find(const struct district_list *list, struct span key)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal_text(key, list->rows[i].key))
            return (int)i;
    return -1;
}

/* returns  NULL, or what is wrong */
static const char *line_read(struct span line, struct district_list *list)
{
    ptrdiff_t blank = span_find_byte(line, ' ');
    struct span key = { line.bytes, blank < 0 ? line.size : (size_t)blank };
    struct span name = text_trim((struct span){ line.bytes + key.size, line.size - key.size });

    if (line.size == 0)
        return NULL;
    if (list->count == DISTRICT_LIMIT)
        return "there are more than 16";
    if (!district_key_is_good(key))
        return "its key is not 1 to 32 small letters, digits and '-'";
    if (key_find(list, key) >= 0)
        return "its key stands above already";
    if (name.size == 0 || name.size >= DISTRICT_NAME_SIZE || text_utf8_check(name) < 0)
        return "behind the key comes a name of up to 60 bytes of UTF-8";
    struct district *row = &list->rows[list->count++];
    (void)text_copy(key, row->key, sizeof row->key);
    (void)text_copy(name, row->name, sizeof row->name);
    return NULL;
}

static int lines_read(FILE *file, const char *path, struct district_list *list, char problem[256])
{
    char line[LINE_SIZE];
    const char *wrong = NULL;
    unsigned number = 0;

    while (wrong == NULL && fgets(line, sizeof line, file) != NULL) {
        number++;
        wrong = strchr(line, '\n') == NULL && !feof(file) ? "it is too long" : line_read(text_trim(span_of_text(line)), list);
    }
    if (wrong != NULL)
        (void)snprintf(problem, 256, "%.120s, line %u: %s", path, number, wrong);
    return wrong == NULL ? 0 : -1;
}

int district_file_read(const char *path, const char *own, struct district_list *out, char problem[256])
{
    struct district_list list = { .count = 0 };

    if ((path == NULL) != (own == NULL)) {
        (void)snprintf(problem, 256, "--districts FILE and --district KEY go together");
        return -1;
    }
    if (path != NULL) {
        FILE *file = fopen(path, "re");
        if (file == NULL) {
            (void)snprintf(problem, 256, "%.120s: %s", path, strerror(errno));
            return -1;
        }
        int result = lines_read(file, path, &list, problem);
        (void)fclose(file);
        if (result < 0)
            return -1;
        int found = key_find(&list, span_of_text(own));
        if (found < 0) {
            (void)snprintf(problem, 256, "%.120s has no district '%.40s'", path, own);
            return -1;
        }
        list.own = (size_t)found;
    }
    *out = list;
    return 0;
}
