#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "codec/codec_error.h"
#include "codec/manhole/manhole_security.h"
#include "security/cipher_openssl.h"

static const uint8_t device_key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t id[8] = { 0x08, 0x61, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23 };

static void expect_bytes(const uint8_t *bytes, const char *hex)
{
    uint8_t expected[64];
    int size = hex_decode(span_of_text(hex), expected, sizeof expected);
    assert_true(size > 0);
    assert_memory_equal(bytes, expected, (size_t)size);
}

/* MHC-1, worked examples. */
static void keys_are_the_published_ones(void **state)
{
    (void)state;
    struct manhole_keys keys;

    assert_int_equal(manhole_keys_derive(manhole_profile_mhc1(), cipher_openssl(), device_key, 1, &keys), 0);
    expect_bytes(keys.encryption, "10359fe7ff21813c9d00e5cf2580518a");
    expect_bytes(keys.tag, "818a53ff57597d4062e44235a4bed6f7");
}

struct sealed {
    uint8_t bytes[256];
    struct manhole_frame frame;
    struct manhole_keys keys;
};

static void seal(struct sealed *sealed, uint8_t mode, const char *area)
{
    const struct manhole_profile *profile = manhole_profile_mhc1();
    uint8_t scratch_bytes[256];
    struct writer scratch = writer_of_buffer(scratch_bytes, sizeof scratch_bytes);
    struct writer out = writer_of_buffer(sealed->bytes, sizeof sealed->bytes);
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, 8), .sequence = 1, .mode = mode, .slot = 1 };

    frame.area = span_of_text(area);
    assert_int_equal(manhole_keys_derive(profile, cipher_openssl(), device_key, 1, &sealed->keys), 0);
    assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &sealed->keys, &frame,
                                        span_of_bytes("0123456789abcdef", mode == 1 ? 16 : 8), &scratch, &out),
                     0);
    assert_int_equal(manhole_frame_decode(profile, writer_span(&out), &sealed->frame, NULL), 0);
}

static int open_area(const struct sealed *sealed, const struct manhole_frame *frame, struct span *clear)
{
    static uint8_t buffer[256];
    return manhole_frame_open(manhole_profile_mhc1(), cipher_openssl(), &sealed->keys, frame, buffer, clear);
}

/* Every byte that the tag covers, in front of the area too. */
static void whatever_changes_breaks_the_tag(void **state)
{
    (void)state;
    struct sealed sealed;
    struct span clear;

    for (uint8_t mode = 1; mode <= 2; mode++) {
        seal(&sealed, mode, "twenty bytes of area");
        assert_int_equal(open_area(&sealed, &sealed.frame, &clear), 0);
        assert_true(span_equal_text(clear, "twenty bytes of area"));
        size_t first = (size_t)(sealed.frame.terminal_id.bytes - sealed.bytes);
        size_t end = (size_t)(sealed.frame.area.bytes - sealed.bytes) + sealed.frame.area.size;
        for (size_t at = first; at < end; at++) {
            sealed.bytes[at] ^= 0x10;
            assert_int_equal(open_area(&sealed, &sealed.frame, &clear), CODEC_ERR_KEY);
            sealed.bytes[at] ^= 0x10;
        }
        struct manhole_frame frame = sealed.frame;
        frame.version = 2;
        assert_int_equal(open_area(&sealed, &frame, &clear), CODEC_ERR_KEY);
    }
}

/* Whoever knows Kmac can make a right tag over wrong padding: the error must be the same as for a wrong tag. */
static void wrong_padding_looks_like_a_wrong_tag(void **state)
{
    (void)state;
    static const uint8_t wrong_ends[][3] = { { 2, 2, 0 }, { 9, 9, 17 }, { 4, 3, 3 }, { 1, 1, 255 } };
    const struct cipher *cipher = cipher_openssl();
    struct sealed sealed;
    uint8_t block[16], tag[16];
    struct span clear;

    for (size_t i = 0; i < sizeof wrong_ends / sizeof wrong_ends[0]; i++) {
        seal(&sealed, 1, "thirteen byte");
        uint8_t *area = sealed.bytes + (sealed.frame.area.bytes - sealed.bytes);
        memset(block, 'x', sizeof block);
        memcpy(block + 13, wrong_ends[i], 3);
        assert_int_equal(
            cipher->cbc_encrypt(NULL, CIPHER_SM4, sealed.keys.encryption, area, span_of_bytes(block, 16), area + 16),
            0);
        struct span parts[] = { span_of_bytes("\x01", 1), sealed.frame.terminal_id, sealed.frame.head,
                                span_of_bytes(area, 32) };
        assert_int_equal(cipher->cmac(NULL, CIPHER_SM4, sealed.keys.tag, parts, 4, tag), 0);
        memcpy(area + 32, tag, 8);
        assert_int_equal(open_area(&sealed, &sealed.frame, &clear), CODEC_ERR_KEY);
    }
}

static void areas_too_short_for_their_mode_are_refused(void **state)
{
    (void)state;
    struct sealed sealed;
    struct span clear = { NULL, 0 };

    seal(&sealed, 1, "");
    assert_int_equal(sealed.frame.area.size, 16 + 16 + 8);
    assert_int_equal(open_area(&sealed, &sealed.frame, &clear), 0);
    assert_int_equal(clear.size, 0);
    sealed.frame.area.size = 39;
    assert_int_equal(open_area(&sealed, &sealed.frame, &clear), CODEC_ERR_SHORT);
    seal(&sealed, 2, "");
    assert_int_equal(sealed.frame.area.size, 8 + 8);
    assert_int_equal(open_area(&sealed, &sealed.frame, &clear), 0);
    sealed.frame.area.size = 15;
    assert_int_equal(open_area(&sealed, &sealed.frame, &clear), CODEC_ERR_SHORT);
    sealed.frame.mode = 3;
    assert_int_equal(open_area(&sealed, &sealed.frame, &clear), CODEC_ERR_UNSUPPORTED);
}

static void sealing_wants_the_right_nonce_and_room(void **state)
{
    (void)state;
    const struct manhole_profile *profile = manhole_profile_mhc1();
    struct manhole_frame frame = { .terminal_id = span_of_bytes(id, 8), .mode = 1, .area = span_of_text("area") };
    struct manhole_keys keys = { { 0 }, { 0 } };
    uint8_t scratch_bytes[39], bytes[100];
    struct writer scratch = writer_of_buffer(scratch_bytes, sizeof scratch_bytes);
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct span initial = span_of_bytes("0123456789abcdef", 16);

    assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &keys, &frame, span_of_bytes("", 0), &scratch, &out),
                     CODEC_ERR_RANGE);
    assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &keys, &frame, initial, &scratch, &out),
                     CODEC_ERR_FULL);
    assert_int_equal(out.size, 0);
    frame.mode = 9;
    assert_int_equal(manhole_frame_seal(profile, cipher_openssl(), &keys, &frame, initial, &scratch, &out),
                     CODEC_ERR_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_the_published_ones),
        cmocka_unit_test(whatever_changes_breaks_the_tag),
        cmocka_unit_test(wrong_padding_looks_like_a_wrong_tag),
        cmocka_unit_test(areas_too_short_for_their_mode_are_refused),
        cmocka_unit_test(sealing_wants_the_right_nonce_and_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
