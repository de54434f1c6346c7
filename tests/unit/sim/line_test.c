/* The shared line: what arrives when, and what is spoiled by noise, loss, collision, echo and babble. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "codec/cjt188/cjt188_frame.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/mbus/mbus_command.h"
#include "sim/line.h"
#include "sim/line_answer.h"

#define MS INT64_C(1000)
#define BYTE_US INT64_C(4583) /* 11 bits at 2,400 baud */

/* A device that answers bursts beginning with its number. */
struct echoer {
    uint8_t number;
    uint8_t answer[8];
    size_t answer_size;
    int heard;
    size_t heard_size;
    uint8_t last[LINE_BURST_LIMIT];
    struct line_slave slave;
};

static size_t echoer_receive(void *slave, struct span frame, uint8_t *answer, size_t limit)
{
    struct echoer *echoer = slave;
    assert_int_equal(limit, LINE_BURST_LIMIT);
    echoer->heard++;
    echoer->heard_size = frame.size;
    memcpy(echoer->last, frame.bytes, frame.size);
    if (frame.size == 0 || frame.bytes[0] != echoer->number)
        return 0;
    memcpy(answer, echoer->answer, echoer->answer_size);
    return echoer->answer_size;
}

static void echoer_attach(struct echoer *echoer, struct line *line, uint8_t number, const char *answer,
                          int64_t delay_us)
{
    memset(echoer, 0, sizeof *echoer);
    echoer->number = number;
    echoer->answer_size = strlen(answer);
    memcpy(echoer->answer, answer, echoer->answer_size);
    echoer->slave.slave = echoer;
    echoer->slave.receive = echoer_receive;
    echoer->slave.delay_low_us = delay_us;
    echoer->slave.delay_high_us = delay_us;
    line_attach(line, &echoer->slave);
}

static void line_make(struct line *line, uint8_t kind)
{
    line_open(line, &(struct line_config){ .kind = kind, .parity = LINE_PARITY_EVEN, .baud = 2400, .seed = 5 });
}

static size_t ask(struct line *line, int64_t *now_us, const char *request, uint8_t *answer)
{
    return line_exchange(line, now_us, span_of_text(request), 200 * MS, 20 * MS, answer, LINE_BURST_LIMIT);
}

static void bytes_take_their_time(void **state)
{
    static struct line line;
    struct echoer meter;
    uint8_t bytes[16];

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&meter, &line, 'a', "xyz", 30 * MS);
    assert_int_equal(line_bytes_us(&line, 1), BYTE_US);
    int64_t end_us = line_send(&line, 1000, span_of_text("ab"));
    assert_int_equal(end_us, 1000 + line_bytes_us(&line, 2));
    assert_int_equal(line_due_us(&line, end_us), end_us + 30 * MS + BYTE_US);
    assert_int_equal(line_receive(&line, end_us + 30 * MS + BYTE_US - 1, bytes, sizeof bytes), 0);
    assert_int_equal(line_receive(&line, end_us + 30 * MS + BYTE_US, bytes, sizeof bytes), 1);
    assert_int_equal(line_receive(&line, end_us + 30 * MS + 4 * BYTE_US, bytes + 1, sizeof bytes - 1), 2);
    assert_memory_equal(bytes, "xyz", 3);
    assert_int_equal(line_due_us(&line, end_us), INT64_MAX);
    assert_int_equal(line.counts.busy_us, line_bytes_us(&line, 2) + line_bytes_us(&line, 3));
    assert_int_equal(line.counts.collisions, 0);
}

static void parity_stop_bits_and_baud_make_the_width(void **state)
{
    static const struct {
        struct line_config config;
        int64_t ten_us;
    } rows[] = {
        { { .parity = LINE_PARITY_EVEN, .baud = 9600 }, 11458 },
        { { .parity = LINE_PARITY_NONE, .baud = 9600 }, 10416 },
        { { .parity = LINE_PARITY_ODD, .stop_bits = 2, .baud = 1200 }, 100000 },
        { { .parity = LINE_PARITY_EVEN, .baud = 0 }, 45833 },
    };
    static struct line line;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        line_open(&line, &rows[i].config);
        assert_in_range(line_bytes_us(&line, 10), rows[i].ten_us - 1, rows[i].ten_us + 1);
    }
}

static void an_exchange_ends_with_silence(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&one, &line, '1', "one", 30 * MS);
    echoer_attach(&two, &line, '2', "two", 30 * MS);
    assert_int_equal(ask(&line, &now_us, "1", answer), 3);
    assert_memory_equal(answer, "one", 3);
    assert_int_equal(now_us, line_bytes_us(&line, 1) + 30 * MS + line_bytes_us(&line, 3) + 20 * MS);
    assert_int_equal(ask(&line, &now_us, "2", answer), 3);
    assert_memory_equal(answer, "two", 3);
    int64_t before_us = now_us;
    assert_int_equal(ask(&line, &now_us, "3", answer), 0);
    assert_int_equal(now_us, before_us + BYTE_US + 200 * MS);
}

static void slaves_hear_each_other_on_a_bus_but_not_on_mbus(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];

    (void)state;
    for (uint8_t kind = LINE_RS485; kind <= LINE_RADIO; kind++) {
        int64_t now_us = 0;
        line_make(&line, kind);
        echoer_attach(&one, &line, '1', "one", 0);
        echoer_attach(&two, &line, '2', "two", 0);
        assert_int_equal(ask(&line, &now_us, "1", answer), 3);
        assert_int_equal(two.heard, kind == LINE_MBUS ? 1 : 2);
        assert_int_equal(one.heard, 1);
    }
}

static void an_echo_is_heard_first(void **state)
{
    static struct line line;
    struct echoer meter;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    line.config.echo = true;
    echoer_attach(&meter, &line, 'a', "xyz", 30 * MS);
    assert_int_equal(ask(&line, &now_us, "abcdef", answer), 9);
    assert_memory_equal(answer, "abcdefxyz", 9);
}

static void two_answers_at_once_are_garbage(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&one, &line, 'a', "12345678", 30 * MS);
    echoer_attach(&two, &line, 'a', "abcdefgh", 31 * MS);
    size_t size = ask(&line, &now_us, "a", answer);
    assert_true(size >= 8);
    assert_memory_not_equal(answer, "12345678", 8);
    assert_memory_not_equal(answer, "abcdefgh", 8);
    assert_int_equal(line.counts.collisions, 1);
}

static void the_same_byte_at_the_same_moment_stays_one(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_MBUS);
    echoer_attach(&one, &line, 'a', "\xe5", 30 * MS);
    echoer_attach(&two, &line, 'a', "\xe5", 30 * MS + 50);
    assert_int_equal(ask(&line, &now_us, "a", answer), 1);
    assert_int_equal(answer[0], 0xe5);
    assert_int_equal(line.counts.collisions, 1);
}

static void answers_one_after_the_other_both_arrive(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_MBUS);
    echoer_attach(&one, &line, 'a', "12", 30 * MS);
    echoer_attach(&two, &line, 'a', "34", 45 * MS);
    assert_int_equal(ask(&line, &now_us, "a", answer), 4);
    assert_memory_equal(answer, "1234", 4);
    assert_int_equal(line.counts.collisions, 0);
}

static void who_talks_into_an_answer_spoils_both(void **state)
{
    static struct line line;
    struct echoer meter, other;
    uint8_t bytes[LINE_BURST_LIMIT];

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&meter, &line, 'a', "12345678", 30 * MS);
    int64_t end_us = line_send(&line, 0, span_of_text("a"));
    echoer_attach(&other, &line, 'b', "x", 30 * MS);
    line_send(&line, end_us + 35 * MS, span_of_text("bcdefghi"));
    assert_true(other.heard == 1 && memcmp(other.last, "bcdefghi", 8) != 0);
    size_t size = line_receive(&line, end_us + 1000 * MS, bytes, sizeof bytes);
    assert_true(size < 8 || memcmp(bytes, "12345678", 8) != 0);
    assert_int_equal(line.counts.collisions, 1);
}

static void noise_flips_single_bits_at_its_rate(void **state)
{
    static struct line line;
    struct echoer meter;
    uint8_t zeros[100] = { 0 };
    int64_t now_us = 0;
    int flips = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    line.config.flips_per_million = 20000;
    echoer_attach(&meter, &line, 'a', "x", 0);
    for (int i = 0; i < 200; i++) {
        now_us = line_send(&line, now_us, span_of_bytes(zeros, sizeof zeros));
        for (size_t at = 0; at < sizeof zeros; at++) {
            assert_true((meter.last[at] & (meter.last[at] - 1)) == 0);
            flips += meter.last[at] != 0;
        }
    }
    assert_int_equal(line.counts.flips, flips);
    assert_in_range(flips, 300, 500);
}

static void a_lost_burst_is_not_heard(void **state)
{
    static struct line line;
    struct echoer meter;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;
    int answers = 0;

    (void)state;
    line_make(&line, LINE_RADIO);
    line.config.lost_permille = 300;
    echoer_attach(&meter, &line, 'a', "x", 10 * MS);
    for (int i = 0; i < 1000; i++)
        answers += ask(&line, &now_us, "a", answer) == 1;
    assert_in_range(meter.heard, 650, 750);
    assert_in_range(answers, 440, 540); /* both ways */
    assert_int_equal(line.counts.lost, (1000 - meter.heard) + (meter.heard - answers));
}

static void a_device_that_babbles_never_lets_the_line_rest(void **state)
{
    static struct line line;
    struct echoer meter, mad;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&meter, &line, 'a', "12345678", 30 * MS);
    echoer_attach(&mad, &line, 'z', "", 0);
    mad.slave.is_babbling = true;
    assert_int_equal(ask(&line, &now_us, "abcdefgh", answer), LINE_BURST_LIMIT);
    assert_memory_not_equal(meter.last, "abcdefgh", 8);
    mad.slave.is_absent = true;
    now_us += 1000 * MS;
    while (line_receive(&line, now_us, answer, sizeof answer) > 0)
        continue;
    assert_int_equal(ask(&line, &now_us, "abcdefgh", answer), 8);
    assert_memory_equal(answer, "12345678", 8);
}

static void an_absent_or_detached_device_is_silent(void **state)
{
    static struct line line;
    struct echoer one, two;
    uint8_t answer[LINE_BURST_LIMIT];
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&one, &line, '1', "one", 0);
    echoer_attach(&two, &line, '2', "two", 0);
    one.slave.is_absent = true;
    assert_int_equal(ask(&line, &now_us, "1", answer), 0);
    line_detach(&line, &one.slave);
    line_detach(&line, &two.slave);
    assert_int_equal(ask(&line, &now_us, "2", answer), 0);
    line_attach(&line, &two.slave);
    assert_int_equal(ask(&line, &now_us, "2", answer), 3);
}

static void the_same_seed_is_the_same_line(void **state)
{
    static struct line lines[2];
    struct echoer meters[2];
    uint8_t answers[2][LINE_BURST_LIMIT];
    int64_t now_us[2] = { 0, 0 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        line_make(&lines[i], LINE_RADIO);
        lines[i].config.lost_permille = 100;
        lines[i].config.flips_per_million = 100000;
        echoer_attach(&meters[i], &lines[i], 'a', "1234567", 10 * MS);
        meters[i].slave.delay_high_us = 90 * MS;
    }
    for (int round = 0; round < 300; round++) {
        size_t sizes[2];
        for (int i = 0; i < 2; i++)
            sizes[i] = ask(&lines[i], &now_us[i], "a", answers[i]);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(answers[0], answers[1], sizes[0]);
        assert_int_equal(now_us[0], now_us[1]);
    }
}

static void what_nobody_takes_is_bounded(void **state)
{
    static struct line line;
    struct echoer meter;
    uint8_t byte;
    int64_t now_us = 0;

    (void)state;
    line_make(&line, LINE_RS485);
    echoer_attach(&meter, &line, 'a', "12345678", 0);
    for (int i = 0; i < LINE_QUEUE_LIMIT; i++)
        now_us = line_send(&line, now_us + 100 * MS, span_of_text("b"));
    assert_int_equal(line.counts.overflow, 0); /* unheard bytes of the master make room */
    for (int i = 0; i < LINE_QUEUE_LIMIT; i++)
        now_us = line_send(&line, now_us + 100 * MS, span_of_text("a"));
    assert_true(line.counts.overflow > 0);
    assert_int_equal(line_receive(&line, now_us + 1000 * MS, &byte, 1), 1);
    assert_int_equal(byte, '1');
}

static void a_frame_gets_another_address_and_its_check_sum(void **state)
{
    static const uint8_t cjt188[] = { 0xfe, 0x68, 0x10, 0x78, 0x56, 0x34, 0x00, 0x12, 0x00,
                                      0x00, 0x01, 0x03, 0x90, 0x1f, 0x05, 0x44, 0x16 };
    static const uint8_t dlt645[] = { 0x68, 0x21, 0x43, 0x00, 0x00, 0x00, 0x00, 0x68, 0x91, 0x08,
                                      0x33, 0x34, 0x34, 0x33, 0x67, 0x45, 0x33, 0x33, 0xad, 0x16 };
    uint8_t bytes[64];
    struct cjt188_frame water;
    struct dlt645_frame power;
    struct mbus_frame heat;
    struct writer writer = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    memcpy(bytes, cjt188, sizeof cjt188);
    assert_int_equal(line_answer_misaddress(NULL, bytes, sizeof cjt188), sizeof cjt188);
    assert_int_equal(cjt188_frame_decode(span_of_bytes(bytes, sizeof cjt188), &water, NULL), 0);
    assert_int_equal(water.address[0], 0x79);
    memcpy(bytes, dlt645, sizeof dlt645);
    line_answer_misaddress(NULL, bytes, sizeof dlt645);
    assert_int_equal(dlt645_frame_decode(span_of_bytes(bytes, sizeof dlt645), &power, NULL), 0);
    assert_int_equal(power.address.bytes[0], 0x20);
    mbus_global_readout_encode(4, false, &writer);
    line_answer_misaddress(NULL, bytes, writer.size);
    assert_int_equal(mbus_frame_decode(writer_span(&writer), &heat, NULL), 0);
    assert_int_equal(heat.address, 5);
    memcpy(bytes, "\xe5", 1);
    assert_int_equal(line_answer_misaddress(NULL, bytes, 1), 1);
    assert_int_equal(bytes[0], 0xe5);
    assert_int_equal(line_answer_halve(NULL, bytes, 9), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_take_their_time),
        cmocka_unit_test(parity_stop_bits_and_baud_make_the_width),
        cmocka_unit_test(an_exchange_ends_with_silence),
        cmocka_unit_test(slaves_hear_each_other_on_a_bus_but_not_on_mbus),
        cmocka_unit_test(an_echo_is_heard_first),
        cmocka_unit_test(two_answers_at_once_are_garbage),
        cmocka_unit_test(the_same_byte_at_the_same_moment_stays_one),
        cmocka_unit_test(answers_one_after_the_other_both_arrive),
        cmocka_unit_test(who_talks_into_an_answer_spoils_both),
        cmocka_unit_test(noise_flips_single_bits_at_its_rate),
        cmocka_unit_test(a_lost_burst_is_not_heard),
        cmocka_unit_test(a_device_that_babbles_never_lets_the_line_rest),
        cmocka_unit_test(an_absent_or_detached_device_is_silent),
        cmocka_unit_test(the_same_seed_is_the_same_line),
        cmocka_unit_test(what_nobody_takes_is_bounded),
        cmocka_unit_test(a_frame_gets_another_address_and_its_check_sum),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
