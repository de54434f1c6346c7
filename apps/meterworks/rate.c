#include "apps/meterworks/rate.h"

#include "billing/arrears_case.h"
#include "rating/rating_case.h"

#include <errno.h>
#include <stdbool.h>
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
    char line[RATING_CASE_LIMIT + 1]; /* one more than a case may have: a longer line is refused as such */
    size_t size;
    char answer[RATE_ANSWER_LIMIT];
    int wrong;
};

static void line_refuse(struct rate *rate, const char *name, unsigned long number, const char *path, const char *text)
{
    rate->wrong++;
    fprintf(stderr, "meterworks rate: %s line %lu: %s %s\n", name, number, path, text);
}

static bool line_is_blank(const struct rate *rate)
{
    for (size_t at = 0; at < rate->size; at++) {
        if (strchr(" \t\r", rate->line[at]) == NULL || rate->line[at] == '\0')
            return false;
    }
    return true;
}

static void line_rate(struct rate *rate, const char *name, unsigned long number)
{
    struct writer out = writer_of_buffer(rate->answer, sizeof rate->answer);
    struct tariff_problem problem = { .path = "" };

    if (line_is_blank(rate))
        return;
    if (rating_case_run(span_of_bytes(rate->line, rate->size), more_kinds, &out, &problem) < 0)
        line_refuse(rate, name, number, problem.path, problem.text_en);
    printf("%s\n", writer_terminate(&out));
}

/* One line without its end, whatever bytes it holds; what does not fit is read past. returns false at the end */
static bool line_read(struct rate *rate, FILE *file)
{
    int byte = getc(file);

    if (byte == EOF)
        return false;
    for (rate->size = 0; byte != '\n' && byte != EOF; byte = getc(file)) {
        if (rate->size < sizeof rate->line)
            rate->line[rate->size++] = (char)byte;
    }
    return true;
}

static void file_rate(struct rate *rate, FILE *file, const char *name)
{
    for (unsigned long number = 1; line_read(rate, file); number++)
        line_rate(rate, name, number);
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
