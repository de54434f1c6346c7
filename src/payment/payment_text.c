/* Numbers, times and amounts as channels write them. */
#include "payment/payment_internal.h"

#include "base/calendar.h"
#include "base/decimal.h"
#include "base/text.h"

#include <string.h>

bool payment_number_permitted(const char *number)
{
    static const char permitted[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t size = strlen(number);

    return size >= 8 && size < PAYMENT_NUMBER_SIZE && strspn(number, permitted) == size;
}

static int64_t floor_divide(int64_t value, int64_t divisor)
{
    return value / divisor - (value % divisor < 0);
}

void payment_time_format(int64_t at_s, int32_t zone_offset_s, const char *pattern, char *out, size_t capacity)
{
    int64_t local_s = at_s + zone_offset_s;
    int64_t day = floor_divide(local_s, 86400);
    int64_t second = local_s - day * 86400;
    struct calendar_date date = calendar_date_of_day(day);
    struct writer writer = writer_of_buffer(out, capacity);

    for (; *pattern != '\0'; pattern++) {
        if (*pattern == 'Y')
            writer_format(&writer, "%04d", (int)date.year);
        else if (*pattern == 'M')
            writer_format(&writer, "%02d", (int)date.month);
        else if (*pattern == 'D')
            writer_format(&writer, "%02d", (int)date.day_of_month);
        else if (*pattern == 'h')
            writer_format(&writer, "%02d", (int)(second / 3600));
        else if (*pattern == 'm')
            writer_format(&writer, "%02d", (int)(second / 60 % 60));
        else if (*pattern == 's')
            writer_format(&writer, "%02d", (int)(second % 60));
        else
            writer_put_u8(&writer, (uint8_t)*pattern);
    }
    (void)writer_terminate(&writer);
}

void payment_time_rfc3339(int64_t at_s, int32_t zone_offset_s, char out[40])
{
    int32_t minutes = zone_offset_s / 60;
    int32_t distance = minutes < 0 ? -minutes : minutes;
    struct writer writer;

    payment_time_format(at_s, zone_offset_s, "Y-M-DTh:m:s", out, 40);
    writer = writer_of_buffer(out, 40);
    writer.size = strlen(out);
    writer_format(&writer, "%c%02d:%02d", minutes < 0 ? '-' : '+', (int)(distance / 60), (int)(distance % 60));
    (void)writer_terminate(&writer);
}

int64_t payment_time_read(const char *text, int32_t zone_offset_s)
{
    bool is_local = strlen(text) == 19 && text[10] == ' ';
    struct writer writer;
    int64_t at_s = 0;
    char utc[32];

    if (!is_local)
        return calendar_parse_time(span_of_text(text), &at_s) == 0 ? at_s : 0;
    writer = writer_of_buffer(utc, sizeof utc);
    writer_format(&writer, "%.10sT%sZ", text, text + 11);
    return calendar_parse_time(span_of_text(writer_terminate(&writer)), &at_s) == 0 ? at_s - zone_offset_s : 0;
}

int payment_yuan_read(struct span text, int64_t *amount_fen)
{
    ptrdiff_t point = span_find_byte(text, '.');
    size_t whole = point < 0 ? text.size : (size_t)point;
    int64_t value;

    if (whole == 0 || whole > 9 || (point >= 0 && (text.size - whole < 2 || text.size - whole > 3)))
        return PAYMENT_ERR_AMOUNT;
    if (text.bytes[0] < '0' || text.bytes[0] > '9' || decimal_parse_fen(text, &value) < 0)
        return PAYMENT_ERR_AMOUNT;
    *amount_fen = value;
    return 0;
}

void payment_yuan_write(int64_t amount_fen, char out[32])
{
    (void)decimal_format_fen(amount_fen, out, 32);
}

void payment_code_copy(const char *text, char out[PAYMENT_CODE_SIZE])
{
    size_t size = 0;

    for (; size < PAYMENT_CODE_SIZE - 1 && text[size] != '\0'; size++)
        out[size] = text[size] > ' ' && text[size] < 127 ? text[size] : '?';
    out[size] = '\0';
}

int payment_value_copy(const char *text, char *out, size_t capacity)
{
    return text_copy(span_of_text(text), out, capacity) < 0 ? PAYMENT_ERR_FORM : 0;
}
