#include "notify/notify.h"

#include "base/text.h"

#define OUTBOX "outbox"

static int notice_fill(const struct notify_request *request, struct notice *notice)
{
    struct span recipient = span_of_text(request->recipient);
    int size;

    *notice = (struct notice){ .account_id = request->account_id,
                               .created_s = request->now_s,
                               .tenant_id = request->tenant_id,
                               .kind = (uint8_t)request->kind };
    if (request->key[0] == '\0' || text_copy(span_of_text(request->key), notice->key, sizeof notice->key) < 0)
        return NOTIFY_ERR_KEY;
    recipient.size = text_utf8_cut(recipient, sizeof notice->recipient - 1);
    (void)text_copy(recipient, notice->recipient, sizeof notice->recipient);
    (void)text_copy(span_of_text(OUTBOX), notice->channel, sizeof notice->channel);
    size = notice_text_render(request->kind, NOTICE_CHINESE, &request->values, notice->text_zh);
    if (size >= 0)
        size = notice_text_render(request->kind, NOTICE_ENGLISH, &request->values, notice->text_en);
    return size < 0 ? size : 0;
}

int notify_post(const struct notify_store *store, const struct notify_request *request, struct notice *out)
{
    struct notice notice;
    int result = notice_fill(request, &notice);

    if (result < 0)
        return result;
    result = store->notice_insert(store->context, &notice);
    if (result < 0)
        return result;
    if (out != NULL)
        *out = notice;
    return result == 1 ? 0 : 1;
}
