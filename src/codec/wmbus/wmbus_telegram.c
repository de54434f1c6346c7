#include "codec/wmbus/wmbus_telegram.h"

#include <string.h>

#include "codec/codec_error.h"

#define KEY_DERIVATION_A 1u

/* The walk from one layer to the next. */
struct walk {
    const struct wmbus_secret *secret;
    uint8_t *buffer;
    struct wmbus_telegram *telegram;
    struct span rest; /* not yet read, from a CI field on */
    size_t *error_offset;
};

/* What an error in the rest is in the frame. */
static int layer_refuse(const struct walk *walk, struct span layer, size_t offset, int error)
{
    const struct wmbus_frame *link = &walk->telegram->link;
    *walk->error_offset = wmbus_frame_offset(link, (size_t)(layer.bytes - link->telegram.bytes) + offset);
    return error;
}

/* The same bytes where they may be written. */
static uint8_t *writable(const struct walk *walk, struct span bytes)
{
    return walk->buffer + (bytes.bytes - walk->buffer);
}

/* Decrypt the whole body of a session, in place when the payload CRC proves the key. */
static int session_decrypt(struct walk *walk, struct span body)
{
    struct wmbus_telegram *telegram = walk->telegram;
    uint8_t plain[WMBUS_TELEGRAM_LIMIT];
    int result = wmbus_session_crypt(&telegram->extended_link, &telegram->link.address, walk->secret->cipher,
                                     walk->secret->key, body, plain);

    if (result == 0 && !wmbus_session_crc_check(span_of_bytes(plain, body.size)))
        result = CODEC_ERR_KEY;
    if (result < 0)
        return result;
    memcpy(writable(walk, body), plain, body.size);
    telegram->session = WMBUS_PROTECTION_OPENED;
    return 0;
}

static int session_ctr_open(struct walk *walk, struct span body)
{
    struct wmbus_telegram *telegram = walk->telegram;
    bool is_plain = wmbus_session_crc_check(body);
    int result = walk->secret != NULL ? session_decrypt(walk, body) : 0;

    if (telegram->session == WMBUS_PROTECTION_OPENED)
        return 0;
    if (!is_plain && result < 0)
        return layer_refuse(walk, body, 0, result);
    telegram->session = is_plain ? WMBUS_PROTECTION_ALREADY : WMBUS_PROTECTION_KEY_NEEDED;
    return 0;
}

static int session_state(struct walk *walk, struct span body)
{
    switch (wmbus_session_encryption(walk->telegram->extended_link.session)) {
    case WMBUS_SESSION_PLAIN:
        return wmbus_session_crc_check(body) ? 0 : layer_refuse(walk, body, 0, CODEC_ERR_CHECKSUM);
    case WMBUS_SESSION_AES_CTR:
        return session_ctr_open(walk, body);
    default:
        walk->telegram->session = WMBUS_PROTECTION_UNSUPPORTED;
        return 0;
    }
}

/* Open what the session covers: everything behind the session number. */
static int session_open(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    struct span body = telegram->extended_link.body;
    int result = session_state(walk, body);

    walk->rest = span_of_bytes(body.bytes, 0);
    if (result < 0)
        return result;
    if (telegram->session == WMBUS_PROTECTION_KEY_NEEDED || telegram->session == WMBUS_PROTECTION_UNSUPPORTED) {
        telegram->sealed = body;
        return 0;
    }
    if (telegram->session != WMBUS_PROTECTION_NONE)
        telegram->opened = body;
    walk->rest = span_of_bytes(body.bytes + WMBUS_SESSION_CRC_SIZE, body.size - WMBUS_SESSION_CRC_SIZE);
    return 0;
}

static int extended_link_walk(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    size_t offset = 0;
    int result = wmbus_extended_link_decode(walk->rest, &telegram->extended_link, &offset);

    if (result < 0)
        return layer_refuse(walk, walk->rest, offset, result);
    telegram->has_extended_link = true;
    walk->rest = telegram->extended_link.body;
    return telegram->extended_link.has_session ? session_open(walk) : 0;
}

/* A fragment of a longer message stays as it is: nothing in it can be read alone. */
static int fragment_walk(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    size_t offset = 0;
    int result = wmbus_fragment_decode(walk->rest, &telegram->fragment, &offset);

    if (result < 0)
        return layer_refuse(walk, walk->rest, offset, result);
    telegram->has_fragment = true;
    telegram->mac = (telegram->fragment.control & WMBUS_FRAGMENT_HAS_MAC) != 0 ? WMBUS_MAC_UNCHECKED : WMBUS_MAC_NONE;
    walk->rest = telegram->fragment.body;
    if (wmbus_fragment_is_part(&telegram->fragment)) {
        telegram->content = walk->rest;
        walk->rest = span_of_bytes(walk->rest.bytes, 0);
    }
    return 0;
}

/* The key of this message in mode 7.
 * for_mac  the MAC key, else the encryption key */
static int message_key(const struct walk *walk, bool for_mac, uint8_t out[CIPHER_BLOCK_SIZE])
{
    static const enum wmbus_key_use uses[2][2] = { { WMBUS_KEY_ENCRYPTION_METER, WMBUS_KEY_MAC_METER },
                                                   { WMBUS_KEY_ENCRYPTION_PARTNER, WMBUS_KEY_MAC_PARTNER } };
    const struct wmbus_telegram *telegram = walk->telegram;

    return wmbus_key_derive(walk->secret, uses[telegram->transport.kind->from_partner][for_mac],
                            telegram->fragment.counter, &telegram->meter, out);
}

static bool has_derivation(const struct wmbus_telegram *telegram)
{
    return (telegram->transport.extension >> 4 & 3u) == KEY_DERIVATION_A && telegram->has_fragment &&
           (telegram->fragment.control & WMBUS_FRAGMENT_HAS_COUNTER) != 0;
}

/* The MAC before anything is decrypted. Without one there is nothing to check. */
static int mac_check(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    uint8_t key[CIPHER_BLOCK_SIZE];

    if (telegram->mac == WMBUS_MAC_NONE)
        return 0;
    int result = message_key(walk, true, key);
    if (result == 0)
        result = wmbus_fragment_check(&telegram->fragment, walk->secret->cipher, key);
    cipher_wipe(key, sizeof key);
    if (result == 0)
        telegram->mac = WMBUS_MAC_RIGHT;
    return result;
}

static int mode_7_open(struct walk *walk, struct span sealed)
{
    static const uint8_t zero[CIPHER_BLOCK_SIZE] = { 0 };
    uint8_t key[CIPHER_BLOCK_SIZE];
    struct wmbus_secret derived = { walk->secret->cipher, key };
    int result = mac_check(walk);

    if (result == 0)
        result = message_key(walk, false, key);
    if (result == 0)
        result = wmbus_seal_open(&derived, zero, sealed, writable(walk, sealed));
    cipher_wipe(key, sizeof key);
    return result;
}

static int mode_5_open(struct walk *walk, struct span sealed)
{
    uint8_t initial[CIPHER_BLOCK_SIZE];

    wmbus_initial_vector(&walk->telegram->meter, walk->telegram->transport.access_number, initial);
    return wmbus_seal_open(walk->secret, initial, sealed, writable(walk, sealed));
}

static int sealed_open(struct walk *walk, struct span sealed)
{
    struct wmbus_telegram *telegram = walk->telegram;
    struct span body = telegram->transport.body;

    if (sealed.size > body.size)
        return CODEC_ERR_SHORT;
    int result = wmbus_transport_mode(&telegram->transport) == WMBUS_MODE_CBC_INITIAL ? mode_5_open(walk, sealed)
                                                                                      : mode_7_open(walk, sealed);
    if (result < 0)
        return result;
    telegram->protection = WMBUS_PROTECTION_OPENED;
    telegram->opened = sealed;
    return 0;
}

/* Modes 5 and 7, `sealed` bytes of the body being encrypted. Whoever publishes telegrams often decrypts the body and
 * leaves the header: what begins with the proof already is plain, unless the key says otherwise. */
static int sealed_walk(struct walk *walk, struct span sealed)
{
    struct wmbus_telegram *telegram = walk->telegram;
    struct span body = telegram->transport.body;
    bool is_plain = wmbus_plain_check(body);
    int result = walk->secret != NULL ? sealed_open(walk, sealed) : 0;

    if (telegram->protection == WMBUS_PROTECTION_OPENED)
        return 0;
    if (is_plain) {
        telegram->protection = WMBUS_PROTECTION_ALREADY;
        telegram->opened = sealed.size < body.size ? sealed : body;
        return 0;
    }
    if (result < 0)
        return layer_refuse(walk, body, result == CODEC_ERR_SHORT ? body.size : 0, result);
    telegram->protection = WMBUS_PROTECTION_KEY_NEEDED;
    telegram->sealed = sealed.size < body.size ? sealed : body;
    telegram->content = span_of_bytes(body.bytes + telegram->sealed.size, body.size - telegram->sealed.size);
    return 0;
}

/* Nothing is encrypted, but what is there may be authenticated. */
static int unsealed_walk(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;

    if (walk->secret == NULL || !has_derivation(telegram))
        return 0;
    int result = mac_check(walk);
    return result < 0 ? layer_refuse(walk, telegram->transport.bytes, 0, result) : 0;
}

static int protection_walk(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    const struct wmbus_transport *transport = &telegram->transport;
    unsigned mode = wmbus_transport_mode(transport);
    bool is_spoken =
        mode == WMBUS_MODE_CBC_INITIAL ||
        (mode == WMBUS_MODE_CBC_DERIVED && (has_derivation(telegram) || wmbus_plain_check(transport->body)));

    telegram->content = transport->body;
    if (mode == WMBUS_MODE_PLAIN)
        return 0;
    if (!is_spoken) {
        telegram->protection = WMBUS_PROTECTION_UNSUPPORTED;
        telegram->sealed = transport->body;
        telegram->content = span_of_bytes(transport->body.bytes, 0);
        return 0;
    }
    struct span sealed = span_of_bytes(transport->body.bytes, wmbus_sealed_size(transport));
    return sealed.size == 0 ? unsealed_walk(walk) : sealed_walk(walk, sealed);
}

static int transport_walk(struct walk *walk)
{
    struct wmbus_telegram *telegram = walk->telegram;
    size_t offset = 0;
    int result = wmbus_transport_decode(walk->rest, &telegram->transport, &offset);

    if (result < 0)
        return layer_refuse(walk, walk->rest, offset, result);
    telegram->has_transport = true;
    if (telegram->transport.has_address)
        telegram->meter = telegram->transport.address;
    return protection_walk(walk);
}

static bool is_next(const struct walk *walk, enum wmbus_layer layer)
{
    return walk->rest.size > 0 && wmbus_ci_find(walk->rest.bytes[0])->layer == layer;
}

static int layers_walk(struct walk *walk)
{
    int result = 0;

    if (is_next(walk, WMBUS_LAYER_EXTENDED_LINK))
        result = extended_link_walk(walk);
    if (result == 0 && is_next(walk, WMBUS_LAYER_FRAGMENT))
        result = fragment_walk(walk);
    if (result == 0 && walk->rest.size > 0)
        result = transport_walk(walk);
    return result;
}

int wmbus_telegram_decode(struct span frame, const struct wmbus_secret *secret, uint8_t *buffer,
                          struct wmbus_telegram *out, size_t *error_offset)
{
    struct wmbus_telegram telegram = { 0 };
    int result = wmbus_frame_decode(frame, buffer, &telegram.link, error_offset);

    if (result < 0)
        return result;
    struct walk walk = { secret, buffer, &telegram, telegram.link.data, error_offset };
    telegram.meter = telegram.link.address;
    result = layers_walk(&walk);
    if (result == 0)
        *out = telegram;
    return result;
}

/* returns  -1 when there is none */
static int access_number_of(const struct wmbus_telegram *telegram)
{
    if (telegram->has_transport && telegram->transport.has_header)
        return telegram->transport.access_number;
    return telegram->has_extended_link ? telegram->extended_link.access_number : -1;
}

struct wmbus_repetition wmbus_telegram_repetition(const struct wmbus_telegram *telegram)
{
    struct wmbus_repetition repetition;
    int access_number = access_number_of(telegram);

    memcpy(repetition.meter, telegram->meter.bytes, sizeof repetition.meter);
    repetition.access_number = (uint16_t)(access_number < 0 ? 256 : access_number);
    return repetition;
}

bool wmbus_repetition_equal(const struct wmbus_repetition *a, const struct wmbus_repetition *b)
{
    return a->access_number == b->access_number && memcmp(a->meter, b->meter, sizeof a->meter) == 0;
}

int wmbus_replay_accept(struct wmbus_replay *replay, uint32_t counter)
{
    if (replay->is_known && counter <= replay->counter)
        return counter == replay->counter ? CODEC_ERR_DUPLICATE : CODEC_ERR_ORDER;
    replay->counter = counter;
    replay->is_known = true;
    return 0;
}
