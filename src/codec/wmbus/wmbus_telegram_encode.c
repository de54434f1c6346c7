#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"
#include "codec/wmbus/wmbus_telegram.h"

#define FILLER 0x2f
#define BLOCK_COUNT_LIMIT 15
#define DATA_LIMIT (WMBUS_TELEGRAM_LIMIT - WMBUS_FRAME_HEAD_SIZE)
#define MESSAGE_CONTROL 0x25 /* a MAC of 8 bytes over control and counter */
#define MAC_SIZE 8
#define KEY_DERIVATION_A 0x10u

/* Proof, content and fillers up to whole blocks. */
static int plain_build(struct span content, struct writer *out)
{
    writer_put_u8(out, FILLER);
    writer_put_u8(out, FILLER);
    writer_put_span(out, content);
    while (out->size % CIPHER_BLOCK_SIZE != 0 && !out->overflow)
        writer_put_u8(out, FILLER);
    return out->overflow || out->size > BLOCK_COUNT_LIMIT * CIPHER_BLOCK_SIZE ? CODEC_ERR_TOO_LONG : 0;
}

static const struct wmbus_address *meter_of(const struct wmbus_message *message)
{
    return wmbus_ci_find(message->ci)->header == WMBUS_HEADER_LONG ? &message->meter : &message->link;
}

static struct wmbus_transport transport_of(const struct wmbus_message *message, size_t sealed_size)
{
    struct wmbus_transport transport = { 0 };

    transport.ci = message->ci;
    transport.address = message->meter;
    transport.access_number = message->access_number;
    transport.status = message->status;
    transport.extension = (uint8_t)(KEY_DERIVATION_A | (message->key_number & 15u));
    transport.configuration = (uint16_t)((unsigned)message->mode << 8 | sealed_size / CIPHER_BLOCK_SIZE << 4);
    return transport;
}

/* The key of one use in mode 7; the key itself in mode 5. */
static int key_of(const struct wmbus_message *message, const struct wmbus_secret *secret, bool for_mac, uint8_t *out)
{
    bool from_partner = wmbus_ci_find(message->ci)->from_partner;
    enum wmbus_key_use use = for_mac ? WMBUS_KEY_MAC_METER : WMBUS_KEY_ENCRYPTION_METER;

    if (message->mode == WMBUS_MODE_CBC_INITIAL) {
        memcpy(out, secret->key, CIPHER_BLOCK_SIZE);
        return 0;
    }
    if (from_partner)
        use = for_mac ? WMBUS_KEY_MAC_PARTNER : WMBUS_KEY_ENCRYPTION_PARTNER;
    return wmbus_key_derive(secret, use, message->counter, meter_of(message), out);
}

/* CI field to the end, encrypted. */
static int sealed_build(const struct wmbus_message *message, const struct wmbus_secret *secret, struct writer *out)
{
    uint8_t plain_bytes[DATA_LIMIT];
    uint8_t key[CIPHER_BLOCK_SIZE];
    uint8_t initial[CIPHER_BLOCK_SIZE] = { 0 };
    struct writer plain = writer_of_buffer(plain_bytes, sizeof plain_bytes);

    if (wmbus_ci_find(message->ci)->header == WMBUS_HEADER_NONE)
        return CODEC_ERR_UNSUPPORTED;
    if (secret == NULL)
        return CODEC_ERR_MISSING;
    int result = plain_build(message->content, &plain);
    if (result == 0)
        result = key_of(message, secret, false, key);
    if (result < 0)
        return result;
    if (message->mode == WMBUS_MODE_CBC_INITIAL)
        wmbus_initial_vector(meter_of(message), message->access_number, initial);
    struct wmbus_secret message_secret = { secret->cipher, key };
    result = wmbus_seal_close(&message_secret, initial, writer_span(&plain), plain_bytes);
    cipher_wipe(key, sizeof key);
    struct wmbus_transport transport = transport_of(message, plain.size);
    wmbus_transport_encode(&transport, out);
    writer_put_span(out, writer_span(&plain));
    return result;
}

static int transport_build(const struct wmbus_message *message, const struct wmbus_secret *secret, struct writer *out)
{
    struct wmbus_transport transport = transport_of(message, 0);

    if (message->mode == WMBUS_MODE_CBC_INITIAL || message->mode == WMBUS_MODE_CBC_DERIVED)
        return sealed_build(message, secret, out);
    if (message->mode != WMBUS_MODE_PLAIN)
        return CODEC_ERR_UNSUPPORTED;
    wmbus_transport_encode(&transport, out);
    writer_put_span(out, message->content);
    return 0;
}

/* The authentication layer in front of a finished transport layer. */
static int authenticated_build(const struct wmbus_message *message, const struct wmbus_secret *secret,
                               struct span transport, struct writer *out)
{
    struct wmbus_fragment fragment = { 0 };
    uint8_t key[CIPHER_BLOCK_SIZE];
    uint8_t mac[CIPHER_BLOCK_SIZE];

    fragment.control = WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL | WMBUS_FRAGMENT_HAS_COUNTER | WMBUS_FRAGMENT_HAS_MAC;
    fragment.message_control = MESSAGE_CONTROL;
    fragment.counter = message->counter;
    int result = key_of(message, secret, true, key);
    if (result == 0)
        result = wmbus_fragment_mac(&fragment, secret->cipher, key, transport, mac);
    cipher_wipe(key, sizeof key);
    if (result < 0)
        return result;
    fragment.mac = span_of_bytes(mac, MAC_SIZE);
    wmbus_fragment_encode(&fragment, out);
    writer_put_span(out, transport);
    return 0;
}

static int layers_build(const struct wmbus_message *message, const struct wmbus_secret *secret, struct writer *out)
{
    uint8_t bytes[DATA_LIMIT];
    struct writer transport = writer_of_buffer(bytes, sizeof bytes);
    int result = transport_build(message, secret, &transport);

    if (result == 0 && transport.overflow)
        result = CODEC_ERR_TOO_LONG;
    if (result == 0 && message->mode == WMBUS_MODE_CBC_DERIVED)
        return authenticated_build(message, secret, writer_span(&transport), out);
    writer_put_span(out, writer_span(&transport));
    return result;
}

/* Payload CRC and layers of a session, encrypted when its number says so. */
static int session_build(const struct wmbus_message *message, const struct wmbus_secret *secret, struct span layers,
                         struct writer *out)
{
    uint8_t body[WMBUS_SESSION_CRC_SIZE + DATA_LIMIT];
    struct span whole = { body, WMBUS_SESSION_CRC_SIZE + layers.size };
    unsigned encryption = wmbus_session_encryption(message->extended_link.session);
    uint16_t crc = checksum_crc16_en13757(layers);
    int result = 0;

    body[0] = (uint8_t)crc;
    body[1] = (uint8_t)(crc >> 8);
    memcpy(body + WMBUS_SESSION_CRC_SIZE, layers.bytes, layers.size);
    if (encryption > WMBUS_SESSION_AES_CTR)
        return CODEC_ERR_UNSUPPORTED;
    if (encryption == WMBUS_SESSION_AES_CTR)
        result = secret == NULL ? CODEC_ERR_MISSING
                                : wmbus_session_crypt(&message->extended_link, &message->link, secret->cipher,
                                                      secret->key, whole, body);
    writer_put_span(out, whole);
    return result;
}

int wmbus_telegram_encode(const struct wmbus_message *message, const struct wmbus_secret *secret, struct writer *out)
{
    uint8_t layer_bytes[DATA_LIMIT];
    uint8_t data_bytes[DATA_LIMIT];
    struct writer layers = writer_of_buffer(layer_bytes, sizeof layer_bytes);
    struct writer data = writer_of_buffer(data_bytes, sizeof data_bytes);
    int result = layers_build(message, secret, &layers);

    if (result == 0 && layers.overflow)
        result = CODEC_ERR_TOO_LONG;
    if (result < 0)
        return result;
    if (message->has_extended_link)
        wmbus_extended_link_encode(&message->extended_link, &data);
    if (message->has_extended_link && message->extended_link.has_session)
        result = session_build(message, secret, writer_span(&layers), &data);
    else
        writer_put_span(&data, writer_span(&layers));
    if (result == 0 && data.overflow)
        result = CODEC_ERR_TOO_LONG;
    return result < 0 ? result
                      : wmbus_frame_encode(message->format, message->control, &message->link, writer_span(&data), out);
}
