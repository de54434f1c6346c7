#include "apps/meterworks/http_answer.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

#define CHUNK_LINE_LIMIT 8 /* hexadecimal digits of a size: chunks of up to 4 GiB; no extensions */
#define TRAILER_LIMIT 1024

/* Of the connection between two processes, not of what is said: the api's own server writes them anew. */
static const char *const own_headers[] = { "Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Date", "Trailer",
                                           "Upgrade" };

void http_answer_begin(struct http_answer *answer, bool no_body)
{
    memset(answer, 0, sizeof *answer);
    answer->no_body = no_body;
}

bool http_answer_has_head(const struct http_answer *answer)
{
    return answer->state != HTTP_ANSWER_HEAD;
}

static bool name_is(const char *name, const char *other)
{
    return text_equal_ignoring_case(span_of_text(name), span_of_text(other));
}

static bool header_is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_headers / sizeof own_headers[0]; i++)
        if (name_is(name, own_headers[i]))
            return true;
    return false;
}

/* "HTTP/1.1 200 OK" */
static bool status_read(const char *line, unsigned *status)
{
    int64_t number = 0;

    if (strncmp(line, "HTTP/1.1 ", 9) != 0 || strlen(line) < 12 || (line[12] != ' ' && line[12] != '\0')
        || decimal_parse(span_of_bytes(line + 9, 3), 0, &number) != 0 || number < 200 || number > 599)
        return false;
    *status = (unsigned)number;
    return true;
}

static bool length_read(struct http_answer *answer, const char *name, const char *value)
{
    if (name_is(name, "Content-Length"))
        return decimal_parse(span_of_text(value), 0, &answer->size) == 0 && answer->size >= 0;
    if (!name_is(name, "Transfer-Encoding"))
        return true;
    answer->size = -1;
    return name_is(value, "chunked");
}

/* "Name: value", which is cut up in place. */
static bool header_read(struct http_answer *answer, char *line)
{
    char *colon = strchr(line, ':');

    if (colon == NULL || colon == line || answer->header_count == HTTP_ANSWER_HEADER_LIMIT)
        return false;
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    if (line[strcspn(line, " \t\r")] != '\0' || value[strcspn(value, "\r")] != '\0' || !length_read(answer, line, value))
        return false;
    if (!header_is_own(line))
        answer->headers[answer->header_count++] = (struct forward_header){ line, value };
    return true;
}

/* The next line of the head without its end, cut off in place; NULL when it has none. */
static char *line_take(char **rest)
{
    char *line = *rest;
    char *end = strstr(line, "\r\n");

    if (end == NULL)
        return NULL;
    *end = '\0';
    *rest = end + 2;
    return line;
}

static void body_begin(struct http_answer *answer)
{
    if (answer->no_body || answer->status == 204 || answer->status == 304)
        answer->state = HTTP_ANSWER_END;
    else if (answer->size < 0)
        answer->state = HTTP_ANSWER_CHUNK_SIZE;
    else
        answer->state = answer->size > 0 ? HTTP_ANSWER_BODY : HTTP_ANSWER_END;
    answer->left = answer->size > 0 ? answer->size : 0;
}

/* The head is whole, with the empty line at its end. */
static int head_read(struct http_answer *answer)
{
    char *rest = answer->head;
    char *line;

    answer->head[answer->head_size] = '\0';
    answer->size = -2; /* not stated */
    if (strlen(answer->head) != answer->head_size || !status_read(line_take(&rest), &answer->status))
        return HTTP_ANSWER_ERR;
    while ((line = line_take(&rest)) != NULL && line[0] != '\0')
        if (!header_read(answer, line))
            return HTTP_ANSWER_ERR;
    bool bodiless = answer->no_body || answer->status == 204 || answer->status == 304;
    if (answer->size == -2 && !bodiless)
        return HTTP_ANSWER_ERR;
    if (answer->size == -2 || (bodiless && !answer->no_body))
        answer->size = 0;
    body_begin(answer);
    return 0;
}

static int head_byte_take(struct http_answer *answer, uint8_t byte)
{
    if (answer->head_size == sizeof answer->head - 1)
        return HTTP_ANSWER_ERR;
    answer->head[answer->head_size++] = (char)byte;
    if (answer->head_size < 4 || memcmp(answer->head + answer->head_size - 4, "\r\n\r\n", 4) != 0)
        return 0;
    return head_read(answer);
}

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "1f4\r\n"; a size of 0 is the last one. */
static int chunk_size_byte_take(struct http_answer *answer, uint8_t byte)
{
    int digit = hex_digit(byte);

    if (digit >= 0 && answer->line < CHUNK_LINE_LIMIT) {
        answer->left = answer->left * 16 + digit;
        answer->line++;
        return 0;
    }
    if (byte == '\r' && answer->line > 0 && answer->line <= CHUNK_LINE_LIMIT) {
        answer->line = CHUNK_LINE_LIMIT + 1;
        return 0;
    }
    if (byte != '\n' || answer->line != CHUNK_LINE_LIMIT + 1)
        return HTTP_ANSWER_ERR;
    answer->line = 0;
    answer->state = answer->left > 0 ? HTTP_ANSWER_CHUNK : HTTP_ANSWER_TRAILER;
    return 0;
}

/* "\r\n" behind a chunk. */
static int chunk_end_byte_take(struct http_answer *answer, uint8_t byte)
{
    if (byte != (answer->line == 0 ? '\r' : '\n'))
        return HTTP_ANSWER_ERR;
    answer->line++;
    if (answer->line == 2) {
        answer->line = 0;
        answer->state = HTTP_ANSWER_CHUNK_SIZE;
    }
    return 0;
}

/* Lines that say nothing we need, and an empty one. */
static int trailer_byte_take(struct http_answer *answer, uint8_t byte)
{
    if (++answer->head_size > sizeof answer->head + TRAILER_LIMIT)
        return HTTP_ANSWER_ERR;
    if (byte == '\n' && answer->line == 0)
        answer->state = HTTP_ANSWER_END;
    else if (byte == '\n')
        answer->line = 0;
    else if (byte != '\r')
        answer->line = 1;
    return 0;
}

static int byte_take(struct http_answer *answer, uint8_t byte)
{
    switch (answer->state) {
    case HTTP_ANSWER_HEAD:
        return head_byte_take(answer, byte);
    case HTTP_ANSWER_CHUNK_SIZE:
        return chunk_size_byte_take(answer, byte);
    case HTTP_ANSWER_CHUNK_END:
        return chunk_end_byte_take(answer, byte);
    case HTTP_ANSWER_TRAILER:
        return trailer_byte_take(answer, byte);
    case HTTP_ANSWER_BODY:
    case HTTP_ANSWER_CHUNK:
    case HTTP_ANSWER_END:
        break;
    }
    return HTTP_ANSWER_ERR; /* bytes behind the end */
}

static size_t piece_take(struct http_answer *answer, struct span in, uint8_t *body, size_t *body_size)
{
    size_t size = (uint64_t)answer->left < in.size ? (size_t)answer->left : in.size;

    memcpy(body + *body_size, in.bytes, size);
    *body_size += size;
    answer->left -= (int64_t)size;
    if (answer->left == 0)
        answer->state = answer->state == HTTP_ANSWER_BODY ? HTTP_ANSWER_END : HTTP_ANSWER_CHUNK_END;
    return size;
}

int http_answer_take(struct http_answer *answer, struct span in, uint8_t *body, size_t *body_size)
{
    *body_size = 0;
    for (size_t at = 0; at < in.size;) {
        if (answer->state == HTTP_ANSWER_BODY || answer->state == HTTP_ANSWER_CHUNK)
            at += piece_take(answer, (struct span){ in.bytes + at, in.size - at }, body, body_size);
        else if (byte_take(answer, in.bytes[at++]) != 0)
            return HTTP_ANSWER_ERR;
    }
    return 0;
}
