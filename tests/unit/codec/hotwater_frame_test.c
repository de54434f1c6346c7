#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/hotwater/hotwater_frame.h"
#include "security/cipher_openssl.h"

static const struct hotwater_frame plain = { .meter = { 0x44, 0x01, 0x05, 0x00, 0x01, 0x23 },
                                             .counter = 7,
                                             .command = HOTWATER_INSTANT };

static struct span frame_make(size_t size, uint8_t *bytes, size_t capacity)
{
    static const uint8_t payload[HOTWATER_PAYLOAD_LIMIT];
    struct writer out = writer_of_buffer(bytes, capacity);
    struct hotwater_frame frame = plain;

    frame.payload = span_of_bytes(payload, size);
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), 0);
    return writer_span(&out);
}

static void frames_are_found_in_a_stream(void **state)
{
    (void)state;
    uint8_t stream[400] = { 'H', 'H', 'W', 2, 0xff };
    uint8_t bytes[100];
    size_t skip = 99;
    struct span made = frame_make(10, bytes, sizeof bytes);

    memcpy(stream + 5, made.bytes, made.size);
    assert_int_equal(hotwater_frame_find(span_of_bytes(stream, 5 + made.size), &skip), made.size);
    assert_int_equal(skip, 5);
    assert_int_equal(hotwater_frame_find(span_of_bytes(stream, 4 + made.size), &skip), 0);
    assert_int_equal(skip, 5); /* one byte is still to come */
    stream[5 + made.size] = 'H';
    stream[4 + made.size] ^= 1; /* CRC */
    assert_int_equal(hotwater_frame_find(span_of_bytes(stream, 6 + made.size), &skip), 0);
    assert_int_equal(skip, 5 + made.size);
}

static void a_broken_frame_costs_one_byte(void **state)
{
    (void)state;
    uint8_t stream[300], inner[100];
    size_t skip = 0;
    struct span outer = frame_make(100, stream, sizeof stream);
    struct span made = frame_make(10, inner, sizeof inner);

    memcpy(stream + 30, made.bytes, made.size);
    assert_int_equal(hotwater_frame_find(outer, &skip), made.size);
    assert_int_equal(skip, 30);
}

static void builders_refuse_what_cannot_stand(void **state)
{
    (void)state;
    static uint8_t bytes[HOTWATER_FRAME_LIMIT];
    static const uint8_t payload[HOTWATER_PAYLOAD_LIMIT + 1];
    const uint8_t key[16] = { 0 };
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct hotwater_frame frame = plain;

    frame.flags = 0x10;
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_RANGE);
    frame = plain;
    frame.meter[3] = 0xa0;
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_RANGE);
    frame = plain;
    frame.payload = span_of_bytes(payload, sizeof payload);
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_RANGE);
    frame.payload.size--;
    frame.flags = HOTWATER_TAGGED;
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_KEY);
    assert_int_equal(out.size, 0);
    assert_int_equal(hotwater_frame_encode(&frame, cipher_openssl(), key, &out), 0);
    assert_int_equal(out.size, HOTWATER_FRAME_LIMIT);
    out = writer_of_buffer(bytes, HOTWATER_FRAME_LIMIT - 1);
    assert_int_equal(hotwater_frame_encode(&frame, cipher_openssl(), key, &out), CODEC_ERR_FULL);
    frame = plain;
    frame.command = HOTWATER_REPORT; /* personal data never leaves in clear */
    assert_int_equal(hotwater_frame_encode(&frame, NULL, NULL, &out), CODEC_ERR_KEY);
}

static void random_frames_come_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(48);
    static uint8_t bytes[HOTWATER_FRAME_LIMIT], payload[HOTWATER_PAYLOAD_LIMIT], buffer[HOTWATER_PAYLOAD_LIMIT];
    uint8_t key[16];

    for (int round = 0; round < 600; round++) {
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        struct hotwater_frame frame = plain, read;
        struct span clear;
        size_t size = (size_t)random_below(&random, HOTWATER_PAYLOAD_LIMIT + 1);
        for (size_t i = 0; i < size; i++)
            payload[i] = (uint8_t)random_next(&random);
        for (size_t i = 0; i < sizeof key; i++)
            key[i] = (uint8_t)random_next(&random);
        frame.command = random_chance(&random, 1, 2) ? HOTWATER_REPORT : (uint8_t)random_next(&random);
        frame.flags = (uint8_t)(HOTWATER_TAGGED | random_below(&random, 16));
        frame.counter = (uint32_t)random_next(&random);
        frame.payload = span_of_bytes(payload, size);
        assert_int_equal(hotwater_frame_encode(&frame, cipher_openssl(), key, &out), 0);
        assert_int_equal(hotwater_frame_decode(writer_span(&out), &read, NULL), 0);
        assert_int_equal(read.command, frame.command);
        assert_int_equal(read.flags, frame.flags);
        assert_int_equal(read.counter, frame.counter);
        assert_memory_equal(read.meter, frame.meter, sizeof read.meter);
        assert_int_equal(hotwater_frame_open(&read, cipher_openssl(), key, buffer, &clear), 0);
        assert_true(span_equal(clear, frame.payload));
        bytes[random_below(&random, out.size - 2)] ^= 4;
        assert_int_equal(hotwater_frame_open(&read, cipher_openssl(), key, buffer, &clear), CODEC_ERR_KEY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_found_in_a_stream),
        cmocka_unit_test(a_broken_frame_costs_one_byte),
        cmocka_unit_test(builders_refuse_what_cannot_stand),
        cmocka_unit_test(random_frames_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
