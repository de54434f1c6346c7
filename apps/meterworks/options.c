#include "apps/meterworks/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void help_print(const struct option options[], size_t count, const char *subcommand)
{
    printf("usage: meterworks %s [OPTIONS]\n\n", subcommand);
    for (size_t i = 0; i < count; i++) {
        char form[64];
        snprintf(form, sizeof form, "--%s %s", options[i].name, options[i].argument != NULL ? options[i].argument : "");
        printf("  %-28s %s\n", form, options[i].help);
    }
}

static const struct option *option_find(const struct option options[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static int number_read(const struct option *option, const char *text, int64_t *out)
{
    char *end = NULL;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < option->minimum || number > option->maximum) {
        fprintf(stderr, "meterworks: --%s takes a number from %lld to %lld, not '%s'\n", option->name,
                (long long)option->minimum, (long long)option->maximum, text);
        return -1;
    }
    *out = number;
    return 0;
}

static int list_take(const struct option *option, const char *text)
{
    struct option_list *list = option->value;

    if (list->count == OPTION_LIST_LIMIT) {
        fprintf(stderr, "meterworks: --%s can be given %d times\n", option->name, OPTION_LIST_LIMIT);
        return -1;
    }
    list->texts[list->count++] = text;
    return 2;
}

/* returns how many arguments the option took, or -1 */
static int option_take(const struct option *option, int left, char **arguments)
{
    if (option->kind == OPTION_FLAG) {
        *(bool *)option->value = true;
        return 1;
    }
    if (left < 2) {
        fprintf(stderr, "meterworks: --%s needs a value (%s)\n", option->name, option->argument);
        return -1;
    }
    if (option->kind == OPTION_NUMBER)
        return number_read(option, arguments[1], option->value) < 0 ? -1 : 2;
    if (option->kind == OPTION_LIST)
        return list_take(option, arguments[1]);
    *(const char **)option->value = arguments[1];
    return 2;
}

int options_read(const struct option options[], size_t count, int argument_count, char **arguments)
{
    int i = 1;

    while (i < argument_count && strncmp(arguments[i], "--", 2) == 0 && arguments[i][2] != '\0') {
        const struct option *option = option_find(options, count, arguments[i] + 2);
        int taken;

        if (strcmp(arguments[i], "--help") == 0) {
            help_print(options, count, arguments[0]);
            return -2;
        }
        if (option == NULL) {
            fprintf(stderr, "meterworks %s: there is no option '%s' (see --help)\n", arguments[0], arguments[i]);
            return -1;
        }
        taken = option_take(option, argument_count - i, arguments + i);
        if (taken < 0)
            return -1;
        i += taken;
    }
    return i;
}
