#include "tests/store/postgres_fixture.h"

#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store.h"

#define COPIES_KEPT 8 /* databases of the last cases */

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

/* The address with another database in it: postgresql:///meterworks?... */
static void other_database(const char *name, char *path, size_t capacity)
{
    snprintf(path, capacity, "postgresql:///%s%s", name, strchr(place(), '?'));
}

/* Build it once. */
static void template_make(char name[40])
{
    struct store *store = NULL;
    char path[400], text[100];

    snprintf(name, 40, "template_%ld", (long)getpid());
    snprintf(text, sizeof text, "CREATE DATABASE %s", name);
    postgres_fixture_execute(text);
    other_database(name, path, sizeof path);
    int error = store_open(&(struct store_config){ .path = path }, &store);
    store_close(store);
    if (error == 0)
        return;
    fprintf(stderr, "postgres_fixture: %s\n", store_error_text(error));
    abort();
}

/* A copy costs a tenth of building, and the disk 20 MB: those of earlier cases go. */
void postgres_fixture_copy_path(char *path, size_t capacity)
{
    static char name[40];
    static int count;
    char text[120];

    if (getenv("METERWORKS_TEST_POSTGRES") == NULL || getenv("METERWORKS_TEST_SHARDS") != NULL) { /* a copy is in no cluster */
        postgres_fixture_path(path, capacity);
        return;
    }
    log_sink_set(line_print, NULL);
    if (name[0] == '\0')
        template_make(name);
    if (++count > COPIES_KEPT) {
        snprintf(text, sizeof text, "DROP DATABASE copy_%ld_%d WITH (FORCE)", (long)getpid(), count - COPIES_KEPT);
        postgres_fixture_execute(text);
    }
    snprintf(text, sizeof text, "copy_%ld_%d", (long)getpid(), count);
    other_database(text, path, capacity);
    snprintf(text, sizeof text, "CREATE DATABASE copy_%ld_%d TEMPLATE %s STRATEGY file_copy", (long)getpid(), count, name);
    postgres_fixture_execute(text);
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
