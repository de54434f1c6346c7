#include "codec/wmbus/wmbus_transport.h"

#include "codec/codec_error.h"

#define SHORT_SIZE 4 /* access number, status, configuration */

/* EN 13757-7 clause 7, security modes; indexed by the mode. */
static const struct wmbus_mode_info modes[] = {
    [0] = { "not encrypted", "未加密" },
    [1] = { "manufacturer's own", "厂商自定义" },
    [2] = { "DES-CBC, initial vector zero", "DES-CBC，初始向量为零" },
    [3] = { "DES-CBC with initial vector", "DES-CBC，带初始向量" },
    [5] = { "AES-128-CBC with initial vector", "AES-128-CBC，带初始向量" },
    [7] = { "AES-128-CBC with derived key", "AES-128-CBC，派生密钥" },
    [8] = { "AES-128-CTR with CMAC", "AES-128-CTR 与 CMAC" },
    [9] = { "AES-128-GCM", "AES-128-GCM" },
    [10] = { "AES-128-CCM", "AES-128-CCM" },
    [13] = { "TLS", "TLS" },
};

static const struct wmbus_mode_info reserved = { "reserved", "保留" };

const struct wmbus_mode_info *wmbus_mode_info(unsigned mode)
{
    return mode < sizeof modes / sizeof modes[0] && modes[mode].english != NULL ? &modes[mode] : &reserved;
}

unsigned wmbus_transport_mode(const struct wmbus_transport *layer)
{
    return layer->configuration >> 8 & 31u;
}

unsigned wmbus_transport_blocks(const struct wmbus_transport *layer)
{
    return layer->configuration >> 4 & 15u;
}

static int short_refuse(struct span data, size_t *error_offset)
{
    *error_offset = data.size;
    return CODEC_ERR_SHORT;
}

int wmbus_transport_decode(struct span data, struct wmbus_transport *out, size_t *error_offset)
{
    struct wmbus_transport layer = { 0 };
    size_t size = 1;

    if (data.size < size)
        return short_refuse(data, error_offset);
    layer.ci = data.bytes[0];
    layer.kind = wmbus_ci_find(layer.ci);
    layer.has_header = layer.kind->header != WMBUS_HEADER_NONE;
    layer.has_address = layer.kind->header == WMBUS_HEADER_LONG;
    size += layer.has_address ? WMBUS_ADDRESS_SIZE : 0;
    size += layer.has_header ? SHORT_SIZE : 0;
    if (data.size < size)
        return short_refuse(data, error_offset);
    if (layer.has_address)
        layer.address = wmbus_address_of_header(data.bytes + 1);
    if (layer.has_header) {
        const uint8_t *header = data.bytes + size - SHORT_SIZE;
        layer.access_number = header[0];
        layer.status = header[1];
        layer.configuration = (uint16_t)(header[2] | header[3] << 8);
    }
    layer.has_extension = wmbus_transport_mode(&layer) == WMBUS_MODE_CBC_DERIVED;
    if (layer.has_extension) {
        if (data.size <= size)
            return short_refuse(data, error_offset);
        layer.extension = data.bytes[size++];
    }
    layer.bytes = span_of_bytes(data.bytes, size);
    layer.body = span_of_bytes(data.bytes + size, data.size - size);
    *out = layer;
    return 0;
}

void wmbus_transport_encode(const struct wmbus_transport *layer, struct writer *out)
{
    const struct wmbus_ci *kind = wmbus_ci_find(layer->ci);
    uint8_t address[WMBUS_ADDRESS_SIZE];

    writer_put_u8(out, layer->ci);
    if (kind->header == WMBUS_HEADER_LONG) {
        wmbus_address_header_write(&layer->address, address);
        writer_put_bytes(out, address, sizeof address);
    }
    if (kind->header == WMBUS_HEADER_NONE)
        return;
    writer_put_u8(out, layer->access_number);
    writer_put_u8(out, layer->status);
    writer_put_u8(out, (uint8_t)layer->configuration);
    writer_put_u8(out, (uint8_t)(layer->configuration >> 8));
    if (wmbus_transport_mode(layer) == WMBUS_MODE_CBC_DERIVED)
        writer_put_u8(out, layer->extension);
}
