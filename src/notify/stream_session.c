#include "notify/stream_session.h"

#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "base/text.h"
#include "notify/notify_error.h"

#define THROTTLED_WAIT_S 5
#define SEQUENCE_LIMIT 0x7fffffffu

static const struct stream_protocol *protocol_of(const struct stream_session *session)
{
    return session->provider->kind->stream;
}

void stream_session_lost(struct stream_session *session, const char *reason)
{
    if (session->state == STREAM_BROKEN)
        return;
    session->state = STREAM_BROKEN;
    (void)snprintf(session->problem, sizeof session->problem, "%s", reason);
}

struct writer stream_output_begin(struct stream_session *session)
{
    return writer_of_buffer(session->output + session->output_size, sizeof session->output - session->output_size);
}

void stream_output_end(struct stream_session *session, const struct writer *writer)
{
    if (writer_result(writer) < 0) {
        stream_session_lost(session, "the gateway takes nothing");
        return;
    }
    for (size_t i = 0; i < 4; i++)
        writer->bytes[i] = (uint8_t)(writer->size >> (8 * (3 - i)));
    session->output_size += writer->size;
}

int stream_session_open(struct stream_session *session, const struct provider *provider, const struct digest *digest,
                        int64_t wall_s, int64_t now_ms)
{
    memset(session, 0, sizeof *session);
    session->provider = provider;
    session->digest = digest;
    session->state = STREAM_SIGNING_IN;
    session->wall_s = wall_s;
    session->now_ms = now_ms;
    session->heard_ms = now_ms;
    session->asked_ms = now_ms;
    session->sequence = 1;
    return protocol_of(session)->sign_in(session);
}

void stream_session_ready(struct stream_session *session)
{
    if (session->state == STREAM_SIGNING_IN)
        session->state = STREAM_READY;
    session->asked_ms = 0;
}

/* Take whole frames from the front of the input. */
static void frames_take(struct stream_session *session)
{
    size_t used = 0;

    while (session->state != STREAM_BROKEN) {
        struct span rest = span_of_bytes(session->input + used, session->input_size - used);
        int size = protocol_of(session)->frame_size(rest);

        if (size < 0 || size > STREAM_FRAME_LIMIT)
            stream_session_lost(session, "the gateway sent bytes of another protocol");
        if (size <= 0 || (size_t)size > rest.size)
            break;
        if (protocol_of(session)->frame_take(session, span_of_bytes(rest.bytes, (size_t)size)) < 0)
            stream_session_lost(session, "the gateway sent a damaged frame");
        used += (size_t)size;
    }
    memmove(session->input, session->input + used, session->input_size - used);
    session->input_size -= used;
}

void stream_session_input(struct stream_session *session, struct span bytes, int64_t now_ms)
{
    session->now_ms = now_ms;
    session->heard_ms = now_ms;
    if (bytes.size > 0 && session->state == STREAM_READY)
        session->asked_ms = 0;
    while (bytes.size > 0 && session->state != STREAM_BROKEN) {
        size_t room = sizeof session->input - session->input_size;
        size_t size = bytes.size < room ? bytes.size : room;

        memcpy(session->input + session->input_size, bytes.bytes, size);
        session->input_size += size;
        bytes = span_of_bytes(bytes.bytes + size, bytes.size - size);
        frames_take(session);
    }
}

static uint32_t slots_used(const struct stream_session *session)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < STREAM_SLOT_LIMIT; i++)
        count += session->slots[i].used ? 1 : 0;
    return count;
}

static uint32_t messages_used(const struct stream_session *session)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < STREAM_MESSAGE_LIMIT; i++)
        count += session->messages[i].used ? 1 : 0;
    return count;
}

/* A message has up to MESSAGE_PART_LIMIT parts, which may go beyond the window of the last one; the bound of slots holds. */
uint32_t stream_session_room(const struct stream_session *session)
{
    uint32_t used = slots_used(session), window = (uint32_t)session->provider->window;
    uint32_t room = STREAM_MESSAGE_LIMIT - messages_used(session);

    if (session->state != STREAM_READY || used >= window)
        return 0;
    if (room > window - used)
        room = window - used;
    if (room > (STREAM_SLOT_LIMIT - used) / MESSAGE_PART_LIMIT)
        room = (STREAM_SLOT_LIMIT - used) / MESSAGE_PART_LIMIT;
    return room;
}

static uint32_t sequence_next(struct stream_session *session)
{
    session->sequence = session->sequence >= SEQUENCE_LIMIT ? 1 : session->sequence + 1;
    return session->sequence;
}

static void part_put(struct stream_session *session, const struct message *message, const struct sms_text *text,
                     uint8_t part, uint8_t index)
{
    for (uint32_t i = 0; i < STREAM_SLOT_LIMIT; i++) {
        struct stream_slot *slot = &session->slots[i];
        if (slot->used)
            continue;
        *slot = (struct stream_slot){ true, index, sequence_next(session), session->now_ms };
        protocol_of(session)->part_send(session, message, text, part, slot->sequence);
        return;
    }
}

int stream_session_send(struct stream_session *session, const struct message *message, int64_t now_ms)
{
    struct sms_text text;
    uint8_t index = 0;

    session->now_ms = now_ms;
    if (!message_address_permitted(MESSAGE_SMS, span_of_text(message->recipient)))
        return NOTIFY_ERR_ADDRESS;
    if (sms_text_split(message->text, session->reference, &text) < 0)
        return NOTIFY_ERR_LONG;
    while (index < STREAM_MESSAGE_LIMIT && session->messages[index].used)
        index++;
    if (index == STREAM_MESSAGE_LIMIT || session->state != STREAM_READY)
        return NOTIFY_ERR_LONG;
    session->reference++;
    session->messages[index] = (struct stream_message){
        .used = true, .waiting = text.part_count,
        .result = { .message_id = message->message_id, .outcome = MESSAGE_OUT_SENT, .parts = text.part_count },
    };
    for (uint8_t part = 0; part < text.part_count; part++)
        part_put(session, message, &text, part, index);
    return 0;
}

/* Of several parts the worst answer is the message's. */
static void result_add(struct stream_session *session, struct message_result *result, enum message_outcome outcome,
                       const char *reference, const char *reason)
{
    if (outcome == MESSAGE_OUT_SENT) {
        result->cost_e4 += session->provider->cost_e4;
        if (result->reference_count < MESSAGE_PART_LIMIT)
            (void)text_copy(span_of_text(reference), result->references[result->reference_count++],
                            MESSAGE_REFERENCE_SIZE);
        return;
    }
    if (outcome <= result->outcome && result->outcome != MESSAGE_OUT_SENT)
        return;
    result->outcome = outcome;
    result->retry_after_s = outcome == MESSAGE_OUT_THROTTLED ? THROTTLED_WAIT_S : 0;
    (void)snprintf(result->reason, sizeof result->reason, "%s", reason);
}

void stream_part_answered(struct stream_session *session, uint32_t sequence, enum message_outcome outcome,
                          const char *reference, const char *reason)
{
    for (uint32_t i = 0; i < STREAM_SLOT_LIMIT; i++) {
        struct stream_slot *slot = &session->slots[i];
        if (!slot->used || slot->sequence != sequence)
            continue;
        struct stream_message *message = &session->messages[slot->message];
        slot->used = false;
        message->waiting--;
        result_add(session, &message->result, outcome, reference, reason);
        return;
    }
}

bool stream_receipt_add(struct stream_session *session, const struct message_receipt *receipt)
{
    if (session->receipt_count == STREAM_RECEIPT_LIMIT)
        return false;
    session->receipts_ms[session->receipt_count] = session->now_ms;
    session->receipts[session->receipt_count++] = *receipt;
    return true;
}

void stream_session_tick(struct stream_session *session, int64_t now_ms)
{
    session->now_ms = now_ms;
    for (uint32_t i = 0; i < STREAM_SLOT_LIMIT; i++)
        if (session->slots[i].used && now_ms - session->slots[i].sent_ms > STREAM_ANSWER_MS)
            stream_session_lost(session, "the gateway does not answer");
    if (session->asked_ms != 0 && now_ms - session->asked_ms > STREAM_ANSWER_MS)
        stream_session_lost(session, "the gateway does not answer");
    if (session->state == STREAM_READY && session->asked_ms == 0 && now_ms - session->heard_ms > STREAM_IDLE_MS) {
        session->asked_ms = now_ms;
        protocol_of(session)->probe(session);
    }
}

uint32_t stream_session_results(struct stream_session *session, struct message_result out[], uint32_t limit)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < STREAM_MESSAGE_LIMIT && count < limit; i++) {
        struct stream_message *message = &session->messages[i];
        if (!message->used || (message->waiting > 0 && session->state != STREAM_BROKEN))
            continue;
        if (message->waiting > 0 && message->result.outcome == MESSAGE_OUT_SENT) {
            message->result.outcome = MESSAGE_OUT_RETRY;
            (void)snprintf(message->result.reason, sizeof message->result.reason, "%s", session->problem);
        }
        out[count++] = message->result;
        message->used = false;
    }
    return count;
}

static bool is_under_way(const struct stream_session *session, const char *reference)
{
    for (uint32_t i = 0; i < STREAM_MESSAGE_LIMIT; i++) {
        const struct stream_message *message = &session->messages[i];
        for (uint32_t k = 0; message->used && k < message->result.reference_count; k++)
            if (strcmp(message->result.references[k], reference) == 0)
                return true;
    }
    return false;
}

/* Whose number may still become known by an answer that is under way. */
static bool is_early(const struct stream_session *session, int64_t receipt_ms)
{
    for (uint32_t i = 0; i < STREAM_SLOT_LIMIT && session->state != STREAM_BROKEN; i++)
        if (session->slots[i].used && session->slots[i].sent_ms <= receipt_ms)
            return true;
    return false;
}

uint32_t stream_session_receipts(struct stream_session *session, struct message_receipt out[], uint32_t limit)
{
    uint32_t count = 0, kept = 0;

    for (uint32_t i = 0; i < session->receipt_count; i++) {
        if (count < limit && !is_under_way(session, session->receipts[i].reference) &&
            !is_early(session, session->receipts_ms[i])) {
            out[count++] = session->receipts[i];
            continue;
        }
        session->receipts_ms[kept] = session->receipts_ms[i];
        session->receipts[kept++] = session->receipts[i];
    }
    session->receipt_count = kept;
    return count;
}

void stream_session_sent(struct stream_session *session, size_t size)
{
    memmove(session->output, session->output + size, session->output_size - size);
    session->output_size -= size;
}
