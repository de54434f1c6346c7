#include "tests/unit/unit_test.h"

#include "tests/unit/ledger/books.h"

static int period_close(const struct books *books, int64_t until_s, int64_t now_s, struct ledger_closing *closing)
{
    *closing = (struct ledger_closing){ .tenant_id = 1, .until_s = until_s, .closed_s = now_s, .closed_by = 7 };
    return ledger_period_close(books->ledger, closing);
}

static void closing_counts_what_the_period_holds(void **state)
{
    struct books *books = *state;
    struct ledger_transfer early = books_transfer(books, "a", 700), late = books_transfer(books, "b", 50);
    struct ledger_closing closing;

    late.at_s = 2000;
    assert_int_equal(ledger_post(books->ledger, &early), 0);
    assert_int_equal(ledger_post(books->ledger, &late), 0);
    assert_int_equal(period_close(books, 2000, 2100, &closing), 0);
    assert_int_equal(closing.from_s, 0);
    assert_int_equal(closing.transfers, 1);
    assert_int_equal(closing.amount_fen, 700);
    assert_int_equal(period_close(books, 3000, 3000, &closing), 0);
    assert_int_equal(closing.from_s, 2000);
    assert_int_equal(closing.amount_fen, 50);
}

static void late_matter_goes_into_the_open_period_and_says_where_it_belongs(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "a", 700), stored;
    struct ledger_closing closing;

    assert_int_equal(period_close(books, 2000, 2100, &closing), 0);
    transfer.at_s = 2200;
    transfer.value_s = 1500;
    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(books->ledger->transfer_read(books->ledger->context, transfer.transfer_id, &stored), 1);
    assert_int_equal(stored.at_s, 2200);
    assert_int_equal(stored.value_s, 2000);
    assert_int_equal(stored.late_s, 1500);
}

/* The mirror belongs where the mistake was; with that period closed it says so too. */
static void correction_of_a_closed_posting_names_its_period(void **state)
{
    struct books *books = *state;
    struct ledger_transfer transfer = books_transfer(books, "a", 700), mirror;
    struct ledger_closing closing;

    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(transfer.value_s, 1000);
    assert_int_equal(ledger_reverse(books->ledger, 1, transfer.transfer_id, "r", 1200, &mirror), 0);
    assert_int_equal(mirror.value_s, 1000);
    transfer = books_transfer(books, "b", 30);
    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(period_close(books, 2000, 2100, &closing), 0);
    assert_int_equal(ledger_reverse(books->ledger, 1, transfer.transfer_id, "r2", 2200, &mirror), 0);
    assert_int_equal(mirror.value_s, 2000);
    assert_int_equal(mirror.late_s, 1000);
    assert_int_equal(books_balance(books, books->wallet), 0);
}

static void closing_goes_forward_only(void **state)
{
    struct books *books = *state;
    struct ledger_closing closing;

    assert_int_equal(period_close(books, 0, 2100, &closing), LEDGER_ERR_PERIOD);
    assert_int_equal(period_close(books, 2101, 2100, &closing), LEDGER_ERR_PERIOD);
    assert_int_equal(period_close(books, 2000, 2100, &closing), 0);
    assert_int_equal(period_close(books, 2000, 2100, &closing), LEDGER_ERR_PERIOD_CLOSED);
    assert_int_equal(period_close(books, 1000, 2100, &closing), LEDGER_ERR_PERIOD_CLOSED);
}

/* One tenant's closing is nobody else's. */
static void closing_is_of_one_tenant(void **state)
{
    struct books *books = *state;
    struct ledger_closing closing = { .tenant_id = 2, .until_s = 5000, .closed_s = 5000 };
    struct ledger_transfer transfer = books_transfer(books, "a", 700);

    assert_int_equal(ledger_period_close(books->ledger, &closing), 0);
    assert_int_equal(ledger_post(books->ledger, &transfer), 0);
    assert_int_equal(transfer.value_s, 1000);
    assert_int_equal(transfer.late_s, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(closing_counts_what_the_period_holds, books_open, books_close),
        cmocka_unit_test_setup_teardown(late_matter_goes_into_the_open_period_and_says_where_it_belongs, books_open,
                                        books_close),
        cmocka_unit_test_setup_teardown(correction_of_a_closed_posting_names_its_period, books_open, books_close),
        cmocka_unit_test_setup_teardown(closing_goes_forward_only, books_open, books_close),
        cmocka_unit_test_setup_teardown(closing_is_of_one_tenant, books_open, books_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
