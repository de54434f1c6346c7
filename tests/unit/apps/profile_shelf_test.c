#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/meterworks/profile_shelf.h"

static char folder[] = "/tmp/meterworks-shelf-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int folder_remove(void **state)
{
    char path[256];

    (void)state;
    (void)snprintf(path, sizeof path, "%s/sample.yaml", folder);
    (void)unlink(path);
    return rmdir(folder);
}

static void sample_write(const char *english)
{
    char path[256];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/sample.yaml", folder);
    out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "profile: sample\nname: {zh: x, en: %s}\nkind: heat\ncodec: mbus\npoints:\n"
                 "  - {quantity: energy, unit: kWh}\n", english);
    assert_int_equal(fclose(out), 0);
}

static const char *english_of(const struct profile_set *set)
{
    const struct profile_set_row *row = profile_set_find(set, span_of_text("sample"));
    return row != NULL ? row->profile.words.en : "";
}

static const char *english_now(struct profile_shelf *shelf, char text[DEVICE_PROFILE_TEXT_LIMIT])
{
    const struct profile_set *set = profile_shelf_hold(shelf);
    (void)snprintf(text, DEVICE_PROFILE_TEXT_LIMIT, "%s", english_of(set));
    profile_shelf_release(shelf, set);
    return text;
}

/* Whoever reads a set goes on reading it, whatever a reload does meanwhile. */
static void a_held_set_stays_as_it_is(void **state)
{
    static struct profile_problems problems;
    struct profile_sources sources = { .overlay = folder };
    struct profile_shelf *shelf = profile_shelf_open(&sources, &problems);
    char text[DEVICE_PROFILE_TEXT_LIMIT];

    (void)state;
    assert_non_null(shelf);
    const struct profile_set *before = profile_shelf_hold(shelf);
    assert_string_equal(english_of(before), "");
    sample_write("first");
    assert_int_equal(profile_shelf_reload(shelf, &problems), 0);
    const struct profile_set *first = profile_shelf_hold(shelf);
    sample_write("second");
    assert_int_equal(profile_shelf_reload(shelf, &problems), 0);
    assert_string_equal(english_of(before), "");
    assert_string_equal(english_of(first), "first");
    assert_string_equal(english_now(shelf, text), "second");
    profile_shelf_release(shelf, before);
    assert_string_equal(english_of(first), "first");
    profile_shelf_release(shelf, first);
    assert_string_equal(english_now(shelf, text), "second");
    profile_shelf_close(shelf);
}

static void a_wrong_file_changes_nothing(void **state)
{
    static struct profile_problems problems, complaints;
    struct profile_sources sources = { .overlay = folder };
    char text[DEVICE_PROFILE_TEXT_LIMIT];

    (void)state;
    sample_write("right");
    struct profile_shelf *shelf = profile_shelf_open(&sources, &problems);
    assert_non_null(shelf);
    sample_write("[wrong");
    assert_int_equal(profile_shelf_reload(shelf, &problems), -1);
    assert_true(problems.count > 0);
    profile_shelf_complaints(shelf, &complaints);
    assert_memory_equal(&complaints, &problems, sizeof problems);
    assert_string_equal(english_now(shelf, text), "right");
    sample_write("mended");
    memset(&problems, 0, sizeof problems);
    assert_int_equal(profile_shelf_reload(shelf, &problems), 0);
    profile_shelf_complaints(shelf, &complaints);
    assert_int_equal(complaints.count, 0);
    assert_string_equal(english_now(shelf, text), "mended");
    profile_shelf_close(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_set_stays_as_it_is),
        cmocka_unit_test(a_wrong_file_changes_nothing),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
