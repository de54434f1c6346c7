#include "codec/dlt645/dlt645_items.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_field.h"
#include "codec/dlt645/dlt645_freeze.h"
#include "codec/dlt645/dlt645_load.h"
#include "codec/dlt645/dlt645_table.h"

#define BLOCK_SEPARATOR 0xaa /* 1997, between and behind the parts of a block */

/* Puts the number of an axis where items have a place for it. */
static inline void axis_put(const struct dlt645_axis *axis, uint8_t number, struct item *item)
{
    switch ((enum dlt645_axis_kind)axis->kind) {
    case DLT645_AXIS_TARIFF:
        item->tariff = number;
        break;
    case DLT645_AXIS_STORAGE:
        item->storage = number;
        break;
    case DLT645_AXIS_PHASE:
        item->phase = number;
        break;
    case DLT645_AXIS_TIER:
        item->tier = number;
        break;
    case DLT645_AXIS_NONE:
    case DLT645_AXIS_NUMBER:
        break;
    }
}

static int other_add(uint32_t identifier, struct span bytes, struct item_list *list)
{
    struct item *item = item_list_add(list);

    if (item == NULL)
        return CODEC_ERR_FULL;
    item->kind = ITEM_KIND_BYTES;
    item->identifier = identifier;
    item->bytes = bytes;
    return 0;
}

/* What stands behind `at`, when anything does. */
static int rest_add(uint32_t identifier, struct span values, size_t at, struct item_list *list)
{
    return at == values.size ? 0 : other_add(identifier, span_of_bytes(values.bytes + at, values.size - at), list);
}

static inline int field_add(const struct dlt645_identity *identity, const struct dlt645_field *field, struct span bytes,
                            struct item_list *list)
{
    struct item *item = item_list_add(list);

    if (item == NULL)
        return CODEC_ERR_FULL;
    dlt645_field_decode(field, bytes, item);
    item->identifier = identity->identifier;
    axis_put(&identity->row->middle, identity->middle_number, item);
    axis_put(&identity->row->last, identity->last_number, item);
    return 0;
}

/* A value of its own: any other length is a mistake somewhere, and half of it is no value. */
static inline int single_decode(const struct dlt645_identity *identity, struct span values, struct item_list *list)
{
    static const struct dlt645_field nothing = { ITEM_OTHER, 0, DLT645_FORM_BYTES, 0, 0, 0, 0, NULL, NULL };
    const struct dlt645_field *field = &identity->row->field;

    if (values.size == dlt645_field_size(field))
        return field_add(identity, field, values, list);
    if (field_add(identity, &nothing, values, list) < 0)
        return CODEC_ERR_FULL;
    struct item *item = &list->items[list->count - 1];
    item->quantity = field->quantity;
    item->unit = field->unit;
    item->quality = values.size == 0 ? ITEM_MISSING : ITEM_INVALID;
    return 0;
}

/* `identity` asks for one member now. */
static struct dlt645_identity member_of(const struct dlt645_identity *block, uint8_t number)
{
    struct dlt645_identity member = *block;

    member.identifier = dlt645_identity_expand(block, number);
    if (block->is_middle_block)
        member.middle_number = number;
    else
        member.last_number = number;
    member.is_middle_block = false;
    member.is_last_block = false;
    return member;
}

/* Members one after the other, as many as are there. */
static int block_decode(const struct dlt645_identity *identity, struct span values, struct item_list *list)
{
    const struct dlt645_axis *axis = identity->is_middle_block ? &identity->row->middle : &identity->row->last;
    size_t size = dlt645_field_size(&identity->row->field), at = 0;

    for (unsigned number = axis->low; number <= axis->high && values.size - at >= size; number++, at += size) {
        struct dlt645_identity member = member_of(identity, (uint8_t)number);
        if (field_add(&member, &identity->row->field, span_of_bytes(values.bytes + at, size), list) < 0)
            return CODEC_ERR_FULL;
    }
    if (identity->version == DLT645_1997 && values.size - at == 1 && values.bytes[at] == BLOCK_SEPARATOR)
        return 0;
    return rest_add(identity->identifier, values, at, list);
}

/* Which round through its repeated fields item number `index` of a record belongs to. */
static unsigned round_of(const struct dlt645_record *record, size_t index)
{
    size_t cycle = (size_t)record->count - record->repeat_from;
    return cycle == 0 || index < record->repeat_from ? 0 : (unsigned)((index - record->repeat_from) / cycle);
}

/* NULL behind the last. */
static const struct dlt645_field *record_field(const struct dlt645_record *record, size_t index)
{
    size_t cycle = (size_t)record->count - record->repeat_from;

    if (index < record->count)
        return &record->fields[index];
    return cycle == 0 ? NULL : &record->fields[record->repeat_from + (index - record->count) % cycle];
}

/* Fields in their order, the last ones again while there are data. What does not fill a field is shown as bytes. */
static int record_decode(const struct dlt645_identity *identity, const struct dlt645_record *record, struct span values,
                         struct item_list *list)
{
    const struct dlt645_axis counted = { record->counted, 0, UINT8_MAX, false };
    const struct dlt645_field *field;
    size_t at = 0;

    for (size_t i = 0; (field = record_field(record, i)) != NULL; i++) {
        size_t size = dlt645_field_size(field);
        if (at == values.size || values.size - at < size)
            break;
        if (field_add(identity, field, span_of_bytes(values.bytes + at, size), list) < 0)
            return CODEC_ERR_FULL;
        axis_put(&counted, (uint8_t)round_of(record, i), &list->items[list->count - 1]);
        at += size;
    }
    return rest_add(identity->identifier, values, at, list);
}

/* Load records and whole freezes have more than fields one after the other. */
static int walked_decode(const struct dlt645_identity *identity, struct span values, struct item_list *list)
{
    size_t used = 0;
    int result = identity->row->record == &dlt645_load_record
                     ? dlt645_load_decode(identity->identifier, values, list, &used)
                     : dlt645_freeze_decode(identity, values, list, &used);
    return result < 0 ? result : rest_add(identity->identifier, values, used, list);
}

static bool is_walked(const struct dlt645_record *record)
{
    return record == &dlt645_load_record || record == &dlt645_freeze_whole_record ||
           record == &dlt645_freeze_hour_record;
}

/* NULL for identifiers that have a field or a block of them. */
static const struct dlt645_record *record_of(const struct dlt645_identity *identity, bool is_answer, size_t size)
{
    const struct dlt645_record *variant = is_answer ? NULL : dlt645_security_variant(identity->identifier, size);
    return variant != NULL ? variant : identity->row->record;
}

static inline int values_decode(enum dlt645_version version, uint32_t identifier, bool is_answer, struct span values,
                                struct item_list *list)
{
    struct dlt645_identity identity;

    if (dlt645_identifier_find(version, identifier, is_answer, &identity) < 0 ||
        (identity.is_middle_block && identity.is_last_block))
        return other_add(identifier, values, list);
    if (is_walked(identity.row->record))
        return walked_decode(&identity, values, list);
    if (identity.row->record != NULL)
        return record_decode(&identity, record_of(&identity, is_answer, values.size), values, list);
    if (identity.is_middle_block || identity.is_last_block)
        return block_decode(&identity, values, list);
    return single_decode(&identity, values, list);
}

int dlt645_values_decode(enum dlt645_version version, uint32_t identifier, bool is_answer, struct span values,
                         struct item_list *list)
{
    size_t first = list->count;
    int result = values_decode(version, identifier, is_answer, values, list);

    /* 00000000 is the combined active energy: an identifier like any other. */
    for (size_t i = first; i < list->count; i++)
        list->items[i].identifier_digits = version == DLT645_1997 ? 4 : 8;
    return result;
}

/* The field that item number `index` goes to; NULL behind the last. */
static const struct dlt645_field *field_at(const struct dlt645_identity *identity, const struct dlt645_record *record,
                                           size_t index)
{
    if (record != NULL)
        return record_field(record, index);
    return index == 0 || identity->is_middle_block || identity->is_last_block ? &identity->row->field : NULL;
}

const struct dlt645_field *dlt645_values_field(enum dlt645_version version, uint32_t identifier, bool is_answer,
                                               size_t size, size_t index)
{
    struct dlt645_identity identity;

    if (dlt645_identifier_find(version, identifier, is_answer, &identity) < 0)
        return NULL;
    return field_at(&identity, record_of(&identity, is_answer, size), index);
}

/* A record may end after any whole round of its repeated fields; without those it has to be complete. */
static bool count_is_enough(const struct dlt645_identity *identity, size_t count)
{
    const struct dlt645_record *record = identity->row->record;
    return count >= (record == NULL ? 1 : (size_t)record->repeat_from);
}

int dlt645_values_encode(enum dlt645_version version, uint32_t identifier, bool is_answer, const struct item *items,
                         size_t count, struct writer *out)
{
    struct dlt645_identity identity;
    size_t before = out->size;
    int result = dlt645_identifier_find(version, identifier, is_answer, &identity);

    if (result < 0)
        return result;
    if (identity.row->record != NULL && identity.row->record->count == 0)
        return CODEC_ERR_UNSUPPORTED;
    if (!count_is_enough(&identity, count))
        return CODEC_ERR_MISSING;
    if (count > 0 && field_at(&identity, identity.row->record, count - 1) == NULL)
        return CODEC_ERR_TRAILING;
    for (size_t i = 0; i < count && result == 0; i++)
        result = dlt645_field_encode(field_at(&identity, identity.row->record, i), &items[i], out);
    if (result < 0)
        out->size = before;
    return result;
}

#define PART(quantity, form, size) \
    { \
        ITEM_##quantity, ITEM_UNIT_NONE, DLT645_FORM_##form, size, 0, 0, 0, NULL, NULL \
    }

/* Parts of commands and answers that are items; the others (passwords, operators, numbers of frames) only belong to the
 * conversation. */
static const struct dlt645_field part_fields[DLT645_PART_KIND_COUNT] = {
    [DLT645_PART_BLOCK_TIME] = PART(START_TIME, MINUTE, 5),
    [DLT645_PART_ADDRESS] = PART(ADDRESS, DIGITS, 6),
    [DLT645_PART_TIME] = PART(DATE_TIME, SECOND, 6),
    [DLT645_PART_FREEZE_TIME] = PART(TIME, DIGITS, 4),
    [DLT645_PART_RATE] = PART(PARAMETER, FLAGS, 1),
    [DLT645_PART_RELAY_COMMAND] = PART(RELAY, FLAGS, 1),
    [DLT645_PART_VALID_UNTIL] = PART(END_TIME, SECOND, 6),
    [DLT645_PART_ERROR] = PART(ERROR_FLAGS, FLAGS, 1),
    [DLT645_PART_SECURITY_ERROR] = PART(ERROR_FLAGS, FLAGS, 2),
    [DLT645_PART_SHORT_ERROR] = PART(ERROR_FLAGS, FLAGS, 1),
};

#undef PART

static int command_decode(uint8_t kind, struct span bytes, struct item_list *list)
{
    const struct dlt645_field *field = &part_fields[kind];

    if (kind == DLT645_PART_REST && bytes.size > 0)
        return other_add(0, bytes, list);
    if (field->size == 0)
        return 0;
    struct item *item = item_list_add(list);
    if (item == NULL)
        return CODEC_ERR_FULL;
    dlt645_field_decode(field, bytes, item);
    return 0;
}

int dlt645_part_items_decode(const struct dlt645_frame *frame, const struct dlt645_message *message,
                             const struct dlt645_part *part, struct item_list *list)
{
    if (part->kind != DLT645_PART_VALUES)
        return command_decode(part->kind, part->bytes, list);
    if (!message->has_identifier || dlt645_frame_is_continuation(frame))
        return other_add(message->identifier, part->bytes, list);
    return dlt645_values_decode((enum dlt645_version)frame->version, message->identifier,
                                message->direction != DLT645_REQUEST, part->bytes, list);
}

static uint32_t identifier_of(const uint8_t *bytes, size_t size)
{
    uint32_t low = bytes[0] | (uint32_t)bytes[1] << 8;
    return size == 2 ? low : low | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Walks the shape itself: most frames are one value, and a message of parts would cost as much as the value. */
int dlt645_items_decode(const struct dlt645_frame *frame, struct item_list *list)
{
    const struct dlt645_shape *shape = dlt645_shape_of(frame);
    bool is_answer = (frame->control & DLT645_CONTROL_ANSWER) != 0, has_identifier = false;
    uint32_t identifier = 0;
    int result = 0;

    if (shape == NULL)
        return other_add(0, span_of_bytes(frame->data, frame->data_size), list);
    const uint8_t *at = frame->data;
    for (size_t i = 0; i < DLT645_PART_LIMIT && shape->parts[i] != DLT645_PART_END && result == 0; i++) {
        uint8_t kind = shape->parts[i];
        size_t size = dlt645_part_sizes[kind];
        if (kind == DLT645_PART_IDENTIFIER || kind == DLT645_PART_IDENTIFIER_1997) {
            identifier = identifier_of(at, size);
            has_identifier = true;
        } else if (kind != DLT645_PART_VALUES) {
            result = command_decode(kind, span_of_bytes(at, size), list);
        } else {
            size = (size_t)frame->data_size - shape->fixed_size;
            result = has_identifier ? dlt645_values_decode((enum dlt645_version)frame->version, identifier, is_answer,
                                                           span_of_bytes(at, size), list)
                                    : other_add(identifier, span_of_bytes(at, size), list);
        }
        at += size;
    }
    return result;
}
