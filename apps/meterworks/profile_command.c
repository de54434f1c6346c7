/* meterworks profile: check files, list what there is, show one model. */
#include "apps/meterworks/profile_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apps/meterworks/profile_shelf.h"
#include "apps/meterworks/profile_vocabulary.h"
#include "dialog/device_codec.h"

#define SCHEMA_LIMIT (256 * 1024)

static int usage_print(FILE *out)
{
    fputs("usage: meterworks profile check FILE...\n"
          "       meterworks profile list [FOLDER]\n"
          "       meterworks profile show NAME|FILE\n"
          "       meterworks profile schema\n\n"
          "Device models as data (docs/profiles.md). `check` reads files and says what is wrong where; `schema`\n"
          "prints a JSON schema for editors.\n"
          "Exit status: 0 all right, 1 a file is wrong or a name is unknown, 2 wrong usage.\n",
          out);
    return out == stdout ? 0 : 2;
}

void profile_problems_print(const struct profile_problems *problems)
{
    size_t kept = profile_problems_kept(problems);

    for (size_t i = 0; i < kept; i++) {
        const struct profile_problem *row = &problems->rows[i];
        if (row->line > 0)
            fprintf(stderr, "%s:%u: %s\n", row->file, (unsigned)row->line, row->text_en);
        else
            fprintf(stderr, "%s: %s\n", row->file, row->text_en);
    }
    if (problems->count > kept)
        fprintf(stderr, "and %zu more\n", problems->count - kept);
}

static int files_check(int count, char **files)
{
    static struct profile_problems problems;
    struct profile_set *set = profile_set_open();
    int wrong = 0;

    if (count == 0 || set == NULL) {
        profile_set_close(set);
        return usage_print(stderr);
    }
    for (int i = 0; i < count; i++) {
        if (profile_file_read(set, files[i], &problems) < 0)
            wrong++;
        else
            printf("%s: right\n", files[i]);
    }
    profile_problems_print(&problems);
    profile_set_close(set);
    return wrong > 0 ? 1 : 0;
}

static int sets_list(const char *folder)
{
    static struct profile_problems problems;
    struct profile_sources sources = { .folder = folder, .overlay = NULL };
    struct profile_set *set = profile_sources_read(&sources, &problems);

    if (set == NULL) {
        profile_problems_print(&problems);
        return 1;
    }
    for (size_t i = 0; i < set->count; i++) {
        const struct device_profile *profile = &set->rows[i]->profile;
        printf("%-36s %-12s %-12s %2u points %2u commands  %s\n", profile->name, device_codec_at(profile->codec)->name,
               profile_kind_name((enum device_kind)profile->kind), (unsigned)profile->point_count,
               (unsigned)profile->command_count, profile->words.en);
    }
    profile_set_close(set);
    return 0;
}

static void parameters_print(uint8_t set, const char *before, const char *after)
{
    for (unsigned i = 0; i < DEVICE_PARAMETER_BIT_COUNT; i++)
        if ((set & (1u << i)) != 0)
            printf(" %s%s=...%s", before, profile_parameter_name(i), after);
}

void profile_offer_print(const struct device_profile *profile)
{
    struct profile_vocabulary vocabulary = profile_vocabulary_make();

    printf("%s: %s / %s\ncodec %s, %s\n\ncommands\n", profile->name, profile->words.en, profile->words.zh,
           device_codec_at(profile->codec)->name, profile_kind_name((enum device_kind)profile->kind));
    for (unsigned i = 0; i < profile->command_count; i++) {
        const struct device_profile_command *command = &profile->commands[i];
        printf("  %s", profile_command_name((enum device_command_code)command->command));
        if (command->command == DEVICE_COMMAND_READ)
            printf(" POINT");
        parameters_print(command->parameters, "", "");
        parameters_print(command->optional, "[", "]");
        if (command->words.en[0] != '\0')
            printf("  (%s / %s)", command->words.en, command->words.zh);
        if (command->has_confirmation)
            printf("  proven by %s", profile->points[command->confirm_point].name);
        putchar('\n');
    }
    printf("\npoints\n");
    for (unsigned i = 0; i < profile->point_count; i++) {
        const struct device_point *point = &profile->points[i];
        char identifier[12] = "";
        if (point->identifier_digits > 0)
            (void)snprintf(identifier, sizeof identifier, "%0*X", (int)point->identifier_digits,
                           (unsigned)point->identifier);
        printf("  %-40s %-8s  %-6s %-15s %s%s\n", point->name, identifier, vocabulary.unit_text(point->unit),
               profile_period_name(point->period), profile_group_name((enum device_point_group)point->group),
               point->is_register ? ", register" : "");
    }
}

struct profile_set *profile_named_read(const char *name, const struct device_profile **out)
{
    static struct profile_problems problems;
    struct profile_sources sources = { NULL, NULL };
    bool is_file = strchr(name, '/') != NULL || strchr(name, '.') != NULL;
    struct profile_set *set = is_file ? profile_set_open() : profile_sources_read(&sources, &problems);
    const struct profile_set_row *row = NULL;

    if (set != NULL && (!is_file || profile_file_read(set, name, &problems) == 0))
        row = is_file ? set->rows[0] : profile_set_find(set, span_of_text(name));
    profile_problems_print(&problems);
    if (row != NULL) {
        *out = &row->profile;
        return set;
    }
    if (set != NULL && !is_file)
        fprintf(stderr, "meterworks: no profile is called %s; `meterworks profile list` shows them\n", name);
    profile_set_close(set);
    return NULL;
}

static int named_show(const char *name)
{
    const struct device_profile *profile = NULL;
    struct profile_set *set = profile_named_read(name, &profile);

    if (set == NULL)
        return 1;
    profile_offer_print(profile);
    profile_set_close(set);
    return 0;
}

static int schema_print(void)
{
    static char text[SCHEMA_LIMIT];
    struct profile_vocabulary vocabulary = profile_vocabulary_make();
    struct writer out = writer_of_buffer(text, sizeof text);

    profile_schema_write(&vocabulary, &out);
    if (out.overflow)
        return 1;
    puts(writer_terminate(&out));
    return 0;
}

int profile_run(int argument_count, char **arguments)
{
    const char *action = argument_count > 1 ? arguments[1] : "";

    if (strcmp(action, "--help") == 0)
        return usage_print(stdout);
    if (strcmp(action, "check") == 0)
        return files_check(argument_count - 2, arguments + 2);
    if (strcmp(action, "list") == 0 && argument_count <= 3)
        return sets_list(argument_count == 3 ? arguments[2] : NULL);
    if (strcmp(action, "show") == 0 && argument_count == 3)
        return named_show(arguments[2]);
    if (strcmp(action, "schema") == 0 && argument_count == 2)
        return schema_print();
    return usage_print(stderr);
}
