/* CMPP and SMPP against frames that others made: a public library's CONNECT, field by field tables of the standards. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "notify/notify_error.h"
#include "notify/stream_session.h"
#include "security/digest_openssl.h"

/* 2026-10-21 08:05:10 in Beijing: the timestamp 1021080510 of the vector. */
#define WALL_S INT64_C(1792541110)

static struct stream_session session;

static struct provider provider_make(const char *kind, const char *id, const char *secret, const char *source,
                                     const char *application, int version)
{
    struct provider provider = { .kind = provider_kind_find(kind), .window = 4, .version = version, .cost_e4 = 100 };

    assert_non_null(provider.kind);
    memcpy(provider.id, id, strlen(id) + 1);
    memcpy(provider.secret, secret, strlen(secret) + 1);
    memcpy(provider.source, source, strlen(source) + 1);
    memcpy(provider.application, application, strlen(application) + 1);
    return provider;
}

static struct message message_make(int64_t message_id, const char *recipient, const char *text)
{
    struct message message = { .message_id = message_id };

    memcpy(message.recipient, recipient, strlen(recipient) + 1);
    memcpy(message.text, text, strlen(text) + 1);
    return message;
}

static void output_is(const char *hex)
{
    char text[2 * 1024 + 1];

    assert_true(hex_encode(span_of_bytes(session.output, session.output_size), text, sizeof text) >= 0);
    assert_string_equal(text, hex);
    stream_session_sent(&session, session.output_size);
}

static void hear(const char *hex, int64_t now_ms)
{
    uint8_t bytes[1024];
    int size = hex_decode(span_of_text(hex), bytes, sizeof bytes);

    assert_true(size > 0);
    /* Octet by octet: a stream has no frames of its own. */
    for (int i = 0; i < size; i++)
        stream_session_input(&session, span_of_bytes(bytes + i, 1), now_ms);
}

static void cmpp_open(const struct provider *provider)
{
    assert_int_equal(stream_session_open(&session, provider, digest_openssl(), WALL_S, 1000), 0);
    stream_session_sent(&session, session.output_size);
    hear("0000001e800000010000000100" "6c0b846e25bab6daa4ed1c466e0f4bd8" "20", 1000);
    assert_int_equal(session.state, STREAM_READY);
}

static void cmpp_signs_in_as_a_public_library_does(void **state)
{
    struct provider provider = provider_make("cmpp", "900001", "888888", "1065900001", "WATER", 21);

    (void)state;
    assert_int_equal(stream_session_open(&session, &provider, digest_openssl(), WALL_S, 1000), 0);
    output_is("000000270000000100000001" "39303030303190d00c1d517abd0b4f65f6bcf8535d16213cdc73be");
    hear("0000001e800000010000000100" "6c0b846e25bab6daa4ed1c466e0f4bd8" "20", 1000);
    assert_int_equal(session.state, STREAM_READY);
    provider.version = 30;
    assert_int_equal(stream_session_open(&session, &provider, digest_openssl(), WALL_S, 1000), 0);
    hear("00000021800000010000000100000000" "7942977274098cf210ab0c16c367bc8d" "30", 1000);
    assert_int_equal(session.state, STREAM_READY);
}

static void cmpp_gateways_that_refuse_or_lie_are_left(void **state)
{
    struct provider provider = provider_make("cmpp", "900001", "888888", "1065900001", "WATER", 20);

    (void)state;
    assert_int_equal(stream_session_open(&session, &provider, digest_openssl(), WALL_S, 1000), 0);
    hear("0000001e800000010000000103" "00000000000000000000000000000000" "20", 1000);
    assert_int_equal(session.state, STREAM_BROKEN);
    assert_string_equal(session.problem, "the gateway refuses the sign-in: status 3");
    assert_int_equal(stream_session_open(&session, &provider, digest_openssl(), WALL_S, 1000), 0);
    hear("0000001e800000010000000100" "6c0b846e25bab6daa4ed1c466e0f4bd9" "20", 1000);
    assert_string_equal(session.problem, "the gateway does not know the secret");
}

static void cmpp_submits_and_hears_of_delivery(void **state)
{
    struct provider provider = provider_make("cmpp", "900001", "888888", "1065900001", "WATER", 20);
    struct message message = message_make(7, "13800000000", "余额不足");
    struct message_result result;

    (void)state;
    cmpp_open(&provider);
    assert_int_equal(stream_session_send(&session, &message, 2000), 0);
    output_is("000000a700000004000000020000000000000000010101015741544552000000000002000000000000000000000000000000"
              "0000000000000000083930303030313031300000000000000000000000000000000000000000000000000000000000000000"
              "0000000000000031303635393030303031000000000000000000000001313338303030303030303000000000000000000000"
              "084f59989d4e0d8db30000000000000000");
    assert_int_equal(stream_session_results(&session, &result, 1), 0);
    hear("00000015800000040000000201020304050607080" "0", 2100);
    assert_int_equal(stream_session_results(&session, &result, 1), 1);
    assert_int_equal(result.message_id, 7);
    assert_int_equal(result.outcome, MESSAGE_OUT_SENT);
    assert_int_equal(result.cost_e4, 100);
    assert_string_equal(result.references[0], "0102030405060708");
    /* DELIVER with a receipt of 60 octets */
    hear("000000910000000500000009" "a1a2a3a4a5a6a7a8"
         "313036353930303030310000000000000000000000" "57415445520000000000" "000000"
         "313338303030303030303000000000000000000000" "013c"
         "0102030405060708" "44454c49565244" "32363031313530383030" "32363031313530383031"
         "313338303030303030303000000000000000000000" "00000001" "0000000000000000", 2200);
    assert_int_equal(session.receipt_count, 1);
    assert_int_equal(session.receipts[0].outcome, MESSAGE_OUT_DELIVERED);
    assert_string_equal(session.receipts[0].reference, "0102030405060708");
    output_is("000000158000000500000009a1a2a3a4a5a6a7a800");
}

static void smpp_open(struct provider *provider)
{
    *provider = provider_make("smpp", "meter", "secret", "WATERCO", "", 0);
    assert_int_equal(stream_session_open(&session, provider, digest_openssl(), WALL_S, 1000), 0);
    output_is("000000220000000900000000000000016d6574657200736563726574000034000000");
    hear("00000015800000090000000000000001" "6777" "323400", 1000);
    assert_int_equal(session.state, STREAM_READY);
}

static void smpp_submits_and_hears_of_delivery(void **state)
{
    struct provider provider;
    struct message message = message_make(8, "13800000000", "余额不足");
    struct message_result result;

    (void)state;
    smpp_open(&provider);
    assert_int_equal(stream_session_send(&session, &message, 2000), 0);
    output_is("0000003d0000000400000000000000020005005741544552434f00010138363133383030303030303030000000000000010008"
              "00084f59989d4e0d8db3");
    hear("0000001780000004000000000000000241314232433300", 2100);
    assert_int_equal(stream_session_results(&session, &result, 1), 1);
    assert_string_equal(result.references[0], "A1B2C3");
    /* deliver_sm: text "id:A1B2C3 stat:DELIVRD err:000" */
    hear("0000004d000000050000000000000005000101383631333830300005005741544552434f000400000000010000001e69643a"
         "41314232433320737461743a44454c49565244206572723a303030", 2200);
    assert_int_equal(session.receipt_count, 1);
    assert_int_equal(session.receipts[0].outcome, MESSAGE_OUT_DELIVERED);
    assert_string_equal(session.receipts[0].reference, "A1B2C3");
    output_is("0000001180000005000000000000000500");
    /* the same by options: receipted_message_id A1B2C3, message_state 5 (undeliverable) */
    hear("0000003f000000050000000000000006000101383631333830300005005741544552434f0004000000000100000000001e00"
         "07413142324333000427000105", 2300);
    assert_int_equal(session.receipts[1].outcome, MESSAGE_OUT_UNDELIVERED);
    assert_string_equal(session.receipts[1].reason, "smpp message_state 5");
}

static void answers_decide(void **state)
{
    static const struct {
        const char *answer;
        enum message_outcome outcome;
    } answers[] = {
        { "00000010800000040000005800000002", MESSAGE_OUT_THROTTLED },
        { "00000010800000040000001400000002", MESSAGE_OUT_THROTTLED },
        { "00000010800000040000000800000002", MESSAGE_OUT_RETRY },
        { "00000010800000040000000b00000002", MESSAGE_OUT_REFUSED },
        { "00000010800000000000000300000002", MESSAGE_OUT_REFUSED },
    };
    struct provider provider;
    struct message message = message_make(8, "+4412345678", "Hello");
    struct message_result result;

    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        smpp_open(&provider);
        assert_int_equal(stream_session_send(&session, &message, 2000), 0);
        hear(answers[i].answer, 2000);
        assert_int_equal(stream_session_results(&session, &result, 1), 1);
        assert_int_equal(result.outcome, answers[i].outcome);
        assert_int_equal(result.cost_e4, 0);
    }
}

static void long_texts_are_parts_that_belong_together(void **state)
{
    struct sms_text text;
    char words[NOTICE_TEXT_SIZE] = "";

    (void)state;
    for (int i = 0; i < 71; i++)
        memcpy(words + 3 * i, "水", 4);
    assert_int_equal(sms_text_split(words, 9, &text), 0);
    assert_int_equal(text.part_count, 2);
    assert_true(text.is_ucs2);
    assert_memory_equal(text.parts[0].bytes, "\x05\x00\x03\x09\x02\x01\x6c\x34", 8);
    assert_int_equal(text.parts[0].size, 6 + 134);
    assert_memory_equal(text.parts[1].bytes, "\x05\x00\x03\x09\x02\x02", 6);
    assert_int_equal(text.parts[1].size, 6 + 8);
    words[3 * 70] = '\0';
    assert_int_equal(sms_text_split(words, 9, &text), 0);
    assert_int_equal(text.part_count, 1);
    assert_int_equal(text.parts[0].size, 140);
    /* 66 units, then a character of two units: it moves to the next part whole */
    words[3 * 66] = '\0';
    memcpy(words + 3 * 66, "😀水水水水", sizeof "😀水水水水");
    assert_int_equal(sms_text_split(words, 9, &text), 0);
    assert_int_equal(text.parts[0].size, 6 + 132);
    assert_memory_equal(text.parts[1].bytes + 6, "\xd8\x3d\xde\x00", 4);
    assert_int_equal(sms_text_split("", 0, &text), NOTIFY_ERR_LONG);
    assert_int_equal(sms_text_split("@", 0, &text), 0);
    assert_true(text.is_ucs2);
}

/* The gateway hurries: the first of two parts has arrived before the second is even taken. */
static void a_receipt_does_not_overtake_the_result(void **state)
{
    struct provider provider;
    struct message message = message_make(1, "13800000000", "");
    struct message_result result;
    struct message_receipt receipt = { .outcome = MESSAGE_OUT_DELIVERED, .reference = "A" };

    (void)state;
    for (int i = 0; i < 71; i++)
        memcpy(message.text + 3 * i, "水", 4);
    smpp_open(&provider);
    assert_int_equal(stream_session_send(&session, &message, 2000), 0);
    hear("0000001280000004000000000000000241" "00", 2000);
    assert_true(stream_receipt_add(&session, &receipt));
    assert_int_equal(stream_session_results(&session, &result, 1), 0);
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 0);
    hear("0000001280000004000000000000000342" "00", 2000);
    assert_int_equal(stream_session_results(&session, &result, 1), 1);
    assert_int_equal(result.reference_count, 2);
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 1);
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 0);
}

/* The gateway hurries more: the receipt is there before the answer that says which message it is about. */
static void a_receipt_before_the_answer_waits_for_it(void **state)
{
    struct provider provider;
    struct message message = message_make(1, "13800000000", "x");
    struct message_receipt receipt = { .outcome = MESSAGE_OUT_DELIVERED, .reference = "A" };
    struct message_result result;

    (void)state;
    smpp_open(&provider);
    assert_int_equal(stream_session_send(&session, &message, 2000), 0);
    stream_session_tick(&session, 2100);
    assert_true(stream_receipt_add(&session, &receipt));
    message.message_id = 2;
    assert_int_equal(stream_session_send(&session, &message, 2200), 0);
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 0);
    hear("0000001280000004000000000000000241" "00", 2300);
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 0);
    assert_int_equal(stream_session_results(&session, &result, 1), 1);
    assert_string_equal(result.references[0], "A");
    /* What left after the receipt came cannot be what it is about. */
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 1);
    assert_string_equal(receipt.reference, "A");
    assert_true(stream_receipt_add(&session, &receipt));
    stream_session_lost(&session, "gone");
    assert_int_equal(stream_session_receipts(&session, &receipt, 1), 1);
}

static void the_window_holds_and_a_lost_connection_gives_all_back(void **state)
{
    struct provider provider;
    struct message message = message_make(1, "13800000000", "x");
    struct message_result results[STREAM_MESSAGE_LIMIT];

    (void)state;
    smpp_open(&provider);
    assert_int_equal(stream_session_room(&session), 4);
    for (int64_t i = 1; i <= 4; i++) {
        message.message_id = i;
        assert_int_equal(stream_session_send(&session, &message, 2000), 0);
    }
    assert_int_equal(stream_session_room(&session), 0);
    hear("0000001280000004000000000000000341" "00", 2000);
    assert_int_equal(stream_session_room(&session), 1);
    stream_session_lost(&session, "gone");
    assert_int_equal(stream_session_results(&session, results, STREAM_MESSAGE_LIMIT), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(results[i].outcome, results[i].message_id == 2 ? MESSAGE_OUT_SENT : MESSAGE_OUT_RETRY);
}

static void who_is_silent_is_asked_and_then_left(void **state)
{
    struct provider provider;

    (void)state;
    smpp_open(&provider);
    stream_session_tick(&session, 1000 + STREAM_IDLE_MS);
    assert_int_equal(session.output_size, 0);
    stream_session_tick(&session, 1001 + STREAM_IDLE_MS);
    output_is("00000010000000150000000000000002");
    hear("00000010800000150000000000000002", 50000);
    stream_session_tick(&session, 50001 + STREAM_IDLE_MS);
    stream_session_tick(&session, 50002 + STREAM_IDLE_MS + STREAM_ANSWER_MS);
    assert_int_equal(session.state, STREAM_BROKEN);
    smpp_open(&provider);
    hear("00000010000000150000000000000077", 2000);
    output_is("00000010800000150000000000000077");
}

static void damaged_frames_end_the_session(void **state)
{
    static const char *const frames[] = { "0000000f80000004", "7fffffff80000004", "000000108000000400000000000000" "02",
                                          "00000014000000050000000000000005" "00010138" };
    struct provider provider;

    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        smpp_open(&provider);
        hear(frames[i], 2000);
        assert_int_equal(session.state, STREAM_BROKEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cmpp_signs_in_as_a_public_library_does),
        cmocka_unit_test(cmpp_gateways_that_refuse_or_lie_are_left),
        cmocka_unit_test(cmpp_submits_and_hears_of_delivery),
        cmocka_unit_test(smpp_submits_and_hears_of_delivery),
        cmocka_unit_test(answers_decide),
        cmocka_unit_test(long_texts_are_parts_that_belong_together),
        cmocka_unit_test(a_receipt_does_not_overtake_the_result),
        cmocka_unit_test(a_receipt_before_the_answer_waits_for_it),
        cmocka_unit_test(the_window_holds_and_a_lost_connection_gives_all_back),
        cmocka_unit_test(who_is_silent_is_asked_and_then_left),
        cmocka_unit_test(damaged_frames_end_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
