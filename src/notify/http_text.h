/* Small words to build requests with: encodings, headers, and what codes of providers mean. Internal to the room. */
#ifndef NOTIFY_HTTP_TEXT_H
#define NOTIFY_HTTP_TEXT_H

#include <jansson.h>

#include "base/writer.h"
#include "notify/provider.h"

/* Everything but A-Z a-z 0-9 - _ . ~ as %XX (RFC 3986). */
void percent_put(struct writer *writer, struct span text);

/* RFC 4648 with padding. */
void base64_put(struct writer *writer, struct span bytes);

void hex_put(struct writer *writer, struct span bytes);

/* Add "Name: value".
 * returns  0; NOTIFY_ERR_LONG */
int http_header_add(struct http_request *request, const char *format, ...) COMPILER_PRINTF(2, 3);

/* Write a JSON value as the body, in compact form. Takes `body` over, also on failure; NULL is no memory.
 * returns  0; NOTIFY_ERR_LONG */
int http_body_json(struct http_request *request, json_t *body);

/* Copy the settings' address and a path behind it, joined by one slash.
 * returns  0; NOTIFY_ERR_LONG */
int http_url_set(struct http_request *request, const char *url, const char *path);

/* "dysmsapi.aliyuncs.com" of "https://dysmsapi.aliyuncs.com/..." as it stands in the Host header. */
struct span http_host(const char *url);

/* The values of the template's parameters as {"name": value}; `limit` of a value in code points by its name, or NULL.
 * returns  a new object; NULL: no memory, or a parameter names no word of the message */
json_t *template_words(const struct provider_template *template, const struct message *message,
                       size_t (*limit)(const char *name));

#define WEBHOOK_SIGNATURE_SIZE 72

/* "sha256=<hex of HMAC-SHA256(secret, timestamp "." number "." body)>".
 * returns  0; NOTIFY_ERR_LONG; a negative error of the digest */
int webhook_signature_write(const struct provider_moment *moment, struct span secret, const char *number,
                            struct span body, char out[WEBHOOK_SIGNATURE_SIZE]);

/* What a code of a provider means. Tables end with a row of prefix "". */
struct provider_verdict {
    const char *prefix;
    enum message_outcome outcome;
    int32_t retry_after_s;
};

/* Fill outcome, retry_after_s and reason ("code: message") from the first row whose prefix fits. */
void verdict_give(const struct provider_verdict table[], const char *code, const char *message,
                  struct message_result *out);

/* Without a usable body: 429 throttled, everything else is tried again. reason: "http 503". */
void status_verdict_give(int status, struct message_result *out);

/* The text of a member, or "" when it has none. Lives as long as `object`. */
const char *json_member_text(const json_t *object, const char *name);

#endif
