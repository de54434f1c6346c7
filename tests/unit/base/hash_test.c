#include "tests/unit/unit_test.h"

#include "base/hash.h"

/* The key of the paper's vectors: bytes 00 to 0f. */
static const struct hash_key paper_key = { UINT64_C(0x0706050403020100), UINT64_C(0x0F0E0D0C0B0A0908) };

static void vectors_of_the_paper(void **state)
{
    (void)state;
    uint8_t bytes[15];
    for (int i = 0; i < 15; i++)
        bytes[i] = (uint8_t)i;
    /* Aumasson, Bernstein: SipHash, appendix A; and the first rows of the reference vectors */
    assert_true(hash_siphash(paper_key, span_of_bytes(bytes, 15)) == UINT64_C(0xA129CA6149BE45E5));
    assert_true(hash_siphash(paper_key, span_of_bytes(NULL, 0)) == UINT64_C(0x726FDB47DD0E0E31));
    assert_true(hash_siphash(paper_key, span_of_bytes(bytes, 1)) == UINT64_C(0x74F839C593DC67FD));
    assert_true(hash_siphash(paper_key, span_of_bytes(bytes, 8)) == UINT64_C(0x93F5F5799A932462));
}

static void key_size_and_content_matter(void **state)
{
    (void)state;
    struct hash_key other = { paper_key.first, paper_key.second ^ 1 };
    struct span text = span_of_text("meter");
    assert_true(hash_siphash(paper_key, text) != hash_siphash(other, text));
    assert_true(hash_siphash(paper_key, span_of_bytes("\0\0", 1)) != hash_siphash(paper_key, span_of_bytes("\0\0", 2)));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_the_paper),
        cmocka_unit_test(key_size_and_content_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
