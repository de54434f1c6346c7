#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/explain/explain.h"
#include "codec/wmbus/wmbus_items.h"
#include "codec/wmbus/wmbus_telegram.h"
#include "security/cipher_openssl.h"

#define ROUNDS 400
#define ITEM_LIMIT 64

static const uint8_t key[CIPHER_BLOCK_SIZE] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const uint8_t other_key[CIPHER_BLOCK_SIZE] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 139, 12, 13, 14, 15 };

static struct wmbus_secret secret_of(const uint8_t *bytes)
{
    struct wmbus_secret secret = { cipher_openssl(), bytes };
    return secret;
}

static struct span span_of_hex(const char *hex, uint8_t *out, size_t capacity)
{
    int size = hex_decode(span_of_text(hex), out, capacity);
    assert_true(size >= 0);
    return span_of_bytes(out, (size_t)size);
}

static void assert_hex(const char *hex, struct span bytes)
{
    uint8_t want[512];
    struct span expected = span_of_hex(hex, want, sizeof want);
    assert_int_equal(bytes.size, expected.size);
    assert_memory_equal(bytes.bytes, want, expected.size);
}

/* OMS Vol. 2 annex N, security profile B. */
static const char profile_b[] =
    "434493157856341233038C2075900F002C25B30A000021924D4F2FB66E017A75002007109058475F4BC91DF878B8"
    "0A1B0F98B629024AAC727942BFC549233C0140829B93";

static void derived_keys_are_those_of_the_standard(void **state)
{
    (void)state;
    uint8_t derived[CIPHER_BLOCK_SIZE];
    struct wmbus_secret master = secret_of(key);
    struct wmbus_address meter;

    assert_int_equal(wmbus_address_make("ELS", "12345678", 0x33, 3, &meter), 0);
    assert_int_equal(wmbus_key_derive(&master, WMBUS_KEY_ENCRYPTION_METER, 0xab3, &meter, derived), 0);
    assert_hex("ECCF39D475D730B8284FDFDC1995D52F", span_of_bytes(derived, sizeof derived));
    assert_int_equal(wmbus_key_derive(&master, WMBUS_KEY_MAC_METER, 0xab3, &meter, derived), 0);
    assert_hex("C9CD19FF5A9AAD5A6BBDA13BD2C4C7AD", span_of_bytes(derived, sizeof derived));
}

static int decode_hex(const char *hex, const struct wmbus_secret *secret, uint8_t *buffer,
                      struct wmbus_telegram *telegram, size_t *error_offset)
{
    uint8_t bytes[512];
    return wmbus_telegram_decode(span_of_hex(hex, bytes, sizeof bytes), secret, buffer, telegram, error_offset);
}

static void a_derived_key_opens_what_it_closed(void **state)
{
    (void)state;
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_telegram telegram;
    size_t error_offset;

    assert_int_equal(decode_hex(profile_b, &secret, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.protection, WMBUS_PROTECTION_OPENED);
    assert_int_equal(telegram.mac, WMBUS_MAC_RIGHT);
    assert_int_equal(telegram.fragment.counter, 0xab3);
    assert_hex("2F2F0C1427048502046D32371F1502FD1700002F2F2F2F2F2F2F2F2F2F2F2F2F", telegram.content);
    assert_int_equal(telegram.sealed.size, 0);
}

static void without_a_key_the_bytes_are_kept(void **state)
{
    (void)state;
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_telegram telegram;
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    size_t error_offset;

    assert_int_equal(decode_hex(profile_b, NULL, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.protection, WMBUS_PROTECTION_KEY_NEEDED);
    assert_int_equal(telegram.mac, WMBUS_MAC_UNCHECKED);
    assert_int_equal(telegram.sealed.size, 32);
    assert_int_equal(telegram.content.size, 0);
    assert_int_equal(wmbus_items_decode(&telegram, NULL, &list, &error_offset), 0);
    assert_int_equal(list.count, 0);
}

static void a_wrong_key_is_refused_and_writes_nothing(void **state)
{
    (void)state;
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_secret wrong = secret_of(other_key);
    struct wmbus_telegram telegram;
    struct wmbus_telegram before;
    size_t error_offset = 0;

    memset(&telegram, 0x55, sizeof telegram);
    before = telegram;
    assert_int_equal(decode_hex(profile_b, &wrong, buffer, &telegram, &error_offset), CODEC_ERR_KEY);
    assert_int_equal(error_offset, 36); /* where the encrypted bytes begin */
    assert_memory_equal(&telegram, &before, sizeof telegram);
}

/* Every bit between the message control and the end of the telegram is under the MAC; the rest of its bits are not, but the
 * keys come from some of them. */
static void the_mac_covers_the_message(void **state)
{
    (void)state;
    uint8_t bytes[512];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_telegram telegram;
    struct span frame = span_of_hex(profile_b, bytes, sizeof bytes);
    size_t error_offset;

    for (size_t bit = 8 * 30; bit < 8 * frame.size; bit++) {
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1u << bit % 8);
        int result = wmbus_telegram_decode(frame, &secret, buffer, &telegram, &error_offset);
        if (result == 0)
            assert_int_not_equal(telegram.protection, WMBUS_PROTECTION_OPENED);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1u << bit % 8);
    }
    assert_int_equal(wmbus_telegram_decode(frame, &secret, buffer, &telegram, &error_offset), 0);
}

static void address_random(struct random *random, struct wmbus_address *out)
{
    for (size_t i = 0; i < sizeof out->bytes; i++)
        out->bytes[i] = (uint8_t)random_next(random);
}

static const uint8_t extended_cis[] = { 0x8c, 0x8d, 0x8e, 0x8f };

/* A message of every kind that can be written. */
static struct wmbus_message message_random(struct random *random, uint8_t *content)
{
    static const uint8_t modes[] = { WMBUS_MODE_PLAIN, WMBUS_MODE_CBC_INITIAL, WMBUS_MODE_CBC_DERIVED };
    static const uint8_t cis[] = { 0x7a, 0x72, 0x5a, 0x5b, 0x6e };
    struct wmbus_message message = { 0 };
    uint64_t extended = random_below(random, 5);

    message.format = (enum wmbus_format)random_below(random, 3);
    message.control = 0x44;
    message.ci = cis[random_below(random, sizeof cis)];
    message.mode = modes[random_below(random, sizeof modes)];
    message.key_number = (uint8_t)random_below(random, 16);
    message.access_number = (uint8_t)random_next(random);
    message.status = (uint8_t)random_next(random);
    message.counter = (uint32_t)random_next(random);
    address_random(random, &message.link);
    address_random(random, &message.meter);
    if (extended < sizeof extended_cis) {
        message.has_extended_link = true;
        message.extended_link.ci = extended_cis[extended];
        message.extended_link.has_session = (extended & 1) != 0;
        message.extended_link.has_address = extended >= 2;
        message.extended_link.control = (uint8_t)random_next(random);
        message.extended_link.access_number = (uint8_t)random_next(random);
        message.extended_link.session = (uint32_t)random_next(random) & 0x3fffffffu; /* plain or AES-CTR */
        address_random(random, &message.extended_link.address);
    }
    message.content.bytes = content;
    message.content.size = random_below(random, 170);
    for (size_t i = 0; i < message.content.size; i++)
        content[i] = (uint8_t)random_next(random);
    return message;
}

static void content_check(const struct wmbus_message *message, const struct wmbus_telegram *telegram)
{
    struct span content = message->mode == WMBUS_MODE_PLAIN ? telegram->content : wmbus_content_body(telegram);

    assert_true(content.size >= message->content.size);
    assert_memory_equal(content.bytes, message->content.bytes, message->content.size);
    for (size_t i = message->content.size; i < content.size; i++)
        assert_int_equal(content.bytes[i], 0x2f);
}

static void message_check(const struct wmbus_message *message, const struct wmbus_telegram *telegram)
{
    const struct wmbus_address *meter =
        wmbus_ci_find(message->ci)->header == WMBUS_HEADER_LONG ? &message->meter : &message->link;

    assert_int_equal(telegram->link.format, message->format);
    assert_int_equal(telegram->transport.ci, message->ci);
    assert_int_equal(telegram->transport.access_number, message->access_number);
    assert_int_equal(telegram->transport.status, message->status);
    assert_int_equal(wmbus_transport_mode(&telegram->transport), message->mode);
    assert_memory_equal(telegram->meter.bytes, meter->bytes, sizeof meter->bytes);
    assert_int_equal(telegram->protection,
                     message->mode == WMBUS_MODE_PLAIN ? WMBUS_PROTECTION_NONE : WMBUS_PROTECTION_OPENED);
    assert_int_equal(telegram->mac, message->mode == WMBUS_MODE_CBC_DERIVED ? WMBUS_MAC_RIGHT : WMBUS_MAC_NONE);
    assert_int_equal(telegram->has_extended_link, message->has_extended_link);
    if (message->has_extended_link) {
        assert_int_equal(telegram->extended_link.ci, message->extended_link.ci);
        assert_int_equal(telegram->extended_link.control, message->extended_link.control);
        assert_int_equal(telegram->extended_link.access_number, message->extended_link.access_number);
        if (message->extended_link.has_session) {
            assert_int_equal(telegram->extended_link.session, message->extended_link.session);
            assert_int_equal(telegram->session, wmbus_session_encryption(message->extended_link.session) != 0
                                                    ? WMBUS_PROTECTION_OPENED
                                                    : WMBUS_PROTECTION_NONE);
        }
        if (message->extended_link.has_address)
            assert_memory_equal(telegram->extended_link.address.bytes, message->extended_link.address.bytes,
                                WMBUS_ADDRESS_SIZE);
    }
    content_check(message, telegram);
}

static void messages_go_there_and_back(void **state)
{
    (void)state;
    struct random random = random_of_seed(42);
    struct wmbus_secret secret = secret_of(key);

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint8_t content[256];
        uint8_t air[WMBUS_AIR_LIMIT];
        uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
        struct writer out = writer_of_buffer(air, sizeof air);
        struct wmbus_message message = message_random(&random, content);
        struct wmbus_telegram telegram;
        size_t error_offset;
        assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), 0);
        assert_int_equal(wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset), 0);
        message_check(&message, &telegram);
    }
}

static struct wmbus_message plain_message(uint8_t ci, const char *hex, uint8_t *content, size_t capacity)
{
    struct wmbus_message message = { 0 };

    message.format = WMBUS_FORMAT_A;
    message.control = 0x44;
    message.ci = ci;
    message.access_number = 9;
    message.content = span_of_hex(hex, content, capacity);
    assert_int_equal(wmbus_address_make("KAM", "76348799", 0x1b, 0x16, &message.link), 0);
    assert_int_equal(wmbus_address_make("QDS", "12345678", 1, 7, &message.meter), 0);
    return message;
}

static void what_cannot_be_written_is_refused(void **state)
{
    (void)state;
    uint8_t content[256] = { 0 };
    uint8_t air[WMBUS_AIR_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_message message = plain_message(0x7a, "", content, sizeof content);

    message.mode = WMBUS_MODE_CBC_INITIAL;
    assert_int_equal(wmbus_telegram_encode(&message, NULL, &out), CODEC_ERR_MISSING);
    message.mode = 9;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), CODEC_ERR_UNSUPPORTED);
    message.mode = WMBUS_MODE_CBC_DERIVED;
    message.ci = 0x78;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), CODEC_ERR_UNSUPPORTED);
    message.ci = 0x7a;
    message.content.size = 239;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), CODEC_ERR_TOO_LONG);
    message.mode = WMBUS_MODE_PLAIN;
    message.content.size = 242;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), CODEC_ERR_TOO_LONG);
    assert_int_equal(out.size, 0);
}

/* A compact telegram of a format that nobody published, for the full records in `hex`. */
static size_t compact_make(const char *hex, uint8_t *out)
{
    static const uint8_t headers[] = { 0x0c, 0x13, 0x04, 0x42, 0x02, 0x6c };
    static const uint8_t data[] = { 0x78, 0x56, 0x34, 0x12, 0xfe, 0x01, 0x00, 0x00, 0x1f, 0x2c };
    uint8_t bytes[64];
    struct span records = span_of_hex(hex, bytes, sizeof bytes);
    uint16_t signature = wmbus_headers_signature(span_of_bytes(headers, sizeof headers));
    uint16_t crc = wmbus_headers_signature(records);

    out[0] = (uint8_t)signature;
    out[1] = (uint8_t)(signature >> 8);
    out[2] = (uint8_t)crc;
    out[3] = (uint8_t)(crc >> 8);
    memcpy(out + 4, data, sizeof data);
    return 4 + sizeof data;
}

static int items_of(uint8_t ci, struct span content, const struct wmbus_headers_table *formats, struct item_list *list,
                    size_t *error_offset)
{
    static uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t empty[1];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_message message = plain_message(ci, "", empty, sizeof empty);
    struct wmbus_telegram telegram;

    message.content = content;
    assert_int_equal(wmbus_telegram_encode(&message, NULL, &out), 0);
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), NULL, buffer, &telegram, error_offset), 0);
    list->count = 0;
    return wmbus_items_decode(&telegram, formats, list, error_offset);
}

static void a_compact_telegram_needs_the_full_one_first(void **state)
{
    (void)state;
    uint8_t full[64];
    uint8_t compact[64];
    struct wmbus_headers rows[2];
    struct wmbus_headers_table formats = { rows, 2, 0 };
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    struct span records = span_of_hex("0C13785634120442FE010000026C1F2C", full, sizeof full);
    struct span content = { compact, compact_make("0C13785634120442FE010000026C1F2C", compact) };
    size_t error_offset = 0;

    assert_int_equal(items_of(0x79, content, &formats, &list, &error_offset), CODEC_ERR_UNKNOWN);
    assert_int_equal(error_offset, 13); /* behind the first block's check sum and the CI field */
    assert_int_equal(wmbus_headers_learn(&formats, records), 1);
    assert_int_equal(wmbus_headers_learn(&formats, records), 0);
    assert_int_equal(items_of(0x79, content, &formats, &list, &error_offset), 0);
    assert_int_equal(list.count, 3);
    assert_int_equal(items[0].quantity, ITEM_VOLUME);
    assert_int_equal(items[0].value, 12345678);
    assert_int_equal(items[0].exponent, -3);
    assert_int_equal(items[2].time.month, 12);
    assert_int_equal(items_of(0x7b, content, &formats, &list, &error_offset), 0);
    assert_int_equal(list.count, 3);
    memset(compact + content.size, 0x2f, 3);
    content.size += 3;
    assert_int_equal(items_of(0x79, content, &formats, &list, &error_offset), 0);
    assert_int_equal(list.count, 3);
    compact[content.size - 1] = 0x30; /* no filler */
    assert_int_equal(items_of(0x79, content, &formats, &list, &error_offset), CODEC_ERR_CHECKSUM);
    content.size -= 3;
    compact[6] ^= 1; /* other data than the check sum says */
    assert_int_equal(items_of(0x79, content, &formats, &list, &error_offset), CODEC_ERR_CHECKSUM);
    assert_int_equal(list.count, 0);
    assert_int_equal(items_of(0x79, span_of_bytes(compact, 3), &formats, &list, &error_offset), CODEC_ERR_SHORT);
}

static void formats_have_a_bound(void **state)
{
    (void)state;
    uint8_t bytes[512];
    struct wmbus_headers rows[1];
    struct wmbus_headers_table formats = { rows, 1, 0 };

    assert_int_equal(wmbus_headers_learn(&formats, span_of_hex("2F2F2F", bytes, sizeof bytes)), CODEC_ERR_EMPTY);
    assert_int_equal(wmbus_headers_learn(&formats, span_of_hex("0C1378", bytes, sizeof bytes)), CODEC_ERR_SHORT);
    assert_int_equal(wmbus_headers_learn(&formats, span_of_hex("2F0C1378563412", bytes, sizeof bytes)), 1);
    assert_int_equal(wmbus_headers_learn(&formats, span_of_hex("0A1378562F", bytes, sizeof bytes)), CODEC_ERR_FULL);
    for (size_t i = 0; i < 65; i++)
        memcpy(bytes + 3 * i, "\x01\x13\x00", 3);
    assert_int_equal(wmbus_headers_learn(&formats, span_of_bytes(bytes, 3 * 65)), CODEC_ERR_TOO_LONG);
    assert_int_equal(formats.count, 1);
}

static void published_formats_carry_their_signature(void **state)
{
    (void)state;
    const struct wmbus_headers_row *row;
    size_t count = 0;

    for (; (row = wmbus_headers_known(count)) != NULL; count++)
        assert_int_equal(wmbus_headers_signature(span_of_bytes(row->bytes, row->size)), row->signature);
    assert_true(count >= 18);
}

static void a_format_frame_proves_its_headers(void **state)
{
    (void)state;
    static const uint8_t headers[] = { 0x02, 0xff, 0x20, 0x04, 0x13, 0x44, 0x13, 0x61, 0x5b, 0x61, 0x67 };
    uint8_t bytes[64];
    struct span found;
    struct wmbus_headers rows[1];
    struct wmbus_headers_table formats = { rows, 1, 0 };

    assert_int_equal(wmbus_format_frame_decode(span_of_hex("EDA802FF2004134413615B6167", bytes, sizeof bytes), &found),
                     0);
    assert_int_equal(found.size, sizeof headers);
    assert_memory_equal(found.bytes, headers, sizeof headers);
    assert_int_equal(
        wmbus_format_frame_decode(span_of_hex("0DEDA802FF2004134413615B61672F2F", bytes, sizeof bytes), &found), 0);
    assert_int_equal(found.size, sizeof headers);
    assert_int_equal(wmbus_headers_add(&formats, found), 1);
    assert_int_equal(rows[0].signature, 0xa8ed);
    assert_int_equal(wmbus_format_frame_decode(span_of_hex("EDA902FF2004134413615B6167", bytes, sizeof bytes), &found),
                     CODEC_ERR_CHECKSUM);
    assert_int_equal(wmbus_format_frame_decode(span_of_hex("EDA8", bytes, sizeof bytes), &found), CODEC_ERR_SHORT);
}

static void alarms_and_errors_are_items(void **state)
{
    (void)state;
    uint8_t bytes[4] = { 0x41 };
    struct item items[1];
    struct item_list list = item_list_of(items, 1);
    size_t error_offset;

    assert_int_equal(items_of(0x74, span_of_bytes(bytes, 1), NULL, &list, &error_offset), 0);
    assert_int_equal(list.count, 1);
    assert_int_equal(items[0].quantity, ITEM_ALARM);
    assert_int_equal(items[0].value, 0x41);
    assert_int_equal(items_of(0x6e, span_of_bytes(bytes, 1), NULL, &list, &error_offset), 0);
    assert_int_equal(items[0].quantity, ITEM_STATUS);
    assert_int_equal(items_of(0x6e, span_of_bytes(bytes, 0), NULL, &list, &error_offset), 0);
    assert_int_equal(list.count, 0);
}

static void a_broken_record_keeps_those_before_it(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct item items[2];
    struct item_list list = item_list_of(items, 2);
    size_t error_offset = 0;

    assert_int_equal(items_of(0x78, span_of_hex("0C13785634120C13", bytes, sizeof bytes), NULL, &list, &error_offset),
                     CODEC_ERR_SHORT);
    assert_int_equal(list.count, 1);
    assert_true(error_offset >= 19);
    assert_int_equal(items_of(0x78, span_of_hex("010000010000010000", bytes, sizeof bytes), NULL, &list, &error_offset),
                     CODEC_ERR_FULL);
    assert_int_equal(list.count, 2);
}

/* The layers behind a link layer without check sums. */
static int layers_decode(const char *hex, struct wmbus_telegram *telegram, size_t *error_offset)
{
    static uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    uint8_t data[128];
    uint8_t air[WMBUS_AIR_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_address address;

    assert_int_equal(wmbus_address_make("KAM", "1", 1, 7, &address), 0);
    assert_int_equal(
        wmbus_frame_encode(WMBUS_FORMAT_STRIPPED, 0x44, &address, span_of_hex(hex, data, sizeof data), &out), 0);
    return wmbus_telegram_decode(writer_span(&out), NULL, buffer, telegram, error_offset);
}

static void layers_that_break_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        int result;
        size_t offset;
    } cases[] = {
        { "8C20", CODEC_ERR_SHORT, 12 },
        { "8D2001010000001122", CODEC_ERR_CHECKSUM, 17 }, /* plain session, wrong payload CRC */
        { "8D20010100000011", CODEC_ERR_SHORT, 18 },      /* payload CRC cut */
        { "90", CODEC_ERR_SHORT, 11 },                    /* AFL without length */
        { "9005002C25", CODEC_ERR_SHORT, 15 },            /* AFL cut */
        { "9002002C7A", CODEC_ERR_FORMAT, 14 },           /* AFL with fewer fields than it says */
        { "900700002500000000", CODEC_ERR_FORMAT, 14 },   /* AFL with more */
        { "900400242000", CODEC_ERR_RESERVED, 15 },       /* a MAC of no known length */
        { "7A0100", CODEC_ERR_SHORT, 13 },
        { "7203020100", CODEC_ERR_SHORT, 15 },
        { "7A0100200711", 0, 0 },              /* mode 7 without counter: not spoken */
        { "7A01002007", CODEC_ERR_SHORT, 15 }, /* its third byte is missing */
        { "", 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wmbus_telegram telegram;
        size_t error_offset = 0;
        int result = layers_decode(cases[i].hex, &telegram, &error_offset);
        if (result != cases[i].result || error_offset != cases[i].offset)
            fail_msg("%s: %d at %zu", cases[i].hex, result, error_offset);
    }
}

static void parts_and_unknown_methods_stay_closed(void **state)
{
    (void)state;
    struct wmbus_telegram telegram;
    size_t error_offset;

    assert_int_equal(layers_decode("90020140AABBCC", &telegram, &error_offset), 0); /* more fragments follow */
    assert_true(telegram.has_fragment && !telegram.has_transport);
    assert_int_equal(telegram.content.size, 3);
    assert_int_equal(layers_decode("90020200AABBCC", &telegram, &error_offset), 0); /* the second one */
    assert_false(telegram.has_transport);
    assert_int_equal(layers_decode("7A01000009AABBCC", &telegram, &error_offset), 0); /* GCM */
    assert_int_equal(telegram.protection, WMBUS_PROTECTION_UNSUPPORTED);
    assert_int_equal(telegram.sealed.size, 3);
    assert_int_equal(telegram.content.size, 0);
    assert_int_equal(layers_decode("8D2001010000E01122AABB", &telegram, &error_offset), 0); /* encryption 7 */
    assert_int_equal(telegram.session, WMBUS_PROTECTION_UNSUPPORTED);
    assert_false(telegram.has_transport);
    assert_int_equal(telegram.sealed.size, 4);
}

static void mode_5_without_blocks_covers_all(void **state)
{
    (void)state;
    uint8_t content[64];
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_message message = plain_message(0x7a,
                                                 "0C1378563412046D32371F1502FD170000"
                                                 "0C1378563412",
                                                 content, sizeof content);
    struct wmbus_telegram telegram;
    size_t error_offset;

    message.format = WMBUS_FORMAT_STRIPPED;
    message.mode = WMBUS_MODE_CBC_INITIAL;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), 0);
    air[13] = 0; /* blocks in the low byte of the configuration word */
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.protection, WMBUS_PROTECTION_OPENED);
    assert_int_equal(telegram.opened.size, 32);
    air[13] = 0x30; /* more than there are */
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset),
                     CODEC_ERR_SHORT);
    assert_int_equal(error_offset, out.size);
}

static size_t items_told;
static size_t addresses_told;

static void row_count(void *context, const struct explain_field *field)
{
    (void)context;
    addresses_told += field->is_address;
}

static void item_count(void *context, const struct item *item, const char *meaning)
{
    (void)meaning;
    (void)context;
    items_told += item->quantity < ITEM_QUANTITY_COUNT;
}

/* The radio module has an address, too, but the meter is only one. */
static void a_telegram_has_one_meter(void **state)
{
    (void)state;
    static const char hex[] = "194793444433221155378C20758B8877665593445508FF040000";
    uint8_t bytes[64];
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_count, item_count, NULL, NULL };
    size_t error_offset;

    addresses_told = 0;
    assert_int_equal(
        explain_protocol_find("wmbus")->explain(&sink, span_of_hex(hex, bytes, sizeof bytes), &error_offset), 0);
    assert_int_equal(addresses_told, 1);
}

/* Mode 7 without an encrypted block: the MAC is all that protects it. */
static void a_bare_mac_is_checked(void **state)
{
    (void)state;
    uint8_t body[] = { 0x7a, 0x75, 0x00, 0x00, 0x07, 0x10, 0x0c, 0x13, 0x78, 0x56, 0x34, 0x12 };
    uint8_t mac_key[CIPHER_BLOCK_SIZE];
    uint8_t mac[CIPHER_BLOCK_SIZE];
    uint8_t layer_bytes[64];
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct writer layers = writer_of_buffer(layer_bytes, sizeof layer_bytes);
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_fragment fragment = { 0 };
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_telegram telegram;
    struct wmbus_address meter;
    size_t error_offset = 0;
    struct explain_secret told = { { key, sizeof key }, cipher_openssl() };
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_count, item_count, NULL, &told };

    assert_int_equal(wmbus_address_make("ELS", "12345678", 0x33, 3, &meter), 0);
    assert_int_equal(wmbus_key_derive(&secret, WMBUS_KEY_MAC_METER, 5, &meter, mac_key), 0);
    fragment.control = WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL | WMBUS_FRAGMENT_HAS_COUNTER | WMBUS_FRAGMENT_HAS_MAC |
                       WMBUS_FRAGMENT_HAS_KEY_INFORMATION | WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH;
    fragment.message_control = 0x76; /* twelve bytes of it */
    fragment.counter = 5;
    fragment.key_information = 0x1234;
    fragment.message_length = sizeof body;
    assert_int_equal(wmbus_fragment_mac(&fragment, secret.cipher, mac_key, span_of_bytes(body, sizeof body), mac), 12);
    fragment.mac = span_of_bytes(mac, 12);
    wmbus_fragment_encode(&fragment, &layers);
    writer_put_bytes(&layers, body, sizeof body);
    assert_int_equal(wmbus_frame_encode(WMBUS_FORMAT_STRIPPED, 0x44, &meter, writer_span(&layers), &out), 0);
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.mac, WMBUS_MAC_RIGHT);
    assert_int_equal(telegram.fragment.key_information, 0x1234);
    assert_int_equal(telegram.fragment.message_length, sizeof body);
    assert_int_equal(telegram.content.size, 6);
    items_told = 0;
    assert_int_equal(explain_protocol_find("wmbus")->explain(&sink, writer_span(&out), &error_offset), 0);
    assert_int_equal(items_told, 1);
    air[out.size - 1] ^= 1;
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset),
                     CODEC_ERR_KEY);
    assert_int_equal(error_offset, out.size - sizeof body);
    items_told = 0;
    assert_int_equal(explain_protocol_find("wmbus")->explain(&sink, writer_span(&out), &error_offset), CODEC_ERR_KEY);
    assert_int_equal(items_told, 0);
}

/* A repeater sets two bits of CC on the way; the others are under the session's cipher. */
static void a_repeater_does_not_close_a_session(void **state)
{
    (void)state;
    static const uint8_t free_bits = WMBUS_CC_HOP | WMBUS_CC_REPEATED;
    uint8_t content[64];
    uint8_t air[WMBUS_AIR_LIMIT];
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct writer out = writer_of_buffer(air, sizeof air);
    struct wmbus_secret secret = secret_of(key);
    struct wmbus_message message = plain_message(0x78, "0C1378563412", content, sizeof content);
    struct wmbus_telegram telegram;
    size_t error_offset;

    message.format = WMBUS_FORMAT_STRIPPED;
    message.has_extended_link = true;
    message.extended_link.ci = 0x8d;
    message.extended_link.has_session = true;
    message.extended_link.control = WMBUS_CC_SYNCHRONISED;
    message.extended_link.session = (uint32_t)WMBUS_SESSION_AES_CTR << 29 | 0x1234;
    assert_int_equal(wmbus_telegram_encode(&message, &secret, &out), 0);
    for (unsigned bit = 0; bit < 8; bit++) {
        air[11] = (uint8_t)(air[11] ^ 1u << bit);
        int result = wmbus_telegram_decode(writer_span(&out), &secret, buffer, &telegram, &error_offset);
        assert_int_equal(result, (free_bits >> bit & 1) != 0 ? 0 : CODEC_ERR_KEY);
        assert_true(result == 0 || error_offset == 17);
        air[11] = (uint8_t)(air[11] ^ 1u << bit);
    }
    assert_int_equal(wmbus_telegram_decode(writer_span(&out), NULL, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.session, WMBUS_PROTECTION_KEY_NEEDED);
    assert_false(telegram.has_transport);
    assert_int_equal(telegram.sealed.size, out.size - 17);
}

/* Two blocks are encrypted, and plain bytes follow that look like records. */
static void a_plain_rest_says_nothing_without_the_key(void **state)
{
    (void)state;
    static const char hex[] =
        "3944FA122162092002067A3600202567C94D48D00DC47B11213E23383DB51968A705AAFA60C60E263D50CD259D7C9A"
        "03FD0C08000002FD0B0011";
    uint8_t buffer[WMBUS_TELEGRAM_LIMIT];
    struct wmbus_telegram telegram;
    struct item items[ITEM_LIMIT];
    struct item_list list = item_list_of(items, ITEM_LIMIT);
    size_t error_offset;

    assert_int_equal(decode_hex(hex, NULL, buffer, &telegram, &error_offset), 0);
    assert_int_equal(telegram.sealed.size, 32);
    assert_hex("03FD0C08000002FD0B0011", telegram.content);
    assert_int_equal(wmbus_items_decode(&telegram, NULL, &list, &error_offset), 0);
    assert_int_equal(list.count, 0);
}

static void old_counters_are_refused(void **state)
{
    (void)state;
    struct wmbus_replay replay = { 0 };

    assert_int_equal(wmbus_replay_accept(&replay, 0), 0);
    assert_int_equal(wmbus_replay_accept(&replay, 0), CODEC_ERR_DUPLICATE);
    assert_int_equal(wmbus_replay_accept(&replay, 7), 0);
    assert_int_equal(wmbus_replay_accept(&replay, 7), CODEC_ERR_DUPLICATE);
    assert_int_equal(wmbus_replay_accept(&replay, 6), CODEC_ERR_ORDER);
    assert_int_equal(wmbus_replay_accept(&replay, UINT32_MAX), 0);
    assert_int_equal(wmbus_replay_accept(&replay, 0), CODEC_ERR_ORDER);
}

static void repetitions_are_known_by_meter_and_access_number(void **state)
{
    (void)state;
    struct wmbus_telegram telegram;
    struct wmbus_telegram repeated;
    size_t error_offset;

    assert_int_equal(layers_decode("7A07000000", &telegram, &error_offset), 0);
    assert_int_equal(layers_decode("8C20997A07040000", &repeated, &error_offset), 0);
    struct wmbus_repetition first = wmbus_telegram_repetition(&telegram);
    struct wmbus_repetition second = wmbus_telegram_repetition(&repeated);
    assert_true(wmbus_repetition_equal(&first, &second));
    assert_int_equal(layers_decode("8C209978", &repeated, &error_offset), 0); /* of the extended link layer */
    second = wmbus_telegram_repetition(&repeated);
    assert_int_equal(second.access_number, 0x99);
    assert_false(wmbus_repetition_equal(&first, &second));
    assert_int_equal(layers_decode("7278563412934433030700000000", &repeated, &error_offset), 0); /* another meter */
    second = wmbus_telegram_repetition(&repeated);
    assert_false(wmbus_repetition_equal(&first, &second));
    assert_int_equal(layers_decode("78", &repeated, &error_offset), 0);
    assert_int_equal(wmbus_telegram_repetition(&repeated).access_number, 256);
}

static void tables_are_in_order(void **state)
{
    (void)state;
    unsigned known = 0;

    for (size_t i = 1; wmbus_ci_at(i) != NULL; i++)
        assert_true(wmbus_ci_at(i - 1)->last < wmbus_ci_at(i)->first);
    for (size_t i = 1; wmbus_control_at(i) != NULL; i++)
        assert_true(wmbus_control_at(i - 1)->code < wmbus_control_at(i)->code);
    for (unsigned ci = 0; ci < 256; ci++)
        known += wmbus_ci_is_known((uint8_t)ci);
    assert_int_equal(known, 108);
    assert_string_equal(wmbus_ci_find(0xa2)->english, "manufacturer specific");
    assert_string_equal(wmbus_ci_find(0xff)->english, "reserved");
    assert_true(wmbus_ci_find(0x5b)->from_partner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_keys_are_those_of_the_standard),
        cmocka_unit_test(a_derived_key_opens_what_it_closed),
        cmocka_unit_test(without_a_key_the_bytes_are_kept),
        cmocka_unit_test(a_wrong_key_is_refused_and_writes_nothing),
        cmocka_unit_test(the_mac_covers_the_message),
        cmocka_unit_test(messages_go_there_and_back),
        cmocka_unit_test(what_cannot_be_written_is_refused),
        cmocka_unit_test(a_compact_telegram_needs_the_full_one_first),
        cmocka_unit_test(formats_have_a_bound),
        cmocka_unit_test(published_formats_carry_their_signature),
        cmocka_unit_test(a_format_frame_proves_its_headers),
        cmocka_unit_test(alarms_and_errors_are_items),
        cmocka_unit_test(a_broken_record_keeps_those_before_it),
        cmocka_unit_test(layers_that_break_are_named),
        cmocka_unit_test(parts_and_unknown_methods_stay_closed),
        cmocka_unit_test(mode_5_without_blocks_covers_all),
        cmocka_unit_test(a_telegram_has_one_meter),
        cmocka_unit_test(a_bare_mac_is_checked),
        cmocka_unit_test(a_repeater_does_not_close_a_session),
        cmocka_unit_test(a_plain_rest_says_nothing_without_the_key),
        cmocka_unit_test(old_counters_are_refused),
        cmocka_unit_test(repetitions_are_known_by_meter_and_access_number),
        cmocka_unit_test(tables_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
