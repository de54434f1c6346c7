#include "tests/unit/unit_test.h"

#include "tests/golden/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STORY_LIMIT 65536

static char story[STORY_LIMIT];
static size_t story_size;

void story_begin(void)
{
    story_size = 0;
    story[0] = '\0';
}

void story_tell(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(story + story_size, sizeof story - story_size, format, arguments);
    va_end(arguments);
    assert_true(size >= 0 && story_size + (size_t)size + 2 < sizeof story);
    story_size += (size_t)size;
    story[story_size++] = '\n';
    story[story_size] = '\0';
}

static void file_write(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(story, 1, story_size, file), story_size);
    fclose(file);
}

void story_expect(const char *name)
{
    static char expected[STORY_LIMIT];
    char path[400];
    snprintf(path, sizeof path, "%s/%s.txt", GOLDEN_FOLDER, name);
    if (getenv("GOLDEN_WRITE")) {
        file_write(path);
        return;
    }
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(expected, 1, sizeof expected - 1, file);
    fclose(file);
    expected[size] = '\0';
    size_t line = 1;
    for (size_t i = 0; i <= size && i <= story_size; i++) {
        if (expected[i] != story[i])
            fail_msg("%s.txt, line %zu differs; told: %.120s", name, line, story + i);
        line += story[i] == '\n';
    }
    assert_int_equal(size, story_size);
}
