#include "tests/store/postgres_fixture.h"

#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

extern char **environ;

static const char *place(void)
{
    return getenv("METERWORKS_TEST_STORE");
}

bool postgres_fixture_there(void)
{
    return place() != NULL;
}

void postgres_fixture_execute(const char *text)
{
    PGconn *connection = PQconnectdb(place());
    PGresult *result = PQexec(connection, text);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        fprintf(stderr, "postgres_fixture: %s: %s\n", text, PQerrorMessage(connection));
        abort();
    }
    PQclear(result);
    PQfinish(connection);
}

static void line_print(void *context, enum log_category category, enum log_level level, const char *identity,
                       const char *words)
{
    (void)context;
    (void)category;
    (void)level;
    (void)identity;
    fprintf(stderr, "%s\n", words);
}

void postgres_fixture_path(char *path, size_t capacity)
{
    static int count;
    const char *prefix = getenv("METERWORKS_TEST_SCHEMAS");
    char name[60], text[100];

    log_sink_set(line_print, NULL); /* why a statement is refused */
    count++;
    snprintf(name, sizeof name, "%.30s_%ld_%d", prefix != NULL ? prefix : "test", (long)getpid(), count);
    snprintf(text, sizeof text, "CREATE SCHEMA %s", name);
    postgres_fixture_execute(text);
    snprintf(path, capacity, "%s&options=-csearch_path%%3D%s", place(), name);
}

long postgres_fixture_server_begin(const char *word)
{
    char *program = getenv("METERWORKS_TEST_POSTGRES");
    char *arguments[] = { program, (char *)(size_t)word, NULL };
    pid_t process;

    if (program == NULL || posix_spawn(&process, program, NULL, NULL, arguments, environ) != 0) {
        fprintf(stderr, "postgres_fixture: the server cannot be told to %s\n", word);
        abort();
    }
    return process;
}

void postgres_fixture_server_await(long *process)
{
    int status = -1;

    if (*process == 0)
        return;
    if (waitpid((pid_t)*process, &status, 0) != *process || status != 0) {
        fprintf(stderr, "postgres_fixture: the server did not do what it was told\n");
        abort();
    }
    *process = 0;
}

void postgres_fixture_server(const char *word)
{
    long process = postgres_fixture_server_begin(word);

    postgres_fixture_server_await(&process);
}
