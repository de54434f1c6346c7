#include "apps/meterworks/payment_desk.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/log.h"
#include "security/secret.h"

#define CONNECT_TIMEOUT_MS 5000L
#define TOTAL_TIMEOUT_MS 15000L
#define ANSWER_LIMIT (16u << 20)
#define LOOK_S 1              /* how often the core is asked for what has become due */
#define NOTICES_PER_S 100     /* of one channel; more are asked to come again */
#define NEVER_PAID_WAIT_S 900 /* without a call to close: so long after its time an unpaid order is over */
#define HEADER_SIZE 1024
#define CHANNEL_ZONE_S 28800  /* the channels' day is China's */
#define BILLS_READY_S 37800   /* 10:30: yesterday's bills are there */

struct notice_rate {
    int64_t second;
    int count;
};

struct payment_desk {
    struct payment_desk_config config;
    struct payment_channels channels;
    struct notice_rate rates[PAYMENT_CHANNELS_LIMIT];
    CURL *curl;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    atomic_bool stopping;
    bool started;
    bool woken;
    int64_t asked_day;                /* whose bills have been asked for; 0 none since the start */
    struct payment_order_work task; /* of the thread */
    struct payment_request request;
    struct payment_outcome outcome;
};

/* An HTTP answer while it comes in. */
struct answer {
    char *bytes;
    size_t size;
    char serial[HEADER_SIZE];
    char signature[HEADER_SIZE];
    char timestamp[HEADER_SIZE];
    char nonce[HEADER_SIZE];
};

static int64_t wall_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

static int moment_make(struct payment_moment *moment)
{
    static const char digits[] = "0123456789ABCDEF";
    struct secret_source source = secret_source_system();
    uint8_t bytes[(PAYMENT_NONCE_SIZE - 1) / 2];

    if (source.fill(source.context, bytes, sizeof bytes) < 0)
        return -1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        moment->nonce[2 * i] = digits[bytes[i] >> 4];
        moment->nonce[2 * i + 1] = digits[bytes[i] & 15];
    }
    moment->nonce[PAYMENT_NONCE_SIZE - 1] = '\0';
    moment->now_s = wall_s();
    return 0;
}

static size_t bytes_take(char *bytes, size_t one, size_t count, void *context)
{
    struct answer *answer = context;
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
    struct answer *answer = context;
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
        if (last - first < HEADER_SIZE) {
            memcpy(rows[i].value, bytes + first, last - first);
            rows[i].value[last - first] = '\0';
        }
    }
    return size;
}

/* Another than 0 ends the transfer: nobody waits for a channel when the server stops. */
static int transfer_look(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct payment_desk *desk = context;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return atomic_load(&desk->stopping) ? 1 : 0;
}

/* Redirects are not followed: what is signed is for one address. */
static void curl_prepare(struct payment_desk *desk, const struct payment_request *request, struct answer *answer,
                         struct curl_slist *headers)
{
    CURL *curl = desk->curl;

    curl_easy_reset(curl);
    (void)curl_easy_setopt(curl, CURLOPT_URL, request->url);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, TOTAL_TIMEOUT_MS);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, transfer_look);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, desk);
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

/* HTTP status; 0 when nothing came back in time. The caller frees answer->bytes. */
static int request_send(struct payment_desk *desk, const struct payment_request *request, struct answer *answer)
{
    struct curl_slist *headers = headers_make(request);
    long status = 0;
    CURLcode result;

    curl_prepare(desk, request, answer, headers);
    result = curl_easy_perform(desk->curl);
    if (result == CURLE_OK)
        (void)curl_easy_getinfo(desk->curl, CURLINFO_RESPONSE_CODE, &status);
    else
        log_write(LOG_BILLING, LOG_WARNING, "", "payment channel: %s", curl_easy_strerror(result));
    curl_slist_free_all(headers);
    return (int)status;
}

static struct payment_matter matter_of(const struct payment_order_work *task)
{
    struct payment_matter matter = {
        .scene = (enum payment_scene)task->order.scene,
        .amount_fen = task->order.amount_fen,
        .refund_fen = task->refund.amount_fen,
        .created_s = task->order.created_s,
        .expires_s = task->order.expires_s,
        .refund_created_s = task->refund.created_s,
    };

    memcpy(matter.trade_number, task->order.trade_number, sizeof matter.trade_number);
    memcpy(matter.refund_number, task->refund.refund_number, sizeof matter.refund_number);
    memcpy(matter.reference, task->order.reference, sizeof matter.reference);
    memcpy(matter.description, task->order.description, sizeof matter.description);
    memcpy(matter.payer_id, task->order.payer_id, sizeof matter.payer_id);
    memcpy(matter.client_ip, task->order.client_ip, sizeof matter.client_ip);
    return matter;
}

/* The answer's bytes stay with the caller, who frees answer->bytes. */
static int call_send(struct payment_desk *desk, const struct payment_channel *channel, enum payment_call call,
                     const struct payment_matter *matter, struct answer *answer)
{
    struct payment_moment moment;
    struct payment_message message;
    int error = moment_make(&moment) < 0 ? PAYMENT_ERR_UNAVAILABLE : 0;

    if (error == 0)
        error = payment_channel_request(channel, call, &moment, matter, &desk->request);
    if (error < 0)
        return error;
    message = (struct payment_message){ .http_status = request_send(desk, &desk->request, answer) };
    message.body = span_of_bytes(answer->bytes, answer->size);
    message.serial = span_of_text(answer->serial);
    message.signature = span_of_text(answer->signature);
    message.timestamp = span_of_text(answer->timestamp);
    message.nonce = span_of_text(answer->nonce);
    moment.now_s = wall_s();
    return message.http_status == 0 ? PAYMENT_ERR_UNAVAILABLE
                                    : payment_channel_answer(channel, call, &moment, matter, &message, &desk->outcome);
}

static int call_make(struct payment_desk *desk, const struct payment_channel *channel, enum payment_call call,
                     const struct payment_matter *matter)
{
    struct answer answer = { .size = 0 };
    int error = call_send(desk, channel, call, matter, &answer);

    free(answer.bytes);
    return error;
}

static int page_make(struct payment_desk *desk, const struct payment_channel *channel, const struct payment_matter *matter)
{
    struct payment_moment moment;

    if (moment_make(&moment) < 0)
        return PAYMENT_ERR_UNAVAILABLE;
    return payment_channel_page(channel, &moment, matter, &desk->outcome);
}

static bool has_call(const struct payment_channel *channel, enum payment_call call)
{
    return payment_channel_kind_of(channel)->operations[call].request != NULL;
}

/* A channel without a call to close: long after its time an order that nobody paid is over. */
static int close_by_asking(struct payment_desk *desk, const struct payment_channel *channel,
                           const struct payment_matter *matter)
{
    int error = call_make(desk, channel, PAYMENT_CALL_QUERY, matter);
    enum payment_state state = desk->outcome.state;

    if (error == 0 && (state == PAYMENT_STATE_PENDING || state == PAYMENT_STATE_ABSENT))
        desk->outcome.state = wall_s() >= matter->expires_s + NEVER_PAID_WAIT_S ? PAYMENT_STATE_CLOSED
                                                                                : PAYMENT_STATE_PENDING;
    return error;
}

static int step_do(struct payment_desk *desk, const struct payment_channel *channel, enum payment_step step,
                   const struct payment_matter *matter)
{
    static const enum payment_call calls[] = {
        [PAYMENT_STEP_ORDER] = PAYMENT_CALL_ORDER,   [PAYMENT_STEP_QUERY] = PAYMENT_CALL_QUERY,
        [PAYMENT_STEP_CLOSE] = PAYMENT_CALL_CLOSE,   [PAYMENT_STEP_REFUND] = PAYMENT_CALL_REFUND,
        [PAYMENT_STEP_REFUND_QUERY] = PAYMENT_CALL_REFUND_QUERY,
    };

    if (step == PAYMENT_STEP_ORDER && payment_channel_is_local(channel, matter->scene))
        return page_make(desk, channel, matter);
    if (step == PAYMENT_STEP_CLOSE && !has_call(channel, PAYMENT_CALL_CLOSE))
        return close_by_asking(desk, channel, matter);
    return call_make(desk, channel, calls[step], matter);
}

/* A clear no is the channel's, or ours about an order that cannot be put into its words; all else may have happened. */
static bool is_refusal(int error)
{
    return error == PAYMENT_ERR_REFUSED || error == PAYMENT_ERR_VALUE || error == PAYMENT_ERR_SCENE ||
           error == PAYMENT_ERR_LONG || error == PAYMENT_ERR_UNSUPPORTED;
}

static struct payment_order_outcome outcome_report(struct payment_desk *desk, int error, bool is_refund)
{
    const struct payment_order_work *task = &desk->task;
    struct payment_order_outcome report = payment_order_outcome_of(&desk->outcome, task->step, task->order.channel);

    report.is_refund = is_refund;
    report.number = is_refund ? task->refund.refund_number : task->order.trade_number;
    if (error < 0) {
        report.word = is_refusal(error) ? PAYMENT_WORD_REFUSED : PAYMENT_WORD_UNKNOWN;
        report.invitation_kind = "";
    }
    if (report.code[0] == '\0' && error < 0)
        report.code = payment_error_info(error) != NULL ? payment_error_info(error)->code : "";
    return report;
}

/* The rows of a bill as they are read. */
struct bill {
    struct payment_bill_entry *entries;
    size_t count;
    size_t capacity;
};

static int bill_row_take(void *context, const struct payment_bill_row *row)
{
    struct bill *bill = context;

    if (bill->count == bill->capacity) {
        size_t wanted = bill->capacity == 0 ? 1024 : bill->capacity * 2;
        struct payment_bill_entry *more = wanted <= 2 * PAYMENT_BILL_ROW_LIMIT
                                              ? realloc(bill->entries, wanted * sizeof bill->entries[0]) : NULL;
        if (more == NULL)
            return PAYMENT_ERR_MEMORY;
        bill->entries = more;
        bill->capacity = wanted;
    }
    struct payment_bill_entry *entry = &bill->entries[bill->count++];
    *entry = (struct payment_bill_entry){ .is_refund = row->is_refund, .amount_fen = row->amount_fen };
    memcpy(entry->number, row->is_refund ? row->refund_number : row->trade_number, sizeof entry->number);
    memcpy(entry->reference, row->reference, sizeof entry->reference);
    return 0;
}

/* The file of which `desk->outcome` says where it is. */
static int bill_file_read(struct payment_desk *desk, const struct payment_channel *channel,
                          struct payment_matter *matter, struct bill *bill)
{
    struct payment_moment moment;
    struct answer answer = { .size = 0 };
    int error = moment_make(&moment) < 0 ? PAYMENT_ERR_UNAVAILABLE : 0;

    memcpy(matter->file_url, desk->outcome.file_url, sizeof matter->file_url);
    if (error == 0)
        error = payment_channel_request(channel, PAYMENT_CALL_BILL_FILE, &moment, matter, &desk->request);
    if (error == 0 && request_send(desk, &desk->request, &answer) != 200)
        error = PAYMENT_ERR_UNAVAILABLE;
    if (error == 0)
        error = payment_channel_kind_of(channel)->bill_read(channel, span_of_bytes(answer.bytes, answer.size),
                                                            desk->outcome.file_hash, bill_row_take, bill);
    free(answer.bytes);
    return error;
}

static int bill_read(struct payment_desk *desk, const struct payment_channel *channel, struct bill *bill)
{
    struct payment_matter matter = { .bill_day = desk->task.run.day };
    struct answer answer = { .size = 0 };
    int error = call_send(desk, channel, PAYMENT_CALL_BILL, &matter, &answer);

    if (error == 0 && has_call(channel, PAYMENT_CALL_BILL_FILE))
        error = bill_file_read(desk, channel, &matter, bill);
    else if (error == 0)
        error = payment_channel_kind_of(channel)->bill_read(channel, span_of_bytes(answer.bytes, answer.size), "",
                                                            bill_row_take, bill);
    free(answer.bytes);
    return error;
}

static void bill_do(struct payment_desk *desk)
{
    const struct payment_channel *channel = payment_channels_find(&desk->channels, desk->task.run.channel);
    struct core_bill asked = { .head = { .object_id = desk->task.run.run_id } };
    struct bill bill = { .count = 0 };
    struct core_reply reply;
    int error = PAYMENT_ERR_SETTING;

    memset(&desk->outcome, 0, sizeof desk->outcome);
    if (channel != NULL)
        error = bill_read(desk, channel, &bill);
    if (error < 0)
        asked.problem = desk->outcome.code[0] != '\0' ? desk->outcome.code : payment_error_info(error)->code;
    asked.head.wall_s = wall_s();
    asked.entries = bill.entries;
    asked.count = error < 0 ? 0 : bill.count;
    if (core_channel_call(desk->config.channel, CORE_RECONCILIATION_TAKE, &asked, &reply) < 0)
        log_write(LOG_BILLING, LOG_ERROR, desk->task.run.channel, "a bill was not compared: %s", reply.text_en);
    free(bill.entries);
}

/* Once a day, after the channels' bills are there. */
static void bills_ask(struct payment_desk *desk)
{
    int64_t local_s = wall_s() + CHANNEL_ZONE_S;
    int64_t day = local_s / 86400 - 1;
    struct core_reconciliation asked = { .head = { .wall_s = wall_s() }, .day = day };
    struct core_reply reply;
    bool all = true;

    if (local_s % 86400 < BILLS_READY_S || desk->asked_day == day)
        return;
    for (size_t i = 0; i < desk->channels.count; i++) {
        memcpy(asked.channel, desk->channels.entries[i].name, sizeof asked.channel);
        all = core_channel_call(desk->config.channel, CORE_RECONCILIATION_DUE, &asked, &reply) == 0 && all;
    }
    if (all)
        desk->asked_day = day;
}

static void task_do(struct payment_desk *desk)
{
    const struct payment_order_work *task = &desk->task;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, task->order.channel);
    bool is_refund = task->step == PAYMENT_STEP_REFUND || task->step == PAYMENT_STEP_REFUND_QUERY;
    struct payment_matter matter = matter_of(task);
    struct core_payment_outcome asked = { .head = { .tenant_id = task->order.tenant_id } };
    struct core_reply reply;
    int error = PAYMENT_ERR_UNAVAILABLE;

    memset(&desk->outcome, 0, sizeof desk->outcome);
    if (channel != NULL)
        error = step_do(desk, channel, task->step, &matter);
    if (error < 0)
        log_write(LOG_BILLING, LOG_WARNING, task->order.trade_number, "payment channel %s, step %d: %s (%s)",
                  task->order.channel, (int)task->step, payment_error_text(error), desk->outcome.code);
    asked.head.wall_s = wall_s();
    asked.outcome = outcome_report(desk, error, is_refund);
    if (core_channel_call(desk->config.channel, CORE_PAYMENT_OUTCOME_TAKE, &asked, &reply) < 0)
        log_write(LOG_BILLING, LOG_ERROR, task->order.trade_number, "the word of channel %s was not booked: %s",
                  task->order.channel, reply.text_en);
}

static bool task_take(struct payment_desk *desk)
{
    struct core_payment_work asked = { .head = { .wall_s = wall_s() }, .work = &desk->task };
    struct core_reply reply;

    return core_channel_call(desk->config.channel, CORE_PAYMENT_WORK_TAKE, &asked, &reply) == 0 && reply.count == 1;
}

static void work_wait(struct payment_desk *desk)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&desk->lock);
    if (!desk->woken && !atomic_load(&desk->stopping))
        (void)pthread_cond_timedwait(&desk->work, &desk->lock, &until);
    desk->woken = false;
    pthread_mutex_unlock(&desk->lock);
}

static void *desk_run(void *context)
{
    struct payment_desk *desk = context;

    while (!atomic_load(&desk->stopping)) {
        bills_ask(desk);
        if (!task_take(desk))
            work_wait(desk);
        else if (desk->task.step == PAYMENT_STEP_BILL)
            bill_do(desk);
        else
            task_do(desk);
    }
    return NULL;
}

int payment_desk_open(const struct payment_desk_config *config, struct payment_desk **out, char problem[256])
{
    struct payment_desk *desk = calloc(1, sizeof *desk);

    if (desk == NULL || payment_channels_open(config->path, &desk->channels, problem) < 0) {
        free(desk);
        return -1;
    }
    desk->config = *config;
    desk->curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (desk->curl == NULL) {
        (void)snprintf(problem, 256, "the HTTP client cannot start");
        payment_channels_close(&desk->channels);
        free(desk);
        return -1;
    }
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->work, NULL);
    *out = desk;
    return 0;
}

int payment_desk_start(struct payment_desk *desk)
{
    desk->started = pthread_create(&desk->thread, NULL, desk_run, desk) == 0;
    return desk->started ? 0 : -1;
}

static void desk_wake(void *context)
{
    struct payment_desk *desk = context;

    pthread_mutex_lock(&desk->lock);
    desk->woken = true;
    pthread_cond_signal(&desk->work);
    pthread_mutex_unlock(&desk->lock);
}

void payment_desk_close(struct payment_desk *desk)
{
    if (desk == NULL)
        return;
    atomic_store(&desk->stopping, true);
    desk_wake(desk);
    if (desk->started)
        (void)pthread_join(desk->thread, NULL);
    curl_easy_cleanup(desk->curl);
    payment_channels_close(&desk->channels);
    pthread_cond_destroy(&desk->work);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}

static bool channel_at(void *context, size_t index, struct api_payment_channel *out)
{
    const struct payment_desk *desk = context;
    const struct payment_channel_kind *kind;

    if (index >= desk->channels.count)
        return false;
    kind = payment_channel_kind_of(desk->channels.entries[index].channel);
    memcpy(out->name, desk->channels.entries[index].name, sizeof out->name);
    out->kind = kind->name;
    out->scenes = kind->scenes;
    return true;
}

static bool notice_admit(struct payment_desk *desk, const char *name, int64_t now_s)
{
    bool admitted = true;

    pthread_mutex_lock(&desk->lock);
    for (size_t i = 0; i < desk->channels.count; i++) {
        struct notice_rate *rate = &desk->rates[i];
        if (strcmp(desk->channels.entries[i].name, name) != 0)
            continue;
        if (rate->second != now_s)
            *rate = (struct notice_rate){ .second = now_s };
        admitted = rate->count++ < NOTICES_PER_S;
    }
    pthread_mutex_unlock(&desk->lock);
    return admitted;
}

static int notice_read(void *context, const char *name, const struct payment_message *message, int64_t now_s,
                       struct payment_outcome *out)
{
    struct payment_desk *desk = context;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, name);
    struct payment_moment moment = { .now_s = now_s };
    int error;

    if (!notice_admit(desk, name, now_s))
        return PAYMENT_ERR_RATE;
    error = channel != NULL ? payment_channel_notice(channel, &moment, message, out) : PAYMENT_ERR_SETTING;
    if (error < 0)
        log_write(LOG_BILLING, LOG_WARNING, name, "a callback is refused: %s", payment_error_text(error));
    return error;
}

static const char *notice_reply(void *context, const char *name, bool accepted, const char **content_type)
{
    struct payment_desk *desk = context;
    const struct payment_channel *channel = payment_channels_find(&desk->channels, name);
    const struct payment_channel_kind *kind = channel != NULL ? payment_channel_kind_of(channel) : NULL;

    *content_type = kind != NULL ? kind->notice_content_type : "text/plain";
    if (kind == NULL)
        return "";
    return accepted ? kind->notice_accepted : kind->notice_refused;
}

struct api_payments payment_desk_port(struct payment_desk *desk)
{
    if (desk == NULL)
        return (struct api_payments){ .context = NULL };
    return (struct api_payments){ desk, channel_at, notice_read, notice_reply, desk_wake };
}
