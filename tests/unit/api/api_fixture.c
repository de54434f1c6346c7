#include "tests/unit/api/api_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "api/core_people.h"
#include "base/text.h"
#include "security/password.h"
#include "store/sql/search_index.h"
#include "tests/unit/unit_test.h"

static const char town[] =
    "INSERT INTO tenant VALUES (1, '云榕水务', 28800, 0), (2, '鹭湾物业', 28800, 0);"
    "INSERT INTO area VALUES (1, 1, NULL, 'company', '云榕水务', '/1/'), (2, 1, 1, 'estate', '榕荫花园', '/1/2/'),"
    " (3, 1, 2, 'building', '3栋', '/1/2/3/'), (4, 1, 1, 'estate', '珠荫里', '/1/4/'), (5, 1, 4, 'building', '1栋', '/1/4/5/'),"
    " (9, 2, NULL, 'company', '鹭湾物业', '/9/');"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
    "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
    " SELECT i, 1, iif(i <= 50, 3, 5), printf('%d', 100 + i), 861234567890000 + i, printf('%012d', 31200004400 + i), 0 FROM n;"
    "UPDATE device SET room = '1204' WHERE device_id = 7;"
    "INSERT INTO device_state (device_id, last_received_s, total_value, register_value, newest_day, complete_days, on_time_days, status)"
    " SELECT device_id, 1795200000, device_id * 1000, device_id * 1000, 20777, 255, 127, iif(device_id = 7, 1, 0) FROM device;"
    "INSERT INTO daily_reading SELECT 20777 - k, device_id, 50000 - k * 1000, 50000 - k * 1000, 0, 0, 1000 FROM device,"
    " (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2);"
    "INSERT INTO customer (customer_id, tenant_id, number, name, name_initials, phones, created_s) VALUES"
    " (1, 1, '100482', '陈佳怡', 'cjy', '13800000417', 0), (2, 1, '100483', '林志远', 'lzy', '13800000418,13800000999', 0);"
    "INSERT INTO tariff VALUES (1, 1, '居民生活用水', 'water');"
    "INSERT INTO tariff_version (tariff_version_id, tariff_id, effective_day, document, created_by, created_s) VALUES (1, 1, 20000, '{\"items\":[]}', NULL, 0);"
    "INSERT INTO ledger_account (ledger_account_id, tenant_id, kind, name, debits_fen, credits_fen, minimum_fen)"
    " VALUES (1, 1, 'cash', '', 5000, 0, NULL), (2, 1, 'wallet', '', 0, 5000, NULL);"
    "INSERT INTO account (account_id, tenant_id, customer_id, device_id, area_id, tariff_id, payment_mode, wallet_id, opened_s,"
    " stage) VALUES (1, 1, 1, 7, 3, 1, 'prepaid_platform', 2, 0, 'cut');"
    "INSERT INTO event (event_id, tenant_id, device_id, kind, severity, raised_s, received_s) VALUES"
    " (1, 1, 8, 'magnet', 1, 1795100000, 1795100001), (2, 1, 55, 'battery', 2, 1795100000, 1795100001);";

static int64_t now_read(void *context)
{
    (void)context;
    return FIXTURE_NOW_S;
}

static int64_t wall_read(void *context)
{
    const struct api_fixture *fixture = context;
    return fixture->wall_s;
}

static uint32_t speed_read(void *context)
{
    const struct api_fixture *fixture = context;
    return fixture->speed;
}

static int demo_describe(void *context, char *text, size_t capacity)
{
    (void)context;
    return snprintf(text, capacity, "{\"seed\":7}");
}

static int demo_speed_set(void *context, uint32_t speed)
{
    struct api_fixture *fixture = context;
    if (speed != 0 && speed != 1 && speed != 60 && speed != 4320)
        return -1;
    fixture->speed = speed;
    return 0;
}

/* What the rooms would do is their own tests' business: here the call is kept, and answered in the rooms' manner. */
static int rooms_call(struct api_fixture *fixture, enum core_operation operation, const void *request,
    struct core_reply *reply)
{
    static const struct { enum core_operation operation; size_t size; } kept[] = {
        { CORE_PAYMENT_TAKE, sizeof(struct core_payment) }, { CORE_DEVICE_CREATE, sizeof(struct core_device) },
        { CORE_DEVICE_CHANGE, sizeof(struct core_device) }, { CORE_COMMAND_REQUEST, sizeof(struct core_command) },
        { CORE_CUSTOMER_CHANGE, sizeof(struct core_customer) },
        { CORE_TARIFF_VERSION_ADD, sizeof(struct core_tariff_version) },
    };

    fixture->last_operation = operation;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (kept[i].operation == operation)
            memcpy(&fixture->last, request, kept[i].size);
    if (fixture->refuse != 0)
        return core_reply_refuse(reply, core_error_info(fixture->refuse));
    reply->object_id = 7;
    reply->before_fen = -1240;
    reply->balance_fen = 8760;
    reply->will_restore = true;
    memcpy(reply->receipt, "R-1", 4);
    memcpy(reply->note_en, "asleep", 7);
    return 0;
}

static int core_call(void *context, enum core_operation operation, const void *request, struct core_reply *reply)
{
    struct api_fixture *fixture = context;
    int result;

    pthread_mutex_lock(&fixture->lock);
    if (core_people_knows(operation))
        result = core_people_execute(&fixture->people_store, FIXTURE_NOW_S, operation, request, reply);
    else
        result = rooms_call(fixture, operation, request, reply);
    pthread_mutex_unlock(&fixture->lock);
    return result;
}

void api_fixture_sql(struct api_fixture *fixture, const char *sql)
{
    pthread_mutex_lock(&fixture->lock);
    assert_int_equal(store_execute(fixture->writer, sql), 0);
    pthread_mutex_unlock(&fixture->lock);
}

static void people_add(struct api_fixture *fixture)
{
    static const struct password_cost cheap = { .n = 16, .r = 1, .p = 1 };
    struct secret_source source = secret_source_system();
    char hash[PASSWORD_HASH_LIMIT];
    char sql[1024];

    assert_int_equal(password_hash(span_of_text(FIXTURE_PASSWORD), &cheap, &source, hash), 0);
    snprintf(sql, sizeof sql,
        "INSERT INTO person (person_id, tenant_id, area_id, login, display_name, role, password_hash, created_s) VALUES"
        " (1, 1, 1, 'admin', '李建国', 'administrator', '%s', 0), (2, 1, 1, 'clerk', '王静', 'clerk', '%s', 0),"
        " (3, 1, 4, 'viewer', '张伟', 'viewer', '%s', 0), (4, 1, 1, 'operator', '值班员', 'operator', '%s', 0)",
        hash, hash, hash, hash);
    api_fixture_sql(fixture, sql);
}

static int view_read(void *context, const struct view_query *query,
    int (*take)(void *context, const struct view_row *row), void *take_context)
{
    struct api_fixture *fixture = context;

    if (fixture->endless == VIEW_NONE || query->view != fixture->endless) {
        int result = fixture->view_store.read(fixture->view_store.context, query, take, take_context);
        if (fixture->before != VIEW_NONE && query->view == fixture->before)
            api_fixture_sql(fixture, fixture->meanwhile_sql);
        return result;
    }
    sem_post(&fixture->endless_began);
    while (!query->abandoned(query->abandoned_context))
        sched_yield();
    sem_post(&fixture->endless_ended);
    return VIEW_ERR_ABANDONED;
}

static struct view_moment *moment_begin(void *context)
{
    const struct view_store *store = &((struct api_fixture *)context)->view_store;
    return store->moment_begin(store->context);
}

static void moment_end(void *context, struct view_moment *moment)
{
    const struct view_store *store = &((struct api_fixture *)context)->view_store;
    store->moment_end(store->context, moment);
}

static void server_open(struct api_fixture *fixture)
{
    static const uint8_t page[] = "<p>page";
    static const uint8_t phone[] = "<p>phone";
    static const uint8_t script[] = "script";
    static const struct packed_file files[] = {
        { "/assets/index-12345678.js", "text/javascript", script, sizeof script - 1, "\"s\"", false, true },
        { "/index.html", "text/html; charset=utf-8", page, sizeof page - 1, "\"p\"", false, false },
        { "/resident.html", "text/html; charset=utf-8", phone, sizeof phone - 1, "\"r\"", false, false },
    };
    struct api_config config = {
        .address = "127.0.0.1",
        .core = { fixture, core_call },
        .live = fixture->hub,
        .clock = { fixture, now_read, wall_read, speed_read },
        .demo = { fixture, demo_describe, demo_speed_set },
        .files = files,
        .file_count = 3,
        .version = "test",
    };
    assert_int_equal(view_sql_open(fixture->path, 3, &fixture->views, &fixture->view_store), 0);
    config.views = (struct view_store){ .context = fixture, .read = view_read, .moment_begin = moment_begin,
                                         .moment_end = moment_end };
    assert_int_equal(api_server_open(&config, &fixture->server), 0);
}

/* As the core does before each commit. */
static void search_fill(struct api_fixture *fixture)
{
    struct search_index *search = NULL;

    assert_int_equal(search_index_open(fixture->writer, &search), 0);
    assert_int_equal(search_index_update(search), 0);
    search_index_close(search);
}

int api_fixture_open(void **state)
{
    struct api_fixture *fixture = calloc(1, sizeof *fixture);
    struct store_config config = { .path = fixture->path, .synchronous = "OFF" };

    assert_non_null(fixture);
    pthread_mutex_init(&fixture->lock, NULL);
    sem_init(&fixture->endless_began, 0, 0);
    sem_init(&fixture->endless_ended, 0, 0);
    fixture->wall_s = 1000000;
    fixture->speed = 60;
    memcpy(fixture->path, "/tmp/api_fixture.XXXXXX", 24);
    int file = mkstemp(fixture->path);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(store_open(&config, &fixture->writer), 0);
    assert_int_equal(people_sql_open(&fixture->people, fixture->writer, &fixture->people_store), 0);
    assert_int_equal(live_hub_open(16, &fixture->hub), 0);
    api_fixture_sql(fixture, town);
    search_fill(fixture);
    people_add(fixture);
    server_open(fixture);
    *state = fixture;
    return 0;
}

int api_fixture_close(void **state)
{
    struct api_fixture *fixture = *state;
    static const char *const endings[] = { "", "-wal", "-shm" };
    char name[80];

    api_server_close(fixture->server);
    view_sql_close(fixture->views);
    live_hub_close(fixture->hub);
    people_sql_close(&fixture->people);
    store_close(fixture->writer);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", fixture->path, endings[i]);
        (void)unlink(name);
    }
    sem_destroy(&fixture->endless_began);
    sem_destroy(&fixture->endless_ended);
    pthread_mutex_destroy(&fixture->lock);
    free(fixture);
    return 0;
}

static int connection_open(struct api_fixture *fixture)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(api_server_port(fixture->server)) };
    struct timeval patience = { .tv_sec = 20 };
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(made >= 0);
    assert_int_equal(setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(connect(made, (const struct sockaddr *)&address, sizeof address), 0);
    return made;
}

static void answer_parse(struct answer *answer, size_t size)
{
    answer->text[size] = '\0';
    answer->body = "";
    if (size > 12)
        answer->status = (int)strtol(answer->text + 9, NULL, 10);
    char *end = strstr(answer->text, "\r\n\r\n");
    if (end != NULL) {
        answer->body = end + 4;
        answer->size = size - (size_t)(end + 4 - answer->text);
    }
}

int api_bytes_begin(struct api_fixture *fixture, const char *bytes, size_t size)
{
    int connection = connection_open(fixture);

    assert_int_equal(send(connection, bytes, size, MSG_NOSIGNAL), size);
    return connection;
}

struct answer api_bytes_send(struct api_fixture *fixture, const char *bytes, size_t size, size_t limit)
{
    struct answer answer = { .text = malloc(limit + 1) };
    int connection = connection_open(fixture);
    size_t sent = 0;
    size_t read = 0;

    assert_non_null(answer.text);
    while (sent < size) {
        ssize_t part = send(connection, bytes + sent, size - sent, MSG_NOSIGNAL);
        if (part <= 0)
            break; /* the server may have heard enough */
        sent += (size_t)part;
    }
    while (read < limit) {
        ssize_t part = recv(connection, answer.text + read, limit - read, 0);
        if (part <= 0)
            break;
        read += (size_t)part;
    }
    close(connection);
    answer_parse(&answer, read);
    return answer;
}

struct answer api_request(struct api_fixture *fixture, const char *method, const char *target, const char *extra,
    const char *body)
{
    size_t capacity = 4096 + (body != NULL ? strlen(body) : 0) + strlen(target);
    char *text = malloc(capacity);
    int size;

    assert_non_null(text);
    if (body != NULL)
        size = snprintf(text, capacity,
            "%s %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            method, target, extra != NULL ? extra : "", strlen(body), body);
    else
        size = snprintf(text, capacity, "%s %s HTTP/1.1\r\nHost: t\r\nConnection: close\r\n%s\r\n", method, target,
            extra != NULL ? extra : "");
    struct answer answer = api_bytes_send(fixture, text, (size_t)size, 4u * 1024 * 1024);
    free(text);
    return answer;
}

void answer_free(struct answer *answer)
{
    free(answer->text);
    answer->text = NULL;
}

const char *api_sign_in(struct api_fixture *fixture, const char *login)
{
    static char headers[512];
    char body[128];

    snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"" FIXTURE_PASSWORD "\"}", login);
    struct answer answer = api_request(fixture, "POST", "/api/v1/session", NULL, body);
    assert_int_equal(answer.status, 201);
    const char *cookie = strstr(answer.text, "meterworks_session=");
    const char *csrf = strstr(answer.body, "\"csrf_token\":\"");
    assert_non_null(cookie);
    assert_non_null(csrf);
    snprintf(headers, sizeof headers, "Cookie: a=b; %.*s\r\nX-CSRF-Token: %.64s\r\nAccept-Language: en\r\n",
        (int)strcspn(cookie, ";"), cookie, csrf + 14);
    answer_free(&answer);
    return headers;
}
