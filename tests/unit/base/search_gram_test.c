/* Tokens of texts, expressions to look for, and words compared. */
#include "tests/unit/unit_test.h"

#include <string.h>

#include "base/search_gram.h"

static char space[2048];

static const char *tokens(unsigned places, const char *text)
{
    struct writer out = writer_of_buffer(space, sizeof space);

    search_tokens_write(&out, 'p', places, span_of_text(text));
    return writer_terminate(&out);
}

static const char *match(unsigned places, enum search_place place, const char *text)
{
    struct writer out = writer_of_buffer(space, sizeof space);
    struct search_word word;

    search_word_read(span_of_text(text), &word);
    return search_match_write(&out, 'p', places, place, &word) ? writer_terminate(&out) : NULL;
}

static bool is(const char *word_text, enum search_place place, const char *list)
{
    struct search_word word;

    search_word_read(span_of_text(word_text), &word);
    return search_word_is(&word, place, span_of_text(list));
}

static void a_text_has_tokens_of_three_or_two_signs(void **state)
{
    (void)state;
    assert_string_equal(tokens(SEARCH_INSIDE, "12345"), " p123 p234 p345");
    assert_string_equal(tokens(SEARCH_INSIDE, "榕荫 3栋-1204"), " p榕荫 p荫3 p3栋 p栋1 p120 p204");
    assert_string_equal(tokens(SEARCH_INSIDE, "12"), "");
    assert_string_equal(tokens(SEARCH_START | SEARCH_END, "1204"), " p^1 p^12 p^120 p$1204");
    assert_string_equal(tokens(SEARCH_END, "120栋"), "");
    assert_string_equal(tokens(SEARCH_WHOLE, "1-204"), " p=1204");
    assert_string_equal(tokens(SEARCH_WHOLE, "1234567890123"), "");
    assert_string_equal(tokens(SEARCH_WHOLE, "12,,34"), " p=12 p=34");
}

static void signs_are_taken_as_people_mean_them(void **state)
{
    (void)state;
    assert_string_equal(tokens(SEARCH_WHOLE, "ＡＢ１２"), " p=ab12");
    assert_string_equal(tokens(SEARCH_WHOLE, "买买提·吐"), " p=买买提吐");
    assert_string_equal(tokens(SEARCH_WHOLE, "\"%_'"), "");
    assert_string_equal(tokens(SEARCH_WHOLE, "a\xED\xA0\x80" "b"), " p=ab");       /* half a surrogate */
    assert_string_equal(tokens(SEARCH_WHOLE, "a\xC0\xAF\xFF\xE6\xA0"), " p=a");    /* overlong, no UTF-8, cut short */
    assert_string_equal(tokens(SEARCH_WHOLE, "\xF0\x9F\x98\x80" "1"), " p=\xF0\x9F\x98\x80" "1");
}

static void areas_are_tokens(void **state)
{
    struct writer out = writer_of_buffer(space, sizeof space);

    (void)state;
    search_areas_write(&out, span_of_text("/1/7/23/ /1/8/"));
    assert_string_equal(writer_terminate(&out), " @1 @7 @23 @1 @8");
}

static void what_is_looked_for_is_an_expression(void **state)
{
    (void)state;
    assert_string_equal(match(SEARCH_INSIDE, SEARCH_INSIDE, "1204"), "(\"p120\" AND \"p204\")");
    assert_string_equal(match(SEARCH_INSIDE | SEARCH_START, SEARCH_START, "1204"), "(\"p^120\" AND \"p120\" AND \"p204\")");
    assert_string_equal(match(SEARCH_START, SEARCH_START, "1204"), "(\"p^120\")");
    assert_string_equal(match(SEARCH_START, SEARCH_START, "陈"), "(\"p^陈\")");
    assert_string_equal(match(SEARCH_END, SEARCH_END, "31204"), "(\"p$1204\")");
    assert_string_equal(match(SEARCH_WHOLE, SEARCH_WHOLE, "12"), "(\"p=12\")");
    assert_string_equal(match(SEARCH_INSIDE, SEARCH_INSIDE, "1234567"), "(\"p123\" AND \"p456\" AND \"p567\")");
    assert_string_equal(match(SEARCH_INSIDE, SEARCH_INSIDE, "123456"), "(\"p123\" AND \"p456\")");
    assert_string_equal(match(SEARCH_INSIDE, SEARCH_INSIDE, "榕荫花3栋12"), "(\"p榕荫\" AND \"p花3\" AND \"p栋1\")");
    assert_null(match(SEARCH_INSIDE, SEARCH_INSIDE, "12"));
    assert_null(match(SEARCH_INSIDE, SEARCH_INSIDE, "陈"));
    assert_null(match(SEARCH_END, SEARCH_END, "204"));
    assert_null(match(SEARCH_INSIDE, SEARCH_START, "1204"));
    assert_null(match(SEARCH_WHOLE, SEARCH_WHOLE, ""));
    assert_null(match(SEARCH_WHOLE, SEARCH_WHOLE, "1234567890123"));
}

/* A long word is looked for by its first tokens only, and read up to its bound. */
static void a_long_word_is_bounded(void **state)
{
    char text[10001];
    struct search_word word;
    size_t quotes = 0;

    (void)state;
    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    search_word_read(span_of_text(text), &word);
    assert_int_equal(word.count, SEARCH_SIGNS_LIMIT);
    for (const char *at = match(SEARCH_INSIDE, SEARCH_INSIDE, text); *at != '\0'; at++)
        quotes += *at == '"';
    assert_int_equal(quotes, 2 * SEARCH_TOKENS_LIMIT);
}

static void words_are_compared_at_their_place(void **state)
{
    (void)state;
    assert_true(is("204", SEARCH_INSIDE, "榕荫花园3栋1204"));
    assert_true(is("3栋 12", SEARCH_INSIDE, "榕荫花园 3栋1204"));
    assert_false(is("205", SEARCH_INSIDE, "榕荫花园3栋1204"));
    assert_false(is("13栋", SEARCH_INSIDE, "榕荫花园3栋1204"));
    assert_true(is("榕荫", SEARCH_START, "榕荫花园"));
    assert_false(is("荫", SEARCH_START, "榕荫花园"));
    assert_true(is("1204", SEARCH_END, "31204"));
    assert_false(is("0031204", SEARCH_END, "31204"));
    assert_true(is("ABC", SEARCH_WHOLE, "x,abc"));
    assert_false(is("ab", SEARCH_WHOLE, "x,abc"));
    assert_false(is("", SEARCH_INSIDE, "abc"));
    assert_false(is("a", SEARCH_INSIDE, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_has_tokens_of_three_or_two_signs),
        cmocka_unit_test(signs_are_taken_as_people_mean_them),
        cmocka_unit_test(areas_are_tokens),
        cmocka_unit_test(what_is_looked_for_is_an_expression),
        cmocka_unit_test(a_long_word_is_bounded),
        cmocka_unit_test(words_are_compared_at_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
