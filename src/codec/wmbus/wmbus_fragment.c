#include "codec/wmbus/wmbus_fragment.h"

#include "base/reader.h"
#include "codec/codec_error.h"

#define LENGTH_AT 1
#define CONTROL_AT 2
#define MAC_TYPE 0x0fu

/* EN 13757-7 clause 6, authentication type: how much of the sixteen bytes is sent. */
static const uint8_t mac_sizes[16] = { [3] = 2, [4] = 4, [5] = 8, [6] = 12, [7] = 16 };

bool wmbus_fragment_is_part(const struct wmbus_fragment *layer)
{
    return (layer->control & WMBUS_FRAGMENT_MORE) != 0 || (layer->control & WMBUS_FRAGMENT_NUMBER) > 1;
}

/* Without message control the MAC is what the other fields leave of the layer. */
static size_t mac_size_of(const struct wmbus_fragment *layer, const struct reader *reader)
{
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL) != 0)
        return mac_sizes[layer->message_control & MAC_TYPE];
    size_t left = reader_remaining(reader);
    size_t behind = (layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0 ? 2 : 0;
    return left > behind ? left - behind : 0;
}

/* The fields in their order, as far as the control names them. */
static int fields_read(struct reader *reader, struct wmbus_fragment *layer)
{
    int result = reader_take_u16le(reader, &layer->control);

    if (result == 0 && (layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL) != 0)
        result = reader_take_u8(reader, &layer->message_control);
    if (result == 0 && (layer->control & WMBUS_FRAGMENT_HAS_KEY_INFORMATION) != 0)
        result = reader_take_u16le(reader, &layer->key_information);
    if (result == 0 && (layer->control & WMBUS_FRAGMENT_HAS_COUNTER) != 0)
        result = reader_take_u32le(reader, &layer->counter);
    if (result == 0 && (layer->control & WMBUS_FRAGMENT_HAS_MAC) != 0) {
        size_t size = mac_size_of(layer, reader);
        if (size == 0)
            return CODEC_ERR_RESERVED;
        result = reader_take_span(reader, size, &layer->mac);
    }
    if (result == 0 && (layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0)
        result = reader_take_u16le(reader, &layer->message_length);
    return result == 0 ? 0 : CODEC_ERR_FORMAT;
}

int wmbus_fragment_decode(struct span data, struct wmbus_fragment *out, size_t *error_offset)
{
    struct wmbus_fragment layer = { 0 };

    *error_offset = 0;
    if (data.size == 0 || data.bytes[0] != WMBUS_FRAGMENT_CI)
        return CODEC_ERR_TYPE;
    size_t size = data.size > LENGTH_AT ? CONTROL_AT + (size_t)data.bytes[LENGTH_AT] : SIZE_MAX;
    if (data.size < size) {
        *error_offset = data.size;
        return CODEC_ERR_SHORT;
    }
    struct reader reader = reader_of_span(span_of_bytes(data.bytes + CONTROL_AT, size - CONTROL_AT));
    int result = fields_read(&reader, &layer);
    if (result == 0 && reader_remaining(&reader) > 0)
        result = CODEC_ERR_FORMAT;
    if (result < 0) {
        *error_offset = CONTROL_AT + reader.offset;
        return result;
    }
    layer.bytes = span_of_bytes(data.bytes, size);
    layer.body = span_of_bytes(data.bytes + size, data.size - size);
    *out = layer;
    return 0;
}

static void little_put(struct writer *out, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        writer_put_u8(out, (uint8_t)(value >> 8 * i));
}

static size_t size_of(const struct wmbus_fragment *layer)
{
    size_t size = 2 + layer->mac.size;

    size += (layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL) != 0 ? 1 : 0;
    size += (layer->control & WMBUS_FRAGMENT_HAS_KEY_INFORMATION) != 0 ? 2 : 0;
    size += (layer->control & WMBUS_FRAGMENT_HAS_COUNTER) != 0 ? 4 : 0;
    return size + ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0 ? 2 : 0);
}

void wmbus_fragment_encode(const struct wmbus_fragment *layer, struct writer *out)
{
    writer_put_u8(out, WMBUS_FRAGMENT_CI);
    writer_put_u8(out, (uint8_t)size_of(layer));
    little_put(out, layer->control, 2);
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_CONTROL) != 0)
        writer_put_u8(out, layer->message_control);
    if ((layer->control & WMBUS_FRAGMENT_HAS_KEY_INFORMATION) != 0)
        little_put(out, layer->key_information, 2);
    if ((layer->control & WMBUS_FRAGMENT_HAS_COUNTER) != 0)
        little_put(out, layer->counter, 4);
    writer_put_span(out, layer->mac);
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0)
        little_put(out, layer->message_length, 2);
}

int wmbus_fragment_mac(const struct wmbus_fragment *layer, const struct cipher *cipher,
                       const uint8_t key[CIPHER_BLOCK_SIZE], struct span body, uint8_t out[CIPHER_BLOCK_SIZE])
{
    uint8_t head[7];
    struct writer writer = writer_of_buffer(head, sizeof head);
    size_t size = mac_sizes[layer->message_control & MAC_TYPE];

    if (size == 0)
        return CODEC_ERR_RESERVED;
    writer_put_u8(&writer, layer->message_control);
    little_put(&writer, layer->counter, 4);
    if ((layer->control & WMBUS_FRAGMENT_HAS_MESSAGE_LENGTH) != 0)
        little_put(&writer, layer->message_length, 2);
    struct span parts[] = { writer_span(&writer), body };
    return cipher->cmac(cipher->context, CIPHER_AES128, key, parts, 2, out) == 0 ? (int)size : CODEC_ERR_UNSUPPORTED;
}

int wmbus_fragment_check(const struct wmbus_fragment *layer, const struct cipher *cipher,
                         const uint8_t key[CIPHER_BLOCK_SIZE])
{
    uint8_t mac[CIPHER_BLOCK_SIZE];
    int size = wmbus_fragment_mac(layer, cipher, key, layer->body, mac);

    if (size < 0)
        return size;
    return layer->mac.size == (size_t)size && cipher_equal(mac, layer->mac.bytes, layer->mac.size) ? 0 : CODEC_ERR_KEY;
}
