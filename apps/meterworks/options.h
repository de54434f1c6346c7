/* Command-line options as a table: `--name VALUE` and flags, checked, with the help printed from the same rows. */
#ifndef APPS_METERWORKS_OPTIONS_H
#define APPS_METERWORKS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind { OPTION_TEXT, OPTION_NUMBER, OPTION_FLAG, OPTION_LIST };

#define OPTION_LIST_LIMIT 16

/* What an option said that may be given several times. */
struct option_list {
    const char *texts[OPTION_LIST_LIMIT];
    size_t count;
};

struct option {
    const char *name;        /* without the dashes */
    enum option_kind kind;
    void *value;             /* const char **, int64_t *, bool * or struct option_list *, holding the default */
    int64_t minimum;         /* of numbers */
    int64_t maximum;
    const char *argument;    /* "DIR", "ADDR:PORT"; NULL for flags */
    const char *help;
};

/* Read the options of a subcommand; says what is wrong on standard error. `--help` prints the table.
 * arguments  [0] is the subcommand's name
 * returns    index of the first argument that is no option (argument_count when none); -1 wrong usage; -2 help printed */
int options_read(const struct option options[], size_t count, int argument_count, char **arguments);

#endif
