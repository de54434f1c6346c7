#include "notify/provider.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "notify/notify_error.h"

static const struct provider_kind kinds[] = {
    { "webhook", MESSAGE_WEBHOOK, true, &webhook_adapter, NULL },
    { "aliyun_sms", MESSAGE_SMS, false, &aliyun_sms_adapter, NULL },
    { "tencent_sms", MESSAGE_SMS, false, &tencent_sms_adapter, NULL },
    { "wechat_template", MESSAGE_WECHAT, true, &wechat_template_adapter, NULL },
    { "wechat_subscribe", MESSAGE_WECHAT, false, &wechat_subscribe_adapter, NULL },
    { "cmpp", MESSAGE_SMS, false, NULL, &cmpp_protocol },
    { "smpp", MESSAGE_SMS, false, NULL, &smpp_protocol },
    { "smtp", MESSAGE_EMAIL, false, NULL, NULL },
};

const struct provider_kind *provider_kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

const struct provider_template *provider_template_find(const struct provider *provider, const struct message *message)
{
    for (uint32_t i = 0; i < provider->template_count; i++) {
        const struct provider_template *template = &provider->templates[i];
        if (strcmp(template->kind, message->kind) == 0 &&
            (template->language < 0 || template->language == (int)message->language))
            return template;
    }
    return NULL;
}

int provider_word_read(const struct message *message, const char *word, char *out, size_t capacity)
{
    json_error_t error;
    json_t *words;
    const char *value;
    int result;

    if (strcmp(word, "text") == 0)
        return text_copy(span_of_text(message->text), out, capacity) < 0 ? NOTIFY_ERR_LONG : (int)strlen(out);
    words = json_loads(message->words, 0, &error);
    value = json_string_value(json_object_get(words, word));
    if (value == NULL)
        result = NOTIFY_ERR_PLACEHOLDER;
    else
        result = text_copy(span_of_text(value), out, capacity) < 0 ? NOTIFY_ERR_LONG : (int)strlen(out);
    json_decref(words);
    return result;
}
