/* Random histories: whatever is posted, reserved, settled, corrected, repeated or closed, in whatever order, money is
 * neither made nor lost, and the balances at the end do not depend on the order of arrival. */
#include "tests/unit/unit_test.h"

#include "tests/unit/ledger/books.h"

#include <stdio.h>

#define STEPS 400
#define SEEDS 8
#define KEYS 60
#define ORDERS 6

static uint64_t random_state;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % bound;
}

static struct ledger_transfer random_transfer(const struct books *books, uint32_t number)
{
    const int64_t accounts[] = { books->cash, books->wallet, books->revenue };
    uint32_t debit = number % 3, credit = (debit + 1 + number / 3 % 2) % 3;
    char key[16];
    struct ledger_transfer transfer;

    (void)snprintf(key, sizeof key, "k%u", number);
    transfer = books_transfer(books, key, 1 + (int64_t)number * number * 37 % 10007);
    transfer.debit_account_id = accounts[debit];
    transfer.credit_account_id = accounts[credit];
    transfer.value_s = 500 + number * 20;
    return transfer;
}

static void step_do(const struct books *books, uint32_t step)
{
    uint32_t number = random_below(KEYS);
    int64_t now_s = 1000 + step * 10;
    struct ledger_transfer transfer = random_transfer(books, number);
    struct ledger_hold hold = { .debit_account_id = books->wallet, .credit_account_id = books->revenue, .at_s = now_s,
                                .amount_fen = 1 + number, .expires_s = now_s + 1500, .tenant_id = 1, .kind = LEDGER_CHARGE };
    struct ledger_closing closing = { .tenant_id = 1, .until_s = now_s - random_below(2000), .closed_s = now_s };
    char key[16];

    transfer.at_s = now_s;
    (void)snprintf(hold.key, sizeof hold.key, "h%u", number);
    (void)snprintf(key, sizeof key, "r%u", number);
    switch (random_below(7)) {
    case 0:
    case 1: (void)ledger_post(books->ledger, &transfer); break;
    case 2: (void)ledger_reverse(books->ledger, 1, 1 + number, key, now_s, NULL); break;
    case 3: (void)ledger_hold(books->ledger, &hold); break;
    case 4: (void)ledger_hold_post(books->ledger, 1, 1 + number / 2, 1, now_s, NULL); break;
    case 5: (void)ledger_hold_void(books->ledger, 1, 1 + number / 2, now_s, NULL); break;
    default:
        assert_true(ledger_holds_expire(books->ledger, now_s, 100) >= 0);
        (void)ledger_period_close(books->ledger, &closing);
    }
}

static int64_t number_of(const struct books *books, const char *query)
{
    int64_t number = -1;

    assert_int_equal(store_number(books->store, query, &number), 0);
    return number;
}

static void money_in_is_money_out_at_every_step(void **state)
{
    struct books *books = *state;
    struct ledger_verification verification;

    for (uint32_t step = 0; step < STEPS; step++) {
        step_do(books, step);
        assert_int_equal(ledger_verify(books->ledger, 1, NULL, NULL, &verification), 0);
        assert_true(verification.balanced);
        assert_int_equal(verification.differences, 0);
    }
    assert_true(number_of(books, "SELECT count(*) FROM transfer WHERE late_s > 0") > 0);
    assert_true(number_of(books, "SELECT count(*) FROM transfer WHERE reverses IS NOT NULL") > 0);
    assert_true(number_of(books, "SELECT count(*) FROM transfer_hold WHERE state = 'posted'") > 0);
    /* Closed periods hold what they held when they were closed. */
    assert_true(number_of(books, "SELECT count(*) FROM ledger_closing") > 0);
    assert_int_equal(number_of(books,
                               "SELECT count(*) FROM ledger_closing c WHERE (c.transfers, c.amount_fen) <> (SELECT count(*),"
                               " coalesce(sum(t.amount_fen), 0) FROM transfer t WHERE t.value_s >= c.from_s AND"
                               " t.value_s < c.until_s)"),
                     0);
}

static void history_of_seed(uint64_t seed)
{
    void *state;

    random_state = seed;
    assert_int_equal(books_open(&state), 0);
    money_in_is_money_out_at_every_step(&state);
    assert_int_equal(books_close(&state), 0);
}

static void money_is_neither_made_nor_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        history_of_seed(seed);
}

/* The same messages shuffled and repeated: the same balances. */
static void order_of_arrival_does_not_matter(void **state)
{
    int64_t wallet_fen[ORDERS], revenue_fen[ORDERS];

    (void)state;
    for (uint32_t order = 0; order < ORDERS; order++) {
        void *opened;
        uint32_t numbers[KEYS];

        random_state = order + 1;
        assert_int_equal(books_open(&opened), 0);
        for (uint32_t index = 0; index < KEYS; index++) {
            uint32_t other = random_below(index + 1);

            numbers[index] = numbers[other];
            numbers[other] = index;
        }
        for (uint32_t index = 0; index < KEYS * 2; index++) {
            struct ledger_transfer transfer = random_transfer(opened, numbers[index < KEYS ? index : random_below(KEYS)]);

            assert_int_equal(ledger_post(((struct books *)opened)->ledger, &transfer), index < KEYS ? 0 : 1);
        }
        wallet_fen[order] = books_balance(opened, ((struct books *)opened)->wallet);
        revenue_fen[order] = books_balance(opened, ((struct books *)opened)->revenue);
        assert_int_equal(books_close(&opened), 0);
        assert_int_equal(wallet_fen[order], wallet_fen[0]);
        assert_int_equal(revenue_fen[order], revenue_fen[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_neither_made_nor_lost),
        cmocka_unit_test(order_of_arrival_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
