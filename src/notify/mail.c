#include "notify/mail.h"

#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/text.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"

#define ENCODED_WORD_BYTES 42 /* 56 characters of base64, 68 with "=?UTF-8?B?" and "?=": lines stay below 76 */
#define BODY_LINE_BYTES 57    /* 76 characters of base64 */

/* A text for a header as encoded words, cut between code points, one to a line. */
static void words_put(struct writer *writer, const char *text)
{
    struct span rest = span_of_text(text);

    while (rest.size > 0) {
        size_t size = text_utf8_cut(rest, rest.size < ENCODED_WORD_BYTES ? rest.size : ENCODED_WORD_BYTES);

        writer_text(writer, "=?UTF-8?B?");
        base64_put(writer, span_of_bytes(rest.bytes, size));
        writer_text(writer, rest.size > size ? "?=\r\n " : "?=");
        rest = span_of_bytes(rest.bytes + size, rest.size - size);
    }
}

static void date_put(struct writer *writer, int64_t wall_s)
{
    static const char *const months[] = { "",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    static const char *const weekdays[] = { "", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    int64_t day = calendar_local_day(wall_s, 0);
    struct calendar_date date = calendar_date_of_day(day);
    int32_t second = calendar_second_of_day(wall_s, 0);

    writer_format(writer, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", weekdays[calendar_weekday_of_day(day)],
                  (int)date.day_of_month, months[date.month], (int)date.year, (int)(second / 3600),
                  (int)(second / 60 % 60), (int)(second % 60));
}

static void subject_put(struct writer *writer, const struct provider *provider, const struct message *message)
{
    const struct provider_template *template = provider_template_find(provider, message);
    const char *usual = message->language == NOTICE_CHINESE ? "通知" : "Notice";
    char organisation[NOTICE_TEXT_SIZE] = "";
    char subject[NOTICE_TEXT_SIZE + 32];

    (void)provider_word_read(message, "org", organisation, sizeof organisation);
    (void)snprintf(subject, sizeof subject, "%s%s%s", organisation, organisation[0] != '\0' ? " " : "",
                   template != NULL && template->code[0] != '\0' ? template->code : usual);
    writer_text(writer, "Subject: ");
    words_put(writer, subject);
    writer_text(writer, "\r\n");
}

static void body_put(struct writer *writer, const char *text)
{
    struct span rest = span_of_text(text);

    while (rest.size > 0) {
        size_t size = rest.size < BODY_LINE_BYTES ? rest.size : BODY_LINE_BYTES;

        base64_put(writer, span_of_bytes(rest.bytes, size));
        writer_text(writer, "\r\n");
        rest = span_of_bytes(rest.bytes + size, rest.size - size);
    }
}

int mail_write(const struct provider *provider, const struct message *message, int64_t wall_s, char out[MAIL_SIZE])
{
    struct writer writer = writer_of_buffer(out, MAIL_SIZE - 1);
    char number[MESSAGE_NUMBER_SIZE];

    if (!message_address_permitted(MESSAGE_EMAIL, span_of_text(provider->source)) ||
        !message_address_permitted(MESSAGE_EMAIL, span_of_text(message->recipient)))
        return NOTIFY_ERR_ADDRESS;
    message_number_write(message, number);
    date_put(&writer, wall_s);
    writer_text(&writer, "From: ");
    words_put(&writer, provider->sign_name);
    writer_format(&writer, "%s<%s>\r\nTo: <%s>\r\n", provider->sign_name[0] != '\0' ? " " : "", provider->source,
                  message->recipient);
    writer_format(&writer, "Message-ID: <%s%s>\r\n", number, strchr(provider->source, '@'));
    subject_put(&writer, provider, message);
    writer_text(&writer, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                         "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    body_put(&writer, message->text);
    if (writer_result(&writer) < 0)
        return NOTIFY_ERR_LONG;
    out[writer.size] = '\0';
    return (int)writer.size;
}
