#include "codec/dlt645/dlt645_recharge.h"

#include <string.h>

#include "codec/codec_error.h"

#define NUMBER_SIZE 4
#define MAC_SIZE 4
#define IDENTIFIER_SIZE 4

/* Places of a request's values. */
enum recharge_at { AT_AMOUNT = 0, AT_COUNT = 4, AT_MAC_1 = 8, AT_CUSTOMER = 12, AT_MAC_2 = 18 };

/* Places of a status answer's values. */
enum status_at { AT_BALANCE = 0, AT_BALANCE_MAC = 4, AT_STATUS_COUNT = 8, AT_COUNT_MAC = 12, AT_STATUS_CUSTOMER = 16 };

static void number_write(uint32_t number, uint8_t *bytes)
{
    for (unsigned i = 0; i < NUMBER_SIZE; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
}

static uint32_t number_read(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int32_t signed_read(const uint8_t *bytes)
{
    uint32_t number = number_read(bytes);
    return number <= INT32_MAX ? (int32_t)number : -(int32_t)(UINT32_MAX - number) - 1;
}

/* The tag over identifier, address and two parts, the second perhaps empty. */
static int tag_make(const struct cipher *cipher, const uint8_t *key, const struct dlt645_address *address,
                    uint32_t identifier, struct span first, struct span second, uint8_t tag[CIPHER_BLOCK_SIZE])
{
    uint8_t named[IDENTIFIER_SIZE];

    number_write(identifier, named);
    const struct span parts[] = { span_of_bytes(named, sizeof named),
                                  span_of_bytes(address->bytes, DLT645_ADDRESS_SIZE), first, second };
    size_t count = second.size > 0 ? 4 : 3;
    return cipher->cmac(cipher->context, CIPHER_AES128, key, parts, count, tag) == 0 ? 0 : CODEC_ERR_KEY;
}

static int recharge_tag(const struct cipher *cipher, const uint8_t *key, const struct dlt645_address *address,
                        uint32_t identifier, const uint8_t *values, uint8_t tag[CIPHER_BLOCK_SIZE])
{
    return tag_make(cipher, key, address, identifier, span_of_bytes(values + AT_AMOUNT, 2 * NUMBER_SIZE),
                    span_of_bytes(values + AT_CUSTOMER, DLT645_CUSTOMER_SIZE), tag);
}

int dlt645_recharge_encode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                           const struct dlt645_address *address, const struct dlt645_recharge *recharge,
                           uint8_t values[DLT645_RECHARGE_SIZE])
{
    uint8_t made[DLT645_RECHARGE_SIZE], tag[CIPHER_BLOCK_SIZE];

    number_write(recharge->amount, made + AT_AMOUNT);
    number_write(recharge->purchase_count, made + AT_COUNT);
    memcpy(made + AT_CUSTOMER, recharge->customer, DLT645_CUSTOMER_SIZE);
    if (recharge_tag(cipher, key, address, recharge->identifier, made, tag) < 0)
        return CODEC_ERR_KEY;
    memcpy(made + AT_MAC_1, tag, MAC_SIZE);
    memcpy(made + AT_MAC_2, tag + MAC_SIZE, MAC_SIZE);
    memcpy(values, made, sizeof made);
    return 0;
}

int dlt645_recharge_decode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                           const struct dlt645_address *address, uint32_t identifier, struct span values,
                           struct dlt645_recharge *out)
{
    uint8_t tag[CIPHER_BLOCK_SIZE], sent[2 * MAC_SIZE];

    if (values.size != DLT645_RECHARGE_SIZE)
        return CODEC_ERR_FORMAT;
    memcpy(sent, values.bytes + AT_MAC_1, MAC_SIZE);
    memcpy(sent + MAC_SIZE, values.bytes + AT_MAC_2, MAC_SIZE);
    if (recharge_tag(cipher, key, address, identifier, values.bytes, tag) < 0 || !cipher_equal(tag, sent, sizeof sent))
        return CODEC_ERR_KEY;
    out->identifier = identifier;
    out->amount = number_read(values.bytes + AT_AMOUNT);
    out->purchase_count = number_read(values.bytes + AT_COUNT);
    memcpy(out->customer, values.bytes + AT_CUSTOMER, DLT645_CUSTOMER_SIZE);
    return 0;
}

void dlt645_recharge_answer_encode(int32_t balance, uint32_t purchase_count,
                                   uint8_t values[DLT645_RECHARGE_ANSWER_SIZE])
{
    number_write((uint32_t)balance, values);
    number_write(purchase_count, values + NUMBER_SIZE);
}

int dlt645_recharge_answer_decode(struct span values, int32_t *balance, uint32_t *purchase_count)
{
    if (values.size != DLT645_RECHARGE_ANSWER_SIZE)
        return CODEC_ERR_FORMAT;
    *balance = signed_read(values.bytes);
    *purchase_count = number_read(values.bytes + NUMBER_SIZE);
    return 0;
}

static int number_tag(const struct cipher *cipher, const uint8_t *key, const struct dlt645_address *address,
                      const uint8_t *number, uint8_t tag[CIPHER_BLOCK_SIZE])
{
    const struct span nothing = { NULL, 0 };
    return tag_make(cipher, key, address, DLT645_RECHARGE_STATUS, span_of_bytes(number, NUMBER_SIZE), nothing, tag);
}

int dlt645_recharge_status_encode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                                  const struct dlt645_address *address, const struct dlt645_recharge_status *status,
                                  uint8_t values[DLT645_RECHARGE_STATUS_SIZE])
{
    uint8_t made[DLT645_RECHARGE_STATUS_SIZE] = { 0 }, balance_tag[CIPHER_BLOCK_SIZE], count_tag[CIPHER_BLOCK_SIZE];

    number_write((uint32_t)status->balance, made + AT_BALANCE);
    number_write(status->purchase_count, made + AT_STATUS_COUNT);
    if (number_tag(cipher, key, address, made + AT_BALANCE, balance_tag) < 0 ||
        number_tag(cipher, key, address, made + AT_STATUS_COUNT, count_tag) < 0)
        return CODEC_ERR_KEY;
    memcpy(made + AT_BALANCE_MAC, balance_tag, MAC_SIZE);
    memcpy(made + AT_COUNT_MAC, count_tag, MAC_SIZE);
    memcpy(made + AT_STATUS_CUSTOMER, status->customer, DLT645_CUSTOMER_SIZE);
    memcpy(values, made, sizeof made);
    return 0;
}

static bool number_is_true(const struct cipher *cipher, const uint8_t *key, const struct dlt645_address *address,
                           const uint8_t *number, const uint8_t *mac)
{
    uint8_t tag[CIPHER_BLOCK_SIZE];
    return number_tag(cipher, key, address, number, tag) == 0 && cipher_equal(tag, mac, MAC_SIZE);
}

int dlt645_recharge_status_decode(const struct cipher *cipher, const uint8_t key[CIPHER_BLOCK_SIZE],
                                  const struct dlt645_address *address, struct span values,
                                  struct dlt645_recharge_status *out)
{
    const uint8_t *bytes = values.bytes;

    if (values.size != DLT645_RECHARGE_STATUS_SIZE)
        return CODEC_ERR_FORMAT;
    if (!number_is_true(cipher, key, address, bytes + AT_BALANCE, bytes + AT_BALANCE_MAC) ||
        !number_is_true(cipher, key, address, bytes + AT_STATUS_COUNT, bytes + AT_COUNT_MAC))
        return CODEC_ERR_KEY;
    out->balance = signed_read(bytes + AT_BALANCE);
    out->purchase_count = number_read(bytes + AT_STATUS_COUNT);
    memcpy(out->customer, bytes + AT_STATUS_CUSTOMER, DLT645_CUSTOMER_SIZE);
    return 0;
}
