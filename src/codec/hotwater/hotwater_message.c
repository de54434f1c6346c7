#include "codec/hotwater/hotwater_message.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_layout.h"

const struct layout_word *hotwater_command_word(uint8_t command)
{
    const struct layout_set *set = &hotwater_sets[HOTWATER_SET_COMMAND];
    uint8_t row = layout_set_find(set, command);
    return row == LAYOUT_UNKNOWN ? NULL : &set->rows[row];
}

bool hotwater_command_is_private(uint8_t command)
{
    return command == (HOTWATER_CLOSE | HOTWATER_ANSWER) || command == (HOTWATER_READ_RECORDS | HOTWATER_ANSWER) ||
           command == (HOTWATER_MANAGEMENT | HOTWATER_ANSWER) || command == HOTWATER_REPORT;
}

const struct layout_word *hotwater_result_word(uint8_t result)
{
    const struct layout_set *set = &hotwater_sets[HOTWATER_SET_RESULT];
    return result < set->count ? &set->rows[result] : NULL;
}

int hotwater_message_decode(uint8_t command, struct span payload, struct hotwater_message *out, size_t *error_offset)
{
    const struct layout_word *word = hotwater_command_word(command);
    struct reader reader = reader_of_span(payload);
    struct hotwater_message message;
    int result = CODEC_ERR_UNKNOWN;

    memset(&message, 0, sizeof message);
    message.command = command;
    if (word != NULL)
        result = layout_decode(word->about, hotwater_sets, &reader, &message);
    if (result == 0 && reader_remaining(&reader) > 0)
        result = CODEC_ERR_TRAILING;
    if (result == 0)
        *out = message;
    else if (error_offset != NULL)
        *error_offset = reader.offset;
    return result;
}

static int grant_check(const struct hotwater_grant *grant)
{
    return grant->not_after_s > grant->not_before_s ? 0 : CODEC_ERR_RANGE;
}

static int message_check(const struct hotwater_message *message)
{
    size_t signature = message->as.open.signature.size;

    switch (message->command) {
    case HOTWATER_OPEN:
        if (signature != 0 && signature != HOTWATER_SIGNATURE_SIZE)
            return CODEC_ERR_RANGE;
        return grant_check(&message->as.open.grant);
    case HOTWATER_SET_PARAMETERS:
        return grant_check(&message->as.parameters.grant);
    case HOTWATER_CLOSE | HOTWATER_ANSWER:
        return message->as.closed.records.size <= HOTWATER_TAGGED_RECORD_SIZE ? 0 : CODEC_ERR_RANGE;
    default:
        return 0;
    }
}

int hotwater_message_encode(const struct hotwater_message *message, struct writer *out)
{
    const struct layout_word *word = hotwater_command_word(message->command);

    if (word == NULL)
        return CODEC_ERR_UNKNOWN;
    int result = message_check(message);
    return result < 0 ? result : layout_encode(word->about, hotwater_sets, message, out);
}

int hotwater_grant_encode(const struct hotwater_grant *grant, struct writer *out)
{
    int result = grant_check(grant);
    return result < 0 ? result : layout_encode(&hotwater_grant_layout, hotwater_sets, grant, out);
}

int hotwater_card_grant_encode(const struct hotwater_card_grant *grant, struct writer *out)
{
    return layout_encode(&hotwater_card_grant_layout, hotwater_sets, grant, out);
}

int hotwater_record_encode(const struct hotwater_record *record, struct writer *out)
{
    return layout_encode(&hotwater_record_layout, hotwater_sets, record, out);
}

int hotwater_tagged_record_encode(const struct hotwater_tagged_record *record, struct writer *out)
{
    return layout_encode(&hotwater_tagged_record_layout, hotwater_sets, record, out);
}

int hotwater_alarm_record_encode(const struct hotwater_alarm_record *record, struct writer *out)
{
    return layout_encode(&hotwater_alarm_record_layout, hotwater_sets, record, out);
}

int hotwater_binding_encode(const struct hotwater_binding *binding, struct writer *out)
{
    return layout_encode(&hotwater_binding_layout, hotwater_sets, binding, out);
}

int hotwater_band_encode(const struct hotwater_band *band, struct writer *out)
{
    return layout_encode(&hotwater_band_layout, hotwater_sets, band, out);
}

int hotwater_parameter_encode(const struct hotwater_parameter_value *value, struct writer *out)
{
    const struct layout_set *set = &hotwater_sets[HOTWATER_SET_PARAMETER];

    if (value->parameter >= set->count)
        return CODEC_ERR_UNKNOWN;
    return layout_item_encode(&set->rows[value->parameter], hotwater_sets, value, out);
}

/* returns  1; 0 at the end; CODEC_ERR_* */
static int next_decode(const struct layout *layout, struct reader *reader, void *out)
{
    if (reader_remaining(reader) == 0)
        return 0;
    int result = layout_decode(layout, hotwater_sets, reader, out);
    return result < 0 ? result : 1;
}

int hotwater_tagged_record_next(struct reader *reader, struct hotwater_tagged_record *out)
{
    struct hotwater_tagged_record record;
    int result = next_decode(&hotwater_tagged_record_layout, reader, &record);

    if (result == 1)
        *out = record;
    return result;
}

int hotwater_alarm_record_next(struct reader *reader, struct hotwater_alarm_record *out)
{
    struct hotwater_alarm_record record;
    int result = next_decode(&hotwater_alarm_record_layout, reader, &record);

    if (result == 1)
        *out = record;
    return result;
}

int hotwater_binding_next(struct reader *reader, struct hotwater_binding *out)
{
    struct hotwater_binding binding;
    int result = next_decode(&hotwater_binding_layout, reader, &binding);

    if (result == 1)
        *out = binding;
    return result;
}

int hotwater_band_next(struct reader *reader, struct hotwater_band *out)
{
    struct hotwater_band band;
    int result = next_decode(&hotwater_band_layout, reader, &band);

    if (result == 1)
        *out = band;
    return result;
}

int hotwater_parameter_next(struct reader *reader, struct hotwater_parameter_value *out)
{
    const struct layout_set *set = &hotwater_sets[HOTWATER_SET_PARAMETER];
    struct hotwater_parameter_value value;
    struct span bytes;
    uint8_t tag = 0;

    while (reader_remaining(reader) > 0) {
        if (layout_item_split(reader, &tag, &bytes) < 0)
            return CODEC_ERR_SHORT;
        memset(&value, 0, sizeof value);
        value.parameter = layout_set_find(set, tag);
        if (value.parameter == LAYOUT_UNKNOWN)
            continue;
        struct reader inner = reader_of_span(bytes);
        if (layout_decode(set->rows[value.parameter].about, hotwater_sets, &inner, &value) < 0)
            return CODEC_ERR_FORMAT;
        *out = value;
        return 1;
    }
    return 0;
}

uint32_t hotwater_parameter_default(enum hotwater_parameter parameter)
{
    static const uint32_t defaults[HOTWATER_PARAMETER_COUNT] = { 1200, 600, 0, 60, 300, 120, 8, 300, 3, 0, 10 };
    return (unsigned)parameter < HOTWATER_PARAMETER_COUNT ? defaults[parameter] : 0;
}

int hotwater_payload_visit(uint8_t command, struct span payload, unsigned depth, const struct layout_visitor *visitor,
                           size_t *stopped)
{
    const struct layout_word *word = hotwater_command_word(command);
    struct layout_walk walk = { .visitor = visitor, .sets = hotwater_sets, .depth = depth, .identifier = command };
    struct reader reader = reader_of_span(payload);

    if (word == NULL) {
        if (payload.size > 0)
            layout_raw_visit(&walk, "payload", "载荷", "HW-1 4", payload);
        return 0;
    }
    int result = layout_visit(&walk, word->about, &reader);
    if (result == 0 && reader_remaining(&reader) > 0)
        result = CODEC_ERR_TRAILING;
    if (result < 0)
        *stopped = reader.offset;
    return result;
}

int hotwater_items_decode(uint8_t command, struct span payload, struct item_list *list)
{
    struct layout_item_taker taker = { list, false };
    struct layout_visitor visitor = { layout_item_take, &taker };
    size_t stopped;
    int result = hotwater_payload_visit(command, payload, 0, &visitor, &stopped);

    return taker.is_full ? CODEC_ERR_FULL : result;
}
