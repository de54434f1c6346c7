#include "codec/mbus/mbus_command.h"

#include <string.h>

#include "codec/codec_error.h"
#include "codec/mbus/mbus_time.h"

#define CI_APPLICATION_RESET 0x50
#define CI_DATA_SEND 0x51
#define CI_SELECT 0x52
#define CI_ERROR 0x70
#define CI_RESPONSE 0x72
#define CI_BAUD_FIRST 0xb8
#define WILDCARD 0xff
#define HEADER_SIZE 12

static uint8_t control_of(uint8_t control, bool fcb)
{
    return (uint8_t)(control | (fcb ? MBUS_CONTROL_FCB : 0));
}

static int send(uint8_t address, bool fcb, uint8_t ci, struct span data, struct writer *out)
{
    return mbus_long_encode(control_of(MBUS_SND_UD, fcb), address, ci, data, out);
}

void mbus_link_reset_encode(uint8_t address, struct writer *out)
{
    mbus_short_encode(MBUS_SND_NKE, address, out);
}

void mbus_data_request_encode(uint8_t address, bool fcb, struct writer *out)
{
    mbus_short_encode(control_of(MBUS_REQ_UD2, fcb), address, out);
}

void mbus_alarm_request_encode(uint8_t address, bool fcb, struct writer *out)
{
    mbus_short_encode(control_of(MBUS_REQ_UD1, fcb), address, out);
}

int mbus_data_send_encode(uint8_t address, bool fcb, struct span records, struct writer *out)
{
    return send(address, fcb, CI_DATA_SEND, records, out);
}

/* Eight bytes in the order of the long header. */
static int secondary_write(const struct mbus_secondary *whom, uint8_t *bytes)
{
    struct wmbus_address address;
    const char *number = whom->number[0] == '\0' ? "FFFFFFFF" : whom->number;
    bool is_any = whom->manufacturer[0] == '\0';

    if (wmbus_address_make(is_any ? "AAA" : whom->manufacturer, number, whom->version, whom->medium, &address) < 0)
        return CODEC_ERR_FORMAT;
    wmbus_address_header_write(&address, bytes);
    if (is_any)
        bytes[4] = bytes[5] = WILDCARD;
    return 0;
}

int mbus_select_encode(const struct mbus_secondary *whom, bool fcb, struct writer *out)
{
    uint8_t bytes[WMBUS_ADDRESS_SIZE];

    if (secondary_write(whom, bytes) < 0)
        return CODEC_ERR_FORMAT;
    return send(MBUS_ADDRESS_SECONDARY, fcb, CI_SELECT, span_of_bytes(bytes, sizeof bytes), out);
}

int mbus_address_set_encode(uint8_t address, bool fcb, uint8_t new_address, struct writer *out)
{
    const uint8_t record[] = { 0x01, 0x7a, new_address };

    if (new_address > MBUS_ADDRESS_LAST)
        return CODEC_ERR_RANGE;
    return mbus_data_send_encode(address, fcb, span_of_bytes(record, sizeof record), out);
}

void mbus_application_reset_encode(uint8_t address, bool fcb, int subcode, struct writer *out)
{
    const uint8_t byte = (uint8_t)subcode;

    (void)send(address, fcb, CI_APPLICATION_RESET, span_of_bytes(&byte, subcode < 0 ? 0 : 1), out);
}

int mbus_baud_set_encode(uint8_t address, bool fcb, unsigned baud, struct writer *out)
{
    static const struct span nothing;
    unsigned step = 0;

    while (step < 8 && 300u << step != baud)
        step++;
    return step < 8 ? send(address, fcb, (uint8_t)(CI_BAUD_FIRST + step), nothing, out) : CODEC_ERR_RANGE;
}

void mbus_global_readout_encode(uint8_t address, bool fcb, struct writer *out)
{
    static const uint8_t record = 0x7f;

    (void)mbus_data_send_encode(address, fcb, span_of_bytes(&record, 1), out);
}

int mbus_clock_set_encode(uint8_t address, bool fcb, const struct item_time *time, struct writer *out)
{
    uint8_t record[2 + 6] = { 0x04, 0x6d };
    struct item_time minute = *time;

    minute.parts = ITEM_TIME_MINUTE;
    int size = mbus_time_encode(&minute, record + 2);
    return size < 0 ? size : mbus_data_send_encode(address, fcb, span_of_bytes(record, 2 + (size_t)size), out);
}

int mbus_response_encode(uint8_t address, uint8_t flags, const struct wmbus_address *meter, uint8_t access_number,
                         uint8_t status, struct span records, struct writer *out)
{
    uint8_t data[MBUS_DATA_LIMIT] = { 0 };

    if (records.size > sizeof data - HEADER_SIZE)
        return CODEC_ERR_TOO_LONG;
    wmbus_address_header_write(meter, data);
    data[8] = access_number;
    data[9] = status;
    if (records.size > 0)
        memcpy(data + HEADER_SIZE, records.bytes, records.size);
    return mbus_long_encode((uint8_t)(MBUS_RSP_UD | flags), address, CI_RESPONSE,
                            span_of_bytes(data, HEADER_SIZE + records.size), out);
}

void mbus_error_response_encode(uint8_t address, uint8_t code, struct writer *out)
{
    (void)mbus_long_encode(MBUS_RSP_UD, address, CI_ERROR, span_of_bytes(&code, 1), out);
}
