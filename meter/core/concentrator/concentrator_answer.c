/* Answers: data units collected into one frame or several, confirmations, denials. */
#include <string.h>

#include "codec/codec_error.h"
#include "meter/core/concentrator/concentrator_internal.h"

enum { FUNCTION_CONFIRM = 0, FUNCTION_USER_DATA = 8, FUNCTION_NO_DATA = 9 };
enum { ALL_CONFIRMED = 1, ALL_DENIED = 2 };

#define CONFIRMATION_SIZE 72 /* 13 units of an order with an error each */

struct concentrator_head head_of(const struct q376_frame *frame)
{
    struct concentrator_head head = { frame->protocol, frame->afn, frame->sequence, frame->address };
    return head;
}

static void frame_send(struct concentrator *concentrator, const struct concentrator_head *head, uint8_t afn,
                       uint8_t code, uint8_t sequence, struct span units)
{
    struct q376_frame frame;

    memset(&frame, 0, sizeof frame);
    frame.protocol = head->protocol;
    frame.control = (uint8_t)(Q376_CONTROL_UPLINK | code);
    frame.address = head->address;
    frame.address.is_group = false;
    frame.address.terminal = concentrator->config.address.terminal;
    frame.afn = afn;
    frame.sequence = sequence;
    frame.units = units;
    link_send(concentrator, &frame);
}

struct answer answer_begin(struct concentrator *concentrator, const struct concentrator_head *head)
{
    size_t room = concentrator->config.frame_limit - Q376_SHELL_SIZE - (Q376_AT_UNITS - Q376_AT_CONTROL) -
                  Q376_EVENT_COUNTERS_SIZE;
    struct answer answer = { concentrator, *head, writer_of_buffer(concentrator->units, room), 0, 0 };
    return answer;
}

static void part_send(struct answer *answer, bool is_last)
{
    unsigned sequence = (answer->head.sequence + answer->part) & Q376_SEQUENCE_NUMBER;

    sequence |= (answer->part == 0 ? Q376_SEQUENCE_FIRST : 0u) | (is_last ? Q376_SEQUENCE_FINAL : 0u);
    frame_send(answer->concentrator, &answer->head, answer->head.afn, FUNCTION_USER_DATA, (uint8_t)sequence,
               writer_span(&answer->units));
    answer->part++;
    answer->units.size = 0;
    answer->units.overflow = false;
}

void answer_flush(struct answer *answer)
{
    if (answer->units.size > 0)
        part_send(answer, false);
}

void answer_end(struct answer *answer)
{
    if (answer->served == 0)
        answer_confirm(answer->concentrator, &answer->head, true);
    else
        part_send(answer, true);
}

static void confirmation_send(struct concentrator *concentrator, const struct concentrator_head *head, uint8_t code,
                              struct span units)
{
    uint8_t sequence = (uint8_t)(Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL | (head->sequence & Q376_SEQUENCE_NUMBER));
    struct concentrator_link *link = &concentrator->link;

    /* Groups are told, not asked: nobody answers. */
    if (head->address.is_group)
        return;
    link->last_size = 0;
    if (units.size <= sizeof link->last_answer) {
        memcpy(link->last_answer, units.bytes, units.size);
        link->last_size = (uint16_t)units.size;
    }
    frame_send(concentrator, head, Q376_AFN_CONFIRM, code, sequence, units);
}

void answer_confirm(struct concentrator *concentrator, const struct concentrator_head *head, bool is_denied)
{
    uint8_t bytes[Q376_UNIT_ID_SIZE];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    uint8_t code = is_denied ? FUNCTION_NO_DATA : FUNCTION_CONFIRM;

    concentrator->counts.denied += is_denied ? 1u : 0u;
    if (q376_unit_put(0, is_denied ? ALL_DENIED : ALL_CONFIRMED, &units) == 0)
        confirmation_send(concentrator, head, code, writer_span(&units));
}

void answer_confirm_each(struct concentrator *concentrator, const struct concentrator_head *head,
                         const struct q376_confirmation *confirmations, size_t count)
{
    uint8_t bytes[CONFIRMATION_SIZE + Q376_UNIT_ID_SIZE + 1];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    size_t right = 0;

    for (size_t i = 0; i < count; i++)
        right += confirmations[i].error == 0 ? 1u : 0u;
    if (right == count || right == 0 || q376_confirmations_put(head->afn, confirmations, count, &units) < 0)
        answer_confirm(concentrator, head, right < count || count == 0);
    else
        confirmation_send(concentrator, head, FUNCTION_CONFIRM, writer_span(&units));
}
