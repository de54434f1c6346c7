#include <string.h>

#include "api/core_port.h"
#include "base/text.h"

static const struct error_info rows[] = { CORE_ERRORS(ERROR_INFO_ROW) };

const struct error_info *core_error_info(int error)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}

static void part_copy(const char *from, char *to, size_t capacity)
{
    struct span text = span_of_text(from);

    text.size = text_utf8_cut(text, capacity - 1);
    (void)text_copy(text, to, capacity);
}

int core_reply_refuse(struct core_reply *reply, const struct error_info *info)
{
    reply->http_status = info->http_status;
    part_copy(info->code, reply->code, sizeof reply->code);
    part_copy(info->field, reply->field, sizeof reply->field);
    part_copy(info->text_zh, reply->text_zh, sizeof reply->text_zh);
    part_copy(info->text_en, reply->text_en, sizeof reply->text_en);
    return info->error;
}
