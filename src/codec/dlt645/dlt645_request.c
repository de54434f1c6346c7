#include "codec/dlt645/dlt645_request.h"

#include "codec/codec_error.h"
#include "codec/dlt645/dlt645_word.h"

#define PASSWORDS_IDENTIFIER UINT32_C(0x04000c01) /* of level 0 */
#define PASSWORD_LEVEL_MAX 9

static const struct dlt645_content content_empty;

static struct dlt645_content content_of(uint32_t identifier, const struct dlt645_authority *authority)
{
    struct dlt645_content content = content_empty;

    content.identifier = identifier;
    if (authority != NULL) {
        content.password = authority->password;
        content.operator_code = authority->operator_code;
    }
    return content;
}

int dlt645_read_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                               struct writer *out)
{
    struct dlt645_content content = content_of(identifier, NULL);
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_READ : (uint8_t)DLT645_1997_READ;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_load_request_encode(const struct dlt645_address *address, uint32_t identifier, uint8_t count,
                               const struct item_time *from, struct writer *out)
{
    struct dlt645_content content = content_of(identifier, NULL);

    if (count < 1 || count > 99)
        return CODEC_ERR_RANGE;
    content.block_count = count;
    if (from != NULL)
        content.from = *from;
    return dlt645_content_encode(DLT645_2007, address, DLT645_READ, from != NULL ? 2 : 1, &content, out);
}

int dlt645_read_more_request_encode(enum dlt645_version version, const struct dlt645_address *address,
                                    uint32_t identifier, uint8_t sequence, struct writer *out)
{
    struct dlt645_content content = content_of(identifier, NULL);
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_READ_MORE : (uint8_t)DLT645_1997_READ_MORE;

    if (version == DLT645_2007 && sequence == 0)
        return CODEC_ERR_RANGE;
    content.sequence = sequence;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_read_again_request_encode(const struct dlt645_address *address, struct writer *out)
{
    return dlt645_content_encode(DLT645_1997, address, DLT645_1997_READ_AGAIN, 0, &content_empty, out);
}

int dlt645_read_address_request_encode(struct writer *out)
{
    return dlt645_content_encode(DLT645_2007, &dlt645_address_any, DLT645_READ_ADDRESS, 0, &content_empty, out);
}

int dlt645_write_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t identifier,
                                const struct dlt645_authority *authority, struct span values, struct writer *out)
{
    struct dlt645_content content = content_of(identifier, authority);
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_WRITE : (uint8_t)DLT645_1997_WRITE;

    content.values = values;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_write_address_request_encode(enum dlt645_version version, const struct dlt645_address *new_address,
                                        struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.address = *new_address;
    if (version == DLT645_2007)
        return dlt645_content_encode(version, &dlt645_address_any, DLT645_WRITE_ADDRESS, 0, &content, out);
    return dlt645_content_encode(version, &dlt645_address_broadcast, DLT645_1997_WRITE_ADDRESS, 0, &content, out);
}

int dlt645_time_request_encode(const struct dlt645_address *address, const struct item_time *time, struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.time = *time;
    return dlt645_content_encode(DLT645_2007, address, DLT645_TIME, 0, &content, out);
}

int dlt645_freeze_request_encode(const struct dlt645_address *address, const struct dlt645_freeze_time *time,
                                 struct writer *out)
{
    struct dlt645_content content = content_empty;

    content.freeze_time = *time;
    return dlt645_content_encode(DLT645_2007, address, DLT645_FREEZE, 0, &content, out);
}

int dlt645_rate_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint32_t rate,
                               struct writer *out)
{
    struct dlt645_content content = content_empty;
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_RATE : (uint8_t)DLT645_1997_RATE;

    if (dlt645_rate_write(rate, &content.rate_word) < 0)
        return CODEC_ERR_RANGE;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_password_request_encode(enum dlt645_version version, const struct dlt645_address *address, uint8_t level,
                                   const struct dlt645_password *old_password,
                                   const struct dlt645_password *new_password, struct writer *out)
{
    struct dlt645_content content = content_of(PASSWORDS_IDENTIFIER + level, NULL);
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_PASSWORD : (uint8_t)DLT645_1997_PASSWORD;

    if (level > PASSWORD_LEVEL_MAX)
        return CODEC_ERR_RANGE;
    content.old_password = *old_password;
    content.new_password = *new_password;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_clear_demand_request_encode(enum dlt645_version version, const struct dlt645_address *address,
                                       const struct dlt645_authority *authority, struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);
    uint8_t control = version == DLT645_2007 ? (uint8_t)DLT645_CLEAR_DEMAND : (uint8_t)DLT645_1997_CLEAR_DEMAND;
    return dlt645_content_encode(version, address, control, 0, &content, out);
}

int dlt645_clear_meter_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                      struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);
    return dlt645_content_encode(DLT645_2007, address, DLT645_CLEAR_METER, 0, &content, out);
}

int dlt645_clear_events_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                       uint32_t event_class, struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);

    content.event_class = event_class;
    return dlt645_content_encode(DLT645_2007, address, DLT645_CLEAR_EVENTS, 0, &content, out);
}

int dlt645_relay_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                uint8_t command, uint8_t reserved, const struct item_time *valid_until,
                                struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);

    content.relay_command = command;
    content.relay_reserved = reserved;
    content.valid_until = *valid_until;
    return dlt645_content_encode(DLT645_2007, address, DLT645_RELAY, 0, &content, out);
}

int dlt645_relay_sealed_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                       struct span sealed, struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);

    content.values = sealed;
    return dlt645_content_encode(DLT645_2007, address, DLT645_RELAY, 1, &content, out);
}

int dlt645_output_request_encode(const struct dlt645_address *address, const struct dlt645_authority *authority,
                                 uint8_t output, struct writer *out)
{
    struct dlt645_content content = content_of(0, authority);

    content.output = output;
    return dlt645_content_encode(DLT645_2007, address, DLT645_OUTPUT, authority != NULL ? 0 : 1, &content, out);
}

int dlt645_security_request_encode(const struct dlt645_address *address, uint32_t identifier, uint32_t operator_code,
                                   struct span values, struct writer *out)
{
    struct dlt645_content content = content_of(identifier, NULL);

    content.operator_code = operator_code;
    content.values = values;
    return dlt645_content_encode(DLT645_2007, address, DLT645_SECURITY, 0, &content, out);
}
