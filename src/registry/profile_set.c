#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/profile.h"

struct profile_set *profile_set_open(void)
{
    return calloc(1, sizeof(struct profile_set));
}

void profile_set_close(struct profile_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < set->count; i++)
        free(set->rows[i]);
    free(set->rows);
    free(set);
}

/* Where a name stands or would stand. */
static size_t place_find(const struct profile_set *set, struct span name, bool *is_there)
{
    size_t low = 0, high = set->count;

    *is_there = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(span_of_text(set->rows[middle]->profile.name), name);
        if (order == 0) {
            *is_there = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool room_make(struct profile_set *set)
{
    if (set->count < set->capacity)
        return true;
    size_t capacity = set->capacity == 0 ? 16 : 2 * set->capacity;
    if (capacity > PROFILE_SET_LIMIT)
        return false;
    struct profile_set_row **rows = realloc(set->rows, capacity * sizeof *rows);
    if (rows == NULL)
        return false;
    set->rows = rows;
    set->capacity = capacity;
    return true;
}

/* The set takes the row over. */
static void row_put(struct profile_set *set, struct profile_set_row *row)
{
    bool is_there;
    size_t place = place_find(set, span_of_text(row->profile.name), &is_there);

    if (is_there) {
        free(set->rows[place]);
    } else {
        memmove(set->rows + place + 1, set->rows + place, (set->count - place) * sizeof *set->rows);
        set->count++;
    }
    set->rows[place] = row;
}

int profile_set_add(struct profile_set *set, const struct profile_vocabulary *vocabulary, struct span text,
                    const char *file, const char *stem, struct profile_problems *problems)
{
    struct profile_set_row *row = room_make(set) ? calloc(1, sizeof *row) : NULL;

    if (row == NULL) {
        profile_problem_add(problems, file, 0, "more than %u models, or out of memory", "型号超过 %u 个，或内存不足",
                            (unsigned)PROFILE_SET_LIMIT);
        return -1;
    }
    (void)snprintf(row->file, sizeof row->file, "%s", file);
    if (profile_read(vocabulary, text, file, stem, &row->profile, problems) < 0) {
        free(row);
        return -1;
    }
    row_put(set, row);
    return 0;
}

const struct profile_set_row *profile_set_find(const struct profile_set *set, struct span name)
{
    bool is_there;
    size_t place = place_find(set, name, &is_there);

    return is_there ? set->rows[place] : NULL;
}
