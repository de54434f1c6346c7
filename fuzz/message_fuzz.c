/* What providers of messages send back, and what operators write: CMPP and SMPP sessions, answers, files, templates.
 *
 * The first octet chooses; in a session the next octets are fed in pieces, with messages handed over in between. */
#include <assert.h>
#include <string.h>

#include "notify/stream_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every proof is zeros, so that the fuzzer finds its way past the sign-in. */
static int zeros(struct span in, uint8_t out[DIGEST_MD5_SIZE])
{
    (void)in;
    memset(out, 0, DIGEST_MD5_SIZE);
    return 0;
}

static const struct digest no_digest = { .md5 = zeros };

static void session_check(struct stream_session *session)
{
    struct message_result results[STREAM_MESSAGE_LIMIT];
    struct message_receipt receipts[STREAM_RECEIPT_LIMIT];
    uint32_t count = stream_session_results(session, results, STREAM_MESSAGE_LIMIT);

    for (uint32_t i = 0; i < count; i++)
        assert(results[i].message_id == 1 && results[i].outcome > 0 && results[i].outcome < MESSAGE_OUTCOME_COUNT &&
               results[i].reference_count <= MESSAGE_PART_LIMIT);
    count = stream_session_receipts(session, receipts, STREAM_RECEIPT_LIMIT);
    for (uint32_t i = 0; i < count; i++)
        assert(memchr(receipts[i].reference, 0, MESSAGE_REFERENCE_SIZE) != NULL &&
               memchr(receipts[i].reason, 0, MESSAGE_REASON_SIZE) != NULL);
    assert(session->output_size <= sizeof session->output && session->input_size <= sizeof session->input);
    stream_session_sent(session, session->output_size);
}

static void session_run(const char *kind, int version, struct span in)
{
    static struct stream_session session;
    struct provider provider = { .kind = provider_kind_find(kind), .id = "900001", .secret = "s", .window = 16,
                                 .version = version };
    struct message message = { .message_id = 1, .recipient = "13800000000", .text = "余额不足" };
    int64_t now_ms = 0;

    (void)stream_session_open(&session, &provider, &no_digest, 1768435200, now_ms);
    while (in.size > 0 && session.state != STREAM_BROKEN) {
        size_t piece = (size_t)in.bytes[0] % 96 + 1;

        in = span_of_bytes(in.bytes + 1, in.size - 1);
        piece = piece < in.size ? piece : in.size;
        now_ms += 7000;
        stream_session_input(&session, span_of_bytes(in.bytes, piece), now_ms);
        in = span_of_bytes(in.bytes + piece, in.size - piece);
        if (stream_session_room(&session) > 0)
            (void)stream_session_send(&session, &message, now_ms);
        stream_session_tick(&session, now_ms);
        session_check(&session);
    }
    stream_session_lost(&session, "the end");
    session_check(&session);
}

static void answer_read(const char *kind, struct span in)
{
    struct provider provider = { .kind = provider_kind_find(kind) };
    struct message_result result;
    char token[PROVIDER_TOKEN_SIZE], reason[MESSAGE_REASON_SIZE];
    int64_t valid_s;

    (void)provider.kind->http->decode(&provider, 200, in, &result);
    assert(result.outcome > 0 && result.outcome < MESSAGE_OUTCOME_COUNT);
    assert(memchr(result.reason, 0, sizeof result.reason) != NULL);
    if (provider.kind->http->token_decode != NULL)
        (void)provider.kind->http->token_decode(in, token, &valid_s, reason);
}

static void template_run(struct span in)
{
    static const struct notice_values values = { .organisation = "o", .phone = "1", .place_zh = "p", .place_en = "p" };
    char wrong[NOTICE_PLACEHOLDER_SIZE], template[NOTICE_TEXT_SIZE], text[NOTICE_TEXT_SIZE];
    struct sms_text parts;

    if (notice_template_check(in, wrong) < 0)
        return;
    memcpy(template, in.bytes, in.size);
    template[in.size] = '\0';
    if (notice_template_render(template, NOTICE_ENGLISH, &values, text) > 0 && sms_text_split(text, 0, &parts) == 0)
        assert(parts.part_count <= MESSAGE_PART_LIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct provider list[PROVIDER_LIMIT];
    struct span in = span_of_bytes(data + 1, size > 0 ? size - 1 : 0);
    char problem[256];

    if (size == 0)
        return 0;
    switch (data[0] % 8) {
    case 0: session_run("cmpp", 20, in); break;
    case 1: session_run("cmpp", 30, in); break;
    case 2: session_run("smpp", 0, in); break;
    case 3: answer_read("aliyun_sms", in); break;
    case 4: answer_read("tencent_sms", in); break;
    case 5: answer_read("wechat_template", in); break;
    case 6: (void)provider_list_read(in, list, problem); break;
    default: template_run(in); break;
    }
    return 0;
}
