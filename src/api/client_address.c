#include "api/client_address.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "base/text.h"

#define IPV6_HOUSE_BYTES 8
#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

void client_address_of_socket(const struct sockaddr *from, struct network_address *out, char text[CLIENT_TEXT_SIZE])
{
    text[0] = '\0';
    if (from != NULL && from->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, text, CLIENT_TEXT_SIZE);
    else if (from != NULL && from->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text, CLIENT_TEXT_SIZE);
    if (!network_address_read(span_of_text(text), out))
        *out = (struct network_address){ { 0 } };
}

static bool is_of_this_machine(const struct network_address *address)
{
    return network_list_holds(NETWORKS_OF_THIS_MACHINE, address);
}

static void far_note(struct exchange *exchange)
{
    const char *last = strrchr(exchange->forwarded_for, ',');
    struct span named = text_trim(span_of_text(last != NULL ? last + 1 : exchange->forwarded_for));

    if (named.size >= sizeof exchange->far_text || !network_address_read(named, &exchange->far))
        return;
    (void)text_copy(named, exchange->far_text, sizeof exchange->far_text);
}

/* Read once an exchange. */
static void far_find(struct exchange *exchange)
{
    if (exchange->far_text[0] != '\0')
        return;
    exchange->far = exchange->client;
    memcpy(exchange->far_text, exchange->client_text, sizeof exchange->far_text);
    if (exchange->forwarded_for != NULL && is_of_this_machine(&exchange->client))
        far_note(exchange);
}

const char *client_address_text(struct exchange *exchange)
{
    far_find(exchange);
    return exchange->far_text;
}

const struct network_address *client_address(struct exchange *exchange)
{
    far_find(exchange);
    return &exchange->far;
}

static bool is_ipv4(const struct network_address *address)
{
    static const uint8_t prefix[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

    return memcmp(address->bytes, prefix, sizeof prefix) == 0;
}

size_t client_address_house_size(const struct network_address *address)
{
    return is_ipv4(address) ? NETWORK_ADDRESS_SIZE : IPV6_HOUSE_BYTES;
}

uint64_t client_address_number(struct exchange *exchange)
{
    const struct network_address *address = client_address(exchange);
    size_t size = client_address_house_size(address);
    uint64_t number = FNV_BASIS;

    for (size_t i = 0; i < size; i++)
        number = (number ^ address->bytes[i]) * FNV_PRIME;
    return number | UINT64_C(1) << 63;
}

bool client_is_by_tls(const struct exchange *exchange)
{
    return exchange->forwarded_proto != NULL && strcmp(exchange->forwarded_proto, "https") == 0
        && is_of_this_machine(&exchange->client);
}

const char *client_prefix(struct exchange *exchange)
{
    const char *said = exchange->forwarded_prefix;
    size_t lead = sizeof DISTRICT_PREFIX - 1;

    if (exchange->prefix[0] == '\0' && said != NULL && strncmp(said, DISTRICT_PREFIX, lead) == 0
        && district_key_is_good(span_of_text(said + lead)) && is_of_this_machine(&exchange->client))
        (void)text_copy(span_of_text(said), exchange->prefix, sizeof exchange->prefix);
    return exchange->prefix;
}
