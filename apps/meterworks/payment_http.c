#include "apps/meterworks/payment_http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

#define CONNECT_TIMEOUT_MS 5000L
#define TOTAL_TIMEOUT_MS 15000L
#define ANSWER_LIMIT (16u << 20)

static size_t bytes_take(char *bytes, size_t one, size_t count, void *context)
{
    struct payment_http_answer *answer = context;
    size_t size = one * count;
    char *more = answer->size + size <= ANSWER_LIMIT ? realloc(answer->bytes, answer->size + size + 1) : NULL;

    if (more == NULL)
        return 0;
    memcpy(more + answer->size, bytes, size);
    answer->bytes = more;
    answer->size += size;
    return size;
}

static size_t header_take(char *bytes, size_t one, size_t count, void *context)
{
    struct payment_http_answer *answer = context;
    size_t size = one * count;
    const struct {
        const char *name;
        char *value;
    } rows[] = { { "Wechatpay-Serial:", answer->serial },
                 { "Wechatpay-Signature:", answer->signature },
                 { "Wechatpay-Timestamp:", answer->timestamp },
                 { "Wechatpay-Nonce:", answer->nonce } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t name_size = strlen(rows[i].name);
        size_t first = name_size;
        size_t last = size;
        if (size < name_size || strncasecmp(bytes, rows[i].name, name_size) != 0)
            continue;
        while (first < last && bytes[first] == ' ')
            first++;
        while (last > first && (bytes[last - 1] == '\n' || bytes[last - 1] == '\r' || bytes[last - 1] == ' '))
            last--;
        if (last - first < PAYMENT_HTTP_HEADER_SIZE) {
            memcpy(rows[i].value, bytes + first, last - first);
            rows[i].value[last - first] = '\0';
        }
    }
    return size;
}

/* Another than 0 ends the transfer: nobody waits for a channel when the server stops. */
static int transfer_look(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const atomic_bool *stopping = context;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return atomic_load(stopping) ? 1 : 0;
}

/* Redirects are not followed: what is signed is for one address. */
static void curl_prepare(const struct payment_http *http, const struct payment_request *request,
                         struct payment_http_answer *answer, struct curl_slist *headers)
{
    CURL *curl = http->curl;

    curl_easy_reset(curl);
    (void)curl_easy_setopt(curl, CURLOPT_URL, request->url);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, http->timeout_ms);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, transfer_look);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http->stopping);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "meterworks");
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, bytes_take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
    if (request->is_post) {
        (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body_size);
    }
}

static struct curl_slist *headers_make(const struct payment_request *request)
{
    char line[1200];
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: */*");

    (void)snprintf(line, sizeof line, "Content-Type: %s", request->content_type);
    if (request->content_type[0] != '\0')
        headers = curl_slist_append(headers, line);
    (void)snprintf(line, sizeof line, "Authorization: %s", request->authorization);
    if (request->authorization[0] != '\0')
        headers = curl_slist_append(headers, line);
    return headers;
}

int payment_http_open(struct payment_http *http, atomic_bool *stopping)
{
    *http = (struct payment_http){ .curl = curl_easy_init(), .stopping = stopping, .timeout_ms = TOTAL_TIMEOUT_MS };
    return http->curl != NULL ? 0 : -1;
}

void payment_http_close(struct payment_http *http)
{
    curl_easy_cleanup(http->curl);
    http->curl = NULL;
}

int payment_http_send(struct payment_http *http, const struct payment_request *request,
                      struct payment_http_answer *answer)
{
    struct curl_slist *headers = headers_make(request);
    long status = 0;
    CURLcode result;

    curl_prepare(http, request, answer, headers);
    result = curl_easy_perform(http->curl);
    if (result == CURLE_OK)
        (void)curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    else
        log_write(LOG_BILLING, LOG_WARNING, "", "payment channel: %s", curl_easy_strerror(result));
    curl_slist_free_all(headers);
    return (int)status;
}
