#include "notify/notify.h"

#include <string.h>

#include "base/text.h"
#include "notify/outbox.h"

#define OUTBOX "outbox"

/* Leave in quiet hours too: somebody waits for them, or stands in front of a dry tap. */
static const bool urgent[NOTICE_KIND_COUNT] = {
    [NOTICE_CUT] = true, [NOTICE_RESTORED] = true, [NOTICE_PAID_ASLEEP] = true,
};

static int text_make(const struct notify_store *store, const struct notify_request *request,
                     enum notice_language language, char text[NOTICE_TEXT_SIZE])
{
    char template[NOTICE_TEXT_SIZE];
    int found = 0;

    if (store->template_read != NULL)
        found = store->template_read(store->context, request->tenant_id, notice_kind_name((int)request->kind), language,
                                     template);
    if (found < 0)
        return found;
    if (found == 0)
        return notice_text_render(request->kind, language, &request->values, text);
    /* Long names may burst the operator's words: the program's own are better than silence. */
    found = notice_template_render(template, language, &request->values, text);
    return found < 0 ? notice_text_render(request->kind, language, &request->values, text) : found;
}

static int notice_fill(const struct notify_store *store, const struct notify_request *request, struct notice *notice)
{
    struct span recipient = span_of_text(request->recipient);
    int size;

    *notice = (struct notice){ .account_id = request->account_id,
                               .created_s = request->now_s,
                               .tenant_id = request->tenant_id,
                               .kind = (uint8_t)request->kind };
    if (request->kind <= 0 || request->kind >= NOTICE_KIND_COUNT)
        return NOTIFY_ERR_KIND;
    if (request->key[0] == '\0' || text_copy(span_of_text(request->key), notice->key, sizeof notice->key) < 0)
        return NOTIFY_ERR_KEY;
    recipient.size = text_utf8_cut(recipient, sizeof notice->recipient - 1);
    (void)text_copy(recipient, notice->recipient, sizeof notice->recipient);
    (void)text_copy(span_of_text(OUTBOX), notice->channel, sizeof notice->channel);
    size = text_make(store, request, NOTICE_CHINESE, notice->text_zh);
    if (size >= 0)
        size = text_make(store, request, NOTICE_ENGLISH, notice->text_en);
    return size < 0 ? size : 0;
}

struct recipients {
    int count;
    struct notify_recipient rows[NOTIFY_RECIPIENT_LIMIT];
};

static void recipient_add(struct recipients *recipients, const struct notify_recipient *add)
{
    for (int i = 0; i < recipients->count; i++)
        if (recipients->rows[i].channel == add->channel && strcmp(recipients->rows[i].address, add->address) == 0)
            return;
    if (recipients->count < NOTIFY_RECIPIENT_LIMIT)
        recipients->rows[recipients->count++] = *add;
}

static void phones_add(struct recipients *recipients, const char *phones, enum notice_language language)
{
    while (*phones != '\0') {
        size_t size = strcspn(phones, ",");
        struct span phone = text_trim(span_of_bytes(phones, size));
        struct notify_recipient add = { .channel = MESSAGE_SMS, .language = language };
        size_t written = 0;

        for (size_t i = 0; i < phone.size && written + 1 < sizeof add.address; i++)
            if (phone.bytes[i] != '-')
                add.address[written++] = (char)phone.bytes[i];
        if (message_address_permitted(MESSAGE_SMS, span_of_text(add.address)))
            recipient_add(recipients, &add);
        phones += phones[size] == ',' ? size + 1 : size;
    }
}

/* Phones of the customer first, so that a long list of others never displaces them. */
static int recipients_find(const struct notify_store *store, const struct notify_request *request,
                           const struct notify_policy *policy, struct recipients *recipients, int64_t *area_id)
{
    struct notify_recipient entered[NOTIFY_RECIPIENT_LIMIT];
    int count = store->recipients_read(store->context, request->account_id, notice_kind_name((int)request->kind),
                                       entered, NOTIFY_RECIPIENT_LIMIT, area_id);

    recipients->count = 0;
    phones_add(recipients, request->recipient, policy->language);
    for (int i = 0; i < count; i++)
        recipient_add(recipients, &entered[i]);
    return count < 0 ? count : 0;
}

/* The values as providers take them: written once for each language, whoever is told. */
struct words {
    bool written[2]; /* by enum notice_language */
    char texts[2][MESSAGE_WORDS_SIZE];
};

static int words_take(struct words *words, const struct notify_request *request, enum notice_language language,
                      char out[MESSAGE_WORDS_SIZE])
{
    int size = 0;

    if (!words->written[language])
        size = notice_words_write(language, &request->values, words->texts[language], MESSAGE_WORDS_SIZE);
    if (size < 0)
        return size;
    words->written[language] = true;
    (void)text_copy(span_of_text(words->texts[language]), out, MESSAGE_WORDS_SIZE);
    return 0;
}

static int message_post(const struct notify_store *store, const struct notify_request *request,
                        const struct notify_policy *policy, const struct notice *notice, struct words *words,
                        const struct notify_recipient *recipient, int64_t area_id)
{
    struct message message = { .notice_id = notice->notice_id,
                               .account_id = notice->account_id,
                               .area_id = area_id,
                               .tenant_id = notice->tenant_id,
                               .channel = (uint8_t)recipient->channel,
                               .language = (uint8_t)recipient->language,
                               .priority = urgent[request->kind] ? MESSAGE_URGENT : MESSAGE_ROUTINE };
    int error = words_take(words, request, recipient->language, message.words);

    if (error < 0)
        return error;
    (void)text_copy(span_of_text(notice_kind_name((int)request->kind)), message.kind, sizeof message.kind);
    (void)text_copy(span_of_text(recipient->address), message.recipient, sizeof message.recipient);
    (void)text_copy(span_of_text(recipient->language == NOTICE_CHINESE ? notice->text_zh : notice->text_en),
                    message.text, sizeof message.text);
    return outbox_put(store, policy, request->channels, request->now_s, &message);
}

static int messages_post(const struct notify_store *store, const struct notify_request *request,
                         const struct notice *notice)
{
    struct notify_policy policy;
    struct recipients recipients = { 0 };
    struct words words;
    int64_t area_id = 0;
    int result = store->policy_read(store->context, request->tenant_id, &policy);

    words.written[NOTICE_CHINESE] = words.written[NOTICE_ENGLISH] = false;
    if (result >= 0)
        result = recipients_find(store, request, &policy, &recipients, &area_id);
    for (int i = 0; result >= 0 && i < recipients.count; i++)
        result = message_post(store, request, &policy, notice, &words, &recipients.rows[i], area_id);
    return result < 0 ? result : 0;
}

int notify_post(const struct notify_store *store, const struct notify_request *request, struct notice *out)
{
    struct notice notice;
    int result = notice_fill(store, request, &notice);

    if (result < 0)
        return result;
    result = store->notice_insert(store->context, &notice);
    if (result <= 0)
        return result < 0 ? result : 1;
    result = messages_post(store, request, &notice);
    if (result >= 0 && out != NULL)
        *out = notice;
    return result;
}
