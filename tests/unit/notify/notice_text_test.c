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
        "Your water balance for 3-1204 is ¥18.20, about 13 days. Supply may stop once it is used up and unpaid. Help: 88880000" },
    { NOTICE_OVERDRAFT, "【云榕水务】3栋1204水费已欠¥12.40。请在公众号\"云榕水务\"缴费,逾期未缴将停水。详询88880000",
        "¥12.40 is due for water at 3-1204. Please pay in the 云榕水务 account; supply may stop if it stays unpaid. Help: 88880000" },
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
    { NOTICE_LOW_THIRD, "【云榕水务】3栋1204水费余额仅¥18.20,约可用13天。余额用完且逾期未缴将停水,请尽快缴费。详询88880000",
        "Only ¥18.20 of your water balance for 3-1204 is left, about 13 days. Supply may stop once it is used up and "
        "unpaid; please top up now. Help: 88880000" },
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

/* Whose gas is stopped does not read of water: no message of another utility names it. */
static void every_utility_has_its_own_words(void **state)
{
    static const struct {
        const char *utility, *chinese, *english;
    } cuts[] = {
        { "electricity", "【云榕水务】3栋1204因欠费¥12.40已于9:12停电。缴费后自动恢复,无需到场。详询88880000",
            "Electricity at 3-1204 was stopped at 09:12 for ¥12.40 due. It returns by itself after payment. Help: 88880000" },
        { "gas", "【云榕水务】3栋1204因欠费¥12.40已于9:12停气。缴费后自动恢复,无需到场。详询88880000",
            "Gas at 3-1204 was stopped at 09:12 for ¥12.40 due. It returns by itself after payment. Help: 88880000" },
        { "heat", "【云榕水务】3栋1204因欠费¥12.40已于9:12停暖。缴费后自动恢复,无需到场。详询88880000",
            "Heating at 3-1204 was stopped at 09:12 for ¥12.40 due. It returns by itself after payment. Help: 88880000" },
        { "hot_water", "【云榕水务】3栋1204因欠费¥12.40已于9:12停热水。缴费后自动恢复,无需到场。详询88880000",
            "Hot water at 3-1204 was stopped at 09:12 for ¥12.40 due. It returns by itself after payment. Help: 88880000" },
    };
    struct notice_values values = usual;
    char text[NOTICE_TEXT_SIZE];

    (void)state;
    values.organisation = "云榕";
    for (int kind = 1; kind < NOTICE_KIND_COUNT; kind++) {
        values.utility = "electricity";
        if (kind == NOTICE_POSSIBLE_LEAK)
            continue;
        assert_true(notice_text_render((enum notice_kind)kind, NOTICE_CHINESE, &values, text) > 0);
        assert_null(strstr(text, "水"));
        assert_true(notice_text_render((enum notice_kind)kind, NOTICE_ENGLISH, &values, text) > 0);
        assert_true(strstr(text, "water") == NULL && strstr(text, "Water") == NULL);
    }
    values.organisation = usual.organisation;
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        values.utility = cuts[i].utility;
        assert_true(notice_text_render(NOTICE_CUT, NOTICE_CHINESE, &values, text) > 0);
        assert_string_equal(text, cuts[i].chinese);
        assert_true(notice_text_render(NOTICE_CUT, NOTICE_ENGLISH, &values, text) > 0);
        assert_string_equal(text, cuts[i].english);
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

struct memory {
    int notices;
    int messages;
    struct message message; /* the newest */
    const char *template;   /* an operator's words */
};

static int insert_once(void *context, struct notice *notice)
{
    struct memory *memory = context;

    notice->notice_id = ++memory->notices;
    return memory->notices == 1 ? 1 : 0;
}

static int policy_read(void *context, uint32_t tenant_id, struct notify_policy *out)
{
    (void)context;
    (void)tenant_id;
    *out = (struct notify_policy){ .zone_offset_s = 28800, .language = NOTICE_ENGLISH };
    return 0;
}

static int template_read(void *context, uint32_t tenant_id, const char *kind, enum notice_language language,
                         char text[NOTICE_TEXT_SIZE])
{
    struct memory *memory = context;

    (void)tenant_id;
    assert_string_equal(kind, "cut");
    if (memory->template == NULL || language != NOTICE_ENGLISH)
        return 0;
    memcpy(text, memory->template, strlen(memory->template) + 1);
    return 1;
}

static int recipients_read(void *context, int64_t account_id, const char *kind, struct notify_recipient out[],
                           int capacity, int64_t *area_id)
{
    (void)context;
    assert_int_equal(account_id, 5);
    assert_string_equal(kind, "cut");
    assert_true(capacity >= 2);
    *area_id = 7;
    out[0] = (struct notify_recipient){ MESSAGE_SMS, NOTICE_CHINESE, "13800000417" };
    out[1] = (struct notify_recipient){ MESSAGE_EMAIL, NOTICE_CHINESE, "manager@example.cn" };
    return 2;
}

static int message_insert(void *context, struct message *message)
{
    struct memory *memory = context;

    message->message_id = ++memory->messages;
    memory->message = *message;
    return 0;
}

static struct notify_store memory_store(struct memory *memory)
{
    return (struct notify_store){ .context = memory, .notice_insert = insert_once, .policy_read = policy_read,
                                  .template_read = template_read, .recipients_read = recipients_read,
                                  .message_insert = message_insert };
}

static void key_twice_is_one_message(void **state)
{
    struct memory memory = { 0 };
    struct notify_store store = memory_store(&memory);
    struct notify_request request = { .tenant_id = 1, .account_id = 5, .kind = NOTICE_CUT, .key = "cut/5/1",
                                      .recipient = "138", .now_s = 9, .values = usual };
    struct notice notice;

    (void)state;
    assert_int_equal(notify_post(&store, &request, &notice), 0);
    assert_string_equal(notice.channel, "outbox");
    assert_string_equal(notice.recipient, "138");
    assert_string_equal(notice.text_zh, texts[4].chinese);
    assert_int_equal(notify_post(&store, &request, NULL), 1);
    assert_int_equal(memory.messages, 2);
    request.key = "";
    assert_int_equal(notify_post(&store, &request, NULL), NOTIFY_ERR_KEY);
}

/* Phones of the customer, then who is entered besides, each once; what cannot be dialled is nobody's phone. */
static void everybody_is_told_once(void **state)
{
    struct memory memory = { 0 };
    struct notify_store store = memory_store(&memory);
    struct notify_request request = { .tenant_id = 1, .account_id = 5, .kind = NOTICE_CUT, .key = "cut/5/2",
                                      .recipient = "138-0000-0417, 13800000418,138****0000,13800000418,,x", .now_s = 9,
                                      .values = usual };

    (void)state;
    assert_int_equal(notify_post(&store, &request, NULL), 0);
    assert_int_equal(memory.messages, 3);
    assert_string_equal(memory.message.recipient, "manager@example.cn");
    assert_int_equal(memory.message.language, NOTICE_CHINESE);
    assert_string_equal(memory.message.text, texts[4].chinese);
    assert_int_equal(memory.message.state, MESSAGE_KEPT);
    assert_int_equal(memory.message.area_id, 7);
    assert_non_null(strstr(memory.message.words, "\"balance\":\"18.20\""));
}

static void words_of_an_operator_go_before_our_own(void **state)
{
    struct memory memory = { .template = "Stopped: {place}" };
    struct notify_store store = memory_store(&memory);
    struct notify_request request = { .tenant_id = 1, .account_id = 5, .kind = NOTICE_CUT, .key = "k",
                                      .recipient = "", .now_s = 9, .values = usual };
    struct notice notice;

    (void)state;
    assert_int_equal(notify_post(&store, &request, &notice), 0);
    assert_string_equal(notice.text_en, "Stopped: 3-1204");
    assert_string_equal(notice.text_zh, texts[4].chinese);
}

static void wrong_templates_are_told_from_right_ones(void **state)
{
    static const char *const wrong[] = { "{", "a}b", "{place", "two\nlines", "{place}{" };
    char name[NOTICE_PLACEHOLDER_SIZE];

    (void)state;
    for (int kind = 1; kind < NOTICE_KIND_COUNT; kind++) {
        assert_int_equal(notice_template_check(span_of_text(notice_template((enum notice_kind)kind, NOTICE_CHINESE)), name), 0);
        assert_int_equal(notice_template_check(span_of_text(notice_template((enum notice_kind)kind, NOTICE_ENGLISH)), name), 0);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(notice_template_check(span_of_text(wrong[i]), name), NOTIFY_ERR_TEMPLATE_FORM);
    assert_int_equal(notice_template_check(span_of_text(""), name), NOTIFY_ERR_TEMPLATE_SIZE);
    assert_int_equal(notice_template_check(span_of_text("\xff"), name), NOTIFY_ERR_TEMPLATE_SIZE);
    assert_int_equal(notice_template_check(span_of_text("{plaec}"), name), NOTIFY_ERR_PLACEHOLDER);
    assert_string_equal(name, "plaec");
    assert_int_equal(notice_template_check(span_of_text("{}"), name), NOTIFY_ERR_PLACEHOLDER);
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
        cmocka_unit_test(every_utility_has_its_own_words),
        cmocka_unit_test(unknown_values_leave_their_phrase_out),
        cmocka_unit_test(names_are_not_templates),
        cmocka_unit_test(text_beyond_the_bound_is_refused),
        cmocka_unit_test(parts_are_counted_as_the_network_does),
        cmocka_unit_test(key_twice_is_one_message),
        cmocka_unit_test(everybody_is_told_once),
        cmocka_unit_test(words_of_an_operator_go_before_our_own),
        cmocka_unit_test(wrong_templates_are_told_from_right_ones),
        cmocka_unit_test(names_and_numbers_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
