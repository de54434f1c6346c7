#include "security/network_list.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "security/security_error.h"

#define ADDRESS_BITS 128
#define IPV4_FIRST_BIT 96

struct network {
    struct network_address address;
    int bits;
};

/* The special-purpose registries of IANA (RFC 6890), with what carries an IPv4 address inside an IPv6 one: compatible
 * (::/96), NAT64, Teredo and 6to4. */
static const char inside[] = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,100.64.0.0/10,"
                             "0.0.0.0/8,192.0.0.0/24,198.18.0.0/15,224.0.0.0/3";
static const char inside_of_six[] = "::/96,fc00::/7,fe80::/10,fec0::/10,ff00::/8,64:ff9b::/96,64:ff9b:1::/48,100::/64,"
                                    "2001::/32,2002::/16";

static const uint8_t ipv4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool network_address_read(struct span text, struct network_address *out)
{
    char word[INET6_ADDRSTRLEN];
    struct network_address read = { { 0 } };

    if (text_copy(text, word, sizeof word) < 0 || strlen(word) != text.size)
        return false;
    if (inet_pton(AF_INET, word, read.bytes + sizeof ipv4_prefix) == 1)
        memcpy(read.bytes, ipv4_prefix, sizeof ipv4_prefix);
    else if (inet_pton(AF_INET6, word, read.bytes) != 1)
        return false;
    *out = read;
    return true;
}

/* 1 to 3 digits. */
static bool bits_read(struct span text, int64_t *out)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return text.size > 0 && text.size <= 3 && decimal_parse(text, 0, out) == 0;
}

/* "10.0.0.0/8"; without a slash the one address. */
static bool network_read(struct span text, struct network *out)
{
    ptrdiff_t slash = span_find_byte(text, '/');
    struct span address = { text.bytes, slash < 0 ? text.size : (size_t)slash };
    int64_t bits = 0;
    bool is_four = span_find_byte(address, ':') < 0;
    int64_t most = is_four ? ADDRESS_BITS - IPV4_FIRST_BIT : ADDRESS_BITS;

    if (!network_address_read(address, &out->address))
        return false;
    out->bits = ADDRESS_BITS;
    if (slash < 0)
        return true;
    struct span size = { text.bytes + slash + 1, text.size - (size_t)slash - 1 };
    if (!bits_read(size, &bits) || bits > most)
        return false;
    out->bits = (int)bits + (is_four ? IPV4_FIRST_BIT : 0);
    return true;
}

static struct span word_take(struct span *rest)
{
    ptrdiff_t comma = span_find_byte(*rest, ',');
    struct span word = { rest->bytes, comma < 0 ? rest->size : (size_t)comma };
    size_t used = comma < 0 ? rest->size : word.size + 1;

    rest->bytes += used;
    rest->size -= used;
    return text_trim(word);
}

int network_list_check(const char *list)
{
    struct span rest = span_of_text(list);
    struct network network;
    size_t count = 0;

    if (rest.size >= NETWORK_LIST_SIZE || (rest.size > 0 && rest.bytes[rest.size - 1] == ','))
        return SECURITY_ERR_NETWORKS;
    while (rest.size > 0)
        if (!network_read(word_take(&rest), &network) || ++count > NETWORK_LIST_LIMIT)
            return SECURITY_ERR_NETWORKS;
    return 0;
}

static bool network_holds(const struct network *network, const struct network_address *address)
{
    size_t whole = (size_t)network->bits / 8;
    unsigned left = (unsigned)network->bits % 8;

    if (memcmp(network->address.bytes, address->bytes, whole) != 0)
        return false;
    return left == 0 || ((network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - left)) == 0;
}

static bool any_holds(const char *list, const struct network_address *address)
{
    struct span rest = span_of_text(list);
    struct network network;

    while (rest.size > 0)
        if (network_read(word_take(&rest), &network) && network_holds(&network, address))
            return true;
    return false;
}

bool network_list_holds(const char *list, const struct network_address *address)
{
    if (list[0] == '\0')
        return true;
    return network_list_check(list) == 0 && any_holds(list, address);
}

bool network_address_is_inside(const struct network_address *address)
{
    return any_holds(inside, address) || any_holds(inside_of_six, address);
}
