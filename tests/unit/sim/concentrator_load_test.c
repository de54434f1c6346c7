/* The concentrator that is made of formulas: what a head-end hears of it. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/calendar.h"
#include "codec/dlt645/dlt645_frame.h"
#include "codec/dlt645/dlt645_items.h"
#include "codec/dlt645/dlt645_request.h"
#include "codec/q376/q376_data.h"
#include "codec/q376/q376_request.h"
#include "sim/concentrator_load.h"

#define NOW_MS INT64_C(1795219200000)
#define TERMINAL 77
#define ITEM_LIMIT 4096

struct fixture {
    struct concentrator_load load;
    struct concentrator_load_config config;
    struct concentrator_load_counts counts;
    int64_t now_ms;
    unsigned opened;
    unsigned closed;
    unsigned frames;
    bool is_silent;
    uint8_t last[CONCENTRATOR_LOAD_FRAME_LIMIT + 32];
    struct q376_frame frame;
    struct item items[ITEM_LIMIT];
    size_t item_count;
    uint8_t sequence;
};

static struct fixture fixture;

static void dial(void *context, struct concentrator_load *load)
{
    struct fixture *at = context;
    at->opened++;
    concentrator_load_opened(load, true, at->now_ms);
}

static void hang_up(void *context, struct concentrator_load *load)
{
    struct fixture *at = context;
    (void)load;
    at->closed++;
}

static void hear(void *context, struct concentrator_load *load, struct span bytes)
{
    struct fixture *at = context;
    uint8_t answer[64];
    struct writer out = writer_of_buffer(answer, sizeof answer);

    if (at->is_silent)
        return;
    assert_true(bytes.size <= sizeof at->last);
    memcpy(at->last, bytes.bytes, bytes.size);
    assert_int_equal(q376_frame_decode(span_of_bytes(at->last, bytes.size), &at->frame, NULL), 0);
    if (q376_link_of(&at->frame) != Q376_LINK_NONE) {
        assert_int_equal(q376_confirm_encode(&at->frame, false, &out), 0);
        assert_int_equal(concentrator_load_receive(load, writer_span(&out), at->now_ms), out.size);
        return;
    }
    assert_true(q376_data_fits(&at->frame));
    struct item_list list = item_list_of(at->items + at->item_count, ITEM_LIMIT - at->item_count);
    assert_int_equal(q376_items_decode(&at->frame, &list), 0);
    at->item_count += list.count;
    at->frames++;
}

static void fixture_open(void)
{
    memset(&fixture, 0, sizeof fixture);
    fixture.config = concentrator_load_config_default();
    fixture.config.meters = 40;
    fixture.config.is_four = true;
    fixture.config.frame_limit = 512;
    fixture.config.context = &fixture;
    fixture.config.open = dial;
    fixture.config.send = hear;
    fixture.config.close = hang_up;
    fixture.config.counts = &fixture.counts;
    fixture.now_ms = NOW_MS;
    concentrator_load_open(&fixture.load, &fixture.config, TERMINAL, 1, fixture.now_ms);
}

static void run(int64_t span_ms)
{
    int64_t end_ms = fixture.now_ms + span_ms, due_ms = fixture.now_ms;
    while (due_ms <= end_ms) {
        fixture.now_ms = due_ms;
        due_ms = concentrator_load_step(&fixture.load, fixture.now_ms);
    }
    fixture.now_ms = end_ms;
}

static void ask(uint8_t afn, struct span units)
{
    uint8_t bytes[2048];
    struct writer out = writer_of_buffer(bytes, sizeof bytes);
    struct q376_exchange exchange;

    memset(&exchange, 0, sizeof exchange);
    exchange.protocol = Q376_PROTOCOL_376;
    memcpy(exchange.address.region, fixture.config.region, 2);
    exchange.address.terminal = TERMINAL;
    exchange.sequence = fixture.sequence++ & Q376_SEQUENCE_NUMBER;
    fixture.item_count = 0;
    fixture.frames = 0;
    assert_int_equal(q376_request_encode(&exchange, afn, units, &out), 0);
    /* In two pieces, as a stream may cut it. */
    size_t half = out.size / 2;
    assert_int_equal(concentrator_load_receive(&fixture.load, span_of_bytes(bytes, half), fixture.now_ms), 0);
    assert_int_equal(concentrator_load_receive(&fixture.load, writer_span(&out), fixture.now_ms), out.size);
}

static const struct item *item_find(uint16_t quantity, unsigned point, unsigned tariff)
{
    for (size_t i = 0; i < fixture.item_count; i++)
        if (fixture.items[i].quantity == quantity && fixture.items[i].subunit == point &&
            fixture.items[i].tariff == tariff)
            return &fixture.items[i];
    return NULL;
}

static void it_logs_in_beats_and_comes_back(void **state)
{
    (void)state;
    fixture_open();
    run(5000);
    assert_int_equal(fixture.counts.logins, 1);
    run(600000);
    assert_in_range(fixture.counts.heartbeats, 9, 11);
    fixture.is_silent = true;
    run(180000);
    assert_true(fixture.closed >= 1);
    fixture.is_silent = false;
    run(120000);
    assert_int_equal(fixture.load.state, CONCENTRATOR_LOAD_ONLINE);
    assert_int_equal(fixture.counts.logins, 2);
    concentrator_load_close(&fixture.load);
}

static void days_follow_the_formula(void **state)
{
    struct item_time day = { 2026, 11, 19, 0, 0, 0, ITEM_TIME_DAY, 0, 0 };
    int64_t number;
    struct calendar_date next = { 2026, 11, 20 };
    uint8_t bytes[512];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    fixture_open();
    run(5000);
    for (unsigned point = 1; point <= 40; point++)
        assert_int_equal(q376_day_put(point, 161, &day, &units), 0);
    ask(Q376_AFN_HISTORY, span_of_bytes("\xff\x01\x01\x14\x19\x11\x26", 7));
    assert_non_null(item_find(ITEM_ENERGY_ACTIVE_IMPORT, 8, 0));
    ask(Q376_AFN_HISTORY, writer_span(&units));
    assert_true(fixture.frames > 1);
    assert_int_equal(calendar_day_of_date(next, &number), 0);
    int64_t midnight_s = calendar_midnight(number, CONCENTRATOR_LOAD_ZONE_S);
    for (unsigned point = 1; point <= 40; point++) {
        uint64_t address = concentrator_load_meter(TERMINAL, point - 1);
        const struct item *item = item_find(ITEM_ENERGY_ACTIVE_IMPORT, point, 0);
        assert_non_null(item);
        assert_int_equal(item->value, concentrator_load_register(address, midnight_s) * 100);
        assert_int_equal(item_find(ITEM_ENERGY_ACTIVE_IMPORT, point, 1) != NULL, point % 4 == 1);
    }
    concentrator_load_close(&fixture.load);
}

static void an_archive_is_kept(void **state)
{
    static const uint16_t numbers[] = { 5, 6 };
    struct q376_archive_entry entry = { .number = 5,
                                        .point = 300,
                                        .port = 2,
                                        .baud = 3,
                                        .protocol = 30,
                                        .address = 123456,
                                        .tariffs = 4,
                                        .integer_digits = 6,
                                        .decimal_digits = 2 };
    struct q376_archive_entry read;
    uint8_t bytes[128];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);

    (void)state;
    fixture_open();
    run(5000);
    assert_int_equal(q376_archive_put(&entry, 1, &units), 0);
    ask(Q376_AFN_SET, writer_span(&units));
    assert_int_equal(fixture.frame.afn, Q376_AFN_CONFIRM);
    units.size = 0;
    assert_int_equal(q376_archive_query_put(numbers, 2, &units), 0);
    ask(Q376_AFN_QUERY, writer_span(&units));
    assert_int_equal(q376_archive_entry_decode(fixture.frame.units.bytes + 6, &read), 0);
    assert_int_equal(read.address, 123456);
    assert_int_equal(read.point, 300);
    units.size = 0;
    assert_int_equal(q376_unit_put(300, 129, &units), 0);
    ask(Q376_AFN_CURRENT, writer_span(&units));
    assert_int_equal(item_find(ITEM_ENERGY_ACTIVE_IMPORT, 300, 0)->value,
                     concentrator_load_register(123456, fixture.now_ms / 1000) * 100);
    concentrator_load_close(&fixture.load);
}

/* Ask through the concentrator. */
static struct q376_forward forward(struct span frame)
{
    uint8_t bytes[128];
    struct writer units = writer_of_buffer(bytes, sizeof bytes);
    struct q376_forward asked = { .port = 2, .control = Q376_FORWARD_2400_8E1, .frame_wait_ms = 1000, .content = frame };
    struct q376_forward answer;

    assert_int_equal(q376_forward_put(&asked, &units), 0);
    ask(Q376_AFN_FORWARD, writer_span(&units));
    assert_int_equal(q376_forward_decode(&fixture.frame, &answer), 0);
    return answer;
}

/* The first item of a meter's answer. */
static struct item meter_item(uint32_t identifier)
{
    uint8_t request[64];
    struct writer out = writer_of_buffer(request, sizeof request);
    struct dlt645_address address;
    struct dlt645_frame frame;
    struct item items[8];
    struct item_list list = item_list_of(items, 8);

    assert_int_equal(dlt645_address_read(span_of_text("77001"), &address), 0);
    assert_int_equal(dlt645_read_request_encode(DLT645_2007, &address, identifier, &out), 0);
    struct q376_forward answer = forward(writer_span(&out));
    assert_int_equal(dlt645_frame_decode(answer.content, &frame, NULL), 0);
    assert_int_equal(dlt645_items_decode(&frame, &list), 0);
    return items[0];
}

static void a_forwarded_question_is_answered(void **state)
{
    (void)state;
    fixture_open();
    run(5000);
    assert_int_equal(meter_item(0x00010000).value, concentrator_load_register(77001, fixture.now_ms / 1000));
    struct item_time date = meter_item(0x04000101).time, now = item_time_of_unix(fixture.now_ms / 1000 + 28800);
    assert_int_equal(date.day, now.day);
    assert_int_equal(meter_item(0x04000102).time.hour, now.hour);
    concentrator_load_close(&fixture.load);
}

static void meters_latch_at_a_broadcast(void **state)
{
    static const struct dlt645_freeze_time at_once = { 99, 99, 99, 99 };
    uint8_t request[64];
    struct writer out = writer_of_buffer(request, sizeof request);

    (void)state;
    fixture_open();
    run(5000);
    assert_int_equal(dlt645_freeze_request_encode(&dlt645_address_broadcast, &at_once, &out), 0);
    assert_int_equal(forward(writer_span(&out)).content.size, 0);
    int64_t latched_s = fixture.now_ms / 1000;
    run(4 * 3600 * 1000);
    assert_int_equal(meter_item(0x05010101).value, concentrator_load_register(77001, latched_s));
    assert_true(meter_item(0x00010000).value > concentrator_load_register(77001, latched_s));
    assert_int_equal(meter_item(0x05010001).time.minute, item_time_of_unix(latched_s).minute);
    concentrator_load_close(&fixture.load);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_logs_in_beats_and_comes_back),
        cmocka_unit_test(days_follow_the_formula),
        cmocka_unit_test(an_archive_is_kept),
        cmocka_unit_test(a_forwarded_question_is_answered),
        cmocka_unit_test(meters_latch_at_a_broadcast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
