#include "codec/hotwater/hotwater_key.h"

#include <string.h>

#include "codec/codec_error.h"

#define CARD_UID_KEPT 7

static int mac(const struct cipher *cipher, const uint8_t *key, const struct span *parts, size_t count, uint8_t *out)
{
    return cipher->cmac(cipher->context, CIPHER_SM4, key, parts, count, out);
}

int hotwater_grant_key(const struct cipher *cipher, const uint8_t meter_key[CIPHER_BLOCK_SIZE], struct span grant,
                       uint8_t out[CIPHER_BLOCK_SIZE])
{
    struct span parts[2] = { span_of_text("HWK1"), grant };
    return mac(cipher, meter_key, parts, 2, out);
}

int hotwater_session_key(const struct cipher *cipher, const uint8_t grant_key[CIPHER_BLOCK_SIZE],
                         const uint8_t meter[HOTWATER_METER_SIZE], const uint8_t phone_nonce[HOTWATER_NONCE_SIZE],
                         const uint8_t meter_nonce[HOTWATER_NONCE_SIZE], uint8_t out[CIPHER_BLOCK_SIZE])
{
    struct span parts[4] = {
        span_of_text("HWS1"),
        span_of_bytes(meter, HOTWATER_METER_SIZE),
        span_of_bytes(phone_nonce, HOTWATER_NONCE_SIZE),
        span_of_bytes(meter_nonce, HOTWATER_NONCE_SIZE),
    };
    return mac(cipher, grant_key, parts, 4, out);
}

/* First bytes of CMAC(key, label || meter || content). */
static int tag_make(const struct cipher *cipher, const uint8_t *key, const char *label, const uint8_t *meter,
                    struct span content, uint8_t *out)
{
    struct span parts[3] = { span_of_text(label), span_of_bytes(meter, HOTWATER_METER_SIZE), content };
    uint8_t whole[CIPHER_BLOCK_SIZE];
    int result = mac(cipher, key, parts, 3, whole);

    if (result == 0)
        memcpy(out, whole, HOTWATER_TAG_SIZE);
    return result;
}

int hotwater_record_tag(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                        const uint8_t meter[HOTWATER_METER_SIZE], struct span record, uint8_t out[HOTWATER_TAG_SIZE])
{
    return tag_make(cipher, record_key, "HWR1", meter, record, out);
}

int hotwater_record_check(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                          const uint8_t meter[HOTWATER_METER_SIZE], struct span tagged_record)
{
    uint8_t tag[HOTWATER_TAG_SIZE];

    if (tagged_record.size != HOTWATER_TAGGED_RECORD_SIZE)
        return CODEC_ERR_KEY;
    struct span record = span_of_bytes(tagged_record.bytes, HOTWATER_RECORD_SIZE);
    int result = hotwater_record_tag(cipher, record_key, meter, record, tag);
    if (result < 0)
        return result;
    return cipher_equal(tag, record.bytes + record.size, sizeof tag) ? 0 : CODEC_ERR_KEY;
}

int hotwater_confirmation_tag(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                              const uint8_t meter[HOTWATER_METER_SIZE], uint32_t last_number,
                              uint8_t out[HOTWATER_TAG_SIZE])
{
    uint8_t number[4];
    struct writer writer = writer_of_buffer(number, sizeof number);

    writer_put_u32be(&writer, last_number);
    return tag_make(cipher, record_key, "HWA1", meter, writer_span(&writer), out);
}

int hotwater_confirmation_check(const struct cipher *cipher, const uint8_t record_key[CIPHER_BLOCK_SIZE],
                                const uint8_t meter[HOTWATER_METER_SIZE],
                                const struct hotwater_confirmation *confirmation)
{
    uint8_t tag[HOTWATER_TAG_SIZE];
    int result = hotwater_confirmation_tag(cipher, record_key, meter, confirmation->last_number, tag);

    if (result < 0)
        return result;
    return cipher_equal(tag, confirmation->tag, sizeof tag) ? 0 : CODEC_ERR_KEY;
}

int hotwater_card_id(const struct cipher *cipher, struct span uid, uint8_t out[HOTWATER_CARD_SIZE])
{
    static const uint8_t zeros[CIPHER_BLOCK_SIZE];
    uint8_t whole[CIPHER_BLOCK_SIZE] = { 0 };

    if (uid.size != 4 && uid.size != 7 && uid.size != 10)
        return CODEC_ERR_RANGE;
    if (uid.size <= CARD_UID_KEPT)
        memcpy(whole, uid.bytes, uid.size);
    else {
        int result = mac(cipher, zeros, &uid, 1, whole);
        if (result < 0)
            return result;
    }
    out[0] = (uint8_t)uid.size;
    memcpy(out + 1, whole, CARD_UID_KEPT);
    return 0;
}
