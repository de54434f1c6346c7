#include "tests/unit/api/api_fixture.h"

#include <jansson.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "security/people.h"
#include "tests/unit/unit_test.h"

static json_t *body_of(const struct answer *answer)
{
    json_t *json = json_loadb(answer->body, answer->size, 0, NULL);
    if (json == NULL)
        print_message("not JSON: %s\n", answer->text);
    assert_non_null(json);
    return json;
}

/* GET as `login` and expect 200; the caller releases the JSON. */
static json_t *get(struct api_fixture *fixture, const char *login, const char *target)
{
    struct answer answer = api_request(fixture, "GET", target, api_sign_in(fixture, login), NULL);
    if (answer.status != 200)
        print_message("%s: %s\n", target, answer.text);
    assert_int_equal(answer.status, 200);
    json_t *json = body_of(&answer);
    answer_free(&answer);
    return json;
}

/* Any request; expects the status and, for errors, code and field. */
static void expect(struct api_fixture *fixture, const char *method, const char *target, const char *headers,
    const char *body, int status, const char *code, const char *field)
{
    struct answer answer = api_request(fixture, method, target, headers, body);
    if (answer.status != status)
        print_message("%s %s: %s\n", method, target, answer.text);
    assert_int_equal(answer.status, status);
    if (code != NULL) {
        json_t *json = body_of(&answer);
        json_t *error = json_object_get(json, "error");
        assert_string_equal(json_string_value(json_object_get(error, "code")), code);
        assert_true(json_string_length(json_object_get(error, "message")) > 0);
        assert_true(json_string_length(json_object_get(error, "reference")) > 0);
        if (field != NULL)
            assert_string_equal(json_string_value(json_object_get(error, "field")), field);
        json_decref(json);
    }
    answer_free(&answer);
}

static int64_t integer_at(const json_t *json, const char *key)
{
    return json_integer_value(json_object_get(json, key));
}

static const char *text_at(const json_t *json, const char *key)
{
    const char *text = json_string_value(json_object_get(json, key));
    return text != NULL ? text : "(none)";
}

static const json_t *item_at(const json_t *json, size_t index)
{
    return json_array_get(json_object_get(json, "items"), index);
}

static void test_signing_in_and_out(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    expect(fixture, "GET", "/api/v1/session", NULL, NULL, 401, "signed_out", NULL);
    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "clerk"));
    struct answer answer = api_request(fixture, "GET", "/api/v1/session", headers, NULL);
    assert_int_equal(answer.status, 200);
    json_t *json = body_of(&answer);
    const json_t *person = json_object_get(json, "person");
    assert_string_equal(text_at(person, "role"), "clerk");
    assert_string_equal(text_at(person, "tenant_name"), "云榕水务");
    assert_non_null(strstr(answer.body, "payments.write"));
    assert_null(strstr(answer.body, "people.write"));
    json_decref(json);
    answer_free(&answer);
    expect(fixture, "DELETE", "/api/v1/session", "Accept-Language: en\r\n", NULL, 401, "signed_out", NULL);
    expect(fixture, "DELETE", "/api/v1/session", headers, NULL, 204, NULL, NULL);
    expect(fixture, "GET", "/api/v1/session", headers, NULL, 401, "signed_out", NULL);
}

static void test_the_cookie_is_out_of_scripts_reach(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "POST", "/api/v1/session", NULL,
        "{\"login\":\"clerk\",\"password\":\"" FIXTURE_PASSWORD "\"}");
    assert_non_null(strstr(answer.text, "HttpOnly; SameSite=Strict"));
    assert_non_null(strstr(answer.text, "Cache-Control: no-store"));
    assert_non_null(strstr(answer.text, "X-Content-Type-Options: nosniff"));
    assert_non_null(strstr(answer.text, "default-src 'self'"));
    assert_null(strstr(answer.body, "\"token\""));
    answer_free(&answer);
}

static void test_wrong_passwords_lock_the_login(void **state)
{
    struct api_fixture *fixture = *state;

    for (int i = 0; i < SIGN_IN_FREE_FAILURES; i++)
        expect(fixture, "POST", "/api/v1/session", NULL, "{\"login\":\"clerk\",\"password\":\"wrong\"}", 401,
            "wrong_password", NULL);
    expect(fixture, "POST", "/api/v1/session", NULL, "{\"login\":\"clerk\",\"password\":\"" FIXTURE_PASSWORD "\"}", 429,
        "locked", "login");
    expect(fixture, "POST", "/api/v1/session", NULL, "{\"login\":\"nobody\",\"password\":\"wrong\"}", 401,
        "wrong_password", NULL);
    fixture->wall_s += SIGN_IN_LOCK_FIRST_S + 1;
    (void)api_sign_in(fixture, "clerk");
}

static void test_sessions_end_by_themselves(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "clerk"));
    fixture->wall_s += SESSION_IDLE_S - 1;
    expect(fixture, "GET", "/api/v1/session", headers, NULL, 200, NULL, NULL);
    fixture->wall_s += SESSION_IDLE_S - 1; /* the last request kept it awake */
    expect(fixture, "GET", "/api/v1/session", headers, NULL, 200, NULL, NULL);
    fixture->wall_s += SESSION_IDLE_S + 1;
    expect(fixture, "GET", "/api/v1/session", headers, NULL, 401, "signed_out", NULL);
}

static void test_bearer_tokens_need_no_csrf_token(void **state)
{
    struct api_fixture *fixture = *state;
    char header[160];
    struct answer answer = api_request(fixture, "POST", "/api/v1/session", NULL,
        "{\"login\":\"operator\",\"password\":\"" FIXTURE_PASSWORD "\",\"bearer\":true}");
    assert_int_equal(answer.status, 201);
    assert_null(strstr(answer.text, "Set-Cookie"));
    json_t *json = body_of(&answer);
    snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", text_at(json, "token"));
    json_decref(json);
    answer_free(&answer);
    expect(fixture, "POST", "/api/v1/events/1/acknowledge", header, "{}", 200, NULL, NULL);
    expect(fixture, "GET", "/api/v1/session", "Authorization: Bearer 00\r\n", NULL, 401, "signed_out", NULL);
}

static void test_a_change_needs_the_csrf_token(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "operator"));
    char *csrf = strstr(headers, "X-CSRF-Token: ");
    csrf[14] = csrf[14] == '0' ? '1' : '0';
    expect(fixture, "POST", "/api/v1/events/1/acknowledge", headers, "{}", 403, "csrf_token", NULL);
    *csrf = '\0';
    expect(fixture, "POST", "/api/v1/events/1/acknowledge", headers, "{}", 403, "csrf_token", NULL);
}

static void test_roles_bound_what_may_be_done(void **state)
{
    struct api_fixture *fixture = *state;
    static const char payment[] = "{\"account_id\":1,\"amount_fen\":10000,\"method\":\"cash\",\"key\":\"key-0001\"}";

    expect(fixture, "POST", "/api/v1/payments", api_sign_in(fixture, "viewer"), payment, 403, "no_permission", NULL);
    expect(fixture, "POST", "/api/v1/payments", api_sign_in(fixture, "operator"), payment, 403, "no_permission", NULL);
    expect(fixture, "GET", "/api/v1/people", api_sign_in(fixture, "clerk"), NULL, 403, "no_permission", NULL);
    expect(fixture, "GET", "/api/v1/people", api_sign_in(fixture, "admin"), NULL, 200, NULL, NULL);
}

static void test_jurisdiction_hides_what_lies_outside(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *json = get(fixture, "viewer", "/api/v1/devices");

    assert_int_equal(integer_at(json, "count"), 10);
    assert_int_equal(integer_at(item_at(json, 0), "device_id"), 51);
    json_decref(json);
    expect(fixture, "GET", "/api/v1/devices/7", api_sign_in(fixture, "viewer"), NULL, 404, "not_found", NULL);
    expect(fixture, "GET", "/api/v1/devices/7/usage", api_sign_in(fixture, "viewer"), NULL, 404, "not_found", NULL);
    expect(fixture, "GET", "/api/v1/devices?area_id=3", api_sign_in(fixture, "viewer"), NULL, 404, "area_unknown", "area_id");
    expect(fixture, "GET", "/api/v1/devices?area_id=9", api_sign_in(fixture, "admin"), NULL, 404, "area_unknown", "area_id");
    json = get(fixture, "viewer", "/api/v1/events");
    assert_int_equal(integer_at(json, "count"), 1);
    json_decref(json);
    json = get(fixture, "viewer", "/api/v1/search?query=1204");
    assert_int_equal(json_array_size(json_object_get(json, "groups")), 0);
    json_decref(json);
}

/* The places of a list as text: "榕荫花园+ 3栋", + where places stand in it. */
static void areas_expect(struct api_fixture *fixture, const char *login, const char *target, const char *expected)
{
    json_t *json = get(fixture, login, target);
    char names[256] = "";
    size_t size = 0;

    for (size_t i = 0; i < json_array_size(json_object_get(json, "items")); i++)
        size += (size_t)snprintf(names + size, sizeof names - size, "%s%s%s", i > 0 ? " " : "", text_at(item_at(json, i), "name"),
            json_is_true(json_object_get(item_at(json, i), "has_areas")) ? "+" : "");
    assert_string_equal(names, expected);
    json_decref(json);
}

static void test_areas_are_read_level_by_level(void **state)
{
    struct api_fixture *fixture = *state;
    char target[64];

    areas_expect(fixture, "admin", "/api/v1/areas", "云榕水务+ 榕荫花园+ 3栋 珠荫里+ 1栋");
    areas_expect(fixture, "admin", "/api/v1/areas?parent=1", "榕荫花园+ 珠荫里+");
    areas_expect(fixture, "admin", "/api/v1/areas?parent=3", "");
    areas_expect(fixture, "admin", "/api/v1/areas?above=5", "云榕水务+ 珠荫里+ 1栋");
    areas_expect(fixture, "admin", "/api/v1/areas?query=%E8%8D%AB", "榕荫花园+ 3栋 珠荫里+ 1栋"); /* 荫 */
    areas_expect(fixture, "admin", "/api/v1/areas?query=%E9%87%8C%201", "1栋");                  /* 里 1 */
    areas_expect(fixture, "admin", "/api/v1/areas?query=%25", "");
    areas_expect(fixture, "admin", "/api/v1/areas?area_id=2", "榕荫花园+ 3栋");
    areas_expect(fixture, "viewer", "/api/v1/areas", "珠荫里+ 1栋");
    areas_expect(fixture, "viewer", "/api/v1/areas?parent=1", "珠荫里+");
    areas_expect(fixture, "viewer", "/api/v1/areas?above=5", "珠荫里+ 1栋");
    areas_expect(fixture, "viewer", "/api/v1/areas?above=3", "");
    json_t *page = get(fixture, "admin", "/api/v1/areas?limit=2");
    assert_int_equal(integer_at(page, "count"), 5);
    snprintf(target, sizeof target, "/api/v1/areas?limit=2&cursor=%s", text_at(page, "next"));
    json_decref(page);
    areas_expect(fixture, "admin", target, "3栋 珠荫里+");
    areas_expect(fixture, "admin", "/api/v1/areas?parent=1&cursor=2", "珠荫里+");
}

/* Meters are looked at so many at a time: a page without rows is not the end while it names a next one. */
static void test_what_is_missing_is_found_however_far_away(void **state)
{
    struct api_fixture *fixture = *state;
    char target[128];
    int64_t cursor = 0;
    int pages = 0;

    api_fixture_sql(fixture, "INSERT INTO device (device_id, tenant_id, area_id, room, imei, meter_number, installed_s)"
                             " VALUES (900001, 1, 5, '1', 861234567899999, '031200009999', 0);"
                             "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40100)"
                             " INSERT INTO device (device_id, tenant_id, area_id, imei, meter_number, installed_s, kind)"
                             " SELECT 1000 + n, 1, 5, -n, 'line ' || n, 0, 'line' FROM n");
    for (;; pages++) {
        snprintf(target, sizeof target, "/api/v1/completeness/missing?day=2026-11-20&cursor=%lld", (long long)cursor);
        json_t *json = get(fixture, "admin", target);
        const char *next = json_string_value(json_object_get(json, "next"));
        bool found = json_array_size(json_object_get(json, "items")) > 0;
        assert_int_equal(found, next == NULL);
        if (found) {
            assert_int_equal(integer_at(item_at(json, 0), "device_id"), 900001);
            json_decref(json);
            break;
        }
        assert_true(strtoll(next, NULL, 10) > cursor);
        assert_int_equal(integer_at(json, "looked"), 40000);
        assert_int_equal(integer_at(json, "meters_in_all"), 61);
        cursor = strtoll(next, NULL, 10);
        json_decref(json);
    }
    assert_true(pages > 0);
}

/* The command leaves between the readings of its row and of its steps. */
static void test_the_parts_of_a_document_are_of_one_moment(void **state)
{
    struct api_fixture *fixture = *state;

    api_fixture_sql(fixture, "INSERT INTO command (command_id, tenant_id, device_id, kind, state, requested_s, expires_s)"
                             " VALUES (900001, 1, 1, 'read_now', 'queued', 5, 9);"
                             "INSERT INTO command_step VALUES (900001, 1, 'queued', 5, '')");
    fixture->meanwhile_sql = "UPDATE command SET state = 'sent' WHERE command_id = 900001;"
                             "INSERT INTO command_step VALUES (900001, 2, 'sent', 6, '')";
    fixture->before = VIEW_COMMAND;
    json_t *json = get(fixture, "admin", "/api/v1/commands/900001");
    fixture->before = VIEW_NONE;
    assert_string_equal(text_at(json, "state"), "queued");
    assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
    json_decref(json);
    json = get(fixture, "admin", "/api/v1/commands/900001");
    assert_string_equal(text_at(json, "state"), "sent");
    assert_int_equal(json_array_size(json_object_get(json, "steps")), 2);
    json_decref(json);
}

static void test_lists_are_paged_and_counted(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *json = get(fixture, "admin", "/api/v1/devices?limit=20");

    assert_int_equal(json_array_size(json_object_get(json, "items")), 20);
    assert_int_equal(integer_at(json, "count"), 60);
    assert_true(json_is_true(json_object_get(json, "count_exact")));
    assert_string_equal(text_at(json, "next"), "20");
    json_decref(json);
    json = get(fixture, "admin", "/api/v1/devices?limit=20&cursor=40");
    assert_int_equal(integer_at(item_at(json, 0), "device_id"), 41);
    assert_true(json_is_null(json_object_get(json, "next")));
    assert_int_equal(integer_at(json, "count"), 60);
    json_decref(json);
    json = get(fixture, "admin", "/api/v1/devices?status=cut&area_id=3");
    assert_int_equal(integer_at(json, "count"), 1);
    assert_string_equal(text_at(item_at(json, 0), "place"), "榕荫花园 3栋 1204");
    json_decref(json);
}

static void test_names_are_masked_without_the_right(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *json = get(fixture, "clerk", "/api/v1/customers/1");

    assert_string_equal(text_at(json, "name"), "陈佳怡");
    assert_string_equal(text_at(json, "phones"), "13800000417");
    json_decref(json);
    json = get(fixture, "operator", "/api/v1/customers/1");
    assert_string_equal(text_at(json, "name"), "陈*怡");
    assert_string_equal(text_at(json, "phones"), "138****0417");
    json_decref(json);
}

static void test_a_meter_tells_all(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *json = get(fixture, "admin", "/api/v1/devices/7");

    assert_string_equal(text_at(json, "imei"), "861234567890007");
    assert_int_equal(integer_at(json_object_get(json, "completeness"), "received"), 8);
    assert_int_equal(integer_at(json_object_get(json, "completeness"), "on_time"), 7);
    assert_string_equal(text_at(json_object_get(json, "account"), "stage"), "cut");
    assert_string_equal(text_at(json, "newest_day"), "2026-11-20");
    json_decref(json);
    json = get(fixture, "admin", "/api/v1/devices/7/usage?from=2026-11-17&to=2026-11-20");
    assert_int_equal(json_array_size(json_object_get(json, "items")), 4);
    assert_true(json_is_null(json_object_get(item_at(json, 0), "usage_value")));
    assert_int_equal(integer_at(item_at(json, 1), "usage_value"), 1000);
    assert_true(json_is_null(json_object_get(item_at(json, 3), "usage_value")));
    assert_int_equal(integer_at(json, "total_value"), 2000);
    json_decref(json);
}

static void test_every_get_answers(void **state)
{
    static const char *const targets[] = {
        "overview", "overview/trend?days=7", "board", "board?area_id=3", "areas", "devices/7/readings",
        "devices/7/completeness?days=30", "devices/7/events", "devices/7/commands", "devices/7/frames", "devices/7/set-aside",
        "usage?step=month", "usage?area_id=3", "completeness?days=7", "set-aside", "customers?query=cjy", "customers/1",
        "accounts", "accounts/1", "accounts/1/statement", "accounts/1/charges", "accounts/1/notices",
        "cash-desk/find?query=cjy+1204", "payments?day=2026-11-21", "tariffs", "tariffs/1", "bills", "settlement/preview",
        "arrears", "arrears?stage=cut", "notices", "ledger/trial-balance", "ledger/transfers", "people", "settings", "audit",
        "folding", "retention-loss?setting=frame_keep_days&keep_days=7",
        "commands?open=true", "events?open=1&severity=2", "clock", "demo", "district", "openapi.json", "health", "search?query=0417",
    };
    struct api_fixture *fixture = *state;
    char target[128];

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        snprintf(target, sizeof target, "/api/v1/%s", targets[i]);
        json_decref(get(fixture, "admin", target));
    }
}

static void test_overview_and_board_count_the_same(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *overview = get(fixture, "admin", "/api/v1/overview");
    json_t *board = get(fixture, "admin", "/api/v1/board");
    const json_t *counts = json_object_get(board, "counts");

    assert_true(json_equal(json_object_get(overview, "supply"), counts));
    assert_int_equal(integer_at(counts, "total"), 60);
    const json_t *kinds = json_object_get(overview, "kinds");
    int64_t counted = 0;
    for (size_t i = 0; i < json_array_size(kinds); i++) {
        assert_non_null(json_object_get(json_array_get(kinds, i), "kind"));
        counted += integer_at(json_array_get(kinds, i), "total");
    }
    assert_int_equal(counted, 60);
    assert_int_equal(integer_at(counts, "cut"), 1);
    for (int i = 0; i < 2; i++) { /* made for the first who asks, kept for the second */
        json_t *books = get(fixture, "admin", "/api/v1/overview/balance");
        assert_true(json_is_true(json_object_get(books, "balanced")));
        assert_int_equal(integer_at(books, "debits_fen"), 5000);
        assert_int_equal(integer_at(books, "checked_s"), integer_at(overview, "as_of_s"));
        json_decref(books);
        api_fixture_sql(fixture, "UPDATE ledger_account SET debits_fen = debits_fen + 1");
    }
    api_fixture_sql(fixture, "UPDATE ledger_account SET debits_fen = debits_fen - 2");
    const json_t *building = json_array_get(json_object_get(board, "buildings"), 0);
    assert_int_equal(json_array_size(json_object_get(building, "cells")), 50);
    const json_t *cell = json_array_get(json_object_get(building, "cells"), 6);
    assert_int_equal(json_integer_value(json_array_get(cell, 1)), 1);
    assert_string_equal(json_string_value(json_array_get(cell, 2)), "1204");
    json_decref(overview);
    json_decref(board);
}

static void search_expect(struct api_fixture *fixture, const char *query, const char *kind, int64_t id)
{
    char target[256];
    snprintf(target, sizeof target, "/api/v1/search?query=%s", query);
    json_t *json = get(fixture, "admin", target);
    const json_t *groups = json_object_get(json, "groups");
    bool found = false;
    for (size_t i = 0; i < json_array_size(groups); i++) {
        const json_t *group = json_array_get(groups, i);
        for (size_t j = 0; strcmp(text_at(group, "kind"), kind) == 0 && j < json_array_size(json_object_get(group, "items")); j++)
            found = found || integer_at(item_at(group, j), "id") == id;
    }
    if (!found)
        print_message("%s does not find %s %d\n", query, kind, (int)id);
    assert_true(found);
    json_decref(json);
}

static void test_search_finds_by_every_way(void **state)
{
    struct api_fixture *fixture = *state;
    search_expect(fixture, "4407", "device", 7);
    search_expect(fixture, "0312000044", "device", 1);
    search_expect(fixture, "031200004407", "device", 7);
    search_expect(fixture, "861234567890007", "device", 7);
    search_expect(fixture, "3%E6%A0%8B1204", "room", 7);
    search_expect(fixture, "%E6%A6%95%E8%8D%AB%E8%8A%B1%E5%9B%AD3%E6%A0%8B1204", "room", 7);
    search_expect(fixture, "1204", "room", 7);
    search_expect(fixture, "cjy", "customer", 1);
    search_expect(fixture, "CJ", "customer", 1);
    search_expect(fixture, "%E9%99%88%E4%BD%B3", "customer", 1);
    search_expect(fixture, "0418", "customer", 2);
    search_expect(fixture, "13800000999", "customer", 2);
    search_expect(fixture, "100482", "customer", 1);
    search_expect(fixture, "%E6%A6%95%E8%8D%AB", "area", 2);
}

static int64_t metric(struct api_fixture *fixture, const char *name)
{
    struct answer answer = api_request(fixture, "GET", "/api/v1/metrics", api_sign_in(fixture, "admin"), NULL);
    char line[80];

    (void)snprintf(line, sizeof line, "\n%s ", name);
    const char *found = strstr(answer.text, line);
    assert_non_null(found);
    int64_t value = strtoll(found + strlen(line), NULL, 10);
    answer_free(&answer);
    return value;
}

/* The read ends when the client closes its connection, and is counted; it has not waited for the bound of time. */
static void test_nobody_reads_for_a_client_that_has_gone(void **state)
{
    struct api_fixture *fixture = *state;
    int64_t gone = metric(fixture, "meterworks_api_reads_gone");
    int64_t late = metric(fixture, "meterworks_api_reads_late");
    char request[1024];
    int size = snprintf(request, sizeof request, "GET /api/v1/devices HTTP/1.1\r\nHost: t\r\n%s\r\n", api_sign_in(fixture, "admin"));

    fixture->endless = VIEW_DEVICES;
    int connection = api_bytes_begin(fixture, request, (size_t)size);
    sem_wait(&fixture->endless_began);
    close(connection);
    sem_wait(&fixture->endless_ended);
    fixture->endless = VIEW_NONE;
    while (metric(fixture, "meterworks_api_reads_gone") + metric(fixture, "meterworks_api_reads_late") == gone + late)
        sched_yield();
    assert_int_equal(metric(fixture, "meterworks_api_reads_gone"), gone + 1);
    assert_int_equal(metric(fixture, "meterworks_api_reads_late"), late);
}

static void test_a_payment_reaches_the_core(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "POST", "/api/v1/payments", api_sign_in(fixture, "clerk"),
        "{\"account_id\":1,\"amount_fen\":10000,\"method\":\"cash\",\"key\":\"key-0001\"}");
    assert_int_equal(answer.status, 201);
    json_t *json = body_of(&answer);
    assert_int_equal(integer_at(json, "balance_fen"), 8760);
    assert_true(json_is_true(json_object_get(json, "will_restore")));
    assert_string_equal(text_at(json, "note"), "asleep");
    json_decref(json);
    answer_free(&answer);
    assert_int_equal(fixture->last_operation, CORE_PAYMENT_TAKE);
    assert_int_equal(fixture->last.payment.amount_fen, 10000);
    assert_string_equal(fixture->last.payment.key, "key-0001");
    assert_int_equal(fixture->last.payment.head.person_id, 2);
    assert_int_equal(fixture->last.payment.head.tenant_id, 1);
    assert_string_equal(fixture->last.payment.head.scope_path, "/1/");
}

static void test_a_change_names_its_fields(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "operator"));
    expect(fixture, "PATCH", "/api/v1/devices/7", headers, "{\"room\":\"1205\",\"security\":null}", 200, NULL, NULL);
    assert_int_equal(fixture->last.device.head.object_id, 7);
    assert_true(fixture->last.device.head.present == CORE_DEVICE_HAS_ROOM);
    assert_string_equal(fixture->last.device.room, "1205");
    expect(fixture, "POST", "/api/v1/devices", headers,
        "{\"area_id\":3,\"imei\":\"861234567899999\",\"meter_number\":\"031200009999\",\"security\":\"psk\"}", 201, NULL, NULL);
    assert_true(fixture->last.device.imei == INT64_C(861234567899999));
    assert_string_equal(fixture->last.device.meter_number, "031200009999");
    expect(fixture, "POST", "/api/v1/devices/7/commands", headers, "{\"kind\":\"close_valve\",\"reason\":\"欠费\"}", 201, NULL,
        NULL);
    assert_string_equal(fixture->last.command.reason, "欠费");
    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "admin"));
    expect(fixture, "POST", "/api/v1/tariffs/1/versions", headers,
        "{\"effective_day\":\"2026-12-01\",\"document\":{\"items\":[{\"price\":2.1}]}}", 201, NULL, NULL);
    assert_string_equal(fixture->last.version.document, "{\"items\":[{\"price\":2.1}]}");
}

static void test_a_refusal_of_the_core_is_handed_on(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "operator"));
    fixture->refuse = CORE_ERR_UNAVAILABLE;
    expect(fixture, "POST", "/api/v1/devices/7/commands", headers, "{\"kind\":\"read_now\",\"reason\":\"x\"}", 503,
        "core_unavailable", NULL);
}

static void test_bad_input_is_named(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];
    static const struct { const char *method; const char *target; const char *body; int status; const char *code; const char *field; } cases[] = {
        { "GET", "/api/v1/nothing", NULL, 404, "no_such_path", NULL },
        { "GET", "/api/v1/devices/x", NULL, 404, "no_such_path", NULL },
        { "GET", "/api/v1/devices/-1", NULL, 404, "no_such_path", NULL },
        { "GET", "/api/v1/devices/99999999999999999999", NULL, 404, "no_such_path", NULL },
        { "GET", "/api/v1/devices/999", NULL, 404, "not_found", NULL },
        { "PUT", "/api/v1/devices", NULL, 405, "method_not_allowed", NULL },
        { "GET", "/api/v1/devices?colour=red", NULL, 400, "unknown_field", "colour" },
        { "GET", "/api/v1/devices?limit=0", NULL, 422, "out_of_range", "limit" },
        { "GET", "/api/v1/devices?limit=many", NULL, 400, "wrong_type", "limit" },
        { "GET", "/api/v1/devices?limit=1&limit=2", NULL, 400, "field_twice", "limit" },
        { "GET", "/api/v1/devices?status=blue", NULL, 422, "not_a_choice", "status" },
        { "GET", "/api/v1/devices?query=%ff", NULL, 400, "bad_target", NULL },
        { "GET", "/api/v1/devices?query=%2", NULL, 400, "bad_target", NULL },
        { "GET", "/api/v1/usage?from=2026-11-20&to=2026-11-01", NULL, 422, "days_range", "from" },
        { "GET", "/api/v1/usage?from=2026-02-30", NULL, 422, "out_of_range", "from" },
        { "POST", "/api/v1/payments", "{", 400, "bad_json", NULL },
        { "POST", "/api/v1/payments", "[]", 400, "body_not_object", NULL },
        { "POST", "/api/v1/payments", "{\"account_id\":1,\"account_id\":2}", 400, "bad_json", NULL },
        { "POST", "/api/v1/payments", "{}", 400, "missing_field", "account_id" },
        { "POST", "/api/v1/payments", "{\"account_id\":\"1\"}", 400, "wrong_type", "account_id" },
        { "POST", "/api/v1/payments", "{\"account_id\":1.5}", 400, "wrong_type", "account_id" },
        { "POST", "/api/v1/payments", "{\"amount_fen\":-5}", 422, "out_of_range", "amount_fen" },
        { "POST", "/api/v1/payments", "{\"amount_fen\":1e99}", 400, "wrong_type", "amount_fen" },
        { "POST", "/api/v1/payments", "{\"tip\":5}", 400, "unknown_field", "tip" },
        { "POST", "/api/v1/people", "{\"login\":\"new\",\"display_name\":\"n\",\"role\":\"clerk\",\"area_id\":1,\"password\":\"short\"}",
            422, "password_short", "password" },
        { "PUT", "/api/v1/settings/nothing", "{\"value\":\"1\"}", 404, "setting_unknown", NULL },
        { "PUT", "/api/v1/settings/cut_limit_per_run", "{\"value\":0}", 422, "setting_value", "value" },
        { "POST", "/api/v1/decode", "{\"hex\":\"zz\"}", 422, "bad_hex", "hex" },
        { "POST", "/api/v1/decode", "{}", 422, "hex_or_text", "hex" },
        { "POST", "/api/v1/decode", "{\"hex\":\"60\",\"text\":\"60\"}", 422, "hex_or_text", "hex" },
        { "POST", "/api/v1/decode", "{\"text\":\"60 zz\",\"stream\":true}", 422, "bad_hex", "text" },
        { "POST", "/api/v1/decode", "{\"hex\":\"60\",\"protocol\":\"pigeon\"}", 422, "not_a_choice", "protocol" },
        { "POST", "/api/v1/decode", "{\"hex\":\"60\",\"key\":\"00\"}", 422, "out_of_range", "key" },
        { "POST", "/api/v1/decode", "{\"hex\":\"60\",\"key\":\"0123456789abcdef0123456789abcdeg\"}", 422, "bad_key",
            "key" },
        { "POST", "/api/v1/tariffs/trial", "{\"document\":{\"items\":7},\"usage_value\":1}", 422, "out_of_range", NULL },
        { "POST", "/api/v1/demo/speed", "{\"speed\":7}", 422, "not_a_choice", "speed" },
    };

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "admin"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect(fixture, cases[i].method, cases[i].target, headers, cases[i].body, cases[i].status, cases[i].code,
            cases[i].field);
    assert_int_equal(fixture->last_operation, 0);
}

static void test_errors_speak_the_callers_language(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "GET", "/api/v1/session", "Accept-Language: zh-CN\r\n", NULL);
    assert_non_null(strstr(answer.body, "请先登录"));
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/api/v1/session", "Accept-Language: en-GB\r\n", NULL);
    assert_non_null(strstr(answer.body, "Please sign in"));
    answer_free(&answer);
}

static void test_oversized_requests_are_refused(void **state)
{
    struct api_fixture *fixture = *state;
    size_t size = 1024 * 1024 + 64;
    char *body = malloc(size + 1);
    char *target = malloc(60001);

    assert_non_null(body);
    assert_non_null(target);
    memset(body, '[', size);
    body[size] = '\0';
    expect(fixture, "POST", "/api/v1/session", NULL, body, 413, "body_too_large", NULL);
    body[200000] = '\0'; /* deep nesting */
    expect(fixture, "POST", "/api/v1/session", NULL, body, 400, "bad_json", NULL);
    memset(target, 'a', 60000);
    memcpy(target, "/api/v1/devices?query=", 22);
    target[5000] = '\0';
    expect(fixture, "GET", target, NULL, NULL, 400, "bad_target", NULL);
    target[5000] = 'a';
    target[60000] = '\0';
    struct answer answer = api_request(fixture, "GET", target, NULL, NULL);
    assert_true(answer.status == 414 || answer.status == 431 || answer.status == 413);
    answer_free(&answer);
    free(body);
    free(target);
}

static void test_a_body_of_another_type_is_refused(void **state)
{
    static const char request[] = "POST /api/v1/session HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
        "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}";
    struct api_fixture *fixture = *state;
    struct answer answer = api_bytes_send(fixture, request, sizeof request - 1, 65536);
    assert_int_equal(answer.status, 415);
    answer_free(&answer);
}

static void test_a_list_as_a_spreadsheet(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "GET", "/api/v1/customers?format=csv", api_sign_in(fixture, "viewer"), NULL);
    assert_int_equal(answer.status, 200);
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/api/v1/customers?format=csv", api_sign_in(fixture, "operator"), NULL);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.text, "text/csv; charset=utf-8"));
    assert_non_null(strstr(answer.body, "\xef\xbb\xbf" "customer_id,number,name,phones,balance_yuan,owed_yuan,"));
    assert_non_null(strstr(answer.body, "\"陈*怡\",\"138****0417\",50.00,0.00,"));
    assert_null(strstr(answer.body, "陈佳怡"));
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/api/v1/devices?format=csv", api_sign_in(fixture, "admin"), NULL);
    int lines = 0;
    for (const char *at = answer.body; (at = strstr(at, "\"=\"\"0312")) != NULL; at++)
        lines++;
    assert_int_equal(lines, 60);
    answer_free(&answer);
}

static void test_the_console_is_served(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "GET", "/", NULL, NULL);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.body, "<p>page");
    assert_non_null(strstr(answer.text, "Cache-Control: no-cache"));
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/meters/7?tab=usage", NULL, NULL);
    assert_string_equal(answer.body, "<p>page");
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/assets/index-12345678.js", NULL, NULL);
    assert_non_null(strstr(answer.text, "immutable"));
    answer_free(&answer);
    answer = api_request(fixture, "GET", "/", "If-None-Match: \"p\"\r\n", NULL);
    assert_int_equal(answer.status, 304);
    answer_free(&answer);
    expect(fixture, "GET", "/assets/gone-12345678.js", NULL, NULL, 404, "no_such_path", NULL);
    expect(fixture, "GET", "/../etc/passwd", NULL, NULL, 400, "bad_target", NULL);
    expect(fixture, "POST", "/", NULL, "{}", 405, "method_not_allowed", NULL);
}

static void test_the_residents_page_is_a_page_of_its_own(void **state)
{
    static const char *const theirs[] = { "/resident", "/resident/", "/resident/pay?bill=1" };
    static const char *const others[] = { "/residents", "/resident.htm/x", "/meters" };
    struct api_fixture *fixture = *state;

    for (size_t i = 0; i < 3; i++) {
        struct answer answer = api_request(fixture, "GET", theirs[i], NULL, NULL);
        assert_string_equal(answer.body, "<p>phone");
        assert_non_null(strstr(answer.text, "form-action 'self' https:"));
        answer_free(&answer);
        answer = api_request(fixture, "GET", others[i], NULL, NULL);
        assert_string_equal(answer.body, "<p>page");
        assert_null(strstr(answer.text, "form-action 'self' https:"));
        answer_free(&answer);
    }
}

static void test_the_description_names_every_route(void **state)
{
    struct api_fixture *fixture = *state;
    json_t *json = get(fixture, "admin", "/api/v1/openapi.json");
    const json_t *paths = json_object_get(json, "paths");

    assert_string_equal(text_at(json, "openapi"), "3.1.0");
    assert_non_null(json_object_get(json_object_get(paths, "/devices/{id}"), "patch"));
    assert_non_null(json_object_get(json_object_get(paths, "/payments"), "post"));
    assert_true(json_object_size(paths) > 50);
    json_decref(json);
}

static void test_a_tariff_is_tried(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "POST", "/api/v1/tariffs/trial", api_sign_in(fixture, "clerk"),
        "{\"document\":{\"utility\":\"water\",\"unit\":\"m3\",\"items\":[{\"name\":\"water\",\"price\":\"2.00\"}]},\"usage_value\":10000000}");
    if (answer.status != 200)
        print_message("%s\n", answer.text);
    assert_int_equal(answer.status, 200);
    json_t *json = body_of(&answer);
    assert_int_equal(integer_at(json, "total_fen"), 2000);
    json_decref(json);
    answer_free(&answer);
}

static void test_live_events_arrive_within_scope(void **state)
{
    struct api_fixture *fixture = *state;
    char request[1024];
    int size = snprintf(request, sizeof request, "GET /api/v1/live HTTP/1.0\r\nHost: t\r\nLast-Event-ID: 1\r\n%s\r\n",
        api_sign_in(fixture, "viewer"));

    live_publish(fixture->hub, 1, "/1/4/5/", LIVE_READING, "{\"n\":1}");
    live_publish(fixture->hub, 1, "/1/4/5/", LIVE_READING, "{\"n\":2}");
    live_publish(fixture->hub, 1, "/1/2/3/", LIVE_READING, "{\"n\":3}");
    live_publish(fixture->hub, 2, "", LIVE_READING, "{\"n\":4}");
    live_publish(fixture->hub, 1, "", LIVE_PAYMENT, "{\"n\":5}");
    /* the head, one tick and two events: what the stream says before it falls silent for a second */
    struct answer answer = api_bytes_send(fixture, request, (size_t)size, 1150);
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.body, "event: tick\ndata: {\"now_s\":1795219200,\"speed\":60"));
    assert_non_null(strstr(answer.body, "id: 2\nevent: reading\ndata: {\"n\":2}\n\n"));
    assert_non_null(strstr(answer.body, "id: 5\nevent: payment\ndata: {\"n\":5}\n\n"));
    assert_null(strstr(answer.body, "{\"n\":1}"));
    assert_null(strstr(answer.body, "{\"n\":3}"));
    assert_null(strstr(answer.body, "{\"n\":4}"));
    answer_free(&answer);
}

static void test_the_demo_signs_in_by_role(void **state)
{
    struct api_fixture *fixture = *state;
    struct answer answer = api_request(fixture, "POST", "/api/v1/demo/session", NULL, "{\"role\":\"viewer\"}");
    assert_int_equal(answer.status, 201);
    assert_non_null(strstr(answer.body, "\"login\":\"viewer\""));
    answer_free(&answer);
    json_t *json = get(fixture, "admin", "/api/v1/demo");
    assert_int_equal(integer_at(json, "seed"), 7);
    assert_int_equal(integer_at(json, "speed"), 60);
    json_decref(json);
}

static void test_people_are_managed(void **state)
{
    struct api_fixture *fixture = *state;
    char headers[512];

    snprintf(headers, sizeof headers, "%s", api_sign_in(fixture, "admin"));
    expect(fixture, "POST", "/api/v1/people", headers,
        "{\"login\":\"newclerk\",\"display_name\":\"新\",\"role\":\"clerk\",\"area_id\":2,\"password\":\"long enough pw\"}", 201, NULL,
        NULL);
    expect(fixture, "POST", "/api/v1/session", NULL, "{\"login\":\"newclerk\",\"password\":\"long enough pw\"}", 201, NULL, NULL);
    expect(fixture, "PATCH", "/api/v1/people/5", headers, "{\"disabled\":true}", 200, NULL, NULL);
    expect(fixture, "POST", "/api/v1/session", NULL, "{\"login\":\"newclerk\",\"password\":\"long enough pw\"}", 401,
        "wrong_password", NULL);
    expect(fixture, "PATCH", "/api/v1/people/1", headers, "{\"role\":\"viewer\"}", 409, "last_administrator", NULL);
    expect(fixture, "PUT", "/api/v1/settings/cut_limit_per_run", headers, "{\"value\":50}", 200, NULL, NULL);
    struct answer answer = api_request(fixture, "GET", "/api/v1/audit", headers, NULL);
    assert_non_null(strstr(answer.body, "person.create"));
    assert_non_null(strstr(answer.body, "setting.put"));
    assert_null(strstr(answer.body, "long enough"));
    answer_free(&answer);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, api_fixture_open, api_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_signing_in_and_out),
        CASE(test_the_cookie_is_out_of_scripts_reach),
        CASE(test_wrong_passwords_lock_the_login),
        CASE(test_sessions_end_by_themselves),
        CASE(test_bearer_tokens_need_no_csrf_token),
        CASE(test_a_change_needs_the_csrf_token),
        CASE(test_roles_bound_what_may_be_done),
        CASE(test_jurisdiction_hides_what_lies_outside),
        CASE(test_areas_are_read_level_by_level),
        CASE(test_what_is_missing_is_found_however_far_away),
        CASE(test_the_parts_of_a_document_are_of_one_moment),
        CASE(test_lists_are_paged_and_counted),
        CASE(test_names_are_masked_without_the_right),
        CASE(test_a_meter_tells_all),
        CASE(test_every_get_answers),
        CASE(test_overview_and_board_count_the_same),
        CASE(test_search_finds_by_every_way),
        CASE(test_nobody_reads_for_a_client_that_has_gone),
        CASE(test_a_payment_reaches_the_core),
        CASE(test_a_change_names_its_fields),
        CASE(test_a_refusal_of_the_core_is_handed_on),
        CASE(test_bad_input_is_named),
        CASE(test_errors_speak_the_callers_language),
        CASE(test_oversized_requests_are_refused),
        CASE(test_a_body_of_another_type_is_refused),
        CASE(test_a_list_as_a_spreadsheet),
        CASE(test_the_console_is_served),
        CASE(test_the_residents_page_is_a_page_of_its_own),
        CASE(test_the_description_names_every_route),
        CASE(test_a_tariff_is_tried),
        CASE(test_live_events_arrive_within_scope),
        CASE(test_the_demo_signs_in_by_role),
        CASE(test_people_are_managed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
