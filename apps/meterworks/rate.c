#include "apps/meterworks/rate.h"

#include "billing/arrears_case.h"
#include "rating/rating_case.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE_ANSWER_LIMIT 262144

static const struct rating_case_kind more_kinds[] = {
    { "prepaid_timeline", arrears_case_timeline },
    { NULL, NULL },
};

/* The buffers of one run. */
struct rate {
    char line[RATING_CASE_LIMIT + 2];
    char answer[RATE_ANSWER_LIMIT];
    int wrong;
};

static void line_refuse(struct rate *rate, const char *name, unsigned long number, const char *path, const char *text)
{
    rate->wrong++;
    fprintf(stderr, "meterworks rate: %s line %lu: %s %s\n", name, number, path, text);
}

static void line_rate(struct rate *rate, const char *name, unsigned long number)
{
    struct writer out = writer_of_buffer(rate->answer, sizeof rate->answer);
    struct tariff_problem problem = { .path = "" };
    size_t size = strcspn(rate->line, "\r\n");

    if (size == strspn(rate->line, " \t"))
        return;
    if (rating_case_run(span_of_bytes(rate->line, size), more_kinds, &out, &problem) < 0)
        line_refuse(rate, name, number, problem.path, problem.text_en);
    printf("%s\n", writer_terminate(&out));
}

/* Read past the rest of a line that did not fit. */
static void line_skip(FILE *file)
{
    int byte;

    do
        byte = fgetc(file);
    while (byte != '\n' && byte != EOF);
}

static void file_rate(struct rate *rate, FILE *file, const char *name)
{
    for (unsigned long number = 1; fgets(rate->line, sizeof rate->line, file) != NULL; number++) {
        if (strlen(rate->line) == sizeof rate->line - 1 && strchr(rate->line, '\n') == NULL) {
            line_skip(file);
            line_refuse(rate, name, number, "case", "is longer than 65,536 bytes");
            printf("{\"error\": {\"path\": \"case\", \"text\": \"is longer than 65,536 bytes\", \"text_zh\":"
                   " \"超过 65536 字节\"}}\n");
            continue;
        }
        line_rate(rate, name, number);
    }
    if (ferror(file))
        line_refuse(rate, name, 0, "file", "cannot be read");
}

static void path_rate(struct rate *rate, const char *path)
{
    FILE *file;

    if (strcmp(path, "-") == 0) {
        file_rate(rate, stdin, "standard input");
        return;
    }
    file = fopen(path, "r");
    if (file == NULL) {
        rate->wrong++;
        fprintf(stderr, "meterworks rate: %s: %s\n", path, strerror(errno));
        return;
    }
    file_rate(rate, file, path);
    fclose(file);
}

static int usage_print(int status)
{
    fprintf(status == 0 ? stdout : stderr,
            "usage: meterworks rate [FILE...]\n\n"
            "Reads worked bills, one JSON object a line, from the files or standard input,\n"
            "and prints what each costs as one JSON object a line, in their order. A line that\n"
            "cannot be rated is answered with its \"error\", told on standard error, and makes the\n"
            "exit status 1. docs/tariffs.md has the form.\n");
    return status;
}

int rate_run(int argument_count, char **arguments)
{
    struct rate *rate;
    int wrong;

    if (argument_count > 1 && strcmp(arguments[1], "--help") == 0)
        return usage_print(0);
    if (argument_count > 1 && arguments[1][0] == '-' && arguments[1][1] != '\0')
        return usage_print(2);
    rate = calloc(1, sizeof *rate);
    if (rate == NULL)
        return 1;
    if (argument_count == 1)
        path_rate(rate, "-");
    for (int index = 1; index < argument_count; index++)
        path_rate(rate, arguments[index]);
    wrong = rate->wrong;
    free(rate);
    return wrong > 0 ? 1 : 0;
}
