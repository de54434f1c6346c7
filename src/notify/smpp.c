/* SMPP 3.4: command_length, command_id, command_status, sequence_number, big-endian; texts end with a zero octet. */
#include <stdio.h>
#include <string.h>

#include "base/reader.h"
#include "base/text.h"
#include "notify/notify_error.h"
#include "notify/stream_session.h"

#define HEADER_SIZE 16
#define ANSWER UINT32_C(0x80000000)
#define TEXT_LIMIT 65 /* of a message_id with its zero */

enum command { SUBMIT_SM = 4, DELIVER_SM = 5, UNBIND = 6, BIND_TRANSCEIVER = 9, ENQUIRE_LINK = 0x15 };
enum { GENERIC_NACK = 0, RECEIPTED_MESSAGE_ID = 0x001e, MESSAGE_STATE = 0x0427, STATE_DELIVERED = 2 };

static void header_put(struct writer *writer, uint32_t command, uint32_t status, uint32_t sequence)
{
    writer_put_u32be(writer, 0); /* the length, when it is known */
    writer_put_u32be(writer, command);
    writer_put_u32be(writer, status);
    writer_put_u32be(writer, sequence);
}

static void text_put(struct writer *writer, const char *text)
{
    writer_text(writer, text);
    writer_put_u8(writer, 0);
}

static int frame_size(struct span bytes)
{
    struct reader reader = reader_of_span(bytes);
    uint32_t size;

    if (reader_take_u32be(&reader, &size) < 0)
        return 0;
    return size >= HEADER_SIZE && size <= STREAM_FRAME_LIMIT ? (int)size : NOTIFY_ERR_FRAME;
}

static int sign_in(struct stream_session *session)
{
    const struct provider *provider = session->provider;
    struct writer writer = stream_output_begin(session);

    if (strlen(provider->id) > 15 || strlen(provider->secret) > 8 || strlen(provider->application) > 12 ||
        strlen(provider->source) > 20)
        return NOTIFY_ERR_LONG; /* clauses 5.2.1 to 5.2.3, 5.2.8 */
    header_put(&writer, BIND_TRANSCEIVER, 0, session->sequence);
    text_put(&writer, provider->id);
    text_put(&writer, provider->secret);
    text_put(&writer, provider->application);
    writer_put_u8(&writer, 0x34); /* interface_version */
    writer_put_u8(&writer, 0);    /* addr_ton, addr_npi, address_range: all */
    writer_put_u8(&writer, 0);
    text_put(&writer, "");
    stream_output_end(session, &writer);
    return 0;
}

static void bare_put(struct stream_session *session, uint32_t command, uint32_t status, uint32_t sequence)
{
    struct writer writer = stream_output_begin(session);

    header_put(&writer, command, status, sequence);
    stream_output_end(session, &writer);
}

static void probe(struct stream_session *session)
{
    bare_put(session, ENQUIRE_LINK, 0, ++session->sequence);
}

/* Type of number and plan: a name is alphanumeric (5, 0), digits are of an unknown type in the telephone plan (0, 1). */
static void source_put(struct writer *writer, const char *source)
{
    bool is_number = strspn(source, "0123456789") == strlen(source);

    writer_put_u8(writer, is_number ? 0 : 5);
    writer_put_u8(writer, is_number ? 1 : 0);
    text_put(writer, source);
}

/* International digits; a number without '+' of eleven digits that begins with 1 is one of China. */
static void destination_put(struct writer *writer, const char *recipient)
{
    writer_put_u8(writer, 1);
    writer_put_u8(writer, 1);
    if (recipient[0] == '1' && strlen(recipient) == 11)
        writer_text(writer, "86");
    text_put(writer, recipient[0] == '+' ? recipient + 1 : recipient);
}

static void part_send(struct stream_session *session, const struct message *message, const struct sms_text *text,
                      uint8_t part, uint32_t sequence)
{
    struct writer writer = stream_output_begin(session);
    const struct sms_part *content = &text->parts[part];

    header_put(&writer, SUBMIT_SM, 0, sequence);
    text_put(&writer, "");                                   /* service_type */
    source_put(&writer, session->provider->source);
    destination_put(&writer, message->recipient);
    writer_put_u8(&writer, text->part_count > 1 ? 0x40 : 0); /* esm_class: a user data header */
    writer_put_u8(&writer, 0);                               /* protocol_id */
    writer_put_u8(&writer, 0);                               /* priority_flag */
    text_put(&writer, "");                                   /* schedule_delivery_time */
    text_put(&writer, "");                                   /* validity_period */
    writer_put_u8(&writer, 1);                               /* registered_delivery */
    writer_put_u8(&writer, 0);                               /* replace_if_present_flag */
    writer_put_u8(&writer, text->is_ucs2 ? 8 : 0);           /* data_coding */
    writer_put_u8(&writer, 0);                               /* sm_default_msg_id */
    writer_put_u8(&writer, content->size);
    writer_put_bytes(&writer, content->bytes, content->size);
    stream_output_end(session, &writer);
}

/* A text and its zero, at most `limit` octets of both. 0; NOTIFY_ERR_FRAME */
static int text_take(struct reader *reader, size_t limit, struct span *out)
{
    struct span rest = span_of_bytes(reader->in.bytes + reader->offset, reader_remaining(reader));
    ptrdiff_t size = span_find_byte(rest, 0);

    if (size < 0 || (size_t)size + 1 > limit)
        return NOTIFY_ERR_FRAME;
    *out = span_of_bytes(rest.bytes, (size_t)size);
    reader->offset += (size_t)size + 1;
    return 0;
}

/* Only what can stand in a log and in the store. */
static void words_copy(struct span from, char *to, size_t capacity)
{
    size_t size = 0;

    for (; size < from.size && size + 1 < capacity && from.bytes[size] > ' ' && from.bytes[size] < 0x7f; size++)
        to[size] = (char)from.bytes[size];
    to[size] = '\0';
}

static void bind_answered(struct stream_session *session, uint32_t status)
{
    char problem[64];

    if (status == 0) {
        stream_session_ready(session);
        return;
    }
    (void)snprintf(problem, sizeof problem, "the gateway refuses the sign-in: status 0x%02x", (unsigned)status);
    stream_session_lost(session, problem);
}

static const struct {
    uint32_t status;
    enum message_outcome outcome;
} verdicts[] = {
    { 0x00, MESSAGE_OUT_SENT },  { 0x08, MESSAGE_OUT_RETRY },     /* system error */
    { 0x14, MESSAGE_OUT_THROTTLED }, { 0x58, MESSAGE_OUT_THROTTLED }, /* queue full, throttled */
    { 0x04, MESSAGE_OUT_RETRY }, { 0x45, MESSAGE_OUT_RETRY },     /* wrong bind state, submit failed */
};

static enum message_outcome outcome_of(uint32_t status)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        if (verdicts[i].status == status)
            return verdicts[i].outcome;
    return MESSAGE_OUT_REFUSED;
}

static int submit_answered(struct stream_session *session, uint32_t status, uint32_t sequence, struct reader *reader)
{
    char reference[MESSAGE_REFERENCE_SIZE], reason[32];
    struct span number = { 0 };

    if (status == 0 && text_take(reader, TEXT_LIMIT, &number) < 0)
        return NOTIFY_ERR_FRAME;
    words_copy(number, reference, sizeof reference);
    (void)snprintf(reason, sizeof reason, "smpp status 0x%02x", (unsigned)status);
    stream_part_answered(session, sequence, outcome_of(status), reference, reason);
    return 0;
}

/* What a DELIVER_SM holds that matters. */
struct delivery {
    uint8_t esm_class;
    struct span message;
    struct span number;   /* receipted_message_id; empty: look into the text */
    uint8_t state;        /* message_state; 0: look into the text */
};

static int options_take(struct reader *reader, struct delivery *out)
{
    while (reader_remaining(reader) > 0) {
        uint16_t tag, size;
        struct span value;

        if (reader_take_u16be(reader, &tag) < 0 || reader_take_u16be(reader, &size) < 0 ||
            reader_take_span(reader, size, &value) < 0)
            return NOTIFY_ERR_FRAME;
        if (tag == RECEIPTED_MESSAGE_ID)
            out->number = value.size > 0 && value.bytes[value.size - 1] == 0 ? span_of_bytes(value.bytes, value.size - 1)
                                                                             : value;
        if (tag == MESSAGE_STATE && value.size == 1)
            out->state = value.bytes[0];
    }
    return 0;
}

static int delivery_take(struct reader *reader, struct delivery *out)
{
    struct span passed;
    uint8_t size;

    /* service_type, source, destination, esm_class, protocol and priority, two times, four octets */
    if (text_take(reader, 6, &passed) < 0 || reader_take_span(reader, 2, &passed) < 0 ||
        text_take(reader, 21, &passed) < 0 || reader_take_span(reader, 2, &passed) < 0 ||
        text_take(reader, 21, &passed) < 0 || reader_take_u8(reader, &out->esm_class) < 0 ||
        reader_take_span(reader, 2, &passed) < 0 || text_take(reader, 17, &passed) < 0 ||
        text_take(reader, 17, &passed) < 0 || reader_take_span(reader, 4, &passed) < 0 ||
        reader_take_u8(reader, &size) < 0 || reader_take_span(reader, size, &out->message) < 0)
        return NOTIFY_ERR_FRAME;
    return options_take(reader, out);
}

/* The word behind "id:" or "stat:" of a receipt's text (appendix B). */
static struct span word_behind(struct span text, const char *name)
{
    size_t size = strlen(name);

    for (size_t i = 0; i + size <= text.size; i++) {
        struct span rest = span_of_bytes(text.bytes + i + size, text.size - i - size);
        ptrdiff_t end;
        if (memcmp(text.bytes + i, name, size) != 0 || (i > 0 && text.bytes[i - 1] != ' '))
            continue;
        end = span_find_byte(rest, ' ');
        return span_of_bytes(rest.bytes, end < 0 ? rest.size : (size_t)end);
    }
    return span_of_bytes(NULL, 0);
}

/* Intermediate states (ENROUTE, ACCEPTD) say nothing yet. returns  whether there is anything to tell */
static bool receipt_make(const struct delivery *delivery, struct message_receipt *out)
{
    struct span number = delivery->number.size > 0 ? delivery->number : word_behind(delivery->message, "id:");
    struct span stat = word_behind(delivery->message, "stat:");

    *out = (struct message_receipt){ .outcome = MESSAGE_OUT_UNDELIVERED };
    words_copy(number, out->reference, sizeof out->reference);
    words_copy(stat, out->reason, sizeof out->reason);
    if (delivery->state == STATE_DELIVERED || span_equal_text(stat, "DELIVRD")) {
        out->outcome = MESSAGE_OUT_DELIVERED;
        out->reason[0] = '\0';
    } else if (delivery->state == 1 || delivery->state == 6 || span_equal_text(stat, "ENROUTE") ||
               span_equal_text(stat, "ACCEPTD")) {
        return false;
    } else if (stat.size == 0) {
        (void)snprintf(out->reason, sizeof out->reason, "smpp message_state %u", (unsigned)delivery->state);
    }
    return out->reference[0] != '\0';
}

static int deliver_take(struct stream_session *session, uint32_t sequence, struct reader *reader)
{
    struct delivery delivery = { 0 };
    struct message_receipt receipt;
    struct writer writer;

    if (delivery_take(reader, &delivery) < 0)
        return NOTIFY_ERR_FRAME;
    if ((delivery.esm_class & 0x3c) == 0x04 && receipt_make(&delivery, &receipt) &&
        !stream_receipt_add(session, &receipt))
        return 0;
    writer = stream_output_begin(session);
    header_put(&writer, DELIVER_SM | ANSWER, 0, sequence);
    text_put(&writer, "");
    stream_output_end(session, &writer);
    return 0;
}

static int frame_take(struct stream_session *session, struct span frame)
{
    struct reader reader = reader_of_span(frame);
    uint32_t size, command, status, sequence;

    if (reader_take_u32be(&reader, &size) < 0 || reader_take_u32be(&reader, &command) < 0 ||
        reader_take_u32be(&reader, &status) < 0 || reader_take_u32be(&reader, &sequence) < 0)
        return NOTIFY_ERR_FRAME;
    switch (command) {
    case BIND_TRANSCEIVER | ANSWER:
        bind_answered(session, status);
        return 0;
    case GENERIC_NACK | ANSWER:
        stream_part_answered(session, sequence, outcome_of(status == 0 ? 0x08 : status), "", "smpp generic_nack");
        return 0;
    case SUBMIT_SM | ANSWER:
        return submit_answered(session, status, sequence, &reader);
    case DELIVER_SM:
        return session->state == STREAM_READY ? deliver_take(session, sequence, &reader) : NOTIFY_ERR_FRAME;
    case ENQUIRE_LINK:
        bare_put(session, ENQUIRE_LINK | ANSWER, 0, sequence);
        return 0;
    case UNBIND:
        bare_put(session, UNBIND | ANSWER, 0, sequence);
        stream_session_lost(session, "the gateway ended the session");
        return 0;
    default:
        return 0;
    }
}

const struct stream_protocol smpp_protocol = { frame_size, frame_take, sign_in, probe, part_send };
