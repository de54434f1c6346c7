/* CMPP 2.0, 2.1 and 3.0 (China Mobile): total_length, command_id, sequence, big-endian, fixed texts padded with zeros. */
#include <stdio.h>
#include <string.h>

#include "base/calendar.h"
#include "base/reader.h"
#include "notify/http_text.h"
#include "notify/notify_error.h"
#include "notify/stream_session.h"

#define HEADER_SIZE 12
#define ANSWER UINT32_C(0x80000000)
#define ID_SIZE 6
#define BEIJING_S 28800 /* gateways compare the timestamp with their own clock */

enum command { CONNECT = 1, TERMINATE = 2, SUBMIT = 4, DELIVER = 5, ACTIVE_TEST = 8 };

static bool is_three(const struct stream_session *session)
{
    return session->provider->version >= 30;
}

static void header_put(struct writer *writer, uint32_t command, uint32_t sequence)
{
    writer_put_u32be(writer, 0); /* the length, when it is known */
    writer_put_u32be(writer, command);
    writer_put_u32be(writer, sequence);
}

static void text_put(struct writer *writer, const char *text, size_t size)
{
    size_t used = strlen(text) < size ? strlen(text) : size;

    writer_put_bytes(writer, text, used);
    for (; used < size; used++)
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

/* MMDDHHMMSS */
static uint32_t timestamp_of(int64_t wall_s)
{
    struct calendar_date date = calendar_date_of_day(calendar_local_day(wall_s, BEIJING_S));
    int32_t second = calendar_second_of_day(wall_s, BEIJING_S);

    return (uint32_t)(date.month * 100000000 + date.day_of_month * 1000000 + second / 3600 * 10000 +
                      second / 60 % 60 * 100 + second % 60);
}

/* AuthenticatorSource = MD5(Source_Addr, nine zeros, secret, timestamp as ten digits) */
static int proof_make(struct stream_session *session, uint32_t timestamp)
{
    uint8_t bytes[ID_SIZE + 9 + PROVIDER_SECRET_SIZE + 16];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    int result;

    text_put(&writer, session->provider->id, ID_SIZE);
    text_put(&writer, "", 9);
    writer_text(&writer, session->provider->secret);
    writer_format(&writer, "%010u", (unsigned)timestamp);
    result = writer_result(&writer) < 0 ? NOTIFY_ERR_LONG
                                        : session->digest->md5(writer_span(&writer), session->secret_proof);
    memset(bytes, 0, sizeof bytes);
    return result;
}

static int sign_in(struct stream_session *session)
{
    uint32_t timestamp = timestamp_of(session->wall_s);
    struct writer writer = stream_output_begin(session);
    int32_t version = session->provider->version;
    int result = strlen(session->provider->id) > ID_SIZE ? NOTIFY_ERR_LONG : proof_make(session, timestamp);

    if (result < 0)
        return result;
    header_put(&writer, CONNECT, session->sequence);
    text_put(&writer, session->provider->id, ID_SIZE);
    writer_put_bytes(&writer, session->secret_proof, sizeof session->secret_proof);
    writer_put_u8(&writer, version >= 30 ? 0x30 : version == 21 ? 0x21 : 0x20);
    writer_put_u32be(&writer, timestamp);
    stream_output_end(session, &writer);
    return 0;
}

static void probe(struct stream_session *session)
{
    struct writer writer = stream_output_begin(session);

    header_put(&writer, ACTIVE_TEST, ++session->sequence);
    stream_output_end(session, &writer);
}

/* China's own numbers without their country. */
static const char *phone_of(const char *recipient)
{
    if (strncmp(recipient, "+86", 3) == 0)
        return recipient + 3;
    return recipient[0] == '+' ? recipient + 1 : recipient;
}

/* SUBMIT up to DestUsr_tl: 117 octets in 2.x. */
static void submit_head_put(struct writer *writer, const struct stream_session *session, const struct sms_text *text,
                            uint8_t part)
{
    const struct provider *provider = session->provider;

    text_put(writer, "", 8);                     /* Msg_Id: the gateway's */
    writer_put_u8(writer, text->part_count);     /* Pk_total */
    writer_put_u8(writer, (uint8_t)(part + 1));  /* Pk_number */
    writer_put_u8(writer, 1);                    /* Registered_Delivery */
    writer_put_u8(writer, 1);                    /* Msg_level */
    text_put(writer, provider->application, 10); /* Service_Id */
    writer_put_u8(writer, 2);                    /* Fee_UserType: the SP pays */
    text_put(writer, "", is_three(session) ? 33 : 21); /* Fee_terminal_Id, in 3.0 Fee_terminal_type too */
    writer_put_u8(writer, 0);                    /* TP_pId */
    writer_put_u8(writer, text->part_count > 1 ? 1 : 0); /* TP_udhi */
    writer_put_u8(writer, text->is_ucs2 ? 8 : 0); /* Msg_Fmt */
    text_put(writer, provider->id, ID_SIZE);     /* Msg_src */
    text_put(writer, "01", 2);                   /* FeeType: free for who receives it */
    text_put(writer, "0", 6);                    /* FeeCode */
    text_put(writer, "", 34);                    /* ValId_Time, At_Time */
    text_put(writer, provider->source, 21);      /* Src_Id */
    writer_put_u8(writer, 1);                    /* DestUsr_tl */
}

static void part_send(struct stream_session *session, const struct message *message, const struct sms_text *text,
                      uint8_t part, uint32_t sequence)
{
    struct writer writer = stream_output_begin(session);
    const struct sms_part *content = &text->parts[part];

    header_put(&writer, SUBMIT, sequence);
    submit_head_put(&writer, session, text, part);
    text_put(&writer, phone_of(message->recipient), is_three(session) ? 32 : 21);
    if (is_three(session))
        writer_put_u8(&writer, 0); /* Dest_terminal_type: the number itself */
    writer_put_u8(&writer, content->size);
    writer_put_bytes(&writer, content->bytes, content->size);
    text_put(&writer, "", is_three(session) ? 20 : 8); /* LinkID, Reserve */
    stream_output_end(session, &writer);
}

/* One octet in 2.x, four in 3.0. */
static int status_take(const struct stream_session *session, struct reader *reader, uint32_t *status)
{
    uint64_t number;

    if (reader_take_unsigned_be(reader, is_three(session) ? 4 : 1, &number) < 0)
        return NOTIFY_ERR_FRAME;
    *status = (uint32_t)number;
    return 0;
}

/* AuthISMG = MD5(Status as it was sent, AuthenticatorSource, secret): a gateway that knows the secret. */
static bool gateway_is_proved(const struct stream_session *session, struct span status, struct span proof)
{
    uint8_t bytes[4 + DIGEST_MD5_SIZE + PROVIDER_SECRET_SIZE], expected[DIGEST_MD5_SIZE];
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);
    bool is_proved;

    writer_put_span(&writer, status);
    writer_put_bytes(&writer, session->secret_proof, sizeof session->secret_proof);
    writer_text(&writer, session->provider->secret);
    is_proved = writer_result(&writer) > 0 && session->digest->md5(writer_span(&writer), expected) == 0 &&
                span_equal(proof, span_of_bytes(expected, sizeof expected));
    memset(bytes, 0, sizeof bytes);
    return is_proved;
}

static int connect_answered(struct stream_session *session, struct reader *reader)
{
    size_t status_at = reader->offset;
    struct span proof;
    char problem[64];
    uint32_t status;

    if (status_take(session, reader, &status) < 0 || reader_take_span(reader, DIGEST_MD5_SIZE, &proof) < 0)
        return NOTIFY_ERR_FRAME;
    if (status != 0) {
        (void)snprintf(problem, sizeof problem, "the gateway refuses the sign-in: status %u", (unsigned)status);
        stream_session_lost(session, problem);
    } else if (!gateway_is_proved(session, span_of_bytes(reader->in.bytes + status_at, is_three(session) ? 4 : 1), proof)) {
        stream_session_lost(session, "the gateway does not know the secret");
    } else {
        stream_session_ready(session);
    }
    return 0;
}

static void number_write(struct span number, char out[MESSAGE_REFERENCE_SIZE])
{
    struct writer writer = writer_of_buffer(out, MESSAGE_REFERENCE_SIZE);

    hex_put(&writer, number);
    (void)writer_terminate(&writer);
}

static int submit_answered(struct stream_session *session, uint32_t sequence, struct reader *reader)
{
    char reference[MESSAGE_REFERENCE_SIZE], reason[32];
    struct span number;
    uint32_t result;

    if (reader_take_span(reader, 8, &number) < 0 || status_take(session, reader, &result) < 0)
        return NOTIFY_ERR_FRAME;
    number_write(number, reference);
    (void)snprintf(reason, sizeof reason, "cmpp result %u", (unsigned)result);
    stream_part_answered(session, sequence,
                         result == 0 ? MESSAGE_OUT_SENT : result == 8 ? MESSAGE_OUT_THROTTLED : MESSAGE_OUT_REFUSED,
                         reference, reason);
    return 0;
}

/* A receipt is the content of a DELIVER: Msg_Id 8, Stat 7, then times and numbers of 45 octets, or 56. */
static int receipt_take(struct span content, struct message_receipt *out)
{
    struct reader reader = reader_of_span(content);
    struct span number, stat;

    if (reader_take_span(&reader, 8, &number) < 0 || reader_take_span(&reader, 7, &stat) < 0)
        return NOTIFY_ERR_FRAME;
    *out = (struct message_receipt){ .outcome = span_equal_text(stat, "DELIVRD") ? MESSAGE_OUT_DELIVERED
                                                                                 : MESSAGE_OUT_UNDELIVERED };
    number_write(number, out->reference);
    for (size_t i = 0; out->outcome == MESSAGE_OUT_UNDELIVERED && i < stat.size && stat.bytes[i] > ' ' &&
                       stat.bytes[i] < 0x7f; i++)
        out->reason[i] = (char)stat.bytes[i];
    return 0;
}

static void deliver_answer(struct stream_session *session, uint32_t sequence, struct span number)
{
    struct writer writer = stream_output_begin(session);

    header_put(&writer, DELIVER | ANSWER, sequence);
    writer_put_span(&writer, number);
    writer_put_unsigned_be(&writer, 0, is_three(session) ? 4 : 1);
    stream_output_end(session, &writer);
}

/* What people write back is acknowledged and not read: nobody here answers. */
static int deliver_take(struct stream_session *session, uint32_t sequence, struct reader *reader)
{
    struct message_receipt receipt;
    struct span number, passed, content;
    uint8_t registered, size;

    if (reader_take_span(reader, 8, &number) < 0 ||
        reader_take_span(reader, 21 + 10 + 3 + (is_three(session) ? 33 : 21), &passed) < 0 ||
        reader_take_u8(reader, &registered) < 0 || reader_take_u8(reader, &size) < 0 ||
        reader_take_span(reader, size, &content) < 0)
        return NOTIFY_ERR_FRAME;
    if (registered == 1) {
        if (receipt_take(content, &receipt) < 0)
            return NOTIFY_ERR_FRAME;
        if (!stream_receipt_add(session, &receipt))
            return 0;
    }
    deliver_answer(session, sequence, number);
    return 0;
}

static void answer_put(struct stream_session *session, uint32_t command, uint32_t sequence)
{
    struct writer writer = stream_output_begin(session);

    header_put(&writer, command | ANSWER, sequence);
    if (command == ACTIVE_TEST)
        writer_put_u8(&writer, 0);
    stream_output_end(session, &writer);
}

static int frame_take(struct stream_session *session, struct span frame)
{
    struct reader reader = reader_of_span(frame);
    uint32_t size, command, sequence;

    if (reader_take_u32be(&reader, &size) < 0 || reader_take_u32be(&reader, &command) < 0 ||
        reader_take_u32be(&reader, &sequence) < 0)
        return NOTIFY_ERR_FRAME;
    switch (command) {
    case CONNECT | ANSWER:
        return session->state == STREAM_SIGNING_IN ? connect_answered(session, &reader) : NOTIFY_ERR_FRAME;
    case SUBMIT | ANSWER:
        return submit_answered(session, sequence, &reader);
    case DELIVER:
        return session->state == STREAM_READY ? deliver_take(session, sequence, &reader) : NOTIFY_ERR_FRAME;
    case ACTIVE_TEST:
        answer_put(session, ACTIVE_TEST, sequence);
        return 0;
    case TERMINATE:
        answer_put(session, TERMINATE, sequence);
        stream_session_lost(session, "the gateway ended the session");
        return 0;
    default: /* answers to what needs none, and what newer gateways may say */
        return 0;
    }
}

const struct stream_protocol cmpp_protocol = { frame_size, frame_take, sign_in, probe, part_send };
