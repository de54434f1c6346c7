#include "security/key_holder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hex.h"
#include "security/security_error.h"
#include "tests/unit/unit_test.h"

static char folder[64];
static char path[96];

static int folder_make(void **state)
{
    (void)state;
    memcpy(folder, "/tmp/key_holder_test.XXXXXX", 28);
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/master.key", folder);
    return 0;
}

static int folder_remove(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void test_the_key_is_made_once_and_kept(void **state)
{
    struct secret_source source = secret_source_system();
    struct key_holder *first = NULL;
    struct key_holder *second = NULL;
    uint8_t one[KEY_HOLDER_PSK_SIZE];
    uint8_t two[KEY_HOLDER_PSK_SIZE];
    struct stat status;

    (void)state;
    assert_int_equal(key_holder_open(folder, &source, &first), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(key_holder_open(folder, &source, &second), 0);
    assert_int_equal(key_holder_device_psk(first, UINT64_C(861234567890123), one), 0);
    assert_int_equal(key_holder_device_psk(second, UINT64_C(861234567890123), two), 0);
    assert_memory_equal(one, two, sizeof one);
    assert_int_equal(key_holder_device_psk(first, UINT64_C(861234567890124), two), 0);
    assert_memory_not_equal(one, two, sizeof one);
    key_holder_close(first);
    key_holder_close(second);
}

/* HMAC-SHA256(32 bytes 00..1f, "psk861234567890123"), computed with Python's hmac module. */
static void test_a_known_key(void **state)
{
    uint8_t master[KEY_HOLDER_MASTER_SIZE];
    uint8_t psk[KEY_HOLDER_PSK_SIZE];
    char text[2 * KEY_HOLDER_PSK_SIZE + 1];

    (void)state;
    for (size_t i = 0; i < sizeof master; i++)
        master[i] = (uint8_t)i;
    struct key_holder *holder = key_holder_of_key(master);
    assert_int_equal(key_holder_device_psk(holder, UINT64_C(861234567890123), psk), 0);
    assert_int_equal(hex_encode(span_of_bytes(psk, sizeof psk), text, sizeof text), 32);
    assert_string_equal(text, "a1bd438c41a9f7c2f2f3b9b35727ce14");
    assert_int_equal(key_holder_device_psk(holder, 1, psk), BASE_ERR_RANGE);
    assert_int_equal(key_holder_device_psk(holder, UINT64_C(1000000000000000), psk), BASE_ERR_RANGE);
    key_holder_close(holder);
    key_holder_close(NULL);
}

static void file_write(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void test_wrong_files_are_refused(void **state)
{
    static const char key[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    struct secret_source source = secret_source_system();
    struct key_holder *holder = NULL;

    (void)state;
    file_write(key, 0644);
    assert_int_equal(key_holder_open(folder, &source, &holder), SECURITY_ERR_FILE_MODE);
    file_write("too short\n", 0600);
    assert_int_equal(key_holder_open(folder, &source, &holder), SECURITY_ERR_FILE_FORM);
    file_write("", 0600);
    assert_int_equal(key_holder_open(folder, &source, &holder), SECURITY_ERR_FILE_FORM);
    assert_int_equal(key_holder_open("/nonexistent/folder", &source, &holder), SECURITY_ERR_FILE);
    assert_null(holder);
    file_write(key, 0600);
    assert_int_equal(key_holder_open(folder, &source, &holder), 0);
    key_holder_close(holder);
}

static void test_identities(void **state)
{
    uint64_t imei = 0;

    (void)state;
    assert_int_equal(key_holder_identity_parse(span_of_text("urn:imei:861234567890123"), &imei), 0);
    assert_true(imei == UINT64_C(861234567890123));
    assert_int_equal(key_holder_identity_parse(span_of_text("861234567890124"), &imei), 0);
    assert_true(imei == UINT64_C(861234567890124));
    static const char *const wrong[] = { "", "urn:imei:", "86123456789012", "8612345678901234", "86123456789012x",
        "urn:dev:861234567890123", "000000000000001", "urn:imei:86123456789012x" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(key_holder_identity_parse(span_of_text(wrong[i]), &imei), BASE_ERR_SYNTAX);
    assert_true(imei == UINT64_C(861234567890124));
}

static int counting_fill(void *context, uint8_t *bytes, size_t size)
{
    uint8_t *next = context;

    for (size_t i = 0; i < size; i++)
        bytes[i] = (*next)++;
    return 0;
}

static void a_sealed_secret_opens_at_its_place_only(void **state)
{
    static const uint8_t master[KEY_HOLDER_MASTER_SIZE] = { 1, 2, 3 };
    static const uint8_t other_master[KEY_HOLDER_MASTER_SIZE] = { 1, 2, 4 };
    uint8_t counter = 0;
    struct secret_source source = { .context = &counter, .fill = counting_fill };
    struct key_holder *holder = key_holder_of_key(master);
    struct key_holder *other = key_holder_of_key(other_master);
    uint8_t sealed[KEY_HOLDER_SEALED_LIMIT];
    uint8_t again[KEY_HOLDER_SEALED_LIMIT];
    uint8_t plain[KEY_HOLDER_SEALED_LIMIT];
    struct span place = span_of_text("device 17 password");

    (void)state;
    int size = key_holder_seal(holder, &source, place, span_of_text("123456"), sealed);
    assert_int_equal(size, 6 + KEY_HOLDER_SEAL_SIZE);
    assert_int_equal(key_holder_seal(holder, &source, place, span_of_text("123456"), again), size);
    assert_memory_not_equal(sealed, again, (size_t)size);
    assert_int_equal(key_holder_unseal(holder, place, span_of_bytes(sealed, (size_t)size), plain), 6);
    assert_memory_equal(plain, "123456", 6);
    assert_int_equal(key_holder_unseal(holder, span_of_text("device 18 password"), span_of_bytes(sealed, (size_t)size), plain),
                     SECURITY_ERR_CRYPTOGRAPHY);
    assert_int_equal(key_holder_unseal(other, place, span_of_bytes(sealed, (size_t)size), plain), SECURITY_ERR_CRYPTOGRAPHY);
    for (int i = 0; i < size; i++) {
        memcpy(again, sealed, (size_t)size);
        again[i] ^= 1;
        assert_int_equal(key_holder_unseal(holder, place, span_of_bytes(again, (size_t)size), plain), SECURITY_ERR_CRYPTOGRAPHY);
        assert_int_equal(key_holder_unseal(holder, place, span_of_bytes(sealed, (size_t)i), plain), SECURITY_ERR_CRYPTOGRAPHY);
    }
    assert_int_equal(key_holder_seal(holder, &source, place, span_of_bytes(master, 0), sealed), KEY_HOLDER_SEAL_SIZE);
    assert_int_equal(key_holder_seal(holder, &source, place, span_of_bytes(plain, 100), sealed), BASE_ERR_RANGE);
    key_holder_close(holder);
    key_holder_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_key_is_made_once_and_kept, folder_make, folder_remove),
        cmocka_unit_test(test_a_known_key),
        cmocka_unit_test_setup_teardown(test_wrong_files_are_refused, folder_make, folder_remove),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(a_sealed_secret_opens_at_its_place_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
