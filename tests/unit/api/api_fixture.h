/* A server over a small town in a file, with a core that knows people and payments: for tests that speak HTTP. */
#ifndef TESTS_UNIT_API_API_FIXTURE_H
#define TESTS_UNIT_API_API_FIXTURE_H

#include <pthread.h>
#include <semaphore.h>

#include "api/api_server.h"
#include "store/sql/people_sql.h"
#include "store/sql/view_sql.h"

#define FIXTURE_NOW_S INT64_C(1795219200) /* 2026-11-21 08:00 in China */
#define FIXTURE_PASSWORD "correct horse"

struct api_fixture {
    char path[64];
    pthread_mutex_t lock;         /* the core is one */
    struct store *writer;
    struct people_sql people;
    struct people_store people_store;
    struct view_sql *views;
    struct view_store view_store;
    enum view endless;            /* the view that gives no row until it is abandoned; VIEW_NONE: none */
    enum view before;             /* once this view was read, meanwhile_sql is stored; VIEW_NONE: none */
    const char *meanwhile_sql;
    sem_t endless_began;
    sem_t endless_ended;
    struct live_hub *hub;
    struct api_server *server;
    int64_t wall_s;
    uint32_t speed;
    enum core_operation last_operation;
    union {
        struct core_request head;
        struct core_payment payment;
        struct core_device device;
        struct core_command command;
        struct core_customer customer;
        struct core_tariff_version version;
    } last;                       /* request of the last call that was not about people */
    int refuse;                   /* answer the next such call with this CORE_ERR_* */
};

struct answer {
    int status;
    char *text;                   /* head and body, zero-terminated; from malloc */
    const char *body;
    size_t size;                  /* of the body */
};

int api_fixture_open(void **state);
int api_fixture_close(void **state);

/* One request on a connection of its own. `extra` are header lines, each with its line end; NULL: none. */
struct answer api_request(struct api_fixture *fixture, const char *method, const char *target, const char *extra,
    const char *body);
void answer_free(struct answer *answer);

/* Sign in; gives the header lines of cookie and CSRF token. Static memory, good until the next call. */
const char *api_sign_in(struct api_fixture *fixture, const char *login);

/* Send exact bytes and read what comes until the server closes or `limit` bytes are there. */
struct answer api_bytes_send(struct api_fixture *fixture, const char *bytes, size_t size, size_t limit);

/* A connection with these bytes sent, for the caller to close. */
int api_bytes_begin(struct api_fixture *fixture, const char *bytes, size_t size);

/* Run SQL on the writer, as the core would. */
void api_fixture_sql(struct api_fixture *fixture, const char *sql);

#endif
