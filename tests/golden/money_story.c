/* Three lives of an account, with sums that anybody can work out beside them; see the comments and the story's own words. */
#include "tests/unit/unit_test.h"

#include "base/decimal.h"
#include "billing/public_meter.h"
#include "rating/late_fee.h"
#include "tests/golden/story.h"
#include "tests/unit/billing/billing_fixture.h"

#include <stdio.h>
#include <string.h>

#define M3 INT64_C(1000000)

/* What the platform did and sent since the last time. */
static void news_tell(struct fixture *fixture)
{
    const char *text = writer_terminate(&fixture->story);
    size_t size = strlen(text);

    if (size > 0)
        story_tell("%.*s", (int)size - 1, text);
    fixture->story = writer_of_buffer(fixture->story_bytes, sizeof fixture->story_bytes);
}

static void balance_tell(struct fixture *fixture, const char *name, int64_t account_id)
{
    char amount[DECIMAL_TEXT_LIMIT];

    (void)decimal_format_fen(fixture_balance(fixture, account_id), amount, sizeof amount);
    story_tell("  %s: %s", name, amount);
}

static void pay(struct fixture *fixture, int64_t account_id, int64_t amount_fen, const char *key)
{
    char amount[DECIMAL_TEXT_LIMIT];

    assert_int_equal(fixture_pay(fixture, account_id, amount_fen, key, NULL), 0);
    (void)decimal_format_fen(amount_fen, amount, sizeof amount);
    story_tell("paid: %s", amount);
    news_tell(fixture);
}

/* Midnight comes with the meters' totals, of devices 1 to `count`; the clock goes on to the afternoon. */
static void day_live(struct fixture *fixture, const char *date, const int64_t totals_ml[], uint32_t count)
{
    char time[32];

    for (uint32_t i = 0; i < count; i++)
        fixture_midnight(fixture, i + 1, fixture_day(date), totals_ml[i]);
    (void)snprintf(time, sizeof time, "%sT13:00", date);
    fixture_run(fixture, fixture_time(time));
    story_tell("%s", date);
    news_tell(fixture);
}

/* 3.00 a m3. 50.00 - 4 x 3.00 = 38.00; - 10 x 3.00 = 8.00, below 10.00; - 4 x 3.00 = -4.00 on a Saturday, the supply stops on
 * Monday; + 20.00 = 16.00, it is back at once; - 1 x 3.00 = 13.00. */
static void a_room_is_cut_off_and_restored(struct fixture *fixture)
{
    static const struct { const char *date; int64_t total_m3; } days[] = {
        { "2026-05-21", 4 }, { "2026-05-22", 14 }, { "2026-05-23", 18 }, { "2026-05-24", 18 }, { "2026-05-25", 18 },
    };
    int64_t room;

    story_tell("== a prepaid room");
    fixture_flat_price(fixture, "3.00");
    room = fixture_account_open(fixture, "prepaid_platform", 1000, 0);
    pay(fixture, room, 5000, "first");
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        day_live(fixture, days[i].date, (const int64_t[]){ days[i].total_m3 * M3 }, 1);
        balance_tell(fixture, "room", room);
    }
    pay(fixture, room, 2000, "second");
    balance_tell(fixture, "room", room);
    day_live(fixture, "2026-05-26", (const int64_t[]){ 19 * M3 }, 1);
    balance_tell(fixture, "room", room);
    fixture_verify(fixture);
}

/* 2.50 a m3. June's bill: 12 x 2.50 = 30.00, paid. The reading was 2 m3 too high; the bill stands, and July's, up to 25 m3, carries
 * it: (25 - 12) x 2.50 = 32.50, together 62.50 = 25 x 2.50. Due on 16 July and paid on 15 August it is 30 days late; the rule of
 * late fees (the bill does not have it) gives 32.50 x 30 x 0.05 % = 0.4875, so 0.49. */
static void a_flat_is_billed_and_a_reading_corrected(struct fixture *fixture)
{
    const struct late_fee_rule rule = { .rate_same_year_e8 = 50000, .rate_later_year_e8 = 50000 };
    struct late_fee_days days = late_fee_days_count(&rule, fixture_day("2026-07-16"), fixture_day("2026-08-15"));
    struct late_fee_basis basis = { .principal_fen = 0 };
    struct late_fee fee;
    int64_t flat;

    story_tell("== a post-paid flat");
    fixture_flat_price(fixture, "2.50");
    flat = fixture_account_open(fixture, "postpaid", 0, 100000);
    day_live(fixture, "2026-06-01", (const int64_t[]){ 12 * M3 }, 1);
    balance_tell(fixture, "flat", flat);
    pay(fixture, flat, 3000, "june");
    balance_tell(fixture, "flat", flat);
    fixture_midnight_put(fixture, 1, fixture_day("2026-06-01"), 10 * M3);
    assert_int_equal(billing_reading_corrected(fixture->billing, 1, fixture_day("2026-06-01"), fixture->now_s), 0);
    story_tell("corrected: 10 m3 on 2026-06-01");
    day_live(fixture, "2026-07-01", (const int64_t[]){ 25 * M3 }, 1);
    balance_tell(fixture, "flat", flat);
    assert_int_equal(late_fee_basis_add(&basis, 3250, days), 0);
    assert_int_equal(late_fee_compute(&rule, &basis, &fee), 0);
    story_tell("late fee by 2026-08-15: %d days, %d fen", (int)days.same_year, (int)fee.amount_fen);
    fixture_verify(fixture);
}

/* 1.00 a m3. The house pays for its two rooms, the shop for itself; the lamp is shared 3 : 1. The house: 100.00 - 2 - 3 - 5 - 3/4 of
 * 4.01; the shop: 20.00 - 1 - 1/4 of 4.01. Quarters are 3.0075 and 1.0025: 3.00 and 1.00, and the fen left over goes to the larger
 * rest, so 86.99 and 18.00. */
static void a_house_shares_a_lamp(struct fixture *fixture)
{
    int64_t accounts[5];

    story_tell("== a house with two rooms, a shop, and a lamp between them");
    fixture_flat_price(fixture, "1.00");
    for (int i = 0; i < 5; i++) {
        accounts[i] = fixture_account_open(fixture, "prepaid_platform", 0, 0);
        fixture_midnight(fixture, (uint32_t)i + 1, fixture_day("2026-05-20"), 0);
    }
    pay(fixture, accounts[0], 10000, "house");
    pay(fixture, accounts[3], 2000, "shop");
    for (int i = 1; i <= 2; i++)
        assert_int_equal(billing_group_join(fixture->billing, &fixture->scope, fixture->now_s, accounts[i], accounts[0]), 0);
    assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, accounts[0], accounts[4], 3), 0);
    assert_int_equal(billing_share_set(fixture->billing, &fixture->scope, fixture->now_s, accounts[3], accounts[4], 1), 0);
    day_live(fixture, "2026-05-21", (const int64_t[]){ 2 * M3, 3 * M3, 5 * M3, 1 * M3, 4010000 }, 5);
    balance_tell(fixture, "house", accounts[0]);
    balance_tell(fixture, "shop", accounts[3]);
    balance_tell(fixture, "lamp", accounts[4]);
    fixture_verify(fixture);
}

static void three_lives_to_the_fen(void **state)
{
    void (*const lives[])(struct fixture *) = { a_room_is_cut_off_and_restored, a_flat_is_billed_and_a_reading_corrected,
                                                a_house_shares_a_lamp };

    (void)state;
    story_begin();
    for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        void *fixture = NULL;

        assert_int_equal(fixture_open(&fixture), 0);
        lives[i](fixture);
        assert_int_equal(fixture_close(&fixture), 0);
    }
    story_expect("money_story");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_lives_to_the_fen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
