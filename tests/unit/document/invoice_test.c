/* Invoices: their tax, their states, what goes out and what is believed. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "document/invoice_provider.h"
#include "rating/rating_error.h"

static int proof(struct span key, struct span in, uint8_t out[DIGEST_SHA256_SIZE])
{
    (void)key;
    memset(out, (int)in.size & 0xff, DIGEST_SHA256_SIZE);
    return 0;
}

static const struct digest digest = { .hmac_sha256 = proof };
static const struct invoice_settings settings = {
    .url = "https://connector.example/invoices", .account = "a", .secret = "s", .digest = &digest
};

static struct invoice invoice_make(void)
{
    struct invoice invoice = { .invoice_id = 7, .state = INVOICE_ASKED, .company = true, .serial = "MW1", .line_count = 2,
                               .buyer_title = "鹭湾物业", .buyer_tax_number = "91350200MA2T3XT99T", .seller_name = "云榕水务",
                               .seller_tax_number = "91440101MA59T3XT0A" };

    invoice.lines[0] = (struct invoice_line){ .amount_fen = 10000, .item = "水费" };
    invoice.lines[1] = (struct invoice_line){ .amount_fen = 2470, .item = "污水处理费" };
    assert_int_equal(invoice_category_read(span_of_text("1100301010000000000 3 水冰雪"), &invoice.lines[0]), 0);
    assert_int_equal(invoice_category_read(span_of_text("1100301010000000000 0 水冰雪"), &invoice.lines[1]), 0);
    assert_int_equal(invoice_tax_compute(&invoice), 0);
    return invoice;
}

static void test_tax_adds_up(void **state)
{
    struct invoice invoice = invoice_make();

    (void)state;
    assert_int_equal(invoice.lines[0].tax_fen, 291);
    assert_int_equal(invoice.lines[0].net_fen, 9709);
    assert_int_equal(invoice.lines[1].tax_fen, 0);
    assert_int_equal(invoice.amount_fen, 12470);
    assert_int_equal(invoice.net_fen + invoice.tax_fen, invoice.amount_fen);
}

/* However amounts and rates fall, no fen is lost or made: of a line, of the sums, and never more than half a fen off. */
static void test_no_rounding_loses_a_fen(void **state)
{
    uint64_t seed = 20261121;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct invoice invoice = { .line_count = 1 + round % INVOICE_LINE_LIMIT };
        int64_t sum_fen = 0;
        for (int32_t i = 0; i < invoice.line_count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            invoice.lines[i].amount_fen = (int64_t)(seed >> (20 + seed % 43));
            invoice.lines[i].rate_e8 = (int64_t)(seed >> 40) % 10001 * 10000;
            sum_fen += invoice.lines[i].amount_fen;
        }
        assert_int_equal(invoice_tax_compute(&invoice), 0);
        assert_int_equal(invoice.amount_fen, sum_fen);
        assert_int_equal(invoice.net_fen + invoice.tax_fen, sum_fen);
        assert_true(invoice_adds_up(&invoice));
        for (int32_t i = 0; i < invoice.line_count; i++) {
            const struct invoice_line *line = &invoice.lines[i];
            __extension__ __int128 off = (__int128)line->tax_fen * (100000000 + line->rate_e8)
                - (__int128)line->amount_fen * line->rate_e8;
            assert_int_equal(line->net_fen + line->tax_fen, line->amount_fen);
            assert_true(2 * off <= 100000000 + line->rate_e8 && -2 * off <= 100000000 + line->rate_e8);
        }
    }
}

static void test_what_does_not_add_up_is_refused(void **state)
{
    static struct invoice_request request;
    const struct invoice_provider *provider = invoice_provider_find("json");
    struct invoice invoice = invoice_make();

    (void)state;
    invoice.lines[0].tax_fen++;
    assert_false(invoice_adds_up(&invoice));
    assert_int_equal(provider->request(&settings, &invoice, 0, &request), -1);
    invoice = invoice_make();
    invoice.net_fen--;
    invoice.tax_fen++;
    assert_int_equal(provider->request(&settings, &invoice, 0, &request), -1);
    invoice = invoice_make();
    invoice.lines[1].amount_fen = INT64_MAX - 9999;
    assert_int_equal(invoice_tax_compute(&invoice), RATING_ERR_RANGE);
    invoice.lines[1].amount_fen = -1;
    assert_int_equal(invoice_tax_compute(&invoice), RATING_ERR_RANGE);
}

static void test_categories_and_tax_numbers_of_wrong_form(void **state)
{
    static const char *const wrong[] = { "", "1100301010000000000", "1100301010000000000 3", "110030101000000000 3 水",
                                         "110030101000000000x 3 水", "1100301010000000000 101 水", "1100301010000000000 -1 水",
                                         "1100301010000000000 3.001 水" };
    struct invoice_line line;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(invoice_category_read(span_of_text(wrong[i]), &line), -1);
    assert_int_equal(invoice_category_read(span_of_text(" 1100301010000000000  9.5  供 热 "), &line), 0);
    assert_int_equal(line.rate_e8, 9500000);
    assert_string_equal(line.category, "供 热");
    assert_true(invoice_tax_number_valid(span_of_text("91440101MA59T3XT0A")));
    assert_false(invoice_tax_number_valid(span_of_text("91440101MA59T3")));
    assert_false(invoice_tax_number_valid(span_of_text("91440101ma59t3xt0a")));
    assert_false(invoice_tax_number_valid(span_of_text("91440101MA59T3XT0A123")));
    /* GB 32100-2015's own example; the same with a slip of the pen; two digits that changed places. */
    assert_true(invoice_tax_number_valid(span_of_text("91350100M000100Y43")));
    assert_false(invoice_tax_number_valid(span_of_text("91350100M000100Y44")));
    assert_false(invoice_tax_number_valid(span_of_text("91351000M000100Y43")));
    assert_false(invoice_tax_number_valid(span_of_text("91350100M000100IO3")));
    /* A sole trader's is the person's identity number (GB 11643); older numbers have 15 or 20 digits. */
    assert_true(invoice_tax_number_valid(span_of_text("350100199003071231")));
    assert_false(invoice_tax_number_valid(span_of_text("350100199003071230")));
    assert_true(invoice_tax_number_valid(span_of_text("350102719735211")));
    assert_true(invoice_tax_number_valid(span_of_text("35010219900307123401")));
}

static void test_words_lead_from_state_to_state(void **state)
{
    struct invoice invoice = invoice_make();
    struct invoice_answer working = { .word = INVOICE_WORD_WORKING };
    struct invoice_answer issued = { .word = INVOICE_WORD_ISSUED, .number = "25440000000000000001" };
    struct invoice_answer red = { .word = INVOICE_WORD_ISSUED, .number = "25450000000000000001" };
    struct invoice_answer refused = { .word = INVOICE_WORD_REFUSED, .reason = "no" };

    (void)state;
    assert_true(invoice_answer_take(&invoice, &working, 100));
    assert_int_equal(invoice.state, INVOICE_SENT);
    assert_true(invoice_answer_take(&invoice, &issued, 110));
    assert_int_equal(invoice.state, INVOICE_ISSUED);
    assert_int_equal(invoice.issued_s, 110);
    assert_false(invoice_answer_take(&invoice, &red, 120));
    assert_string_equal(invoice.number, "25440000000000000001");
    invoice.state = INVOICE_RED_ASKED;
    assert_true(invoice_answer_take(&invoice, &refused, 130));
    assert_int_equal(invoice.state, INVOICE_ISSUED);
    assert_int_equal(invoice.issued_s, 110);
    invoice.state = INVOICE_RED_ASKED;
    assert_true(invoice_answer_take(&invoice, &red, 140));
    assert_int_equal(invoice.state, INVOICE_RED_LETTERED);
    assert_string_equal(invoice.red_number, "25450000000000000001");
    assert_string_equal(invoice.number, "25440000000000000001");
}

/* What an issued invoice carries is kept with its number; a red letter's does not replace it. */
static void test_code_and_test_mark_are_the_issued_invoices(void **state)
{
    static const char body[] = "{\"serial\":\"MW1\",\"state\":\"issued\",\"number\":\"25440000000000000001\",\"code\":\"01,32\","
                               "\"test\":true}";
    const struct invoice_provider *provider = invoice_provider_find("json");
    struct invoice invoice = invoice_make();
    struct invoice_answer answer;

    (void)state;
    provider->answer(&invoice, 200, span_of_text(body), &answer);
    assert_true(invoice_answer_take(&invoice, &answer, 100));
    assert_string_equal(invoice.code, "01,32");
    assert_true(invoice.test);
    invoice.state = INVOICE_RED_ASKED;
    answer.test = false;
    memcpy(answer.code, "red", 4);
    assert_false(invoice_answer_take(&invoice, &answer, 100)); /* its own number is no red letter's */
    assert_int_equal(invoice.state, INVOICE_RED_ASKED);
    memcpy(answer.number, "25450000000000000001", 21);
    assert_true(invoice_answer_take(&invoice, &answer, 100));
    assert_string_equal(invoice.code, "01,32");
    assert_true(invoice.test);
}

static void test_silence_waits_longer_and_never_ends(void **state)
{
    struct invoice invoice = invoice_make();
    struct invoice_answer silence = { .word = INVOICE_WORD_UNKNOWN };
    int64_t wait_s = 0;

    (void)state;
    for (int i = 0; i < 40; i++) {
        assert_false(invoice_answer_take(&invoice, &silence, 1000));
        assert_true(invoice.next_s - 1000 >= wait_s);
        wait_s = invoice.next_s - 1000;
    }
    assert_int_equal(wait_s, 3600);
    assert_int_equal(invoice.state, INVOICE_ASKED);
}

static void test_the_request_says_what_the_invoice_says(void **state)
{
    static struct invoice_request request;
    const struct invoice_provider *provider = invoice_provider_find("json");
    struct invoice invoice = invoice_make();

    (void)state;
    assert_non_null(provider);
    assert_null(invoice_provider_find("other"));
    assert_int_equal(provider->request(&settings, &invoice, 1795137120, &request), 0);
    assert_non_null(strstr(request.body, "\"action\":\"issue\""));
    assert_non_null(strstr(request.body, "\"total\":\"124.70\""));
    assert_non_null(strstr(request.body, "*水冰雪*污水处理费"));
    assert_non_null(strstr(request.authorization, "time=\"1795137120\""));
    assert_null(strstr(request.authorization, "signature=\"\""));
    invoice.state = INVOICE_RED_ASKED;
    assert_int_equal(provider->request(&settings, &invoice, 1795137120, &request), 0);
    assert_non_null(strstr(request.body, "\"total\":\"-124.70\""));
}

static void test_only_answers_about_this_invoice_are_believed(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum invoice_word word;
    } rows[] = {
        { 200, "{\"serial\":\"MW1\",\"state\":\"working\"}", INVOICE_WORD_WORKING },
        { 200, "{\"serial\":\"MW1\",\"state\":\"issued\",\"number\":\"25440000000000000001\"}", INVOICE_WORD_ISSUED },
        { 200, "{\"serial\":\"MW1\",\"state\":\"issued\",\"number\":\"2544\"}", INVOICE_WORD_UNKNOWN },
        { 200, "{\"serial\":\"MW1\",\"state\":\"issued\",\"number\":2544}", INVOICE_WORD_UNKNOWN },
        { 200, "{\"serial\":\"MW2\",\"state\":\"issued\",\"number\":\"25440000000000000001\"}", INVOICE_WORD_UNKNOWN },
        { 200, "{\"serial\":\"MW1\",\"state\":\"refused\",\"reason\":\"x\"}", INVOICE_WORD_REFUSED },
        { 500, "{\"serial\":\"MW1\",\"state\":\"refused\"}", INVOICE_WORD_UNKNOWN },
        { 200, "[]", INVOICE_WORD_UNKNOWN },
        { 200, "{", INVOICE_WORD_UNKNOWN },
        { 200, "", INVOICE_WORD_UNKNOWN },
        { 0, "", INVOICE_WORD_UNKNOWN },
    };
    const struct invoice_provider *provider = invoice_provider_find("json");
    struct invoice invoice = invoice_make();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invoice_answer answer;
        provider->answer(&invoice, rows[i].status, span_of_text(rows[i].body), &answer);
        assert_int_equal(answer.word, rows[i].word);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tax_adds_up),
        cmocka_unit_test(test_no_rounding_loses_a_fen),
        cmocka_unit_test(test_what_does_not_add_up_is_refused),
        cmocka_unit_test(test_categories_and_tax_numbers_of_wrong_form),
        cmocka_unit_test(test_words_lead_from_state_to_state),
        cmocka_unit_test(test_code_and_test_mark_are_the_issued_invoices),
        cmocka_unit_test(test_silence_waits_longer_and_never_ends),
        cmocka_unit_test(test_the_request_says_what_the_invoice_says),
        cmocka_unit_test(test_only_answers_about_this_invoice_are_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
