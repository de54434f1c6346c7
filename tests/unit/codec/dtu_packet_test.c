#include "tests/unit/unit_test.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "codec/codec_error.h"
#include "codec/dtu/dtu_packet.h"
#include "codec/explain/explain.h"

/* 13066668888 at 192.168.1.66, port 5000. */
#define DDP_REGISTRATION "7b0100163133303636363638383838c0a8014213887b"
/* The example of the PROT description. */
#define PROT_REGISTRATION \
    "785634123133303636363638383838" \
    "00c0a8014200"
#define METER_REQUEST "6810aaaaaaaaaaaaaa0103901faa7b16"

static struct span bytes_of(const char *hex, uint8_t *out, size_t size)
{
    int count = hex_decode(span_of_text(hex), out, size);
    assert_true(count >= 0);
    return span_of_bytes(out, (size_t)count);
}

static struct dtu_pattern pattern_of(const char *name)
{
    const struct dtu_form *form = dtu_form_find(span_of_text(name));
    assert_non_null(form);
    return dtu_form_pattern(form);
}

static void identity_assert(const struct dtu_packet *packet, const char *identity)
{
    char text[2 * DTU_IDENTITY_LIMIT + 1];
    struct writer out = writer_of_buffer(text, sizeof text);

    dtu_identity_write(packet, &out);
    assert_string_equal(writer_terminate(&out), identity);
}

/* Packets as units send them, each glued to a meter's frame where the end is marked. */
static void known_forms_are_recognised(void **state)
{
    static const struct {
        const char *form;
        const char *hex;
        int used;
        enum dtu_kind kind;
        const char *identity;
    } packets[] = {
        { "ddp_registration", DDP_REGISTRATION METER_REQUEST, 22, DTU_REGISTRATION, "13066668888" },
        { "ddp_data", "7b09001031333036363636383838387b" METER_REQUEST, 16, DTU_DATA, "13066668888" },
        { "ddp_logout", "7b02001031333036363636383838387b", 16, DTU_LOGOUT, "13066668888" },
        { "prot_registration", PROT_REGISTRATION METER_REQUEST, 21, DTU_REGISTRATION, "13066668888" },
        { "prot_heartbeat", "fe", 1, DTU_HEARTBEAT, "" },
        { "bridge_registration", "aa0131323334353637383930310d", 14, DTU_REGISTRATION, "12345678901" },
        { "usr_imei", "333535383337303839353132333433" METER_REQUEST, 15, DTU_REGISTRATION, "355837089512343" },
        { "usr_imei", "3335353833373038393531323334330d0a", 17, DTU_REGISTRATION, "355837089512343" },
        { "usr_iccid", "383938363034353631393138373039333336353700", 21, DTU_REGISTRATION, "89860456191870933657" },
        { "usr_login", "4c4f47494e3a31303031", 10, DTU_REGISTRATION, "1001" },
        { "usr_heartbeat", "7777772e7573722e636e" METER_REQUEST, 10, DTU_HEARTBEAT, "" },
        { "phone", "3133383030313338303030", 11, DTU_REGISTRATION, "13800138000" },
        { "decimal", "3030303132333435" METER_REQUEST, 8, DTU_REGISTRATION, "00012345" },
        { "imei_bcd", "0355837089512343", 8, DTU_REGISTRATION, "355837089512343" },
        { "heartbeat_ping", "70696e670d0a", 6, DTU_HEARTBEAT, "" },
        { "heartbeat_ffff8080", "ffff8080" METER_REQUEST, 4, DTU_HEARTBEAT, "" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        uint8_t bytes[128];
        struct dtu_pattern pattern = pattern_of(packets[i].form);
        struct dtu_packet packet;
        assert_int_equal(dtu_packet_match(&pattern, bytes_of(packets[i].hex, bytes, sizeof bytes), &packet),
                         packets[i].used);
        assert_int_equal(packet.kind, packets[i].kind);
        assert_int_equal(packet.bytes.size, packets[i].used);
        identity_assert(&packet, packets[i].identity);
    }
}

static void other_bytes_are_none(void **state)
{
    static const struct {
        const char *form;
        const char *hex;
    } others[] = {
        { "ddp_registration", METER_REQUEST },
        { "ddp_registration", "7b0100163133303636363638383838c0a80142138816" },
        { "ddp_registration", "7b010016313330363636363838383ac0a8014213887b" },
        { "usr_imei", "33353538333730383935313233340d" },
        { "usr_iccid", "3738363034353631393138373039333336353737" },
        { "phone", "3233383030313338303030" },
        { "usr_heartbeat", "7777772e7573722e636f6d" },
        { "imei_bcd", "0355837089a12343" },
        { "usr_text", "0d0a" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        uint8_t bytes[128];
        struct dtu_pattern pattern = pattern_of(others[i].form);
        struct dtu_packet packet;
        memset(&packet, 0x5a, sizeof packet);
        struct dtu_packet before = packet;
        assert_int_equal(dtu_packet_match(&pattern, bytes_of(others[i].hex, bytes, sizeof bytes), &packet),
                         CODEC_ERR_FORMAT);
        assert_memory_equal(&packet, &before, sizeof packet);
    }
}

static void nothing_is_no_packet(void **state)
{
    struct dtu_pattern pattern = pattern_of("usr_heartbeat");
    struct dtu_packet packet;
    (void)state;
    assert_int_equal(dtu_packet_match(&pattern, span_of_bytes(NULL, 0), &packet), CODEC_ERR_EMPTY);
}

/* Every beginning of a packet whose end is marked asks for more. */
static void beginnings_ask_for_more(void **state)
{
    static const char *const marked[][2] = {
        { "ddp_registration", DDP_REGISTRATION },
        { "prot_registration", PROT_REGISTRATION },
        { "usr_heartbeat", "7777772e7573722e636e" },
        { "usr_imei", "333535383337303839353132333433" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof marked / sizeof marked[0]; i++) {
        uint8_t bytes[64];
        struct dtu_pattern pattern = pattern_of(marked[i][0]);
        struct span whole = bytes_of(marked[i][1], bytes, sizeof bytes);
        for (size_t cut = 1; cut < whole.size; cut++) {
            uint8_t *exact = malloc(cut);
            struct dtu_packet packet;
            memcpy(exact, whole.bytes, cut);
            assert_int_equal(dtu_packet_match(&pattern, span_of_bytes(exact, cut), &packet), 0);
            free(exact);
        }
    }
}

/* A number that ends with the stream may go on in the next segment. */
static void open_ends_are_told(void **state)
{
    struct dtu_pattern pattern = pattern_of("decimal");
    struct dtu_packet packet;
    (void)state;

    assert_int_equal(dtu_packet_match(&pattern, span_of_text("00012345"), &packet), 8);
    assert_true(packet.is_open);
    assert_int_equal(dtu_packet_match(&pattern, span_of_text("00012345\r\n"), &packet), 10);
    assert_false(packet.is_open);
    assert_int_equal(dtu_packet_match(&pattern, span_of_text("12345678901234567890"), &packet), 20);
    assert_false(packet.is_open);
}

static void a_text_ends_where_the_next_fixed_bytes_begin(void **state)
{
    struct dtu_pattern pattern;
    struct dtu_packet packet;
    (void)state;

    assert_int_equal(dtu_pattern_parse(span_of_text("ID={text:1-20}##"), DTU_REGISTRATION, &pattern, NULL), 0);
    assert_int_equal(dtu_packet_match(&pattern, span_of_text("ID=a#b##rest"), &packet), 8);
    identity_assert(&packet, "a#b");
    assert_int_equal(dtu_packet_match(&pattern, span_of_text("ID=a#"), &packet), 0);
    assert_int_equal(dtu_packet_match(&pattern, span_of_text("ID=a b##"), &packet), CODEC_ERR_FORMAT);
}

static void notations_are_read(void **state)
{
    struct dtu_pattern pattern;
    (void)state;

    assert_int_equal(
        dtu_pattern_parse(span_of_text("AB{=7b 01}C{digits:4-20}{any:3}{end}"), DTU_HEARTBEAT, &pattern, NULL), 0);
    assert_int_equal(pattern.kind, DTU_HEARTBEAT);
    assert_int_equal(pattern.count, 4);
    assert_int_equal(pattern.parts[0].kind, DTU_PART_FIXED);
    assert_int_equal(pattern.parts[0].minimum, 5);
    assert_memory_equal(pattern.literals,
                        "AB\x7b\x01"
                        "C",
                        5);
    assert_int_equal(pattern.parts[1].minimum, 4);
    assert_int_equal(pattern.parts[1].maximum, 20);
    assert_int_equal(pattern.parts[2].minimum, 3);
}

static void wrong_notations_are_refused_where_they_are_wrong(void **state)
{
    static const struct {
        const char *notation;
        int error;
        size_t offset;
    } wrong[] = {
        { "", CODEC_ERR_EMPTY, 0 },
        { "{end}", CODEC_ERR_EMPTY, 5 },
        { "a{", CODEC_ERR_FORMAT, 1 },
        { "a{}", CODEC_ERR_FORMAT, 1 },
        { "a{=}", CODEC_ERR_FORMAT, 1 },
        { "a{=7}", CODEC_ERR_FORMAT, 1 },
        { "{who}", CODEC_ERR_FORMAT, 0 },
        { "{imei:15}", CODEC_ERR_FORMAT, 0 },
        { "{digits}", CODEC_ERR_FORMAT, 0 },
        { "{digits:}", CODEC_ERR_RANGE, 0 },
        { "{digits:0}", CODEC_ERR_RANGE, 0 },
        { "{digits:5-4}", CODEC_ERR_RANGE, 0 },
        { "{digits:4-65}", CODEC_ERR_RANGE, 0 },
        { "{digits:4-999}", CODEC_ERR_FORMAT, 0 },
        { "{digits:4x}", CODEC_ERR_FORMAT, 0 },
        { "{any:3-4}", CODEC_ERR_RANGE, 0 },
        { "{imei}{phone}", CODEC_ERR_DUPLICATE, 6 },
        { "a{any:1}a{any:1}a{any:1}a{any:1}a", CODEC_ERR_TOO_LONG, 32 },
    };
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct dtu_pattern pattern;
        size_t offset = SIZE_MAX;
        assert_int_equal(dtu_pattern_parse(span_of_text(wrong[i].notation), DTU_REGISTRATION, &pattern, &offset),
                         wrong[i].error);
        assert_int_equal(offset, wrong[i].offset);
    }
}

static void fixed_bytes_are_bounded(void **state)
{
    char notation[DTU_LITERAL_LIMIT + 2];
    struct dtu_pattern pattern;
    (void)state;

    memset(notation, 'a', sizeof notation);
    assert_int_equal(dtu_pattern_parse(span_of_bytes(notation, DTU_LITERAL_LIMIT), DTU_HEARTBEAT, &pattern, NULL), 0);
    assert_int_equal(dtu_pattern_parse(span_of_bytes(notation, DTU_LITERAL_LIMIT + 1), DTU_HEARTBEAT, &pattern, NULL),
                     CODEC_ERR_TOO_LONG);
}

static void packets_are_written(void **state)
{
    static const struct {
        const char *form;
        const char *identity;
        const char *hex;
    } packets[] = {
        { "ddp_registration", "13066668888", "7b01001631333036363636383838380000000000007b" },
        { "ddp_registration_answer", "13066668888", "7b81001031333036363636383838387b" },
        { "usr_heartbeat", "", "7777772e7573722e636e" },
        { "imei_bcd", "355837089512343", "0355837089512343" },
        { "usr_login", "1001", "4c4f47494e3a31303031" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        uint8_t bytes[64], expected[64];
        struct dtu_pattern pattern = pattern_of(packets[i].form);
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        assert_int_equal(dtu_packet_encode(&pattern, span_of_text(packets[i].identity), &out), 0);
        assert_true(span_equal(writer_span(&out), bytes_of(packets[i].hex, expected, sizeof expected)));
    }
}

static void identities_that_do_not_fit_are_refused(void **state)
{
    static const char *const wrong[][2] = {
        { "usr_imei", "35583708951234" },
        { "usr_imei", "3558370895123434" },
        { "usr_imei", "35583708951234x" },
        { "phone", "23800138000" },
        { "usr_imei", "" },
        { "imei_bcd", "35583708951234345" },
        { "imei_bcd", "35583708951234a" },
        { "usr_iccid", "7860456191870933657" },
    };
    uint8_t bytes[64];
    (void)state;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct dtu_pattern pattern = pattern_of(wrong[i][0]);
        struct writer out = writer_of_buffer(bytes, sizeof bytes);
        assert_int_equal(dtu_packet_encode(&pattern, span_of_text(wrong[i][1]), &out), CODEC_ERR_RANGE);
    }
    struct dtu_pattern pattern = pattern_of("usr_heartbeat");
    struct writer out = writer_of_buffer(bytes, 9);
    assert_int_equal(dtu_packet_encode(&pattern, span_of_text(""), &out), CODEC_ERR_FULL);
}

/* An identity that the part can hold, as text. */
static size_t identity_make(struct random *random, const struct dtu_part *part, char *out)
{
    static const char characters[] = "0123456789ABCDEF";
    bool is_packed = part->kind == DTU_PART_BCD || part->kind == DTU_PART_BYTES;
    bool has_letters = part->kind == DTU_PART_ICCID || part->kind == DTU_PART_TEXT || part->kind == DTU_PART_HEX ||
                       part->kind == DTU_PART_BYTES;
    size_t size = (size_t)random_between(random, part->minimum, part->maximum) * (is_packed ? 2 : 1);

    for (size_t i = 0; i < size; i++)
        out[i] = characters[random_below(random, has_letters ? 16 : 10)];
    if (part->kind == DTU_PART_ICCID)
        memcpy(out, "89", 2);
    if (part->kind == DTU_PART_PHONE || part->kind == DTU_PART_BCD)
        out[0] = '1';
    return size;
}

/* What every known form writes, it reads, with the same identity. */
static void known_forms_come_back(void **state)
{
    struct random random = random_of_seed(4096);
    const struct dtu_form *form;
    (void)state;

    for (size_t i = 0; (form = dtu_form_at(i)) != NULL; i++) {
        struct dtu_pattern pattern;
        assert_int_equal(dtu_pattern_parse(span_of_text(form->notation), (enum dtu_kind)form->kind, &pattern, NULL), 0);
        assert_ptr_equal(dtu_form_find(span_of_text(form->name)), form);
        assert_true(form->source[0] != '\0' && form->english[0] != '\0' && form->chinese[0] != '\0');
        for (int round = 0; round < 200; round++) {
            char identity[2 * DTU_IDENTITY_LIMIT + 1] = "";
            uint8_t bytes[256];
            struct writer out = writer_of_buffer(bytes, sizeof bytes);
            struct dtu_packet packet;
            for (size_t part = 0; part < pattern.count; part++)
                if (pattern.parts[part].kind >= DTU_PART_IMEI)
                    identity[identity_make(&random, &pattern.parts[part], identity)] = '\0';
            assert_int_equal(dtu_packet_encode(&pattern, span_of_text(identity), &out), 0);
            assert_int_equal(dtu_packet_match(&pattern, writer_span(&out), &packet), out.size);
            assert_int_equal(packet.kind, form->kind);
            identity_assert(&packet, identity);
        }
    }
}

/* In a capture only forms that nothing else looks like are found by themselves. */
static void captures_are_searched_for_certain_forms(void **state)
{
    const struct explain_protocol *protocol = explain_protocol_find("dtu");
    uint8_t bytes[128];
    size_t skip = 0, certain = 0;
    (void)state;

    struct span stream = bytes_of("0011" DDP_REGISTRATION METER_REQUEST, bytes, sizeof bytes);
    assert_int_equal(protocol->find(stream, &skip), 22);
    assert_int_equal(skip, 2);
    stream = bytes_of(METER_REQUEST, bytes, sizeof bytes);
    assert_int_equal(protocol->find(stream, &skip), 0);
    assert_int_equal(protocol->recognise(stream), EXPLAIN_NO);
    assert_int_equal(protocol->recognise(span_of_text("www.usr.cn")), EXPLAIN_PROBABLE);
    assert_int_equal(protocol->recognise(span_of_text("355837089512343")), EXPLAIN_POSSIBLE);
    assert_int_equal(protocol->recognise(span_of_text("any text")), EXPLAIN_NO);
    for (size_t i = 0; dtu_form_at(i) != NULL; i++)
        certain += dtu_form_at(i)->certainty == DTU_CERTAIN;
    assert_true(certain <= 16);
}

struct seen {
    size_t next; /* where the rows inside the packet have come to */
    char address[64];
};

static void row_see(void *context, const struct explain_field *field)
{
    struct seen *seen = context;

    if (field->depth == 0)
        return;
    assert_int_equal(field->offset, seen->next);
    seen->next += field->size;
    if (field->is_address)
        (void)snprintf(seen->address, sizeof seen->address, "%s", field->value);
}

static void packets_are_explained_without_a_gap(void **state)
{
    const struct explain_protocol *protocol = explain_protocol_find("dtu");
    struct seen seen = { 0, "" };
    struct explain_sink sink = { EXPLAIN_ENGLISH, row_see, NULL, &seen, NULL };
    uint8_t bytes[128];
    size_t offset = SIZE_MAX;
    (void)state;

    struct span packet = bytes_of(DDP_REGISTRATION, bytes, sizeof bytes);
    assert_int_equal(protocol->explain(&sink, packet, &offset), 0);
    assert_int_equal(seen.next, packet.size);
    assert_string_equal(seen.address, "13066668888");
    packet = bytes_of(DDP_REGISTRATION "00", bytes, sizeof bytes);
    assert_int_equal(protocol->explain(&sink, packet, &offset), CODEC_ERR_TRAILING);
    assert_int_equal(offset, 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_forms_are_recognised),
        cmocka_unit_test(other_bytes_are_none),
        cmocka_unit_test(nothing_is_no_packet),
        cmocka_unit_test(beginnings_ask_for_more),
        cmocka_unit_test(open_ends_are_told),
        cmocka_unit_test(a_text_ends_where_the_next_fixed_bytes_begin),
        cmocka_unit_test(notations_are_read),
        cmocka_unit_test(wrong_notations_are_refused_where_they_are_wrong),
        cmocka_unit_test(fixed_bytes_are_bounded),
        cmocka_unit_test(packets_are_written),
        cmocka_unit_test(identities_that_do_not_fit_are_refused),
        cmocka_unit_test(known_forms_come_back),
        cmocka_unit_test(captures_are_searched_for_certain_forms),
        cmocka_unit_test(packets_are_explained_without_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
