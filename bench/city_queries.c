#include "bench/city_queries.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_clock.h"
#include "bench/city_progress.h"

#define TIMES 100
#define TIMES_FEW 10         /* of a city so small that nothing is learnt of it */
#define METERS_FEW 1000
#define TIMEOUT_S 60L
#define QUESTION_S 10.0       /* a slow question is asked less often, but so often at least */
#define TIMES_LEAST 3
#define STRIDE 2654435761u /* meters far apart */
#define URL_SIZE 256

/* What of a meter stands between `path` and `rest`. */
enum subject { SUBJECT_NONE, SUBJECT_ID, SUBJECT_NUMBER, SUBJECT_NUMBER_END, SUBJECT_PHONE, SUBJECT_NAME, SUBJECT_INITIALS };

static const struct question {
    const char *measure;
    const char *aim;
    const char *path;
    enum subject subject;
    const char *rest;
} questions[] = {
    { "query: a meter by its number", "p99 100 ms", "/search?query=", SUBJECT_NUMBER, "" },
    { "query: meters by their last four digits", "p99 300 ms", "/search?query=", SUBJECT_NUMBER_END, "" },
    { "query: a customer by phone", "p99 100 ms", "/search?query=", SUBJECT_PHONE, "" },
    { "query: customers by name", "p99 100 ms", "/search?query=", SUBJECT_NAME, "" },
    { "query: customers by initials", "p99 300 ms", "/search?query=", SUBJECT_INITIALS, "" },
    { "query: one meter", "p99 100 ms", "/devices/", SUBJECT_ID, "" },
    { "query: its midnights", "p99 100 ms", "/devices/", SUBJECT_ID, "/readings?days=60" },
    { "query: its use by day", "p99 100 ms", "/devices/", SUBJECT_ID, "/usage?step=day" },
    { "query: its account", "p99 100 ms", "/accounts/", SUBJECT_ID, "" },
    { "query: a page of meters", "p99 100 ms", "/devices?limit=50&cursor=", SUBJECT_ID, "" },
    { "query: alarms", "p99 100 ms", "/events?limit=50", SUBJECT_NONE, "" },
    { "query: today's overview", "p99 100 ms", "/overview", SUBJECT_NONE, "" },
    { "query: completeness of the whole city", "p99 100 ms", "/completeness?days=30", SUBJECT_NONE, "" },
};

/* As people type it. */
static void subject_write(enum subject subject, uint32_t number, char out[TOWN_NAME_LIMIT])
{
    struct town_name name;
    char text[16];

    out[0] = '\0';
    city_customer_name(number - 1, &name);
    switch (subject) {
    case SUBJECT_NONE:
        break;
    case SUBJECT_ID:
        (void)snprintf(out, TOWN_NAME_LIMIT, "%u", number);
        break;
    case SUBJECT_NUMBER:
    case SUBJECT_NUMBER_END:
        city_meter_number(number - 1, text);
        (void)snprintf(out, TOWN_NAME_LIMIT, "%s", subject == SUBJECT_NUMBER ? text : text + strlen(text) - 4);
        break;
    case SUBJECT_PHONE:
        city_customer_phone(number - 1, text);
        (void)snprintf(out, TOWN_NAME_LIMIT, "%s", text);
        break;
    case SUBJECT_NAME:
    case SUBJECT_INITIALS:
        (void)snprintf(out, TOWN_NAME_LIMIT, "%s", subject == SUBJECT_NAME ? name.text : name.initials);
        break;
    }
}

static void path_write(CURL *curl, const struct question *question, uint32_t number, char path[URL_SIZE])
{
    char text[TOWN_NAME_LIMIT];

    subject_write(question->subject, number, text);
    char *escaped = curl_easy_escape(curl, text, 0);
    (void)snprintf(path, URL_SIZE, "%s%s%s", question->path, escaped != NULL ? escaped : "", question->rest);
    curl_free(escaped);
}

static size_t answer_pass(char *bytes, size_t one, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return one * count;
}

/* returns  the status; 0 no answer. *seconds: until its last byte */
static long path_get(CURL *curl, uint16_t port, const char *path, double *seconds)
{
    char url[URL_SIZE];
    long status = 0;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/api/v1%s", port, path);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);
    if (curl_easy_perform(curl) == CURLE_OK)
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *seconds = bench_clock_seconds(CLOCK_MONOTONIC) - begin_s;
    return status;
}

static bool sign_in(CURL *curl, const struct city_plan *plan, uint16_t port)
{
    char body[128];
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    double seconds;

    (void)snprintf(body, sizeof body, "{\"login\":\"admin\",\"password\":\"%s\"}", plan->password);
    (void)curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, answer_pass);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    long status = path_get(curl, port, "/session", &seconds);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_slist_free_all(headers);
    return status == 201;
}

static int seconds_compare(const void *a, const void *b)
{
    const double *first = a, *second = b;
    return (*first > *second) - (*first < *second);
}

/* returns  false: somebody asked to end */
static bool question_ask(CURL *curl, const struct city_plan *plan, const struct city_server *server,
                         const struct question *question, struct city_table *table)
{
    double seconds[TIMES];
    char path[URL_SIZE];
    double processor_s = city_server_processor_s(server);
    double begin_s = bench_clock_seconds(CLOCK_MONOTONIC);
    uint32_t limit = plan->meters <= METERS_FEW ? TIMES_FEW : TIMES;
    uint32_t times = 0;

    while (times < limit &&
           (times < TIMES_LEAST || bench_clock_seconds(CLOCK_MONOTONIC) - begin_s < QUESTION_S)) {
        path_write(curl, question, 1 + times * STRIDE % plan->meters, path);
        long status = path_get(curl, server->http_port, path, &seconds[times]);
        if (status != 200) {
            city_table_add(table, question->measure, question->aim, "", "answered %ld", status);
            return !city_is_stopped();
        }
        times++;
        if (!city_progress(question->measure, times, limit))
            return false;
    }
    processor_s = city_server_processor_s(server) - processor_s;
    qsort(seconds, times, sizeof seconds[0], seconds_compare);
    city_table_add(table, question->measure, question->aim, "", "median %.1f ms, p99 %.1f ms; processor %.1f ms; %u times",
                   seconds[times / 2] * 1000, seconds[times * 99 / 100] * 1000, processor_s * 1000 / times, times);
    return true;
}

int city_queries_ask(const struct city_plan *plan, const struct city_server *server, struct city_table *table, char problem[256])
{
    CURL *curl = curl_easy_init();
    bool goes_on = curl != NULL && sign_in(curl, plan, server->http_port);

    problem[0] = '\0';
    if (!goes_on)
        (void)snprintf(problem, 256, "signing in failed");
    for (size_t i = 0; goes_on && i < sizeof questions / sizeof questions[0]; i++)
        goes_on = question_ask(curl, plan, server, &questions[i], table);
    curl_easy_cleanup(curl);
    city_progress_end();
    return goes_on ? 0 : -1;
}
