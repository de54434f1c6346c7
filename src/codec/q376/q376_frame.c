#include "codec/q376/q376_frame.h"

#include <string.h>

#include "codec/bcd/bcd.h"
#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/q376/q376_data.h"

#define HEAD_SIZE Q376_AT_CONTROL /* up to the second 68 */
#define SINGLE_FRAME (Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL)

/* Of the Southern Grid: A1 of 3, A2 of 3 bytes, A3; then AFN, SEQ and units of at least 6 bytes. */
#define SOUTHERN_AT_AFN 14
#define SOUTHERN_USER_SIZE_MINIMUM 16

static const struct q376_setting setting_default = { false, Q376_PASSWORD_SIZE, Q376_PASSWORD_SIZE_130, true };

struct q376_setting q376_setting_default(void)
{
    return setting_default;
}

static unsigned length_word(const uint8_t *frame)
{
    return (unsigned)frame[Q376_AT_LENGTH] | (unsigned)frame[Q376_AT_LENGTH + 1] << 8;
}

static bool check_sum_fits(const uint8_t *frame, size_t size)
{
    size_t user_size = size - Q376_SHELL_SIZE;
    return frame[size - 1] == Q376_END &&
           frame[size - 2] == checksum_sum8(span_of_bytes(frame + Q376_AT_CONTROL, user_size));
}

/* As much of the head as is there. */
static bool head_fits(struct span frame)
{
    const uint8_t *at = frame.bytes;
    return at[0] == Q376_START && (frame.size < 4 || at[3] == at[1]) && (frame.size < 5 || at[4] == at[2]) &&
           (frame.size < 6 || at[5] == Q376_START);
}

/* AFN values that terminals of the Southern Grid and of the State Grid share. */
static bool is_afn_known(uint8_t afn)
{
    return afn <= Q376_AFN_FORWARD && afn != 0x07;
}

/* Whether a frame can be none of the State Grid's: an AFN nobody uses, or one in the middle of several frames where
 * none can be (a confirmation, or data units that begin without a function). */
static bool is_state_grid_unlikely(const uint8_t *frame)
{
    bool is_middle = (frame[Q376_AT_SEQUENCE] & SINGLE_FRAME) == 0;
    bool has_function = frame[Q376_AT_UNITS + 2] != 0;

    return !is_afn_known(frame[Q376_AT_AFN]) ||
           (is_middle && (frame[Q376_AT_AFN] == Q376_AFN_CONFIRM || !has_function));
}

static bool is_southern_order(const uint8_t *frame, size_t user_size)
{
    return user_size >= SOUTHERN_USER_SIZE_MINIMUM && is_afn_known(frame[SOUTHERN_AT_AFN]) &&
           (frame[SOUTHERN_AT_AFN + 1] & SINGLE_FRAME) == SINGLE_FRAME && is_state_grid_unlikely(frame);
}

/* The size a frame at the start of `stream` has when its length word counts plain bytes, as the Southern Grid's.
 * returns  0 when it is none or not complete */
static size_t southern_size(struct span stream)
{
    size_t user_size = length_word(stream.bytes);
    size_t size = user_size + Q376_SHELL_SIZE;

    if (user_size < SOUTHERN_USER_SIZE_MINIMUM || size > stream.size || !check_sum_fits(stream.bytes, size))
        return 0;
    return is_afn_known(stream.bytes[SOUTHERN_AT_AFN]) ? size : 0;
}

/* The size by the shifted length word; 0 when the word is no legal one. */
static size_t frame_size(const uint8_t *frame)
{
    unsigned word = length_word(frame);
    return (word & 3u) == 0 || word >> 2 < Q376_USER_SIZE_MINIMUM ? 0 : (size_t)(word >> 2) + Q376_SHELL_SIZE;
}

enum verdict { NO_FRAME, MAYBE_LATER, FRAME };

static enum verdict frame_try(struct span stream, size_t *size)
{
    if (!head_fits(stream))
        return NO_FRAME;
    if (stream.size < HEAD_SIZE)
        return MAYBE_LATER;
    *size = frame_size(stream.bytes);
    if (*size != 0 && *size <= stream.size && check_sum_fits(stream.bytes, *size))
        return FRAME;
    size_t plain_size = southern_size(stream);
    if (plain_size != 0) {
        *size = plain_size;
        return FRAME;
    }
    return *size > stream.size ? MAYBE_LATER : NO_FRAME;
}

/* A complete frame wins over an earlier start that waits for more: that one is a frame that was cut, or noise. */
size_t q376_frame_find(struct span stream, size_t *skip)
{
    size_t wake_up = 0;         /* FE bytes directly before `at` */
    size_t first = stream.size; /* where the first start that waits for more, or its wake-up bytes, stand */

    for (size_t at = 0; at < stream.size; at++) {
        size_t size = 0;
        enum verdict verdict = frame_try(span_of_bytes(stream.bytes + at, stream.size - at), &size);
        if (verdict == FRAME) {
            *skip = at - wake_up;
            return wake_up + size;
        }
        if (verdict == MAYBE_LATER && first == stream.size)
            first = at - wake_up;
        wake_up = stream.bytes[at] == Q376_WAKE_UP ? wake_up + 1 : 0;
    }
    *skip = first < stream.size ? first : stream.size - wake_up;
    return 0;
}

static size_t wake_up_size(struct span frame)
{
    size_t size = 0;
    while (size < frame.size && frame.bytes[size] == Q376_WAKE_UP)
        size++;
    return size;
}

bool q376_frame_is_southern(struct span frame)
{
    size_t wake_up = wake_up_size(frame);
    const uint8_t *at = frame.bytes + wake_up;
    size_t size = frame.size - wake_up;

    if (size < Q376_SHELL_SIZE + SOUTHERN_USER_SIZE_MINIMUM || !head_fits(span_of_bytes(at, size)))
        return false;
    if (frame_size(at) == size)
        return check_sum_fits(at, size) && is_southern_order(at, size - Q376_SHELL_SIZE);
    return southern_size(span_of_bytes(at, size)) == size;
}

/* Whether the shell of a frame without wake-up bytes is believed, its check sum apart, and where it is not. */
static int shell_check(struct span frame, const struct q376_setting *setting, size_t *offset)
{
    static const struct {
        uint8_t at;
        uint8_t like; /* where the same byte stands; 0: it is 68H */
    } fixed[] = { { 0, 0 }, { 3, 1 }, { 4, 2 }, { Q376_AT_SECOND_START, 0 } };

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        *offset = fixed[i].at < frame.size ? fixed[i].at : frame.size;
        if (frame.size <= fixed[i].at)
            return CODEC_ERR_SHORT;
        if (frame.bytes[fixed[i].at] != (fixed[i].like == 0 ? Q376_START : frame.bytes[fixed[i].like]))
            return CODEC_ERR_FORMAT;
    }
    size_t size = (size_t)(length_word(frame.bytes) >> 2) + Q376_SHELL_SIZE;
    unsigned protocol = frame.bytes[Q376_AT_LENGTH] & 3u;
    *offset = Q376_AT_LENGTH;
    if (protocol == 0 || (protocol == Q376_PROTOCOL_RESERVED && !setting->accepts_reserved_protocol))
        return CODEC_ERR_RESERVED;
    if (size < Q376_USER_SIZE_MINIMUM + Q376_SHELL_SIZE)
        return CODEC_ERR_FORMAT;
    *offset = frame.size < size ? frame.size : size;
    if (frame.size != size)
        return frame.size < size ? CODEC_ERR_SHORT : CODEC_ERR_TRAILING;
    *offset = size - 1;
    return frame.bytes[size - 1] == Q376_END ? 0 : CODEC_ERR_FORMAT;
}

static struct q376_address address_take(const uint8_t *bytes)
{
    struct q376_address address;

    memcpy(address.region, bytes, sizeof address.region);
    address.terminal = (uint16_t)(bytes[2] | bytes[3] << 8);
    address.station = bytes[4] >> 1;
    address.is_group = (bytes[4] & 1) != 0;
    return address;
}

bool q376_frame_is_uplink(const struct q376_frame *frame)
{
    return (frame->control & Q376_CONTROL_UPLINK) != 0;
}

size_t q376_password_size(const struct q376_setting *setting, uint8_t protocol, uint8_t control, uint8_t afn)
{
    bool is_uplink = (control & Q376_CONTROL_UPLINK) != 0;

    switch (afn) {
    case Q376_AFN_RESET:
    case Q376_AFN_SET:
    case Q376_AFN_CONTROL:
    case Q376_AFN_FILE:
    case Q376_AFN_FORWARD:
        if (is_uplink)
            return 0;
        break;
    case Q376_AFN_AUTHENTICATION:
        break;
    default:
        return 0;
    }
    return protocol == Q376_PROTOCOL_130 ? setting->password_size_130 : setting->password_size;
}

/* Cut `size` bytes off the end of the units when a whole unit identifier is left. */
static bool auxiliary_cut(struct span *units, size_t size, struct span *out)
{
    if (size == 0 || units->size < Q376_UNIT_ID_SIZE + size)
        return false;
    units->size -= size;
    *out = span_of_bytes(units->bytes + units->size, size);
    return true;
}

/* PW is the first of AUX. Its size is no part of the frame and differs in the field: when the tables do not fit the
 * data units before a PW of the standard's size, and do before one of another size, that one is there. */
static void password_split(const struct q376_setting *setting, struct q376_frame *frame)
{
    static const uint8_t sizes[] = { Q376_PASSWORD_SIZE, Q376_PASSWORD_SIZE_130, 0 };
    size_t usual = q376_password_size(setting, frame->protocol, frame->control, frame->afn);
    struct span units = frame->units;

    if (usual == 0)
        return;
    bool is_usual = auxiliary_cut(&frame->units, usual, &frame->password);
    if (!setting->tries_passwords || (is_usual && q376_data_fits(frame)))
        return;
    for (size_t i = 0; i < sizeof sizes; i++) {
        struct q376_frame other = *frame;
        other.units = units;
        other.password = span_of_bytes(NULL, 0);
        bool is_cut = sizes[i] == 0 || auxiliary_cut(&other.units, sizes[i], &other.password);
        if (is_cut && q376_data_fits(&other)) {
            *frame = other;
            return;
        }
    }
}

/* Tp is the last of AUX, EC before it. */
static void auxiliary_split(const struct q376_setting *setting, struct q376_frame *frame)
{
    struct span part;

    if ((frame->sequence & Q376_SEQUENCE_TIME) != 0 && auxiliary_cut(&frame->units, Q376_TIME_TAG_SIZE, &part)) {
        frame->has_time_tag = true;
        frame->time_tag.counter = part.bytes[0];
        memcpy(frame->time_tag.sent_at, part.bytes + 1, sizeof frame->time_tag.sent_at);
        frame->time_tag.delay_min = part.bytes[5];
    }
    if (q376_frame_is_uplink(frame) && (frame->control & Q376_CONTROL_ACD) != 0 &&
        auxiliary_cut(&frame->units, Q376_EVENT_COUNTERS_SIZE, &part)) {
        frame->has_event_counters = true;
        frame->important_events = part.bytes[0];
        frame->general_events = part.bytes[1];
    }
    password_split(setting, frame);
}

static struct q376_frame parts_take(struct span inner, const struct q376_setting *setting)
{
    struct q376_frame found;

    memset(&found, 0, sizeof found);
    found.protocol = inner.bytes[Q376_AT_LENGTH] & 3u;
    found.control = inner.bytes[Q376_AT_CONTROL];
    found.address = address_take(inner.bytes + Q376_AT_ADDRESS);
    found.afn = inner.bytes[Q376_AT_AFN];
    found.sequence = inner.bytes[Q376_AT_SEQUENCE];
    found.units = span_of_bytes(inner.bytes + Q376_AT_UNITS, inner.size - Q376_AT_UNITS - 2);
    auxiliary_split(setting, &found);
    return found;
}

static int refuse(size_t *error_offset, size_t offset, int error)
{
    if (error_offset != NULL)
        *error_offset = offset;
    return error;
}

int q376_frame_split(struct span frame, const struct q376_setting *setting, struct q376_frame *out,
                     size_t *error_offset)
{
    size_t wake_up = wake_up_size(frame);
    struct span inner = span_of_bytes(frame.bytes + wake_up, frame.size - wake_up);
    size_t offset = 0;

    if (q376_frame_is_southern(frame))
        return refuse(error_offset, wake_up + Q376_AT_ADDRESS, CODEC_ERR_UNSUPPORTED);
    int result = shell_check(inner, setting, &offset);
    if (result < 0)
        return refuse(error_offset, wake_up + offset, result);
    *out = parts_take(inner, setting);
    return 0;
}

int q376_frame_decode_by(struct span frame, const struct q376_setting *setting, struct q376_frame *out,
                         size_t *error_offset)
{
    struct q376_frame found;
    int result = q376_frame_split(frame, setting, &found, error_offset);

    if (result < 0)
        return result;
    size_t wake_up = wake_up_size(frame);
    if (!check_sum_fits(frame.bytes + wake_up, frame.size - wake_up))
        return refuse(error_offset, frame.size - 2, CODEC_ERR_CHECKSUM);
    *out = found;
    return 0;
}

int q376_frame_decode(struct span frame, struct q376_frame *out, size_t *error_offset)
{
    return q376_frame_decode_by(frame, &setting_default, out, error_offset);
}

static void user_put(const struct q376_frame *frame, struct writer *out)
{
    bool is_uplink = q376_frame_is_uplink(frame);
    unsigned control = frame->control, sequence = frame->sequence & ~(unsigned)Q376_SEQUENCE_TIME;

    if (is_uplink)
        control = (control & ~(unsigned)Q376_CONTROL_ACD) | (frame->has_event_counters ? Q376_CONTROL_ACD : 0u);
    writer_put_u8(out, (uint8_t)control);
    writer_put_bytes(out, frame->address.region, sizeof frame->address.region);
    writer_put_u16le(out, frame->address.terminal);
    writer_put_u8(out, (uint8_t)(frame->address.station << 1 | frame->address.is_group));
    writer_put_u8(out, frame->afn);
    writer_put_u8(out, (uint8_t)(sequence | (frame->has_time_tag ? Q376_SEQUENCE_TIME : 0u)));
    writer_put_span(out, frame->units);
    writer_put_span(out, frame->password);
    if (frame->has_event_counters) {
        writer_put_u8(out, frame->important_events);
        writer_put_u8(out, frame->general_events);
    }
    if (frame->has_time_tag) {
        writer_put_u8(out, frame->time_tag.counter);
        writer_put_bytes(out, frame->time_tag.sent_at, sizeof frame->time_tag.sent_at);
        writer_put_u8(out, frame->time_tag.delay_min);
    }
}

int q376_frame_encode(const struct q376_frame *frame, struct writer *out)
{
    size_t user_size = Q376_AT_UNITS - Q376_AT_CONTROL + frame->units.size + frame->password.size +
                       (frame->has_event_counters ? Q376_EVENT_COUNTERS_SIZE : 0u) +
                       (frame->has_time_tag ? Q376_TIME_TAG_SIZE : 0u);
    bool is_legal = frame->protocol == Q376_PROTOCOL_130 || frame->protocol == Q376_PROTOCOL_376;

    if (!is_legal || frame->address.station > 127 || user_size < Q376_USER_SIZE_MINIMUM ||
        user_size > Q376_USER_SIZE_LIMIT || (frame->has_event_counters && !q376_frame_is_uplink(frame)))
        return CODEC_ERR_RANGE;
    unsigned word = (unsigned)user_size << 2 | frame->protocol;
    writer_put_u8(out, Q376_START);
    writer_put_u16le(out, (uint16_t)word);
    writer_put_u16le(out, (uint16_t)word);
    writer_put_u8(out, Q376_START);
    size_t user_start = out->size;
    user_put(frame, out);
    if (out->overflow)
        return CODEC_ERR_FULL;
    writer_put_u8(out, checksum_sum8(span_of_bytes(out->bytes + user_start, out->size - user_start)));
    writer_put_u8(out, Q376_END);
    return out->overflow ? CODEC_ERR_FULL : 0;
}

void q376_address_write(const struct q376_address *address, enum q376_address_form form, struct writer *out)
{
    char region[5];

    bcd_text(span_of_bytes(address->region, sizeof address->region), region);
    writer_text(out, region);
    writer_format(out, form == Q376_ADDRESS_DECIMAL ? "%05u" : "%04X", address->terminal);
}

/* A digit of the base, or -1. */
static int digit_read(uint8_t character, int base)
{
    int digit = character >= '0' && character <= '9'   ? character - '0'
                : character >= 'A' && character <= 'F' ? character - 'A' + 10
                : character >= 'a' && character <= 'f' ? character - 'a' + 10
                                                       : 99;
    return digit < base ? digit : -1;
}

int q376_address_read(struct span text, enum q376_address_form form, struct q376_address *out)
{
    int base = form == Q376_ADDRESS_DECIMAL ? 10 : 16;
    size_t size = form == Q376_ADDRESS_DECIMAL ? 9 : 8;
    struct q376_address address = { { 0, 0 }, 0, 0, false };
    int32_t terminal = 0;

    if (text.size != size || bcd_text_read(span_of_bytes(text.bytes, 4), address.region, 2) < 0)
        return CODEC_ERR_FORMAT;
    for (size_t i = 4; i < size; i++) {
        int digit = digit_read(text.bytes[i], base);
        if (digit < 0)
            return CODEC_ERR_FORMAT;
        terminal = terminal * base + digit;
    }
    if (terminal > 0xFFFF)
        return CODEC_ERR_FORMAT;
    address.terminal = (uint16_t)terminal;
    *out = address;
    return 0;
}
