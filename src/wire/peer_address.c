#include "wire/peer_address.h"

#include <string.h>

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool peer_address_equal(const struct peer_address *a, const struct peer_address *b)
{
    return a->port == b->port && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

uint64_t peer_address_hash(const struct peer_address *address, struct hash_key key)
{
    uint8_t bytes[18];
    memcpy(bytes, address->ip, sizeof address->ip);
    bytes[16] = (uint8_t)(address->port >> 8);
    bytes[17] = (uint8_t)address->port;
    return hash_siphash(key, span_of_bytes(bytes, sizeof bytes));
}

void peer_address_write(const struct peer_address *address, struct writer *out)
{
    const uint8_t *ip = address->ip;
    if (memcmp(ip, mapped_prefix, sizeof mapped_prefix) == 0) {
        writer_format(out, "%u.%u.%u.%u:%u", ip[12], ip[13], ip[14], ip[15], address->port);
        return;
    }
    writer_text(out, "[");
    for (size_t i = 0; i < 16; i += 2)
        writer_format(out, i == 0 ? "%x" : ":%x", (unsigned)(ip[i] << 8 | ip[i + 1]));
    writer_format(out, "]:%u", address->port);
}

struct peer_address peer_address_of_loopback(uint16_t port)
{
    struct peer_address address = { .port = port };
    static const uint8_t loopback[4] = { 127, 0, 0, 1 };
    memcpy(address.ip, mapped_prefix, sizeof mapped_prefix);
    memcpy(address.ip + sizeof mapped_prefix, loopback, sizeof loopback);
    return address;
}
