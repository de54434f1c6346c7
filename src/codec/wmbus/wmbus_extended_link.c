#include "codec/wmbus/wmbus_extended_link.h"

#include <string.h>

#include "codec/checksum/checksum.h"
#include "codec/codec_error.h"

#define BASE_SIZE 3 /* CI, CC, ACC */
#define SESSION_SIZE 4

/* EN 13757-4 clause 12.2, ELL I to IV. */
static const struct {
    uint8_t ci;
    bool has_address;
    bool has_session;
} forms[] = {
    { 0x8c, false, false },
    { 0x8d, false, true },
    { 0x8e, true, false },
    { 0x8f, true, true },
};

unsigned wmbus_session_encryption(uint32_t session)
{
    return session >> 29;
}

static uint32_t session_read(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void session_write(uint32_t session, uint8_t *out)
{
    for (unsigned i = 0; i < SESSION_SIZE; i++)
        out[i] = (uint8_t)(session >> 8 * i);
}

int wmbus_extended_link_decode(struct span data, struct wmbus_extended_link *out, size_t *error_offset)
{
    struct wmbus_extended_link layer = { 0 };
    size_t form = 0;
    size_t size = BASE_SIZE;

    while (form < sizeof forms / sizeof forms[0] && (data.size == 0 || forms[form].ci != data.bytes[0]))
        form++;
    if (form == sizeof forms / sizeof forms[0]) {
        *error_offset = 0;
        return CODEC_ERR_TYPE;
    }
    layer.has_address = forms[form].has_address;
    layer.has_session = forms[form].has_session;
    size += layer.has_address ? WMBUS_ADDRESS_SIZE : 0;
    size_t session_at = size;
    size += layer.has_session ? SESSION_SIZE : 0;
    if (data.size < size + (layer.has_session ? WMBUS_SESSION_CRC_SIZE : 0)) {
        *error_offset = data.size;
        return CODEC_ERR_SHORT;
    }
    layer.ci = data.bytes[0];
    layer.control = data.bytes[1];
    layer.access_number = data.bytes[2];
    if (layer.has_address)
        layer.address = wmbus_address_of_link(data.bytes + BASE_SIZE);
    if (layer.has_session)
        layer.session = session_read(data.bytes + session_at);
    layer.bytes = span_of_bytes(data.bytes, size);
    layer.body = span_of_bytes(data.bytes + size, data.size - size);
    *out = layer;
    return 0;
}

void wmbus_extended_link_encode(const struct wmbus_extended_link *layer, struct writer *out)
{
    uint8_t session[SESSION_SIZE];

    writer_put_u8(out, layer->ci);
    writer_put_u8(out, layer->control);
    writer_put_u8(out, layer->access_number);
    if (layer->has_address)
        writer_put_bytes(out, layer->address.bytes, sizeof layer->address.bytes);
    if (layer->has_session) {
        session_write(layer->session, session);
        writer_put_bytes(out, session, sizeof session);
    }
}

bool wmbus_session_crc_check(struct span body)
{
    if (body.size < WMBUS_SESSION_CRC_SIZE)
        return false;
    struct span rest = span_of_bytes(body.bytes + WMBUS_SESSION_CRC_SIZE, body.size - WMBUS_SESSION_CRC_SIZE);
    return checksum_crc16_en13757(rest) == (body.bytes[0] | body.bytes[1] << 8);
}

/* EN 13757-4 clause 12.2, initial counter block: M, A, CC, session number, frame number 2, block counter 1. A repeater
 * may set the two bits that are left out of CC; frame number and block counter begin with zero. */
int wmbus_session_crypt(const struct wmbus_extended_link *layer, const struct wmbus_address *link,
                        const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE], struct span body,
                        uint8_t *out)
{
    uint8_t counter[CIPHER_BLOCK_SIZE] = { 0 };

    memcpy(counter, link->bytes, WMBUS_ADDRESS_SIZE);
    counter[WMBUS_ADDRESS_SIZE] = (uint8_t)(layer->control & ~(WMBUS_CC_HOP | WMBUS_CC_REPEATED));
    session_write(layer->session, counter + WMBUS_ADDRESS_SIZE + 1);
    return cipher->counter(cipher->context, CIPHER_AES128, key, counter, body, out) == 0 ? 0 : CODEC_ERR_UNSUPPORTED;
}
