#include "tests/unit/unit_test.h"

#include "notify/notify.h"

#include <string.h>

/* 2026-11-20 09:12 in China. */
static const struct notice_values usual = {
    .organisation = "云榕水务", .phone = "88880000", .place_zh = "3栋1204", .place_en = "3-1204", .balance_fen = 1820,
    .due_fen = 1240, .paid_fen = 10000, .at_s = 1795137120, .zone_offset_s = 28800, .days_left = 13, .flow_l_per_h = 6
};

static const struct {
    enum notice_kind kind;
    const char *chinese, *english;
} texts[] = {
    { NOTICE_LOW_FIRST, "【云榕水务】3栋1204水费余额¥18.20,约可用13天。请在公众号\"云榕水务\"缴费。详询88880000",
        "Your water balance for 3-1204 is ¥18.20, about 13 days. Please top up in the 云榕水务 account. Help: 88880000" },
    { NOTICE_LOW_SECOND, "【云榕水务】3栋1204水费余额¥18.20,约可用13天。余额用完且逾期未缴将停水。详询88880000",
        "Balance for 3-1204 is ¥18.20, about 13 days. Supply may stop once it is used up and unpaid. Help: 88880000" },
    { NOTICE_OVERDRAFT, "【云榕水务】3栋1204水费已欠¥12.40。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000",
        "¥12.40 is due for 3-1204. Please pay in the 云榕水务 account; supply may stop if it stays unpaid. Help: 88880000" },
    { NOTICE_FINAL_NOTICE,
        "【云榕水务】3栋1204欠水费¥12.40,未缴将于11月20日9:12后停水。缴清即不停;有困难或因病需保障用水请电88880000",
        "¥12.40 is due for 3-1204. Unpaid, water stops after 09:12 on 20 Nov. Paying cancels it; if you cannot pay or "
        "depend on water for health, call 88880000." },
    { NOTICE_CUT, "【云榕水务】3栋1204因欠费¥12.40已于9:12停水。缴费后自动恢复,无需到场。详询88880000",
        "Water at 3-1204 was stopped at 09:12 for ¥12.40 due. It returns by itself after payment. Help: 88880000" },
    { NOTICE_RESTORED, "【云榕水务】已收到¥100.00,3栋1204已于9:12恢复供水,余额¥18.20。请先确认龙头已关好",
        "We received ¥100.00. Water at 3-1204 is back since 09:12, balance ¥18.20. Please check that taps are closed." },
    { NOTICE_PAID_ASLEEP, "【云榕水务】已收到¥100.00并记账,水表约9:12联网后开阀;急用请按表上按键。无需重复缴费",
        "¥100.00 is booked for 3-1204. The meter opens at about 09:12 when it wakes, or now if you press its button. "
        "No need to pay again." },
    { NOTICE_BILL, "【云榕水务】3栋1204水费账单¥12.40,请于11月20日前缴费。详询88880000",
        "The water bill for 3-1204 is ¥12.40, please pay by 20 Nov. Help: 88880000" },
    { NOTICE_POSSIBLE_LEAK, "【云榕水务】3栋1204昨夜连续流水约6升/时,可能漏水。请查马桶和龙头,报修88880000",
        "About 6 L/h ran all night at 3-1204: a leak is possible. Check toilet and taps. Help: 88880000" },
};

static void every_message_reads_as_agreed(void **state)
{
    char text[NOTICE_TEXT_SIZE];

    (void)state;
    assert_int_equal(sizeof texts / sizeof texts[0], NOTICE_KIND_COUNT - 1);
    for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
        assert_int_equal(notice_text_render(texts[index].kind, NOTICE_CHINESE, &usual, text),
                         strlen(texts[index].chinese));
        assert_string_equal(text, texts[index].chinese);
        assert_int_equal(notice_text_render(texts[index].kind, NOTICE_ENGLISH, &usual, text),
                         strlen(texts[index].english));
        assert_string_equal(text, texts[index].english);
    }
}

static void unknown_values_leave_their_phrase_out(void **state)
{
    struct notice_values values = usual;
    char text[NOTICE_TEXT_SIZE];

    (void)state;
    values.days_left = -1;
    values.phone = "";
    assert_true(notice_text_render(NOTICE_LOW_FIRST, NOTICE_CHINESE, &values, text) > 0);
    assert_string_equal(text, "【云榕水务】3栋1204水费余额¥18.20。请在公众号\"云榕水务\"缴费");
}

/* A name with our own brackets is words, not a template. */
static void names_are_not_templates(void **state)
{
    struct notice_values values = usual;
    char text[NOTICE_TEXT_SIZE];

    (void)state;
    values.place_en = "{due}{phone}%s";
    assert_true(notice_text_render(NOTICE_CUT, NOTICE_ENGLISH, &values, text) > 0);
    assert_non_null(strstr(text, "Water at {due}{phone}%s was stopped"));
}

static void text_beyond_the_bound_is_refused(void **state)
{
    struct notice_values values = usual;
    char place[600], text[NOTICE_TEXT_SIZE] = "before";

    (void)state;
    memset(place, 'x', sizeof place - 1);
    place[sizeof place - 1] = '\0';
    values.place_en = place;
    assert_int_equal(notice_text_render(NOTICE_CUT, NOTICE_ENGLISH, &values, text), NOTIFY_ERR_LONG);
    assert_string_equal(text, "before");
    assert_int_equal(notice_text_render((enum notice_kind)0, NOTICE_ENGLISH, &usual, text), NOTIFY_ERR_KIND);
    assert_int_equal(notice_text_render(NOTICE_KIND_COUNT, NOTICE_ENGLISH, &usual, text), NOTIFY_ERR_KIND);
}

static void parts_are_counted_as_the_network_does(void **state)
{
    char text[700];

    (void)state;
    memset(text, 'a', 160);
    text[160] = '\0';
    assert_int_equal(notice_text_parts(text), 1);
    text[160] = 'a';
    text[161] = '\0';
    assert_int_equal(notice_text_parts(text), 2);
    memset(text, '[', 80);
    text[80] = '\0';
    assert_int_equal(notice_text_parts(text), 1);
    text[0] = '\0';
    for (int count = 1; count <= 135; count++) {
        memcpy(text + (count - 1) * 3, "水", 4);
        assert_int_equal(notice_text_parts(text), count <= 70 ? 1 : count <= 134 ? 2 : 3);
    }
    text[0] = '\0';
    for (int count = 1; count <= 36; count++) {
        memcpy(text + (count - 1) * 4, "😀", 5);
        assert_int_equal(notice_text_parts(text), count <= 35 ? 1 : 2);
    }
    assert_int_equal(notice_text_parts(""), 0);
    assert_int_equal(notice_text_parts("\xff"), 0);
    assert_int_equal(notice_text_parts("¥"), 1);
}

static int insert_once(void *context, struct notice *notice)
{
    int *count = context;

    notice->notice_id = ++*count;
    return *count == 1 ? 1 : 0;
}

static void key_twice_is_one_message(void **state)
{
    int count = 0;
    struct notify_store store = { &count, insert_once };
    struct notify_request request = { .tenant_id = 1, .account_id = 5, .kind = NOTICE_CUT, .key = "cut/5/1",
                                      .recipient = "138", .now_s = 9, .values = usual };
    struct notice notice;

    (void)state;
    assert_int_equal(notify_post(&store, &request, &notice), 0);
    assert_string_equal(notice.channel, "outbox");
    assert_string_equal(notice.recipient, "138");
    assert_string_equal(notice.text_zh, texts[4].chinese);
    assert_int_equal(notify_post(&store, &request, NULL), 1);
    request.key = "";
    assert_int_equal(notify_post(&store, &request, NULL), NOTIFY_ERR_KEY);
}

static void names_and_numbers_agree(void **state)
{
    (void)state;
    for (int kind = 1; kind < NOTICE_KIND_COUNT; kind++)
        assert_int_equal(notice_kind_of_name(notice_kind_name(kind)), kind);
    assert_int_equal(notice_kind_of_name("gossip"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_reads_as_agreed),
        cmocka_unit_test(unknown_values_leave_their_phrase_out),
        cmocka_unit_test(names_are_not_templates),
        cmocka_unit_test(text_beyond_the_bound_is_refused),
        cmocka_unit_test(parts_are_counted_as_the_network_does),
        cmocka_unit_test(key_twice_is_one_message),
        cmocka_unit_test(names_and_numbers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
