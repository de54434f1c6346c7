#include "codec/dlt645/dlt645_assembly.h"

#include "codec/codec_error.h"

void dlt645_assembly_start(struct dlt645_assembly *assembly, enum dlt645_version version,
                           const struct dlt645_address *asked, uint32_t identifier, void *buffer, size_t capacity)
{
    assembly->asked = *asked;
    assembly->identifier = identifier;
    assembly->version = (uint8_t)version;
    assembly->state = DLT645_ASSEMBLY_WAITING;
    assembly->next_sequence = 0;
    assembly->values = writer_of_buffer(buffer, capacity);
}

/* The function of the frame is the first read or a follow-up of this version; negative for any other. */
static int follow_up_of(const struct dlt645_assembly *assembly, const struct dlt645_frame *frame)
{
    unsigned function = frame->control & DLT645_CONTROL_FUNCTION;
    unsigned first = assembly->version == DLT645_2007 ? (unsigned)DLT645_READ : (unsigned)DLT645_1997_READ;
    unsigned more = assembly->version == DLT645_2007 ? (unsigned)DLT645_READ_MORE : (unsigned)DLT645_1997_READ_MORE;

    if (function != first && function != more)
        return CODEC_ERR_UNKNOWN;
    return function == more;
}

/* The answer is the one that is waited for; 1997 numbers nothing, so there any follow-up is the next. */
static int order_check(const struct dlt645_assembly *assembly, const struct dlt645_message *message, bool is_follow_up)
{
    const struct dlt645_part *sequence = dlt645_message_part(message, DLT645_PART_SEQUENCE);

    if (!is_follow_up)
        return assembly->state == DLT645_ASSEMBLY_WAITING ? 0
               : assembly->next_sequence == 1             ? CODEC_ERR_DUPLICATE
                                                          : CODEC_ERR_ORDER;
    if (assembly->state == DLT645_ASSEMBLY_WAITING)
        return CODEC_ERR_ORDER;
    if (sequence != NULL && sequence->bytes.bytes[0] == (uint8_t)(assembly->next_sequence - 1) &&
        assembly->next_sequence > 1)
        return CODEC_ERR_DUPLICATE;
    if (assembly->state == DLT645_ASSEMBLY_WHOLE)
        return CODEC_ERR_ORDER;
    return sequence == NULL || sequence->bytes.bytes[0] == assembly->next_sequence ? 0 : CODEC_ERR_ORDER;
}

int dlt645_assembly_add(struct dlt645_assembly *assembly, const struct dlt645_frame *frame)
{
    struct dlt645_message message;
    int follow_up = follow_up_of(assembly, frame);

    dlt645_message_decode(frame, &message);
    if (frame->version != assembly->version || follow_up < 0 || message.direction != DLT645_ANSWER ||
        !message.has_identifier || message.identifier != assembly->identifier ||
        !dlt645_address_matches(&assembly->asked, &frame->address))
        return CODEC_ERR_UNKNOWN;
    int result = order_check(assembly, &message, follow_up > 0);
    if (result < 0)
        return result;
    if (message.values.size > assembly->values.capacity - assembly->values.size)
        return CODEC_ERR_FULL;
    writer_put_span(&assembly->values, message.values);
    assembly->asked = frame->address;
    assembly->next_sequence++;
    assembly->state = message.has_more ? DLT645_ASSEMBLY_MORE : DLT645_ASSEMBLY_WHOLE;
    return 0;
}

int dlt645_assembly_items_decode(const struct dlt645_assembly *assembly, struct item_list *list)
{
    return dlt645_values_decode((enum dlt645_version)assembly->version, assembly->identifier, true,
                                writer_span(&assembly->values), list);
}
