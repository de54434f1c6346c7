#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "apps/meterworks/http_answer.h"

#define BODY_LIMIT 4096

struct taken {
    struct http_answer answer;
    char body[BODY_LIMIT];
    size_t size;
    int result;
};

/* In pieces of so many bytes. */
static void take(struct taken *taken, const char *text, size_t piece, bool no_body)
{
    size_t left = strlen(text);

    http_answer_begin(&taken->answer, no_body);
    taken->size = 0;
    taken->result = 0;
    while (left > 0 && taken->result == 0) {
        size_t size = piece < left ? piece : left, more = 0;
        taken->result = http_answer_take(&taken->answer, span_of_bytes(text, size), (uint8_t *)taken->body + taken->size, &more);
        taken->size += more;
        text += size;
        left -= size;
    }
    taken->body[taken->size] = '\0';
}

static void each_piece(const char *text, bool no_body, void (*check)(const struct taken *taken))
{
    static struct taken taken;

    for (size_t piece = 1; piece <= strlen(text); piece += piece < 8 ? 1 : 17) {
        take(&taken, text, piece, no_body);
        assert_int_equal(taken.result, 0);
        assert_int_equal(taken.answer.state, HTTP_ANSWER_END);
        check(&taken);
    }
}

static void check_length(const struct taken *taken)
{
    assert_int_equal(taken->answer.status, 201);
    assert_int_equal(taken->answer.size, 9);
    assert_string_equal(taken->body, "{\"id\": 7}");
    assert_int_equal(taken->answer.header_count, 2);
    assert_string_equal(taken->answer.headers[0].name, "Content-Type");
    assert_string_equal(taken->answer.headers[0].value, "application/json; charset=utf-8");
    assert_string_equal(taken->answer.headers[1].name, "Set-Cookie");
    assert_string_equal(taken->answer.headers[1].value, "a=b; Path=/");
}

static void test_a_body_of_stated_length(void **state)
{
    (void)state;
    each_piece("HTTP/1.1 201 Created\r\nDate: x\r\nConnection: close\r\nContent-Length: 9\r\n"
               "Content-Type: application/json; charset=utf-8\r\nSet-Cookie:   a=b; Path=/\r\n\r\n{\"id\": 7}",
               false, check_length);
}

static void check_chunks(const struct taken *taken)
{
    assert_int_equal(taken->answer.status, 200);
    assert_int_equal(taken->answer.size, -1);
    assert_string_equal(taken->body, "0123456789abcdefXYZ");
}

static void test_a_body_in_chunks(void **state)
{
    (void)state;
    each_piece("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n3\r\nXYZ\r\n0\r\n\r\n", false,
               check_chunks);
    each_piece("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0009\r\nabcdefXYZ\r\n0\r\nSum: 1\r\n\r\n",
               false, check_chunks);
}

static void check_nothing(const struct taken *taken)
{
    assert_int_equal(taken->size, 0);
    assert_true(http_answer_has_head(&taken->answer));
}

static void test_no_body(void **state)
{
    (void)state;
    each_piece("HTTP/1.1 204 No Content\r\n\r\n", false, check_nothing);
    each_piece("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, check_nothing);
    each_piece("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, check_nothing);
    each_piece("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, check_nothing);
}

static void test_what_is_no_answer(void **state)
{
    static struct taken taken;
    static const char *const wrong[] = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 99 OK\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n", /* its body would end with the connection */
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: nameless\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA name: x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: x\rSet-Cookie: y\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        for (size_t piece = 1; piece < 200; piece += 66) {
            take(&taken, wrong[i], piece, false);
            assert_int_equal(taken.result, HTTP_ANSWER_ERR);
        }
}

static void test_a_head_has_an_end(void **state)
{
    static struct taken taken;
    static char text[HTTP_ANSWER_HEAD_LIMIT + 64];
    size_t size = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nX: ");

    (void)state;
    memset(text + size, 'x', sizeof text - size - 1);
    take(&taken, text, 1024, false);
    assert_int_equal(taken.result, HTTP_ANSWER_ERR);
    size = (size_t)snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i <= HTTP_ANSWER_HEADER_LIMIT; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "X: y\r\n");
    (void)snprintf(text + size, sizeof text - size, "Content-Length: 0\r\n\r\n");
    take(&taken, text, 1024, false);
    assert_int_equal(taken.result, HTTP_ANSWER_ERR);
}

static void test_a_broken_off_answer_is_not_whole(void **state)
{
    static struct taken taken;

    (void)state;
    take(&taken, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", 64, false);
    assert_int_equal(taken.result, 0);
    assert_int_equal(taken.answer.state, HTTP_ANSWER_BODY);
    take(&taken, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", 64, false);
    assert_int_equal(taken.result, 0);
    assert_int_not_equal(taken.answer.state, HTTP_ANSWER_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_of_stated_length), cmocka_unit_test(test_a_body_in_chunks),
        cmocka_unit_test(test_no_body),                 cmocka_unit_test(test_what_is_no_answer),
        cmocka_unit_test(test_a_head_has_an_end),       cmocka_unit_test(test_a_broken_off_answer_is_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
