/* Accounts kept between many postings of one transaction end where they would have ended one by one. */
#include "tests/unit/unit_test.h"

#include "ledger/ledger_cache.h"
#include "tests/unit/ledger/books.h"

#include <stdio.h>

static int reads;            /* of one account, that reached the store behind */
static uint32_t updates;     /* the same of accounts written */
static struct ledger_store behind;

static int read_count(void *context, int64_t ledger_account_id, struct ledger_account *out)
{
    reads++;
    return behind.account_read(context, ledger_account_id, out);
}

static int updates_count(void *context, const struct ledger_account accounts[], uint32_t count)
{
    updates += count;
    return behind.accounts_update(context, accounts, count);
}

static struct ledger_store counting_store(const struct books *books)
{
    struct ledger_store store = *books->ledger;

    behind = store;
    store.account_read = read_count;
    store.accounts_update = updates_count;
    updates = 0;
    reads = 0;
    return store;
}

static int64_t cached_balance(const struct ledger_cache *cache, int64_t account)
{
    int64_t balance_fen;

    assert_int_equal(ledger_balance_read(ledger_cache_store(cache), account, &balance_fen), 0);
    return balance_fen;
}

static void post(const struct ledger_cache *cache, const struct books *books, int number, int64_t amount_fen)
{
    struct ledger_transfer transfer;
    char key[16];

    (void)snprintf(key, sizeof key, "k%d", number);
    transfer = books_transfer(books, key, amount_fen);
    assert_int_equal(ledger_post(ledger_cache_store(cache), &transfer), 0);
}

static void verify(const struct books *books, bool balanced)
{
    struct ledger_verification verification;

    assert_int_equal(ledger_verify(books->ledger, 1, NULL, NULL, &verification), 0);
    assert_int_equal(verification.balanced, balanced);
}

static void an_account_is_written_once_however_often_it_moved(void **state)
{
    const struct books *books = *state;
    struct ledger_store counting = counting_store(books);
    struct ledger_cache *cache = ledger_cache_open(&counting);

    for (int number = 0; number < 100; number++)
        post(cache, books, number, 7);
    assert_int_equal(cached_balance(cache, books->wallet), 700);
    assert_int_equal(books_balance(books, books->wallet), 0);
    verify(books, false);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(updates, 2);
    assert_int_equal(books_balance(books, books->wallet), 700);
    verify(books, true);
    ledger_cache_close(cache);
}

static void accounts_read_together_are_not_read_again(void **state)
{
    const struct books *books = *state;
    struct ledger_store counting = counting_store(books);
    struct ledger_cache *cache = ledger_cache_open(&counting);
    const int64_t wanted[] = { books->wallet, books->cash, books->wallet, 999 };

    post(cache, books, 1, 7);
    reads = 0;
    assert_int_equal(ledger_cache_prime(cache, wanted, 4), 0);
    assert_int_equal(cached_balance(cache, books->wallet), 7);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(ledger_cache_prime(cache, wanted, 4), 0);
    post(cache, books, 2, 7);
    assert_int_equal(reads, 0);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(books_balance(books, books->wallet), 14);
    verify(books, true);
    ledger_cache_close(cache);
}

static void a_step_taken_back_leaves_what_was_before_it(void **state)
{
    const struct books *books = *state;
    struct ledger_cache *cache = ledger_cache_open(books->ledger);
    int64_t revenue;

    post(cache, books, 1, 500);
    assert_int_equal(store_begin(books->store), 0);
    assert_int_equal(ledger_cache_step_begin(cache), 0);
    assert_int_equal(store_savepoint(books->store), 0);
    post(cache, books, 2, 30);
    post(cache, books, 3, 4);
    assert_int_equal(ledger_account_open(ledger_cache_store(cache), 1, LEDGER_REVENUE, "gas", &revenue), 0);
    assert_int_equal(cached_balance(cache, revenue), 0);
    assert_int_equal(cached_balance(cache, books->wallet), 534);
    assert_int_equal(store_revert(books->store), 0);
    ledger_cache_step_revert(cache);
    assert_int_equal(cached_balance(cache, books->wallet), 500);
    /* Another account may get the number of the one that is no more. */
    assert_int_equal(ledger_account_open(ledger_cache_store(cache), 1, LEDGER_CASH, "branch", &revenue), 0);
    assert_int_equal(ledger_account_open(ledger_cache_store(cache), 1, LEDGER_CASH, "branch", &revenue), 0);
    assert_int_equal(ledger_cache_step_begin(cache), 0);
    post(cache, books, 2, 60);
    ledger_cache_step_keep(cache);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(store_commit(books->store), 0);
    assert_int_equal(books_balance(books, books->wallet), 560);
    verify(books, true);
    ledger_cache_close(cache);
}

static void accounts_beyond_the_limit_go_straight_through(void **state)
{
    const struct books *books = *state;
    struct ledger_cache *cache = ledger_cache_open(books->ledger);
    int64_t last = 0;

    assert_int_equal(store_begin(books->store), 0);
    for (int number = 0; number < LEDGER_CACHE_LIMIT + 10; number++) {
        struct ledger_transfer transfer = books_transfer(books, "", 1);

        assert_int_equal(ledger_account_add(books->ledger, 1, LEDGER_WALLET, "", &last), 0);
        transfer.credit_account_id = last;
        assert_int_equal(ledger_post_named(ledger_cache_store(cache), &transfer), 0);
    }
    assert_int_equal(books_balance(books, last), 1);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(store_commit(books->store), 0);
    verify(books, true);
    ledger_cache_close(cache);
}

static int64_t post_named(const struct ledger_cache *cache, const struct books *books, int64_t amount_fen)
{
    struct ledger_transfer transfer = books_transfer(books, "", amount_fen);

    assert_int_equal(ledger_post_named(ledger_cache_store(cache), &transfer), 0);
    return transfer.transfer_id;
}

/* Some are written many at once, some alone, some with a key between them, some are taken back: the numbers and the chains are
 * those of one by one. */
static void transfers_that_wait_keep_their_places(void **state)
{
    const struct books *books = *state;
    struct ledger_cache *cache = ledger_cache_open(books->ledger);
    const struct ledger_store *store = ledger_cache_store(cache);
    struct ledger_transfer read;
    int64_t last = 0, amount_fen = 0;

    assert_int_equal(store_begin(books->store), 0);
    for (int number = 1; number <= 300; number++) {
        int64_t transfer_id = post_named(cache, books, number);

        assert_true(last == 0 || transfer_id == last + 1);
        last = transfer_id;
        amount_fen += number;
        if (number % 77 == 0) {
            post(cache, books, number, 1000);
            amount_fen += 1000;
            last++;
        }
    }
    assert_int_equal(store->transfer_read(store->context, last, &read), 1);
    assert_int_equal(read.amount_fen, 300);
    assert_int_equal(ledger_cache_step_begin(cache), 0);
    assert_int_equal(store_savepoint(books->store), 0);
    for (int number = 0; number < 100; number++)
        assert_int_equal(post_named(cache, books, 5), last + 1 + number);
    assert_int_equal(store_revert(books->store), 0);
    ledger_cache_step_revert(cache);
    assert_int_equal(post_named(cache, books, 7), last + 1);
    assert_int_equal(ledger_cache_flush(cache), 0);
    assert_int_equal(store_commit(books->store), 0);
    assert_int_equal(books_balance(books, books->wallet), amount_fen + 7);
    verify(books, true);
    ledger_cache_close(cache);
}

static void a_posting_is_named_by_its_key_or_by_its_row(void **state)
{
    const struct books *books = *state;
    struct ledger_transfer keyed = books_transfer(books, "k", 5), bare = books_transfer(books, "", 5);

    assert_int_equal(ledger_post_named(books->ledger, &keyed), LEDGER_ERR_KEY);
    assert_int_equal(ledger_post(books->ledger, &bare), LEDGER_ERR_KEY);
    assert_int_equal(ledger_post_named(books->ledger, &bare), 0);
    assert_int_equal(ledger_post_named(books->ledger, &bare), 0);
    assert_int_equal(books_balance(books, books->wallet), 10);
    verify(books, true);
}

/* A chain that was broken, by whatever wrote to the file, is a difference like a wrong sum. */
static void a_broken_chain_is_found(void **state)
{
    const struct books *books = *state;
    struct ledger_transfer first = books_transfer(books, "a", 5), second = books_transfer(books, "b", 6);

    assert_int_equal(ledger_post(books->ledger, &first), 0);
    assert_int_equal(ledger_post(books->ledger, &second), 0);
    assert_int_equal(second.debit_before, first.transfer_id);
    verify(books, true);
    assert_int_equal(store_execute(books->store, "UPDATE transfer SET debit_before = 0"), 0);
    verify(books, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_account_is_written_once_however_often_it_moved, books_open, books_close),
        cmocka_unit_test_setup_teardown(accounts_read_together_are_not_read_again, books_open, books_close),
        cmocka_unit_test_setup_teardown(a_step_taken_back_leaves_what_was_before_it, books_open, books_close),
        cmocka_unit_test_setup_teardown(accounts_beyond_the_limit_go_straight_through, books_open, books_close),
        cmocka_unit_test_setup_teardown(transfers_that_wait_keep_their_places, books_open, books_close),
        cmocka_unit_test_setup_teardown(a_posting_is_named_by_its_key_or_by_its_row, books_open, books_close),
        cmocka_unit_test_setup_teardown(a_broken_chain_is_found, books_open, books_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
