#include "apps/meterworks/invoice_desk.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/invoice_port.h"
#include "apps/meterworks/payment_http.h"
#include "apps/meterworks/work_thread.h"
#include "base/cipher.h"
#include "base/log.h"
#include "base/text.h"
#include "document/invoice_provider.h"
#include "security/digest_openssl.h"

struct invoice_desk {
    const struct invoice_provider *provider;
    struct invoice_settings settings;
    struct core_channel *core;
    struct payment_http http;
    struct work_thread work;
    struct invoice invoice;         /* of the thread, as all below */
    struct invoice_request request;
    struct payment_request post;
};

static int member_copy(const json_t *file, const char *name, char *out, size_t capacity)
{
    const char *text = json_string_value(json_object_get(file, name));

    return text != NULL && text[0] != '\0' && text_copy(span_of_text(text), out, capacity) >= 0 ? 0 : -1;
}

/* {"provider": "json", "url": ..., "account": ..., "secret": ...} */
static int file_read(const char *path, struct invoice_desk *desk, char problem[256])
{
    struct stat status;
    char provider[16] = "";
    json_t *file = NULL;
    int result = -1;

    if (stat(path, &status) != 0)
        (void)snprintf(problem, 256, "%.200s cannot be read", path);
    else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        (void)snprintf(problem, 256, "%.200s may be read by others: chmod 600", path);
    else if ((file = json_load_file(path, JSON_REJECT_DUPLICATES, NULL)) == NULL)
        (void)snprintf(problem, 256, "%.200s is no JSON", path);
    else if (member_copy(file, "provider", provider, sizeof provider) < 0
             || (desk->provider = invoice_provider_find(provider)) == NULL)
        (void)snprintf(problem, 256, "%.200s: \"provider\" must be \"json\"", path);
    else if (member_copy(file, "url", desk->settings.url, sizeof desk->settings.url) < 0
             || member_copy(file, "account", desk->settings.account, sizeof desk->settings.account) < 0
             || member_copy(file, "secret", desk->settings.secret, sizeof desk->settings.secret) < 0)
        (void)snprintf(problem, 256, "%.160s: \"url\", \"account\" and \"secret\" are wanted", path);
    else
        result = 0;
    json_decref(file);
    desk->settings.digest = digest_openssl();
    return result;
}

static bool task_take(struct invoice_desk *desk)
{
    struct core_invoice_work asked = { .head = { .wall_s = work_thread_wall_s() }, .invoice = &desk->invoice };
    struct core_reply reply;

    return core_channel_call(desk->core, CORE_INVOICE_WORK_TAKE, &asked, &reply) == 0 && reply.count == 1;
}

_Static_assert(sizeof ((struct invoice_request *)0)->body <= sizeof ((struct payment_request *)0)->body,
               "the body of an invoice fits what moves it");

/* The payment channels' way to move bytes serves here too. */
static int send_and_read(struct invoice_desk *desk, struct invoice_answer *answer)
{
    struct payment_http_answer came = { .size = 0 };

    if (desk->provider->request(&desk->settings, &desk->invoice, work_thread_wall_s(), &desk->request) < 0)
        return -1;
    desk->post = (struct payment_request){ .is_post = true, .repeatable = true, .content_type = "application/json",
                                           .body_size = desk->request.body_size };
    (void)text_copy(span_of_text(desk->request.url), desk->post.url, sizeof desk->post.url);
    (void)text_copy(span_of_text(desk->request.authorization), desk->post.authorization, sizeof desk->post.authorization);
    memcpy(desk->post.body, desk->request.body, desk->request.body_size);
    int status = payment_http_send(&desk->http, &desk->post, &came);
    desk->provider->answer(&desk->invoice, status, span_of_bytes(came.bytes, came.size), answer);
    free(came.bytes);
    return 0;
}

static void task_do(struct invoice_desk *desk)
{
    struct core_invoice_answer told = { .head = { .object_id = desk->invoice.invoice_id }, .state = desk->invoice.state };
    struct core_reply reply;

    if (send_and_read(desk, &told.answer) < 0) {
        told.answer = (struct invoice_answer){ .word = INVOICE_WORD_REFUSED, .reason = "the invoice does not fit a request" };
    } else if (told.answer.word == INVOICE_WORD_UNKNOWN) {
        log_write(LOG_BILLING, LOG_WARNING, desk->invoice.serial, "the invoice provider gave no clear answer");
        return;
    }
    told.head.wall_s = work_thread_wall_s();
    if (core_channel_call(desk->core, CORE_INVOICE_ANSWER_TAKE, &told, &reply) < 0)
        log_write(LOG_BILLING, LOG_ERROR, desk->invoice.serial, "the provider's answer was not kept: %s", reply.text_en);
}

static bool desk_step(void *context)
{
    struct invoice_desk *desk = context;

    if (!task_take(desk))
        return false;
    task_do(desk);
    return true;
}

static void desk_free(struct invoice_desk *desk)
{
    if (desk != NULL)
        cipher_wipe(&desk->settings, sizeof desk->settings);
    free(desk);
}

int invoice_desk_open(const char *path, struct core_channel *channel, struct invoice_desk **out, char problem[256])
{
    struct invoice_desk *desk = calloc(1, sizeof *desk);

    (void)snprintf(problem, 256, "no memory for the invoice provider");
    if (desk == NULL || file_read(path, desk, problem) < 0) {
        desk_free(desk);
        return -1;
    }
    desk->core = channel;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || payment_http_open(&desk->http, &desk->work.stopping) < 0) {
        (void)snprintf(problem, 256, "the HTTP client cannot start");
        desk_free(desk);
        return -1;
    }
    work_thread_open(&desk->work, desk_step, desk);
    *out = desk;
    return 0;
}

int invoice_desk_start(struct invoice_desk *desk)
{
    return work_thread_start(&desk->work);
}

void invoice_desk_stop(struct invoice_desk *desk)
{
    if (desk == NULL)
        return;
    work_thread_stop(&desk->work);
    work_thread_join(&desk->work);
}

void invoice_desk_close(struct invoice_desk *desk)
{
    if (desk == NULL)
        return;
    payment_http_close(&desk->http);
    curl_global_cleanup();
    work_thread_close(&desk->work);
    desk_free(desk);
}
