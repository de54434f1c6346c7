#include "tests/unit/unit_test.h"

#include <stdio.h>

#include "security/network_list.h"
#include "security/security_error.h"

static struct network_address address_of(const char *text)
{
    struct network_address address = { { 0 } };

    if (!network_address_read(span_of_text(text), &address))
        fail_msg("%s", text);
    return address;
}

static void lists_are_checked(void **state)
{
    static const char *const good[] = { "", "192.0.2.7", "10.0.0.0/8,192.0.2.7", " 10.0.0.0/8 , ::1 ", "2001:db8::/32",
                                        "0.0.0.0/0", "::/0", "192.0.2.7/32", "2001:db8::1/128" };
    static const char *const wrong[] = { ",", "a", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::1/129", "1.2.3", "1.2.3.4.5",
                                         "10.0.0.0/8,", "10.0.0.0 /8", "10.0.0.0/8.0", "10.0.0.0/+8", "[::1]", "1.2.3.4:80" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (network_list_check(good[i]) != 0)
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (network_list_check(wrong[i]) != SECURITY_ERR_NETWORKS)
            fail_msg("%s", wrong[i]);
}

static void sixteen_networks_are_the_most(void **state)
{
    char list[NETWORK_LIST_SIZE] = "";

    (void)state;
    for (size_t i = 0; i < NETWORK_LIST_LIMIT; i++)
        (void)snprintf(list + 8 * i, sizeof list - 8 * i, "%s1.1.1.%c", i == 0 ? " " : ",", (char)('0' + i % 10));
    assert_int_equal(network_list_check(list), 0);
    (void)snprintf(list + 8 * NETWORK_LIST_LIMIT, 16, ",1.1.1.1");
    assert_int_equal(network_list_check(list), SECURITY_ERR_NETWORKS);
}

static void a_list_holds_whole_networks(void **state)
{
    static const struct {
        const char *list;
        const char *address;
        bool holds;
    } cases[] = {
        { "", "203.0.113.9", true },            { "10.0.0.0/8", "10.255.255.255", true },
        { "10.0.0.0/8", "11.0.0.0", false },    { "192.168.4.0/22", "192.168.7.255", true },
        { "192.168.4.0/22", "192.168.8.0", false }, { "192.0.2.7", "192.0.2.7", true },
        { "192.0.2.7", "192.0.2.6", false },    { "192.0.2.7,fd00::/8", "fdff::1", true },
        { "fd00::/8", "fe00::1", false },       { "0.0.0.0/0", "203.0.113.9", true },
        { "0.0.0.0/0", "2001:db8::1", false },  { "::/0", "203.0.113.9", true },
        { "not a list", "203.0.113.9", false }, { "203.0.113.9", "::ffff:203.0.113.9", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct network_address address = address_of(cases[i].address);
        if (network_list_holds(cases[i].list, &address) != cases[i].holds)
            fail_msg("%s and %s", cases[i].list, cases[i].address);
    }
}

static void what_lies_inside_a_house(void **state)
{
    static const char *const inside[] = { "127.0.0.1", "127.255.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
                                          "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
                                          "255.255.255.255", "::1", "::", "fd12::1", "fe80::1", "ff02::1",
                                          "::ffff:10.0.0.1", "64:ff9b::7f00:1", "::127.0.0.1", "64:ff9b:1::7f00:1",
                                          "2002:7f00:1::1", "2001:0:7f00:1::", "fec0::1", "192.0.0.8", "198.19.255.255" };
    static const char *const outside[] = { "8.8.8.8", "172.32.0.1", "172.15.255.255", "192.167.255.255", "100.128.0.1",
                                           "223.255.255.255", "2001:db8::1", "1.0.0.1", "198.20.0.1", "192.0.1.1", "2003::1" };

    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        struct network_address address = address_of(inside[i]);
        if (!network_address_is_inside(&address))
            fail_msg("%s", inside[i]);
    }
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        struct network_address address = address_of(outside[i]);
        if (network_address_is_inside(&address))
            fail_msg("%s", outside[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_checked),
        cmocka_unit_test(sixteen_networks_are_the_most),
        cmocka_unit_test(a_list_holds_whole_networks),
        cmocka_unit_test(what_lies_inside_a_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
