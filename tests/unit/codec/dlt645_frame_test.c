#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_message.h"

struct wire {
    uint8_t bytes[600];
    struct span span;
};

static struct wire *wire_of(struct wire *wire, const char *hex)
{
    int size = hex_decode(span_of_text(hex), wire->bytes, sizeof wire->bytes);
    assert_true(size >= 0);
    wire->span = span_of_bytes(wire->bytes, (size_t)size);
    return wire;
}

/* The worked example of the standard's reader: 12.34 kWh of tariff 1. */
#define ANSWER "68214300000000 68 91 08 33343433 67453333 AD 16"
#define REQUEST "68214300000000 68 11 04 33343433 17 16"

static void an_answer_is_taken_apart(void **state)
{
    (void)state;
    struct wire wire;
    struct dlt645_frame frame;
    char address[DLT645_ADDRESS_TEXT_SIZE];

    assert_int_equal(dlt645_frame_decode(wire_of(&wire, "FEFEFE" ANSWER)->span, &frame, NULL), 0);
    dlt645_address_write(&frame.address, address);
    assert_string_equal(address, "000000004321");
    assert_int_equal(frame.wake_up_count, 3);
    assert_int_equal(frame.control, 0x91);
    assert_int_equal(frame.version, DLT645_2007);
    assert_int_equal(frame.data_size, 8);
    assert_memory_equal(frame.data, "\x00\x01\x01\x00\x34\x12\x00\x00", 8);
    assert_ptr_equal(frame.wire.bytes, wire.bytes + 3);
    assert_int_equal(frame.wire.size, 20);
}

static void a_refused_frame_says_where(void **state)
{
    static const struct {
        const char *hex;
        int error;
        size_t offset;
    } cases[] = {
        { "", CODEC_ERR_SHORT, 0 },
        { "FEFE", CODEC_ERR_SHORT, 2 },
        { "FE69214300000000 68 11 04 33343433 17 16", CODEC_ERR_FORMAT, 1 },
        { "68214300000000 69 11 04 33343433 17 16", CODEC_ERR_FORMAT, 7 },
        { "68214300000000 68 11 04 33343433 18 16", CODEC_ERR_CHECKSUM, 14 },
        { "68214300000000 68 11 04 33343433 17 17", CODEC_ERR_FORMAT, 15 },
        { "68214300000000 68 11 04 33343433 17", CODEC_ERR_SHORT, 15 },
        { "68214300000000 68 11 04 33343433 17 16 00", CODEC_ERR_TRAILING, 16 },
    };
    (void)state;
    struct wire wire;
    struct dlt645_frame frame, before;

    memset(&frame, 0x5a, sizeof frame);
    before = frame;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t at = SIZE_MAX;
        assert_int_equal(dlt645_frame_decode(wire_of(&wire, cases[i].hex)->span, &frame, &at), cases[i].error);
        assert_int_equal(at, cases[i].offset);
        assert_memory_equal(&frame, &before, sizeof frame);
    }
}

static void one_wrong_byte_can_be_let_pass(void **state)
{
    static const char *const marred[] = {
        "68214300000000 68 11 04 33343433 18 16",    /* check sum */
        "68214300000000 69 11 04 33343433 17 16",    /* second start */
        "FE 68214300000000 68 11 04 33343433 17 17", /* end */
    };
    (void)state;
    struct wire wire;
    struct dlt645_frame frame;
    size_t at;

    for (size_t i = 0; i < sizeof marred / sizeof marred[0]; i++) {
        assert_int_equal(dlt645_frame_split(wire_of(&wire, marred[i])->span, &frame, NULL), 0);
        assert_int_equal(frame.control, 0x11);
        assert_int_equal(frame.data_size, 4);
    }
    assert_int_equal(dlt645_frame_split(wire_of(&wire, "68214300000000 68 11 05 33343433 17 16")->span, &frame, &at),
                     CODEC_ERR_SHORT);
    assert_int_equal(dlt645_frame_split(wire_of(&wire, "68214300000000 68 11 03 33343433 17 16")->span, &frame, &at),
                     CODEC_ERR_FORMAT);
    assert_int_equal(at, 14);
}

static void a_frame_is_found_in_noise(void **state)
{
    static const struct {
        const char *hex;
        size_t skip;
        size_t size;
    } cases[] = {
        { REQUEST, 0, 16 },
        { "FEFE" REQUEST ANSWER, 0, 18 },
        { "0068 FE" ANSWER, 2, 21 },
        { "686868" REQUEST, 3, 16 },
        /* the address holds both start and end bytes */
        { "00 68166861000000 68 95 00 44 16", 1, 12 },
        /* an earlier start claims more bytes than there are: the frame inside wins */
        { "68000000000000 68 91 FF" REQUEST, 10, 16 },
        /* a wrong sum: nothing, and nothing to wait for */
        { "68214300000000 68 11 04 33343433 18 16", 16, 0 },
        /* cut: keep what may still become a frame, its wake-up bytes too */
        { "55FEFE 68214300000000 68 11 04 333434", 1, 0 },
        { "55 FEFE", 1, 0 },
        { "", 0, 0 },
    };
    (void)state;
    struct wire wire;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t skip = SIZE_MAX;
        assert_int_equal(dlt645_frame_find(wire_of(&wire, cases[i].hex)->span, &skip), cases[i].size);
        assert_int_equal(skip, cases[i].skip);
    }
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct wire wire;
    uint8_t buffer[DLT645_FRAME_SIZE_MAX], data[DLT645_DATA_LIMIT + 1];
    struct writer out = writer_of_buffer(buffer, sizeof buffer);
    struct dlt645_address address;
    struct dlt645_frame frame;

    assert_int_equal(dlt645_address_read(span_of_text("4321"), &address), 0);
    wire_of(&wire, REQUEST);
    assert_int_equal(dlt645_frame_encode(&address, 0x11, span_of_bytes("\x00\x01\x01\x00", 4), &out), 0);
    assert_true(span_equal(writer_span(&out), wire.span));

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)i;
    out = writer_of_buffer(buffer, sizeof buffer);
    assert_int_equal(dlt645_frame_encode(&address, 0x91, span_of_bytes(data, 256), &out), CODEC_ERR_TOO_LONG);
    assert_int_equal(dlt645_frame_encode(&address, 0x91, span_of_bytes(data, 255), &out), 0);
    assert_int_equal(dlt645_frame_decode(writer_span(&out), &frame, NULL), 0);
    assert_memory_equal(frame.data, data, 255);
    out = writer_of_buffer(buffer, sizeof buffer - 1);
    assert_int_equal(dlt645_frame_encode(&address, 0x91, span_of_bytes(data, 255), &out), CODEC_ERR_FULL);
}

static void addresses_are_read_as_printed(void **state)
{
    (void)state;
    struct dlt645_address address;
    char text[DLT645_ADDRESS_TEXT_SIZE];

    assert_int_equal(dlt645_address_read(span_of_text("AAAAAA004321"), &address), 0);
    assert_memory_equal(address.bytes, "\x21\x43\x00\xaa\xaa\xaa", 6);
    dlt645_address_write(&address, text);
    assert_string_equal(text, "AAAAAA004321");
    assert_int_equal(dlt645_address_read(span_of_text(""), &address), CODEC_ERR_EMPTY);
    assert_int_equal(dlt645_address_read(span_of_text("12B4"), &address), CODEC_ERR_FORMAT);
    assert_int_equal(dlt645_address_read(span_of_text("1234567890123"), &address), CODEC_ERR_TOO_LONG);
    dlt645_address_write(&address, text);
    assert_string_equal(text, "AAAAAA004321");
}

static struct dlt645_address address_of(const char *digits)
{
    struct dlt645_address address;
    assert_int_equal(dlt645_address_read(span_of_text(digits), &address), 0);
    return address;
}

static void wildcards_match(void **state)
{
    static const struct {
        const char *asked;
        const char *answerer;
        bool matches;
    } cases[] = {
        { "000000004321", "000000004321", true }, { "000000004321", "000000004322", false },
        { "AAAAAAAAAAAA", "000000004321", true }, { "999999999999", "000000004321", true },
        { "AAAAAAAA4321", "123456784321", true }, { "AAAAAAAA4321", "123456784322", false },
        { "AAAAAAAAAAAA", "AAAAAAAAAAAA", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct dlt645_address asked = address_of(cases[i].asked), answerer = address_of(cases[i].answerer);
        assert_int_equal(dlt645_address_matches(&asked, &answerer), cases[i].matches);
    }
}

static void the_version_shows_in_the_code(void **state)
{
    static const struct {
        uint8_t control;
        const char *data; /* four bytes */
        size_t size;
        enum dlt645_version version;
    } cases[] = {
        { 0x01, "", 0, DLT645_1997 },
        { 0x11, "", 0, DLT645_2007 },
        { 0xd1, "\2", 1, DLT645_2007 },
        { 0xc5, "\0\0\0", 3, DLT645_1997 },
        { 0x90, "", 0, DLT645_1997 },
        { 0x08, "", 0, DLT645_2007 },
        { 0x03, "", 0, DLT645_1997 },
        { 0x03, "\xff\x02\x01\x07", 4, DLT645_2007 },
        { 0x83, "\xff\x02\x01\x07", 4, DLT645_2007 },
        { 0x83, "\x10\x90\x01\x02", 4, DLT645_1997 },
        { 0xc3, "\x01", 1, DLT645_2007 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(dlt645_version_of(cases[i].control, span_of_bytes(cases[i].data, cases[i].size)),
                         cases[i].version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_taken_apart),
        cmocka_unit_test(a_refused_frame_says_where),
        cmocka_unit_test(one_wrong_byte_can_be_let_pass),
        cmocka_unit_test(a_frame_is_found_in_noise),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(addresses_are_read_as_printed),
        cmocka_unit_test(wildcards_match),
        cmocka_unit_test(the_version_shows_in_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
