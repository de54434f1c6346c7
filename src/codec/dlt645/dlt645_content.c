#include "codec/dlt645/dlt645_content.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"

#define ANY_TIME 99

static uint32_t low_first_read(const uint8_t *bytes, size_t size)
{
    uint32_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static void low_first_write(uint32_t value, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
}

/* Where a plain number of a part stands in the content. */
struct place {
    uint16_t offset;
    uint8_t size; /* of the member; 0: the part is no plain number */
};

#define PLACE(member) \
    { \
        (uint16_t) offsetof(struct dlt645_content, member), sizeof(((struct dlt645_content *)0)->member) \
    }

static const struct place numbers[DLT645_PART_KIND_COUNT] = {
    [DLT645_PART_IDENTIFIER] = PLACE(identifier),
    [DLT645_PART_IDENTIFIER_1997] = PLACE(identifier),
    [DLT645_PART_SEQUENCE] = PLACE(sequence),
    [DLT645_PART_BLOCK_COUNT] = PLACE(block_count),
    [DLT645_PART_OPERATOR] = PLACE(operator_code),
    [DLT645_PART_RATE] = PLACE(rate_word),
    [DLT645_PART_EVENT_CLASS] = PLACE(event_class),
    [DLT645_PART_RELAY_COMMAND] = PLACE(relay_command),
    [DLT645_PART_RELAY_RESERVED] = PLACE(relay_reserved),
    [DLT645_PART_OUTPUT] = PLACE(output),
    [DLT645_PART_ERROR] = PLACE(error),
    [DLT645_PART_SECURITY_ERROR] = PLACE(error),
    [DLT645_PART_SHORT_ERROR] = PLACE(error),
};

static void number_read(struct place place, struct span bytes, struct dlt645_content *content)
{
    unsigned char *member = (unsigned char *)content + place.offset;
    uint32_t value = low_first_read(bytes.bytes, bytes.size);
    uint16_t half = (uint16_t)value;

    if (place.size == 1)
        *member = (uint8_t)value;
    else if (place.size == 2)
        memcpy(member, &half, sizeof half);
    else
        memcpy(member, &value, sizeof value);
}

static uint32_t number_of(struct place place, const struct dlt645_content *content)
{
    const unsigned char *member = (const unsigned char *)content + place.offset;
    uint32_t value;
    uint16_t half;

    if (place.size == 1)
        return *member;
    if (place.size == 2) {
        memcpy(&half, member, sizeof half);
        return half;
    }
    memcpy(&value, member, sizeof value);
    return value;
}

static struct dlt645_password password_of(struct span bytes)
{
    struct dlt645_password password = { bytes.bytes[0], low_first_read(bytes.bytes + 1, 3) };
    return password;
}

static void password_write(const struct dlt645_password *password, uint8_t *bytes)
{
    bytes[0] = password->level;
    low_first_write(password->digits, bytes + 1, 3);
}

static bool freeze_time_is_legal(const struct dlt645_freeze_time *time)
{
    return (time->month == ANY_TIME || (time->month >= 1 && time->month <= 12)) &&
           (time->day == ANY_TIME || (time->day >= 1 && time->day <= 31)) &&
           (time->hour == ANY_TIME || time->hour <= 23) && (time->minute == ANY_TIME || time->minute <= 59);
}

static int freeze_time_read(struct span bytes, struct dlt645_freeze_time *out)
{
    struct dlt645_freeze_time time;
    uint8_t *const parts[] = { &time.minute, &time.hour, &time.day, &time.month };

    for (size_t i = 0; i < 4; i++) {
        int value = bcd_byte_read(bytes.bytes[i]);
        if (value < 0)
            return CODEC_ERR_RANGE;
        *parts[i] = (uint8_t)value;
    }
    if (!freeze_time_is_legal(&time))
        return CODEC_ERR_RANGE;
    *out = time;
    return 0;
}

static int freeze_time_write(const struct dlt645_freeze_time *time, uint8_t *bytes)
{
    if (!freeze_time_is_legal(time))
        return CODEC_ERR_RANGE;
    bytes[0] = bcd_byte_write(time->minute);
    bytes[1] = bcd_byte_write(time->hour);
    bytes[2] = bcd_byte_write(time->day);
    bytes[3] = bcd_byte_write(time->month);
    return 0;
}

static int part_read(const struct dlt645_part *part, struct dlt645_content *content)
{
    switch ((enum dlt645_part_kind)part->kind) {
    case DLT645_PART_VALUES:
        content->values = part->bytes;
        return 0;
    case DLT645_PART_PASSWORD:
        content->password = password_of(part->bytes);
        return 0;
    case DLT645_PART_OLD_PASSWORD:
        content->old_password = password_of(part->bytes);
        return 0;
    case DLT645_PART_NEW_PASSWORD:
        content->new_password = password_of(part->bytes);
        return 0;
    case DLT645_PART_ADDRESS:
        memcpy(content->address.bytes, part->bytes.bytes, DLT645_ADDRESS_SIZE);
        return 0;
    case DLT645_PART_TIME:
        return dlt645_time_read(part->bytes, &content->time);
    case DLT645_PART_BLOCK_TIME:
        return dlt645_time_read(part->bytes, &content->from);
    case DLT645_PART_VALID_UNTIL:
        return dlt645_time_read(part->bytes, &content->valid_until);
    case DLT645_PART_FREEZE_TIME:
        return freeze_time_read(part->bytes, &content->freeze_time);
    case DLT645_PART_REST:
        return CODEC_ERR_FORMAT;
    default:
        number_read(numbers[part->kind], part->bytes, content);
        return 0;
    }
}

int dlt645_content_decode(const struct dlt645_message *message, struct dlt645_content *out)
{
    struct dlt645_content content;

    memset(&content, 0, sizeof content);
    content.values = message->values;
    for (size_t i = 0; i < message->part_count; i++) {
        int result = part_read(&message->parts[i], &content);
        if (result < 0)
            return result;
    }
    *out = content;
    return 0;
}

/* One part at the end of the data. `size` is what the table gives it. */
static int part_write(enum dlt645_part_kind kind, size_t size, const struct dlt645_content *content, uint8_t *bytes)
{
    switch (kind) {
    case DLT645_PART_PASSWORD:
        password_write(&content->password, bytes);
        return 0;
    case DLT645_PART_OLD_PASSWORD:
        password_write(&content->old_password, bytes);
        return 0;
    case DLT645_PART_NEW_PASSWORD:
        password_write(&content->new_password, bytes);
        return 0;
    case DLT645_PART_ADDRESS:
        memcpy(bytes, content->address.bytes, DLT645_ADDRESS_SIZE);
        return 0;
    case DLT645_PART_TIME:
        return dlt645_time_write(&content->time, size, bytes);
    case DLT645_PART_BLOCK_TIME:
        return dlt645_time_write(&content->from, size, bytes);
    case DLT645_PART_VALID_UNTIL:
        return dlt645_time_write(&content->valid_until, size, bytes);
    case DLT645_PART_FREEZE_TIME:
        return freeze_time_write(&content->freeze_time, bytes);
    default:
        low_first_write(number_of(numbers[kind], content), bytes, size);
        return 0;
    }
}

static int data_write(const uint8_t *shape, const struct dlt645_content *content, uint8_t data[DLT645_DATA_LIMIT],
                      size_t *used)
{
    size_t at = 0;

    for (size_t i = 0; i < DLT645_PART_LIMIT && shape[i] != DLT645_PART_END; i++) {
        enum dlt645_part_kind kind = (enum dlt645_part_kind)shape[i];
        size_t size = kind == DLT645_PART_VALUES ? content->values.size : dlt645_part_sizes[kind];
        if (size > DLT645_DATA_LIMIT - at)
            return CODEC_ERR_TOO_LONG;
        if (kind == DLT645_PART_VALUES && size > 0)
            memcpy(data + at, content->values.bytes, size);
        else if (kind != DLT645_PART_VALUES) {
            int result = part_write(kind, size, content, data + at);
            if (result < 0)
                return result;
        }
        at += size;
    }
    *used = at;
    return 0;
}

int dlt645_content_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t control,
                          unsigned shape, const struct dlt645_content *content, struct writer *out)
{
    uint8_t data[DLT645_DATA_LIMIT];
    size_t size = 0;

    if (shape >= DLT645_SHAPE_LIMIT || !dlt645_function_is_known(version, control))
        return CODEC_ERR_UNSUPPORTED;
    const uint8_t *parts = dlt645_function_info(version, control)->shapes[dlt645_direction_of(control)][shape].parts;
    if (shape > 0 && parts[0] == DLT645_PART_END)
        return CODEC_ERR_UNSUPPORTED;
    int result = data_write(parts, content, data, &size);
    return result < 0 ? result : dlt645_frame_encode(address, control, span_of_bytes(data, size), out);
}
