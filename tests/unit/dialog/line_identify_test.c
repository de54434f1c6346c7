/* Who dials in, by the first bytes; and what of a DTU's stream is its own. */
#include "tests/unit/unit_test.h"

#include <stdio.h>
#include <string.h>

#include "codec/q376/q376_frame.h"
#include "dialog/dtu_stream.h"
#include "dialog/line_identify.h"

static const struct hash_key secret = { 11, 22 };

static struct line_record record_of(uint32_t line_id, enum line_kind kind, const char *address)
{
    struct line_record record = { .line_id = line_id, .kind = (uint8_t)kind };
    snprintf(record.address, sizeof record.address, "%s", address);
    return record;
}

static int put(struct line_identify *identify, uint32_t line_id, enum line_kind kind, const char *address)
{
    struct line_record record = record_of(line_id, kind, address);
    return line_identify_put(identify, &record);
}

static struct line_identity look(const struct line_identify *identify, const void *bytes, size_t size)
{
    struct line_identity identity;
    line_identify_look(identify, span_of_bytes(bytes, size), &identity);
    return identity;
}

static struct line_identity look_text(const struct line_identify *identify, const char *text)
{
    return look(identify, text, strlen(text));
}

/* A heartbeat of the concentrator, in the edition wanted. */
static size_t frame_write(const char *address, enum q376_protocol protocol, uint8_t *out, size_t capacity)
{
    static const uint8_t heartbeat[4] = { 0, 0, 4, 0 };
    struct q376_frame frame = { .protocol = (uint8_t)protocol,
                                .control = Q376_CONTROL_UPLINK | Q376_CONTROL_PRIMARY | 9,
                                .afn = Q376_AFN_LINK,
                                .sequence = Q376_SEQUENCE_FIRST | Q376_SEQUENCE_FINAL,
                                .units = span_of_bytes(heartbeat, sizeof heartbeat) };
    struct writer writer = writer_of_buffer(out, capacity);
    assert_int_equal(q376_address_read(span_of_text(address), Q376_ADDRESS_DECIMAL, &frame.address), 0);
    assert_int_equal(q376_frame_encode(&frame, &writer), 0);
    return writer.size;
}

static void concentrators_are_known_in_either_spelling_and_edition(void **state)
{
    struct line_identify *identify = line_identify_open(10, secret);
    uint8_t bytes[64];
    (void)state;
    assert_int_equal(put(identify, 1, LINE_KIND_CONCENTRATOR, "440112345"), 0);
    assert_int_equal(put(identify, 2, LINE_KIND_CONCENTRATOR, "4401303A"), 0);
    size_t size = frame_write("440112345", Q376_PROTOCOL_130, bytes, sizeof bytes);
    for (size_t i = 1; i < size; i++)
        assert_int_equal(look(identify, bytes, i).kind, LINE_IDENTITY_MORE);
    assert_int_equal(look(identify, bytes, size).line_id, 1);
    assert_int_equal(look(identify, bytes, size).used, 0);
    size = frame_write("440112346", Q376_PROTOCOL_376, bytes, sizeof bytes);
    assert_int_equal(look(identify, bytes, size).line_id, 2);
    size = frame_write("440112347", Q376_PROTOCOL_376, bytes, sizeof bytes);
    assert_int_equal(look(identify, bytes, size).kind, LINE_IDENTITY_STRANGER_CONCENTRATOR);
    assert_string_equal(look(identify, bytes, size).address, "440112347");
    line_identify_close(identify);
}

static void the_longest_registered_packet_counts(void **state)
{
    struct line_identify *identify = line_identify_open(10, secret);
    (void)state;
    assert_int_equal(put(identify, 1, LINE_KIND_DTU, "DTU-1"), 0);
    assert_int_equal(put(identify, 2, LINE_KIND_DTU, "DTU-12"), 0);
    assert_int_equal(put(identify, 3, LINE_KIND_DTU, "{=0102030405}"), 0);
    assert_int_equal(look_text(identify, "DTU-12").line_id, 2);
    assert_int_equal(look_text(identify, "DTU-1\r\n").line_id, 1);
    assert_int_equal(look_text(identify, "DTU-1\r\n").used, 5);
    assert_int_equal(look_text(identify, "\x01\x02\x03\x04\x05\x68").line_id, 3);
    assert_int_equal(look_text(identify, "DTU").kind, LINE_IDENTITY_MORE);
    line_identify_close(identify);
}

static void packets_with_a_varying_part_are_tried_in_turn(void **state)
{
    struct line_identify *identify = line_identify_open(100, secret);
    char address[32];
    (void)state;
    assert_int_equal(put(identify, 1, LINE_KIND_DTU, "HELLO{digits:4-4}"), 0);
    assert_int_equal(look_text(identify, "HELLO1234").line_id, 1);
    assert_int_equal(look_text(identify, "HELLO12").kind, LINE_IDENTITY_MORE);
    for (uint32_t i = 2; i <= LINE_IDENTIFY_PATTERN_LIMIT; i++) {
        snprintf(address, sizeof address, "UNIT%u{digits:2-2}", (unsigned)i);
        assert_int_equal(put(identify, i, LINE_KIND_DTU, address), 0);
    }
    assert_int_equal(put(identify, 999, LINE_KIND_DTU, "MORE{digits:2-2}"), -1);
    assert_int_equal(put(identify, 999, LINE_KIND_DTU, "MORE"), 0);
    assert_int_equal(look_text(identify, "UNIT1799").line_id, 17);
    line_identify_close(identify);
}

static void what_can_be_no_address_is_refused(void **state)
{
    struct line_identify *identify = line_identify_open(10, secret);
    (void)state;
    assert_int_equal(put(identify, 1, LINE_KIND_CONCENTRATOR, "440199999"), -1);
    assert_int_equal(put(identify, 1, LINE_KIND_CONCENTRATOR, "concentrator"), -1);
    assert_int_equal(put(identify, 1, LINE_KIND_DTU, ""), -1);
    assert_int_equal(put(identify, 1, LINE_KIND_DTU, "{nonsense}"), -1);
    assert_int_equal(put(identify, 1, LINE_KIND_SERIAL, "/dev/ttyS0"), 0);
    line_identify_close(identify);
}

static void an_address_belongs_to_the_last_line_that_claims_it(void **state)
{
    struct line_identify *identify = line_identify_open(10, secret);
    struct line_record first = record_of(1, LINE_KIND_DTU, "DTU-1");
    struct line_record second = record_of(2, LINE_KIND_DTU, "DTU-1");
    (void)state;
    assert_int_equal(line_identify_put(identify, &first), 0);
    assert_int_equal(line_identify_put(identify, &second), 0);
    line_identify_remove(identify, &first);
    assert_int_equal(look_text(identify, "DTU-1").line_id, 2);
    line_identify_remove(identify, &second);
    assert_int_equal(look_text(identify, "DTU-1").kind, LINE_IDENTITY_MORE);
    line_identify_close(identify);
}

static void who_says_nothing_known_is_shown_as_he_spoke(void **state)
{
    struct line_identify *identify = line_identify_open(10, secret);
    struct line_identity identity;
    char much[LINE_IDENTIFY_BYTES_LIMIT];
    (void)state;
    memset(much, 'm', sizeof much);
    assert_int_equal(look(identify, much, sizeof much - 1).kind, LINE_IDENTITY_MORE);
    assert_int_equal(look(identify, much, sizeof much).kind, LINE_IDENTITY_STRANGER);
    assert_string_equal(look(identify, much, sizeof much).address, "mmmmmmmmmmmmmmmmmmmmmmmm");
    line_identify_give_up(span_of_bytes("\x00\xffz", 3), &identity);
    assert_string_equal(identity.address, "00FF7A");
    line_identify_give_up(span_of_bytes(NULL, 0), &identity);
    assert_string_equal(identity.address, "");
    line_identify_close(identify);
}

static void strip(const char *registration, const char *heartbeat, const char *in, const char *out, unsigned beats)
{
    struct line_record record = record_of(1, LINE_KIND_DTU, registration);
    uint8_t bytes[64];
    unsigned heartbeats;
    snprintf(record.heartbeat, sizeof record.heartbeat, "%s", heartbeat);
    struct dtu_stream stream = dtu_stream_of(&record);
    memcpy(bytes, in, strlen(in));
    size_t size = dtu_stream_strip(&stream, bytes, strlen(in), &heartbeats);
    assert_int_equal(size, strlen(out));
    assert_memory_equal(bytes, out, size);
    assert_int_equal(heartbeats, beats);
}

static void a_units_own_packets_are_taken_out_of_its_stream(void **state)
{
    (void)state;
    strip("DTU-1", "beat", "beat", "", 1);
    strip("DTU-1", "beat", "beatbeatDTU-1meter", "meter", 2);
    strip("DTU-1", "beat", "mebeatter", "meter", 1); /* four fixed bytes are no chance */
    strip("DTU-1", "be", "mebeter", "mebeter", 0);   /* two may be the meter's */
    strip("DTU-1", "be", "bemeter", "meter", 1);
    strip("DTU-1", "", "beat", "beat", 0);
    strip("DTU{digits:2-2}", "beat", "DTU77xDTU78", "xDTU78", 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(concentrators_are_known_in_either_spelling_and_edition),
        cmocka_unit_test(the_longest_registered_packet_counts),
        cmocka_unit_test(packets_with_a_varying_part_are_tried_in_turn),
        cmocka_unit_test(what_can_be_no_address_is_refused),
        cmocka_unit_test(an_address_belongs_to_the_last_line_that_claims_it),
        cmocka_unit_test(who_says_nothing_known_is_shown_as_he_spoke),
        cmocka_unit_test(a_units_own_packets_are_taken_out_of_its_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
